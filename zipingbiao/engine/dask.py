"""Run a function over many items on a Dask cluster: in batches, with results in the order of the items.

Without the address of a scheduler, a cluster of this machine's processes is begun for the run.
"""

from __future__ import annotations

import logging
import os
import uuid
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from importlib.util import find_spec
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from zipingbiao.batch.fingerprint import product_digest
from zipingbiao.engine.dask_errors import blind, losses, other_version, require_scheduler, unreachable
from zipingbiao.engine.local import EngineError, Lost, flow, uninterrupted

if TYPE_CHECKING:
    from distributed import Client, Future

    from zipingbiao.engine.dask_worker import Job

Item = TypeVar("Item")
Result = TypeVar("Result")

#: what a batch is to take: the scheduler then has one thing to do where a worker has a hundred
BATCH_SECONDS = 1.0
#: items, and bytes of them, in a batch; the first batches are small, and tell how long an item takes
FIRST_ITEMS, MAX_ITEMS, MAX_BYTES = 8, 512, 64_000_000
#: batches that are under way, a thread of the cluster: so many wait behind a slow file. Their results wait on the
#: workers, so that the memory of this process is bounded by one batch
FIRST_AHEAD, AHEAD = 3, 32
#: seconds between two looks at the cluster, and seconds that it may be without any worker
PATIENCE, NO_WORKER = 10.0, 300.0
#: seconds within which a scheduler must answer
ANSWER = 10.0
#: how often all workers are asked what they have
TRIES = 3
#: of a cluster on this machine: how often a batch, and then each of its items alone, may take a worker along, and no
#: web page about it. Other clusters are set up by whoever keeps them
OWN_CLUSTER = {
    "distributed.scheduler.allowed-failures": 1,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}


def run_on_dask(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    scheduler: str | None,
    jobs: int,
    timeout: float,
    size_of: Callable[[Item], int] = lambda item: 0,
    must_see: Sequence[str] = (),
    known: Callable[[Item], Result | None] = lambda item: None,
    more: Callable[[Item, Result], Sequence[Item]] = lambda item, result: (),
    begin: Callable[[], None] | None = None,
) -> Generator[tuple[Item, Result | Lost], None, None]:
    """Each item with its result, or why there is none, in the order of ``items``: as `run_in_pool`, on a cluster.

    ``scheduler`` is the address of the cluster's scheduler, such as ``tcp://10.0.0.5:8786``; without it, ``jobs``
    workers are started on this machine. ``size_of`` gives the bytes of an item, by which batches are bounded.
    ``must_see`` are files that each worker must be able to open under the same path. Raises `EngineError` for a
    cluster that cannot be used, or is lost meanwhile.
    """
    if not all(map(find_spec, ("distributed", "cryptography"))):
        raise EngineError(
            '分布式运行需要另装组件：pip install "zipingbiao[dask]"。',
            'Running on a cluster needs one more package: pip install "zipingbiao[dask]".',
        )
    from zipingbiao.engine.dask_worker import Job

    job = Job(uuid.uuid4().hex, work, timeout, begin, os.getcwd(), product_digest(), tuple(must_see))
    with _connected(scheduler, jobs) as client:
        _require_alike(client, job)
        batches = _Batches(client, job, size_of)

        def start(item: Item) -> Callable[[], Result | Lost]:
            result = known(item)
            return batches.take(item) if result is None else lambda: result

        yield from flow(start, iter(items), lambda: batches.ahead, more)


@contextmanager
def _connected(scheduler: str | None, jobs: int) -> Iterator[Client]:
    """A client of a cluster that has workers."""
    import dask
    from distributed import Client, LocalCluster

    with ExitStack() as ends:
        ends.enter_context(_silent())
        target: LocalCluster | str
        if scheduler:
            require_scheduler(scheduler, ANSWER)
            target = scheduler
        else:
            ends.enter_context(dask.config.set(OWN_CLUSTER))
            with uninterrupted():
                target = ends.enter_context(
                    LocalCluster(
                        n_workers=jobs,
                        threads_per_worker=1,
                        # nobody else's business, on other machines or on this one
                        host="127.0.0.1",
                        security=True,
                        dashboard_address="127.0.0.1:0",
                        scheduler_kwargs={"dashboard": False},
                        silence_logs=logging.CRITICAL,
                    )
                )
        try:
            with uninterrupted():
                client = ends.enter_context(Client(target, set_as_default=False, name="zipingbiao"))
            client.wait_for_workers(1, NO_WORKER)
        except (OSError, ValueError, TypeError, ImportError) as err:
            raise unreachable(scheduler, err, NO_WORKER) from err
        yield client


@contextmanager
def _silent() -> Iterator[None]:
    """Whatever ends a run is said in one sentence, and not in Dask's logs as well."""
    # Dask gives several of its loggers a level of their own
    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


def _require_alike(client: Client, job: Job[Any, Any]) -> None:
    """Raise `EngineError` unless each worker has the same product, and sees the same files."""
    from zipingbiao.engine.dask_worker import probe

    # a worker that lacks the product cannot even be asked, and one that has just been lost does not answer
    said: dict[str, object] = {}
    for _ in range(TRIES):
        # Dask trips over one that is lost while it is asked; whoever is not asked here is when it gets a batch
        with suppress(AssertionError):
            said = client.run(probe, job.folder, job.must_see, on_error="return")
            break
    for worker, answer in said.items():
        if isinstance(answer, OSError):
            continue
        if not isinstance(answer, tuple) or answer[0] != job.product:
            raise other_version(worker)
        if answer[1]:
            raise blind(worker, answer[1][0])


