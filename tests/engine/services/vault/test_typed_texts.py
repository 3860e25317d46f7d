"""A text that repeats something protected: who reads it masked, who is told, and who is told nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.worklists import TELLS
from engine.domain.errors import NotFoundError, NotPermittedError
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue
from engine.domain.responses.answers import NilReturn
from engine.domain.vault.openings import OWN_REASON
from engine.domain.vault.typed_texts import TypedWhere
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.referrals import incidents as referral_incidents
from engine.services.referrals import screening
from engine.services.responses import agency_answers
from engine.services.vault import access_requests
from engine.services.vault.guesses import MANY_PLACES_TYPED
from engine.services.vault.notifications import vault_on_case
from engine.services.vault.protected_details import store_protected
from engine.services.vault.typed_texts import see_to_text, texts_to_see_to
from tests.builders import (
    SAFE_HOUSE,
    Desk,
    a_referral,
    a_screening,
    an_incident,
    ask_all,
    say_whose,
    with_toys,
)
from tests.differential import statements_of
from tests.prepared import prepared

pytestmark = pytest.mark.whose_is_said

GUESS = "Asked whether she lives at 14 larkfield passage."


@pytest.fixture
def case(desk: Desk) -> str:
    """A screened case with an address, and the toy agencies' people on it."""
    return prepared(desk, _screened, desk, with_toys(desk))


def _screened(desk: Desk, workers: dict[str, Acting]) -> str:
    reference = desk.refer(a_referral()).referrals[0]
    screening.screen(
        desk.context(desk.coordinator),
        reference=reference,
        screening=a_screening(people=tuple(w.user for w in workers.values())),
    )
    return reference


def guesser(agency: str = "harbour") -> Acting:
    return Acting(user=f"{agency}-worker", role=Role.PRACTITIONER, agency=agency)


def types(desk: Desk, acting: Acting, case: str, what: str = GUESS) -> None:
    say_whose(what)
    incident = an_incident("2026-02-28", what=what)
    referral_incidents.record_incident(desk.context(acting), reference=case, incident=incident)


def seen_by(desk: Desk, acting: Acting, case: str) -> str:
    return view_case(desk.context(acting).with_agencies(()), reference=case).model_dump_json()


def lines(desk: Desk, acting: Acting) -> list[str]:
    day = worklist(desk.context(acting))
    return [item.why for item in day.items if item.kind == TELLS]


def test_who_typed_it_reads_it_as_typed_and_everybody_else_masked(desk: Desk, case: str) -> None:
    types(desk, guesser(), case)
    assert GUESS in seen_by(desk, guesser(), case)
    for other in (desk.coordinator, desk.chair, guesser("lantern")):
        page = seen_by(desk, other, case)
        assert "larkfield" not in page
        assert "Asked whether she lives at [protected]" in page


def test_a_wrong_guess_reads_the_same_to_its_writer_as_a_right_one(desk: Desk, case: str) -> None:
    wrong = GUESS.replace("larkfield", "oakfield")
    types(desk, guesser(), case, wrong)
    types(desk, guesser("lantern"), case)
    own = seen_by(desk, guesser(), case), seen_by(desk, guesser("lantern"), case)
    assert (wrong in own[0], GUESS in own[1]) == (True, True)
    assert lines(desk, guesser()) == lines(desk, guesser("lantern")) == []


def test_the_desk_is_told_who_typed_it_where_and_never_what(desk: Desk, case: str) -> None:
    types(desk, guesser(), case)
    for other in (desk.coordinator, desk.chair):
        (line,) = lines(desk, other)
        assert line == (
            "Text entered by harbour-worker in an incident contains protected details. Others see it masked."
        )


def test_a_text_that_repeats_nothing_is_no_line(desk: Desk, case: str) -> None:
    types(desk, guesser(), case, "Stood outside the station for an hour.")
    assert lines(desk, desk.coordinator) == []


def test_three_tries_of_one_person_within_28_days_are_an_alarm(desk: Desk, case: str) -> None:
    for _ in range(3):
        types(desk, guesser(), case)
        desk.clock.forward(timedelta(days=9))
    day = worklist(desk.context(desk.chair))
    assert [item.is_alarm for item in day.items if item.kind == TELLS] == [True, False, False]
    assert "It is the third such text of this user in 28 days." in lines(desk, desk.chair)[0]


def test_three_tries_over_a_longer_time_are_none(desk: Desk, case: str) -> None:
    for _ in range(3):
        types(desk, guesser(), case)
        desk.clock.forward(timedelta(days=15))
    day = worklist(desk.context(desk.chair))
    assert [item.is_alarm for item in day.items if item.kind == TELLS] == [False, False, False]


