"""Reasons why a pair is proposed, in a file or in the register: a sentence and a waterfall of match weights.

Repeats no value of any person. The text never claims more than evidence: two people can agree in everything
that a file holds or that was recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.domain.people.same_person import Bar, MatchExplained
from engine.identity.comparing import Compared
from engine.identity.fields import field_in_words
from engine.identity.frozen import Scored, register_weights
from engine.identity.weights import Evidence, FieldWeights, MatchWeights

STRONG = 10.0
_STRENGTHS = ((20.0, "very strong"), (STRONG, "strong"), (4.0, "fair"))
_TELLING = 1.5
"""From so many bits above or below a field's usual weight a shared value is called rare or common."""
_SPEAKS = 0.05
_WORTH_SAYING = frozenset({"forename", "surname", "date of birth", "sex"})
"""Of these it is said that one side lacks them; that a person has no prison number says nothing."""
_VERBS = {"is": "are", "has": "have", "differs": "differ"}


class _Field(NamedTuple):
    """One field's evidence on a pair, and its weight; None where one side does not record it."""

    name: str
    says: str | None
    bits: float = 0.0


def explained(scored: Scored) -> MatchExplained:
    """Return the explanation of one pair of the register; its bars but the last add up to the last."""
    weights = register_weights()
    fields = [
        _Field(field.name, field.levels[level - 1].says, field.levels[level - 1].bits)
        if level
        else _Field(field.name, None)
        for field, level in zip(weights.fields, scored.levels, strict=True)
        if level or field.name in _WORTH_SAYING
    ]
    return _explained(
        fields,
        opening=f"{strength(scored.weight).capitalize()} evidence, weight {scored.weight:.1f}",
        start=weights.start_bits,
        exchanged=weights.exchanged_bits if scored.exchanged else None,
        weight=scored.weight,
        version=weights.version,
    )


def explanations(
    weights: MatchWeights, compared: Compared, found: Evidence, threshold: float
) -> Iterator[MatchExplained]:
    """Yield an explanation for each pair of a file, in order."""
    for place in range(len(found.total)):
        exchanged = bool(compared.exchanged[place])
        weight = float(found.total[place])
        steps, bits = compared.steps[place].tolist(), found.fields[place].tolist()
        fields = [
            _Field(
                field_in_words(field.field),
                _step_sentence(field, step, each, exchanged) if step else None,
                each,
            )
            for field, step, each in zip(weights.fields, steps, bits, strict=True)
        ]
        yield _explained(
            fields,
            opening=_opening(weight, threshold),
            start=weights.start,
            exchanged=float(found.exchanged[place]) if exchanged else None,
            household=float(found.household[place]),
            weight=weight,
            version=weights.version,
        )


def strength(weight: float) -> str:
    """Return a term for a weight."""
    return next((term for least, term in _STRENGTHS if weight >= least), "weak")


def _explained(
    fields: Sequence[_Field],
    *,
    opening: str,
    start: float,
    exchanged: float | None,
    household: float = 0.0,
    weight: float,
    version: str,
) -> MatchExplained:
    bars = [Bar(name="before anything was compared", bits=start)]
    bars += [Bar(name=field.name, bits=field.bits) for field in fields if field.says is not None]
    if exchanged is not None:
        bars.append(Bar(name="names exchanged", bits=exchanged))
    if household < -_SPEAKS:
        bars.append(Bar(name="could be two people of one household", bits=household))
    # What was too small for a bar of its own still counts in the sum.
    bars.append(Bar(name="match weight", bits=weight))
    return MatchExplained(
        weight=weight,
        says=f"{opening}: {_sentence(fields, is_exchanged=exchanged is not None)}.",
        waterfall=tuple(bars),
        version=version,
    )


def _sentence(fields: Sequence[_Field], *, is_exchanged: bool) -> str:
    speaks_for: dict[str, list[str]] = {}
    against: dict[str, list[str]] = {}
    for field in fields:
        if field.says is not None:
            side = speaks_for if field.bits > 0 else against
            side.setdefault(field.says, []).append(field.name)
    missing = [field.name for field in fields if field.says is None]
    parts = [_clauses(speaks_for) or "nothing speaks for one person"]
    if is_exchanged:
        parts[0] = f"forename and surname are exchanged, so read: {parts[0]}"
    if against:
        parts.append(f"against it, {_clauses(against)}")
    if missing:
        parts.append(f"not recorded on one side: {_listed(missing)}")
    return "; ".join(parts)


def _opening(weight: float, threshold: float) -> str:
    if weight < threshold:
        return f"Proposed through others of its group, with a weight of its own of only {weight:.1f}"
    return f"Proposed on {strength(weight)} evidence, weight {weight:.1f}"


def _step_sentence(field: FieldWeights, step: int, bits: float, exchanged: bool) -> str:
    sentence = field.steps[step - 1].says
    if step == 1 and not exchanged:
        beyond = bits - field.steps[0].weight
        if beyond >= _TELLING:
            return f"{sentence} and rare"
        if beyond <= -_TELLING:
            return f"{sentence} but common"
    return sentence


def _clauses(fields_by_says: dict[str, list[str]]) -> str:
    return ", ".join(
        f"{_listed(names)} {_plural(sentence) if len(names) > 1 else sentence}"
        for sentence, names in fields_by_says.items()
    )


def _plural(sentence: str) -> str:
    verb, _, rest = sentence.partition(" ")
    return f"{_VERBS[verb]} {rest}".strip()


def _listed(names: list[str]) -> str:
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last
