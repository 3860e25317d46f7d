"""Every person record is found again by key, on both databases, as far as the viewer may know of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, text

from engine.domain.absence import YesNo
from engine.domain.people.persons import ClaimedRole, PersonDescribed, Thing, ThingKind
from engine.identity.forms import FORMS_VERSION, form_of
from engine.identity.lookup import sought_keys
from engine.services.people.normal_forms import fill_forms
from engine.store.database import open_database
from engine.store.repositories.access.visibility import EVERYTHING, VisibilityFilter
from engine.store.repositories.people.normal_forms import KnownForm
from engine.store.tables.people.same_person import IdentityFormRow, IdentityKeyRow
from tests.builders import SAFE_PHONE, Desk, a_person, a_referral, in_one_entry

HIM = a_person(pnc="2001/0000123Y")
TABLES: tuple[Any, ...] = (IdentityKeyRow, IdentityFormRow)


def found(desk: Desk, may_know: VisibilityFilter = EVERYTHING, **limits: int) -> tuple[KnownForm, ...]:
    given: dict[str, Any] = {"most": 300, "most_under_key": 1_000, **limits}
    with desk.runtime.uow.unrecorded() as work:
        return work.identity.candidates(sought_keys(form_of(HIM)), may_know=may_know, **given)


def stored_keys(desk: Desk) -> list[list[Any]]:
    engine = open_database(desk.runtime.settings.database_url)
    with engine.connect() as connection:
        rows = [sorted(map(str, connection.execute(select(table.__table__)).all())) for table in TABLES]
    engine.dispose()
    return rows


def test_a_person_is_found_by_keys_from_the_moment_of_intake(desk: Desk) -> None:
    desk.refer(a_referral("1"), a_referral("2", perpetrator=a_person("Otto", "Pym")))
    (one,) = (each for each in found(desk) if each.role is ClaimedRole.PERPETRATOR)
    assert one.form.surname == "roe"
    assert one.party_id == one.person_record_id


def test_a_correction_is_the_same_party_described_anew(desk: Desk) -> None:
    desk.refer(a_referral("1"))
    desk.refer(a_referral("1", perpetrator=a_person("Danny", "Roe", pnc="2001/0000123Y")))
    people = [each for each in found(desk) if each.role is ClaimedRole.PERPETRATOR]
    assert len(people) == 2
    assert len({each.party_id for each in people}) == 1
    assert people[0].party_id == min(each.person_record_id for each in people)


def test_what_is_found_for_many_at_once_is_what_is_found_for_each(desk: Desk) -> None:
    others = [
        a_referral(str(each), perpetrator=a_person("Otto", "Pym", pnc="2001/0000123Y")) for each in range(3)
    ]
    desk.refer(a_referral("him"), *others, a_referral("else", perpetrator=a_person("Ada", "Zorn", pnc=None)))
    keys = [sought_keys(form_of(each)) for each in (HIM, a_person("Otto", "Pym"), a_person("Ada", "Zorn"))]
    with desk.runtime.uow.unrecorded() as work:
        numbers = [
            known.involvement_id
            for known in work.identity.candidates(keys[0], may_know=EVERYTHING, most=9, most_under_key=9)
        ]
        sought = [(each, number) for each in keys for number in (numbers[0], numbers[-1], 0)]
        for most, under in ((300, 1_000), (2, 2), (9, 1)):
            alone = [
                work.identity.candidates(
                    each, not_on=number, may_know=EVERYTHING, most=most, most_under_key=under
                )
                for each, number in sought
            ]
            assert work.identity.candidates_of_each(sought, most=most, most_under_key=under) == alone
            assert any(alone)
        assert work.identity.candidates_of_each([], most=1, most_under_key=1) == []


def test_who_may_not_know_of_a_restricted_case_finds_nobody_in_it(desk: Desk) -> None:
    desk.refer(a_referral("1", party_works_for=YesNo.YES))
    assert found(desk, VisibilityFilter(user="somebody-else")) == ()
    assert found(desk, VisibilityFilter(user="cora"))
    assert found(desk, VisibilityFilter(user=None))


def test_a_case_that_somebody_is_shut_out_of_takes_no_part(desk: Desk) -> None:
    (reference,) = desk.refer(a_referral("1")).referrals
    assert found(desk, VisibilityFilter(user=None, without=frozenset({reference}))) == ()


def test_what_is_hidden_does_not_fill_the_caps(desk: Desk) -> None:
    hidden = [a_referral(str(number), party_works_for=YesNo.YES) for number in range(3)]
    desk.refer(*hidden, a_referral("9"))
    (one,) = found(desk, VisibilityFilter(user="somebody-else"), most=1, most_under_key=1)
    assert one.form.surname == "roe"


def test_a_key_that_many_share_is_passed_over(desk: Desk) -> None:
    desk.refer(*(a_referral(str(number)) for number in range(3)))
    assert len(found(desk)) == 3
    assert found(desk, most_under_key=2) == ()
    assert len(found(desk, most=2)) == 2


def test_older_records_are_given_their_keys_and_nothing_is_made_twice(desk: Desk) -> None:
    phone = Thing(kind=ThingKind.PHONE, value="07700 900111")
    desk.refer(a_referral("1", perpetrator_things=(phone,), perpetrator_address="1 Pym Row, ZZ99 1AA"))
    desk.refer(a_referral("1", perpetrator=a_person("Danny", "Roe"), perpetrator_things=(phone,)))
    before = stored_keys(desk)
    with in_one_entry(desk.runtime) as work:
        for table in TABLES:
            work._session.execute(delete(table))
    assert fill_forms(uow=desk.runtime.uow, clock=desk.clock) == 3
    assert stored_keys(desk) == before
    assert fill_forms(uow=desk.runtime.uow, clock=desk.clock) == 0


def test_each_part_begins_after_the_last_record_of_the_one_before(desk: Desk) -> None:
    desk.refer(a_referral("1"), a_referral("2", perpetrator=a_person("Otto", "Pym")))
    before = stored_keys(desk)
    with in_one_entry(desk.runtime) as work:
        for table in TABLES:
            work._session.execute(delete(table))
        done, last, numbers = 1, 0, list[int]()
        while done:
            done, last = work.older_forms.fill(FORMS_VERSION, count=1, after=last)
            numbers.append(last)
        assert numbers == [*sorted(set(numbers)), last]
        assert len(set(numbers)) == 4
        work._session.execute(text("UPDATE identity_form SET version = 0"))
        assert work.older_forms.fill(FORMS_VERSION, count=9, after=numbers[1]) == (2, last)
        assert work.older_forms.fill(FORMS_VERSION, count=9) == (2, numbers[1])
    assert stored_keys(desk) == before


def test_forms_of_an_older_version_are_made_anew(desk: Desk) -> None:
    desk.refer(a_referral("1"))
    before = stored_keys(desk)
    with in_one_entry(desk.runtime) as work:
        work._session.execute(text("UPDATE identity_form SET version = 0, surname = 'old'"))
        work._session.execute(text("DELETE FROM identity_key"))
    assert fill_forms(uow=desk.runtime.uow, clock=desk.clock) == 2
    assert stored_keys(desk) == before
    assert before[1][0].count(str(FORMS_VERSION))


def test_nothing_protected_has_a_key(desk: Desk) -> None:
    """The victim's telephone is protected, and the alleged perpetrator's is not."""
    phone = Thing(kind=ThingKind.PHONE, value="07700 900111")
    desk.refer(a_referral("1", perpetrator_things=(phone,)))
    keys = {
        value: sought_keys(form_of(PersonDescribed(), things=[Thing(kind=ThingKind.PHONE, value=value)]))[0]
        for value in (SAFE_PHONE, phone.value)
    }
    with desk.runtime.uow.unrecorded() as work:
        counts = {
            value: work._session.execute(
                select(func.count()).where(IdentityKeyRow.key == key)  # type: ignore[arg-type]
            ).scalar_one()
            for value, key in keys.items()
        }
    assert counts == {SAFE_PHONE: 0, phone.value: 1}
