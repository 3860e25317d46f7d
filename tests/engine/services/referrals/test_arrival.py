"""What an agency finds on arrival is seen by its own people alone, and by nothing else that is ever read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role, flow_acting
from engine.domain.alarm_questions import PARTIES
from engine.domain.cases.lifecycle import State, TriageOutcome
from engine.domain.errors import NotFoundError, NotPermittedError
from engine.domain.referrals.arrival import ArrivalOutcome
from engine.domain.referrals.typed import ReferralTyped
from engine.hooks.registry import load_agencies
from engine.services.agencies import health as agency_health
from engine.services.agencies import suspension
from engine.services.agencies.suspension import SuspendedAgencies
from engine.services.alarms.questions import record_works_for
from engine.services.cases import lists as case_lists
from engine.services.cases import views as case_views
from engine.services.cases import worklists
from engine.services.outcomes.summary import summary
from engine.services.referrals import arrival, screening
from engine.services.referrals.creating import complete, create
from engine.services.referrals.screening import screen
from engine.services.system.outbox import waiting
from tests.builders import TOYS, Desk, a_desk, a_person, a_referral, a_screening, installed_codes

RUNNER = flow_acting("look up on arrival", "runner")
HELD = {"Roe": ["BEACON-41"]}


def with_beacon(desk: Desk) -> dict[str, Acting]:
    """The desk with two toys: one that looks up on arrival, and one that does not."""
    home = desk.runtime.settings.home
    built_in = installed_codes()
    desk.runtime.__dict__["agencies"] = load_agencies(
        home,
        suspended=SuspendedAgencies(desk.runtime.uow, always=built_in, look_again_after=0),
        extra={code: TOYS / code for code in ("beacon", "harbour")},
    )
    known = tuple(a for a in desk.runtime.agencies_known if a.code in ("beacon", "harbour"))
    desk.runtime.__dict__["agencies_described"] = known
    return {code: desk.add(f"{code}-worker", Role.PRACTITIONER, code) for code in ("beacon", "harbour")}


def holds(desk: Desk, people: dict[str, list[str]] | str) -> None:
    folder = desk.runtime.settings.home / "agencies" / "beacon"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "people.json").write_text(people if isinstance(people, str) else json.dumps(people))


def look(desk: Desk, at_most: int = 50) -> int:
    return arrival.look_up_arrivals(desk.context(RUNNER), at_most=at_most)


def lines(desk: Desk, acting: Acting) -> list[str]:
    work = worklists.worklist(desk.context(acting))
    return [item.why for item in work.items if item.kind == arrival.ARRIVAL_ITEM]


def outcomes(desk: Desk, state: State = State.NOT_SCREENED) -> list[ArrivalOutcome]:
    with desk.runtime.uow.unrecorded() as work:
        return [looked.outcome for looked in work.agencies_watched.look_ups("beacon", state)]


def screened(desk: Desk, reference: str, outcome: TriageOutcome = TriageOutcome.CONFERENCE) -> None:
    screen(desk.context(desk.coordinator), reference=reference, screening=a_screening(outcome))


def test_its_own_practitioners_are_told_what_their_records_may_hold_and_nobody_else(desk: Desk) -> None:
    workers = with_beacon(desk)
    holds(desk, HELD)
    desk.refer(a_referral())
    assert look(desk) == 1
    assert lines(desk, workers["beacon"]) == [
        "Your records may hold the alleged perpetrator: BEACON-41 (by name, unconfirmed). This is only "
        "for your agency's own staff."
    ]
    for other in (desk.coordinator, desk.chair, workers["harbour"], desk.add("ana", Role.ANALYST)):
        assert lines(desk, other) == []


def test_a_referral_waits_since_it_arrived_whenever_it_was_looked_up(desk: Desk) -> None:
    workers = with_beacon(desk)
    holds(desk, HELD)
    desk.refer(a_referral())
    arrived = desk.clock.now()
    desk.clock.forward(timedelta(hours=26))
    look(desk)
    work = worklists.worklist(desk.context(workers["beacon"]))
    assert [item.since for item in work.items if item.kind == arrival.ARRIVAL_ITEM] == [arrived]


def test_nothing_found_tells_nobody_anything(desk: Desk) -> None:
    workers = with_beacon(desk)
    holds(desk, {"Somebody Else": ["BEACON-9"]})
    desk.refer(a_referral())
    look(desk)
    assert outcomes(desk) == [ArrivalOutcome.NOTHING_FOUND]
    assert lines(desk, workers["beacon"]) == []


def test_a_look_up_that_failed_is_told_as_not_known_and_tried_again_after_an_hour(desk: Desk) -> None:
    workers = with_beacon(desk)
    holds(desk, "{broken")
    desk.refer(a_referral())
    look(desk)
    assert "it is not known whether you hold this person" in lines(desk, workers["beacon"])[0]
    assert look(desk) == 0
    holds(desk, HELD)
    desk.clock.forward(timedelta(minutes=61))
    assert look(desk) == 1
    assert "BEACON-41" in lines(desk, workers["beacon"])[0]


def test_the_case_stays_closed_to_a_practitioner_who_is_told(desk: Desk) -> None:
    workers = with_beacon(desk)
    holds(desk, HELD)
    reference = desk.refer(a_referral()).referrals[0]
    look(desk)
    with pytest.raises(NotFoundError):
        case_views.view_case(desk.context(workers["beacon"]), reference=reference)


def test_a_screened_referral_leaves_the_list_and_is_looked_up_no_more(desk: Desk) -> None:
    workers = with_beacon(desk)
    holds(desk, HELD)
    first, second = desk.refer(
        a_referral("1"), a_referral("2", perpetrator=a_person("Otto", "Roe"))
    ).referrals
    look(desk, at_most=1)
    for reference in (first, second):
        screened(desk, reference, TriageOutcome.ADVICE)
    assert lines(desk, workers["beacon"]) == []
    assert look(desk) == 0


def test_looking_twice_does_nothing_twice_and_a_correction_is_looked_up_anew(desk: Desk) -> None:
    workers = with_beacon(desk)
    holds(desk, {"Rowe": ["BEACON-77"]})
    desk.refer(a_referral())
    assert (look(desk), look(desk)) == (1, 0)
    desk.clock.forward(timedelta(minutes=5))
    desk.refer(a_referral(perpetrator=a_person("Daniel", "Rowe", pnc="2001/0000123Y")))
    assert look(desk) == 1
    assert "BEACON-77" in lines(desk, workers["beacon"])[0]


def test_nobody_is_looked_for_where_a_party_works_for_one_of_the_agencies(desk: Desk) -> None:
    workers = with_beacon(desk)
    holds(desk, HELD)
    desk.refer(a_referral(party_works_for=YesNo.YES), a_referral("2", party_works_for=YesNo.NO))
    look(desk)
    assert outcomes(desk) == [ArrivalOutcome.FOUND]  # the other is restricted, and looked up by nobody
    assert len(lines(desk, workers["beacon"])) == 1


def test_a_call_is_looked_up_once_it_is_answered_whether_a_party_works_for_an_agency(desk: Desk) -> None:
    workers = with_beacon(desk)
    holds(desk, HELD)
    alleged = {"forename": "Daniel", "surname": "Marsh"}
    call = {"topics": {"weapon": "yes"}, "victim": {"not_named": True}, "alleged": alleged}
    first = create(desk.context(desk.coordinator), typed=ReferralTyped.model_validate(call)).reference
    other = create(
        desk.context(desk.coordinator), typed=ReferralTyped.model_validate({**call, "caller": "Housing"})
    ).reference
    assert (look(desk), lines(desk, workers["beacon"])) == (0, [])
    rest = {"victim": {"surname": "Kent", "works_for_us": "no"}, "alleged": {**alleged, "works_for_us": "no"}}
    complete(desk.context(desk.coordinator), reference=first, typed=ReferralTyped.model_validate(rest))
    assert look(desk) == 1
    record_works_for(
        desk.context(desk.coordinator), reference=other, answers=dict.fromkeys(PARTIES, YesNo.NO)
    )
    assert look(desk) == 1


def test_only_an_agency_that_declares_it_looks_and_never_a_suspended_one(desk: Desk) -> None:
    with_beacon(desk)
    desk.refer(a_referral())
    suspension.suspend(
        desk.context(desk.chair), installed=("beacon",), agency="beacon", why="It moves house."
    )
    assert look(desk) == 0
    assert not (desk.runtime.settings.home / "agencies" / "harbour").exists()


def test_a_person_cannot_set_it_off(desk: Desk) -> None:
    with_beacon(desk)
    with pytest.raises(NotPermittedError):
        arrival.look_up_arrivals(desk.context(desk.coordinator))


@contextmanager
def a_day(place: Path, people: dict[str, list[str]] | str) -> Iterator[dict[str, Any]]:
    """Everything that anybody but the agency's own people can read of a day, with references made alike."""
    with a_desk(place) as desk:
        workers = with_beacon(desk)
        holds(desk, people)
        desk.refer(a_referral("1"), a_referral("2", perpetrator=a_person("Otto", "Roe")))
        look(desk)
        ana = desk.add("ana", Role.ANALYST)
        worklists.worklist(desk.context(workers["beacon"]))
        read: dict[str, Any] = {}
        for acting in (desk.coordinator, desk.chair, workers["harbour"], ana):
            read[f"worklist of {acting.user}"] = worklists.worklist(desk.context(acting)).model_dump_json()
            listed = case_lists.list_page(desk.context(acting), count=None).rows
            read[f"list of {acting.user}"] = [row.model_dump_json() for row in listed]
        for row in case_lists.list_page(desk.context(desk.coordinator), count=None).rows:
            read[f"case {row.perpetrator}"] = case_views.view_case(
                desk.context(desk.coordinator), reference=row.reference
            ).model_dump_json()
        chair = desk.context(desk.chair)
        read["health"] = [each.model_dump_json() for each in agency_health.health(chair)]
        read["diagnostics"] = agency_health.diagnostics(chair).model_dump_json()
        read["summary"] = summary(desk.context(desk.chair)).model_dump_json()
        read["outbox"] = waiting(uow=desk.runtime.uow)
        with desk.runtime.uow.unrecorded() as work:
            read["audit"] = [entry.body for entry in work.audit.entries()]
        with pytest.raises(NotFoundError) as refused:
            screening.acknowledge_alarm(desk.context(workers["harbour"]), reference="R-7K3M9QV")
        read["error"] = str(refused.value)
        yield _alike(read)


def _alike(read: dict[str, Any]) -> dict[str, Any]:
    """References are random, and so is the order in which an entry names them: each becomes its kind.

    So is a keyed digest of them; that there is one must be the same.
    """
    text = re.sub(r"\b([A-Z])-[0-9A-Z]{7}\b", r"\1-any", json.dumps(read))
    answer: dict[str, Any] = json.loads(re.sub(r'(wrote\\\\?": *\\\\?")[0-9a-f]{64}', r"\1any", text))
    return answer


def test_everybody_else_reads_the_same_whether_something_was_found_or_not(tmp_path: Path) -> None:
    with (
        a_day(tmp_path / "found", HELD) as found,
        a_day(tmp_path / "nothing", {}) as nothing,
        a_day(tmp_path / "failed", "{broken") as failed,
    ):
        assert found.keys() == nothing.keys()
        for part in found:
            assert found[part] == nothing[part], part
            assert found[part] == failed[part], part
        assert "BEACON-41" not in json.dumps(found)
