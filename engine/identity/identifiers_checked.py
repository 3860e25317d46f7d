"""Result of checking one identifier. Knows no register's rule; repeats no value in a reason."""

from __future__ import annotations

from pydantic import model_validator

from engine.domain.base import Frozen


class IdentifierChecked(Frozen):
    """Validity of an identifier by its register's public rule, and its one canonical form.

    ``rule`` is the rule that was applied, in words. ``canonical`` is None and ``reason`` is given when the
    identifier is not valid: nothing is fixed, and a likelier value is never offered.
    """

    valid: bool
    canonical: str | None
    rule: str
    reason: str | None

    @model_validator(mode="after")
    def _holds_or_says_why_not(self) -> IdentifierChecked:
        if self.valid != (self.canonical is not None) or self.valid != (self.reason is None):
            raise ValueError("give a canonical form to a valid identifier, and a reason to one that is not")
        return self


def holds(canonical: str, rule: str) -> IdentifierChecked:
    """Return that the identifier is valid."""
    return IdentifierChecked(valid=True, canonical=canonical, rule=rule, reason=None)


def fails(rule: str, reason: str) -> IdentifierChecked:
    """Return that the identifier is not valid; the reason is one sentence."""
    return IdentifierChecked(valid=False, canonical=None, rule=rule, reason=reason)
