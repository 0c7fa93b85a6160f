"""Say what a value string means: for people in a few words, for programs as plain data."""

from __future__ import annotations

from normalize.values.types import Blank, Date, Day, Measure, Range, Unreadable, Value, Wording
from zipingbiao.tables import written

Plain = dict[str, str]


def describe(value: Value, lang: str = "zh") -> str:
    """A value in a few words.

    >>> from normalize.values.parse import parse_value
    >>> describe(parse_value("≤23万")), describe(parse_value("3-5人"))
    ('<= 23 万', '3 – 5 人')
    """
    match value:
        case Measure(relation=relation, number=number, unit=unit):
            return " ".join(filter(None, (relation, written(number), unit)))
        case Range(low=low, high=high, unit=unit):
            return f"{written(low)} – {written(high)} {unit}".rstrip()
        case Date(start=start, end=end, relation=relation):
            begin = f"{_day(start)} – " if start else ""
            return f"{relation} {begin}{_day(end)}".lstrip()
        case Wording(raw=raw):
            return raw.strip()
        case Blank(kind=kind):
            return f"空白（{kind}）" if lang != "en" else f"blank ({kind})"
        case Unreadable(why=why):
            return f"无法解析：{why.zh}" if lang != "en" else f"unreadable: {why.en}"


def as_data(value: Value) -> Plain:
    """A value as text by name, for JSON: its kind, its raw text, and what that kind has."""
    match value:
        case Measure(raw=raw, relation=relation, number=number, unit=unit):
            return {
                "raw": raw,
                "kind": "number",
                "relation": relation,
                "number": written(number),
                "unit": unit,
            }
        case Range(raw=raw, low=low, high=high, unit=unit):
            return {"raw": raw, "kind": "range", "low": written(low), "high": written(high), "unit": unit}
        case Date(raw=raw, start=start, end=end, relation=relation):
            begin = {"start": _day(start)} if start else {}
            return {"raw": raw, "kind": "date", "relation": relation, **begin, "end": _day(end)}
        case Wording(raw=raw):
            return {"raw": raw, "kind": "wording"}
        case Blank(raw=raw, kind=kind):
            return {"raw": raw, "kind": "blank", "blank": kind}
        case Unreadable(raw=raw, why=why):
            return {"raw": raw, "kind": "unreadable", "why": why.en}


def _day(day: Day) -> str:
    """As far as it is printed, the way ISO 8601 writes it: 2022-12-31, 2022-12, --12-31 without a year."""
    year = f"{day.year:04}" if day.year is not None else "-"
    rest = [f"{part:02}" for part in (day.month, day.day) if part is not None]
    return "-".join([year, *rest])
