"""Compares the register of acts with the record: one that went back, in part too, gets what it lacks at once.

A snapshot of the database was put back, or a restore was made without the register. What was
not confirmed is repeated only on an operator's answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from engine.access.digest_keys import DigestKeys
from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError
from engine.domain.file_faults import why_not
from engine.domain.system.registered_acts import (
    ActState,
    Fate,
    InDoubt,
    RegisteredAct,
    in_doubt,
)
from engine.services.context import VaultContext
from engine.services.system.audit_anchors import add_anchor, missing_anchor
from engine.services.system.audit_content import rows_unlike
from engine.services.system.registers import read_acts, states_of
from engine.services.system.repeated_acts import Register
from engine.services.system.repeating import AllInEffectError, Repeated, repeat
from engine.store.granting import GRANTS
from engine.store.record_state import CLOCKS_MAY_DIFFER

_REPEAT = "repeat acts of the register"
_KIND_OF = {
    "acts_shared": "acts of other cases",
    "agency_suspension": "agency suspended",
    "app_user": "user changed",
    "case_member": "cases closed",
    "connection": "conflict declared",
    "episode": "case restricted",
    "investigation_lead": "person entrusted",
    "link_share": "shared search or map",
    "local_account": "password changed",
    "restriction": "case restricted",
    "retention_word": "legal hold",
    "safe_contact_officer": "person entrusted",
    "victim_words_withdrawn": "victim's words withdrawn",
}
"""The kind of act that writes a table, where the register has each act of that kind, either way."""


class Compared(Frozen):
    """The register compared with the record, and what was repeated, if that was asked for and needed."""

    acts: int
    lacking: dict[str, int]
    """Acts that were recorded and that the record lacks, by kind."""
    in_doubt: tuple[InDoubt, ...]
    repeated: Repeated | None = None
    shut: tuple[str, ...] = ()
    """Rows that granted something and were not as the audit log says."""


def compare(context: VaultContext) -> Compared:
    """Compare them and change nothing. Raises InvalidInputError where the register was changed."""
    return _compared(_seen(context))


def repeat_lacking(context: VaultContext) -> Compared:
    """Compare them, and repeat in one transaction what the record lacks; an entry says what.

    Acts whose entry the record has are confirmed, where the process that recorded them could not do it.
    Raises InvalidInputError where the register was changed.
    """
    seen = _seen(context)
    _confirm(context, seen.states[ActState.IN_RECORD])
    lacking, there = seen.states[ActState.LACKING], seen.states[ActState.IN_RECORD]
    undone = _undone(context, there)
    repeated = None
    if lacking or undone:
        known, lacked = [*there, *lacking], [*lacking, *undone]
        with suppress(AllInEffectError):
            repeated = repeat(context, known, lacking=lacked, what=_REPEAT, only_if_needed=not lacking)
    if any(act.act.kind in ("erased", "request erased") for act in lacking):
        context.uow.tidy()
    update = {"repeated": repeated, "shut": _shut_put_back(context)}
    return _compared(seen).model_copy(update=update)


def answer(context: VaultContext, *, entry: str, was_recorded: bool) -> None:
    """Record an operator's answer about acts in doubt: those that were recorded are repeated from then on.

    Raises InvalidInputError where the acts of this entry are not in doubt.
    """
    asked = {str(act.entry): act.entry for act in _seen(context, with_recent=True).states[ActState.IN_DOUBT]}
    if entry not in asked:
        raise InvalidInputError(
            "entry", "its acts are not in doubt; 'stac record repeat-acts' lists those that are"
        )
    with context.writing("answer about acts in doubt") as work:
        work.notes(entry=asked[entry].number, was_recorded="yes" if was_recorded else "no")
    _register(context).say(asked[entry], Fate.RECORDED if was_recorded else Fate.LEFT)


def accept_older(context: VaultContext) -> int | None:
    """Accept, for the operator, a record that is older than an anchor: it opens again. Return that entry.

    What the register has is repeated first. None where no anchor is missing. Raises InvalidInputError where
    the place of the anchors cannot be written.
    """
    file = context.settings.audit.anchor_file(context.settings.home)
    with context.uow.unrecorded() as work:
        missing = missing_anchor(work, context.settings)
    if missing is None or file is None:
        return None
    repeat_lacking(context)
    with context.writing("accept older record") as work:
        work.notes(missing_anchor=missing)
    with context.uow.unrecorded() as work:
        sequence, hashed = work.audit.head()
    try:
        add_anchor(file, sequence=sequence, hashed=hashed, at=context.clock.now(), accepts_older=True)
    except OSError as error:
        raise InvalidInputError("anchors", f"the file cannot be written ({why_not(error)})") from None
    return missing


def _undone(context: VaultContext, acts: Sequence[RegisteredAct]) -> list[RegisteredAct]:
    """Return the acts in the record whose rows were changed, put back or removed past the software."""
    with context.uow.unrecorded() as work:
        tables = {each.difference.table for each in rows_unlike(work, _KIND_OF.keys())}
    kinds = {_KIND_OF[table] for table in tables}
    return [each for each in acts if each.act.kind in kinds]


def _shut_put_back(context: VaultContext) -> tuple[str, ...]:
    """Shut the rows that grant something and are not as the audit log says: an entry names how many."""
    with context.uow.unrecorded() as work:
        granting = tuple(each.difference for each in rows_unlike(work, GRANTS.keys()) if each.grants)
    if granting:
        with context.writing("shut rows that were put back") as work:
            work.audit_content.shut((each.table, each.row) for each in granting)
            work.notes(rows=len(granting), tables=", ".join(sorted({each.table for each in granting})))
    return tuple(each.sentence for each in granting)


class _Seen(NamedTuple):
    acts: int
    states: dict[ActState, list[RegisteredAct]]


def _seen(context: VaultContext, *, with_recent: bool = False) -> _Seen:
    """Return the acts by their state; one that is not confirmed may be about to be, unless it is older."""
    register = _register(context)
    _, acts = read_acts(register.files(), register.keys())
    with context.uow.unrecorded() as work:
        states = states_of(work, acts)
    if not with_recent:
        before = context.clock.now() - CLOCKS_MAY_DIFFER
        states[ActState.IN_DOUBT] = _of_before(states[ActState.IN_DOUBT], before)
    return _Seen(len(acts), states)


def _of_before(acts: Sequence[RegisteredAct], before: datetime) -> list[RegisteredAct]:
    return [each for each in acts if each.act.at < before]


def _confirm(context: VaultContext, acts: Sequence[RegisteredAct]) -> None:
    without = {each.entry for each in acts if each.fate is None and each.entry.hash is not None}
    for entry in sorted(without, key=lambda each: each.number):
        _register(context).say(entry, Fate.RECORDED)


def _compared(seen: _Seen) -> Compared:
    kinds = [each.act.kind for each in seen.states[ActState.LACKING]]
    return Compared(
        acts=seen.acts,
        lacking={kind: kinds.count(kind) for kind in sorted(set(kinds))},
        in_doubt=in_doubt(seen.states[ActState.IN_DOUBT]),
    )


def _register(context: VaultContext) -> Register:
    return Register(context.settings, DigestKeys(context.settings.key_file))
