"""Set aside what an earlier run already found, so that a run reports only what is new.

Two findings are one where they stand in the same form, come from the same check, and report the same of the same
thing. A form is the same where its content is; where it was corrected and handed in again, where unit, project and
year are; and last, where its file is (``docs/known.md`` has the whole rule).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from extract.document import Bilingual
from zipingbiao.across import ACROSS
from zipingbiao.across.facts import Facts
from zipingbiao.checks.registry import IGNORED
from zipingbiao.columns import Datum, Row
from zipingbiao.known.earlier import Earlier
from zipingbiao.known.sameness import Identity, file_of, identity_of, parts_of, path_of, plain
from zipingbiao.tables import Rows

#: the columns of a finding that are compared
COMPARED = ("code", "subject", "field", "reported", "message", "place")


class Known(NamedTuple):
    """A finding as it is compared: code, subject, field and what is reported; then the sentence, and the place."""

    key: tuple[str, str, str, str]
    message: str
    place: str


@dataclass(eq=False)
class Group:
    """The findings of all forms that are one: of each, as many as the form that has most of them."""

    identity: Identity | None = None
    findings: list[Known] = field(default_factory=list)
    #: the positions in ``findings`` of those that this run has found again
    seen: set[int] = field(default_factory=set)
    is_read: bool = False

    def add(self, findings: Sequence[Known]) -> None:
        """Add what another of the forms has beyond these."""
        again = pairs(findings, self.findings)
        self.findings += [one for place, one in enumerate(findings) if place not in again]


class Tally(NamedTuple):
    """Findings of the earlier run: still there, not found any more, and not looked for this time."""

    known: int
    resolved: int
    open: int


class Baseline:
    """A stage that drops known findings and counts them.

    ``is_checked`` says whether this run makes the check of that code: what it does not look for is not gone.
    """

    looks_at = ("forms",)

    def __init__(self, earlier: Earlier, is_checked: Callable[[str], bool] = lambda _: True) -> None:
        self._dropped = 0
        self._is_checked = is_checked
        self._is_gbk = earlier.is_gbk
        self._files: Counter[tuple[str, str]] = Counter()
        self._by_content: dict[str, Group] = {}
        self._by_identity: dict[Identity, Group] = {}
        self._by_path: dict[tuple[str, str], Group] = {}
        self._by_file: dict[tuple[str, str], list[Group]] = defaultdict(list)
        forms = {row["form_id"]: row for row in earlier.forms}
        findings: dict[str, list[Row]] = {form_id: [] for form_id in forms}
        for row in earlier.findings:
            forms.setdefault(row["form_id"], row)  # as far as it tells: its number and file
            found = findings.setdefault(row["form_id"], [])
            if row["severity"] != IGNORED:
                found.append(row)
        for form_id, form in forms.items():
            self._enter(form, [self._known_by(row) for row in findings[form_id]])

    def _enter(self, form: Row, findings: Sequence[Known]) -> None:
        content, index = parts_of(form)
        identity = identity_of(form)
        group = self._same(content, identity) or Group(identity)
        group.add(findings)
        self._by_content[content] = group
        if identity:
            self._by_identity.setdefault(identity, group)
        self._by_path[path_of(form), index] = group
        self._by_file[file_of(form), index].append(group)

    def look(self, rows: Rows, facts: Sequence[Facts] = ()) -> None:
        """Count how many forms stand in files of one name: a name that several have identifies none."""
        self._files.update((file_of(form), parts_of(form)[1]) for form in rows["forms"])

    def amend(self, rows: Rows) -> Rows:
        """The rows of a file without the findings that are known; ignored ones stay."""
        dropped: set[int] = set()
        for form in rows["forms"]:
            group = self._group_of(form)
            if group is None:
                continue
            group.is_read = True
            of_form = [at for at, row in enumerate(rows["findings"]) if row["form_id"] == form["form_id"]]
            again = pairs([self._known_by(rows["findings"][at]) for at in of_form], group.findings)
            group.seen.update(again.values())
            dropped.update(of_form[at] for at in again)
        dropped = {at for at in dropped if rows["findings"][at]["severity"] != IGNORED}
        self._dropped += len(dropped)
        return {**rows, "findings": [row for at, row in enumerate(rows["findings"]) if at not in dropped]}

    def _group_of(self, form: Row) -> Group | None:
        content, index = parts_of(form)
        identity = identity_of(form)
        if group := self._same(content, identity):
            return group
        file = (file_of(form), index)
        same_file = self._by_file.get(file, [])
        is_only_one = len(set(map(id, same_file))) == 1 and self._files[file] <= 1
        group = self._by_path.get((path_of(form), index)) or (same_file[0] if is_only_one else None)
        # a form of another project under the old name is another form
        is_other = group and group.identity and identity and group.identity != identity
        return None if is_other else group

    def _same(self, content: str, identity: Identity | None) -> Group | None:
        return self._by_content.get(content) or (self._by_identity.get(identity) if identity else None)

    def _known_by(self, row: Row) -> Known:
        code, subject, column, reported, message, place = (self._compared(row[name]) for name in COMPARED)
        # where nothing but the sentence says what it is about, it has to be the same
        return Known((code, subject, column, reported if subject or reported else message), message, place)

    def _compared(self, datum: Datum) -> str:
        text = plain(datum)
        return text.encode("gbk", "replace").decode("gbk") if self._is_gbk else text

    def tally(self) -> Tally:
        """The numbers, after the last file."""
        groups = list(dict.fromkeys(self._by_content.values()))
        is_whole = all(group.is_read for group in groups)
        # of each finding that was not found again: whether this run looked for it
        gone = [
            group.is_read and self._is_checked(one.key[0]) and (is_whole or one.key[0] not in ACROSS)
            for group in groups
            for at, one in enumerate(group.findings)
            if at not in group.seen
        ]
        return Tally(self._dropped, sum(gone), len(gone) - sum(gone))

    def says(self) -> list[Bilingual]:
        """What a summary says, after the last file."""
        known, resolved, open_ = self.tally()
        zh = f"与基线相比：已知的疑点 {known} 项不再列出，已消除 {resolved} 项"
        en = f"against the baseline: {known} known findings left out, {resolved} resolved"
        if open_:
            zh += f"；另有 {open_} 项这次没有核查（所在的表没有读到，或核查未选）"
            en += f"; {open_} not looked for this time, as their form was not read or their check not chosen"
        return [Bilingual(zh, en)]


def pairs(now: Sequence[Known], earlier: Sequence[Known]) -> dict[int, int]:
    """Which of ``now`` is which of ``earlier``, as positions; each is one other at most.

    Those at the same place first, so that of two alike the new one is the one at a new place.
    """
    found: dict[int, int] = {}
    taken: set[int] = set()
    for sameness in (lambda one: (one.key, one.place), lambda one: one.key, _said):
        free: dict[object, list[int]] = defaultdict(list)
        for at, one in enumerate(earlier):
            if at not in taken:
                free[sameness(one)].append(at)
        for at, one in enumerate(now):
            if at not in found and (same := free.get(sameness(one))):
                found[at] = same.pop(0)
                taken.add(found[at])
    return found


def _said(one: Known) -> object:
    # Excel turns 3-5 into a date and cuts long numbers; the sentence it leaves alone
    return (one.key[0], one.message)
