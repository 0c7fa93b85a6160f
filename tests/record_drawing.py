"""Records drawn at random, and not read from a form: what is printed, and the `Record` that holds it.

A number is `Printed`, its digits and its exponent, so that an oracle can take it as a fraction and the product as
a decimal. In its place may stand the name of a blank (``empty``, ``em_dash``, ``merged``), ``unreadable``, or None
where the form has no such column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from random import Random

from extract.document import Bilingual, Line, Where
from normalize.form import Form, Level, Piece
from normalize.record import Entry, FundLine, Indicator, Number, Record, Total
from normalize.values.parse import Blank, Measure, Range, Unreadable, Value


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as printed: 9.60 is 960 with the exponent -2."""

    digits: int
    exponent: int

    @property
    def value(self) -> Fraction:
        """The number."""
        return self.digits * Fraction(10) ** self.exponent

    @property
    def half(self) -> Fraction:
        """Half a unit of the last printed digit."""
        return Fraction(10) ** self.exponent / 2

    @property
    def number(self) -> Decimal:
        """The number as the product holds it."""
        return Decimal(self.digits).scaleb(self.exponent)


Held = Printed | str | None


@dataclass(frozen=True)
class DrawnLine:
    """A fund line: amounts in 万元, the rate as a fraction."""

    item: str
    initial: Held
    adjusted: Held
    executed: Held
    rate: Held
    weight: Held
    score: Held


@dataclass(frozen=True)
class DrawnValue:
    """A target or an actual value: a comparator, one number or two, and a unit."""

    relation: str
    number: Printed
    unit: str
    high: Printed | None = None


@dataclass(frozen=True)
class DrawnIndicator:
    """An indicator; ``label`` is the place of its level label among the form's labels."""

    label: int
    is_cost: bool
    target: DrawnValue | None
    actual: DrawnValue | None
    weight: Held
    score: Held


@dataclass(frozen=True)
class DrawnForm:
    """A form's numbers. ``labels`` are the keys of its level labels with the weights printed in them."""

    lines: tuple[DrawnLine, ...]
    execution_weight: Printed | None
    labels: tuple[tuple[str, Printed | None], ...]
    indicators: tuple[DrawnIndicator, ...]
    total_weight: Held
    total_score: Held


# --- the record --------------------------------------------------------------------------------------

_UNREADABLE = Bilingual("数字写法有误", "no number")
_EMPTY = Form(
    "project", None, None, {}, None, (), frozenset(), None, (), (), frozenset(), {}, (), (), (), (), {}, ()
)


def _cell(text: str) -> Line:
    return Line(text, Where("form.txt"))


def _entry(held: Held) -> Entry[Number] | None:
    match held:
        case None:
            return None
        case "unreadable":
            return Entry(Unreadable("7,00.0,77", _UNREADABLE), "7,00.0,77", _cell("7,00.0,77"))
        case str():
            return Entry(Blank("", held), "" if held in ("empty", "merged") else "—", _cell(""))
        case _:
            return Entry(held.number, str(held.number), _cell(str(held.number)))


def _value(drawn: DrawnValue | None) -> Entry[Value]:
    if drawn is None:
        return Entry(Blank("", "empty"), "", _cell(""))
    text = f"{drawn.relation}{drawn.number.number}{drawn.unit}"
    value: Value = Measure(text, drawn.number.number, drawn.relation, drawn.unit)
    if drawn.high is not None:
        text = f"{drawn.number.number}-{drawn.high.number}{drawn.unit}"
        value = Range(text, drawn.number.number, drawn.high.number, drawn.unit)
    return Entry(value, text, _cell(text))


def record_of(form: DrawnForm) -> Record:
    """The record that holds a drawn form."""
    labels = [
        Level(key, Piece(key, _cell(key)), weight.number if weight else None, "level1")
        for key, weight in form.labels
    ]
    return Record(
        kind="project",
        title=None,
        year=None,
        heading={},
        amount_unit=None,
        funds=tuple(map(_fund_line, form.lines)),
        execution_weight=_entry(form.execution_weight),
        goals=(),
        indicators=tuple(_indicator(seq, one, labels) for seq, one in enumerate(form.indicators, 1)),
        total=Total(_entry(form.total_weight), _entry(form.total_score), None),
        texts=(),
        facts=(),
        form=_EMPTY,
    )


def _fund_line(line: DrawnLine) -> FundLine:
    return FundLine(
        item=line.item,
        label=Entry(line.item, line.item, _cell(line.item)),
        budget_initial=_entry(line.initial),
        budget_adjusted=_entry(line.adjusted),
        executed=_entry(line.executed),
        execution_rate=_entry(line.rate),
        weight=_entry(line.weight),
        score=_entry(line.score),
    )


