"""Asking agencies: requests with due times, a plugin's answer kept, and the note that all answers are in.

Every step may run twice: a run that was killed anywhere and started again gives the same record.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Protocol

from engine.access.policy import May
from engine.clock import LONDON, Clock
from engine.domain.acting import Acting
from engine.domain.answers import AnswerState, Contribution, Failed, NilReturn, Refused, Stage
from engine.domain.asking import CaseAsked, IncidentAsked, PersonAsked
from engine.domain.base import Frozen
from engine.domain.errors import IllegalTransitionError
from engine.domain.involvement import Involvement, Request
from engine.domain.lifecycle import Act, State, TriageOutcome, allowed_acts
from engine.domain.people import ClaimedRole, PersonDescribed
from engine.hooks.registry import Agencies, must_be_released_by_hand
from engine.services.doors import open_case
from engine.services.vault import VaultKey, keep_protected
from engine.settings import Settings
from engine.store.unit_of_work import UnitOfWork, Work

AnyKept = Contribution | NilReturn | Refused | Failed


class Working(Protocol):
    """Says which days are working days."""

    def due(self, at: datetime, working_days: int) -> datetime:
        """The end of the working day that many working days on."""
        ...


class EndOfWorkingDay:
    """Working days of England and Wales; zero days on is the end of the same day, whichever it is."""

    def due(self, at: datetime, working_days: int) -> datetime:
        """17:00 in London, or 23:59 of the same day when nothing can wait."""
        local = at.astimezone(LONDON)
        if working_days == 0:
            return datetime.combine(local.date(), time(23, 59), LONDON)
        import holidays  # loads slowly; only asking needs it

        closed = holidays.country_holidays("GB", subdiv="ENG")
        day = local.date()
        left = working_days
        while left:
            day += timedelta(days=1)
            if day.weekday() < 5 and day not in closed:
                left -= 1
        return datetime.combine(day, time(17, 0), LONDON)


class Asked(Frozen):
    """One agency was asked, and how its answer now stands."""

    reference: str
    agency: str
    state: AnswerState
    version: int | None


def open_requests(
    *, uow: UnitOfWork, clock: Clock, settings: Settings, acting: Acting, agencies: Agencies, reference: str
) -> tuple[str, ...]:
    """Open a request to every agency that is not suspended; returns the codes of all that are asked."""
    with uow.writing(acting=acting, what="open requests", at=clock.now()) as work:
        involvement = _askable(work, acting, reference)
        triage = involvement.triage_outcome or TriageOutcome.CONFERENCE
        due = EndOfWorkingDay().due(clock.now(), settings.answers_due_working_days.get(triage, 10))
        asked = tuple(code for code in agencies.codes if not agencies.is_suspended(code))
        for code in asked:
            request = Request(
                involvement=involvement.reference,
                agency=code,
                asked_at=clock.now(),
                due_at=due,
                was_shown=agencies.was_shown(code),
            )
            work.answers.ask(request)
        work.notes(agencies=len(asked))
    return asked


def ask_agency(
    *,
    uow: UnitOfWork,
    clock: Clock,
    acting: Acting,
    key: VaultKey,
    agencies: Agencies,
    reference: str,
    agency: str,
    again: bool = False,
) -> Asked:
    """Ask one agency's plugin and keep its answer: prepared, or released when nobody need release it.

    No transaction is open while the plugin works. Its failure is kept as a failure and never raised. An
    agency that has answered is not asked again unless ``again`` is said: a restarted run does nothing twice.
    """
    with uow.reading(acting=acting, what="read case for agency", at=clock.now()) as work:
        involvement = _askable(work, acting, reference)
        case = case_asked(work, involvement, clock)
        there = work.answers.of(involvement.reference, agency)
        work.notes(agency=agency)
    answered = there is not None and any(not isinstance(a.answer, Failed) for a in there.answers)
    if there is not None and answered and not again:
        state = there.state(clock.now(), seen_by_owner=True)
        return Asked(reference=involvement.reference, agency=agency, state=state, version=None)
    answer = agencies.assess(agency, case)
    by_hand = must_be_released_by_hand(agencies.manifest(agency), answer)
    with uow.writing(acting=acting, what="keep answer", at=clock.now()) as work:
        involvement = _askable(work, acting, reference)
        version = keep_answer(
            work,
            involvement.reference,
            agency,
            answer,
            stage=Stage.PREPARED if by_hand else Stage.RELEASED,
            author=f"plugin {agency}",
            plugin_version=agencies.version(agency),
            key=key,
            clock=clock,
        )
        returns = work.answers.of(involvement.reference, agency)
        work.notes(agency=agency, kind=answer.kind, version=version)
    state = returns.state(clock.now(), seen_by_owner=True) if returns else AnswerState.NOT_ASKED
    return Asked(reference=involvement.reference, agency=agency, state=state, version=version)


def keep_answer(
    work: Work,
    reference: str,
    agency: str,
    answer: AnyKept,
    *,
    stage: Stage,
    author: str,
    plugin_version: str | None,
    key: VaultKey,
    clock: Clock,
    released_by: str | None = None,
    prepared_version: int | None = None,
) -> int:
    """Keep an answer; its protected values go to the vault and the document keeps only references."""
    if isinstance(answer, Contribution) and answer.protected:
        values = [(reference, value) for value in answer.protected]
        refs = keep_protected(work=work, key=key, clock=clock, values=values, told_by=agency)
        kept = (*answer.protected_refs, *refs)
        answer = answer.model_copy(update={"protected": (), "protected_refs": tuple(dict.fromkeys(kept))})
    return work.answers.add(
        reference,
        agency,
        answer,
        stage=stage,
        author=author,
        plugin_version=plugin_version,
        at=clock.now(),
        released_by=released_by,
        prepared_version=prepared_version,
    )


def note_answers_in(*, uow: UnitOfWork, clock: Clock, acting: Acting, reference: str) -> State:
    """Move an involvement on when every agency that was asked has a released answer that is no failure."""
    with uow.writing(acting=acting, what="note answers", at=clock.now()) as work:
        involvement = open_case(work, acting, reference, May.ASK_AGENCIES)
        return move_when_answered(work, involvement, by=acting.user, clock=clock).state


def move_when_answered(work: Work, involvement: Involvement, *, by: str, clock: Clock) -> Involvement:
    """The involvement, moved on when its answers are in; part of a larger use case."""
    if involvement.state is not State.AGENCIES_ASKED:
        return involvement
    returns = work.answers.returns([involvement.reference])[involvement.reference]
    shown = [each.released() for each in returns]
    if not returns or any(answer is None or isinstance(answer.answer, Failed) for answer in shown):
        return involvement
    after = involvement.moved(Act.ANSWERS_IN)
    work.cases.save_move(
        involvement, after, act=Act.ANSWERS_IN, by=by, why="every agency has answered", at=clock.now()
    )
    return after


def case_asked(work: Work, involvement: Involvement, clock: Clock) -> CaseAsked:
    """The whole question; the agency's manifest cuts it before it is sent."""
    referral = work.referrals.newest([involvement.reference])[involvement.reference]
    people = {person.role: person.described for person in work.people.on_cases([involvement.reference])}
    incidents = work.incidents.of([involvement.reference])
    return CaseAsked(
        reference=involvement.reference,
        on=clock.today(),
        perpetrator=_person_asked(people.get(ClaimedRole.PERPETRATOR)),
        victim=_person_asked(people.get(ClaimedRole.VICTIM)),
        relationship=referral.relationship,
        incidents=tuple(
            IncidentAsked(
                happened=incident.happened,
                kind=incident.kind.value,
                crime_reference=incident.reports[0].crime_reference,
            )
            for incident in incidents
        ),
    )


def _askable(work: Work, acting: Acting, reference: str) -> Involvement:
    involvement = open_case(work, acting, reference, May.ASK_AGENCIES)
    if not involvement.agencies_may_be_asked:
        raise IllegalTransitionError(
            involvement.reference,
            involvement.state.value,
            Act.ASK_AGENCIES.value,
            [act.value for act in allowed_acts(involvement.state)],
        )
    return involvement


def _person_asked(described: PersonDescribed | None) -> PersonAsked | None:
    if described is None:
        return None
    return PersonAsked(
        forename=described.forename,
        surname=described.surname,
        date_of_birth=described.date_of_birth,
        sex=described.sex,
        identifiers=described.identifiers,
    )
