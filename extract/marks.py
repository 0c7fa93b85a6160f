"""Text that is struck out or raised: formats that know such marks say it with these, all alike."""

from __future__ import annotations

from extract.document import Bilingual

STRUCK = Bilingual(
    "文档含有加删除线的文字，视同已删除，未予读取。",
    "The document has text that is struck out; it counts as deleted and was not read.",
)

_RAISED = str.maketrans("0123456789０１２３４５６７８９+＋-−－=()（）", "⁰¹²³⁴⁵⁶⁷⁸⁹⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁺⁻⁻⁻⁼⁽⁾⁽⁾")


def raised(text: str) -> str:
    """``text`` in the characters that are themselves superscript, so that it stays apart from what is before it.

    Each character stays one. Those without a raised form stay as they are.

    >>> "10" + raised("1"), "10m" + raised("2"), "95%" + raised("[3]")
    ('10¹', '10m²', '95%[³]')
    """
    return text.translate(_RAISED)
