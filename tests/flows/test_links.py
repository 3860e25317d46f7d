"""The flow that brings what stands on the links up to date, run from the outbox and by the day."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.links.saved_searches import PatternQuestion
from engine.services.links.alerts import my_alerts
from engine.services.links.saved_searches import save_query
from flows.runner import Ran, drain
from tests.builders import Desk
from tests.engine.services.links.test_saved_searches import PHONE, tied

pytestmark = pytest.mark.prefect


def test_a_referral_that_answers_a_question_is_told_by_the_flow_once(flow_desk: Desk) -> None:
    desk = flow_desk
    snapshots = desk.runtime.link_snapshots
    asked: dict[str, Any] = {"context": desk.context(desk.coordinator), "snapshots": snapshots}
    save_query(**asked, question=PatternQuestion(pattern="shared-object"), why="A task.")
    desk.refer(tied("1", PHONE), tied("2", PHONE))
    desk.refer(tied("3", PHONE))
    ran: list[Ran] = []
    assert drain(desk.runtime, progress=ran.append) == 1
    assert [(each.flow, each.subject, each.error) for each in ran] == [("refresh_links", "links", None)]
    assert my_alerts(**asked).figures.raised == 1
    desk.refer(tied("4", "07700 900999"))
    assert drain(desk.runtime) == 1
    assert my_alerts(**asked).figures.raised == 1, "nobody uses a phone that others use"
    desk.refer(tied("5", PHONE))
    assert drain(desk.runtime) == 1
    assert my_alerts(**asked).figures.raised == 2, "one more user of a phone that is known"
    assert list((desk.runtime.settings.home / "links").glob("turn-*"))
