"""Bulk re-assessment over Dask beside the same batch in one process, by what a plugin costs.

One process asks the agencies at the same time already, each in a process of its own. So Dask can gain where
plugins wait, or compute on cores that one process leaves idle; starting it costs seconds.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.measured import Measured
from benchmarks.reassessing import AGENCIES, HOOKS, MANIFEST, all_referred
from engine.domain.accounts.acting import Acting
from engine.runtime import Runtime, initialise
from engine.services.responses import reassessment
from flows.dask_cluster import CHUNKS_A_WORKER, cluster
from flows.prefect_session import prefect_at_hand
from flows.runner import Ran, drain

ROWS = 2_000
_COMPUTES = """    until = time.thread_time() + 0.005
    while time.thread_time() < until:
        pass
"""
COSTS = {
    "plugins that cost nothing": "",
    "plugins that wait 20 ms": "    time.sleep(0.02)\n",
    "plugins that compute 5 ms": _COMPUTES,
}
INSTALLED = ["advocacy", "health", "police", "probation"]
_BEGINS = '    """Four sentences, each with a record."""\n'


def measure(rows: int = ROWS) -> list[Measured]:
    """Each batch twice, in one process and over Dask, with Dask's start in its time."""
    measured = []
    for name, costs in COSTS.items():
        alone, over, started = _both(rows, costs)
        measured.append(
            Measured(
                name=f"{rows:,} referrals over Dask, {name} (its start: {started:.1f} s)",
                figure=over,
                unit="s",
                target=alone,
                yardstick=alone,
                against="the same batch in one process",
            )
        )
    return measured


def _both(rows: int, costs: str) -> tuple[float, float, float]:
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stac-bench-")))
        stack.callback(os.environ.update, {"STAC_HOME": os.environ.get("STAC_HOME", "")})
        os.environ["STAC_HOME"] = str(home)
        site = _installed(home, costs)
        sys.path.insert(0, site)
        stack.callback(sys.path.remove, site)
        runtime = stack.enter_context(initialise())
        acting = all_referred(runtime, AGENCIES, referrals=rows)
        stack.enter_context(prefect_at_hand(home))
        alone = _alone(runtime, acting)
        over, started = _over(runtime, acting, home)
    return alone, over, started


def _alone(runtime: Runtime, acting: Acting) -> float:
    _, subjects = reassessment.open_batch(runtime.context(acting), reason="To be timed.")
    began = time.perf_counter()
    assert drain(runtime, subjects=subjects) == len(subjects)
    return time.perf_counter() - began


def _over(runtime: Runtime, acting: Acting, home: Path) -> tuple[float, float]:
    from flows.reassess_over_dask import reassess_over  # loads Prefect, whose settings come first

    began = time.perf_counter()
    ran: list[Ran] = []
    with cluster(home) as over:
        started = time.perf_counter() - began
        parts = over.workers * CHUNKS_A_WORKER
        batch, subjects = reassessment.open_batch(runtime.context(acting), reason="To be timed.", parts=parts)
        reassess_over(over, batch.reference, subjects, progress=ran.append)
        took = time.perf_counter() - began
    assert [each.error for each in ran] == [None] * len(subjects), ran
    return took, started


def _installed(home: Path, costs: str) -> str:
    """Announce the four agencies as installed ones, so that Dask's processes find them too."""
    site = home / "site"
    announced = "".join(f"{code} = timed_{code}\n" for code in AGENCIES)
    hooks = HOOKS.replace(_BEGINS, _BEGINS + costs).replace(
        "\nfrom engine", "\nimport time\n\nfrom engine", 1
    )
    for code in AGENCIES:
        package = site / f"timed_{code}"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "agency.toml").write_text(MANIFEST.format(code=code), encoding="utf-8")
        (package / "hooks.py").write_text(hooks, encoding="utf-8")
    metadata = site / "timed-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: timed\nVersion: 1.0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text(f"[stac.agencies]\n{announced}", encoding="utf-8")
    (home / "settings.toml").write_text(f"suspended_agencies = {INSTALLED}\n", encoding="utf-8")
    return str(site)
