"""`--redact`: whoever a form names as a person is in no byte of the results; figures, codes, labels and places stay."""

from __future__ import annotations

import csv
import re
import sqlite3
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import text
from pyarrow import parquet
from small_form import SMALL_FORM
from typer.testing import CliRunner

import zipingbiao as zpb
from normalize.fold import fold, squeeze
from zipingbiao.batch.store import MEMORY, Store
from zipingbiao.cli import app
from zipingbiao.columns import TABLES
from zipingbiao.redact.stage import Redact
from zipingbiao.report.draft import WriteError
from zipingbiao.tables import Rows, empty_rows

SAMPLES = Path(__file__).parents[1] / "samples"
HEAD = "填表人：丁一  联系电话：0398-1234567\n"
GOAL = "| 产出指标 | 数量指标 | 指标1：养护里程 | ≥40公里 | 30公里 | 50 | 37.5 | 雨季停工 |"

#: what the head of a form says, what else it says behind the table, and what of it nobody may read
PEOPLE = (
    ("填表人：章建国  联系电话：13812340001", "", ("章建国", "13812340001")),
    ("填表人：苗 青  联系电话：138 1234 0002", "", ("苗青", "13812340002")),
    ("填表人：苗　雨　联系电话：138-1234-0003", "苗雨同志牵头。", ("苗雨", "13812340003")),
    ("填表人：欧阳明月  联系电话：（0571）8888 0004", "", ("欧阳明月", "88880004")),
    ("填表人：欧阳 海  联系电话：0571-88880005转801", "", ("欧阳海", "88880005", "转801")),
    ("填表人：穆合塔尔·艾力  联系电话：＋86 138 1234 0006", "", ("穆合塔尔", "艾力", "13812340006")),
    ("填表人：阿依古丽  联系电话：+86-13812340007", "阿依古丽核对了数据。", ("阿依古丽", "13812340007")),
    ("填表人：旺堆  联系电话：１３８１２３４０００８", "", ("旺堆", "13812340008")),
    ("填表人：Zhang Weimin  联系电话：8613812340009", "Zhang Weimin 已核对。", ("ZhangWeimin", "13812340009")),
    ("填表人：薛宝（0571—88880010）", "", ("薛宝", "88880010")),
    ("填表人：薛松 88880011", "", ("薛松", "88880011")),
    ("填表人：薛柏，0571 88880012", "", ("薛柏", "88880012")),
    ("填表人：诸葛小亮科长  联系电话：057188880013", "", ("诸葛小亮", "057188880013")),
    ("填表人：谭浩、谭江  联系电话：88880014、88880114", "", ("谭浩", "谭江", "88880014", "88880114")),
    ("填表人：谭海 谭湖  联系电话：0571-88880015/88880115", "", ("谭海", "谭湖", "88880015", "88880115")),
    ("联系人及电话：龚自立 13812340016", "", ("龚自立", "13812340016")),
    ("填表人：龚自强  联系电话：13812340017", "联系人龚自强负责解释。", ("龚自强", "13812340017")),
    ("填表人：方圆  联系电话：13812340018", "经办人：方圆。由方圆同志复核。", ("方圆同志", "经办人：方圆")),
    ("填表人：夏青", "审核人：孟繁星　　单位负责人（签字）：孟繁露", ("夏青", "孟繁星", "孟繁露")),
    ("填表人：夏蝉", "评价组组长：靳东来，成员：靳东去、靳东回。", ("夏蝉", "靳东来", "靳东去", "靳东回")),
    ("填表人：夏荷", "项目负责人祁连玉负责现场管理，祁连玉另兼会计。", ("夏荷", "祁连玉")),
    ("填表人：夏夜", "会计：祁山（身份证号：330106199001011234）", ("祁山", "330106199001011234")),
    ("填表人：夏雨", "经办人 樊小溪 电话 13812340023，邮箱 fanxx@example.cn", ("樊小溪", "13812340023", "fanxx")),
    ("填表人：夏云", "联系人：樊小河；微信号：fan_xiaohe01", ("樊小河", "fan_xiaohe01")),
    ("填表人：夏雪", "如有疑问请联系樊小江，手机：138 1234 0025。经办人：樊小江", ("樊小江", "13812340025")),
    ("填表人：夏霜", "制表：闻人语\n复核：闻人笑  13812340026", ("闻人语", "闻人笑", "13812340026")),
    ("填表人：夏露", "质疑请拨打0571-88880027或13812340027。", ("夏露", "88880027", "13812340027")),
    ("填表人：翁婉 负责人：翁妍", "翁婉、翁妍两人到现场核查，翁 婉 记录。", ("翁婉", "翁妍")),
    ("填報人：張國榮生  聯系電話：13812340029", "", ("張國榮生", "13812340029")),
    ("填表人：容（主任）  联系电话：13812340030", "", ("13812340030",)),
)  # fmt: skip


