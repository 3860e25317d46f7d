"""The asker learns a reference and whom to ask; of victims and what is protected only the desk learns."""

from __future__ import annotations

import json
from datetime import timedelta
from statistics import median
from time import thread_time
from typing import Any

import pytest
from pydantic import ValidationError

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role, flow_acting
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.people.persons import ClaimedRole, Thing, ThingKind
from engine.domain.people.search import SENT, SeenBefore, SeenBeforeAsked, SentSearches
from engine.services.access import conflicts
from engine.services.access.restrictions import restrict
from engine.services.cases.worklists import daily_sweep, worklist
from engine.services.people import search as service
from engine.services.referrals import screening
from engine.services.vault import keys as vault_keys
from tests.builders import SAFE_HOUSE, SAFE_PHONE, Desk, a_referral, a_screening
from tests.databases import stored_bytes
from tests.differential import statements_of

pytestmark = pytest.mark.both("full")  # those that count, wait, seal or cut are on both in each run

HIS_PHONE = Thing(kind=ThingKind.PHONE, value="07700 900111")
HIS_ACCOUNT = Thing(kind=ThingKind.ACCOUNT, value="@dan_roe88")
HIS_CAR = Thing(kind=ThingKind.VEHICLE, value="AB12 CDE")
HIM = {"forename": "Daniel", "surname": "Roe", "date_of_birth": "1988-04-09"}
HER = {"forename": "Amira", "surname": "Kent", "date_of_birth": "1988-04-09"}


def refer(desk: Desk, number: str = "1", *, screened: bool = True, **changes: Any) -> str:
    changes.setdefault("perpetrator_things", (HIS_PHONE, HIS_ACCOUNT, HIS_CAR))
    changes.setdefault("perpetrator_address", "3 Pym Row, ZZ99 1AA")
    (reference,) = desk.refer(a_referral(number, **changes)).referrals
    if screened:
        screening.screen(
            desk.context(desk.coordinator).with_agencies(()), reference=reference, screening=a_screening()
        )
    return reference


def ask(desk: Desk, acting: Acting, **asked: Any) -> SeenBefore:
    return service.seen_before(desk.context(acting), asked=SeenBeforeAsked.model_validate(asked))


def sent(desk: Desk, acting: Acting | None = None) -> SentSearches:
    return service.searches_sent(desk.context(acting or desk.coordinator))


@pytest.fixture
def worker(desk: Desk) -> Acting:
    return desk.add("worker", Role.PRACTITIONER, "harbour")


def references(found: SeenBefore) -> list[str]:
    return [hit.reference for hit in found.listed]


NAME_AND_BIRTH = ("the same name", "the date of birth")


@pytest.mark.parametrize(
    ("asked", "on"),
    [
        ({"perpetrator": HIM}, NAME_AND_BIRTH),
        ({"perpetrator": {"forename": "Dan", "surname": "Roe"}}, ("a similar name",)),
        (
            {"perpetrator": {"forename": "Roe", "surname": "Daniel", "date_of_birth": "1988-04-09"}},
            NAME_AND_BIRTH,
        ),
        ({"perpetrator": {**HIM, "forename": "Daniel Anthony"}}, ("a similar name", "the date of birth")),
        ({"perpetrator": {"forename": "Daniel Anthony", "surname": "Roe"}}, ("a similar name",)),
        ({"perpetrator": {"identifiers": [{"scheme": "pnc", "value": "01/123y"}]}}, ("the same PNC ID",)),
        ({"person": {"forename": "Daniel", "surname": "Roe"}}, ("the same name",)),
        ({"phone": "+44 7700 900 111"}, ("the phone number",)),
        ({"handle": "dan_roe88"}, ("the handle",)),
        ({"vehicle": "ab12cde"}, ("the vehicle's plate",)),
        ({"address": "3 Pym Row ZZ991AA"}, ("the address",)),
        ({"perpetrator": HIM, "victim": HER}, NAME_AND_BIRTH),
    ],
)
def test_an_alleged_perpetrator_is_listed_by_reference_whom_to_ask_and_on_what_and_nothing_else(
    desk: Desk, worker: Acting, asked: dict[str, Any], on: tuple[str, ...]
) -> None:
    reference = refer(desk)
    found = ask(desk, worker, **asked)
    assert found.model_dump() == {
        "listed": ({"reference": reference, "ask": "the coordinator", "on": on, "names": None},),
        "more": False,
        "too_common": False,
        "sent": SENT,
        "left_today": 39,
    }


