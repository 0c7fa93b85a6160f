"""Bytes become text in the right encoding, or are refused in a sentence: never mojibake."""

from __future__ import annotations

import codecs
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.document import ReadError
from extract.encoding import REPLACEMENT, decode
from extract.limits import MAX_TEXT_BYTES

FORM = (
    "青禾县档案馆纸质档案修复项目自评表\n\t年初预算数\n\t1,280.50\n\t≥95%\n\t——\n"
    "填报说明：金额以“万元”为单位，保留两位小数；执行率＝执行数÷预算数×100%。\n"
    "修复档案 3200 页，完成率 100%，未发生偏差。\n"
)


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (b"", "gb18030"),
        (b"", "gbk"),
        (b"\x84\x31\x95\x33", "gb18030"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_every_encoding_gives_the_same_text_and_no_mark(mark: bytes, codec: str) -> None:
    assert decode(mark + FORM.encode(codec)) == FORM


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
@pytest.mark.parametrize("text", ["合计", "目", "总分 100", "abc", "1\t2", "㎡", "镕", "≥95%", "2021年\n"])
def test_short_texts_are_told_apart_too(text: str, codec: str) -> None:
    assert decode(text.encode(codec)) == text


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["总分 100", "abc", "1\t2", "≥95%", "年度：2021\n", "执行率\n合计\n"])
def test_short_texts_in_utf16_without_a_mark_give_themselves_away_by_ascii(text: str, codec: str) -> None:
    assert decode(text.encode(codec)) == text


@pytest.mark.parametrize("text", ["café", "30 °C ± 2", "Příští rok", "Жители"])
def test_european_utf8_is_not_turned_into_ideographs(text: str) -> None:
    assert decode(text.encode()) == text


def test_utf16_of_ideographs_alone_has_no_zero_bytes_and_is_still_read() -> None:
    text = "青禾县档案馆纸质档案修复项目绩效自评"
    assert b"\0" not in text.encode("utf-16-le")
    assert decode(text.encode("utf-16-le")) == text
    assert decode(text.encode("utf-16-be")) == text


@pytest.mark.parametrize("lost", [1, 2])
def test_utf8_cut_inside_its_last_character_is_still_utf8(lost: int) -> None:
    text = "修复档案三千二百页"
    assert decode(text.encode()[:-lost]) == text[:-1] + REPLACEMENT


def test_gbk_cut_inside_its_last_character_keeps_all_the_others() -> None:
    text = "修复档案三千二百页"
    assert decode(text.encode("gbk")[:-1]) == text[:-1] + REPLACEMENT


@pytest.mark.parametrize("bad", [b"\xff", b"\x80", b"\xe9", b"\xd6"])
def test_one_invalid_byte_does_not_turn_utf8_into_gb18030(bad: bytes) -> None:
    data = FORM.encode()
    middle = data.index("填报".encode())
    text = decode(data[:middle] + bad + data[middle:])
    before, _, after = FORM.partition("填报")
    assert text == before + REPLACEMENT + "填报" + after


def test_one_invalid_byte_in_gbk_costs_a_character_or_two() -> None:
    head, tail = "青禾县档案馆\n", "修复档案三千二百页\n" * 3
    text = decode(head.encode("gbk") + b"\xff\n" + tail.encode("gbk"))
    assert text == head + REPLACEMENT + "\n" + tail


def test_gbk_full_width_blank_is_a_blank() -> None:
    assert decode("总".encode("gbk") + b"\xa3\xa0" + "分".encode("gbk")) == "总　分"


def test_a_few_private_characters_as_of_check_boxes_do_no_harm() -> None:
    text = "是否完成：\uf0fe 是 \uf0a8 否，完成情况见附表，附表由填报单位保存备查。\n"
    assert decode(text.encode()) == text


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\f", "\v", "\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-16"])
def test_every_line_end_becomes_a_newline(line_end: str, codec: str) -> None:
    assert decode(f"甲{line_end}乙{line_end}丙".encode(codec)) == "甲\n乙\n丙"


def test_marks_inside_and_a_ctrl_z_at_the_end_are_dropped() -> None:
    assert decode("甲\n\ufeff乙\n\x1a".encode()) == "甲\n乙\n"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(random.Random(7).randbytes(4000), id="random bytes"),
        pytest.param(random.Random(8).randbytes(4000).replace(b"\0", b"\1"), id="random bytes, no zero"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 3, id="an image"),
        pytest.param(b"PK\x03\x04\x14\0\0\0\x08\0" + random.Random(9).randbytes(900), id="an archive"),
        pytest.param(bytes(range(1, 32)) * 20, id="control characters"),
        pytest.param(b"\0" * 64, id="zeros"),
        pytest.param("績效評價與檔案修復項目之執行情形及檢討".encode("big5"), id="Big5"),
        pytest.param("事業の評価結果について、予算は次のとおり。".encode("shift_jis"), id="Shift JIS"),
        pytest.param("事業の評価結果について、予算は次のとおりである。".encode("euc_jp"), id="EUC-JP"),
        pytest.param("Отчёт о выполнении программы за прошлый год".encode("cp1251"), id="Windows-1251"),
        pytest.param("déjà vu, très réussi, déficit évité où ça".encode("latin-1"), id="Latin-1"),
        pytest.param(codecs.BOM_UTF16_LE + random.Random(5).randbytes(999), id="a mark, then noise"),
    ],
)
def test_what_is_no_text_is_refused_and_not_guessed(data: bytes) -> None:
    with pytest.raises(ReadError) as refusal:
        decode(data)
    assert "UTF-8" in refusal.value.message.zh
    assert "UTF-8" in refusal.value.message.en


def test_a_file_above_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(ReadError, match="32 MB"):
        decode(bytes(MAX_TEXT_BYTES + 1))


@given(st.text(st.sampled_from("青禾县档案馆修复项目预算得分（）：，。、%0123456789abc \t\n"), min_size=1))
def test_chinese_text_comes_back_from_every_encoding(text: str) -> None:
    assert decode(text.encode("utf-8")) == text
    assert decode(b"2021\n" + text.encode("gb18030")).removeprefix("2021\n") == text
    assert decode(codecs.BOM_UTF16_LE + text.encode("utf-16-le")) == text


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        text = decode(data)
    except ReadError as refusal:
        assert refusal.message.zh and refusal.message.en
    else:
        assert "\r" not in text and "\f" not in text
