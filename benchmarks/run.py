"""Measure reading beside other libraries, and the way from a file to its findings: ``python benchmarks/run.py``.

The files are the samples', in every format, and those that tests make of them (``.xls``) or keep (``.doc``). Prints
tables and writes them, with the machine, to ``benchmarks/RESULTS.md``. With ``FOLDER ...`` other files are
measured, and nothing is written.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from labels import noisy_labels
from peers import PEERS

import zipingbiao
from extract.readers import read
from normalize import labels
from normalize.labels import match_label
from normalize.schema import load_schema
from normalize.values import parse_value

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
RUNS = 7
#: in this order; others follow
ENDINGS = ("docx", "pdf", "xlsx", "xls", "doc", "odt", "html", "txt", "md", "tsv")
#: copies of each Word sample for the run over many files: on one process five seconds
COPIES = 80


def findings(path: Path) -> None:
    """The whole path: file, document, forms, records, findings."""
    for record in zipingbiao.records(path):
        zipingbiao.check(record)


def milliseconds(measured: Callable[[Path], None], paths: list[Path]) -> list[float]:
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


def formats(paths: list[Path]) -> Iterator[str]:
    """For each format: we, the least that is possible, and others."""
    yield "| format | by | files | median ms a file | slowest tenth |"
    yield "|---|---|---|---|---|"
    found = {path.suffix[1:] for path in paths}
    for ending in (*(one for one in ENDINGS if one in found), *sorted(found - set(ENDINGS))):
        alike = [path for path in paths if path.suffix[1:] == ending]
        measured: list[tuple[str, Callable[[Path], object]]] = [
            ("**zipingbiao, to the findings**", findings), ("**zipingbiao, reading alone**", read),
        ]  # fmt: skip
        measured += [(peer.name, peer.read) for peer in PEERS if peer.ending == ending and peer.is_there]
        for name, way in measured:
            times = milliseconds(way, alike)
            slowest = statistics.quantiles(times, n=10)[-1]
            yield f"| .{ending} | {name} | {len(alike)} | {statistics.median(times):.2f} | {slowest:.2f} |"
        missing = [peer.name for peer in PEERS if peer.ending == ending and not peer.is_there]
        yield from (f"| .{ending} | {name} | | not installed | |" for name in missing)


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


def many_files() -> Iterator[str]:
    """The command's own way over many Word files, tables written, start of the processes included."""
    yield "| processes | files | seconds | files a second |"
    yield "|---|---|---|---|"
    with tempfile.TemporaryDirectory() as folder:
        forms, out = Path(folder) / "forms", Path(folder) / "out"
        forms.mkdir()
        for sample in sorted((ROOT / "samples").glob("*/form.docx")):
            for copy in range(COPIES):
                shutil.copy(sample, forms / f"{sample.parent.name}-{copy}.docx")
        count = len(list(forms.iterdir()))
        for jobs in sorted({1, os.cpu_count() or 1}):
            started = time.perf_counter()
            zipingbiao.run(forms, out=out, tables=("csv",), jobs=jobs, isolate=True)
            seconds = time.perf_counter() - started
            yield f"| {jobs} | {count} | {seconds:.1f} | {count / seconds:.0f} |"


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
    sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]
    from hostile import xls

    (folder / "form.xls").write_bytes(xls())
    return [
        *sorted((ROOT / "samples").glob("*/form.*")), folder / "form.xls", ROOT / "tests" / "files" / "various.doc"
    ]  # fmt: skip


def report(paths: list[Path]) -> str:
    """The results as Markdown."""
    lines = [
        "# Measured",
        "",
        f"{machine()}. Processor time, medians of {RUNS} runs over all files, one process, start-up apart.",
        "Written by `make bench`; figures differ between machines, the ratios less.",
        "",
        "## Reading, beside other libraries",
        "",
        "The files are the samples: forms of 100 to 250 cells, the PDF files one dense page each. What is known from "
        "an earlier run, such as labels, is known here too: that is how it is from the second form on.",
        "",
        *formats(paths),
        "",
        "## Parts",
        "",
        *small_parts(),
        "",
        "## Labels with noise",
        "",
        *noisy_labels(),
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure the folders that were named, or the samples, and then write the results."""
    folders = [Path(argument) for argument in sys.argv[1:]]
    if folders:
        paths = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
        sys.stdout.write("\n".join(formats(paths)) + "\n")
        return
    with tempfile.TemporaryDirectory() as folder:
        text = report(own_files(Path(folder)))
    text += "\n\n".join(("", "## A run over many Word files", "\n".join(many_files()))) + "\n"
    sys.stdout.write(text)
    (HERE / "RESULTS.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
