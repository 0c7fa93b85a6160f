"""SCORE: scores, their total and its grade."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from extract.document import Cell, Line
from normalize.fold import squeeze
from normalize.narrative.sentences import GRADE
from normalize.record import Entry, Number, Record, is_blank, number_of
from normalize.to_record import read_number
from normalize.values.parse import Blank
from zipingbiao.checks.goals import printed
from zipingbiao.checks.precision import half_unit, line_name, numbers
from zipingbiao.checks.registry import Problem, check
from zipingbiao.policy import Policy
from zipingbiao.recompute.compute import execution_weight, total_score_summed
from zipingbiao.recompute.scored import scored_lines, scored_together


@check("SCORE01", "error", "总分不等于得分之和", "total is not the sum of the scores")
def score01(record: Record, policy: Policy) -> Iterator[Problem]:
    """The printed total score differs from the sum of the printed scores of execution and indicators.

    Why: the total is what is published and what money depends on.
    Example: scores sum to 90, the total says 100.
    Tolerance: half a unit of the total's last printed digit (96 stands for 95.5 to 96.5). Silent where no
    indicator is scored, where a score cannot be read, and where the form keeps the execution score elsewhere:
    it prints none, and the points that its indicators leave over can hold the difference. A score that a part of
    the funds repeats from their total counts once. A total in the head (自评得分) is held to the same sum.
    Source: 财预〔2020〕10号.
    """
    scores = [one.score for one in record.indicators if one.score is not None]
    if not any(True for _ in numbers(scores)):
        return
    entries = scores + [line.score for line in scored_lines(record) if line.score is not None]
    summed = total_score_summed(record)
    if summed is None or any(not isinstance(entry.value, Decimal | Blank) for entry in entries):
        return
    scored = tuple(entry.cell for entry in entries if isinstance(entry.value, Decimal))
    execution = list(numbers(line.score for line in scored_lines(record)))
    own, rest = sum(execution, Decimal(0)), sum(numbers(scores), Decimal(0))
    zh, en = (
        (f"（执行率{own:f}＋指标{rest:f}）", f" (execution {own:f}, indicators {rest:f})")
        if execution
        else ("", "")
    )
    for total, cell in _totals(record).items():
        if abs(total - summed) <= half_unit(total) or _kept_elsewhere(record, policy, total - summed):
            continue
        yield Problem(
            "total",
            "score",
            (cell, *scored),
            total,
            summed,
            f"总分填报{total:f}分，各项得分合计{summed:f}分{zh}，相差{abs(total - summed):f}分。",
            f"The total says {total:f}; the printed scores sum to {summed:f}{en}, a difference of {abs(total - summed):f}.",
        )


def _totals(record: Record) -> dict[Decimal, Cell | Line]:
    """Each total score that the form prints, with its cell: of the total row, and of the head where that has another."""
    found: dict[Decimal, Cell | Line] = {}
    head = record.heading.get("total_score")
    in_head: Entry[Number] | None = Entry(read_number(head.raw), head.raw, head.cell) if head else None
    for entry in (record.total.score, in_head):
        number = number_of(entry)
        if entry is not None and number is not None:
            found.setdefault(number, entry.cell)
    return found


def _kept_elsewhere(record: Record, policy: Policy, missing: Decimal) -> bool:
    """Whether the missing points can be an execution score that stands outside the tables."""
    if any(line.score is not None for line in record.funds):
        return False
    whole = number_of(record.total.weight)
    weights = sum(numbers(one.weight for one in record.indicators), Decimal(0)) or _in_labels(record)
    left_over = (policy.total_weight if whole is None else whole) - weights
    return weights > 0 and 0 < missing <= left_over


def _in_labels(record: Record) -> Decimal:
    """The weights in the first-level labels, 产出指标（50分）, where that is the only place for them."""
    labels = {one.level1_label.label.cell: one.level1_label for one in record.indicators if one.level1_label}
    return sum((label.weight for label in labels.values() if label.weight is not None), Decimal(0))


@check("SCORE03", "error", "得分超过分值", "score above its weight")
def score03(record: Record, policy: Policy) -> Iterator[Problem]:
    """A score is greater than its weight.

    Why: no indicator can earn more than it weighs.
    Example: weight 20, score 21.
    Tolerance: none; weights and scores are exact. Indicators that share a merged cell are held to their sums.
    Source: 财预〔2020〕10号.
    """
    scored = [(one.subject, one.subject, one.weight, one.score, one.cells) for one in scored_together(record)]
    for line in record.funds:
        w, s = execution_weight(record, line), number_of(line.score)
        if w is not None and s is not None:
            entries = (line.score, line.weight)
            name = line_name(line)
            scored.append((line.item or name, name, w, s, tuple(entry.cell for entry in entries if entry)))
    for subject, name, weight, score, cells in scored:
        if score <= weight:
            continue
        yield Problem(
            subject,
            "score",
            cells,
            score,
            weight,
            f"“{name}”得分{score:f}分超过分值{weight:f}分。",
            f"“{name}”: score {score:f} is above its weight {weight:f}.",
        )


@check("SCORE04", "error", "得分缺失", "score is missing")
def score04(record: Record, policy: Policy) -> Iterator[Problem]:
    """An indicator has a weight and an actual value, but no score.

    Why: the total cannot be followed.
    Example: weight 10, actual 90 %, score blank.
    Tolerance: a score cell that is merged over several indicators counts for all of them.
    Source: 财预〔2020〕10号.
    """
    for one in record.indicators:
        weight = number_of(one.weight)
        if weight is None or one.score is None or not is_blank(one.score) or one.actual is None:
            continue
        if isinstance(one.actual.value, Blank):
            continue
        yield Problem(
            one.name,
            "score",
            (one.score.cell, one.actual.cell),
            "",
            "",
            f"“{one.name}”有分值（{weight:f}分）和完成值（{printed(one.actual)}），但得分为空。",
            f"“{one.name}” has a weight ({weight:f}) and an actual value ({printed(one.actual)}), but no score.",
        )


@check("SCORE05", "error", "等级与得分不符", "grade contradicts the total")
def score05(record: Record, policy: Policy) -> Iterator[Problem]:
    """The grade in the form or in the report is not the one that the policy's bands give to the printed total.

    Why: the grade is what is published in a word, and what next year's budget is tied to.
    Example: total 86, grade 优, where 优 begins at 90.
    Tolerance: none; silent where the grade is none of the policy's, and where the total is not out of the
    policy's whole. A grade in the head is judged beside the one in the total row. The report's counts where the
    form prints none, unless it goes with a score that the report itself states.
    Source: 财预〔2020〕10号: 90（含）-100分为优、80（含）-90分为良、60（含）-80分为中、60分以下为差.
    """
    total = record.total.score
    score, whole = number_of(total), number_of(record.total.weight)
    if total is None or score is None or whole not in (None, policy.total_weight):
        return
    expected = policy.grade(score)
    bands = sorted(policy.grades.items(), key=lambda band: -band[1])
    for raw, cell in _grades(record, policy):
        if _grade_in(raw, policy) in ("", expected) or score > policy.total_weight:
            continue
        zh = "、".join(f"{grade}≥{least:f}" for grade, least in bands)
        en = ", ".join(f"{grade} from {least:f}" for grade, least in bands)
        text = " ".join(raw.split())
        yield Problem(
            "total",
            "grade",
            (cell, total.cell),
            text,
            expected,
            f"总分{score:f}分，等级填报“{text}”，按办法（{policy.name}：{zh}）应为“{expected}”。",
            f"The total is {score:f} and the grade {text}; by the policy {policy.name} ({en}) it is {expected}.",
        )


def _grade_in(raw: str, policy: Policy) -> str:
    """The policy's grade that a text begins with, 良 for 良好; blank where it is none of them."""
    known = (grade for grade in policy.grades if squeeze(raw).startswith(grade))
    return max(known, key=len, default="")


def _grades(record: Record, policy: Policy) -> list[tuple[str, Cell | Line]]:
    """The form's grades; where it prints none, the report's first that its own score does not account for."""
    printed = [entry for entry in (record.total.grade, record.heading.get("grade")) if entry]
    if filled := {entry.cell: entry.raw for entry in printed if not is_blank(entry)}:
        return [(raw, cell) for cell, raw in filled.items()]
    scores = [fact.number for fact in record.facts if fact.kind == "score" and not fact.subject]
    given = {policy.grade(number) for number in scores if number <= policy.total_weight}
    told = [fact for fact in record.facts if fact.kind == GRADE and _grade_in(fact.raw, policy) not in given]
    return [(fact.raw, fact.cell) for fact in told[:1]]
