"""An office teaches its own labels: what nobody knew is listed, and the listed lines are all it takes."""

from __future__ import annotations

import csv
import itertools
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

import zipingbiao as zpb
from extract.text.read import read_text
from normalize.aliases import AliasError, read_aliases
from normalize.form_facts import USUAL
from normalize.labels.texts import may_be_person
from normalize.labels.unknown import UnknownLabel, unknown_labels
from normalize.layout import find_forms
from normalize.record import Record
from normalize.schema import knowing, load_schema
from tests.small_form import SMALL_FORM
from zipingbiao.cli import app

ROOT = Path(__file__).parents[1]
#: labels of the small form, and what an office prints instead
ODD = {
    "实施单位": "承办机构",
    "全年执行数": "钱花了多少",
    "实际完成值": "年终达成情况",
    "成本指标": "花多少成本",
    "总分": "最后合起来",
}


def odd_form(replaced: dict[str, str]) -> str:
    text = SMALL_FORM
    for label, odd in replaced.items():
        assert f"| {label} |" in text
        text = text.replace(f"| {label} |", f"| {odd} |")
    return text


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def unknown_in(text: str) -> list[UnknownLabel]:
    (form,) = find_forms(read_text(text.encode(), "form.txt"))
    return unknown_labels(form)


def content(record: Record) -> tuple[object, ...]:
    """Everything that was read of a form."""
    return (
        {name: entry.value for name, entry in record.heading.items()},
        [(line.item, line.budget_adjusted, line.executed, line.score) for line in record.funds],
        [(one.level1, one.level2, one.name, one.target, one.actual, one.score) for one in record.indicators],
        (record.total.weight, record.total.score),
        [cell.text for cell in record.form.unclaimed],
    )


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def run_command(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, done.output


def test_an_office_teaches_five_labels_by_copying_the_lines_of_the_list(tmp_path: Path) -> None:
    form = written(tmp_path, "form.txt", odd_form(ODD))
    assert run_command("run", form, "--out", tmp_path / "first", "--jobs", 1, "-q")[0] == 0
    listed = rows_of(tmp_path / "first" / "unknown_labels.csv")
    assert {row["label"] for row in listed} == set(ODD.values())
    aliases = written(tmp_path, "my.toml", "\n".join(row["toml"] for row in listed))
    arguments = ("run", form, "--out", tmp_path / "second", "--jobs", 1, "-q", "--aliases", aliases)
    assert run_command(*arguments)[0] == 0
    assert rows_of(tmp_path / "second" / "unknown_labels.csv") == []

    (taught,) = zpb.records(form, aliases=aliases)
    (printed,) = zpb.records(written(tmp_path, "printed.txt", SMALL_FORM))
    assert [str(one) for one in content(taught)[1]] != []
    for ours, theirs in zip(content(taught), content(printed), strict=True):
        assert _without_places(ours) == _without_places(theirs)


def _without_places(part: object) -> str:
    return str(part).replace("printed.txt", "form.txt")


@pytest.mark.parametrize("label", ODD)
def test_each_label_alone_is_listed_with_the_field_it_means_first(label: str) -> None:
    (found,) = unknown_in(odd_form({label: ODD[label]}))
    meant = {
        "实施单位": ("head", "implementing_unit"),
        "全年执行数": ("fund_column", "executed"),
        "实际完成值": ("indicator_column", "actual"),
        "成本指标": ("level2", "cost"),
        "总分": ("total", "total"),
    }
    assert (found.guesses[0].scope, found.guesses[0].field) == meant[label]
    assert (found.text, found.wording, found.is_read) == (ODD[label], ODD[label], False)


def test_a_form_whose_labels_are_known_lists_none() -> None:
    assert unknown_in(SMALL_FORM) == []


def test_a_label_read_by_likeness_is_listed_as_such() -> None:
    (found,) = unknown_in(SMALL_FORM.replace("| 年度指标值 |", "| 年度指标标值 |"))
    assert found.is_read
    assert found.toml == "indicator_column.target.aliases = ['年度指标标值']"


def test_the_line_teaches_the_label_without_what_forms_put_around_it() -> None:
    (found,) = unknown_in(SMALL_FORM.replace("| 其中：财政拨款 |", "| 其中：扶持类的钱（万元） |"))
    assert found.text == "其中：扶持类的钱（万元）"
    assert found.wording == "扶持类的钱"


def test_an_unknown_label_before_a_colon_is_listed_without_what_stands_behind_it() -> None:
    (found,) = unknown_in(SMALL_FORM.replace("填表人：丁一", "本表制作者：丁一"))
    assert found.text == "本表制作者"


@pytest.mark.parametrize("name", ["张三", "欧阳小明", "王建设", "李四、赵六", "诸葛亮"])
def test_names_and_numbers_of_people_are_never_listed(name: str) -> None:
    assert may_be_person(name)
    people = f"| 姓名栏 | 职务栏 | 签字栏 |\n| {name} | 局长 | 13800000000 |\n| {name} | | |\n"
    for text in (SMALL_FORM + people, people + SMALL_FORM, SMALL_FORM + f"\n| 牵头同志 | {name} |\n"):
        listed = " ".join(label.text for label in unknown_in(text))
        assert name not in listed
        assert "13800000000" not in listed


@pytest.mark.parametrize("label", ["金额合计", "单位情况", "时间", "成本", "承办机构", "年终达成情况"])
def test_a_label_that_begins_like_a_surname_is_no_name(label: str) -> None:
    assert not may_be_person(label)


def test_the_list_adds_up_all_files(tmp_path: Path) -> None:
    folder = tmp_path / "forms"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        written(folder, name, odd_form({"实际完成值": "年终达成情况"}) + name)
    written(folder, "c.txt", odd_form({"实施单位": "承办机构"}))
    done = zpb.run([folder], out=tmp_path / "out")
    first, second = done.rows["unknown_labels"]
    assert (first["label"], first["count"], first["files"]) == ("年终达成情况", 2, 2)
    assert str(first["source"]).endswith("a.txt")
    assert (second["label"], second["count"], second["files"]) == ("承办机构", 1, 1)
    assert [row["label"] for row in rows_of(tmp_path / "out" / "unknown_labels.csv")] == [
        "年终达成情况",
        "承办机构",
    ]
    book = load_workbook(tmp_path / "out" / "zipingbiao.xlsx", read_only=True)
    assert [row[0] for row in book["未识别标签"].iter_rows(min_row=2, values_only=True)] == [
        "年终达成情况",
        "承办机构",
    ]
    book.close()
    assert list(done.tables()["unknown_labels"]["count"]) == [2, 1]


def test_worker_processes_know_the_labels_too(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        written(tmp_path, name, odd_form({"实际完成值": "年终达成情况"}) + name)
    aliases = written(tmp_path, "my.toml", "indicator_column.actual.aliases = ['年终达成情况']")
    done = zpb.run([tmp_path / "a.txt", tmp_path / "b.txt"], aliases=aliases, jobs=2)
    assert done.rows["unknown_labels"] == []
    assert {row["actual_raw"] for row in done.rows["indicators"]} == {"30公里", "4万元", "明显改善"}


def test_what_one_run_was_taught_no_other_run_knows(tmp_path: Path) -> None:
    form = written(tmp_path, "form.txt", odd_form({"实际完成值": "年终达成情况"}))
    as_actual = written(tmp_path, "one.toml", "indicator_column.actual.aliases = ['年终达成情况']")
    as_previous = written(tmp_path, "two.toml", "indicator_column.previous.aliases = ['年终达成情况']")
    for aliases, is_actual in itertools.chain([(None, False), (as_actual, True), (as_previous, False)] * 2):
        (record,) = zpb.records(form, aliases=aliases)
        assert ("actual" in record.form.indicator_columns) == is_actual
        assert ("previous" in record.form.indicator_columns) == (aliases is as_previous)
    before = load_schema()
    with knowing(read_aliases(as_actual)):
        assert load_schema() is not before
    assert load_schema() is before


def test_show_prints_the_lines_and_reads_with_them(tmp_path: Path) -> None:
    form = written(tmp_path, "form.txt", odd_form(ODD))
    shown, heading, copied = run_command("show", form)[1].partition("用 --aliases 给出：\n")
    assert shown and heading
    aliases = written(tmp_path, "my.toml", copied)
    assert {one.wording for one in read_aliases(aliases)} == set(ODD.values())
    code, taught = run_command("show", form, "--aliases", aliases)
    assert code == 0
    assert "aliases" not in taught and "? " not in taught


def test_tables_lines_and_repeated_fields_are_one_format(tmp_path: Path) -> None:
    text = (
        "\ufeff# 本单位\n[indicator_column.actual]\naliases = [\n  '年终达成情况',\n  \"全年达成\",\n]\r\n"
        "indicator_column.actual.aliases = ['达成']\n[indicator_column.actual]\naliases = ['达成了']\n"
        "[head]\nproject_name = { aliases = ['所报事项：'] }\n"
    )
    found = read_aliases(written(tmp_path, "my.toml", text))
    assert [(one.scope, one.field, one.wording) for one in found] == [
        ("indicator_column", "actual", "年终达成情况"),
        ("indicator_column", "actual", "全年达成"),
        ("indicator_column", "actual", "达成"),
        ("indicator_column", "actual", "达成了"),
        ("head", "project_name", "所报事项"),
    ]


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("\n[indikator.actual]\naliases = ['a']", "第 2 行：没有 indikator 这个栏目", "line 2: indikator is no scope"),
        ("[head.projekt]\naliases = ['a']", "没有 projekt 这个head 的字段；可用的：project_name", "known are project_name"),
        ("[head.department]\nalias = ['归口方']", "应写成 [indicator_column.actual]", "must be like"),
        ("[head.department]\naliases = '归口方'", "应写成 [indicator_column.actual]", "must be like"),
        ("head = 1", "应写成 [indicator_column.actual]", "must be like"),
        ("[head.department]\naliases = ['']", "不是标签", "no label"),
        ("[head.department]\naliases = ['12']", "不是标签", "no label"),
        ("[head.department]\naliases = [12]", "不是标签", "no label"),
        (f"[head.department]\naliases = ['{'归口' * 30}']", "不是标签", "no label"),
        ("[head.department]\naliases = ['实施单位']", "已表示 implementing_unit，不能又表示 department", "means implementing_unit"),
        (
            "level2.cost.aliases = ['花销']\nlevel2.quantity.aliases = ['花 销']",
            "第 2 行：“花销”在 level2 中已表示 cost，不能又表示 quantity",
            "line 2: “花销” means cost in level2 already and cannot mean quantity",
        ),
        ("[head.department]\naliases = ['归口方']\n[head.contact]\naliases = [", "不是有效的 TOML", "not a TOML file"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_told_in_a_sentence(
    text: str, zh: str, en: str, tmp_path: Path
) -> None:
    path = written(tmp_path, "my.toml", text)
    with pytest.raises(AliasError) as caught:
        read_aliases(path)
    assert zh in caught.value.message.zh
    assert en in caught.value.message.en
    for command in (("run", path, "--out", tmp_path / "out"), ("show", path)):
        code, output = run_command(*command, "--aliases", path)
        assert code == 2
        assert output.strip() == caught.value.message.zh


def test_broken_toml_is_told_by_its_own_line(tmp_path: Path) -> None:
    path = written(
        tmp_path, "my.toml", "[head.department]\naliases = ['归口方']\n[head.contact]\naliases = 1x\n"
    )
    with pytest.raises(AliasError, match="line 4"):
        read_aliases(path)


def test_a_file_in_gbk_and_a_missing_file_are_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_bytes("[head.department]\naliases = ['归口管理方']\n".encode("gbk"))
    with pytest.raises(AliasError) as caught:
        read_aliases(path)
    assert "GBK" in caught.value.message.zh and "save it as UTF-8" in caught.value.message.en
    with pytest.raises(AliasError) as caught:
        read_aliases(tmp_path / "none.toml")
    assert "无法打开" in caught.value.message.zh


def test_what_is_usual_is_in_the_schema() -> None:
    for scope, fields in USUAL.items():
        assert set(fields) <= set(load_schema().labels[scope].values())


def test_the_page_on_labels_names_every_scope_and_field() -> None:
    page = (ROOT / "docs" / "aliases.md").read_text(encoding="utf-8")
    for scope, known in load_schema().labels.items():
        (line,) = (line for line in page.splitlines() if line.startswith(f"| `{scope}`"))
        assert all(f"`{field}`" in line for field in known.values()), scope
