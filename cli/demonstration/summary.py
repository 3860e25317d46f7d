"""The table at the end of a demonstration. Draws what the record counted; counts nothing itself."""

from __future__ import annotations

from collections.abc import Iterator

from cli.tables import console, draw_table
from engine.services.outcomes.summary import Summary


def draw_summary(counted: Summary) -> None:
    """Draw referrals by triage outcome, answers by agency and state, and how many of the rest."""
    out = console()
    total = sum(counted.referrals.values())
    draw_table(
        out,
        f"{total:,} referrals by triage outcome",
        ("outcome", "referrals"),
        ((outcome, f"{number:,}") for outcome, number in counted.referrals.items()),
    )
    states = sorted({state for states in counted.answers.values() for state in states})
    draw_table(
        out,
        "answers by agency and state",
        ("agency", *states),
        (
            (agency, *(f"{of_agency.get(state, 0):,}" for state in states))
            for agency, of_agency in counted.answers.items()
        ),
    )
    draw_table(out, "and", ("what", "how many"), _the_rest(counted))


def _the_rest(counted: Summary) -> Iterator[tuple[str, str]]:
    yield "decisions", f"{counted.decisions:,}"
    yield "decisions with dissent", f"{counted.decisions_with_dissent:,}"
    yield "actions", f"{counted.actions:,}"
    yield "outcomes", f"{counted.outcomes:,}"
    yield "audit entries", f"{counted.audit_entries:,}"
