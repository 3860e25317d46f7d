"""Changes of the case on the screen for one person: of what they may know of it, and nothing else.

A screen asks each second, so this reads row numbers and no content but the victim's words, whose readers
are among them. What is hidden from a person changes nothing for them: a response that was not released or is
hidden, an incident of a class that they do not get, a remark that waits for its release, words of the victim
that they may not read, another involvement of the episode that is not open to them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from engine.access.policy import sees_levels
from engine.access.release import is_member, outcome_of, whole_outcome
from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.conference.agenda import AgendaItem
from engine.domain.conference.changes import ChangeKind
from engine.domain.conference.remarks import RemarkAct, StoredRemark
from engine.domain.conference.victim_words import may_read_words
from engine.domain.responses.answers import Nature
from engine.domain.sharing import Outcome
from engine.domain.system.audit import digest
from engine.services.access.checks import open_cases
from engine.services.access.restrictions import speaks_for_victim
from engine.store.unit_of_work import Work

_LENGTH = 12


def changes_seen(
    work: Work,
    acting: Acting,
    clock: Clock,
    *,
    agencies: Sequence[AgencyKnown],
    conference: str,
    items: Iterable[AgendaItem],
    on_screen: int | None,
) -> dict[ChangeKind, str]:
    """Return by kind a mark that is another when this person would read something else.

    ``items`` are those whose case is open to them. There is no mark of any other, whether it is on the screen
    or not; part of a larger use case.
    """
    there = {item.number: item for item in items}
    marks: dict[ChangeKind, list[str]] = defaultdict(list)
    for item in there.values():
        marks[ChangeKind.AGENDA].append(f"{item.number} {item.plan.guests} {item.plan.deferral}")
    if on_screen in there:
        case = there[on_screen].case
        lines = (*_of_case(work, acting, clock, conference, case), *_words(work, acting, agencies, case))
        for kind, line in lines:
            marks[kind].append(line)
    return {kind: digest("\n".join(sorted(lines)))[:_LENGTH] for kind, lines in marks.items()}


def _of_case(
    work: Work, acting: Acting, clock: Clock, conference: str, case: str
) -> Iterator[tuple[ChangeKind, str]]:
    together = open_cases(work, acting, work.cases.of_episode(work.cases.get(case).episode))
    works_it, on = is_member(acting, work.cases.people_on(case)), clock.today()
    classes, rules = work.sharing.classes(), work.sharing.rules([case])[case]
    for newest in work.case_changes.of(case, [each.reference for each in together]):
        outcome = Outcome.SHOW
        if newest.kind is ChangeKind.RESPONSE and not acting.speaks_for(newest.of):
            outcome = whole_outcome(rules.get(newest.of, {}), acting=acting, on=on, is_member=works_it)
        elif newest.kind is ChangeKind.INCIDENT and newest.of:
            outcome = outcome_of(acting, classes[int(newest.of)], on=on, is_member=works_it)
        if outcome is not Outcome.HIDE:
            yield newest.kind, f"{newest.of} {newest.number} {outcome.value}"
    for remark in work.remarks.of(conference, [case])[case]:
        outcome = remark_outcome(work, acting, clock, remark)
        if outcome is not Outcome.HIDE:
            step = remark.act.value if remark.act else ""
            yield ChangeKind.REMARK, f"{remark.reference} {step} {outcome.value}"


def _words(
    work: Work, acting: Acting, agencies: Sequence[AgencyKnown], case: str
) -> Iterator[tuple[ChangeKind, str]]:
    is_advocate = speaks_for_victim(acting, agencies)
    for words in work.conference_victim_words.of([case])[case]:
        if may_read_words(words, acting, is_advocate=is_advocate):
            yield ChangeKind.VICTIM_WORDS, f"{words.number} {words.is_agreed} {words.is_withdrawn}"


def remark_outcome(work: Work, acting: Acting, clock: Clock, stored: StoredRemark) -> Outcome:
    """Return what this person gets of a remark on a case that is open to them."""
    given = stored.given
    if given is None or acting.user == stored.by or acting.speaks_for(given.agency):
        return Outcome.SHOW
    if stored.act is not RemarkAct.RELEASED:
        return Outcome.HIDE
    is_opened = work.cases.conference_opened_at(stored.case) is not None
    if given.nature is Nature.OPINION and not sees_levels(acting, given.agency, conference_is_open=is_opened):
        return Outcome.HIDE
    works_it = is_member(acting, work.cases.people_on(stored.case))
    return outcome_of(acting, given.release_class, on=clock.today(), is_member=works_it)
