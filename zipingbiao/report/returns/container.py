"""Add parts to an Office file and change some; all others are copied as they are.

A library that loads and saves the whole file would lose what it does not know: charts, macros, signatures,
pictures of WPS. Reading goes through `extract.package`, with its bounds.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import NamedTuple, cast

from lxml import etree
from lxml.etree import _Element

from extract.document import ReadError
from extract.limits import MAX_FILE_BYTES
from extract.package import Package

_CONTENT_TYPES = "[Content_Types].xml"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
#: files in the strict form of the format name their relationships by another address
_STRICT, _STRICT_KINDS = "http://purl.oclc.org/", "http://purl.oclc.org/ooxml/officeDocument/relationships/"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_CHUNK = 1 << 20
_MOST_COPIED = 2 * MAX_FILE_BYTES
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError)


class Link(NamedTuple):
    """A relationship of a part: its number, what it is for, and the other part's name."""

    key: str
    kind: str
    name: str


class Container:
    """The parts of an Office file while it is changed. Raises ReadError for whatever cannot be read."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._package = Package(data)
        self._trees: dict[str, _Element] = {}
        self._changed: dict[str, bytes | _Element] = {}
        self._new_names: dict[str, str] = {}

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._changed or name in self._package

    def tree(self, name: str) -> _Element:
        """The root of a part, to look at. Raises ReadError where there is none."""
        key = _plain(name)
        if key not in self._trees:
            if name not in self._package:
                raise ReadError("文件缺少必要的组成部分。", "The file lacks a part that it needs.")
            self._trees[key] = self._package.part(name)
        return self._trees[key]

    def edit(self, name: str) -> _Element:
        """The root of a part, to change: it is saved as it will then be."""
        self._changed[_plain(name)] = self.tree(name)
        return self.tree(name)

    def content(self, name: str) -> bytes:
        """The bytes of a part that exists and is no tree yet."""
        held = self._changed.get(_plain(name))
        return held if isinstance(held, bytes) else self._package.content(name)

    def put(self, name: str, content: bytes | _Element, content_type: str = "") -> None:
        """Add a part or put another content in its place; ``content_type`` is that of a new part."""
        self._new_names[_plain(name)] = name
        self._changed[_plain(name)] = content
        if not isinstance(content, bytes):
            self._trees[_plain(name)] = content
        if content_type:
            types = self.edit(_CONTENT_TYPES)
            etree.SubElement(types, f"{_TYPES}Override", PartName=f"/{name}", ContentType=content_type)

    def set_default_type(self, extension: str, content_type: str) -> None:
        """Say what parts with this extension are, where the file does not say it yet."""
        types = self.edit(_CONTENT_TYPES)
        known = (entry.get("Extension", "").lower() for entry in types.iterchildren(f"{_TYPES}Default"))
        if extension not in known:
            entry = etree.Element(f"{_TYPES}Default", Extension=extension, ContentType=content_type)
            types.insert(0, entry)

    def main_part(self, usual: str) -> str:
        """The name of the part that holds the document; ``usual`` where the file does not say."""
        named = (link.name for link in self.links("") if link.kind == "officeDocument")
        return next((name for name in named if name in self), usual)

    def links(self, name: str) -> list[Link]:
        """The relationships of a part to parts inside the file; those of the file for a blank name."""
        rels = _rels_of(name)
        if rels not in self:
            return []
        folder = posixpath.dirname(name)
        return [
            Link(entry.get("Id", ""), entry.get("Type", "").rpartition("/")[2], _target(folder, entry))
            for entry in self.tree(rels)
            if entry.get("TargetMode") != "External"
        ]

    def link(self, name: str, kind: str, target: str) -> str:
        """Add a relationship of a part to another one; returns its number."""
        rels = _rels_of(name)
        if rels not in self:
            self.put(
                rels,
                etree.Element(f"{{{_LINKS}}}Relationships", nsmap=cast("dict[str, str]", {None: _LINKS})),
            )
        tree = self.edit(rels)
        taken = {entry.get("Id") for entry in tree}
        key = next(f"rIdZpb{n}" for n in range(1, len(taken) + 2) if f"rIdZpb{n}" not in taken)
        is_strict = any(entry.get("Type", "").startswith(_STRICT) for entry in self.tree(_rels_of("")))
        kinds = _STRICT_KINDS if is_strict else _KINDS
        etree.SubElement(tree, f"{{{_LINKS}}}Relationship", Id=key, Type=kinds + kind, Target="/" + target)
        return key

    def free_name(self, pattern: str) -> str:
        """A part's name that is not taken: the first number that ``pattern`` with ``{}`` leads to."""
        number = 1
        while pattern.format(number) in self:
            number += 1
        return pattern.format(number)

    def saved(self) -> bytes:
        """The whole file. Raises ReadError where parts of the old one cannot be copied."""
        fresh = {name: _written(content) for name, content in self._changed.items()}
        out = io.BytesIO()
        try:
            with (
                zipfile.ZipFile(io.BytesIO(self._data)) as old,
                zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
            ):
                self._copy(old, new, fresh)
                for name, content in fresh.items():
                    new.writestr(self._new_names[name], content)
        except _BROKEN as err:
            raise ReadError(
                "文件中有不能原样复制的部分。", "The file has parts that cannot be copied as they are."
            ) from err
        return out.getvalue()

    @staticmethod
    def _copy(old: zipfile.ZipFile, new: zipfile.ZipFile, fresh: dict[str, bytes]) -> None:
        """Copy all parts in their order, with new content where there is one, which is taken out of ``fresh``."""
        left = _MOST_COPIED
        for name, entry in {_plain(entry.filename): entry for entry in old.infolist()}.items():
            copy = zipfile.ZipInfo(entry.filename, entry.date_time)
            copy.compress_type, copy.external_attr = entry.compress_type, entry.external_attr
            if name in fresh:
                new.writestr(copy, fresh.pop(name))
                continue
            with old.open(entry) as source, new.open(copy, "w") as target:
                while chunk := source.read(_CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise ValueError(name)
                    target.write(chunk)


def _plain(name: str) -> str:
    """A part's name as names are compared: without case."""
    return name.replace("\\", "/").lstrip("/").lower()


def _rels_of(name: str) -> str:
    folder, base = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def _target(folder: str, entry: _Element) -> str:
    return posixpath.normpath(posixpath.join("/", folder, entry.get("Target", ""))).lstrip("/")


def _written(content: bytes | _Element) -> bytes:
    if isinstance(content, bytes):
        return content
    return etree.tostring(content, xml_declaration=True, encoding="UTF-8", standalone=True)
