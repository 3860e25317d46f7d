"""A release stays as it went out: every page and every file, whatever happens to the record."""

from __future__ import annotations

from datetime import timedelta

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.lifecycle import Act, TriageOutcome
from engine.domain.outcomes.victims import Moment
from engine.domain.people.same_person import SameVerdict
from engine.services.access.restrictions import restrict
from engine.services.cases.views import view_case
from engine.services.outcomes.releases import newest_release
from engine.services.outcomes.returns import ReturnForm, outcome_return
from engine.services.outcomes.victims import record_victim_outcome
from engine.services.people import same_person
from engine.services.referrals.screening import end_involvement, name_people
from engine.services.rights import retention
from tests.builders import Desk
from tests.dashboard.visits import Visits, screened
from tests.engine.services.outcomes.forty import (
    followed_for_a_year,
    forty_victims,
    given,
    released_next_quarter,
)

PARTS = ("", "compare", "victims", "process", "equity", "agreement", "costs")
FORMS: tuple[ReturnForm, ...] = ("csv", "html", "schema")


def as_shown(desk: Desk, visits: Visits, manager: Acting) -> dict[str, str | bytes]:
    """Everything that a manager sees of the newest release, and its files."""
    context = desk.context(manager)
    shown: dict[str, str | bytes] = {
        part: visits(manager, Place.OUTCOMES, codes={"part": part} if part else None).source for part in PARTS
    }
    return shown | {form: outcome_return(context, form=form).content for form in FORMS}


def people_judged_to_be_one(desk: Desk, references: list[str]) -> tuple[str, str]:
    context = desk.context(desk.coordinator)
    one, other = (
        view_case(context.with_agencies(()), reference=each).perpetrator.reference for each in references[:2]
    )
    same_person.judge_same(context, one=one, other=other, verdict=SameVerdict.SAME, why="A photograph.")
    return one, other


def test_restriction_erasure_and_undone_judgements_change_no_page_and_no_file(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    manager = desk.add("max", Role.MANAGER)
    references = forty_victims(desk)
    erased_later = with_an_account(desk, workers["voice"])
    followed_for_a_year(desk, references)
    one, other = people_judged_to_be_one(desk, references)
    release = released_next_quarter(desk)
    figures = release.groups[0].measures[0]
    assert (figures.further, figures.counted) == (15, 41)
    before = as_shown(desk, visits, manager)
    assert "15 of 41 cases" in str(before[""])
    same_person.take_back_same(desk.context(desk.coordinator), one=one, other=other, why="Two brothers.")
    restrict(desk.context(desk.chair), reference=references[0], why="A party works here.")
    erase(desk, workers["voice"], erased_later)
    assert as_shown(desk, visits, manager) == before
    assert newest_release(desk.context(manager)) == release
    after = released_next_quarter(desk)
    assert after.groups == release.groups, "a difference of few would show what was restricted or erased"


def with_an_account(desk: Desk, voice: Acting) -> str:
    """A case of advice with a victim's account, not decided by the panel."""
    reference = screened(desk, "99", TriageOutcome.CONSULTATION)
    record_victim_outcome(desk.context(voice), reference=reference, given=given(Moment.INTAKE, "unsafe"))
    return reference


def erase(desk: Desk, voice: Acting, reference: str) -> None:
    """The case ends, and the advocates erase the account."""
    end_involvement(desk.context(desk.chair), reference=reference, act=Act.END_CONSULTATION, why="Over.")
    retention.review(
        desk.context(voice), reference=reference, owner="voice", erase=True, why="The victim asked for it."
    )
    other = desk.add("voice-other", Role.PRACTITIONER, "voice")
    name_people(desk.context(desk.coordinator), reference=reference, people=[other.user])
    desk.clock.forward(timedelta(days=40))
    retention.erase(desk.context(other), reference=reference, owner="voice")
    with desk.runtime.uow.unrecorded() as work:
        assert reference not in work.victims_outcomes.counted()
