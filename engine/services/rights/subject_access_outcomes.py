"""The part of outcomes in a subject access request: who gets what, and what is only counted.

Victims' accounts and descriptions belong to the advocate's agency: only that agency reviews them before the
officer does. Follow-ups on the alleged perpetrator are given where a court decided. What was reported or
recorded is counted, whatever was found: "none" would show that the victim has reported nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from engine.domain.agencies.people import SubjectAccessItem, SubjectAccessResult
from engine.domain.cases.views import OutcomeView
from engine.domain.outcomes.described import Characteristic, StoredDescription
from engine.domain.outcomes.follow_up import AgainstWhom, Measure, OutcomeFound
from engine.domain.outcomes.victims import Agreed, StoredVictimOutcome, Topic
from engine.domain.people.persons import ClaimedRole
from engine.domain.plans.actions import Side
from engine.domain.rights.subject_access import AccessRequest
from engine.hooks.wording import counted
from engine.store.unit_of_work import Work

_SIDE_OF = {
    ClaimedRole.PERPETRATOR: Side.INTERVENTION,
    ClaimedRole.VICTIM: Side.VICTIM_SAFETY,
    ClaimedRole.OTHER_AT_RISK: Side.OTHERS_AT_RISK,
}
_DECIDED_BY = (
    "the data protection officer decides whether they can be given, and each agency replies for its own"
)
_ACCOUNTS = "entries of the victim's outcomes and own description"


@dataclass
class Counts:
    """Numbers of what is stored on outcomes of a requester's cases and is not given as an item."""

    follow_ups: int = 0
    returns: int = 0
    acts_against_them: int = 0
    actions: int = 0

    def as_gaps(self) -> tuple[str, ...]:
        """Return one sentence for each that there is."""
        gaps = (
            (
                self.follow_ups,
                "outcome of a follow-up on what was reported or recorded, or from an agency's records",
                "outcomes of follow-ups on what was reported or recorded, or from agencies' records",
            ),
            (self.returns, "return of an agency on outcomes", "returns of agencies on outcomes"),
            (
                self.acts_against_them,
                "outcome of a follow-up on another person, with an act against the requester",
                "outcomes of follow-ups on another person, with an act against the requester",
            ),
            (
                self.actions,
                "action of a plan with sessions or minutes",
                "actions of a plan with sessions or minutes",
            ),
        )
        return tuple(f"{counted(count, one, many)}: {_DECIDED_BY}." for count, one, many in gaps if count)


def outcomes_of_requester(
    work: Work, *, case: str, role: ClaimedRole, counts: Counts
) -> Iterator[SubjectAccessItem]:
    """Yield the outcomes of one case that may be given to a person in this role; count the others."""
    outcomes = [each for each in work.outcomes.of([case])[case] if each.replaced_by is None]
    if role is ClaimedRole.PERPETRATOR:
        for each in outcomes:
            if each.measure is Measure.PROVEN and each.agency is None:
                yield _proven(case, each)
            else:
                counts.follow_ups += 1
        counts.returns += sum(each.has_answer for each in work.agency_outcomes.newest_of(case).values())
    elif role is ClaimedRole.VICTIM:
        counts.acts_against_them += sum(each.against is AgainstWhom.SAME_VICTIM for each in outcomes)
    plan = work.plans.of([case]).get(case)
    counts.actions += sum(
        action.side is _SIDE_OF[role]
        and any(each is not None for each in (action.sessions, action.sessions_offered, action.minutes))
        for action in (plan.live if plan else ())
    )


