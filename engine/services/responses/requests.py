"""Requests to agencies with due times, storage of a plugin's answer, and the move when all are in.

Every step may run twice: a run that was killed anywhere and started again gives the same record.
"""

from __future__ import annotations

from engine.access.policy import May
from engine.access.release import everybodys_classes
from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.base import Frozen
from engine.domain.cases.involvement import Involvement, Request, last_stepped_up
from engine.domain.cases.lifecycle import Act, State, TriageOutcome, allowed_acts
from engine.domain.errors import IllegalTransitionError
from engine.domain.people.persons import ClaimedRole, PersonDescribed
from engine.domain.responses.answers import NilReturn, Stage
from engine.domain.responses.proposals import carried_over
from engine.domain.responses.requests import CaseAsked, IncidentAsked, PersonAsked
from engine.domain.sharing import Grounds
from engine.services.access.checks import open_case
from engine.services.context import AgencyContext, Context
from engine.services.responses.deadlines import due_at
from engine.services.responses.marks import waits_for_a_hand
from engine.services.responses.storage import AnyKept, store_answer
from engine.services.sharing.agency_rules import PANEL, store_verdicts, verdicts_of
from engine.store.unit_of_work import Work


class CaseToAsk:
    """A case as it is put to the agencies, read once for all of them. It shows only its reference."""

    def __init__(
        self,
        case: CaseAsked,
        *,
        agencies: tuple[str, ...],
        answered: frozenset[str],
        answered_before: frozenset[str] = frozenset(),
    ) -> None:
        """``answered_before`` are those whose answer is of before the case was last stepped up."""
        self.case, self.agencies, self.answered = case, agencies, answered
        self.answered_before = answered_before

    @property
    def reference(self) -> str:
        """The involvement that it is about."""
        return self.case.reference

    def __repr__(self) -> str:
        return f"CaseToAsk({self.reference})"


class Asked(Frozen):
    """A request to one agency; ``version`` is that of the answer stored, or None when none was due."""

    reference: str
    agency: str
    version: int | None


def open_requests(context: AgencyContext, *, reference: str) -> CaseToAsk:
    """Open a request to every agency that is not suspended; return the case to put to them, and who they are.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    IllegalTransitionError
        The state of the involvement does not allow it.
    """
    agencies = context.agencies
    with context.writing("open requests") as work:
        involvement = _askable(work, context.acting, reference)
        triage = involvement.triage_outcome or TriageOutcome.CONFERENCE
        due = due_at(context.clock.now(), triage, context.settings)
        codes = tuple(code for code in agencies.codes if not agencies.is_suspended(code))
        work.answers.ask(
            Request(
                involvement=involvement.reference,
                agency=code,
                asked_at=context.clock.now(),
                due_at=due,
                was_shown=agencies.was_shown(code),
            )
            for code in codes
        )
        answered = work.answers.answered_by(involvement.reference)
        older = _answered_before_step_up(work, involvement.reference) if answered else frozenset()
        to_ask = CaseToAsk(
            case_asked(work, involvement, context.clock),
            agencies=codes,
            answered=answered - older,
            answered_before=older,
        )
        work.notes(agencies=len(codes))
    return to_ask


def ask_agency(context: AgencyContext, *, to_ask: CaseToAsk, agency: str, again: bool = False) -> Asked:
    """Ask one agency's plugin and store its answer: prepared, or released when it needs no release by hand.

    No transaction is open while the plugin works. Its failure is stored as a failure and never raised. An
    agency that has answered is not asked again unless ``again`` is set or the case was stepped up since: a
    restarted run does nothing twice. A nil return about a person whom the agency has found before waits for a
    practitioner's hand.

    Raises
    ------
    IllegalTransitionError
        The state of the involvement does not allow it.
    """
    agencies = context.agencies
    again = again or agency in to_ask.answered_before
    if agency in to_ask.answered and not again:
        return Asked(reference=to_ask.reference, agency=agency, version=None)
    answer = agencies.assess(agency, to_ask.case)
    verdicts = verdicts_of(agencies, agency, answer, PANEL, context.acting.purpose)
    by_hand = waits_for_a_hand(agencies.manifest(agency), answer)
    with context.writing("keep answer") as work:
        involvement = _askable(work, context.acting, to_ask.reference)
        if isinstance(answer, NilReturn) and not by_hand:
            by_hand = found_before(work, involvement.reference, agency)
        store_verdicts(
            work,
            involvement.reference,
            agency,
            verdicts,
            key=context.key,
            purpose=context.acting.purpose,
            at=context.clock.now(),
        )
        released, waiting = _before(work, involvement.reference, agency) if again else (None, None)
        versions = [(Stage.PREPARED, waiting or released)] if by_hand else [(Stage.RELEASED, released)]
        is_newer = waiting is not None and carried_over(answer, waiting) != carried_over(answer, released)
        if is_newer and not by_hand:
            versions.append((Stage.PREPARED, waiting))  # what was proposed since still waits for a hand
        version, *_ = [
            store_answer(
                work,
                involvement.reference,
                agency,
                carried_over(answer, before),
                stage=stage,
                author=f"plugin {agency}",
                plugin_version=agencies.version(agency),
                key=context.key,
                clock=context.clock,
                grounds=Grounds(purpose=context.acting.purpose, necessity=agencies.manifest(agency).purpose),
            )
            for stage, before in versions
        ]
        work.notes(agency=agency, kind=answer.kind, version=version)
    return Asked(reference=involvement.reference, agency=agency, version=version)


