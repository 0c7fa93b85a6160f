"""Measure how labels with noise are read: ``python benchmarks/labels.py`` prints the table, and what is read wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

import label_noise  # noqa: E402
from label_noise import Noisy, Tally  # noqa: E402

#: of each kind
MOST = 1000
SEED = 2020

INTRODUCTION = f"""\
Every alias of the schema, in its scope, with one edit of a kind; up to {MOST} of each kind are drawn (seed {SEED}). The
words, signs and look-alikes are in `tests/label_noise.toml`, which the product does not read: its own tables overlap with
them, but the look-alikes come from a poorer print than its own. Labels of three characters and fewer are only laid out in
other ways, and no character is lost that alone tells fields apart (未, 率, 及). What is itself a label of another field is
not counted; what could as well be another field's label with such an edit is *open*: refused, or read as either, it is
right. Read as any other field it is *wrong*. *Unknown* labels are named extras and signalled (READ01).
"""


def measured() -> list[tuple[str, Tally, list[tuple[Noisy, str]]]]:
    """For each kind how it is read, and which labels are read wrong, and as what."""
    return [(kind, *label_noise.tally(labels)) for kind, labels in label_noise.sample(MOST, SEED).items()]


def noisy_labels() -> Iterator[str]:
    """The section of the results."""
    yield INTRODUCTION
    yield "| noise | labels | right | unknown | wrong | open |"
    yield "|---|---|---|---|---|---|"
    tallies = []
    for kind, tally, _ in measured():
        tallies.append(tally)
        yield f"| {kind} | {tally.count} | {tally.right} | {tally.unknown} | {tally.wrong} | {tally.open} |"
    right, wrong = (sum(getattr(one, name) for one in tallies) for name in ("right", "wrong"))
    count = sum(one.count for one in tallies)
    yield ""
    yield f"Precision {right / (right + wrong):.4f}, recall {right / count:.4f}."
    yield ""
    alone = [(field, match.field if match else "") for _, _, field, match in label_noise.left_out()]
    found, lost = sum(field == other for field, other in alone), sum(not other for _, other in alone)
    yield (
        f"Each label left out of the schema in turn: of {len(alone)}, the others name the field of {found}, "
        f"say nothing about {lost}, and name another field for {len(alone) - found - lost}."
    )


def main() -> None:
    """Print the section, and the labels that are read wrong."""
    sys.stdout.write("\n".join(noisy_labels()) + "\n")
    for kind, _, wrong in measured():
        for one, field in wrong:
            meant = " or ".join(sorted(one.fields))
            sys.stdout.write(f"{kind}: {one.scope} {one.label} → {one.text!r}: {field}, not {meant}\n")


if __name__ == "__main__":
    main()
