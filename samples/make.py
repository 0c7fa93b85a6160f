"""Write the sample forms: each ``<layout>/source.txt`` as a ``form.<ext>`` of every format in `WRITERS`.

    python samples/make.py             the forms
    python samples/make.py --golden    the forms, and what is read from them and found in them

A source draws a form. A line that begins with ``|`` is a row of a table, any other line a paragraph (centred
where a TAB stands before it). In a row, ``<`` says that the slot belongs to the cell on its left, ``^`` to the
cell above, and ``\\n`` begins a new line within a cell.

Equal sources make equal bytes, whatever the day and the machine.
"""

from __future__ import annotations

import argparse
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from formats import stored, write_html, write_odt, write_xlsx
from paper import write_ofd, write_pdf

SAMPLES = Path(__file__).resolve().parent
SOURCE = "source.txt"
#: with these the last row of a form begins; in a dump, its first cell has no TAB
TOTALS = ("总分", "合计", "总计")
#: out of the 160 styles and dozen parts of python-docx's template, what a form needs
STYLES = {"Normal", "DefaultParagraphFont", "TableNormal", "TableGrid"}
PARTS = ("/styles", "/settings", "/fontTable", "/theme")


@dataclass(eq=False)
class Drawn:
    """A cell and the slots it covers: rows ``top`` to ``bottom``, columns ``left`` to ``right``, both included."""

    text: str
    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Table:
    """A drawn table: ``slots[r][c]`` is the cell that covers that slot."""

    slots: list[list[Drawn]]

    def cells(self) -> Iterator[Drawn]:
        """Each cell once, in reading order."""
        return (cell for r, row in enumerate(self.slots) for c, cell in enumerate(row) if _starts(cell, r, c))

    def rows(self) -> list[list[str]]:
        """The texts of all slots; a cell speaks in its first slot, and the others are blank."""
        return [
            [cell.text if _starts(cell, r, c) else "" for c, cell in enumerate(row)]
            for r, row in enumerate(self.slots)
        ]


Block = str | Table


def _starts(cell: Drawn, row: int, column: int) -> bool:
    return (cell.top, cell.left) == (row, column)


def read_source(path: Path) -> list[Block]:
    """The paragraphs and tables of a source, in page order. Blank lines only part them."""
    blocks: list[Block] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.startswith("|"):
            blocks.append(line)
            continue
        if not blocks or not isinstance(blocks[-1], Table):
            blocks.append(Table([]))
        table = blocks[-1]
        assert isinstance(table, Table)
        drawn = line.rstrip().removeprefix("|").removesuffix("|").split("|")
        width = len(table.slots[0]) if table.slots else len(drawn)
        if len(drawn) != width:
            raise ValueError(f"{path}, line {number}: {len(drawn)} slots, but the table has {width}")
        _draw_row(table, [text.strip(" ").replace("\\n", "\n") for text in drawn])
    _require_rectangles(blocks, path)
    return [block for block in blocks if isinstance(block, Table) or block.strip()]


def _draw_row(table: Table, drawn: list[str]) -> None:
    row: list[Drawn] = []
    top = len(table.slots)
    for left, text in enumerate(drawn):
        if text == "<":
            cell = row[-1]
        elif text == "^":
            cell = table.slots[-1][left]
        else:
            cell = Drawn(text, top, left, top, left)
        cell.bottom, cell.right = top, max(cell.right, left)
        row.append(cell)
    table.slots.append(row)


def _require_rectangles(blocks: list[Block], path: Path) -> None:
    """Refuse a merged cell that Word could not hold: most likely a ``<`` or ``^`` too few."""
    for table in blocks:
        slots = [slot for row in table.slots for slot in row] if isinstance(table, Table) else []
        for cell in set(slots):
            if slots.count(cell) != (cell.bottom - cell.top + 1) * (cell.right - cell.left + 1):
                raise ValueError(f"{path}: the merged cell {cell.text!r} is no rectangle")


