"""Things to try in a demonstration, each with its user and its page. Reads no record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypedDict

from cli.demonstration.cast import FIRST
from cli.demonstration.stage import Stage


class ToTry(TypedDict):
    """One thing to try, its user, and the page's address within the dashboard."""

    what: str
    user: str
    page: str


def things_to_try(stage: Stage) -> list[ToTry]:
    """Return the open tasks of the newest scenes: of the coordinator, an agency and the chair."""
    alarm, conference = stage.scenes["alarm"].reference, stage.scenes["in conference, one refused"].reference
    found: list[ToTry] = [
        {
            "what": "Acknowledge an alarm, then screen the referral",
            "user": FIRST,
            "page": f"/screening?ref={alarm}",
        },
        {
            "what": "Record the decision of a conference in progress",
            "user": stage.cast.chair.user,
            "page": f"/case?ref={conference}",
        },
    ]
    if stage.planned is not None:
        found.append(
            {
                "what": "Start the conference of today, and read the minutes of an earlier one",
                "user": stage.cast.chair.user,
                "page": f"/conferences?conference={stage.planned}",
            }
        )
    if stage.releases:
        found.insert(
            1,
            {
                "what": "Release what an agency's records gave, or withhold part of it",
                "user": stage.releases[0],
                "page": "/worklist",
            },
        )
    return found


def lines_to_try(things: Sequence[ToTry], *, dashboard: str) -> Iterator[str]:
    """Yield one line for each, with the address of its page."""
    for number, each in enumerate(things, start=1):
        yield f"{number}. {each['what']}: sign in as {each['user']} at {dashboard}{each['page']}"
