"""The characters of a text file, told from its bytes."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from extract.document import ReadError
from extract.limits import MAX_TEXT_BYTES

REPLACEMENT = "\ufffd"
"""Stands where bytes were damaged: a reader sees that something is missing instead of a wrong character."""

_BYTE_ORDER_MARKS = (
    # UTF-32's little-endian mark begins with UTF-16's, so it is asked first.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_LINE_ENDS = ("\r\n", "\r", "\f", "\v", "\x85", "\u2028", "\u2029")
_THREE_BYTES = re.compile(r"[\u0800-\U0010ffff]")
_LAYOUT_CONTROLS = frozenset("\t\n\r\f\v\x85")
_NO_CHARACTER = frozenset({"Cc", "Cn", "Co", "Cs"})


def decode(data: bytes) -> str:
    """The text of ``data``, every line end (also a page break) as ``\\n`` and byte order marks gone.

    Reads UTF-8, UTF-16, UTF-32 (with its mark) and GB18030, which holds GBK and GB2312. Damaged bytes
    become ``REPLACEMENT`` where they are few. Raises ReadError where no reading looks like text.

    >>> decode("甲乙\\r\\n".encode("gbk"))
    '甲乙\\n'
    """
    if len(data) > MAX_TEXT_BYTES:
        megabytes = MAX_TEXT_BYTES // (1024 * 1024)
        raise ReadError(
            f"文本文件超过 {megabytes} MB，请分成几个较小的文件。",
            f"The text file is larger than {megabytes} MB; please split it into smaller files.",
        )
    for text in _readings(data):
        return _with_plain_line_ends(text)
    raise ReadError(
        "无法识别文本的编码，或者这不是文本文件，请另存为 UTF-8 编码的文本文件。",
        "The encoding cannot be told, or this is not a text file; please save it as UTF-8 text.",
    )


def _readings(data: bytes) -> Iterator[str]:
    """The believable readings, the surest first."""
    for mark, codec in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(codec, "replace")
            if _has_few_non_characters(text):
                yield text
            return
    if b"\0" not in data:
        # Of the encodings without a mark UTF-8 is the strictest: real GBK text breaks its rules within
        # a few characters, whereas much of UTF-8 would pass as GB18030.
        utf8 = _as_utf8(data)
        if utf8 is not None and _is_all_two_bytes(utf8):
            # A word or two of GBK can pass as UTF-8, as letters of Europe: C4BF is 目, or else Ŀ.
            yield from (text for text in _as_gb18030(data) if _count_foreign(text)[1] == 0)
        if utf8 is not None and _has_few_non_characters(utf8):
            yield utf8
            return
        yield from _as_gb18030(data)
    yield from _as_unmarked_utf16(data)


def _strictly(data: bytes, codec: str) -> str | None:
    """``data`` without any error but a last character that was cut off, or None."""
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        text = decoder.decode(data)
    except UnicodeDecodeError:
        return None
    is_cut = bool(decoder.getstate()[0])
    return text + REPLACEMENT if is_cut else text


def _as_utf8(data: bytes) -> str | None:
    text = _strictly(data, "utf-8")
    if text is not None and not text.endswith(REPLACEMENT):
        return text
    text = data.decode("utf-8", "replace")
    damages = text.count(REPLACEMENT) - data.count(REPLACEMENT.encode())
    if 4 * damages > len(text):
        return None
    # Chinese is three bytes a character in UTF-8. GBK misread as UTF-8 gives hardly any of those.
    three_bytes = sum(count for character, count in Counter(text).items() if character >= "\u0800")
    sound = three_bytes - text.count(REPLACEMENT)
    is_only_cut = damages == 1 and text.endswith(REPLACEMENT)
    if sound >= 3 * damages or (is_only_cut and sound >= 1):
        return text
    return None


def _is_all_two_bytes(text: str) -> bool:
    """Whether ``text`` has letters beyond Latin-1, and no character that takes three bytes in UTF-8."""
    return not text.isascii() and not _THREE_BYTES.search(text) and max(text) > "\xff"


def _as_gb18030(data: bytes) -> Iterator[str]:
    text = _strictly(data, "gb18030")
    if text is None:
        text = data.decode("gb18030", "replace")
    # A3A0 is where GBK keeps an unassigned full-width space; Chinese editors write and show it as one.
    text = text.replace("\ue5e5", "\u3000")
    if _has_few_non_characters(text) and _strangeness(text) <= 0:
        yield text


def _as_unmarked_utf16(data: bytes) -> Iterator[str]:
    # Read in the wrong byte order, letters and digits become rare ideographs.
    texts = [data.decode(codec, "replace") for codec in ("utf-16-le", "utf-16-be")]
    strangeness, text = min((_strangeness(text), text) for text in texts)
    if strangeness <= 0 and _has_few_non_characters(text):
        yield text


def _has_few_non_characters(text: str) -> bool:
    """Whether control, private, unassigned and replacement characters are at most 5 % (and one more)."""
    strange = {
        character
        for character in set(text) - _LAYOUT_CONTROLS
        if character == REPLACEMENT or unicodedata.category(character) in _NO_CHARACTER
    }
    if not strange:
        return True
    counts = Counter(text)
    return 20 * (sum(counts[character] for character in strange) - 1) <= len(text)


def _strangeness(text: str) -> float:
    """How many characters too many are outside ASCII and everyday Chinese; above 0 is not believable.

    Real forms have under 5 % of such characters, text in traditional characters 36 %; UTF-8, Big5, Latin-1
    and compressed data misread as GB18030 have 44 % to 100 %. One is let pass, for very short texts.
    """
    everyday, unusual = _count_foreign(text)
    return unusual - 1 - 0.4 * (everyday + unusual)


def _count_foreign(text: str) -> tuple[int, int]:
    """How many characters that are not ASCII text are everyday Chinese, and how many are something else."""
    everyday = unusual = 0
    for character, count in Counter(text).items():
        if character >= "\x80" and _is_everyday(character):
            everyday += count
        elif character >= "\x7f" or (character < " " and character not in _LAYOUT_CONTROLS):
            unusual += count
    return everyday, unusual


def _is_everyday(character: str) -> bool:
    """Whether GB2312 has it among its punctuation, full-width forms, frames or 3755 frequent ideographs."""
    try:
        lead = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    return 0xA1 <= lead <= 0xA3 or lead == 0xA9 or 0xB0 <= lead <= 0xD7


def _with_plain_line_ends(text: str) -> str:
    for line_end in _LINE_ENDS:
        text = text.replace(line_end, "\n")
    # DOS ends a file with Ctrl-Z; files that were put together have marks in the middle.
    return text.removesuffix("\x1a").replace("\ufeff", "")
