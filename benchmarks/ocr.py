"""How right recognized text is: a table of what was done to a page against the fields and numbers that came out.

    python benchmarks/ocr.py [-v] [WORDS OF A ROW...]

Forms that honest offices filled in, each in a layout of its own, and two of ``samples`` are printed on A4, a table
that is too long going on over the page; then the pages are treated as scanners, seals and telephones treat paper, and
read as pictures. The truth is what is read from the PDF itself. A number is *wrong* where another one was read, or
one where there is none; it is *silent* where neither READ01 nor READ04 points at its cell. ``-v`` names each.
"""

from __future__ import annotations

import difflib
import re
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "benchmarks")]

import scans  # noqa: E402
from printed import WIDTH, Form, Sheet, forms, record_of  # noqa: E402

from extract.document import Bilingual  # noqa: E402
from extract.ocr.recognize import recognize  # noqa: E402
from extract.pdf.flow import Flow  # noqa: E402
from normalize.record import Entry, Record  # noqa: E402
from zipingbiao.pipeline import check  # noqa: E402

FUNDS = ("budget_initial", "budget_adjusted", "received", "executed", "execution_rate", "weight", "score")
VALUES = ("target", "actual", "weight", "score")

Key = tuple[str, ...]


Treat = Callable[[Sheet], scans.Picture]


def just(*ways: Callable[[scans.Picture], scans.Picture]) -> Treat:
    """A treatment that needs not know where cells are: one way after the other."""

    def treat(sheet: Sheet) -> scans.Picture:
        picture = sheet.picture
        for way in ways:
            picture = way(picture)
        return picture

    return treat


def sealed(sheet: Sheet, **ink: object) -> scans.Picture:
    """Seals over the total, the middle of the scores, and the score of the funds."""
    picture = sheet.picture
    for x, y in sheet.spots:
        picture = scans.stamped(picture, x, y, **ink)
    return picture


def signed(sheet: Sheet) -> scans.Picture:
    """A signature over the cells where seals go otherwise."""
    picture = sheet.picture
    for x, y in sheet.spots:
        picture = scans.signed(picture, x, y)
    return picture


TREATMENTS: dict[str, Treat] = {
    "200 dpi": just(),
    "100 dpi": just(partial(scans.at_dpi, dpi=100)),
    "150 dpi": just(partial(scans.at_dpi, dpi=150)),
    "300 dpi": just(partial(scans.at_dpi, dpi=300)),
    "JPEG quality 40": just(partial(scans.through_jpeg, quality=40)),
    "skew 3°, noise": just(partial(scans.leaning, degrees=3.0), scans.noisy),
    "upside down": just(lambda page: np.ascontiguousarray(np.rot90(page, 2))),
    "quarter turn": just(lambda page: np.ascontiguousarray(np.rot90(page))),
    "shadow": just(scans.shadowed),
    "telephone: slant, shadow, JPEG 60": just(
        scans.photographed, scans.shadowed, partial(scans.through_jpeg, quality=60)
    ),
    "moiré, noise": just(scans.screened, scans.noisy),
    "fax: black and white": just(scans.faxed),
    "red seals": sealed,
    "red seals, JPEG 40": lambda sheet: scans.through_jpeg(sealed(sheet), 40),
    "blue seals": partial(sealed, colour=scans.BLUE),
    "signature over cells": signed,
    "pale thin lines": lambda sheet: scans.ruled(sheet.picture, sheet.cells, "pale"),
    "broken lines": lambda sheet: scans.ruled(sheet.picture, sheet.cells, "broken"),
    "no lines": lambda sheet: scans.ruled(sheet.picture, sheet.cells, "none"),
}


def read_sheets(pictures: Iterable[scans.Picture]) -> Record | None:
    """The form on some pages; None where none was found."""
    flow = Flow("scan")
    for number, picture in enumerate(pictures, start=1):
        sight = recognize(picture, max(picture.shape[:2]) / WIDTH, number)
        flow.add(sight.page, sight.pieces)
    return record_of(flow.document((Bilingual("", ""),)))


def plain(text: str) -> str:
    """Signs that print alike counted as one, and no blanks."""
    text = "".join(unicodedata.normalize("NFKC", text).split())
    for one, other in (
        (">=", "≥"),
        ("<=", "≤"),
        ("⩾", "≥"),
        ("⩽", "≤"),
        ("—", "-"),
        ("－", "-"),
        ("……", "…"),
    ):
        text = text.replace(one, other)
    return text


def _value(entry: Entry[object] | None) -> object:
    """A number, the numbers of a target or an actual value with what stands before and behind, or nothing."""
    if entry is None:
        return None
    if isinstance(entry.value, Decimal | int):
        return entry.value
    found = re.findall(r"[≥≤<>=%]|\d+(?:\.\d+)?", plain(entry.raw).replace(",", ""))
    return tuple(found) if any(one[0].isdecimal() for one in found) else None


