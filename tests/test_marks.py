"""Struck-out and raised text: what is struck out does not count, and a raised number stays apart, in every format."""

from __future__ import annotations

import struct
import time
from decimal import Decimal
from pathlib import Path

import docx_builder
import pytest
import test_html
import test_odt
import test_rtf
from doc_builder import HIDDEN, word_file
from docx_builder import p, r

from extract.document import Document, Line
from extract.marks import STRUCK, raised
from extract.word.doc import HIDDEN as HIDDEN_NOTE
from extract.word.doc import read_doc
from normalize.fold import _TRADITIONAL
from normalize.labels.match import match_label
from zipingbiao import parse_value, records

SAMPLES = Path(__file__).parent.parent / "samples"

STRIKE, TWICE, RAISE = "<w:strike/>", "<w:dstrike w:val='1'/>", "<w:vertAlign w:val='superscript'/>"
DOC_STRUCK, DOC_TWICE = struct.pack("<HB", 0x0837, 1), struct.pack("<HB", 0x2A53, 1)
DOC_RAISED, DOC_LOWERED = struct.pack("<HB", 0x2A48, 1), struct.pack("<HB", 0x2A48, 2)
ODT_STYLES = """
    <style:style style:name="S"><style:text-properties style:text-line-through-style="solid"/></style:style>
    <style:style style:name="N"><style:text-properties style:text-line-through-style="none"/></style:style>
    <style:style style:name="R"><style:text-properties style:text-position="super 58%"/></style:style>
    <style:style style:name="U"><style:text-properties style:text-position="33% 58%"/></style:style>
    <style:style style:name="L"><style:text-properties style:text-position="-33% 58%"/></style:style>
"""


def span(text: str, style: str) -> str:
    return f'<text:span text:style-name="{style}">{text}</text:span>'


def odt(content: str, style: str = "") -> Document:
    return test_odt.read(f'<text:p text:style-name="{style}">{content}</text:p>', ODT_STYLES)


def doc(text: str, *runs: tuple[str, bytes]) -> Document:
    return read_doc(word_file([(text + "\r", b"")], runs), "form")


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Line)]


@pytest.mark.parametrize(
    "document",
    [
        docx_builder.read(p(r("8", STRIKE) + r("10") + r("1", RAISE))),
        docx_builder.read(p(r("8", TWICE + STRIKE) + r("10") + r("1", RAISE))),
        doc("8101。", ("8", DOC_STRUCK), ("1。", DOC_RAISED)),
        doc("810１。", ("8", DOC_TWICE), ("１", DOC_RAISED)),
        test_rtf.read(rb"{\strike 8}10{\super 1}\par"),
        test_rtf.read(rb"\striked1 8\striked0 10\super 1\nosupersub\par"),
        test_rtf.read(rb"\strike 8\plain 10\super 1\par"),
        odt(span("8", "S") + "10" + span("1", "R")),
        odt("8" + span("10", "N") + span(span("1", "U"), "N"), "S"),
        test_html.read("<p><s>8</s>10<sup>1</sup>"),
        test_html.read("<p><del>8</del>10<sup><a href='#_ftn1'>1</a></sup>"),
        test_html.read("<p><strike><b>8</b></strike>10<span style='vertical-align:super'>1</span>"),
        test_html.read(
            "<p><span style='color:red; text-decoration: underline line-through'>8</span>10<sup>1"
        ),
        test_html.read(
            "<style><!-- .font7\r\n\t{color:red;\r\n\ttext-decoration:line-through;} --></style>"
            "<p><font class='x font7'>8</font>10<sup>1"
        ),
    ],
)
def test_what_is_struck_out_goes_with_a_note_and_what_is_raised_stays_apart(document: Document) -> None:
    (text,) = texts(document)
    assert text.removesuffix("。") == "10¹"
    assert document.notes == (STRUCK,)
    assert parse_value("10¹").number == Decimal(10)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "document",
    [
        docx_builder.read(p(r("8", "<w:strike w:val='0'/><w:dstrike w:val='false'/>") + r("10"))),
        docx_builder.read(p(r("810"), f"<w:rPr>{STRIKE}{RAISE}</w:rPr>")),
        docx_builder.read(p(r("810", "<w:rPrChange><w:rPr><w:strike/></w:rPr></w:rPrChange>"))),
        docx_builder.read(p(r("8") + r("10", "<w:vertAlign w:val='subscript'/>") + r(" ", STRIKE))),
        doc("810", ("10", DOC_LOWERED), ("8", struct.pack("<HB", 0x0837, 0))),
        test_rtf.read(rb"{\strike0 8}{\sub 10}{\strike  }\par"),
        test_rtf.read(rb"\super\sub 8\super0 10\par"),
        odt(span("8", "L") + span("10", "N") + span(" ", "S")),
        test_html.read("<p>8<sub>10</sub><s> </s>"),
        test_html.read(
            "<style>.a{vertical-align:super}</style><table><tr><td class=a>810<td>乙</table><p>810"
        ),
    ],
)
def test_a_mark_that_is_off_lowered_or_on_nothing_changes_nothing(document: Document) -> None:
    assert texts(document)[0].rstrip() == "810"
    assert document.notes == ()


