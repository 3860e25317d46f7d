"""Places and ways to reach a person in an answer, before others read it. Parts of use cases."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pydantic import JsonValue

from engine.access.marks import marks_of, reachable_masked, without_marks
from engine.access.redact_protected import HeldValue, rewritten, taken_out, texts_of
from engine.domain.responses.answers import ANSWER, AnyAnswer, Contribution, Failed
from engine.domain.responses.reported import ReportedCondition
from engine.domain.vault.marks import Mark
from engine.hooks.registry import Manifest, must_be_released_by_hand

_SAID_BY_THEIR_FIELD = frozenset({"link_evidence", "own_row"})
"""Fields that are of the alleged perpetrator by what they are: an address there says whose it is."""


def texts_to_others(answer: AnyAnswer) -> Iterator[str]:
    """Yield the texts of an answer that others could read.

    What its author named as protected, and what says by its field whose it is, are left out; so is what is
    masked in the wording of a condition.
    """
    if isinstance(answer, Contribution):
        answer = with_conditions_masked(answer)
    document: JsonValue = answer.model_dump(mode="json")
    if isinstance(answer, Contribution) and answer.protected:
        named = [HeldValue(reference="", kind=each.kind.value, value=each.value) for each in answer.protected]
        document, _ = taken_out(document, named)
    yield from texts_of(document, but=_SAID_BY_THEIR_FIELD)


def marks_of_answer(answer: AnyAnswer) -> tuple[Mark, ...]:
    """Return each mark in those texts once."""
    return marks_of(texts_to_others(answer))


def with_marks_masked(answer: AnyAnswer, reads: Collection[str]) -> AnyAnswer:
    """Return the answer with these marks masked in every text of it."""
    if not reads:
        return answer
    document = rewritten(answer.model_dump(mode="json"), lambda text: without_marks(text, reads))
    return ANSWER.validate_python(document)


def waits_for_a_hand(manifest: Manifest, answer: AnyAnswer) -> bool:
    """Return whether a practitioner must release an answer, because of what it is or of a mark in a text."""
    if isinstance(answer, Failed):
        return False
    return must_be_released_by_hand(manifest, answer) or bool(marks_of_answer(answer))


def with_conditions_masked(answer: Contribution) -> Contribution:
    """Return the answer without what in the wording of a condition has the shape of a way to reach a person.

    It may be the alleged perpetrator's or an officer's, and is not made a protected value of the victim.
    """
    if answer.orders is None:
        return answer
    orders = tuple(
        order.model_copy(update={"conditions": tuple(map(_condition_masked, order.conditions))})
        if order.conditions
        else order
        for order in answer.orders
    )
    return answer.model_copy(update={"orders": orders})


def _condition_masked(condition: ReportedCondition) -> ReportedCondition:
    if condition.wording is None:
        return condition
    return condition.model_copy(update={"wording": reachable_masked(condition.wording)})
