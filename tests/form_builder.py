"""Small self-evaluation forms, filled in as an honest office fills them in.

The office knows exact figures and prints them by its habits: so many decimals, rates as whole percents or as
fractions, scores rounded to 0.1, zeros as dashes. `honest_form` draws such a form from a `random.Random`, which
can be seeded or be hypothesis's own; `SmallForm.text` is the form as a text file with Markdown pipe rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

#: an executed share below this is low execution by the national rules
LOW = Fraction(9, 10)
NATIONAL, HUBEI = Fraction(10), Fraction(20)
#: 万元 in one unit of the fund table
IN_WAN = {"元": Fraction(1, 10_000), "万元": Fraction(1), "亿元": Fraction(10_000)}

FUND_COLUMNS = ("initial", "adjusted", "executed", "weight", "rate", "score", "reason")
FUND_LABELS = {
    "initial": "年初预算数",
    "adjusted": "全年预算数",
    "executed": "全年执行数",
    "weight": "分值",
    "rate": "执行率",
    "score": "得分",
    "reason": "未执行原因",
}
PART_LABELS = {
    "fiscal": "其中：当年财政拨款",
    "carryover": "上年结转资金",
    "own": "自有资金",
    "other": "其他资金",
}
NESTED_LABELS = {"central": "中央财政资金", "provincial": "省级资金"}
INDICATOR_COLUMNS = ("level1", "level2", "name", "target", "actual", "weight", "score", "reason")
INDICATOR_LABELS = {
    "level1": "一级指标",
    "level2": "二级指标",
    "name": "三级指标",
    "target": "年度指标值",
    "actual": "实际完成值",
    "weight": "分值",
    "score": "得分",
    "reason": "偏差原因分析及改进措施",
}
LEVELS = {
    "output": ("产出指标", ("数量指标", "质量指标", "时效指标")),
    "benefit": ("效益指标", ("经济效益指标", "社会效益指标")),
    "satisfaction": ("满意度指标", ("服务对象满意度指标",)),
}
#: a level that only the rules of 2021 have
COST = ("成本指标", ("经济成本指标", "社会成本指标"))
BLANKS = ("", "—", "/", "——")


@dataclass(frozen=True)
class FundRow:
    """A line of the fund table as printed; ``item`` is what the product calls it."""

    item: str
    label: str
    initial: str = ""
    adjusted: str = ""
    executed: str = ""
    weight: str = ""
    rate: str = ""
    score: str = ""
    reason: str = ""


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator as printed.

    ``missing`` is an actual value that misses the target and ``stranger`` one in a unit of another kind; both
    are blank where the target is no number. They are not printed.
    """

    level1: str
    level2: str
    name: str
    target: str
    actual: str
    weight: str = ""
    score: str = ""
    reason: str = ""
    missing: str = ""
    stranger: str = ""


@dataclass(frozen=True)
class SmallForm:
    """A form as printed: what stands in each cell, and which columns there are."""

    head: tuple[tuple[str, str], ...]
    unit: str
    fund_label: str
    fund_columns: tuple[str, ...]
    funds: tuple[FundRow, ...]
    indicator_columns: tuple[str, ...]
    indicators: tuple[IndicatorRow, ...]
    level_weights: tuple[tuple[str, str], ...]
    has_total: bool
    total_weight: str
    total_score: str
    paragraphs: tuple[str, ...]
    one_table: bool
    repeats_labels: bool

    def with_fund(self, index: int, **cells: str) -> SmallForm:
        """The form with other texts in a fund line."""
        rows = list(self.funds)
        rows[index] = replace(rows[index], **cells)
        return replace(self, funds=tuple(rows))

    def with_indicator(self, index: int, **cells: str) -> SmallForm:
        """The form with other texts in an indicator's row."""
        rows = list(self.indicators)
        rows[index] = replace(rows[index], **cells)
        return replace(self, indicators=tuple(rows))

    def with_sum_as_total(self) -> SmallForm:
        """The form with the sum of its printed scores as total, to the last digit."""
        printed = [row.score for row in self.funds if "score" in self.fund_columns]
        printed += [row.score for row in self.indicators if "score" in self.indicator_columns]
        scores = [number for text in printed if (number := number_in(text)) is not None]
        return replace(self, total_score=decimals(sum(scores, Fraction(0)), 3) if self.has_total else "")

    def text(self) -> str:
        """The form as a text file."""
        head = [[cell for pair in self.head for cell in pair]]
        funds = [[self.fund_label, *(FUND_LABELS[column] for column in self.fund_columns)]]
        funds += [[row.label, *(getattr(row, column) for column in self.fund_columns)] for row in self.funds]
        tables = [head + funds, self._indicator_rows()]
        if self.one_table:
            tables = [tables[0] + tables[1]]
        pages = ["项目支出绩效自评表（2021年度）", *map(_pipes, tables), *self.paragraphs]
        return "\n\n".join(page for page in pages if page) + "\n"

    def _indicator_rows(self) -> list[list[str]]:
        rows = [[INDICATOR_LABELS[column] for column in self.indicator_columns]] if self.indicators else []
        above: tuple[str, str] = ("", "")
        for row in self.indicators:
            labels = {"level1": self._level_label(row.level1), "level2": row.level2}
            if not self.repeats_labels and row.level1 == above[0]:
                labels["level1"] = ""
                labels["level2"] = "" if row.level2 == above[1] else row.level2
            above = (row.level1, row.level2)
            rows.append([labels.get(column, getattr(row, column)) for column in self.indicator_columns])
        if self.has_total:
            totals = {"weight": self.total_weight, "score": self.total_score}
            rows.append(["总分", *(totals.get(column, "") for column in self.indicator_columns[1:])])
        return rows

    def _level_label(self, level: str) -> str:
        label = COST[0] if level == "cost" else LEVELS[level][0]
        weight = dict(self.level_weights).get(level)
        return f"{label}（{weight}分）" if weight else label


