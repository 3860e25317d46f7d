"""Referral files: imported, and empty ones of the right shape provided."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TypeAlias

from engine.domain.errors import InvalidInputError
from engine.exchange.limits import FileLimits
from engine.exchange.mapping import load_mapping
from engine.exchange.referral_files import read_referrals
from engine.exchange.templates import template
from engine.gc_pause import collector_less_eager
from engine.services.context import VaultContext
from engine.services.people.identifiers import noting_failed_checks
from engine.services.referrals.imports import ImportReport, import_referrals
from engine.store.repositories.vault.protected import RejectedRow

OriginalRejected: TypeAlias = RejectedRow
"""The name for commands, which do not import ``engine.store``."""
KINDS = ("csv", "xlsx", "json")


def read_and_import(
    context: VaultContext,
    *,
    path: Path,
    mapping_path: Path | None = None,
    default_source: str | None = None,
    is_confirmed: bool = False,
) -> ImportReport:
    """Import one referral file (CSV, JSON or a workbook, recognised by its content). Its name is not stored.

    Raises
    ------
    WorkbookUnconfirmedError
        A workbook hides what its cells show, and a person has not viewed and confirmed it (``is_confirmed``);
        nothing has been stored.
    InvalidInputError
        The file or the mapping cannot be used.
    """
    mapping = load_mapping(mapping_path) if mapping_path else None
    notes: list[str] = []
    rows = read_referrals(
        path,
        today=context.clock.today(),
        mapping=mapping,
        default_source=default_source,
        limits=FileLimits(rows=context.settings.most_referral_rows),
        is_confirmed=is_confirmed,
        note=notes.append,
    )
    with collector_less_eager():  # an eighth of the processor time
        report = import_referrals(
            context, rows=noting_failed_checks(rows, notes.append), file_digest=_digest(path)
        )
    return report.model_copy(update={"notes": tuple(notes)})


def referral_template(kind: str) -> bytes:
    """Return an empty referral file of the right shape, with one example row. Raises InvalidInputError."""
    if kind not in KINDS:
        raise InvalidInputError("template", f"choose one of {', '.join(KINDS)}")
    return template(kind)  # type: ignore[arg-type]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
