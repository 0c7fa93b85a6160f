"""What runs on a worker of a Dask cluster: a batch of items, each in a process that may die or be stopped.

Dask itself can neither stop a task that hangs nor keep one that crashes from taking its worker along. So a worker
hands its items to a process of its own, as the local engine does, and keeps that process for the next batch.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.process import BaseProcess
from threading import Lock, Thread, Timer
from time import monotonic, perf_counter
from typing import Any, Generic, TypeVar

from distributed import get_worker

from zipingbiao.batch.fingerprint import product_digest
from zipingbiao.engine.local import Lost, Pool

Item = TypeVar("Item")
Result = TypeVar("Result")

#: seconds after which a process that nobody gives work ends: its run is over, or the program that ran it is gone
IDLE = 30.0


# what Dask writes into its logs of a task must show neither names of files nor passwords
@dataclass(frozen=True, slots=True, repr=False)
class Job(Generic[Item, Result]):
    """What all batches of a run have in common.

    ``work`` is a function of a module; ``begin`` runs once in each process. ``timeout`` is in seconds an item.
    ``folder`` is where the paths of items begin that are not absolute. ``product`` is the digest of the product, and
    ``must_see`` are the files that each worker must be able to open.
    """

    run: str
    work: Callable[[Item], Result]
    timeout: float
    begin: Callable[[], None] | None
    folder: str
    product: bytes
    must_see: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Batch(Generic[Item, Result]):
    """Items that are done in one task."""

    job: Job[Item, Result]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Done(Generic[Result]):
    """The results of a batch, one an item, and the seconds that they took; None where this worker is no use for them.

    Then ``unseen`` are the files that it does not see, and where it sees them all, its product is another one.
    """

    outcomes: list[Result | Lost] | None
    seconds: float = 0.0
    worker: str = ""
    unseen: tuple[str, ...] = ()


def work_through(batch: Batch[Item, Result]) -> Done[Result]:
    """Do the items of a batch. Raises `EngineError` where no process can be started."""
    job = batch.job
    product, unseen = probe(job.folder, job.must_see)
    if product != job.product or unseen:
        # it has joined since all were asked, or lost its disk; its items would all seem to be missing
        return Done(None, worker=get_worker().address, unseen=unseen)
    begun = perf_counter()
    pool = _POOLS.take(job)
    try:
        tasks = [pool.schedule(item) for item in batch.items]
        outcomes = [pool.outcome(item, task) for item, task in zip(batch.items, tasks, strict=True)]
    except BaseException:
        pool.stop()
        raise
    _POOLS.give_back(job.run, pool)
    return Done(outcomes, perf_counter() - begun)


def probe(folder: str, paths: tuple[str, ...]) -> tuple[bytes, tuple[str, ...]]:
    """The digest of the product here, and which of these files cannot be seen from here."""
    return product_digest(), tuple(path for path in paths if not os.path.exists(os.path.join(folder, path)))


class _Pools:
    """The processes of this worker that wait for the next batch, by run: each has one process."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[tuple[float, Pool[Any, Any]]]] = {}
        self._lock = Lock()

    def take(self, job: Job[Any, Any]) -> Pool[Any, Any]:
        """One for a batch."""
        with self._lock:
            waiting = self._waiting.get(job.run)
            if waiting:
                return waiting.pop()[1]
        current = multiprocessing.current_process()
        if current.daemon:
            # so Dask starts its workers, and so they could have no process of their own
            current.daemon = False
        return Pool(job.work, 1, job.timeout, partial(_begin, job.folder, job.begin))

    def give_back(self, run: str, pool: Pool[Any, Any]) -> None:
        """Keep one for the next batch."""
        with self._lock:
            self._waiting.setdefault(run, []).append((monotonic(), pool))
        clock = Timer(IDLE, self._end_idle)
        clock.daemon = True
        clock.start()

    def _end_idle(self) -> None:
        oldest = monotonic() - IDLE
        with self._lock:
            ended = [pool for all_of in self._waiting.values() for since, pool in all_of if since <= oldest]
            self._waiting = {
                run: kept
                for run, all_of in self._waiting.items()
                if (kept := [one for one in all_of if one[0] > oldest])
            }
        for pool in ended:
            pool.stop()


_POOLS = _Pools()


def _begin(folder: str, begin: Callable[[], None] | None) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent,), daemon=True).start()
    with suppress(OSError):  # a worker that lacks the folder is told of when it is probed
        os.chdir(folder)
    if begin:
        begin()


def _end_with(parent: BaseProcess) -> None:
    """End this process when its worker has ended, even by force: nobody else would."""
    parent.join()
    os._exit(1)
