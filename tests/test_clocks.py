"""An item of many steps has its time for each of them, and whoever waits is told which one begins."""

from __future__ import annotations

import os
import time

from zipingbiao.engine.clocks import say
from zipingbiao.engine.local import Lost, run_in_pool

#: a step takes an eighth of the time that it may take, all steps together more than that
STEP, STEPS, TIMEOUT = 0.5, 10, 4.0


def work(item: str) -> str:
    if item == "long":
        for step in range(1, STEPS + 1):
            say(step, STEPS)
            time.sleep(STEP)
    elif item == "stuck":
        say(1, STEPS)
        time.sleep(60)
    elif item == "silent":
        time.sleep(STEP * STEPS)
    elif item == "dies":
        say(1, STEPS)
        os._exit(3)
    return item.upper()


def test_each_step_may_take_the_whole_time_and_an_item_that_says_nothing_may_not() -> None:
    told: list[tuple[str, int, int]] = []
    outcomes = dict(
        run_in_pool(
            work,
            ["long", "silent", "stuck", "a"],
            jobs=3,
            timeout=TIMEOUT,
            told=lambda item, step, steps: told.append((item, step, steps)),
        )
    )
    assert outcomes == {"long": "LONG", "silent": Lost.TIMEOUT, "stuck": Lost.TIMEOUT, "a": "A"}
    steps = [step for item, step, _ in told if item == "long"]
    assert steps == list(range(1, STEPS + 1))
    assert ("stuck", 1, STEPS) in told


def test_a_worker_that_dies_in_a_step_costs_one_item() -> None:
    outcomes = list(run_in_pool(work, ["dies", "long", "a"], jobs=1, timeout=TIMEOUT))
    assert outcomes == [("dies", Lost.DIED), ("long", "LONG"), ("a", "A")]


def test_nobody_hears_what_is_said_outside_of_a_worker() -> None:
    say(1, 2)
