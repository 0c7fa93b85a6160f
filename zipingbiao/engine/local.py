"""Run a function over many items in worker processes of this machine, which may die or be stopped.

Workers are spawned on every system, so that Windows and Linux behave the same.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from enum import Enum
from functools import partial
from itertools import islice
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import Generic, NamedTuple, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from extract.document import PlainError
from zipingbiao.engine.clocks import Clocks, Told, speak_into, work_on

Item = TypeVar("Item")
Result = TypeVar("Result")

#: address space of a worker; reading a form takes a fiftieth of it
MAX_WORKER_BYTES = 2 * 1024**3
#: results that may wait, a worker, for a slow file in front of them: this bounds the memory of the parent
WINDOW = 16
#: seconds between two looks at whether the pool still lives
PATIENCE = 0.5


class Lost(Enum):
    """Why there is no result."""

    TIMEOUT = "timeout"
    DIED = "died"


class EngineError(PlainError):
    """Workers cannot be started at all."""


def run_in_pool(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    jobs: int,
    timeout: float,
    known: Callable[[Item], Result | None] = lambda item: None,
    more: Callable[[Item, Result], Sequence[Item]] = lambda item, result: (),
    begin: Callable[[], None] | None = None,
    told: Told[Item] = lambda item, step, steps: None,
) -> Generator[tuple[Item, Result | Lost], None, None]:
    """Each item with its result, or why there is none, in the order of ``items``.

    ``work`` is a function of a module, and runs in ``jobs`` processes; an item that takes longer than
    ``timeout`` seconds, or during which the process ends, costs only itself. Where ``work`` calls `clocks.say` before
    each step of a long item, each step may take that long, and ``told`` is called. ``known`` gives a result that is
    there already. ``more`` tells from a result which items it leads to: they come right behind it. These three run
    here and not in a worker. ``begin`` is a function of a module, too, and runs once in each process, in its own time.
    Raises `EngineError` where no worker can be started.
    """
    pool = Pool(work, jobs, timeout, begin, told)

    def start(item: Item) -> Callable[[], Result | Lost]:
        result = known(item)
        return partial(pool.outcome, item, pool.schedule(item)) if result is None else lambda: result

    try:
        yield from flow(start, iter(items), lambda: jobs * WINDOW, more)
    finally:
        pool.stop()


def flow(
    start: Callable[[Item], Callable[[], Result | Lost]],
    supply: Iterator[Item],
    ahead: Callable[[], int],
    more: Callable[[Item, Result], Sequence[Item]],
) -> Generator[tuple[Item, Result | Lost], None, None]:
    """The results of ``supply``; up to ``ahead()`` items are started before their results are asked for.

    ``start`` begins an item, and returns what waits for its result.
    """
    in_flight: deque[tuple[Item, Callable[[], Result | Lost]]] = deque()
    while True:
        for item in islice(supply, max(0, ahead() - len(in_flight))):
            in_flight.append((item, start(item)))
        if not in_flight:
            return
        item, wait_for_it = in_flight.popleft()
        outcome = wait_for_it()
        inner = () if isinstance(outcome, Lost) else more(item, outcome)
        yield item, outcome
        if inner:
            # what is in flight behind this item is done meanwhile, and waits
            yield from flow(start, iter(inner), ahead, more)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Threads and processes that start here are never told of Ctrl-C: the main thread is, and ends them."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # which would let signals through again, once it starts by itself
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Task(NamedTuple, Generic[Result]):
    """A task, and the pool it was given to; ``future`` is None where the pool was found broken."""

    pool: ProcessPool
    future: ProcessFuture[Result] | None
    number: int


class Pool(Generic[Item, Result]):
    """A pebble pool that is replaced when it breaks.

    It breaks when a worker ends while no task runs: then nobody knows which of the waiting items did it, so
    each of them is run once more in a pool of its own.
    """

    def __init__(
        self,
        work: Callable[[Item], Result],
        jobs: int,
        timeout: float,
        begin: Callable[[], None] | None,
        told: Told[Item] = lambda item, step, steps: None,
    ) -> None:
        self._work = work
        self._begin = begin
        self._jobs = jobs
        self._clocks = Clocks(timeout, told)
        self._has_worked = False
        self._pool = self._open(jobs)

    def _open(self, jobs: int) -> ProcessPool:
        return ProcessPool(
            max_workers=jobs,
            initializer=_settle,
            # the work comes along so that its modules are imported before, not during, the first task
            initargs=(MAX_WORKER_BYTES, self._clocks.line, self._begin, self._work),
            context=multiprocessing.get_context("spawn"),
        )

    @uninterrupted()
    def schedule(self, item: Item) -> _Task[Result]:
        """Give an item to the pool."""
        if not self._pool.active:
            _stop(self._pool)
            self._pool = self._open(self._jobs)
        return self._schedule(self._pool, item)

    def _schedule(self, pool: ProcessPool, item: Item) -> _Task[Result]:
        number = self._clocks.number()
        try:
            future = pool.schedule(work_on, args=(self._work, number, item))
        except RuntimeError:  # it is broken already
            return _Task(pool, None, number)
        self._clocks.add(number, item, future)
        return _Task(pool, future, number)

    def outcome(self, item: Item, task: _Task[Result]) -> Result | Lost:
        """Wait for a result; where a process ended before there was one, try once more in one of the item's own.

        The pool may blame the wrong item: the one before, whose result was on its way when the process ended.
        """
        outcome = self._wait(task)
        return self._alone(item) if outcome is None else outcome

    def _wait(self, task: _Task[Result]) -> Result | Lost | None:
        """None where the process, or the whole pool, ended before there was a result."""
        while task.future is not None and not wait([task.future], PATIENCE).done:
            if not task.pool.active:
                break
            self._clocks.look()
        has_ended = self._clocks.remove(task.number)
        if task.future is None or not task.future.done():
            return None
        if task.future.cancelled():
            self._has_worked = True
            return None if has_ended else Lost.TIMEOUT
        error = task.future.exception()
        if isinstance(error, BrokenProcessPool):
            return None
        self._has_worked = True
        if isinstance(error, ProcessExpired):
            return None
        if error is None:
            return task.future.result()
        return Lost.DIED

    def _alone(self, item: Item) -> Result | Lost:
        """Run an item in a process of its own."""
        pool = self._open(1)
        try:
            with uninterrupted():
                task = self._schedule(pool, item)
            outcome = self._wait(task)
        finally:
            _stop(pool)
        if outcome is None and not self._has_worked:
            raise EngineError(
                "无法启动工作进程；在脚本中调用 run() 时，请放在 if __name__ == '__main__' 之下，或用 jobs=1。",
                "Worker processes cannot be started; in a script, call run() under if __name__ == '__main__', "
                "or with jobs=1.",
            )
        return Lost.DIED if outcome is None else outcome

    def stop(self) -> None:
        """End all workers, whatever they do."""
        _stop(self._pool)
        self._clocks.close()


def _stop(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it bare
    pool.join()


def _settle(
    most_bytes: int, line: Connection, begin: Callable[[], None] | None, work: Callable[[Item], Result]
) -> None:
    """Begin a worker; from now on memory is bounded, where the system can do that."""
    speak_into(line)
    if begin:
        begin()
    try:
        import resource
    except ImportError:  # Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    allowed = most_bytes if hard == resource.RLIM_INFINITY else min(most_bytes, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))
    except (ValueError, OSError):  # macOS has the constant, and refuses the limit
        return