def write_txt(blocks: list[Block]) -> bytes:
    """A dump of the Word table: a cell a line behind its TAB, a blank line behind each row.

    A cell that began in a row above leaves an empty one; the further slots of a wide cell vanish.
    """
    parts: list[str] = []
    for block in blocks:
        parts += [block] if isinstance(block, str) else [_dump(row, r) for r, row in enumerate(block.slots)]
    return ("\n\n".join(parts) + "\n").encode()


def _dump(row: list[Drawn], number: int) -> str:
    cells = [cell for c, cell in enumerate(row) if cell.left == c]
    lines = "\n".join(f"\t{cell.text if cell.top == number else ''}" for cell in cells)
    return lines.removeprefix("\t") if cells[0].text in TOTALS else lines


def write_tsv(blocks: list[Block]) -> bytes:
    """Rows with TABs between their slots; a cell of several lines stands in quotes, as Excel copies it."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, str):
            lines.append(block.strip())
        else:
            rows = ([f'"{text}"' if "\n" in text else text for text in row] for row in block.rows())
            lines += map("\t".join, rows)
    return ("\n".join(lines) + "\n").encode()


def write_md(blocks: list[Block]) -> bytes:
    """Markdown: tables with pipes, their first row being the head."""
    parts: list[str] = []
    for block in blocks:
        if isinstance(block, str):
            parts.append(block.strip())
            continue
        rows = [[text.replace("\n", "<br>") for text in row] for row in block.rows()]
        rows.insert(1, ["---"] * len(rows[0]))
        parts.append("\n".join(f"| {' | '.join(row)} |" for row in rows))
    return ("\n\n".join(parts) + "\n").encode()


def write_docx(blocks: list[Block]) -> bytes:
    """A Word document with truly merged cells."""
    document = _blank_page()
    for block in blocks:
        if isinstance(block, Table):
            _fill(document.add_table(len(block.slots), len(block.slots[0]), "Table Grid"), block)
            continue
        paragraph = document.add_paragraph(block.removeprefix("\t"))
        if block.startswith("\t"):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    written = io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as package:
        return stored({name: package.read(name) for name in package.namelist()})


def _blank_page() -> Document:
    document = docx.Document()
    for style in [one for one in document.styles.element.style_lst if one.styleId not in STYLES]:
        style.delete()
    for name in [name for name, link in document.part.rels.items() if not link.reltype.endswith(PARTS)]:
        document.part.drop_rel(name)
    links = document.part.package.rels
    for name in [name for name, link in links.items() if link.reltype.endswith("/thumbnail")]:
        del links[name]
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "宋体", Pt(9)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    return document


def _fill(target: docx.table.Table, table: Table) -> None:
    slots = [row.cells for row in target.rows]
    for cell in table.cells():
        merged = slots[cell.top][cell.left].merge(slots[cell.bottom][cell.right])
        first, *more = cell.text.split("\n")
        merged.paragraphs[0].text = first
        for line in more:
            merged.add_paragraph(line)


WRITERS: dict[str, Callable[[list[Block]], bytes]] = {
    "form.docx": write_docx,
    "form.txt": write_txt,
    "form.tsv": write_tsv,
    "form.md": write_md,
    "form.html": write_html,
    "form.xlsx": write_xlsx,
    "form.odt": write_odt,
    "form.pdf": write_pdf,
    "form.ofd": write_ofd,
}


def layouts() -> list[Path]:
    """The folders of all samples."""
    return sorted(path.parent for path in SAMPLES.glob(f"*/{SOURCE}"))


def make_forms(folder: Path) -> dict[str, bytes]:
    """What the source of a sample makes: file names with their contents."""
    blocks = read_source(folder / SOURCE)
    return {name: write(blocks) for name, write in WRITERS.items()}


def main() -> None:
    """Write the forms of all samples, with ``--golden`` their golden files too."""
    parser = argparse.ArgumentParser(description="Write the sample forms.")
    parser.add_argument("--golden", action="store_true", help="also write record.json and findings.csv")
    with_golden = parser.parse_args().golden
    for folder in layouts():
        for name, content in make_forms(folder).items():
            (folder / name).write_bytes(content)
        if with_golden:
            from golden import make_golden  # needs the product itself

            for name, content in make_golden(folder).items():
                (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
