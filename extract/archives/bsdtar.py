"""Open .rar and .7z archives where the system has ``bsdtar``: it hands them over as one stream of tar.

Windows and macOS bring that program along as ``tar``; on Linux it is the package ``libarchive-tools``. It
writes to a pipe only, and is stopped when it takes too long or unpacks too much.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from functools import lru_cache
from pathlib import Path
from threading import Timer
from typing import BinaryIO, cast

from extract.archives.archive import Opener, Store, broken_archive
from extract.archives.tar import TarArchive
from extract.document import ReadError

MAX_SECONDS = 60
"""How long the program may take."""

_CHUNK = 1 << 20
_MOST_SAID = 4_000


def open_by_bsdtar(open_file: Opener, name: str) -> TarArchive:
    """Open an archive of any kind that bsdtar knows. Raises ReadError, also where there is no bsdtar."""
    program = find_bsdtar()
    if not program:
        raise ReadError(
            "读取这种压缩包需要系统装有 bsdtar（Linux 上的软件包 libarchive-tools）；请安装它，或先解压，"
            "再读取其中的文件。",
            "Such an archive is read by bsdtar (on Linux, the package libarchive-tools), which this system lacks; "
            "install it, or unpack the archive and read the files in it.",
        )
    with open_file() as file, tempfile.TemporaryDirectory(prefix="zipingbiao-") as folder:
        size = file.seek(0, 2)
        file.seek(0)
        # 7z keeps its directory at the end, so that a pipe will not do
        path = Path(folder, "archive")
        with path.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        store = _as_tar(program, path, size)
    return TarArchive(lambda: nullcontext(store.file), size)


def _as_tar(program: str, path: Path, size: int) -> Store:
    store = Store(size)
    command = [program, "-c", "-f", "-", "--format", "pax", f"@{path}"]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, env=_environment()
        )
        clock = Timer(MAX_SECONDS, process.kill)
        clock.start()
        try:
            with cast(BinaryIO, process.stdout) as stream:
                while chunk := stream.read(_CHUNK):
                    store.write(chunk)
            failed = process.wait() != 0
        finally:
            clock.cancel()
            process.kill()
            process.wait()
        said.seek(0)
        words = said.read(_MOST_SAID).lower()
    if b"passphrase" in words or b"encrypt" in words:
        raise ReadError(
            "压缩包有密码，无法读取；请用密码解压后再试。",
            "The archive has a password; unpack it with the password and read the files in it.",
        )
    if failed:
        raise broken_archive()
    return store


def _environment() -> dict[str, str]:
    """Names of members come out as UTF-8, whatever the user's language."""
    return {**os.environ, "LC_ALL": "C.UTF-8" if sys.platform != "darwin" else "en_US.UTF-8"}


@lru_cache(maxsize=1)
def find_bsdtar() -> str:
    """The program's path, blank where there is none: other programs named ``tar`` do not read .rar."""
    for name in ("bsdtar", "tar"):
        path = shutil.which(name)
        if path:
            told = subprocess.run([path, "--version"], capture_output=True, check=False, timeout=10)
            if b"bsdtar" in told.stdout:
                return path
    return ""
