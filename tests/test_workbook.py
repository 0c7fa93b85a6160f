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
from openpyxl.cell.cell import Cell
from openpyxl.utils.escape import unescape
from small_form import SMALL_FORM

import zipingbiao as zpb
from zipingbiao.columns import TABLES, Datum
from zipingbiao.report.draft import publish_all
from zipingbiao.report.workbook import SHEETS, Workbook, sheet
from zipingbiao.report.workbook.sheet import shown_columns
from zipingbiao.report.workbook.texts import CUT, MAX_TEXT

SAMPLES = Path(__file__).parents[1] / "samples"
ZH = {name: title.zh for name, title in SHEETS.items()}
#: those that are tables with a header
TABULAR = {name: title for name, title in ZH.items() if name != "front"}


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


def at(book: openpyxl.Workbook, table: str, column: str, row: int = 2) -> Cell:
    """The cell of a column, wherever it stands on its sheet."""
    page = book[ZH[table]]
    names = [str(cell.value).rpartition("\n")[2] for cell in page[1]]
    return page.cell(row, names.index(column) + 1)


@pytest.fixture
def book(tmp_path: Path) -> openpyxl.Workbook:
    (tmp_path / "form.txt").write_text(SMALL_FORM, encoding="utf-8")
    zpb.run(tmp_path / "form.txt", out=tmp_path / "out", tables=("xlsx",))
    assert [path.name for path in (tmp_path / "out").iterdir() if path.is_file()] == ["zipingbiao.xlsx"]
    return opened(tmp_path / "out")


