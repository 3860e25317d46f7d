"""Plans that wait for an approval: kinds of rows, for chair, coordinators and who speaks for the victim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.domain.accounts.acting import Role
from engine.domain.cases.due import Waits, of_agency, of_role
from engine.domain.cases.lifecycle import MOVES, Act
from engine.domain.plans.approval import FOR_THE_ADVOCATE, StoredNeed, Voice
from engine.domain.plans.versions import PlanState, StoredPlan
from engine.services.due.kinds import DueGiven, DueKind
from engine.services.plans.views import needed_for, needs_missing
from engine.store.unit_of_work import Work

_MAY_BE_APPROVED = frozenset(origin for origin, act in MOVES if act is Act.APPROVE_PLAN)
_PLANS = frozenset({"move", "plan", "plan_approval", "plan_need", "action", "action_version"})
_VOICES = _PLANS | {"request", "answer", "answer_confirmed"}


class _Waiting(NamedTuple):
    """A plan that waits, and what was recorded of its needs."""

    case: str
    plan: StoredPlan
    needs: Sequence[StoredNeed]

    def waits(self, whom: str) -> Waits:
        return Waits(
            case=self.case,
            about=self.plan.reference,
            whom=whom,
            since=self.plan.at,
            version=str(self.plan.version),
        )


def to_approve(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each plan that waits, for the chair."""
    for each in _waiting(work, cases, given):
        yield each.waits(of_role(Role.CHAIR))


def to_complete(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each plan that lacks what no response can give, for coordinators."""
    for each, voices in _with_voices(work, cases, given):
        if all(needed_for(each.plan, each.needs, voice) for voice in voices):
            yield each.waits(of_role(Role.COORDINATOR))


def voice_to_record(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each plan that lacks what only who speaks for the victim records, for them."""
    for each, voices in _with_voices(work, cases, given):
        if all(_lacks_voice(each, voice) for voice in voices):
            yield from map(each.waits, _speaking(given))


def to_work_out(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each plan that lacks something only for those who do not see what the advocate released."""
    for each, voices in _with_voices(work, cases, given):
        if len({bool(needed_for(each.plan, each.needs, voice)) for voice in voices}) > 1:
            yield each.waits(of_role(Role.COORDINATOR))
        if len({_lacks_voice(each, voice) for voice in voices}) > 1:
            yield from map(each.waits, _speaking(given))


def _waiting(work: Work, cases: Sequence[str], given: DueGiven) -> list[_Waiting]:
    states = given.states(work, cases)
    asking = [case for case, (state, _) in states.items() if state in _MAY_BE_APPROVED]
    plans = {
        case: plan
        for case, plan in work.plans.of(asking).items()
        if plan.state(states[case][0]) is PlanState.WAITING
    }
    needs = work.plan_approvals.needs_of(list(plans)) if plans else {}
    return [_Waiting(case, plan, needs[case]) for case, plan in plans.items()]


def _with_voices(
    work: Work, cases: Sequence[str], given: DueGiven
) -> Iterator[tuple[_Waiting, Sequence[Voice | None]]]:
    """Yield them with what different viewers may see of the voice: a response, or none."""
    waiting = _waiting(work, cases, given)
    speaking = [agency.code for agency in given.agencies if agency.speaks_for_victim] if waiting else []
    heard = {code: work.answers.returns([each.case for each in waiting], agency=code) for code in speaking}
    for each in waiting:
        released = [code for code in speaking if any(r.released() for r in heard[code][each.case])]
        yield each, (None, *(Voice(agency=code, version=1) for code in released))


def _lacks_voice(waiting: _Waiting, voice: Voice | None) -> bool:
    return any(need in FOR_THE_ADVOCATE for need in needs_missing(waiting.plan, waiting.needs, voice))


def _speaking(given: DueGiven) -> list[str]:
    """Return the codes of those who have what the victim's advocate is to record."""
    return sorted(of_agency(agency.code) for agency in given.agencies if agency.speaks_for_victim)


APPROVE = DueKind("approve plan", reads=_PLANS, of=to_approve)
COMPLETE = DueKind("complete plan", reads=_VOICES, of=to_complete, given=_speaking)
RECORD_VOICE = DueKind("record voice", reads=_VOICES, of=voice_to_record, given=_speaking)
OF_VIEWER = DueKind("plan to work out", reads=_VOICES, of=to_work_out, given=_speaking)
