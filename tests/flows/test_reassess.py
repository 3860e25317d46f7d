"""Re-assessing a chunk as a flow: one task an agency, resumed where it was broken off."""

from __future__ import annotations

import pytest

from engine.domain.responses.reassessment import Compared
from engine.services.responses import reassessment
from engine.services.system import outbox
from flows.runner import Ran, drain
from tests.builders import Desk, a_contribution, ask_all, let_answer
from tests.flows.given import screened, toys_for

pytestmark = pytest.mark.prefect


def opened(desk: Desk) -> tuple[str, tuple[str, ...]]:
    batch, subjects = reassessment.open_batch(desk.context(desk.coordinator), reason="New extracts.")
    return batch.reference, subjects


def test_a_flow_follows_for_each_chunk_and_nothing_is_asked_twice(flow_desk: Desk) -> None:
    toys_for(flow_desk)
    for number in ("1", "2"):
        ask_all(flow_desk, screened(flow_desk, number))
    let_answer(flow_desk, "harbour", a_contribution("A report came in."))
    batch, subjects = opened(flow_desk)
    ran: list[Ran] = []
    assert drain(flow_desk.runtime, subjects=subjects, progress=ran.append) == len(subjects)
    assert [(each.flow, each.error) for each in ran] == [("reassess_chunk", None)]
    figures = reassessment.batch_figures(flow_desk.context(flow_desk.coordinator), batch=batch)
    assert figures.compared == {"harbour": {Compared.DIFFERENT: 2}}
    assert drain(flow_desk.runtime, subjects=subjects) == 0


def test_what_could_not_be_kept_is_kept_by_the_next_run(
    flow_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    toys_for(flow_desk)
    ask_all(flow_desk, screened(flow_desk))
    _, subjects = opened(flow_desk)

    def breaks(context: object, **given: object) -> int:
        raise LookupError("text of an error")

    monkeypatch.setattr(reassessment, "store_chunk", breaks)
    ran: list[Ran] = []
    assert drain(flow_desk.runtime, subjects=subjects, progress=ran.append) == 0
    assert [each.error for each in ran] == ["LookupError"]
    assert outbox.waiting(uow=flow_desk.runtime.uow) >= 1
    monkeypatch.undo()
    assert drain(flow_desk.runtime, subjects=subjects) == 1
