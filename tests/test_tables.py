"""Rows hold what was printed: exact decimals, blank as blank, every column, and no other."""

from __future__ import annotations

import csv
import errno
import os
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from small_form import SMALL_FORM
from xlsxwriter import Workbook

import zipingbiao as zpb
from extract.document import Cell, Where
from normalize.record import Entry
from normalize.values.parse import parse_value
from zipingbiao.batch.progress import Progress
from zipingbiao.batch.store import MEMORY
from zipingbiao.columns import TABLES
from zipingbiao.facets import Facets, facets_of
from zipingbiao.report import writers
from zipingbiao.report.csv_files import harmless
from zipingbiao.tables import written


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "form.txt"
    path.write_text(SMALL_FORM, encoding="utf-8")
    return path


@pytest.fixture
def rows(form: Path) -> dict[str, list[dict[str, object]]]:
    return {name: [dict(row) for row in table] for name, table in zpb.run(form).rows.items()}


def test_column_names_are_unique_and_mean_something_in_both_languages() -> None:
    for columns in TABLES.values():
        names = [column.name for column in columns]
        assert len(set(names)) == len(names)
        assert all(column.zh and column.en for column in columns)


def test_a_column_of_one_name_holds_the_same_kind_in_every_table() -> None:
    kinds: dict[str, set[str]] = {}
    for column in (column for columns in TABLES.values() for column in columns):
        kinds.setdefault(column.name, set()).add(column.kind)
    assert all(len(found) == 1 for found in kinds.values())


def test_the_columns_of_the_contract_stand_in_its_order() -> None:
    order = {name: [column.name for column in columns] for name, columns in TABLES.items()}
    assert order["sources"][:6] == ["source", "sha256", "bytes", "format", "reader", "status"]
    assert order["funds"][:8] == [
        "form_id", "item", "label_raw", "budget_initial_wan", "budget_adjusted_wan", "received_wan",
        "executed_wan", "execution_rate",
    ]  # fmt: skip
    assert order["findings"] == [
        "form_id", "source", "code", "title", "severity", "subject", "field", "reported", "expected",
        "difference", "message", "place", "ignore_reason",
    ]  # fmt: skip
    assert order["cells"] == [
        *("form_id", "place", "text", "role", "match", "confidence"),
        *("table_index", "row", "col", "row_span", "col_span"),
    ]


def test_rows_have_exactly_the_columns_of_their_table(form: Path) -> None:
    # with a label that nobody knows: it has a table of its own
    form.write_text(SMALL_FORM.replace("| 项目名称", "| 归口 | 复核 | 完 |\n| 项目名称"), encoding="utf-8")
    rows = zpb.run(form).rows
    for name, columns in TABLES.items():
        assert rows[name], f"the form gives no row of {name}"
        for row in rows[name]:
            assert list(row) == [column.name for column in columns]


def test_every_datum_is_of_its_columns_kind(rows: dict[str, list[dict[str, object]]]) -> None:
    types = {"text": (str,), "decimal": (Decimal, type(None)), "integer": (int, type(None))}
    for name, columns in TABLES.items():
        for row in rows[name]:
            for column in columns:
                allowed = types.get(column.kind, (str, Decimal, type(None)))
                assert isinstance(row[column.name], allowed), (name, column.name)


def filled(row: dict[str, object]) -> dict[str, object]:
    """What is not blank, as it is written; without what depends on the run."""
    return {
        name: written(value)  # type: ignore[arg-type]
        for name, value in row.items()
        if value not in (None, "") and name not in ("form_id", "source")
    }


def test_the_form_becomes_a_row(rows: dict[str, list[dict[str, object]]]) -> None:
    (row,) = rows["forms"]
    assert filled(row) == {
        "form_index": "1",
        "kind": "project",
        "title": "项目支出绩效自评表",
        "fiscal_year": "2022",
        "project_name": "乡村道路养护",
        "department": "某县交通局",
        "implementing_unit": "某县公路站",
        "preparer": "丁一",
        "contact": "0398-1234567",
        "amount_unit_raw": "元",
        "total_weight": "100",
        "total_score_reported": "100",
        "total_score_summed": "77.5",
        "total_score_recomputed": "82.50",
        "grade_computed": "良",
        "errors": "2",
        "warnings": "0",
        "notes": "2",
        "cells_filled": "59",
        "cells_claimed": "59",
        "policy": "mof-2020",
        "reader": "text",
        "total_score_summed_formula": "ROUND(37.5+20+20,2)",
        "total_score_summed_rule": "填报的各项得分之和",
        "total_score_recomputed_formula": "ROUND(5+37.5+20+20,2)",
        "total_score_recomputed_rule": "能重算的取重算得分，其余取填报得分",
    }


