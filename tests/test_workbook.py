"""The workbook opens, says what the tables say, and computes nothing that a form says."""

from __future__ import annotations

import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from random import Random

import openpyxl
import pytest
from form_builder import honest_form
from small_form import SMALL_FORM

import zipingbiao as zpb
from zipingbiao.columns import TABLES, Datum
from zipingbiao.report import workbook
from zipingbiao.report.draft import publish_all
from zipingbiao.report.workbook import CUT, MAX_TEXT, SHEETS, Workbook

SAMPLES = Path(__file__).parents[1] / "samples"


def text_row(text: str) -> dict[str, Datum]:
    return {"form_id": "a-1", "section": "narrative", "text": text, "place": "第1段", "source": "form.docx"}


def row_of(table: str, **filled: Datum) -> dict[str, Datum]:
    """A row of a table with nothing in it but what is given."""
    return {**dict.fromkeys((column.name for column in TABLES[table]), ""), **filled}


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
    assert [path.name for path in (tmp_path / "out").iterdir() if path.is_file()] == ["zipingbiao.xlsx"]
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


#: the columns that are formulas, by table
WORKED = {
    table: [column.name for column in columns if f"{column.name}_formula" in {one.name for one in columns}]
    for table, columns in TABLES.items()
}


class TestFormulas:
    """What was recomputed is a formula with the printed numbers in it; nothing else is one."""

    def written(self, out: Path, **filled: Datum) -> object:
        """What stands in the cell ``score_computed`` of a row of indicators."""
        book = Workbook(out, "en")
        book.write({"indicators": [row_of("indicators", **filled)]})
        publish_all(book.finish())
        col = [column.name for column in TABLES["indicators"]].index("score_computed") + 1
        return opened(out)["indicators"].cell(2, col).value

    def test_they_are_the_recomputed_columns(self) -> None:
        assert {table: columns for table, columns in WORKED.items() if columns} == {
            "forms": ["total_score_summed", "total_score_recomputed"],
            "funds": ["execution_rate_computed", "score_computed"],
            "indicators": ["score_computed", "achievement"],
        }

    def test_the_printed_numbers_stand_in_them(self, book: openpyxl.Workbook) -> None:
        funds, forms = ([column.name for column in TABLES[name]] for name in ("funds", "forms"))
        assert book["资金"].cell(2, funds.index("score_computed") + 1).value == "=ROUND(10*MIN(12.5/25,1),2)"
        total = book["表单"].cell(2, forms.index("total_score_recomputed") + 1)
        assert total.value == "=ROUND(5+37.5+20+20,2)"

    def test_their_numbers_are_in_the_file_for_whoever_does_not_compute(self, tmp_path: Path) -> None:
        run = zpb.run(sorted(SAMPLES.glob("*/form.txt")), out=tmp_path, tables=("xlsx",))
        shown = openpyxl.load_workbook(tmp_path / "zipingbiao.xlsx", data_only=True)
        formulas = opened(tmp_path)
        compared = 0
        for table, columns in WORKED.items():
            names = [column.name for column in TABLES[table]]
            for number, row in enumerate(run.rows[table], 2):
                for name in columns:
                    place = number, names.index(name) + 1
                    value = row[name]
                    if isinstance(value, Decimal):
                        assert shown[SHEETS[table]].cell(*place).value == float(value)
                        assert formulas[SHEETS[table]].cell(*place).value == f"={row[f'{name}_formula']}"
                        compared += 1
        assert compared > 200

    @pytest.mark.parametrize(
        "formula",
        ["HYPERLINK(1)", "ROUND(A1,2)", "cmd|'/c calc'!A0", "ROUND(1,2)+WEBSERVICE(1)", "1+1", "=ROUND(1,2)"],
    )
    def test_what_is_no_arithmetic_never_becomes_a_formula(self, tmp_path: Path, formula: str) -> None:
        found = self.written(tmp_path, score_computed=Decimal("1.5"), score_computed_formula=formula)
        assert found == 1.5

    def test_a_formula_too_long_for_excel_is_written_as_its_number(self, tmp_path: Path) -> None:
        fits, over = (f"ROUND({'+'.join(['1'] * count)},2)" for count in (4000, 4100))
        number = Decimal(4000)
        assert self.written(tmp_path, score_computed=number, score_computed_formula=fits) == f"={fits}"
        assert self.written(tmp_path, score_computed=number, score_computed_formula=over) == number

    @pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed (make system)")
    def test_a_spreadsheet_program_computes_the_same_numbers(self, tmp_path: Path) -> None:
        forms = tmp_path / "forms"
        forms.mkdir()
        for seed in range(100):
            (forms / f"{seed}.txt").write_text(honest_form(Random(seed)).text(), encoding="utf-8")
        run = zpb.run([*SAMPLES.glob("*/form.txt"), forms], out=tmp_path, tables=("xlsx",))
        rows = [(row, name) for table in WORKED for row in run.rows[table] for name in WORKED[table]]
        expected = [row[name] for row, name in rows if row[f"{name}_formula"]]
        # a workbook of the formulas alone, so that none of the numbers can be an old one
        alone = openpyxl.Workbook(write_only=True)
        sheet = alone.create_sheet()
        for formula in (row[f"{name}_formula"] for row, name in rows):
            if formula:
                sheet.append([f"={formula}"])
        alone.save(tmp_path / "alone.xlsx")
        profile = (tmp_path / "profile").as_uri()
        program = ("soffice", f"-env:UserInstallation={profile}", "--headless")
        subprocess.run(
            [*program, "--convert-to", "csv", "--outdir", str(tmp_path), str(tmp_path / "alone.xlsx")],
            check=True,
            capture_output=True,
        )
        if not (tmp_path / "alone.csv").exists():
            pytest.skip("LibreOffice is here without its spreadsheet program (make system)")
        computed = (tmp_path / "alone.csv").read_text(encoding="utf-8").split()
        assert len(computed) > 1000
        assert [Decimal(number) for number in computed] == expected
