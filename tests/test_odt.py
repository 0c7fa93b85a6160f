"""OpenDocument texts give the same lines and grids as the .docx they were saved from."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from fuzzing import survives
from test_doc import shape

from extract.document import Document, Grid, Line, ReadError
from extract.word.docx import read_docx
from extract.word.odt import read_odt

FILES = Path(__file__).parent / "files"
#: made by LibreOffice from various.docx
VARIOUS = (FILES / "various.odt").read_bytes()
_NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in {
        "office": "office", "text": "text", "table": "table", "style": "style", "draw": "drawing",
        "manifest": "manifest",
    }.items()
)  # fmt: skip


def odt(body: str, styles: str = "", parts: dict[str, str] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        container.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        container.writestr(
            "content.xml",
            f"<office:document-content {_NAMESPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        )
        for name, content in (parts or {}).items():
            container.writestr(name, content.format(namespaces=_NAMESPACES))
    return out.getvalue()


def read(body: str, styles: str = "", parts: dict[str, str] | None = None) -> Document:
    return read_odt(odt(body, styles, parts), "form.odt")


def lines(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Line)]


def grids(document: Document) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row] for row in block.rows]
        for block in document.blocks
        if isinstance(block, Grid)
    ]


def cell(text: str, **counts: int) -> str:
    attributes = "".join(
        f' table:number-{name.replace("_", "-")}="{count}"' for name, count in counts.items()
    )
    return f"<table:table-cell{attributes}><text:p>{text}</text:p></table:table-cell>"


def row(*cells: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{"".join(cells)}</table:table-row>'


COVERED = "<table:covered-table-cell/>"


def test_a_file_reads_as_the_docx_it_was_saved_from() -> None:
    new, docx = read_odt(VARIOUS, "form"), read_docx((FILES / "various.docx").read_bytes(), "form")
    # the page's number was counted anew when it was saved
    assert [str(block).replace("☑0", "☑1") for block in shape(new)] == [str(block) for block in shape(docx)]
    assert new.notes == docx.notes
    assert [(line.text, line.where.place) for line in new.margins] == [
        (line.text, line.where.place) for line in docx.margins
    ]


def test_merged_cells_are_one_in_all_their_slots() -> None:
    document = read(
        "<table:table>"
        + row(cell("甲", rows_spanned=2, columns_spanned=2), COVERED, cell("1"))
        + row(COVERED, COVERED, cell("2"))
        + row(cell("a"), cell("b"), cell("c"))
        + "</table:table>"
    )
    (grid,) = document.blocks
    assert isinstance(grid, Grid)
    assert grids(document) == [[["甲", "甲", "1"], ["甲", "甲", "2"], ["a", "b", "c"]]]
    assert len({id(grid.rows[r][c]) for r in (0, 1) for c in (0, 1)}) == 1


def test_a_cell_covered_by_nothing_keeps_its_slot() -> None:
    assert grids(read("<table:table>" + row(COVERED, cell("1")) + "</table:table>")) == [[["", "1"]]]


def test_repeated_rows_and_cells_are_there_as_often() -> None:
    body = "<table:table>" + row(cell("1", columns_repeated=2), cell("2"), times=2) + "</table:table>"
    assert grids(read(body)) == [[["1", "1", "2"]] * 2]


@pytest.mark.parametrize("body", [row(cell("1", columns_repeated=9999999)), row(cell("1"), times=9999999)])
def test_absurd_repetitions_are_refused(body: str) -> None:
    with pytest.raises(ReadError, match="过大"):
        read(f"<table:table>{body}</table:table>")


def test_rows_in_groups_and_headers_are_rows() -> None:
    body = (
        f"<table:table><table:table-header-rows>{row(cell('表头'))}</table:table-header-rows>"
        f"<table:table-row-group><table:table-rows>{row(cell('1'))}</table:table-rows></table:table-row-group></table:table>"
    )
    assert grids(read(body)) == [[["表头"], ["1"]]]


def test_a_table_in_a_cell_follows_the_table_around_it() -> None:
    inner = f"<table:table table:is-sub-table='true'>{row(cell('内'))}</table:table>"
    body = (
        f"<table:table>{row('<table:table-cell>' + inner + '</table:table-cell>', cell('外'))}</table:table>"
    )
    assert grids(read(body)) == [[["", "外"]], [["内"]]]


def test_paragraphs_of_a_cell_and_items_of_lists_are_lines() -> None:
    item = "<text:list><text:list-item><text:p>二</text:p></text:list-item></text:list>"
    body = (
        f"<table:table>{row(f'<table:table-cell><text:p>一</text:p>{item}</table:table-cell>')}</table:table>"
    )
    assert grids(read(body)) == [[["一\n二"]]]
    assert lines(read(item + "<text:section><text:h>三</text:h></text:section>")) == ["二", "三"]


def test_blanks_tabs_and_breaks_are_as_on_the_page() -> None:
    body = '<text:p>\n  甲<text:s text:c="3"/>乙<text:tab/>丙<text:line-break/>丁\n   戊<text:s text:c="99999"/>。</text:p>'
    (line,) = lines(read(body))
    assert line.startswith("甲   乙\t丙\n丁 戊 ") and len(line) < 300


def test_what_is_not_on_the_page_is_left_out() -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>删</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        "<text:p>甲<text:note><text:note-body><text:p>注</text:p></text:note-body></text:note>"
        "<office:annotation><text:p>批</text:p></office:annotation>"
        '<text:span text:style-name="T1">藏</text:span><text:placeholder>点此输入</text:placeholder>'
        "<text:ruby><text:ruby-base>乙</text:ruby-base><text:ruby-text>yi</text:ruby-text></text:ruby></text:p>"
    )
    style = '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'
    document = read(body, style)
    assert lines(document) == ["甲乙"]
    assert len(document.notes) == 3


def test_a_text_box_follows_its_paragraph() -> None:
    box = "<draw:frame><draw:text-box><text:p>框</text:p></draw:text-box></draw:frame>"
    document = read(f"<text:p>前{box}后</text:p><text:p>末</text:p>")
    assert lines(document) == ["前后", "框", "末"]
    assert [block.where.place for block in document.blocks if isinstance(block, Line)] == [
        "第1段",
        "第1段",
        "第2段",
    ]


def test_headers_and_footers_are_margins() -> None:
    styles = (
        "<office:document-styles {namespaces}><office:master-styles><style:master-page>"
        "<style:footer><text:p>第1页</text:p></style:footer><style:header><text:p>附件</text:p></style:header>"
        "</style:master-page></office:master-styles></office:document-styles>"
    )
    margins = read("<text:p>正文</text:p>", parts={"styles.xml": styles}).margins
    assert [(line.where.part, line.text) for line in margins] == [("页眉", "附件"), ("页脚", "第1页")]


class TestRefused:
    def test_a_locked_file(self) -> None:
        manifest = "<manifest:manifest {namespaces}><manifest:encryption-data/></manifest:manifest>"
        with pytest.raises(ReadError, match="密码"):
            read("", parts={"META-INF/manifest.xml": manifest})

    def test_a_container_without_text(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as container:
            container.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        with pytest.raises(ReadError, match="odt"):
            read_odt(out.getvalue(), "form")

    def test_another_kind_of_document(self) -> None:
        data = odt("").replace(b"office:text", b"office:draw")
        with pytest.raises(ReadError):
            read_odt(data, "form")


@pytest.mark.parametrize("seed", range(3))
def test_a_damaged_file_is_read_or_refused(seed: int) -> None:
    assert survives(read_odt, VARIOUS, seed) > 50
    body = (
        "<table:table>"
        + row(cell("甲", rows_spanned=2), cell("1"))
        + row(COVERED, cell("2"))
        + "</table:table>"
    )
    stored = odt(body)
    inside = stored[stored.index(b"<office:text>") : stored.index(b"</office:text>")].decode()

    def read_content(data: bytes, source: str) -> Document:
        return read_odt(odt(data.decode("utf-8", "replace").removeprefix("<office:text>")), source)

    survives(read_content, inside.encode(), seed)
