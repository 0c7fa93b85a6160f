"""The workbook itself: its sheets in their order, and which rows go to which."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxFileError

from extract.document import Bilingual
from zipingbiao.columns import TABLES, Datum, Row
from zipingbiao.report.draft import Draft
from zipingbiao.report.workbook.dictionary import COLUMNS, dictionary_rows
from zipingbiao.report.workbook.dictionary import WRAPPED as DICTIONARY_WRAPPED
from zipingbiao.report.workbook.figures import Figures
from zipingbiao.report.workbook.findings import FindingsSheet
from zipingbiao.report.workbook.front import TITLE, FrontPage, Page
from zipingbiao.report.workbook.links import file_link, row_link
from zipingbiao.report.workbook.looks import FONT, Looks
from zipingbiao.report.workbook.sheet import MAX_ROWS, Sheet
from zipingbiao.report.workbook.units import WRAPPED as UNITS_WRAPPED
from zipingbiao.report.workbook.units import sum_columns, sum_rows
from zipingbiao.tables import Rows

FILE = "zipingbiao.xlsx"
#: the sheets in the order in which an auditor wants them; in English those of tables are called as the tables are
SHEETS = {
    "front": Bilingual("首页", "start"),
    "findings": Bilingual("疑点清单", "findings"),
    "units": Bilingual("单位汇总", "by unit"),
    "departments": Bilingual("部门汇总", "by department"),
    "forms": Bilingual("表单", "forms"),
    "funds": Bilingual("资金", "funds"),
    "indicators": Bilingual("指标", "indicators"),
    "sources": Bilingual("来源", "sources"),
    "cells": Bilingual("单元格", "cells"),
    "texts": Bilingual("文字", "texts"),
    "unknown_labels": Bilingual("未识别标签", "unknown_labels"),
    "dictionary": Bilingual("数据字典", "dictionary"),
}
UNIT, DEPARTMENT = Bilingual("实施单位", "implementing unit"), Bilingual("主管部门", "department")
#: what is on the sheets, as the front page says it
HOLDS = {
    "findings": Bilingual("每个疑点：填报、应为、差额、原因、在原表的位置", "what was reported, what it should be, why, and where"),
    "units": Bilingual("按实施单位：疑点、金额、平均总分", "findings, amounts and mean totals of each implementing unit"),
    "departments": Bilingual("按主管部门：疑点、金额、平均总分", "findings, amounts and mean totals of each department"),
    "forms": Bilingual("每张自评表：表头、总分（填报、合计、重算）、等级", "each form: head, totals as printed, summed, recomputed"),
    "funds": Bilingual("每项资金来源：金额、执行率、得分", "each source of funds: amounts, rate, score"),
    "indicators": Bilingual("每个指标：指标值、完成值、分值、得分", "each indicator: target, actual value, weight, score"),
    "sources": Bilingual("每个文件：是否读取，未能读取的原因", "each file: whether it was read, and why not"),
    "cells": Bilingual("原表的每个单元格，以及识别为什么", "each cell of the forms, and what it was read as"),
    "texts": Bilingual("每段文字", "each paragraph"),
    "unknown_labels": Bilingual("未识别的标签和可能的字段", "labels that nobody knew, and likely fields"),
    "dictionary": Bilingual("各表各列的含义和单位", "what each column of each table holds"),
}  # fmt: skip
#: columns of sentences with their widths, by table
WRAPPED = {"sources": {"error": 60}}
#: the sheets of what the forms say word by word hold so many rows each, some 800 forms: they take longest to write and
#: to open, and of 8,000 forms Excel could not hold all cells; the other tables have no bound but Excel's own
MOST_WORDS = 100_000
WORDS = ("cells", "texts")
#: every workbook says it was made then: equal rows give equal files, whenever they are written
MADE = datetime(2020, 1, 1)


class Workbook:
    """``zipingbiao.xlsx``; ``lang`` is that of sheet names, headers and the front page."""

    def __init__(self, out: Path, lang: str) -> None:
        self._out, self._lang = out, lang
        self._draft = Draft(out / FILE)
        # the rows go to files first, so that memory stays flat
        self._rows_folder = TemporaryDirectory(prefix="zipingbiao-", ignore_cleanup_errors=True)
        self._book = xlsxwriter.Workbook(
            str(self._draft.path),
            {
                "constant_memory": True,
                "tmpdir": self._rows_folder.name,
                "default_format_properties": FONT,
            },
        )
        self._book.use_zip64()
        self._book.set_properties({"title": TITLE.in_language(lang), "created": MADE})
        looks = Looks(self._book)
        # the front page is written last, and its chart needs its numbers at hand
        self._book.constant_memory = False
        front = self._book.add_worksheet(SHEETS["front"].in_language(lang))
        front.row_data_fh_closed = True  # it has no such file
        self._book.constant_memory = True
        self._front = FrontPage(self._book, front, looks, lang)
        self._figures = Figures()
        self._findings = FindingsSheet(self._added("findings"), looks, lang)
        self._sheets = {"findings": self._findings.sheet}
        special = {
            "units": (sum_columns(UNIT), UNITS_WRAPPED),
            "departments": (sum_columns(DEPARTMENT), UNITS_WRAPPED),
            "dictionary": (COLUMNS, DICTIONARY_WRAPPED),
        }
        for name in list(SHEETS)[2:]:
            columns, wrapped = special.get(name) or (TABLES[name], WRAPPED.get(name, {}))
            most = MOST_WORDS if name in WORDS else MAX_ROWS
            self._sheets[name] = Sheet(self._added(name), name, columns, looks, lang, wrapped, most=most)

    def _added(self, name: str) -> Any:
        return self._book.add_worksheet(SHEETS[name].in_language(self._lang))

    def write(self, rows: Rows) -> None:
        """Append rows to their sheets."""
        self._figures.add(rows)
        files: dict[Datum, str] = {}
        for row in (*rows.get("sources", ()), *rows.get("forms", ())):
            if row["source"] not in files:
                files[row["source"]] = file_link(str(row["source"]), self._out)
        forms: dict[Datum, Row] = {form["form_id"]: form for form in rows.get("forms", ())}
        links: dict[Datum, str] = {}
        sheet = self._sheets["forms"]
        for number, form_id in enumerate(forms, sheet.rows + 1):
            if number < MAX_ROWS - 1:
                links[form_id] = row_link(sheet.title, number)
        for name, added in rows.items():
            for row in added:
                if name == "findings":
                    form_id, source = row["form_id"], row["source"]
                    of_row = {"form_id": links.get(form_id, ""), "source": files.get(source, "")}
                    self._findings.write(row, forms.get(form_id), of_row)
                elif name in ("forms", "sources"):
                    self._sheets[name].write(row, {"source": files[row["source"]]})
                else:
                    self._sheets[name].write(row)

    def finish(self) -> list[Draft]:
        """Write sums and front page, and close the workbook. Raises `OSError`."""
        for name, sums in (("units", self._figures.units), ("departments", self._figures.departments)):
            for row in sum_rows(sums.values(), self._lang):
                self._sheets[name].write(row)
        for row in dictionary_rows(self._lang, dict.fromkeys(WORDS, MOST_WORDS)):
            self._sheets["dictionary"].write(row)
        for sheet in self._sheets.values():
            sheet.finish()
        pages = (
            Page(sheet.title, HOLDS[name].in_language(self._lang), sheet.rows, sheet.left_out)
            for name, sheet in self._sheets.items()
        )
        self._front.write(self._figures, pages)
        try:
            self._book.close()
        except XlsxFileError as err:
            cause = err.args[0] if err.args else None  # what the system refused, with its number
            raise (cause if isinstance(cause, OSError) else OSError(str(err))) from err
        self._rows_folder.cleanup()
        return [self._draft]

    def discard(self) -> None:
        """Remove what has been written."""
        self._book.fileclosed = True  # or it would be written when the object goes
        for sheet in self._book.worksheets():
            sheet._opt_close()
        self._rows_folder.cleanup()
        self._draft.discard()
