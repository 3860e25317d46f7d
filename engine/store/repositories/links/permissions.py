"""One viewer's permission in the store's own numbers: the condition of every statement that reads links."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy import select
from sqlmodel import Session, col

from engine.domain.access.permissions import Permitted
from engine.domain.cases.lifecycle import State
from engine.store.among import among
from engine.store.tables.cases.involvements import InvolvementRow

_AT_ONCE = 800


@dataclass(frozen=True)
class Cut:
    """One viewer's permission in the store's own numbers; only ``LinkGraph.cut`` makes it."""

    opened: frozenset[int] | None
    """The cases that are open; None: all but those that the rest of this closes."""
    closed: frozenset[int]
    screened_only: bool
    unrestricted_only: bool
    named: frozenset[int]
    """Cases that name the viewer: these are open though they are restricted."""
    classes: frozenset[int]
    named_on: frozenset[int] | None
    """Cases whose people this viewer reads by name; None is all that are open."""

    def without(self, cases: Collection[int]) -> Cut:
        """Return the same permission with these cases closed."""
        opened = None if self.opened is None else self.opened.difference(cases)
        return replace(self, opened=opened, closed=self.closed.union(cases))

    def of_case(self, column: str) -> str:
        """Return the condition on the case of a link: read as it is now, and copied into no link."""
        if self.opened is not None:
            return f"{column} in ({listed(self.opened)})"
        sentences = [f"{column} not in ({listed(self.closed)})"] if self.closed else []
        about = []
        if self.screened_only:
            about.append(f"i.state <> '{State.NOT_SCREENED.value}'")
        if self.unrestricted_only:
            named = f" or i.id in ({listed(self.named)})" if self.named else ""
            about.append(f"(not (e.restricted or o.restricted){named})")
        if about:
            sentences.append(
                "exists (select 1 from involvement i join episode e on e.id = i.episode_id join episode o "
                f"on o.id = i.own_episode_id where i.id = {column} and {' and '.join(about)})"
            )
        return " and ".join(sentences) or "1 = 1"

    @cached_property
    def of_link(self) -> str:
        """The condition on a link."""
        classes = f"release_class in ({listed({0, *self.classes})})"
        return f"{self.of_case('case_id')} and {classes}"


def cut_for(session: Session, permitted: Permitted) -> Cut:
    """Return the permission in numbers."""
    named = _numbers(session, permitted.named_on)
    shut = _numbers(session, permitted.shut_out_of)
    opened = None
    if not permitted.every_case:
        opened = frozenset(named - shut)
        if not permitted.unscreened_too:
            opened = _screened(session, opened)
    return Cut(
        opened=opened,
        closed=shut,
        screened_only=not permitted.unscreened_too,
        unrestricted_only=not permitted.restricted_too,
        named=named,
        classes=permitted.classes,
        named_on=None if permitted.names_everywhere else frozenset(named - shut),
    )


def _numbers(session: Session, references: Collection[str]) -> frozenset[int]:
    if not references:
        return frozenset()
    query = select(col(InvolvementRow.id)).where(among(col(InvolvementRow.ref), sorted(references)))
    found = session.connection().execute(query).scalars()
    return frozenset(int(number or 0) for number in found)


def _screened(session: Session, numbers: Collection[int]) -> frozenset[int]:
    found: set[int] = set()
    for listed in parts(numbers):
        rows = session.connection().exec_driver_sql(
            f"select id from involvement where id in ({listed}) and state <> '{State.NOT_SCREENED.value}'"
        )
        found |= {int(row[0]) for row in rows}
    return frozenset(found)


def listed(numbers: Iterable[int]) -> str:
    """Return numbers for a statement; for an empty list, one that matches nothing."""
    return ",".join(str(int(number)) for number in sorted(numbers)) or "-1"


def parts(numbers: Iterable[int]) -> Iterable[str]:
    """Yield the same in parts that a statement can take."""
    ordered = sorted(numbers)
    for start in range(0, len(ordered), _AT_ONCE):
        yield listed(ordered[start : start + _AT_ONCE])
