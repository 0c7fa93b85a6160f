"""Which reader reads a file: told from its content, never from its name.

`FORMATS` is the whole table, asked from top to bottom. A format that nobody reads yet stands in it all the
same, so that its file is refused by name and with advice instead of being misread.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import cast

from extract.document import Document, ReadError
from extract.encoding import decode
from extract.limits import MAX_FILE_BYTES

#: as much of a file as tells text from other bytes
HEAD_BYTES = 64 * 1024
#: so many entries of a damaged zip container tell what it was
MOST_SALVAGED = 50

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OPENDOCUMENT = b"application/vnd.oasis.opendocument"
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"II*\x00", b"MM\x00*")
#: what may stand in front of a PDF's first line
_JUNK = b"\xef\xbb\xbf\r\n\t \0"

# the header in front of each file in a zip container: its name's length at byte 26, its name from byte 30
_ENTRY = re.compile(rb"PK\x03\x04.{22}(?P<length>..)..", re.DOTALL)
# "<!DOCTYPE html>", "<html xmlns:o=…>", "<?xml version=…?> <!DOCTYPE html …>", "<table border=1>"
_WEB_PAGE = re.compile(
    r"""\s*+ (?:<\?xml[^>]*>\s*+)?
        (?:(?><!--.*?-->)\s*+)*+        # atomic: comments must not be tried in every grouping
        <(?:!doctype\s+html|html|head|meta|body|table)\b""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


class Sample:
    """A file's bytes, and what can be seen of them without reading the file; each look is taken once."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @cached_property
    def entries(self) -> tuple[str, ...]:
        """The names in a zip container, in lower case; of a damaged one, those at its beginning."""
        if not self.data.startswith(_ZIP):
            return ()
        from extract.package import Package

        try:
            return tuple(Package(self.data).names())
        except ReadError:
            return tuple(map(self._name_behind, islice(_ENTRY.finditer(self.data), MOST_SALVAGED)))

    def _name_behind(self, entry: re.Match[bytes]) -> str:
        length = int.from_bytes(entry["length"], "little")
        return self.data[entry.end() : entry.end() + length].decode("utf-8", "replace").lower()

    @cached_property
    def text(self) -> str:
        """The first characters, if the bytes are text; otherwise blank."""
        try:
            return decode(self.data[:HEAD_BYTES])
        except ReadError:
            return ""


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do with a file that nobody reads yet."""

    zh: str = "请用办公软件另存为 .docx 后再试"
    en: str = "save it as .docx with an office program"


UNPACK = Advice("请先解压，再读取其中的文件", "unpack it and read the files in it")
UNLOCK = Advice("请打开后取消密码，另存后再试", "open it, remove the password and save it again")
ORIGINAL = Advice("请索取原始的 Word 文件", "ask for the original Word file")

Look = Callable[[Sample], bool]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: how it is told, what people call it, and who reads it.

    ``reader`` is ``module:function``, imported at first use; the function takes the bytes and the source's
    name. It is blank where nobody reads the format yet.
    """

    name: str
    zh: str
    en: str
    matches: Look
    reader: str = ""
    advice: Advice = Advice()

    @property
    def reader_name(self) -> str:
        """The reader's module: ``extract.docx``."""
        return self.reader.partition(":")[0]

    def read(self, data: bytes, source: str) -> Document:
        """Read the bytes. Raises `ReadError`."""
        if not self.reader:
            raise ReadError(
                f"这是{self.zh}，目前还不能读取；{self.advice.zh}。",
                f"This is {self.en}, which cannot be read yet; {self.advice.en}.",
            )
        module, _, function = self.reader.partition(":")
        read = cast(Callable[[bytes, str], Document], getattr(import_module(module), function))
        return read(data, source)


def _begins(*signatures: bytes) -> Look:
    return lambda sample: sample.data.startswith(signatures)


def _entry(prefix: str) -> Look:
    return lambda sample: any(name.startswith(prefix) for name in sample.entries)


def _stream(*names: str) -> Look:
    return lambda sample: sample.data.startswith(_OLE) and any(_wide(name) in sample.data for name in names)


def _wide(name: str) -> bytes:
    """A name as the directory of an OLE container has it."""
    return name.encode("utf-16-le")


def _is_picture(sample: Sample) -> bool:
    head = sample.data[:12]
    is_bitmap = head.startswith(b"BM") and head[6:10] == bytes(4)
    is_webp = head.startswith(b"RIFF") and head.endswith(b"WEBP")
    return head.startswith(_PICTURES) or head[4:8] == b"ftyp" or is_bitmap or is_webp


