"""Runs flows in this process for a command, with a bar. Imports Prefect only when there is one to run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypedDict

from cli.session import Desk

if TYPE_CHECKING:
    from engine.domain.responses.reassessment import BatchFigures
    from flows.runner import Progress, Ran


class ReferralAsked(TypedDict):
    """The present status of a referral that agencies were asked about."""

    reference: str
    state: str
    answers: dict[str, str]
    agencies_failed: list[str]


class Asking:
    """One command's flows: what was run, about which referrals, and what failed."""

    def __init__(self, desk: Desk, *, quiet: bool) -> None:
        self._desk, self._quiet = desk, quiet
        self._subjects: list[str] = []
        self.done = 0
        self.failures: list[dict[str, str]] = []

    def what_waits(self) -> None:
        """Run every flow that waits."""
        from engine.services.system.outbox import waiting
        from flows.runner import drain  # late: `stac --help` need not load what flows are run with

        with self._bar(waiting(uow=self._desk.runtime.uow)) as progress:
            self.done += drain(self._desk.runtime, progress=progress)

    def about(self, references: Sequence[str], *, again: bool) -> None:
        """Ask about these referrals at this person's request, and tick off what waits for them."""
        from engine.domain.ids import read_reference
        from engine.services.responses.requests import open_requests
        from flows.prefect_session import (
            prefect_at_hand,  # late: `stac --help` need not load what flows are run with
        )
        from flows.runner import assess, drain

        runtime, acting = self._desk.runtime, self._desk.acting
        wanted = tuple(dict.fromkeys(read_reference("involvement", reference) for reference in references))
        for reference in wanted:  # whatever is refused is refused before anything is asked
            open_requests(runtime.context(acting), reference=reference)
        if not wanted:
            return
        with self._bar(len(wanted)) as progress, prefect_at_hand(runtime.settings.home):
            self.done += drain(runtime, subjects=wanted, progress=progress)
            left = [reference for reference in wanted if again or reference not in self._subjects]
            self.done += assess(runtime, left, acting=acting, again=again, progress=progress)

    def waiting_about(self, reference: str) -> None:
        """Run the flows that wait for this referral."""
        from flows.runner import drain  # late: `stac --help` need not load what flows are run with

        with self._bar(1) as progress:
            self.done += drain(self._desk.runtime, subjects=(reference,), progress=progress)

    def everything_again(self, reason: str) -> BatchFigures:
        """Ask again about every open case, and return the answers against those before."""
        from engine.services.responses.reassessment import batch_figures, open_batch
        from flows.runner import drain  # late: `stac --help` need not load what flows are run with

        runtime, acting = self._desk.runtime, self._desk.acting
        batch, subjects = open_batch(runtime.context(acting), reason=reason)
        with self._bar(len(subjects)) as progress:
            self.done += drain(runtime, subjects=subjects, progress=progress)
        return batch_figures(runtime.context(acting), batch=batch.reference)

    def everything_again_over_dask(self, reason: str, *, scheduler: str | None) -> BatchFigures:
        """Do the same in processes of this machine, or of the workers of a Dask scheduler."""
        from engine.services.responses.reassessment import batch_figures, open_batch
        from flows.dask_cluster import CHUNKS_A_WORKER, cluster
        from flows.prefect_session import prefect_begun  # late: as above

        runtime, acting = self._desk.runtime, self._desk.acting
        home = runtime.settings.home
        # Both start at once. An unfit cluster is refused here, a worker of another record by its first chunk.
        with prefect_begun(home) as prefect, cluster(home, scheduler=scheduler) as over:
            parts = over.workers * CHUNKS_A_WORKER
            batch, subjects = open_batch(runtime.context(acting), reason=reason, parts=parts)
            with self._bar(len(subjects)) as progress, prefect():
                from flows.reassess_over_dask import reassess_over  # loads Prefect and Dask

                self.done += reassess_over(over, batch.reference, subjects, progress=progress)
        return batch_figures(runtime.context(acting), batch=batch.reference)

    def as_they_stand(self) -> list[ReferralAsked]:
        """Return the present status of the referrals that were asked about, within this person's access."""
        from engine.domain.responses.answers import AnswerState
        from engine.services.cases.lists import list_responses

        desk = self._desk
        about = {subject for subject in self._subjects if subject.startswith("R-")}
        if not about:
            return []
        rows = list_responses(desk.context, references=about)
        return [
            {
                "reference": row.reference,
                "state": row.state.value,
                "answers": {answer.agency: answer.state.value for answer in row.answers},
                "agencies_failed": [
                    answer.agency
                    for answer in row.answers
                    if answer.state is AnswerState.FAILED or answer.failed_since is not None
                ],
            }
            for row in rows
        ]

    @contextmanager
    def _bar(self, count: int) -> Iterator[Progress]:
        """Yield a bar of so many flows, on standard error; none when it would not be seen."""
        from cli.bars import bars

        with bars(quiet=self._quiet) as shown:
            bar = shown.add_task("asking the agencies", total=count)

            def progress(ran: Ran) -> None:
                self._subjects.append(ran.subject)
                if ran.error is not None:
                    self.failures.append({"flow": ran.flow, "subject": ran.subject, "error": ran.error})
                shown.advance(bar)

            yield progress
