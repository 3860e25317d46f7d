"""Lines and alarms on the worklist of each role in the demonstration, beside the most that is meant.

Of each role, and of each agency's practitioners, the user with most lines is counted. Alerts of saved
searches and shared searches are left out: they need the arrays of the link graph.
``STAC_BENCH_SEED_REFERRALS`` makes another demonstration.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from benchmarks.measured import Measured
from benchmarks.scaled_record import record_of_size
from engine.access.policy import WHO_MAY, May
from engine.domain.accounts.acting import Role, User
from engine.domain.cases.worklists import WorkGroup, WorkItem
from engine.runtime import Runtime
from engine.services.accounts import users
from engine.services.cases.lists import list_page
from engine.services.cases.worklists import worklist
from engine.store.repositories.access.visibility import EVERYTHING
from flows.comparing import compare_some

SEED_REFERRALS = int(os.environ.get("STAC_BENCH_SEED_REFERRALS", "512"))
ALARM, CAN_WAIT = "alarm: ", "can wait: "
LINES, ALARMS = "all lines that cannot wait", "all alarms"


class Most(NamedTuple):
    """The most lines and alarms that one user is meant to have for 100 referrals in the record.

    Alarms, and lines that can wait, are not among the lines.
    """

    lines: float
    alarms: float


MOST: Mapping[str, Most] = {
    "coordinator": Most(9, 2),
    "chair": Most(9, 1),
    "police": Most(17, 1),
    "advocacy": Most(7, 1),
    "probation": Most(5, 1),
    "health": Most(4, 1),
    "manager": Most(0, 0),
    "analyst": Most(0, 0),
}
"""By role or by a practitioner's agency; docs/benchmarks.md has the reason for each."""
MOST_OF_ANOTHER_AGENCY = Most(4, 1)


class RoleLines(NamedTuple):
    """The lines of one user by kind; alarms and lines that can wait are kinds of their own.

    ``open_referrals`` is the number of referrals that the user may view, None where the role may view none.
    """

    role: str
    open_referrals: int | None
    kinds: Counter[str]

    @property
    def alarms(self) -> int:
        """The number of alarms."""
        return self._count(ALARM)

    @property
    def lines(self) -> int:
        """The number of the other lines that cannot wait."""
        return self.kinds.total() - self.alarms - self._count(CAN_WAIT)

    def _count(self, prefix: str) -> int:
        return sum(count for kind, count in self.kinds.items() if kind.startswith(prefix))


def measure() -> list[Measured]:
    """Lines and alarms for 100 referrals in the record; the table by kind goes to standard error."""
    with record_of_size(SEED_REFERRALS, seed_referrals=SEED_REFERRALS) as runtime:
        compare_people(runtime)
        referrals, of_roles = count_referrals(runtime), longest_by_role(runtime)
    _draw(of_roles, referrals)
    return [
        Measured(
            name=f"{each.role}, {what}",
            figure=100 * count / referrals,
            unit="for 100 referrals",
            target=most,
            yardstick=100.0,
            against="one for each referral of the record",
        )
        for each in of_roles
        for allowed in (MOST.get(each.role, MOST_OF_ANOTHER_AGENCY),)
        for what, count, most in (
            ("lines", each.lines, allowed.lines),
            ("alarms", each.alarms, allowed.alarms),
        )
    ]


def compare_people(runtime: Runtime) -> None:
    """Compare the records of all people, as a served record does in the background."""
    while compare_some(runtime, on_behalf_of="benchmark"):
        pass


def longest_by_role(runtime: Runtime) -> tuple[RoleLines, ...]:
    """Return the lines of the user with most, of each role and of each agency's practitioners."""
    found: dict[str, RoleLines] = {}
    for user in users.users_for_sign_in(uow=runtime.uow):
        each = _lines_of(runtime, user)
        if each.role not in found or _length(each) > _length(found[each.role]):
            found[each.role] = each
    return tuple(found[role] for role in (*MOST, *sorted(found.keys() - MOST)) if role in found)


def _length(of_user: RoleLines) -> tuple[int, int]:
    return of_user.lines + of_user.alarms, of_user.kinds.total()


def count_referrals(runtime: Runtime) -> int:
    """Return the number of all referrals, restricted ones too."""
    with runtime.uow.unrecorded() as work:
        return len(work.cases.references(EVERYTHING))


def kinds_of(items: Iterable[WorkItem]) -> Counter[str]:
    """Count lines by kind; an alarm and a line that can wait have a kind of their own."""
    return Counter(_PREFIXES.get(item.group, "") + item.kind for item in items)


def rows_by_kind(of_roles: Sequence[RoleLines], referrals: int) -> Iterator[tuple[str, list[str]]]:
    """Yield each kind with a cell for each role: lines for 100 referrals open to the user / in the record."""
    kinds = sorted({kind for each in of_roles for kind in each.kinds}, key=lambda kind: (":" in kind, kind))
    yield "referrals open to the user", [_or_none(each.open_referrals) for each in of_roles]
    for kind in kinds:
        yield kind, [_cell(each.kinds[kind], each.open_referrals, referrals) for each in of_roles]
    yield LINES, [_cell(each.lines, each.open_referrals, referrals) for each in of_roles]
    yield ALARMS, [_cell(each.alarms, each.open_referrals, referrals) for each in of_roles]


def _lines_of(runtime: Runtime, user: User) -> RoleLines:
    context = runtime.context(user.acting())
    may_view = user.role in WHO_MAY[May.VIEW_CASE]
    return RoleLines(
        role=user.agency if user.role is Role.PRACTITIONER and user.agency else user.role.label,
        open_referrals=list_page(context, count=1).total if may_view else None,
        kinds=kinds_of(worklist(context).items),
    )


_PREFIXES = {WorkGroup.ALARM: ALARM, WorkGroup.CAN_WAIT: CAN_WAIT}


def _cell(count: int, open_referrals: int | None, referrals: int) -> str:
    return f"{_per_hundred(count, open_referrals)} / {_per_hundred(count, referrals)}"


def _per_hundred(count: int, referrals: int | None) -> str:
    return f"{100 * count / referrals:.1f}" if referrals else "none open"


def _or_none(referrals: int | None) -> str:
    return "may view none" if referrals is None else str(referrals)


def _draw(of_roles: Sequence[RoleLines], referrals: int) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(
        title=f"lines for 100 referrals open to the user / for 100 of the {referrals} in the record"
    )
    table.add_column("kind")
    for each in of_roles:
        table.add_column(each.role, justify="right")
    for kind, cells in rows_by_kind(of_roles, referrals):
        table.add_row(kind, *cells)
    Console(stderr=True, width=160).print(table)
