"""The record as a whole: backups, another database, overwritten content. Asks and prints; decides nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import CASE_WORK, AsJson, AsUser, Purpose
from cli.output import print_json, say
from cli.session import AtDesk, Command, answering, record_only
from cli.system.repeat_acts import ANSWER, repeat_acts, repeated_lines
from cli.vault.protected_details import rotate_key as rotate_vault_key

if TYPE_CHECKING:
    from engine.services.system.drill import ArchiveDrilled
    from engine.services.system.restoring import Restored

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

Folder = Annotated[
    Path | None,
    typer.Option("--to", metavar="FOLDER", help="The folder of backups; default: settings.toml."),
]


def backup(
    to: Folder = None,
    keys_to: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Another folder, for the record's keys; default: settings.toml."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Back up the record while it is used, encrypted, and try the backup by a restore (operator).

    Example: stac record backup --to backups --keys-to backup-keys
    """
    with record_only(as_json) as runtime:
        from engine.services.system.backups import back_up

        made = back_up(
            uow=runtime.uow, clock=runtime.clock, settings=runtime.settings, folder=to, keys_folder=keys_to
        )
        key = runtime.settings.backup.key_file(runtime.settings.home)
    if as_json:
        print_json(made.model_dump(mode="json"))
        return
    say(
        f"{made.name}: {made.rows:,} rows of {made.tables} tables, {made.entries:,} entries of the audit "
        f"log, {made.bytes / 1e6:.1f} MB"
    )
    say("It was restored into a folder that is removed again, and is whole.")
    if made.expired:
        say(f"{made.expired:,} expired backups were deleted.")
    if made.not_deleted:
        say(
            f"{made.not_deleted:,} files of expired backups could not be deleted. Make their folders "
            "writable."
        )
    if made.made_key:
        say(f"A key for backups was made: {key}. Copy it to a third place: without it no backup opens.")


