"""All tables as one Excel workbook that people hand on: a front page, the findings, and sums by unit before the rest."""

from zipingbiao.report.workbook.book import SHEETS, Workbook

__all__ = ["SHEETS", "Workbook"]
