"""Marks on findings of the record: useful or not, by a reason of a closed list.

A mark is on a pattern and its subject, so it stays when the finding grows. For a viewer who may not see the
finding it does not exist. It shows whether a pattern helps the work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.access.policy import May, require
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.links.marks import FindingMarks, MarkReason, PatternMarks
from engine.links.patterns.finding import Finding, PatternKey, pattern_named
from engine.links.patterns.mark_reasons import known_reason, mark_reasons
from engine.links.patterns.scan import PATTERNS
from engine.links.patterns.subjects import found_about, subject_of, subject_size
from engine.links.patterns.thresholds import thresholds_on
from engine.links.record_kinds import kind_of
from engine.links.viewer_register import ViewerRegister
from engine.services.context import Context
from engine.services.links.record import links_for
from engine.services.links.snapshots import LinkSnapshots
from engine.store.repositories.links.finding_marks import StoredMark
from engine.store.unit_of_work import Work


def reasons_offered() -> tuple[MarkReason, ...]:
    """Return the reasons for a mark, those of useful findings first."""
    return mark_reasons()


def mark_finding(
    context: Context,
    *,
    snapshots: LinkSnapshots,
    pattern: str,
    subject: Sequence[str],
    reason: str | None,
) -> MarkReason | None:
    """Mark a finding as useful or not, by a reason's code; None removes one's own mark.

    Each person has one mark on a finding. A later one replaces it, and the audit log has both.

    Raises
    ------
    InvalidInputError
        The pattern or the reason is not in its list.
    """
    require(May.EXPLORE_LINKS, context.acting)
    key, chosen = pattern_named(pattern), None if reason is None else known_reason(reason)
    if chosen is not None and chosen not in mark_reasons():
        raise InvalidInputError("reason", "this reason is no longer offered; choose another")
    with context.writing("mark a finding") as work:
        links, _ = links_for(work, context.acting, context.clock, snapshots)
        found = [number for each in subject if (number := links.find(each.strip().upper())) is not None]
        is_whole = len(found) == len(subject) == subject_size(key)
        findings = found_about(links, key, found, thresholds_on(context.clock.today())) if is_whole else ()
        if not findings:
            raise NotFoundError("finding", " ".join(subject)[:40])
        named: list[list[int | str]] = [
            [*links.members(number)] if kind_of(number) == "person" else [links.id_of(number)]
            for number in found
        ]
        work.links.marks.store(
            key.value, named, user=context.acting.user, reason=reason, at=context.clock.now()
        )
        people = {person for finding in findings for person in finding.persons}
        numbers = {*found, *(number for each in people if (number := links.find(each)) is not None)}
        work.touches(*{case for number in sorted(numbers) for case in links.cases_of(number)})
        work.notes(pattern=key.value, mark=reason or "removed")
    return chosen


def marks_among(
    work: Work, user: str, register: ViewerRegister, findings: Mapping[PatternKey, tuple[Finding, ...]]
) -> dict[PatternKey, PatternMarks]:
    """Return the marks on these findings of one viewer's; part of a larger use case."""
    stored = work.links.marks.of([key.value for key in findings])
    return {
        key: _of_pattern(
            key,
            [subject_of(key, finding, register.shape_of_id) for finding in those],
            [mark for mark in stored if mark.pattern == key.value],
            register,
            user,
        )
        for key, those in findings.items()
    }


def _of_pattern(
    key: PatternKey,
    subjects: Sequence[tuple[str, ...]],
    stored: Iterable[StoredMark],
    register: ViewerRegister,
    user: str,
) -> PatternMarks:
    newest: dict[tuple[int, ...], dict[str, MarkReason | None]] = {}
    for mark in stored:
        rows = _rows_of(key, mark, register)
        if rows is not None:
            of_each = newest.setdefault(rows, {})
            of_each[mark.user] = known_reason(mark.reason) if mark.reason else None
    marked: dict[tuple[str, ...], FindingMarks] = {}
    for subject in dict.fromkeys(subjects):
        numbers = [number for each in subject if (number := register.find(each)) is not None]
        of_each = newest.get(_in_order(key, numbers), {})
        others = tuple(each for name, each in sorted(of_each.items()) if each is not None and name != user)
        marks = FindingMarks(own=of_each.get(user), others=tuple(sorted(others, key=lambda each: each.code)))
        if marks.every:
            marked[subject] = marks
    verdicts = [{mark.useful for mark in marks.every} for marks in marked.values()]
    return PatternMarks(
        subjects=tuple(subjects),
        marked=marked,
        useful=verdicts.count({True}),
        not_useful=verdicts.count({False}),
        differ=verdicts.count({True, False}),
        not_marked=len(set(subjects)) - len(marked),
    )


def _rows_of(key: PatternKey, mark: StoredMark, register: ViewerRegister) -> tuple[int, ...] | None:
    """Return whom or what a mark is on, as this viewer knows them; None where the viewer does not."""
    rows = []
    for each in mark.subject:
        here = {
            register.row_at(item) if isinstance(item, int) else register.known_row(item) for item in each
        } - {None}
        if len(here) != 1:
            return None
        rows += [row for row in here if row is not None]
    return _in_order(key, rows) if rows else None


def _in_order(key: PatternKey, rows: Sequence[int]) -> tuple[int, ...]:
    """Return the subject in an order that is the same for every viewer."""
    return tuple(sorted(rows) if PATTERNS[key].about == ("two",) else rows)
