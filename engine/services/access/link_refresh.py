"""Refreshes of saved searches after what may change their results: an outbox row, no call of the links."""

from __future__ import annotations

from datetime import datetime

from engine.domain.accounts.acting import Acting
from engine.store.repositories.system.outbox import FlowName
from engine.store.unit_of_work import Work

ALL_LINKS = "links"
"""The subject of the flow that refreshes them: it is about no case, and names none."""


def ask_for_refresh(work: Work, acting: Acting, *, at: datetime) -> None:
    """Queue a refresh of the saved searches, if there are any; a part of what may change their results."""
    if work.links.queries.are_any_asked(at=at):
        work.outbox.add(FlowName.REFRESH_LINKS, ALL_LINKS, acting=acting, at=at)
