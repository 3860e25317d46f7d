"""People on cases, by rows that the software wrote as they are; any other row names no person."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple, TypeAlias

from sqlmodel import Session

from engine.store.among import are_few
from engine.store.granting import REMEMBERED, proven
from engine.store.repositories.cases import statements
from engine.store.tables.cases.involvements import CaseMemberRow
from engine.store.versions_written import written_here

_AT_ONCE, _MOST_USERS = 500, 500


class NamedOn(NamedTuple):
    """Cases that name a person, and the rows which say so without the software's check."""

    cases: frozenset[str]
    unproven: frozenset[int]


_Last: TypeAlias = dict[tuple[str, bool], tuple[bytes, NamedOn]]
"""By user and restriction the digest of the rows that name a user, and what they came to."""


def named_on(session: Session, user: str, *, only_restricted: bool) -> NamedOn:
    """Return where this person is named: from the rows, or as it was while they are the same.

    A transaction that named a person itself is not remembered: its rows count before they have a check.
    """
    in_text = statements.named_in_text(only_restricted=only_restricted)
    text = session.connection().execute(in_text, {"user": user}).scalar()
    if not text:
        return NamedOn(frozenset(), frozenset())
    last: _Last = session.info.get(REMEMBERED, {})  # of this record: another's cases have other references
    which, digest = (user, only_restricted), sha256(text.encode()).digest()
    known = last.get(which)
    if known is not None and known[0] == digest:
        return known[1]
    named = _from_rows(session, user, only_restricted=only_restricted)
    gathers = written_here(session)
    if gathers is None or not gathers.wrote_any(CaseMemberRow.__tablename__):
        if len(last) >= _MOST_USERS:
            last.clear()
        last[which] = digest, named
    return named


def _from_rows(session: Session, user: str, *, only_restricted: bool) -> NamedOn:
    which = statements.named_on_restricted() if only_restricted else statements.open_to()
    rows = session.connection().execute(which, {"user": user}).all()
    right = proven(session, CaseMemberRow, rows)
    unproven = {row.id for row in rows}.difference(row.id for row in right)
    return NamedOn(frozenset(row.ref for row in right), frozenset(unproven))


def named_among(session: Session, user: str, references: Sequence[str]) -> frozenset[str]:
    """Return those of these cases that name this person."""
    found: set[str] = set()
    for start in range(0, len(references), _AT_ONCE):
        some = list(references[start : start + _AT_ONCE])
        asked = {"user": user, "references": some}
        rows = session.connection().execute(statements.open_to_among(few=are_few(some)), asked)
        there = [row for row in rows if row.id is not None]
        found.update(row.ref for row in proven(session, CaseMemberRow, there))
    return frozenset(found)


def is_named(session: Session, user: str, reference: str) -> bool:
    """Return whether a case names this person; at the same cost if it does not exist, or names others."""
    asked = {"user": user, "reference": reference}
    rows = session.connection().execute(statements.names_on(), asked).all()
    return any(True for _ in proven(session, CaseMemberRow, rows))


def people_on(session: Session, reference: str) -> tuple[str, ...]:
    """Return the people who are named on a case, by name."""
    rows = session.connection().execute(statements.people_on(), {"reference": reference}).all()
    return tuple(row.user_name for row in proven(session, CaseMemberRow, rows))