def test_amounts_are_in_wan_whatever_the_form_counts_in(rows: dict[str, list[dict[str, object]]]) -> None:
    total, fiscal = rows["funds"]
    assert filled(total) == {
        "item": "total",
        "label_raw": "年度资金总额",
        "budget_initial_wan": "25",
        "budget_adjusted_wan": "25",
        "executed_wan": "12.5",
        "execution_rate": "0.50",
        "weight": "10",
        "execution_rate_computed": "0.5000",
        "score_computed": "5.00",
        "budget_initial_raw": "250000.00",
        "budget_adjusted_raw": "250000.00",
        "executed_raw": "125000.00",
        "execution_rate_raw": "50%",
        "weight_raw": "10",
        "execution_rate_computed_formula": "ROUND(12.5/25,4)",
        "execution_rate_computed_rule": "执行数 ÷ 预算数",
        "score_computed_formula": "ROUND(10*MIN(12.5/25,1),2)",
        "score_computed_rule": "分值 × 执行率，最多得满分",
    }
    assert fiscal["weight"] is None and fiscal["weight_raw"] == "—"


def test_indicators_keep_what_is_printed_beside_what_is_read(
    rows: dict[str, list[dict[str, object]]],
) -> None:
    length, cost, conditions = rows["indicators"]
    assert filled(length) == {
        "seq": "1",
        "level1": "output",
        "level2": "quantity",
        "level1_raw": "产出指标",
        "level2_raw": "数量指标",
        "name": "养护里程",
        "name_raw": "指标1：养护里程",
        "target_raw": "≥40公里",
        "target_kind": "number",
        "target_relation": ">=",
        "target_value": "40",
        "target_unit": "公里",
        "actual_raw": "30公里",
        "actual_kind": "number",
        "actual_value": "30",
        "actual_unit": "公里",
        "weight": "50",
        "score": "37.5",
        "score_computed": "37.50",
        "achievement": "0.7500",
        "deviation_reason": "雨季停工",
        "place": "表1 第7行 第3列 (文本第11行)",
        "weight_raw": "50",
        "score_raw": "37.5",
        "achievement_formula": "ROUND(30/40,4)",
        "achievement_rule": "完成值 ÷ 指标值",
        "score_computed_formula": "ROUND(50*MIN(30/40,1),2)",
        "score_computed_rule": "未达到指标值，按比例得分",
    }
    assert (conditions["score_computed_formula"], conditions["score_computed_rule"]) == (
        "",
        "年度指标值是文字，不是数",
    )
    assert (cost["target_relation"], cost["target_value"], cost["target_value_high"]) == ("range", 3, 5)


def test_a_finding_names_its_places_and_both_numbers(rows: dict[str, list[dict[str, object]]]) -> None:
    missing, total, *notes = rows["findings"]
    assert {note["severity"] for note in notes} == {"note"}
    assert (missing["code"], missing["reported"], missing["expected"]) == ("FUND05", "", Decimal(5))
    assert (total["code"], total["difference"]) == ("SCORE01", Decimal("22.5"))
    assert str(total["place"]).startswith("表1 第10行 第3列")


def test_each_cell_with_text_is_a_row_and_says_what_it_was_read_as(
    rows: dict[str, list[dict[str, object]]],
) -> None:
    roles = {row["text"]: row["role"] for row in rows["cells"]}
    assert roles["乡村道路养护"] == "project_name"
    assert roles["125000.00"] == "executed"
    places = Counter(row["place"] for row in rows["cells"])
    assert max(places.values()) == 1


def test_two_forms_in_one_table_keep_their_cells_apart(tmp_path: Path) -> None:
    head, table = SMALL_FORM.split("\n\n")
    path = tmp_path / "two.txt"
    path.write_text(f"{head}\n\n{table}{table.replace('养护', '绿化')}", encoding="utf-8")
    found = zpb.run(path).rows
    first, second = found["forms"]
    assert (first["form_index"], second["form_index"]) == (1, 2)
    texts = {
        one["form_index"]: [cell["text"] for cell in found["cells"] if cell["form_id"] == one["form_id"]]
        for one in (first, second)
    }
    assert {index: len(cells) for index, cells in texts.items()} == {
        1: first["cells_filled"],
        2: second["cells_filled"],
    }
    assert "乡村道路绿化" in texts[2] and "乡村道路绿化" not in texts[1]


def test_form_ids_come_from_the_content_alone(form: Path, tmp_path: Path) -> None:
    other = tmp_path / "renamed.doc"
    other.write_bytes(form.read_bytes())
    (one,), (two,) = zpb.run(form).forms, zpb.run(other).forms
    assert one["form_id"] == two["form_id"]


