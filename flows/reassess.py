"""Asking agencies again about a chunk of a batch, as a Prefect flow: a task an agency. Decides nothing."""

from __future__ import annotations

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import wait
from prefect.task_runners import ThreadPoolTaskRunner

from engine.gc_pause import collector_at_rest
from engine.services.responses import reassessment
from engine.services.responses.reassessment import AnyAnswer, Chunk
from flows.run_context import current_run
from flows.steps import id_only_errors, raise_failures
from flows.unstored import stores_nothing

AGENCIES_AT_ONCE = 4
_THREADS: ThreadPoolTaskRunner[None] = ThreadPoolTaskRunner(max_workers=AGENCIES_AT_ONCE)


class AnswersSoFar:
    """Answers of the agencies so far; Prefect does not inspect it and cannot print it."""

    def __init__(self) -> None:
        self.by_agency: dict[str, dict[str, AnyAnswer]] = {}


@stores_nothing
@flow(
    flow_run_name="reassess-{batch_id}-{low}-{high}",
    task_runner=_THREADS,  # type: ignore[arg-type]  # Prefect's own type of it is narrower than its use
    persist_result=False,
    validate_parameters=False,
)
@id_only_errors()
@collector_at_rest()  # collecting again and again takes half the time
def reassess_chunk(batch_id: str, low: int, high: int) -> None:
    """Ask each agency again about the cases at these places of a batch, and store its answers.

    An error of our own fails the run after every other agency was asked; what those answered is stored, and a
    later run asks only what is left.
    """
    here = current_run()
    chunk = reassessment.read_chunk(here.runtime.context(here.acting), batch=batch_id, low=low, high=high)
    findings = AnswersSoFar()
    agencies = [code for code in chunk.agencies if code in here.agencies_to_ask]
    asked = [ask_agency.submit(chunk, agency, findings) for agency in agencies]
    wait(asked)
    reassessment.store_chunk(here.runtime.context(here.acting), chunk=chunk, answers=findings.by_agency)
    raise_failures(asked)


@task(task_run_name="ask-{agency}", cache_policy=NO_CACHE, persist_result=False)
@id_only_errors()
def ask_agency(chunk: Chunk, agency: str, findings: AnswersSoFar) -> None:
    """Ask one agency about the whole chunk."""
    findings.by_agency[agency] = reassessment.ask_about(
        agencies=current_run().runtime.agencies, chunk=chunk, agency=agency
    )
