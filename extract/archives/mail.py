"""Open an e-mail (.eml): its text as a document, its attachments as files of their own.

The headers are decoded here and not by the library's newer policies, which raise errors of many kinds for what
strangers write into them; Chinese mail programs also write GBK without saying so.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import CloseBoundaryNotFoundDefect, HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value

from extract.archives.archive import Contents, Member, Opener, too_much
from extract.document import CUT_OFF, Bilingual, Document, ReadError
from extract.encoding import decode
from extract.limits import MAX_FILE_BYTES
from extract.text.read import read_text
from extract.web.html import read_html

MAX_MAIL_BYTES = MAX_FILE_BYTES
"""An e-mail with all its attachments, which are a third larger in it than they are."""

MAX_PARTS = 1_000
"""The parts of an e-mail. One with fifty attachments has sixty; parsing takes 50 µs for each."""

MAX_NESTING = 50
"""How many parts may hold others. Each level costs the library a handful of nested calls."""

_BOUNDARY_LINE = re.compile(rb"^--[^\r\n]{1,70}", re.MULTILINE)
_NESTING = re.compile(rb"\bboundary\*?(?:0\*?)?\s*=", re.IGNORECASE)
_MAILS = "message/rfc822"

# What the library lets escape when the bytes under it are nonsense.
_BROKEN = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
    HeaderParseError,
    AssertionError,
)


class Mail:
    """An e-mail: ``members`` are its attachments, ``document`` its own text."""

    notes: tuple[Bilingual, ...] = ()

    def __init__(self, data: bytes) -> None:
        """Take the e-mail apart. Raises ReadError."""
        _require_few_parts(data)
        contents = Contents(len(data))
        self._attached: list[bytes] = []
        self._bodies: dict[str, bytes] = {}
        try:
            message = message_from_bytes(data)
            for part in _parts(message):
                self._add(part, contents)
            if any(
                isinstance(it, CloseBoundaryNotFoundDefect) for part in message.walk() for it in part.defects
            ):
                self.notes = (CUT_OFF,)
        except _BROKEN as err:
            raise _broken() from err
        self.members = contents.members

    def read(self, member: Member) -> bytes:
        """The bytes of an attachment."""
        return self._attached[member.key]

    def document(self, source: str) -> Document:
        """The e-mail's own text: the form with tables where there is one, else the plain one."""
        page, plain = self._bodies.get("html", b""), self._bodies.get("plain", b"")
        try:
            if page and (b"<table" in page.lower() or not plain.strip()):
                return read_html(page, source)
            return read_text(plain, source) if plain.strip() else Document(source, ())
        except ReadError:
            # a covering note that cannot be read must not cost the attachments
            return Document(source, (), notes=(_UNREADABLE_TEXT,))

    def _add(self, part: Message, contents: Contents) -> None:
        kind, name = part.get_content_type(), _file_name(part)
        content = part.get_content_disposition() or ""
        if kind == _MAILS or (not name and content != "attachment" and kind.startswith("text/")):
            if kind != _MAILS:
                self._bodies.setdefault(kind.removeprefix("text/"), _body(part))
                return
            name, data = name or "mail.eml", _forwarded(part)
        elif _is_decoration(part, kind, content):
            return
        else:
            name, data = name or _unnamed(kind), _payload(part)
        contents.add(name, len(data), len(self._attached))
        self._attached.append(data)


def open_mail(open_file: Opener, name: str) -> Mail:
    """Open an e-mail. Raises ReadError."""
    with open_file() as file:
        data = file.read(MAX_MAIL_BYTES + 1)
    if len(data) > MAX_MAIL_BYTES:
        raise too_much()
    return Mail(data)


def read_mail(data: bytes, source: str) -> Document:
    """The text of an e-mail, without its attachments. Raises ReadError."""
    return Mail(data).document(source)


_UNREADABLE_TEXT = Bilingual(
    "邮件正文无法读取，附件不受影响。",
    "The e-mail's text could not be read; its attachments are not affected.",
)


def _require_few_parts(data: bytes) -> None:
    """Refuse before parsing: each part becomes objects of its own."""
    if len(_NESTING.findall(data)) > MAX_NESTING or sum(1 for _ in _BOUNDARY_LINE.finditer(data)) > MAX_PARTS:
        raise ReadError(
            "邮件的附件或层次过多，超出读取上限；请另存附件后读取文件夹。",
            "The e-mail has more parts or levels than are read; save its attachments and read the folder.",
        )


