"""The library of actions as a page or a command shows it. Opens no record: it is the same for every case."""

from __future__ import annotations

from engine.domain.plans.actions import Side
from engine.domain.plans.library import ActionLibrary, LibraryAction
from engine.instruments.action_library import action_library


def library() -> ActionLibrary:
    """Return the library in its newest version."""
    return action_library()


def find_actions(
    *, words: str = "", side: Side | None = None, need: str | None = None, seat: str | None = None
) -> tuple[LibraryAction, ...]:
    """Return the items that fit all that is given, in the library's order.

    ``words`` are searched in titles only. An item that names no seat fits every ``seat``.
    """
    return tuple(
        action
        for action in action_library().with_words(words)
        if (side is None or action.side is side)
        and (need is None or action.need == need)
        and (seat is None or not action.seats or seat in action.seats)
    )
