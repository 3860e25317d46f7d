"""Who may open a case for an immediate threat to life, and what a refusal says of who may."""

from __future__ import annotations

import pytest

from engine.access.policy import (
    FOR_ADVOCATES_ALONE,
    WHO_MAY,
    May,
    Relation,
    links_permitted,
    require_advocate,
    require_hand_over,
    require_owner,
)
from engine.access.vault_policy import stands_in_for_life
from engine.domain.access.permissions import Permitted
from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import NotPermittedError
from engine.domain.rights.retention import DESK_OWNER

CHAIR = Acting(user="chair", role=Role.CHAIR)
WORKER = Acting(user="harbour-worker", role=Role.PRACTITIONER, agency="harbour")
STRANGER = Relation(is_named=False)


@pytest.mark.parametrize("role", sorted(WHO_MAY[May.OPEN_FOR_LIFE]))
def test_the_duty_responder_comes_to_a_case_for_life_without_being_named(role: Role) -> None:
    acting = Acting(user="duty", role=role, agency="harbour" if role is Role.PRACTITIONER else None)
    assert stands_in_for_life(acting, STRANGER, is_duty_responder=True)
    assert not stands_in_for_life(acting, STRANGER, is_duty_responder=False)


@pytest.mark.parametrize("role", sorted(set(Role) - WHO_MAY[May.OPEN_FOR_LIFE]))
def test_no_other_role_does_though_it_be_on_duty(role: Role) -> None:
    acting = Acting(user="duty", role=role, agency="harbour" if role is Role.PRACTITIONER else None)
    assert not stands_in_for_life(acting, Relation(is_named=True), is_duty_responder=True)


@pytest.mark.parametrize(
    "relation",
    [
        Relation(is_named=False, is_restricted=True),
        Relation(is_named=True, is_connected=True),
        Relation(is_named=False, is_screened=False),
    ],
)
def test_being_on_duty_opens_nothing_restricted_unscreened_or_of_somebody_connected(
    relation: Relation,
) -> None:
    assert not stands_in_for_life(WORKER, relation, is_duty_responder=True)


def refused(ask: object, *given: object, **named: object) -> str:
    with pytest.raises(NotPermittedError) as error:
        ask(*given, **named)  # type: ignore[operator]
    return str(error.value)


@pytest.mark.parametrize("act", sorted(FOR_ADVOCATES_ALONE))
def test_a_practitioner_who_is_not_the_advocate_reads_who_may(act: May) -> None:
    sentence = refused(require_advocate, act, WORKER, speaks_for_victim=False)
    chair_too = WHO_MAY[act] != {Role.PRACTITIONER}
    assert act.value in sentence
    assert ("the chair or the victim's advocate on the case" in sentence) == chair_too
    assert "the victim's advocate on the case" in sentence
    require_advocate(act, WORKER, speaks_for_victim=True)
    require_advocate(act, CHAIR, speaks_for_victim=False)


@pytest.mark.parametrize(
    ("owner", "by", "who"),
    [
        (DESK_OWNER, WORKER, "the chair or a coordinator may"),
        ("lantern", WORKER, "a practitioner of lantern may"),
        ("harbour", CHAIR, "a practitioner of harbour may"),
    ],
)
def test_a_refusal_about_anothers_part_names_the_act_and_whose_it_is(
    owner: str, by: Acting, who: str
) -> None:
    sentence = refused(require_owner, May.REVIEW_RETENTION, by, owner)
    assert May.REVIEW_RETENTION.value in sentence
    assert who in sentence
    require_owner(May.REVIEW_RETENTION, WORKER, "harbour")
    require_owner(May.REVIEW_RETENTION, CHAIR, DESK_OWNER)


def test_files_are_handed_over_by_ones_own_agency_and_the_refusal_says_who_else() -> None:
    sentence = refused(require_hand_over, WORKER, "lantern")
    assert "import files for lantern" in sentence
    assert "a practitioner of lantern, a coordinator or an administrator may" in sentence
    require_hand_over(WORKER, "harbour")
    require_hand_over(Acting(user="admin", role=Role.ADMINISTRATOR), "lantern")


@pytest.mark.parametrize(
    ("role", "everything", "unscreened", "restricted", "names"),
    [
        (Role.COORDINATOR, True, True, False, True),
        (Role.CHAIR, True, True, True, True),
        (Role.ANALYST, True, False, False, False),
        (Role.PRACTITIONER, False, False, False, True),
    ],
)
def test_the_links_that_exist_for_a_role_and_where_they_have_names(
    role: Role, everything: bool, unscreened: bool, restricted: bool, names: bool
) -> None:
    acting = Acting(user="someone", role=role)
    assert links_permitted(acting, named_on=["R-1"], shut_out_of=["R-2"], classes=[3]) == Permitted(
        every_case=everything,
        unscreened_too=unscreened,
        restricted_too=restricted,
        named_on=frozenset({"R-1"}),
        shut_out_of=frozenset({"R-2"}),
        classes=frozenset({3}),
        names_everywhere=names,
    )
