"""Rejected requests in the audit log: a name, an origin, a cookie, a link, a file, an act.

An entry has the kind, a keyed digest of where it came from, and whose it was where that is known; never what
was sent. A flood cannot fill the log: from one place one entry of a kind a minute, from all places so many;
what came beyond that is counted, and the count is an entry of its own when the minute is over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from enum import StrEnum
from threading import Lock

from engine.access.digests import VaultKey
from engine.clock import Clock
from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import NotFoundError, NotPermittedError, SignInError, StacError
from engine.store.unit_of_work import UnitOfWork

MOST_A_MINUTE = 30
"""So many refusals of a minute have entries of their own; the others are counted."""
_MOST_PLACES = 1_000
_DOOR = Acting(user="door", role=Role.SYSTEM, purpose="refusing")
_DIGITS = 16


class Refused(StrEnum):
    """The kind of a rejected request."""

    NAME = "another name than ours"
    ORIGIN = "the page of another site"
    PATH = "a path that leads to nothing"
    COOKIE = "a cookie that stands for no sign-in"
    FORM = "a form that is not of our page"
    LINK = "a link to a file"
    UPLOAD = "a file that was sent"
    DRAFT = "a draft that was sent"
    SIGN_IN = "a sign-in at the command"
    ACT = "an act of a person who may not"
    NOTHING_OPEN = "something that is not there or not open"


class Refusals:
    """The rejected requests of a process: written to the audit log, and counted in a flood."""

    def __init__(self, uow: UnitOfWork, clock: Clock, key: Callable[[], VaultKey]) -> None:
        self._uow, self._clock, self._key = uow, clock, key
        self._minute: datetime | None = None
        self._seen: Counter[tuple[Refused, str]] = Counter()
        self._written = self._beyond = 0
        self._lock = Lock()

    def note(
        self,
        what: Refused,
        *,
        place: str | None = None,
        acting: Acting | None = None,
        because: str | None = None,
        sign_in: int | None = None,
    ) -> None:
        """Note one rejected request; it is rejected even where the record cannot be written to.

        ``place`` is from where it came, and is not stored; ``because`` is one of our own texts, never theirs.
        """
        with suppress(StacError):
            digest = self._key().digest_of_name(f"refused\n{place or 'here'}")[:_DIGITS]
            ended, is_new = self._count(what, acting.user if acting else digest)
            if ended is not None:
                self._write_count(*ended)
            if is_new:
                self._write(what, digest, acting=acting, because=because, sign_in=sign_in)

    def finish(self) -> None:
        """Write what was only counted so far: the process ends."""
        with suppress(StacError):
            ended = self._turn(None)
            if ended is not None:
                self._write_count(*ended)

    @contextmanager
    def noted(self, acting: Acting | None = None) -> Iterator[None]:
        """Run a block; what it refuses to this person goes into the log and on to the caller."""
        try:
            yield
        except SignInError:
            self.note(Refused.SIGN_IN, acting=acting)
            raise
        except NotPermittedError as error:
            self.note(Refused.ACT, acting=acting, because=error.act)
            raise
        except NotFoundError as error:
            self.note(Refused.NOTHING_OPEN, acting=acting, because=error.kind)
            raise

    def _count(self, what: Refused, whose: str) -> tuple[tuple[datetime, int] | None, bool]:
        """Return what a minute that is over left uncounted, and whether this one has an entry of its own."""
        minute = self._clock.now().replace(second=0, microsecond=0)
        ended = self._turn(minute) if minute != self._minute else None
        with self._lock:
            is_new = (what, whose) not in self._seen and self._written < MOST_A_MINUTE
            if is_new:
                self._written += 1
            else:
                self._beyond += 1
            if len(self._seen) < _MOST_PLACES:
                self._seen[(what, whose)] += 1
            return ended, is_new

    def _turn(self, minute: datetime | None) -> tuple[datetime, int] | None:
        with self._lock:
            ended = (self._minute, self._beyond) if self._minute is not None and self._beyond else None
            self._minute, self._written, self._beyond = minute, 0, 0
            self._seen.clear()
            return ended

    def _write(
        self,
        what: Refused,
        digest: str,
        *,
        acting: Acting | None,
        because: str | None,
        sign_in: int | None,
    ) -> None:
        with self._uow.writing(acting=acting or _DOOR, what="refuse", at=self._clock.now()) as work:
            facts = {"refused": what.name.lower(), "place": digest, "because": because, "sign_in": sign_in}
            work.notes(**{name: fact for name, fact in facts.items() if fact is not None})

    def _write_count(self, minute: datetime, times: int) -> None:
        with self._uow.writing(acting=_DOOR, what="count refusals", at=self._clock.now()) as work:
            work.notes(minute=minute.isoformat(), times=times)
