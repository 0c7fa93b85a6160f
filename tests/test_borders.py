"""Borders that miss each other: the grid is the one that a person sees, and a form is read as if they met."""

from __future__ import annotations

import random
import zipfile
from itertools import accumulate, pairwise
from pathlib import Path

import pytest
import test_odt as odt
from docx_builder import CONTINUE, RESTART, grid, slots, span, tbl, tc, tr
from lxml.etree import Element, SubElement, _Element, fromstring, tostring
from test_samples import LAYOUTS, SAMPLES

from extract.document import Grid
from extract.grid_lines import SAME_LINE
from extract.word.doc_flow import Flow, Mark, Paragraph, RowShape

from golden import describe_all  # isort: skip  # found by test_samples

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: as far as a border is moved to either side, in twentieths of a point: 3 mm
FARTHEST = 170


def columns(*widths: int | str) -> str:
    """The definition of a table's columns."""
    each = (f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tblGrid>{''.join(each)}</w:tblGrid>"


def test_lines_that_a_hand_could_not_make_meet_are_one() -> None:
    one = grid(
        tbl(
            columns(1000, 15, 985, 1000),
            tr("头一", tc("头二", span(2)), "头三"),
            tr(tc("甲", span(2)), "乙", "丙"),
        )
    )
    assert slots(one) == [["头一", "头二", "头三"], ["甲", "乙", "丙"]]
    assert [cell.where.col for cell in one.rows[1]] == [1, 2, 3]


def test_a_narrow_cell_between_two_lines_keeps_them_apart() -> None:
    rows = (tr("a", "1", "b"), tr(tc("c", span(2)), "d"))
    assert slots(grid(tbl(columns(1000, 200, 1000), *rows))) == [["a", "1", "b"], ["c", "c", "d"]]


def test_lines_farther_apart_than_a_slip_of_the_hand_stay_two() -> None:
    rows = (tr("a", tc("b", span(2))), tr(tc("c", span(2)), "d"))
    apart = grid(tbl(columns(1000, SAME_LINE + 1, 1000), *rows))
    assert slots(apart) == [["a", "b", "b"], ["c", "c", "d"]]
    assert slots(grid(tbl(columns(1000, SAME_LINE, 1000), *rows))) == [["a", "b"], ["c", "d"]]


def test_a_line_between_two_joins_the_nearer_one() -> None:
    one = grid(
        tbl(
            columns(1000, 300, 200, 1000),
            tr("a", tc("1", span(2)), "b"),
            tr(tc("c", span(2)), tc("d", span(2))),
        )
    )
    assert slots(one) == [["a", "1", "b"], ["c", "c", "d"]]


def test_a_cell_goes_on_below_though_its_border_is_off() -> None:
    one = grid(
        tbl(
            columns(1000, 20, 980, 1000),
            tr("a", tc("长", span(2) + RESTART), "1"),
            tr(tc("b", span(2)), tc("", CONTINUE), "2"),
        )
    )
    assert slots(one) == [["a", "长", "1"], ["b", "长", "2"]]
    assert one.rows[0][1] is one.rows[1][1]


@pytest.mark.parametrize("defined", ["", columns(1000, "x", 985, 1000), columns(1000, 15)])
def test_without_the_widths_of_all_columns_they_are_counted_as_they_are(defined: str) -> None:
    one = grid(tbl(defined, tr("a", tc("b", span(2)), "c"), tr(tc("d", span(2)), "e", "f")))
    assert slots(one) == [["a", "b", "b", "c"], ["d", "d", "e", "f"]]


def test_rows_of_word_97_and_rtf_meet_as_those_of_docx_do() -> None:
    flow = Flow("表.doc")
    for texts, edges in ((("头一", "头二"), [0, 1000, 2000]), (("甲", "乙"), [-20, 1150, 2020])):
        for text in texts:
            flow.add(Mark(text, "\x07", Paragraph(1)))
        shape = RowShape(edges, ["", ""], ["", ""])
        flow.add(Mark("", "\x07", Paragraph(1, ends_row=True, shape=shape)))
    flow.end_tables(0)
    (one,) = flow.blocks
    assert isinstance(one, Grid)
    assert slots(one) == [["头一", "头二"], ["甲", "乙"]]


def test_rows_of_opendocument_meet_too() -> None:
    widths = {"a": "0.69in", "b": "0.3cm", "c": "17mm"}
    styles = "".join(
        f'<style:style style:name="{name}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width}"/></style:style>'
        for name, width in widths.items()
    )
    rows = odt.row(odt.cell("头一"), odt.cell("头二", columns_spanned=2), odt.COVERED, odt.cell("头三"))
    rows += odt.row(odt.cell("甲", columns_spanned=2), odt.COVERED, odt.cell("乙"), odt.cell("丙"))
    defined = "".join(f'<table:table-column table:style-name="{name}"/>' for name in "abc")
    last = '<table:table-columns><table:table-column table:style-name="c"/></table:table-columns>'
    table = f"<table:table>{defined}{last}{rows}</table:table>"
    met, apart = [["头一", "头二", "头三"], ["甲", "乙", "丙"]], ["头一", "头二", "头二", "头三"]
    assert odt.grids(odt.read(table, styles)) == [met]
    assert odt.grids(odt.read(table))[0][0] == apart
    assert odt.grids(odt.read(table, styles.replace("0.3cm", "30%")))[0][0] == apart


def test_a_cell_of_opendocument_that_is_narrower_below_moves_no_other() -> None:
    rows = odt.row(odt.cell("产出", columns_spanned=2, rows_spanned=2), odt.COVERED, odt.cell("10"))
    rows += odt.row(odt.COVERED, odt.cell("人数"), odt.cell("9"))
    (found,) = odt.grids(odt.read(f"<table:table>{rows}</table:table>"))
    assert found == [["产出", "产出", "10"], ["产出", "人数", "9"]]


def jitter(table: _Element, chance: random.Random) -> None:
    """Move the inner borders of each row of ``table``, as a hand does that drags them row by row."""
    defined = table.find(f"{W}tblGrid")
    assert defined is not None
    edges = list(accumulate((int(column.get(W + "w", "")) for column in defined), initial=0))
    placed: list[tuple[_Element, int, int]] = []
    for row in table.iterfind(f"{W}tr"):
        inner = [edge + chance.randint(-FARTHEST, FARTHEST) for edge in edges[1:-1]]
        moved, line = [0, *inner, edges[-1]], 0
        for cell in row.iterfind(f"{W}tc"):
            merged = cell.find(f"{W}tcPr/{W}gridSpan")
            stop = line + (1 if merged is None else int(merged.get(W + "val", "")))
            placed.append((cell, moved[line], moved[stop]))
            line = stop
    lines = sorted({edge for _, *ends in placed for edge in ends})
    for cell, start, end in placed:
        (properties,) = cell.iterfind(f"{W}tcPr")
        for merged in properties.findall(f"{W}gridSpan"):
            properties.remove(merged)
        SubElement(properties, W + "gridSpan", {W + "val": str(lines.index(end) - lines.index(start))})
    defined[:] = [Element(W + "gridCol", {W + "w": str(end - start)}) for start, end in pairwise(lines)]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("layout", [folder.name for folder in LAYOUTS])
def test_a_form_whose_borders_were_dragged_by_hand_says_the_same(
    layout: str, seed: int, tmp_path: Path
) -> None:
    source, path = SAMPLES / layout / "form.docx", tmp_path / "form.docx"
    chance = random.Random(seed)
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(path, "w") as copy:
        for name in whole.namelist():
            content = whole.read(name)
            if name == "word/document.xml":
                root = fromstring(content)
                for table in root.iter(f"{W}tbl"):
                    jitter(table, chance)
                content = tostring(root)
            copy.writestr(name, content)
    assert describe_all(path) == describe_all(source)