def list_backups(
    folder: Annotated[
        Path | None,
        typer.Option("--in", metavar="FOLDER", help="The folder of backups; default: settings.toml."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the backups in the folder, newest first (operator).

    Example: stac record list-backups --in backups
    """
    with answering(as_json):
        from engine.runtime import settings_of
        from engine.services.system.backups import list_backups as listed

        there = listed(settings=settings_of(os.environ), folder=folder)
    if as_json:
        print_json({"backups": [each.model_dump(mode="json") for each in there]})
        return
    for each in there:
        say(f"{each.name}  {each.at:%Y-%m-%d %H:%M} UTC  {each.bytes / 1e6:.1f} MB")
    if not there:
        say("There is no backup in this folder.")


def drill(
    folder: Annotated[
        Path | None,
        typer.Option("--in", metavar="FOLDER", help="The folder of backups; default: settings.toml."),
    ] = None,
    keys_in: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="The folder of keys; default: settings.toml.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Restore the newest backup or copy into a folder, remove that, and say what would be lost (operator).

    Example: stac record drill --in backups --keys-in backup-keys
    """
    with record_only(as_json) as runtime:
        from engine.services.system.drill import drill as try_restore

        done = try_restore(
            uow=runtime.uow,
            clock=runtime.clock,
            settings=runtime.settings,
            folder=folder,
            keys_folder=keys_in,
        )
    if as_json:
        print_json(done.model_dump(mode="json"))
        return
    say(
        f"{done.backup} of {done.made_at:%Y-%m-%d %H:%M} UTC was restored in {done.restore_seconds} seconds: "
        f"{done.rows:,} rows, {done.entries:,} entries of the audit log. It is whole."
    )
    if done.lost_entries:
        minutes, seconds = divmod(done.lost_seconds, 60)
        since = f"{minutes:,} minutes" if minutes > 1 else f"{60 * minutes + seconds} seconds"
        say(
            f"If this machine were lost now, {done.lost_entries:,} entries would be lost: what was recorded "
            f"in the {since} after it was made."
        )
    else:
        say("If this machine were lost now, nothing that was recorded would be lost.")
    if (archive := done.archive) is not None:
        _say_archive(archive)


def _say_archive(archive: ArchiveDrilled) -> None:
    if archive.newest_at is None:
        say("PostgreSQL archives its log (WAL), and nothing is in the archive yet.")
        return
    say(
        f"The newest part of PostgreSQL's log (WAL) in the archive is of {archive.newest_at:%Y-%m-%d %H:%M} "
        f"UTC: with it, at least {archive.lost_entries:,} entries would be lost."
    )
    if archive.fails or archive.segments_waiting:
        say(f"The server could not archive: {archive.segments_waiting:,} whole parts wait.")


def restore(
    file: Annotated[Path, typer.Argument(metavar="BACKUP", help="The backup.")],
    keys: Annotated[Path, typer.Option(metavar="FILE", help="The keys of the same name.")],
    key: Annotated[Path, typer.Option(metavar="FILE", help="The key of backups.")],
    register: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A register of acts to repeat; may be given several times."),
    ] = None,
    without_register: Annotated[
        bool, typer.Option("--without-register", help="Restore without one: it is lost.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Restore a backup into a home without a record, and repeat later erasures, restrictions and the like.

    Example: stac record restore stac.backup --keys stac.keys --key backup.key
        --register repeated-acts.jsonl
    """
    if bool(register) == without_register:
        raise typer.BadParameter("give --register FILE, or --without-register where it is lost")
    with answering(as_json):
        from engine.runtime import open_marked, settings_of
        from engine.services.system.restoring import restore as restore_record

        settings = settings_of(os.environ)
        done = restore_record(
            settings=settings,
            open_marked=open_marked,
            backup=file,
            keys=keys,
            key=key,
            registers=register or None,
        )
    if as_json:
        print_json(done.model_dump(mode="json"))
    else:
        _say_restored(done)


def _say_restored(done: Restored) -> None:
    say(
        f"{done.backup} of {done.made_at:%Y-%m-%d %H:%M} UTC is restored: {done.rows:,} rows, and the audit "
        f"log to entry {done.entries}. What was recorded later is not in it."
    )
    if done.newest_act is not None:
        say(
            f"The register has {done.register_lines:,} lines; the newest is of entry "
            f"{done.newest_act.entry}, {done.newest_act.at:%Y-%m-%d %H:%M} UTC. If acts were recorded "
            "later, it is not whole."
        )
    for line in repeated_lines(done.repeated):
        say(line)
    for doubt in done.in_doubt:
        say(f"not repeated, for it may not have been recorded: {doubt.sentence}")
    if done.in_doubt:
        say(f"Ask those who know, then answer each: {ANSWER}")
    for name in done.files:
        say(f"{name} is in the home folder: compare it with yours, and rename it")
    say(
        "If audit anchors are stored elsewhere, their file has later entries: run 'stac record repeat-acts "
        "--accept-older' once its place is named under [audit]."
    )
    say("Next: stac doctor, then stac serve")


def move(
    to: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            envvar="STAC_NEW_DATABASE_URL",
            help="The empty database: sqlite:///FILE or postgresql://USER@HOST/NAME.",
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Move the record to an empty database, SQLite or PostgreSQL, and compare every table (operator).

    Example: stac record move --to sqlite:///moved.db
    """
    with record_only(as_json) as runtime:
        from engine.services.system.moving import move as move_record

        done = move_record(uow=runtime.uow, clock=runtime.clock, settings=runtime.settings, to=to)
    if as_json:
        print_json(done.model_dump(mode="json"))
        return
    say(f"{done.rows:,} rows of {done.tables} tables were moved ({done.to}), and each table was compared.")
    say("The former database is closed. Set STAC_DATABASE_URL to the new address, then: stac doctor")


class KeyToRotate(StrEnum):
    """A key that the operator changes."""

    BACKUP = "backup"
    DIGEST = "digest"
    VAULT = "vault"


def rotate_key(
    key: Annotated[
        KeyToRotate, typer.Option("--key", metavar="NAME", help="The key: backup, digest or vault.")
    ],
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Rotate a key of the record. You can run it again safely if it was interrupted.

    Example: stac record rotate-key --key backup
    """
    if key is KeyToRotate.VAULT:
        AtDesk(rotate_vault_key)(user=user, purpose=purpose, as_json=as_json)
        return
    if key is KeyToRotate.DIGEST:
        _rotate_digest_key(as_json)
        return
    with record_only(as_json) as runtime:
        from engine.services.system.backup_key import rotate

        done = rotate(uow=runtime.uow, clock=runtime.clock, settings=runtime.settings)
    if as_json:
        print_json(done.model_dump(mode="json"))
        return
    if done.went_on:
        say("An interrupted key rotation is finished. No further key was made.")
    say(f"Backups are sealed with the key {done.key} from now on. Copy it to a third place; make a backup.")
    say(f"{done.older_backups:,} backups still open with the former key only: {done.former_file}")
    for each in done.not_needed:
        say(f"No backup in your folders needs {each}: destroy it, if you store no backup elsewhere.")


def _rotate_digest_key(as_json: bool) -> None:
    from cli.bars import busy

    with record_only(as_json) as runtime, busy("changing the key", quiet=as_json):
        from engine.services.system.digest_key import rotate

        done = rotate(uow=runtime.uow, clock=runtime.clock, settings=runtime.settings)
    if as_json:
        print_json(done.model_dump(mode="json"))
        return
    if done.went_on:
        say("An interrupted key rotation is finished. No further key was made.")
    say(f"Key {done.number} is in use. {done.values:,} digests of protected values were made again.")
    if done.sign_ins:
        say(f"Sign-ins that ended: {done.sign_ins:,}. Everyone signs in again.")
    say("Restart 'stac serve' if it is running.")
    say("Copy keys/digest.key to where you store your keys, and to each home of this record.")
    say("Make a backup.")


def remove_overwritten(as_json: AsJson = False) -> None:
    """Remove what erasures left in the database's file and journal, where an erasure could not (operator).

    Example: stac record remove-overwritten
    """
    from cli.bars import busy

    with record_only(as_json) as runtime, busy("waiting for other work, then removing", quiet=as_json):
        is_removed = runtime.uow.remove_overwritten()
    if as_json:
        print_json({"is_left": False if is_removed else None})
    elif is_removed:
        say("No overwritten content is left in the database's file or its journal.")
    else:
        say("Nothing was done: PostgreSQL reuses the place of overwritten content in time (autovacuum).")


COMMANDS: Mapping[str, Command] = {
    "rotate-key": rotate_key,
    "backup": backup,
    "drill": drill,
    "list-backups": list_backups,
    "move": move,
    "remove-overwritten": remove_overwritten,
    "repeat-acts": repeat_acts,
    "restore": restore,
}
