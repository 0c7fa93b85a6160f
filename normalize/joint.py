"""The forms of one file among each other: the projects beside a form, and a report that is on all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extract.document import Line
from normalize.form import Form, Paragraph
from normalize.head import read_head

#: a report behind more forms is a collection's: only the last one is held against it
MOST_FORMS = 30
#: a form is told of so many projects before and behind its own: a system's export can have thousands
REACH = 250
#: sections of lines that are no report
_NO_REPORT = frozenset({"heading", "preamble", "note"})


def tell_of_each_other(forms: Sequence[Form]) -> tuple[Form, ...]:
    """Tell each form of the projects beside it, and of the report behind the last form where no other has one."""
    if len(forms) < 2:
        return tuple(forms)
    names = [_project(form) for form in forms]
    distinct = list(dict.fromkeys(name for name in names if name))
    places = {name: at for at, name in enumerate(distinct)}
    *earlier, last = map(_report, forms)
    shared = () if any(earlier) else last
    return tuple(
        replace(
            form,
            others=_around(distinct, places.get(name)),
            shared=shared if len(forms) <= MOST_FORMS or form is forms[-1] else (),
        )
        for form, name in zip(forms, names, strict=True)
    )


def _around(names: Sequence[str], at: int | None) -> tuple[str, ...]:
    """The names before and behind the one at ``at``; for a form without a name, the first ones."""
    if at is None:
        return tuple(names[: 2 * REACH])
    return (*names[max(0, at - REACH) : at], *names[at + 1 : at + 1 + REACH])


def _project(form: Form) -> str:
    head = read_head(form.heading)
    return head["project_name"].value if "project_name" in head else ""


def _report(form: Form) -> tuple[Paragraph, ...]:
    return tuple(one for one in form.texts if isinstance(one.cell, Line) and one.section not in _NO_REPORT)
