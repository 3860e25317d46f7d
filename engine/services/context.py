"""The context of a use case: the record, the clock, the operator's settings, and who acts.

One that opens keys takes a VaultContext, one that asks agencies an AgencyContext: its type says what it can
reach.

Use cases name in their docstrings what they raise. Any of them may also raise a SetupError, such as
RecordError or ClockError, and ConflictError where another wrote the same row at the same moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Self

from engine.domain.system.submissions import NOTHING_SAID, Submission

if TYPE_CHECKING:
    from engine.access.digests import VaultKey
    from engine.access.sealing import VaultKeys
    from engine.clock import Clock
    from engine.domain.accounts.acting import Acting
    from engine.domain.agencies.directory import AgencyKnown
    from engine.domain.vault.marks import MarkOf
    from engine.hooks.registry import Agencies
    from engine.links.held_networks import HeldNetworks
    from engine.settings import Settings
    from engine.store.unit_of_work import UnitOfWork, Work


@dataclass(frozen=True)
class Context:
    """The record, the clock, the settings and the person or flow that acts."""

    uow: UnitOfWork
    clock: Clock
    settings: Settings
    acting: Acting
    describe_agencies: Callable[[], tuple[AgencyKnown, ...]]
    """Reads which agencies are installed, and which are suspended now; read once for each context."""
    held_networks: HeldNetworks
    """The networks of people's own that this process holds opened."""
    submission: Submission = field(default=NOTHING_SAID, kw_only=True)
    """Their statements about the act that they submit."""

    @cached_property
    def agencies_known(self) -> tuple[AgencyKnown, ...]:
        """The public facts of the installed agencies, by code."""
        return self.describe_agencies()

    def writing(
        self,
        what: str,
        *,
        at: datetime | None = None,
        steps_back: bool = False,
        once: Sequence[object] | None = None,
    ) -> AbstractContextManager[Work]:
        """Open a unit of work that changes something; ``what`` names the act in its audit entry.

        ``steps_back`` is for a part of long work: others who write go first. ``once`` is for an act that
        makes something new: all that was submitted, without times that the software gave. One that equals the
        person's own of a moment ago, or has its key, is refused.

        Raises
        ------
        RecordedBeforeError
            The act equals one that the person who acts recorded a moment ago, or has the same key.
        KeyInUseError
            Another act of the person who acts has the same key.
        """
        return self.uow.writing(
            acting=self.acting,
            what=what,
            at=at or self.clock.now(),
            steps_back=steps_back,
            submission=self.submission,
            once=once,
        )

    def reading(self, what: str, *, at: datetime | None = None) -> AbstractContextManager[Work]:
        """Open a unit of work that reads; what it read is delivered once its audit entry is committed."""
        return self.uow.reading(acting=self.acting, what=what, at=at or self.clock.now())

    def with_agencies(self, agencies: Iterable[AgencyKnown]) -> Self:
        """Return the same context with these agencies in place of the installed ones."""
        known = tuple(agencies)
        return replace(self, describe_agencies=lambda: known)

    def saying(self, said_of: Mapping[str, MarkOf]) -> Self:
        """Return the same context of a person who says whose these places and contacts are, and no others."""
        return replace(self, submission=replace(self.submission, said_of=dict(said_of)))


@dataclass(frozen=True)
class VaultContext(Context):
    """A context whose use case may seal protected details and search for them."""

    read_key: Callable[[], VaultKey]
    vault_keys: VaultKeys

    @property
    def key(self) -> VaultKey:
        """The key of the protected digests."""
        return self.read_key()


@dataclass(frozen=True)
class AgencyContext(VaultContext):
    """A context whose use case may ask agencies, and store what they answer."""

    load_agencies: Callable[[], Agencies]

    @property
    def agencies(self) -> Agencies:
        """The installed agencies, ready to be asked."""
        return self.load_agencies()
