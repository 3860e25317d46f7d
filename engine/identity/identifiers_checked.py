"""What checking one identifier came to. Knows no register's rule; repeats no value in a reason."""

from __future__ import annotations

from pydantic import model_validator

from engine.domain.base import Frozen


class IdentifierChecked(Frozen):
    """Whether an identifier holds by its register's public rule, and its one canonical form.

    ``rule`` is the rule that was applied, in words. ``canonical`` is None and ``reason`` is given when the
    identifier does not hold: nothing is mended, and no likelier value is ever offered.
    """

    valid: bool
    canonical: str | None
    rule: str
    reason: str | None

    @model_validator(mode="after")
    def _holds_or_says_why_not(self) -> IdentifierChecked:
        if self.valid != (self.canonical is not None) or self.valid != (self.reason is None):
            raise ValueError("give a canonical form to what holds, and a reason to what does not")
        return self


def holds(canonical: str, rule: str) -> IdentifierChecked:
    """The identifier holds."""
    return IdentifierChecked(valid=True, canonical=canonical, rule=rule, reason=None)


def fails(rule: str, reason: str) -> IdentifierChecked:
    """The identifier does not hold; the reason is one sentence."""
    return IdentifierChecked(valid=False, canonical=None, rule=rule, reason=reason)
