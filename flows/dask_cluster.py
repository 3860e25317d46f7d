"""Dask for a bulk run: processes of this machine, or a scheduler that the operator names.

Only references pass through Dask. It never writes its data to a disk, and has no pages.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from engine.domain.errors import SetupError
from flows import prefect_settings, process_registry
from flows.taker import this_machine

if TYPE_CHECKING:
    from distributed import Client, SpecCluster
    from distributed.security import Security

CHUNKS_A_WORKER = 2
"""About so many chunks for each process: one that is slower than the others has less left at the end."""
_LOOPBACK = "127.0.0.1"
_CONNECT_SECONDS = "20s"
_THRESHOLDS = ("target", "spill", "pause", "terminate")
_ROUTES = ("distributed.scheduler.http.routes", "distributed.worker.http.routes")
_SETTINGS: dict[str, object] = {
    **{f"distributed.worker.memory.{name}": False for name in _THRESHOLDS},
    "distributed.worker.profile.enabled": False,
    **{name: [] for name in _ROUTES},
    "distributed.comm.timeouts.connect": _CONNECT_SECONDS,
}
"""Settings of each process that we start: no spilling, no profile, and nothing to read over HTTP."""


@dataclass(frozen=True)
class Cluster:
    """A cluster that may be used: its address, how to speak to it, and its number of processes."""

    address: str
    security: Security
    workers: int


@contextmanager
def cluster(home: Path, *, scheduler: str | None = None) -> Iterator[Cluster]:
    """Yield a cluster: the one at this address, or one of this machine's that ends with the block.

    Raises SetupError when the extra is missing, the scheduler cannot be reached, or it might show or write
    data.
    """
    if find_spec("prefect_dask") is None:
        raise SetupError(
            "bulk over Dask needs the extra 'dask': install it with "
            "\"python -m pip install 'stac-engine[dask]'\", or leave --over out"
        )
    import dask
    import distributed  # noqa: F401  first: its own settings are put under ours when it is loaded

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # it names each process and address
    with dask.config.set(_SETTINGS):
        if scheduler is None:
            with _local(home) as made:
                yield made
        else:
            yield _named(scheduler)


def worker_count() -> int:
    """Return the number of processes for a cluster of this machine: one a core, and at least two."""
    return max(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2)


@contextmanager
def _local(home: Path) -> Iterator[Cluster]:
    """Yield one that only this process can speak to: its certificates are made here and stored nowhere."""
    from distributed import Client, Nanny, Scheduler, SpecCluster
    from distributed.security import Security

    prefect_settings.apply(home)  # the processes load Prefect, and have this one's environment
    security = Security.temporary()
    place = process_registry.run_folder(home) / f"dask-{os.getpid()}"
    place.mkdir(mode=0o700)
    common = {
        "host": _LOOPBACK,
        "protocol": "tls://",
        "security": security,
        "dashboard": False,
        "dashboard_address": f"{_LOOPBACK}:0",
    }
    options = {
        **common,
        "nthreads": 1,
        "memory_limit": 0,
        "local_directory": str(place),
        "env": {"STAC_HOME": str(home)},
        "silence_logs": logging.CRITICAL,
    }
    workers = {number: {"cls": Nanny, "options": options} for number in range(worker_count())}
    try:
        made: SpecCluster
        with SpecCluster(
            scheduler={"cls": Scheduler, "options": {**common, "port": 0}},
            workers=workers,
            security=security,
            silence_logs=logging.CRITICAL,
        ) as made:
            with Client(made, set_as_default=False) as client:
                client.wait_for_workers(len(workers))
                _refuse_what_shows(client)
            yield Cluster(made.scheduler_address, security, len(workers))
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _named(scheduler: str) -> Cluster:
    """Return the cluster of an operator's scheduler, whose certificates Dask's own settings name."""
    from distributed import Client
    from distributed.security import Security

    if not scheduler.startswith("tls://"):
        raise SetupError(
            "the scheduler's address must begin with 'tls://': without it any program on the network could "
            "run code on the machines of the record"
        )
    security = Security(require_encryption=True)
    try:
        with Client(scheduler, security=security, timeout=_CONNECT_SECONDS, set_as_default=False) as client:
            _refuse_another_machine(client)
            _refuse_what_shows(client)
            count = len(client.scheduler_info(n_workers=-1)["workers"])
    except (OSError, TypeError, ValueError):
        raise SetupError(
            "the Dask scheduler cannot be reached; check its address, and the certificates in Dask's settings"
        ) from None
    if count == 0:
        raise SetupError("the Dask scheduler has no worker; start one on a machine of the record")
    return Cluster(scheduler, security, count)


def _refuse_another_machine(client: Client) -> None:
    """Refuse processes of another machine: each speaks to this command's Prefect server, on loopback."""
    if {client.run_on_scheduler(this_machine), *client.run(this_machine).values()} - {this_machine()}:
        raise SetupError(
            "the Dask scheduler or a worker is on another machine; start them on this one, or leave --over "
            "out: the background services of several machines share the chunks"
        )


def _refuse_what_shows(client: Client) -> None:
    """Refuse a cluster that could write its data to a disk, or show it on a page."""
    spilling = [name for name, spills in client.run(spills_here).items() if spills]
    if spilling:
        raise SetupError(
            "a Dask worker may write its data to a disk; start each with '--memory-limit 0', or set "
            "distributed.worker.memory.target and .spill to false"
        )
    if client.run_on_scheduler(shows_pages) or any(client.run(shows_pages_here).values()):
        raise SetupError(
            "the Dask scheduler or a worker has pages; start each with '--no-dashboard', and set "
            f"{' and '.join(_ROUTES)} to [] where it starts"
        )


def spills_here(dask_worker: object) -> bool:
    """Return whether this worker may write its data to a disk. Runs on the worker."""
    return type(dask_worker.data) is not dict  # type: ignore[attr-defined]  # Dask's worker, loaded there


def shows_pages(dask_scheduler: object) -> bool:
    """Return whether this scheduler has pages about what runs. Runs on the scheduler."""
    return _has_pages(dask_scheduler)


def shows_pages_here(dask_worker: object) -> bool:
    """Return whether this worker has pages about what runs. Runs on the worker."""
    return _has_pages(dask_worker)


def _has_pages(server: object) -> bool:
    """Return whether a server's port has Bokeh's pages or Dask's own: tasks, their data and logs."""
    import dask

    if any(dask.config.get(name) for name in _ROUTES):
        return True
    return len(server.http_application.applications) > 1  # type: ignore[attr-defined]  # Dask's, loaded there