def form_of(head: str, behind: str, number: int) -> str:
    """A form of its own project, with a head and some text behind its table."""
    text = SMALL_FORM.replace(HEAD, f"{head}\n").replace("乡村道路养护", f"乡村道路养护{number}期")
    return f"{text}\n{behind}\n" if behind else text


@pytest.fixture(scope="module")
def redacted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of a run over all `PEOPLE`, in every kind of file, with working papers and letters made from them."""
    folder = tmp_path_factory.mktemp("redact")
    inputs = folder / "自评表"
    inputs.mkdir()
    for number, (head, behind, _) in enumerate(PEOPLE, 1):
        name = "章建国填报.txt" if number == 1 else f"{number:02}.txt"
        (inputs / name).write_text(form_of(head, behind, number), encoding="utf-8")
    tables = ("csv", "xlsx", "parquet", "sqlite", "jsonl", "html")
    zpb.run(inputs, out=folder / "out", tables=tables, redact=True)
    settings = ["--severity", "note", "--to"]
    papers = CliRunner().invoke(
        app, ["paper", str(folder / "out"), *settings, str(folder / "out" / "papers")]
    )
    assert papers.exit_code == 0, papers.output
    # the copies are the units' own documents; of one whose name was a person's, there is none
    returned = CliRunner().invoke(app, ["return", str(folder / "out"), *settings, str(folder / "returned")])
    assert returned.exit_code == 1, returned.output
    (folder / "out" / "letters").mkdir()
    for letter in (folder / "returned").glob("核查反馈函*"):
        letter.rename(folder / "out" / "letters" / letter.name)
    for copy in (folder / "returned").iterdir():
        said = "\n".join(comment.text for comment in docx.Document(str(copy)).comments)
        (folder / "out" / "letters" / f"{copy.stem}.txt").write_text(said, encoding="utf-8")
    return folder / "out"


def plain(text: str) -> str:
    """A text without white space, dashes, dots and brackets, signs folded: 138-1234 0003 is found as 13812340003."""
    return re.sub(r"[\s()·—–-]", "", squeeze(fold(text)))


def written_in(path: Path) -> str:
    """Every byte of a file as plain text, with what is packed or lies in several pieces: archives, databases, tables."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as members:
            parts = [members.read(name).decode("utf-8", "replace") for name in members.namelist()]
    elif path.suffix == ".parquet":
        table = parquet.read_table(path)
        parts = [str(table.schema), *(str(column.to_pylist()) for column in table.columns)]
    else:
        parts = [path.read_bytes().decode("utf-8", "replace")]
    if path.suffix == ".sqlite":
        parts += sqlite3.connect(path).iterdump()
    return plain("\n".join(parts))


