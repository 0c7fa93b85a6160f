"""Number formats: what stands in the file, and what a person sees of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extract.sheets.codes import LONGEST_CODE
from extract.sheets.formats import BUILT_IN, exact, number_format


def shown(code: str, number: str) -> str:
    return number_format(code).shown(Decimal(number))


@pytest.mark.parametrize(
    ("number", "seen"),
    [
        ("0", "0"),
        ("-0.5", "-0.5"),
        ("8570.49", "8570.49"),
        ("0.1587", "0.1587"),
        ("0.333333333333333", "0.333333333"),  # eleven characters with the point
        ("1234567.891234", "1234567.891"),
        ("12345678901", "12345678901"),
        ("12345678901.5", "12345678902"),
        ("123456789012", "1.23457E+11"),
        ("100000000000", "1E+11"),
        ("99999999999.9", "1E+11"),
        ("0.00001", "0.00001"),
        ("0.000000123", "0.000000123"),
        ("0.0000001234", "1.234E-07"),
        ("0.0000123456789", "1.23457E-05"),
        ("1E+300", "1E+300"),
    ],
)
def test_general_shows_eleven_characters(number: str, seen: str) -> None:
    assert shown("General", number) == seen
    assert shown("G/通用格式", number) == seen


@pytest.mark.parametrize(
    ("code", "number", "seen"),
    [
        ("0%", "0.16", "16%"),
        ("0.00%", "0.158729", "15.87%"),
        ("0.0%", "1", "100.0%"),
        ("0%", "1.005", "101%"),
        ("0.00", "2.675", "2.68"),  # half away from zero, of the number as written
        ("0.00", "-2.675", "-2.68"),
        ("0.00", "1.005", "1.01"),
        ("#,##0.00", "18189", "18,189.00"),
        ("#,##0", "999.5", "1,000"),
        ("#,##0", "1234567890", "1,234,567,890"),
        ("0,000", "5", "0,005"),
        ("000", "7", "007"),
        ("#.##", "0.5", ".5"),
        ("#.##", "1", "1."),
        ("0.0??", "1.5", "1.5"),
        ("#", "0", ""),
        ("#,##0.0,", "1234567", "1,234.6"),
        ('0.00,,"百万"', "1234567", "1.23百万"),
        ('0!.0,"万"', "12345", "1.2万"),  # the trick by which Excel shows 万元
        ("0.00E+00", "1234.5678", "1.23E+03"),
        ("0.0E-0", "0.00999", "1.0E-2"),
        ("##0.0E+0", "12345", "12.3E+3"),
        ("# ?/?", "1.5", "1 1/2"),
        ("# ?/?", "0.25", "1/4"),
        ("# ?/?", "3", "3"),
        ("# ??/??", "0.16", "4/25"),
        ("# ?/8", "0.5", "4/8"),
        ("?/?", "1.5", "3/2"),
        ('0"万元"', "300", "300万元"),
        ('"约"0\\ "人"', "12", "约12 人"),
        ("[$¥-804]#,##0.00", "1234.5", "¥1,234.50"),
        ('General"元"', "5.5", "5.5元"),
        ("", "5", "5"),
    ],
)
def test_a_number_is_shown_with_the_digits_of_its_format(code: str, number: str, seen: str) -> None:
    assert shown(code, number) == seen


@pytest.mark.parametrize(
    ("code", "number", "seen"),
    [
        ("0.00;(0.00)", "-3", "(3.00)"),
        ("[红色]0.00", "3", "3.00"),
        ("[Red]0.00;[Blue]-0.00", "-3", "-3.00"),
        ('0;-0;"—"', "0", "—"),
        ("0;-0;;@", "0", ""),
        (";;;", "5", ""),
        ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "0", "-"),
        ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-1234", "-1,234.00"),
        ('[>=60]"合格";"不合格"', "60", "合格"),
        ('[>=60]"合格";"不合格"', "59.9", "不合格"),
        ("[<1]0.0%;0.00", "0.5", "50.0%"),
        ("[<1]0.0%;0.00", "12", "12.00"),
        ("[<1]0.0%;0.00", "-5", "-500.0%"),
        ('[=1]"是";[=0]"否";0', "0", "否"),
        ('[=1]"是";[=0]"否";0', "7", "7"),
        ("@", "5", "5"),
    ],
)
def test_the_section_that_is_meant_for_the_number_shows_it(code: str, number: str, seen: str) -> None:
    assert shown(code, number) == seen


@pytest.mark.parametrize(
    ("code", "number", "seen"),
    [
        ("yyyy-mm-dd", "44561", "2021-12-31"),
        ('yyyy"年"m"月"d"日"', "44561", "2021年12月31日"),
        ("yyyy年m月", "44561", "2021年12月"),
        ("yyyy/m/d h:mm", "44561.75", "2021/12/31 18:00"),
        ("yy.mm.dd", "44561", "21.12.31"),
        ("d-mmm-yy", "44561", "31-Dec-21"),
        ("dddd", "44561", "Friday"),
        ("[$-804]dddd", "44561", "星期五"),
        ("aaa", "44561", "五"),
        ("[$-F800]dddd, mmmm dd, yyyy", "44561", "2021年12月31日"),
        ('[DBNum1][$-804]yyyy"年"m"月"d"日"', "44561", "二〇二一年十二月三十一日"),
        ("h:mm", "0.5", "12:00"),
        ("h:mm:ss", "0.999999", "0:00:00"),  # the next day's first second
        ("h:mm AM/PM", "0.75", "6:00 PM"),
        ('上午/下午h"时"mm"分"', "0.75", "下午6时00分"),
        ("[h]:mm", "1.5", "36:00"),
        ("mm:ss.0", "0.000694444444", "01:00.0"),
        ("yyyy-mm-dd", "60", "1900-02-29"),  # the day that Excel invented
        ("yyyy-mm-dd", "1", "1900-01-01"),
        ("yyyy-mm-dd", "-1", "-1"),
        ("yyyy-mm-dd", "99999999", "99999999"),
    ],
)
def test_the_number_of_a_day_is_shown_as_a_date(code: str, number: str, seen: str) -> None:
    assert shown(code, number) == seen


def test_days_that_count_from_1904_are_four_years_later() -> None:
    assert number_format("yyyy-mm-dd").shown(Decimal("43099"), from_1904=True) == "2021-12-31"


@pytest.mark.parametrize(
    ("code", "number", "seen"),
    [
        ("[DBNum1][$-804]General", "1234", "一千二百三十四"),
        ("[DBNum1][$-804]General", "105", "一百〇五"),
        ("[DBNum2][$-804]General", "1234.56", "壹仟贰佰叁拾肆.伍陆"),
        ("[DBNum1]0", "2021", "二〇二一"),
    ],
)
def test_figures_are_shown_in_chinese(code: str, number: str, seen: str) -> None:
    assert shown(code, number) == seen


@pytest.mark.parametrize(
    ("code", "text", "seen"),
    [
        ("0.00", "无", "无"),
        ('0;0;0;@"元"', "五", "五元"),
        ("0;0;0;", "无", ""),
        ("@", "007", "007"),
        (";;;", "无", ""),
    ],
)
def test_a_text_is_shown_as_the_section_for_texts_says(code: str, text: str, seen: str) -> None:
    assert number_format(code).shown_text(text) == seen


def test_a_stored_double_is_taken_to_15_digits() -> None:
    assert exact(0.1 + 0.2) == Decimal("0.3")
    assert exact(0.15870000000000001) == Decimal("0.1587")
    assert exact(510922199001011234.0) == Decimal("510922199001011000")
    assert exact(float("inf")) is None


@pytest.mark.parametrize(
    "code",
    [
        "[",
        '"',
        "\\",
        "*",
        "_",
        ";;;;;;",
        "E+",
        "0E+",
        "/",
        "0/",
        "%%%%",
        "[>]0",
        "[$-]",
        "[h",
        "?" * LONGEST_CODE,
    ],
)
@pytest.mark.parametrize("number", ["0", "-1.5", "1E+308", "1E-308"])
def test_no_format_is_too_odd_to_show_something(code: str, number: str) -> None:
    assert isinstance(shown(code, number), str)


def test_a_format_longer_than_any_program_writes_is_general() -> None:
    assert shown('"' + "长" * LONGEST_CODE + '"0', "5") == "5"


def test_the_formats_without_a_code_are_all_different_ways_to_show_a_number() -> None:
    assert all(number_format(code).shown(Decimal("44561.5")) for code in BUILT_IN.values())
    assert {BUILT_IN[14], BUILT_IN[31], BUILT_IN[57]} == {"yyyy/m/d", 'yyyy"年"m"月"d"日"', 'yyyy"年"m"月"'}
