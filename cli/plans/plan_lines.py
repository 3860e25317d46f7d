"""A plan on a terminal: its state, what is in delivery, what an approval needs. Draws a view."""

from __future__ import annotations

from collections.abc import Iterator

from engine.domain.plans.views import NeedStatus, NeedView, PlanView, safety_result_in_words


def plan_lines(plan: PlanView) -> Iterator[str]:
    """Yield what is said of the plan above its actions."""
    yield f"reason: {plan.reason}"
    if plan.departs_from_wishes:
        reason = f" ({plan.departure_reason.value})" if plan.departure_reason else ""
        yield f"departs from the victim's wishes{reason}: {plan.departs_from_wishes}"
    yield from _delivery_lines(plan)
    yield from (_need_line(need) for need in plan.gate)
    yield from (f"still needed before approval: {sentence}" for sentence in plan.still_needed)


def _delivery_lines(plan: PlanView) -> Iterator[str]:
    if plan.in_delivery_version is not None and plan.in_delivery_version != plan.version:
        yield (
            f"version {plan.in_delivery_version} is in delivery until version {plan.version} is approved: "
            + ", ".join(action.reference for action in plan.in_delivery)
        )
    elif plan.in_delivery_version is None:
        urgent = ", ".join(action.reference for action in plan.in_delivery)
        started = f" Urgent safety actions have started: {urgent}." if urgent else ""
        yield f"no version is approved yet.{started}"
    if plan.approval is not None:
        approval = plan.approval
        yield f"version {approval.version} was approved by {approval.by} on {approval.at:%-d %b %Y}"
        for accepted in plan.approval.accepted:
            yield f"  accepted conflict {accepted.conflict}: {accepted.because}"


def _need_line(need: NeedView) -> str:
    line = f"{need.need.value}: {need.status.value}"
    if (result := safety_result_in_words(need)) is not None:
        line += f", {result}"
    if need.not_safe_on is not None:
        line += f", the check before it found version {need.not_safe_on} not safe"
    if need.why_not is not None:
        line += f", {need.why_not.value}"
    if need.informs_agency is not None:
        line += f", {need.informs_person} of {need.informs_agency}"
    if need.by is not None and need.at is not None:
        line += f", by {need.by} on {need.at:%-d %b %Y}, on version {need.plan_version}"
    elif need.status is NeedStatus.RECORDED and need.agency is not None:
        line += f", in the response that {need.agency} released"
    if need.plan_departs is not None:
        line += ", the plan departs from them" if need.plan_departs else ", the plan follows them"
    if need.says is not None:
        return f"{line}: {need.says}"
    return f"{line}; ask {need.ask}" if need.ask else line
