"""The alarm about a writer of many places: who ends it, how it returns; its writer learns nothing."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.vault.many_places import AskedGiven, AskedWhom, FoundReason
from engine.domain.vault.typed_texts import TypedWhere
from engine.services.access.log import read_access_log
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.referrals import incidents as referral_incidents
from engine.services.referrals import screening
from engine.services.vault.access_requests import name_safe_contact
from engine.services.vault.guesses import MANY_PLACES_TYPED, alarms_of_places, record_asked_about_places
from engine.services.vault.keys import rotate
from engine.store.repositories.access.visibility import EVERYTHING
from tests.builders import (
    SAFE_HOUSE,
    Desk,
    a_referral,
    a_screening,
    an_incident,
    in_one_entry,
    say_whose,
    with_toys,
)
from tests.differential import statements_of
from tests.prepared import prepared

pytestmark = pytest.mark.whose_is_said

STREETS = [f"{number} {name} Road" for number, name in enumerate(("Ash", "Birch", "Cedar", "Dell", "Elm"), 1)]
SIX = f"Asked at {', '.join(STREETS[:4])} and {SAFE_HOUSE}."
"""A street and its postcode are two."""
SECRET = "He asked for the beat of next week."


@pytest.fixture
def case(desk: Desk) -> str:
    """A screened case with an address, the toy agencies' people on it, and a safe-contact officer."""
    return prepared(desk, _screened, desk, with_toys(desk))


def _screened(desk: Desk, workers: dict[str, Acting]) -> str:
    reference = desk.refer(a_referral()).referrals[0]
    screening.screen(
        desk.context(desk.coordinator),
        reference=reference,
        screening=a_screening(people=tuple(w.user for w in workers.values())),
    )
    name_safe_contact(desk.context(desk.chair), reference=reference, user="lantern-worker")
    return reference


def worker(agency: str) -> Acting:
    return Acting(user=f"{agency}-worker", role=Role.PRACTITIONER, agency=agency)


WRITER, OFFICER = worker("harbour"), worker("lantern")


def types(desk: Desk, acting: Acting, case: str, what: str = SIX) -> None:
    say_whose(what)
    incident = an_incident("2026-02-28", what=what)
    referral_incidents.record_incident(desk.context(acting), reference=case, incident=incident)


def lines(desk: Desk, acting: Acting) -> list[WorkItem]:
    return [each for each in worklist(desk.context(acting)).items if each.kind == MANY_PLACES_TYPED]


def asked(desk: Desk, **given: Any) -> AskedGiven:
    there: dict[str, Any] = {
        "writer": WRITER.user,
        "counted": 6,
        "asked": AskedWhom.MANAGER,
        "asked_on": desk.clock.today(),
        "found": FoundReason.TASK,
        "text": SECRET,
    }
    return AskedGiven(**{**there, **given})


def records(desk: Desk, acting: Acting, case: str, **given: Any) -> str:
    context = desk.context(acting)
    return record_asked_about_places(context, reference=case, given=asked(desk, **given)).reference


@pytest.mark.parametrize("ends", ["officer", "chair"])
def test_one_who_has_the_alarm_ends_it_for_all_and_it_returns_with_as_many_places(
    desk: Desk, case: str, ends: str
) -> None:
    types(desk, WRITER, case)
    desk.clock.forward(timedelta(hours=1))
    acting = OFFICER if ends == "officer" else desk.chair
    assert (len(lines(desk, OFFICER)), len(lines(desk, desk.chair))) == (1, 1)
    records(desk, acting, case)
    assert lines(desk, OFFICER) == lines(desk, desk.chair) == []
    types(desk, WRITER, case, f"Asked at {', '.join(STREETS)}.")
    assert lines(desk, OFFICER) == [], "five since are no alarm"
    types(desk, WRITER, case, "Asked at 9 Fir Road.")
    (line,) = lines(desk, desk.chair)
    assert line.is_alarm
    assert "named 6 places" in line.why
    records(desk, acting, case)
    assert lines(desk, desk.chair) == []


def test_what_was_found_is_read_by_those_who_have_the_alarm_and_by_no_one_else(desk: Desk, case: str) -> None:
    types(desk, WRITER, case)
    ref = records(desk, OFFICER, case, text=f"{SECRET} Not {SAFE_HOUSE}.")
    for acting, text in (
        (OFFICER, f"{SECRET} Not {SAFE_HOUSE}."),
        (desk.chair, f"{SECRET} Not [protected]."),
    ):
        (seen,) = alarms_of_places(desk.context(acting)).recorded
        assert (seen.reference, seen.writer, seen.found) == (ref, WRITER.user, FoundReason.TASK)
        assert (seen.asked, seen.by, seen.text) == (AskedWhom.MANAGER, OFFICER.user, text)
    for acting in (WRITER, desk.coordinator):
        assert alarms_of_places(desk.context(acting)).recorded == ()
    auditor = Acting(user="audrey", role=Role.AUDITOR)
    with pytest.raises(NotPermittedError):
        alarms_of_places(desk.context(auditor))


