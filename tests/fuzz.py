"""Look for files that break a reader: ``python tests/fuzz.py [--seconds N] [--seed N] [--out FOLDER] [FORMAT ...]``.

For so many seconds a format, files of the samples and tests are damaged and read, through to their findings.
Whatever ends in anything but a document or a `ReadError`, takes too long or too much memory, or ends the process,
is written to the folder, once for each place in the code. What has been mended is kept in ``tests/files/fuzz``.
"""

from __future__ import annotations

import argparse
import faulthandler
import gzip
import io
import multiprocessing
import os
import random
import resource
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from fuzzing import Seeds, mutated

import zipingbiao as zpb
from extract.document import ReadError
from extract.readers import find_format
from normalize.layout import find_forms
from normalize.to_record import to_record
from zipingbiao.bugs import spot_of

HERE = Path(__file__).parent
SAMPLES = HERE.parent / "samples"
#: seconds that reading a file may take, and its address space
LIMIT, MAX_BYTES = 10, 2 * 1024**3


def _picture() -> bytes:
    """A picture of a table of two cells: a large one would only take longer to recognize."""
    from PIL import Image, ImageDraw

    picture = Image.new("L", (240, 80), 255)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((10, 10, 230, 70), outline=0, width=2)
    draw.line((120, 10, 120, 70), fill=0, width=2)
    draw.text((40, 30), "100", fill=0)
    with io.BytesIO() as file:
        picture.save(file, "PNG")
        return file.getvalue()


def seeds() -> Seeds:
    """Sound files by their format: the samples', and what tests make."""
    from hostile import wholes, xls
    from hostile_bombs import calc, tarred
    from test_mail import TestOutlook, ordinary

    found: Seeds = {}
    for path in sorted((*SAMPLES.glob("*/form.*"), *(HERE / "files").glob("various.*"))):
        found.setdefault(path.suffix[1:], []).append(path.read_bytes())
    tar = tarred("form.docx", found["docx"][0])
    page = found["html"][0].replace(b"=", b"=3D")
    head = b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    saved = (
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n"
        + head
        + page
        + b"\n--x--\n"
    )
    row = (
        "<table:table-row>"
        + "<table:table-cell><text:p>90</text:p></table:table-cell>" * 5
        + "</table:table-row>"
    )
    return found | {
        "csv": [data.replace(b"\t", b",") for data in found["tsv"]],
        "eml": [ordinary().as_bytes()],
        "mht": [saved],
        "msg": [TestOutlook.MAIL],
        "png": [_picture()],
        "ods": [calc(f'<table:table table:name="a">{row * 5}</table:table>')],
        "tar": [tar],
        "tgz": [gzip.compress(tar)],
        "xls": [xls()],
        "zip": [wholes()["zip"]],
    }


def read_through(data: bytes) -> str:
    """Read a file as a run does, with what an archive holds; says whether it was ``read`` or ``refused``."""
    try:
        known = find_format(data)
        if known.opener:
            archive = known.open(lambda: io.BytesIO(data), "file")
            for member in list(archive.members.values())[:20]:
                if member.refusal is None:
                    archive.read(member)
        if known.reader:
            for form in find_forms(known.read(data, "file")):
                zpb.check(to_record(form))
    except ReadError as refused:
        assert refused.message.zh.endswith("。") and "\n" not in refused.message.zh
        return "refused"
    return "read"


def search(kind: str, files: Seeds, seconds: float, seed: int, folder: Path) -> None:
    """Damage and read files of one format until the time is over; in a process of its own, which may end."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_BYTES, MAX_BYTES))
    os.environ["PATH"] = ""  # without LibreOffice: what it reads is not ours
    current, ends = folder / f"{kind}.current", time.monotonic() + seconds
    count = read = 0
    for data in mutated(files[kind], random.Random(seed)):
        if time.monotonic() > ends:
            break
        current.write_bytes(data)
        faulthandler.dump_traceback_later(LIMIT, exit=True)
        try:
            read += read_through(data) == "read"
        except Exception as err:  # noqa: BLE001  this is what is looked for
            keep(folder, kind, spot_of(err), data)
        faulthandler.cancel_dump_traceback_later()
        count += 1
    current.unlink(missing_ok=True)
    sys.stdout.write(f"{kind}: {count} files, {read} of them read\n")


def keep(folder: Path, kind: str, spot: str, data: bytes) -> None:
    """Write a finding, unless a smaller file has shown the same."""
    name = "".join(sign if sign.isalnum() or sign in ".-" else "-" for sign in spot.replace(", ", " "))
    path = folder / f"{name}.{kind}"
    if not path.exists() or path.stat().st_size > len(data):
        path.write_bytes(data)


def run(kinds: Iterable[str], seconds: float, seed: int, folder: Path) -> Iterator[Path]:
    """Search one format after the other; yields the findings."""
    folder.mkdir(parents=True, exist_ok=True)
    files = seeds()
    for kind in kinds or sorted(files):
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            process = multiprocessing.get_context("spawn").Process(
                target=search, args=(kind, files, left, seed, folder)
            )
            process.start()
            process.join()
            current = folder / f"{kind}.current"
            if process.exitcode == 0 or not current.exists():
                break
            # the file during which the process ended; the search goes on with others
            keep(folder, kind, f"ended {process.exitcode} {seed}", current.read_bytes())
            seed += 1
    yield from sorted(path for path in folder.iterdir() if path.suffix != ".current")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Look for files that break a reader.")
    parser.add_argument("formats", nargs="*", metavar="FORMAT")
    parser.add_argument("--seconds", type=float, default=30, help="for each format")
    parser.add_argument("--out", type=Path, default=Path("fuzz-out"), help="folder of the findings")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the same files again")
    asked = parser.parse_args()
    sys.stdout.write(f"seed {asked.seed}\n")
    found = list(run(asked.formats, asked.seconds, asked.seed, asked.out))
    sys.stdout.write("".join(f"FOUND {path}\n" for path in found) or "nothing found\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
