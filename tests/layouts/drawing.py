"""Write a small form in a drawn template, as the source of a sample (see ``samples/make.py``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from form_builder import FundRow, SmallForm

from layouts.indicators import IndicatorBlock, grade_of
from layouts.rows import SLOTS, divided, drawn, filled
from layouts.telling import told
from layouts.template import (
    FUND_WORDINGS,
    GOAL_TEXTS,
    GOALS,
    HEADS,
    OTHERS,
    PERSON,
    PHONE,
    REPORT_TABLES,
    REPORT_TITLES,
    TOTAL_FUNDS,
    Template,
    draw_template,
)

YEAR = "（2021年度）"
AMOUNT_COLUMNS = ("initial", "adjusted", "executed")


@dataclass(frozen=True)
class Laid:
    """A form in a template: the lines of a sample's source, and the form with what the template shows of it."""

    lines: tuple[str, ...]
    form: SmallForm
    template: Template
    grade: str


def lay_out(choose: Random, form: SmallForm, follows: bool = False, merges: bool = True) -> Laid:
    """A form in the template of some office.

    One that ``follows`` another has its title above: lines over a title in the table could be the other form's.
    A format without ``merges`` does not show which labels stand over several cells.
    """
    template = draw_template(choose, form)
    if follows:
        template = replace(template, title_row=False)
    if not merges:
        shape = template.fund_shape if template.fund_shape in ("pairs", "turned", "inline") else ""
        template = replace(template, fund_shape=shape, groups=False)
    form = told(form, template)
    page = _Page(choose, form, template)
    return Laid(tuple(page.lines()), form, template, page.grade)


