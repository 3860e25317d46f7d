"""The day's housekeeping."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.services.responses import requests as response_requests
from flows.prefect_session import prefect_at_hand
from flows.run_context import running
from tests.builders import Desk
from tests.flows.given import screened, toys_for

pytestmark = pytest.mark.prefect


def test_the_sweep_counts_what_is_overdue_and_may_run_twice(flow_desk: Desk) -> None:
    from flows.sweep import daily_sweep

    toys_for(flow_desk)
    reference = screened(flow_desk)
    response_requests.open_requests(flow_desk.context(flow_desk.coordinator), reference=reference)
    flow_desk.clock.forward(timedelta(days=40))
    with (
        prefect_at_hand(flow_desk.runtime.settings.home),
        running(flow_desk.runtime, purpose="daily sweep", on_behalf_of="runner"),
    ):
        counted = [daily_sweep(), daily_sweep()]
    assert [each["overdue_answers"] for each in counted] == [3, 3]
