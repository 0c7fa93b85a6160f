"""What pdfium is asked without the check of each argument, and what is asked where it does not answer at once."""

from __future__ import annotations

import ctypes

import pypdfium2
import pytest
from pypdfium2 import raw

from extract.pdf.calls import unchecked
from tests.pdf_builder import Paper, grids, lines


def _paper() -> Paper:
    paper = Paper()
    paper.text(60, 60, "项目支出绩效自评表")
    paper.table(60, 80, [70, 90], [["项目名称", "Road 12"], ["全年 预算数", "1,234.50"]])
    return paper


def test_a_function_of_pdfium_says_the_same_without_the_check() -> None:
    with pypdfium2.PdfDocument(_paper().bytes()) as document:
        page = raw.FPDF_LoadPage(document.raw, 0)
        text = raw.FPDFText_LoadPage(page)
        count = raw.FPDFText_CountChars(text)
        assert count > 20
        size_of, put_box = unchecked(raw.FPDFText_GetFontSize), unchecked(raw.FPDFText_GetLooseCharBox)
        for index in range(count):
            checked, box = raw.FS_RECTF(), raw.FS_RECTF()
            assert raw.FPDFText_GetLooseCharBox(text, index, checked)
            assert put_box(text, index, ctypes.byref(box))
            assert bytes(box) == bytes(checked)
            assert size_of(text, index) == raw.FPDFText_GetFontSize(text, index)
        kind_of, object_of = unchecked(raw.FPDFPageObj_GetType), unchecked(raw.FPDFPage_GetObject)
        kinds = [kind_of(object_of(page, index)) for index in range(raw.FPDFPage_CountObjects(page))]
        assert set(kinds) == {raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_PATH}
        raw.FPDFText_ClosePage(text)
        raw.FPDF_ClosePage(page)


def test_text_that_pdfium_does_not_give_whole_is_asked_for_sign_by_sign(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> int:
        return 0

    monkeypatch.setattr(raw, "FPDFText_GetText", refuse)
    document = _paper().read()
    assert lines(document) == ["项目支出绩效自评表"]
    assert grids(document) == [[["项目名称", "Road 12"], ["全年 预算数", "1,234.50"]]]
