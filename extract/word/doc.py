"""Read an old Word document (.doc, and WPS Writer's .wps, which is the same format): text and tables in page order.

``extract/word/doc_file.py`` finds the paragraphs, ``extract/word/doc_properties.py`` tells which of them are in tables,
``extract/word/doc_flow.py`` lays these out.

Not read: footnotes, comments, automatic numbers, and what styles alone hide, strike out or raise. Text boxes come last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from extract.document import Bilingual, Document, Line, Where
from extract.marks import STRUCK
from extract.word.doc_file import OlderWord, WordFile
from extract.word.doc_flow import Flow, Mark
from extract.word.docx_words import trimmed
from extract.word.office import read_by_office

# a field's code up to its result: "\x13 HYPERLINK … \x14", or up to its end where it has none
_FIELD_CODE = re.compile(r"\x13[^\x13-\x15]*[\x14\x15]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_CHARACTERS = str.maketrans({
    "\x0b": "\n", "\x0e": "\n", "\x0c": "\n", "\x1e": "-",
    # deleted characters; pictures, notes, comments and drawings that hang here; the rest of fields; soft hyphens
    **dict.fromkeys("\0\x01\x02\x03\x04\x05\x06\x07\x08\x0d\x13\x14\x15\x1f", None),
})  # fmt: skip

TRACKED = Bilingual(
    "文档带有修订痕迹，按接受全部修订后的内容读取。",
    "The document has tracked changes and was read as if all of them were accepted.",
)
HIDDEN = Bilingual("文档含有隐藏文字，未予读取。", "The document has hidden text, which was not read.")
NOTES = {TRACKED: ("deleted", "inserted"), HIDDEN: ("hidden",), STRUCK: ("struck",)}
"""What to say about what was met in a text."""


def read_doc(data: bytes, source: str) -> Document:
    """Read the bytes of a Word 97 file; ``source`` is the name that every place in the document carries.

    Blocks are a Line for each paragraph with text (``row`` counts all paragraphs outside tables) and a Grid
    for each table; tables within a table follow it. Raises ReadError, and nothing else.
    """
    try:
        file = WordFile(data)
    except OlderWord:
        return read_by_office(data, source)
    flow = Flow(source)
    for mark in file.body():
        flow.add(mark._replace(text=_plain(mark.text)))
    flow.end_tables(0)
    for mark in file.text_boxes():
        flow.add_paragraph(_plain(mark.text), is_counted=False)
    notes = [note for note, kinds in NOTES.items() if not file.met.isdisjoint(kinds)]
    return Document(source, tuple(flow.blocks), tuple(_margins(file, source)), tuple(notes))


def _plain(text: str) -> str:
    """A paragraph's text as it is seen: results of fields without their codes."""
    while "\x13" in text:
        shorter = _FIELD_CODE.sub("", text)
        if shorter == text:
            break
        text = shorter
    if _SURROGATES.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.translate(_CHARACTERS)


def _margins(file: WordFile, source: str) -> Iterator[Line]:
    """The headers, then the footers: a Line for each paragraph with text."""
    texts: dict[str, list[str]] = {"header": [], "footer": []}
    for kind, marks in file.margins():
        texts[kind] += _texts(marks)
    for kind, part in (("header", "页眉"), ("footer", "页脚")):
        for row, text in enumerate(dict.fromkeys(texts[kind]), start=1):
            yield Line(text, Where(source, part, row))


def _texts(marks: Iterable[Mark]) -> list[str]:
    return [text for mark in marks if (text := trimmed(_plain(mark.text)))]
