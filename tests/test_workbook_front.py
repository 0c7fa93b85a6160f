"""The front page, the sums by unit, the links, and the file as a whole."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import zipfile
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from small_form import SMALL_FORM

import zipingbiao as zpb
from zipingbiao.columns import TABLES, Datum
from zipingbiao.report.draft import publish_all
from zipingbiao.report.paper.facts import read_facts
from zipingbiao.report.workbook import SHEETS, Workbook, links
from zipingbiao.report.workbook.links import file_link
from zipingbiao.tables import Rows

SAMPLES = Path(__file__).parents[1] / "samples"


def row_of(table: str, **filled: Datum) -> dict[str, Datum]:
    return {**dict.fromkeys((column.name for column in TABLES[table]), ""), **filled}


def form_rows(
    number: int, unit: str, *, total: tuple[str, str, str], executed: str = "", **head: str
) -> Rows:
    """A form with its totals as printed, summed and recomputed, and a line of the total."""
    form_id = f"f-{number}"
    scores = dict(zip(("reported", "summed", "recomputed"), map(Decimal, total), strict=True))
    named = {f"total_score_{name}": score for name, score in scores.items()}
    line = row_of(
        "funds", form_id=form_id, item="total", executed_wan=Decimal(executed) if executed else None
    )
    part = row_of("funds", form_id=form_id, item="fiscal", executed_wan=Decimal("0.01"))
    form = row_of(
        "forms", form_id=form_id, source=f"{number}.txt", implementing_unit=unit, policy="mof-2020", **head
    )
    return {"forms": [{**form, **named}], "funds": [line, part]}


def finding(number: int, code: str, severity: str) -> Rows:
    title = f"核查{code}"
    return {
        "findings": [row_of("findings", form_id=f"f-{number}", code=code, title=title, severity=severity)]
    }


def opened(out: Path, lang: str, *all_rows: Rows) -> openpyxl.Workbook:
    book = Workbook(out, lang)
    for rows in all_rows:
        book.write(rows)
    publish_all(book.finish())
    return openpyxl.load_workbook(out / "zipingbiao.xlsx")


def table_of(page: object) -> list[dict[str, object]]:
    """The rows of a sheet by the names of its columns."""
    names, *rows = ([cell.value for cell in line] for line in page)  # type: ignore[attr-defined]
    keys = [str(name).rpartition("\n")[2] for name in names]
    return [dict(zip(keys, row, strict=True)) for row in rows]


def test_the_front_page_counts_what_the_tables_hold(tmp_path: Path) -> None:
    run = zpb.run(sorted(SAMPLES.glob("*/form.txt")), out=tmp_path, tables=("xlsx",))
    page = openpyxl.load_workbook(tmp_path / "zipingbiao.xlsx")["首页"]
    figures = {
        above.value: below.value
        for row in range(1, 15)
        for above, below in zip(page[row], page[row + 1], strict=True)
        if isinstance(above.value, str) and isinstance(below.value, int | float)
    }
    totals = [row for row in run.rows["funds"] if row["item"] == "total"]
    budgets = sum(row["budget_adjusted_wan"] or 0 for row in totals)  # type: ignore[misc]
    assert figures["文件"] == figures["正常"] == len(run.sources)
    assert figures["自评表"] == len(run.forms)
    assert [figures[name] for name in ("疑点", "错误", "警告", "提示")] == [
        len(run.findings),
        *(sum(row["severity"] == one for row in run.findings) for one in ("error", "warning", "note")),
    ]
    assert figures["全年预算数合计（万元）"] == float(budgets)
    assert "mof-2020（" in str(page["B2"].value)


def test_it_counts_findings_by_check_the_most_first(tmp_path: Path) -> None:
    found = [
        finding(1, "B1", "error"),
        finding(1, "A1", "note"),
        finding(1, "B1", "note"),
        finding(1, "C1", "ignored"),
    ]
    page = opened(tmp_path, "zh", form_rows(1, "甲局", total=("90", "90", "90")), *found)["首页"]
    kinds = [[cell.value for cell in row if cell.value is not None] for row in page.iter_rows(min_row=30)]
    assert ["B1 核查B1", 1, 0, 1] in kinds and ["A1 核查A1", 0, 0, 1] in kinds
    assert kinds.index(["B1 核查B1", 1, 0, 1]) < kinds.index(["A1 核查A1", 0, 0, 1])
    assert not [row for row in kinds if row[:1] == ["C1 核查C1"]]


def test_a_chart_of_them_has_its_numbers_in_the_file(tmp_path: Path) -> None:
    opened(tmp_path, "zh", form_rows(1, "甲局", total=("90", "90", "90")), finding(1, "FUND01", "error"))
    with zipfile.ZipFile(tmp_path / "zipingbiao.xlsx") as parts:
        chart = parts.read("xl/charts/chart1.xml").decode()
    assert "barChart" in chart and "<c:v>FUND01 核查FUND01</c:v>" in chart
    assert "<c:v>错误</c:v>" in chart


def test_without_findings_it_says_so_and_has_no_chart(tmp_path: Path) -> None:
    page = opened(tmp_path, "zh", form_rows(1, "甲局", total=("90", "90", "90")))["首页"]
    assert "没有发现疑点。" in [cell.value for row in page for cell in row]
    with zipfile.ZipFile(tmp_path / "zipingbiao.xlsx") as parts:
        assert not [name for name in parts.namelist() if "chart" in name]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_leads_to_every_other_sheet(tmp_path: Path, lang: str) -> None:
    book = opened(tmp_path, lang)
    page = book.worksheets[0]
    targets = [cell.hyperlink.location for row in page for cell in row if cell.hyperlink]
    assert targets == [f"'{title}'!A1" for title in book.sheetnames[1:]]


class TestSums:
    """By unit and by department: forms, findings, amounts, and totals as printed and as recomputed."""

    def test_a_unit_is_one_however_its_name_is_written(self, tmp_path: Path) -> None:
        book = opened(
            tmp_path,
            "zh",
            form_rows(
                1, "甲镇人民政府", total=("98.00", "98.00", "96.00"), executed="10.10", department="甲县"
            ),
            form_rows(2, "101-甲镇 人民政府（本级）", total=("95", "90", "95"), executed="0.2"),
            form_rows(3, "乙局", total=("100", "100", "100"), kind="department"),
            finding(3, "FUND01", "error"),
            finding(1, "GOAL06", "ignored"),
        )
        first, second = table_of(book["单位汇总"])
        assert (first["unit"], first["forms"], first["errors"], first["executed_wan"]) == ("乙局", 1, 0, None)
        assert {
            name: second[name] for name in ("unit", "forms", "executed_wan", "not_summed", "not_recomputed")
        } == {
            "unit": "甲镇人民政府",
            "forms": 2,
            "executed_wan": 10.3,
            "not_summed": 1,
            "not_recomputed": 1,
        }
        assert (second["mean_reported"], second["mean_recomputed"]) == (96.5, 95.5)
        # a department's own form speaks for itself
        departments = {row["unit"]: row["forms"] for row in table_of(book["部门汇总"])}
        assert departments == {"甲县": 1, "（未填写）": 1, "乙局": 1}

    def test_the_amounts_of_a_form_that_is_there_more_than_once_count_once(self, tmp_path: Path) -> None:
        files = [form_rows(number, "甲局", total=("90", "90", "90"), executed="10") for number in (1, 2, 3)]
        files[1] |= finding(2, "CROSS06", "note")
        files[2] |= finding(3, "CROSS01", "error")
        (row,) = table_of(opened(tmp_path, "zh", *files)["单位汇总"])
        assert (row["forms"], row["executed_wan"]) == (3, 10)

    def test_a_departments_form_counts_only_where_there_is_none_of_its_projects(self, tmp_path: Path) -> None:
        total = ("90", "90", "90")
        book = opened(
            tmp_path,
            "zh",
            form_rows(1, "甲局", total=total, executed="10", kind="department"),
            form_rows(2, "甲局", total=total, executed="4", kind="project", department="甲局"),
            form_rows(3, "乙局", total=total, executed="7", kind="department"),
        )
        for sheet in ("单位汇总", "部门汇总"):
            assert {row["unit"]: row["executed_wan"] for row in table_of(book[sheet])} == {
                "甲局": 4,
                "乙局": 7,
            }
        # the run is the sum of its departments
        assert 11 in [cell.value for row in book["首页"] for cell in row]

    def test_a_form_that_names_no_unit_counts_for_its_department(self, tmp_path: Path) -> None:
        form = form_rows(1, "", total=("90", "90", "90"), department="甲局")
        assert [row["unit"] for row in table_of(opened(tmp_path, "zh", form)["单位汇总"])] == ["甲局"]

    def test_workbook_database_and_paper_have_the_same_sums(self, tmp_path: Path) -> None:
        """A project twice, another project, and the department's own form, all of one unit."""
        other = SMALL_FORM.replace("乡村道路养护", "桥梁维修").replace("250000.00", "300000.00")
        whole = SMALL_FORM.replace("项目支出绩效自评表", "部门整体支出绩效自评表").replace(
            "250000.00", "990000.00"
        )
        for name, text in (("a", SMALL_FORM), ("b", f"{SMALL_FORM}\n"), ("c", other), ("d", whole)):
            (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
        run = zpb.run(tmp_path, out=tmp_path / "out", tables=("csv", "xlsx", "sqlite"))
        assert sorted(str(form["kind"]) for form in run.forms) == ["department", *["project"] * 3]
        (row,) = table_of(openpyxl.load_workbook(tmp_path / "out" / "zipingbiao.xlsx")["单位汇总"])
        with closing(sqlite3.connect(tmp_path / "out" / "zipingbiao.sqlite")) as base:
            view = base.execute("SELECT forms, budget_wan, executed_wan FROM v_unit_summary").fetchall()
        (paper,) = read_facts(tmp_path / "out", "note")
        assert (row["forms"], row["budget_adjusted_wan"], row["executed_wan"]) == (4, 55, 25)
        assert view == [(4, 55.0, 25.0)]
        assert [Decimal(paper[name]) for name in ("表数", "预算合计", "执行合计")] == [4, 55, 25]

    def test_findings_of_a_form_count_for_its_unit(self, tmp_path: Path) -> None:
        rows = form_rows(1, "甲局", total=("90", "90", "90")) | finding(1, "FUND01", "error")
        book = opened(tmp_path, "zh", form_rows(2, "乙局", total=("90", "90", "90")), rows)
        assert [(row["unit"], row["errors"]) for row in table_of(book["单位汇总"])] == [
            ("甲局", 1),
            ("乙局", 0),
        ]

    def test_a_form_with_one_total_alone_is_not_compared(self, tmp_path: Path) -> None:
        form = form_rows(1, "甲局", total=("90", "90", "90"))
        form["forms"] = [{**form["forms"][0], "total_score_reported": None}]
        (row,) = table_of(opened(tmp_path, "zh", form)["单位汇总"])
        assert (row["scored_forms"], row["mean_recomputed"], row["not_recomputed"]) == (0, None, 0)


def test_the_dictionary_has_every_column_of_every_table(tmp_path: Path) -> None:
    rows = table_of(opened(tmp_path, "zh")["数据字典"])
    assert [(row["table"], row["column"]) for row in rows] == [
        (table, column.name) for table, columns in TABLES.items() for column in columns
    ]
    assert all(row["meaning_zh"] and row["meaning_en"] and row["kind"] for row in rows)
    bounded = {row["table"] for row in rows if "只列前 100,000 行" in str(row["row_is"])}
    assert bounded == {"cells", "texts"}


class TestLinks:
    """From a finding to its form and its file; to nothing else than a file that is there."""

    def test_a_finding_leads_to_its_form_and_to_its_file(self, tmp_path: Path) -> None:
        folder = tmp_path / "甲 局#1"
        folder.mkdir()
        (folder / "b 100%.txt").write_text(SMALL_FORM, encoding="utf-8")
        (tmp_path / "a.txt").write_text("没有自评表", encoding="utf-8")
        zpb.run([tmp_path / "a.txt", folder], out=tmp_path / "out", tables=("xlsx",))
        book = openpyxl.load_workbook(tmp_path / "out" / "zipingbiao.xlsx")
        page = book["疑点清单"]
        names = [str(cell.value).rpartition("\n")[2] for cell in page[1]]
        form_id, source = (page.cell(2, names.index(name) + 1) for name in ("form_id", "source"))
        assert form_id.hyperlink.location == "'表单'!A2" and book["表单"]["A2"].value == form_id.value
        assert source.value == str(folder / "b 100%.txt")
        assert source.hyperlink.target == "..\\甲%20局%231\\b%20100%25.txt"

    def test_a_file_in_an_archive_leads_to_the_archive(self, tmp_path: Path) -> None:
        (tmp_path / "a.zip").touch()
        assert file_link(f"{tmp_path}/a.zip!/甲/b.docx", tmp_path) == "external:./a.zip"

    @pytest.mark.parametrize(
        "source",
        ["http://example.org/a.docx", "javascript:alert(1)", "mailto:a@b", "internal:'表单'!A1", "", "a\x00b", "~", "甲.docx"],
    )  # fmt: skip
    def test_what_is_no_file_has_no_link(self, tmp_path: Path, source: str) -> None:
        assert file_link(source, tmp_path) == ""

    @pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
    @pytest.mark.parametrize(
        ("name", "target"),
        [
            ("javascript:alert(1)", "javascript%3Aalert(1)"),
            ("#表单!A1", "%23表单!A1"),
            ("a", "a"),
            ("C:x", "C%3Ax"),
            ("a\\b", "a%5Cb"),
        ],
    )
    def test_a_name_is_never_anything_else_than_a_path(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, target: str
    ) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / name).touch()
        page = opened(tmp_path, "zh", {"sources": [row_of("sources", source=name)]})["来源"]
        assert (page["A2"].value, page["A2"].hyperlink.target) == (name, target)

    def test_a_sheet_has_no_more_links_than_excel_allows(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "a.txt").touch()
        monkeypatch.setattr("zipingbiao.report.workbook.sheet.MAX_LINKS", 2)
        rows = [row_of("sources", source=str(tmp_path / "a.txt")) for _ in range(4)]
        page = opened(tmp_path, "zh", {"sources": rows})["来源"]
        assert [bool(page.cell(row, 1).hyperlink) for row in (2, 3, 4, 5)] == [True, True, False, False]
        assert page["A5"].value == page["A2"].value

    def test_a_link_too_long_for_excel_is_left_out(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "a.txt").touch()
        assert file_link(str(tmp_path / "a.txt"), tmp_path)
        monkeypatch.setattr(links, "MAX_LINK", 10)
        assert not file_link(str(tmp_path / "a.txt"), tmp_path)


