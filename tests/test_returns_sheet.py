"""Excel workbooks that go back: the comments stand at their cells, and nothing else has changed."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from remarks import HOSTILE, ZH, remark

from extract.document import Grid, ReadError
from extract.sheets.xlsx import read_xlsx
from extract.word.office import find_office
from zipingbiao.report.returns.remark import Marked
from zipingbiao.report.returns.sheet import mark_sheet


def book() -> bytes:
    """Two sheets: a form with merged cells, a chart and a drop-down list and a table of Excel, and another sheet; and macros."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        form, other = made.add_worksheet("自评表"), made.add_worksheet("二月!表")
        form.merge_range("A1:C1", "自评表")
        for row, texts in enumerate((["资金", 23, 3.65], ["总分", 100, None]), start=1):
            form.write_row(row, 0, texts)
        chart = made.add_chart({"type": "column"})
        chart.add_series({"values": "=自评表!$B$2:$B$3"})
        form.insert_chart("E2", chart)
        form.data_validation("C3", {"validate": "list", "source": ["优", "良"]})
        form.conditional_format("B2:B3", {"type": "data_bar"})
        form.set_header("&C某县")
        form.add_table("E20:F22")
        other.write("B2", "别表")
        other.write("C2", "7")
    return out.getvalue()


def marked(data: bytes, *places: str) -> Marked:
    return mark_sheet(data, "表.xlsx", [remark(n, place) for n, place in enumerate(places, 1)], ZH)


def comments(content: bytes) -> dict[str, str]:
    """The texts of all comments by sheet and cell, as another library reads them."""
    return {
        f"{sheet.title}!{cell.coordinate}": cell.comment.text
        for sheet in openpyxl.load_workbook(io.BytesIO(content))
        for row in sheet.iter_rows()
        for cell in row
        if getattr(cell, "comment", None)
    }


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        return {name: container.read(name) for name in container.namelist()}


def shapes(content: bytes) -> list[tuple[int, int]]:
    """The rows and columns, from 0, of the boxes in which comments are shown."""
    found: list[tuple[int, int]] = []
    for name, part in parts(content).items():
        if name.endswith(".vml"):
            pairs = re.findall(rb"<\w+:Row>(\d+)</\w+:Row>\s*<\w+:Column>(\d+)</\w+:Column>", part)
            found += [(int(row), int(column)) for row, column in pairs]
    return found


def test_a_comment_stands_at_the_cell_of_its_place_on_its_sheet() -> None:
    done = marked(book(), "自评表!C3", "自评表!A1", "二月!表!C2")
    found = comments(done.content)
    assert {place: text[:3] for place, text in found.items()} == {
        "自评表!C3": "【1】", "自评表!A1": "【2】", "二月!表!C2": "【3】"
    }  # fmt: skip
    assert sorted(shapes(done.content)) == [(0, 0), (1, 2), (2, 2)]
    assert done.astray == frozenset()


def test_several_findings_about_a_cell_make_one_comment() -> None:
    (text,) = comments(marked(book(), "自评表!C3", "自评表!C3").content).values()
    assert [line[:3] for line in text.split("\n") if line.startswith("【")] == ["【1】", "【2】"]


def test_all_other_parts_stay_byte_for_byte() -> None:
    before, after = parts(book()), parts(marked(book(), "自评表!C3").content)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "[Content_Types].xml", "xl/worksheets/sheet1.xml", "xl/worksheets/_rels/sheet1.xml.rels"
    }  # fmt: skip
    assert set(after) - set(before) == {"xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"}
    assert "xl/charts/chart1.xml" in after


def test_the_sheet_that_is_marked_keeps_all_its_elements_in_the_order_that_excel_asks_for() -> None:
    sheet = parts(marked(book(), "自评表!C3").content)["xl/worksheets/sheet1.xml"].decode()
    assert re.findall(r"<(dataValidations|conditionalFormatting|headerFooter|drawing|legacyDrawing|tableParts)\b", sheet) == [
        "conditionalFormatting", "dataValidations", "headerFooter", "drawing", "legacyDrawing", "tableParts",
    ]  # fmt: skip


def test_what_is_read_of_it_is_the_same() -> None:
    def texts(data: bytes) -> list[list[str]]:
        blocks = read_xlsx(data, "").blocks
        return [[cell.text for cell in b.cells()] if isinstance(b, Grid) else [b.text] for b in blocks]

    assert texts(marked(book(), "自评表!C3", "自评表!A1").content) == texts(book())


