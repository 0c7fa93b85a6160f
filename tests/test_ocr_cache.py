"""What was recognized on a page is known again, whatever file it stands in, and never in place of another page."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import ofd_builder
import pytest
import scans
from PIL import Image

import zipingbiao as zpb
from extract.document import Document, Grid
from extract.ocr import memory, recognize
from extract.ocr.memory import forget_pages, remembering
from extract.ocr.page import Sight
from extract.ocr.picture import read_picture
from extract.pdf.read import read_pdf
from zipingbiao.batch.progress import Progress
from zipingbiao.batch.store import MEMORY, PAGES


@pytest.fixture
def recognized(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The number of each page that was recognized and not remembered."""
    pages: list[int] = []
    real = recognize._recognize

    def counting(picture: scans.Picture, scale: float, number: int) -> Sight:
        pages.append(number)
        return real(picture, scale, number)

    monkeypatch.setattr(recognize, "_recognize", counting)
    return pages


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "pages"


def part(first: int, last: int) -> scans.Picture:
    """Some rows of the page, on a sheet of their own: enough text, and quickly read."""
    page = scans.page()
    sheet = np.full((900, page.shape[1], 3), 255, np.uint8)
    sheet[60 : 60 + last - first] = page[first:last]
    return sheet


TOP, HEAD = part(150, 700), part(150, 500)


def content(document: Document) -> list[object]:
    """All texts with their places and confidence."""
    found: list[object] = []
    for block in document.blocks:
        cells = block.cells() if isinstance(block, Grid) else [block]
        found += [(cell.text, cell.where._replace(source=""), cell.confidence) for cell in cells]
    return found


def kept(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_page_is_recognized_once_whatever_the_file(folder: Path, recognized: list[int]) -> None:
    with remembering(folder):
        first = read_pdf(scans.as_pdf(TOP), "a.pdf")
        again = read_pdf(scans.as_pdf(TOP), "b.pdf")
        second = read_pdf(scans.as_pdf(HEAD, TOP), "c.pdf")
    assert recognized == [1, 1]  # the page, and the new one before it in the third file
    assert content(first) == content(again) and len(content(first)) > 10
    assert again.notes == first.notes
    assert {where.page for _, where, _ in content(second)} == {1, 2}


def test_a_picture_and_an_ofd_are_remembered_as_well(folder: Path, recognized: list[int]) -> None:
    with remembering(folder):
        png = [content(read_picture(scans.as_file(TOP), "a.png")) for _ in range(2)]
        data = ofd_builder.scans(scans.as_file(TOP))
        ofd = [content(ofd_builder.read_ofd(data, "a.ofd")) for _ in range(2)]
    assert recognized == [1, 1]
    assert png[0] == png[1] and ofd[0] == ofd[1]


def test_a_page_that_differs_by_a_digit_is_another_one(folder: Path, recognized: list[int]) -> None:
    other = TOP.copy()
    other[430:440, 1200:1210] = 0
    with remembering(folder):
        for picture in (TOP, other):
            read_picture(scans.as_file(picture), "a.png")
    assert len(recognized) == 2 == len(kept(folder))


def test_what_another_version_recognized_does_not_count(
    folder: Path, recognized: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with remembering(folder):
        read_picture(scans.as_file(HEAD), "a.png")
        monkeypatch.setattr(memory, "_version", lambda: b"another network")
        read_picture(scans.as_file(HEAD), "a.png")
    assert len(recognized) == 2


def sealed(body: bytes) -> bytes:
    """As if it had been kept."""
    return memory.hashlib.sha256(body).digest() + body


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: bytes(200),
        lambda data: data[:100] + b"?" + data[101:],
        lambda data: sealed(b"no zlib"),
        lambda data: sealed(memory.zlib.compress(b"{}")),
        lambda data: sealed(memory.zlib.compress(b'{"runs": [1]')),
        lambda data: sealed(memory.zlib.compress(b'{"runs": [[1]], "rules": 3, "size": 1}')),
    ],
)
def test_what_is_damaged_is_recognized_anew_and_mended(
    spoil: object, folder: Path, recognized: list[int]
) -> None:
    assert callable(spoil)
    with remembering(folder):
        first = read_picture(scans.as_file(HEAD), "a.png")
        (path,) = kept(folder)
        path.write_bytes(spoil(path.read_bytes()))
        again = read_picture(scans.as_file(HEAD), "a.png")
        read_picture(scans.as_file(HEAD), "a.png")
    assert content(first) == content(again)
    assert len(recognized) == 2


def test_where_nothing_can_be_kept_all_is_read_as_ever(tmp_path: Path, recognized: list[int]) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    for folder in (tmp_path / "not there" / "pages", blocked / "pages", blocked, None):
        with remembering(folder):
            assert content(read_picture(scans.as_file(HEAD), "a.png"))
    assert len(recognized) == 4
    assert list(tmp_path.iterdir()) == [blocked]


