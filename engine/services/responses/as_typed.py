"""A hand-typed answer as its writer typed it. Parts of use cases.

The stored answer has no protected value in it, so it would show its writer which of their guesses is one. For
the writer the answer is read from a sealed copy; everyone else reads what is stored.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.domain.accounts.acting import Acting
from engine.domain.cases.involvement import Returns, StoredAnswer
from engine.domain.responses.answers import Contribution, Failed, NilReturn, Refused
from engine.store.unit_of_work import Work


def as_typed(work: Work, reference: str, stored: StoredAnswer) -> Contribution | NilReturn | Refused | Failed:
    """Return an answer as it was typed, to be changed and stored again; a plugin's is unchanged."""
    if stored.typed_by is None or stored.answer.erased_by:
        return stored.answer
    there = work.typed_answers.of([reference], by=stored.typed_by)
    return there.get((reference, stored.agency, stored.version), stored.answer)


def with_own_as_typed(work: Work, acting: Acting, returns: Sequence[Returns]) -> tuple[Returns, ...]:
    """Return these answers, those that this person typed as they typed them."""
    own = {
        each.request.involvement
        for each in returns
        if any(answer.typed_by == acting.user for answer in each.answers)
    }
    if not own:
        return tuple(returns)
    typed = work.typed_answers.of(sorted(own), by=acting.user)

    def read(case: str, stored: StoredAnswer) -> StoredAnswer:
        if stored.answer.erased_by:
            return stored
        answer = typed.get((case, stored.agency, stored.version), stored.answer)
        return stored.model_copy(update={"answer": answer})

    return tuple(
        each.model_copy(
            update={"answers": tuple(read(each.request.involvement, answer) for answer in each.answers)}
        )
        for each in returns
    )
