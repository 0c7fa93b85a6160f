"""The block of indicators in a drawn template, with its total."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from form_builder import LEVELS, IndicatorRow, SmallForm

from layouts.rows import SLOTS, Piece, divided, filled
from layouts.template import EXTRAS, SPLIT, TOTALS, WORDINGS, Template
from normalize.values import Measure, parse_value

GROUP = tuple(column for _, column in SPLIT)
SIGNS = {">=": "≥", "<=": "≤", ">": "＞", "<": "＜", "=": "＝"}


class IndicatorBlock:
    """Writes the header, the indicators, placeholders and the total."""

    def __init__(self, choose: Random, form: SmallForm, template: Template) -> None:
        self.choose, self.form, self.template = choose, form, template
        self.columns = self._columns()
        self.label = 2 if template.section else 0
        self.widths = divided(choose, len(self.columns), SLOTS - self.label)
        self.words = {column: choose.choice(wordings) for column, wordings in WORDINGS.items()}
        self.words |= {extra: extra for extra in EXTRAS} | {column: head for head, column in SPLIT}

    def rows(self) -> Iterator[list[str]]:
        """All rows of the block."""
        if not self.form.indicators:
            return
        yield from self._header()
        above: IndicatorRow | None = None
        counted = 0
        for number, row in enumerate(self.form.indicators):
            if self.template.header_again and number and number == len(self.form.indicators) // 2:
                yield self._row(self.words)
                above = None
            goes_on = above is not None and (above.level1, above.level2) == (row.level1, row.level2)
            counted = counted + 1 if goes_on else 1
            yield self._row(self._texts(row, above, number + 1, counted))
            above = row
        for number in range(self.template.placeholders):
            yield self._row(self._placeholder(number))
        if self.template.total == "row":
            yield self._total()

    def _columns(self) -> list[str]:
        """The columns in their order; extra ones by their head."""
        levels = [column for column in ("level1", "level2") if column in self.form.indicator_columns]
        columns = [*levels, "name"]
        for column in self.template.order:
            columns += GROUP if column == "target" and self.template.split else [column]
        for extra in self.template.extras:
            at = 0 if extra == "序号" and not levels else self.choose.randint(len(levels) + 1, len(columns))
            while at < len(columns) and columns[at] in GROUP[1:]:
                at += 1  # the three columns of a target stay together
            columns.insert(at, extra)
        return columns

    def _pieces(self, texts: dict[str, str]) -> list[Piece]:
        return [
            (texts.get(column, ""), width) for column, width in zip(self.columns, self.widths, strict=True)
        ]

    def _row(self, texts: dict[str, str]) -> list[str]:
        return filled(("^", self.label), *self._pieces(texts))

    def _header(self) -> Iterator[list[str]]:
        label = [(self.template.section, self.label)] if self.label else []
        if not self.template.two_tiers:
            yield filled(*label, *self._pieces(self.words))
            return
        upper: list[Piece] = []
        for column, (text, width) in zip(self.columns, self._pieces(self.words), strict=True):
            if column in GROUP[1:]:
                upper[-1] = ("年度指标值", upper[-1][1] + width)
            else:
                upper.append(("年度指标值" if column == GROUP[0] else text, width))
        yield filled(*label, *upper)
        yield self._row({column: self.words[column] if column in GROUP else "^" for column in self.columns})

    def _texts(
        self, row: IndicatorRow, above: IndicatorRow | None, number: int, counted: int
    ) -> dict[str, str]:
        texts = {column: getattr(row, column) for column in WORDINGS}
        texts["name"] = {
            "numbered": f"指标{counted}：{row.name}",
            "starred": f"★{row.name}",
            "counted": f"{number}.{row.name}",
        }.get(self.template.names, row.name)
        texts |= {column: self._level(column, row, above) for column in ("level1", "level2")}
        texts |= dict(zip(GROUP, _in_three(row.target), strict=True))
        return texts | {extra: text.format(number) for extra, text in EXTRAS.items()}

    def _level(self, column: str, row: IndicatorRow, above: IndicatorRow | None) -> str:
        goes_on = above is not None and above.level1 == row.level1
        if column == "level2":
            goes_on = goes_on and above is not None and above.level2 == row.level2
        if goes_on and self.template.labels != "repeated":
            return "^" if self.template.labels == "merged" else ""
        if column == "level2":
            return row.level2
        label = LEVELS[row.level1][0]
        label = {
            "spaced": " ".join(label),
            "vertical": "\n".join(label),
            "short": label.removesuffix("指标"),
        }.get(self.template.level_style, label)
        weight = dict(self.form.level_weights).get(row.level1)
        return f"{label}（{weight}分）" if weight else label

    def _placeholder(self, number: int) -> dict[str, str]:
        level = "^" if self.template.labels == "merged" else ""
        name = f"指标{number + 8}：" if self.template.names == "numbered" else "……"
        return {"level1": level, "level2": level, "name": name}

    def _total(self) -> list[str]:
        texts = {"weight": self.form.total_weight, "score": self.form.total_score}
        first = next((at for at, column in enumerate(self.columns) if column in texts), len(self.columns))
        lead = self.label + sum(self.widths[:first])
        return filled((self.choose.choice(TOTALS), lead), *self._pieces(texts)[first:])


def _in_three(target: str) -> tuple[str, str, str]:
    """A target in three cells: relation, number and unit; a wording stands in the second one."""
    value = parse_value(target)
    if not isinstance(value, Measure):
        return ("定性", target, "")
    return (SIGNS.get(value.relation, ""), str(value.number), value.unit)
