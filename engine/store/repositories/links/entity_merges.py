"""Records that are of one person or one incident, by a person's judgement or by a number.

Each two are written, not a chain: to a viewer who may not see the middle one the others are still the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import combinations
from typing import cast

from sqlalchemy import BindParameter, ColumnElement, Delete, Select, bindparam, delete, or_, select
from sqlmodel import Session, col

from engine.domain.people.persons import ClaimedRole
from engine.domain.people.same_person import SameVerdict
from engine.links.record_kinds import node_of
from engine.store.repositories.bulk import insert_all
from engine.store.repositories.links.sources import CaseSource, CaseSources, everybodys
from engine.store.repositories.people.same_person import SamePersons
from engine.store.tables.cases.incidents import IncidentReportRow, IncidentRow
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.links.graph import LinkSameRow

_AT_ONCE = 400
_SAME = ("one_node", "other_node", "because", "case_id", "other_case_id")
_IN_ONE_CASE, _ONE_CRIME, _JUDGED = 1, 2, 3
"""The numbers in ``links/data/record.toml``."""
_MOST_OF_ONE_CRIME = 20


class EntityMerges:
    """Finds what is one, and writes it."""

    def __init__(self, session: Session, cases: CaseSources) -> None:
        self._session, self._cases = session, cases

    def write(self, cases: Sequence[CaseSource]) -> set[int]:
        """Write who is the same in these cases; return those of them where that changed."""
        numbers = {"cases": [case.number for case in cases]}
        before = {tuple(row) for row in self._session.connection().execute(_sameness_there(), numbers)}
        rows = self.of(cases)
        now = {tuple(cast("int", row[name]) for name in _SAME) for row in rows}
        if now == before:
            return set()
        self._session.connection().execute(_sameness_of(), numbers)
        insert_all(self._session, LinkSameRow, rows)
        return {case for pair in now ^ before for case in pair[-2:]}

    def of(self, cases: Sequence[CaseSource]) -> list[dict[str, object]]:
        """Return every two records, one of them of these cases."""
        return [*self._in_one_case(cases), *self._judged(cases), *self._one_crime(cases)]

    def _in_one_case(self, cases: Sequence[CaseSource]) -> list[dict[str, object]]:
        """Return the two parties of referrals that a person joined into one case are the same two people."""
        there = {case.number for case in cases}
        rows = self._session.connection().execute(_in_their_episodes(), {"cases": sorted(there)}).all()
        together: dict[int, list[int]] = {}
        for episode, number in rows:
            together.setdefault(int(episode), []).append(int(number or 0))
        joined = {number for group in together.values() if len(group) > 1 for number in group}
        if not joined:
            return []
        people = self._cases.people(sorted(joined))
        parties = {
            (case, person.role): person.number
            for case, those in people.items()
            for person in those
            if person.role != ClaimedRole.OTHER_AT_RISK.value
        }
        return [
            _same("person", parties[one, role], parties[other, role], one, other, _IN_ONE_CASE)
            for group in together.values()
            for one, other in combinations(group, 2)
            if there & {one, other}
            for role in (ClaimedRole.PERPETRATOR.value, ClaimedRole.VICTIM.value)
            if (one, role) in parties and (other, role) in parties
        ]

    def _judged(self, cases: Sequence[CaseSource]) -> list[dict[str, object]]:
        """Return those whom a current judgement says to be one person; nothing is joined further than that.

        A rule's judgement is left out where any party whom it joins was ever named as a victim.
        """
        words = SamePersons(self._session)
        parties = words.parties_on([case.reference for case in cases])
        decisions = [
            decision for decision in words.words_on(parties).values() if decision.verdict is SameVerdict.SAME
        ]
        by_rule = {
            each for decision in decisions if decision.by_rule for each in (decision.low, decision.high)
        }
        victims = words.ever_victims(words.joined_with(by_rule)) if by_rule else frozenset()
        not_by_rule = words.joined_with(victims) if victims else frozenset()
        decisions = [
            decision for decision in decisions if not (decision.by_rule and decision.low in not_by_rule)
        ]
        newest = words.newest_records(
            {each for decision in decisions for each in (decision.low, decision.high)}
        )
        rows: list[dict[str, object]] = []
        for decision in decisions:
            (one, case), (other, other_case) = newest[decision.low], newest[decision.high]
            rows.append(_same("person", one, other, case, other_case, _JUDGED))
        return rows

    def _one_crime(self, cases: Sequence[CaseSource]) -> list[dict[str, object]]:
        """Return the same incidents: those with the same crime reference, however it is written."""
        ours = {
            incident.number: (case.number, incident.crime_reference)
            for case in cases
            for incident in case.incidents
            if incident.crime_reference
        }
        if not ours:
            return []
        forms = {
            form for _, crime in ours.values() if crime for form in (crime, crime.upper(), crime.lower())
        }
        by_crime: dict[str, dict[int, int]] = {}
        listed = sorted(forms)
        open_to_all = sorted(everybodys(self._session))
        for start in range(0, len(listed), _AT_ONCE):
            some = {"crimes": listed[start : start + _AT_ONCE], "open_to_all": open_to_all}
            rows = self._session.connection().execute(_of_these_crimes(), some).all()
            for crime, incident, case in rows:
                by_crime.setdefault(str(crime).casefold(), {})[int(incident)] = int(case)
        pairs: dict[tuple[int, int], dict[str, object]] = {}
        for incident, (case, crime) in ours.items():
            others = sorted(by_crime.get(str(crime).casefold(), {}).items())
            for other, other_case in others[:_MOST_OF_ONE_CRIME]:
                if other != incident:
                    low, high = min(incident, other), max(incident, other)
                    of_low, of_high = (case, other_case) if incident == low else (other_case, case)
                    pairs[low, high] = _same("incident", low, high, of_low, of_high, _ONE_CRIME)
        return list(pairs.values())


@cache
def _in_their_episodes() -> Select[int, int | None]:
    """Build the statement once, as the other: building one takes several times as long as running it."""
    wanted = col(InvolvementRow.id).in_(bindparam("cases", expanding=True))
    return (
        select(col(InvolvementRow.episode_id), col(InvolvementRow.id))
        .where(col(InvolvementRow.episode_id).in_(select(col(InvolvementRow.episode_id)).where(wanted)))
        .order_by(col(InvolvementRow.id))
    )


@cache
def _of_these_crimes() -> Select[str | None, int, int]:
    number = col(IncidentReportRow.release_class_id)
    return (
        select(
            col(IncidentReportRow.crime_reference),
            col(IncidentReportRow.incident_id),
            col(IncidentRow.involvement_id),
        )
        .join(IncidentRow, col(IncidentRow.id) == col(IncidentReportRow.incident_id))
        .where(
            col(IncidentReportRow.crime_reference).in_(bindparam("crimes", expanding=True)),
            or_(number.is_(None), number.in_(bindparam("open_to_all", expanding=True))),
        )
    )


def _same(kind: str, one: int, other: int, case: int, other_case: int, because: int) -> dict[str, object]:
    return {
        "one_node": node_of(kind, one),
        "other_node": node_of(kind, other),
        "because": because,
        "case_id": case,
        "other_case_id": other_case,
    }


def _same_in_cases() -> ColumnElement[bool]:
    cases: BindParameter[int] = bindparam("cases", expanding=True)
    return or_(col(LinkSameRow.case_id).in_(cases), col(LinkSameRow.other_case_id).in_(cases))


@cache
def _sameness_there() -> Select[*tuple[int, ...]]:
    return select(*(col(getattr(LinkSameRow, name)) for name in _SAME)).where(_same_in_cases())


@cache
def _sameness_of() -> Delete:
    return delete(LinkSameRow).where(_same_in_cases())
