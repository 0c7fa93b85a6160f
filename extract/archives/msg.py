"""Open an e-mail that Outlook saved (.msg): its text as a document, its attachments as files of their own.

It is a compound file in which each property is a stream that is named by its number, as [MS-OXMSG] has it.
"""

from __future__ import annotations

from extract.archives.archive import Contents, Member, Opener, too_much
from extract.document import Bilingual, Document, ReadError
from extract.limits import MAX_FILE_BYTES
from extract.text.read import read_text
from extract.web.html import read_html
from extract.word.compound import Compound

_ATTACHMENT = "__attach_version1.0_#"
_TEXT, _PAGE = "1000", "1013"
_LONG_NAME, _SHORT_NAME, _SHOWN_NAME, _DATA = "3707", "3704", "3001", "3701"
_STORAGE = "__substg1.0_3701000D"
_WIDE, _NARROW, _BINARY = "001F", "001E", "0102"

_EMBEDDED = ReadError(
    "这个附件是嵌入的另一封邮件或对象，无法读取；请在 Outlook 中另存后再试。",
    "This attachment is another e-mail or an object inside the e-mail; save it with Outlook and read it then.",
)


class OutlookMail:
    """An e-mail of Outlook: ``members`` are its attachments, ``document`` its own text."""

    notes: tuple[Bilingual, ...] = ()

    def __init__(self, data: bytes) -> None:
        """Find the attachments. Raises ReadError."""
        self._file = Compound(data)
        contents = Contents(len(data))
        self._streams: list[str] = []
        folders = sorted(
            name for name in self._file.storages if name.startswith(_ATTACHMENT) and "/" not in name
        )
        for folder in folders:
            stream = f"{folder}/__substg1.0_{_DATA}{_BINARY}"
            is_embedded = f"{folder}/{_STORAGE}" in self._file.storages
            if stream not in self._file and not is_embedded:
                continue
            size = 0 if is_embedded else self._file.streams[stream][1]
            name = self._name(folder + "/") or "attachment"
            contents.add(name, size, len(self._streams), _EMBEDDED if is_embedded else None)
            self._streams.append(stream)
        self.members = contents.members

    def read(self, member: Member) -> bytes:
        """The bytes of an attachment. Raises ReadError."""
        return self._file.stream(self._streams[member.key])

    def document(self, source: str) -> Document:
        """The e-mail's own text."""
        page = f"__substg1.0_{_PAGE}{_BINARY}"
        try:
            if page in self._file and b"<table" in (data := self._file.stream(page)).lower():
                return read_html(data, source)
            text = self._text("", _TEXT)
            return read_text(text.encode(), source) if text.strip() else Document(source, ())
        except ReadError:
            return Document(source, ())

    def _name(self, folder: str) -> str:
        names = (self._text(folder, number) for number in (_LONG_NAME, _SHORT_NAME, _SHOWN_NAME))
        return next(filter(None, names), "")

    def _text(self, folder: str, number: str) -> str:
        for kind, codec in ((_WIDE, "utf-16-le"), (_NARROW, "gb18030")):
            path = f"{folder}__substg1.0_{number}{kind}"
            if path in self._file:
                return self._file.stream(path).decode(codec, "replace").rstrip("\0")
        return ""


def open_msg(open_file: Opener, name: str) -> OutlookMail:
    """Open an e-mail of Outlook. Raises ReadError."""
    with open_file() as file:
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise too_much()
    return OutlookMail(data)


def read_msg(data: bytes, source: str) -> Document:
    """The text of an e-mail of Outlook, without its attachments. Raises ReadError."""
    return OutlookMail(data).document(source)
