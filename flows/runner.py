"""Takes outbox rows and calls their flows in this process. Imports Prefect only for a flow that waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

from engine.domain.accounts.acting import Acting
from engine.domain.errors import SetupError
from engine.domain.responses.reassessment import read_chunk_subject
from engine.runtime import Runtime
from engine.services.responses import requests as response_requests
from engine.services.system import outbox
from flows.prefect_session import prefect_at_hand
from flows.run_context import running
from flows.steps import is_final, kind_of, safe_message
from flows.taker import is_dead, renewed, this_taker

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

ATTEMPTS = 2
"""Number of times that one row is tried in one drain."""
QUICK_ATTEMPTS = 6
"""After so many a row that fails is left until its lease runs out, so that it holds up no other."""


@dataclass(frozen=True)
class Ran:
    """A flow was run. ``error`` is the kind of failure, ``sentence`` reports it; None on success."""

    flow: str
    subject: str
    waiting: int
    error: str | None = None
    sentence: str | None = None


Progress = Callable[[Ran], None]


def drain(
    runtime: Runtime, *, subjects: Sequence[str] | None = None, progress: Progress | None = None
) -> int:
    """Run every flow that waits, of these subjects if they are given; how many were run to their end.

    Against the lasting Prefect server of this home if it runs, else against a temporary one, which takes some
    seconds to start. A row whose flow fails is tried again, and given back once the others are done.
    """
    return Drain(runtime).run(subjects=subjects, progress=progress)


def assess(
    runtime: Runtime,
    references: Sequence[str],
    *,
    acting: Acting,
    again: bool = False,
    progress: Progress | None = None,
) -> int:
    """Ask the agencies about these referrals now, at a person's request.

    Return how many runs came to their end.

    ``again`` asks those that have answered, too. What this person may not ask about is refused before
    anything is asked.
    """
    for reference in references:
        response_requests.open_requests(runtime.context(acting), reference=reference)
    if not references:
        return 0
    done = 0
    with prefect_at_hand(runtime.settings.home):
        for number, reference in enumerate(references, start=1):
            with running(runtime, purpose=acting.purpose, on_behalf_of=acting.user):
                error = _assess(reference, again)
            done += error is None
            outbox.leave_to_others(
                uow=runtime.uow,
                clock=runtime.clock,
                flow="assess_referral",
                subject=reference,
                acting=acting,
                agencies=runtime.agencies.elsewhere if error is None or not is_final(error) else (),
            )
            if progress is not None:
                progress(_ran("assess_referral", reference, error, waiting=len(references) - number))
    return done


class Drain:
    """One taker of rows. It knows at every moment which it has leased, so that they can be given back."""

    def __init__(self, runtime: Runtime, *, stop: Event | None = None) -> None:
        self._runtime, self._stop = runtime, stop or Event()
        self._by = this_taker()
        self.held: dict[int, str] = {}

    def run(self, *, subjects: Sequence[str] | None = None, progress: Progress | None = None) -> int:
        """Run what waits until nothing does, or until asked to stop."""
        wanted = tuple(subjects) if subjects is not None else None
        done = 0
        with ExitStack() as stack:
            stack.callback(self.give_back)
            outbox.free_of_the_dead(uow=self._runtime.uow, is_dead=is_dead)
            ready = False
            while not self._stop.is_set():
                row = outbox.take_next(
                    uow=self._runtime.uow,
                    clock=self._runtime.clock,
                    by=self._by,
                    subjects=wanted,
                    queues=self._runtime.settings.agencies_here,
                )
                if row is None:
                    break
                self.held[row.id] = "Interrupted"
                if not ready:
                    stack.enter_context(prefect_at_hand(self._runtime.settings.home))
                    ready = True
                with (
                    running(
                        self._runtime,
                        purpose=row.acting.purpose,
                        on_behalf_of=row.acting.user,
                        queue=row.queue,
                    ),
                    renewed(partial(self._renew, row.id)),
                ):
                    error = _tried(row.flow.value, row.subject)
                done += error is None
                left: int | None = None
                is_over = error is not None and is_final(error)
                is_whole = row.queue is None and row.flow.asks_agencies and not is_over
                others = self._runtime.agencies.elsewhere if is_whole else ()
                if error is None or is_over:
                    left = outbox.finish(
                        uow=self._runtime.uow,
                        clock=self._runtime.clock,
                        item_id=row.id,
                        by=self._by,
                        left=(row, others),
                    )
                    self.held.pop(row.id, None)
                else:
                    outbox.leave_to_others(  # a failure here costs no agency of another home its turn
                        uow=self._runtime.uow,
                        clock=self._runtime.clock,
                        flow=row.flow.value,
                        subject=row.subject,
                        acting=row.acting,
                        agencies=others,
                        after=row.id,
                    )
                    if wanted is None and row.attempts >= QUICK_ATTEMPTS:
                        self.held.pop(row.id, None)  # its lease runs out without help
                    else:
                        self.held[row.id] = kind_of(error)
                if progress is not None:
                    left = outbox.waiting(uow=self._runtime.uow) if left is None else left
                    progress(_ran(row.flow.value, row.subject, error, waiting=left))
        return done

    def _renew(self, number: int) -> None:
        outbox.renew(uow=self._runtime.uow, clock=self._runtime.clock, item_id=number, by=self._by)

    def give_back(self) -> None:
        """Let others take what is still held."""
        while self.held:
            number, kind = self.held.popitem()
            outbox.give_back(uow=self._runtime.uow, item_id=number, by=self._by, error=kind)


def _ran(flow: str, subject: str, error: BaseException | None, *, waiting: int) -> Ran:
    if error is None:
        return Ran(flow, subject, waiting)
    return Ran(flow, subject, waiting, error=kind_of(error), sentence=safe_message(error))


def _tried(flow: str, subject: str) -> BaseException | None:
    """Run a flow, and again if it failed in a way that need not last; what it failed by in the end."""
    error = None
    for _ in range(ATTEMPTS):
        error = _run(flow, subject)
        if error is None or is_final(error):
            break
    return error


def _run(flow: str, subject: str) -> BaseException | None:
    match flow:
        case "assess_referral":
            return _assess(subject, again=False)
        case "after_decision":
            from flows.decision import after_decision  # loads Prefect

            return _error_of(after_decision(subject, return_state=True))
        case "follow_up":
            from flows.follow_up import follow_up  # loads Prefect

            return _error_of(follow_up(subject, return_state=True))
        case "follow_up_of_the_quarter":
            from flows.follow_up import follow_up  # loads Prefect

            return _error_of(follow_up(subject, only_due=True, return_state=True))
        case "reassess_chunk":
            from flows.reassess import reassess_chunk  # loads Prefect

            return _error_of(reassess_chunk(*read_chunk_subject(subject), return_state=True))
        case "refresh_links":
            from flows.links import refresh_links  # loads Prefect

            return _error_of(refresh_links(return_state=True))
        case _:
            raise SetupError(
                f"the flow '{flow}' is not known; this software is older than its record: install the "
                "newer version"
            )


def _assess(reference: str, again: bool) -> BaseException | None:
    from prefect import tags

    from flows.assess import assess_referral  # loads Prefect

    # A tag finds the run as its name would, and a name costs a call to the server of its own.
    with tags(reference):
        return _error_of(assess_referral(reference, again, return_state=True))


def _error_of(state: State[None]) -> BaseException | None:
    if state.is_completed():
        return None
    error = state.result(raise_on_failure=False)
    return error if isinstance(error, BaseException) else SetupError(f"the run ended as {state.name}")
