"""Lines about a recorded danger that an agency released: screen the case again, as urgent or not and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from engine.clock import Clock
from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.alarm_questions import end_of_day
from engine.domain.cases.due import Waits, of_role
from engine.domain.cases.lifecycle import MAY_BE_SCREENED, State, TriageOutcome
from engine.domain.cases.worklists import LongLines, WorkItem
from engine.domain.responses.answers import Finding
from engine.domain.sharing import WHOLE_ANSWER, AudienceKind, StoredRule
from engine.instruments.formal import formal_version, proposes_urgent
from engine.services.due.kinds import DueGiven, DueKind
from engine.services.due.lines import due_lines
from engine.store.unit_of_work import Work

_STATES = MAY_BE_SCREENED - {State.NOT_SCREENED}
"""States that a screening may still make urgent. Later the panel has it before it."""


class _Danger(NamedTuple):
    """The values in an agency's newest release that propose "urgent", and since when they are released."""

    values: frozenset[str]
    since: datetime


def recorded_danger(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each agency that released a recorded danger after the newest screening of a case.

    A case that is urgent already waits for nothing, and each screening afterwards is the answer, with its
    reason. What a rule narrows makes no row: its reader sees it on the case, where the rule is applied.
    """
    released = work.answers.formal_released(given.added.with_any("request", cases))
    if not released:
        return
    states = given.states(work, list(released))
    rules = work.sharing.rules(list(released))
    restricted = work.need_to_know.restricted_among(released)
    for case, by_agency in released.items():
        if states[case][0] not in _STATES:
            continue
        newest = work.screenings.of(case)[-1]
        for agency, versions in by_agency.items():
            danger = _danger(versions, rules[case].get(agency, {}))
            if danger is None or newest.at > danger.since or newest.screening.outcome is TriageOutcome.URGENT:
                continue
            for role in (Role.COORDINATOR, Role.CHAIR) if case in restricted else (Role.COORDINATOR,):
                yield Waits(
                    case=case,
                    about=agency,
                    whom=of_role(role),
                    since=danger.since,
                    due=end_of_day(danger.since),
                )


def _danger(
    versions: Sequence[tuple[datetime, Sequence[Finding]]], rules: Mapping[str, StoredRule]
) -> _Danger | None:
    """Return the dangers of the newest release, since the release that had all of them; None without any."""
    found: _Danger | None = None
    for at, findings in versions:
        values = frozenset(
            f"{each.formal.kind.value} {each.formal.value}"
            for each in findings
            if each.formal is not None
            and proposes_urgent(each.formal)
            and not _is_narrowed(rules, WHOLE_ANSWER, each.key)
        )
        is_new = found is None or not values <= found.values
        found = None if not values else _Danger(values, at if is_new else found.since if found else at)
    return found


def _is_narrowed(rules: Mapping[str, StoredRule], *items: str) -> bool:
    there = [rules[item].release_class for item in items if item in rules]
    return any(each.audience is not AudienceKind.PANEL or each.until is not None for each in there)


def danger_lines(work: Work, acting: Acting, clock: Clock, agencies: Sequence[AgencyKnown]) -> LongLines:
    """Return the cases that are to be screened again for what an agency released."""
    names = {agency.code: agency.name for agency in agencies}

    def write(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        for each in rows:
            name = names.get(each.about, each.about)
            yield WorkItem(
                reference=each.case,
                what="Screen it again: urgent, or not and why",
                why=f"{name} released a recorded danger. It is on top of the case.",
                due_at=each.due,
                since=each.since,
                is_overdue=each.due is not None and each.due < clock.now(),
                is_alarm=False,
                kind=RECORDED_DANGER.name,
            )

    return due_lines(RECORDED_DANGER, work, acting, clock, write=write)


RECORDED_DANGER = DueKind(
    "recorded danger",
    reads=frozenset({"answer", "request", "item_rule", "involvement", "screening", "restriction", "episode"}),
    of=recorded_danger,
    given=lambda _: formal_version(),
    with_episodes=True,
)
