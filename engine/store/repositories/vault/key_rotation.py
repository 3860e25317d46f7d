"""Rows of the protected tables as they are sealed, and sealing them again. Shows no content."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, func, literal, select, text, update
from sqlmodel import Session, col

from engine.domain.drafts import DraftForm, DraftKey
from engine.domain.vault.sealing import Seals
from engine.store.tables.drafts import DraftRow
from engine.store.tables.links.networks import ImportedNetworkRow
from engine.store.tables.vault.openings import VaultStepRow
from engine.store.tables.vault.protected import (
    PlacesAskedRow,
    ProtectedNoteRow,
    ProtectedOriginalRow,
    ProtectedValueRow,
    SearchSentRow,
    TypedAnswerRow,
)

_ADVISORY = 7_824_101
"""The number of the lock against a change of the key file, on a database with several writers."""
_CONTENTS = (
    col(ProtectedValueRow.content),
    col(ProtectedOriginalRow.content),
    col(SearchSentRow.content),
    col(DraftRow.content),
    col(ImportedNetworkRow.content),
    col(ProtectedNoteRow.content),
    col(TypedAnswerRow.content),
    col(PlacesAskedRow.content),
)


def value_row(reference: str, involvement: str, kind: str) -> str:
    """Return what a sealed value is bound to: its own reference, its case and its kind."""
    return f"value\n{reference}\n{involvement}\n{kind}"


def original_row(import_id: int, row_number: int, involvement: str | None) -> str:
    """Return what a sealed original is bound to: its import, its place there and its case."""
    return f"original\nimport {import_id}, row {row_number}\n{involvement or ''}"


def search_row(reference: str) -> str:
    """Return what a sealed search is bound to: its own reference."""
    return f"search\n{reference}"


def note_row(reference: str, about: str, involvement: str) -> str:
    """Return what a sealed step of a note is bound to: its own reference, its note and its case."""
    return f"note\n{reference}\n{about}\n{involvement}"


def typed_answer_row(involvement: str, agency: str, version: int) -> str:
    """Return what a sealed answer is bound to: its case, its agency and its version."""
    return f"typed answer\n{involvement}\n{agency}\n{version}"


def places_asked_row(reference: str, involvement: str) -> str:
    """Return what a sealed text on a writer of many places is bound to: its own reference and its case."""
    return f"places asked\n{reference}\n{involvement}"


def draft_row(key: DraftKey) -> str:
    """Return what a sealed draft is bound to: its person, as who they are, its form and its case."""
    return f"draft\nof a form\n{key.user}\n{key.role}\n{key.agency}\n{key.form.value}\n{key.case}"


def network_row(reference: str, owner: str) -> str:
    """Return what a sealed network is bound to: its own reference and its owner."""
    return f"network\n{reference}\n{owner}"


def key_of(row: DraftRow) -> DraftKey:
    """Return the author, form and case of a row."""
    return DraftKey(
        user=row.user_name,
        role=row.role,
        agency=row.agency,
        form=DraftForm(row.form),
        case=row.involvement_ref,
    )


def hold_keys(session: Session, *, alone: bool = False) -> None:
    """Hold the key file unchanged until this transaction ends; ``alone`` waits for all who seal.

    On SQLite a writer is the only one anyhow.
    """
    if session.get_bind().dialect.name == "postgresql":
        how = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        session.execute(text(f"SELECT {how}({_ADVISORY})"))


class Resealing:
    """Goes through the protected tables by number, a part at a time."""

    def __init__(self, session: Session, seals: Seals) -> None:
        self._session = session
        self._seals = seals

    def hold_keys_alone(self) -> None:
        """Wait until all sealing has ended, and let none begin before this transaction ends."""
        hold_keys(self._session, alone=True)

    def reseal(self, table: str, *, after: int, count: int) -> tuple[int, int] | None:
        """Seal the next rows under the newest key: (last number read, rows sealed); None at the end.

        Raises SealBrokenError where a row does not open.
        """
        self.forget_thoroughly()
        hold_keys(self._session)
        kind, read = {
            "values": (ProtectedValueRow, self._values),
            "originals": (ProtectedOriginalRow, self._originals),
            "searches": (SearchSentRow, self._searches),
            "drafts": (DraftRow, self._drafts),
            "networks": (ImportedNetworkRow, self._networks),
            "notes": (ProtectedNoteRow, self._notes),
            "typed answers": (TypedAnswerRow, self._typed_answers),
            "places asked": (PlacesAskedRow, self._places_asked),
        }[table]
        rows = read(after, count)
        done = [
            {"id": number, "content": self._seals.seal(self._seals.unsealed(content, row=bound), row=bound)}
            for number, bound, content in rows
            if not self._seals.is_newest(content)
        ]
        if done:
            self._session.execute(update(kind), done)
        return (rows[-1][0], len(done)) if rows else None

    def left(self) -> int:
        """Return the number of rows that are not sealed under the newest key."""
        head = self._seals.newest
        left: int = sum(
            self._session.execute(
                select(func.count()).where(
                    func.substr(content, 1, len(head), type_=LargeBinary) != literal(head, LargeBinary)
                )
            ).scalar_one()
            for content in _CONTENTS
        )
        return left

    def open_newest(self) -> bool:
        """Open the newest value and let it go again; whether there is one. A broken seal is raised."""
        row = self._session.execute(
            select(ProtectedValueRow).order_by(col(ProtectedValueRow.id).desc()).limit(1)
        ).scalar_one_or_none()
        if row is None:
            return False
        self._seals.unsealed(row.content, row=value_row(row.ref, row.involvement_ref, row.kind))
        return True

    def note(self, step: str, *, key: str | None, rows: int | None, at: datetime) -> None:
        """Note a step in the life of the keys, by the key's name."""
        self._session.add(VaultStepRow(step=step, key_name=key, row_count=rows, at=at))
        self._session.flush()

    def forget_thoroughly(self) -> None:
        """Overwrite, on SQLite, what a change leaves behind in the file, from now on in this connection."""
        if self._session.get_bind().dialect.name == "sqlite":
            self._session.execute(text("PRAGMA secure_delete=ON"))

    def _searches(self, after: int, count: int) -> list[tuple[int, str, bytes]]:
        rows = self._session.execute(
            select(col(SearchSentRow.id), col(SearchSentRow.ref), col(SearchSentRow.content))
            .where(col(SearchSentRow.id) > after)
            .order_by(col(SearchSentRow.id))
            .limit(count)
        ).all()
        return [(number or 0, search_row(ref), content) for number, ref, content in rows]

    def _values(self, after: int, count: int) -> list[tuple[int, str, bytes]]:
        rows = self._session.execute(
            select(
                col(ProtectedValueRow.id),
                col(ProtectedValueRow.ref),
                col(ProtectedValueRow.involvement_ref),
                col(ProtectedValueRow.kind),
                col(ProtectedValueRow.content),
            )
            .where(col(ProtectedValueRow.id) > after)
            .order_by(col(ProtectedValueRow.id))
            .limit(count)
        ).all()
        return [
            (number or 0, value_row(ref, case, kind), content) for number, ref, case, kind, content in rows
        ]

    def _originals(self, after: int, count: int) -> list[tuple[int, str, bytes]]:
        rows = self._session.execute(
            select(
                col(ProtectedOriginalRow.id),
                col(ProtectedOriginalRow.import_id),
                col(ProtectedOriginalRow.row_number),
                col(ProtectedOriginalRow.involvement_ref),
                col(ProtectedOriginalRow.content),
            )
            .where(col(ProtectedOriginalRow.id) > after)
            .order_by(col(ProtectedOriginalRow.id))
            .limit(count)
        ).all()
        return [
            (number or 0, original_row(imported, place, case), content)
            for number, imported, place, case, content in rows
        ]

    def _drafts(self, after: int, count: int) -> list[tuple[int, str, bytes]]:
        rows = self._session.execute(
            select(DraftRow)
            .where(col(DraftRow.id) > after, col(DraftRow.content).is_not(None))
            .order_by(col(DraftRow.id))
            .limit(count)
            .with_for_update()  # its author may be typing
        ).scalars()
        return [(row.id or 0, draft_row(key_of(row)), row.content or b"") for row in rows]

    def _networks(self, after: int, count: int) -> list[tuple[int, str, bytes]]:
        rows = self._session.execute(
            select(ImportedNetworkRow)
            .where(col(ImportedNetworkRow.id) > after)
            .order_by(col(ImportedNetworkRow.id))
            .limit(count)
        ).scalars()
        return [(row.id or 0, network_row(row.ref, row.user_name), row.content) for row in rows]

    def _typed_answers(self, after: int, count: int) -> list[tuple[int, str, bytes]]:
        rows = self._session.execute(
            select(TypedAnswerRow)
            .where(col(TypedAnswerRow.id) > after)
            .order_by(col(TypedAnswerRow.id))
            .limit(count)
        ).scalars()
        return [
            (row.id or 0, typed_answer_row(row.involvement_ref, row.agency, row.version), row.content)
            for row in rows
        ]

    def _notes(self, after: int, count: int) -> list[tuple[int, str, bytes]]:
        rows = self._session.execute(
            select(ProtectedNoteRow)
            .where(col(ProtectedNoteRow.id) > after)
            .order_by(col(ProtectedNoteRow.id))
            .limit(count)
        ).scalars()
        return [(row.id or 0, note_row(row.ref, row.about, row.involvement_ref), row.content) for row in rows]

    def _places_asked(self, after: int, count: int) -> list[tuple[int, str, bytes]]:
        rows = self._session.execute(
            select(PlacesAskedRow)
            .where(col(PlacesAskedRow.id) > after, col(PlacesAskedRow.content).is_not(None))
            .order_by(col(PlacesAskedRow.id))
            .limit(count)
        ).scalars()
        return [
            (row.id or 0, places_asked_row(row.ref, row.involvement_ref), row.content or b"") for row in rows
        ]
