"""What the dashboard's pages read, among 100,000 referrals; beside the same in a record of one."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.measured import Measured, in_turns, median
from benchmarks.seen_before import a_register
from engine.domain.acting import Acting
from engine.exchange.referral_files import ReferralRow, read_referrals
from engine.exchange.templates import template
from engine.runtime import Runtime
from engine.services.cases import list_page, view_case
from engine.services.referrals import import_referrals
from engine.services.worklists import worklist

REFERRALS = 100_000
TIMES = 15
PAGE_MS, ENTRY_MS = 1_000.0, 5.0


def measure() -> list[Measured]:
    """Medians in milliseconds, warm, each with its audit entry. Drawing a page comes on top."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stac-bench-")))
        large = _works(*stack.enter_context(a_register(folder / "large", 2 * REFERRALS)))
        small = _works(*stack.enter_context(a_register(folder / "small", 0)))
        times = in_turns(
            {
                f"{name}, {size}": work
                for size, works in (("large", large), ("small", small))
                for name, work in works
            },
            times=TIMES,
            warm=3,
        )
    return [
        Measured(
            name=f"{name}, among {REFERRALS:,} referrals",
            figure=1_000 * median(times[f"{name}, large"]),
            unit="ms",
            target=ENTRY_MS if name == AUDIT else PAGE_MS,
            yardstick=1_000 * median(times[f"{name}, small"]),
            against="the same in a record of one referral",
        )
        for name, _ in large
    ]


AUDIT = "one audit entry with its commit"


def _works(runtime: Runtime, acting: Acting) -> list[tuple[str, Callable[[], object]]]:
    common: dict[str, Any] = {"uow": runtime.uow, "clock": runtime.clock, "acting": acting}
    reference, agencies = _referred(runtime, acting), runtime.agencies_known

    def entry() -> None:
        with runtime.uow.writing(acting=acting, what="benchmark", at=runtime.clock.now()):
            pass

    return [
        ("a case", lambda: view_case(**common, agencies=agencies, reference=reference)),
        ("the worklist", lambda: worklist(**common, agencies=agencies, settings=runtime.settings)),
        ("a page of the list", lambda: list_page(**common, agencies=agencies)),
        (AUDIT, entry),
    ]


def _referred(runtime: Runtime, acting: Acting) -> str:
    """The example of the empty form, taken in."""
    file = runtime.settings.home / "example.csv"
    file.write_bytes(template("csv"))
    rows = [row for row in read_referrals(file, today=runtime.clock.today()) if isinstance(row, ReferralRow)]
    report = import_referrals(
        uow=runtime.uow,
        clock=runtime.clock,
        settings=runtime.settings,
        key=runtime.key,
        acting=acting,
        rows=rows,
        file_digest="0" * 64,
    )
    return report.referrals[0]
