"""Read what only an office program can read, where LibreOffice is installed: it saves the file as .docx.

The program runs with a profile of its own that is thrown away, without macros and without following links, and
is ended with all that it started when it takes too long or when this process is told to end. It is only asked for
formats that have no reader here, never to repair a damaged file.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from extract.document import Document, ReadError
from extract.limits import MAX_FILE_BYTES
from extract.word.docx import read_docx

MAX_SECONDS = 60
"""How long the program may take. A document takes two seconds, the first one of a day five."""

_PROGRAMS = ("soffice", "libreoffice")
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
)
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
</item>
</oor:items>
"""


def read_by_office(data: bytes, source: str) -> Document:
    """Read a file of any format that LibreOffice knows. Raises ReadError, also where it is not installed."""
    program = find_office()
    if not program:
        raise ReadError(
            "读取这种旧格式需要装有 LibreOffice；请安装它，或用办公软件另存为 .docx 后再试。",
            "Such an old format is read by LibreOffice, which is not installed; install it, or save the file "
            "as .docx with an office program.",
        )
    with tempfile.TemporaryDirectory(prefix="zipingbiao-", ignore_cleanup_errors=True) as folder:
        return read_docx(_converted(program, data, Path(folder)), source)


def find_office() -> str:
    """The program's path, blank where there is none."""
    found = (shutil.which(name) for name in _PROGRAMS)
    return next((path for path in found if path), next(filter(os.path.exists, _PLACES), ""))


def _converted(program: str, data: bytes, folder: Path) -> bytes:
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS, encoding="utf-8")
    # the program tells the format from the content
    given = folder / "form"
    given.write_bytes(data)
    command = [
        program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
        "--nologo", "--nodefault", "--nolockcheck", "--convert-to", "docx", "--outdir", str(folder), str(given),
    ]  # fmt: skip
    _run(command, folder)
    written = folder / "form.docx"
    if not written.is_file() or written.stat().st_size > MAX_FILE_BYTES:
        raise ReadError(
            "LibreOffice 未能转换这个文件，可能已损坏；请用办公软件打开修复并另存为 .docx。",
            "LibreOffice could not convert the file, which may be damaged; open it with an office program and "
            "save it as .docx.",
        )
    return written.read_bytes()


def _run(command: list[str], folder: Path) -> None:
    """Run the program in a group of its own, so that all its processes can be ended together."""
    with _ending_when_told():
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            start_new_session=True,
            env={**os.environ, "HOME": str(folder)},
        )
        try:
            process.wait(MAX_SECONDS)
        except subprocess.TimeoutExpired as err:
            raise ReadError(
                f"LibreOffice 转换超过 {MAX_SECONDS} 秒，已中止；请用办公软件另存为 .docx 后再试。",
                f"LibreOffice took more than {MAX_SECONDS} seconds and was stopped; save the file as .docx with "
                "an office program.",
            ) from err
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program and what it started, some of which outlives it."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return  # nothing of it is left
        finally:
            process.wait()


@contextmanager
def _ending_when_told() -> Iterator[None]:
    """Let a signal to end go through the ``finally`` above: a worker that is stopped leaves nothing running."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
