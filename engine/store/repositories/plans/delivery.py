"""A plan from its stored versions: the newest, and the part that is in delivery. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from engine.domain.plans.actions import DepartureReason
from engine.domain.plans.approval import Approval, Voice
from engine.domain.plans.versions import StoredPlan
from engine.store.repositories.plans.action_rows import ActionVersion, action_of, in_newest_plan, in_plan
from engine.store.tables.plans import PlanApprovalRow, PlanRow


class PlanVersion(NamedTuple):
    """One version of a plan, without its texts."""

    version: int
    asks_approval: bool | None
    action_refs: list[str]


class PlanHead(NamedTuple):
    """The newest version of a plan, and the one that is in delivery, with their actions."""

    newest: PlanVersion
    in_delivery: PlanVersion | None

    def live_content(self, versions: Sequence[ActionVersion]) -> ActionVersion | None:
        """Return what agencies deliver of an action; None where it is not in delivery.

        It is the content of the approved version, and of a newer one that makes it an urgent safety action.
        """
        action, newest = versions[0].ref, in_newest_plan(versions)
        is_newest = self.in_delivery is not None and self.in_delivery.version == self.newest.version
        if action in self.newest.action_refs and (is_newest or newest.is_urgent):
            return newest
        if self.in_delivery is None or is_newest or action not in self.in_delivery.action_refs:
            return None
        return in_plan(versions, self.in_delivery.version)


def head_of(versions: Sequence[PlanVersion], approved: int | None) -> PlanHead:
    """Return the head of a plan; before plans were approved, saving a version was enough."""
    if approved is None:
        older = [each.version for each in versions if each.asks_approval is None]
        approved = older[-1] if older else None
    in_delivery = next((each for each in versions if each.version == approved), None)
    return PlanHead(newest=versions[-1], in_delivery=in_delivery)


def plan_of(
    rows: Sequence[PlanRow],
    approvals: Sequence[PlanApprovalRow],
    actions: Mapping[str, Sequence[ActionVersion]],
) -> StoredPlan:
    """Return a plan from its versions, oldest first, with its approvals and each action's versions."""
    newest = rows[-1]
    approval = approvals[-1] if approvals else None
    head = head_of(
        [PlanVersion(row.version, row.asks_approval, row.action_refs) for row in rows],
        approval.plan_version if approval else None,
    )
    in_delivery = head.in_delivery.version if head.in_delivery else None
    of_newest = {ref: action_of(actions[ref], in_newest_plan(actions[ref])) for ref in newest.action_refs}
    approved_refs = head.in_delivery.action_refs if head.in_delivery else []
    live = (
        tuple(of_newest.values())
        if in_delivery == newest.version
        else tuple(
            action_of(actions[ref], content)
            for ref in dict.fromkeys([*approved_refs, *newest.action_refs])
            if (content := head.live_content(actions[ref])) is not None
        )
    )
    return StoredPlan(
        reference=newest.ref,
        version=newest.version,
        reason=newest.reason,
        departs_from_wishes=newest.departs_from_wishes,
        departure_by=_departure_by(rows),
        departure_reason=DepartureReason(newest.departure_reason) if newest.departure_reason else None,
        asks_approval=newest.asks_approval is True,
        actions=tuple(of_newest.values()),
        live=live,
        in_delivery=in_delivery,
        approval=_approval(approval) if approval is not None else None,
        approved=frozenset(approved_refs),
        left_out_in=_left_out_in(rows),
        approved_before=_approved_before(rows, approvals),
        by=newest.by,
        at=newest.at,
    )


def _left_out_in(rows: Sequence[PlanRow]) -> int:
    """Return the newest version without an action that the version before it had; 0 for none."""
    return max(
        (
            after.version
            for before, after in pairwise(rows)
            if not set(before.action_refs) <= set(after.action_refs)
        ),
        default=0,
    )


def _departure_by(rows: Sequence[PlanRow]) -> str | None:
    """Return who wrote how the newest version departs from the wishes: who gave the text that stayed."""
    writer = None
    for row in reversed(rows):
        if row.departs_from_wishes is None or row.departs_from_wishes != rows[-1].departs_from_wishes:
            break
        writer = row.by
    return writer


def _approval(row: PlanApprovalRow) -> Approval:
    voice = (
        Voice(agency=row.voice_agency, version=row.voice_version)
        if row.voice_agency is not None and row.voice_version is not None
        else None
    )
    accepted = tuple(row.accepted.items())
    return Approval(version=row.plan_version, accepted=accepted, voice=voice, by=row.by, at=row.at)


def _approved_before(rows: Sequence[PlanRow], approvals: Sequence[PlanApprovalRow]) -> int:
    newest = rows[-1].version
    earlier = [approval.plan_version for approval in approvals if approval.plan_version != newest]
    earlier += [row.version for row in rows[:-1] if row.asks_approval is None]
    return max(earlier, default=0)
