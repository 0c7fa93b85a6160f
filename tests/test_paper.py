"""Working papers: each unit's findings in a Word document, from a template that an office can change in Word."""

from __future__ import annotations

import csv
import importlib.util
import io
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from small_form import SMALL_FORM
from typer.testing import CliRunner

import zipingbiao as zpb
from zipingbiao.cli import app
from zipingbiao.columns import TABLES
from zipingbiao.report.paper import rendering
from zipingbiao.report.paper.command import write_papers
from zipingbiao.report.paper.facts import example, read_facts
from zipingbiao.report.paper.rendering import Template, TemplateError

docx = pytest.importorskip("docx")
pytest.importorskip("docxtpl")

ROOT = Path(__file__).parents[1]
NASTY = "{{ 单位 }}{%tr for x in y %}{_{ a }_} & <w:br/> ]]> =1+1 \\n"


def results(folder: Path, *forms: str, **settings: Any) -> Path:
    """The results of a run over these forms."""
    inputs = folder / "自评表"
    inputs.mkdir()
    for number, form in enumerate(forms, 1):
        (inputs / f"{number}.txt").write_text(form, encoding="utf-8")
    zpb.run(inputs, out=folder / "结果", **settings)
    return folder / "结果"


def text_of(paper: Path) -> str:
    """All text of a Word document, cells parted by TABs."""
    document = docx.Document(str(paper))
    lines = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        lines += ["\t".join(cell.text for cell in row.cells) for row in table.rows]
    lines += [paragraph.text for paragraph in document.sections[0].header.paragraphs]
    return "\n".join(lines)


