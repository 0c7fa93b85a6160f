"""Measure reading beside other libraries, and the way from a file to its findings: ``python benchmarks/run.py``.

The files are the samples', in every format, and those that tests make of them (``.xls``) or keep (``.doc``). Prints
tables and writes them, with the machine, to ``benchmarks/RESULTS.md``. With ``FOLDER ...`` other files are
measured, and nothing is written.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from floors import FLOORS
from labels import noisy_labels
from many import scaling
from tables import table
from truth import added, score_cells, score_fields

import zipingbiao
from extract.document import Grid
from extract.readers import read
from normalize.labels import match as labels
from normalize.labels.match import match_label
from normalize.schema import load_schema
from normalize.values.parse import parse_value

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT / "samples"), str(ROOT / "tests"), str(ROOT)]

from golden import describe_all  # noqa: E402

RUNS = 5
#: in this order; others follow
ENDINGS = ("docx", "pdf", "ofd", "xlsx", "xls", "doc", "odt", "html", "txt", "md", "tsv")


def findings(path: Path) -> None:
    """The whole path: file, document, forms, records, findings."""
    for record in zipingbiao.records(path):
        zipingbiao.check(record)


def milliseconds(measured: Callable[[Path], object], paths: list[Path]) -> list[float]:
    """The processor time of each path in each of `RUNS` runs, in milliseconds; before that, each is read once."""
    times = []
    for path in paths:
        measured(path)
    for _ in range(RUNS):
        for path in paths:
            started = time.process_time()
            measured(path)
            times.append((time.process_time() - started) * 1000)
    return times


def formats(paths: list[Path], python: Path) -> Iterator[str]:
    """For each format: we, the least that is possible, and the peers that are installed for ``python``."""
    yield "| format | by | files | median ms a file | × ours | slowest tenth | cells right | others given | fields right |"
    yield "|---|---|---|---|---|---|---|---|---|"
    peers = beside(paths, python)
    found = {path.suffix[1:] for path in paths}
    for ending in (*(one for one in ENDINGS if one in found), *sorted(found - set(ENDINGS))):
        alike = [path for path in paths if path.suffix[1:] == ending]
        ours = milliseconds(findings, alike)
        median = statistics.median(ours)
        yield line(ending, "**zipingbiao, to the findings**", ours, median, judged_ours(alike))
        yield line(ending, "**zipingbiao, reading alone**", milliseconds(read, alike), median)
        if ending in FLOORS:
            name, floor = FLOORS[ending]
            yield line(ending, f"{name} (the floor)", milliseconds(floor, alike), median)
        for said in peers:
            if said["ending"] == ending:
                name = f"{said['name']} {said['version']}".strip()
                yield line(ending, name, said["times"], median, judged_cells(said), said.get("missing", ""))


def line(
    ending: str,
    name: str,
    times: Sequence[float],
    ours: float,
    judged: tuple[str, str, str] = ("", "", ""),
    missing: str = "",
) -> str:
    """A row of the table."""
    if missing:
        return f"| .{ending} | {name} | | {missing} | | | | | |"
    median, slowest = statistics.median(times), statistics.quantiles(times, n=10)[-1]
    figures = f"{len(times) // RUNS} | {median:.2f} | {median / ours:.2f} | {slowest:.2f}"
    return f"| .{ending} | {name} | {figures} | {' | '.join(judged)} |"


def beside(paths: list[Path], python: Path) -> list[dict[str, Any]]:
    """What `peers` measures in its environment, in the order of the peers; nothing where there is no such environment."""
    if not python.exists():
        sys.stderr.write(f"no {python}: run `make bench` to measure the peers as well\n")
        return []
    command = [str(python), str(HERE / "peers.py"), *map(str, paths)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    return [json.loads(said) for said in done.stdout.splitlines()]


def judged_ours(paths: Sequence[Path]) -> tuple[str, str, str]:
    """How many cells and fields of the samples among these files we get right."""
    drawn = [path for path in paths if (path.parent / "source.txt").exists()]
    if not drawn:
        return "", "", ""
    texts = {
        path: [cell.text for block in read(path).blocks if isinstance(block, Grid) for cell in block.cells()]
        for path in drawn
    }
    cells = added(score_cells(path.parent, texts[path]) for path in drawn)
    fields = added(score_fields(path.parent, describe_all(path)) for path in drawn)
    return cells.share, str(cells.others), fields.share


def judged_cells(said: dict[str, Any]) -> tuple[str, str, str]:
    """How many cells a peer gets right; it knows no fields."""
    drawn = [path for path in map(Path, said["cells"]) if (path.parent / "source.txt").exists()]
    if not drawn:
        return "", "", "none"
    cells = added(score_cells(path.parent, said["cells"][str(path)]) for path in drawn)
    return cells.share, str(cells.others), "none"


def per_call(measured: Callable[[], None], calls: int) -> float:
    """Microseconds a call, the median of several runs."""
    runs = []
    for _ in range(RUNS):
        started = time.process_time()
        measured()
        runs.append((time.process_time() - started) / calls * 1e6)
    return statistics.median(runs)


def small_parts() -> Iterator[str]:
    """Label matching and value parsing, met for the first time and met again."""
    known = [(alias, scope) for scope, aliases in load_schema().labels.items() for alias in aliases]
    values = [[f"≥{run}{number}.5万元" for number in range(1000)] for run in range(1, RUNS + 1)]
    unseen = iter(values)

    def match_all() -> None:
        for alias, scope in known:
            match_label(alias, scope)

    def match_anew() -> None:
        labels._match_label.cache_clear()
        match_all()

    def parse_all() -> None:
        for value in values[0]:
            parse_value(value)

    def parse_anew() -> None:
        for value in next(unseen):
            parse_value(value)

    yield "| part | median µs |"
    yield "|---|---|"
    yield f"| a label of the schema, first time | {per_call(match_anew, len(known)):.1f} |"
    yield f"| a label of the schema, seen before | {per_call(match_all, len(known)):.2f} |"
    yield f"| a value, first time | {per_call(parse_anew, 1000):.1f} |"
    yield f"| a value, seen before | {per_call(parse_all, 1000):.2f} |"


def machine() -> str:
    """What the figures were measured on; not whose it is."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    return f"{os.cpu_count()} cores, {model}, {platform.system()}, Python {platform.python_version()}"