@pytest.mark.both
def test_the_number_of_earlier_texts_is_each_writers_own_and_one_question_counts_all(
    desk: Desk, case: str
) -> None:
    def asked() -> int:
        with statements_of(desk) as given:
            texts_to_see_to(desk.context(desk.chair))
        return len(given)

    types(desk, guesser(), case)
    few = asked()
    for agency in ("lantern", "harbour", "lantern", "harbour"):
        types(desk, guesser(agency), case)
    assert asked() == few
    found = texts_to_see_to(desk.context(desk.chair))
    assert [(each.by, each.earlier) for each in found] == [
        ("harbour-worker", 0),
        ("lantern-worker", 0),
        ("harbour-worker", 1),
        ("lantern-worker", 1),
        ("harbour-worker", 2),
    ]
    see_to_text(desk.context(desk.coordinator), number=found[0].number, how="Spoken with the writer.")
    assert texts_to_see_to(desk.context(desk.chair))[-1].earlier == 2, "one that is resolved counts"


def test_nobody_of_the_desk_is_told_of_their_own_text(desk: Desk, case: str) -> None:
    types(desk, desk.coordinator, case)
    assert lines(desk, desk.coordinator) == []
    assert len(lines(desk, desk.chair)) == 1


def test_what_was_seen_to_is_gone_and_only_the_desk_sees_to_it(desk: Desk, case: str) -> None:
    types(desk, guesser(), case)
    given: dict[str, Any] = {"how": "Spoken with the writer."}
    (text,) = texts_to_see_to(desk.context(desk.coordinator))
    assert (text.involvement, text.where, text.by) == (case, TypedWhere.INCIDENT, "harbour-worker")
    with pytest.raises(NotPermittedError):
        see_to_text(desk.context(guesser()), **given, number=text.number)
    see_to_text(desk.context(desk.coordinator), **given, number=text.number)
    assert texts_to_see_to(desk.context(desk.chair)) == ()
    for number in (text.number, text.number + 1):
        with pytest.raises(NotFoundError):
            see_to_text(desk.context(desk.chair), **given, number=number)


def test_an_answer_typed_by_hand_is_checked_too(desk: Desk, case: str) -> None:
    ask_all(desk, case)
    agency_answers.answer_by_hand(
        desk.context(guesser("lantern")),
        reference=case,
        agency="lantern",
        answer=NilReturn(looked_in=("cards",), says=f"Nothing at {SAFE_HOUSE}."),
    )
    (text,) = texts_to_see_to(desk.context(desk.chair))
    assert (text.where, text.by) == (TypedWhere.ANSWER, "lantern-worker")


def test_who_asks_for_an_opening_is_not_shown_their_masked_reason(desk: Desk, case: str) -> None:
    given: dict[str, Any] = {"reference": case}
    held = vault_on_case(desk.context(guesser()), **given)
    asked = access_requests.ask_to_open(
        desk.context(guesser()), **given, item=held.items[0].reference, task=held.tasks[0], why=GUESS
    )
    assert asked.why == OWN_REASON
    assert [ask.why for ask in vault_on_case(desk.context(guesser()), **given).asks] == [OWN_REASON]
    (seen,) = vault_on_case(desk.context(desk.chair), **given).asks
    assert seen.why == "Asked whether she lives at [protected]."
    assert len(lines(desk, desk.chair)) == 1


def test_many_places_of_one_writer_are_an_alarm_whether_or_not_any_is_protected(
    desk: Desk, case: str
) -> None:
    def alarms(acting: Acting) -> list[tuple[str, bool]]:
        day = worklist(desk.context(acting))
        return [(item.why, item.is_alarm) for item in day.items if item.kind == MANY_PLACES_TYPED]

    streets = [
        f"{number} {name} Road" for number, name in enumerate(("Ash", "Birch", "Cedar", "Dell", "Elm"))
    ]
    types(desk, guesser("lantern"), case, f"Asked at {', '.join(streets)}.")
    assert alarms(desk.chair) == []
    types(desk, guesser("lantern"), case, "Asked at 9 Fir Road.")
    types(desk, guesser(), case, f"Asked at {', '.join(streets)} and 14 Larkfield Passage.")
    shown = alarms(desk.chair)
    assert {is_alarm for _, is_alarm in shown} == {True}
    wrong, right = sorted(why.replace("lantern", "harbour") for why, _ in shown)
    assert wrong == right
    assert "named 6 places in texts of this case within 24 hours" in right
    assert alarms(guesser()) == []
    desk.clock.forward(timedelta(days=29))
    assert alarms(desk.chair) == []


