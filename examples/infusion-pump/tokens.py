# SPDX-License-Identifier: Apache-2.0
"""Tokens of the people who decide and release: SoftHSM plays them, so each is a folder. A key is made inside; only its public half is read."""
import hashlib
import os
import re
import secrets
import shutil
import subprocess

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
           "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so")
LABEL = "decides"
PIN_BYTES = 8


class TokenError(Exception):
    pass


def module():
    found = next((path for path in MODULES if os.path.exists(path)), None)
    if found is None or shutil.which("softhsm2-util") is None or shutil.which("pkcs11-tool") is None:
        raise TokenError("SoftHSM and OpenSC aren't installed: scripts/setup demo")
    return found


class Tokens:
    """folder/tokens: what SoftHSM keeps, and of each person NAME.pin, NAME.spki, NAME.serial."""

    def __init__(self, folder):
        self.folder = os.path.join(os.path.abspath(folder), "tokens")
        self.env = {**os.environ, "SOFTHSM2_CONF": os.path.join(self.folder, "softhsm2.conf")}

    def path(self, name, what):
        return os.path.join(self.folder, f"{name}.{what}")

    def begin(self):
        os.makedirs(os.path.join(self.folder, "store"), mode=0o700)
        with open(self.env["SOFTHSM2_CONF"], "w", encoding="ascii") as f:
            f.write(f"directories.tokendir = {self.folder}/store\nobjectstore.backend = file\nlog.level = ERROR\n")

    def run(self, *words):
        done = subprocess.run(words, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            raise TokenError(f"{words[0]}: exit {done.returncode}\n{done.stdout.decode('utf-8', 'replace')}")
        return done.stdout.decode("utf-8")

    def keep(self, name, what, text):
        with open(os.open(self.path(name, what), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as f:
            f.write(text + "\n")

    def read(self, name, what):
        with open(self.path(name, what), encoding="ascii") as f:
            return f.read().strip()

    def make(self, name):
        """One person's token, with a key that is made in it."""
        pin, so_pin = secrets.token_hex(PIN_BYTES), secrets.token_hex(PIN_BYTES)
        self.run("softhsm2-util", "--init-token", "--free", "--label", name, "--pin", pin, "--so-pin", so_pin)
        at = ["pkcs11-tool", "--module", module(), "--token-label", name]
        self.run(*at, "--login", "--pin", pin, "--keypairgen", "--key-type", "EC:prime256v1", "--label", LABEL, "--id", "01", "--usage-sign")
        self.run(*at, "--read-object", "--type", "pubkey", "--label", LABEL, "--output-file", self.path(name, "der"))
        with open(self.path(name, "der"), "rb") as f:
            self.keep(name, "spki", hashlib.sha256(f.read()).hexdigest())
        self.keep(name, "serial", re.search(r"Serial number:\s+(\S+)\n(?:.*\n)*?\s+Label:\s+" + name + r"\s", self.slots(name)).group(1))
        self.keep(name, "pin", pin)

    def make_file(self, name):
        """A private key that lies in a file, for a gap; thrown away with its folder, as it opens nothing."""
        self.run("openssl", "genpkey", "-algorithm", "ed25519", "-out", self.path(name, "pem"))

    def slots(self, name):
        """What softhsm2-util says of the slot that holds this token."""
        return next(s for s in self.run("softhsm2-util", "--show-slots").split("Slot ") if re.search(rf"Label:\s+{name}\s", s))

    def signing(self, name):
        """Options of an assay that signs with this token."""
        return ["--sign", f"pkcs11:token={name};object={LABEL}", "--module", module(), "--pin-file", self.path(name, "pin")]
