"""The front page: what the run amounts to, how to read the workbook, where everything is, and a chart of the findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from importlib.metadata import version
from typing import Any, NamedTuple

from extract.document import Bilingual
from zipingbiao.checks.registry import IGNORED, SEVERITIES
from zipingbiao.columns import WAN
from zipingbiao.explain import SEVERITY
from zipingbiao.report.workbook.figures import Figures, Kind
from zipingbiao.report.workbook.links import row_link
from zipingbiao.report.workbook.looks import BARS, FONT, GREY, ON_BARS, Looks
from zipingbiao.report.workbook.sheet import set_paper
from zipingbiao.report.workbook.texts import fits, fitting, height, lines, number_format
from zipingbiao.summary import STATUS
from zipingbiao.tables import written

TITLE = Bilingual("预算绩效自评表核查结果", "Budget self-evaluation forms: what was found")
MADE_BY = Bilingual("由 zipingbiao {} 生成", "made by zipingbiao {}")
POLICY = Bilingual("适用办法：{}", "policies: {}")
POLICY_FORMS = Bilingual("{}（{} 张）", "{} ({} forms)")
FIGURES = Bilingual("概况", "Figures")
FILES = Bilingual("文件", "files")
FORMS = Bilingual("自评表", "forms")
UNITS = Bilingual("实施单位", "implementing units")
DEPARTMENTS = Bilingual("主管部门", "departments")
BUDGET = Bilingual("全年预算数合计（万元）", "budget (10,000 yuan)")
EXECUTED = Bilingual("全年执行数合计（万元）", "spent (10,000 yuan)")
FINDINGS = Bilingual("疑点", "findings")
AMOUNTS_ADDED = Bilingual(
    "金额为各表“资金总额”行相加：重复的表（CROSS01、CROSS06）只计一次；部门整体表已含其项目，有项目表时不再计入。",
    "Amounts add up the line of the total of all forms. A form that is there more than once (CROSS01, CROSS06) counts "
    "once; that of a department holds its projects, and counts only where these are not there.",
)
HOW = Bilingual("怎样使用", "How to use it")
STEPS = (
    Bilingual(
        "从“疑点清单”看起：红色为错误（不可能同时成立），黄色为警告（不合常理或缺少说明），蓝色为提示，灰色为已核实忽略；各列可筛选、排序。",
        "Begin with the findings: red cannot both be true, yellow is implausible or unexplained, blue is a note, grey was "
        "accepted. Every column can be filtered and sorted.",
    ),
    Bilingual(
        "“来源文件”可点击打开原表，“表单编号”跳到该表的总分和等级；“位置”写明原表的第几个表、第几行、第几列。",
        "The source opens the original, the form_id leads to the form's totals, and the place says which table, row and "
        "column of the original it is.",
    ),
    Bilingual(
        "重算的数字是公式，填报的数就在公式里，点开单元格可见算法；各列含义见“数据字典”。空白表示原表未填，不是 0。",
        "What was recomputed is a formula with the printed numbers in it. The dictionary explains all columns. Blank "
        "means that the form says nothing: it is never 0.",
    ),
)
PAGES = Bilingual("各页内容", "Sheets")
ROWS = Bilingual("{} 行", "{} rows")
NOT_ALL = Bilingual("前 {} 行，共 {} 行", "first {} of {} rows")
KINDS = Bilingual("疑点（按核查项目）", "Findings by check")
CHECK = Bilingual("核查项目", "check")
NOTHING = Bilingual("没有发现疑点。", "There is no finding.")

#: columns of the page: a margin, then five of one width; the chart stands to their right
_FIRST, _COUNT, _WIDTH, _CHART = 1, 5, 19, 7
#: where the numbers of the findings by check begin
_NUMBERS = _FIRST + 2
#: rows that one page can hold
_PAGE_ROWS = 55
#: the chart shows so many checks at most; a bar and what is around all bars in pixels
_MOST_BARS, _BAR, _AROUND, _CHART_WIDTH = 25, 28, 110, 720


class Page(NamedTuple):
    """A sheet as the front page names it."""

    title: str
    about: str
    rows: int
    left_out: int = 0


class FrontPage:
    """Writes the front page, once all other sheets are known."""

    def __init__(self, book: Any, sheet: Any, looks: Looks, lang: str) -> None:
        self._book, self._sheet, self._looks, self._lang = book, sheet, looks, lang
        self._row = 0

    def write(self, figures: Figures, pages: Iterable[Page]) -> None:
        """Write all of it."""
        sheet = self._sheet
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 2)
        sheet.set_column(_FIRST, _FIRST + _COUNT - 1, _WIDTH)
        sheet.set_column(_CHART - 1, _CHART - 1, 3)
        self._head(figures)
        top = self._row
        self._cards(figures)
        self._section(HOW)
        for number, step in enumerate(STEPS, 1):
            self._sentence(f"{number}. {self._said(step)}", "wrapped")
        self._pages(pages)
        self._kinds(figures, top)
        set_paper(sheet)
        # one page, unless its print would get too small to read
        sheet.fit_to_pages(1, int(self._row < _PAGE_ROWS))

    def _said(self, words: Bilingual) -> str:
        return words.in_language(self._lang)

    def _head(self, figures: Figures) -> None:
        self._sheet.set_row(0, 36)
        self._sheet.write_string(0, _FIRST, self._said(TITLE), self._looks.of("title"))
        parts = [self._said(MADE_BY).format(version("zipingbiao"))]
        if figures.policies:
            forms = self._said(POLICY_FORMS)
            named = (forms.format(name, count) for name, count in figures.policies.most_common())
            parts.append(self._said(POLICY).format(self._said(Bilingual("、", ", ")).join(named)))
        self._sheet.write_string(1, _FIRST, fitting("　".join(parts)), self._looks.of("subtitle"))
        self._row = 2

    def _section(self, title: Bilingual) -> None:
        """A heading with a rule under it, and some room above."""
        self._row += 1
        self._sheet.set_row(self._row, 22)
        for col in range(_FIRST, _FIRST + _COUNT):
            self._sheet.write_blank(self._row, col, None, self._looks.of("section"))
        self._sheet.write_string(self._row, _FIRST, self._said(title), self._looks.of("section"))
        self._row += 1

    def _sentence(self, text: str, *looks: str) -> None:
        self._sheet.set_row(self._row, height(lines(text, _COUNT * _WIDTH)))
        self._merged(self._row, _FIRST + _COUNT - 1, text, *looks)
        self._row += 1

    def _merged(self, row: int, last: int, text: str, *looks: str) -> None:
        """Write a text over the first column to the ``last``."""
        look = self._looks.of(*looks)
        # a text that is merged at once could become a formula
        self._sheet.merge_range(row, _FIRST, row, last, "", look)
        self._sheet.write_string(row, _FIRST, fitting(text), look)

    def _cards(self, figures: Figures) -> None:
        """Rows of figures, each under what it is."""
        total, statuses = figures.total, figures.statuses
        self._section(FIGURES)
        self._card([(FILES, statuses.total(), "")] + [(STATUS[one], statuses[one], one) for one in STATUS])
        amounts = (figures.amounts.get(name) for name in ("budget_adjusted_wan", "executed_wan"))
        self._card(
            [
                (FORMS, total.forms, ""),
                (UNITS, sum(1 for key in figures.units if key), ""),
                (DEPARTMENTS, sum(1 for key in figures.departments if key), ""),
                *((name, amount, "") for name, amount in zip((BUDGET, EXECUTED), amounts, strict=True)),
            ]
        )
        counts = {one: total.severities[one] for one in (*SEVERITIES, IGNORED)}
        found = sum(counts[one] for one in SEVERITIES)
        self._card([(FINDINGS, found, "")] + [(SEVERITY[one], count, one) for one, count in counts.items()])
        self._sentence(self._said(AMOUNTS_ADDED), "wrapped", "subtitle")

    def _card(self, cards: Sequence[tuple[Bilingual, Decimal | int | None, str]]) -> None:
        """A row of names and one of their figures; a figure that is not 0 has its colour."""
        self._sheet.set_row(self._row, 18)
        self._sheet.set_row(self._row + 1, 30)
        for col, (name, figure, colour) in enumerate(cards, _FIRST):
            looks = ["figure", colour] if colour and colour != "ok" and figure else ["figure"]
            self._sheet.write_string(self._row, col, self._said(name), self._looks.of("caption"))
            if figure is None or not fits(figure):
                self._sheet.write_string(self._row + 1, col, written(figure), self._looks.of(*looks))
                continue
            look = self._looks.of(*looks, number=number_format(figure, WAN))
            self._sheet.write_number(self._row + 1, col, float(figure), look)
        self._row += 2

    def _pages(self, pages: Iterable[Page]) -> None:
        self._section(PAGES)
        for page in pages:
            for col in range(_FIRST, _FIRST + _COUNT):
                self._sheet.write_blank(self._row, col, None, self._looks.of("ruled"))
            link = row_link(page.title, 0)
            self._sheet.write_url(self._row, _FIRST, link, self._looks.of("ruled", "link"), page.title)
            self._sheet.write_string(self._row, _FIRST + 1, page.about, self._looks.of("ruled"))
            words = NOT_ALL if page.left_out else ROWS
            rows = self._said(words).format(f"{page.rows:,}", f"{page.rows + page.left_out:,}")
            self._sheet.write_string(self._row, _FIRST + _COUNT - 1, rows, self._looks.of("ruled", "right"))
            self._row += 1

    def _kinds(self, figures: Figures, top: int) -> None:
        """The table of findings by check, and the chart of it beside the figures."""
        self._section(KINDS)
        kinds = sorted(figures.kinds.items(), key=lambda one: (-_counted(one[1]), one[0]))
        kinds = [(code, kind) for code, kind in kinds if _counted(kind)]
        if not kinds:
            self._sheet.write_string(self._row, _FIRST, self._said(NOTHING))
            return
        self._merged(self._row, _NUMBERS - 1, self._said(CHECK), "header")
        for col, severity in enumerate(SEVERITIES, _NUMBERS):
            self._sheet.write_string(
                self._row, col, self._said(SEVERITY[severity]), self._looks.of("header", "right")
            )
        first = self._row + 1
        for row, (code, kind) in enumerate(kinds, first):
            named = f"{code} {kind.title}"
            self._merged(row, _NUMBERS - 1, named, "ruled", "wrapped")
            if (needed := lines(named, (_NUMBERS - _FIRST) * _WIDTH)) > 1:
                self._sheet.set_row(row, height(needed))
            for col, severity in enumerate(SEVERITIES, _NUMBERS):
                look = self._looks.of("ruled", number="#,##0;;")
                self._sheet.write_number(row, col, kind.severities[severity], look)
        self._row = first + len(kinds)
        self._chart(first, first + min(len(kinds), _MOST_BARS) - 1, top)

    def _chart(self, first: int, last: int, top: int) -> None:
        """Bars of the rows from ``first`` to ``last``, a colour a severity, placed at the row ``top``."""
        chart = self._book.add_chart({"type": "bar", "subtype": "stacked"})
        name = self._sheet.get_name()
        small = {"name": FONT["font_name"], "size": 9, "color": GREY}
        for col, severity in enumerate(SEVERITIES, _NUMBERS):
            chart.add_series(
                {
                    "name": [name, first - 1, col],
                    "categories": [name, first, _FIRST, last, _FIRST],
                    "values": [name, first, col, last, col],
                    "fill": {"color": BARS[severity]},
                    "gap": 40,
                    "data_labels": {
                        "value": True,
                        "num_format": "#,##0;;",
                        "font": small | {"color": ON_BARS[severity]},
                    },
                }
            )
        chart.set_title({"name": self._said(KINDS), "name_font": {"name": FONT["font_name"], "size": 12}})
        chart.set_legend({"position": "bottom", "font": small})
        # the first row of the table on top
        chart.set_y_axis({"reverse": True, "interval_unit": 1, "num_font": small, "line": {"color": GREY}})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
        chart.set_size({"width": _CHART_WIDTH, "height": _AROUND + _BAR * (last - first + 1)})
        description = {"description": self._said(KINDS), "object_position": 3}
        self._sheet.insert_chart(top + 1, _CHART, chart, description)


def _counted(kind: Kind) -> int:
    return sum(kind.severities[one] for one in SEVERITIES)