def _before(work: Work, reference: str, agency: str) -> tuple[AnyKept | None, AnyKept | None]:
    """Return what an agency has released about a case, and what of it waits for its release."""
    returns = work.answers.of(reference, agency)
    if returns is None:
        return None, None
    released, waiting = returns.released(), returns.waiting_for_release()
    return released.answer if released else None, waiting.answer if waiting else None


def note_answers_in(context: Context, *, reference: str) -> State:
    """Move an involvement on when every agency that was asked has a released answer, other than a failure.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    with context.writing("note answers") as work:
        involvement = open_case(work, context.acting, reference, May.ASK_AGENCIES)
        return move_when_answered(work, involvement, by=context.acting.user, clock=context.clock).state


def move_when_answered(work: Work, involvement: Involvement, *, by: str, clock: Clock) -> Involvement:
    """Return the involvement, moved on when its answers are in; part of a larger use case."""
    if involvement.state is not State.AGENCIES_ASKED:
        return involvement
    if not work.answers.are_in(involvement.reference):
        return involvement
    after = involvement.moved(Act.ANSWERS_IN)
    work.cases.save_move(
        involvement, after, act=Act.ANSWERS_IN, by=by, why="every agency has answered", at=clock.now()
    )
    return after


def case_asked(work: Work, involvement: Involvement, clock: Clock) -> CaseAsked:
    """Return the whole question; the agency's manifest cuts it before it is sent."""
    referral = work.referrals.newest([involvement.reference])[involvement.reference]
    people = {person.role: person.described for person in work.people.on_cases([involvement.reference])}
    shown = everybodys_classes(work.sharing.classes(), on=clock.today())
    incidents = work.incidents.of([involvement.reference], shown=shown)
    return CaseAsked(
        reference=involvement.reference,
        on=clock.today(),
        perpetrator=_person_asked(people.get(ClaimedRole.PERPETRATOR)),
        victim=_person_asked(people.get(ClaimedRole.VICTIM)),
        relationship=referral.relationship,
        incidents=tuple(
            IncidentAsked(
                happened=incident.happened,
                kind=incident.kind.value,  # of the first report: the contract gives an incident one kind
                crime_reference=incident.reports[0].crime_reference,
            )
            for incident in incidents
        ),
    )


def found_before(work: Work, reference: str, agency: str) -> bool:
    """Return whether this agency ever contributed about this involvement's alleged perpetrator, on any case.

    The records of the same person, by the current judgements, count. A nil return after it means that
    something was lost or removed, and a person of the agency has to check which.
    """
    parties = {
        party
        for person in work.people.on_cases([reference])
        if person.role is ClaimedRole.PERPETRATOR
        and (party := work.same_persons.party_of(person.reference)) is not None
    }
    return work.answers.has_contributed(agency, work.same_persons.joined_with(parties), reference)


def _answered_before_step_up(work: Work, reference: str) -> frozenset[str]:
    """Return the agencies that answered, and not since a person last stepped the case up."""
    since = last_stepped_up(work.cases.moves(reference))
    if since is None:
        return frozenset()
    last = {each.request.agency: each.last_good_at() for each in work.answers.returns([reference])[reference]}
    return frozenset(agency for agency, at in last.items() if at is not None and at < since)


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
