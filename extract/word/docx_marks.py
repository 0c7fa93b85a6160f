"""Settle the marks of a Word part's text: what is struck out goes, what is raised is written in raised characters."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element

from extract.document import Bilingual
from extract.marks import STRUCK, raised
from extract.word.docx_words import Vocabulary

_OFF = ("0", "false", "off")


class Marks:
    """Settles the parts of one file; ``notes`` says what a user of the text should know.

    A mark counts on a run itself; what a style strikes out or raises is not told, but for the numbers of notes
    that someone typed.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.notes: tuple[Bilingual, ...] = ()

    def settle(self, root: _Element) -> None:
        """Change the tree under ``root`` in place; deletions and hidden text have gone before."""
        # A list of those that are on: LibreOffice says of every run that it is not struck out.
        for run in list(self._runs_with(root, "strike", "dstrike")):
            parent = run.getparent()
            if parent is None:
                continue  # struck out by both, once and twice
            if any((text.text or "").strip() for text in self._texts(run)):
                self.notes = (STRUCK,)
            parent.remove(run)
        for run in self._runs_with(root, "vertAlign", "footnoteReference", "endnoteReference"):
            for text in self._texts(run):
                text.text = raised(text.text or "")

    def _texts(self, run: _Element) -> Iterator[_Element]:
        return (node for node in run if self._vocabulary.kind(node) == "t")

    def _runs_with(self, root: _Element, *names: str) -> Iterator[_Element]:
        """The runs that have one of these marks."""
        full_names = [self._vocabulary.namespace + name for name in names]
        for mark in root.iter(*full_names):
            owner = mark.getparent()
            if owner is not None and self._vocabulary.kind(owner) == "rPr":
                owner = owner.getparent()
            if owner is not None and self._vocabulary.kind(owner) == "r" and self._is_on(mark):
                yield owner

    def _is_on(self, mark: _Element) -> bool:
        value = self._vocabulary.value(mark)
        return value == "superscript" if str(mark.tag).endswith("}vertAlign") else value not in _OFF