def test_a_raised_two_behind_a_letter_is_the_unit() -> None:
    (text,) = texts(docx_builder.read(p(r("20万m") + r("2", RAISE))))
    assert text == "20万m²"
    assert parse_value(text).unit == "万m²"  # type: ignore[union-attr]


def test_raised_text_keeps_its_length_and_what_has_no_raised_form() -> None:
    assert raised("[12]注*a") == "[¹²]注*a"
    assert [raised(char) for char in "0９-+("] == ["⁰", "⁹", "⁻", "⁺", "⁽"]


def test_the_typed_number_of_a_note_is_raised_without_saying_so() -> None:
    mark = "<w:r><w:footnoteReference w:customMarkFollows='1' w:id='2'/><w:t>1</w:t></w:r>"
    assert texts(docx_builder.read(p(r("10") + mark))) == ["10¹"]


def test_a_struck_out_cell_is_blank_and_stays_in_its_column() -> None:
    body = docx_builder.tbl(docx_builder.tr(docx_builder.tc(p(r("8", STRIKE))), "乙"))
    assert docx_builder.slots(docx_builder.grid(body)) == [["", "乙"]]
    page = "<table><tr style='text-decoration:line-through'><td>8<td rowspan=2>9<tr><td>甲</table>"
    assert test_html.texts(page) == [["", ""], ["甲", ""]]


def test_struck_out_text_of_word_97_keeps_the_ends_of_its_paragraphs() -> None:
    document = doc("甲\r乙\x0b丙", ("甲\r乙\x0b", DOC_STRUCK))
    assert texts(document) == ["丙"]
    assert document.notes == (STRUCK,)


def test_text_both_hidden_and_struck_out_is_hidden() -> None:
    assert doc("甲8", ("8", DOC_STRUCK + DOC_RAISED + HIDDEN)).notes[0] == HIDDEN_NOTE
    assert texts(doc("甲8", ("8", DOC_RAISED + DOC_STRUCK))) == ["甲"]


def test_a_label_with_the_mark_of_a_note_is_the_label() -> None:
    found = match_label("执行率¹", "fund_column")
    assert found is not None
    assert (found.field, found.kind) == ("execution_rate", "exact")


def test_marks_within_marks_take_linear_time() -> None:
    page = "<p>" + "<sup>" * 200 + "<i>1</i>" * 20_000 + "</sup>" * 200
    start = time.monotonic()
    test_html.read(page + page.replace("sup", "s"))
    assert time.monotonic() - start < 5


def test_text_without_size_is_not_seen() -> None:
    assert texts(
        test_html.read("<p>10<span style='font-size:0'>8</span><b style='font-size:0.5em'>9</b>")
    ) == ["109"]


@pytest.mark.parametrize("sample", ["national", "sichuan", "hubei", "levels"])
def test_a_form_in_traditional_characters_is_the_same_form(sample: str, tmp_path: Path) -> None:
    form = SAMPLES / sample / "form.txt"
    traditional = str.maketrans({word[0]: word[1] for word in _TRADITIONAL.split()})
    file = tmp_path / "form.txt"
    file.write_text(form.read_text(encoding="utf-8").translate(traditional), encoding="utf-8")
    (simple,), (printed,) = records(form), records(file)
    assert printed.kind == simple.kind
    assert len(printed.funds) == len(simple.funds)
    assert [one.level1 for one in printed.indicators] == [one.level1 for one in simple.indicators]
    assert len(printed.form.unclaimed) == len(simple.form.unclaimed)
    raw = simple.indicators[0].target.raw.translate(traditional)  # type: ignore[union-attr]
    assert printed.indicators[0].target.raw == raw  # type: ignore[union-attr]
