"""A run over a folder of hostile files: each costs one row with one plain sentence, and nothing else."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest
from hostile import Hostile, write

import zipingbiao as zpb
from extract.readers import INSIDE

#: of the largest process; measured 230 to 270 (CPython 3.11, x86-64), of which 60 are the program
MOST_MEGABYTES = 400
#: of the whole run on two processes; measured 12
MOST_SECONDS = 150
#: of a file; the worst takes 2
TIMEOUT = 60
#: Runs a command and ends with its code, after a line with the kilobytes of its largest process. Asked from here,
#: the system would count this process too, which the command's was until its program was loaded.
MEASURED = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


class Ran(NamedTuple):
    """A run over all files: what was expected of each, its rows, and what it took."""

    files: dict[str, Hostile]
    rows: dict[str, list[dict[str, str]]]
    printed: str
    code: int
    seconds: float
    megabytes: float


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder, out = tmp_path_factory.mktemp("hostile"), tmp_path_factory.mktemp("out")
    files = write(folder)
    command = [
        sys.executable, "-c", MEASURED,
        sys.executable, "-m", "zipingbiao", "run", str(folder), "--out", str(out), "--jobs", "2",
        "--timeout", str(TIMEOUT), "--tables", "csv",
    ]  # fmt: skip
    started = time.perf_counter()
    process = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    seconds = time.perf_counter() - started
    said, _, kilobytes = process.stdout.decode().rstrip("\n").rpartition("\n")
    rows = {path.stem: read_table(path) for path in out.glob("*.csv")}
    return Ran(files, rows, said, process.returncode, seconds, int(kilobytes) / 1024)


def read_table(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(10**9)  # a text without end is a text all the same
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_enough_of_them(ran: Ran) -> None:
    assert len(ran.files) >= 200


def test_the_run_ends_with_the_code_for_unread_files_and_without_a_traceback(ran: Ran) -> None:
    assert ran.code == 1
    assert "Traceback" not in ran.printed and "Warning" not in ran.printed


def test_every_file_has_one_row_with_the_status_that_it_deserves(ran: Ran) -> None:
    statuses = {row["source"]: row["status"] for row in ran.rows["sources"]}
    assert len(statuses) == len(ran.rows["sources"])
    assert sorted(source for source in statuses if INSIDE not in source) == sorted(ran.files)
    wrong = {path: statuses[path] for path, file in ran.files.items() if statuses[path] not in file.statuses}
    assert not wrong


def test_files_in_archives_have_the_status_that_they_deserve(ran: Ran) -> None:
    wrong = {
        row["source"]: row["status"]
        for row in ran.rows["sources"]
        if INSIDE in row["source"]
        and row["status"] not in ran.files[row["source"].partition(INSIDE)[0]].members
    }
    assert not wrong


def test_whatever_was_not_read_says_why_in_a_plain_sentence(ran: Ran) -> None:
    for row in ran.rows["sources"]:
        if row["status"] != "ok":
            assert re.fullmatch(r"[^\n\x00-\x1f]{8,300}。", row["error"]), row
            assert "程序" not in row["error"] or "办公" in row["error"] or "原来的程序" in row["error"], row


def test_a_file_that_is_read_up_to_a_break_says_that_something_is_missing(ran: Ran) -> None:
    said = {row["source"]: row["error"] for row in ran.rows["sources"]}
    broken = [path for path, file in ran.files.items() if file.name.startswith("interrupted/")]
    assert len(broken) == 24
    assert not [path for path in broken if "缺失" not in said[path]]


def test_nothing_takes_longer_than_its_limit_and_no_process_dies(ran: Ran) -> None:
    # of a file whose reading was stopped, or ended its process, nobody knows how long it took
    assert not [row["source"] for row in ran.rows["sources"] if not row["seconds"]]
    assert ran.seconds < MOST_SECONDS


def test_memory_stays_within_bounds(ran: Ran) -> None:
    assert ran.megabytes < MOST_MEGABYTES


def test_no_name_leads_out_of_its_archive_or_breaks_a_line(ran: Ran) -> None:
    inside = [
        row["source"].partition(INSIDE)[2] for row in ran.rows["sources"] if "names.zip" in row["source"]
    ]
    assert len([name for name in inside if name]) == 13
    assert not [name for name in inside if re.search(r"\.\.|^/|[\x00-\x1f\u202e]|^C:", name)]


def rows_of(rows: dict[str, list[dict[str, str]]], sources: list[str]) -> dict[str, list[dict[str, str]]]:
    """The rows of these files, but for what other files make of them: findings across forms, and their number.

    A form that is there twice is told apart in its ``form_id``, which is left out.
    """
    ids = {row["form_id"]: row["source"] for row in rows["forms"] if row["source"] in sources}
    return {
        name: [
            {**row, "form_id": ids[row["form_id"]], "notes": ""}
            for source in sources
            for row in rows[name]
            if ids.get(row["form_id"]) == source and not row.get("code", "").startswith("CROSS")
        ]
        for name in ("forms", "funds", "indicators", "findings", "cells")
    }


def test_sound_forms_among_them_are_read_as_if_they_were_alone(ran: Ran, tmp_path: Path) -> None:
    alone = [path for path, file in ran.files.items() if file.name.startswith("sound/")]
    zpb.run(alone, out=tmp_path, tables=("csv",))
    expected = rows_of({path.stem: read_table(path) for path in tmp_path.glob("*.csv")}, alone)
    assert len(expected["forms"]) == 8
    assert rows_of(ran.rows, alone) == expected
