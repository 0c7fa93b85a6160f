"""Workbooks for the tests, written as the XML that matters in them and nothing else."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from extract.document import Document, Grid, Line
from extract.sheets.ods import read_ods
from extract.sheets.spreadsheetml import read_spreadsheetml
from extract.sheets.xlsx import read_xlsx

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ROOT = f'xmlns="{MAIN}" xmlns:r="{LINKS}"'
_OPENDOCUMENT = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office", "table": "table", "text": "text", "style": "style", "fo": "xsl-fo-compatible"
    }.items()
)  # fmt: skip


def zipped(parts: Mapping[str, str | bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip container of these parts."""
    container = io.BytesIO()
    with zipfile.ZipFile(container, "w", packing) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return container.getvalue()


def links(*targets: tuple[str, str, str]) -> str:
    """The relationships of a part: for each its id, what it is for, and where it leads."""
    entries = "".join(f'<Relationship Id="{i}" Type="x/{kind}" Target="{to}"/>' for i, kind, to in targets)
    return f"<Relationships>{entries}</Relationships>"


def c(slot: str, value: object = None, *, style: int = 0, kind: str = "", formula: str | None = None) -> str:
    """A cell: numbers and results as ``<v>``, and a text in the cell itself unless ``kind`` says otherwise."""
    if isinstance(value, str) and not kind:
        return f'<c r="{slot}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    held = "" if formula is None else f"<f>{escape(formula)}</f>"
    held += "" if value is None else f"<v>{escape(str(value))}</v>"
    said = f" t={quoteattr(kind)}" if kind else ""
    return f'<c r="{slot}" s="{style}"{said}>{held}</c>'


def rows(*cells_by_row: str, hidden: Sequence[int] = ()) -> str:
    """The data of a sheet, a string of cells for each row."""
    data = ""
    for number, cells in enumerate(cells_by_row, start=1):
        is_hidden = ' hidden="1"' if number in hidden else ""
        data += f'<row r="{number}"{is_hidden}>{cells}</row>'
    return f"<sheetData>{data}</sheetData>"


def merged(*areas: str) -> str:
    """The merged cells of a sheet."""
    return "<mergeCells>" + "".join(f'<mergeCell ref="{area}"/>' for area in areas) + "</mergeCells>"


def styles(*codes: str, framed: bool = False) -> str:
    """Cell styles 0, 1, 2 … with these number formats; ``framed`` gives the last one a border."""
    formats = "".join(
        f"<numFmt numFmtId='{200 + n}' formatCode={quoteattr(code)}/>" for n, code in enumerate(codes)
    )
    last = len(codes) - 1
    cells = "".join(
        f"<xf numFmtId='{200 + n}' borderId='{int(framed and n == last)}'/>" for n in range(len(codes))
    )
    borders = "<borders><border><left/></border><border><left style='thin'/></border></borders>"
    return f"<styleSheet {_ROOT}><numFmts>{formats}</numFmts>{borders}<cellXfs>{cells}</cellXfs></styleSheet>"


def xlsx(
    *sheets: str, names: Sequence[str] = (), states: Sequence[str] = (), settings: str = "", **parts: str
) -> bytes:
    """A workbook of these sheets (``Sheet1`` and so on, unless named). ``parts`` are the XML of ``xl/<name>.xml``."""
    known = {"styles": "styles", "sharedStrings": "sharedStrings"}
    numbers = range(1, len(sheets) + 1)
    entries = "".join(
        f"<sheet name={quoteattr(names[n - 1] if names else f'Sheet{n}')} sheetId='{n}' r:id='s{n}'"
        f" state='{states[n - 1] if states else 'visible'}'/>"
        for n in numbers
    )
    return zipped(
        {
            "_rels/.rels": links(("r", "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f"<workbook {_ROOT}>{settings}<sheets>{entries}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": links(
                *((f"s{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers),
                *((name, kind, f"{name}.xml") for name, kind in known.items() if name in parts),
            ),
            **{
                f"xl/worksheets/sheet{n}.xml": f"<worksheet {_ROOT}>{sheet}</worksheet>"
                for n, sheet in enumerate(sheets, start=1)
            },
            **{f"xl/{name}.xml": content for name, content in parts.items()},
        }
    )


def strings(*items: str) -> str:
    """The table of shared strings; each item is the XML within ``<si>``."""
    return f"<sst {_ROOT}>" + "".join(f"<si>{item}</si>" for item in items) + "</sst>"


def ods(body: str, automatic: str = "", manifest: str = "") -> bytes:
    """An OpenDocument spreadsheet; ``body`` is its tables."""
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": f"<office:document-content {_OPENDOCUMENT}><office:automatic-styles>{automatic}"
        f"</office:automatic-styles><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>"
        "</office:document-content>",
    }
    return zipped(parts | ({"META-INF/manifest.xml": manifest} if manifest else {}))


def read(*sheets: str, **options: object) -> Document:
    """What the reader makes of a workbook of these sheets."""
    return read_xlsx(xlsx(*sheets, **options), "表.xlsx")  # type: ignore[arg-type]


def read_table(body: str, automatic: str = "") -> Document:
    """What the reader makes of an OpenDocument table named 表."""
    return read_ods(ods(f'<table:table table:name="表">{body}</table:table>', automatic), "表.ods")


def grids(document: Document) -> list[Grid]:
    """The tables."""
    return [block for block in document.blocks if isinstance(block, Grid)]


def lines(document: Document) -> list[str]:
    """The texts outside tables."""
    return [block.text for block in document.blocks if isinstance(block, Line)]


def texts(document: Document) -> list[list[str]]:
    """The texts of the one table."""
    (grid,) = grids(document)
    return [[cell.text for cell in row] for row in grid.rows]


def notes(document: Document) -> list[str]:
    """The notes in Chinese."""
    return [note.zh for note in document.notes]


def spreadsheetml_text(table: str, styles: str = "", options: str = "", name: str = "表") -> str:
    """A workbook of Excel 2003 in XML; ``table`` is its rows, ``options`` what stands behind its one sheet's table."""
    space = "urn:schemas-microsoft-com:office:"
    return (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        f'<Workbook xmlns="{space}spreadsheet" xmlns:ss="{space}spreadsheet" xmlns:x="{space}excel" '
        f'xmlns:html="http://www.w3.org/TR/REC-html40"><Styles>{styles}</Styles>'
        f'<Worksheet ss:Name="{name}"><Table>{table}</Table>{options}</Worksheet></Workbook>'
    )


def spreadsheetml(table: str, styles: str = "", options: str = "") -> Document:
    """What the reader makes of such a workbook."""
    return read_spreadsheetml(spreadsheetml_text(table, styles, options).encode(), "表.xls")
