"""Referral files on their way in: read, taken in, and empty ones of the right shape handed out."""

from __future__ import annotations

import hashlib
from pathlib import Path

from engine.domain.errors import InvalidInputError
from engine.exchange.limits import FileLimits
from engine.exchange.mapping import load_mapping
from engine.exchange.referral_files import read_referrals
from engine.exchange.templates import template
from engine.services.context import VaultContext
from engine.services.people.identifiers import noting_failed_checks
from engine.services.referrals.imports import ImportReport, import_referrals

KINDS = ("csv", "xlsx", "json")


def read_and_import(
    context: VaultContext,
    *,
    path: Path,
    mapping_path: Path | None = None,
    default_source: str | None = None,
    is_confirmed: bool = False,
) -> ImportReport:
    """Take in one referral file (CSV, JSON or a workbook, told by its content). Its name is not kept.

    Raises WorkbookUnconfirmedError, before anything is kept, for a workbook that hides what its cells show,
    until a person has looked at it (``is_confirmed``).
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
    report = import_referrals(
        context, rows=noting_failed_checks(rows, notes.append), file_digest=_digest(path)
    )
    return report.model_copy(update={"notes": tuple(notes)})


def referral_template(kind: str) -> bytes:
    """An empty referral file of the right shape, with one example row."""
    if kind not in KINDS:
        raise InvalidInputError("template", f"choose one of {', '.join(KINDS)}")
    return template(kind)  # type: ignore[arg-type]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
