"""Files that broke a reader once are read or refused, and the search for more of them finds what it should."""

from __future__ import annotations

import io
import random
import time
import zipfile
from itertools import islice
from pathlib import Path

import fuzz
import pytest
from fuzzing import mutated

from extract.readers import FORMATS, find_format

FOUND = sorted((Path(__file__).parent / "files" / "fuzz").iterdir())
FORM = (Path(__file__).parents[1] / "samples" / "seed" / "form.docx").read_bytes()


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_a_file_that_broke_a_reader_is_read_or_refused(path: Path) -> None:
    started = time.process_time()
    assert fuzz.read_through(path.read_bytes()) in ("read", "refused")
    assert time.process_time() - started < fuzz.LIMIT


def test_damaged_files_are_the_same_in_every_run_and_differ_from_each_other() -> None:
    first, again = (list(islice(mutated([FORM], random.Random(1)), 30)) for _ in range(2))
    assert first == again
    assert len(set(first)) > 25


def test_most_damaged_containers_open_so_that_the_reader_behind_is_reached() -> None:
    opened = 0
    for data in islice(mutated([FORM], random.Random(2)), 60):
        with io.BytesIO(data) as file:
            opened += zipfile.is_zipfile(file)
    assert opened > 40
    assert "read" in {fuzz.read_through(data) for data in islice(mutated([FORM], random.Random(2)), 30)}


def test_every_format_with_a_reader_has_files_to_damage() -> None:
    kinds = {find_format(data).name for files in fuzz.seeds().values() for data in files}
    readable = {known.name for known in FORMATS if known.reader or known.opener}
    # what no test can write, and other packings of the same
    assert readable - kinds <= {"7z", "rar", "xz", "bzip2", "locked", "spreadsheetml"}


def test_what_breaks_a_reader_is_written_down_once_for_each_place(tmp_path: Path) -> None:
    for data in (b"first and long", b"second", b"third and long"):
        fuzz.keep(tmp_path, "docx", "KeyError, docx.py:12", data)
    (found,) = tmp_path.iterdir()
    assert found.name == "KeyError-docx.py-12.docx"
    assert found.read_bytes() == b"second"