def test_a_record_is_refused_to_who_has_no_alarm_in_the_words_for_none(desk: Desk, case: str) -> None:
    """Also to the writer: what they read is the same with an alarm and without."""

    def refused(acting: Acting, **given: Any) -> tuple[str, list[str]]:
        with statements_of(desk) as made, pytest.raises(NotFoundError) as error:
            records(desk, acting, case, **given)
        return str(error.value), made

    refused(WRITER)  # the first use of a record checks its keys
    without = {each.user: refused(each) for each in (WRITER, desk.coordinator, OFFICER, desk.chair)}
    types(desk, WRITER, case)
    assert refused(WRITER) == without[WRITER.user]
    assert refused(desk.coordinator)[0] == without[desk.coordinator.user][0]
    records(desk, OFFICER, case)
    assert refused(WRITER) == without[WRITER.user]
    assert refused(OFFICER)[0] == without[OFFICER.user][0], "it has ended"
    assert refused(desk.chair, writer=OFFICER.user)[0].startswith("you cannot view alarm")


def test_the_writer_is_shown_the_same_with_an_alarm_after_its_end_and_in_a_world_without(
    desk: Desk, case: str
) -> None:
    """Worklist, case page, list and access log: the same words, and the same statements but for reading."""

    def shown() -> tuple[list[str], list[str]]:
        context = desk.context(WRITER)
        with statements_of(desk) as made:
            read = [
                worklist(context).model_dump_json(),
                view_case(context.with_agencies(()), reference=case).model_dump_json(),
                alarms_of_places(context).model_dump_json(),
            ]
        return read, made

    types(desk, WRITER, case)
    shown()  # what the incident changed is derived by the first who reads
    before = shown()
    records(desk, OFFICER, case)
    after = shown()
    assert after == before
    assert "places" not in "".join(after[0]).replace("places_named", "")
    looks = read_access_log(desk.context(desk.chair), reference=case).model_dump_json()
    assert "many places" not in looks
    with desk.runtime.uow.unrecorded() as work:
        (entry,) = [
            json.loads(each.body)
            for each in work.audit.entries()
            if "why many places were named" in each.body
        ]
    assert entry["facts"].keys() == {"record", "found"}
    assert SECRET not in json.dumps(entry)
    assert WRITER.user not in json.dumps(entry["facts"])


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"text": " "}, "text"),
        ({"text": "two\nlines"}, "text"),
        ({"asked_on": date(2030, 1, 1)}, "date"),
        ({"asked_on": date(2026, 1, 1)}, "date"),
        ({"counted": 5}, "counted"),
    ],
)
def test_what_is_not_a_record_of_this_alarm_is_refused(
    desk: Desk, case: str, given: dict[str, Any], part: str
) -> None:
    types(desk, WRITER, case)
    with pytest.raises(InvalidInputError, match=f"^{part}"):
        records(desk, OFFICER, case, **given)
    assert len(lines(desk, OFFICER)) == 1
    records(desk, OFFICER, case, counted=7)
    assert lines(desk, OFFICER) == []


def test_more_places_named_while_the_form_was_open_are_asked_about_too(desk: Desk, case: str) -> None:
    types(desk, WRITER, case)
    types(desk, WRITER, case, "Asked at 9 Fir Road.")
    with pytest.raises(InvalidInputError, match="has named 7 by now"):
        records(desk, OFFICER, case)
    assert len(lines(desk, OFFICER)) == 1


@pytest.mark.both
def test_a_record_opens_after_the_key_was_changed(desk: Desk, case: str) -> None:
    types(desk, WRITER, case)
    records(desk, OFFICER, case)
    rotate(desk.context(desk.coordinator))
    (seen,) = alarms_of_places(desk.context(desk.chair)).recorded
    assert seen.text == SECRET


def test_a_writer_of_few_places_of_each_case_is_left_out_by_the_database(desk: Desk, case: str) -> None:
    (other,) = desk.refer(a_referral("2")).referrals
    now = desk.clock.now()
    with in_one_entry(desk.runtime) as work:
        for reference, by, places in (
            (case, "few", 5),
            (other, "few", 5),
            (case, "many", 2),
            (case, "many", 4),
            (other, "many", 1),
        ):
            work.typed_texts.add_places(reference, TypedWhere.INCIDENT, places=places, by=by, at=now)
        before = now - timedelta(days=1)
        work.typed_texts.add_places(case, TypedWhere.INCIDENT, places=9, by="long ago", at=before)
    with desk.runtime.uow.unrecorded() as work:
        found = work.typed_texts.places_since(now, EVERYTHING, at_least=6)
    assert [(each.case, each.by, each.places) for each in found] == [(case, "many", 2), (case, "many", 4)]
