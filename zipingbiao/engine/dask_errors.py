"""What can be wrong with a Dask cluster, each in one sentence."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from zipingbiao.engine.local import EngineError, uninterrupted


@contextmanager
def losses() -> Iterator[None]:
    """Say in one sentence that the scheduler is gone."""
    from concurrent.futures import CancelledError

    from distributed.comm import CommClosedError

    try:
        yield
    except TimeoutError:
        raise
    except (CancelledError, CommClosedError, OSError, RuntimeError, ImportError, AttributeError) as err:
        if isinstance(err, ImportError | AttributeError):
            raise other_version(None) from err
        raise EngineError(
            "与集群调度器的连接已中断；已读取的都已保存，再次运行同一命令即可从此继续。",
            "The scheduler of the cluster is lost; what was read is kept, and the same command goes on from there.",
        ) from err


def require_scheduler(address: str, patience: float) -> None:
    """Raise `EngineError` unless a scheduler answers at an address within so many seconds.

    A client that finds none waits much longer, forever where something else answers, and leaves errors behind.
    """

    async def knock() -> None:
        args = Security().get_connection_args("client")
        comm = await asyncio.wait_for(connect(address, timeout=patience, **args), patience + 1)
        await comm.close()

    from distributed import Security
    from distributed.comm import connect

    # a thread of its own has no event loop yet, as a notebook has
    with ThreadPoolExecutor(1) as thread:
        with uninterrupted():
            knocking = thread.submit(lambda: asyncio.run(knock()))
        try:
            knocking.result()
        # what answers in another language may be taken for the length of an answer
        except (OSError, ValueError, TypeError, ImportError, RuntimeError, MemoryError) as err:
            raise unreachable(address, err, patience) from err


def unreachable(scheduler: str | None, err: Exception, patience: float) -> EngineError:
    """What to say of a cluster that could not be begun, or had no worker for ``patience`` seconds."""
    if scheduler is None:
        return EngineError(f"无法在本机启动集群：{err}", f"No cluster can be started on this machine: {err}")
    if isinstance(err, TimeoutError) and "workers" in str(err):
        return EngineError(
            f"集群 {scheduler} 在 {patience:.0f} 秒内没有工作节点；请启动工作节点后再运行。",
            f"The cluster {scheduler} had no worker for {patience:.0f} seconds; start some, and run again.",
        )
    return EngineError(
        f"无法连接集群调度器 {scheduler}；请检查地址、端口和网络。",
        f"The scheduler {scheduler} cannot be reached; check address, port and network.",
    )


def other_version(worker: str | None) -> EngineError:
    """What to say where not all nodes have one version; ``worker`` is the address of one that is known."""
    zh, en = (f" {worker}", f"The worker {worker}") if worker else ("", "A worker, or the scheduler,")
    return EngineError(
        f"集群节点{zh} 上的 zipingbiao 与本机版本不同或没有安装；请在各节点安装同一版本。",
        f"{en} has no zipingbiao, or another version than this machine; install the same one on all.",
    )


def blind(worker: str, path: str) -> EngineError:
    """What to say where a worker does not see a file that is there."""
    return EngineError(
        f"工作节点 {worker} 上没有文件 {path}；请放在各节点路径相同的共享文件夹，或 s3:// 等对象存储上。",
        f"The worker {worker} does not see {path}: use a shared folder that all of them have under one path, or an "
        "object store such as s3://.",
    )
