"""Asking agencies again about the chunks of a batch, each in a process of Dask's, as a Prefect flow.

Only the subjects of outbox rows pass through Dask. The process that is given one opens the record of its own
home, takes the row as the background service does, asks its own home's agencies, and stores the answers. So
a process that is killed leaves a row whose taker has ended, and the next one takes it.
"""

from __future__ import annotations

import atexit
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from prefect import Flow, flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import as_completed
from prefect.settings import PREFECT_API_URL
from prefect_dask.task_runners import DaskTaskRunner

from engine.domain.errors import SetupError
from engine.domain.file_faults import why_not
from engine.runtime import Runtime, open_runtime
from engine.services.responses import reassessment
from flows.dask_cluster import Cluster
from flows.prefect_session import prefect_set_already
from flows.runner import Drain, Progress, Ran
from flows.steps import id_only_errors
from flows.unstored import stores_nothing

LOST = "WorkerLost"


def reassess_over(cluster: Cluster, batch: str, subjects: Sequence[str], *, progress: Progress) -> int:
    """Run the chunks of a batch on a cluster; return how many came to their end.

    A chunk whose processes were lost again and again waits for the background service.
    """
    runner = DaskTaskRunner(address=cluster.address, client_kwargs={"security": cluster.security})
    done = 0
    for ran in batch_over(runner)(batch, tuple(subjects)):
        done += ran.error is None
        progress(ran)
    return done


def batch_over(runner: DaskTaskRunner) -> Flow[[str, tuple[str, ...]], list[Ran]]:
    """Return the flow of a batch over these processes."""
    return stores_nothing(reassess_batch.with_options(task_runner=runner))  # type: ignore[arg-type]  # as in reassess


@flow(
    name="reassess-batch",
    flow_run_name="reassess-{batch_id}",
    persist_result=False,
    validate_parameters=False,
)
@id_only_errors()
def reassess_batch(batch_id: str, subjects: tuple[str, ...]) -> list[Ran]:
    """Hand each chunk to a process of the cluster, and return what was run, in the order of its end."""
    waiting = {run_chunk.submit(batch_id, subject): subject for subject in subjects}
    ended: list[Ran] = []
    for future in as_completed(list(waiting)):
        left = len(waiting) - len(ended) - 1
        try:
            ended += [replace(ran, waiting=left) for ran in future.result()]
        except SetupError:
            raise
        except Exception as error:  # noqa: BLE001  of whatever kind, it is reported as a chunk that waits
            ended.append(chunk_that_waits(waiting[future], left, error))
    return ended


def chunk_that_waits(subject: str, left: int, error: Exception) -> Ran:
    """Return what is reported of a chunk that did not come to its end."""
    from distributed.scheduler import KilledWorker  # Dask's word for a process lost again and again

    lost = isinstance(error, KilledWorker)
    what = "its process was lost" if lost else f"its process could not run it ({why_not(error)})"
    sentence = f"{what}; the background service runs it"
    return Ran("reassess_chunk", subject, left, LOST if lost else type(error).__name__, sentence)


@task(task_run_name="chunk-{subject}", cache_policy=NO_CACHE, persist_result=False)
@id_only_errors()
def run_chunk(batch_id: str, subject: str) -> list[Ran]:
    """Take the row of this subject and run its flow; nothing where another took it first."""
    runtime = runtime_here()
    if not reassessment.is_known(uow=runtime.uow, batch=batch_id):
        raise SetupError(
            "a Dask worker opened another record; start it with this one's STAC_HOME and STAC_DATABASE_URL"
        )
    ran: list[Ran] = []
    with prefect_set_already(PREFECT_API_URL.value() or ""):
        Drain(runtime).run(subjects=(subject,), progress=ran.append)
    return ran


@cache
def runtime_here() -> Runtime:
    """Return the record of this process, opened once: its agencies stay warm from chunk to chunk."""
    runtime = open_runtime()
    atexit.register(runtime.close)
    return runtime