FORMATS = (
    Format("xlsx", " Excel 工作簿", "an Excel workbook", _entry("xl/")),
    Format("pptx", " PowerPoint 演示文稿", "a PowerPoint presentation", _entry("ppt/")),
    Format("docx", " Word 文档", "a Word document", _entry("word/"), "extract.docx:read_docx"),
    # Office writes the list of contents first: it tells a container that was cut off, or lost its parts
    Format("docx", " Word 文档", "a Word document", _entry("[content_types].xml"), "extract.docx:read_docx"),
    Format("ofd", " OFD 版式文档", "an OFD document", _entry("ofd.xml")),
    Format("odf", " OpenDocument 文档", "an OpenDocument file", lambda it: _OPENDOCUMENT in it.data[:200]),
    Format("zip", " ZIP 压缩包", "a ZIP archive", _begins(*_ZIP), advice=UNPACK),
    Format("7z", " 7z 压缩包", "a 7z archive", _begins(b"7z\xbc\xaf\x27\x1c"), advice=UNPACK),
    Format("rar", " RAR 压缩包", "a RAR archive", _begins(b"Rar!\x1a\x07"), advice=UNPACK),
    Format("gzip", " GZIP 压缩包", "a GZIP archive", _begins(b"\x1f\x8b"), advice=UNPACK),
    Format("locked", "有密码的文件", "a file with a password", _stream("EncryptedPackage"), advice=UNLOCK),
    Format("doc", "旧版 Word 文档（.doc）", "an old Word document (.doc)", _stream("WordDocument")),
    Format("xls", "旧版 Excel 工作簿（.xls）", "an old Excel workbook (.xls)", _stream("Workbook", "Book")),
    Format("ole", "旧版 Office 文件", "an old Office file", _begins(_OLE)),
    Format("pdf", " PDF 文件", "a PDF file", lambda it: it.data[:1024].lstrip(_JUNK).startswith(b"%PDF-")),
    Format("image", "图片", "a picture", _is_picture, advice=ORIGINAL),
    Format("rtf", " RTF 文档", "an RTF document", _begins(b"{\\rtf")),
    Format("mhtml", "单个文件网页", "a web archive", lambda it: it.text[:13].lower() == "mime-version:"),
    Format("html", "网页（HTML）", "a web page (HTML)", lambda it: _WEB_PAGE.match(it.text) is not None),
    Format("xml", " XML 文件", "an XML file", lambda it: it.text.lstrip().startswith("<?xml")),
    Format("text", "纯文本", "plain text", lambda it: it.text != "", "extract.text:read_text"),
)


def find_format(data: bytes) -> Format:
    """The format of a file's content. Raises `ReadError` for no content, and for bytes that nobody knows."""
    if not data:
        raise ReadError(
            "文件是空的（0 字节）；请重新下载，或请提交人重新发送。",
            "The file is empty (0 bytes); download it again, or ask for it to be sent again.",
        )
    sample = Sample(data)
    for known in FORMATS:
        if known.matches(sample):
            return known
    raise ReadError(
        "无法识别文件格式，既不是文档也不是文本；请确认文件，或用办公软件另存为 .docx 后再试。",
        "The file is of no known format, neither a document nor text; check what it is, or save it as .docx.",
    )


def load(path: str | Path) -> bytes:
    """A file's bytes. Raises `ReadError` for whatever is missing, no file, closed to us, or too large."""
    try:
        about = Path(path).stat()
        if stat.S_ISDIR(about.st_mode):
            raise ReadError(
                "这是文件夹，不是文件，或没有权限打开它。",
                "This is a folder, not a file, or it may not be opened.",
            )
        if not stat.S_ISREG(about.st_mode):
            raise ReadError("这不是普通文件，不予读取。", "This is no regular file and is not read.")
        if about.st_size > MAX_FILE_BYTES:
            raise _too_large()
        with Path(path).open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as err:
        raise ReadError("文件不存在；请检查路径。", "There is no such file; check the path.") from err
    except PermissionError as err:
        raise ReadError(
            "没有读取权限，或文件正被其他程序打开；请关闭该程序，或检查权限。",
            "The file may not be read, or is open in another program; close that, or check permissions.",
        ) from err
    except (OSError, ValueError) as err:
        raise ReadError(
            "文件无法打开；请检查路径和磁盘。", "The file cannot be opened; check the path and the disk."
        ) from err
    if len(data) > MAX_FILE_BYTES:
        raise _too_large()
    return data


def read_bytes(data: bytes, source: str) -> Document:
    """Read a file's content; ``source`` is the name that its places carry. Raises `ReadError`."""
    return find_format(data).read(data, source)


def read(path: str | Path) -> Document:
    """Read a file of any known format. Raises `ReadError`, which says what is wrong and what to do."""
    return read_bytes(load(path), str(path))


def _too_large() -> ReadError:
    megabytes = MAX_FILE_BYTES // (1024 * 1024)
    return ReadError(
        f"文件超过 {megabytes} MB，不予读取；请去掉其中的图片，或拆分后再试。",
        f"The file is larger than {megabytes} MB and is not read; remove pictures, or split it.",
    )
