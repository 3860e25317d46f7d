"""The victim's voice: nothing leaves without her agreement and without its being known with whom."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from engine.domain.dates import PartialDate
from engine.domain.responses.answers import VoiceItem
from engine.domain.responses.reported import RecordPointer
from engine.domain.responses.voices import EVERYONE, AdvocateOffer, Agreement, OfferOutcome

RECORD = (RecordPointer(record="C-1", kind="contact note"),)


def an_item(**changes: object) -> VoiceItem:
    given: dict[str, object] = {
        "key": "fear-1",
        "whose": "victim's words",
        "about": "fear",
        "says": "I do not sleep.",
        "records": RECORD,
        "agreed_to_sharing": "yes",
        "with_whom": (EVERYONE,),
        **changes,
    }
    return VoiceItem.model_validate(given)


@pytest.mark.parametrize(
    ("changes", "leaves"),
    [
        ({}, True),
        ({"with_whom": ("harbour",)}, True),
        ({"with_whom": ()}, False),
        ({"agreed_to_sharing": "no", "with_whom": ()}, False),
        ({"agreed_to_sharing": "not asked", "with_whom": ()}, False),
        ({"agreed_to_sharing": "withdrawn"}, False),
    ],
)
def test_only_what_the_victim_agreed_to_with_somebody_may_leave(
    changes: dict[str, object], leaves: bool
) -> None:
    assert an_item(**changes).may_leave is leaves


def test_not_said_is_not_agreed() -> None:
    bare = VoiceItem.model_validate(
        {"key": "fear-1", "whose": "victim's words", "about": "fear", "records": RECORD}
    )
    assert bare.agreed_to_sharing is Agreement.NOT_ASKED
    assert not bare.may_leave


@pytest.mark.parametrize(
    ("agency", "with_whom", "shared"),
    [
        ("harbour", ("harbour",), True),
        ("lantern", ("harbour",), False),
        (None, ("harbour",), False),
        (None, (EVERYONE,), True),
        ("lantern", (EVERYONE,), True),
    ],
)
def test_the_desk_hears_what_is_for_everyone_and_nothing_that_is_for_one_agency(
    agency: str | None, with_whom: tuple[str, ...], shared: bool
) -> None:
    assert an_item(with_whom=with_whom).is_shared_with(agency) is shared


@pytest.mark.parametrize(
    "wrong",
    [
        {"with_whom": (EVERYONE, "harbour")},
        {"agreed_to_sharing": "no"},
        {"agreed_to_sharing": "not asked"},
        {"says": None},
        {"records": ()},
    ],
    ids=["everyone and one more", "no, yet named", "not asked, yet named", "no words", "no record"],
)
def test_an_item_that_contradicts_itself_cannot_exist(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        an_item(**wrong)


def test_an_offer_says_what_is_not_recorded_of_it() -> None:
    assert AdvocateOffer().in_words() == (
        "The victim was offered an advocate on a date not recorded by a person whose name is not "
        "recorded; outcome: not recorded."
    )
    advocate_offer = AdvocateOffer(
        offered_on=PartialDate("2026-03"), by="the duty line", came_to=OfferOutcome.DECLINED
    )
    assert advocate_offer.in_words() == (
        "The victim was offered an advocate in March 2026 by the duty line; outcome: declined."
    )
