"""`--ignore-file`: findings that were looked into are named with a reason, and count no more."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook
from small_form import SMALL_FORM
from typer.testing import CliRunner

import zipingbiao as zpb
from zipingbiao.cli import app
from zipingbiao.columns import Row
from zipingbiao.known.ignores import Ignore, IgnoreError, Ignores, read_ignores


def entry_file(folder: Path, *entries: str) -> Path:
    """A file with these entries, each without its first line."""
    path = folder / "ignore.toml"
    path.write_text("\n".join(f"[[ignore]]\n{entry}\n" for entry in entries), encoding="utf-8")
    return path


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "forms" / "公路站[2022].txt"
    path.parent.mkdir()
    path.write_text(SMALL_FORM, encoding="utf-8")
    return path


FORM: Row = {
    "form_id": "aaa111-1~2", "source": r"2022\甲县\公路站[2022].docx", "project_name": "乡村 道路养护",
}  # fmt: skip
FINDING: Row = {
    "form_id": "aaa111-1~2", "code": "FUND06", "severity": "warning", "subject": "total",
    "field": "execution_rate", "reported": "0.50", "ignore_reason": "",
}  # fmt: skip


def marked(*entries: Ignore, finding: Row = FINDING) -> Row:
    """A finding of the form above, as the entries leave it."""
    (row,) = Ignores(entries).amend({"forms": [FORM], "findings": [finding]})["findings"]
    return row


# --- what a run does ----------------------------------------------------------------------------------


def test_a_finding_that_an_entry_names_is_ignored_with_its_reason_and_counts_no_more(
    form: Path, tmp_path: Path
) -> None:
    file = entry_file(tmp_path, 'code = "SCORE01"\nform = "乡村道路养护"\nreason = "已与单位核对"')
    run = zpb.run(form, ignore_file=file)
    before = zpb.run(form)
    found = {str(row["code"]): row for row in run.findings}
    assert (found["SCORE01"]["severity"], found["SCORE01"]["ignore_reason"]) == ("ignored", "已与单位核对")
    assert (found["FUND05"]["severity"], found["FUND05"]["ignore_reason"]) == ("error", "")
    assert len(run.findings) == len(before.findings)
    assert (before.forms[0]["errors"], run.forms[0]["errors"]) == (2, 1)
    assert run.counts.severities["error"] == 1
    assert run.counts.severities.total() == before.counts.severities.total() - 1
    assert [one.finding["code"] for one in run.counts.worst(10)] == ["FUND05"]


def test_it_is_marked_in_every_kind_of_table(form: Path, tmp_path: Path) -> None:
    file = entry_file(tmp_path, 'code = "SCORE01"\nreason = "=1+1"')
    zpb.run(form, ignore_file=file, out=tmp_path / "out")
    with (tmp_path / "out" / "findings.csv").open(encoding="utf-8-sig", newline="") as table:
        (row,) = (row for row in csv.DictReader(table) if row["code"] == "SCORE01")
    assert (row["severity"], row["ignore_reason"]) == ("ignored", "'=1+1")
    sheet = load_workbook(tmp_path / "out" / "zipingbiao.xlsx")["疑点清单"]
    header, *rows = ([cell.value for cell in line] for line in sheet.iter_rows())
    reason, severity = header.index("忽略理由\nignore_reason"), header.index("严重程度\nseverity")
    assert [(row[severity], row[reason]) for row in rows if row[reason]] == [("ignored", "=1+1")]


def test_the_command_counts_them_apart_and_does_not_fail_on_them(form: Path, tmp_path: Path) -> None:
    file = entry_file(tmp_path, 'code = "FUND05"\nreason = "甲"', 'code = "SCORE01"\nreason = "乙"')
    arguments = ["run", form, "--out", tmp_path / "out", "--jobs", 1, "--fail-on", "error"]
    assert CliRunner().invoke(app, [str(one) for one in arguments]).exit_code == 3
    done = CliRunner().invoke(app, [str(one) for one in (*arguments, "--ignore-file", file)])
    assert done.exit_code == 0
    assert "疑点 2 项（提示 2）" in done.stdout
    assert "按忽略清单不计的疑点 2 项" in done.stdout
    assert "FUND05" not in done.stdout


def test_an_entry_for_what_the_baseline_knows_is_not_out_of_date(form: Path, tmp_path: Path) -> None:
    zpb.run(form, out=tmp_path / "earlier")
    file = entry_file(tmp_path, 'code = "SCORE01"\nreason = "甲"')
    run = zpb.run(form, baseline=tmp_path / "earlier", ignore_file=file)
    assert [(row["code"], row["severity"]) for row in run.findings] == [("SCORE01", "ignored")]
    assert [one.zh for one in run.counts.remarks] == [
        "按忽略清单不计的疑点 1 项，仍列在 findings 表中",
        "与基线相比：已知的疑点 3 项不再列出，已消除 0 项",
    ]


# --- what an entry matches ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "aaa111-1",
        "aaa111-1~2",
        "公路站[2022].docx",
        "公路站［２０２２］.DOCX",
        "公路站*",
        "*[2022].doc?",
        "2022/甲县/*",
        r"2022\甲县\公路站[2022].docx",
        "乡村道路养护",
        "*道路*",
        "",
    ],
)
def test_a_form_is_named_by_its_number_its_file_or_its_project(name: str) -> None:
    assert marked(Ignore("FUND06", "甲", form=name))["severity"] == "ignored"


@pytest.mark.parametrize("name", ["aaa111-2", "aaa111", "公路站", "公路站2.docx", "道路", "甲县", "bbb-1*"])
def test_a_name_that_is_only_part_of_it_names_another_form(name: str) -> None:
    assert marked(Ignore("FUND06", "甲", form=name)) == FINDING


@pytest.mark.parametrize(
    ("entry", "is_ignored"),
    [
        (Ignore("FUND", "甲"), True),
        (Ignore("FUND06", "甲", subject="total", field="execution_rate", reported="0.5"), True),
        (Ignore("FUND06", "甲", subject="to*"), True),
        (Ignore("FUND05", "甲"), False),
        (Ignore("FUND06", "甲", subject="里程"), False),
        (Ignore("FUND06", "甲", field="score"), False),
        (Ignore("FUND06", "甲", reported="0.51"), False),
    ],
)
def test_all_that_an_entry_says_must_fit(entry: Ignore, is_ignored: bool) -> None:
    assert (marked(entry)["severity"] == "ignored") == is_ignored


def test_the_first_entry_that_matches_gives_the_reason() -> None:
    entries = (
        Ignore("FUND06", "一", form="别的"),
        Ignore("FUND", "二"),
        Ignore("FUND06", "三", form="aaa111-1"),
    )
    assert marked(*entries)["ignore_reason"] == "二"


# --- entries that match nothing -----------------------------------------------------------------------


def remarks(run: zpb.Run) -> list[str]:
    return [one.zh for one in run.counts.remarks[1:]]


def test_entries_that_match_nothing_are_said(form: Path, tmp_path: Path) -> None:
    file = entry_file(
        tmp_path,
        'code = "SCORE01"\nreason = "用到的"',
        'code = "FUND03"\nform = "公路站*"\nreason = "改好了"',
        'code = "SCORE01"\nform = "校舍维修"\nreason = "这次没有"',
    )
    assert remarks(zpb.run(form, ignore_file=file)) == [
        "忽略清单中 1 条没有对应的疑点，可能已过时：FUND03 公路站*",
        "忽略清单中 1 条所写的表这次没有读到：SCORE01 校舍维修",
    ]


def test_an_entry_for_a_check_that_was_not_made_is_not_out_of_date(form: Path, tmp_path: Path) -> None:
    file = entry_file(tmp_path, 'code = "FUND05"\nreason = "甲"')
    assert remarks(zpb.run(form, ignore_file=file, ignore=["FUND"])) == []
    assert remarks(zpb.run(form, ignore_file=file, select=["SCORE"])) == []


def test_of_many_entries_the_first_few_are_named(form: Path, tmp_path: Path) -> None:
    file = entry_file(tmp_path, *(f'code = "FUND03"\nsubject = "{at}"\nreason = "甲"' for at in range(1, 20)))
    (said,) = remarks(zpb.run(form, ignore_file=file))
    assert "19 条" in said and said.endswith("FUND03 5; …")


# --- files --------------------------------------------------------------------------------------------


def test_a_file_is_read_in_its_order(tmp_path: Path) -> None:
    file = entry_file(
        tmp_path,
        'code = "fund06"\nreason = " 甲 "\nreported = 100',
        'code = "SCORE"\nreason = "乙"\nform = "a-1"',
    )
    assert read_ignores(file) == (Ignore("FUND06", "甲", reported="100"), Ignore("SCORE", "乙", form="a-1"))
    assert read_ignores(None) == ()


def test_a_file_without_entries_ignores_nothing(tmp_path: Path) -> None:
    assert read_ignores(entry_file(tmp_path)) == ()


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ('[[ignore]]\ncode = "FUND06"', "第 1 条（第 1 行）：须写明理由", "a reason must be given"),
        ('[[ignore]]\ncode = "FUND06"\nreason = " "', "第 1 条（第 1 行）：须写明理由", "a reason"),
        ('\n[[ignore]]\nreason = "甲"', "第 1 条（第 2 行）：须写明核查代码", "line 2): the check's code"),
        (
            '[[ignore]]\ncode = "FUND06"\nreason = "甲"\n\n[[ignore]]\ncode = "FUND66"\nreason = "乙"',
            "第 2 条（第 5 行）：没有核查“FUND66”，相近的有 FUND06",
            "entry 2 (line 5): There is no check “FUND66”",
        ),
        (
            '[[ignore]]\ncode = "FUND06"\nraeson = "甲"',
            "不认识的项 raeson（是不是 reason？）",
            "did you mean reason",
        ),
        ('[[ignores]]\ncode = "FUND06"', "不认识的项 ignores（是不是 ignore？）", "did you mean ignore"),
        ('code = "FUND06"\nreason = "甲"', "每条以单独一行 [[ignore]] 开头", "begins with a line [[ignore]]"),
        ('[ignore]\ncode = "FUND06"', "两层方括号", "double brackets"),
        ("ignore = [1]", "第 1 条：应写成 [[ignore]]", "entry 1: must be"),
        ('[[ignore]]\ncode = ["FUND06"]', 'code = ["FUND06"] 应为引号中的文字', "must be a text in quotes"),
        ("[[ignore]]\ncode = true", "code = true 应为引号中的文字", "must be a text in quotes"),
        ("[[ignore]]\ncode = “FUND06”", "第 2 行第 8 列起不是有效的 TOML", "line 2, column 8"),
        ('[[ignore]]\nform = "2022\\甲"', "带 \\ 的文字请写在单引号中", "single quotes"),
        ("[[ignore]]\n理由 = 甲", "中文须写在半角引号中", "half-width quotes"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(
    tmp_path: Path, text: str, zh: str, en: str
) -> None:
    path = tmp_path / "ignore.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(IgnoreError) as caught:
        read_ignores(path)
    assert zh in caught.value.message.zh and en in caught.value.message.en
    assert all("ignore.toml" in message and "\n" not in message for message in caught.value.message)


def test_a_file_in_gbk_or_none_at_all_is_refused(form: Path, tmp_path: Path) -> None:
    path = tmp_path / "ignore.toml"
    with pytest.raises(zpb.IgnoreError, match="cannot be opened"):
        zpb.run(form, ignore_file=path)
    path.write_bytes('[[ignore]]\ncode = "FUND06"\nreason = "已核对"\n'.encode("gbk"))
    with pytest.raises(zpb.IgnoreError, match="saved in GBK"):
        zpb.run(form, ignore_file=path)


def test_the_command_ends_with_the_sentence(form: Path, tmp_path: Path) -> None:
    file = entry_file(tmp_path, 'code = "FUND06"')
    done = CliRunner().invoke(
        app, ["run", str(form), "--ignore-file", str(file), "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 2 and "须写明理由" in done.output
    assert not (tmp_path / "out").exists()
