"""Proposed actions on the case page: what is released, and what became of asking."""

from __future__ import annotations

import json

from dashboard.pages import Place
from dashboard.views.responses.release import also_released, strikeable
from engine.domain.accounts.acting import Acting
from engine.domain.responses.answers import ProposedAction
from engine.services.responses.proposals import ask_for_actions
from tests.builders import Desk, a_contribution
from tests.dashboard.visits import Visits, answers, asked

ALARM = ProposedAction(says="Provide a personal alarm.", library="personal-alarm")


def test_a_case_lists_what_is_released_and_that_silence_is_not_no_action(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    for code in ("harbour", "lantern"):
        answers(desk, workers[code], reference, proposed_actions=(ALARM,) if code == "harbour" else ())
    folder = desk.runtime.settings.home / "agencies" / "lantern"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "actions.json").write_text(json.dumps({"refuse": True}))
    ask_for_actions(desk.context(desk.chair), reference=reference)

    page = visits(desk.chair, Place.CASE, reference).source

    assert page.count("Provide a personal alarm.") == 1
    assert "Harbour Office released what is listed here." in page
    assert "Lantern House refused (duty of confidence outweighs)." in page


def test_a_practitioner_may_withhold_one_action() -> None:
    answer = a_contribution("One report.", proposed_actions=(ALARM,))
    assert (ALARM.key, "Proposes: Provide a personal alarm.", "Part of the response") in strikeable(answer)
    assert also_released(answer) == []