def test_findings_come_first_and_every_table_has_a_sheet(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == list(ZH.values())
    assert set(SHEETS) == {*TABLES, "front", "units", "departments", "dictionary"}
    assert book.sheetnames[:3] == ["首页", "疑点清单", "单位汇总"]


def test_every_column_of_a_table_is_on_its_sheet_but_for_the_text_of_a_formula(
    book: openpyxl.Workbook,
) -> None:
    for table, columns in TABLES.items():
        names = [str(cell.value).rpartition("\n")[2] for cell in book[ZH[table]][1]]
        told_by_formulas = {f"{name}_formula" for name in WORKED[table]}
        assert {column.name for column in columns} - set(names) == told_by_formulas
        assert len(set(names)) == len(names)


def test_headers_are_chinese_over_the_name_of_the_column(book: openpyxl.Workbook) -> None:
    assert [cell.value for cell in book["单元格"][1]][:2] == ["表单编号\nform_id", "位置\nplace"]


def test_the_header_stays_and_rows_can_be_filtered(book: openpyxl.Workbook) -> None:
    for name, title in TABULAR.items():
        page = book[title]
        assert page.freeze_panes == "A2"
        (table,) = page.tables.values()
        assert (table.name, table.headerRowCount) == (name, 1)
        assert (
            table.ref
            == table.autoFilter.ref
            == f"A1:{page.cell(max(page.max_row, 2), page.max_column).coordinate}"
        )
        # or Excel offers to repair the file
        assert [column.name for column in table.tableColumns] == [cell.value for cell in page[1]]


def test_paper_is_a4_across_with_the_header_on_every_page(book: openpyxl.Workbook) -> None:
    for page in book:
        assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
        assert page.oddFooter.center.text == "&P / &N"
        assert page.title == "首页" or page.print_title_rows == "$1:$1"


def test_numbers_are_numbers_and_blank_is_blank(book: openpyxl.Workbook) -> None:
    assert at(book, "funds", "executed_wan").value == 12.5
    assert at(book, "funds", "score").value is None
    assert at(book, "funds", "execution_rate_raw").value == "50%"


@pytest.mark.parametrize(
    ("table", "column", "number", "shown_as"),
    [
        ("funds", "executed_wan", Decimal("1234.50"), "#,##0.00"),
        ("funds", "executed_wan", Decimal("1234"), "#,##0"),
        ("funds", "execution_rate", Decimal("0.9860"), "0.00%"),
        ("funds", "execution_rate", Decimal("1"), "0%"),
        ("funds", "execution_rate", Decimal("0.98765"), "0.000%"),
        ("indicators", "target_value", Decimal("1234.5"), "0.0"),
        ("indicators", "score", Decimal("9.5"), "0.0"),
        ("forms", "fiscal_year", 2023, "0"),
        ("sources", "bytes", 123456, "#,##0"),
    ],
)
def test_a_number_is_shown_with_the_decimals_that_are_printed(
    tmp_path: Path, table: str, column: str, number: Decimal | int, shown_as: str
) -> None:
    book = Workbook(tmp_path, "zh")
    book.write({table: [row_of(table, **{column: number})]})
    publish_all(book.finish())
    cell = at(opened(tmp_path), table, column)
    assert (Decimal(str(cell.value)), cell.number_format) == (number, shown_as)


@pytest.mark.parametrize(
    ("field", "reported", "shown_as"),
    [
        ("execution_rate", Decimal("0.985"), "0.0%"),
        ("executed", Decimal("1118.56"), "#,##0.00"),
        ("score", Decimal("12"), "0"),
        ("nobody knows", Decimal("1118.5"), "0.0"),
        ("score", "< 12", "General"),
    ],
)
def test_a_finding_shows_its_numbers_as_its_field_does(
    tmp_path: Path, field: str, reported: Decimal | str, shown_as: str
) -> None:
    book = Workbook(tmp_path, "zh")
    book.write({"findings": [row_of("findings", severity="error", field=field, reported=reported)]})
    publish_all(book.finish())
    cell = at(opened(tmp_path), "findings", "reported")
    assert cell.value == (reported if isinstance(reported, str) else float(reported))
    assert cell.number_format == shown_as


def test_project_and_unit_stand_beside_a_finding(book: openpyxl.Workbook) -> None:
    form = {
        name: at(book, "forms", name).value for name in ("project_name", "implementing_unit", "fiscal_year")
    }
    assert any(form.values())
    assert {name: at(book, "findings", name).value for name in form} == form


def test_the_severity_has_its_colour(book: openpyxl.Workbook) -> None:
    severity, level = at(book, "findings", "severity"), at(book, "findings", "level")
    assert (severity.value, severity.fill.fgColor.rgb) == ("error", "FFFFC7CE")
    assert (level.value, level.fill.fgColor.rgb) == ("错误", "FFFFC7CE")


def test_a_column_is_as_wide_as_its_chinese_text_but_not_wider_than_a_screen(book: openpyxl.Workbook) -> None:
    widths = book["疑点清单"].column_dimensions
    assert 40 < widths[at(book, "findings", "message").column_letter].width <= 61
    assert widths["A"].width >= 8


@pytest.mark.parametrize(
    ("table", "column"), [("findings", "reported"), ("funds", "weight"), ("units", "executed_wan")]
)
def test_a_column_is_wide_enough_for_its_numbers(tmp_path: Path, table: str, column: str) -> None:
    number = Decimal("1234567890123.45")
    book = Workbook(tmp_path, "zh")
    form = row_of("forms", form_id="a", implementing_unit="甲局")
    line = row_of("funds", form_id="a", item="total", executed_wan=number, weight=number)
    found = row_of("findings", form_id="a", severity="error", field="executed", reported=number)
    book.write({"forms": [form], "funds": [line], "findings": [found]})
    publish_all(book.finish())
    shown = opened(tmp_path)
    cell = at(shown, table, column)
    assert cell.value == float(number)
    # columns of one width that stand together are one entry
    (width,) = (
        one.width for one in cell.parent.column_dimensions.values() if one.min <= cell.column <= one.max
    )
    assert width >= len("1,234,567,890,123.45")


def test_a_sentence_goes_on_in_a_next_line(book: openpyxl.Workbook) -> None:
    message, code = at(book, "findings", "message"), at(book, "findings", "code")
    assert message.alignment.wrap_text and not code.alignment.wrap_text
    assert message.alignment.vertical == code.alignment.vertical == "top"


@pytest.mark.parametrize(("characters", "height"), [(20, 18), (60, 48), (30_000, 408)])
def test_a_row_is_as_high_as_its_sentence_has_lines(
    tmp_path: Path, characters: int, height: int | None
) -> None:
    book = Workbook(tmp_path, "zh")
    book.write({"findings": [row_of("findings", severity="note", message="字" * characters)]})
    publish_all(book.finish())
    assert opened(tmp_path)["疑点清单"].row_dimensions[2].height == height


def test_a_row_of_one_line_has_room_for_a_chinese_one(book: openpyxl.Workbook) -> None:
    assert {book[title].sheet_format.defaultRowHeight for title in TABULAR.values()} == {18}


def test_what_a_finding_is_about_stands_in_words_beside_the_names_for_programs(
    book: openpyxl.Workbook,
) -> None:
    page = book["疑点清单"]
    said = {
        tuple(at(book, "findings", name, row).value for name in ("code", "about", "subject", "field"))
        for row in range(2, page.max_row + 1)
    }
    assert ("FUND05", "资金总额：得分", "total", "score") in said
    assert ("SCORE01", "总分：得分", "total", "score") in said


def test_english_sheets_have_the_names_of_the_tables(tmp_path: Path) -> None:
    publish_all(Workbook(tmp_path, "en").finish())
    book = opened(tmp_path)
    assert book.sheetnames == [title.en for title in SHEETS.values()]
    assert all(SHEETS[name].en == name for name in TABLES)
    said = [str(cell.value) for page in book if page.title != "dictionary" for row in page for cell in row]
    assert not [text for text in said if any("\u3400" <= one <= "\u9fff" for one in text)]
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


@pytest.mark.parametrize(
    "text", ["绩效😀", "\u200fعربي\u200e甲\u202e乙", "_x0041_", "<script>alert(1)</script>", " 甲 "]
)
def test_odd_characters_stay_as_they_are(tmp_path: Path, text: str) -> None:
    assert [unescape(shown) for shown in written_back(tmp_path, text)] == [text]


def test_the_two_halves_of_a_character_become_one(tmp_path: Path) -> None:
    assert written_back(tmp_path, "甲\ud83d\ude00") == ["甲😀"]


@pytest.mark.parametrize("text", ["<r><t>rich</t></r>", "<r></c></row></r>", "a & b < c > d", "</t>", "&lt;"])
def test_a_text_that_looks_like_the_files_own_xml_does_no_harm(tmp_path: Path, text: str) -> None:
    assert written_back(tmp_path, text) == [text]


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
    shown = opened(tmp_path)
    assert at(shown, "funds", "weight").value == "12345678901234567.89"
    assert at(shown, "funds", "score").value == 0.1


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("1E+307", 1e307),
        ("1E+308", f"1{'0' * 308}"),
        ("1E-307", 1e-307),
        ("1E-308", f"0.{'0' * 307}1"),
        ("0E-400", 0),
    ],
)
def test_a_number_that_excel_cannot_hold_is_written_as_text(
    tmp_path: Path, number: str, shown: float | str
) -> None:
    book = Workbook(tmp_path, "zh")
    book.write({"funds": [row_of("funds", weight=Decimal(number))]})
    publish_all(book.finish())
    assert at(opened(tmp_path), "funds", "weight").value == shown