def accounts_of_requester(work: Work, request: AccessRequest, *, agency: str) -> SubjectAccessResult | None:
    """Return what the requester gave of themselves as a victim through this agency; None: it holds nothing.

    On a case with two victims the software does not know whose account it is: it is counted.
    """
    items: list[SubjectAccessItem] = []
    earlier, of_several = 0, 0
    for case in request.involvements:
        victims = [each for each in work.people.on_cases([case]) if each.role is ClaimedRole.VICTIM]
        if not any(each.reference in request.persons for each in victims):
            continue
        entries = [each for each in work.victims_outcomes.of(case) if each.agency == agency]
        own = work.victims_outcomes.description_of(case)
        own = own if own is not None and own.agency == agency else None
        if len(victims) > 1:
            of_several += len(entries) + (own is not None)
            continue
        items += [item for each in entries for item in _account(case, each)]
        items += [_description(case, own)] if own is not None else []
        earlier += sum(each.version - 1 for each in entries) + (own.version - 1 if own is not None else 0)
    gaps = [
        f"{counted(count, one, many)}."
        for count, one, many in (
            (
                earlier,
                "earlier entry that was corrected or withdrawn",
                "earlier entries that were corrected or withdrawn",
            ),
            (of_several, "entry on a case with several victims", "entries on a case with several victims"),
        )
        if count
    ]
    if not items and not gaps:
        return None
    return SubjectAccessResult(items=tuple(items), looked_in=(_ACCOUNTS,), gaps=tuple(gaps))


def joined(parts: Sequence[SubjectAccessResult]) -> SubjectAccessResult:
    """Return several results of one controller as one."""
    return SubjectAccessResult(
        items=tuple(item for part in parts for item in part.items),
        looked_in=tuple(place for part in parts for place in part.looked_in),
        gaps=tuple(gap for part in parts for gap in part.gaps),
    )


def _proven(case: str, outcome: OutcomeView) -> SubjectAccessItem:
    """Return a finding on convictions and cautions. The sentence that a person typed can name others."""
    until = f"up to {outcome.looked_until.in_words()}"
    match outcome.found:
        case OutcomeFound.FURTHER_STALKING:
            offence = f", offence {outcome.offence}" if outcome.offence else ""
            proved = f", conviction or caution {outcome.proved.in_words()}" if outcome.proved else ""
            sentence = f"A follow-up {until} recorded proven reoffending{offence}{proved}."
        case OutcomeFound.NONE_FOUND:
            sentence = f"A follow-up {until} recorded no proven reoffending."
        case OutcomeFound.NOT_KNOWN:
            sentence = (
                f"A follow-up {until} recorded that it is not known whether there was proven reoffending."
            )
        case _:
            assert_never(outcome.found)
    return SubjectAccessItem(
        kind="outcome of a follow-up", says=sentence, record=outcome.reference, dated=outcome.happened
    )


def _account(case: str, entry: StoredVictimOutcome) -> Iterator[SubjectAccessItem]:
    given = entry.given
    kind, moment = "victim's outcomes", given.moment.value
    if given.agreed is not Agreed.GIVEN:
        sentence = f"It was recorded at {moment}: {given.agreed.value}. No answer of yours is stored with it."
        yield SubjectAccessItem(kind=kind, says=sentence, record=case, dated=given.asked_on)
        return
    answers = "; ".join(f"{topic.question}: {given.answer(topic)}" for topic in Topic)
    yield SubjectAccessItem(
        kind=kind, says=f"Your answers at {moment}. {answers}.", record=case, dated=given.asked_on
    )
    if given.had_to_change is not None:
        changes = "; ".join(each.value for each in given.had_to_change) or "nothing"
        sentence = f"Changes that you had to make in your life, at {moment}: {changes}."
        yield SubjectAccessItem(kind=kind, says=sentence, record=case, dated=given.asked_on)


def _description(case: str, stored: StoredDescription) -> SubjectAccessItem:
    given = stored.given
    answers = "; ".join(f"{each.value}: {given.answer(each)}" for each in Characteristic)
    sentence = (
        f"Your own description. {answers}."
        if given.agreed is Agreed.GIVEN
        else (f"It was recorded on your own description: {given.agreed.value}. None is stored with it.")
    )
    return SubjectAccessItem(
        kind="victim's own description", says=sentence, record=case, dated=given.asked_on
    )
