"""The time that each item may take, and what workers say of their items meanwhile.

A worker that says that a step of its item begins gets the time anew: an item may have as many steps as it likes, and
none may take too long. All workers write into one pipe. What they say is so short that the system writes it whole,
without a lock: a worker that is killed leaves neither half a message nor a lock that nobody opens.
"""

from __future__ import annotations

import multiprocessing
import os
import struct
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

#: told of an item, which of its steps begins, from 1, and how many it has
Told = Callable[[Item, int, int], object]

#: number of the task, step, steps; the first is step 0, and tells the process instead
_MESSAGE = struct.Struct("<qii")
#: seconds that the pool has to find out by itself that a process has ended, which it may miss
GRACE = 1.0


@dataclass(slots=True)
class _Watched(Generic[Item]):
    item: Item
    future: Future[Any]
    since: float | None = None
    #: the number of its process, 0 where that is not known, and when it was found to have ended
    process: int = 0
    ended: float | None = None


class Clocks(Generic[Item]):
    """Knows since when each item is worked on; `look` stops what has taken longer than ``timeout`` seconds."""

    def __init__(self, timeout: float, told: Told[Item]) -> None:
        self._timeout = timeout
        self._told = told
        self._tasks: dict[int, _Watched[Item]] = {}
        self._numbers = count()
        #: what workers write into; to be given to them as they start
        self._heard, self.line = multiprocessing.get_context("spawn").Pipe(duplex=False)

    def number(self) -> int:
        """The number of the next task, by which its worker speaks of it."""
        return next(self._numbers)

    def add(self, number: int, item: Item, future: Future[Any]) -> None:
        """Watch a task from now on."""
        self._tasks[number] = _Watched(item, future)

    def remove(self, number: int) -> bool:
        """Watch a task no longer; whether `look` found its process ended."""
        self._hear(monotonic())  # or the pipe would fill, and workers wait
        task = self._tasks.pop(number, None)
        return task is not None and task.ended is not None

    def look(self) -> None:
        """Hear what the workers say, and cancel what has run for too long, or can never come to an end.

        To be called twice a second or so.
        """
        now = monotonic()
        self._hear(now)
        alive = {child.pid for child in multiprocessing.active_children()}
        for task in self._tasks.values():
            if not task.future.running():
                continue
            if task.since is None:
                task.since = now
            if task.process and task.process not in alive:
                task.ended = task.ended or now
            if task.ended and now - task.ended > GRACE:
                task.future.cancel()
            elif now - task.since > self._timeout:
                task.future.cancel()  # which ends the process as well

    def _hear(self, now: float) -> None:
        while self._heard.poll():
            number, step, steps = _MESSAGE.unpack(self._heard.recv_bytes())
            task = self._tasks.get(number)
            if task is None or task.future.done():
                continue
            if step:
                task.since = now
                self._told(task.item, step, steps)
            else:
                task.process = steps

    def close(self) -> None:
        """Hear no more."""
        self._heard.close()
        self.line.close()


class _Speaker:
    """What a worker speaks with, and of which task."""

    line: Connection | None = None
    task = 0


def speak_into(line: Connection) -> None:
    """In a worker: from now on, `say` is heard at the other end of this line."""
    _Speaker.line = line


def work_on(work: Callable[[Item], Result], number: int, item: Item) -> Result:
    """In a worker: do the task of this number."""
    _Speaker.task = number
    say(0, os.getpid())
    return work(item)


def say(step: int, steps: int) -> None:
    """In a worker: a step of its item begins. Elsewhere nobody hears it."""
    if _Speaker.line is not None:
        with suppress(OSError):  # nobody listens any more
            _Speaker.line.send_bytes(_MESSAGE.pack(_Speaker.task, step, steps))
