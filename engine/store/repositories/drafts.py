"""Drafts, sealed as everything in the protected tables is, and deleted without a trace in the file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, delete, select, text
from sqlmodel import Session, col

from engine.domain.drafts import MOST_FIELDS, DraftKey, DraftText
from engine.domain.vault.sealing import SealBrokenError, Seals
from engine.store.among import among
from engine.store.repositories.vault.key_rotation import draft_row, hold_keys, key_of
from engine.store.tables.drafts import DraftRow

_FIELDS = TypeAdapter(dict[str, DraftText])


@dataclass(frozen=True)
class StoredDraft:
    """The fields of a draft, and the generation that a page must have been given to add to it."""

    generation: int
    fields: Mapping[str, DraftText] = field(repr=False)
    ended: Mapping[str, datetime] = field(default_factory=dict)
    """When each field was recorded or discarded without the rest of the form, unless typed in since."""


class Drafts:
    """Store of drafts."""

    def __init__(self, session: Session, seals: Seals) -> None:
        self._session = session
        self._seals = seals

    def generation(self, key: DraftKey) -> int:
        """Return the generation of a draft without opening it; 0 where there is none."""
        row = self._row(key)
        return row.generation if row is not None else 0

    def find(self, key: DraftKey) -> StoredDraft:
        """Return a draft, which may have no field. Raises SealBrokenError where it does not open."""
        row = self._row(key)
        if row is None:
            return StoredDraft(0, {})
        there = self._opened(row)
        return StoredDraft(
            row.generation,
            {code: each for code, each in there.items() if each.text},
            {code: each.saved_at for code, each in there.items() if not each.text},
        )

    def put(self, key: DraftKey, changed: Mapping[str, str], *, generation: int, at: datetime) -> bool:
        """Store the text of some fields, or with no text remove one; return whether it still can be.

        It cannot when the form was recorded or discarded since, or has more fields than any of ours.
        """
        self._forget_thoroughly()
        row = self._row(key, to_change=True)
        if (row.generation if row is not None else 0) != generation:
            return False
        fields = self._opened_or_lost(row) if row is not None else {}
        for code, typed in changed.items():
            if typed:
                fields[code] = DraftText(text=typed, saved_at=at)
            else:
                fields.pop(code, None)
        if sum(bool(each.text) for each in fields.values()) > MOST_FIELDS:
            return False
        row = row or self._new_row(key, at)
        row.content, row.saved_at = self._sealed(key, fields), at
        self._session.add(row)
        self._session.flush()
        return True

    def end(self, key: DraftKey, *, at: datetime, only: Collection[str] | None = None) -> None:
        """Delete the content, or only some fields, and let nothing that was sent before come after it."""
        self._forget_thoroughly()
        row = self._row(key, to_change=True) or self._new_row(key, at)
        there = self._opened_or_lost(row) if only is not None else {}
        # a field without text says when it ended: else what another tab typed in it would come back
        row.content = self._sealed(key, there | dict.fromkeys(only or (), DraftText(text="", saved_at=at)))
        row.generation, row.saved_at = row.generation + 1, at
        self._session.add(row)
        self._session.flush()

    def owners(self, cases: Iterable[str] | None = None) -> tuple[DraftKey, ...]:
        """Return the keys of every draft, or of those about these cases; none is opened."""
        query = select(DraftRow).order_by(col(DraftRow.id))
        if cases is not None:
            query = query.where(among(col(DraftRow.involvement_ref), list(cases)))
        return tuple(key_of(row) for row in self._session.execute(query).scalars())

    def destroy(self, keys: Iterable[DraftKey]) -> None:
        """Delete these drafts."""
        for key in keys:
            self._delete(*_is(key))

    def destroy_of(self, user: str) -> None:
        """Delete every draft of a user, in whatever role and agency."""
        self._delete(col(DraftRow.user_name) == user)

    def destroy_about(self, case: str, *, agency: str | None = None) -> None:
        """Delete every draft about a case, or those of one agency's people."""
        of_agency = [col(DraftRow.agency) == agency] if agency is not None else []
        self._delete(col(DraftRow.involvement_ref) == case, *of_agency)

    def purge(self, *, before: datetime) -> None:
        """Delete drafts that were not touched since then."""
        self._delete(col(DraftRow.saved_at) < before)

    def _delete(self, *conditions: ColumnElement[bool]) -> None:
        self._forget_thoroughly()
        self._session.execute(
            delete(DraftRow).where(*conditions).execution_options(synchronize_session=False)
        )

    def _row(self, key: DraftKey, *, to_change: bool = False) -> DraftRow | None:
        query = select(DraftRow).where(*_is(key))
        return self._session.execute(query.with_for_update() if to_change else query).scalar_one_or_none()

    def _opened(self, row: DraftRow) -> dict[str, DraftText]:
        if row.content is None:
            return {}
        return _FIELDS.validate_json(self._seals.unsealed(row.content, row=draft_row(key_of(row))))

    def _opened_or_lost(self, row: DraftRow) -> dict[str, DraftText]:
        """Return what is there; what does not open is replaced: its form said so."""
        try:
            return self._opened(row)
        except SealBrokenError:
            return {}

    def _sealed(self, key: DraftKey, fields: Mapping[str, DraftText]) -> bytes | None:
        if not fields:
            return None
        hold_keys(self._session)
        return self._seals.seal(_FIELDS.dump_json(dict(fields)), row=draft_row(key))

    def _forget_thoroughly(self) -> None:
        if self._session.get_bind().dialect.name == "sqlite":
            self._session.execute(text("PRAGMA secure_delete=ON"))

    @staticmethod
    def _new_row(key: DraftKey, at: datetime) -> DraftRow:
        return DraftRow(
            user_name=key.user,
            role=key.role,
            agency=key.agency,
            form=key.form.value,
            involvement_ref=key.case,
            generation=0,
            saved_at=at,
        )


def _is(key: DraftKey) -> tuple[ColumnElement[bool], ...]:
    return (
        col(DraftRow.user_name) == key.user,
        col(DraftRow.role) == key.role,
        col(DraftRow.agency) == key.agency,
        col(DraftRow.form) == key.form.value,
        col(DraftRow.involvement_ref) == key.case,
    )
