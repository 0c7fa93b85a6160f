"""The block of indicators in a drawn template, with its total."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from form_builder import LEVELS, IndicatorRow, SmallForm, number_in

from layouts.rows import SLOTS, Piece, divided, filled
from layouts.telling import SHARED, summed
from layouts.template import EXTRAS, SPLIT, SUBTOTALS, TOTALS, WORDINGS, Template
from normalize.values.parse import Measure, parse_value

GROUP = tuple(column for _, column in SPLIT)
LABELS = {level: label for level, (label, _) in LEVELS.items()} | {"execution": "预算执行率"}
#: grades and the least score of each
GRADES = (("优", 90), ("良", 80), ("中", 60), ("差", 0))
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

    def tables(self) -> list[list[list[str]]]:
        """All rows of the block: in one table, or in two where a page ends in its midst."""
        if not self.form.indicators:
            return [[]]
        tables = [list(self._header())]
        middle = len(self.form.indicators) // 2
        above: IndicatorRow | None = None
        counted = 0
        for number, row in enumerate(self.form.indicators):
            if self.template.subtotals and above and above.level1 != row.level1:
                tables[-1].append(self._subtotal(above.level1))
            shares = self.template.shared and above and above.level2 == row.level2
            is_broken = self.template.page_break and 0 < number == middle and not shares
            if is_broken:
                tables.append([])
            if self.template.header_again and 0 < number == middle and not shares:
                is_headed = is_broken or self.template.goal_sections
                tables[-1] += self._header(second=True) if is_headed else [self._row(self.words)]
                above = None
            goes_on = above is not None and (above.level1, above.level2) == (row.level1, row.level2)
            counted = counted + 1 if goes_on else 1
            texts = self._texts(row, above, number + 1, counted)
            tables[-1].append(self._row(texts) if tables[-1] else self._first_of_a_page(texts))
            above = row
        tables[-1] += self._behind()
        return tables

    def _first_of_a_page(self, texts: dict[str, str]) -> list[str]:
        """A row whose labels stand on the page before."""
        blank = {column: "" if text == "^" else text for column, text in texts.items()}
        return filled(("", self.label), *self._pieces(blank))

    def _behind(self) -> Iterator[list[str]]:
        """What stands behind the indicators."""
        if self.template.subtotals:
            yield self._subtotal(self.form.indicators[-1].level1)
        if self.template.empty_level:
            yield self._empty_level()
        for number in range(self.template.placeholders):
            yield self._row(self._placeholder(number))
        if self.template.bonus == "above":
            yield self._bonus()
        if self.template.total == "row":
            yield self._total()
        if self.template.bonus == "below":
            yield self._bonus()

    def _bonus(self) -> list[str]:
        """A bonus that the template offers, and the office did not claim."""
        texts = {"level1": self.choose.choice(("加分项", "减分项")), "name": "获得上级通报", "score": "0"}
        return filled(("", self.label), *self._pieces(texts))

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

    def _header(self, second: bool = False) -> Iterator[list[str]]:
        label = [(self._section(second), self.label)] if self.label else []
        if self.template.groups:
            levels = self.columns.index("name") + 1
            widths = sum(self.widths[:levels]), sum(self.widths[levels:])
            yield filled(*label, ("指标情况", widths[0]), ("目标及得分", widths[1]))
            label = [("^", self.label)] if self.label else []
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

    def _section(self, second: bool) -> str:
        """The label of the block, or of one of two goals with the weight of its indicators."""
        if not self.template.goal_sections:
            return self.template.section
        rows = self.form.indicators
        middle = len(rows) // 2
        weight = summed(list(rows[middle:] if second else rows[:middle]), "weight")
        return f"年度绩效目标{2 if second else 1}" + (f"（{weight}分）" if weight else "")

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
        if above and (above.level1, above.level2) == (row.level1, row.level2):
            texts |= dict.fromkeys(SHARED.get(self.template.shared, ()), "^")
        return texts | {extra: text.format(number) for extra, text in EXTRAS.items()}

    def _level(self, column: str, row: IndicatorRow, above: IndicatorRow | None) -> str:
        goes_on = above is not None and above.level1 == row.level1
        if column == "level2":
            goes_on = goes_on and above is not None and above.level2 == row.level2
        if goes_on and self.template.labels != "repeated":
            return "^" if self.template.labels == "merged" else ""
        if column == "level2":
            rows = [one for one in self.form.indicators if one.level2 == row.level2]
            return row.level2 + (f"（{summed(rows, 'weight')}分）" if self.template.level2_weights else "")
        label = LABELS[row.level1]
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
        below_sum = self.template.subtotals and not self.template.empty_level
        return {"level1": level, "level2": "" if below_sum else level, "name": name}

    def _empty_level(self) -> list[str]:
        """The template's rows for a level 1 that the office has left blank."""
        used = {row.level1 for row in self.form.indicators}
        level = next((one for one in LEVELS if one not in used), "satisfaction")
        return self._row(
            {
                "level1": LEVELS[level][0],
                "level2": LEVELS[level][1][0],
                "name": self.choose.choice(("", "……")),
            }
        )

    def _subtotal(self, level: str) -> list[str]:
        """What the indicators of a level 1 come to."""
        rows = [row for row in self.form.indicators if row.level1 == level]
        texts = {column: summed(rows, column) for column in ("weight", "score")}
        start = self.columns.index("level1") + 1
        first = next(at for at, column in enumerate(self.columns) if column in texts)
        left = "^" if self.template.labels == "merged" else ""
        pieces = [("^", self.label), *zip([left] * start, self.widths[:start], strict=True)]
        label = (self.choose.choice(SUBTOTALS), sum(self.widths[start:first]))
        return filled(*pieces, label, *self._pieces(texts)[first:])

    def _total(self) -> list[str]:
        texts = {"weight": self.form.total_weight, "score": self.form.total_score}
        first = next((at for at, column in enumerate(self.columns) if column in texts), len(self.columns))
        lead = self.label + sum(self.widths[:first])
        if self.has_grade:
            texts[self.columns[self.columns.index("score") + 1]] = grade_of(self.form)
        return filled((self.choose.choice(TOTALS), lead), *self._pieces(texts)[first:])

    @property
    def has_grade(self) -> bool:
        """Whether the total row has a cell for the grade, right behind the score."""
        behind = self.columns[self.columns.index("score") + 1 :]
        is_free = bool(behind) and behind[0] in ("reason", "备注", "佐证材料", "评分标准")
        return self.template.grade and self.template.total == "row" and is_free


def grade_of(form: SmallForm) -> str:
    """The grade of the form's total score."""
    score = number_in(form.total_score)
    return next(grade for grade, least in GRADES if score is not None and score >= least)


def _in_three(target: str) -> tuple[str, str, str]:
    """A target in three cells: relation, number and unit; a wording stands in the second one."""
    value = parse_value(target)
    if not isinstance(value, Measure):
        return ("定性", target, "")
    return (SIGNS.get(value.relation, ""), str(value.number), value.unit)
