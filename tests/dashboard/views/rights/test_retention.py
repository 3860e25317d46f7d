"""How long a case is kept, on the case page: one person decides, another erases."""

from __future__ import annotations

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from engine.domain.cases.lifecycle import Act, TriageOutcome
from engine.services.referrals.screening import end_involvement
from tests.builders import Desk
from tests.dashboard.visits import Visits, screened


def test_the_co_ordinator_decides_and_the_chair_erases(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = screened(desk, outcome=TriageOutcome.CONSULTATION)
    end_involvement(
        desk.context(desk.chair), reference=reference, act=Act.END_CONSULTATION, why="Advice given."
    )
    visit = visits(desk.coordinator, Place.CASE, reference).open("retention")
    assert "STAC coordinator and chair" in visit.words
    assert not visit.offers("retention-erase-desk")
    visit.app.text_input(key=f"retention-{reference}-why-desk").set_value("No longer needed.")
    visit.finish("retention-mark-desk")
    assert "STAC coordinator and chair: erasure approved." in visit.words
    assert (
        not visits(desk.coordinator, Place.CASE, reference).open("retention").offers("retention-erase-desk")
    )

    visit = visits(desk.chair, Place.CASE, reference).open("retention")
    for shown in (
        "Review the erasure: STAC coordinator and chair",
        f"Case {reference}",
        "No longer needed.",
        "a certificate in your",
    ):
        assert shown in f"{visit.words} {' '.join(each.label for each in visit.app.expander)}"
    visit.finish("retention-erase-desk")
    assert "erased. The certificate is X-" in visit.words
    assert "Repeated unwanted contact" not in visit.words
    assert (
        "Figures over all cases count it" in visits(desk.chair, Place.CASE, reference).open("retention").words
    )
    worker = visits(workers["harbour"], Place.CASE, reference).open("retention")
    assert "1 certificate of erasure" in worker.words
    assert not worker.offers("retention-hold-desk")