@pytest.mark.parametrize(
    "asked",
    [
        {"perpetrator": {"forename": "Otto", "surname": "Pym", "date_of_birth": "1971-01-30"}},
        {"perpetrator": {**HIM, "date_of_birth": "1961-12-30"}},
        {"phone": "07700 900112"},
        {"handle": "dan_roe89"},
        {"address": "4 Pym Row, ZZ99 1AA"},
        {"vehicle": "AB12 CDF"},
        {"reference": "R-222222B"},
    ],
)
def test_somebody_else_is_not_listed(desk: Desk, worker: Acting, asked: dict[str, Any]) -> None:
    refer(desk)
    assert ask(desk, worker, **asked).listed == ()


@pytest.mark.parametrize(
    ("hit", "miss"),
    [
        ({"victim": HER}, {"victim": {"forename": "Vera", "surname": "Vane"}}),
        ({"phone": SAFE_PHONE}, {"phone": "07700 900999"}),
        ({"address": SAFE_HOUSE}, {"address": "15 Larkfield Passage, ZZ99 3QX"}),
        ({"perpetrator": HER}, {"perpetrator": {**HER, "surname": "Zylstra", "forename": "Xenia"}}),
        ({"person": HER}, {"person": {**HER, "surname": "Zylstra", "forename": "Xenia"}}),
    ],
)
def test_of_a_victim_or_a_protected_value_the_asker_is_told_the_same_as_of_nobody(
    desk: Desk, worker: Acting, hit: dict[str, Any], miss: dict[str, Any]
) -> None:
    reference = refer(desk)
    found, nothing = ask(desk, worker, **hit), ask(desk, worker, **miss)
    assert found.model_copy(update={"left_today": 0}) == nothing.model_copy(update={"left_today": 0})
    assert found.listed == ()
    waiting = sent(desk)
    (search,) = waiting.waiting
    assert [each.reference for each in search.found] == [reference]
    assert (search.asked_by, search.agency, search.task) == ("worker", "harbour", "case work")
    assert waiting.without_hit == 1


@pytest.mark.both
def test_it_takes_the_same_time_whether_or_not_there_is_something(desk: Desk, worker: Acting) -> None:
    """The co-ordinator's reading looks it up. The asker's time, in turns, by the processor's clock."""
    refer(desk)
    parts = {
        "phone": (SAFE_PHONE, "07700 900999"),
        "victim": (HER, {"forename": "Vera", "surname": "Vane", "date_of_birth": "1988-04-09"}),
    }
    settings = desk.runtime.settings.model_copy(update={"seen_before_per_day": 1_000})
    desk.runtime.settings = settings
    for part, asked in parts.items():
        times: dict[int, list[float]] = {0: [], 1: []}
        for turn in range(41):
            for which in (0, 1) if turn % 2 else (1, 0):
                began = thread_time()
                ask(desk, worker, **{part: asked[which]})
                times[which].append(thread_time() - began)
        hit, miss = median(times[0][5:]), median(times[1][5:])
        assert abs(hit - miss) < 0.35 * max(hit, miss), part


def test_a_second_search_proves_the_rows_that_name_its_asker_only_where_they_changed(
    desk: Desk, worker: Acting
) -> None:
    """Each search writes its entry: which restricted cases name a person is remembered there too."""
    read = []
    for number in ("1", None, "2"):
        if number:
            restrict(desk.context(desk.chair), reference=refer(desk, number), why="A party works here.")
        with statements_of(desk) as statements:
            ask(desk, desk.coordinator, perpetrator=HIM)
        rows = [
            each for each in statements if each.startswith("SELECT case_member.id") and "ref IN" not in each
        ]
        read.append(len(rows))
    assert read == [1, 0, 1]


def test_both_together_say_so_to_the_co_ordinator(desk: Desk, worker: Acting) -> None:
    reference = refer(desk)
    ask(desk, worker, perpetrator=HIM, victim=HER)
    (search,) = sent(desk).waiting
    assert [(hit.reference, hit.on) for hit in search.found] == [
        (reference, ("the victim named, there the victim",))
    ]
    assert search.asked.perpetrator is not None


