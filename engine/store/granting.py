"""Rows that let a person in or open something to them: each has effect only with its keyed check.

The check is the digest that the audit log has of the row's newest version, made by a key that is not in the
database. It is stored with every change, in the same transaction. Who can only write to the database can make
none, so a row that they insert or change opens nothing. An earlier version of a row, put back whole with its
check, is as good as it was until the register of acts is compared with the record.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TypeAlias

from sqlalchemy import Delete, Insert, Row, Select, Table, bindparam, delete, insert, select
from sqlmodel import Session, col

from engine.domain.errors import SetupError
from engine.domain.system.audit import NumberedKey
from engine.store.among import among
from engine.store.rows_in_text import digests_of
from engine.store.tables.base import METADATA, table_of
from engine.store.tables.base import Row as TableRow
from engine.store.tables.system.row_checks import RowCheckRow
from engine.store.versions_written import OneKey, written_here

GRANTS: dict[str, str] = {
    "agency_suspension": "a suspended agency is asked again",
    "app_user": "a user, with a role and an agency",
    "associates_ask": "a question about people's associates, once it is approved",
    "associates_word": "the approval of such a question",
    "case_member": "a case is open to a person",
    "conference": "agencies' levels and reasons are open to all on the case",
    "connection": "a person who is said not to be connected is let in again",
    "glass_broken": "emergency access to a case",
    "investigation_lead": "the lead of the investigating agency on a case",
    "investigator": "a person who works both sides of a counter-allegation",
    "link_share": "another user's saved search or map",
    "local_account": "the password of a user",
    "opening": "a protected detail is open to a person until a time",
    "opening_ask": "a request to open a protected detail, once it is approved",
    "opening_word": "the approval of such a request",
    "provider_subject": "a provider's subject who is a user",
    "room_screen": "an account that shows a conference",
    "safe_contact_officer": "the safe-contact officer of a case",
}
"""The tables whose rows grant something, and what. A test says of every other table why its rows do not."""

CHECK_KEY = "key of keyed checks"
"""The key of a session's information: what gives the key that its checks are made with."""
REMEMBERED = "what was proven of this record"
"""The key of a session's information: a dictionary that all sessions of one unit of work share."""
_READ_OFTEN = frozenset({"app_user", "case_member"})
_MOST_SEEN = 100_000
_seen: set[tuple[object, ...]] = set()
"""Rows whose check was right, as they are, so that the check of a person's many cases is made once."""

RowWithCheck: TypeAlias = Row[*tuple[object, ...]]
"""Every column of a row in the table's order, its check, and what else was selected."""


@cache
def with_check(rows_of: type[TableRow]) -> Select[*tuple[object, ...]]:
    """Return the rows of a table, each with its keyed check; the caller narrows them, and adds columns."""
    table = table_of(rows_of)
    its_check = (
        select(col(RowCheckRow.keyed_check))
        .where(col(RowCheckRow.table) == table.name, col(RowCheckRow.row_number) == table.c.id)
        .scalar_subquery()
    )
    return select(*table.columns, its_check.label("keyed_check"))


def proven(session: Session, rows_of: type[TableRow], rows: Iterable[RowWithCheck]) -> Sequence[RowWithCheck]:
    """Return those of the rows of such a query that the software wrote as they are."""
    table, gathers = table_of(rows_of), written_here(session)
    width, key, right = len(table.columns), None, []
    for row in rows:
        content, check = row[:width], row[width]
        is_right = False
        if check is not None:
            key = key_of_checks(session) if key is None else key
            is_right = _is_right(table, content, str(check), key)
        if is_right or (gathers is not None and gathers.wrote(table.name, (row.id,))):
            right.append(row)
    return right


def is_proven(session: Session, rows_of: type[TableRow], row: RowWithCheck) -> bool:
    """Return whether the software wrote this row as it is, or does in this transaction."""
    return bool(proven(session, rows_of, [row]))


def _is_right(table: Table, content: Sequence[object], check: str, key: bytes) -> bool:
    known = (key, table.name, *content, check) if table.name in _READ_OFTEN else None
    if known is not None and known in _seen:
        return True
    ((_, digest),) = digests_of(table, [content], key)
    is_right = is_among(digest, check)
    if is_right and known is not None:
        if len(_seen) >= _MOST_SEEN:
            _seen.clear()
        _seen.add(known)
    return is_right


def is_among(digest: str, checks: str) -> bool:
    """Return whether a row's check has this digest. Since the key was changed, it has that of both keys.

    The second one has the check value of its key before it.
    """
    return any(
        hmac.compare_digest(digest.encode(), each.rpartition(":")[2].encode()) for each in checks.split()
    )


def check_by_both(digest: str, *, key: str, by_next: str) -> str:
    """Return the check of a row by its key and by the one that comes next, whose check value is ``key``."""
    return f"{digest} {key}:{by_next}"


def proven_numbers(
    session: Session, rows_of: type[TableRow], numbers: Sequence[int | None]
) -> frozenset[int]:
    """Return those of these numbers whose row the software wrote as it is.

    It asks without any number too: a statement less would show that what is hidden is there.
    """
    query = with_check(rows_of).where(among(table_of(rows_of).c.id, list(numbers)))
    return frozenset(int(row.id) for row in proven(session, rows_of, session.connection().execute(query)))


def keep_checks(session: Session, written: Mapping[str, Mapping[str, str | None]]) -> None:
    """Store the checks of what a transaction wrote, by table and number; None is of a deleted row."""
    connection = session.connection()
    for table in sorted(GRANTS.keys() & written.keys()):
        digests = written[table]
        numbers = [{"of_table": table, "number": int(number)} for number in digests]
        if numbers:
            connection.execute(_taken_away(), numbers)
        new = [
            {"table": table, "row_number": int(number), "keyed_check": digest}
            for number, digest in digests.items()
            if digest is not None
        ]
        if new:
            connection.execute(_added(), new)


def checks_of(session: Session, table: str) -> dict[str, str]:
    """Return the check of every row of a table, by its number as an entry names it."""
    query = select(col(RowCheckRow.row_number), col(RowCheckRow.keyed_check))
    rows = session.connection().execute(query.where(col(RowCheckRow.table) == table))
    return {str(number): check for number, check in rows}


def key_of_checks(session: Session) -> NumberedKey:
    """Return the key of this record's checks. Raises SetupError where it was opened without."""
    return _key_of(session)()


def newest_key(session: Session, *, used: int | None) -> NumberedKey:
    """Return the same for an entry, while no other can be written; ``used`` is the number of the newest one.

    Raises SetupError where the key was changed since this transaction began, or on another machine.
    """
    key = _key_of(session)
    if key().number < (used or 1) or not key.is_newest:
        raise SetupError(
            "the key of the digests was changed meanwhile; nothing was recorded: try again, and if it fails "
            "again, copy keys/digest.key from the home folder where it was changed"
        )
    return key()


def _key_of(session: Session) -> OneKey:
    version_key: OneKey | None = session.info.get(CHECK_KEY)
    if version_key is None:
        raise SetupError("this record was opened without its key: what opens a case cannot be checked")
    return version_key


@cache
def _taken_away() -> Delete:
    return delete(RowCheckRow).where(
        col(RowCheckRow.table) == bindparam("of_table"), col(RowCheckRow.row_number) == bindparam("number")
    )


@cache
def _added() -> Insert:
    return insert(METADATA.tables["row_check"])
