"""Certificates of the test platform, made by openssl: an authority of its own, a certificate for localhost, and one
whose name is another's. Keys are elliptic, so that making all of them takes a tenth of a second."""

import pathlib
import subprocess

OPENSSL = "/usr/bin/openssl"


class Certificates:
    """Paths in a folder: `authority` is what a client trusts, `right` and `wrong` are (certificate, key)."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.authority = self.folder / "ca.pem"
        self.right = (self.folder / "right.pem", self.folder / "right.key")
        self.wrong = (self.folder / "wrong.pem", self.folder / "wrong.key")

    def make(self):
        """Makes what is missing; the folder may be used again."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.wrong[0].exists():
            return self
        authority_key = self.folder / "ca.key"
        run("req", "-x509", *NEW_KEY, "-keyout", authority_key, "-out", self.authority, "-days", "3650",
            "-subj", "/CN=Recruitment test authority", "-addext", "basicConstraints=critical,CA:TRUE",
            "-addext", "keyUsage=critical,keyCertSign")
        self.sign(self.right, "DNS:localhost,IP:127.0.0.1")
        self.sign(self.wrong, "DNS:elsewhere.example")
        return self

    def sign(self, pair, names):
        run("req", "-x509", *NEW_KEY, "-keyout", pair[1], "-out", pair[0], "-days", "3650", "-subj", "/CN=platform",
            "-CA", self.authority, "-CAkey", self.folder / "ca.key", "-addext", f"subjectAltName={names}",
            "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "extendedKeyUsage=serverAuth")


NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def run(*arguments):
    done = subprocess.run([OPENSSL, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {arguments[0]}: {done.stderr}")
