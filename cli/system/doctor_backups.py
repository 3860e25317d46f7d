"""Checks of backups: whether there is a new one, and whether what a restore needs is elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from cli.system.checks import NOTE, OK, WRONG, Check
from engine.domain.file_faults import why_not

if TYPE_CHECKING:
    from engine.runtime import Runtime
    from engine.settings import Settings

_RUN = "run 'stac record backup', and have a timer run it"


def backup_checks(settings: Settings) -> Iterator[Check]:
    """Yield a check of the newest backup and one of the register of acts that a restore repeats."""
    from engine.clock import SystemClock
    from engine.services.system.backups import list_backups
    from engine.services.system.repeated_acts import WAITING

    chosen, home = settings.backup, settings.home
    if chosen.folder is None or chosen.keys_folder is None:
        mend = "name 'folder' and 'keys_folder' under [backup] in settings.toml"
        yield Check("backups", NOTE, "no place for backups is named", mend)
        return
    try:
        newest = next(iter(list_backups(settings=settings)), None)
    except OSError as error:
        sentence = f"the folder of backups cannot be read ({why_not(error)})"
        yield Check("backups", WRONG, sentence, "make it readable")
        return
    if newest is None:
        yield Check("backups", WRONG, "there is none", _RUN)
    elif SystemClock().now() - newest.at > timedelta(hours=2 * chosen.every_hours):
        yield Check("backups", WRONG, f"the newest is of {newest.at:%Y-%m-%d %H:%M} UTC", _RUN)
    elif not newest.has_keys:
        yield Check("backups", WRONG, "the newest has no file of its keys", _RUN)
    else:
        yield Check("backups", OK, f"the newest is of {newest.at:%Y-%m-%d %H:%M} UTC")
    if (home / WAITING).exists() and (home / WAITING).stat().st_size:
        sentence = "acts wait in the home folder, because the register could not be written"
        yield Check("register", WRONG, sentence, "make the place of the register writable")
    elif chosen.register_file(home).is_relative_to(home):
        mend = "name a place elsewhere: 'register_in' under [backup] in settings.toml"
        yield Check("register", NOTE, "the register of acts to repeat is in the home folder", mend)
    else:
        yield Check("register", OK, "acts that a restore repeats are stored elsewhere")


def copy_checks(runtime: Runtime) -> Iterator[Check]:
    """Yield a check of the copies of the record between backups, where this machine makes them."""
    from engine.services.system.copies import copy_fault, is_copied, is_late, not_copied

    uow, clock, settings = runtime.uow, runtime.clock, runtime.settings
    if not is_copied(settings):
        return
    if (fault := copy_fault(settings)) is not None:
        yield Check("copies", WRONG, fault, "correct that; 'stac serve' tries again every few minutes")
        return
    found = not_copied(uow=uow, settings=settings)
    newest = (
        f"the newest copy is of {found.newest.at:%Y-%m-%d %H:%M} UTC" if found.newest else "there is none"
    )
    if is_late(found, clock=clock, settings=settings):
        sentence = f"{newest}, and {found.lost_entries:,} entries are in none"
        yield Check(
            "copies", WRONG, sentence, "start 'stac serve', or read run/runner.log in the home folder"
        )
    else:
        yield Check("copies", OK, newest)
