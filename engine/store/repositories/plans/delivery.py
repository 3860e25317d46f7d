"""The part of a plan that is in delivery, from its versions and the one that was approved last. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from engine.store.repositories.plans.action_rows import ActionVersion, in_newest_plan, in_plan


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
