"""Every check on small forms: `cases/<CODE>.txt` holds forms that pass and forms that fail.

A case goes the whole way: text, grid, form, record, findings. The format of a case file:

    == fail: one sentence that says what is wrong
    finds: subject | field | reported | expected
    also: FUND06 TEXT02
    policy: strict

    | 资金来源 | 全年预算数 | 全年执行数 | 执行率 |
    | 年度资金总额 | 430.3 | 430.3 | 93% |

``finds`` stands once for each expected finding of the file's own check, ``also`` names the other errors and
warnings that the form must lead to, ``policy`` the policy it is held to. Numbers are as in the table of
findings: amounts in 万元, rates as fractions. What stands above the first case is a remark.
"""

from __future__ import annotations

import io
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from pathlib import Path

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from extract.document import Bilingual, Document
from extract.text.read import read_text
from extract.word.docx import read_docx
from normalize.layout import find_forms
from normalize.record import Record
from normalize.to_record import to_record
from zipingbiao.across import ACROSS
from zipingbiao.checks import CHECKS, SEVERITIES, Finding, chosen, run_checks
from zipingbiao.checks.registry import check
from zipingbiao.policy import load_policy, policy_for

CASES = Path(__file__).with_name("cases")
#: READ04 speaks of pictures (see test_ocr_doubt.py), READ05 of the document: a text file has nothing to say about them
WITHOUT_CASE_FILE = {"READ04", "READ05"}
#: the checks that allow a difference or draw a line between numbers, whose edge has a case on either side
WITH_AN_EDGE = (
    {f"FUND0{number}" for number in (1, 2, 3, 4, 6, 8)}
    | {f"SCORE0{number}" for number in (1, 2, 5, 6, 7, 8)}
    | {"GOAL01", "GOAL02", "GOAL03", "FORM03"}
)
#: what need not be a mistake
NOTES = {"FUND08", "FUND09", "SCORE06", "SCORE08", "GOAL06", "GOAL09"}
SECTIONS = ("Why:", "Example:", "Tolerance:", "Source:")
EXPLANATIONS = ("what", "why", "example", "tolerance", "source")

_HEAD = re.compile(r"^== *(?P<verdict>pass|fail): *(?P<sentence>.+)$", re.MULTILINE)
_DIRECTIVE = re.compile(r"(?P<key>finds|also|policy):(?P<value>.*)")


@dataclass(frozen=True)
class Case:
    """A form, and what its check must say of it."""

    code: str
    fails: bool
    sentence: str
    finds: Counter[tuple[str, ...]]
    also: frozenset[str]
    policy: str
    form: str


