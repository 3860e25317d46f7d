"""Three things to try in a demonstration: as which user, and on which page. Reads no record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypedDict

from cli.demonstration.cast import FIRST
from cli.demonstration.stage import Stage


class ToTry(TypedDict):
    """One thing to try: what, as which user, and the page's address within the dashboard."""

    what: str
    user: str
    page: str


def things_to_try(stage: Stage) -> list[ToTry]:
    """Return what the newest scenes leave to be done: by the coordinator, by an agency and by the chair."""
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
    """One line for each, with the address of its page."""
    for number, each in enumerate(things, start=1):
        yield f"{number}. {each['what']}: sign in as {each['user']} at {dashboard}{each['page']}"
