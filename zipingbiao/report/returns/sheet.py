"""Put findings into an Excel workbook as comments at its cells; everything else stays as it is.

A comment is a text in a part of its own and, so that Excel shows it, a shape in another part (VML).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import cast

from lxml import etree
from lxml.etree import _Element

from extract.document import ReadError, column_letters
from extract.sheets.sheet import MAX_NAME
from zipingbiao.report.returns.container import Container
from zipingbiao.report.returns.remark import AUTHOR, Marked, Remark, comment
from zipingbiao.report.returns.sheet_shapes import with_shapes
from zipingbiao.report.returns.wording import Wording

_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_MAIN, _STRICT_LINKS = (
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
#: what stands behind the shapes of comments in a sheet, whose elements have one order
_BEHIND = (
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
    "AlternateContent",
)  # fmt: skip
_SLOT = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
#: how Excel begins the author of a comment that is really a thread of comments, which it shows instead
_THREAD = "tc="
#: the characters of all comments of a cell together
_MOST = 32_000

Slot = tuple[int, int]


def mark_sheet(data: bytes, source: str, remarks: Sequence[Remark], wording: Wording) -> Marked:
    """The workbook with a comment for each cell that a remark is about. Raises ReadError."""
    container = Container(data)
    sheets = _sheets(container)
    notes: dict[str, dict[Slot, list[str]]] = defaultdict(lambda: defaultdict(list))
    threads = {name: _threads(container, name) for name in sheets.values()}
    astray = set()
    for remark in remarks:
        sheet, slot = _spot(remark.place, sheets)
        part = sheets.get(sheet) or next(iter(sheets.values()))
        free = _free(slot or (1, 1), threads[part])
        is_exact = sheet in sheets and free == slot
        if not is_exact and remark.place:
            astray.add(remark.number)
        notes[part][free].append(comment(remark, wording, not is_exact))
    for part, texts in notes.items():
        _annotate(container, part, {slot: "\n\n".join(said) for slot, said in texts.items()})
    return Marked(container.saved(), frozenset(astray))


def _sheets(container: Container) -> dict[str, str]:
    """The parts of the worksheets by the names that places have for them."""
    main = container.main_part("xl/workbook.xml")
    links = {link.key: link.name for link in container.links(main) if link.kind == "worksheet"}
    root = container.tree(main)
    found: dict[str, str] = {}
    for entry in root.iter("{*}sheet"):
        keys = (entry.get(f"{{{space}}}id", "") for space in (_LINKS, _STRICT_LINKS))
        name = next((links[key] for key in keys if key in links), "")
        if name:
            found.setdefault(entry.get("name", "")[:MAX_NAME], name)
    if not found:
        raise ReadError(
            "工作簿中没有可加批注的工作表。", "The workbook has no sheet that could carry a comment."
        )
    return found


def _spot(place: str, sheets: dict[str, str]) -> tuple[str, Slot | None]:
    """The sheet and the slot that ``Sheet1!F9`` names; a text that floats over a sheet has but its name."""
    sheet, _, name = place.rpartition("!")
    found = _SLOT.fullmatch(name)
    if found is None or sheet not in sheets:
        return place, None
    return sheet, _slot(name)


def _slot(name: str) -> Slot:
    """Row and column of a slot's name, from 1; the first slot where it is none."""
    found = _SLOT.fullmatch(name.upper())
    if found is None:
        return 1, 1
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column


def _name(slot: Slot) -> str:
    return f"{column_letters(slot[1])}{slot[0]}"


def _free(slot: Slot, threads: set[Slot]) -> Slot:
    """The slot, or the first one to the right of it without a thread of comments."""
    while slot in threads:
        slot = (slot[0], slot[1] + 1)
    return slot


