"""From the stored versions of one action to the action as it is: content, and the newest report. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol, TypeVar

from engine.domain.conference.risk import Domain
from engine.domain.plans.actions import TYPED, ActionContent, ActionStatus, LibraryRef, Side
from engine.domain.plans.versions import StoredAction
from engine.store.tables.plans import ActionVersionRow


class ActionVersion(NamedTuple):
    """One stored version of an action; the names are those of the table's columns."""

    ref: str
    involvement: str
    version: int
    plan_version: int | None
    what: str
    agency: str
    owner: str
    owner_user: str | None
    due: date
    serves: str | None
    side: str | None
    need: str | None
    evidence: str | None
    library_item: str | None
    library_version: int | None
    proposed_by: str | None
    proposal: str | None
    is_urgent: bool | None
    departs_from_wishes: bool | None
    differs_from_notice: str | None
    status: str
    status_note: str | None
    is_report: bool | None
    restores: int | None
    done_on: date | None
    sessions: int | None
    minutes: int | None
    sessions_offered: int | None
    by: str
    at: datetime


class InPlan(Protocol):
    """A stored version of an action, whatever of it was read."""

    @property
    def version(self) -> int: ...
    @property
    def plan_version(self) -> int | None: ...


class MayReport(Protocol):
    """A stored version of an action that may be a report, whatever of it was read."""

    @property
    def version(self) -> int: ...
    @property
    def is_report(self) -> bool | None: ...
    @property
    def restores(self) -> int | None: ...


V = TypeVar("V", bound=InPlan)
R = TypeVar("R", bound=MayReport)


def in_newest_plan(versions: Sequence[V]) -> V:
    """Return the version whose content the newest plan has; ``versions`` are of one action, oldest first."""
    return max(versions, key=lambda each: (each.plan_version or 0, each.version))


def in_plan(versions: Sequence[V], plan_version: int) -> V | None:
    """Return the version whose content this version of the plan has; None where it is newer than that."""
    there = [each for each in versions if (each.plan_version or 0) <= plan_version]
    return there[-1] if there else None


def report_on(versions: Sequence[R]) -> R | None:
    """Return the report that applies now: the newest, or the one before it where that was undone."""
    reports = [each for each in versions if each.is_report is not False]
    if not reports:
        return None
    newest = reports[-1]
    if newest.restores is None:
        return newest
    return next((each for each in reports if each.version == newest.restores), None)


def was_reported(report: MayReport) -> bool:
    """Return whether this is a person's report: the first version of before plans were approved is none."""
    return report.is_report is True or report.version > 1


def action_of(versions: Sequence[ActionVersion], content: ActionVersion) -> StoredAction:
    """Return an action with this content and what was last reported on it."""
    report, newest = report_on(versions), versions[-1]
    reported = report if report is not None and was_reported(report) else None
    return StoredAction(
        reference=content.ref,
        involvement=content.involvement,
        version=newest.version,
        plan_version=content.plan_version,
        what=content.what,
        agency=content.agency,
        owner=content.owner,
        owner_user=content.owner_user,
        due=content.due,
        serves=Domain(content.serves) if content.serves else None,
        side=Side(content.side) if content.side else None,
        need=content.need,
        evidence=content.evidence,
        library=(
            LibraryRef(item=content.library_item, version=content.library_version)
            if content.library_item is not None and content.library_version is not None
            else None
        ),
        proposed_by=content.proposed_by,
        proposal=content.proposal,
        is_urgent=content.is_urgent is True,
        departs_from_wishes=content.departs_from_wishes is True,
        differs_from_notice=content.differs_from_notice,
        status=ActionStatus(report.status) if report else ActionStatus.NOT_STARTED,
        status_note=report.status_note if report else None,
        done_on=report.done_on if report else None,
        sessions=report.sessions if report else None,
        minutes=report.minutes if report else None,
        sessions_offered=report.sessions_offered if report else None,
        by=newest.by,
        at=newest.at,
        reported_by=reported.by if reported else None,
        reported_at=reported.at if reported else None,
        written_by=_writers(versions, content),
    )


def _writers(versions: Sequence[ActionVersion], content: ActionVersion) -> tuple[tuple[str, str], ...]:
    """Return who wrote each typed text of this content: the person who gave it first, and it stayed since."""
    contents = [each for each in versions if each.is_report is not True and each.version <= content.version]
    found: dict[str, str] = {}
    for name in TYPED:
        for each in reversed(contents or [content]):
            if getattr(each, name) != getattr(content, name):
                break
            found[name] = each.by
    return tuple(found.items())


def row_of(content: ActionContent, status: ActionStatus, *, by: str, at: datetime) -> ActionVersionRow:
    """Return a row with this content; its repository places it in its action and plan."""
    library = content.library
    return ActionVersionRow(
        action_id=0,
        version=0,
        what=content.what,
        agency=content.agency,
        owner=content.owner,
        owner_user=content.owner_user,
        due=content.due,
        serves=content.serves.value if content.serves else None,
        side=content.side.value if content.side else None,
        need=content.need,
        evidence=content.evidence,
        library_item=library.item if library else None,
        library_version=library.version if library else None,
        proposed_by=content.proposed_by,
        proposal=content.proposal,
        is_urgent=content.is_urgent,
        departs_from_wishes=content.departs_from_wishes,
        differs_from_notice=content.differs_from_notice,
        status=status.value,
        is_report=False,
        by=by,
        at=at,
    )
