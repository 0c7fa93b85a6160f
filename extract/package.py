"""Open a zip container of XML parts that nobody vouches for, and parse parts of it within bounds.

``Package(data)`` finds the entries; ``part(name)`` parses one into an element tree. Whatever is wrong with
the container ends in a ``ReadError``.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from lxml import etree

from extract.document import ReadError
from extract.limits import MAX_FILE_BYTES, MAX_PARTS, MAX_TREE_BYTES, MAX_XML_BYTES

# How each entry of a zip directory begins, and the least that it takes.
_DIRECTORY_ENTRY, _ENTRY_BYTES = b"PK\x01\x02", 46

# Deflate is the only packing that office formats allow, and the only one of which zipfile can unpack a
# bounded piece: its bzip2 and LZMA readers return all that a block expands to.
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

# What zipfile lets escape when the bytes under it are nonsense.
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError)

# In bytes, measured: an element or a text, an attribute with its value, and the most that one byte becomes.
_NODE, _ATTRIBUTE, _WORST = 128, 240, 52

# libxml2 stops at a depth of 256 elements as long as huge_tree stays off, so that a walk may recurse.
# UTF-8 is forced (office formats allow it and UTF-16, which is recoded): under a declared charset such as
# UTF-7 the counts of brackets below would count something else than the parser sees.
_PARSER = etree.XMLParser(
    encoding="utf-8",
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
    collect_ids=False,
)


class Package:
    """The entries of a zip container; their names are compared without case, as office formats ask for."""

    def __init__(self, data: bytes, at_most: int | None = None) -> None:
        """Read the directory of ``data``. ``at_most`` bytes of XML are unpacked, ``MAX_XML_BYTES`` if nothing is said.

        Raises ReadError: no zip, truncated, too large.
        """
        if len(data) > MAX_FILE_BYTES:
            raise _too_large()
        if len(data) > MAX_PARTS * _ENTRY_BYTES and data.count(_DIRECTORY_ENTRY) > MAX_PARTS:
            raise _too_large()
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as container:
                entries = container.infolist()
        except _BROKEN_ZIP as err:
            raise _broken_container() from err
        self._data = data
        # Some writers part folders by a backslash.
        self._entries = {_plain(entry.filename): entry for entry in entries}
        self._bytes_left = MAX_XML_BYTES if at_most is None else at_most

    def names(self) -> list[str]:
        """The names of all entries in lower case, folders parted by ``/``."""
        return list(self._entries)

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._entries

    def part(self, name: str) -> etree._Element:
        """The root element of an entry that exists. Raises ReadError as ``content`` and ``parsed`` do."""
        return parsed(self.content(name))

    def content(self, name: str) -> bytes:
        """The XML of an entry that exists, in UTF-8. Raises ReadError: damaged, encrypted, too large unpacked."""
        entry = self._entries[_plain(name)]
        if entry.file_size > self._bytes_left:
            raise _too_large()
        xml = self._unpack(entry)
        self._bytes_left -= len(xml)
        if xml.startswith((b"\xff\xfe", b"\xfe\xff")):
            xml = xml.decode("utf-16", "replace").encode("utf-8", "replace")
        return xml

    def picture(self, name: str) -> bytes:
        """The bytes of an entry that exists and is no XML, which do not count as such. Raises ReadError as `content`."""
        return self._unpack(self._entries[_plain(name)])

    def _unpack(self, entry: zipfile.ZipInfo) -> bytes:
        """The bytes of an entry; never more are unpacked than it declares, nor than any part may have."""
        if entry.file_size > MAX_XML_BYTES:
            raise _too_large()
        if entry.flag_bits & 1 or entry.compress_type not in _PACKINGS:
            raise ReadError(
                "文件已加密或使用了不支持的压缩方式，无法读取；请取消密码并另存后再试。",
                "The file is encrypted or packed in an unsupported way; save it without a password.",
            )
        try:
            # Behind its local header, which ends in a name and an extra field of the lengths it says.
            name_length, extra_length = struct.unpack_from("<HH", self._data, entry.header_offset + 26)
            start = entry.header_offset + 30 + name_length + extra_length
            content = self._data[start : start + min(entry.compress_size, MAX_XML_BYTES)]
            if entry.compress_type == zipfile.ZIP_DEFLATED:
                # Not by ZipFile.read: it inflates whole blocks first and cuts to the declared size after.
                content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(content, entry.file_size + 1)
        except _BROKEN_ZIP as err:
            raise _broken_container() from err
        if len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
            raise _broken_container()
        return content


def parsed(xml: bytes) -> etree._Element:
    """The root element of XML in UTF-8.

    Raises ReadError: a document type declaration, too large, nested too deeply, no XML.
    """
    if b"<!DOCTYPE" in xml:
        raise ReadError(
            "文件内含文档类型声明（DOCTYPE），正常文档没有，出于安全不予读取；请用办公软件另存后再试。",
            "The file holds a document type declaration, which no genuine document has, and is not read "
            "for safety; save it again with an office program.",
        )
    if len(xml) * _WORST > MAX_TREE_BYTES and _tree_bytes(xml) > MAX_TREE_BYTES:
        raise _too_large()
    try:
        return etree.fromstring(xml, _PARSER)
    except etree.XMLSyntaxError as err:
        if "Excessive depth" in str(err):
            raise ReadError(
                "文件内容嵌套层数过多，正常文档没有，不予读取；请用办公软件另存后再试。",
                "The file's content is nested too deeply for a genuine document and is not read; "
                "save it again with an office program.",
            ) from err
        raise ReadError(
            "文件内部的 XML 已损坏，无法读取；请用办公软件打开修复并另存，或请提交人重新发送。",
            "The XML inside the file is broken; repair it by opening and saving it with an office "
            "program, or ask for it to be sent again.",
        ) from err


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _tree_bytes(xml: bytes) -> int:
    """The memory that the parsed tree takes at most, from the brackets and equal signs of the XML.

    Each tag has one ``<`` and one ``>``; a ``>`` that no ``<`` follows is the only place for a text.
    """
    elements = xml.count(b"<") - xml.count(b"</")
    texts = xml.count(b">") - xml.count(b"><")
    return (elements + texts) * _NODE + xml.count(b"=") * _ATTRIBUTE


def _too_large() -> ReadError:
    return ReadError(
        "文件内容过大，超出读取上限；请拆分为几个文件，或用办公软件另存后再试。",
        "The file's content is larger than is read; split it into several files, or save it again with an "
        "office program.",
    )


def _broken_container() -> ReadError:
    return ReadError(
        "文件不完整或已损坏（不是有效的压缩包），无法读取；请重新下载，或请提交人重新发送。",
        "The file is truncated or damaged (not a valid zip container); download it again, or ask for it to "
        "be sent again.",
    )
