"""What looks at all files sees them before any is written, and findings are counted as they then are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from small_form import SMALL_FORM

import zipingbiao as zpb
from zipingbiao.across.facts import Facts
from zipingbiao.batch import run as batch
from zipingbiao.batch.stages import amended
from zipingbiao.tables import Rows


class Silent:
    """Takes out all findings of the files that it saw last, and notes what it sees."""

    looks_at = ("sources",)

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.amended: list[str] = []

    def look(self, rows: Rows, facts: Sequence[Facts]) -> None:
        self.seen.append(str(rows["sources"][0]["source"]))

    def amend(self, rows: Rows) -> Rows:
        source = str(rows["sources"][0]["source"])
        self.amended.append(source)
        return {**rows, "findings": []} if source == self.seen[-1] else rows


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    folder = tmp_path / "forms"
    folder.mkdir()
    for name in "abc":
        (folder / f"{name}.txt").write_text(SMALL_FORM.replace("乡村", f"{name}村"), encoding="utf-8")
    return folder


@pytest.mark.parametrize("has_out", [False, True])
def test_a_stage_sees_all_files_in_order_before_it_amends_any(
    forms: Path, tmp_path: Path, has_out: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out" if has_out else None
    for _ in range(2):  # the second time, nothing is read
        stage = Silent()
        monkeypatch.setattr(batch, "_stages", lambda *_, stage=stage: [stage])
        found = zpb.run(forms, out=out)
        assert stage.seen == stage.amended == [str(forms / f"{name}.txt") for name in "abc"]
        assert [(form["errors"], form["notes"]) for form in found.forms] == [(2, 2), (2, 2), (0, 0)]
        assert found.counts.severities == {"error": 4, "note": 4}


def test_findings_that_are_set_aside_are_not_counted(forms: Path) -> None:
    class Aside(Silent):
        def amend(self, rows: Rows) -> Rows:
            first, *others = rows["findings"]
            return {**rows, "findings": [{**first, "severity": "ignored"}, *others]}

    rows = zpb.run(forms / "a.txt").rows
    (form,) = amended(rows, [Aside()])["forms"]
    assert (rows["forms"][0]["errors"], form["errors"], form["notes"]) == (2, 1, 2)
