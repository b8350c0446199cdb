# SPDX-License-Identifier: Apache-2.0
"""What analysers said is kept from one case to the next: they take seconds, and say the same again."""
import os
import shutil
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
# As XDG_CACHE_HOME.
CACHE = os.path.join(os.path.abspath(os.environ.get("BUILD", os.path.join(ROOT, "build"))), "engine-cache")


def share(configuration):
    """The key without which a cache is nobody's, the same for all cases, in a folder that becomes XDG_CONFIG_HOME."""
    key = os.path.join(CACHE, "cache.key")
    os.makedirs(CACHE, mode=0o700, exist_ok=True)
    if not os.path.exists(key):
        handle, fresh = tempfile.mkstemp(dir=CACHE)
        with os.fdopen(handle, "wb") as f:
            f.write(os.urandom(32))
        try:
            os.link(fresh, key)
        except FileExistsError:
            pass
        os.unlink(fresh)
    folder = os.path.join(configuration, "assay")
    os.makedirs(folder, mode=0o700)
    shutil.copyfile(key, os.path.join(folder, "cache.key"))
    os.chmod(os.path.join(folder, "cache.key"), 0o600)
