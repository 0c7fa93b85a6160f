"""The ways in which the cells of a row can stand under the columns of a header, where blank ones are missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice

from normalize.form import AMOUNTS
from normalize.grids.assign import NUMERIC
from normalize.grids.under import is_number
from normalize.labels.match import match_label
from normalize.values.parse import Blank, Measure, Range, fold_relation, parse_value
from normalize.values.units import is_known_unit
from normalize.values.wordings import words

#: a row under more columns is not tried in every way
MOST_COLUMNS = 16
#: nor is one that fits in more ways: it says next to nothing
MOST_WAYS = 500
POINTS = frozenset({"weight", "score"})
_LEVELS = frozenset({"level1", "level2"})
#: columns of nothing but words
WORDS = frozenset({"name", "level4", "reason", "core", "words"})
#: what stands where others have a comparator
_NO_RELATION = words("relation", "none")
#: no weight and no score is above this
_MOST_POINTS = Decimal(100)


def certain_places(block: str, fields: Sequence[str], texts: Sequence[str]) -> list[int | None]:
    """The number of the column of each text, or None where it can stand in several, or in none.

    >>> certain_places("indicators", ["name", "target", "actual", "weight", "score"], ["课时", "≥10节", "12节", "5"])
    [0, 1, 2, None]
    """
    ways = _ways(block, fields, texts)
    if block == "indicators":
        own_levels = ["words" if name in {*_LEVELS, "name"} else name for name in fields]
        ways = _named(fields, ways) or _named(fields, _ways(block, own_levels, texts))
    elif block.startswith("funds"):
        if all(isinstance(parse_value(text), Blank) for text in texts):
            ways = ways[-1:]  # dashes say the same wherever they stand
        ways = ways if len(ways) < 2 else [way for way in ways if _is_proven(fields, way, texts)]
        ways = ways if len(ways) == 1 else []
    places = [{way[at] for way in ways} for at in range(len(texts))]
    return [next(iter(one)) if len(one) == 1 else None for one in places]


def _ways(block: str, fields: Sequence[str], texts: Sequence[str]) -> list[tuple[int, ...]]:
    """All ways to put texts into columns, in order, so that each fits."""
    if not texts or not len(texts) <= len(fields) <= MOST_COLUMNS:
        return []
    fits = [[_fits(block, name, text) for name in fields] for text in texts]
    ways = list(islice(_put(fits, 0), MOST_WAYS + 1))
    return ways if len(ways) <= MOST_WAYS else []


def _put(fits: Sequence[Sequence[bool]], first: int) -> Iterator[tuple[int, ...]]:
    """The ways to put texts into the columns from ``first`` on; ``fits`` says for each text in which it can stand."""
    if not fits:
        yield ()
        return
    for column in range(first, len(fits[0]) - len(fits) + 1):
        if fits[0][column]:
            yield from ((column, *behind) for behind in _put(fits[1:], column + 1))


def _named(fields: Sequence[str], ways: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The ways in which an indicator that has anything has a name; a total has none."""
    named = []
    for way in ways:
        taken = {fields[at] for at in way}
        if "name" in taken or taken <= _LEVELS or "name" not in fields:
            named.append(way)
    return named


def _is_proven(fields: Sequence[str], way: Sequence[int], texts: Sequence[str]) -> bool:
    """Whether the rate that a line of funds prints is that of its amounts."""
    printed: Mapping[str, str] = {fields[column]: texts[at] for at, column in enumerate(way)}
    values = [
        parse_value(printed.get(name, "")) for name in ("budget_adjusted", "executed", "execution_rate")
    ]
    budget, executed, rate = (value.number if isinstance(value, Measure) else None for value in values)
    if not budget or executed is None or rate is None:
        return False
    return abs(executed * 100 / budget - rate) < 1


def begins_with_value(text: str) -> bool:
    """Whether a text is blank, or a value without words before it: not 其中：一般公共预算：640."""
    return not is_words(text) and not text.strip()[:1].isalpha()


def is_words(text: str) -> bool:
    """Whether a text is neither blank nor a value."""
    return not is_number(text) and not isinstance(parse_value(text), Measure | Range | Blank)


def leads_with(name: str, text: str) -> bool:
    """Whether a text can only be that of a column that stands in front: a level's label, or words that are none."""
    return _fits("indicators", name, text) and not (name == "name" and isinstance(parse_value(text), Blank))


def _fits(block: str, name: str, text: str) -> bool:
    """Whether a text can stand in a column; a blank cell can in any."""
    name = name.partition("@")[0]
    if not text.strip():
        return True
    if not name:
        return False
    if name in _LEVELS:
        return match_label(text, name, False) is not None
    if name in NUMERIC or block == "funds_turned":
        return _is_amount(name, text)
    if name == "unit":
        return is_known_unit(text)
    if name == "relation":
        return bool(fold_relation(text)) or text.strip() in _NO_RELATION
    if name == "name" and _is_level(text):
        return False
    return is_words(text) or isinstance(parse_value(text), Blank) if name in WORDS else True


def _is_level(text: str) -> bool:
    """Whether a text is the label of a level, and not that of execution, which indicators are called like."""
    first, second = (match_label(text, scope, False) for scope in ("level1", "level2"))
    return second is not None or (first is not None and first.field != "execution")


def _is_amount(name: str, text: str) -> bool:
    """Whether a text is a number as its column has them: no rate among amounts, and no points above a hundred."""
    value = parse_value(text)
    if not isinstance(value, Measure):
        return isinstance(value, Blank)
    if not begins_with_value(text):
        return False
    if name in POINTS:
        return is_number(text) and "%" not in text and value.number <= _MOST_POINTS
    if name == "execution_rate":
        return is_number(text)
    return "%" not in text and (is_number(text) or name in AMOUNTS)
