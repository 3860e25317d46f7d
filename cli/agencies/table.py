"""Agencies' status, for a terminal. Gets views and draws them; computes nothing and leaves nothing out."""

from __future__ import annotations

from collections.abc import Sequence

from cli.output import say, when
from cli.tables import console, draw_table
from engine.domain.agencies.health import AgencyHealth, Enforced
from engine.domain.limits import LimitInForce


def draw_health(health: Sequence[AgencyHealth], here: Sequence[LimitInForce]) -> None:
    """Draw figures, then what is wrong in a sentence each, then the limits of each agency's process."""
    out = console()
    days = health[0].counted_over_days if health else 0
    draw_table(
        out,
        "Status",
        (
            "code",
            "level",
            "contract",
            "last success",
            f"median response time ({days} days)",
            "awaiting response",
            f"failures ({days} days)",
            "extract of",
        ),
        (
            (
                each.code,
                each.level,
                each.contract,
                when(each.figures.last_success_at) if each.figures.last_success_at else "never",
                hours_in_words(each.median_hours_to_release),
                f"{each.figures.waiting:,}, {each.figures.overdue:,} of them overdue",
                failures_in_words(each),
                each.extract,
            )
            for each in health
        ),
    )
    troubles = [problem for each in health for problem in each.troubles]
    for problem in troubles:
        say(f"{problem.agency} is {problem.trouble.value}: {problem.says}")
    for each in health:
        if each.suspension is not None:
            say(f"{each.code} was suspended: {each.suspension.why}")
    if not troubles:
        say("No agency is suspended, misconfigured, failing or silent.")
    draw_table(
        out,
        "Limits that each agency declares",
        ("code", "limit", "enforced on this machine"),
        ((each.code, limit.says, in_words(limit.enforced)) for each in health for limit in each.limits),
    )
    draw_table(
        out,
        "Limits on every agency's process",
        ("limit", "enforced on this machine", "how, or why not"),
        (
            (
                limit.name,
                "yes" if limit.enforced else "NO",
                (limit.how if limit.enforced else limit.why_not) or "not known",
            )
            for limit in here
        ),
    )


def hours_in_words(hours: float | None) -> str:
    """Return a time from asking to release; without one, none was released."""
    if hours is None:
        return "none released"
    return f"{hours:g} hours" if hours < 48 else f"{hours / 24:.1f} days"


def failures_in_words(health: AgencyHealth) -> str:
    """Return how often, by reason; a zero is reported as such."""
    if not health.failures_by_reason:
        return "none"
    return "; ".join(f"{count} × {reason.value}" for reason, count in health.failures_by_reason.items())


def in_words(enforced: Enforced) -> str:
    """Return whether a limit is enforced; a limit that is not shows in capitals."""
    return "NO" if enforced is Enforced.NO else enforced.value
