"""What can be seen of a file's bytes without reading the file: the looks that tell formats apart."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from functools import cached_property
from itertools import islice

from extract.document import ReadError
from extract.encoding import decode
from extract.word.compound import SIGNATURE as OLE
from extract.word.compound import Compound

HEAD_BYTES = 64 * 1024
"""As much of a file as tells text from other bytes."""

MOST_SALVAGED, MOST_LISTED = 50, 1_000
"""So many entries of a zip container, of a damaged and of a sound one, tell what it is."""

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ZIP_END, _ZIP_END_WITHIN = b"PK\x05\x06", 66_000
_ZIP_LISTED, _ZIP_LISTED_BYTES = b"PK\x01\x02", 46
_OFFICE_FIRST = (
    b"[content_types]",
    b"_rels",
    b"docprops",
    b"word",
    b"xl",
    b"ppt",
    b"customxml",
    b"mimetype",
    b"ofd",
)
_TAR_AT, _TAR = 257, b"ustar"
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"II*\x00", b"MM\x00*")
#: programs that lock every file of an office write this into its beginning
_GUARDED = (b"E-SafeNet", b"%TSD-Header-###%")

# the header in front of each file in a zip container: its name's length at byte 26, its name from byte 30
_ENTRY = re.compile(rb"PK\x03\x04.{22}(?P<length>..)..", re.DOTALL)
# "<!DOCTYPE html>", "<html xmlns:o=…>", "<?xml version=…?> <!DOCTYPE html …>", "<table border=1>"
_WEB_PAGE = re.compile(
    r"""\s*+ (?:<\?xml[^>]*>\s*+)?
        (?:(?><!--.*?-->)\s*+)*+        # atomic: comments must not be tried in every grouping
        <(?:!doctype\s+html|html|head|meta|title|body|style|script|table|div|center|font|span|p|h[1-6])\b""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
# "%PDF-1.7": within the first kilobyte, behind whatever a mail system or a web server put there
_PDF = re.compile(rb"%PDF-[12]\.\d")
# "Subject: 自评表", with its folded lines; headers end with a blank line
_HEADER = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9-]{1,60}):(?P<value>[^\n]*(?:\n[ \t][^\n]*)*)\n?")
_MAIL_HEADERS = frozenset({
    "received", "from", "to", "cc", "subject", "date", "message-id", "return-path", "delivered-to", "reply-to",
    "mime-version", "content-type", "sender", "x-mailer",
})  # fmt: skip
#: what only mail systems write; a saved web page has the others too
_SENT = frozenset({"received", "to", "message-id", "return-path", "delivered-to", "x-mailer"})