@pytest.mark.both
def test_who_may_not_know_of_a_restricted_case_is_told_nothing_of_it(desk: Desk, worker: Acting) -> None:
    refer(desk, party_works_for=YesNo.YES)
    stranger = desk.add("other", Role.COORDINATOR)
    for asked in ({"perpetrator": HIM}, {"phone": HIS_PHONE.value}, {"victim": HER}):
        assert ask(desk, worker, **asked).listed == ()
        assert ask(desk, stranger, **asked).listed == ()
    assert references(ask(desk, desk.coordinator, perpetrator=HIM))
    assert sent(desk, stranger).waiting == ()
    assert sent(desk).waiting


def test_who_is_connected_to_a_party_is_told_nothing_of_it(desk: Desk) -> None:
    reference = refer(desk)
    other = desk.add("other", Role.COORDINATOR)
    assert references(ask(desk, other, perpetrator=HIM)) == [reference]
    conflicts.say_own(desk.context(other), reference=reference, is_connected=True)
    assert ask(desk, other, perpetrator=HIM).listed == ()


def test_before_a_person_has_screened_it_only_the_desk_is_told(desk: Desk, worker: Acting) -> None:
    reference = refer(desk, screened=False)
    assert ask(desk, worker, perpetrator=HIM).listed == ()
    assert references(ask(desk, desk.coordinator, perpetrator=HIM)) == [reference]


def test_a_case_that_is_open_to_the_asker_says_so(desk: Desk, worker: Acting) -> None:
    reference = refer(desk)
    screening.name_people(desk.context(desk.coordinator), reference=reference, people=["worker"])
    (hit,) = ask(desk, worker, perpetrator=HIM).listed
    assert hit.ask == "you can view it"
    assert hit.names is not None
    assert hit.names.title == "Stalking of Amira K., alleged: Daniel R."


def test_a_reference_of_a_case_or_of_an_alleged_perpetrator_is_listed_and_of_a_victim_sent(
    desk: Desk, worker: Acting
) -> None:
    reference = refer(desk)
    with desk.runtime.uow.unrecorded() as work:
        (involvement,) = work.cases.all([reference])
        people = {each.role: each.reference for each in work.people.on_cases([reference])}
    him, her = people[ClaimedRole.PERPETRATOR], people[ClaimedRole.VICTIM]
    for asked in (reference, involvement.episode, him):
        (hit,) = ask(desk, worker, reference=asked).listed
        assert (hit.reference, hit.ask, hit.on) == (reference, "the coordinator", ("the reference",))
    assert sent(desk).waiting == ()
    assert ask(desk, worker, reference=her).listed == ()
    (search,) = sent(desk).waiting
    assert [hit.on for hit in search.found] == [("the person with that reference, there the victim",)]


def test_a_restricted_case_s_reference_is_answered_as_one_that_does_not_exist(
    desk: Desk, worker: Acting
) -> None:
    reference = refer(desk, party_works_for=YesNo.YES)
    hidden, unknown = ask(desk, worker, reference=reference), ask(desk, worker, reference="R-222222B")
    assert hidden.model_copy(update={"left_today": 0}) == unknown.model_copy(update={"left_today": 0})
    assert references(ask(desk, desk.coordinator, reference=reference)) == [reference]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"perpetrator": {}},
        {"perpetrator": {"date_of_birth": "1988-04-09"}},
        {"phone": "07700 900111, 07700 900112"},
        {"phone": "07700900111/07700900112"},
        {"phone": "0770090011107700900112"},
        {"phone": "07700 900111\n07700 900112"},
        {"address": "1 Pym Row ZZ99 1AA; 2 Pym Row ZZ99 1AA"},
        {"address": "1 Pym Row ZZ99 1AA, 2 Pym Row ZZ99 1AB"},
        {"handle": "dan_roe88 dan_roe89"},
        {"handle": "@a@b@c"},
    ],
)
def test_lists_and_empty_questions_are_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SeenBeforeAsked.model_validate(asked)


def test_an_analyst_gets_references_and_no_names_but_of_cases_that_name_the_analyst(desk: Desk) -> None:
    reference = refer(desk)
    (hit,) = ask(desk, desk.add("ana", Role.ANALYST), perpetrator=HIM).listed
    assert (hit.reference, hit.ask, hit.names) == (reference, "the coordinator", None)
    assert ask(desk, desk.add("una", Role.ANALYST), victim=HER).listed == ()
    screening.name_people(desk.context(desk.coordinator), reference=reference, people=["ana"])
    (named,) = ask(desk, Acting(user="ana", role=Role.ANALYST), perpetrator=HIM).listed
    assert named.names is not None


