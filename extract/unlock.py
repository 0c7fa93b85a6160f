"""Files with a password: read with one of the passwords that the user has offered, or refused by name.

Passwords are offered around the reading (`offering`), since a locked file may lie anywhere: in a folder, in an
archive, attached to an e-mail. None is ever written down.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from extract.document import Bilingual, Document, ReadError
from extract.limits import MAX_FILE_BYTES
from extract.word.compound import SIGNATURE as OLE

_offered: ContextVar[tuple[str, ...]] = ContextVar("passwords", default=())

# What msoffcrypto-tool lets escape when the bytes under it are nonsense.
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, OSError, EOFError, struct.error, OverflowError)


@contextmanager
def offering(passwords: Iterable[str]) -> Iterator[None]:
    """Try these passwords on every locked file that is read within."""
    before = _offered.set(tuple(passwords))
    try:
        yield
    finally:
        _offered.reset(before)


def offered() -> tuple[str, ...]:
    """The passwords to try."""
    return _offered.get()


def advice() -> Bilingual:
    """What to do about a locked file."""
    if offered():
        return Bilingual(
            "--password 给出的密码都打不开它；请核对密码，或取消密码并另存后再试",
            "no password given with --password opens it; check them, or save it again without one",
        )
    return Bilingual(
        "请用 --password 给出密码，或取消密码并另存后再试",
        "give the password with --password, or save it again without one",
    )


def locked(zh: str, en: str) -> ReadError:
    """The error for a file with a password: ``zh`` and ``en`` name what it is, as in "The workbook"."""
    to_do = advice()
    return ReadError(
        f"{zh}设有打开密码，无法读取；{to_do.zh}。", f"{en} is locked by a password; {to_do.en}."
    )


def refuse_locked(data: bytes, source: str) -> Document:
    """The reader of containers that show nothing but their lock. Raises `ReadError`."""
    raise locked("文件", "The file")


def unlocked(data: bytes) -> bytes:
    """A file's content without its lock, where one of the passwords offered fits; otherwise as it is.

    Word and Excel files of all ages, and PDF. Raises `ReadError` where the library for it is not installed.
    """
    if not offered():
        return data
    if data.startswith(OLE):
        return _unlocked_office(data)
    if b"/Encrypt" in data and b"%PDF-" in data[:1024]:
        return _unlocked_pdf(data)
    return data


def _unlocked_office(data: bytes) -> bytes:
    try:
        from msoffcrypto import OfficeFile, exceptions
    except ImportError as err:
        raise ReadError(
            '打开有密码的 Office 文件需要另装组件：pip install "zipingbiao[password]"。',
            'Office files with a password need one more package: pip install "zipingbiao[password]".',
        ) from err
    wrong = (exceptions.DecryptionError, exceptions.FileFormatError, exceptions.ParseError, *_BROKEN)
    for password in offered():
        plain = io.BytesIO()
        try:
            office = OfficeFile(io.BytesIO(data))
            if not office.is_encrypted():
                return data
            office.load_key(password=password)
            office.decrypt(plain)
        except wrong:
            continue
        if 0 < plain.tell() <= MAX_FILE_BYTES:
            return plain.getvalue()
    return data


def _unlocked_pdf(data: bytes) -> bytes:
    import pypdfium2
    from pypdfium2 import raw

    for password in offered():
        plain = io.BytesIO()
        try:
            document = pypdfium2.PdfDocument(data, password=password)
        except pypdfium2.PdfiumError:
            continue
        try:
            document.save(plain, flags=raw.FPDF_REMOVE_SECURITY)
        except pypdfium2.PdfiumError:
            continue
        finally:
            document.close()
        return plain.getvalue()
    return data
