"""Why a pair is proposed: a sentence and a waterfall of match weights. Repeats no value of any person.

The words never claim more than evidence: two people can agree in everything that a file holds.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.domain.base import Frozen
from engine.identity.comparing import Compared
from engine.identity.fields import field_in_words
from engine.identity.weights import Evidence, FieldWeights, MatchWeights

_STRENGTHS = ((20.0, "very strong"), (10.0, "strong"), (4.0, "fair"), (0.0, "weak"))
_TELLING = 1.5
"""From so many bits above or below a field's usual weight a shared value is called rare or common."""
_SPEAKS = 0.05


class Bar(Frozen):
    """One bar of a waterfall."""

    name: str
    bits: float


class Explanation(Frozen):
    """One pair explained: the bars add up to the weight."""

    weight: float
    says: str
    waterfall: tuple[Bar, ...]

    @property
    def waterfall_in_words(self) -> str:
        """The waterfall on one line."""
        return "; ".join(f"{bar.name} {bar.bits:+.1f}" for bar in self.waterfall)


def explanations(
    weights: MatchWeights, compared: Compared, found: Evidence, threshold: float
) -> Iterator[Explanation]:
    """An explanation for each pair, in order."""
    for place in range(len(found.total)):
        steps = compared.steps[place].tolist()
        bits = found.fields[place].tolist()
        exchanged = bool(compared.exchanged[place])
        bars = [Bar(name="before anything was compared", bits=weights.start)]
        bars += [
            Bar(name=field_in_words(field.field), bits=each)
            for field, step, each in zip(weights.fields, steps, bits, strict=True)
            if step
        ]
        if exchanged:
            bars.append(Bar(name="names exchanged", bits=float(found.exchanged[place])))
        if found.household[place] < -_SPEAKS:
            bars.append(Bar(name="could be two people of one household", bits=float(found.household[place])))
        weight = float(found.total[place])
        # What was too small for a bar of its own still counts in the sum.
        bars.append(Bar(name="match weight", bits=weight))
        yield Explanation(
            weight=weight,
            says=_sentence(weights.fields, steps, bits, exchanged, weight, threshold),
            waterfall=tuple(bars),
        )


def _sentence(
    fields: tuple[FieldWeights, ...],
    steps: list[int],
    bits: list[float],
    exchanged: bool,
    weight: float,
    threshold: float,
) -> str:
    speaks_for: dict[str, list[str]] = {}
    against: dict[str, list[str]] = {}
    missing: list[str] = []
    for field, step, each in zip(fields, steps, bits, strict=True):
        name = field_in_words(field.field)
        if not step:
            missing.append(name)
            continue
        side = speaks_for if each > 0 else against
        side.setdefault(_says(field, step, each, exchanged), []).append(name)
    parts = [_clauses(speaks_for) or "nothing speaks for one person"]
    if exchanged:
        parts[0] = f"forename and surname stand in each other's place, so read: {parts[0]}"
    if against:
        parts.append(f"against it, {_clauses(against)}")
    if missing:
        parts.append(f"not recorded on one side: {_listed(missing)}")
    return f"{_opening(weight, threshold)}: {'; '.join(parts)}."


def _opening(weight: float, threshold: float) -> str:
    if weight < threshold:
        return f"Proposed through others of its group, with a weight of its own of only {weight:.1f}"
    strength = next((word for least, word in _STRENGTHS if weight >= least), "weak")
    return f"Proposed on {strength} evidence, weight {weight:.1f}"


def _says(field: FieldWeights, step: int, bits: float, exchanged: bool) -> str:
    says = field.steps[step - 1].says
    if step == 1 and not exchanged:
        beyond = bits - field.steps[0].weight
        if beyond >= _TELLING:
            return f"{says} and rare"
        if beyond <= -_TELLING:
            return f"{says} but common"
    return says


def _clauses(fields_by_says: dict[str, list[str]]) -> str:
    return ", ".join(
        f"{_listed(names)} {_plural(says) if len(names) > 1 else says}"
        for says, names in fields_by_says.items()
    )


def _plural(says: str) -> str:
    verb, _, rest = says.partition(" ")
    return f"{ {'is': 'are', 'has': 'have', 'differs': 'differ'}[verb] } {rest}".strip()


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
