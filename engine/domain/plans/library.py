"""The library of actions: what a plan can be made of, as versioned data. Knows no case and reads no file."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from engine.domain.base import Code, Frozen, Sentence
from engine.domain.conference.risk import Domain
from engine.domain.dates import PartialDate
from engine.domain.errors import NotFoundError
from engine.domain.plans.actions import LibraryRef, Side
from engine.domain.plans.notices import resembles_notice


class LibraryAction(Frozen):
    """One item: a proposal in plain words. A plan adds its owner and its due date."""

    code: Code
    title: Annotated[str, StringConstraints(min_length=3, max_length=80)]
    side: Side
    seats: tuple[Code, ...] = Field(default=(), description="whose agencies usually do it; empty: anyone")
    serves: Domain | None = None
    need: Code | None = None
    done_when: Sentence
    source: Sentence
    dated: PartialDate
    caution: Sentence | None = Field(
        default=None, description="what to check first, above all law that does not apply yet"
    )


class ActionLibrary(Frozen):
    """One version of the library."""

    version: Annotated[int, Field(ge=1)]
    dated: date
    needs: dict[Code, str] = Field(description="the needs that an action can answer, in words")
    actions: Annotated[tuple[LibraryAction, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_whole(self) -> ActionLibrary:
        codes = [action.code for action in self.actions]
        if len(set(codes)) != len(codes):
            raise ValueError("each action needs a code of its own")
        for action in self.actions:
            if action.need is not None and action.need not in self.needs:
                raise ValueError(f"action '{action.code}' names a need that is not listed")
            if resembles_notice(action.title):
                raise ValueError(f"action '{action.code}' resembles a Police Information Notice")
        return self

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all items."""
        return frozenset(action.code for action in self.actions)

    def find(self, code: str) -> LibraryAction:
        """Return one item. Raises NotFoundError for a code that this version does not have."""
        for action in self.actions:
            if action.code == code:
                return action
        raise NotFoundError("library action", code, instead="'stac plan library' lists the codes")

    def reference(self, code: str) -> LibraryRef:
        """Return how a plan names an item of this version. Raises NotFoundError for an unknown code."""
        return LibraryRef(item=self.find(code).code, version=self.version)

    def on_side(self, side: Side) -> tuple[LibraryAction, ...]:
        """Return the items of one side, in the library's order."""
        return tuple(action for action in self.actions if action.side is side)

    def with_words(self, words: str) -> tuple[LibraryAction, ...]:
        """Return the items whose title has each of these words, in the library's order."""
        wanted = words.casefold().split()
        return tuple(
            action for action in self.actions if all(each in action.title.casefold() for each in wanted)
        )
