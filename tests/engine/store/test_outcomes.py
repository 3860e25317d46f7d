"""What is stored of outcomes is alike on both databases: findings, returns of agencies, releases."""

from __future__ import annotations

from datetime import timedelta

from engine.domain.cases.lifecycle import Act
from engine.domain.outcomes.agency_outcomes import OutcomesAsked
from engine.domain.outcomes.follow_up import Measure, OutcomeGiven
from engine.domain.outcomes.releases import Release
from engine.services.outcomes.observed import observed_cases
from engine.services.outcomes.releases import make_outcome_release, newest_release, release_of
from engine.synthetic.observed_cases import invented_observed_cases
from tests.builders import Desk, in_one_entry, with_toys
from tests.dashboard.visits import asked, decided, opened

DAY = timedelta(days=1)
ACT = {
    "measure": "recorded crime",
    "found": "further stalking",
    "against": "new victim",
    "happened": "2026-03",
    "looked_until": "2026-04-30",
    "looked_in": ["harbour"],
    "agency": "harbour",
    "offence": "195/94",
    "is_order_breach": False,
    "says": "One report.",
}


def a_return(desk: Desk, agency: str, result: str = "answered", **changes: object) -> OutcomesAsked:
    window = {"since": "2026-03-02", "until": "2026-05-01"}
    found = {"searched": ["recorded crime"], "acts": [], "custody": [{"since": "2026-03-10"}]}
    return OutcomesAsked.model_validate(
        {
            "agency": agency,
            "window": window,
            "result": result,
            "found": found if result == "answered" else None,
            "plugin_version": "1",
            "at": desk.clock.now(),
            **changes,
        }
    )


def test_findings_returns_and_what_is_due_are_the_same_on_both_databases(desk: Desk) -> None:
    with_toys(desk)
    case = asked(desk)
    opened(desk, case)
    decided(desk, case)
    begun = desk.clock.now()
    desk.clock.forward(60 * DAY)
    at = desk.clock.now()
    given = OutcomeGiven.model_validate(ACT)
    with in_one_entry(desk.runtime) as work:
        work.touches(case)
        wrong = work.outcomes.add(case, given, harm=10.0, by="x", at=at)
        newer = given.model_copy(update={"replaces": wrong, "says": "Two reports."})
        right = work.outcomes.add(case, newer, harm=None, by="x", at=at)
        for asked_of in (
            a_return(desk, "harbour"),
            a_return(desk, "lantern"),
            a_return(desk, "voice", "failed"),
        ):
            work.agency_outcomes.add(case, asked_of)
        work.agency_outcomes.add_step(case, "harbour", is_released=True, by=None, at=at)

    with desk.runtime.uow.unrecorded() as work:
        first, second = work.outcomes.of([case])[case]
        assert (first.reference, first.harm, first.replaced_by) == (wrong, 10.0, right)
        assert (second.replaces, second.harm, str(second.happened)) == (wrong, None, "2026-03")
        newest = work.agency_outcomes.newest_of(case)
        assert {code: each.released for code, each in newest.items()} == {
            "harbour": True,
            "lantern": None,
            "voice": None,
        }
        assert newest["harbour"].found == a_return(desk, "harbour").found
        assert work.agency_outcomes.waiting_of("lantern") == {case: at}
        assert work.agency_outcomes.waiting_of("harbour") == work.agency_outcomes.waiting_of("voice") == {}

        def due(asked_before: timedelta, failed_before: timedelta = timedelta()) -> list[str]:
            found = work.agency_outcomes.due(
                asked_before=at + asked_before,
                failed_before=at + failed_before,
                decided_after=begun,
                references=[case],
            )
            return [agency for _, agency in found]

        assert due(-DAY) == []
        assert due(-DAY, failed_before=DAY) == ["voice"]
        assert due(DAY) == ["harbour", "voice"]
        (seen,) = work.observed_parts.involvements()
        assert (seen.reference, seen.decided_at) == (case, begun)
        assert work.observed_parts.moved([case], (Act.DECIDE,)) == {case: begun}
    (observed,) = observed_cases(desk.context(desk.coordinator)).cases
    (act,) = observed.measures[Measure.RECORDED].acts
    assert (act.harm, observed.measures[Measure.RECORDED].looked_until) == (None, 59)


def test_a_release_is_read_back_as_it_went_out(desk: Desk) -> None:
    today = desk.clock.today()
    cases = invented_observed_cases(seed=1, since=today - 500 * DAY, until=today - 90 * DAY, in_a_quarter=40)
    made = make_outcome_release(
        desk.context(desk.coordinator),
        invented=[case for case in cases if case.borough == "Northmere"],
        seconds=5,
    )
    assert release_of(desk.context(desk.coordinator)) == made
    read = newest_release(desk.context(desk.chair))
    assert isinstance(read, Release)
    assert read.model_dump_json() == made.release.model_dump_json()
    assert newest_release(desk.context(desk.chair)) is read, "it is read once"
    desk.clock.forward(100 * DAY)
    assert newest_release(desk.context(desk.chair)) is read
    later = make_outcome_release(desk.context(desk.coordinator), invented=[], seconds=5)
    assert newest_release(desk.context(desk.chair)) == later.release != made.release
