"""Part of a case is what the whole shows of that part, open to the same people and logged as the same."""

from __future__ import annotations

import json

import pytest

from engine.domain.accounts.acting import Role
from engine.domain.errors import NotFoundError
from engine.domain.referrals.intake import AlarmTopic
from engine.services.cases.parts import view_for_screening, view_plan
from engine.services.cases.views import view_case
from engine.services.conference import decisions
from engine.services.plans.versions import make_plan
from engine.services.referrals import screening
from tests.builders import SAFE_HOUSE, Desk, a_decision, a_plan, a_referral, a_screening, with_toys

pytestmark = pytest.mark.whose_is_said


def audited(desk: Desk) -> list[tuple[str, tuple[str, ...]]]:
    with desk.runtime.uow.unrecorded() as work:
        return [(json.loads(entry.body)["what"], entry.cases) for entry in work.audit.entries()]


def test_for_screening_it_is_what_the_whole_case_shows(desk: Desk) -> None:
    earlier = desk.refer(a_referral("1")).referrals[0]
    screening.screen(desk.context(desk.coordinator), reference=earlier, screening=a_screening())
    reference = desk.refer(a_referral("2", alarms=(AlarmTopic.WEAPON,))).referrals[0]
    whole = view_case(desk.context(desk.coordinator), reference=reference)
    part = view_for_screening(desk.context(desk.coordinator), reference=reference)
    assert whole.incidents
    assert [offer.involvements for offer in whole.offers] == [(earlier,)]
    assert whole.alarms.raised == (AlarmTopic.WEAPON,)
    assert part.model_dump() == whole.model_dump(include=set(type(part).model_fields))


def test_the_plan_is_what_the_whole_case_shows_with_its_texts_masked(desk: Desk) -> None:
    with_toys(desk)
    reference = desk.refer(a_referral()).referrals[0]
    screening.screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    assert view_plan(desk.context(desk.chair), reference=reference) is None
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    decisions.decide(desk.context(desk.chair), reference=reference, decision=a_decision())
    given = a_plan(agency="harbour").model_copy(update={"reason": f"Agreed: fit an alarm at {SAFE_HOUSE}."})
    make_plan(desk.context(desk.chair), reference=reference, plan=given, agencies=("harbour",))
    for reader, is_masked in (
        (desk.coordinator, True),
        (desk.chair, False),
    ):  # who typed it reads it as typed
        part = view_plan(desk.context(reader), reference=reference)
        assert part is not None
        assert (SAFE_HOUSE not in part.reason) is is_masked
        assert part == view_case(desk.context(reader), reference=reference).plan


@pytest.mark.parametrize("read", [view_for_screening, view_plan])
def test_a_part_is_open_to_whom_the_case_is_and_its_reading_is_logged_as_the_same(
    desk: Desk, read: object
) -> None:
    assert callable(read)
    reference = desk.refer(a_referral()).referrals[0]
    outsider = desk.add("outsider", Role.PRACTITIONER, "harbour")
    with pytest.raises(NotFoundError) as not_open:
        read(desk.context(outsider), reference=reference)
    with pytest.raises(NotFoundError) as whole:
        view_case(desk.context(outsider), reference=reference)
    assert str(not_open.value) == str(whole.value)
    before = len(audited(desk))
    read(desk.context(desk.coordinator), reference=reference)
    assert audited(desk)[before:] == [("view case", (reference,))]
