"""`--baseline`: a run reports only what is new since an earlier one, and says what is known and what is resolved."""

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
from zipingbiao.known.baseline import Baseline, Tally
from zipingbiao.known.earlier import Earlier, read_earlier

#: what the small form is found to have
ERRORS = ["FUND05", "SCORE01"]
#: the small form with its execution score filled in, and the total still wrong
CORRECTED = SMALL_FORM.replace("| 10 | 50% | |", "| 10 | 50% | 5 |")
#: another mistake: more spent than there was
WORSE = CORRECTED.replace("125000.00 | 10 | 50%", "350000.00 | 10 | 140%").replace(
    "140% | 5 |", "140% | 10 |"
)


def form_file(folder: Path, text: str = SMALL_FORM, name: str = "form.txt") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def earlier_run(tmp_path: Path, *paths: Path, lang: str = "zh") -> Path:
    """The results of a run over these files."""
    zpb.run(paths, out=tmp_path / "earlier", lang=lang)
    return tmp_path / "earlier"


def errors(run: zpb.Run) -> list[str]:
    return [str(row["code"]) for row in run.findings if row["severity"] == "error"]


def remark(run: zpb.Run) -> str:
    (said,) = run.counts.remarks
    return said.zh


# --- the same form ------------------------------------------------------------------------------------


def test_what_was_found_before_is_left_out_and_counted(tmp_path: Path) -> None:
    form = form_file(tmp_path)
    baseline = earlier_run(tmp_path, form)
    found = zpb.run(form).findings
    run = zpb.run(form, baseline=baseline)
    assert found and run.findings == []
    assert (run.forms[0]["errors"], run.counts.severities.total()) == (0, 0)
    assert f"已知的疑点 {len(found)} 项不再列出，已消除 0 项" in remark(run)


def test_a_form_handed_in_again_reports_what_is_new_and_counts_what_is_resolved(tmp_path: Path) -> None:
    baseline = earlier_run(tmp_path, form_file(tmp_path / "first"))
    run = zpb.run(form_file(tmp_path / "second", WORSE, "改后.txt"), baseline=baseline)
    assert [row["code"] for row in run.findings] == ["FUND03"]
    # the score that was missing; the total of 100 is still no sum
    assert "已知的疑点 3 项不再列出，已消除 1 项" in remark(run)


def test_a_total_that_changed_is_a_new_finding(tmp_path: Path) -> None:
    baseline = earlier_run(tmp_path, form_file(tmp_path))
    changed = SMALL_FORM.replace("| 总分 | 100 | 100 |", "| 总分 | 100 | 99 |")
    run = zpb.run(form_file(tmp_path / "again", changed), baseline=baseline)
    assert errors(run) == ["SCORE01"]


@pytest.mark.parametrize(
    "other",
    [
        SMALL_FORM.replace("乡村道路养护", "校舍维修"),
        SMALL_FORM.replace("某县公路站", "某县水利站"),
        SMALL_FORM.replace("2022年度", "2023年度"),
    ],
    ids=["project", "unit", "year"],
)
def test_another_form_under_the_same_name_is_another_form(tmp_path: Path, other: str) -> None:
    form = form_file(tmp_path)
    baseline = earlier_run(tmp_path, form)
    form.write_text(other, encoding="utf-8")
    assert errors(zpb.run(form, baseline=baseline)) == ERRORS


def test_names_are_compared_as_people_mean_them(tmp_path: Path) -> None:
    baseline = earlier_run(tmp_path, form_file(tmp_path))
    again = CORRECTED.replace("某县公路站", "某县 公路站（本级）").replace(
        "乡村道路养护", "２０２２年乡村道路养护"
    )
    assert zpb.run(form_file(tmp_path / "again", again, "b.txt"), baseline=baseline).findings == []


def test_a_second_copy_of_a_known_form_is_known(tmp_path: Path) -> None:
    form = form_file(tmp_path)
    baseline = earlier_run(tmp_path, form)
    copy = form_file(tmp_path / "copy")
    run = zpb.run([form, copy], baseline=baseline, ignore=["CROSS"])
    assert len(run.forms) == 2 and run.findings == []


# --- where only the findings are at hand --------------------------------------------------------------


def nameless(text: str = SMALL_FORM) -> str:
    """A form that does not say whose it is."""
    return (
        text.replace("| 项目名称 | 乡村道路养护 |", "| 项目名称 | |")
        .replace("某县公路站", "")
        .replace("某县交通局", "")
    )


def test_without_the_table_of_forms_a_form_is_known_by_its_file(tmp_path: Path) -> None:
    baseline = earlier_run(tmp_path, form_file(tmp_path / "first"))
    (baseline / "forms.csv").unlink()
    run = zpb.run(form_file(tmp_path / "second", CORRECTED), baseline=baseline)
    assert errors(run) == []
    assert errors(zpb.run(form_file(tmp_path / "third", CORRECTED, "b.txt"), baseline=baseline)) == [
        "SCORE01"
    ]


