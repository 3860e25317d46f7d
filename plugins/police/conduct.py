"""Test of whether reports about one person are of conduct on two occasions or more.

Draws no conclusion in law.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.hooks.v1 import CaseAsked, Finding, IncidentKind, counted, listed, number, sentence
from engine.instruments.offences import offences_of
from plugins.police.records import IncidentRow
from plugins.police.reports import Reported, different_days, pointers_to, span_of

_TOLD_MOST = 5
# The examples of the Protection from Harassment Act 1997, section 2A(3), as that list has them.
_LISTED_ACTS = {
    IncidentKind.FOLLOWING: "following",
    IncidentKind.CONTACTING: "contacting",
    IncidentKind.PUBLISHING: "publishing",
    IncidentKind.MONITORING: "monitoring",
    IncidentKind.LOITERING: "loitering",
    IncidentKind.INTERFERING: "interfering with property",
    IncidentKind.WATCHING: "watching or spying",
}


def conduct_findings(case: CaseAsked, reported: Reported) -> Iterator[Finding]:
    """Yield one finding for each person towards whom conduct was on two different days at the least."""
    this_one = reported.of_this_case(case)
    courses = _courses(reported)
    ordered = sorted(courses, key=lambda victim: victim != this_one)
    for place, victim in enumerate(ordered[:_TOLD_MOST], start=1):
        rows = courses[victim]
        towards = "the person of this case" if victim == this_one else "one and the same other person"
        if this_one is None:
            towards = "one and the same person"
        acts = [term for kind, term in _LISTED_ACTS.items() if any(row.kind is kind for row in rows)]
        of = f", with acts of the kinds that section 2A names ({listed(acts)})" if acts else ""
        yield Finding(
            key=f"course-of-conduct-{place}",
            says=sentence(
                f"{counted(len(rows), 'report')} described conduct towards {towards} on at least "
                f"{number(different_days(rows))} different days{span_of(rows)}{of}; two or more occasions "
                "can be a course of conduct under the Protection from Harassment Act 1997, and whether "
                "these were one is for people to judge"
            ),
            records=pointers_to(rows),
        )


def conduct_gaps(reported: Reported) -> Iterator[str]:
    """Yield what prevents conduct from being seen as one, or from being recorded as such."""
    nobody = [row for row in reported.reports if not row.victim_id]
    if nobody and len(reported.reports) > 1:
        yield sentence(
            f"{counted(len(nobody), 'report does not say', 'reports do not say')} who was affected, and so "
            f"{'is' if len(nobody) == 1 else 'are'} in no course of conduct"
        )
    courses = _courses(reported)
    if len(courses) > _TOLD_MOST:
        more = number(len(courses) - _TOLD_MOST)
        yield sentence(f"conduct on several days towards {more} more people is not listed separately")
    one_day = [
        rows
        for victim, rows in reported.by_victim.items()
        if victim not in courses and len(rows) > 1 and any(row.happened for row in rows)
    ]
    if one_day:
        people = counted(len(one_day), "person", "people")
        yield sentence(
            f"{counted(sum(map(len, one_day)), 'report')} about {people} could all be of one day for each; "
            "it is not known if they were separate occasions"
        )
    bare = [rows for rows in courses.values() if not _has_course_offence(reported, rows)]
    if bare:
        people = counted(len(bare), "person", "people")
        yield sentence(
            f"conduct on several days towards {people} carries no stalking or harassment offence, though "
            "since April 2018 one is recorded beside any other offence; check if one is missing"
        )


def _courses(reported: Reported) -> dict[str, list[IncidentRow]]:
    return {victim: rows for victim, rows in reported.by_victim.items() if different_days(rows) >= 2}


def _has_course_offence(reported: Reported, rows: Sequence[IncidentRow]) -> bool:
    return any(
        offence.is_course_of_conduct
        for row in rows
        for recorded in reported.offences[row.incident_id]
        if recorded.code
        for offence in offences_of(recorded.code)
    )
