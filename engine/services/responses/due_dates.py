"""Due dates of responses as they apply: an alarm that everyone on a case may know of brings them forward.

The date that a request was given stays on record. The one that applies is worked out when it is read, so that
an alarm that not all may know of moves no date that they see. Parts of use cases.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from engine.domain.alarm_questions import works_for_answered_at
from engine.domain.alarms import RaisedAlarm
from engine.domain.cases.involvement import LateRequest, Returns, Unreleased, WaitingRequest
from engine.domain.cases.lifecycle import State
from engine.domain.responses.due_dates import AlarmForAll, BroughtForward, brought_forward
from engine.domain.sharing import AudienceKind
from engine.services.alarms.questions_due import OF_ALARMS, later_alarms
from engine.services.due.kinds import DueGiven
from engine.settings import Settings
from engine.store.unit_of_work import Work

READS = OF_ALARMS | {"restriction", "referral_version", "alarm_question"}
"""The tables that decide which alarms bring due dates forward, and from when."""
_AT_ONCE = 500
"""Of more cases, only those that ever had an alarm are read."""


class DueDates:
    """The due dates of requests on some cases, with their alarms read once for all of them."""

    def __init__(self, work: Work, cases: Sequence[str], settings: Settings, given: DueGiven | None = None):
        """Read them; nothing where the setting is off.

        With ``given``, as rows of what waits are derived: what other kinds have read is used. Else for a
        person: of cases whose alarms may be everyone's, the database is asked the same whatever alarms there
        are.
        """
        days = settings.answers_due_after_alarm_working_days
        self._days = days if isinstance(days, int) else None
        self._alarms: Mapping[str, Sequence[AlarmForAll]] = {}
        if self._days is None or not cases:
            return
        if given is not None:
            later = later_alarms(work, cases, given)
            self._alarms = _for_all(work, _open_from(work, list(later)), later) if later else {}
            return
        there = cases if len(cases) <= _AT_ONCE else sorted({*cases} & {*work.raised_alarms.ever_raised()})
        open_from = _open_from(work, there)
        if open_from:
            alarms = work.raised_alarms.of(list(open_from), always=True)
            self._alarms = _for_all(work, open_from, alarms)

    def forward(
        self, case: str, *, asked_at: datetime, due_at: datetime, answered_at: datetime | None = None
    ) -> BroughtForward | None:
        """Return how alarms bring a due date forward; None where it is as it was given."""
        alarms = self._alarms.get(case, ())
        if self._days is None or not alarms:
            return None
        return brought_forward(
            due_at, asked_at=asked_at, answered_at=answered_at, alarms=alarms, working_days=self._days
        )

    def of_returns(self, returns: Returns) -> Returns:
        """Return a request with the due date that applies, and its answers."""
        asked = returns.request
        sooner = self.forward(
            asked.involvement,
            asked_at=asked.asked_at,
            due_at=asked.due_at,
            answered_at=returns.first_released_at(),
        )
        if sooner is None:
            return returns
        request = asked.model_copy(update={"due_at": sooner.due_at, "brought_forward": sooner})
        return returns.model_copy(update={"request": request})

    def of_late(self, case: str, late: LateRequest) -> LateRequest:
        """Return a request without an answer with the due date that applies."""
        sooner = self.forward(case, asked_at=late.asked_at, due_at=late.due_at)
        return late if sooner is None else late._replace(due_at=sooner.due_at, brought_forward=sooner)


def returned(work: Work, references: Sequence[str], settings: Settings) -> dict[str, tuple[Returns, ...]]:
    """Return the requests of these involvements with the due dates that apply, and all their answers."""
    found = work.answers.returns(references)
    may_move = [case for case, there in found.items() if any(_may_move(each, settings) for each in there)]
    dates = DueDates(work, may_move, settings)
    return {case: tuple(dates.of_returns(each) for each in there) for case, there in found.items()}


def _may_move(returns: Returns, settings: Settings) -> bool:
    """Return whether any alarm could bring a due date forward: one that is as near as that moves by none."""
    days, asked = settings.answers_due_after_alarm_working_days, returns.request
    # By calendar days: the list of holidays loads slowly, and most pages have no alarm to count from.
    return isinstance(days, int) and asked.asked_at + timedelta(days=days - 1) < asked.due_at


def unanswered(
    work: Work,
    cases: Sequence[str],
    *,
    states: Collection[State],
    settings: Settings,
    given: DueGiven | None = None,
) -> dict[str, list[LateRequest]]:
    """Return the requests without a good released answer, of these cases in these states.

    ``given`` where it is for their rows.
    """
    found = work.answers.unanswered(cases, states=states)
    if not found:
        return {}
    dates = DueDates(work, cases, settings, given)
    return {case: [dates.of_late(case, each) for each in late] for case, late in found.items()}


def own_requests(
    work: Work, cases: Sequence[str], *, agency: str, settings: Settings
) -> tuple[WaitingRequest, ...]:
    """Return what waits for one agency's people on these cases, newest case first."""
    found = work.answers.waiting(cases, agency=agency)
    dates = DueDates(work, [each.involvement for each in found], settings)
    there = []
    for each in found:
        sooner = dates.forward(
            each.involvement, asked_at=each.asked_at, due_at=each.due_at, answered_at=each.answered_at
        )
        moved = sooner and each._replace(due_at=sooner.due_at, brought_forward=sooner)
        there.append(moved or each)
    return tuple(there)