def _threads(container: Container, sheet: str) -> set[Slot]:
    name = _existing(container, sheet)
    if not name:
        return set()
    root = container.tree(name)
    authors = [author.text or "" for author in root.iterfind("{*}authors/{*}author")]
    return {
        _slot(entry.get("ref", ""))
        for entry in root.iterfind("{*}commentList/{*}comment")
        if _author_of(entry, authors).startswith(_THREAD)
    }


def _author_of(entry: _Element, authors: Sequence[str]) -> str:
    number = entry.get("authorId", "")
    return authors[int(number)] if number.isdecimal() and int(number) < len(authors) else ""


def _existing(container: Container, sheet: str) -> str:
    """The name of the part with the comments of a sheet; blank where it has none."""
    names = (link.name for link in container.links(sheet) if link.kind == "comments")
    return next((name for name in names if name in container), "")


def _annotate(container: Container, sheet: str, texts: dict[Slot, str]) -> None:
    """Put comments on the slots of a sheet; a comment that is there already is gone on with."""
    root = container.edit(sheet)
    main = str(root.tag).partition("}")[0][1:]
    name = _existing(container, sheet)
    if name:
        comments = container.edit(name)
    else:
        comments = etree.Element(f"{{{main}}}comments", nsmap=cast("dict[str, str]", {None: main}))
        etree.SubElement(comments, f"{{{main}}}authors")
        etree.SubElement(comments, f"{{{main}}}commentList")
        name = container.free_name("xl/comments{}.xml")
        container.put(name, comments, _COMMENTS_TYPE)
        container.link(sheet, "comments", name)
    new = _write(comments, main, texts)
    _draw(container, sheet, root, main, new)


def _write(comments: _Element, main: str, texts: dict[Slot, str]) -> list[Slot]:
    """Write the texts; returns the slots that had no comment before."""
    authors, entries = comments.find("{*}authors"), comments.find("{*}commentList")
    if authors is None or entries is None:
        raise ReadError("工作簿中已有的批注已损坏。", "The comments that the workbook has are damaged.")
    known = {_slot(entry.get("ref", "")): entry for entry in entries}
    author = etree.SubElement(authors, f"{{{main}}}author")
    author.text = AUTHOR
    for slot, text in sorted(texts.items()):
        entry = known.get(slot)
        holder = None if entry is None else entry.find("{*}text")
        if holder is None:
            entry = etree.SubElement(
                entries, f"{{{main}}}comment", ref=_name(slot), authorId=str(len(authors) - 1)
            )
            holder = etree.SubElement(entry, f"{{{main}}}text")
        elif len(holder) or holder.text:
            text = "\n\n" + text
        piece = etree.SubElement(etree.SubElement(holder, f"{{{main}}}r"), f"{{{main}}}t")
        piece.text = text[:_MOST]
        piece.set(_SPACE, "preserve")
    return sorted(texts.keys() - known.keys())


def _draw(container: Container, sheet: str, root: _Element, main: str, slots: Sequence[Slot]) -> None:
    """Add a shape for each slot to those of the sheet."""
    space = _STRICT_LINKS if main == _STRICT_MAIN else _LINKS
    drawing = root.find(f"{{{main}}}legacyDrawing")
    parts = {link.key: link.name for link in container.links(sheet)}
    name = "" if drawing is None else parts.get(drawing.get(f"{{{space}}}id", ""), "")
    if name in container and name:
        container.put(name, with_shapes(container.content(name), slots))
        return
    name = container.free_name("xl/drawings/vmlDrawing{}.vml")
    container.put(name, with_shapes(b"", slots))
    container.set_default_type("vml", _VML_TYPE)
    if drawing is None:
        drawing = etree.Element(f"{{{main}}}legacyDrawing")
        behind = (child for child in root if etree.QName(child).localname in _BEHIND)
        follower = next(behind, None)
        if follower is None:
            root.append(drawing)
        else:
            follower.addprevious(drawing)
    drawing.set(f"{{{space}}}id", container.link(sheet, "vmlDrawing", name))