def _pipes(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


# --- how an office prints ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Habits:
    """What an office's template has, and how the office prints.

    ``scheme`` says where the execution weight stands: in a ``column``, in the ``label`` of the fund block, or
    nowhere (``none``). ``rates`` is how rates are printed, blank where the table has no column for them.
    """

    unit: str
    places: int
    strips_zeros: bool
    commas: bool
    has_initial: bool
    parts: int
    nested: bool
    scheme: str
    execution_weight: Fraction
    rates: str
    score_from_rate: bool
    score_places: int
    low: bool
    fund_reason: bool
    has_weights: bool
    has_reasons: bool
    has_levels: bool
    level_weights: bool
    misses: bool
    has_total: bool
    total_places: int
    narrates: bool


def draw_habits(choose: Random) -> Habits:
    """The habits of some office."""
    unit = choose.choice(("万元", "万元", "元", "亿元"))
    places = {"万元": choose.randint(0, 6), "元": choose.choice((0, 2, 2, 6)), "亿元": choose.randint(2, 6)}[
        unit
    ]
    scheme = choose.choice(("column", "column", "label", "none"))
    weight = {"column": choose.choice((NATIONAL, NATIONAL, Fraction(15), HUBEI)), "label": HUBEI}
    has_weights = choose.random() < 0.8
    has_levels = choose.random() < 0.6
    return Habits(
        unit=unit,
        places=places,
        strips_zeros=choose.random() < 0.3,
        commas=choose.random() < 0.3,
        has_initial=choose.random() < 0.6,
        parts=choose.randint(0, 4),
        nested=choose.random() < 0.3,
        scheme=scheme,
        execution_weight=weight.get(scheme, Fraction(0)),
        rates=choose.choice(("", "percent0", "percent1", "percent2", "bare", "fraction", "mixed")),
        score_from_rate=choose.random() < 0.4,
        score_places=choose.randint(0, 2),
        low=choose.random() < 0.2,
        fund_reason=choose.random() < 0.3,
        has_weights=has_weights,
        has_reasons=choose.random() < 0.7,
        has_levels=has_levels,
        level_weights=has_levels and has_weights and choose.random() < 0.5,
        misses=choose.random() < 0.5,
        has_total=choose.random() < 0.8,
        total_places=choose.randint(0, 2),
        narrates=choose.random() < 0.5,
    )


def decimals(number: Fraction, places: int) -> str:
    """A number with so many decimals, halves rounded up."""
    scaled = number * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    sign, digits = ("-" if whole < 0 else ""), str(abs(whole)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def number_in(text: str) -> Fraction | None:
    """The number that a cell of plain digits holds; None for blanks and dashes."""
    bare = text.replace(",", "").removesuffix("%")
    return Fraction(bare) if bare[:1].isdigit() else None


def places_of(text: str) -> int:
    """How many decimals a cell prints."""
    return len(text.removesuffix("%").partition(".")[2])


def _amount(number: Fraction, habits: Habits, choose: Random) -> str:
    if number == 0 and choose.random() < 0.6:
        return choose.choice(BLANKS)
    text = decimals(number, habits.places)
    if habits.strips_zeros and "." in text:
        text = text.rstrip("0").rstrip(".")
    if habits.commas:
        whole, point, rest = text.partition(".")
        text = f"{int(whole):,}{point}{rest}"
    return text


def _rate(rate: Fraction, habits: Habits, choose: Random) -> str:
    style = habits.rates
    if style == "mixed":
        style = choose.choice(("percent0", "percent1", "percent2", "bare", "fraction"))
    if style.startswith("percent"):
        return decimals(rate * 100, int(style[-1])) + "%"
    if style == "bare":
        return decimals(rate * 100, choose.randint(0, 2))
    text = decimals(rate, choose.randint(2, 4))
    return "1" if Fraction(text) == 1 and choose.random() < 0.7 else text


# --- an honest office --------------------------------------------------------------------------------


def honest_form(choose: Random, habits: Habits | None = None) -> SmallForm:
    """A form whose figures follow from exact ones, printed by the office's habits."""
    habits = habits or draw_habits(choose)
    funds = _honest_funds(choose, habits)
    indicators = _honest_indicators(choose, habits)
    columns = [column for column in FUND_COLUMNS if _has_fund_column(column, habits)]
    shown = [column for column in INDICATOR_COLUMNS if _has_indicator_column(column, habits)]
    points = decimals(habits.execution_weight, 0)
    label = f"预算执行情况（{points}分）" if habits.scheme == "label" else "项目资金"
    if habits.unit != "万元" or choose.random() < 0.3:
        label = f"项目资金（{habits.unit}）" if habits.scheme != "label" else f"{label}（{habits.unit}）"
    form = SmallForm(
        head=(("项目名称", "道路养护"), ("主管部门", "某县交通局"), ("实施单位", "某县公路站")),
        unit=habits.unit,
        fund_label=label,
        fund_columns=tuple(columns),
        funds=funds,
        indicator_columns=tuple(shown),
        indicators=indicators,
        level_weights=_level_weights(indicators) if habits.level_weights else (),
        has_total=habits.has_total,
        total_weight="100" if habits.has_weights and choose.random() < 0.7 else "",
        total_score="",
        paragraphs=(),
        one_table=choose.random() < 0.5,
        repeats_labels=choose.random() < 0.3,
    ).with_sum_as_total()
    total = number_in(form.total_score)
    if total is not None:
        form = replace(form, total_score=decimals(total, max(habits.total_places, 0)))
    return replace(form, paragraphs=_report(choose, form)) if habits.narrates else form


def _has_fund_column(column: str, habits: Habits) -> bool:
    return {
        "initial": habits.has_initial,
        "weight": habits.scheme == "column",
        "rate": bool(habits.rates),
        "score": habits.scheme != "none",
        "reason": habits.fund_reason,
    }.get(column, True)


def _has_indicator_column(column: str, habits: Habits) -> bool:
    return {
        "level1": habits.has_levels,
        "level2": habits.has_levels,
        "weight": habits.has_weights,
        "reason": habits.has_reasons,
    }.get(column, True)


@dataclass(frozen=True)
class _Line:
    item: str
    label: str
    initial: Fraction
    adjusted: Fraction
    executed: Fraction


def _honest_funds(choose: Random, habits: Habits) -> tuple[FundRow, ...]:
    finest = 10 ** (habits.places + 2)
    largest = {"万元": 5_000, "元": 50_000_000, "亿元": 50}[habits.unit]

    def drawn(label: str, item: str) -> _Line:
        if choose.random() < 0.1:
            return _Line(item, label, Fraction(0), Fraction(0), Fraction(0))
        budget = Fraction(choose.randint(finest, largest * finest), finest)
        rate = choose.choice((Fraction(1), Fraction(choose.randint(9_000, 10_000), 10_000)))
        if habits.low:
            rate = Fraction(choose.randint(0, 8_000), 10_000)
        return _Line(item, label, budget * Fraction(choose.randint(50, 150), 100), budget, budget * rate)

    items = choose.sample(sorted(PART_LABELS), habits.parts)
    parts = [drawn(PART_LABELS[item], item) for item in items]
    lines = list(parts)
    if habits.nested and "fiscal" in items:
        inner = [drawn(label, item) for item, label in NESTED_LABELS.items()]
        at = items.index("fiscal")
        parts[at] = _summed("fiscal", PART_LABELS["fiscal"], inner)
        lines = [*parts[: at + 1], *inner, *parts[at + 1 :]]
    total = _summed("total", "年度资金总额", parts)
    if total.adjusted == 0:
        lines, total = [], drawn_total(choose, finest, largest, habits.low)
    return tuple(_print_line(line, choose, habits) for line in (total, *lines))


def drawn_total(choose: Random, finest: int, largest: int, low: bool) -> _Line:
    """A total line of its own, with a budget."""
    budget = Fraction(choose.randint(finest, largest * finest), finest)
    rate = Fraction(choose.randint(0, 8_000) if low else choose.randint(9_000, 10_000), 10_000)
    return _Line("total", "年度资金总额", budget, budget, budget * rate)


def _summed(item: str, label: str, parts: Sequence[_Line]) -> _Line:
    return _Line(
        item,
        label,
        sum((part.initial for part in parts), Fraction(0)),
        sum((part.adjusted for part in parts), Fraction(0)),
        sum((part.executed for part in parts), Fraction(0)),
    )


def _print_line(line: _Line, choose: Random, habits: Habits) -> FundRow:
    rate = line.executed / line.adjusted if line.adjusted else None
    printed_rate = _rate(rate, habits, choose) if rate is not None else choose.choice(BLANKS)
    weight = score = choose.choice(("", "—"))
    if line.item == "total" and habits.scheme != "none":
        assert rate is not None
        weight, earned = decimals(habits.execution_weight, 0), habits.execution_weight * rate
        shown = number_in(printed_rate)
        if habits.score_from_rate and printed_rate.endswith("%") and shown is not None:
            earned = habits.execution_weight * min(shown / 100, Fraction(1))
        score = decimals(earned, habits.score_places)
    return FundRow(
        item=line.item,
        label=line.label,
        initial=_amount(line.initial, habits, choose),
        adjusted=_amount(line.adjusted, habits, choose)
        if line.item != "total"
        else _certain(line.adjusted, habits),
        executed=_amount(line.executed, habits, choose)
        if line.item != "total"
        else _certain(line.executed, habits),
        weight=weight,
        rate=printed_rate,
        score=score,
    )


def _certain(number: Fraction, habits: Habits) -> str:
    """An amount of the total line, where a zero is printed as such."""
    text = decimals(number, habits.places)
    return text.rstrip("0").rstrip(".") if habits.strips_zeros and "." in text else text


# --- indicators --------------------------------------------------------------------------------------


def _weights(choose: Random, whole: Fraction, count: int) -> list[str]:
    """So many weights that sum to a whole: whole points, half points, or thirds with two decimals."""
    if choose.random() < 0.2 and count == 3:
        third = decimals(whole / 3 - Fraction(1, 500), 2)
        return (
            [third, third, third]
            if whole - 3 * Fraction(third) <= Fraction(1, 100)
            else _weights(choose, whole, 2)
        )
    step = choose.choice((Fraction(1), Fraction(1, 2)))
    steps = int(whole / step)
    cuts = sorted(choose.sample(range(1, steps), count - 1))
    sizes = [end - begin for begin, end in zip([0, *cuts], [*cuts, steps], strict=True)]
    return [decimals(size * step, 0 if (size * step).denominator == 1 else 1) for size in sizes]


def _honest_indicators(choose: Random, habits: Habits) -> tuple[IndicatorRow, ...]:
    own = habits.execution_weight
    if habits.scheme == "none":
        own = choose.choice((Fraction(0), NATIONAL))
    weights = _weights(choose, 100 - own, choose.randint(1, 6))
    levels = sorted((choose.choice(tuple(LEVELS)) for _ in weights), key=tuple(LEVELS).index)
    rows: list[IndicatorRow] = []
    for number, (level, weight) in enumerate(zip(levels, weights, strict=True), 1):
        row = draw_indicator(choose, f"任务{'甲乙丙丁戊己'[number - 1]}", level)
        score, reason = weight, ""
        if habits.misses and choose.random() < 0.4:
            if row.missing and choose.random() < 0.7:
                row = replace(row, actual=row.missing)
            earned = Fraction(weight) * Fraction(choose.randint(0, 95), 100)
            score = decimals(earned, 1) if Fraction(decimals(earned, 1)) < Fraction(weight) else "0"
            reason = choose.choice(("设备到货较晚", "一名学员请假", "无"))
        rows.append(replace(row, weight=weight, score=score, reason=reason))
    return tuple(rows)


def _level_weights(indicators: Sequence[IndicatorRow]) -> tuple[tuple[str, str], ...]:
    sums: dict[str, Fraction] = {}
    for row in indicators:
        sums[row.level1] = sums.get(row.level1, Fraction(0)) + Fraction(row.weight)
    return tuple((level, decimals(number, 2).rstrip("0").rstrip(".")) for level, number in sums.items())


def draw_indicator(choose: Random, name: str, level: str) -> IndicatorRow:
    """An indicator that met its target, of some kind; without weight and score."""
    level2 = choose.choice(LEVELS[level][1])
    at = choose.randint(2, 5_000)
    more, less = at + choose.randint(0, 50), at - choose.randint(1, at - 1)
    unit, other = choose.choice(
        (("人", "公里"), ("次", "公里"), ("公里", "人"), ("万元", "人"), ("平方米", "吨"))
    )
    kinds: dict[str, tuple[str, str, str, str]] = {
        "at least": (
            choose.choice(("≥", ">=", "不少于")) + f"{at}{unit}",
            f"{more}{unit}",
            f"{less}{unit}",
            f"{at}{other}",
        ),
        "more than": (f">{at}{unit}", f"{more + 1}{unit}", f"{at}{unit}", f"{at}{other}"),
        "at most": (f"≤{at}{unit}", f"{less}{unit}", f"{more + 1}{unit}", f"{at}{other}"),
        "exactly": (f"={at}{unit}", f"{at}{unit}", f"{more + 1}{unit}", f"{at}{other}"),
        "bare": (f"{at}{unit}", f"{more}{unit}", f"{less}{unit}", f"{at}{other}"),
        "share": ("≥90%", f"{choose.randint(900, 1000) / 10}%", f"{choose.randint(0, 899) / 10}%", "90公里"),
        "range": (f"{at}-{at + 60}{unit}", f"{more}{unit}", f"{less}{unit}", f"{at}{other}"),
        "money": (
            f"≥{at}万元",
            f"{at}0000元",
            f"{at}0000.00元".replace(str(at), str(at - 1), 1),
            f"{at}公里",
        ),
        "length": (f"≥{at}公里", f"{at * 1000}米", f"{at * 1000 - 1}米", f"{at}人"),
        "people": (f"≥{at}人", f"{more}人次", f"{less}人次", f"{at}公里"),
        "unit once": (f"≥{at}{unit}", f"{more}", f"{less}", ""),
        "date": ("2021年12月底前", "2021年11月", "", ""),
        "wording": ("健全", "已健全", "", ""),
    }
    target, actual, missing, stranger = kinds[choose.choice(tuple(kinds))]
    return IndicatorRow(level, level2, name, target, actual, missing=missing, stranger=stranger)


# --- the report behind the form ----------------------------------------------------------------------


def _report(choose: Random, form: SmallForm) -> tuple[str, ...]:
    """Sentences that repeat the table's figures, as printed or rounded further."""
    total = form.funds[0]
    said: list[str] = []
    for word, text in (("全年预算", total.adjusted), ("实际支出", total.executed)):
        said.append(word + _in_some_unit(choose, text, form.unit))
    if "rate" in form.fund_columns and total.rate.endswith("%"):
        rate = number_in(total.rate)
        assert rate is not None
        said.append(f"预算执行率{decimals(rate, choose.randint(0, places_of(total.rate)))}%")
    score = number_in(form.total_score)
    if score is not None:
        said.append(f"自评总分{decimals(score, choose.randint(0, places_of(form.total_score)))}分")
    year = choose.choice(("2021年", "本项目", ""))
    return ("一、项目基本情况", year + "，".join(said) + "。")


def _in_some_unit(choose: Random, text: str, unit: str) -> str:
    """An amount as printed or rounded further, in its own unit or in another one."""
    number = number_in(text)
    assert number is not None
    rounded = decimals(number, choose.randint(0, places_of(text)))
    shown = choose.choice(("元", "万元", "亿元", unit, unit))
    shift = {"元": 0, "万元": 4, "亿元": 8}
    places = places_of(rounded) + shift[shown] - shift[unit]
    if places < 0:
        return rounded + unit
    return decimals(Fraction(rounded) * IN_WAN[unit] / IN_WAN[shown], places) + shown
