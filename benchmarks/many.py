"""Read very many forms: how fast, on one core and on all, with how much memory, and how fast a second time.

    python benchmarks/many.py --files 1000 --out many-out

The forms are the Word samples, each copy with a last paragraph of its own. A year's submissions of a county are a few
thousand files, those of a city ten thousand.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PART = "word/document.xml"


def make_forms(folder: Path, count: int) -> None:
    """Write ``count`` Word forms that all differ."""
    samples = [path.read_bytes() for path in sorted(ROOT.glob("samples/*/form.docx"))]
    folder.mkdir(parents=True)
    for number in range(count):
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


def measure(forms: Path, out: Path, jobs: int) -> dict[str, object]:
    """Run in a process of its own, and say how long each quarter of the first pass and the second pass took."""
    command = [sys.executable, __file__, "--measured", str(forms), "--out", str(out), "--jobs", str(jobs)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def _measured(forms: Path, out: Path, jobs: int) -> None:
    import resource

    import zipingbiao as zpb

    begun = time.perf_counter()
    quarters: list[float] = []

    def watch(now: zpb.Progress) -> None:
        if not now.written and now.read * 4 // now.files > len(quarters):
            quarters.append(round(time.perf_counter() - begun, 1))

    found = zpb.run(forms, out=out, jobs=jobs, isolate=True, keep=False, progress=watch)
    print(  # noqa: T201  for the process that asked
        json.dumps(
            {
                "jobs": jobs,
                "files": found.counts.files,
                "reused": found.counts.reused,
                "seconds": round(time.perf_counter() - begun, 1),
                "quarters read after": quarters,
                "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                "memory file": (out / ".zipingbiao" / "memory.sqlite").stat().st_size,
            }
        )
    )


def main() -> None:
    """Make the forms, read them with one process and with all, and read them again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--out", type=Path, default=Path("many-out"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--measured", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measured:
        _measured(asked.measured, asked.out, asked.jobs)
        return
    shutil.rmtree(asked.out, ignore_errors=True)
    forms = asked.out / "forms"
    make_forms(forms, asked.files)
    for name, jobs in (("one", 1), ("all", asked.jobs), ("all", asked.jobs)):
        print(measure(forms, asked.out / name, jobs), flush=True)  # noqa: T201  what it is for


if __name__ == "__main__":
    main()
