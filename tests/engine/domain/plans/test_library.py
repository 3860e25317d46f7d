"""The library of actions: whole, dated, in plain words, and without a Police Information Notice."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import ValidationError

from engine.domain.errors import NotFoundError
from engine.domain.plans.actions import LibraryRef, Side
from engine.domain.plans.library import ActionLibrary
from engine.domain.plans.notices import resembles_notice
from engine.instruments.action_library import action_library

ITEM: dict[str, Any] = {
    "code": "home-security",
    "title": "Arrange a home security visit",
    "side": "safety of the victim",
    "need": "home",
    "done_when": "The visit took place.",
    "source": "Practice",
    "dated": "2026",
}


def a_library(*items: dict[str, Any]) -> ActionLibrary:
    return ActionLibrary.model_validate(
        {"version": 1, "dated": "2026-11-27", "needs": {"home": "Safety at home"}, "actions": items}
    )


@pytest.mark.parametrize("action", action_library().actions, ids=lambda action: action.code)
def test_each_title_begins_with_a_verb_and_none_resembles_a_notice(action: Any) -> None:
    assert re.match(
        r"(Agree|Apply|Arrange|Arrest|Ask|Assess|Check|Contact|Decide|Inform|Mark|Name|Offer|Plan|Provide|"
        r"Record|Refer|Restrict|Review|Secure|Support|Write)\b",
        action.title,
    )
    for text in (action.title, action.done_when, action.caution or ""):
        assert not resembles_notice(text)
    assert not re.search(r"\bnotices?\b", action.title.casefold())


def test_the_library_has_actions_on_each_side_and_for_each_need() -> None:
    library = action_library()
    assert len(library.actions) >= 30
    assert all(len(library.on_side(side)) >= 5 for side in Side)
    assert {action.need for action in library.actions} - {None} == set(library.needs)


def test_law_that_does_not_apply_yet_says_so() -> None:
    library = action_library()
    for code, words in (
        ("right-to-know", "No statutory duty was found to apply yet"),
        ("stalking-protection-order", "cannot yet make one on conviction"),
        ("domestic-abuse-protection-order", "applies only in some areas"),
        ("offending-programme", "do not apply yet"),
    ):
        assert words in (library.find(code).caution or "")


def test_an_item_is_named_with_the_version_of_its_library() -> None:
    assert a_library(ITEM).reference("home-security") == LibraryRef(item="home-security", version=1)
    with pytest.raises(NotFoundError, match="stac plan library"):
        a_library(ITEM).reference("nothing-of-the-kind")


@pytest.mark.parametrize(
    ("items", "fault"),
    [
        ([ITEM, ITEM], "a code of its own"),
        ([{**ITEM, "need": "work"}], "names a need that is not listed"),
        ([{**ITEM, "title": "Issue a Police Information Notice"}], "resembles a Police Information Notice"),
    ],
)
def test_a_library_that_is_not_whole_is_refused(items: list[dict[str, Any]], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        a_library(*items)


def test_a_search_is_for_words_of_the_title_alone() -> None:
    assert [action.code for action in action_library().with_words("SECURITY home")] == ["home-security"]
    assert action_library().with_words("target hardening") == ()
