"""Openings of protected values: who asked, who agreed, who saw which, and for how long. Has no value."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from engine.domain.access.approvals import ApprovalAsked
from engine.domain.access.need_to_know import Why
from engine.domain.base import Frozen, Instant

OWN_REASON = "your own reason is recorded with the request"
"""The asker's view of their reason: it is stored masked, and the mask would show whether they guessed."""


class VaultTask(StrEnum):
    """Tasks on a case that justify opening a protected value, beside an open action of its plan."""

    SAFE_CONTACT = "contact the victim safely"
    SAFETY_PLAN = "make a safety plan"
    ORDER = "apply for an order"
    RISK_NOW = "act on a risk today"


class Basis(StrEnum):
    """The basis of an opening."""

    ADVOCATE = "the victim's advocate"
    SAFE_CONTACT = "the safe-contact officer named on the case"
    AGREED = "agreed by a second person of another agency"
    THREAT_TO_LIFE = "immediate threat to life"


class ItemHeld(Frozen):
    """A stored value's reference, its kind and who reported it; never the value."""

    reference: str
    kind: str
    told_by: str
    at: Instant


class OpeningAsked(ApprovalAsked):
    """A request to open one item for one task."""

    involvement: str
    item: str
    kind: str
    task: str


class Opening(Frozen):
    """One item shown to one person until a time. The value is left out."""

    reference: str
    involvement: str
    item: str
    kind: str
    user: str
    agency: str | None
    basis: Basis
    asked: str | None
    task: str
    why: Why | None
    at: Instant
    until: Instant


class OpenedItem(Frozen):
    """A value as given to the person who opened it. It is drawn once and stored nowhere."""

    opening: Opening
    value: str = Field(repr=False)


class SafeContactNamed(Frozen):
    """The chair's naming of the one safe-contact officer of a case; the newest applies."""

    involvement: str
    user: str
    by: str
    at: Instant


class VaultOnCase(Frozen):
    """The vault's contents for a case, without values, and what this person may do about it."""

    reference: str
    items: tuple[ItemHeld, ...]
    safe_contact_officer: str | None
    asks: tuple[OpeningAsked, ...]
    openings: tuple[Opening, ...]
    in_force: Opening | None
    may_open_alone: bool
    may_open_for_life: bool
    may_name_officer: bool
    investigation_lead: str | None
    may_be_lead: tuple[str, ...]
    """The people whom this person may name as lead; empty for all but the chair."""
    plan_to_check: int | None
    """The version of the plan that this person is to check for protected places; None where none is."""
    may_agree: tuple[str, ...]
    may_open_agreed: tuple[str, ...]
    people: tuple[str, ...]
    tasks: tuple[str, ...]