def _parts(message: Message) -> Iterator[Message]:
    """The parts in order; what an attached e-mail holds belongs to that one."""
    payload = message.get_payload()
    if message.is_multipart() and message.get_content_type() != _MAILS and isinstance(payload, list):
        for part in payload:
            if isinstance(part, Message):
                yield from _parts(part)
    else:
        yield message


def _file_name(part: Message) -> str:
    """The name of an attachment, as any mail program writes it; blank where there is none."""
    for name, raw in list(part.raw_items()):
        if name.lower() in ("content-disposition", "content-type") and not str(raw).isascii():
            # bytes whose encoding nobody noted, which the library would show as question marks
            part.replace_header(name, _repaired(str(raw)))
    for name, header in (("filename", "content-disposition"), ("name", "content-type")):
        value = part.get_param(name, header=header)
        if isinstance(value, tuple):  # RFC 2231, with its charset
            return _repaired(collapse_rfc2231_value(value, errors="surrogateescape"))
        if value:
            return _decoded(str(value))
    return ""


def _decoded(value: str) -> str:
    """A header with its encoded words (RFC 2047), or with bytes whose encoding nobody noted.

    >>> _decoded("=?gb2312?B?19TGwLHt?=.docx")
    '自评表.docx'
    """
    if "=?" not in value:
        return _repaired(value)
    # words that were folded over lines are one; RFC 2047 says so, and the library would keep the blank
    joined = re.sub(r"\?=\s+=\?", "?==?", value.strip().strip('"'))
    words = []
    for word, charset in decode_header(joined):
        if isinstance(word, bytes):
            words.append(_in_charset(word, charset))
        else:
            words.append(_repaired(word))
    return "".join(words)


def _in_charset(word: bytes, charset: str | None) -> str:
    name = (charset or "ascii").lower()
    codec = "gb18030" if name in ("gb2312", "gbk", "gb18030", "x-gbk", "hz-gb-2312") else name
    try:
        return word.decode(codec)
    except (LookupError, UnicodeDecodeError):
        return _told(word)


def _repaired(text: str) -> str:
    """Bytes above ASCII that the library kept as surrogates, read as what they are."""
    return text if text.isascii() else _told(text.encode("utf-8", "surrogateescape"))


def _told(raw: bytes) -> str:
    try:
        return decode(raw)
    except ReadError:
        return raw.decode("utf-8", "replace")


def _is_decoration(part: Message, kind: str, disposition: str) -> bool:
    """Whether it is a picture of the text's own: a logo, a signature; or a signature of the other kind."""
    if kind.startswith("image/"):
        return disposition != "attachment" and "content-id" in part
    return kind in (
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
    )


def _unnamed(kind: str) -> str:
    return "attachment." + re.sub(r"[^a-z0-9]+", "-", kind.partition("/")[2])[:30]


def _payload(part: Message) -> bytes:
    """The bytes of a part; damaged packing is unpacked as far as it goes."""
    text = part.get_payload()
    if not isinstance(text, str):
        return b""
    raw = text.encode("utf-8", "surrogateescape")
    match str(part.get("content-transfer-encoding", "")).strip().lower():
        case "base64":
            return _from_base64(raw)
        case "quoted-printable":
            return quopri.decodestring(raw)
        case _:
            return raw


def _from_base64(raw: bytes) -> bytes:
    packed = re.sub(rb"[^A-Za-z0-9+/=]", b"", raw)
    try:
        return binascii.a2b_base64(packed + b"==")
    except binascii.Error:
        return binascii.a2b_base64(packed[: len(packed) // 4 * 4 - 4] or b"")


def _body(part: Message) -> bytes:
    """A text part in UTF-8 where it says its charset, else as it is."""
    data = _payload(part)
    charset = part.get_content_charset()
    if not charset or charset in ("us-ascii", "utf-8"):
        return data
    text = _in_charset(data, charset)
    return b"\xef\xbb\xbf" + text.encode("utf-8", "replace")


def _forwarded(part: Message) -> bytes:
    """An attached e-mail, written out again."""
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else payload
    if isinstance(inner, Message):
        return inner.as_bytes()
    return str(inner).encode("utf-8", "surrogateescape")


def _broken() -> ReadError:
    return ReadError(
        "邮件已损坏或不完整，无法读取；请在邮件程序中另存附件后再试。",
        "The e-mail is damaged or truncated; save its attachments with a mail program and read those.",
    )
