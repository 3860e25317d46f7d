"""The pack for a victim reads in the order in which it was written."""

from __future__ import annotations

from datetime import UTC, date, datetime

from engine.access.victim_pack import Allowed, Informed, Offered, written
from engine.domain.rights.informing_victims import (
    AnyTold,
    NoticeGiven,
    NoticeOf,
    PackTaken,
    RightToKnowDecided,
    VictimInformedEvent,
)


def an_event(what: AnyTold) -> VictimInformedEvent:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    return VictimInformedEvent(involvement="R-7K3M9QV", what=what, by="chair", at=at)


def test_the_pack_has_what_was_done_said_and_told_and_nothing_of_what_was_not_told() -> None:
    friday = date(2026, 2, 27)
    allowed = Allowed(
        reference="R-7K3M9QV",
        conference_on=date(2026, 3, 9),
        review_on=date(2026, 4, 6),
        actions=(Offered(what="An order is applied for.", due=date(2026, 3, 20)),),
        words=("You did the right thing.",),
        events=(
            an_event(
                NoticeGiven(
                    of=NoticeOf.RELEASED,
                    happened_on=friday,
                    told_on=date(2026, 2, 28),
                    told_by="Police",
                    told_how="Call",
                )
            ),
            an_event(
                NoticeGiven(of=NoticeOf.ORDER_ENDED, happened_on=friday, not_told_because="It was not safe.")
            ),
            an_event(
                RightToKnowDecided(is_told=True, why="So.", told_on=date(2026, 3, 1), told_how="In person")
            ),
            an_event(RightToKnowDecided(is_told=True, why="So.")),
            an_event(PackTaken(digest="0" * 64)),
        ),
        notices=(Informed(what="order made", happened_on=friday, informed_on=date(2026, 3, 1)),),
    )
    assert written(allowed, on=date(2026, 3, 10)).text.splitlines() == [
        "FOR YOU, FROM YOUR ADVOCATE",
        "",
        "Our reference: R-7K3M9QV",
        "Date: 10 March 2026",
        "",
        "Several agencies met on 9 March 2026 to discuss what was reported.",
        "They will review it by 6 April 2026.",
        "",
        "What is being done:",
        "- An order is applied for. (by 20 March 2026)",
        "",
        "What they want you to know:",
        "- You did the right thing.",
        "",
        "What you were informed of:",
        "- Order made (27 February 2026): you were informed on 1 March 2026",
        "- A release from custody (27 February 2026): you were informed on 28 February 2026",
        "- Who is responsible for what was done to you: you were informed on 1 March 2026",
        "",
        "Ask your advocate about anything that is not here. You can tell them at any time what you want to",
        "happen, and what may be shared. If you are in danger, call 999.",
    ]


def test_a_pack_of_a_case_on_which_nothing_is_decided_has_no_empty_heading() -> None:
    nothing = Allowed(
        reference="R-7K3M9QV", conference_on=None, review_on=None, actions=(), words=(), events=()
    )
    pack = written(nothing, on=date(2026, 3, 10))
    assert pack.reference == "R-7K3M9QV"
    assert pack.text.splitlines()[4:7] == [
        "",
        "",
        "Ask your advocate about anything that is not here. You can tell them at any time what you want to",
    ]


def test_a_direction_mark_in_an_action_is_shown_as_such() -> None:
    action = Offered(what="Ka\u202ete changes the locks.", due=date(2026, 3, 20))
    allowed = Allowed(
        reference="R-7K3M9QV", conference_on=None, review_on=None, actions=(action,), words=(), events=()
    )
    assert "- Ka\ufffdte changes the locks. (by 20 March 2026)" in written(allowed, on=date(2026, 3, 2)).text
