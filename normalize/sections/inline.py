"""Labels and values in one text: ``填表人：张三    联系电话：0371-1234567``, in a line or in a single cell."""

from __future__ import annotations

import re

from normalize.labels.match import LONGEST_LABEL, Match, match_label

#: a line of labels and values is short; longer ones are text
LONGEST_PAIR_LINE = 120

_COLON = re.compile(r"[:：]")
_GAP = re.compile(r"\s{3,}|\t|\u3000{2,}")
_OPENS, _CLOSES = ("(", "（", "[", "【"), re.compile(r"[)）\]】]")


def pairs_in_text(text: str) -> list[tuple[Match, str]]:
    """The labels and values of a text such as ``填表人：张三    联系电话：0371-1234567``, in order.

    A label in brackets is a remark inside the value before it: 道路养护（项目编号：A-12）.
    """
    if len(text) > LONGEST_PAIR_LINE:
        return _leading_pair(text)
    found = _labels_in(text)
    pairs = []
    for place, (match, start, stop) in enumerate(found):
        end = next((later for _, later, _ in found[place + 1 :] if not _in_brackets(text, later)), len(text))
        closing = _CLOSES.search(text, stop, end) if _in_brackets(text, start) else None
        pairs.append((match, text[stop : closing.start() if closing else end].strip()))
    return pairs


def pair_over_gap(text: str) -> tuple[Match, str] | None:
    """The label and the value of a cover's line without a colon: ``项目名称        道路养护``."""
    if len(text) > LONGEST_PAIR_LINE:
        return None
    label, *values = _GAP.split(text.strip(), maxsplit=1)
    match = match_label(label, "head", False) if values else None
    return (Match(f"head.{match.field}", match.kind), values[0].strip()) if match else None


def _labels_in(text: str) -> list[tuple[Match, int, int]]:
    """The labels that stand before a colon, with their beginning and the end of the colon."""
    found: list[tuple[Match, int, int]] = []
    begin = 0
    for colon in _COLON.finditer(text):
        labelled = _label_before(text, begin, colon.start())
        if labelled:
            found.append((*labelled, colon.end()))
        begin = colon.end()
    return found


def _in_brackets(text: str, start: int) -> bool:
    """Whether the bracket before a label makes it a remark on what stands before."""
    return text[:start].rstrip().endswith(_OPENS)


def _leading_pair(text: str) -> list[tuple[Match, str]]:
    """The label that a long text begins with, and all of the rest: 备注：1.…"""
    colon = _COLON.search(text, 0, LONGEST_LABEL)
    labelled = _label_before(text, 0, colon.start()) if colon else None
    if colon is None or labelled is None or text[: labelled[1]].strip():
        return []
    return [(labelled[0], text[colon.end() :].strip())]


def _label_before(text: str, begin: int, colon: int) -> tuple[Match, int] | None:
    """The longest label that ends at the colon."""
    for start in range(max(begin, colon - LONGEST_LABEL), colon):
        if text[start].isspace() or not _is_one_label(text[start:colon]):
            continue
        for scope in ("head", "tail"):
            match = match_label(text[start:colon], scope, False)
            if match:
                return Match(f"{scope}.{match.field}", match.kind), start
    return None


def _is_one_label(text: str) -> bool:
    """A label may be spaced out (填 表 人), but does not reach over a gap or out of a bracket to the words before it."""
    if sum(map(text.count, _OPENS)) > len(_CLOSES.findall(text)):
        return False
    pieces = text.split()
    return len(pieces) == 1 or all(len(piece) == 1 for piece in pieces)


def before_labels(text: str) -> str:
    """What stands before the first label; a long text with labels begins with one."""
    if len(text) > LONGEST_PAIR_LINE:
        return ""
    return next((text[:start] for _, start, _ in _labels_in(text) if not _in_brackets(text, start)), text)


def begins_with_label(text: str) -> bool:
    """Whether a text begins with a label of the head and a colon: 填表人：…"""
    colon = _COLON.search(text)
    first = _label_before(text, 0, colon.start()) if colon else None
    return first is not None and not text[: first[1]].strip() and first[0].field.startswith("head.")