def _indicator(seq: int, one: DrawnIndicator, labels: Sequence[Level]) -> Indicator:
    name = f"指标{seq}"
    return Indicator(
        seq=seq,
        level1=labels[one.label].key,
        level2="cost" if one.is_cost else "quantity",
        level1_label=labels[one.label],
        level2_label=None,
        name=name,
        name_entry=Entry(name, name, _cell(name)),
        target=_value(one.target),
        actual=_value(one.actual),
        weight=_entry(one.weight),
        score=_entry(one.score),
    )


# --- drawing -----------------------------------------------------------------------------------------

_BLANKS = ("empty", "em_dash", "unreadable")


def rounded(number: Fraction, exponent: int) -> Printed:
    """A number rounded to a place, halves up; never below zero."""
    return Printed(max(0, int(number / Fraction(10) ** exponent + Fraction(1, 2))), exponent)


def _off(choose: Random, number: Printed) -> Printed:
    """Mostly the number itself, else a few units of its last place away."""
    if choose.random() < 0.95:
        return number
    steps = choose.choice((-1, 1, -1, 1, -2, 2, -3, 3, -5, 5, -10, 10, -100, 100))
    return Printed(max(0, number.digits + steps), number.exponent)


def _gap(choose: Random, held: Printed, chance: float = 0.02) -> Held:
    return choose.choice(_BLANKS) if choose.random() < chance else held


def draw_form(choose: Random) -> DrawnForm:
    """A form that is mostly right, with numbers at the edges of what is allowed."""
    scheme = choose.choice(("column", "column", "label", "none"))
    weight = Printed(choose.choice((10, 10, 20, 15)), 0) if scheme != "none" else Printed(0, 0)
    lines = _draw_lines(choose, scheme, weight)
    labels, indicators = _draw_indicators(choose, Fraction(100) - weight.value)
    scores = [held.value for held in _scores(lines, indicators) if isinstance(held, Printed)]
    total = rounded(sum(scores, Fraction(0)), choose.choice((0, -1, -2, -3)))
    return DrawnForm(
        lines=lines,
        execution_weight=weight if scheme == "label" else None,
        labels=labels,
        indicators=indicators,
        total_weight=choose.choice((None, "empty", _off(choose, Printed(100, 0)), Printed(100, 0))),
        total_score=_gap(choose, _off(choose, total)),
    )


def _scores(lines: Sequence[DrawnLine], indicators: Sequence[DrawnIndicator]) -> list[Held]:
    return [line.score for line in lines] + [one.score for one in indicators]


def _draw_lines(choose: Random, scheme: str, weight: Printed) -> tuple[DrawnLine, ...]:
    exponent = choose.choice((2, 0, -1, -2, -2, -4, -6))
    items = [item for item in ("carryover", "own", "other") if choose.random() < 0.4]
    if choose.random() < 0.6:
        nested = [item for item in ("central", "provincial") if choose.random() < 0.3]
        items = ["fiscal", *nested, *items]
    elif choose.random() < 0.3:
        items = ["central", "provincial", *items]
    drawn = {item: _draw_amounts(choose, exponent) for item in items}
    if "fiscal" in drawn and (nested := [drawn[item] for item in ("central", "provincial") if item in drawn]):
        drawn["fiscal"] = _summed(choose, nested, exponent)
    own = [
        amounts
        for item, amounts in drawn.items()
        if "fiscal" not in drawn or item not in ("central", "provincial")
    ]
    whole = _summed(choose, own, exponent) if own else _draw_amounts(choose, exponent)
    has_initial, has_rate = choose.random() < 0.5, choose.random() < 0.7
    rows = []
    for item, (initial, adjusted, executed) in {"total": whole, **drawn}.items():
        rate = _rate(choose, adjusted, executed)
        points, score = _points(choose, item, scheme, weight, rate, adjusted, executed)
        rows.append(
            DrawnLine(
                item,
                _gap(choose, _off(choose, initial)) if has_initial else None,
                _gap(choose, _off(choose, adjusted)),
                _gap(choose, _off(choose, executed)),
                _gap(choose, _off(choose, rate)) if has_rate else None,
                points,
                score,
            )
        )
    return tuple(rows)


Amounts = tuple[Printed, Printed, Printed]


def _draw_amounts(choose: Random, exponent: int) -> Amounts:
    if choose.random() < 0.08:
        return Printed(0, 0), Printed(0, 0), Printed(0, 0)
    digits = choose.randint(1, 10 ** choose.randint(1, 7))
    executed = digits * choose.choice((10_000, choose.randint(0, 10_000))) // 10_000
    return Printed(digits, exponent), Printed(digits, exponent), Printed(executed, exponent)


def _summed(choose: Random, parts: Sequence[Amounts], exponent: int) -> Amounts:
    sums = (rounded(sum((part[place].value for part in parts), Fraction(0)), exponent) for place in range(3))
    initial, adjusted, executed = (Printed(0, 0) if choose.random() < 0.02 else number for number in sums)
    return initial, adjusted, executed


def _rate(choose: Random, adjusted: Printed, executed: Printed) -> Printed:
    rate = executed.value / adjusted.value if adjusted.digits else Fraction(1)
    return rounded(rate, choose.choice((-2, -3, -4, -4, -6)))