class _Batch(Generic[Item, Result]):
    """Items that go to a worker together; ``future`` is None as long as more are waited for."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self.items = list(items)
        self.bytes = 0
        self.future: Future | None = None
        self.outcomes: list[Result | Lost] | None = None


class _Batches(Generic[Item, Result]):
    """Puts items together into batches, sends these, and waits for their results."""

    def __init__(self, client: Client, job: Job[Item, Result], size_of: Callable[[Item], int]) -> None:
        self._client = client
        self._job = job
        self._size_of = size_of
        self._open: _Batch[Item, Result] = _Batch()
        self._under_way: set[Future] = set()
        self._sent = 0
        #: how many items a batch has
        self._items = FIRST_ITEMS
        self._ahead = FIRST_AHEAD
        self._threads, self._counted = 1, -NO_WORKER
        self._had_workers = monotonic()

    @property
    def ahead(self) -> int:
        """How many items may be under way, on as many workers as there are now."""
        if monotonic() - self._counted > PATIENCE:
            self._look_at_cluster()
        return max(1, self._threads) * self._ahead * self._items

    def take(self, item: Item) -> Callable[[], Result | Lost]:
        """Add an item; what is returned waits for its result."""
        batch = self._open
        place = len(batch.items)
        batch.items.append(item)
        batch.bytes += self._size_of(item)
        if len(batch.items) >= self._items or batch.bytes >= MAX_BYTES:
            self._send(batch)
        return partial(self._outcome, batch, place)

    def _outcome(self, batch: _Batch[Item, Result], place: int) -> Result | Lost:
        if batch.future is None:
            self._send(batch)
        if batch.outcomes is None:
            batch.outcomes = self._collect(batch)
        return batch.outcomes[place]

    def _send(self, batch: _Batch[Item, Result]) -> None:
        from zipingbiao.engine import dask_worker

        if batch is self._open:
            self._open = _Batch()
        self._sent += 1
        with losses():
            batch.future = self._client.submit(
                dask_worker.work_through,
                dask_worker.Batch(self._job, tuple(batch.items)),
                key=f"zipingbiao-{self._job.run}-{self._sent}",
                pure=False,
            )
        self._under_way.add(batch.future)

    def _collect(self, batch: _Batch[Item, Result]) -> list[Result | Lost]:
        """Wait for a batch; of one that takes its workers along, each item is done by itself."""
        from distributed import KilledWorker

        try:
            return self._results(batch)
        except KilledWorker:
            # Dask blames all that a lost worker had before it. So nothing else is under way with an item that is tried
            self._settle()
        return [self._alone(item) for item in batch.items]

    def _alone(self, item: Item) -> Result | Lost:
        from distributed import KilledWorker

        one = _Batch[Item, Result]([item])
        self._send(one)
        try:
            return self._results(one)[0]
        except KilledWorker:
            return Lost.DIED

    def _results(self, batch: _Batch[Item, Result]) -> list[Result | Lost]:
        """Wait for a batch. Raises `KilledWorker` where it was among what too many lost workers had before them."""
        future = cast("Future", batch.future)
        try:
            done = self._patiently(future.result)
        finally:
            self._under_way.discard(future)
            future.release()
        if done.outcomes is None:
            raise blind(done.worker, done.unseen[0]) if done.unseen else other_version(done.worker)
        self._adapt(len(batch.items), done.seconds)
        return cast("list[Result | Lost]", done.outcomes)

    def _settle(self) -> None:
        """Wait until nothing is under way; what came of it is asked for later."""
        for future in tuple(self._under_way):
            self._patiently(future.exception)

    def _patiently(self, ask: Callable[..., Any]) -> Any:
        """What a future says once it is done."""
        while True:
            with losses():
                try:
                    return ask(timeout=PATIENCE)
                except TimeoutError:
                    self._look_at_cluster()

    def _adapt(self, items: int, seconds: float) -> None:
        """Let a batch take as long as it should, by what the last ones took."""
        fitting = int(items * BATCH_SECONDS / max(seconds, 0.001))
        # a single slow file says little about the next ones
        self._items = min(MAX_ITEMS, max(1, (3 * self._items + fitting + 2) // 4))
        self._ahead = AHEAD

    def _look_at_cluster(self) -> None:
        """Count the threads of the cluster. Raises `EngineError` where it has had none for too long."""
        with losses():
            self._threads = sum(self._client.nthreads().values())
        self._counted = monotonic()
        if self._threads:
            self._had_workers = self._counted
        elif self._counted - self._had_workers > NO_WORKER:
            raise EngineError(
                f"集群已有 {NO_WORKER:.0f} 秒没有任何工作节点；已读取的都已保存，再次运行同一命令即可从此继续。",
                f"The cluster has been without a worker for {NO_WORKER:.0f} seconds; what was read is kept, and the "
                "same command goes on from there.",
            )
