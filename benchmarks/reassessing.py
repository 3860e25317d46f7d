"""Bulk re-assessment: the engine's own time a referral, beside the plugins that are asked.

The four are asked at the same time, so what may be taken off the time that passes is the work of the
slowest one at the most, and not the sum of all four.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import text

from benchmarks.measured import Measured
from engine.domain.accounts.acting import Acting
from engine.exchange.rows import ReferralRow
from engine.hooks.registry import load_agencies
from engine.runtime import Runtime, initialise
from engine.services.accounts import users
from engine.services.referrals import imports as referral_imports
from engine.services.responses import reassessment
from engine.services.system import invented_city
from flows.prefect_session import prefect_at_hand
from flows.runner import Ran, drain

REFERRALS = int(os.environ.get("STAC_BENCH_REFERRALS", "10000"))
SEED = 7
TARGET_MS = 1.0
AGENCIES = ("north", "east", "south", "west")
MANIFEST = """code = "{code}"
name = "{code}"
version = "1.0"
contract = "1.0"
contact = "{code}@example.invalid"
purpose = "To be timed."
fields = ["perpetrator.name", "perpetrator.date_of_birth", "incidents.dates", "incidents.kinds"]
extract = false
release = "automatic"
[limits]
seconds = 5
memory_mb = 512
answer_mb = 1
"""
HOOKS = '''"""Answers with four findings about the incidents that it was told of."""

from engine.hooks.v1 import (
    AgencyRecords,
    CaseAsked,
    Contribution,
    Finding,
    MatchBasis,
    RecordPointer,
    hookimpl,
)


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> Contribution:
    """Four sentences, each with a record."""
    findings = tuple(
        Finding(
            key=f"finding-{n}",
            says=f"{len(case.incidents)} incidents were held on file number {n}.",
            records=(RecordPointer(record=f"F{n}", kind="file"),),
        )
        for n in range(4)
    )
    return Contribution(matched_on=MatchBasis(says="by number", confirmed=True), findings=findings)
'''


def measure() -> list[Measured]:
    """Every answer is new, and so is kept: the most that a chunk can cost."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stac-bench-")))
        runtime = stack.enter_context(initialise({**os.environ, "STAC_HOME": str(home)}))
        _ask_of(runtime, home)
        acting = all_referred(runtime, AGENCIES, referrals=REFERRALS)
        batch, subjects = reassessment.open_batch(runtime.context(acting), reason="To be timed.")
        assert batch.referrals > REFERRALS * 0.9  # restricted cases are open to nobody here
        stack.enter_context(prefect_at_hand(home))
        drain(runtime, subjects=subjects[:1])  # warm: plugins loaded, Prefect imported
        before, began = _in_plugins(runtime), time.perf_counter()
        worked = time.process_time()
        ran: list[Ran] = []
        drain(runtime, subjects=subjects[1:], progress=ran.append)
        wall, worked = time.perf_counter() - began, time.process_time() - worked
        after = _in_plugins(runtime)
        slowest = max(after[code] - before[code] for code in AGENCIES)
        assert all(each.error is None for each in ran), ran
        figures = reassessment.batch_figures(runtime.context(acting), batch=batch.reference)
        assert figures.done == figures.due == batch.referrals * len(AGENCIES)
    timed = batch.referrals - batch.chunks()[0][1]
    a_referral = 1000 / timed
    against = "the slowest plugin's own time"
    return [
        Measured(
            name=f"bulk re-assessment of {REFERRALS:,}, beyond the slowest plugin",
            figure=(wall - slowest) * a_referral,
            unit="ms a referral",
            target=TARGET_MS,
            yardstick=slowest * a_referral,
            against=against,
        ),
        Measured(
            name="the same, processor time of the engine's process",
            figure=worked * a_referral,
            unit="ms a referral",
            target=TARGET_MS,
            yardstick=slowest * a_referral,
            against=against,
        ),
    ]


def _ask_of(runtime: Runtime, home: Path) -> None:
    packages = {}
    for code in AGENCIES:
        package = home / "packages" / f"timed_{code}"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "agency.toml").write_text(MANIFEST.format(code=code), encoding="utf-8")
        (package / "hooks.py").write_text(HOOKS, encoding="utf-8")
        packages[code] = package
    installed = runtime.agencies.codes
    runtime.__dict__["agencies"] = load_agencies(home, suspended=installed, extra=packages)


def _in_plugins(runtime: Runtime) -> dict[str, float]:
    return {code: float(runtime.agencies.seconds_in_plugin(code)) for code in AGENCIES}


def all_referred(runtime: Runtime, agencies: Sequence[str], *, referrals: int) -> Acting:
    """Invented referrals about which these agencies were asked; the person who may ask again."""
    first = users.add_first_user(uow=runtime.uow, clock=runtime.clock, name="demo")
    assert first is not None
    until = runtime.clock.today() - timedelta(days=1)
    episodes = islice(
        invented_city.invented_episodes(SEED, count=referrals, until=until, years=2.0), referrals
    )
    rows = [
        ReferralRow(
            row=number,
            original="{}",
            referral=invented_city.referral_of(episode, seed=SEED, source="bench").model_copy(
                update={"source_reference": f"B-{number}"}
            ),
        )
        for number, episode in enumerate(episodes, start=2)
    ]
    referral_imports.import_referrals(runtime.context(first.acting()), rows=rows, file_digest="0" * 64)
    with runtime._engine.begin() as connection:  # screening each by hand would take minutes
        connection.execute(
            text("UPDATE involvement SET state = 'agencies asked', triage_outcome = 'conference'")
        )
        for code in agencies:
            connection.execute(
                text(
                    "INSERT INTO request (involvement_id, agency, asked_at, due_at, was_shown) "
                    "SELECT id, :code, received_at, received_at, '[]' FROM involvement"
                ),
                {"code": code},
            )
    return first.acting()
