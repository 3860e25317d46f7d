"""Victims' outcomes are the advocate's to enter, and go no further than agreed; figures have no name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.lifecycle import Act, TriageOutcome
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.outcomes.described import Characteristic, DescriptionGiven
from engine.domain.outcomes.tables import FigureTable
from engine.domain.outcomes.victims import Agreed, Moment, Topic, VictimOutcomeGiven
from engine.domain.responses.voices import EVERYONE
from engine.services.access.restrictions import restrict
from engine.services.outcomes.equity import equity_figures
from engine.services.outcomes.victims import (
    describe_victim,
    record_victim_outcome,
    victim_account,
    victims_figures,
)
from engine.services.referrals.screening import end_involvement, name_people
from engine.services.rights import retention
from tests.builders import Desk, a_referral, a_screening, with_toys
from tests.dashboard.visits import screened


def given(moment: Moment = Moment.INTAKE, **changes: Any) -> VictimOutcomeGiven:
    return VictimOutcomeGiven.model_validate(
        {
            "moment": moment,
            "agreed": Agreed.GIVEN,
            "asked_on": "2026-03-01",
            "answers": {Topic.SAFETY: "unsafe"},
            **changes,
        }
    )


DESCRIBED = DescriptionGiven.model_validate(
    {"agreed": "agreed", "asked_on": "2026-03-01", "characteristics": {"sex": "female"}}
)


@pytest.fixture
def workers(desk: Desk) -> dict[str, Acting]:
    return with_toys(desk)


@pytest.fixture
def case(desk: Desk, workers: dict[str, Acting]) -> str:
    return screened(desk)


def test_only_the_advocate_reads_it_until_the_victim_agrees_to_more(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    voice = desk.context(workers["voice"])
    assert record_victim_outcome(voice, reference=case, given=given()) == 1
    assert record_victim_outcome(voice, reference=case, given=given(Moment.EXIT, with_whom=["harbour"])) == 1
    assert describe_victim(voice, reference=case, given=DESCRIBED) == 1

    def read(acting: Acting) -> list[str]:
        account = victim_account(desk.context(acting), reference=case)
        return [each.given.moment.value for each in account.outcomes] + ["own"] * bool(account.description)

    assert read(workers["voice"]) == ["intake", "exit", "own"]
    assert read(workers["harbour"]) == ["exit"]
    assert read(workers["lantern"]) == read(desk.chair) == read(desk.coordinator) == []
    record_victim_outcome(voice, reference=case, given=given(with_whom=[EVERYONE]))
    assert read(desk.chair) == ["intake"]
    assert read(workers["harbour"]) == ["intake", "exit"]


def test_a_second_entry_for_a_moment_corrects_the_first_and_a_withdrawal_ends_it(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    voice = desk.context(workers["voice"])
    record_victim_outcome(voice, reference=case, given=given(with_whom=[EVERYONE]))
    withdrawn = given(agreed=Agreed.WITHDRAWN, answers={})
    assert record_victim_outcome(voice, reference=case, given=withdrawn) == 2
    (entry,) = victim_account(voice, reference=case).outcomes
    assert (entry.version, entry.given.agreed, entry.given.answers) == (2, Agreed.WITHDRAWN, {})
    assert victim_account(desk.context(desk.chair), reference=case).outcomes == ()


def test_nobody_else_enters_it_and_a_closed_case_does_not_exist(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    for acting in (desk.chair, desk.coordinator, workers["harbour"], desk.add("max", Role.MANAGER)):
        with pytest.raises(NotPermittedError, match="the victim's advocate on the case"):
            record_victim_outcome(desk.context(acting), reference=case, given=given())
        with pytest.raises(NotPermittedError):
            describe_victim(desk.context(acting), reference=case, given=DESCRIBED)
    other = desk.add("voice-other", Role.PRACTITIONER, "voice")
    with pytest.raises(NotFoundError):
        record_victim_outcome(desk.context(other), reference=case, given=given())
    with pytest.raises(NotFoundError):
        victim_account(desk.context(other), reference=case)


def test_a_date_to_come_an_unknown_agency_and_an_unscreened_case_are_refused(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    voice = desk.context(workers["voice"])
    with pytest.raises(InvalidInputError, match="asked_on"):
        record_victim_outcome(voice, reference=case, given=given(asked_on="2026-03-03"))
    with pytest.raises(InvalidInputError, match="an agency is not installed"):
        record_victim_outcome(voice, reference=case, given=given(with_whom=["fire-brigade"]))
    with pytest.raises(InvalidInputError, match="without other names"):
        record_victim_outcome(voice, reference=case, given=given(with_whom=[EVERYONE, "harbour"]))
    assert victim_account(voice, reference=case).outcomes == ()


SILENT = (
    "not asked",
    "prefer not to say",
    "not known",
    "did not agree to be described",
    "no description recorded",
)
_SEX = ("male", "female")


def change(desk: Desk, acting: Acting) -> FigureTable:
    return next(table for table in victims_figures(desk.context(acting)) if table.name == "victims_change")


def counts(table: FigureTable, topic: str) -> dict[str, int | None]:
    return {row.levels[1]: row.count for row in table.rows if row.levels[0] == topic}


@pytest.fixture
def forty(desk: Desk, workers: dict[str, Acting]) -> list[str]:
    """Forty-one victims: ten are safer at exit, ten less safe, twenty the same, and one does not engage."""
    numbers = range(1, 42)
    references = list(desk.refer(*(a_referral(str(number)) for number in numbers)).referrals)
    exits = ["safe"] * 10 + ["very unsafe"] * 10 + ["unsafe"] * 11 + ["not asked"] * 10
    with desk.runtime.uow.writing(acting=desk.coordinator, what="test", at=desk.clock.now()) as work:
        for number, (reference, answer) in enumerate(zip(references, exits, strict=True)):
            work.touches(reference)
            work.screenings.add(reference, a_screening(), by="cora", at=desk.clock.now())
            for moment, answers in ((Moment.INTAKE, "unsafe"), (Moment.EXIT, answer)):
                entry = given(moment, answers={Topic.SAFETY: answers})
                work.victims_outcomes.add(
                    reference, entry, agency="voice", by="voice-worker", at=desk.clock.now()
                )
            sex = DESCRIBED.model_copy(update={"characteristics": {Characteristic.SEX: _SEX[number < 26]}})
            work.victims_outcomes.describe(
                reference, sex, agency="voice", by="voice-worker", at=desk.clock.now()
            )
    return references


def test_figures_are_the_same_for_everyone_and_a_restricted_case_is_in_none(
    desk: Desk, workers: dict[str, Acting], forty: list[str]
) -> None:
    manager = desk.add("max", Role.MANAGER)
    before = {"worse": 10, "same": 11, "better": 10, "no answer at both": 10}
    assert counts(change(desk, manager), "safety") == counts(change(desk, desk.chair), "safety") == before
    restrict(desk.context(desk.chair), reference=forty[0], why="A party works here.")
    for acting in (manager, desk.chair):
        assert set(counts(change(desk, acting), "safety").values()) == {None}
        (sex, *_) = equity_figures(desk.context(acting), by=Characteristic.SEX)
        assert {row.levels: row.count for row in sex.rows} == {
            ("female",): 25,
            ("; ".join(["male", *SILENT]),): 15,
        }
    restrict(desk.context(desk.chair), reference=forty[25], why="A party works here.")
    assert change(desk, manager).whole == 39
    with desk.runtime.uow.unrecorded() as work:
        for there in (work.victims_outcomes.counted(), work.victims_outcomes.described()):
            assert set(there) == set(forty) - {forty[0], forty[25]}


def test_erased_answers_are_in_no_figure_and_on_no_case(desk: Desk, workers: dict[str, Acting]) -> None:
    case = screened(desk, "1", TriageOutcome.CONSULTATION)
    voice = desk.context(workers["voice"])
    record_victim_outcome(voice, reference=case, given=given())
    describe_victim(voice, reference=case, given=DESCRIBED)
    end_involvement(desk.context(desk.chair), reference=case, act=Act.END_CONSULTATION, why="Over.")
    retention.review(voice, reference=case, owner="voice", erase=True, why="The victim asked for it.")
    other = desk.add("voice-other", Role.PRACTITIONER, "voice")
    name_people(desk.context(desk.coordinator), reference=case, people=[other.user])
    desk.clock.forward(timedelta(days=40))
    retention.erase(desk.context(other), reference=case, owner="voice")
    account = victim_account(voice, reference=case)
    assert account.outcomes == ()
    assert account.description is None
    (asked, *_) = victims_figures(voice)
    assert asked.is_hidden


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.DATA_PROTECTION])
def test_who_may_not_see_figures_sees_none(desk: Desk, role: Role) -> None:
    acting = desk.add("one", role)
    with pytest.raises(NotPermittedError):
        victims_figures(desk.context(acting))
    with pytest.raises(NotPermittedError):
        equity_figures(desk.context(acting), by=Characteristic.SEX)