class _Page:
    """Writes the source of a form in a template."""

    def __init__(self, choose: Random, form: SmallForm, template: Template) -> None:
        self.choose, self.form, self.template = choose, form, template
        self.indicators = IndicatorBlock(choose, form, template)
        self.grade = grade_of(form) if self.indicators.has_grade else ""

    def lines(self) -> Iterator[str]:
        """Paragraphs and rows in page order."""
        yield from self._above()
        for number, table in enumerate(self._tables()):
            if number:
                yield self.choose.choice(("", "    ", "（续）", "- 2 -"))
            yield from map(drawn, table)
        if self.template.person == "below":
            yield f"填表人：{PERSON}    联系电话：{PHONE}    填报日期：2022年3月5日"
        if self.template.after == "note":
            yield "注：1.得分按完成比例计算；2.定性指标分为三档。"
        yield from self.form.paragraphs
        if self.template.report_table:
            yield "附：" + REPORT_TITLES[self.template.report_table]
            yield from map(drawn, REPORT_TABLES[self.template.report_table])

    @property
    def _title(self) -> str:
        return self.template.title + (YEAR if self.template.year in ("title", "both") else "")

    def _above(self) -> Iterator[str]:
        form, template = self.form, self.template
        if not template.title_row:
            yield f"\t{self._title}"
        if template.year in ("line", "both"):
            yield f"\t{YEAR}"
        if template.person == "above":
            yield f"填表人：{PERSON}    联系电话：{PHONE}"
        if template.head == "lines":
            yield from (f"{self._word(HEADS.get(label, (label,)))}：{text}" for label, text in form.head)
        elif template.head == "one line":
            yield "    ".join(f"{label}：{text}" for label, text in form.head)
        if template.unit == "line":
            yield f"单位：{form.unit}"

    def _tables(self) -> list[list[list[str]]]:
        """The tables that the blocks are divided among; none is empty."""
        head, funds, goals = list(self._head()), list(self._funds()), list(self._goals())
        indicators, *over_the_page = self.indicators.tables()
        last = (over_the_page or [indicators])[-1]
        if self.template.after == "remark row":
            last.append(filled(("说明", 4), ("无", 20)))
        elif self.template.after == "signature":
            last.append(filled(("单位负责人签字：            （盖章）", SLOTS)))
        tables = {
            1: [head + funds + goals + indicators],
            2: [head + funds + goals, indicators],
            3: [head + funds, goals, indicators],
        }[self.template.tables]
        return [table for table in (*tables, *over_the_page) if table]

    def _word(self, wordings: Sequence[str]) -> str:
        return self.choose.choice(wordings)

    def _head(self) -> Iterator[list[str]]:
        template = self.template
        if template.title_row:
            yield filled((self._title, SLOTS))
        pairs = self._head_pairs()
        if template.head == "pairs":
            for left, right in zip(pairs[::2], pairs[1::2], strict=False):
                yield filled((left[0], 4), (left[1], 8), (right[0], 4), (right[1], 8))
            pairs = pairs[len(pairs) - len(pairs) % 2 :]
        for label, text in pairs:
            yield (
                filled((f"{label}：{text}", SLOTS))
                if template.head == "in cells"
                else filled((label, 5), (text, 19))
            )

    def _head_pairs(self) -> list[tuple[str, str]]:
        form, template = self.form, self.template
        stands_above = template.head in ("lines", "one line")
        pairs = (
            []
            if stands_above
            else [(self._word(HEADS.get(label, (label,))), text) for label, text in form.head]
        )
        if template.year == "row":
            pairs.append(("预算年度", YEAR.strip("（年度）")))
        if template.person == "row":
            pairs += [("填表人", PERSON), ("联系电话", PHONE)]
        elif template.person == "one cell":
            pairs.append(("填表人及联系电话", f"{PERSON} {PHONE}"))
        for other in () if stands_above else template.others:
            pairs.insert(self.choose.randint(1, len(pairs)), (other, OTHERS[other]))
        if template.total == "head":
            pairs.append((self._word(("自评总分", "自评得分")), form.total_score))
        return pairs

    def _funds(self) -> Iterator[list[str]]:
        template = self.template
        section, heads = self._fund_section(), self._fund_heads()
        shapes = {
            "pairs": self._fund_pairs,
            "turned": self._turned_funds,
            "inline": self._inline_funds,
            "stacked": self._stacked_funds,
            "tiers": self._tiered_funds,
        }
        if template.fund_shape:
            yield from shapes[template.fund_shape](section, heads)
            return
        widths = divided(self.choose, 1 + len(heads), SLOTS - 3)
        yield filled((section, 3), *zip(["", *heads], widths, strict=True))
        for row in self.form.funds:
            texts = [self._fund_label(row), *(self._fund_text(row, column) for column in template.fund_order)]
            yield filled(("^", 3), *zip(texts, widths, strict=True))

    def _fund_section(self) -> str:
        section = self.template.fund_section
        if self.form.fund_label.startswith("预算执行情况"):  # which holds the execution weight
            section = re.sub(r"（(元|万元|亿元)）", "", self.form.fund_label)
        return section + (f"（{self.form.unit}）" if self.template.unit == "section" else "")

    def _fund_heads(self) -> list[str]:
        heads = []
        for column in self.template.fund_order:
            head = self._word(FUND_WORDINGS[column])
            if head == "预算数" and "initial" in self.template.fund_order:
                head = "全年预算数"
            is_amount = column in AMOUNT_COLUMNS
            heads.append(
                head + (f"（{self.form.unit}）" if is_amount and self.template.unit == "heads" else "")
            )
        return heads

    def _fund_label(self, row: FundRow) -> str:
        return self._word(TOTAL_FUNDS) if row.item == "total" else row.label

    def _fund_text(self, row: FundRow, column: str) -> str:
        is_merged = self.template.fund_merges and column in ("weight", "score") and row.item != "total"
        return "^" if is_merged else str(getattr(row, column))

    def _turned_funds(self, section: str, heads: Sequence[str]) -> Iterator[list[str]]:
        """A column for each line, a row for each amount."""
        widths = divided(self.choose, len(self.form.funds), SLOTS - 7)
        labels = [self._fund_label(row) for row in self.form.funds]
        yield filled((section, 3), ("", 4), *zip(labels, widths, strict=True))
        for head, column in zip(heads, self.template.fund_order, strict=True):
            texts = [getattr(row, column) for row in self.form.funds]
            yield filled(("^", 3), (head, 4), *zip(texts, widths, strict=True))

    def _fund_pairs(self, section: str, heads: Sequence[str]) -> Iterator[list[str]]:
        """Each line's amounts behind their own labels."""
        widths = divided(self.choose, 2 * len(heads), SLOTS - 6)
        above = section
        for row in self.form.funds:
            values = (getattr(row, column) for column in self.template.fund_order)
            texts = [text for pair in zip(heads, values, strict=True) for text in pair]
            yield filled((above, 3), (self._fund_label(row), 3), *zip(texts, widths, strict=True))
            above = "^"

    def _inline_funds(self, section: str, heads: Sequence[str]) -> Iterator[list[str]]:
        """Each amount in one cell with its label."""
        widths = divided(self.choose, len(heads), SLOTS - 6)
        above = section
        for row in self.form.funds:
            texts = [
                f"{head}：{getattr(row, column)}"
                for head, column in zip(heads, self.template.fund_order, strict=True)
            ]
            yield filled((above, 3), (self._fund_label(row), 3), *zip(texts, widths, strict=True))
            above = "^"

    def _stacked_funds(self, section: str, heads: Sequence[str]) -> Iterator[list[str]]:
        """Each amount's label in front of all lines that it has; rate, weight and score of the whole below."""
        columns = dict(zip(self.template.fund_order, heads, strict=True))
        amounts = [column for column in columns if column in AMOUNT_COLUMNS]
        widths = divided(self.choose, 3 * len(amounts), SLOTS - 3)
        above = section
        for row in self.form.funds:
            texts = [
                text
                for column in amounts
                for text in (
                    columns[column] if above == section else "^",
                    self._fund_label(row),
                    getattr(row, column),
                )
            ]
            yield filled((above, 3), *zip(texts, widths, strict=True))
            above = "^"
        others = [
            (columns[column], getattr(self.form.funds[0], column))
            for column in columns
            if column not in amounts
        ]
        texts = [text for pair in others for text in pair]
        if texts:
            yield filled(("^", 3), *zip(texts, divided(self.choose, len(texts), SLOTS - 3), strict=True))

    def _tiered_funds(self, section: str, heads: Sequence[str]) -> Iterator[list[str]]:
        """The lines side by side under each amount's label, and all amounts in one row."""
        order, lines = self.template.fund_order, self.form.funds
        counts = [len(lines) if column in AMOUNT_COLUMNS else 1 for column in order]
        slots = divided(self.choose, sum(counts), SLOTS - 3)
        labels = ["小计" if row.item == "total" else row.label.removeprefix("其中：") for row in lines]
        upper: list[tuple[str, int]] = []
        lower: list[tuple[str, int]] = []
        values: list[tuple[str, int]] = []
        for column, head, count in zip(order, heads, counts, strict=True):
            widths, slots = slots[:count], slots[count:]
            upper.append((head, sum(widths)))
            lower += zip(labels if count > 1 else ["^"], widths, strict=True)
            values += zip([getattr(row, column) for row in lines[:count]], widths, strict=True)
        yield filled((section, 3), *upper)
        yield filled(("^", 3), *lower)
        yield filled((self._fund_label(lines[0]), 3), *values)

    def _goals(self) -> Iterator[list[str]]:
        if not self.template.goals:
            return
        planned, actual = self.choose.choice(GOALS)
        told, done = GOAL_TEXTS
        if self.template.goals == "row":
            yield filled((planned, 4), (told, 8), (actual, 4), (done, 8))
            return
        yield filled(("年度总体目标", 4), (planned, 10), (actual, 10))
        numbers = ("目标1：", "目标2：") if self.template.goals == "two" else ("",)
        for number in numbers:
            yield filled(("^", 4), (number + told, 10), (number + done, 10))