def plain(value: Decimal | str) -> str:
    """A reported or expected value as case files write it: 10, 10.0 and 1E+1 are one number."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return str(value)
    return f"{number.normalize():f}"


def read_cases(path: Path) -> Iterator[Case]:
    """The cases of a file."""
    text = path.read_text(encoding="utf-8")
    heads = list(_HEAD.finditer(text))
    assert len(heads) == f"\n{text}".count("\n=="), f"{path.name}: a head is neither == pass: nor == fail:"
    for head, end in zip(heads, [*(later.start() for later in heads[1:]), len(text)], strict=True):
        finds: Counter[tuple[str, ...]] = Counter()
        named = {"also": "", "policy": ""}
        lines = text[head.end() : end].strip("\n").split("\n")
        while lines and (found := _DIRECTIVE.fullmatch(lines[0])):
            if found["key"] == "finds":
                finds[tuple(plain(piece.strip()) for piece in found["value"].split("|"))] += 1
            else:
                named[found["key"]] = found["value"].strip()
            del lines[0]
        yield Case(
            code=path.stem,
            fails=head["verdict"] == "fail",
            sentence=head["sentence"].strip(),
            finds=finds,
            also=frozenset(named["also"].split()),
            policy=named["policy"],
            form="\n".join(lines),
        )


def record_of(form: str) -> Record:
    """The one form of a text."""
    (found,) = find_forms(read_text(form.encode(), "form.txt"))
    return to_record(found)


def findings_of(record: Record, policy: str = "") -> list[Finding]:
    """All findings, under the named policy or the one that the form shows."""
    named = load_policy(policy) if policy else None
    return run_checks(record, policy_for(record, named), CHECKS.values())


def row_of(finding: Finding) -> tuple[str, ...]:
    """A finding as a ``finds`` line writes it."""
    problem = finding.problem
    return problem.subject, problem.field, plain(problem.reported), plain(problem.expected)


ALL_CASES = [case for path in sorted(CASES.glob("*.txt")) for case in read_cases(path)]


@pytest.mark.parametrize("case", ALL_CASES, ids=lambda case: f"{case.code}: {case.sentence}")
def test_the_form_leads_to_the_findings_that_its_case_names(case: Case) -> None:
    findings = findings_of(record_of(case.form), case.policy)
    own = Counter(row_of(finding) for finding in findings if finding.code == case.code)
    others = {
        finding.code for finding in findings if finding.code != case.code and finding.severity != "note"
    }
    assert own == case.finds
    assert others == case.also


@pytest.mark.parametrize("case", ALL_CASES, ids=lambda case: f"{case.code}: {case.sentence}")
def test_a_finding_points_at_its_cells_and_speaks_both_languages(case: Case) -> None:
    for finding in findings_of(record_of(case.form), case.policy):
        assert finding.place
        assert re.search(r"[\u4e00-\u9fff]", finding.message.zh)
        assert finding.message.en.endswith(".")
        assert finding.message.zh.endswith("。")


@pytest.mark.parametrize("code", sorted(set(CHECKS) - WITHOUT_CASE_FILE))
def test_a_check_has_three_passing_and_three_failing_cases_with_sentences_of_their_own(code: str) -> None:
    cases = [case for case in ALL_CASES if case.code == code]
    assert sum(not case.fails for case in cases) >= 3
    assert sum(case.fails for case in cases) >= 3
    assert len({case.sentence for case in cases}) == len(cases)
    for case in cases:
        assert bool(case.finds) == case.fails, case.sentence
        assert all(len(row) == 4 for row in case.finds), case.sentence
        assert not case.also - set(CHECKS), case.sentence


@pytest.mark.parametrize("code", sorted(WITH_AN_EDGE))
def test_an_edge_has_a_case_just_inside_or_on_it_and_one_just_outside(code: str) -> None:
    cases = [case for case in ALL_CASES if case.code == code]
    inside = [case for case in cases if "exactly on" in case.sentence or "just inside" in case.sentence]
    outside = [case for case in cases if "just outside" in case.sentence]
    assert any(not case.fails for case in inside)
    assert any(case.fails for case in outside)


@pytest.mark.parametrize("case", ALL_CASES, ids=lambda case: f"{case.code}: {case.sentence}")
def test_a_message_tells_what_is_reported_and_what_is_expected_and_they_differ(case: Case) -> None:
    for finding in findings_of(record_of(case.form), case.policy):
        reported, expected = finding.problem.reported, finding.problem.expected
        if not isinstance(reported, Decimal) or not isinstance(expected, Decimal):
            continue
        if finding.code.startswith("TEXT"):  # these quote the report, in its own unit
            continue
        assert reported != expected, finding.message.en
        for message in (finding.message.zh, finding.message.en):
            told = {Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", message)}
            assert {reported, reported * 100} & told, message
            assert {expected, expected * 100} & told, message


def test_a_message_tells_comparator_and_unit_that_stand_in_columns_of_their_own() -> None:
    case = next(case for case in ALL_CASES if case.sentence.startswith("a message names comparator and unit"))
    (told,) = [finding.message for finding in findings_of(record_of(case.form)) if finding.code == "GOAL01"]
    assert "年度指标值≤8万元，实际完成9万元" in told.zh
    assert "target ≤8万元, actual 9万元" in told.en


def test_a_grade_of_several_characters_is_held_to_the_bands_of_its_policy(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[grades]\n"合格" = 60\n"不合格" = 0\n', encoding="utf-8")
    form = "| 自评等级 | {} |\n| 三级指标 | 年度指标值 | 分值 | 得分 |\n| 培训人数 | ≥8人 | 100 | 59 |\n| 总分 | | 100 | 59 |\n"
    for grade, codes in (("合格", ["SCORE05"]), ("不合格", []), ("优", [])):
        found = [finding.code for finding in findings_of(record_of(form.format(grade)), str(own))]
        assert [code for code in found if code == "SCORE05"] == codes, grade


def test_a_case_file_belongs_to_a_check() -> None:
    assert {path.stem for path in CASES.glob("*.txt")} == set(CHECKS) - WITHOUT_CASE_FILE


@pytest.mark.parametrize("code", sorted(CHECKS))
def test_a_docstring_says_what_why_an_example_the_tolerance_and_the_source(code: str) -> None:
    documentation = CHECKS[code].documentation
    first = documentation.strip().split("\n")[0]
    assert first.endswith(".")
    assert not first.startswith(SECTIONS)
    places = [documentation.find(f"\n    {section} ") for section in SECTIONS]
    assert -1 not in places
    assert places == sorted(places)


def test_every_check_is_explained_in_chinese() -> None:
    explained = tomllib.loads(
        files("zipingbiao").joinpath("checks/explain.zh.toml").read_text(encoding="utf-8")
    )
    assert set(explained) == set(CHECKS) | set(ACROSS)
    for code, entry in explained.items():
        assert tuple(entry) == EXPLANATIONS, code
        assert all(text.strip() for text in entry.values()), code


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_titles_tell_the_checks_apart(lang: str) -> None:
    titles = [one.title.in_language(lang) for one in CHECKS.values()]
    assert all(titles)
    assert len(set(titles)) == len(titles)


def test_codes_severities_and_functions_belong_together() -> None:
    for code, one in CHECKS.items():
        assert one.code == code
        assert re.fullmatch(r"[A-Z]{4,5}\d\d", code)
        assert one.severity in SEVERITIES
        assert one.find.__name__ == code.lower()
        assert (one.severity == "note") == (code.startswith("READ") or code in NOTES)


def test_a_code_is_entered_once_and_with_a_severity_that_exists() -> None:
    with pytest.raises(ValueError, match="FUND01"):
        check("FUND01", "error", "重复", "taken")
    with pytest.raises(ValueError, match="grave"):
        check("FUND99", "grave", "未知", "unknown")
    assert "FUND99" not in CHECKS


def test_checks_are_chosen_by_the_beginning_of_their_codes() -> None:
    assert [one.code for one in chosen(["SCORE01", "READ"])] == [
        "READ01",
        "READ02",
        "READ03",
        "READ04",
        "READ05",
        "SCORE01",
    ]
    assert {one.code for one in chosen(ignore=["FUND", "READ"])} == {
        code for code in CHECKS if not code.startswith(("FUND", "READ"))
    }
    assert [one.code for one in chosen(["FUND"], ["FUND0"])] == []
    assert [one.code for one in chosen()] == sorted(CHECKS)


# --- READ05: what only a document can have -----------------------------------------------------------


def word_form() -> WordDocument:
    """A form of a head row and a fund block, as a Word document."""
    word = docx.Document()
    rows = [
        ("项目名称", "道路养护", "实施单位"),
        ("资金来源", "全年预算数", "全年执行数"),
        ("年度资金总额", "100", "95"),
    ]
    table = word.add_table(len(rows), 3)
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return word


def remarks_on(word: WordDocument) -> list[Finding]:
    """The findings of READ05 on a Word document, which must hold one form."""
    saved = io.BytesIO()
    word.save(saved)
    (form,) = find_forms(read_docx(saved.getvalue(), "form.docx"))
    return [finding for finding in findings_of(to_record(form)) if finding.code == "READ05"]


def insert_tracked(word: WordDocument, text: str) -> None:
    """Add a tracked insertion to the last cell."""
    run = f"<w:r><w:t>{text}</w:t></w:r>"
    change = parse_xml(f'<w:ins {nsdecls("w")} w:id="1" w:author="某人">{run}</w:ins>')
    word.tables[0].rows[-1].cells[-1].paragraphs[0]._p.append(change)


def test_read05_passes_a_document_that_everyone_sees_alike() -> None:
    assert remarks_on(word_form()) == []


def test_read05_passes_a_text_file() -> None:
    record = record_of("| 资金来源 | 全年预算数 | 全年执行数 |\n| 年度资金总额 | 100 | 95 |\n")
    assert [finding.code for finding in findings_of(record)] == []


def test_read05_passes_ordinary_formatting() -> None:
    word = word_form()
    word.tables[0].rows[0].cells[1].paragraphs[0].runs[0].bold = True
    word.tables[0].rows[0].cells[1].paragraphs[0].runs[0].font.hidden = False
    assert remarks_on(word) == []


def test_read05_speaks_of_tracked_changes_once() -> None:
    word = word_form()
    insert_tracked(word, ".5")
    insert_tracked(word, "0")
    (finding,) = remarks_on(word)
    assert finding.severity == "note"
    assert "修订" in finding.message.zh
    assert "tracked changes" in finding.message.en
    assert finding.place == "表1 第1行 第2列"


def test_read05_speaks_of_hidden_text() -> None:
    word = word_form()
    word.tables[0].rows[2].cells[2].paragraphs[0].add_run("87").font.hidden = True
    (finding,) = remarks_on(word)
    assert "隐藏" in finding.message.zh
    assert "hidden" in finding.message.en


def test_read05_repeats_each_remark_of_the_reader_for_each_form() -> None:
    text = "| 项目名称 | {} |\n| 资金来源 | 全年预算数 | 全年执行数 |\n| 年度资金总额 | 100 | 95 |\n"
    read = read_text((text.format("甲") + text.format("乙")).encode(), "form.txt")
    remarks = (Bilingual("第一条。", "The first."), Bilingual("第二条。", "The second."))
    forms = find_forms(Document(read.source, read.blocks, notes=remarks))
    assert len(forms) == 2
    for form in forms:
        said = [finding.message for finding in findings_of(to_record(form)) if finding.code == "READ05"]
        assert said == list(remarks)


# --- findings ----------------------------------------------------------------------------------------


def test_findings_stand_from_the_gravest_to_the_slightest() -> None:
    record = record_of(
        "| 银河口令 | 三号 |\n| 项目名称 | | \n| 资金来源 | 全年预算数 | 全年执行数 | 执行率 |\n| 年度资金总额 | 100 | 50 | 60% |\n"
    )
    order = [SEVERITIES.index(finding.severity) for finding in findings_of(record)]
    assert order == sorted(order)
    assert set(order) == {0, 1, 2}


def test_a_difference_is_reported_less_expected_where_both_are_numbers() -> None:
    case = next(case for case in ALL_CASES if case.code == "FUND02" and "exceeds the total" in case.sentence)
    (finding,) = findings_of(record_of(case.form))
    assert finding.difference == Decimal("-50.0")
    case = next(case for case in ALL_CASES if case.code == "FORM01" and case.fails)
    (finding,) = findings_of(record_of(case.form))
    assert finding.difference is None
