"""Read files one after another, in this process or in others, and the files in archives right behind them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from extract.archives.members import forget_archives
from extract.cores import cores
from extract.document import Bilingual
from extract.ocr.choice import use_threads
from extract.ocr.telling import Teller, telling
from zipingbiao.batch.gist import NOTHING, Asked, early_gist_of
from zipingbiao.batch.inputs import may_hold_files, on_shared_disks, size_of
from zipingbiao.batch.packed import Packed
from zipingbiao.batch.unpacking import Unpacking
from zipingbiao.engine.clocks import Told, say
from zipingbiao.pipeline import Settings, prepare, read_source, rows_of_lost

if TYPE_CHECKING:
    from zipingbiao.engine.local import Lost

DIED = Bilingual(
    "读取时程序异常终止（可能内存不足，或文件有意破坏）；其他文件不受影响。",
    "Reading it ended the process (out of memory, or a file made to do harm); no other file is affected.",
)

#: what is already known of a file, or None
Known = Callable[[str], Packed | None]


def read_packed(path: str, settings: Settings, asked: Asked = NOTHING, teller: Teller = say) -> Packed:
    """Read a file; never raises for anything about it. ``teller`` is told which of its pages is recognized."""
    with telling(teller):
        reading = read_source(path, settings)
    gist = early_gist_of(reading.rows, asked)
    return Packed.of(path, reading.rows, reading.members, reading.unpacked, gist)


def read_all(
    files: Sequence[str],
    settings: Settings,
    asked: Asked,
    known: Known,
    unpacking: Unpacking,
    *,
    jobs: int,
    timeout: float,
    isolate: bool,
    engine: str = "local",
    scheduler: str | None = None,
    told: Told[str] = lambda path, page, pages: None,
) -> Generator[tuple[str, Packed], None, None]:
    """Each file, read or known, in order; an archive's members come right behind it.

    More than one of ``jobs``, or ``isolate``, read in processes of their own, where a file that takes longer
    than ``timeout`` seconds is given up; so does the ``engine`` ``dask``, on the cluster of ``scheduler``. Of a scan,
    each page may take that long, and but for a cluster, ``told`` is called with its file, the page, and how many there
    are.
    """
    work = partial(read_packed, settings=settings, asked=asked)
    if not files or (jobs <= 1 and not isolate and engine == "local"):
        try:
            yield from _read_here(
                files,
                lambda path: work(path, teller=partial(told, path)),
                known,
                unpacking,
                settings.lang,
            )
        finally:
            forget_archives()
        return
    from zipingbiao.engine.local import Lost

    too_slow = Bilingual(
        f"读取超过 {timeout:g} 秒（扫描件为一页超过），已中止；请检查文件，或用 --timeout 放宽时限。",
        f"Reading it, or one page of a scan, took more than {timeout:g} seconds and was stopped; check the file, or "
        "raise --timeout.",
    )
    why = {Lost.TIMEOUT: too_slow, Lost.DIED: DIED}
    # a single archive may hold work for all
    jobs = jobs if any(map(may_hold_files, files[:jobs])) else min(jobs, len(files))
    run = _cluster(files, settings, scheduler) if engine == "dask" else _pool(told, jobs)
    for path, outcome in run(work, files, jobs=jobs, timeout=timeout, known=known, more=unpacking.members):
        if isinstance(outcome, Lost):
            yield path, Packed.of(path, rows_of_lost(path, why[outcome], settings.lang))
        else:
            yield path, unpacking.judged(path, outcome, settings.lang)


def _pool(told: Told[str], jobs: int) -> Callable[..., Generator[tuple[str, Packed | Lost], None, None]]:
    from zipingbiao.engine.local import run_in_pool

    return partial(run_in_pool, told=told, begin=partial(_begin, max(cores() // jobs, 1)))


def _begin(threads: int) -> None:
    """Begin a process that may read pictures with so many threads."""
    use_threads(threads)
    prepare()
    # a form makes very many small objects and few circles of them: to look for those less often saves a twentieth
    gc.freeze()
    gc.set_threshold(20_000)


def _cluster(
    files: Sequence[str], settings: Settings, scheduler: str | None
) -> Callable[..., Generator[tuple[str, Packed | Lost], None, None]]:
    from zipingbiao.engine.dask import run_on_dask

    must_see = on_shared_disks([*filter(None, [settings.policy]), *files[:1]])
    return partial(run_on_dask, scheduler=scheduler, size_of=size_of, must_see=must_see, begin=prepare)


def _read_here(
    files: Sequence[str], work: Callable[[str], Packed], known: Known, unpacking: Unpacking, lang: str
) -> Generator[tuple[str, Packed], None, None]:
    """As `read_all`, in this process."""
    for path in files:
        file = known(path) or work(path)
        members = unpacking.members(path, file)
        yield path, unpacking.judged(path, file, lang)
        yield from _read_here(members, work, known, unpacking, lang)
