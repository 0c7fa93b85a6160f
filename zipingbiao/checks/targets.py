"""GOAL: how targets and actual values are written, and dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from normalize.fold import fold, squeeze
from normalize.record import Record
from normalize.values.parse import Date, Day, Measure, Range, Wording
from zipingbiao.checks.goals import printed, scored_in_full
from zipingbiao.checks.registry import Problem, check
from zipingbiao.checks.wordings import any_of
from zipingbiao.policy import Policy


@check("GOAL06", "note", "目标不可衡量", "target cannot be measured")
def goal06(record: Record, policy: Policy) -> Iterator[Problem]:
    """A target is wording without a number or a date.

    Why: whether it was reached is a matter of opinion, and so is its score.
    Example: a target of 明显改善.
    Tolerance: any digit or numeral in the target counts.
    Source: 财预〔2021〕101号: 指标值应当细化量化, 难以量化的可采用定性表述.
    """
    for one in record.indicators:
        if one.target is None or not isinstance(one.target.value, Wording):
            continue
        target = printed(one.target)
        if any(letter.isnumeric() for letter in target):
            continue
        yield Problem(
            one.name,
            "target",
            (one.target.cell,),
            target,
            "",
            f"“{one.name}”的年度指标值“{target}”没有数量或期限，难以衡量。",
            f"“{one.name}”: the target {target} has neither a number nor a date.",
        )


@check("GOAL07", "warning", "完成值照抄目标", "actual value copied from the target")
def goal07(record: Record, policy: Policy) -> Iterator[Problem]:
    """The actual value repeats the target word for word, its comparator included.

    Why: ≥360天 is a target; nobody works at least 360 days as a matter of fact. The cell was copied.
    Example: target ≥360天, actual ≥360天; target 好坏, actual 好坏.
    Tolerance: an equal number, range or date without a comparator is no copy, nor are words that say that
    something was done, nor a verdict of one word (改善, 有效提升), which answers a target in words as an equal number
    answers a number. 好坏 and 是否 name a question and answer nothing.
    Source: 财预〔2020〕10号: 实际完成值应当据实填列.
    """
    for one in record.indicators:
        if one.target is None or one.actual is None or one.actual.cell is one.target.cell:
            continue
        if squeeze(fold(one.target.raw)) != squeeze(fold(one.actual.raw)) or not _can_be_copied(
            one.actual.value
        ):
            continue
        text = one.actual.raw.strip()
        yield Problem(
            one.name,
            "actual",
            (one.actual.cell, one.target.cell),
            text,
            "",
            f"“{one.name}”的实际完成值“{text}”与年度指标值一字不差，疑为照抄。",
            f"“{one.name}”: the actual value {text} repeats the target word for word.",
        )


def _can_be_copied(value: object) -> bool:
    match value:
        case Measure(relation=relation) | Date(relation=relation):
            return relation not in ("", "=")
        case Wording():
            text = squeeze(value.raw)
            answers = any_of("targets", "done").search(text) or any_of("targets", "verdict").fullmatch(text)
            return answers is None or any_of("targets", "question").search(text) is not None
        case _:
            return False


@check("GOAL08", "error", "完成时间晚于目标", "done later than the target")
def goal08(record: Record, policy: Policy) -> Iterator[Problem]:
    """A target date was missed, and the score is the full weight all the same.

    Why: as GOAL01, for dates.
    Example: target 2021年6月底前, actual 2021年9月, 10 of 10 points.
    Tolerance: only as exact as both are printed: September is not later than 2021, nor the 5th later than September.
    Source: 财预〔2020〕10号.
    """
    for one, weight, score in scored_in_full(record):
        if one.target is None or one.actual is None or one.score is None:
            continue
        wanted, done = one.target.value, one.actual.value
        if not isinstance(wanted, Date) or not isinstance(done, Date):
            continue
        if not _is_later(_in_year(done.end, record), _in_year(wanted.end, record)):
            continue
        target, actual = printed(one.target), printed(one.actual)
        yield Problem(
            one.name,
            "score",
            (one.score.cell, one.actual.cell, one.target.cell),
            score,
            f"< {weight:f}",
            f"“{one.name}”应于{target}完成，实际为{actual}，晚于目标却得满分{score:f}分。",
            f"“{one.name}”: due {target}, done {actual}: late, yet scored in full ({score:f}).",
        )


def _in_year(day: Day, record: Record) -> Day:
    """A day without a year is one of the form's year."""
    return day if day.year or record.year is None else replace(day, year=record.year.value)


def _is_later(done: Day, due: Day) -> bool:
    """Whether a day is later than another as far as both are printed."""
    for one, other in ((done.year, due.year), (done.month, due.month), (done.day, due.day)):
        if one is None or other is None:
            return False
        if one != other:
            return one > other
    return False


@check("GOAL09", "note", "目标写在名称里", "target stands in the name")
def goal09(record: Record, policy: Policy) -> Iterator[Problem]:
    """The number of the target stands in the indicator's name, and the target cell is blank.

    Why: the target was read from the name; a person should know that.
    Example: 年度资金支付完成率100%, target cell blank.
    Tolerance: only a number with a comparator, or a rate, at the end of the name is read so.
    Source: 财预〔2020〕10号: 年度指标值应当填列.
    """
    for one in record.indicators:
        if one.target is None or one.target.cell is not one.name_entry.cell:
            continue
        value = one.target.value
        if not isinstance(value, Measure | Range):
            continue
        yield Problem(
            one.name,
            "target",
            (one.name_entry.cell,),
            "",
            value.raw,
            f"“{one.name}”的年度指标值为空，按名称中的“{value.raw}”读取。",
            f"“{one.name}”: the target cell is blank; the target {value.raw} was read from the name.",
        )