def test_a_name_that_several_files_have_identifies_none_but_at_its_old_path(tmp_path: Path) -> None:
    first = form_file(tmp_path / "a", nameless())
    baseline = earlier_run(tmp_path, first)
    first.write_text(nameless(CORRECTED), encoding="utf-8")
    other = form_file(tmp_path / "b", nameless(CORRECTED).replace("养护里程", "桥梁座数"))
    run = zpb.run([first, other], baseline=baseline, ignore=["CROSS"])
    assert [row["source"] for row in run.findings if row["code"] == "SCORE01"] == [str(other)]


# --- which finding is which ---------------------------------------------------------------------------


def finding(place: str = "表1 第1行 第1列", **changed: str) -> Row:
    row = {
        "form_id": "aaa-1", "source": "a.docx", "code": "GOAL05", "severity": "warning", "subject": "里程",
        "field": "score", "reported": "9.50", "message": "“里程”扣分未说明。", "place": place,
    }  # fmt: skip
    return {**row, **changed}


FORM: Row = {
    "form_id": "aaa-1", "source": "a.docx", "kind": "project", "fiscal_year": 2022, "project_name": "养护",
    "department": "某局", "implementing_unit": "某站",
}  # fmt: skip


def left(earlier: list[Row], now: list[Row]) -> tuple[list[Row], Tally]:
    """What a run with these findings reports of a form, after one that had those."""
    texts = [{name: str(value) for name, value in row.items()} for row in earlier]
    baseline = Baseline(Earlier(texts, [{name: str(value) for name, value in FORM.items()}]))
    rows = {"forms": [FORM], "findings": now}
    baseline.look(rows)
    return baseline.amend(rows)["findings"], baseline.tally()


def test_a_second_finding_of_the_same_kind_is_new_and_it_is_the_one_at_the_new_place() -> None:
    before, after = finding(), finding("表1 第9行 第1列")
    assert left([before], [after, before]) == ([after], Tally(1, 0, 0))


def test_a_finding_that_moved_is_known() -> None:
    assert left([finding()], [finding("表3 第2行 第2列")]) == ([], Tally(1, 0, 0))


@pytest.mark.parametrize("column", ["code", "subject", "field", "reported"])
def test_another_code_subject_field_or_number_is_another_finding(column: str) -> None:
    now = finding(**{column: "另一个", "message": "另一句。"})
    assert left([finding()], [now]) == ([now], Tally(0, 1, 0))


@pytest.mark.parametrize("reported", ["9.5", "9.500", " 9.50", "９.５"])
def test_a_number_is_compared_as_a_number(reported: str) -> None:
    assert left([finding(reported=reported)], [finding(message="an English sentence")])[0] == []


@pytest.mark.parametrize(
    ("saved", "printed"), [("5月3日", "3-5"), ("'=1+1", "=1+1"), ("1.2E+17", "123456789012345678")]
)
def test_what_excel_made_of_a_number_does_no_harm(saved: str, printed: str) -> None:
    assert left([finding(reported=saved)], [finding(reported=printed)])[0] == []


def test_remarks_that_differ_only_in_their_sentence_are_different_findings() -> None:
    blank = {"code": "READ05", "subject": "", "field": "document", "reported": ""}
    now = finding(**blank, message="第二条说明。")
    assert left([finding(**blank, message="第一条说明。")], [now])[0] == [now]


def test_an_ignored_finding_of_the_earlier_run_was_never_reported_and_is_not_known() -> None:
    assert left([finding(severity="ignored")], [finding()]) == ([finding()], Tally(0, 0, 0))


def test_a_finding_that_is_ignored_now_stays_in_the_table_and_is_not_resolved() -> None:
    ignored = finding(severity="ignored")
    assert left([finding()], [ignored]) == ([ignored], Tally(0, 0, 0))


# --- what is gone, and what was not looked for --------------------------------------------------------


def test_what_this_run_did_not_look_at_is_not_resolved(tmp_path: Path) -> None:
    here, there = form_file(tmp_path / "a"), form_file(tmp_path / "b", SMALL_FORM.replace("道路", "桥梁"))
    baseline = earlier_run(tmp_path, here, there)
    each = len(zpb.run(here).findings)
    assert f"已消除 0 项；另有 {each} 项这次没有核查" in remark(zpb.run(here, baseline=baseline))
    run = zpb.run([here, there], baseline=baseline, select=["SCORE01"])
    assert f"已知的疑点 2 项不再列出，已消除 0 项；另有 {2 * each - 2} 项" in remark(run)


def test_a_finding_across_forms_is_resolved_only_where_all_of_them_were_read(tmp_path: Path) -> None:
    here, there = form_file(tmp_path / "a"), form_file(tmp_path / "b", SMALL_FORM.replace("道路", "桥梁"))
    baseline = earlier_run(tmp_path, here, there)
    with (baseline / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file))
    across = {**row, "code": "CROSS02", "message": "two forms differ"}
    earlier = read_earlier(baseline)
    stage = Baseline(Earlier([across], earlier.forms))
    stage.amend(dict(zpb.run(here).rows))
    assert stage.tally() == Tally(0, 0, 1)
    stage.amend(dict(zpb.run(there).rows))
    assert stage.tally() == Tally(0, 1, 0)


