"""Victims' outcomes are the advocate's to enter, and go no further than agreed; figures have no name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.lifecycle import Act, TriageOutcome
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.outcomes.described import DescriptionGiven
from engine.domain.outcomes.tables import FigureTable
from engine.domain.outcomes.victims import Agreed, Moment, Topic, VictimOutcomeGiven
from engine.domain.responses.voices import EVERYONE
from engine.services.access.restrictions import restrict
from engine.services.outcomes.releases import newest_release
from engine.services.outcomes.victims import (
    describe_victim,
    record_victim_outcome,
    victim_account,
)
from engine.services.referrals.screening import end_involvement, name_people
from engine.services.rights import retention
from tests.builders import Desk, with_toys
from tests.dashboard.visits import screened
from tests.engine.services.outcomes.forty import forty_victims, released_next_quarter, table_of, tables_of


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


def counts(table: FigureTable, topic: str) -> dict[str, int | None]:
    return {row.levels[1]: row.count for row in table.rows if row.levels[0] == topic}


@pytest.fixture
def forty(desk: Desk, workers: dict[str, Acting]) -> list[str]:
    return forty_victims(desk)


def test_a_release_counts_victims_and_the_next_one_does_not_show_who_was_restricted(
    desk: Desk, forty: list[str]
) -> None:
    first = released_next_quarter(desk)
    before = {"worse": 10, "same": 11, "better": 10, "no answer at both": 10}
    assert counts(table_of(first, "victims_change"), "safety") == before
    sex = {("female",): 26, ("; ".join(["male", *SILENT]),): 15}
    assert {row.levels: row.count for row in table_of(first, "equity_sex").rows} == sex
    restrict(desk.context(desk.chair), reference=forty[0], why="A party works here.")
    assert newest_release(desk.context(desk.chair)) == first
    second = released_next_quarter(desk)
    assert tables_of(second) == tables_of(first), "a difference of one would be the restricted case"
    with desk.runtime.uow.unrecorded() as work:
        for there in (work.victims_outcomes.counted(), work.victims_outcomes.described()):
            assert set(there) == set(forty[1:])


def test_a_restricted_case_is_in_no_table_of_a_release(desk: Desk, forty: list[str]) -> None:
    restrict(desk.context(desk.chair), reference=forty[0], why="A party works here.")
    release = released_next_quarter(desk)
    assert table_of(release, "victims_asked").whole == 40
    assert set(counts(table_of(release, "victims_change"), "safety").values()) == {None}


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
    with desk.runtime.uow.unrecorded() as work:
        assert case not in work.victims_outcomes.counted()
