"""Which fund lines are parts of which: the schema's ``part_of``, as far as the form has the wholes."""

from __future__ import annotations

from decimal import Decimal

from normalize.record import FundLine, Record, number_of
from normalize.schema import load_schema


def _whole_of(line: FundLine, items: dict[str, FundLine]) -> str:
    """The nearest whole of a line that the form prints; blank where there is none."""
    schema = load_schema()
    name = schema.attribute("fund_item", line.item, "part_of")
    while name and name not in items:
        name = schema.attribute("fund_item", name, "part_of")
    return name


def groups_of(record: Record) -> list[tuple[FundLine, list[FundLine]]]:
    """Each whole with its parts. A line that nobody knows may be a part of anything: then nothing is said."""
    if any(not line.item for line in record.funds):
        return []
    schema = load_schema()
    items: dict[str, FundLine] = {}
    for line in record.funds:
        items.setdefault(line.item, line)
    groups: dict[tuple[str, str], list[FundLine]] = {}
    for line in record.funds:
        if line.item == "total":
            continue
        whole = _whole_of(line, items)
        if whole:
            split = schema.attribute("fund_item", line.item, "split")
            groups.setdefault((whole, split), []).append(line)
    return [(items[whole], parts) for (whole, _), parts in groups.items()]


def same_whole(record: Record, whole: FundLine, column: str, total: Decimal, half: Decimal) -> bool:
    """Whether another honest reading of the rows adds up.

    Offices nest parts differently: 中央 and 地方 can be parts of 财政拨款 or stand beside it, and 其中： under the
    total can name only some of the parts. All lines at one level, or those behind the last 其中：, are tried.
    """
    if whole.item != "total":
        parts_of_total = [line for line in record.funds if line.item != "total"]
        flat = [number_of(getattr(line, column)) for line in parts_of_total]
        grand = number_of(getattr(record.total_line, column)) if record.total_line else None
        filled = [number for number in flat if number is not None]
        if grand is not None and abs(grand - sum(filled, Decimal(0))) <= (len(filled) + 1) * half:
            return True
    else:
        filled = [
            number
            for line in record.funds
            if line.item != "total" and (number := number_of(getattr(line, column))) is not None
        ]
        if abs(total - sum(filled, Decimal(0))) <= (len(filled) + 1) * half:
            return True
    return False
