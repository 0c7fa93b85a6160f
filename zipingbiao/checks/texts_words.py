"""TEXT05: the grade that the report states, and the year, the office and the project that it says it is of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from extract.document import Cell, Line
from normalize.fold import fold, squeeze
from normalize.narrative.claims import OFFICE, PROJECT, YEAR
from normalize.narrative.figures import Fact
from normalize.narrative.sentences import GRADE
from normalize.office_names import longest_common, may_be_one_of
from normalize.record import Entry, Record
from zipingbiao.checks.registry import Problem, check
from zipingbiao.policy import Policy

#: the heads that name an office whose report it can be
OFFICES = ("implementing_unit", "department")


@check(
    "TEXT05",
    "warning",
    "叙述等级、年度、单位或项目名称与表不符",
    "grade, year, office or project in the report differs from the form",
)
def text05(record: Record, policy: Policy) -> Iterator[Problem]:
    """The report states another grade than the form, or says that it is of another year, office or project.

    Why: one of the two documents that are published together is wrong; a report copied from another one keeps
    the year or the name of that.
    Example: “评价等级为良” where the form's grade is 优; “2020年度…自评报告” behind a form of 2021.
    Tolerance: 优秀 is 优 and 良好 is 良; grades of parts and of other assessors are not compared, nor is a form's
    grade that is none of the policy's. Year, office and project are read in the report's title and where it says
    who evaluates what, nowhere else; a title may name the year in which it was written, and short forms of names
    are accepted, with or without the place.
    Source: follows from 财预〔2020〕10号, by which report and form are handed in and published together.
    """
    yield from _grade(record, policy)
    yield from _year(record)
    yield from _office(record)
    yield from _project(record)


def _problem(
    fact: Fact, field: str, cells: Sequence[Cell | Line], expected: str, zh: str, en: str
) -> Problem:
    return Problem(
        "narrative",
        field,
        (fact.cell, *cells),
        fact.raw,
        expected,
        f"文字叙述{zh}为“{fact.raw}”，表内为“{expected}”。",
        f"The report states the {en} {fact.raw}; the form says {expected}.",
    )


def _told(record: Record, kind: str) -> list[Fact]:
    return [fact for fact in record.facts if fact.kind == kind]


def _grade(record: Record, policy: Policy) -> Iterator[Problem]:
    entry = record.total.grade
    printed = squeeze(entry.raw).rstrip("秀好等级") if entry else ""
    told = _told(record, GRADE)
    if entry is None or printed not in policy.grades or any(fact.raw[:1] == printed for fact in told):
        return
    for fact in told[:1]:
        yield _problem(fact, "grade", [entry.cell], entry.raw.strip(), "等级", "grade")


def _year(record: Record) -> Iterator[Problem]:
    for fact in _told(record, YEAR)[:1]:
        assert record.year is not None
        yield _problem(fact, "fiscal_year", [record.year.cell], str(record.year.value), "年度", "year")


def _office(record: Record) -> Iterator[Problem]:
    """Another office: none that the form names anywhere in its head."""
    entries = [entry for name in OFFICES if (entry := record.heading.get(name)) and entry.value.strip()]
    known = [entry.value for entry in entries]
    for fact in _told(record, OFFICE):
        if entries and not may_be_one_of(fact.raw, known) and not _is_in_form(record, fact.raw):
            cells = [entry.cell for entry in entries]
            yield _problem(
                fact, "implementing_unit", cells, "、".join(dict.fromkeys(known)), "单位", "office"
            )
            return


def _project(record: Record) -> Iterator[Problem]:
    entry: Entry[str] | None = record.heading.get("project_name")
    name = fold(squeeze(entry.value)) if entry else ""
    for fact in _told(record, PROJECT):
        told = squeeze(fact.raw).removesuffix("项目").removesuffix("工程")
        if entry and not _may_be_called(told, name) and not _is_in_form(record, told):
            yield _problem(fact, "project_name", [entry.cell], entry.value.strip(), "项目名称", "project")
            return


def _may_be_called(told: str, name: str) -> bool:
    """Whether a name may be short for another: two characters side by side in both, or all of it in order."""
    pairs = {one + other for one, other in pairwise(name)}
    return longest_common(told, name) == len(told) or any(
        one + other in pairs for one, other in pairwise(told)
    )


def _is_in_form(record: Record, words: str) -> bool:
    """Whether the form itself says the words somewhere, in a goal or beside another head."""
    return any(words in fold(squeeze(cell.text)) for cell in record.form.cells)
