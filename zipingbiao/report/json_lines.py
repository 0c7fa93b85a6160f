"""The findings for other programs: ``findings.jsonl``, a JSON object a line.

Keys are the columns of the table ``findings``, but that ``places`` is a list, and after them the project and its
offices. Decimals are texts, so that no reader makes binary numbers of them; blank is null.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from zipingbiao.columns import FINDINGS, Row
from zipingbiao.report.draft import Draft
from zipingbiao.report.typed import as_text
from zipingbiao.tables import Rows

FILE = "findings.jsonl"
#: what stands between the places of a finding in the table
PLACES_APART = "; "
#: what a finding says of its form
OF_FORM = ("project_name", "implementing_unit", "department", "fiscal_year")
# allowed in JSON as they are, but some programs take them for the end of a line
_LINE_ENDS = {ord(one): f"\\u{ord(one):04x}" for one in "\x85\u2028\u2029"}


class JsonLines:
    """``findings.jsonl``, in UTF-8; lines are written as findings come."""

    def __init__(self, out: Path) -> None:
        self._draft = Draft(out / FILE)
        self._file = self._draft.path.open("x", encoding="utf-8", newline="\n")

    def write(self, rows: Rows) -> None:
        """Append the findings."""
        findings = rows.get("findings", ())
        if not findings:
            return
        forms = {form["form_id"]: form for form in rows.get("forms", ())}
        for finding in findings:
            said = json.dumps(as_object(finding, forms.get(finding["form_id"])), ensure_ascii=False)
            self._file.write(f"{said.translate(_LINE_ENDS)}\n")

    def finish(self) -> list[Draft]:
        """Close the file."""
        self._file.close()
        return [self._draft]

    def discard(self) -> None:
        """Remove what has been written."""
        with suppress(OSError):  # a full disk takes no more of what waits to be written
            self._file.close()
        self._draft.discard()


def as_object(finding: Row, form: Row | None) -> dict[str, str | int | list[str] | None]:
    """A row of ``findings`` and that of its form, if any, as a line of the file says it."""
    said: dict[str, str | int | list[str] | None] = {}
    for column in FINDINGS:
        text = as_text(finding[column.name])
        if column.name == "place":
            said["places"] = text.split(PLACES_APART) if text else []
        else:
            said[column.name] = text
    for name in OF_FORM:
        of_form = form[name] if form else None
        said[name] = of_form if isinstance(of_form, int) else as_text(of_form)
    return said