def fields(record: Record) -> Iterator[tuple[Key, Entry[object], bool]]:
    """All entries but those of indicators, and whether a number belongs there."""
    if record.year is not None:
        yield ("year",), record.year, True
    for name, entry in record.heading.items():
        yield ("head", name), entry, False
    lines: Counter[str] = Counter()
    for line in record.funds:
        item = line.item or plain(line.label.raw)
        lines[item] += 1
        for name in FUNDS:
            if (amount := getattr(line, name)) is not None:
                yield ("fund", f"{item} {lines[item]}", name), amount, True
    for name in ("weight", "score"):
        if (points := getattr(record.total, name)) is not None:
            yield ("total", name), points, True


def pairs(
    truth: Record, got: Record | None
) -> Iterator[tuple[Key, Entry[object] | None, Entry[object] | None, bool]]:
    """Each entry of the truth with the one that was read; then numbers where there should be none."""
    read = {key: (entry, is_number) for key, entry, is_number in fields(got)} if got else {}
    for key, entry, is_number in fields(truth):
        yield key, entry, read.pop(key, (None, False))[0], is_number
    for key, (more, is_number) in read.items():
        if is_number:
            yield key, None, more, True
    ours, theirs = truth.indicators, got.indicators if got else ()
    names = [one.name for one in ours], [one.name for one in theirs]
    matched: dict[int, int] = {}
    for kind, a, b, c, d in difflib.SequenceMatcher(None, *names, autojunk=False).get_opcodes():
        if kind in ("equal", "replace"):
            matched |= dict(zip(range(a, b), range(c, d), strict=False))
    for at, one in enumerate(ours):
        other = theirs[matched[at]] if at in matched else None
        yield ("indicator", one.name, "name"), one.name_entry, other.name_entry if other else None, False
        for name in VALUES:
            entry = getattr(one, name)
            if entry is not None:
                yield (
                    ("indicator", one.name, name),
                    entry,
                    getattr(other, name, None),
                    _value(entry) is not None,
                )


def compare(form: Form, got: Record | None, verbose: bool) -> Counter[str]:
    """How many fields there are and are right; numbers that are right, lost, wrong and silent."""
    named = (
        {cell for one in check(got, select=["READ01", "READ04"]) for cell in one.problem.cells}
        if got
        else set()
    )
    counts: Counter[str] = Counter()
    for key, want, have, is_number in pairs(form.truth, got):
        wanted, was = _value(want), _value(have)
        if not is_number or (wanted is None and was is None):
            counts["fields"] += want is not None
            counts["right"] += want is not None and have is not None and plain(have.raw) == plain(want.raw)
            continue
        counts["fields"] += 1
        counts["right"] += wanted == was
        if wanted is not None:
            counts["numbers"] += 1
        if isinstance(wanted, Decimal) and isinstance(was, tuple):
            was = None  # READ02 says of this text that it is no number
        what = "exact" if wanted == was else "lost" if was is None else "wrong"
        silent = what == "wrong" and have is not None and have.cell not in named
        counts.update([what] if wanted is not None or what == "wrong" else [])
        counts["silent"] += silent
        if verbose and what != "exact":
            said = (
                f"  {form.name} {' '.join(key)}: {wanted} {what}{' IN SILENCE' if silent else ''}, read {was}"
            )
            sys.stderr.write(f"{said} {have.cell.confidence if have else ''}\n")
    return counts


def main() -> None:
    """Print the table."""
    verbose, words = "-v" in sys.argv, [word for word in sys.argv[1:] if word != "-v"]
    printed = list(forms())
    sys.stdout.write(
        "| page | fields right | numbers right | lost | wrong | wrong and silent | seconds a page |\n"
    )
    sys.stdout.write("|---|--:|--:|--:|--:|--:|--:|\n")
    for name, treat in TREATMENTS.items():
        if words and not any(word in name for word in words):
            continue
        sum_: Counter[str] = Counter()
        spent = 0.0
        for form in printed:
            pictures = [treat(sheet) for sheet in form.sheets]
            begun = time.process_time()
            got = read_sheets(pictures)
            spent += time.process_time() - begun
            sum_ += compare(form, got, verbose)
        pages = sum(len(form.sheets) for form in printed)
        fields_right, exact = sum_["right"] / sum_["fields"], sum_["exact"] / sum_["numbers"]
        sys.stdout.write(
            f"| {name} | {100 * fields_right:.1f} % | {100 * exact:.1f} % of {sum_['numbers']} | {sum_['lost']} "
            f"| {sum_['wrong']} | {sum_['silent']} | {spent / pages:.1f} |\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
