"""Full-width and look-alike characters to one spelling each, without moving a single index.

`fold` keeps the length, so that a match in the folded text can be cut out of the text as printed.
NFKC is not used: it turns ① into 1, ² into 2, ½ into 1⁄2 and ㎡ into m2, and so invents numbers.
"""

from __future__ import annotations

import re

# one spelling each: what it becomes, and every character that looks like it
_LOOKALIKES = {
    # signs of comparison; ≮ and ≯ say the same as ≥ and ≤
    "≥": "≧⩾≽≮⪰",
    "≤": "≦⩽≼≯⪯",
    ">": "﹥",
    "<": "﹤",
    "=": "﹦═꞊",
    "≈": "≒≃",
    # dashes, one class a width: hyphen and minus, en dash, em dash and the box-drawing lines typed for it
    "-": "‐‑−﹣⁃",
    "–": "‒",
    "—": "―─━﹘⸺⸻ー",
    "~": "〜∼˜",
    # brackets; 《》 and 〈〉 stay: as < and > they would read as comparisons
    "(": "﹙❨",
    ")": "﹚❩",
    "[": "【〔",
    "]": "】〕",
    # punctuation
    ":": "﹕︰∶",
    ",": "﹐",
    ";": "﹔",
    ".": "﹒",
    "。": "｡",
    "、": "﹑､",
    "…": "⋯",
    "/": "⁄∕",
    "*": "∗﹡",
    "+": "﹢",
    "·": "•・･⋅∙‧",
    "%": "﹪٪",
    "¥": "￥",
    '"': "“”„",
    "'": "‘’",
    # white space: horizontal to a space, vertical to a line feed
    " ": "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    "\n": "\r\v\f\u0085\u2028\u2029",
}
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"

_FOLD = {ord(wide): chr(ord(wide) - 0xFEE0) for wide in map(chr, range(0xFF01, 0xFF5F))}
_FOLD.update((ord(char), one) for one, alike in _LOOKALIKES.items() for char in alike)
_DROP_INVISIBLE = dict.fromkeys(map(ord, _INVISIBLE))

_UNSEEN = re.compile(rf"[\s{_INVISIBLE}]")
# 18 189: white space here may part two numbers; anywhere else it says nothing
_GAP = re.compile(r"(?P<inside>(?<=[0-9.,])\s+(?=[0-9.,]))|\s+")
# 250000.⏎00: a line that ends in, or begins with, the decimal point of a number
_POINT_AT_BREAK = re.compile(r"[0-9]\.\n[0-9]|[0-9]\n\.[0-9]")


def fold(text: str) -> str:
    """``text`` with each look-alike character replaced by its plain one; the length stays.

    >>> fold("＞＝９５％（含）")
    '>=95%(含)'
    >>> fold("≧５６４．１万元，①㎡")
    '≥564.1万元,①㎡'
    """
    return text.translate(_FOLD)


def squeeze(text: str) -> str:
    r"""``text`` without any white space, line breaks and zero-width characters included.

    >>> squeeze("绩\n效\u3000指 标\ufeff")
    '绩效指标'
    """
    return "".join(text.split()).translate(_DROP_INVISIBLE)


def compact(text: str) -> tuple[str, str]:
    r"""``text`` as printed and folded, both without the white space that says nothing.

    The two have one length. Between digits a gap is kept, as a space, two spaces or a line feed: there it
    may part two numbers. Only a line break at a number's decimal point is closed.

    >>> compact("≥ ２０７ 批次")
    ('≥２０７批次', '≥207批次')
    >>> compact("18 189万元")[1], compact("250000.\n00")[1]
    ('18 189万元', '250000.00')
    """
    if not _UNSEEN.search(text):
        return text, text.translate(_FOLD)
    printed = text.translate(_DROP_INVISIBLE).strip()
    folded = printed.translate(_FOLD)
    pieces: list[tuple[str, str]] = []
    start = 0
    for gap in _GAP.finditer(folded):
        pieces.append((printed[start : gap.start()], folded[start : gap.start()]))
        start = gap.end()
        if gap["inside"]:
            pieces.append((_kept(folded, gap),) * 2)
    pieces.append((printed[start:], folded[start:]))
    return "".join(piece for piece, _ in pieces), "".join(piece for _, piece in pieces)


def _kept(folded: str, gap: re.Match[str]) -> str:
    """What stays of white space between digits."""
    if "\n" not in gap[0]:
        return gap[0][:2]
    around = folded[max(0, gap.start() - 2) : gap.start()] + "\n" + folded[gap.end() : gap.end() + 2]
    return "" if _POINT_AT_BREAK.search(around) else "\n"