# --- files --------------------------------------------------------------------------------------------


def test_the_table_is_read_as_excel_saves_it(tmp_path: Path) -> None:
    form = form_file(tmp_path)
    baseline = earlier_run(tmp_path, form)
    text = (baseline / "findings.csv").read_text(encoding="utf-8-sig")
    for name, content in {
        "gbk": text.encode("gbk"),
        "utf8": text.encode(),
        "unicode text": text.replace(",", "\t").encode("utf-16"),
    }.items():
        saved = tmp_path / name / "上次.csv"
        saved.parent.mkdir()
        saved.write_bytes(content)
        assert zpb.run(form, baseline=saved).findings == [], name


def test_characters_that_gbk_lacks_do_no_harm(tmp_path: Path) -> None:
    form = form_file(tmp_path, SMALL_FORM.replace("★出行条件", "出行条件☑").replace("每公里成本", "每m²成本"))
    saved = earlier_run(tmp_path, form) / "findings.csv"
    saved.write_bytes(saved.read_text(encoding="utf-8-sig").encode("gbk", "replace"))
    assert "出行条件?" in saved.read_text(encoding="gbk")
    assert zpb.run(form, baseline=saved).findings == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_will_do(tmp_path: Path, lang: str) -> None:
    form = form_file(tmp_path)
    zpb.run(form, out=tmp_path / "earlier", tables=["xlsx"], lang=lang)
    form.write_text(CORRECTED, encoding="utf-8")
    moved = form.rename(tmp_path / "other name.txt")
    for baseline in (tmp_path / "earlier", tmp_path / "earlier" / "zipingbiao.xlsx"):
        run = zpb.run(moved, baseline=baseline)
        assert run.findings == []
        assert "已消除 1 项" in remark(run)


def test_an_earlier_run_without_findings_makes_all_new(tmp_path: Path) -> None:
    clean = form_file(tmp_path / "a", CORRECTED.replace("| 总分 | 100 | 100 |", "| 总分 | 100 | 82.5 |"))
    baseline = earlier_run(tmp_path, clean)
    assert (baseline / "findings.csv").read_text(encoding="utf-8-sig").count("\n") <= 3
    assert errors(zpb.run(form_file(tmp_path / "b"), baseline=baseline)) == ERRORS


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.csv", None, "无法打开"),
        ("other.csv", b"a,b\n1,2\n", "不是 findings 表"),
        ("empty.csv", b"", "不是 findings 表"),
        ("broken.csv", b"\xff\x81\x00\xff", "既不是 UTF-8 也不是 GBK"),
        ("long.csv", b"form_id," + b"x" * 200_000 + b"\n", "不是有效的 CSV"),
        ("none.xlsx", None, "findings.csv"),
        ("broken.xlsx", b"PK\x03\x04 no workbook", "findings.csv"),
        ("form.xlsx", b"no workbook at all", "不是 findings 表"),
    ],
)
def test_what_is_no_earlier_run_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(zpb.BaselineError) as caught:
        zpb.run(form_file(tmp_path), baseline=path)
    assert said in caught.value.message.zh
    assert all(name in message and "\n" not in message for message in caught.value.message)


def test_a_run_does_not_write_over_its_own_baseline(tmp_path: Path) -> None:
    form = form_file(tmp_path)
    baseline = earlier_run(tmp_path, form)
    before = (baseline / "findings.csv").read_bytes()
    with pytest.raises(zpb.BaselineError, match="choose another folder"):
        zpb.run(form, baseline=baseline, out=baseline)
    assert (baseline / "findings.csv").read_bytes() == before


# --- the command --------------------------------------------------------------------------------------


def test_the_command_says_what_is_known_and_fails_only_on_what_is_new(tmp_path: Path) -> None:
    form = form_file(tmp_path)
    baseline = earlier_run(tmp_path, form)

    def say(*more: object) -> tuple[int, str]:
        arguments = ["run", form, "--baseline", baseline, "--jobs", 1, *more]
        done = CliRunner().invoke(app, [str(one) for one in arguments])
        return done.exit_code, done.output

    code, said = say("--out", tmp_path / "new", "--fail-on", "warning")
    assert code == 0
    assert "疑点 0 项" in said and "与基线相比" in said
    sheet = load_workbook(tmp_path / "new" / "zipingbiao.xlsx", read_only=True)["疑点清单"]
    assert len(list(sheet.iter_rows())) == 1
    assert say("--out", baseline) == (
        2,
        f"基线 {baseline / 'findings.csv'}：会被这次的结果覆盖；请用 --out 另选结果文件夹。\n",
    )
    form.write_text(WORSE, encoding="utf-8")
    assert say("--out", tmp_path / "newer", "--fail-on", "error")[0] == 3