def test_a_full_sheet_says_where_the_rest_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_ROWS", 5)
    book = Workbook(tmp_path, "zh")
    book.write({"texts": [text_row(str(number)) for number in range(9)]})
    publish_all(book.finish())
    page = opened(tmp_path)["文字"]
    assert page.max_row == 5
    assert [page.cell(row, 3).value for row in (2, 3, 4)] == ["0", "1", "2"]
    said = str(page.cell(5, 1).value)
    assert "前 3 行，另有 6 行未列出" in said and "texts.csv、texts.parquet 或 zipingbiao.sqlite" in said
    # sorting and filtering leave that line where it is
    (table,) = page.tables.values()
    assert table.ref == table.autoFilter.ref == "A1:E4"


@pytest.mark.parametrize(("table", "shown"), [("cells", 3), ("texts", 3), ("indicators", 5)])
def test_only_the_sheets_of_words_have_a_bound_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str, shown: int
) -> None:
    monkeypatch.setattr("zipingbiao.report.workbook.book.MOST_WORDS", 3)
    book = Workbook(tmp_path, "zh")
    # over several files, as they come
    for number in range(5):
        book.write({table: [row_of(table, form_id=f"f-{number}")]})
    publish_all(book.finish())
    page = opened(tmp_path)[ZH[table]]
    names = [page.cell(row, 1).value for row in range(2, page.max_row + 1)]
    assert names[:shown] == [f"f-{number}" for number in range(shown)]
    assert len(names) == shown + (shown < 5)
    front = [cell.value for row in opened(tmp_path)["首页"] for cell in row]
    assert ("前 3 行，共 5 行" if shown < 5 else "5 行") in front


def test_a_sheet_that_is_just_full_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zipingbiao.report.workbook.book.MOST_WORDS", 3)
    assert written_back(tmp_path, "a", "b", "c") == ["a", "b", "c"]


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
        names = [column.name for column in shown_columns(TABLES["indicators"])]
        return opened(out)["indicators"].cell(2, names.index("score_computed") + 1).value

    def test_they_are_the_recomputed_columns(self) -> None:
        assert {table: columns for table, columns in WORKED.items() if columns} == {
            "forms": ["total_score_summed", "total_score_recomputed"],
            "funds": ["execution_rate_computed", "score_computed"],
            "indicators": ["score_computed", "achievement"],
        }

    def test_the_printed_numbers_stand_in_them(self, book: openpyxl.Workbook) -> None:
        assert at(book, "funds", "score_computed").value == "=ROUND(10*MIN(12.5/25,1),2)"
        assert at(book, "forms", "total_score_recomputed").value == "=ROUND(5+37.5+20+20,2)"

    def test_their_numbers_are_in_the_file_for_whoever_does_not_compute(self, tmp_path: Path) -> None:
        run = zpb.run(sorted(SAMPLES.glob("*/form.txt")), out=tmp_path, tables=("xlsx",))
        shown = openpyxl.load_workbook(tmp_path / "zipingbiao.xlsx", data_only=True)
        formulas = opened(tmp_path)
        compared = 0
        for table, columns in WORKED.items():
            for number, row in enumerate(run.rows[table], 2):
                for name in columns:
                    value = row[name]
                    if isinstance(value, Decimal):
                        assert at(shown, table, name, number).value == float(value)
                        assert at(formulas, table, name, number).value == f"={row[f'{name}_formula']}"
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
