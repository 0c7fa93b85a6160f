"""The forms of one file among each other: the projects beside a form, and a report that is on all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extract.document import Line
from normalize.form import Form, Paragraph
from normalize.head import read_head

#: a report behind more forms is a collection's: only the last one is held against it
MOST_FORMS = 30
#: sections of lines that are no report
_NO_REPORT = frozenset({"heading", "preamble", "note"})


def tell_of_each_other(forms: Sequence[Form]) -> tuple[Form, ...]:
    """Tell each form of the projects beside it, and of the report behind the last form where no other has one."""
    if len(forms) < 2:
        return tuple(forms)
    names = [_project(form) for form in forms]
    *earlier, last = map(_report, forms)
    shared = () if any(earlier) else last
    return tuple(
        replace(
            form,
            others=tuple(dict.fromkeys(one for one in names if one and one != name)),
            shared=shared if len(forms) <= MOST_FORMS or form is forms[-1] else (),
        )
        for form, name in zip(forms, names, strict=True)
    )


def _project(form: Form) -> str:
    head = read_head(form.heading)
    return head["project_name"].value if "project_name" in head else ""


def _report(form: Form) -> tuple[Paragraph, ...]:
    return tuple(one for one in form.texts if isinstance(one.cell, Line) and one.section not in _NO_REPORT)
