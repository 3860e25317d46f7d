"""Suspending an agency's plugin and resuming it: recorded, with a name and a reason, and applied everywhere.

An agency named in the operator's settings is suspended as well, whatever the record says.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator

from engine.access.policy import WHO_MAY, May, require
from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.health import Suspension
from engine.domain.base import Frozen
from engine.domain.cases.involvement import Returns
from engine.domain.cases.lifecycle import BEING_ASKED
from engine.domain.errors import InvalidInputError
from engine.domain.responses.answers import Failed, Stage
from engine.services.context import Context
from engine.settings import SETTINGS_FILE
from engine.store.repositories.system.outbox import FlowName
from engine.store.unit_of_work import UnitOfWork, Work

_LONGEST_WHY = 300


class Resumed(Frozen):
    """A resumed agency, and the count of open cases that lack its answer and are asked about now.

    Restricted ones are asked about too, and not counted.
    """

    suspension: Suspension
    cases_to_ask: int


class SuspendedAgencies(Collection[str]):
    """The agencies that are suspended at this moment, by the record or by the operator's settings.

    A process that has it for long, such as a runner, sees a suspension within ``look_again_after`` seconds:
    an agency is checked here each time before it is asked. Without a record (``uow=None``) only the settings
    count.
    """

    def __init__(
        self, uow: UnitOfWork | None, *, always: Collection[str] = (), look_again_after: float = 0.5
    ) -> None:
        self._uow, self._always, self._look_again_after = uow, frozenset(always), look_again_after
        self._seen, self._seen_at = self._always, float("-inf")

    def now(self) -> frozenset[str]:
        """Return their codes, read again."""
        if self._uow is not None:
            with self._uow.unrecorded() as work:
                self._seen = self._always | work.agencies_watched.suspended()
            self._seen_at = time.monotonic()
        return self._seen

    def __contains__(self, code: object) -> bool:
        return code in self._lately()

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._lately()))

    def __len__(self) -> int:
        return len(self._lately())

    def _lately(self) -> frozenset[str]:
        is_old = time.monotonic() - self._seen_at >= self._look_again_after
        return self.now() if is_old else self._seen


def suspend(context: Context, *, installed: Collection[str], agency: str, why: str) -> Suspension:
    """Suspend an agency: from now on no process asks it; what it has answered stays.

    Raises
    ------
    InvalidInputError
        No such agency is installed, it is suspended already, or the reason is empty, too long or not one
        line.
    """
    require(May.SUSPEND_AGENCY, context.acting)
    _must_be_installed(installed, agency)
    reason = one_line_reason(why)
    with context.writing("suspend agency") as work:
        there = work.agencies_watched.suspensions().get(agency)
        if there is not None and there.is_suspended:
            raise InvalidInputError(
                "agency", f"'{agency}' is suspended already; 'stac agency resume {agency}' ends that"
            )
        return _keep(work, context.clock, context.acting, agency, reason, is_suspended=True)


def resume(
    context: Context, *, installed: Collection[str], always_suspended: Collection[str], agency: str, why: str
) -> Resumed:
    """Ask this agency again, and about every open case that lacks its answer.

    Raises
    ------
    InvalidInputError
        No such agency is installed, it is not suspended in the record, or the reason is empty, too long or
        not one line.
    """
    require(May.SUSPEND_AGENCY, context.acting)
    _must_be_installed(installed, agency)
    reason = one_line_reason(why)
    with context.writing("resume agency") as work:
        there = work.agencies_watched.suspensions().get(agency)
        if there is None or not there.is_suspended:
            by_settings = agency in always_suspended
            hint = f"it is suspended by {SETTINGS_FILE}; remove it there" if by_settings else "nothing to do"
            raise InvalidInputError("agency", f"'{agency}' is not suspended in the record; {hint}")
        suspension = _keep(work, context.clock, context.acting, agency, reason, is_suspended=False)
        lacking = _cases_without(work, agency) if agency not in always_suspended else ()
        for reference in lacking:
            work.outbox.add(
                FlowName.ASSESS_REFERRAL, reference, acting=context.acting, at=context.clock.now()
            )
        work.touches(*lacking)
        restricted = work.need_to_know.restricted()
        return Resumed(suspension=suspension, cases_to_ask=len(set(lacking) - restricted))


def may_suspend(acting: Acting) -> bool:
    """Return whether to offer it to this person at all; the use cases refuse anyway."""
    return acting.role in WHO_MAY[May.SUSPEND_AGENCY]


def suspensions(*, uow: UnitOfWork) -> dict[str, Suspension]:
    """Return the current suspension of each suspended agency: no case content, so no entry of its own."""
    with uow.unrecorded() as work:
        return {
            code: suspension
            for code, suspension in work.agencies_watched.suspensions().items()
            if suspension.is_suspended
        }


def _keep(
    work: Work, clock: Clock, acting: Acting, agency: str, why: str, *, is_suspended: bool
) -> Suspension:
    suspension = Suspension(agency=agency, is_suspended=is_suspended, why=why, by=acting.user, at=clock.now())
    work.agencies_watched.store_suspension(suspension)
    work.notes(agency=agency)
    return suspension


def _cases_without(work: Work, agency: str) -> tuple[str, ...]:
    """Return the open cases where this agency was not asked, or could not be."""
    asked = tuple(involvement.reference for involvement in work.cases.in_states(BEING_ASKED))
    returns = work.answers.returns(asked)
    return tuple(ref for ref in asked if not any(_has_answered(each, agency) for each in returns[ref]))


def _has_answered(returns: Returns, agency: str) -> bool:
    if returns.request.agency != agency:
        return False
    prepared = any(each.stage is Stage.PREPARED for each in returns.answers)
    return prepared or any(not isinstance(each.answer, Failed) for each in returns.answers)


def _must_be_installed(installed: Collection[str], agency: str) -> None:
    if agency not in installed:
        there = ", ".join(sorted(installed)) or "none"
        raise InvalidInputError("agency", f"no agency has this code; choose one of: {there}")


def one_line_reason(why: str) -> str:
    """Return a reason as it is stored. Raises InvalidInputError for an empty or a long one."""
    reason = why.strip()
    if not reason or len(reason) > _LONGEST_WHY or not reason.isprintable():
        raise InvalidInputError("reason", f"write 1 to {_LONGEST_WHY} characters, on one line")
    return reason
