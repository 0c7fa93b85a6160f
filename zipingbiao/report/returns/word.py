"""Put findings into a Word document as comments at its cells; everything else stays as it is.

Which paragraph stands at which place is not worked out here a second time: each paragraph gets a number as text,
the reader reads the document with the numbers in it, and says at which place each of them came out.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from lxml import etree
from lxml.etree import _Element

from extract.document import Grid, ReadError
from extract.word.docx import read_docx
from zipingbiao.report.returns.container import Container
from zipingbiao.report.returns.remark import AUTHOR, INITIALS, Marked, Remark, comment
from zipingbiao.report.returns.wording import Wording

_MAIN_PART = "word/document.xml"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
#: signs for private use, in whose midst a paragraph's number stands while the document is read
_TAG = "\U0010fa01{}\U0010fa02"
_TAGGED = re.compile("\U0010fa01([0-9]{1,9})\U0010fa02")
#: 表1, of 表1 第7行 第6列
_TABLE = re.compile(r"表[0-9]+ ")


class _Anchor(NamedTuple):
    """The paragraphs that a comment is about, and whether they are the place that was asked for."""

    first: _Element
    last: _Element
    is_exact: bool


def mark_word(data: bytes, source: str, remarks: Sequence[Remark], wording: Wording) -> Marked:
    """The document with a comment for each remark. Raises ReadError."""
    container = Container(data)
    main = container.main_part(_MAIN_PART)
    root = container.edit(main)
    word = str(root.tag).partition("}")[0] + "}"
    spots = _Spots(root, word)
    comments = _Comments(container, main, word)
    astray = set()
    for remark in remarks:
        anchor = spots.anchor(remark.place)
        if not anchor.is_exact and remark.place:
            astray.add(remark.number)
        key = comments.add(comment(remark, wording, not anchor.is_exact))
        _attach(anchor, key, word)
    return Marked(container.saved(), frozenset(astray))


class _Spots:
    """The paragraphs at each place of a document."""

    def __init__(self, root: _Element, word: str) -> None:
        self._word = word
        self._paragraphs = list(root.iter(f"{word}p"))
        if not self._paragraphs:
            raise ReadError(
                "文件没有可加批注的段落。", "The document has no paragraph that could carry a comment."
            )
        self._at = self._found(root)

    def anchor(self, place: str) -> _Anchor:
        """Where to comment on a place; else on its table's first cell, else on the document's beginning."""
        numbers = self._at.get(place)
        if numbers:
            return self._whole_cell([self._paragraphs[number] for number in numbers])
        table = _TABLE.match(place)
        near = next((self._at[other] for other in self._at if table and other.startswith(table[0])), [0])
        first = self._outside_boxes(self._paragraphs[near[0]])
        return _Anchor(first, first, not place)

    def _whole_cell(self, paragraphs: list[_Element]) -> _Anchor:
        """All paragraphs of the first cell that is part of the place: a comment cannot be about several cells."""
        first = self._outside_boxes(paragraphs[0])
        if first is not paragraphs[0]:
            return _Anchor(first, first, False)
        cell = self._cell_of(first)
        last = [one for one in paragraphs if self._cell_of(one) is cell][-1] if cell is not None else first
        return _Anchor(first, last, True)

    def _cell_of(self, paragraph: _Element) -> _Element | None:
        return next(paragraph.iterancestors(f"{self._word}tc"), None)

    def _outside_boxes(self, paragraph: _Element) -> _Element:
        """The paragraph that a text box hangs on: Word opens no document with comments within one."""
        boxes = list(paragraph.iterancestors(f"{self._word}txbxContent"))
        hosts = boxes[-1].iterancestors(f"{self._word}p") if boxes else iter(())
        return next(hosts, paragraph)

    def _found(self, root: _Element) -> dict[str, list[int]]:
        tags = []
        for number, paragraph in enumerate(self._paragraphs):
            # Not in a run: of hidden text and unfilled content controls the reader drops the runs.
            tag = etree.Element(f"{self._word}t")
            tag.text = _TAG.format(number)
            paragraph.insert(_behind_properties(paragraph, self._word), tag)
            tags.append(tag)
        try:
            return self._read(etree.tostring(root, encoding="UTF-8"))
        finally:
            for tag in tags:
                _remove(tag)

    def _read(self, xml: bytes) -> dict[str, list[int]]:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as alone:
            alone.writestr(_MAIN_PART, xml)
        found: dict[str, list[int]] = defaultdict(list)
        for block in read_docx(packed.getvalue(), "").blocks:
            for piece in block.cells() if isinstance(block, Grid) else (block,):
                numbers = map(int, _TAGGED.findall(piece.text))
                known = [number for number in numbers if number < len(self._paragraphs)]
                if known:
                    found[piece.where.place] += known
        return found


class _Comments:
    """The comments of a document: its own, and those that are added."""

    def __init__(self, container: Container, main: str, word: str) -> None:
        self._word = word
        names = [link.name for link in container.links(main) if link.kind == "comments"]
        existing = next((name for name in names if name in container), "")
        if existing:
            self._root = container.edit(existing)
        else:
            self._root = etree.Element(f"{word}comments", nsmap={"w": word[1:-1]})
            name = container.free_name(main.rpartition("/")[0] + "/comments{}.xml").lstrip("/")
            container.put(name, self._root, _COMMENTS_TYPE)
            container.link(main, "comments", name)
        taken = (entry.get(f"{word}id", "") for entry in self._root)
        self._next = max((int(key) for key in taken if key.isdecimal()), default=-1) + 1
        self._now = datetime.now().strftime("%Y-%m-%dT%H:%M:%SZ")

    def add(self, text: str) -> str:
        """Add a comment of a paragraph for each line; returns its number."""
        w, key = self._word, str(self._next)
        self._next += 1
        entry = etree.SubElement(self._root, f"{w}comment")
        said = (("id", key), ("author", AUTHOR), ("date", self._now), ("initials", INITIALS))
        for name, value in said:
            entry.set(w + name, value)
        for line in text.split("\n"):
            run = etree.SubElement(etree.SubElement(entry, f"{w}p"), f"{w}r")
            piece = etree.SubElement(run, f"{w}t")
            piece.text = line
            piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        return key


def _attach(anchor: _Anchor, key: str, word: str) -> None:
    """Let a comment be about the paragraphs of ``anchor``; one without text gets but the comment's own mark."""
    start, end = (etree.Element(f"{word}commentRange{name}") for name in ("Start", "End"))
    run = etree.Element(f"{word}r")
    reference = etree.SubElement(run, f"{word}commentReference")
    for each in (start, end, reference):
        each.set(f"{word}id", key)
    anchor.first.insert(_behind_properties(anchor.first, word), start)
    anchor.last.extend((end, run))


def _behind_properties(paragraph: _Element, word: str) -> int:
    return 1 if len(paragraph) and paragraph[0].tag == f"{word}pPr" else 0


def _remove(tag: _Element) -> None:
    parent = tag.getparent()
    if parent is not None:
        parent.remove(tag)
