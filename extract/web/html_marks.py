"""Settle the marks of a web page's text: what is struck out goes, what is raised is written in raised characters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml.etree import _Element

from extract.marks import raised
from extract.web.html_words import BLOCKS

_STRUCK_TAGS, _RAISED_TAGS = ("s", "strike", "del"), ("sup",)
_STRIKES = re.compile(r"text-decoration[a-z-]{0,20}\s{0,9}:[^;]{0,60}\bline-through", re.IGNORECASE)
_RAISES = re.compile(r"vertical-align\s{0,9}:\s{0,9}super\b", re.IGNORECASE)
# `.font7 {color:red; text-decoration:line-through}`: Excel marks a part of a cell by a class
_CLASS = re.compile(r"\.(?P<name>[\w-]{1,60})\s{0,9}\{(?P<declared>[^{}]{0,2000})\}")


def settle_marks(root: _Element) -> bool:
    """Change the texts of the page in place, its elements stay; whether any text was struck out.

    Marks are told from tags, from the ``style`` of an element, and from rules for a single class.
    """
    was_struck = _rewrite(_marked(root, _STRUCK_TAGS, _STRIKES), _gone)
    in_line = (element for element in _marked(root, _RAISED_TAGS, _RAISES) if element.tag not in BLOCKS)
    _rewrite(in_line, raised)
    return was_struck


def _gone(text: str) -> str:
    return "" if text.strip() else text


def _rewrite(marked: Iterator[_Element], change: Callable[[str], str]) -> bool:
    """Change all text in these elements, once where one is in another; whether there was any to change."""
    done: set[_Element] = set()
    is_changed = False
    for element in marked:
        if element in done:
            continue
        for node in element.iter():
            done.add(node)
            text, tail = node.text or "", "" if node is element else node.tail or ""
            new_text, new_tail = change(text), change(tail)
            if new_text != text:
                node.text, is_changed = new_text, True
            if new_tail != tail:
                node.tail, is_changed = new_tail, True
    return is_changed


def _marked(root: _Element, tags: tuple[str, ...], css: re.Pattern[str]) -> Iterator[_Element]:
    """The elements that a tag, a style or a class marks; some more than once."""
    yield from root.iter(*tags)
    for element in root.iterfind(".//*[@style]"):
        if css.search(element.get("style", "")):
            yield element
    rules = (rule for sheet in root.iter("style") for rule in _CLASS.finditer(sheet.text or ""))
    classes = {rule["name"] for rule in rules if css.search(rule["declared"])}
    for element in root.iterfind(".//*[@class]") if classes else ():
        if not classes.isdisjoint(element.get("class", "").split()):
            yield element