@pytest.mark.parametrize(
    ("text", "facets"),
    [
        ("≤23万", Facets("number", "<=", Decimal(23), None, "万")),
        ("95％", Facets("number", "=", Decimal(95), None, "%")),
        ("3-5人", Facets("range", "range", Decimal(3), Decimal(5), "人")),
        ("12月底前", Facets("date", "<=")),
        ("明显提升", Facets("wording")),
        ("7,00.0,77", Facets("unreadable")),
        ("—", Facets("blank")),
        ("", Facets("blank")),
    ],
)
def test_a_value_is_taken_apart_by_its_kind(text: str, facets: Facets) -> None:
    assert facets_of(Entry(parse_value(text), text, Cell(text, Where("test")))) == facets


def test_a_column_that_the_form_does_not_have_is_blank() -> None:
    assert facets_of(None) == Facets("blank")


@pytest.mark.parametrize(
    ("number", "text"),
    [("1E+3", "1000"), ("1.2879E+6", "1287900"), ("1E-7", "0.0000001"), ("10.00", "10.00"), ("-0.5", "-0.5")],
)
def test_numbers_are_written_without_exponent(number: str, text: str) -> None:
    assert written(Decimal(number)) == text


def results_in(out: Path) -> list[Path]:
    """What a run leaves, but for what it remembers of the files."""
    return [path for path in out.iterdir() if path.name != MEMORY.parts[0]]


