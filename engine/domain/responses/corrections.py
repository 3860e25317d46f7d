"""Requests to correct what an owner holds on a case, and the owner's answer. No storage."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from engine.domain.access.need_to_know import Why
from engine.domain.base import Code, Frozen, Instant

Item = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class ChangeAnswered(Frozen):
    """The owner's acceptance or refusal. ``version`` is the new one of its answer, if there is one."""

    is_accepted: bool
    why: Why
    version: int | None = None
    by: str
    at: Instant


class ChangeAsked(Frozen):
    """A request to the owner to correct one item: what is wrong, and what it should say."""

    reference: str
    involvement: str
    owner: Code
    item: Item
    what: Why
    by: str
    agency: str | None
    at: Instant
    answered: ChangeAnswered | None = None

    @property
    def stands(self) -> str:
        """The state in one sentence."""
        if self.answered is None:
            return "Waiting for its owner."
        version = f", version {self.answered.version}" if self.answered.version else ""
        return f"{'Accepted' if self.answered.is_accepted else 'Refused'}{version}: {self.answered.why}"
