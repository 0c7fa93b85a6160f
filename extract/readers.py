"""Which reader reads a file: told from its content, never from its name.

`FORMATS` is the whole table, asked from top to bottom. A format that nobody reads yet stands in it all the
same, so that its file is refused by name and with advice instead of being misread.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from extract.document import Document, ReadError
from extract.limits import MAX_FILE_BYTES
from extract.refusals import is_closed, is_folder, missing
from extract.remote import is_remote, load_remote, state_of
from extract.sample import ZIP, Sample
from extract.unlock import unlocked
from extract.word.compound import SIGNATURE as OLE

if TYPE_CHECKING:
    from extract.archives.archive import Archive, Opener

INSIDE = "!/"
"""Stands in a path between an archive and the file in it: ``a.zip!/b.docx``."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do with a file that nobody reads yet."""

    zh: str = "请用办公软件另存为 .docx 后再试"
    en: str = "save it as .docx with an office program"


UNGUARD = Advice("请在提交单位解密后再试", "have it decrypted at the office that it comes from")
AS_XLSX = Advice("请用办公软件另存为 .xlsx 后再试", "save it as .xlsx with an office program")

Look = Callable[[Sample], bool]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: how it is told, what people call it, and who reads it.

    ``reader`` is ``module:function``, imported at first use; the function takes the bytes and the source's
    name. It is blank where nobody reads the format yet. ``opener`` is the same for a container whose files
    are sources of their own; it takes a function that opens the bytes, and the source's name.
    """

    name: str
    zh: str
    en: str
    matches: Look
    reader: str = ""
    advice: Advice = Advice()
    opener: str = ""

    @property
    def reader_name(self) -> str:
        """The reader's module: ``extract.word.docx``."""
        return (self.reader or self.opener).partition(":")[0]

    def read(self, data: bytes, source: str) -> Document:
        """Read the bytes. Raises `ReadError`."""
        if self.reader:
            return cast(Callable[[bytes, str], Document], _function(self.reader))(data, source)
        if self.opener:
            raise ReadError(
                f"这是{self.zh}，其中的文件要逐个读取；请写明“压缩包{INSIDE}文件名”，或用 run 命令读取全部。",
                f"This is {self.en}, whose files are read one by one; name one as ARCHIVE{INSIDE}FILE, or read "
                "all of them with the command run.",
            )
        raise ReadError(
            f"这是{self.zh}，目前还不能读取；{self.advice.zh}。",
            f"This is {self.en}, which cannot be read yet; {self.advice.en}.",
        )

    def open(self, open_file: Opener, source: str) -> Archive:
        """Open a container. Raises `ReadError`."""
        return cast("Callable[[Opener, str], Archive]", _function(self.opener))(open_file, source)


def _function(spot: str) -> object:
    module, _, name = spot.partition(":")
    return getattr(import_module(module), name)


def _begins(*signatures: bytes) -> Look:
    return lambda sample: sample.begins(*signatures)


def _part(folder: str) -> Look:
    return lambda sample: sample.has_part(folder)


def _opendocument(kind: str) -> Look:
    return lambda sample: sample.is_opendocument(kind)


def _stream(*names: str) -> Look:
    return lambda sample: sample.has_stream(*names)


