"""Readers of the alarm of a later report: its people, coordinators and chair, within their access."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cached_property

from engine.clock import Clock
from engine.domain.accounts.acting import CASE_WORKERS, COORDINATOR_AND_CHAIR, Acting, Role, User, flow_acting
from engine.domain.alarms import RaisedAlarm
from engine.services.alarms.due import people_may_have_it
from engine.services.alarms.questions_due import answered_works_for
from engine.store.unit_of_work import Work


class Readers:
    """Decides which alarms of some cases are one person's to have; the cases are open to that person."""

    def __init__(self, work: Work, acting: Acting, cases: Sequence[str], named: Collection[str]) -> None:
        self._work, self._acting, self._named = work, acting, named
        self._restricted = work.need_to_know.restricted_among(cases)
        self._answered = answered_works_for(work, cases)

    def have(self, alarm: RaisedAlarm) -> bool:
        """Return whether this person has the alarm."""
        if self._acting.role in COORDINATOR_AND_CHAIR:
            return True
        if alarm.told_at is None:
            return alarm.case in self._named  # its owner's people, whatever is answered
        if alarm.case not in self._named or alarm.held is not None:
            return False
        return people_may_have_it(alarm, alarm.case in self._restricted or alarm.case in self._answered)

    def is_restricted(self, case: str) -> bool:
        """Return whether a case is restricted."""
        return case in self._restricted

    def others(self, case: str) -> tuple[str, ...]:
        """Return the others who have the alarm of a restricted case: people named on it, and chairs.

        Those who left do not, nor those with a conflict of interest: who works for the employer declares it.
        """
        named = set(self._work.cases.people_on(case))
        return self._who(
            case, lambda user: user.role is Role.CHAIR or (user.name in named and user.role in CASE_WORKERS)
        )

    def any_has(self, alarm: RaisedAlarm) -> bool:
        """Return whether a person other than the one who asks has an alarm that is open."""
        case, named = alarm.case, set(self._work.cases.people_on(alarm.case))
        if alarm.told_at is None:
            return bool(self._who(case, lambda user: user.name in named and user.agency in alarm.owners))
        if self.is_restricted(case):
            return bool(self.others(case))
        return bool(self._who(case, lambda user: user.role in COORDINATOR_AND_CHAIR))

    def _who(self, case: str, can: Callable[[User], bool]) -> tuple[str, ...]:
        found = [user.name for user in self._users if user.name != self._acting.user and can(user)]
        shut_out = self._work.need_to_know.shut_out_of_each(found)
        return tuple(name for name in found if case not in shut_out.get(name, ()))

    @cached_property
    def _users(self) -> tuple[User, ...]:
        return tuple(user for user in self._work.users.all() if user.active)


def alarms_of_no_one(work: Work, clock: Clock) -> int:
    """Return the number of open alarms of later reports that no person has."""
    now = clock.now()
    cases = sorted(work.raised_alarms.ever_raised())
    readers = Readers(work, flow_acting("check alarms", "doctor"), cases, ())
    return sum(
        alarm.is_open(now) and not readers.any_has(alarm)
        for alarms in work.raised_alarms.of(cases).values()
        for alarm in alarms
    )