def test_no_more_is_kept_than_the_bound_and_what_was_used_last_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = tmp_path / "pages" / "ab"
    sight = recognize.recognize(HEAD, scans.SCALE, 1)
    memory._keep(shelf / "first", sight)
    size = (shelf / "first").stat().st_size
    monkeypatch.setattr(memory, "_MOST_BYTES", 3 * size + 10)
    for age, name in enumerate(("first", "second", "third")):
        memory._keep(shelf / name, sight)
        memory.os.utime(shelf / name, (1000 + age, 1000 + age))
    assert memory._recall(shelf / "first", 1) == sight  # which is now the newest
    memory._keep(shelf / "fourth", sight)
    assert {path.name for path in kept(shelf)} == {"first", "third", "fourth"}


def test_a_page_comes_back_as_it_was(tmp_path: Path) -> None:
    sight = recognize.recognize(TOP, scans.SCALE, 3)
    memory._keep(tmp_path / "pages" / "ab" / "c", sight)
    assert memory._recall(tmp_path / "pages" / "ab" / "c", 3) == sight
    other = memory._recall(tmp_path / "pages" / "ab" / "c", 8)
    assert other is not None and other.page.number == 8


# --- in a run


def write_scans(folder: Path, **files: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / f"{name}.pdf").write_bytes(data)
    return folder


def sources(out: Path) -> dict[str, str]:
    with (out / "sources.csv").open(encoding="utf-8-sig", newline="") as file:
        return {Path(row["source"]).stem: row["status"] for row in csv.DictReader(file)}


def test_a_run_knows_the_pages_of_the_one_before(tmp_path: Path, recognized: list[int]) -> None:
    forms, out = write_scans(tmp_path / "in", a=scans.as_pdf(TOP)), tmp_path / "out"
    zpb.run(forms, out=out, tables=["csv"])
    assert len(recognized) == 1
    # another page behind it: the file has changed, its first page has not
    write_scans(forms, a=scans.as_pdf(TOP, HEAD))
    zpb.run(forms, out=out, tables=["csv"])
    assert recognized == [1, 2]
    zpb.run(forms, out=out, tables=["csv"], fresh=True)
    assert recognized == [1, 2, 1, 2]
    assert len(kept(out / PAGES)) == 2


def test_a_run_without_a_folder_keeps_nothing(tmp_path: Path, recognized: list[int]) -> None:
    forms = write_scans(tmp_path / "in", a=scans.as_pdf(HEAD))
    zpb.run(forms)
    assert len(recognized) == 1 and list(tmp_path.iterdir()) == [forms]


def test_with_redact_nothing_is_kept_and_what_was_is_removed(tmp_path: Path, recognized: list[int]) -> None:
    forms, out = write_scans(tmp_path / "in", a=scans.as_pdf(HEAD)), tmp_path / "out"
    zpb.run(forms, out=out, tables=["csv"])
    assert kept(out / PAGES)
    zpb.run(forms, out=out, tables=["csv"], redact=True)
    assert len(recognized) == 2
    assert not (out / PAGES).exists() and not (out / MEMORY).exists()


def test_to_forget_what_was_never_kept_is_no_error(tmp_path: Path) -> None:
    forget_pages(tmp_path / "pages")


def test_a_run_in_workers_tells_the_pages_and_keeps_them_all(tmp_path: Path) -> None:
    pages = [scans.leaning(HEAD, 0.2 * turn) for turn in range(8)]
    forms, out = write_scans(tmp_path / "in", scan=scans.as_pdf(*pages)), tmp_path / "out"
    told: list[Progress] = []
    zpb.run(forms, out=out, tables=["csv"], isolate=True, progress=told.append)
    said = [progress.scan for progress in told if progress.scan is not None]
    assert said and {Path(scan.file).name for scan in said} == {"scan.pdf"}
    assert [scan.page for scan in said] == sorted({scan.page for scan in said})
    assert {scan.pages for scan in said} == {8}
    assert sources(out)["scan"] != "failed"
    assert len(kept(out / PAGES)) == 8


@pytest.mark.parametrize("redact", [False, True])
def test_in_this_process_each_page_is_told_and_redact_names_no_file(redact: bool, tmp_path: Path) -> None:
    tiff = io.BytesIO()
    first, second = Image.fromarray(HEAD), Image.fromarray(TOP)
    first.save(tiff, "TIFF", save_all=True, append_images=[second])
    (tmp_path / "张三.tif").write_bytes(tiff.getvalue())
    told: list[Progress] = []
    zpb.run(tmp_path / "张三.tif", progress=told.append, redact=redact)
    said = [progress.scan for progress in told if progress.scan is not None]
    assert [(scan.page, scan.pages) for scan in said] == [(1, 2), (2, 2)]
    assert {Path(scan.file).name for scan in said} == ({""} if redact else {"张三.tif"})
