"""Amending a decision, and dissent that an agency enters or confirms itself. Nothing recorded is changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from engine.access.decision_texts import as_read, own_texts, with_originals
from engine.access.policy import WHO_MAY, May
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.base import Frozen
from engine.domain.cases.involvement import Involvement, StoredDecision
from engine.domain.cases.lifecycle import State
from engine.domain.cases.views import AgencyAnswerView
from engine.domain.conference.attendance import AttendanceAct, Quorum
from engine.domain.conference.dissent import may_dissent
from engine.domain.conference.risk import Decision, DissentEntry, Domain
from engine.domain.errors import ConflictError, InvalidInputError, NotPermittedError, Side
from engine.domain.vault.typed_texts import TypedWhere
from engine.services.access.checks import open_case
from engine.services.access.masking import masker_for
from engine.services.conference.decisions import require_review_day, versions_seen
from engine.services.conference.gaps import check_decision, gaps_on, missing_on
from engine.services.conference.quorum import item_in_session, note_quorum
from engine.services.context import Context
from engine.services.responses.views import answers_seen
from engine.services.vault.typed_texts import check_typed
from engine.store.unit_of_work import Work

_WHO_ATTENDED = "a person of your agency who attended the conference"
_MAY_BE_AMENDED = (State.DECIDED, State.IN_DELIVERY, State.IN_FOLLOW_UP)


class AmendmentShown(Frozen):
    """The changes of an amendment before it is recorded: nothing is written.

    ``informs`` are the people on the case, who are to be informed. ``rests`` are the actions of the plan that
    serve a domain whose level changes, and so rest on the earlier level; ``plan`` is its version.
    """

    reference: str
    amends: int
    changed: tuple[Domain, ...]
    informs: tuple[str, ...]
    plan: int | None
    rests: dict[Domain, tuple[str, ...]]

    @property
    def rests_in_words(self) -> tuple[str, ...]:
        """One sentence for each domain whose level changes."""
        return tuple(
            f"{_counted_actions(actions)} on the level of {domain.value}"
            f"{': ' + ', '.join(actions) if actions else ''}."
            for domain, actions in self.rests.items()
        )


class Amended(AmendmentShown):
    """A recorded amendment."""

    decision: str
    version: int
    quorum: Quorum | None


def show_amendment(context: Context, *, reference: str, decision: Decision) -> AmendmentShown:
    """Return what an amendment would change and who is to be informed, after the checks of recording it.

    Raises
    ------
    InvalidInputError
        As ``amend_decision`` does.
    """
    agencies = context.agencies_known
    with context.reading("show amendment") as work:
        return _checked(work, context, agencies, reference, decision).shown


def amend_decision(
    context: Context, *, reference: str, decision: Decision, base_version: int | None = None
) -> Amended:
    """Record a new version of a decision, with the reason. Earlier versions stay as they are.

    A changed level needs what a decision needs: a conference that has the case on its screen, its quorum, the
    texts that are owed, and each gap weighed before "low". A version with the same levels corrects a slip,
    and may be recorded at any time; it is as quorate as the version that it corrects, and what it leaves out
    of attendance, dissent, and what was weighed or missing, stays as it was.

    ``base_version`` is the version that the person changed; None is the newest.

    Raises
    ------
    InvalidInputError
        The reference is malformed, there is no reason or no decision, a level changed outside a conference,
        a text that is owed is missing, a text has a mask in it that the person did not read there, the review
        date is not a date to come, "low" is chosen over a gap without a reason, or a dissent would change
        that its agency entered or confirmed.
    ConflictError
        Another version was recorded after ``base_version``.
    """
    acting, clock, agencies = context.acting, context.clock, context.agencies_known
    with context.writing("amend decision") as work:
        prepared = _checked(work, context, agencies, reference, decision)
        case, before, shown = prepared.case, prepared.before, prepared.shown
        decision = prepared.decision
        if base_version is not None and base_version != before.version:
            raise ConflictError(
                "decision",
                before.reference,
                yours=Side(acting.user, clock.now(), base_version),
                theirs=Side(before.by, before.at, before.version),
            )
        saw, not_seen = versions_seen(prepared.answers)
        ref, version = work.decisions.add(
            case.reference,
            decision,
            saw=saw,
            not_seen=not_seen,
            by=acting.user,
            at=clock.now(),
            writers=prepared.writers,
        )
        if shown.changed:
            quorum = note_quorum(work, context, case.reference, ref, decision.attendance)
        else:
            quorum = _carry_over(work, before.reference, ref)
        texts = [*own_texts(decision, prepared.writers), decision.amended_because]
        check_typed(work, case, TypedWhere.DECISION, texts, acting=acting, clock=clock)
        work.notes(decision=ref, version=version, changed=len(shown.changed))
        return Amended(**dict(shown), decision=ref, version=version, quorum=quorum)


class _Prepared(NamedTuple):
    """An amendment that may be recorded."""

    case: Involvement
    before: StoredDecision
    decision: Decision
    writers: dict[str, str]
    answers: tuple[AgencyAnswerView, ...]
    shown: AmendmentShown


def _checked(
    work: Work, context: Context, agencies: Sequence[AgencyKnown], reference: str, decision: Decision
) -> _Prepared:
    """Return the amendment after every check that recording it makes."""
    if not decision.amended_because:
        raise InvalidInputError("amended_because", "give the reason for the amendment")
    acting, clock = context.acting, context.clock
    case = open_case(work, acting, reference, May.DECIDE)
    recorded = work.decisions.of([case.reference])[case.reference]
    if not recorded or case.state not in _MAY_BE_AMENDED:
        raise InvalidInputError(
            f"referral {case.reference}", f"it is '{case.state.value}'; there is no decision to amend"
        )
    answers = answers_seen(
        work, case, acting=acting, agencies=agencies, clock=clock, settings=context.settings
    )
    masker = masker_for(work=work, involvements=work.cases.together(case.reference), reader=acting.user)
    before, changed = recorded[-1], decision.levels_changed_from(recorded[-1].decision)
    if decision.review_on != before.decision.review_on:
        require_review_day(decision, clock)
    if changed:
        if item_in_session(work, case.reference) is None:
            raise InvalidInputError(
                "judgements", "a changed level needs a conference in session that has taken this case"
            )
        gaps = gaps_on(work, case, answers, acting=acting, agencies=agencies, clock=clock)
        missing = missing_on(work, acting, case.reference, answers, agencies=agencies, clock=clock)
        check_decision(decision, answers, gaps, may_be_missing=missing)
    else:
        decision = _as_it_was(work, before, as_read(before, masker), decision)
    amendment = with_originals(decision, before, masker, by=acting.user)
    plan = work.plans.of([case.reference]).get(case.reference)
    actions = (*plan.live, *plan.actions) if plan else ()
    shown = AmendmentShown(
        reference=case.reference,
        amends=before.version,
        changed=changed,
        informs=work.cases.people_on(case.reference),
        plan=plan.version if plan else None,
        rests={
            domain: tuple(dict.fromkeys(each.reference for each in actions if each.serves is domain))
            for domain in changed
            if plan is not None
        },
    )
    return _Prepared(case, before, amendment.decision, amendment.writers, answers, shown)


def _as_it_was(work: Work, before: StoredDecision, earlier: Decision, decision: Decision) -> Decision:
    """Return a correction of a slip, with what it leaves out as it was; ``earlier`` is it as it was read.

    A dissent is its agency's own from the moment that it confirms it: to change it is refused.
    """
    entries = work.decisions.dissent_entries([before.reference]).get(before.reference, ())
    confirmed = {entry.agency for entry in entries if entry.confirms}
    given = {each.agency for each in decision.dissent}
    for agency in sorted(confirmed & given):
        own = [each for each in earlier.dissent if each.agency == agency]
        if own != [each for each in decision.dissent if each.agency == agency]:
            raise InvalidInputError(
                "dissent", f"{agency} confirmed its dissent and changes it itself; leave it out here"
            )
    left_out = tuple(each for each in earlier.dissent if each.agency not in given)
    return decision.model_copy(
        update={
            "dissent": (*decision.dissent, *left_out),
            "attendance": decision.attendance or earlier.attendance,
            "weighed": decision.weighed or earlier.weighed,
            "missing": decision.missing or earlier.missing,
        }
    )


def _counted_actions(actions: Sequence[str]) -> str:
    if not actions:
        return "No action of the plan rests"
    return f"{len(actions)} actions rest" if len(actions) > 1 else "1 action rests"


def enter_dissent(context: Context, *, reference: str, reasons: str | None) -> DissentEntry:
    """Enter your agency's dissent from the newest decision, or, without reasons, confirm what was noted.

    Raises
    ------
    InvalidInputError
        The reference is malformed, there is no decision, or nothing was noted that could be confirmed.
    NotPermittedError
        The person who acts is not a practitioner who attended the conference of the decision.
    """
    with context.writing("enter dissent", once=(reference, reasons)) as work:
        newest, agency = _decision_to_answer(work, context, reference)
        if reasons is None and agency not in {each.agency for each in newest.decision.dissent}:
            raise InvalidInputError("dissent", "none was noted for your agency; give its reasons")
        entry = DissentEntry(agency=agency, reasons=reasons, by=context.acting.user, at=context.clock.now())
        work.decisions.enter_dissent(newest.reference, entry)
        return entry


def state_no_dissent(context: Context, *, reference: str) -> DissentEntry:
    """State that your agency has no dissent from the newest decision. Silence is not agreement.

    Raises
    ------
    InvalidInputError
        The reference is malformed, there is no decision, or your agency entered or confirmed a dissent.
    NotPermittedError
        The person who acts is not a practitioner who attended the conference of the decision.
    """
    with context.writing("state no dissent") as work:
        newest, agency = _decision_to_answer(work, context, reference)
        entered = work.decisions.dissent_entries([newest.reference]).get(newest.reference, ())
        if any(each.agency == agency for each in entered if not each.states_none):
            raise InvalidInputError(
                "dissent", "your agency recorded its dissent from this decision; it stays"
            )
        entry = DissentEntry(
            agency=agency, reasons=None, by=context.acting.user, at=context.clock.now(), states_none=True
        )
        work.decisions.enter_dissent(newest.reference, entry)
        return entry


def _decision_to_answer(work: Work, context: Context, reference: str) -> tuple[StoredDecision, str]:
    """Return the newest decision of a case and the agency of the person who answers it for their agency."""
    acting = context.acting
    case = open_case(work, acting, reference, May.ENTER_DISSENT)
    recorded = work.decisions.of([case.reference])[case.reference]
    if not recorded or acting.agency is None:
        raise InvalidInputError(f"referral {case.reference}", "there is no decision to dissent from")
    newest = recorded[-1]
    if not may_answer(work, acting, newest.reference):
        raise NotPermittedError(May.ENTER_DISSENT.value, who_may=_WHO_ATTENDED)
    work.notes(decision=newest.reference)
    return newest, acting.agency


def may_answer(work: Work, acting: Acting, decision: str) -> bool:
    """Return whether a person may answer for their agency whether it dissents; part of a larger use case."""
    if acting.role not in WHO_MAY[May.ENTER_DISSENT]:
        return False  # no attendance is read for them
    there = work.conference_attendance.conference_of(decision)
    return may_dissent(acting, work.conference_attendance.of(there) if there is not None else None)


def _carry_over(work: Work, before: str, after: str) -> Quorum | None:
    """Give the version that corrects a slip the quorum and the dissent of the one that it corrects."""
    work.conference_attendance.note_same(before, after)
    for entry in work.decisions.dissent_entries([before]).get(before, ()):
        work.decisions.enter_dissent(after, entry)
    return work.conference_attendance.quorums([after]).get(after)


def require_attended(work: Work, acting: Acting, conference: str, act: May) -> None:
    """Refuse a person who did not attend this conference; part of a larger use case.

    Raises
    ------
    NotPermittedError
        There is no record of their arrival.
    """
    arrived = {
        record.user
        for record in work.conference_attendance.of(conference)
        if record.act is AttendanceAct.ARRIVED
    }
    if acting.user not in arrived:
        raise NotPermittedError(act.value, who_may=_WHO_ATTENDED)
