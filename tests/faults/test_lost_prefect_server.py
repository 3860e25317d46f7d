"""A Prefect server killed in the middle of a batch: what was stored stays, and the rest is done later."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from engine.domain.responses.reassessment import Compared
from engine.services.responses import reassessment
from engine.services.system import outbox
from flows import process_registry
from flows.prefect_session import PrefectAwayError
from flows.runner import Ran, drain
from flows.server import LASTING, PrefectServer
from tests.builders import a_contribution, a_desk, ask_all, let_answer
from tests.flows.given import have_database, lend, screened, toys_for

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.slow,
    pytest.mark.full,
    # what Prefect's own threads had just begun when their server was killed
    pytest.mark.filterwarnings("ignore:coroutine 'wait' was never awaited:RuntimeWarning"),
]

CHUNKS = 3


def test_a_server_that_is_killed_in_a_batch_loses_no_chunk_and_stores_none_twice(
    tmp_path: Path, prefect_database: Path, prefect_server: str
) -> None:
    with a_desk(tmp_path / "home") as desk:
        home = desk.runtime.settings.home
        toys_for(desk)
        for number in range(CHUNKS):
            ask_all(desk, screened(desk, str(number)))
        let_answer(desk, "harbour", a_contribution("A report came in."))
        context = desk.context(desk.coordinator)
        batch, subjects = reassessment.open_batch(context, reason="New extracts.", parts=CHUNKS)
        have_database(home, prefect_database)
        server = PrefectServer(home, name=LASTING, lasting=False)
        ran: list[Ran] = []

        def kill_after_the_first(each: Ran) -> None:
            ran.append(each)
            if len(ran) == 1:
                os.killpg(server.child.pid, signal.SIGKILL)

        try:
            server.start()
            server.wait_until_ready()
            with pytest.raises(PrefectAwayError):
                drain(desk.runtime, subjects=subjects, progress=kill_after_the_first)
        finally:
            server.child.bury(by=0)
            server.close()
        assert [each.error for each in ran] == [None]
        figures = reassessment.batch_figures(context, batch=batch.reference)
        assert 1 <= figures.done < figures.due == CHUNKS
        process_registry.forget(home, LASTING)
        lend(home, prefect_server)
        assert drain(desk.runtime, subjects=subjects) == CHUNKS - 1
        figures = reassessment.batch_figures(context, batch=batch.reference)
        assert figures.compared == {"harbour": {Compared.DIFFERENT: CHUNKS}}
        assert outbox.stale(uow=desk.runtime.uow, clock=desk.clock) == 0
