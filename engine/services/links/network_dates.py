"""The end of imported networks: each is deleted on its date. Loads no arrays: the daily sweep need not."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from engine.services.context import Context
from engine.store.unit_of_work import Work

FOLDER, ENDING = "networks", ".sealed"


def forget_due(work: Work, *, on: date) -> tuple[str, ...]:
    """Delete the networks whose date has come, with the keys of their files; part of the daily sweep.

    Their files are to be removed after the commit.
    """
    due = work.imported_networks.due(on)
    work.imported_networks.forget(due)
    return due


def remove_files(context: Context, due: Collection[str]) -> None:
    """Remove the files of these networks, and any that a killed process left; after the commit."""
    folder = context.settings.home / FOLDER
    if not folder.is_dir():
        return
    for reference in due:
        (folder / f"{reference}{ENDING}").unlink(missing_ok=True)
    with context.uow.unrecorded() as work:
        there = work.imported_networks.references()
    oldest = (context.clock.now() - timedelta(hours=1)).timestamp()
    for file in folder.iterdir():
        if file.name.removesuffix(ENDING) not in there and file.lstat().st_mtime < oldest:
            file.unlink(missing_ok=True)
