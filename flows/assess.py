"""Asking the agencies about a screened referral, as a Prefect flow. Orders and retries; decides nothing."""

from __future__ import annotations

from prefect import Task, flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import TagsContext
from prefect.futures import wait
from prefect.task_runners import ThreadPoolTaskRunner

from engine.services.responses import requests as response_requests
from flows.run_context import current_run
from flows.steps import StepFailedError, id_only_errors, raise_failures
from flows.unstored import stores_nothing

AGENCIES_AT_ONCE = 4
_THREADS: ThreadPoolTaskRunner[None] = ThreadPoolTaskRunner(max_workers=AGENCIES_AT_ONCE)


@stores_nothing
@flow(
    task_runner=_THREADS,  # type: ignore[arg-type]  # Prefect's own type of it is narrower than its use
    persist_result=False,
    validate_parameters=False,
)
@id_only_errors()
def assess_referral(involvement_id: str, again: bool = False) -> None:
    """Ask each agency about a screened referral and store every answer; the panel decides later.

    An agency that fails is recorded as one that failed, and the others answer. An error of our own fails the
    run, after every other agency was asked.
    """
    to_ask = open_requests(involvement_id)
    with TagsContext(current_tags=set()):  # for each new tag of a task the server is asked for its limits
        here = current_run().agencies_to_ask
        answers = [ask_agency.submit(to_ask, code, again) for code in to_ask.agencies if code in here]
    wait(answers)
    raise_failures(answers)
    note_answers_in(involvement_id)


def open_requests(involvement_id: str) -> response_requests.CaseToAsk:
    """Open a request to every agency; the case to put to them."""
    here = current_run()
    return response_requests.open_requests(here.runtime.context(here.acting), reference=involvement_id)


def _may_help(asked: Task[..., object], run: TaskRun, state: State[object]) -> bool:
    """Return whether to try again: not when the record refused, which it would do again."""
    return isinstance(state.result(raise_on_failure=False), StepFailedError)


@task(
    task_run_name="ask-{agency}",
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=1,
    retry_delay_seconds=1,
    retry_condition_fn=_may_help,
)
@id_only_errors()
def ask_agency(to_ask: response_requests.CaseToAsk, agency: str, again: bool) -> None:
    """Ask one agency and store its answer. May run twice: an equal answer adds nothing.

    The case travels only in this process, in an object that Prefect does not inspect and cannot print.
    """
    here = current_run()
    response_requests.ask_agency(here.runtime.context(here.acting), to_ask=to_ask, agency=agency, again=again)


def note_answers_in(involvement_id: str) -> None:
    """Move the involvement on, if every agency has answered."""
    here = current_run()
    response_requests.note_answers_in(here.runtime.context(here.acting), reference=involvement_id)
