"""Drafts of people who lost access to a case: destroyed in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from engine.domain.drafts import ABOUT_NO_CASE, DraftKey
from engine.domain.errors import NotFoundError
from engine.services.access.checks import still_opens
from engine.store.unit_of_work import Work


def destroy_lost_drafts(
    work: Work, *, at: datetime, cases: Iterable[str] | None = None, user: str | None = None
) -> None:
    """Destroy the drafts whose author may not open the case any longer: of some cases, of one user, or all.

    A draft whose author is disabled, or now has another role or agency, is destroyed too.
    """
    there = (key for key in work.drafts.owners(cases) if user in (None, key.user))
    work.drafts.destroy([key for key in there if not _may_still_open(work, key, at)])


def _may_still_open(work: Work, key: DraftKey, at: datetime) -> bool:
    try:
        acting = work.users.get(key.user).acting()
    except NotFoundError:
        return False
    is_same = (acting.role.value, acting.agency or "") == (key.role, key.agency)
    return is_same and (key.case == ABOUT_NO_CASE or still_opens(work, acting, key.case, at=at))