FORMATS = (
    Format("guarded", "被文档加密软件加密的文件", "a file that an office's guard program has encrypted", lambda it: it.is_guarded, advice=UNGUARD),
    # zip containers, told by their parts
    Format("xlsb", " Excel 二进制工作簿（.xlsb）", "a binary Excel workbook (.xlsb)", _part("xl/workbook.bin"), advice=AS_XLSX),
    Format("xlsx", " Excel 工作簿", "an Excel workbook", _part("xl/"), "extract.sheets.xlsx:read_xlsx"),
    Format("pptx", " PowerPoint 演示文稿", "a PowerPoint presentation", _part("ppt/")),
    Format("docx", " Word 文档", "a Word document", _part("word/"), "extract.word.docx:read_docx"),
    Format("ofd", " OFD 版式文档", "an OFD document", lambda it: it.is_ofd, "extract.ofd.read:read_ofd"),
    Format("odt", " OpenDocument 文本文档", "an OpenDocument text", _opendocument("text"), "extract.word.odt:read_odt"),
    Format("ods", " OpenDocument 电子表格", "an OpenDocument spreadsheet", _opendocument("spreadsheet"), "extract.sheets.ods:read_ods"),
    Format("odf", " OpenDocument 文档", "an OpenDocument file", _opendocument("")),
    # Office writes the list of contents first: it tells a container that was cut off, or lost its parts
    Format("docx", " Word 文档", "a Word document", lambda it: it.is_package, "extract.word.docx:read_docx"),
    Format("zip", " ZIP 压缩包", "a ZIP archive", _begins(*ZIP), opener="extract.archives.zip:open_zip"),
    # other archives
    Format("7z", " 7z 压缩包", "a 7z archive", _begins(b"7z\xbc\xaf\x27\x1c"), opener="extract.archives.bsdtar:open_by_bsdtar"),
    Format("rar", " RAR 压缩包", "a RAR archive", _begins(b"Rar!\x1a\x07"), opener="extract.archives.bsdtar:open_by_bsdtar"),
    Format("gzip", " GZIP 压缩包", "a GZIP archive", _begins(b"\x1f\x8b\x08"), opener="extract.archives.tar:open_packed"),
    Format("xz", " XZ 压缩包", "an XZ archive", _begins(b"\xfd7zXZ\x00"), opener="extract.archives.tar:open_packed"),
    Format("bzip2", " BZIP2 压缩包", "a BZIP2 archive", lambda it: it.data[:10].startswith(b"BZh") and it.data[4:10] == b"1AY&SY", opener="extract.archives.tar:open_packed"),
    Format("tar", " TAR 归档", "a TAR archive", lambda it: it.is_tar, opener="extract.archives.tar:open_tar"),
    # OLE containers, told by their streams
    Format("locked", "有密码的文件", "a file with a password", _stream("EncryptedPackage"), "extract.unlock:refuse_locked"),
    Format("doc", "旧版 Word 文档（.doc）", "an old Word document (.doc)", _stream("WordDocument"), "extract.word.doc:read_doc"),
    Format("xls", "旧版 Excel 工作簿（.xls）", "an old Excel workbook (.xls)", _stream("Workbook", "Book"), "extract.sheets.xls:read_xls"),
    Format("msg", " Outlook 邮件", "an e-mail of Outlook", _stream("__properties_version1.0"), "extract.archives.msg:read_msg", opener="extract.archives.msg:open_msg"),
    Format("ppt", "旧版 PowerPoint 演示文稿", "an old PowerPoint presentation", _stream("PowerPoint Document")),
    Format("ole", "旧版 Office 文件", "an old Office file", _begins(OLE)),
    Format("pdf", " PDF 文件", "a PDF file", lambda it: it.is_pdf, "extract.pdf.read:read_pdf"),
    Format("image", "图片", "a picture", lambda it: it.is_picture, "extract.ocr.picture:read_picture"),
    # text, the particular before the general
    Format("rtf", " RTF 文档", "an RTF document", lambda it: it.data[:64].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf"), "extract.word.rtf:read_rtf"),
    Format("mhtml", "单个文件网页", "a web archive", lambda it: it.is_web_archive, "extract.web.mht:read_mht"),
    Format("eml", "电子邮件", "an e-mail", lambda it: it.is_mail, "extract.archives.mail:read_mail", opener="extract.archives.mail:open_mail"),
    Format("html", "网页（HTML）", "a web page (HTML)", lambda it: it.is_web_page, "extract.web.html:read_html"),
    Format("spreadsheetml", " Excel 2003 XML 表格", "an Excel workbook in XML of 2003", lambda it: it.is_sheet_xml, "extract.sheets.spreadsheetml:read_spreadsheetml"),
    Format("wordml", " Word XML 文档", "a Word document in XML", lambda it: it.is_word_xml),
    Format("xml", " XML 文件", "an XML file", lambda it: it.text.lstrip().startswith("<?xml")),
    Format("csv", " CSV 表格", "a CSV table", lambda it: it.is_csv, "extract.sheets.csv:read_csv"),
    Format("text", "纯文本", "plain text", lambda it: it.text != "", "extract.text.read:read_text"),
)  # fmt: skip


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
    """A file's bytes; of a file in an archive, those of ``a.zip!/b.docx``.

    Raises `ReadError` for whatever is missing, no file, closed to us, or too large.
    """
    if INSIDE in str(path) and not os.path.lexists(path):
        from extract.archives.members import load_member

        return load_member(str(path))
    if is_remote(str(path)):
        if state_of(str(path)).size > MAX_FILE_BYTES:
            raise too_large()
        data = load_remote(str(path), MAX_FILE_BYTES + 1)
        if len(data) > MAX_FILE_BYTES:
            raise too_large()
        return data
    try:
        about = Path(path).stat()
        if stat.S_ISDIR(about.st_mode):
            raise is_folder() if _may_be_listed(path) else is_closed()
        if not stat.S_ISREG(about.st_mode):
            raise ReadError("这不是普通文件，不予读取。", "This is no regular file and is not read.")
        if about.st_size > MAX_FILE_BYTES:
            raise too_large()
        with Path(path).open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as err:
        raise missing() from err
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
        raise too_large()
    return data


def _may_be_listed(folder: str | Path) -> bool:
    try:
        os.listdir(folder)  # asked outright: what Windows says of permissions leaves out its access lists
    except OSError:
        return False
    return True


def read_bytes(data: bytes, source: str) -> Document:
    """Read a file's content; ``source`` is the name that its places carry. Raises `ReadError`."""
    content = unlocked(data)
    return find_format(content).read(content, source)


def read(path: str | Path) -> Document:
    """Read a file of any known format. Raises `ReadError`, which says what is wrong and what to do."""
    return read_bytes(load(path), str(path))


def too_large() -> ReadError:
    """The error for a file beyond the bound."""
    megabytes = MAX_FILE_BYTES // (1024 * 1024)
    return ReadError(
        f"文件超过 {megabytes} MB，不予读取；请去掉其中的图片，或拆分后再试。",
        f"The file is larger than {megabytes} MB and is not read; remove pictures, or split it.",
    )