def test_the_worklist_takes_the_same_statements_whoever_named_many_places_on_a_hidden_case(
    desk: Desk, case: str
) -> None:
    """Both have no line: the case does not name the one reader, and the other typed the places."""
    outsider = desk.add("outsider", Role.PRACTITIONER, "lantern")

    def read() -> list[str]:
        with statements_of(desk) as given:
            worklist(desk.context(outsider))
        return given

    read()  # the first use of a record checks its keys
    before = read()
    streets = " and ".join(f"{number} Road{number:c} Lane" for number in range(66, 74))
    types(desk, guesser("lantern"), case, f"Asked at {streets}.")
    read()  # rows that the incident changed are derived by the first who reads
    assert read() == before
    assert [each.kind for each in worklist(desk.context(desk.chair)).items].count(MANY_PLACES_TYPED) == 1


def test_a_text_of_before_is_queued_when_the_value_is_stored(desk: Desk, case: str) -> None:
    types(desk, guesser("lantern"), case, "Waited at 5 Newhome Street all day.")
    assert lines(desk, desk.chair) == []
    desk.clock.forward(timedelta(days=5))
    moved = ProtectedValue(kind=ProtectedKind.ADDRESS, value="5 Newhome Street, ZZ97 1AA")
    with desk.runtime.context(desk.coordinator).writing("store a value") as work:
        store_protected(
            work=work,
            key=desk.runtime.context(desk.coordinator).key,
            clock=desk.clock,
            values=[(case, moved)],
            told_by="harbour",
        )
    (line,) = lines(desk, desk.chair)
    assert "Text entered by lantern-worker in an incident" in line
    assert "newhome" not in seen_by(desk, desk.chair, case).casefold()
    assert "5 Newhome Street" in seen_by(desk, guesser("lantern"), case)


def test_the_texts_of_a_file_read_as_they_are_to_who_brought_it_in_and_wait_for_others(desk: Desk) -> None:
    """Before and after the value is stored: their worklist does not name the text either."""
    there = "Waited at 5 Newhome Street all day"
    file = a_referral(
        reason=f"{there}.", relationship=f"{there}?", incidents=(an_incident("2026-02-27", what=f"{there}!"),)
    )
    case = desk.refer(file).referrals[0]
    before = seen_by(desk, desk.coordinator, case)
    desk.clock.forward(timedelta(days=5))
    moved = ProtectedValue(kind=ProtectedKind.ADDRESS, value="5 Newhome Street, ZZ97 1AA")
    context = desk.runtime.context(desk.coordinator)
    with context.writing("store a value") as work:
        store_protected(work=work, key=context.key, clock=desk.clock, values=[(case, moved)], told_by="x")
    for text in ("day.", "day?", "day!"):
        assert f"Newhome Street all {text}" in before
        assert f"Newhome Street all {text}" in seen_by(desk, desk.coordinator, case)
        assert f"[protected] all {text}" in seen_by(desk, desk.chair, case)
    assert lines(desk, desk.coordinator) == []
    (line,) = lines(desk, desk.chair)
    assert "Text entered by coordinator in an incident" in line.replace(desk.coordinator.user, "coordinator")
    assert "typed_by" not in seen_by(desk, desk.chair, case)


@pytest.mark.parametrize("street", ["14 Larkfield Passage", "14 larkfield psg", "19 Oakfield Passage"])
def test_a_hand_typed_answer_reads_to_its_writer_as_typed(desk: Desk, case: str, street: str) -> None:
    ask_all(desk, case)
    sentence = f"Not seen at {street} before."
    agency_answers.answer_by_hand(
        desk.context(guesser()),
        reference=case,
        agency="harbour",
        answer=NilReturn(looked_in=("the register",), says=sentence),
    )
    assert sentence in seen_by(desk, guesser(), case)
    is_right = "ark" in street
    for other in (desk.chair, guesser("lantern")):
        assert (sentence in seen_by(desk, other, case)) is not is_right
    found = view_case(desk.context(guesser()).with_agencies(()), reference=case).answers
    assert [each.version for each in found if each.agency == "harbour"] == [2]  # the plugin prepared one


def test_two_spellings_typed_one_after_the_other_are_two_versions_right_or_wrong(
    desk: Desk, case: str
) -> None:
    ask_all(desk, case)
    for agency, streets in (
        ("harbour", ("14 Larkfield Passage", "14 larkfield psg")),
        ("lantern", ("19 Oakfield Passage", "19 oakfield psg")),
    ):
        versions = [
            agency_answers.answer_by_hand(
                desk.context(guesser(agency)),
                reference=case,
                agency=agency,
                answer=NilReturn(looked_in=("the register",), says=f"Not at {street}."),
            ).version
            for street in (*streets, streets[-1])
        ]
        assert versions == [2, 3, 3]  # after the one that the plugin prepared
