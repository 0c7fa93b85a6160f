"""Findings on their way back to a unit, for the tests of what goes back."""

from __future__ import annotations

from zipingbiao.report.returns.remark import Remark
from zipingbiao.report.returns.wording import Wording

ZH = Wording("zh")


def remark(number: int, *places: str, message: str = "总分填报100分，各项得分合计90分。") -> Remark:
    """A finding of an error about these places."""
    return Remark(
        number,
        "表.docx",
        "a-1",
        "SCORE01",
        "总分不等于得分之和",
        "error",
        "total",
        "100",
        "90",
        message,
        places,
    )


#: what must do no harm: a markup, a formula, signs that no XML may hold, a text turned around, one beyond Excel's bound
HOSTILE = ("<w:p>&]]>", "=HYPERLINK(A1)", "\x00\x0b\ufffe\ud800", "\u202e009\u202c", "甲" * 32_768)
