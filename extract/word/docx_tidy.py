"""Bring the tree of a Word part into the state its page shows, so that it can be read from front to back.

What is deleted, hidden or only a prompt goes; what is inserted stays; text boxes move behind the paragraph
that they hang on, and tables within tables behind the table that holds them.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from lxml.etree import _Element

from extract.document import Bilingual, ReadError
from extract.limits import MAX_CHANGES, MAX_TABLES
from extract.word.docx_words import Vocabulary

_OFF = ("0", "false", "off")

_TRACKED = Bilingual(
    "文档带有修订痕迹，按接受全部修订后的内容读取。",
    "The document has tracked changes and was read as if all of them were accepted.",
)
_HIDDEN = Bilingual(
    "文档含有隐藏文字，未予读取。",
    "The document has hidden text, which was not read.",
)
_PROMPTS = Bilingual(
    "文档有未填写的内容控件，其中的提示文字未予读取。",
    "The document has content controls that were not filled in; their prompts were not read.",
)
_FOREIGN = Bilingual(
    "文档有一部分内容是嵌入的另一文件，未予读取；请用 Word 打开并另存后再读。",
    "Part of the document is an embedded file, which was not read; open and save it with Word first.",
)


class Tidy:
    """Tidies the parts of one file; ``notes`` says what a user of the text should know, once each."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._kind = vocabulary.kind
        self._notes: set[Bilingual] = set()
        self._settle: dict[str, Callable[[_Element], None]] = {
            "ins": self._inserted,
            "moveTo": self._inserted,
            "cellIns": self._inserted,
            "cellMerge": self._inserted,
            "del": self._deleted,
            "moveFrom": self._deleted,
            "cellDel": self._deleted_cell,
            "showingPlcHdr": self._prompt,
            "vanish": self._hidden,
            "altChunk": self._foreign,
            "AlternateContent": self._choose,
            # The reading above a ruby base, and how a cell or row was before a change.
            "rt": _drop,
            "tcPrChange": _drop,
            "trPrChange": _drop,
        }

    @property
    def notes(self) -> tuple[Bilingual, ...]:
        """What was met in the parts tidied so far."""
        return tuple(note for note in (_TRACKED, _HIDDEN, _PROMPTS, _FOREIGN) if note in self._notes)

    def tidy(self, root: _Element) -> None:
        """Change the tree under ``root`` in place."""
        # lxml knows which names a document lacks: an ordinary one is not even walked here. From the end, so
        # that what is inside is settled first, and joining thousands of paragraphs moves each node once.
        for node in reversed(_all(root, self._vocabulary.unsettled, MAX_CHANGES)):
            if settle := self._settle.get(self._kind(node)):
                settle(node)
        self._move_boxes(root)
        self._move_inner_tables(root)

    def _move_boxes(self, root: _Element) -> None:
        """Put each text box behind its paragraph: the last one first, so that several keep their order."""
        box_name, paragraph = self._names("txbxContent", "p")
        for box in reversed(_all(root, (box_name,), MAX_CHANGES)):
            anchor = next(box.iterancestors(paragraph), None)
            if anchor is not None:
                anchor.addnext(box)

    def _move_inner_tables(self, root: _Element) -> None:
        """Put each table that stands in a cell behind the one before it: page order, and none within another."""
        table_name, cell = self._names("tbl", "tc")
        last: _Element | None = None
        for table in _all(root, (table_name,), MAX_TABLES):
            if last is not None and next(table.iterancestors(cell), None) is not None:
                last.addnext(table)
            last = table

    def _inserted(self, _: _Element) -> None:
        self._notes.add(_TRACKED)

    def _deleted(self, node: _Element) -> None:
        """A deletion wraps what goes, or is a mark in the properties of a row or of a paragraph's end."""
        self._notes.add(_TRACKED)
        match self._kind(node.getparent()):
            case "trPr":
                _drop(_owner(node, 2))
            case "rPr" if self._kind(_owner(node, 2)) == "pPr":
                self._join_paragraphs(_owner(node, 3))
            case _:
                _drop(node)

    def _deleted_cell(self, node: _Element) -> None:
        self._notes.add(_TRACKED)
        _drop(_owner(node, 2))

    def _join_paragraphs(self, paragraph: _Element | None) -> None:
        """Move what is left of a paragraph whose end was deleted into the paragraph that follows it."""
        following = None if paragraph is None else paragraph.getnext()
        if paragraph is None or following is None:
            return
        if self._kind(paragraph) != "p" or self._kind(following) != "p":
            return
        start = 1 if len(following) and self._kind(following[0]) == "pPr" else 0
        following[start:start] = [node for node in paragraph if self._kind(node) != "pPr"]
        _drop(paragraph)

    def _prompt(self, mark: _Element) -> None:
        """Drop the runs of a content control that nobody has filled; its cells and rows stay."""
        control = _owner(mark, 2)
        if control is None or self._kind(control) != "sdt" or not self._is_on(mark):
            return
        for run in _all(control, self._names("r"), MAX_CHANGES):
            _drop(run)
            self._notes.add(_PROMPTS)

    def _hidden(self, mark: _Element) -> None:
        run = _owner(mark, 2)
        if run is not None and self._kind(run) == "r" and self._is_on(mark):
            if len(run) > 1:
                self._notes.add(_HIDDEN)
            _drop(run)

    def _foreign(self, _: _Element) -> None:
        self._notes.add(_FOREIGN)

    def _choose(self, alternatives: _Element) -> None:
        """Keep the first choice, or the fallback where there is none; both would say everything twice."""
        first = next(alternatives.iterchildren("{*}Choice"), next(iter(alternatives), None))
        if first is not None:
            alternatives[:] = [first]

    def _names(self, *names: str) -> tuple[str, ...]:
        return tuple(self._vocabulary.namespace + name for name in names)

    def _is_on(self, switch: _Element) -> bool:
        return self._vocabulary.value(switch) not in _OFF


def _all(root: _Element, names: tuple[str, ...], most: int) -> list[_Element]:
    """All elements of these names, in order; a list, since the tree changes under a running iteration."""
    found = list(islice(root.iter(*names), most + 1))
    if len(found) > most:
        raise ReadError(
            "文档的修订、文本框或表格过多，超出读取上限；请接受全部修订后另存，或拆分为几个文件。",
            "The document has more tracked changes, text boxes or tables than are read; accept all changes "
            "and save it again, or split it.",
        )
    return found


def _owner(node: _Element, levels: int) -> _Element | None:
    """The element that many levels above ``node``, if there is one."""
    owner: _Element | None = node
    for _ in range(levels):
        owner = None if owner is None else owner.getparent()
    return owner


def _drop(node: _Element | None) -> None:
    parent = None if node is None else node.getparent()
    if node is not None and parent is not None:
        parent.remove(node)
