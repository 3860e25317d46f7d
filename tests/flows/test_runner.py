"""Draining the outbox in this process."""

from __future__ import annotations

import os
import signal
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.errors import NotPermittedError
from engine.services.conference import decisions
from engine.services.responses import requests as response_requests
from engine.services.system import outbox
from flows.prefect_session import PrefectAwayError
from flows.runner import ATTEMPTS, Drain, Ran, assess, drain
from flows.server import LASTING, PrefectServer
from tests.builders import Desk
from tests.flows.draining import Draining
from tests.flows.given import have_database, screened, toys_for, use_toys


def took(desk: Desk) -> object:
    """A row, taken by a process that is then killed."""
    return outbox.take_next(**desk.common, by="a process that was killed")


def test_with_nothing_to_run_no_server_is_started(desk: Desk) -> None:
    assert drain(desk.runtime) == 0
    assert not (desk.runtime.settings.home / "prefect").exists()


def test_a_person_who_may_not_ask_agencies_is_refused_before_any_flow(desk: Desk) -> None:
    workers = toys_for(desk)
    reference = screened(desk)
    with pytest.raises(NotPermittedError):
        assess(desk.runtime, [reference], acting=workers["harbour"])
    assert not (desk.runtime.settings.home / "prefect").exists()


@pytest.mark.prefect
class TestDraining:
    def test_every_flow_that_waits_is_run_once(self, flow_desk: Desk) -> None:
        toys_for(flow_desk)
        references = [screened(flow_desk, number) for number in ("1", "2")]
        ran: list[Ran] = []
        assert drain(flow_desk.runtime, progress=ran.append) == 2
        assert [(each.subject, each.error, each.waiting) for each in ran] == [
            (references[0], None, 1),
            (references[1], None, 0),
        ]
        assert drain(flow_desk.runtime, progress=ran.append) == 0
        assert len(ran) == 2

    def test_a_run_is_found_by_the_reference_of_its_case(self, flow_desk: Desk) -> None:
        from prefect.client.orchestration import get_client
        from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterTags

        toys_for(flow_desk)
        first, second = (screened(flow_desk, number) for number in ("1", "2"))
        drain(flow_desk.runtime)
        wanted = FlowRunFilter(tags=FlowRunFilterTags(all_=[second]))
        with get_client(sync_client=True) as client:
            (run,) = client.read_flow_runs(flow_run_filter=wanted)
        assert run.parameters["involvement_id"] == second != first

    def test_only_the_subjects_that_are_named_are_run(self, flow_desk: Desk) -> None:
        toys_for(flow_desk)
        _, second = (screened(flow_desk, number) for number in ("1", "2"))
        ran: list[Ran] = []
        assert drain(flow_desk.runtime, subjects=[second], progress=ran.append) == 1
        assert [each.subject for each in ran] == [second]
        assert outbox.waiting(uow=flow_desk.runtime.uow) == 1

    def test_a_flow_that_fails_holds_up_no_other_and_is_given_back_by_kind_only(
        self, flow_desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        toys_for(flow_desk)
        first, second = (screened(flow_desk, number) for number in ("1", "2"))
        opened = response_requests.open_requests
        tries: list[str] = []

        def breaks(context: object, **given: object) -> object:
            tries.append(str(given["reference"]))
            if given["reference"] == first:
                raise LookupError("text of an error")
            return opened(context, **given)  # type: ignore[arg-type]

        monkeypatch.setattr(response_requests, "open_requests", breaks)
        ran: list[Ran] = []
        assert drain(flow_desk.runtime, progress=ran.append) == 1
        assert [(each.subject, each.error) for each in ran] == [(first, "LookupError"), (second, None)]
        assert (ran[0].sentence or "").startswith("LookupError in tests/flows/test_runner.py:")
        assert tries.count(first) == ATTEMPTS
        monkeypatch.undo()
        with flow_desk.runtime.uow.unrecorded() as work:
            assert work.outbox.waiting() == 1
        assert drain(flow_desk.runtime) == 1

    def test_a_flow_that_fails_here_is_left_once_to_the_agencies_of_other_homes(
        self, flow_desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        toys_for(flow_desk)
        use_toys(flow_desk.runtime, here=("harbour", "lantern"))
        reference = screened(flow_desk)

        def breaks(context: object, **given: object) -> object:
            raise LookupError

        def left() -> list[tuple[str, str]]:
            rows = text("SELECT subject, queue FROM outbox WHERE queue IS NOT NULL")
            with flow_desk.runtime._engine.connect() as connection:
                return [(row.subject, row.queue) for row in connection.execute(rows)]

        monkeypatch.setattr(response_requests, "open_requests", breaks)
        assert drain(flow_desk.runtime) == 0
        assert left() == [(reference, "voice")]
        with flow_desk.runtime._engine.begin() as connection:  # as the runner of the other home does
            connection.execute(text("UPDATE outbox SET done_at = created_at WHERE queue = 'voice'"))
        assert drain(flow_desk.runtime) == 0
        monkeypatch.undo()
        assert drain(flow_desk.runtime) == 1
        assert left() == [(reference, "voice")]

    def test_the_row_of_an_agency_asks_that_agency_only(self, flow_desk: Desk) -> None:
        toys_for(flow_desk)
        reference = screened(flow_desk)
        with flow_desk.runtime._engine.begin() as connection:
            connection.execute(text("UPDATE outbox SET queue = 'harbour'"))
        assert drain(flow_desk.runtime) == 1
        with flow_desk.runtime.uow.unrecorded() as work:
            returns = work.answers.returns([reference])[reference]
        assert [each.request.agency for each in returns if each.answers] == ["harbour"]

    def test_a_case_that_has_moved_on_is_ticked_off_and_told(self, flow_desk: Desk) -> None:
        toys_for(flow_desk)
        reference = screened(flow_desk)
        decisions.open_conference(flow_desk.context(flow_desk.chair), reference=reference)
        ran: list[Ran] = []
        assert drain(flow_desk.runtime, progress=ran.append) == 0
        assert [each.error for each in ran] == ["IllegalTransitionError"]
        assert (ran[0].sentence or "").startswith(
            f"involvement {reference} is 'in conference', so agencies cannot be asked"
        )
        assert outbox.waiting(uow=flow_desk.runtime.uow) == 0

    def test_a_row_whose_taker_was_killed_is_taken_again_when_its_lease_is_over(
        self, flow_desk: Desk
    ) -> None:
        toys_for(flow_desk)
        screened(flow_desk)
        assert took(flow_desk) is not None
        assert drain(flow_desk.runtime) == 0
        flow_desk.clock.forward(timedelta(minutes=11))
        assert drain(flow_desk.runtime) == 1

    def test_what_is_held_when_a_drain_is_interrupted_is_given_back(
        self, flow_desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        toys_for(flow_desk)
        screened(flow_desk)

        def interrupted(context: object, **given: object) -> object:
            raise KeyboardInterrupt

        monkeypatch.setattr(response_requests, "open_requests", interrupted)
        with pytest.raises(KeyboardInterrupt):
            drain(flow_desk.runtime)
        monkeypatch.undo()
        assert drain(flow_desk.runtime) == 1

    def test_a_row_that_keeps_failing_is_left_to_its_lease(
        self, flow_desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        toys_for(flow_desk)
        screened(flow_desk)

        def breaks(context: object, **given: object) -> object:
            raise LookupError

        monkeypatch.setattr("flows.runner.QUICK_ATTEMPTS", 2)
        monkeypatch.setattr(response_requests, "open_requests", breaks)
        for _ in range(2):
            assert drain(flow_desk.runtime) == 0
        assert took(flow_desk) is None
        flow_desk.clock.forward(timedelta(minutes=11))
        assert took(flow_desk) is not None

    def test_somebody_may_ask_again_about_a_case_for_which_no_flow_waits(self, flow_desk: Desk) -> None:
        toys_for(flow_desk)
        reference = screened(flow_desk, outcome=TriageOutcome.CONSULTATION)
        drain(flow_desk.runtime)
        ran: list[Ran] = []
        person = flow_desk.coordinator
        assert assess(flow_desk.runtime, [reference], acting=person, again=True, progress=ran.append) == 1
        assert ran == [Ran("assess_referral", reference, waiting=0)]

    def test_two_processes_that_drain_at_once_run_no_flow_twice(
        self, flow_desk: Desk, prefect_server: str
    ) -> None:
        toys_for(flow_desk)
        references = sorted(screened(flow_desk, str(number)) for number in range(6))
        home, now = flow_desk.runtime.settings.home, flow_desk.clock.now()
        both = [Draining(home, now, prefect_server) for _ in range(2)]
        ended = [process.ended() for process in both]
        assert [each.code for each in ended] == [0, 0], ended
        ran = [line for each in ended for line in each.lines]
        assert sorted(each["subject"] for each in ran) == references
        assert {each["error"] for each in ran} == {None}

    def test_a_server_that_goes_away_is_told_in_a_sentence_and_what_was_held_is_given_back(
        self, desk: Desk, prefect_database: Path
    ) -> None:
        home = desk.runtime.settings.home
        have_database(home, prefect_database)
        toys_for(desk)
        for number in ("1", "2"):
            screened(desk, number)
        server = PrefectServer(home, name=LASTING, lasting=True)

        killed: list[float] = []

        def kill(ran: Ran) -> None:
            killed.append(time.monotonic())
            server.close()
            os.kill(server.child.pid, signal.SIGKILL)
            server.child.bury(by=time.monotonic() + 5)

        try:
            server.start()
            server.wait_until_ready()
            with pytest.raises(PrefectAwayError, match="finished work is stored"):
                drain(desk.runtime, progress=kill)
            assert time.monotonic() - killed[0] < 40, "Prefect's own would try for a minute"
        finally:
            server.child.ask_to_stop()
            server.child.bury(by=time.monotonic() + 5)
        assert outbox.waiting(uow=desk.runtime.uow) == 1
        assert took(desk) is not None

    def test_told_to_stop_it_takes_no_further_row(self, flow_desk: Desk) -> None:
        toys_for(flow_desk)
        for number in ("1", "2"):
            screened(flow_desk, number)
        draining = Drain(flow_desk.runtime)
        draining._stop.set()
        assert draining.run() == 0
        assert outbox.waiting(uow=flow_desk.runtime.uow) == 2
