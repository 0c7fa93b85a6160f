"""A digest of all that decides how a file is read, but for the file itself: the settings of a run, and the product.

What an earlier run kept holds only as long as it is the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from contextlib import suppress
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from zipingbiao.pipeline import Settings
from zipingbiao.policy import policy_names

PACKAGES = ("extract", "normalize", "zipingbiao")
#: what the interpreter makes of the modules
_COMPILED = "__pycache__"


def fingerprint(settings: Settings) -> bytes:
    """The digest for these settings as they now stand.

    Passwords are left out: they decide whether a file can be read, and one that could not is read again anyway.
    So nothing can be learnt of them where the digest is kept.
    """
    policy = settings.policy
    content = b"" if policy is None or policy in policy_names() else Path(policy).read_bytes()
    asked = (
        policy,
        settings.select,
        settings.ignore,
        settings.lang,
        settings.aliases,
        settings.ocr,
    )
    return hashlib.sha256(b"\0".join((_product(), json.dumps(asked).encode(), content))).digest()


def _product() -> bytes:
    """The digest of all that reads a file: the product, the libraries, and the interpreter."""
    digest = hashlib.sha256(sys.version.encode() + product_digest())
    for library in _libraries():
        digest.update(library.encode())
    return digest.digest()


@lru_cache(maxsize=1)
def product_digest() -> bytes:
    """The digest of the product: its modules and data."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        root = str(files(package))
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(set(folders) - {_COMPILED})
            for name in sorted(names):
                path = os.path.join(folder, name)
                digest.update(os.path.relpath(path, root).replace(os.sep, "/").encode())
                with open(path, "rb") as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.digest()


def _libraries() -> list[str]:
    """All libraries that are there, with their versions: ``lxml-5.2.1.dist-info``."""
    found: set[str] = set()
    for folder in filter(os.path.isdir, sys.path):
        with suppress(OSError):  # one that may not be listed is not searched for modules either
            found |= {name for name in os.listdir(folder) if name.endswith(".dist-info")}
    return sorted(found)
