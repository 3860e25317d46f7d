"""Lines of a worklist about plans that are not approved: for the chair, coordinators and the advocate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.access.redaction import NOTHING_TO_MASK
from engine.access.release import is_member
from engine.clock import Clock
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.due import Waits
from engine.domain.cases.involvement import Involvement
from engine.domain.cases.worklists import LongLines, WorkItem
from engine.domain.plans.approval import FOR_THE_ADVOCATE, Voice
from engine.domain.plans.versions import PlanState, StoredPlan
from engine.services.access.checks import or_nowhere
from engine.services.access.restrictions import speaks_for_victim
from engine.services.due.lines import lines_with_those_of_viewer
from engine.services.plans.approval import voice_of
from engine.services.plans.approvals_waiting import APPROVE, COMPLETE, OF_VIEWER, RECORD_VOICE
from engine.services.plans.views import needed_for, needs_missing
from engine.services.responses.views import answer_views
from engine.store.unit_of_work import Work

_FOR_CHAIR = (APPROVE.name, "Approve the plan")
_FOR_COORDINATOR = (COMPLETE.name, "Complete what the approval of the plan needs")
_FOR_ADVOCATE = (RECORD_VOICE.name, "Record the victim's voice on the plan")
_CERTAIN = {Role.CHAIR: APPROVE, Role.COORDINATOR: COMPLETE, Role.PRACTITIONER: RECORD_VOICE}


def plan_lines(
    work: Work, acting: Acting, clock: Clock, agencies: Sequence[AgencyKnown]
) -> Iterator[LongLines]:
    """Yield a line for each plan that waits for this person: to approve, to sign for, or to speak on.

    A draft has no line: its authors are writing it. The chair gets each plan that waits, coordinators only
    one that still needs something, and the victim's advocate one that needs what they record.
    """
    if not (speaks_for_victim(acting, agencies) or acting.role in COORDINATOR_AND_CHAIR):
        return

    def write(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        cases = [each.case for each in rows]
        there = {item.reference: item for item in _items(work, acting, clock, agencies, cases)}
        yield from (there[case] for case in cases)

    def of_viewer(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        return _items(work, acting, clock, agencies, [each.case for each in rows])

    certain = _CERTAIN[acting.role]
    yield lines_with_those_of_viewer(
        (certain,), OF_VIEWER, work, acting, clock, write=write, items=of_viewer, named=certain.name
    )


def _items(
    work: Work, acting: Acting, clock: Clock, agencies: Sequence[AgencyKnown], references: Sequence[str]
) -> Iterator[WorkItem]:
    is_advocate, references = speaks_for_victim(acting, agencies), or_nowhere(references)
    cases = work.cases.all(references)
    plans = work.plans.of(references, always=True)
    needs = work.plan_approvals.needs_of(references)
    waiting = [case for case in cases if plans[case.reference].state(case.state) is PlanState.WAITING]
    voices = _voices_seen(work, [case.reference for case in waiting], acting, clock, agencies)
    for case in waiting:
        plan, recorded, voice = plans[case.reference], needs[case.reference], voices[case.reference]
        if is_advocate:
            missing = [need for need in needs_missing(plan, recorded, voice) if need in FOR_THE_ADVOCATE]
            if missing:
                named = ", ".join(need.value for need in missing)
                yield _line(
                    case, plan, RECORD_VOICE.name, "Record the victim's voice on the plan", f"{named}."
                )
            continue
        needed = needed_for(plan, recorded, voice)
        if not needed and acting.role is Role.CHAIR:
            ready = "Everything that an approval needs of the victim's voice is recorded or signed."
            yield _line(case, plan, *_FOR_CHAIR, ready)
        elif needed:
            kind, what = _FOR_CHAIR if acting.role is Role.CHAIR else _FOR_COORDINATOR
            yield _line(case, plan, kind, what, f"Still needed: {len(needed)}. {needed[0]}")


def _voices_seen(
    work: Work, references: Sequence[str], acting: Acting, clock: Clock, agencies: Sequence[AgencyKnown]
) -> dict[str, Voice | None]:
    """Return, for each case, the victim's voice as this person's page of it shows, read for all at once."""
    references = or_nowhere(references)
    speaking = [agency for agency in agencies if agency.speaks_for_victim]
    returns = [work.answers.returns(references, agency=agency.code) for agency in speaking]
    rules = work.sharing.rules(references)
    named = work.cases.open_to(acting.user, among=references)
    with_conference = work.cases.with_conference(references)
    return {
        reference: voice_of(
            answer_views(
                [each for of_agency in returns for each in of_agency[reference]],
                speaking,
                acting=acting,
                at=clock.now(),
                conference_is_open=reference in with_conference,
                masker=NOTHING_TO_MASK,  # a voice has an agency, a version and a time: no text leaves here
                rules=rules[reference],
                is_member=is_member(acting, (acting.user,) if reference in named else ()),
            ),
            speaking,
        )
        for reference in references
    }


def _line(case: Involvement, plan: StoredPlan, kind: str, what: str, why: str) -> WorkItem:
    return WorkItem(
        reference=case.reference,
        what=what,
        why=f"Version {plan.version}. {why[:1].upper()}{why[1:]}",
        due_at=None,
        since=plan.at,
        is_overdue=False,
        is_alarm=False,
        kind=kind,
    )