def own_files(folder: Path) -> list[Path]:
    """The samples in every format, and an old workbook and Word file."""
    from hostile import xls

    (folder / "form.xls").write_bytes(xls())
    return [
        *sorted((ROOT / "samples").glob("*/form.*")), folder / "form.xls", ROOT / "tests" / "files" / "various.doc"
    ]  # fmt: skip


INTRODUCTION = """\
The files are the samples: forms of 100 to 250 cells, the PDF files one dense page each. What is known from an earlier run,
such as labels, is known here too: that is how it is from the second form on. The peers are installed in an environment
of their own, and each is used as people use it to get at the cells of tables.

*Cells right*: of the cells that were drawn, those that are given with their text, white space apart. *Others given*: cells
that were not drawn so, over all files: split, joined, or a merged cell that is given again. *Fields right*: of the values
in the reviewed `record.json` of the samples, those that were read; the peers give cells and know no fields.
"""


def report(paths: list[Path], python: Path, most: int) -> str:
    """The results as Markdown."""
    lines = [
        "# Measured",
        "",
        f"{machine()}. Processor time, medians of {RUNS} runs over all files, one process, start-up apart.",
        "Written by `make bench`; figures differ between machines, the ratios less.",
        "",
        "## Reading, beside other libraries",
        "",
        INTRODUCTION,
        *formats(paths, python),
        "",
        "## Parts",
        "",
        *small_parts(),
        "",
        "## Labels with noise",
        "",
        *noisy_labels(),
        "",
        "## A run over many Word files",
        "",
        "The command's own way, the tables written as CSV, start of the processes included; seconds are those of the clock. "
        "The second half of the files beside the first tells whether a run slows down.",
        "",
        *scaling(most, os.cpu_count() or 1),
        "",
        "## The tables of very many forms",
        "",
        "Nothing is read here: the rows of the Word samples, each copy with numbers, names and paragraphs of its own, are "
        "written in a process of its own. Seconds are those of the clock, and of the processor.",
        "",
        *table(2 * most),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure the folders that were named, or the samples, and then write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--peers", type=Path, default=ROOT / ".venv-bench" / "bin" / "python")
    parser.add_argument("--files", type=int, default=10_000, help="how many the longest run has")
    asked = parser.parse_args()
    if asked.folders:
        paths = sorted(path for folder in asked.folders for path in folder.rglob("*") if path.is_file())
        sys.stdout.write("\n".join(formats(paths, asked.peers)) + "\n")
        return
    with tempfile.TemporaryDirectory() as folder:
        text = report(own_files(Path(folder)), asked.peers, asked.files)
    sys.stdout.write(text)
    (HERE / "RESULTS.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
