"""Write ``report.html``: figures, findings, files that could not be read, and each form with its findings at the cells.

It needs neither a network nor a server. Of more than `WHOLE` forms the page holds lists and figures only; the forms
are then in pages beside it, `PART` in each: ``report/forms-0001.html``.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from itertools import chain
from pathlib import Path

from zipingbiao.checks.registry import IGNORED, SEVERITIES
from zipingbiao.report.draft import Draft, WriteError
from zipingbiao.report.page.figures import Figures
from zipingbiao.report.page.rendering import Rendering
from zipingbiao.report.page.spool import Spool
from zipingbiao.report.page.views import FormView, views_of
from zipingbiao.tables import Rows

FILE, FOLDER = "report.html", "report"
_NAMES = "forms-*.html"
#: forms that the page holds itself: some 20 kB and 600 elements each, of which a browser takes 10 ms
WHOLE = 300
#: forms in each of the pages beside it, where there are more
PART = 100
#: findings of each severity in the list: a browser sorts so many in a second; the forms show all
LISTED = 10_000


class Page:
    """``report.html``, and pages beside it where the run has many forms; ``lang`` is the one that it opens in."""

    def __init__(self, out: Path, lang: str) -> None:
        self._out = out
        self._draft = Draft(out / FILE)
        self._pages: list[Draft] = []
        self._rendering = Rendering(lang)
        self._figures = Figures()
        self._numbered = 0
        self._listed: Counter[str] = Counter()
        self._forms, self._index, self._unread = Spool(), Spool(), Spool()
        self._lists = {severity: Spool() for severity in (*SEVERITIES, IGNORED)}

    def write(self, rows: Rows) -> None:
        """Append the forms and findings of a file, or what is to be said of its reading."""
        for source in rows.get("sources", ()):
            if source["status"] != "ok":
                self._unread.add(self._rendering.piece("source", source))
        forms = views_of(rows, self._figures.forms, self._numbered)
        for form in forms:
            self._add(form)
        self._figures.add(rows, forms)

    def _add(self, form: FormView) -> None:
        part = (form.number - 1) // PART + 1
        if (form.number - 1) % PART == 0:
            self._forms.begin_part()
        self._forms.add(self._rendering.piece("form", form))
        self._index.add(self._rendering.piece("entry", form, part))
        self._numbered += len(form.findings)
        for finding in form.findings:
            severity = str(finding.row["severity"])
            self._listed[severity] += 1
            if self._listed[severity] <= LISTED:
                self._lists[severity].add(self._rendering.piece("finding", finding, form, part))

    def finish(self) -> list[Draft]:
        """Write the page, and those beside it; what an earlier run left there goes."""
        parts = range(1, self._forms.parts + 1) if self._figures.forms > WHOLE else ()
        names = {str(part): f"{FOLDER}/{_NAMES.replace('*', f'{part:04}')}" for part in parts}
        rest = set(pages_beside(self._out)) - {self._out / name for name in names.values()}
        for part, name in zip(parts, names.values(), strict=True):
            self._write_beside(self._out / name, part)
        self._rendering.write(
            self._draft.path,
            "report.html",
            figures=self._figures,
            charts=self._figures.charts(),
            findings=chain.from_iterable(spool.lines(names) for spool in self._lists.values()),
            most=LISTED if max(self._listed.values(), default=0) > LISTED else 0,
            unread=self._unread.lines(names),
            index=self._index.lines(names),
            forms=() if parts else self._forms.lines(names),
        )
        self._close()
        return [self._draft, *self._pages, *map(Withdrawal, sorted(rest))]

    def _write_beside(self, path: Path, part: int) -> None:
        path.parent.mkdir(exist_ok=True)
        self._pages.append(Draft(path))
        self._rendering.write(
            self._pages[-1].path,
            "forms.html",
            first=(part - 1) * PART + 1,
            last=min(part * PART, self._figures.forms),
            back=f"../{FILE}",
            forms=self._forms.lines({"": f"../{FILE}"}, part),
        )

    def _close(self) -> None:
        for spool in (self._forms, self._index, self._unread, *self._lists.values()):
            spool.close()

    def discard(self) -> None:
        """Remove what has been written."""
        self._close()
        for draft in (self._draft, *self._pages):
            draft.discard()
        with suppress(OSError):  # not empty, or not there
            (self._out / FOLDER).rmdir()


class Withdrawal(Draft):
    """The end of a file that an earlier run wrote and this one has nothing for: published, it is gone."""

    def publish(self) -> None:
        """Remove the file. Raises `WriteError`."""
        try:
            self.target.unlink(missing_ok=True)
        except OSError as err:
            raise WriteError(
                f"不能删除以前的 {self.target}；请关闭打开它的程序后再运行。",
                f"The old {self.target} cannot be removed; close the program that has it open.",
            ) from err


def pages_beside(out: Path) -> list[Path]:
    """The pages with forms that are now beside the one in ``out``."""
    return sorted((out / FOLDER).glob(_NAMES))