@pytest.mark.both
def test_there_is_a_limit_for_each_person_and_day(desk: Desk, worker: Acting) -> None:
    desk.runtime.settings = desk.runtime.settings.model_copy(update={"seen_before_per_day": 2})
    assert [ask(desk, worker, phone="07700 900999").left_today for _ in range(2)] == [1, 0]
    with pytest.raises(InvalidInputError, match="0 of 2 daily searches left"):
        ask(desk, worker, phone="07700 900999")
    assert ask(desk, desk.coordinator, phone="07700 900999").left_today == 1
    desk.clock.forward(timedelta(days=1))
    assert ask(desk, worker, phone="07700 900999").left_today == 1


def test_a_manager_may_not_ask_and_a_practitioner_sees_no_search(desk: Desk, worker: Acting) -> None:
    with pytest.raises(NotPermittedError):
        ask(desk, desk.add("max", Role.MANAGER), phone="07700 900999")
    with pytest.raises(NotPermittedError):
        sent(desk, worker)


def test_the_audit_has_the_task_and_the_words_as_a_keyed_digest_alone(desk: Desk) -> None:
    reference = refer(desk)
    worker = desk.add("worker", Role.PRACTITIONER, "harbour").model_copy(update={"purpose": "triage of E12"})
    ask(desk, worker, perpetrator=HIM, phone="07700 900999")
    with desk.runtime.uow.unrecorded() as work:
        (body,) = [each.body for each in work.audit.entries() if "ask whether" in each.body]
    entry = json.loads(body)
    assert (entry["purpose"], entry["cases"]) == ("triage of E12", [reference])
    assert entry["facts"]["parts"] == "perpetrator, phone"
    assert len(entry["facts"]["words"]) == 64
    assert "900999" not in body
    assert "Roe" not in body


@pytest.mark.both
def test_a_search_waits_on_the_worklist_until_somebody_has_seen_to_it(desk: Desk, worker: Acting) -> None:
    def waits() -> bool:
        view = worklist(desk.context(desk.coordinator))
        return any(item.kind == "search" for item in view.items)

    refer(desk)
    assert not waits()
    ask(desk, worker, phone=SAFE_PHONE)
    assert waits()
    (search,) = sent(desk).waiting
    assert waits()
    service.deal_with_search(desk.context(desk.coordinator), search=search.reference)
    assert not waits()
    assert sent(desk).waiting == ()
    with pytest.raises(NotFoundError):
        service.deal_with_search(desk.context(desk.coordinator), search=search.reference)
    ask(desk, worker, phone="07700 900999")
    assert waits()
    assert sent(desk).waiting == ()
    assert not waits()


@pytest.mark.both
def test_searches_are_sealed_resealed_and_purged(desk: Desk, worker: Acting) -> None:
    refer(desk)
    ask(desk, worker, phone=SAFE_PHONE)
    assert b"900417" not in stored_bytes(desk.runtime.settings.home)
    vault_keys.rotate(desk.context(desk.coordinator))
    assert len(sent(desk).waiting) == 1
    desk.clock.forward(timedelta(days=31))
    daily_sweep(desk.context(flow_acting("daily sweep", "runner")))
    assert sent(desk) == SentSearches(waiting=(), without_hit=0)


@pytest.mark.both
def test_a_name_that_very_many_have_is_told_to_be_too_common(desk: Desk, worker: Acting) -> None:
    refer(desk)
    asked = SeenBeforeAsked.model_validate({"perpetrator": {"forename": "Daniel", "surname": "Roe"}})
    assert asked.perpetrator is not None
    assert not ask(desk, worker, perpetrator=asked.perpetrator.model_dump()).too_common


def test_a_name_alone_that_more_have_than_are_compared_is_too_common_and_with_a_birth_date_is_not(
    desk: Desk, worker: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "engine.identity.lookup.MOST_UNDER_KEY", 1
    )  # a thousand of one name in a test of none
    refer(desk)
    name = {"forename": "Daniel", "surname": "Roe"}
    assert not ask(desk, worker, perpetrator=name).too_common
    refer(desk, "2")
    assert ask(desk, worker, perpetrator=name).too_common
    assert not ask(desk, worker, perpetrator={**name, "date_of_birth": "1988-04-09"}).too_common
    assert not ask(desk, worker, perpetrator={"forename": "Otto", "surname": "Quill"}).too_common
