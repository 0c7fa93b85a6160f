"""Print how each number of a form was obtained: rates, scores and totals beside the printed ones, and the findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from extract.document import Bilingual, Cell, Line
from extract.readers import read
from normalize.layout import find_forms
from normalize.record import Entry, FundLine, Number, Record
from normalize.to_record import to_record
from normalize.values.types import Blank, Measure, Range, Value
from zipingbiao.checks import Finding, chosen, run_checks
from zipingbiao.checks.precision import line_name, percent
from zipingbiao.parsing import describe
from zipingbiao.policy import Policy, policy_for
from zipingbiao.recompute.compute import Workings, budget_of, work_out
from zipingbiao.recompute.formula import Working
from zipingbiao.show import CELL, print_formless, print_heading
from zipingbiao.summary import STYLE
from zipingbiao.tables import written
from zipingbiao.terminal import clipped, printable

#: with fewer columns of a terminal, a table would break its numbers; each cell then gets a line
NARROW = 90


class Columns(NamedTuple):
    """The columns of a printed table: their headers, parted by ``|``, and which of them hold sentences."""

    headers: Bilingual
    sentences: tuple[int, ...]


#: what stands over the way to a number
WAY = Bilingual("算式或原因", "arithmetic, or why none")
FUNDS = Columns(
    Bilingual(f"资金（万元）|填报|重算|{WAY.zh}|疑点", f"funds (万元)|printed|recomputed|{WAY.en}|findings"),
    (0, 3),
)
INDICATORS = Columns(
    Bilingual(
        f"指标，指标值 → 完成值（完成比例）|分值|得分|重算|{WAY.zh}|疑点",
        f"indicator, target → actual (achievement)|weight|score|recomputed|{WAY.en}|findings",
    ),
    (0, 4),
)
TOTALS = Columns(Bilingual(f"总分|数值|{WAY.zh}|疑点", f"total|value|{WAY.en}|findings"), (0, 2))
FINDINGS = Columns(Bilingual("疑点|说明|位置", "finding|message|place"), (1, 2))
NO_FINDINGS = Bilingual("没有疑点。", "There are no findings.")

RATE = Bilingual("执行率", "rate")
SCORE = Bilingual("得分", "score")
REPORTED = Bilingual("填报", "printed")
SUMMED = Bilingual("得分合计", "sum of the scores")
RECOMPUTED = Bilingual("重算", "recomputed")
GRADE = Bilingual("等级", "grade")
GRADE_COMPUTED = Bilingual("等级（重算）", "grade, recomputed")
NO_GRADE = Bilingual("办法 {policy} 没有这一分数的等级", "the policy {policy} has no grade for it")
BAND = Bilingual("{total} ≥ {least}，办法 {policy}", "{total} ≥ {least}, policy {policy}")
BAND_BELOW = Bilingual(
    "{least} ≤ {total} < {above}，办法 {policy}", "{least} ≤ {total} < {above}, policy {policy}"
)

#: the most characters of a cell that should hold a number
NUMBER = 12
#: a row of a printed table
Parts = tuple[str | Text, ...]


def audit(path: str | Path, console: Console, lang: str, policy: Policy | None = None) -> None:
    """Print the arithmetic of each form of a file. Raises `ReadError`.

    ``policy`` is what forms are held to; without it, each form's own weights tell.
    """
    document = read(path)
    forms = find_forms(document)
    for number, form in enumerate(forms, 1):
        record = to_record(form)
        print_heading(record, f"{number}/{len(forms)}", console, lang)
        _Audit(record, policy_for(record, policy), console, lang).print()
    if not forms:
        print_formless(document, console, lang)


class _Audit:
    """A form with its workings and findings, and the console that they go to."""

    def __init__(self, record: Record, policy: Policy, console: Console, lang: str) -> None:
        self._record = record
        self._policy = policy
        self._console = console
        self._lang = lang
        self._worked: Workings = work_out(record)
        self._findings: list[Finding] = run_checks(record, policy, chosen())

    def print(self) -> None:
        self._print_rows(FUNDS, self._fund_rows())
        self._print_rows(INDICATORS, self._indicator_rows())
        self._print_rows(TOTALS, self._total_rows())
        if self._findings:
            self._print_rows(FINDINGS, map(self._finding_row, self._findings))
        else:
            self._console.print(self._said(NO_FINDINGS))

    def _fund_rows(self) -> Iterator[Parts]:
        worked = self._worked
        for line, rate, score in zip(self._record.funds, worked.rates, worked.line_scores, strict=True):
            name = clipped(line_name(line), CELL)
            if _is_told(line, line.execution_rate, rate):
                cells = _cells(line.execution_rate, line.executed, budget_of(self._record, line))
                computed = "" if rate.number is None else percent(rate.number)
                yield (
                    f"{name} {self._said(RATE)}",
                    _printed(line.execution_rate, NUMBER),
                    computed,
                    self._way(rate, computed),
                    self._marks(cells),
                )
            if _is_told(line, line.score, score):
                cells = _cells(line.score, line.weight, line.reason)
                computed = written(score.number)
                yield (
                    f"{name} {self._said(SCORE)}",
                    _printed(line.score, NUMBER),
                    computed,
                    self._way(score, computed),
                    self._marks(cells),
                )

    def _indicator_rows(self) -> Iterator[Parts]:
        worked = self._worked
        for one, fraction, score in zip(
            self._record.indicators, worked.achievements, worked.indicator_scores, strict=True
        ):
            achieved = "" if fraction.number is None else f" ({percent(fraction.number)})"
            values = f"{_value(one.target)} → {_value(one.actual)}{achieved}"
            yield (
                Text.assemble(f"{one.seq}.{clipped(one.name, CELL)}\n", (values, "dim")),
                _printed(one.weight, NUMBER),
                _printed(one.score, NUMBER),
                written(score.number),
                self._way_to_score(fraction, score),
                self._marks(
                    _cells(one.score, one.weight, one.target, one.actual, one.reason, one.name_entry)
                ),
            )

    def _total_rows(self) -> Iterator[Parts]:
        total, worked = self._record.total, self._worked
        yield (
            self._said(REPORTED),
            _printed(total.score, NUMBER),
            _place(_cells(total.score)),
            self._marks(_cells(total.score)),
        )
        for name, working in ((SUMMED, worked.summed), (RECOMPUTED, worked.recomputed)):
            yield self._said(name), written(working.number), self._way(working, "", with_place=False), ""
        if total.grade is not None:
            cells = _cells(total.grade)
            yield self._said(GRADE), _printed(total.grade, NUMBER), _place(cells), self._marks(cells)
        if worked.recomputed.number is not None:
            grade = self._policy.grade(worked.recomputed.number)
            yield self._said(GRADE_COMPUTED), grade, self._band(grade), ""

    def _band(self, grade: str) -> str:
        """By which band of the policy the recomputed total has its grade."""
        total, grades = self._worked.recomputed.number, self._policy.grades
        if not grade:
            return self._said(NO_GRADE).format(policy=self._policy.name)
        above = min((least for least in grades.values() if least > grades[grade]), default=None)
        return self._said(BAND if above is None else BAND_BELOW).format(
            total=written(total), least=written(grades[grade]), above=written(above), policy=self._policy.name
        )

    def _finding_row(self, finding: Finding) -> Parts:
        return (
            Text(finding.code, style=STYLE[finding.severity]),
            printable(finding.message.in_language(self._lang)),
            finding.place,
        )

    def _way_to_score(self, fraction: Working, score: Working) -> Text:
        """The arithmetic of a score; where there is none, that of the achievement, and what each of them lacks."""
        way = self._way(score, written(score.number))
        if score.number is not None or fraction.rule == score.rule:
            return way
        achieved = "" if fraction.number is None else percent(fraction.number)
        return Text("\n").join((self._way(fraction, achieved), way))

    def _way(self, working: Working, result: str, with_place: bool = True) -> Text:
        """The arithmetic with its result, and under it the rule and where its numbers stand; or why there is none."""
        rule = self._said(working.rule)
        if working.number is None:
            return Text(rule, style="dim")
        place = _place(working.cells) if with_place else ""
        about = f"{rule} ({place})" if place else rule
        arithmetic = f"{working.spoken} = {result}" if result not in ("", working.spoken) else working.spoken
        return Text.assemble(arithmetic, "\n", (about, "dim"))

    def _marks(self, cells: Sequence[Cell | Line]) -> Text:
        """The codes of the findings about one of these cells: the first cell of a finding is what it is about."""
        about = [one for one in self._findings if one.problem.cells and one.problem.cells[0] in cells]
        codes = {one.code: STYLE[one.severity] for one in about}
        return Text("\n").join(Text(code, style=style) for code, style in codes.items())

    def _said(self, text: Bilingual) -> str:
        return text.in_language(self._lang)

    def _print_rows(self, columns: Columns, rows: Iterable[Parts]) -> None:
        """A table; where the terminal has no room for one, a line for each of its cells."""
        names, console = self._said(columns.headers).split("|"), self._console
        told = list(rows)
        if not told:
            return
        if console.width < NARROW:
            for row in told:
                console.print()
                for name, part in zip(names, row, strict=True):
                    if part:
                        console.print(Text.assemble((f"{name} ", "dim"), part))
            return
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
        for index, name in enumerate(names):
            # numbers and codes stay whole
            table.add_column(name, overflow="fold", no_wrap=index not in columns.sentences)
        for row in told:
            table.add_row(*row)
        console.print(table)


def _is_told(line: FundLine, entry: Entry[Number] | None, working: Working) -> bool:
    """Whether to speak of a number of a fund line: of the total's always, else where it is printed or computed."""
    is_printed = entry is not None and not isinstance(entry.value, Blank)
    return line.item == "total" or is_printed or working.number is not None


def _cells(*entries: Entry[object] | None) -> tuple[Cell | Line, ...]:
    return tuple(entry.cell for entry in entries if entry is not None)


def _printed(entry: Entry[Number] | Entry[Value] | Entry[str] | None, most: int = CELL) -> str:
    return clipped(" ".join(entry.raw.split()), most) if entry is not None else ""


def _value(entry: Entry[Value] | None) -> str:
    """A number as it was read, with the comparator and the unit that may stand in columns of their own."""
    if entry is not None and isinstance(entry.value, Measure | Range):
        return clipped(describe(entry.value), CELL)
    return _printed(entry) or "–"


def _place(cells: Sequence[Cell | Line]) -> str:
    """Where cells stand; those of one row of a table in one place."""
    rows: dict[str, list[int]] = {}
    for where in dict.fromkeys(cell.where for cell in cells):
        if where.sheet or where.col is None:
            rows[where.place] = []
        else:
            rows.setdefault(where._replace(col=None, line=None).place, []).append(where.col)
    return "; ".join(
        f"{row} 第{'、'.join(map(str, sorted(cols)))}列" if cols else row for row, cols in rows.items()
    )
