"""What a victim is told by right comes from the panel's word, through her advocate, and holds no name."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.orders.notices import AttemptGiven, NoticeGiven, Through
from engine.domain.rights.informing_victims import PackPrepared, RightToKnowDecided
from engine.services.access import primary_roles
from engine.services.cases import views as case_views
from engine.services.conference import decisions
from engine.services.orders import notices as order_notices
from engine.services.plans import versions as plan_versions
from engine.services.rights import informing_victims
from tests.builders import (
    SAFE_HOUSE,
    SAFE_PHONE,
    TOY_CODES,
    Desk,
    a_decision,
    a_person,
    a_plan,
    approve,
    with_toys,
)
from tests.engine.services.cases.test_pathway import screened
from tests.engine.services.rights.test_victim_rights import assessed, mirrored

pytestmark = pytest.mark.whose_is_said


def agencies(desk: Desk) -> tuple[AgencyKnown, ...]:
    """The toys, of which harbour investigates."""
    return tuple(
        each.model_copy(update={"seat": "investigation"}) if each.code == "harbour" else each
        for each in desk.runtime.agencies_known
    )


def informing_view(desk: Desk, acting: Acting, reference: str) -> Any:
    """What stands of it for this person."""
    return informing_victims.told_on_case(
        desk.context(acting).with_agencies(agencies(desk)), reference=reference
    )


def informed(desk: Desk, advocate: Acting, reference: str, **attempt: Any) -> None:
    """An event that the victim is informed of, and an attempt at it."""
    event = NoticeGiven.model_validate({"event": "release from custody", "on": "2026-03-01"})
    number = order_notices.record_notice(desk.context(desk.chair), reference=reference, notice=event).number
    tried = {"reached": True, "through": Through.ADVOCATE, "on": "2026-03-02", "at_time": "08:00", **attempt}
    order_notices.try_notice(
        desk.context(advocate), reference=reference, number=number, attempt=AttemptGiven.model_validate(tried)
    )


def known(desk: Desk, acting: Acting, reference: str, **given: Any) -> None:
    """A decision on the Right to Know."""
    words = {"is_told": True, "why": "She is in danger from somebody whom she cannot name.", **given}
    informing_victims.decide_right_to_know(
        desk.context(acting).with_agencies(agencies(desk)),
        reference=reference,
        decision=RightToKnowDecided.model_validate(words),
    )


def prepared(desk: Desk, acting: Acting, reference: str, *words: str, actions: tuple[str, ...] = ()) -> None:
    """The desk says what may stand in the pack."""
    informing_victims.prepare_pack(
        desk.context(acting), reference=reference, pack=PackPrepared(words=words, actions=actions)
    )


def pack(desk: Desk, acting: Acting, reference: str) -> str:
    """The pack as the advocate takes it."""
    return informing_victims.take_pack(
        desk.context(acting).with_agencies(agencies(desk)), reference=reference
    ).text


def test_a_person_who_only_claims_to_be_the_victim_is_told_nothing_by_right(desk: Desk) -> None:
    workers = with_toys(desk)
    otto, vera = a_person("Otto", "Roe"), a_person("Vera", "Poe")
    claimed = screened(desk, source_reference="3", perpetrator=otto, victim=vera)
    contested, other = mirrored(desk)
    assessed(desk, other)  # from now on ``contested`` is assessed as not primary
    for reference in (claimed, contested):
        for act in (
            lambda r=reference: known(desk, workers["harbour"], r),
            lambda r=reference: prepared(desk, desk.chair, r, "We meet again in March."),
            lambda r=reference: pack(desk, workers["voice"], r),
        ):
            with pytest.raises(InvalidInputError, match="has not assessed who the victim is"):
                act()
        known(desk, workers["harbour"], reference, is_told=False)
        view = informing_view(desk, workers["voice"], reference)
        assert (view.has_rights, view.may_take) == (False, False)


def test_the_panels_word_taken_back_shuts_the_pack_again(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    assessed(desk, reference)
    prepared(desk, desk.chair, reference, "We meet again in March.")
    assert "We meet again in March." in pack(desk, workers["voice"], reference)
    primary_roles.assess_roles(
        desk.context(desk.chair), reference=reference, is_primary=False, why="The records say so."
    )
    with pytest.raises(InvalidInputError, match="has not assessed"):
        pack(desk, workers["voice"], reference)


def test_the_pack_holds_what_is_on_the_list_and_no_name_address_agency_or_judgement(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    assessed(desk, reference)
    decisions.decide(desk.context(desk.chair), reference=reference, decision=a_decision())
    plan_versions.make_plan(
        desk.context(desk.chair), reference=reference, plan=a_plan(agency="harbour"), agencies=TOY_CODES
    )
    approve(desk, reference)
    plan = case_views.view_case(desk.context(desk.chair).with_agencies(()), reference=reference).plan
    assert plan is not None
    informed(desk, workers["voice"], reference)
    informed(desk, workers["voice"], reference, reached=False, why_not="She asked not to be.")
    known(desk, workers["harbour"], reference, told_on="2026-03-02", told_how="By two officers")
    prepared(desk, desk.chair, reference, "Nothing yet.")
    assert "Apply for an order." not in pack(desk, workers["voice"], reference)
    prepared(
        desk,
        desk.chair,
        reference,
        f"We keep {SAFE_HOUSE} to ourselves, and {SAFE_PHONE}.",
        actions=(plan.actions[0].reference,),
    )
    text = pack(desk, workers["voice"], reference)
    for there in (
        reference,
        "met on 2 March 2026 to discuss what was reported",
        "Apply for an order. (by 20 March 2026)",
        "Release from custody (1 March 2026): you were informed on 2 March 2026",
        "Who is responsible for what was done to you: you were informed on 2 March 2026",
    ):
        assert there in text
    for never in (
        *("Roe", "Daniel", "Kent", "Amira", SAFE_HOUSE, SAFE_PHONE, "A. Officer"),
        *(
            "Harbour",
            "harbour",
            "high",
            "two officers",
            "She asked not to be",
            "Nothing yet",
        ),
    ):
        assert never not in text, never


def test_only_the_victims_advocate_on_the_case_takes_the_pack_and_only_the_desk_prepares_it(
    desk: Desk,
) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    assessed(desk, reference)
    with pytest.raises(NotPermittedError):
        prepared(desk, workers["voice"], reference, "So.")
    with pytest.raises(InvalidInputError, match="has not approved the pack contents"):
        pack(desk, workers["voice"], reference)
    prepared(desk, desk.coordinator, reference, "So.")
    for other in (workers["harbour"], workers["lantern"]):
        with pytest.raises(NotPermittedError, match="the victim's advocate on the case may"):
            pack(desk, other, reference)
    with pytest.raises(NotPermittedError):
        pack(desk, desk.chair, reference)
    with pytest.raises(NotFoundError):
        pack(desk, desk.add("far", Role.PRACTITIONER, "voice"), reference)
    pack(desk, workers["voice"], reference)
    kinds = [term.what.kind for term in informing_view(desk, desk.chair, reference).words]
    assert kinds == ["pack prepared", "pack taken"]


def test_those_who_investigate_decide_whom_the_victim_is_told_of_and_nobody_else(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    assessed(desk, reference)
    for other in (workers["voice"], workers["lantern"], desk.chair):
        with pytest.raises(NotPermittedError):
            known(desk, other, reference)
    known(desk, workers["harbour"], reference)
    assert informing_view(desk, workers["harbour"], reference).words[-1].sentence.endswith("not yet informed")
    known(desk, workers["harbour"], reference, told_on="2026-03-02", told_how="By two officers")
    seen = {
        who: [w.what.kind for w in informing_view(desk, workers[who], reference).words] for who in TOY_CODES
    }
    assert seen == {
        "harbour": ["right to know", "right to know"],
        "lantern": [],
        "voice": ["right to know", "right to know"],
    }
    assert not informing_view(desk, workers["lantern"], reference).has_rights


def test_an_action_of_another_plan_and_a_day_to_come_are_refused(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    assessed(desk, reference)
    with pytest.raises(InvalidInputError, match="is not in the plan"):
        prepared(desk, desk.chair, reference, actions=("A-222222B",))
    with pytest.raises(InvalidInputError, match="give today's date or an earlier one"):
        informed(desk, workers["voice"], reference, on="2026-03-03")


def test_a_decision_not_to_tell_tells_nobody() -> None:
    with pytest.raises(ValidationError):
        RightToKnowDecided.model_validate(
            {"is_told": False, "why": "So.", "told_on": "2026-03-02", "told_how": "By letter"}
        )
