"""Minutes of a conference, rendered for the person who asks: the items of the cases that are open to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from engine.access.policy import May
from engine.access.redaction import Masker
from engine.access.release import is_member
from engine.clock import LONDON
from engine.domain.cases.views import DecisionView
from engine.domain.conference.agenda import AgendaItem
from engine.domain.conference.attendance import AttendanceAct, AttendanceRecord, Stay, stays
from engine.domain.conference.meetings import Conference, ConferenceState, times_by_item
from engine.domain.conference.minutes import (
    Absent,
    Attended,
    CorrectionView,
    MinutedAction,
    MinutedDecision,
    MinutedDisclosure,
    MinutedItem,
    Minutes,
    MinutesPhase,
    MinutesStep,
    OutOfItem,
)
from engine.domain.conference.risk import AgencyPosition, Position
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.ids import PREFIXES
from engine.domain.sharing import LedgerAct
from engine.instruments.confidentiality import statement
from engine.services.access.masking import masker_for
from engine.services.conference.decision_views import decision_views
from engine.services.conference.meetings import masked_deferral, open_conference_record
from engine.services.conference.quorum import people_out_of
from engine.services.conference.remarks import remarks_minuted, remarks_seen
from engine.services.conference.victim_words import victim_words_seen, withdrawn_since, words_of_item
from engine.services.context import Context
from engine.services.people.names import names_on
from engine.services.responses.views import answers_seen
from engine.services.sharing.release_rules import ledger_seen
from engine.store.unit_of_work import Work

_DISCLOSES = (LedgerAct.SHARED, LedgerAct.REFUSED, LedgerAct.WITHDRAWN, LedgerAct.CORRECTED)


def read_minutes(context: Context, *, conference: str) -> Minutes:
    """Return this person's copy of the minutes; while the conference is in session, up to now.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or the conference has not started.
    NotFoundError
        The conference does not exist, or this person has no part in it.
    """
    with context.reading("read minutes") as work:
        there, visible = open_conference_record(work, context.acting, conference, May.SEE_CONFERENCE)
        if there.state is ConferenceState.PLANNED:
            raise InvalidInputError(
                f"conference {there.reference}", "it has not started; it has no minutes yet"
            )
        work.touches(*visible)
        work.notes(conference=there.reference)
        if there.state is not ConferenceState.AGREED:
            return rendered(work, context, there, visible)
        copy = work.conference_minutes.copy_for(there.reference, context.acting.user)
        if copy is None:
            raise NotFoundError(
                "copy of the minutes of",
                there.reference,
                instead="ask the chair",
            )
        return _agreed(work, copy, visible)


def phase_of(there: Conference, steps: Sequence[MinutesStep]) -> MinutesPhase:
    """Return the phase of the minutes of a conference that has started."""
    if steps:
        return steps[-1].phase
    return MinutesPhase.DRAFT if there.has_ended else MinutesPhase.IN_SESSION


def rendered(work: Work, context: Context, there: Conference, visible: frozenset[str]) -> Minutes:
    """Return the minutes rendered for a person from the record as it is now; part of a larger use case."""
    records = work.conference_attendance.of(there.reference)
    steps = work.conference_minutes.steps(there.reference)
    return Minutes(
        conference=there.reference,
        recipient=context.acting.user,
        date=there.held_on,
        place=there.place,
        chair=there.chair,
        deputy=there.deputy,
        minute_taker=there.minute_taker,
        confidentiality=statement(there.statement).statement,
        attendance=tuple(_attended(stay) for stay in stays(records)),
        apologies=tuple(
            Absent(
                who=record.who,
                agency=record.agency,
                written_at=record.happened_at if record.act is AttendanceAct.WRITTEN else None,
            )
            for record in records
            if record.act.is_of_the_absent
        ),
        items=tuple(_items(work, context, there, visible, records)),
        phase=phase_of(there, steps),
        steps=steps,
    )


def _agreed(work: Work, copy: Minutes, visible: frozenset[str]) -> Minutes:
    """Return an agreed copy as stored, of cases open to its reader; it names later amendments."""
    items = [item for item in copy.items if item.case in visible]
    newest = _newest_decisions(work, [item.case for item in items])
    withdrawn = withdrawn_since(work, {item.case: item.victim_words for item in items if item.victim_words})
    return copy.model_copy(
        update={
            "items": tuple(
                item.model_copy(
                    update={"number": number, "words_withdrawn": withdrawn.get(item.case, ())}
                ).with_decisions(newest.get(item.case))
                for number, item in enumerate(items, start=1)
            )
        }
    )


def _newest_decisions(work: Work, cases: Sequence[str]) -> dict[str, tuple[int, date]]:
    return {
        case: (stored[-1].version, stored[-1].at.astimezone(LONDON).date())
        for case, stored in work.decisions.of(cases).items()
        if stored
    }


def _items(
    work: Work,
    context: Context,
    there: Conference,
    visible: frozenset[str],
    records: Sequence[AttendanceRecord],
) -> list[MinutedItem]:
    items, order = work.conferences.items(there.reference), work.conferences.agenda(there.reference).order
    shown = times_by_item(work.conferences.shown(there.reference), closed_at=there.closed_at)
    taken = [items[number] for number in order if items[number].case in visible]
    whole = there.is_presided_by(context.acting.user) and len(taken) == len(order)
    names = names_on(work, [item.case for item in taken])
    out = people_out_of(work, records, [item.case for item in taken])
    agencies = {record.user: record.agency for record in records if record.user is not None}
    decided = work.conference_attendance.decisions_in(there.reference)
    corrections = work.conference_minutes.corrections(there.reference)
    newest = _newest_decisions(work, [item.case for item in taken])
    said = remarks_minuted(remarks_seen(work, context, there, [item.case for item in taken]))
    minuted: list[MinutedItem] = []
    for number, item in enumerate(taken, start=1):
        masker = masker_for(
            work=work, involvements=work.cases.together(item.case), reader=context.acting.user
        )
        decision = _decision(work, context, item, decided.get(item.number, ()), masker)
        times = shown.get(item.number)
        decided_since = there.started_at if decision else None  # decided without being on the screen
        minuted.append(
            MinutedItem(
                number=number,
                case=item.case,
                names=names.get(item.case),
                part=item.part,
                shown_from=times.first if times and whole else None,
                shown_to=times.last if times and whole else None,
                quorate=decision.quorum.is_quorate if decision and decision.quorum else None,
                deferral=masked_deferral(item.plan.deferral, masker, by=item.planned_by),
                guests=masker.masked_all(item.plan.guests, by=item.planned_by),
                decision=_minuted(decision) if decision else None,
                dissent=decision.dissent if decision else (),
                positions=_positions(decision, records, out[item.case]) if decision else (),
                victim_words=victim_words_seen(
                    words_of_item(work, item.case, there.reference),
                    context.acting,
                    context.agencies_known,
                    masker,
                ),
                actions=_actions(work, item, times.first if times else decided_since, masker),
                conflicts=_out_of(out[item.case], agencies),
                disclosures=_disclosures(work, context, there, item.case),
                remarks=said[item.case],
                corrections=tuple(
                    _masked_correction(each, masker) for each in corrections if each.case == item.case
                ),
            ).with_decisions(newest.get(item.case))
        )
    return minuted


def _decision(
    work: Work, context: Context, item: AgendaItem, recorded: Sequence[str], masker: Masker
) -> DecisionView | None:
    """Return the newest decision that was recorded in the item, as this person reads it."""
    if not recorded:
        return None
    case, acting = work.cases.get(item.case), context.acting
    answers = answers_seen(
        work,
        case,
        acting=acting,
        agencies=context.agencies_known,
        clock=context.clock,
        settings=context.settings,
    )
    stored = [each for each in work.decisions.of([item.case])[item.case] if each.reference == recorded[-1]]
    views = decision_views(
        stored,
        masker,
        answers,
        quorums=work.conference_attendance.quorums(recorded),
        entries=work.decisions.dissent_entries(recorded),
        is_member=is_member(acting, work.cases.people_on(item.case)),
    )
    return views[-1] if views else None


def _positions(
    decision: DecisionView, records: Sequence[AttendanceRecord], out: frozenset[str]
) -> tuple[AgencyPosition, ...]:
    """Return the positions with those of agencies in the room that the decision itself does not list."""
    stated = {each.agency for each in decision.positions}
    there = [
        record.agency
        for record in records
        if record.act is AttendanceAct.ARRIVED and not record.is_observer and record.user not in out
    ]
    silent = [agency for agency in dict.fromkeys(there) if agency is not None and agency not in stated]
    return (
        *decision.positions,
        *(AgencyPosition(agency=agency, position=Position.NOT_ASKED) for agency in silent),
    )


def _minuted(decision: DecisionView) -> MinutedDecision:
    return MinutedDecision(
        reference=decision.reference,
        version=decision.version,
        by=decision.by,
        on=decision.at.astimezone(LONDON).date(),
        provisional=decision.provisional,
        summary=decision.summary,
        judgements=decision.judgements,
        review_on=decision.review_on,
        low_despite_unknown=decision.low_despite_unknown,
        weighed=decision.weighed,
        confidence=decision.confidence,
        missing=decision.missing,
        alternatives=decision.alternatives,
        responses_missing={agency: state.value for agency, state in decision.not_seen.items()},
    )


def _actions(
    work: Work, item: AgendaItem, since: datetime | None, masker: Masker
) -> tuple[MinutedAction, ...]:
    """Return the actions of the newest plan, if it was written after the room began with the item."""
    plan = work.plans.of([item.case]).get(item.case)
    if plan is None or since is None or plan.at < since:
        return ()
    return tuple(
        MinutedAction(
            reference=action.reference,
            what=masker.masked(action.what, by=action.writer_of("what")),
            agency=action.agency,
            owner=masker.masked(action.owner, by=action.writer_of("owner")),
            due=action.due,
        )
        for action in plan.actions
    )


def _disclosures(work: Work, context: Context, there: Conference, case: str) -> tuple[MinutedDisclosure, ...]:
    """Return what agencies shared on the case while the conference sat, as this person's log has it."""
    if there.started_at is None:
        return ()
    remark = f"{PREFIXES['remark']}-"  # the item has the remark itself
    seen = (
        entry
        for entry in ledger_seen(work, context, case)
        if entry.act in _DISCLOSES and not any(item.key.startswith(remark) for item in entry.items)
    )
    return tuple(
        MinutedDisclosure(
            agency=entry.agency,
            act=entry.act,
            items=tuple(item.in_words for item in entry.items),
            whom=entry.whom,
        )
        for entry in sorted(seen, key=lambda entry: entry.at)
        if there.started_at <= entry.at and (there.closed_at is None or entry.at <= there.closed_at)
    )


def _masked_correction(correction: CorrectionView, masker: Masker) -> CorrectionView:
    texts = {
        "says": masker.masked(correction.says, by=correction.by),
        "why": masker.masked_or_none(correction.why, by=correction.answered_by),
    }
    return correction.model_copy(update=texts)


def _out_of(users: frozenset[str], agencies: Mapping[str, str | None]) -> tuple[OutOfItem, ...]:
    return tuple(OutOfItem(who=user, agency=agencies.get(user)) for user in sorted(users))


def _attended(stay: Stay) -> Attended:
    return Attended(
        who=stay.who,
        agency=stay.agency,
        is_observer=stay.is_observer,
        has_signed=stay.has_signed,
        arrived_at=stay.arrived_at,
        left_at=stay.left_at,
    )
