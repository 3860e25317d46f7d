"""Drafts: text that a person is typing is stored sealed, only for that person, until it is recorded.

No use case here leaves an audit entry: a draft is not part of the record, and only its author reads it.
Recording the form leaves the entry. See the decision record on drafts.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from engine.access.digests import VaultKey
from engine.access.policy import May
from engine.clock import Clock
from engine.domain.accounts.acting import Acting, User
from engine.domain.drafts import (
    ABOUT_NO_CASE,
    LONGEST,
    STORED_FOR,
    DraftForm,
    DraftKey,
    DraftPass,
    DraftText,
    FieldCode,
)
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.ids import read_reference
from engine.domain.vault.sealing import SealBrokenError
from engine.services.access.checks import open_case
from engine.services.access.lost_drafts import destroy_lost_drafts
from engine.services.context import VaultContext
from engine.store.unit_of_work import UnitOfWork, Work

_PASS_LASTS = timedelta(hours=24)
"""Longer than any sign-in: a page that is open for so long was drawn again meanwhile."""
_CODE: TypeAdapter[str] = TypeAdapter(FieldCode)


@dataclass(frozen=True)
class OpenedDraft:
    """A draft for its author, by field, and the signed pass for saving more of it."""

    fields: Mapping[str, DraftText] = field(repr=False)
    generation: int
    signed_pass: str = field(repr=False)
    is_unreadable: bool = False
    """True where there is a draft that the vault's keys do not open."""
    ended: Mapping[str, datetime] = field(default_factory=dict)
    """When each field was recorded or discarded without the rest of the form, unless typed in since."""


def open_draft(context: VaultContext, *, form: DraftForm, case: str) -> OpenedDraft:
    """Return what the person who acts has typed into this form about this case and not recorded.

    ``case`` is ``ABOUT_NO_CASE`` for a form that is about none, such as a list of prices.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    now = context.clock.now()
    key = DraftKey.of(context.acting, form, read_reference("involvement", case) if case else ABOUT_NO_CASE)
    with context.uow.unrecorded() as work:
        _require_open(work, context.acting, key, at=now)
        generation = work.drafts.generation(key)
        fields: Mapping[str, DraftText] = {}
        ended: Mapping[str, datetime] = {}
        is_unreadable = False
        try:
            stored = work.drafts.find(key)
            fields, ended = stored.fields, stored.ended
        except SealBrokenError:
            is_unreadable = True
    given = DraftPass(key=key, generation=generation, ends_at=now + _PASS_LASTS)
    return OpenedDraft(fields, generation, _signed(context.key, given), is_unreadable, ended)


def save_draft(
    *,
    uow: UnitOfWork,
    clock: Clock,
    key: VaultKey,
    user: User,
    signed_pass: str,
    fields: Mapping[str, str],
) -> datetime:
    """Store what a page sends for some fields, in place of what is there; return when.

    A field without text is removed. It shows nothing of a case, and of a draft only that it is stored.

    Raises
    ------
    InvalidInputError
        A text is too long, or a field's code is malformed.
    NotFoundError
        The pass is not this person's, is forged or too old, the form was recorded or discarded since, or the
        case is not open to the person any longer.
    """
    now = clock.now()
    given = _read(key, signed_pass)
    acting = user.acting()
    if given.ends_at <= now or given.key != DraftKey.of(acting, given.key.form, given.key.case):
        raise _no_such_draft()
    for code, typed in fields.items():
        _require_field(code, typed)
    with uow.unrecorded(will_write=True) as work:
        _require_open(work, acting, given.key, at=now)
        if not work.drafts.put(given.key, fields, generation=given.generation, at=now):
            raise _no_such_draft()
    return now


def end_draft(
    context: VaultContext, *, form: DraftForm, case: str, only: Collection[str] | None = None
) -> None:
    """Delete the draft of a form that was recorded or discarded; what a page sends late is not stored.

    ``only`` are the fields of one row, where a form has several that are recorded one at a time.
    """
    key = DraftKey.of(context.acting, form, case)
    with context.uow.unrecorded(will_write=True) as work:
        work.drafts.end(key, at=context.clock.now(), only=only)


def sweep_drafts(work: Work, *, at: datetime) -> None:
    """Delete the drafts whose time is over, or whose author lost the case. Part of the daily sweep."""
    work.drafts.purge(before=at - STORED_FOR)
    destroy_lost_drafts(work, at=at)


def _require_open(work: Work, acting: Acting, key: DraftKey, *, at: datetime) -> None:
    """Require the case that the draft is about to be open to its author; a draft may be about no case."""
    if key.case != ABOUT_NO_CASE:
        open_case(work, acting, key.case, May.VIEW_CASE, at=at)


def _require_field(code: str, typed: str) -> None:
    try:
        _CODE.validate_python(code)
    except ValidationError:
        raise InvalidInputError("field", "it is not a field of a form") from None
    if len(typed) > LONGEST:
        raise InvalidInputError("draft", f"shorten the text to {LONGEST:,} characters")


def _signed(key: VaultKey, given: DraftPass) -> str:
    content = given.model_dump_json().encode()
    sealed = hmac.digest(key.for_drafts, content, "sha256")
    return base64.urlsafe_b64encode(sealed + content).decode()


def _read(key: VaultKey, signed: str) -> DraftPass:
    try:
        there = base64.urlsafe_b64decode(signed.encode())
        sealed, content = there[:32], there[32:]
        if not hmac.compare_digest(sealed, hmac.digest(key.for_drafts, content, "sha256")):
            raise _no_such_draft()
        return DraftPass.model_validate_json(content)
    except (binascii.Error, ValueError):
        raise _no_such_draft() from None


def _no_such_draft() -> NotFoundError:
    return NotFoundError("draft", "of this page", instead="open the form again")
