"""Figures in Chinese, as the formats [DBNum1] (二〇二一), [DBNum2] (贰零贰壹) and [DBNum3] (２０２１) show them."""

from __future__ import annotations

#: by the number of the style; style 0 leaves digits as they are
_DIGITS = {1: "〇一二三四五六七八九", 2: "零壹贰叁肆伍陆柒捌玖", 3: "０１２３４５６７８９"}
_UNITS = {1: ("", "十", "百", "千"), 2: ("", "拾", "佰", "仟")}
_MYRIADS = ("", "万", "亿", "万亿")
_MOST_COUNTED = 10**16


def spelled(text: str, style: int) -> str:
    """Each digit of ``text`` in the style.

    >>> spelled("2021-12", 1)
    '二〇二一-一二'
    """
    digits = _DIGITS.get(style)
    return text.translate(str.maketrans("0123456789", digits)) if digits else text


def counted(number: int, style: int) -> str:
    """A whole number as one counts; style 1 or 2.

    >>> counted(31, 1), counted(10, 1), counted(10305, 2)
    ('三十一', '一十', '壹万零叁佰零伍')
    """
    if number >= _MOST_COUNTED:
        return spelled(str(number), style)
    if number == 0:
        return _DIGITS[style][0]
    groups: list[int] = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    text = ""
    for place in range(len(groups) - 1, -1, -1):
        if not groups[place]:
            continue
        has_gap = text and (groups[place] < 1000 or groups[place + 1] == 0)
        text += (
            (_DIGITS[style][0] if has_gap else "") + _up_to_thousands(groups[place], style) + _MYRIADS[place]
        )
    return text


def _up_to_thousands(number: int, style: int) -> str:
    text, has_gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += (
                (_DIGITS[style][0] if has_gap and text else "") + _DIGITS[style][digit] + _UNITS[style][place]
            )
            has_gap = False
        else:
            has_gap = True
    return text
