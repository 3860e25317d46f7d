"""Link evidence is read of the newest good release, as the domain finds it, and becomes links."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

from engine.domain.cases.involvement import Request
from engine.domain.responses.answers import Contribution, Failed, FailureReason, NilReturn, Stage
from engine.services.links.projection import link_cases
from engine.store.unit_of_work import Work
from tests.builders import MONDAY, Desk, a_contribution, a_referral, in_one_entry
from tests.engine.domain.responses.test_reported import evidence

PHONE = evidence(grade="2B P", last_recorded="2026-02")
ANSWERS: dict[str, Contribution | NilReturn | Failed] = {
    "with": a_contribution(link_evidence=(PHONE,)),
    "searched": a_contribution(link_evidence=()),
    "silent": a_contribution(),
    "nil": NilReturn(looked_in=("register",), says="Nothing was held."),
    "failed": Failed(reason=FailureReason.TIME_LIMIT, says="It was too slow."),
}
STEPS = [(stage, name) for name in ANSWERS for stage in (Stage.PREPARED, Stage.RELEASED)]


def lived(work: Work, reference: str, agency: str, history: tuple[tuple[Stage, str], ...]) -> None:
    for number, (stage, name) in enumerate(history, start=1):
        work.answers.add(
            reference,
            agency,
            ANSWERS[name],
            stage=stage,
            author=f"harbour-{number}",
            plugin_version=None,
            at=MONDAY + timedelta(hours=number),
        )


def test_it_is_read_as_the_domain_finds_it_in_every_history(desk: Desk) -> None:
    reference = desk.refer(a_referral()).referrals[0]
    agencies = {f"agency-{n}": history for n, history in enumerate(product(STEPS, repeat=2))}
    with in_one_entry(desk.runtime) as work:
        due = MONDAY + timedelta(days=5)
        asked = {"involvement": reference, "asked_at": MONDAY, "due_at": due, "was_shown": ()}
        work.answers.ask([Request.model_validate({**asked, "agency": agency}) for agency in agencies])
        for agency, history in agencies.items():
            lived(work, reference, agency, history)
        read = work.answers.link_evidence([reference, "R-NOTHERE"])[reference]
        for returns in work.answers.returns([reference])[reference]:
            newest = returns.released()
            answer = newest.answer if newest else None
            there = answer.link_evidence if isinstance(answer, Contribution) else None
            assert read.get(returns.request.agency, ()) == (there or ()), agencies[returns.request.agency]
        assert set(map(len, read.values())) == {1}


def test_it_is_a_link_with_its_grade_until_its_source_is_erased(desk: Desk) -> None:
    reference = desk.refer(a_referral()).referrals[0]
    with in_one_entry(desk.runtime) as work:
        asked = {"involvement": reference, "asked_at": MONDAY, "due_at": MONDAY, "was_shown": ()}
        work.answers.ask([Request.model_validate({**asked, "agency": "harbour"})])
        before = link_cases(work, desk.runtime.key, [reference], at=MONDAY)
        lived(work, reference, "harbour", ((Stage.RELEASED, "with"),))
        assert link_cases(work, desk.runtime.key, [reference], at=MONDAY) == before + 1
        assert "2B P" in work.links.arrays.words().values()
        assert len(work.links.arrays.whole().links["kind"]) == before + 1
        work.erasing.of_agency(reference, "harbour", work.retention.new_certificate())
        assert link_cases(work, desk.runtime.key, [reference], at=MONDAY) == before
        assert len(work.links.arrays.whole().links["kind"]) == before