#: what a form can hold to do harm
HARMFUL = (
    '=HYPERLINK("http://x","y")', "=cmd|'/c calc'!A0", "<script>alert(1)</script>", "</t></is></c><c><f>1</f></c>",
    "长" * 32_768, "a\x00\x1b\x07b", "绩效😀", "\u202e反\u200f", "\ud800甲", "&amp;", "<r><t>x</t></r>", "'@SUM(1)",
)  # fmt: skip


@pytest.mark.parametrize("text", HARMFUL)
def test_no_text_of_a_form_becomes_a_formula_or_a_link(tmp_path: Path, text: str) -> None:
    rows = {
        table: [
            row_of(table, **{column.name: text for column in columns if column.kind in ("text", "value")})
        ]
        for table, columns in TABLES.items()
    }
    rows["findings"] = [{**rows["findings"][0], "severity": "error"}]
    book = opened(tmp_path, "zh", rows)
    for page in book.worksheets[1:]:
        cells = [cell for row in page for cell in row]
        assert all(cell.data_type in "sn" for cell in cells)
        # the form's own row is the one thing a text can lead to
        assert {cell.hyperlink.location for cell in cells if cell.hyperlink} <= {"'表单'!A2"}
        assert not [cell for cell in cells if cell.hyperlink and cell.hyperlink.target]
    assert all(cell.data_type in "sn" for row in book["首页"] for cell in row)