class Sample:
    """A file's bytes, and what can be seen of them; each look is taken once."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def begins(self, *signatures: bytes) -> bool:
        """Whether these are the first bytes."""
        return self.data.startswith(signatures)

    @cached_property
    def entries(self) -> tuple[str, ...]:
        """The first names in a zip container, in lower case; of a damaged one, those at its beginning."""
        if not self.begins(*ZIP):
            return ()
        names = list(islice(self._listed(), MOST_LISTED)) or self._salvaged()
        return tuple(name.decode("utf-8", "replace").replace("\\", "/").lower() for name in names)

    def _listed(self) -> Iterator[bytes]:
        """The names in the directory; none where it is not where it should be."""
        end = self.data.rfind(_ZIP_END, -_ZIP_END_WITHIN)
        if end < 0 or end + 20 > len(self.data):
            return
        # of a container that was cut off, this may be the end of a file in it, which counts from elsewhere
        (at,) = struct.unpack_from("<I", self.data, end + 16)
        while self.data[at : at + 4] == _ZIP_LISTED and at + _ZIP_LISTED_BYTES <= len(self.data):
            name, extra, comment = struct.unpack_from("<HHH", self.data, at + 28)
            at += _ZIP_LISTED_BYTES
            yield self.data[at : at + name]
            at += name + extra + comment

    def _salvaged(self) -> list[bytes]:
        found = list(islice(_ENTRY.finditer(self.data), MOST_SALVAGED))
        names = [self.data[one.end() : one.end() + int.from_bytes(one["length"], "little")] for one in found]
        # what follows a first file that no Office program writes may be the parts of that very file
        return names if names and names[0].lower().startswith(_OFFICE_FIRST) else names[:1]

    @cached_property
    def is_package(self) -> bool:
        """Whether a zip container has the list of contents, or of links, that Office writes."""
        return any(name in ("[content_types].xml", "_rels/.rels") for name in self.entries)

    def has_part(self, folder: str) -> bool:
        """Whether an Office container has a folder: a plain archive may have one of that name as well."""
        return self.is_package and any(name.startswith(folder) for name in self.entries)

    @cached_property
    def is_ofd(self) -> bool:
        """Whether it is OFD, whose first part may stand behind a thousand others: each page has several."""
        is_long = len(self.entries) == MOST_LISTED
        return "ofd.xml" in self.entries or (
            is_long and any(name.lower() == b"ofd.xml" for name in self._listed())
        )

    def is_opendocument(self, kind: str) -> bool:
        """Whether it is OpenDocument of a kind, which stands at the very beginning of the container."""
        return b"application/vnd.oasis.opendocument." + kind.encode() in self.data[:200]

    @cached_property
    def streams(self) -> frozenset[str]:
        """The streams at the top of an OLE container; of a damaged one, those whose names are in the bytes."""
        if not self.begins(OLE):
            return frozenset()
        try:
            return frozenset(name for name in Compound(self.data).streams if "/" not in name)
        except ReadError:
            known = ("WordDocument", "Workbook", "Book", "EncryptedPackage", "PowerPoint Document")
            return frozenset(name for name in known if f"{name}\0".encode("utf-16-le") in self.data)

    def has_stream(self, *names: str) -> bool:
        """Whether an OLE container has one of these at its top: what is embedded lies deeper."""
        return not self.streams.isdisjoint(names)

    @cached_property
    def text(self) -> str:
        """The first characters, if the bytes are text; otherwise blank."""
        try:
            return decode(self.data[:HEAD_BYTES])
        except ReadError:
            return ""

    @cached_property
    def headers(self) -> dict[str, str]:
        """The headers that the bytes begin with, as e-mails and saved web pages do; names in lower case.

        They are looked for in the bytes: what follows them may be of any encoding.
        """
        head = self.data[:HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").decode("latin-1").replace("\r", "")
        found: dict[str, str] = {}
        at = 0
        while header := _HEADER.match(head, at):
            found.setdefault(header["name"].lower(), header["value"].strip().lower())
            at = header.end()
        return found

    @property
    def is_web_archive(self) -> bool:
        """Whether it is a web page saved as a single file."""
        headers = self.headers
        is_saved = headers.get("from", "").startswith("<saved by") or headers.keys().isdisjoint(_SENT)
        return (
            is_saved
            and "mime-version" in headers
            and headers.get("content-type", "").startswith("multipart/")
        )

    @property
    def is_mail(self) -> bool:
        """Whether it is an e-mail; a text that begins with "From: …" alone is none."""
        known = self.headers.keys() & _MAIL_HEADERS
        return len(known) >= 3 and not known.isdisjoint({"from", "received", "return-path", "message-id"})

    @property
    def is_web_page(self) -> bool:
        """Whether it begins as a web page does."""
        return _WEB_PAGE.match(self.text) is not None

    @property
    def is_pdf(self) -> bool:
        """Whether it is a PDF, also behind other bytes; a text that speaks of one is none."""
        mark = _PDF.search(self.data[:1024])
        if mark is None:
            return self.begins(b"%PDF-")
        return (
            not self.data[: mark.start()].strip(b"\xef\xbb\xbf\r\n\t \0") or b"startxref" in self.data[-2048:]
        )

    @property
    def is_tar(self) -> bool:
        """Whether it is a tar archive."""
        return self.data[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR

    @property
    def is_guarded(self) -> bool:
        """Whether a program that guards an office's files has locked it."""
        return any(mark in self.data[:512] for mark in _GUARDED)

    @property
    def is_word_xml(self) -> bool:
        """Whether it is a Word document in a single XML file, of 2003 or later."""
        head = self.text[:2000]
        return head.lstrip().startswith("<?xml") and 'progid="Word.Document"' in head

    @property
    def is_sheet_xml(self) -> bool:
        """Whether it is an Excel workbook in a single XML file, of 2003."""
        head = self.text[:2000]
        return head.lstrip().startswith("<") and "urn:schemas-microsoft-com:office:spreadsheet" in head

    @property
    def is_csv(self) -> bool:
        """Whether it is text in cells parted by commas."""
        from extract.sheets.csv import is_csv

        return is_csv(self.text)

    @property
    def is_picture(self) -> bool:
        """Whether it is a photograph or a drawing."""
        head = self.data[:12]
        is_bitmap = head.startswith(b"BM") and head[6:10] == bytes(4)
        is_webp = head.startswith(b"RIFF") and head.endswith(b"WEBP")
        return head.startswith(_PICTURES) or head[4:8] == b"ftyp" or is_bitmap or is_webp
