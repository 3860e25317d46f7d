"""Notices that did not reach the victim safely, on top of a case, its orders and an item."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import markup, session
from engine.domain.orders.notices import NoticeView

HEADING = "Victim not reached safely"


def draw(notices: Sequence[NoticeView]) -> None:
    """Draw a warning for each; it stays until someone reaches the victim. A room's screen has no name."""
    room = session.room_view()
    for notice in notices:
        said = notice.without_names.sentence if room else notice.sentence
        markup.draw(markup.notice("warning", said, heading=HEADING))
