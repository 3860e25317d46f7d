"""One transaction for one use case, with its audit entry written last, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlmodel import Session

from engine.domain.acting import Acting
from engine.domain.audit import audit_entry
from engine.domain.errors import SetupError
from engine.domain.sealing import Seals
from engine.store.database import BEGIN
from engine.store.late_work import LateWork
from engine.store.repositories.agencies_watched import AgenciesWatched
from engine.store.repositories.agency_figures import AgencyFiguresRead
from engine.store.repositories.alarms import Alarms
from engine.store.repositories.answers import Answers
from engine.store.repositories.audit import AuditTrail
from engine.store.repositories.cases import Cases
from engine.store.repositories.counts import Counts
from engine.store.repositories.decisions import Decisions
from engine.store.repositories.identity import Identity
from engine.store.repositories.incidents import Incidents
from engine.store.repositories.looks import Looks
from engine.store.repositories.need_to_know import NeedToKnow
from engine.store.repositories.outbox import Outbox
from engine.store.repositories.outcomes import Outcomes
from engine.store.repositories.people import People
from engine.store.repositories.plans import Plans
from engine.store.repositories.protected import Protected
from engine.store.repositories.referrals import Referrals
from engine.store.repositories.same_person import SamePersons
from engine.store.repositories.sharing import Sharing
from engine.store.repositories.typed_texts import TypedTexts
from engine.store.repositories.users import Users

if TYPE_CHECKING:
    from engine.store.repositories.identity_older import OlderForms
    from engine.store.repositories.links import LinksKept
    from engine.store.repositories.openings import Openings
    from engine.store.repositories.resealing import Resealing
    from engine.store.repositories.sign_ins import SignIns


class Work(LateWork):
    """The repositories of one transaction, and what its audit entry will say."""

    def __init__(self, session: Session, seals: Seals | None = None) -> None:
        self._session = session
        self._seals = seals
        self._cases_touched: set[str] = set()
        self._facts: dict[str, str | int | None] = {}

    def touches(self, *references: str) -> None:
        """Name the involvements that this use case read or changed."""
        self._cases_touched.update(references)

    def notes(self, **facts: str | int | None) -> None:
        """Add ids, counts or digests to the audit entry; never a name, an address or free text."""
        self._facts.update(facts)

    @property
    def touched(self) -> tuple[str, ...]:
        """The involvements named so far."""
        return tuple(sorted(self._cases_touched))

    @property
    def facts(self) -> dict[str, str | int | None]:
        """What the audit entry will hold beside who, when and what."""
        return dict(self._facts)

    @cached_property
    def referrals(self) -> Referrals:
        """What sources said, in versions."""
        return Referrals(self._session)

    @cached_property
    def cases(self) -> Cases:
        """Involvements, episodes, moves, screenings, members, conferences."""
        return Cases(self._session)

    @cached_property
    def need_to_know(self) -> NeedToKnow:
        """Restrictions, connections, urgent looks."""
        return NeedToKnow(self._session)

    @cached_property
    def typed_texts(self) -> TypedTexts:
        """Texts that repeat something protected, and who saw to them."""
        return TypedTexts(self._session)

    @cached_property
    def looks(self) -> Looks:
        """Who has looked at a case, out of the chain."""
        return Looks(self._session)

    @cached_property
    def counts(self) -> Counts:
        """Counts over everything that is not restricted."""
        return Counts(self._session)

    @cached_property
    def alarms(self) -> Alarms:
        """Alarm topics and who took them up."""
        return Alarms(self._session)

    @cached_property
    def people(self) -> People:
        """Person records, identifiers and claims."""
        return People(self._session)

    @cached_property
    def identity(self) -> Identity:
        """Normal forms and keys of person records, proposals and words on who is the same."""
        return Identity(self._session)

    @cached_property
    def older_forms(self) -> OlderForms:
        """Forms and keys that older records lack."""
        from engine.store.repositories.identity_older import OlderForms  # for bringing a record up to date

        return OlderForms(self._session)

    @cached_property
    def same_persons(self) -> SamePersons:
        """Proposals that two are one person, and words on them."""
        return SamePersons(self._session)

    @cached_property
    def incidents(self) -> Incidents:
        """Incidents and reports."""
        return Incidents(self._session)

    @cached_property
    def answers(self) -> Answers:
        """Requests and answers."""
        return Answers(self._session)

    @cached_property
    def sharing(self) -> Sharing:
        """Release rules, and the ledger of what was shared and refused."""
        return Sharing(self._session)

    @cached_property
    def agencies_watched(self) -> AgenciesWatched:
        """Suspensions, chases, look-ups on arrival."""
        return AgenciesWatched(self._session)

    @cached_property
    def agency_figures(self) -> AgencyFiguresRead:
        """How agencies have answered, in counts and times."""
        return AgencyFiguresRead(self._session)

    @cached_property
    def decisions(self) -> Decisions:
        """Decisions, judgements, dissent."""
        return Decisions(self._session)

    @cached_property
    def plans(self) -> Plans:
        """Plans and actions."""
        return Plans(self._session)

    @cached_property
    def outcomes(self) -> Outcomes:
        """Findings of follow-ups."""
        return Outcomes(self._session)

    @cached_property
    def links(self) -> LinksKept:
        """The link graph, cut for one viewer before anything is read out."""
        from engine.store.repositories.links import LinksKept  # few use cases wait for it

        return LinksKept(self._session)

    @cached_property
    def protected(self) -> Protected:
        """The protected tables; for ``services.vault`` and the import alone."""
        return Protected(self._session, self._seal())

    @cached_property
    def resealing(self) -> Resealing:
        """The protected tables again, for sealing them under another key."""
        from engine.store.repositories.resealing import Resealing

        return Resealing(self._session, self._seal())

    @cached_property
    def openings(self) -> Openings:
        """Openings of protected values, and what was asked and agreed about them."""
        from engine.store.repositories.openings import Openings  # few use cases wait for it

        return Openings(self._session)

    def _seal(self) -> Seals:
        if self._seals is None:
            raise SetupError("this record was opened without the key of the vault")
        return self._seals

    @cached_property
    def outbox(self) -> Outbox:
        """Flows that must follow."""
        return Outbox(self._session)

    @cached_property
    def users(self) -> Users:
        """People who work with the record."""
        return Users(self._session)

    @cached_property
    def sign_ins(self) -> SignIns:
        """Who is signed in, who can be, and what a signed-in user may do once."""
        from engine.store.repositories.sign_ins import SignIns  # most commands of an open record need none

        return SignIns(self._session)

    @cached_property
    def audit(self) -> AuditTrail:
        """The chain."""
        return AuditTrail(self._session)


class UnitOfWork:
    """Opens one transaction for each use case of one database."""

    def __init__(self, engine: Engine, seals: Seals | None = None) -> None:
        self._engine = engine
        self._engines = {how: engine.execution_options(**{BEGIN: how}) for how in ("DEFERRED", "IMMEDIATE")}
        self._seals = seals
        # SQLite has one writer at a time and lets the others sleep and look again; here they take turns.
        self._turn = RLock() if engine.dialect.name == "sqlite" else nullcontext()

    @contextmanager
    def writing(self, *, acting: Acting, what: str, at: datetime) -> Iterator[Work]:
        """A use case that changes something: all of it and its audit entry commit together, or nothing."""
        with self._session("IMMEDIATE") as session:
            work = Work(session, self._seals)
            yield work
            session.flush()
            _write_entry(work, acting=acting, what=what, at=at)
            session.commit()

    @contextmanager
    def reading(self, *, acting: Acting, what: str, at: datetime) -> Iterator[Work]:
        """A use case that reads: it computes first, and delivers only after its audit entry is committed."""
        with self._session("DEFERRED") as session:
            work = Work(session, self._seals)
            yield work
            session.rollback()
        with self._session("IMMEDIATE") as session:
            entry_work = Work(session)
            entry_work.touches(*work.touched)
            entry_work.notes(**work.facts)
            _write_entry(entry_work, acting=acting, what=what, at=at)
            session.commit()

    @contextmanager
    def unrecorded(self, *, will_write: bool = False) -> Iterator[Work]:
        """For the machinery alone (outbox, signs of life, who is signed in): no case content passes here."""
        with self._session("IMMEDIATE" if will_write else "DEFERRED") as session:
            yield Work(session, self._seals)
            session.commit()

    def tidy(self) -> None:
        """On SQLite: take what was overwritten out of the file and its journal."""
        if self._engine.dialect.name == "sqlite":
            connection = self._engine.raw_connection()  # outside any transaction: neither works within one
            try:
                for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                    connection.cursor().execute(statement)
            finally:
                connection.close()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def _session(self, begin: str) -> Iterator[Session]:
        turn = self._turn if begin == "IMMEDIATE" else nullcontext()
        try:
            with turn, Session(self._engines[begin], expire_on_commit=False, autoflush=False) as session:
                yield session
        except (OperationalError, ProgrammingError) as error:
            # Its own text would show what was being written; its kind is enough to mend by.
            kind = type(error.orig).__name__
            raise SetupError(
                f"the record could not be reached or is not at the schema of this version ({kind}); "
                "run 'stac doctor', and 'stac init' to bring an older record up to date"
            ) from None


def _write_entry(work: Work, *, acting: Acting, what: str, at: datetime) -> None:
    entry = audit_entry(acting=acting, what=what, at=at, cases=work.touched, facts=work.facts)
    work.audit.append(entry)