def unreleased(
    work: Work, states: Collection[State], *, users: Collection[str], settings: Settings
) -> tuple[Unreleased, ...]:
    """Return the requests in these states that no one on the case can release, but perhaps these users."""
    found = work.answers.unreleased(states, users=users)
    dates = DueDates(work, sorted({each.involvement for each in found}), settings)
    there = []
    for each in found:
        sooner = dates.forward(each.involvement, asked_at=each.asked_at, due_at=each.due_at)
        moved = sooner and each.model_copy(update={"due_at": sooner.due_at, "brought_forward": sooner})
        there.append(moved or each)
    return tuple(there)


def said_of(moved: BroughtForward | None) -> str:
    """Return a sentence to add to a line whose due date was brought forward; none where it was not."""
    return f" {moved.sentence}" if moved else ""


def _for_all(
    work: Work, open_from: Mapping[str, datetime], alarms: Mapping[str, Sequence[RaisedAlarm]]
) -> dict[str, tuple[AlarmForAll, ...]]:
    """Return by case the alarms that everyone on it may know of now, whatever was done about them since."""
    for_all = frozenset(
        number
        for number, release in work.sharing.classes().items()
        if release.audience is AudienceKind.PANEL and release.until is None
    )
    found: dict[str, tuple[AlarmForAll, ...]] = {}
    for case in open_from.keys() & alarms.keys():
        found[case] = tuple(
            AlarmForAll(told_at=each.told_at, open_at=max(to_all, open_from[case]))
            for each in alarms[case]
            if each.is_alarm
            and each.told_at is not None
            and (to_all := each.open_to_all_at(for_all)) is not None
        )
    return found


def _open_from(work: Work, cases: Sequence[str]) -> dict[str, datetime]:
    """Return since when alarms of these cases are not only for coordinators and chair, where they are not.

    It is answered whether a party works for one of the agencies, or the case is restricted, and so open to
    its named people only.
    """
    facts, answers = work.alarm_questions.facts(cases), work.alarm_questions.of(cases)
    restricted = work.need_to_know.restricted_among(cases)
    restricted_at = work.case_clocks.last_restricted_at(restricted) if restricted else {}
    found: dict[str, datetime] = {}
    for case in cases:
        times = [
            works_for_answered_at(facts.get(case), answers.get(case, ())),
            restricted_at.get(case),
        ]
        if there := [at for at in times if at is not None]:
            found[case] = min(there)
    return found
