"""Files that are named by an address, such as ``s3://forms/2023/a.docx``: list, open, load and send them.

Whatever fsspec knows can be named. Only addresses that a user has typed, and what is listed under them, ever come
here: what stands in a file is never followed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from io import BufferedReader
from pathlib import Path
from typing import Any, NamedTuple, cast

from extract.document import ReadError
from extract.refusals import is_folder, of_store

#: at least two letters in front: ``c://`` is a drive of Windows
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
#: of a web server, what else lies beside a page is not part of it
_WEB = ("http", "https")
#: the extras that bring along what fsspec needs for an address
_EXTRAS = {"s3": "s3", "s3a": "s3", "oss": "oss", "hdfs": "hdfs", "http": "http", "https": "http"}


class State(NamedTuple):
    """A remote file: its size in bytes, and a text that changes with its content, blank where nothing tells."""

    size: int
    mark: str


#: what is known of files, so that a store is asked once
_STATES: dict[str, State] = {}


def is_remote(path: str) -> bool:
    """Whether a path is an address.

    >>> is_remote("s3://forms/a.docx"), is_remote("forms/a.docx"), is_remote("C:/forms/a.docx")
    (True, False, False)
    """
    return _ADDRESS.match(path) is not None


def files_under(address: str) -> Iterator[str]:
    """The files under an address in order of their names, or the one file that it names. Raises `ReadError`."""
    with _sentences(address):
        system, path = _open_system(address)
        # what was listed before may have changed since
        system.invalidate_cache()
        if _protocol(address) in _WEB or not system.isdir(path):
            _STATES.pop(address, None)
            state_of(address)
            yield address
            return
        folder = path.rstrip("/")
        for name, about in sorted(system.find(path, detail=True).items()):
            file = f"{address.rstrip('/')}/{name[len(folder) :].lstrip('/')}"
            _STATES[file] = _state(about)
            yield file


def state_of(address: str) -> State:
    """The state of a file, as it was when it was listed or first asked for. Raises `ReadError`."""
    known = _STATES.get(address)
    if known is not None:
        return known
    with _sentences(address):
        system, path = _open_system(address)
        about = system.info(path)
        if about.get("type") == "directory":
            raise is_folder()
        return _STATES.setdefault(address, _state(about))


def load_remote(address: str, most: int) -> bytes:
    """The bytes of a file, up to so many. Raises `ReadError`."""
    is_known = 0 < state_of(address).size <= most
    with _sentences(address):
        system, path = _open_system(address)
        if is_known:
            # with an end, s3fs does not ask for the size again
            return cast(bytes, system.cat_file(path, start=0, end=most))
        # empty, or a web server has not said how long it is
        with system.open(path, "rb") as file:
            return cast(bytes, file.read(most))


def open_remote(address: str) -> BufferedReader:
    """Open a file to read parts of it, as from an archive. Raises `ReadError`."""
    with _sentences(address):
        system, path = _open_system(address)
        return cast(BufferedReader, system.open(path, "rb"))


def require_reachable(address: str) -> None:
    """Raise `ReadError` where nothing here can read or write such an address, whatever stands there."""
    with _sentences(address):
        _open_system(address)


def send(file: Path, address: str) -> None:
    """Copy a file of this machine to an address. Raises `ReadError`."""
    with _sentences(address, writes=True):
        system, path = _open_system(address)
        system.put_file(str(file), path)


def remove_others(address: str, kept: Collection[str]) -> None:
    """Remove the files under an address, but for those that are ``kept``. Raises `ReadError`."""
    others = [file for file in files_under(address) if file not in kept]
    with _sentences(address, writes=True):
        for file in others:
            system, path = _open_system(file)
            system.rm_file(path)
            _STATES.pop(file, None)


def forget_remote() -> None:
    """Forget the state of files: from now on they may have changed."""
    _STATES.clear()


def _open_system(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it."""
    if find_spec("fsspec") is None:
        raise _needs(_EXTRAS.get(_protocol(address), "s3"))
    from fsspec.core import url_to_fs

    try:
        system, path = url_to_fs(address)
    except (ImportError, ValueError) as err:
        raise _needs(_EXTRAS.get(_protocol(address), "")) from err
    return system, path


def _protocol(address: str) -> str:
    return address.partition("://")[0].lower()


def _state(about: dict[str, Any]) -> State:
    """A digest of the content, where the store keeps one, else the time of its last change."""
    size = about.get("size") or 0
    for name in ("ETag", "etag", "LastModified", "last_modified", "mtime", "created"):
        if about.get(name):
            return State(size, f"{size} {about[name]}")
    return State(size, "")


@contextmanager
def _sentences(address: str, writes: bool = False) -> Iterator[None]:
    """Whatever a store refuses, as `ReadError`."""
    try:
        yield
    except (ReadError, MemoryError):
        raise
    # fsspec opens any store that a user names, and each has errors of its own, many of no kind but this one. Within
    # stand only calls of the store, so that no mistake of ours goes by its name
    except Exception as err:
        raise of_store(err, _protocol(address), writes) from err


def _needs(extra: str) -> ReadError:
    if not extra:
        return ReadError(
            "读写这种地址所需的组件没有安装，或地址的类型未知；请检查地址。",
            "What such an address needs is not installed, or nobody knows its kind; check the address.",
        )
    return ReadError(
        f'读写这种地址需要另装组件：pip install "zipingbiao[{extra}]"。',
        f'Such an address needs one more package: pip install "zipingbiao[{extra}]".',
    )