def test_macros_stay() -> None:
    made = io.BytesIO(book())
    with zipfile.ZipFile(made, "a") as container:
        container.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0macros")
    assert (
        parts(marked(made.getvalue(), "自评表!C3").content)["xl/vbaProject.bin"] == b"\xd0\xcf\x11\xe0macros"
    )


def test_the_comments_that_a_workbook_has_stay_and_are_gone_on_with() -> None:
    made = openpyxl.load_workbook(io.BytesIO(book()))
    made["自评表"]["C3"].comment = Comment("科长：已阅", "科长")
    made["自评表"]["B2"].comment = Comment("已核", "科长")
    out = io.BytesIO()
    made.save(out)
    done = marked(out.getvalue(), "自评表!C3", "自评表!A1").content
    found = comments(done)
    assert found["自评表!B2"] == "已核"
    assert found["自评表!C3"].startswith("科长：已阅") and "【1】" in found["自评表!C3"]
    assert found["自评表!A1"].startswith("【2】")
    assert sorted(shapes(done)) == [(0, 0), (1, 1), (2, 2)]
    numbers = re.findall(
        rb'id="_x0000_s(\d+)"', b"".join(v for k, v in parts(done).items() if k.endswith("vml"))
    )
    assert len(numbers) == len(set(numbers)) == 3


def test_beside_a_thread_of_comments_which_excel_shows_instead_the_comment_names_the_place() -> None:
    made = openpyxl.load_workbook(io.BytesIO(book()))
    made["自评表"]["B2"].comment = Comment("[Threaded comment]", "tc={0A1B}")
    out = io.BytesIO()
    made.save(out)
    done = marked(out.getvalue(), "自评表!B2")
    found = comments(done.content)
    assert found["自评表!B2"] == "[Threaded comment]"
    assert "位置：自评表!B2" in found["自评表!C2"]
    assert done.astray == {1}


def test_a_text_that_floats_over_a_sheet_is_commented_on_at_the_sheets_first_cell() -> None:
    done = marked(book(), "二月!表", "没有的表!B2")
    assert {place: text.split("\n")[1] for place, text in comments(done.content).items()} == {
        "二月!表!A1": "位置：二月!表", "自评表!A1": "位置：没有的表!B2"
    }  # fmt: skip
    assert done.astray == {1, 2}


def test_a_workbook_whose_comments_are_damaged_is_refused_in_a_sentence() -> None:
    once = parts(marked(book(), "自评表!C3").content)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        for name, content in once.items():
            container.writestr(name, b"<xml>" if name.endswith(".vml") else content)
    with pytest.raises(ReadError) as refused:
        marked(out.getvalue(), "自评表!A1")
    assert "批注图形已损坏" in refused.value.message.zh


def test_boxes_stay_within_the_sheet_and_have_numbers_of_their_own_however_many_they_are() -> None:
    places = [f"自评表!XFD{row}" for row in range(1, 1_101)]
    done = marked(book(), *places).content
    drawn = b"".join(part for name, part in parts(done).items() if name.endswith(".vml"))
    numbers = [int(number) for number in re.findall(rb'id="_x0000_s(\d+)"', drawn)]
    assert numbers == list(range(1025, 2125)) and b'<o:idmap v:ext="edit" data="1,2"/>' in drawn
    columns = {int(edge) for edge in re.findall(rb"<x:Anchor>\d+, \d+, \d+, \d+, (\d+),", drawn)}
    assert max(columns) <= 16_383


@pytest.mark.parametrize("message", HOSTILE)
def test_whatever_a_form_says_does_no_harm_in_a_comment(message: str) -> None:
    done = mark_sheet(book(), "", [remark(n, "自评表!C3", message=message) for n in range(1, 13)], ZH)
    (text,) = comments(done.content).values()
    assert len(text) <= 32_767
    assert not set(text) & set("\x00\x0b\ufffe\u202e\u202c")
    # a comment is a text: no part of it is a formula
    assert b"<f>" not in parts(done.content)["xl/worksheets/sheet1.xml"]


@pytest.mark.skipif(not find_office(), reason="LibreOffice is not installed")
def test_libreoffice_opens_it_with_the_comments(tmp_path: Path) -> None:
    (tmp_path / "表.xlsx").write_bytes(marked(book(), "自评表!C3", "二月!表!C2").content)
    subprocess.run(
        [find_office(), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to",
         "fods", "--outdir", str(tmp_path), str(tmp_path / "表.xlsx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    saved = (tmp_path / "表.fods").read_text(encoding="utf-8")
    assert saved.count("<office:annotation ") == 2
    assert "总分不等于得分之和" in saved
