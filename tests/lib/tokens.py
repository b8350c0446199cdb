# SPDX-License-Identifier: Apache-2.0
"""Throwaway tokens of SoftHSM, each with the keys of one person, and assay run against them."""
import os
import shutil
import subprocess

SOFTHSM = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
           "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"]
SO_PIN = "00000000"


def softhsm():
    """Path of the module, or None where it or its tools aren't installed."""
    if shutil.which("softhsm2-util") is None or shutil.which("pkcs11-tool") is None:
        return None
    return next((p for p in SOFTHSM if os.path.exists(p)), None)


class Tokens:
    """Tokens in a folder of their own."""

    def __init__(self, folder, build, tools):
        self.folder, self.module = folder, softhsm()
        self.program = os.path.abspath(os.path.join(build, "assay"))
        self.spy = os.path.abspath(os.path.join(tools, "tests", "tools", "pkcs11spy.so"))
        os.makedirs(os.path.join(folder, "tokens"))
        config = os.path.join(folder, "softhsm2.conf")
        with open(config, "w", encoding="utf-8") as f:
            f.write(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
        self.env = {"PATH": "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8", "SOFTHSM2_CONF": config,
                    "XDG_STATE_HOME": os.path.join(folder, "state"), "XDG_CONFIG_HOME": os.path.join(folder, "config"),
                    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]

    def tool(self, *words):
        return subprocess.run(words, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True).stdout

    def token(self, label, pin):
        self.tool("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", SO_PIN)
        return self.pin_file(label, pin)

    def pin_file(self, name, text, mode=0o600):
        path = os.path.join(self.folder, f"{name}.pin")
        with open(path, "w", encoding="utf-8") as f:
            f.write(text + "\n")
        os.chmod(path, mode)
        return path

    def key(self, label, pin, key_type, name, key_id, *more):
        self.tool("pkcs11-tool", "--module", self.module, "--token-label", label, "--login", "--pin", pin, "--keypairgen",
                  "--key-type", key_type, "--label", name, "--id", key_id, *more)

    def assay(self, *words, cwd=None, **more):
        """(exit status, standard output, standard error); keywords in capitals are added to the environment."""
        env = dict(self.env, **more)
        run = subprocess.run([self.program, *words], env=env, cwd=cwd or self.folder, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120, start_new_session=True)
        return run.returncode, run.stdout, run.stderr