def own_template(path: Path, *paragraphs: str) -> Path:
    """A template of these paragraphs."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(str(path))
    return path


def test_a_paper_says_scope_findings_and_their_rule(tmp_path: Path) -> None:
    (paper,) = write_papers(results(tmp_path, SMALL_FORM), tmp_path / "底稿", None, "warning")
    assert paper.name == "审计工作底稿-某县公路站.docx"
    said = text_of(paper)
    assert "被审计单位\t某县公路站\t主管部门\t某县交通局" in said
    assert "《项目支出绩效评价管理办法》（财预〔2020〕10号）" in said
    assert "预算数合计\t25万元\t执行数合计\t12.5万元" in said
    assert re.search(r"1\t乡村道路养护\n1\.txt\t2022\t25\t12\.5\t50\.00%\t100\t82\.50\t", said)
    assert "执行率得分缺失（错误，1项，FUND05）" in said
    assert "依据：财预〔2020〕10号。" in said
    assert re.search(r"1\t乡村道路养护（1）\t表1 第4行 第7列[^\t]*\t\t5\t\t执行率得分为空", said)
    assert re.search(r"\t100\t77\.5\t22\.5\t", said)
    for blank in (
        "三、被审计单位说明",
        "四、审计人员结论",
        "五、复核意见",
        "审计人员\t\t编制日期",
        "复核人员\t\t复核日期",
    ):
        assert blank in said
    assert "{{" not in said and "{%" not in said


def test_a_unit_without_findings_is_said_to_have_none(tmp_path: Path) -> None:
    clean = SMALL_FORM.replace("| 10 | 50% | |", "| 10 | 90% | 9 |").replace("125000.00", "225000.00")
    clean = clean.replace("| — | 50% | — |", "| — | 90% | — |").replace(
        "| 总分 | 100 | 100 |", "| 总分 | 100 | 86.5 |"
    )
    (paper,) = write_papers(results(tmp_path, clean), tmp_path / "底稿", None, "error")
    assert "未发现疑点" in text_of(paper)


def test_each_unit_gets_a_paper_and_a_copy_counts_once(tmp_path: Path) -> None:
    other = SMALL_FORM.replace("某县公路站", "某县水利站").replace("乡村道路养护", "水库除险")
    folder = results(tmp_path, SMALL_FORM, SMALL_FORM, other)
    papers = write_papers(folder, tmp_path / "底稿", None, "warning")
    assert sorted(paper.stem for paper in papers) == ["审计工作底稿-某县公路站", "审计工作底稿-某县水利站"]
    said = text_of(next(paper for paper in papers if "公路" in paper.stem))
    assert "自评表\t2张\t项目\t1个" in said
    assert "预算数合计\t25万元" in said


def test_a_sum_says_how_many_forms_lack_the_amount(tmp_path: Path) -> None:
    blank = re.sub(r"\| (年度资金总额|其中：财政拨款) \| .*", r"| \1 | | | | 10 | | |", SMALL_FORM)
    (facts,) = read_facts(results(tmp_path, SMALL_FORM, blank.replace("乡村道路养护", "桥梁检测")), "error")
    assert facts["执行合计"] == "12.5（1张未填）"


def test_a_file_is_called_as_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "甲局").mkdir()
    (tmp_path / "甲局" / "自评表 V2.TXT").write_text(SMALL_FORM, encoding="utf-8")
    zpb.run(tmp_path / "甲局", out=tmp_path / "结果", tables=("csv",))
    (facts,) = read_facts(tmp_path / "结果", "error")
    assert [form["文件"] for form in facts["表"]] == ["自评表 V2.TXT"]


def test_papers_come_from_the_workbook_as_well(tmp_path: Path) -> None:
    folder = results(tmp_path, SMALL_FORM, tables=("xlsx",))
    (paper,) = write_papers(folder, tmp_path / "底稿", None, "warning")
    assert "FUND05" in text_of(paper)


def test_what_a_form_says_stays_text_whatever_it_looks_like(tmp_path: Path) -> None:
    folder = results(tmp_path, SMALL_FORM, tables=("csv",))
    for table, column in (("forms", "project_name"), ("findings", "message")):
        change(folder / f"{table}.csv", column, f"{NASTY}\x07\x00\x0c")
    change(folder / "forms.csv", "implementing_unit", "../../{{ 7*7 }}\\..:*?")
    (paper,) = write_papers(folder, tmp_path / "底稿", None, "warning")
    assert paper.parent == tmp_path / "底稿"
    said = text_of(paper)
    assert f"{NASTY}\ufffd\ufffd\ufffd" in said
    assert "{{ 7*7 }}" in said and "49" not in said
    with zipfile.ZipFile(paper) as members:
        assert b"<w:br/> ]]" not in members.read("word/document.xml")


def change(table: Path, column: str, value: str) -> None:
    """Put a value into a column of each row of a table."""
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, [one.name for one in TABLES[table.stem]])
        writer.writeheader()
        writer.writerows({**row, column: value.replace("\x00", "\x01")} for row in rows)


def test_an_office_s_own_template_is_filled(tmp_path: Path) -> None:
    own = own_template(
        tmp_path / "t.docx",
        "{{ 单位 }}：{{ 疑点数 }}项",
        "{%p for 类 in 类别 %}",
        "{{ 类.代码 }}",
        "{%p endfor %}",
    )
    (paper,) = write_papers(results(tmp_path, SMALL_FORM), tmp_path / "底稿", own, "error")
    assert text_of(paper).splitlines()[:3] == ["某县公路站：2项", "FUND05", "SCORE01"]


@pytest.mark.parametrize(
    ("paragraphs", "named"),
    [
        (["{{ 单伟 }}"], "“单伟”无法填写，是不是“单位”"),
        (["{%p for 类 in 类别 %}", "{{ 类.依剧 }}", "{%p endfor %}"], "“依剧”无法填写，是不是“依据”"),
        (["{%p for 类 in 类别 %}", "{{ 类.依据 }}"], "占位符写法有误"),
        (["{{ 单位 "], "占位符写法有误"),
        (["{%p fur 类 in 类别 %}"], "占位符写法有误"),
        (["{{ 单位.__class__.__mro__ }}"], "占位符"),
        (["{{ 表数 + 单位 }}"], "占位符写法有误"),
    ],
)
def test_a_wrong_placeholder_is_named_before_anything_is_written(
    tmp_path: Path, paragraphs: list[str], named: str
) -> None:
    own = own_template(tmp_path / "t.docx", *paragraphs)
    folder = results(tmp_path, SMALL_FORM)
    to = tmp_path / "底稿"
    result = CliRunner().invoke(app, ["paper", str(folder), "--to", str(to), "--template", str(own)])
    assert result.exit_code == 2
    assert named in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert not to.exists()


@pytest.mark.parametrize("content", [b"", b"no word", None])
def test_what_is_no_template_is_said_in_a_sentence(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "t.docx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TemplateError) as raised:
        Template(path, example())
    assert str(path) in raised.value.message.zh


def test_an_archive_that_is_no_word_file_is_said_in_a_sentence(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.docx", "w") as members:
        members.writestr("a.txt", "a")
    with pytest.raises(TemplateError, match=r"no \.docx file"):
        Template(tmp_path / "t.docx", example())


def test_without_the_library_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "docxtpl", None)
    with pytest.raises(rendering.MissingLibrary, match=r"zipingbiao\[paper\]"):
        Template(None, example())


def test_without_results_one_sentence_says_so(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["paper", str(tmp_path), "--to", str(tmp_path / "底稿")])
    assert result.exit_code == 2
    assert "没有核查结果" in result.output


def test_results_without_a_form_give_no_paper(tmp_path: Path) -> None:
    folder = results(tmp_path, "会议通知\n")
    result = CliRunner().invoke(app, ["paper", str(folder), "--to", str(tmp_path / "底稿")])
    assert result.exit_code == 1
    assert not (tmp_path / "底稿").exists()


def test_papers_of_a_redacted_run_name_nobody(tmp_path: Path) -> None:
    form = SMALL_FORM.replace("雨季停工", "丁一生病停工")
    folder = results(tmp_path, form.replace("丁一", "丁一航"), redact=True)
    (paper,) = write_papers(folder, tmp_path / "底稿", None, "note")
    with zipfile.ZipFile(paper) as members:
        assert "丁一航" not in "".join(
            members.read(name).decode("utf-8", "ignore") for name in members.namelist()
        )


def test_every_placeholder_is_documented() -> None:
    page = (ROOT / "docs" / "working-paper.md").read_text(encoding="utf-8")
    words = rendering._words(example())
    assert len(words) > 25
    assert not [word for word in words if f"`{word}`" not in page]


def test_the_shipped_template_is_the_one_that_its_script_writes() -> None:
    spec = importlib.util.spec_from_file_location("paper_template", ROOT / "docs" / "paper_template.py")
    assert spec and spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    made, shipped = (
        zipfile.ZipFile(io.BytesIO(one)) for one in (script.template(), script.TEMPLATE.read_bytes())
    )
    for part in ("word/document.xml", "word/header1.xml", "word/footer1.xml", "word/fontTable.xml"):
        assert made.read(part) == shipped.read(part)
