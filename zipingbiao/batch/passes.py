"""The two passes of a run over its files: look at each as soon as it is read, and amend it once all are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from zipingbiao.batch.gist import Asked, gist_of
from zipingbiao.batch.inputs import shown
from zipingbiao.batch.packed import Packed
from zipingbiao.batch.stages import Stage, Twins, amended
from zipingbiao.batch.store import Store
from zipingbiao.batch.unknown import UnknownLabels
from zipingbiao.columns import TABLES
from zipingbiao.tables import Rows


def look(
    all_read: Iterable[tuple[str, Packed]],
    store: Store,
    stages: Sequence[Stage],
    asked: Asked,
    append: Callable[[Mapping[str, bytes]], None] = lambda texts: None,
) -> Iterator[int]:
    """The first pass: keep each file, show it to the stages, and ``append`` the rows that no stage amends.

    Yields how many files are through.
    """
    twins = Twins()
    looked_at = [name for name in TABLES if any(name in stage.looks_at for stage in stages)]
    for count, (path, file) in enumerate(all_read, 1):
        store.add(path, file)
        twin = twins.next(shown(path), file.sha256)
        gist = file.gist if twin.is_plain else None  # which does not know the names that tell it apart
        tables = TABLES if gist is None else looked_at
        rows = twin.told_apart(file.rows(path, tables)) if tables else {}
        gist = gist or gist_of(rows, asked)
        append(gist.texts)
        for stage in stages:
            stage.look(rows, gist.facts)
        yield count


def amend(store: Store, stages: Sequence[Stage], asked: Asked) -> Iterator[Rows]:
    """The second pass: the rows of each file that the first has not written, and last those that stand for all files."""
    twins, unknown = Twins(), UnknownLabels()
    for rows in store.rows([name for name in TABLES if name not in asked.tables]):
        yield unknown.taken_from(amended(twins.apart(rows), stages))
    yield unknown.rows()
