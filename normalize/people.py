"""Names and telephone numbers of the people who answer for a form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from normalize.record import Entry

#: who counts as the preparer, the nearest first: forms without 填表人 name somebody else
PREPARERS = ("preparer", "preparer_and_contact", "contact_person", "contact_person_and_contact",
             "project_leader", "project_leader_and_contact")  # fmt: skip

# "0398-2821206", "13800000000", "(0371)6550 1234", "2821206", "0371-65501234转801"
PHONE = re.compile(
    r"""(?<!\d)(?:
        1[3-9]\d(?:[-\s]?\d{4}){2}                              # mobile
      | [(（]?0\d{2,3}[)）]?\s*[-—－–]?\s*\d{3,4}\s?\d{4}          # landline with area code
      | \d{7,8}                                                 # landline without
    )(?:\s*(?:转|-)\s*\d{1,6})?(?!\d)""",
    re.VERBOSE,
)
#: a name with a number is short; what is longer is text
LONGEST = 100
_EDGE = " \t\n　:：,，、;；/()（）-—"


def split_person(text: str) -> tuple[str, str]:
    """Name and number out of a text that can hold both, in any order.

    >>> split_person("张安  0398-2821206")
    ('张安', '0398-2821206')
    """
    text = text[:LONGEST].strip()
    found = PHONE.search(text)
    if found is None:
        return text.strip(_EDGE), ""
    number = found[0].strip()
    # 张安（0398-2821206）: this bracket is around the whole number
    number = number if ")" in number or "）" in number else number.lstrip("(（")
    return (text[: found.start()] + " " + text[found.end() :]).strip(_EDGE), number


def read_people(heading: Mapping[str, Entry[str]]) -> dict[str, Entry[str]]:
    """``preparer`` and ``contact`` out of whichever head fields hold them."""
    found: dict[str, Entry[str]] = {}
    for name in PREPARERS:
        entry = heading.get(name)
        if entry is None or not entry.value:
            continue
        person, number = split_person(entry.value)
        if person and "preparer" not in found:
            found["preparer"] = replace(entry, value=person)
        if number and "contact" not in found:
            found["contact"] = replace(entry, value=number)
    contact = heading.get("contact")
    if contact and contact.value:
        person, number = split_person(contact.value)
        found["contact"] = replace(contact, value=number or contact.value)
        if person and number and "preparer" not in found:
            found["preparer"] = replace(contact, value=person)
    return found
