"""Uploads from a page: asked for, accepted by a link that works once, read, and deleted.

The sender's permission is checked again before the first byte. A file is in the home folder, outside anything
that is served, only while it is read, under a name of our own: no name that was sent is ever used.
"""

from __future__ import annotations

from typing import NamedTuple

from engine.access.policy import May, require
from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.accounts.sign_ins import SignIn
from engine.services.accounts.one_time_tokens import allow_sending, use_sending_link
from engine.services.accounts.sent_files import Landing
from engine.services.context import VaultContext
from engine.services.referrals.files import read_and_import
from engine.services.referrals.imports import ImportReport
from engine.store.unit_of_work import UnitOfWork

PURPOSE = "taking in a referral file"
_KIND = "referrals"
_CONFIRMED = "referrals, workbook confirmed"
_OUTCOMES = "referrals, outcomes of an agency"


def acting_for(sign_in: SignIn) -> Acting:
    """Return who sends a file, at this one task."""
    return sign_in.user.acting(PURPOSE)


class Sent(NamedTuple):
    """The facts given when a file's link was asked for: who refers, and that a person has viewed the file.

    ``outcomes_of`` is the agency that found what is in a file of outcomes; None for a file of referrals.
    """

    source: str | None
    is_confirmed: bool
    outcomes_of: str | None = None


def allow_upload(
    *,
    uow: UnitOfWork,
    clock: Clock,
    sign_in: SignIn,
    source: str | None = None,
    is_confirmed: bool = False,
    outcomes_of: str | None = None,
) -> str:
    """Return a link for this sign-in to send one file once: of referrals, or of outcomes of an agency."""
    require(May.IMPORT, acting_for(sign_in))
    kind = _OUTCOMES if outcomes_of else _CONFIRMED if is_confirmed else _KIND
    return allow_sending(uow=uow, clock=clock, sign_in=sign_in, kind=kind, subject=outcomes_of or source)


def use_upload_link(*, uow: UnitOfWork, clock: Clock, sign_in: SignIn, token: str) -> Sent:
    """Return what was given when the link was asked for; from now on the link is worth nothing."""
    require(May.IMPORT, acting_for(sign_in))
    kind, source = use_sending_link(uow=uow, clock=clock, sign_in=sign_in, token=token, kind=_KIND)
    if kind == _OUTCOMES:
        return Sent(None, False, outcomes_of=source)
    return Sent(source, kind == _CONFIRMED)


def import_upload(context: VaultContext, *, landed: Landing, sent: Sent) -> ImportReport:
    """Import what came as a referral file, by the kind of its content.

    Raises
    ------
    WorkbookUnconfirmedError
        A workbook hides what its cells show, and a person has not viewed and confirmed it.
    InvalidInputError
        The file cannot be used.
    """
    landed.whole()
    return read_and_import(
        context, path=landed.path, default_source=sent.source, is_confirmed=sent.is_confirmed
    )
