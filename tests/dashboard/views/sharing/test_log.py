"""The ledger on the case page, and an agency's rules on its own items."""

from __future__ import annotations

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from tests.builders import Desk
from tests.dashboard.visits import Visits, answers, asked


def test_a_practitioner_keeps_an_item_and_the_chair_reads_that_it_is_held_back(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    answers(desk, workers["harbour"], reference)
    visit = visits(workers["harbour"], Place.CASE, reference).open("shared")
    assert "Shared: the answer itself, finding-1 (fact)" in visit.words
    assert "Basis not recorded" in visit.words
    visit.app.selectbox(key=f"rule-{reference}-item").set_value("finding-1")
    visit.app.selectbox(key=f"rule-{reference}-audience").set_value("owner only")
    visit.app.text_input(key=f"rule-{reference}-why").set_value("Told in confidence.")
    visit.finish("rule-set")
    assert "The rule is set. Finding-1 can be seen by: owner only." in visit.words

    chair = visits(desk.chair, Place.CASE, reference).open("shared")
    assert "Two visits were recorded by harbour." not in chair.words
    assert "1 item withheld by" in chair.words
    assert "an item that is withheld" in chair.words
    offered = chair.app.selectbox(key=f"rule-{reference}-item").options
    assert all(each.startswith("Incident I-") for each in offered)


def test_a_rule_without_a_reason_is_refused_where_it_stands(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    answers(desk, workers["harbour"], reference)
    visit = visits(workers["harbour"], Place.CASE, reference).open("shared")
    visit.app.selectbox(key=f"rule-{reference}-audience").set_value("owner only")
    visit.press("rule-set")
    assert "why:" in visit.words


def test_the_desk_keeps_an_incident_of_the_referral_and_others_read_that_one_is_held_back(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    visit = visits(desk.chair, Place.CASE, reference).open("shared")
    incident = visit.app.selectbox(key=f"rule-{reference}-item").options[0]
    assert incident.startswith("Incident I-")
    visit.app.selectbox(key=f"rule-{reference}-audience").set_value("owner only")
    visit.app.text_input(key=f"rule-{reference}-why").set_value("The source asked for it.")
    visit.finish("rule-set")
    assert "can be seen by: owner only." in visit.words
    other = visits(workers["harbour"], Place.CASE, reference)
    assert "1 incident withheld by desk; ask" in other.words
    assert incident.split()[1].rstrip(":") not in other.words
