"""A decision and the gaps before it, as lines of a case on the command line. Draws; asks nothing."""

from __future__ import annotations

from collections.abc import Iterator

from cli.output import when
from engine.domain.cases.lifecycle import Act
from engine.domain.cases.views import CaseView, DecisionView

GAPS = "Weigh each of these with the panel before a domain is recorded as low"


def gap_lines(view: CaseView) -> Iterator[str]:
    """Yield each gap by the name that the decision's file gives it, while the panel decides."""
    if Act.DECIDE.value in view.allowed_acts:
        yield from (f"{gap.name}. {gap.says}" for gap in view.gaps)


def victim_words_lines(view: CaseView) -> Iterator[str]:
    """Yield what the victim said for conferences on the case, with its source."""
    for each in view.victim_words:
        yield f"{each.number}. {each.text}"
        yield f"{each.origin}{'' if each.is_agreed else ' Not confirmed by the advocate.'}"
    for withdrawn in view.victim_words_withdrawn:
        yield f"{withdrawn.in_words}."


def decision_lines(decision: DecisionView) -> Iterator[str]:
    """Yield what was decided, with what was seen, not seen and weighed."""
    yield f"version {decision.version}, {when(decision.at)}, by {decision.by}: {decision.summary}"
    if decision.amended_because:
        yield f"amends the version before it: {decision.amended_because}"
    if decision.provisional:
        yield decision.provisional
    for judgement in decision.judgements:
        soon = f", {judgement.how_soon.value}" if judgement.how_soon else ""
        yield f"{judgement.domain.value}: {judgement.level.value}{soon}; {judgement.why}"
    for dissent in decision.dissent:
        yield f"DISSENT of {dissent.agency} ({dissent.who}, {dissent.source}): {dissent.reasons}"
    for each in decision.positions:
        yield f"{each.agency}: {each.in_words}"
    if decision.confidence:
        yield f"confidence of the panel: {decision.confidence.value}"
    for gap in decision.missing:
        yield f"missing and matters: {gap.agency}: {gap.says}"
    if decision.alternatives:
        yield f"also considered: {decision.alternatives}"
    if decision.low_despite_unknown:
        yield f"low despite what is missing: {decision.low_despite_unknown}"
    if decision.weighed:
        yield f"weighed before low was recorded: {'; '.join(decision.weighed)}"
    yield "the panel saw: " + (
        ", ".join(f"{agency} version {version}" for agency, version in decision.saw.items()) or "no answer"
    )
    if decision.not_seen:
        yield "not seen: " + ", ".join(
            f"{agency} ({state.value})" for agency, state in decision.not_seen.items()
        )
    if decision.review_on:
        yield f"review on {decision.review_on:%-d %b %Y}"