class TestCsv:
    @pytest.fixture
    def out(self, form: Path, tmp_path: Path) -> Path:
        zpb.run(form, out=tmp_path / "out", tables=("csv",))
        return tmp_path / "out"

    def test_every_table_is_a_file_and_nothing_else_is_left(self, out: Path) -> None:
        files = {*(f"{name}.csv" for name in TABLES), "datapackage.json"}
        assert {path.name for path in results_in(out)} == files

    def test_excel_in_china_and_programs_read_it(self, out: Path) -> None:
        data = (out / "funds.csv").read_bytes()
        assert data.startswith(b"\xef\xbb\xbfform_id,item,")
        assert data.endswith(b"\r\n")
        with (out / "funds.csv").open(encoding="utf-8-sig", newline="") as file:
            total, _ = csv.DictReader(file)
        assert total["executed_wan"] == "12.5"
        assert total["score"] == ""

    def test_a_second_run_replaces_the_first(self, form: Path, out: Path) -> None:
        form.write_text("没有表", encoding="utf-8")
        zpb.run(form, out=out, tables=("csv",))
        assert (out / "forms.csv").read_text(encoding="utf-8-sig").count("\n") == 1

    @pytest.mark.parametrize(
        "text",
        [
            "=cmd|'/c calc'!A0",
            "@SUM(1)",
            "+HYPERLINK(1)",
            "-2+3+cmd|x",
            "\t=A(1)",
            "\r=A(1)",
            "=1+1",
            "=A1&B2",
            "@SUM",
            "+cmd",
            "-2+3",
            "-加强管理",
        ],
    )
    def test_what_excel_would_run_is_shown_instead(self, text: str) -> None:
        assert harmless(text) == f"'{text}"

    @pytest.mark.parametrize(
        "text",
        [
            "=100%",
            "-3.5%",
            "+5",
            "@某科",
            "——",
            "≥95%",
            "a=(b)",
            "(1)",
            "",
            "-",
            "--",
            "=8个",
            "-1,234.50万元",
            "+86 130 5550 0147",
            "0130-5550147",
        ],
    )
    def test_everything_else_stays_as_printed(self, text: str) -> None:
        assert harmless(text) == text

    def test_a_failed_run_leaves_the_old_tables_and_no_rest(self, form: Path, out: Path) -> None:
        before = {path.name: path.read_bytes() for path in results_in(out)}

        def fail(now: Progress) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            zpb.run(form, out=out, progress=fail)
        assert {path.name: path.read_bytes() for path in results_in(out)} == before

    def test_a_table_open_in_excel_is_named_before_anything_is_read(
        self, form: Path, out: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        plain_open = Path.open

        def open_elsewhere(path: Path, mode: str = "r", **kwargs: object) -> object:
            if path.name == "findings.csv" and mode == "r+b":
                raise PermissionError
            return plain_open(path, mode, **kwargs)  # type: ignore[call-overload]

        monkeypatch.setattr(Path, "open", open_elsewhere)
        with pytest.raises(zpb.WriteError) as refused:
            zpb.run(form, out=out)
        assert "findings.csv" in refused.value.message.zh
        assert len(results_in(out)) == len(TABLES) + 1

    def test_a_table_opened_meanwhile_keeps_the_new_one_beside_it(
        self, form: Path, out: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        replace = Path.replace

        def refuse(path: Path, target: Path) -> Path:
            if target.name == "forms.csv":
                raise PermissionError
            return replace(path, target)

        monkeypatch.setattr(Path, "replace", refuse)
        with pytest.raises(zpb.WriteError) as refused:
            zpb.run(form, out=out, tables=("csv",))
        (kept,) = [path for path in results_in(out) if path.suffix == ".tmp"]
        assert kept.name in refused.value.message.zh

    def test_a_workbook_opened_meanwhile_costs_no_other_table(
        self, form: Path, out: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = (out / "findings.csv").read_text(encoding="utf-8-sig")
        replace = Path.replace

        def refuse(path: Path, target: Path) -> Path:
            if target.suffix == ".xlsx":
                raise PermissionError
            return replace(path, target)

        monkeypatch.setattr(Path, "replace", refuse)
        with pytest.raises(zpb.WriteError, match=r"zipingbiao\.xlsx"):
            zpb.run(form, out=out, lang="en")
        assert (out / "findings.csv").read_text(encoding="utf-8-sig") != before
        (kept,) = [path for path in results_in(out) if path.suffix not in (".csv", ".json")]
        assert kept.name.startswith(".zipingbiao.xlsx")

    def test_a_run_that_ends_while_its_files_begin_leaves_nothing(
        self, form: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupt(out: Path, lang: str) -> None:
            raise KeyboardInterrupt

        monkeypatch.setitem(writers.WRITERS, "xlsx", interrupt)  # type: ignore[arg-type]
        with pytest.raises(KeyboardInterrupt):
            zpb.run(form, out=tmp_path / "new")
        assert results_in(tmp_path / "new") == []

    def test_without_a_file_to_read_the_old_tables_stay(self, out: Path, tmp_path: Path) -> None:
        before = {path.name: path.read_bytes() for path in results_in(out)}
        (tmp_path / "empty").mkdir()
        assert zpb.run(tmp_path / "empty", out=out).counts.files == 0
        assert {path.name: path.read_bytes() for path in results_in(out)} == before

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that is always full")
    @pytest.mark.parametrize("tables", [("csv",), ("jsonl",), ("csv", "jsonl")])
    def test_a_disk_that_gets_full_is_said_and_nothing_half_written_is_left(
        self, form: Path, tmp_path: Path, tables: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What waits in a buffer cannot be written when the file is closed, either."""
        opened = Path.open

        def full(path: Path, mode: str = "r", *args: int, **kwargs: str) -> object:
            file = opened(path, mode, *args, **kwargs)  # type: ignore[call-overload]
            if "x" not in mode:
                return file
            file.close()
            return opened(Path("/dev/full"), mode.replace("x", "w"), *args, **kwargs)  # type: ignore[call-overload]

        monkeypatch.setattr(Path, "open", full)
        with pytest.raises(zpb.WriteError, match="磁盘已满"):
            zpb.run(form, out=tmp_path / "new", tables=tables)
        assert results_in(tmp_path / "new") == []

    def test_a_full_disk_is_said_in_the_users_language_by_the_workbook_too(
        self, form: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_: Workbook) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(Workbook, "_store_workbook", refuse)
        with pytest.raises(zpb.WriteError, match="磁盘已满"):
            zpb.run(form, out=tmp_path / "new", tables=("xlsx",))

    @pytest.mark.parametrize(
        ("number", "zh", "en"),
        [
            (errno.ENOSPC, "磁盘已满", "the disk is full"),
            (errno.EACCES, "没有权限", "not permitted"),
            (errno.EIO, os.strerror(errno.EIO), os.strerror(errno.EIO)),
        ],
    )
    def test_why_the_disk_refuses_is_said_in_the_users_language(
        self, form: Path, tmp_path: Path, number: int, zh: str, en: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(path: Path, **_: object) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(Path, "mkdir", refuse)
        with pytest.raises(zpb.WriteError) as refused:
            zpb.run(form, out=tmp_path / "new")
        assert zh in refused.value.message.zh and en in refused.value.message.en

    def test_a_folder_that_cannot_be_made_is_said(self, form: Path) -> None:
        with pytest.raises(zpb.WriteError, match=r"form\.txt"):
            zpb.run(form, out=form)


class TestFrames:
    def test_frames_hold_exact_values_and_none_for_blank(self, form: Path) -> None:
        frames = zpb.run(form).tables()
        assert list(frames) == list(TABLES)
        assert {str(kind) for frame in frames.values() for kind in frame.dtypes} == {"object"}
        assert frames["funds"]["executed_wan"][0] == Decimal("12.5")
        assert frames["funds"]["score"][0] is None

    def test_an_empty_table_has_its_columns(self) -> None:
        assert list(zpb.run([]).tables()["forms"]) == [column.name for column in TABLES["forms"]]
