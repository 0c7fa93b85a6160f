"""Measure the path from a file to its findings: ``python benchmarks/run.py [FOLDER ...]``.

Without folders, the samples are measured. One process, start-up apart: each file is read once before the
clock runs. The floor for Word is what unzipping a file and parsing its document.xml costs alone. Prints a
table and writes it, with the machine, to ``benchmarks/RESULTS.md``.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree

import zipingbiao
from normalize.labels import match_label
from normalize.schema import load_schema
from normalize.values import parse_value

HERE = Path(__file__).parent
RUNS = 7


def floor(path: Path) -> None:
    """The least that any reader of Word does."""
    with zipfile.ZipFile(path) as package:
        etree.fromstring(package.read("word/document.xml"))


def findings(path: Path) -> None:
    """The whole path: file, document, forms, records, findings."""
    for record in zipingbiao.records(path):
        zipingbiao.check(record)


def milliseconds(measured: Callable[[Path], None], paths: list[Path]) -> list[float]:
    """The time of each path in each of `RUNS` runs, in milliseconds."""
    times = []
    for path in paths:
        measured(path)
    for _ in range(RUNS):
        for path in paths:
            started = time.perf_counter()
            measured(path)
            times.append((time.perf_counter() - started) * 1000)
    return times


def per_call(measured: Callable[[], None], calls: int) -> float:
    """Microseconds a call, the median of several runs."""
    runs = []
    for _ in range(RUNS):
        started = time.perf_counter()
        measured()
        runs.append((time.perf_counter() - started) / calls * 1e6)
    return statistics.median(runs)


def small_parts() -> Iterator[str]:
    """Label matching and value parsing, met for the first time and met again."""
    labels = [(alias, scope) for scope, known in load_schema().labels.items() for alias in known]
    values = [[f"≥{run}{number}.5万元" for number in range(1000)] for run in range(1, RUNS + 1)]
    unseen = iter(values)

    def match_all() -> None:
        for alias, scope in labels:
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

    yield f"| a label, first time | {per_call(match_anew, len(labels)):.1f} µs |"
    yield f"| a label, seen before | {per_call(match_all, len(labels)):.2f} µs |"
    yield f"| a value, first time | {per_call(parse_anew, 1000):.1f} µs |"
    yield f"| a value, seen before | {per_call(parse_all, 1000):.2f} µs |"


def machine() -> str:
    """What the figures were measured on."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    return f"{os.cpu_count()} cores, {model}, {platform.system()}, Python {platform.python_version()}"


def report(folders: list[Path]) -> str:
    """The results as Markdown."""
    files = sorted(
        path for folder in folders for path in folder.rglob("*") if path.suffix in (".docx", ".txt")
    )
    lines = [
        "# Measured",
        "",
        f"{machine()}. Medians of {RUNS} runs over all files, one process, start-up apart.",
        "Written by `make bench`; figures differ between machines, the ratios less.",
        "",
        "| from the file to its findings | files | median ms | slowest tenth ms |",
        "|---|---|---|---|",
    ]
    for suffix in (".docx", ".txt"):
        paths = [path for path in files if path.suffix == suffix]
        if not paths:
            continue
        times = milliseconds(findings, paths)
        tenth = statistics.quantiles(times, n=10)[-1]
        lines.append(f"| {suffix} | {len(paths)} | {statistics.median(times):.2f} | {tenth:.2f} |")
        if suffix == ".docx":
            least = statistics.median(milliseconds(floor, paths))
            lines.append(
                f"| {suffix}, unzip and parse document.xml only (the floor) | {len(paths)} | {least:.2f} | |"
            )
            lines.append(f"| allowed for {suffix}: 3 × floor + 10 ms | | {3 * least + 10:.2f} | |")
    lines += ["", "| part | median |", "|---|---|", *small_parts(), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    folders = [Path(argument) for argument in sys.argv[1:]] or [HERE.parent / "samples"]
    text = report(folders)
    sys.stdout.write(text)
    (HERE / "RESULTS.md").write_text(text, encoding="utf-8")
