"""Which fund lines are parts of which: the schema's ``part_of``, as far as the form has the wholes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from normalize.fold import squeeze
from normalize.record import FundLine, Record, number_of
from normalize.schema import load_schema
from zipingbiao.remember import once_a_record

# "其中：上级结转", "(1)其中:上级结转"
THEREOF = re.compile(r"^[^\u4e00-\u9fff]*其中")


def _whole_of(line: FundLine, items: dict[str, FundLine]) -> str:
    """The nearest whole of a line that the form prints; blank where there is none."""
    schema = load_schema()
    name = schema.attribute("fund_item", line.item, "part_of")
    while name and name not in items:
        name = schema.attribute("fund_item", name, "part_of")
    return name


@once_a_record
def groups_of(record: Record) -> list[tuple[FundLine, list[FundLine]]]:
    """Each whole with its parts. A line that nobody knows may be a part of anything: then nothing is said."""
    if any(not line.item for line in record.funds):
        return []
    schema = load_schema()
    items: dict[str, FundLine] = {}
    for line in record.funds:
        items.setdefault(line.item, line)
    groups: dict[tuple[str, str], list[FundLine]] = {}
    again = _said_again(record)
    for line in record.funds:
        if line.item == "total" or any(line is part for _, parts in again for part in parts):
            continue
        whole = _whole_of(line, items)
        if whole:
            split = schema.attribute("fund_item", line.item, "split")
            groups.setdefault((whole, split), []).append(line)
    return [(items[whole], parts) for (whole, _), parts in groups.items()] + again


def _said_again(record: Record) -> list[tuple[FundLine, list[FundLine]]]:
    """A line with its parts of the same kind below it, behind 其中: 上年结转, 其中：上级结转, 本级结转."""
    groups: list[tuple[FundLine, list[FundLine]]] = []
    above: FundLine | None = None
    parts: list[FundLine] = []
    for line in record.funds:
        if above is None or line.item != above.item or line.item == "total":
            above, parts = line, []
        elif parts or THEREOF.match(squeeze(line.label.value)):
            if not parts:
                groups.append((above, parts))
            parts.append(line)
        else:
            above = line
    return groups


def adds_up_side_by_side(record: Record, parts: Sequence[FundLine], column: str, half: Decimal) -> bool:
    """Whether the lines add up when none is a part of another: 中央 and 地方 can stand beside 财政拨款.

    Lines that part the whole in another way than ``parts`` (基本支出 and 项目支出 beside the sources) do not count.
    """
    schema = load_schema()
    ways = {schema.attribute("fund_item", line.item, "split") for line in parts}
    beside = [line for line in record.funds if schema.attribute("fund_item", line.item, "split") in ways]
    total = number_of(getattr(record.total_line, column)) if record.total_line else None
    amounts = [number_of(getattr(line, column)) for line in beside if line.item != "total"]
    filled = [number for number in amounts if number is not None]
    return total is not None and abs(total - sum(filled, Decimal(0))) <= (len(filled) + 1) * half