def all_text(folder: Path) -> str:
    """All that the files of a folder say, and their names."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return "\n".join(f"{plain(path.name)}\n{written_in(path)}" for path in files)


def table_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def all_written(redacted: Path) -> str:
    """All that these results say."""
    return all_text(redacted)


@pytest.mark.parametrize(("head", "behind", "secrets"), PEOPLE)
def test_whom_a_form_names_is_in_no_byte_of_the_results(
    all_written: str, head: str, behind: str, secrets: tuple[str, ...]
) -> None:
    printed = plain(head + behind)
    for secret in map(plain, secrets):
        assert secret in printed, "the form must say it, or the test can not fail"
        assert secret not in all_written


def test_what_is_searched_for_names_is_all_that_the_results_say(redacted: Path) -> None:
    """Else nobody would be found in it: what the forms say besides names is there, in each kind of file."""
    for file in (
        "forms.csv",
        "forms.parquet",
        "zipingbiao.xlsx",
        "zipingbiao.sqlite",
        "findings.jsonl",
        "report.html",
    ):
        assert "乡村道路养护1期" in written_in(redacted / file), file
    for made in ("papers/*.docx", "letters/核查反馈函*.docx", "letters/*.txt"):
        (first, *_) = sorted(redacted.glob(made))
        assert "养护" in written_in(first), made


def test_every_form_still_names_a_preparer_and_only_one_pseudonym_each(redacted: Path) -> None:
    preparers = [row["preparer"] for row in table_of(redacted, "forms")]
    assert len(preparers) == len(PEOPLE)
    assert all(name.startswith("人员") for name in preparers)


def test_the_same_person_is_called_the_same_everywhere(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        form_of("填表人：苗 青  联系电话：138 1234 0002", "苗青同志牵头。", 1), encoding="utf-8"
    )
    (tmp_path / "苗青.txt").write_text(
        form_of("填表人：谭浩  联系电话：13812340002", "复核：苗　青", 2), encoding="utf-8"
    )
    done = zpb.run(tmp_path, redact=True)
    first, second = done.forms
    assert (first["preparer"], first["contact"]) == ("人员1", "电话1")
    assert (second["preparer"], second["contact"]) == ("人员2", "电话1")
    assert str(second["source"]).endswith("人员1.txt")
    said = [str(row["text"]) for row in done.rows["texts"]]
    assert "人员1同志牵头。" in said
    assert any(text.endswith("复核：人员1") for text in said)


def test_in_english_they_are_persons(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(form_of(*PEOPLE[0][:2], 1), encoding="utf-8")
    done = zpb.run(tmp_path, redact=True, lang="en")
    assert (done.forms[0]["preparer"], done.forms[0]["contact"]) == ("Person1", "Phone1")


STAYS = (
    "早高峰期车流平稳，方圆十里都通车。",
    "业务扩张三个百分点，覆盖率98.5%。",
    "全年支出13812340000元，其中0571工程1381234万元。",
    "合同号 ZJ20230220138123400011 已归档，报告日期2023年2月20日。",
    "负责人高度重视，责任人员到位，联系人制度健全。",
    "每公里成本3-5万元，2022-2023年共3,812,340.00元。",
    "填报日期：2023-02-20，单位：万元，审核时间：20230221",
    "会计核算规范，项目负责人负责制落实，成员单位12家。",
)


@pytest.mark.parametrize("text", STAYS)
def test_words_and_figures_stay(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(form_of("填表人：高峰、方圆、张三", text, 1), encoding="utf-8")
    before, after = (zpb.run(tmp_path, redact=redact).rows["texts"] for redact in (False, True))
    said, kept = ([str(row["text"]) for row in rows] for rows in (before, after))
    assert text in said, "the form must be read as it was written"
    assert text in kept


def test_units_and_projects_with_a_word_that_is_also_a_name_keep_it(tmp_path: Path) -> None:
    form = form_of("填表人：高峰", "高峰同志填报。", 1).replace("某县公路站", "高峰镇公路站")
    (tmp_path / "a.txt").write_text(form, encoding="utf-8")
    done = zpb.run(tmp_path, redact=True)
    assert done.forms[0]["implementing_unit"] == "高峰镇公路站"
    assert done.forms[0]["preparer"] == "人员1"
    assert "人员1同志填报。" in [row["text"] for row in done.rows["texts"]]


def test_a_project_code_that_looks_like_a_mobile_number_stays(tmp_path: Path) -> None:
    form = form_of("填表人：高峰  联系电话：13912345678", "项目编码13812340001的资料。", 1)
    form = form.replace("| 主管部门", "| 项目编码 | 13812340001 |\n| 主管部门")
    (tmp_path / "a.txt").write_text(form, encoding="utf-8")
    done = zpb.run(tmp_path, redact=True)
    assert done.forms[0]["project_code"] == "13812340001"
    assert "项目编码13812340001的资料。" in [row["text"] for row in done.rows["texts"]]


@pytest.mark.parametrize(("text", "kind"), [("33010619900101123X", "证件"), ("330106199001011234", "")])
def test_an_identity_number_is_told_by_its_last_sign(tmp_path: Path, text: str, kind: str) -> None:
    (tmp_path / "a.txt").write_text(form_of("填表人：高峰", f"附 {text} 号材料。", 1), encoding="utf-8")
    said = [str(row["text"]) for row in zpb.run(tmp_path, redact=True).rows["texts"]]
    assert f"附 {kind}1 号材料。" in said if kind else f"附 {text} 号材料。" in said


def test_over_all_samples_no_name_is_left_and_no_figure_changes(tmp_path: Path) -> None:
    forms = sorted(path for kind in ("docx", "pdf", "txt", "xlsx") for path in SAMPLES.glob(f"*/form.{kind}"))
    printed = zpb.run(forms)
    redacted = zpb.run(forms, out=tmp_path / "out", redact=True)
    written = all_text(tmp_path / "out")
    people = {str(row[column]) for row in printed.forms for column in ("preparer", "contact") if row[column]}
    assert len(people) > 20
    assert not [one for one in people if plain(one) in written]
    texts = {"text", "preparer", "contact", "reported", "message"}
    for table, columns in TABLES.items():
        exact = [column.name for column in columns if column.name not in {*texts, "seconds"}]
        assert len(redacted.rows[table]) == len(printed.rows[table])
        for before, after in zip(printed.rows[table], redacted.rows[table], strict=True):
            assert [before[name] for name in exact] == [after[name] for name in exact]


def test_findings_are_those_of_the_form_as_it_is(redacted: Path) -> None:
    codes = {row["code"] for row in table_of(redacted, "findings")}
    assert {"FUND05", "SCORE01"} <= codes


def test_nothing_is_remembered_and_what_was_is_removed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(form_of(*PEOPLE[0][:2], 1), encoding="utf-8")
    out = tmp_path / "out"
    zpb.run(tmp_path / "in", out=out)
    assert (out / MEMORY).exists()
    result = CliRunner().invoke(
        app, ["run", str(tmp_path / "in"), "--out", str(out), "--redact", "--jobs", "1"]
    )
    assert result.exit_code == 0, result.output
    assert not (out / MEMORY).exists()
    assert "章建国" not in all_text(out) + result.output


def test_the_memory_of_a_run_at_work_is_left_to_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(form_of(*PEOPLE[0][:2], 1), encoding="utf-8")
    out = tmp_path / "out"
    with Store(out, b"another run"), pytest.raises(WriteError):
        zpb.run(tmp_path / "a.txt", out=out, redact=True)


def test_two_files_whose_names_become_one_stay_two(tmp_path: Path) -> None:
    for number, name in enumerate(("苗青.txt", "苗 青.txt"), 1):
        (tmp_path / name).write_text(form_of("填表人：苗青", "", number), encoding="utf-8")
    sources = [str(row["source"]) for row in zpb.run(tmp_path, redact=True).sources]
    assert len(set(sources)) == 2
    assert not [one for one in sources if "苗" in one]


def test_a_number_that_nobody_could_read_is_no_longer_in_its_finding() -> None:
    rows: Rows = empty_rows()
    cell = {"form_id": "a-1", "place": "表1 第1行 第2列", "match": "", "confidence": None}
    rows["cells"] = [{**cell, "text": "88880000", "role": "contact"}, {**cell, "text": "88880000", "role": "unclaimed"},
                     {**cell, "text": "88880000", "role": "executed"}]  # fmt: skip
    stage = Redact("zh")
    stage.look(rows)
    assert [row["text"] for row in stage.amend(rows)["cells"]] == ["电话1", "电话1", "88880000"]


def test_units_of_amounts_stay_though_somebody_has_such_a_name(tmp_path: Path) -> None:
    form = form_of("填表人：万元", "共3.5万元。", 1).replace("项目资金（元）", "项目资金（万元）")
    (tmp_path / "a.txt").write_text(form, encoding="utf-8")
    done = zpb.run(tmp_path, redact=True)
    assert done.forms[0]["preparer"] == "人员1"
    assert done.forms[0]["amount_unit_raw"] == "万元"
    assert "共3.5万元。" in [row["text"] for row in done.rows["texts"]]


@given(
    text(
        st.sampled_from("张三李四丰填表人负责经办电话：: 、（）(·某同志138057188880000-+@a.cn\n\\元万局科"),
        max_size=60,
    )
)
@settings(deadline=None, max_examples=300)
def test_whatever_is_written_nothing_but_people_is_lost(said: str) -> None:
    rows: Rows = empty_rows()
    rows["texts"] = [{"form_id": "", "section": "", "text": said, "place": "第1段", "source": "a"}]
    stage = Redact("zh")
    stage.look(rows)
    (after,) = stage.amend(rows)["texts"]
    kept = re.split(r"(?:人员|电话|证件|邮箱|账号)[0-9]+", str(after["text"]))
    pattern = ".*".join(map(re.escape, kept))
    assert re.fullmatch(pattern, said, re.DOTALL) or "电话" in said
    assert after["place"] == "第1段"


def test_sqlite_holds_pseudonyms(redacted: Path) -> None:
    with sqlite3.connect(redacted / "zipingbiao.sqlite") as db:
        (name,) = db.execute("SELECT preparer FROM forms ORDER BY source DESC LIMIT 1").fetchone()
    db.close()
    assert name.startswith("人员")
