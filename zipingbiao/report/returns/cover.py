"""The letter to a unit: which of its documents have findings, what they are, and what is asked of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from zipingbiao.checks import SEVERITIES
from zipingbiao.report.returns.docx_page import new_paper, put_page_numbers, put_rows, put_text, saved
from zipingbiao.report.returns.remark import Remark
from zipingbiao.report.returns.results import FormRow
from zipingbiao.report.returns.wording import Wording, inert

if TYPE_CHECKING:
    from docx.document import Document as Paper

#: the widths of the columns, relative to each other
_DOCUMENT_SHARES = {"number": 5, "document": 20, "project": 20, "year": 6, "count": 6, "copy": 20}
_REMARK_SHARES = {
    "number": 4, "place": 14, "title": 10, "values": 14, "message": 26, "action": 14, "answer": 10,
}  # fmt: skip
#: the characters of a cell of the letter, and the places of a finding
_MOST, _MOST_PLACES = 600, 3


class Returned(NamedTuple):
    """A document that goes back: its name, that of its annotated copy, its findings for this unit and its forms."""

    name: str
    copy: str
    remarks: Sequence[Remark]
    forms: Sequence[FormRow]


def write_cover(unit: str, documents: Sequence[Returned], wording: Wording) -> bytes:
    """The letter as a Word document; ``unit`` may be blank."""
    paper = new_paper(is_wide=True)
    put_page_numbers(paper, wording.say("cover", "pages"))
    remarks = [remark for document in documents for remark in document.remarks]
    put_text(paper, wording.say("cover", "title"), size=18, is_title=True)
    put_text(
        paper, wording.say("cover", "unit", unit=_cut(unit) or wording.say("cover", "nobody")), is_title=True
    )
    opening = {
        "documents": len(documents),
        "forms": len({(remark.source, remark.form_id) for remark in remarks}),
        "remarks": len(remarks),
        "counts": _counts(remarks, wording),
    }
    put_text(paper, wording.say("cover", "opening", **opening), indent=True)
    put_text(paper, wording.say("cover", "documents"), is_title=True)
    _put_table(
        paper, wording.columns("document_columns"), _document_rows(documents, wording), _DOCUMENT_SHARES
    )
    put_text(paper, wording.say("cover", "remarks"), is_title=True)
    _put_table(paper, wording.columns("remark_columns"), _remark_rows(documents, wording), _REMARK_SHARES)
    put_text(paper, wording.say("cover", "requests"), is_title=True)
    for request in wording.list("cover", "request"):
        put_text(paper, request, indent=True)
    end = [
        put_text(paper, wording.say("cover", "closing"), indent=True),
        put_text(paper, wording.say("cover", "contact"), indent=True),
        put_text(paper, wording.say("cover", "signature"), is_right=True),
        put_text(paper, wording.say("cover", "date"), is_right=True),
        put_text(paper, wording.say("cover", "receipt")),
    ]
    for paragraph in end[:-1]:
        paragraph.paragraph_format.keep_with_next = True
    return saved(paper)


def _counts(remarks: Sequence[Remark], wording: Wording) -> str:
    counted = Counter(remark.severity for remark in remarks)
    return wording.say("between", "counts").join(
        wording.say("cover", "count", severity=wording.say("severity", severity), count=counted[severity])
        for severity in SEVERITIES
        if counted[severity]
    )


def _document_rows(documents: Sequence[Returned], wording: Wording) -> list[dict[str, str]]:
    return [
        {
            "number": str(number),
            "document": document.name,
            "project": _listed((form.project for form in document.forms), wording),
            "year": _listed((form.year for form in document.forms), wording),
            "count": str(len(document.remarks)),
            "copy": document.copy,
        }
        for number, document in enumerate(documents, start=1)
    ]


def _remark_rows(documents: Sequence[Returned], wording: Wording) -> list[dict[str, str]]:
    rows = []
    for at, document in enumerate(documents, start=1):
        for remark in document.remarks:
            named = (("reported", remark.reported), ("expected", remark.expected))
            values = [wording.say("comment", key, value=value) for key, value in named if value]
            number = f"{at}-{remark.number}" if len(documents) > 1 else str(remark.number)
            rows.append(
                {
                    "number": number,
                    "place": f"{document.name}\n{_places(remark, wording)}".strip(),
                    "title": f"{wording.say('severity', remark.severity)} {remark.code}\n{remark.title}",
                    "values": "\n".join(values),
                    "message": remark.message,
                    "action": wording.action(remark.code),
                    "answer": "",
                }
            )
    return rows


def _places(remark: Remark, wording: Wording) -> str:
    """The places of a finding, the first ones of many; the annotated copy shows all."""
    shown = wording.say("between", "items").join(remark.places[:_MOST_PLACES])
    if len(remark.places) <= _MOST_PLACES:
        return shown
    return wording.say("cover", "places", places=shown, count=len(remark.places))


def _put_table(
    paper: Paper, titles: Mapping[str, str], rows: Sequence[Mapping[str, str]], shares: Mapping[str, int]
) -> None:
    texts = [list(titles.values()), *([row[name] for name in titles] for row in rows)]
    # by number: cells with the same text beside each other are not one
    slots = [[(row, column) for column in range(len(titles))] for row in range(len(texts))]
    put_rows(
        paper,
        slots,
        lambda slot: _cut(texts[slot[0]][slot[1]]),
        [shares[name] for name in titles],
        has_header=True,
    )


def _listed(texts: Iterable[str], wording: Wording) -> str:
    return wording.say("between", "items").join(dict.fromkeys(filter(None, texts)))


def _cut(text: str) -> str:
    return inert(text, _MOST)
