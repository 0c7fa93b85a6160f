"""The numbers by which people are reached or known: telephone, e-mail, identity. Never an amount, a date or a code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from zipingbiao.redact.people import DATA, either

_WORDS = DATA["numbers"]


class Spot(NamedTuple):
    """Where something stands in a text that must not stay: what kind, and by what it is known as the same."""

    start: int
    end: int
    kind: str
    key: str


_ABROAD = r"(?:(?:\+|00)\s?\(?86\)?[\s-]?)?"
_GAP = r"[ \n—–-]?"
# 138 0000 0000, +86-13800000000
_MOBILE = rf"{_ABROAD}1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}"
# 0571-88880000, (010) 8888 0000, +86 571 88880000: told from a code by what stands between
_LANDLINE = rf"""(?:
    (?:\(0\d{{2,3}}\)|0\d{{2,3}}(?=[ \n—–-]))\s?[—–-]{{0,2}}\s?\d{{3,4}}{_GAP}\d{{4}}
  | (?:\+|00)\s?\(?86\)?[\s-]?\(?0?\d{{2,3}}\)?[\s-]?\d{{3,4}}{_GAP}\d{{4}}
  | \+\d{{1,3}}[ -]\d{{1,4}}(?:[ -]\d{{2,4}}){{1,4}}
)"""
_EXTENSION = r"(?:\s?(?:转|分机|ext\.?|x|-|—|\#)\s?\d{1,6})?"
# behind 电话, nothing but digits and what parts them, seven to fifteen in all
_ANY = r"(?:\+\s?)?[(]?\d(?:[ )\n—–.-]{0,2}\d){6,14}"
_NO_AMOUNT = rf"(?![0-9A-Za-z])(?!\s?(?:{either(_WORDS['units'])}|[.,]\d))"
_BEGINS = r"(?<![0-9A-Za-z.,¥$])"

_PHONE = re.compile(rf"{_BEGINS}(?:{_MOBILE}|{_LANDLINE}){_EXTENSION}{_NO_AMOUNT}", re.VERBOSE | re.I)
_BEHIND = re.compile(rf"(?:{_MOBILE}|{_LANDLINE}|{_ANY})(?![0-9]){_EXTENSION}{_NO_AMOUNT}", re.VERBOSE | re.I)
_LABEL = re.compile(rf"(?:{either(_WORDS['phones'])})[^\d+\u3400-\u9fff]{{0,12}}", re.I)
_NEXT = re.compile(r"\s*[、,/;或和]\s*|\s{1,4}")
# 20230220, 2023-02-20
_DATE = re.compile(r"(?:19|20)\d\d[ .-]?(?:0?[1-9]|1[0-2])[ .-]?(?:0?[1-9]|[12]\d|3[01])")
_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}"
)
_HANDLE = re.compile(
    rf"(?:{either(_WORDS['handles'])})\s?(?:[:号]\s?)?(?P<value>[A-Za-z0-9_-]{{5,24}})", re.I
)
_BIRTH = r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_IDENTITY = re.compile(rf"(?<![0-9A-Za-z])[1-9]\d{{5}} ?{_BIRTH} ?\d{{3}}[0-9Xx](?![0-9A-Za-z])")
_IDENTITY_LABEL = re.compile(
    rf"(?:{either(_WORDS['identities'])})[^\dA-Za-z]{{0,8}}(?P<value>[A-Za-z]?\d[0-9 ]{{5,20}}[0-9Xx])", re.I
)
#: what the digits of an identity number weigh, and its last sign by the remainder: GB 11643
_WEIGHTS, _SIGNS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
#: digits of a number with its area or of a mobile one, which is known again wherever it stands
WHOLE = 10


def numbers_in(text: str) -> Iterator[Spot]:
    """The numbers that a folded text gives away by their shape, or by the word before them."""
    if "@" in text:
        for found in _MAIL.finditer(text):
            yield Spot(found.start(), found.end(), "mail", found[0].lower())
    for found in _HANDLE.finditer(text):
        yield Spot(found.start("value"), found.end("value"), "handle", found["value"].lower())
    for found in _IDENTITY_LABEL.finditer(text):
        yield _identity(found.start("value"), found.end("value"), found["value"])
    for found in _IDENTITY.finditer(text):
        if _is_identity(found[0]):
            yield _identity(found.start(), found.end(), found[0])
    for label in _LABEL.finditer(text):
        yield from phones_from(text, label.end(), is_labelled=True)
    for found in _PHONE.finditer(text):
        yield _phone(found)


def phones_from(text: str, start: int, is_labelled: bool = False) -> Iterator[Spot]:
    """The telephone numbers that stand in a folded text from ``start`` on, one behind the other.

    A date is none, unless ``is_labelled``: 电话 20230220.
    """
    while found := _BEHIND.match(text, start):
        if not is_labelled and _DATE.fullmatch(found[0]):
            return
        yield _phone(found)
        following = _NEXT.match(text, found.end())
        if following is None:
            return
        start, is_labelled = following.end(), False


def phones_anywhere(text: str) -> Iterator[Spot]:
    """The telephone numbers of a folded text that is there for them: the cell beside 联系方式."""
    start = 0
    while (digit := re.compile(r"[+(]?\d").search(text, start)) is not None:
        found = list(phones_from(text, digit.start()))
        yield from found
        skipped = re.compile(r"[\d .-]*").match(text, digit.end())
        start = found[-1].end if found else skipped.end() if skipped else digit.end()


def _phone(found: re.Match[str]) -> Spot:
    number = re.split(r"转|分机|ext|x|#", found[0], flags=re.I)[0]
    digits = re.sub(r"\D", "", number)
    return Spot(found.start(), found.end(), "phone", re.sub(r"^(?:00)?86(?=\d{10,})", "", digits))


def _identity(start: int, end: int, text: str) -> Spot:
    return Spot(start, end, "identity", text.replace(" ", "").upper())


def _is_identity(text: str) -> bool:
    """Whether the last sign follows from the others, as that of a code by chance only does."""
    digits = text.replace(" ", "").upper()
    return _SIGNS[sum(w * int(d) for w, d in zip(_WEIGHTS, digits, strict=False)) % 11] == digits[-1]
