"""The workbook opens, says what the tables say, and holds nothing that Excel would run."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from small_form import SMALL_FORM

import zipingbiao as zpb
from zipingbiao.columns import TABLES, Datum
from zipingbiao.report import workbook
from zipingbiao.report.draft import publish_all
from zipingbiao.report.workbook import CUT, MAX_TEXT, SHEETS, Workbook


def text_row(text: str) -> dict[str, Datum]:
    return {"form_id": "a-1", "section": "narrative", "text": text, "place": "第1段", "source": "form.docx"}


def opened(out: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(out / "zipingbiao.xlsx")


def written_back(out: Path, *texts: str) -> list[str]:
    """What a sheet shows for some texts."""
    book = Workbook(out, "zh")
    book.write({"texts": [text_row(text) for text in texts]})
    publish_all(book.finish())
    sheet = opened(out)["文字"]
    assert all(cell.data_type in "sn" and cell.hyperlink is None for row in sheet for cell in row)
    return [str(sheet.cell(row, 3).value or "") for row in range(2, sheet.max_row + 1)]


@pytest.fixture
def book(tmp_path: Path) -> openpyxl.Workbook:
    (tmp_path / "form.txt").write_text(SMALL_FORM, encoding="utf-8")
    zpb.run(tmp_path / "form.txt", out=tmp_path / "out", tables=("xlsx",))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["zipingbiao.xlsx"]
    return opened(tmp_path / "out")


def test_findings_come_first_and_every_table_has_a_sheet(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == list(SHEETS.values())
    assert set(SHEETS) == set(TABLES)
    assert book.sheetnames[0] == "疑点"


def test_headers_are_chinese_over_the_name_of_the_column(book: openpyxl.Workbook) -> None:
    assert [cell.value for cell in book["单元格"][1]][:2] == ["表单编号\nform_id", "位置\nplace"]


def test_the_header_stays_and_rows_can_be_filtered(book: openpyxl.Workbook) -> None:
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")


def test_numbers_are_numbers_and_blank_is_blank(book: openpyxl.Workbook) -> None:
    columns = [column.name for column in TABLES["funds"]]
    total = dict(zip(columns, [cell.value for cell in book["资金"][2]], strict=True))
    assert total["executed_wan"] == 12.5
    assert total["score"] is None
    assert total["execution_rate_raw"] == "50%"


def test_the_severity_has_its_colour(book: openpyxl.Workbook) -> None:
    severity = book["疑点"].cell(2, [column.name for column in TABLES["findings"]].index("severity") + 1)
    assert (severity.value, severity.fill.fgColor.rgb) == ("error", "FFFFC7CE")


def test_a_column_is_as_wide_as_its_chinese_text_but_not_wider_than_a_screen(book: openpyxl.Workbook) -> None:
    widths = book["疑点"].column_dimensions
    message = chr(ord("A") + [column.name for column in TABLES["findings"]].index("message"))
    assert 40 < widths[message].width <= 61
    assert widths["A"].width >= 8


def test_a_sentence_goes_on_in_a_next_line(book: openpyxl.Workbook) -> None:
    columns = [column.name for column in TABLES["findings"]]
    message, place = (book["疑点"].cell(2, columns.index(name) + 1) for name in ("message", "place"))
    assert message.alignment.wrap_text and not place.alignment.wrap_text
    assert message.alignment.vertical == place.alignment.vertical == "top"


@pytest.mark.parametrize(("characters", "height"), [(20, None), (60, 45), (30_000, 405)])
def test_a_row_is_as_high_as_its_sentence_has_lines(
    tmp_path: Path, characters: int, height: int | None
) -> None:
    book = Workbook(tmp_path, "zh")
    row: dict[str, Datum] = dict.fromkeys((column.name for column in TABLES["findings"]), "")
    book.write({"findings": [{**row, "message": "字" * characters}]})
    publish_all(book.finish())
    assert opened(tmp_path)["疑点"].row_dimensions[2].height == height


def test_english_sheets_have_the_names_of_the_tables(tmp_path: Path) -> None:
    publish_all(Workbook(tmp_path, "en").finish())
    book = opened(tmp_path)
    assert book.sheetnames == list(SHEETS)
    assert book["forms"]["A1"].value == "form_id"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "=cmd|'/c calc'!A0",
        "http://example.org",
        "mailto:a@b",
        "{=SUM(1)}",
        "@A1",
        "'quoted",
        "12",
        "TRUE",
    ],
)
def test_a_text_is_a_text_whatever_it_looks_like(tmp_path: Path, text: str) -> None:
    assert written_back(tmp_path, text) == [text]


def test_characters_that_xml_cannot_hold_are_left_out(tmp_path: Path) -> None:
    assert written_back(tmp_path, "a\x00b\x07c\x1bd\ud800e\ufffef", "x\ny") == ["abcdef", "x\ny"]


@pytest.mark.parametrize("text", ["<r><t>rich</t></r>", "<r></c></row></r>", "a & b < c > d"])
def test_a_text_that_looks_like_the_files_own_xml_does_no_harm(tmp_path: Path, text: str) -> None:
    assert [shown.strip() for shown in written_back(tmp_path, text)] == [text]


@pytest.mark.parametrize("text", ["长" * 40_000, "𠮷" * 20_000])
def test_a_text_longer_than_a_cell_is_cut_with_a_mark(tmp_path: Path, text: str) -> None:
    (shown,) = written_back(tmp_path, text)
    assert shown.endswith(CUT) and shown.startswith(text[:1000])
    assert len(shown.encode("utf-16-le")) <= 2 * MAX_TEXT


def test_a_number_with_more_digits_than_excel_keeps_is_written_as_text(tmp_path: Path) -> None:
    book = Workbook(tmp_path, "zh")
    row: dict[str, Datum] = dict.fromkeys((column.name for column in TABLES["funds"]), "")
    book.write({"funds": [{**row, "weight": Decimal("12345678901234567.89"), "score": Decimal("0.1")}]})
    publish_all(book.finish())
    columns = [column.name for column in TABLES["funds"]]
    values = dict(zip(columns, [cell.value for cell in opened(tmp_path)["资金"][2]], strict=True))
    assert values["weight"] == "12345678901234567.89"
    assert values["score"] == 0.1


def test_a_full_sheet_says_where_the_rest_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 5)
    book = Workbook(tmp_path, "zh")
    book.write({"texts": [text_row(str(number)) for number in range(9)]})
    publish_all(book.finish())
    sheet = opened(tmp_path)["文字"]
    assert sheet.max_row == 5
    assert [sheet.cell(row, 3).value for row in (2, 3, 4)] == ["0", "1", "2"]
    assert "texts.csv" in str(sheet.cell(5, 1).value)


def test_a_discarded_workbook_leaves_nothing(tmp_path: Path) -> None:
    book = Workbook(tmp_path, "zh")
    book.write({"texts": [text_row("甲")]})
    rows_folder = Path(book._rows_folder.name)
    book.discard()
    del book
    assert not list(tmp_path.iterdir()) and not rows_folder.exists()
