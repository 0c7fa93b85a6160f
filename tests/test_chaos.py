"""Some of many files end, stop or exhaust the process that reads them: those and no others are lost, each with its reason.

CHAOS=1000 reads as many as a county hands in; so do the hosts of long tests, not each change.
"""

from __future__ import annotations

import ctypes
import os
import random
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from small_form import SMALL_FORM

import zipingbiao as zpb
from zipingbiao.batch import reading
from zipingbiao.batch.packed import Packed

FILES = int(os.environ.get("CHAOS", "100"))
#: of a hundred files so many do harm, and at least one in each way
HARMFUL = 5
#: so long that it is no other harm on a machine that has much else to do
TIMEOUT = 5.0
DIED, TOO_SLOW = "异常终止", "已中止"
#: what a file can do to the process that reads it, and what is said of it
HARM = {"segfault": DIED, "exit": DIED, "leave": DIED, "quit": DIED, "loop": TOO_SLOW, "sleep": TOO_SLOW}
if os.name != "nt":
    HARM["hog"] = DIED  # Windows bounds no memory


def read_or_do_harm(path: str, **asked: Any) -> Packed:
    """In place of what reads a file in a worker: the name says what the file does."""
    match Path(path).stem.partition("-")[2]:
        case "segfault":
            ctypes.string_at(0)
        case "exit":
            os._exit(3)
        case "leave":
            os._exit(0)
        case "quit":
            sys.exit(1)
        case "loop":
            while True:
                pass
        case "sleep":
            time.sleep(600)
        case "hog":
            taken = []
            try:
                while True:
                    taken.append(bytes(2**28))
            except MemoryError:
                os.abort()  # as a library does that gets no memory
    return plain_read(path, **asked)


plain_read = reading.read_packed


def test_those_that_do_harm_are_lost_and_no_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(20_240_531)
    harmful = chance.sample(range(FILES), max(FILES * HARMFUL // 100, len(HARM)))
    harms = {number: list(HARM)[at % len(HARM)] for at, number in enumerate(harmful)}
    forms, out = tmp_path / "forms", tmp_path / "out"
    forms.mkdir()
    for number in range(FILES):
        name = f"{number:04}-{harms.get(number, 'good')}.txt"
        (forms / name).write_text(SMALL_FORM.replace("乡村", f"{number}村"), encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(reading, "read_packed", read_or_do_harm)
        found = zpb.run(forms, out=out, tables=("csv",), jobs=2, timeout=TIMEOUT)
    assert len(found.sources) == FILES
    for number, source in enumerate(found.sources):
        harm = harms.get(number)
        assert source["status"] == ("failed" if harm else "ok"), source
        assert not harm or HARM[harm] in str(source["error"]), source
    # the others are read as if nothing had been, and only those that were lost are read again
    again = zpb.run(forms, out=out, tables=("csv",), jobs=2)
    assert again.counts.statuses == {"ok": FILES}
    assert again.counts.reused == FILES - len(harms)
    lost = {str(source["source"]) for source in found.sources if source["status"] == "failed"}
    for table in ("forms", "funds", "indicators", "texts"):
        others = [row for row in again.rows[table] if row.get("source") not in lost]
        kept = {row["form_id"] for row in found.forms}
        assert [row for row in others if row["form_id"] in kept] == found.rows[table]
