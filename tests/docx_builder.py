"""Word documents for the tests, written as the XML that matters in them and nothing else."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from extract.document import Document, Grid, Line
from extract.word.docx import read_docx

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"

_NAMESPACES = {
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "v": "urn:schemas-microsoft-com:vml",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
}


def part(root: str, content: str, word: str = TRANSITIONAL) -> bytes:
    """The XML of a part whose root is ``w:<root>``."""
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in {"w": word, **_NAMESPACES}.items())
    return f"<?xml version='1.0' encoding='UTF-8'?><w:{root}{declared}>{content}</w:{root}>".encode()


def zipped(parts: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip container of these parts."""
    container = io.BytesIO()
    with zipfile.ZipFile(container, "w", packing) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return container.getvalue()


def docx(body: str, parts: Mapping[str, bytes] | None = None, word: str = TRANSITIONAL) -> bytes:
    """A .docx file with this body, and further parts."""
    return zipped({"word/document.xml": part("document", f"<w:body>{body}</w:body>", word), **(parts or {})})


def read(body: str, parts: Mapping[str, bytes] | None = None) -> Document:
    """What the reader makes of a .docx file with this body."""
    return read_docx(docx(body, parts), "表.docx")


def lines(document: Document) -> list[str]:
    """The texts of the paragraphs outside tables."""
    return [block.text for block in document.blocks if isinstance(block, Line)]


def grids(document: Document) -> list[Grid]:
    """The tables."""
    return [block for block in document.blocks if isinstance(block, Grid)]


def grid(body: str) -> Grid:
    """The one table of a .docx file with this body."""
    (only,) = grids(read(body))
    return only


def slots(table: Grid) -> list[list[str]]:
    """The texts of a table, slot by slot: a merged cell's text stands in each of its slots."""
    return [[cell.text for cell in row] for row in table.rows]


def r(text: str, properties: str = "") -> str:
    """A run."""
    wrapped = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{wrapped}<w:t xml:space="preserve">{text}</w:t></w:r>'


def p(content: str = "", properties: str = "") -> str:
    """A paragraph; ``content`` is text, or runs as XML."""
    wrapped = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    runs = content if content.startswith("<") or not content else r(content)
    return f"<w:p>{wrapped}{runs}</w:p>"


def tc(content: str = "", properties: str = "") -> str:
    """A cell; ``content`` is text, or paragraphs and tables as XML."""
    wrapped = f"<w:tcPr>{properties}</w:tcPr>" if properties else ""
    return f"<w:tc>{wrapped}{content if content.startswith('<w:') else p(content)}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    """A row; each cell is text, or a ``w:tc`` or its wrapper as XML."""
    wrapped = f"<w:trPr>{properties}</w:trPr>" if properties else ""
    inside = "".join(cell if cell.startswith("<w:") else tc(cell) for cell in cells)
    return f"<w:tr>{wrapped}{inside}</w:tr>"


def tbl(*rows: str) -> str:
    """A table."""
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def span(columns: int | str) -> str:
    """The property of a cell over several columns."""
    return f'<w:gridSpan w:val="{columns}"/>'


RESTART = '<w:vMerge w:val="restart"/>'
CONTINUE = "<w:vMerge/>"
