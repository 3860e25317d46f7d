"""What the victim is told: who is offered what, and the pack through a link that is good once."""

from __future__ import annotations

from dashboard.downloads import MAKERS, VICTIM_PACK
from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from engine.services.access import primary_roles
from engine.services.conference import decisions
from tests.builders import Desk
from tests.dashboard.visits import Visits, asked


def test_the_desk_prepares_the_pack_and_the_advocate_takes_it(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    visit = visits(desk.chair, Place.CASE, reference).open("victim-told")
    assert (
        "Until the panel has assessed who the victim is, the Right to Know and the pack wait" in visit.words
    )
    assert "Notices to the victim" in visit.words
    assert not visit.offers("pack-prepare")
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    primary_roles.assess_roles(
        desk.context(desk.chair), reference=reference, is_primary=True, why="As the records say."
    )
    visit = visits(desk.chair, Place.CASE, reference).open("victim-told")
    visit.type(f"pack-{reference}-words", "We meet again in March.\n\nCall us.")
    visit.finish("pack-prepare")
    assert "The pack is approved" in visit.words
    advocate = visits(workers["voice"], Place.CASE, reference).open("victim-told")
    assert "Download the victim's pack" in advocate.words
    assert "Pack prepared with 0 actions and 2 sentences" in advocate.words
    made = MAKERS[VICTIM_PACK](workers["voice"], reference)
    assert (made.name, b"Call us." in made.content) == (f"pack-{reference}.txt", True)
    assert not visits(workers["harbour"], Place.CASE, reference).offers("victim-told")