def test_equal_rows_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        opened(
            tmp_path / name,
            "zh",
            form_rows(1, "甲局", total=("90", "90", "90")),
            finding(1, "FUND01", "error"),
        )
    first, second = ((tmp_path / name / "zipingbiao.xlsx").read_bytes() for name in ("a", "b"))
    assert first == second


def test_a_run_that_knows_all_files_writes_the_same_workbook(tmp_path: Path) -> None:
    said = []
    for _ in range(2):
        zpb.run(sorted(SAMPLES.glob("*/form.txt"))[:3], out=tmp_path, tables=("xlsx",))
        said.append((tmp_path / "zipingbiao.xlsx").read_bytes())
    assert said[0] == said[1]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed (make system)")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_spreadsheet_program_opens_it_with_all_its_sheets(tmp_path: Path, lang: str) -> None:
    run = zpb.run(sorted(SAMPLES.glob("*/form.txt")), out=tmp_path, tables=("xlsx",), lang=lang)
    program = ("soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless")
    # each sheet as a file of its own
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    subprocess.run(
        [
            *program,
            "--convert-to",
            form,
            "--outdir",
            str(tmp_path / "csv"),
            str(tmp_path / "zipingbiao.xlsx"),
        ],
        check=True,
        capture_output=True,
    )
    written = {path.stem.removeprefix("zipingbiao-"): path for path in (tmp_path / "csv").glob("*.csv")}
    if not written:
        pytest.skip("LibreOffice is here without its spreadsheet program (make system)")
    assert set(written) == {title.in_language(lang) for title in SHEETS.values()}
    all_text = "".join(path.read_text(encoding="utf-8") for path in written.values())
    assert "#REF" not in all_text and "#NAME" not in all_text and "###" not in all_text
    said = written[SHEETS["findings"].in_language(lang)].read_text(encoding="utf-8")
    assert all(str(row["message"]) in said.replace('""', '"') for row in run.findings)
