"""Read very many forms: how fast, on one core and on all, with how much memory, and how fast a second time.

    python benchmarks/many.py --files 10000

The forms are the Word samples, each copy with a last paragraph of its own. A year's submissions of a county are a few
thousand files, those of a city ten thousand.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
PART = "word/document.xml"
#: with fewer files, the start of the processes is most of the time
LONG = 1000


def make_forms(folder: Path, count: int) -> None:
    """Write Word forms that all differ, until there are ``count``."""
    samples = [path.read_bytes() for path in sorted(ROOT.glob("samples/*/form.docx"))]
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(len(list(folder.iterdir())), count):
        (folder / f"{number:05}.docx").write_bytes(_numbered(samples[number % len(samples)], number))


def _numbered(data: bytes, number: int) -> bytes:
    """A copy of a Word file with a last paragraph of its own."""
    copy = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == PART:
                end = (
                    content.rindex(b"<w:sectPr") if b"<w:sectPr" in content else content.rindex(b"</w:body>")
                )
                own = f"<w:p><w:r><w:t>第{number}份</w:t></w:r></w:p>".encode()
                content = content[:end] + own + content[end:]
            new.writestr(part.filename, content)
    return copy.getvalue()


def measure(forms: Path, out: Path, jobs: int) -> dict[str, float]:
    """Run in a process of its own; what `_measured` says of it."""
    command = [sys.executable, __file__, "--measured", str(forms), "--out", str(out), "--jobs", str(jobs)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def _measured(forms: Path, out: Path, jobs: int) -> None:
    import resource

    import zipingbiao as zpb

    begun = time.perf_counter()
    halves: list[float] = []
    first_pass: list[float] = []

    def watch(now: zpb.Progress) -> None:
        if not now.written and now.read * 2 // now.files > len(halves):
            halves.append(time.perf_counter() - begun)
            first_pass[:] = [time.process_time()]

    found = zpb.run(forms, out=out, tables=("csv",), jobs=jobs, isolate=True, keep=False, progress=watch)
    own, workers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(  # noqa: T201  for the process that asked
        json.dumps(
            {
                "jobs": jobs,
                "files": found.counts.files,
                "reused": found.counts.reused,
                "seconds": time.perf_counter() - begun,
                "first half": halves[0],
                "second half": halves[-1] - halves[0],
                "cpu": own.ru_utime + own.ru_stime,
                "cpu of workers": workers.ru_utime + workers.ru_stime,
                # when no worker has anything to do any more
                "cpu of second pass": time.process_time() - first_pass[0],
                "megabytes": _peak() or own.ru_maxrss // 1024,
                "megabytes of a worker": workers.ru_maxrss // 1024,
                "memory file": (out / ".zipingbiao" / "memory.sqlite").stat().st_size,
            }
        )
    )


def _peak() -> int:
    """The most memory of this process in megabytes; what Linux counts as `ru_maxrss` begins with that of the parent."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:")), 0)


def scaling(most: int, jobs: int) -> Iterator[str]:
    """A table: 1, 10, 100 files and so on, with one process and with ``jobs``, and once more when all are known."""
    yield (
        "| files | processes | seconds | files a second | ms of processor a file, workers + parent | second half ÷ first "
        "| peak MB, parent, worker |"
    )
    yield "|---|---|---|---|---|---|---|"
    with TemporaryDirectory() as folder:
        forms, count = Path(folder) / "forms", 1
        while count <= most:
            make_forms(forms, count)
            measured = [
                measure(forms, Path(folder) / f"{count}-{number}", number) for number in sorted({1, jobs})
            ]
            yield from map(_line, measured)
            count *= 10
        said = measure(forms, Path(folder) / f"{count // 10}-{jobs}", jobs)
        yield _line(said, " (all known)")
    yield ""
    yield _gain(*measured)


def _gain(one: dict[str, float], many: dict[str, float] | None = None) -> str:
    """How much faster several processes are than one: by the clock, and where each has a processor of its own."""
    if many is None:
        return "One processor: nothing to compare."
    # other programs slow the clock, and hardly the time of the processor
    cpu, second = many["cpu"] + many["cpu of workers"], many["cpu of second pass"]
    first = max(many["cpu"] - second, (cpu - second) / many["jobs"])
    return (
        f"{many['jobs']} processes: {many['files'] / many['seconds']:.0f} files a second, one: "
        f"{one['files'] / one['seconds']:.0f}; {one['seconds'] / many['seconds']:.2f} times as many by the clock, and "
        f"{cpu / (first + second):.2f} times by the time of the processors, had they nothing else to do."
    )


def _line(said: dict[str, float], what: str = "") -> str:
    files, seconds = int(said["files"]), said["seconds"]
    drift = f"{said['second half'] / said['first half']:.2f}" if files >= LONG else ""
    each = [1000 * said[one] / files for one in ("cpu of workers", "cpu")]
    cells = (
        f"{files}{what}",
        f"{said['jobs']}",
        f"{seconds:.1f}",
        f"{files / seconds:.0f}" if files >= LONG else "",
        f"{each[0]:.1f} + {each[1]:.1f}" if files >= LONG else "",
        drift,
        f"{said['megabytes']}, {said['megabytes of a worker']}",
    )
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--measured", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measured:
        _measured(asked.measured, asked.out, asked.jobs)
        return
    for line in scaling(asked.files, asked.jobs):
        print(line, flush=True)  # noqa: T201  what it is for


if __name__ == "__main__":
    main()
