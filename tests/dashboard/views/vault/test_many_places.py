"""The dialog that ends an alarm about many places, on the worklist of one who has it."""

from __future__ import annotations

import pytest

from dashboard.form_draft import part_code
from engine.domain.accounts.acting import Acting
from engine.domain.vault.many_places import AskedWhom, FoundReason
from engine.services.referrals.incidents import record_incident
from engine.services.vault.guesses import alarms_of_places
from tests.builders import Desk, an_incident, say_whose
from tests.dashboard.visits import Visits, screened

pytestmark = pytest.mark.whose_is_said


NAMES = ("Ash", "Birch", "Cedar", "Dell", "Elm", "Fir")


def _open(case: str) -> None:
    from dashboard.views.vault import many_places

    many_places.ask(case)


def _drawn(case: str) -> None:
    from dashboard import record, session
    from dashboard.views.vault import many_places
    from engine.services.vault.guesses import alarms_of_places

    found = alarms_of_places(record.runtime().context(session.acting()))
    many_places._dialog(case, list(found.waiting), list(found.recorded))


def _named_many(desk: Desk, worker: Acting) -> str:
    case = screened(desk)
    what = f"Asked at {', '.join(f'3 {name} Road' for name in NAMES)}."
    say_whose(what)
    record_incident(desk.context(worker), reference=case, incident=an_incident("2026-02-28", what=what))
    return case


def test_the_chair_records_what_they_found_and_the_alarm_ends(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    case = _named_many(desk, workers["harbour"])
    key = f"places-named-{case}-{part_code('harbour-worker')}"
    visit = visits.show(desk.chair, _drawn, case)
    assert "Do not say whether any of them is protected" in visit.words
    visit.type(f"{key}-text", "A door-to-door inquiry.")
    visit.press(f"{key}-record")
    assert "choose whom you asked and why, and give the date" in visit.words
    for name, chosen in (("asked", AskedWhom.WRITER), ("found", FoundReason.TASK)):
        visit.app.session_state[f"{key}-{name}"] = chosen
    visit.app.session_state[f"{key}-on"] = f"{desk.clock.today():%-d %B %Y}"
    visit.press(f"{key}-record")
    found = alarms_of_places(desk.context(desk.chair))
    assert found.waiting == ()
    assert [each.text for each in found.recorded] == ["A door-to-door inquiry."]


def test_an_alarm_that_another_person_ended_meanwhile_says_so(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    case = _named_many(desk, workers["harbour"])
    assert "This alarm has ended." in visits.show(workers["harbour"], _open, case).words
    assert "This alarm has ended." not in visits.show(desk.chair, _open, case).words
