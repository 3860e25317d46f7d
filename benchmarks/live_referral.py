"""A live referral, embedded and warm: four isolated agencies; beside an empty flow of as many tasks."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import copy_context
from datetime import timedelta
from itertools import islice
from pathlib import Path
from statistics import mean

import psutil

from benchmarks.measured import Measured, in_turns, median
from engine.domain.accounts.acting import Acting
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.invented import InventedEpisode, InventedExtractTask
from engine.domain.referrals.screening import FourAnswer, FourItem, FourQuestion, Screening
from engine.exchange.rows import ReferralRow
from engine.runtime import Runtime, initialise
from engine.services.accounts import users
from engine.services.referrals import imports as referral_imports
from engine.services.referrals import screening
from engine.services.system import invented_city
from flows.prefect_session import prefect_at_hand
from flows.runner import Ran, drain

PAIRS = 40
SEED = 7
TARGET_SECONDS = 1.0
TARGET_TIMES = 1.3
AGENCIES = 4


def measure() -> list[Measured]:
    """A referral from the outbox to kept answers, in seconds and in empty flows."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stac-bench-")))
        runtime = stack.enter_context(initialise({**os.environ, "STAC_HOME": str(home)}))
        waiting = iter(_screened(runtime, count=2 * (PAIRS + 3)))
        stack.enter_context(prefect_at_hand(home))
        works = {"referral": lambda: _asked(runtime, next(waiting)), "empty": _empty_flow()}
        times = in_turns(works, times=PAIRS, warm=3)
        worked = in_turns(works, times=PAIRS, warm=3, clock=_processor_of_client_and_server())
    referral, empty = median(times["referral"]), median(times["empty"])
    in_pairs = median([one / other for one, other in zip(times["referral"], times["empty"], strict=True)])
    against = f"an empty Prefect flow with {AGENCIES} tasks"
    return [
        Measured(
            name="live referral",
            figure=referral,
            unit="s",
            target=TARGET_SECONDS,
            yardstick=empty,
            against=against,
        ),
        Measured(
            name="live referral, median of pairs",
            figure=in_pairs,
            unit="empty flows",
            target=TARGET_TIMES,
            yardstick=1.0,
            against=against,
        ),
        Measured(
            name="the same, processor time here and of Prefect's server",
            figure=mean(worked["referral"]),
            unit="s",
            target=TARGET_TIMES * mean(worked["empty"]),
            yardstick=mean(worked["empty"]),
            against=against,
        ),
    ]


def _processor_of_client_and_server() -> Callable[[], float]:
    """A clock of both. The server's has steps of a hundredth, so only the mean of many says something."""
    server = next(
        each for each in psutil.Process().children(recursive=True) if "flows.prefect_server" in each.cmdline()
    )

    def seconds() -> float:
        there = server.cpu_times()
        return time.process_time() + there.user + there.system

    return seconds


def _asked(runtime: Runtime, reference: str) -> None:
    ran: list[Ran] = []
    done = drain(runtime, subjects=[reference], progress=ran.append)
    assert done == 1, ran


def _empty_flow() -> Callable[[], object]:
    """As many tasks, on threads as ours are, that do nothing, with all that Prefect does by itself: it opens
    a client for each flow, where ours share one.
    """
    from prefect import flow, task
    from prefect.cache_policies import NO_CACHE
    from prefect.context import SyncClientContext
    from prefect.futures import wait
    from prefect.task_runners import ThreadPoolTaskRunner

    @task(cache_policy=NO_CACHE, persist_result=False)
    def nothing(number: int) -> None:
        return None

    @flow(
        task_runner=ThreadPoolTaskRunner(max_workers=AGENCIES),  # type: ignore[arg-type]  # as in flows.assess
        persist_result=False,
        validate_parameters=False,
    )
    def empty() -> None:
        answers = [nothing.submit(number) for number in range(AGENCIES)]
        wait(answers)
        for answer in answers:
            answer.result()

    def by_itself() -> None:
        SyncClientContext.__var__.set(None)  # type: ignore[arg-type]  # as where no client was opened
        empty()

    return lambda: copy_context().run(by_itself)


def _screened(runtime: Runtime, *, count: int) -> tuple[str, ...]:
    """So many invented referrals that agencies hold records about, each screened and waiting to be asked."""
    today = runtime.clock.today()
    until = today - timedelta(days=1)
    episodes = tuple(
        islice(invented_city.invented_episodes(SEED, count=count, until=until, years=2.0), count)
    )
    _write_extracts(runtime, episodes)
    first = users.add_first_user(uow=runtime.uow, clock=runtime.clock, name="demo")
    assert first is not None
    acting = first.acting()
    with _all_kept(runtime, episodes, acting) as references:
        for reference in references:
            screening.screen(
                runtime.context(acting),
                reference=reference,
                screening=Screening(
                    four=tuple(FourItem(question=q, answer=FourAnswer.YES) for q in FourQuestion),
                    outcome=TriageOutcome.CONFERENCE,
                    reason="A course of conduct.",
                ),
            )
        return references


def _write_extracts(runtime: Runtime, episodes: tuple[InventedEpisode, ...]) -> None:
    task = InventedExtractTask(seed=SEED, on=runtime.clock.today(), episodes=episodes)
    codes = runtime.agencies.codes
    assert len(codes) == AGENCIES, codes
    for code in codes:
        failed = runtime.agencies.write_synthetic(code, task)
        assert failed is None, failed


@contextmanager
def _all_kept(
    runtime: Runtime, episodes: tuple[InventedEpisode, ...], acting: Acting
) -> Iterator[tuple[str, ...]]:
    rows = [
        ReferralRow(
            row=number, original="{}", referral=invented_city.referral_of(episode, seed=SEED, source="bench")
        )
        for number, episode in enumerate(episodes, start=2)
    ]
    report = referral_imports.import_referrals(runtime.context(acting), rows=rows, file_digest="0" * 64)
    assert len(report.referrals) == len(episodes)
    yield report.referrals
