"""Why a pair of the register is proposed: a sentence and a waterfall. Repeats no value of any person.

The words never claim more than evidence: two people can agree in everything that was recorded.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.domain.identity import Bar, MatchExplained
from engine.identity.frozen import RegisterWeights, Scored, register_weights

STRONG = 10.0
STRENGTHS = ((20.0, "very strong"), (STRONG, "strong"), (4.0, "fair"))
WORTH_SAYING = frozenset({"forename", "surname", "date of birth", "sex"})
"""Of these it is said that one side lacks them; that somebody has no prison number says nothing."""
_VERBS = {"is": "are", "has": "have", "differs": "differ"}


def explained(scored: Scored, weights: RegisterWeights | None = None) -> MatchExplained:
    """The explanation of one pair; its bars but the last add up to the last."""
    weights = weights or register_weights()
    bars = [Bar(name="before anything was compared", bits=weights.start_bits)]
    speaks_for: dict[str, list[str]] = {}
    against: dict[str, list[str]] = {}
    missing: list[str] = []
    for field, level in zip(weights.fields, scored.levels, strict=True):
        if not level:
            missing += [field.name] if field.name in WORTH_SAYING else []
            continue
        bits = field.levels[level - 1].bits
        bars.append(Bar(name=field.name, bits=bits))
        side = speaks_for if bits > 0 else against
        side.setdefault(field.levels[level - 1].says, []).append(field.name)
    if scored.exchanged:
        bars.append(Bar(name="names exchanged", bits=weights.exchanged_bits))
    bars.append(Bar(name="match weight", bits=scored.weight))
    parts = [_clauses(speaks_for) or "nothing speaks for one person"]
    if scored.exchanged:
        parts[0] = f"forename and surname stand in each other's place, so read: {parts[0]}"
    if against:
        parts.append(f"against it, {_clauses(against)}")
    if missing:
        parts.append(f"not recorded on one side: {_listed(missing)}")
    return MatchExplained(
        weight=scored.weight,
        says=f"{strength(scored.weight)} evidence, weight {scored.weight:.1f}: {'; '.join(parts)}.",
        waterfall=tuple(bars),
        version=weights.version,
    )


def strength(weight: float) -> str:
    """A word for a weight."""
    return next((word for least, word in STRENGTHS if weight >= least), "weak").capitalize()


def _clauses(fields_by_says: dict[str, list[str]]) -> str:
    return ", ".join(
        f"{_listed(names)} {_plural(says) if len(names) > 1 else says}"
        for says, names in fields_by_says.items()
    )


def _plural(says: str) -> str:
    verb, _, rest = says.partition(" ")
    return f"{_VERBS[verb]} {rest}".strip()


def _listed(names: Iterable[str]) -> str:
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last