def _points(
    choose: Random,
    item: str,
    scheme: str,
    weight: Printed,
    rate: Printed,
    adjusted: Printed,
    executed: Printed,
) -> tuple[Held, Held]:
    """Weight and score of a line; a part has none, or repeats the total's, or has some of its own."""
    if scheme == "none" or (item != "total" and choose.random() < 0.9):
        return (None, None) if scheme == "none" else ("em_dash", "em_dash")
    exact = executed.value / adjusted.value if adjusted.digits else Fraction(1)
    share = min(choose.choice((rate.value, exact)), Fraction(1))
    score = _off(choose, rounded(weight.value * share, choose.choice((0, -1, -2, -3))))
    return (weight if scheme == "column" else None), _gap(choose, score)


def _draw_indicators(
    choose: Random, points: Fraction
) -> tuple[tuple[tuple[str, Printed | None], ...], tuple[DrawnIndicator, ...]]:
    count, has_weights = choose.randint(1, 6), choose.random() < 0.85
    exponent = choose.choice((0, 0, -1, -2))
    shares = [rounded(points / count, exponent) for _ in range(count)]
    shares[0] = rounded(points - sum((share.value for share in shares[1:]), Fraction(0)), exponent)
    labels: list[tuple[str, Printed | None]] = []
    rows: list[DrawnIndicator] = []
    for share in shares:
        if not labels or choose.random() < 0.4:
            labels.append((choose.choice(("output", "benefit", "satisfaction")), None))
        rows.append(_draw_indicator(choose, len(labels) - 1, share, has_weights))
    if choose.random() < 0.6:
        labels = [(key, _label_weight(choose, rows, place)) for place, (key, _) in enumerate(labels)]
    return tuple(labels), tuple(_merged(choose, rows))


def _label_weight(choose: Random, rows: Sequence[DrawnIndicator], label: int) -> Printed | None:
    held = [one.weight for one in rows if one.label == label]
    known = [weight.value for weight in held if isinstance(weight, Printed)]
    return _off(choose, rounded(sum(known, Fraction(0)), choose.choice((0, -2))))


def _draw_indicator(choose: Random, label: int, share: Printed, has_weights: bool) -> DrawnIndicator:
    weight = _off(choose, share)
    target, actual = _draw_values(choose)
    score = weight
    if choose.random() < 0.4:
        fraction = Fraction(choose.randint(0, 100), 100)
        if target and actual and target.number.digits and choose.random() < 0.7:
            fraction = min(actual.number.value / target.number.value, Fraction(1))
        score = _off(choose, rounded(weight.value * fraction, choose.choice((0, -1, -2))))
    return DrawnIndicator(
        label,
        choose.random() < 0.15,
        target,
        actual,
        _gap(choose, weight) if has_weights else None,
        _gap(choose, score),
    )


def _draw_values(choose: Random) -> tuple[DrawnValue | None, DrawnValue | None]:
    if choose.random() < 0.1:
        return None, None
    unit = choose.choice(("人", "次", "公里", "%", "", "万元"))
    target = Printed(choose.randint(0, 10 ** choose.randint(1, 4)), choose.choice((0, 0, -1, -2)))
    reached = rounded(
        target.value * choose.choice((1, 1, Fraction(choose.randint(0, 200), 100))), target.exponent
    )
    own = unit
    if unit == "万元" and choose.random() < 0.5:
        own, reached = "元", Printed(_off(choose, reached).digits, reached.exponent + 4)
    elif choose.random() < 0.15:
        own = choose.choice(("", "吨"))
    actual = DrawnValue(choose.choice(("", "", "", "", "=")), _off(choose, reached), own)
    if choose.random() < 0.12:
        high = Printed(target.digits + choose.randint(0, 50), target.exponent)
        return DrawnValue("", target, unit, high), actual
    relation = choose.choice((">=", ">=", ">=", "", "", "=", "<=", "<=", ">", "<", "about"))
    return DrawnValue(relation, target, unit), actual


def _merged(choose: Random, rows: Sequence[DrawnIndicator]) -> list[DrawnIndicator]:
    """Now and then two rows share one score cell."""
    found = list(rows)
    for place in range(1, len(found)):
        above, one = found[place - 1], found[place]
        both = isinstance(above.score, Printed) and isinstance(one.score, Printed)
        if not both or choose.random() > 0.08:
            continue
        assert isinstance(above.score, Printed) and isinstance(one.score, Printed)
        shared = above.score.value + one.score.value
        exponent = min(above.score.exponent, one.score.exponent)
        found[place - 1] = _with_score(above, rounded(shared, exponent))
        found[place] = _with_score(one, "merged")
    return found


def _with_score(one: DrawnIndicator, score: Held) -> DrawnIndicator:
    return DrawnIndicator(one.label, one.is_cost, one.target, one.actual, one.weight, score)
