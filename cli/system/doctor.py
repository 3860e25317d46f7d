"""Checks of an installation, each with how to fix it. Changes nothing and reads no case."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from cli.session import without_record
from cli.system.checks import NOTE, OK, WRONG, Check
from cli.system.doctor_alarms import checks_of_contacts
from cli.system.doctor_anchors import anchor_check
from cli.system.doctor_backups import backup_checks, copy_checks
from cli.system.doctor_keys import home_checks
from cli.system.doctor_register import older_checks, register_check
from cli.system.doctor_schedules import schedule_checks
from cli.system.doctor_server import archive_check, prefect_checks, server_checks
from cli.system.doctor_sign_in import sign_in_checks
from cli.system.doctor_versions import version_checks
from engine.domain.errors import NeverReleasedError, RecordError, RecordFault, StacError
from engine.runtime import SchemaState, home_of, open_runtime, schema_state, settings_of
from engine.settings import LITTLE_ROOM, NO_ROOM

if TYPE_CHECKING:
    from engine.runtime import Runtime
    from engine.settings import Settings

_MEND = {
    SchemaState.EMPTY: "run 'stac init': it makes the record",
    SchemaState.OLDER: "make a backup, then run 'stac init', which brings the record up to date",
    SchemaState.NEWER: "a newer version of stac-engine made this record: install that version",
}
_CLOSED = {
    SchemaState.RESTORING: ("a restore is in progress or was interrupted", "run 'stac record restore' again"),
    SchemaState.MOVING: (
        "a move to this database is in progress or was interrupted",
        "run 'stac record move' again, with STAC_DATABASE_URL set to the former database",
    ),
    SchemaState.MOVED: (
        "the record was moved to another database",
        "set STAC_DATABASE_URL to that one; nothing is recorded here any more",
    ),
}
_DAMAGED = "copy the damaged file, then restore the newest backup that passes this check"
_ALTERED = "stop work on this record, make a copy of it, and inform the person responsible for it"
_VALUE = f"{_ALTERED}; 'stac audit verify --content' names each row whose values cannot be read"
_UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""Errors of reading damaged data; a disk fault can cause any of them."""
_OLDEST, _TOO_NEW = (3, 11), (3, 14)


def examined(environ: Mapping[str, str]) -> list[Check]:
    """Return every check, in the order to fix them."""
    checks = [_python(), _packages()]
    home = home_of(environ)
    try:
        settings = settings_of(environ)
    except StacError as error:
        return [
            *checks,
            Check("settings", WRONG, str(error), "fix settings.toml in the home folder"),
        ]
    checks += home_checks(home, settings)
    checks += _record(environ, settings)
    checks += _readable("prefect server", lambda: prefect_checks(environ))
    checks += _readable("agencies", lambda: _agencies(environ))
    checks += backup_checks(settings)
    checks.append(_room(home))
    return checks


def _python() -> Check:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if _OLDEST <= sys.version_info[:2] < _TOO_NEW:
        return Check("python", OK, f"version {version}")
    return Check("python", WRONG, f"version {version}", "install Python 3.11, 3.12 or 3.13")


def _packages() -> Check:
    try:
        wanted = metadata.requires("stac-engine") or []
    except metadata.PackageNotFoundError:
        return Check(
            "packages", WRONG, "stac-engine itself is not installed", "run 'pip install .' in its folder"
        )
    needed = [line for line in wanted if "extra ==" not in line]
    names = [found[0] for line in needed if (found := re.match(r"[A-Za-z0-9._-]+", line))]
    missing = [name for name in names if not _is_installed(name)]
    if missing:
        return Check("packages", WRONG, f"missing: {', '.join(missing)}", "install stac-engine again")
    return Check("packages", OK, f"{len(names)} packages are installed")


def _is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _record(environ: Mapping[str, str], settings: Settings) -> Iterator[Check]:
    try:
        runtime = open_runtime(environ)
    except RecordError as error:
        yield Check("record", WRONG, str(error), "restore a backup")
        return
    except StacError as error:
        yield Check("record", NOTE, str(error), "run 'stac init'")
        return
    with runtime:
        try:
            state, there, needed = schema_state(runtime)
        except NeverReleasedError as error:
            yield Check("record", WRONG, str(error))
            return
        except (StacError, *_UNREADABLE) as error:
            yield _unreadable("record", error)
            return
        if state in _CLOSED:
            sentence, mend = _CLOSED[state]
            yield Check("record", WRONG, sentence, mend)
            return
        if state is not SchemaState.RIGHT:
            yield Check("record", WRONG, f"its schema is {there or 'none'}; {needed} is needed", _MEND[state])
            return
        where = "in the home folder" if settings.database_url.startswith("sqlite") else "on a database server"
        yield Check("record", OK, f"{where}, at schema {there}")
        yield from _readable("database", lambda: [_database(runtime)])
        if (facts := runtime.uow.server_facts()) is not None:
            yield from server_checks(facts)
            yield archive_check(facts)
        yield from _readable("copies", lambda: copy_checks(runtime))
        keys = list(_readable("keys", lambda: [_keys(runtime)]))
        yield from keys
        if any(check.state == WRONG for check in keys):
            return
        yield from _readable("sign-in", lambda: sign_in_checks(runtime, environ))
        yield from _readable("vault", lambda: [_vault(runtime)])
        yield from _readable("runner", lambda: _runner(runtime))
        yield from _readable("schedules", lambda: schedule_checks(runtime))
        yield from _readable("alarms", lambda: checks_of_contacts(runtime))
        yield from _readable("versions", lambda: version_checks(runtime))
        yield from _readable("audit", lambda: _audit(runtime))
        yield from _readable("repeated acts", lambda: [register_check(runtime)])
        yield from _readable("older record", lambda: older_checks(runtime))
        yield from _readable("clock", lambda: [_clock(runtime)])


def _readable(name: str, checks: Callable[[], Iterable[Check]]) -> list[Check]:
    """Return these checks; unreadable data is itself a fault, and the other checks continue."""
    try:
        return list(checks())
    except (StacError, *_UNREADABLE) as error:
        return [_unreadable(name, error)]


def _unreadable(name: str, error: Exception) -> Check:
    if isinstance(error, RecordError) and error.fault is RecordFault.UNREADABLE:
        return Check(name, WRONG, str(error), _VALUE)
    if isinstance(error, RecordError) and error.fault not in (RecordFault.DAMAGED, RecordFault.FAILED):
        return Check(name, WRONG, str(error), "fix the database first; nothing was changed")
    if isinstance(error, StacError):
        mend = _DAMAGED if isinstance(error, RecordError) else "fix what it names"
        return Check(name, WRONG, str(error), mend)
    return Check(name, WRONG, "a value of its data cannot be read", _VALUE)


def _database(runtime: Runtime) -> Check:
    if not runtime.settings.database_url.startswith("sqlite"):
        return Check("database", OK, "its server checks its own files")
    if faults := runtime.uow.faults_of_file():
        return Check("database", WRONG, f"its file is damaged: {'; '.join(faults[:3])}", _DAMAGED)
    if runtime.uow.overwritten_is_left:
        sentence = "its file or its journal still has content that was erased"
        return Check("database", WRONG, sentence, "run 'stac record remove-overwritten'")
    return Check("database", OK, "its file is whole")


def _clock(runtime: Runtime) -> Check:
    from engine.services.system.audit import LONG_SILENCE, clock_seen

    seen = clock_seen(uow=runtime.uow, clock=runtime.clock)
    sentence = f"{seen.now:%Y-%m-%d %H:%M} UTC"
    if seen.differs is not None:
        mend = "have it set over the network (NTP); if the server's clock is the wrong one, set that"
        return Check("clock", WRONG, seen.differs, mend)
    if seen.is_behind:
        later = f"{sentence}, and the newest entry of the audit log is of {seen.newest:%Y-%m-%d %H:%M} UTC"
        mend = "set the clock right, else nothing is recorded; if it is right, run 'stac audit accept-clock'"
        return Check("clock", WRONG, later, mend)
    if seen.leaps:
        leap = seen.leaps[0]
        days = f"between {leap.before:%Y-%m-%d} and {leap.at:%Y-%m-%d} (entry {leap.entry})"
        said = f"{sentence}; nothing was recorded {days}"
        return Check("clock", NOTE, said, "if the record was used in between, set the clock right")
    if seen.silent_days > LONG_SILENCE.days:
        said = f"{sentence}; nothing was recorded for {seen.silent_days} days"
        return Check("clock", NOTE, said, "check that the clock is right before you start work")
    return Check("clock", OK, sentence)


def _keys(runtime: Runtime) -> Check:
    from engine.services.system.digest_key import is_half_done
    from engine.services.vault.record_keys import are_noted

    try:
        noted = are_noted(uow=runtime.uow)
        is_changing = is_half_done(uow=runtime.uow, settings=runtime.settings)
    except StacError as error:
        return Check("keys", WRONG, str(error), "put back the key files that belong to this record")
    if noted and is_changing:
        sentence = "a change of the key of the digests was interrupted: the former key is not retired yet"
        return Check("keys", NOTE, sentence, "run 'stac record rotate-key --key digest'; it goes on")
    if noted:
        return Check("keys", OK, "they belong to this record")
    return Check("keys", NOTE, "the record does not know its keys yet", "run 'stac init'")


def _vault(runtime: Runtime) -> Check:
    from engine.services.vault.keys import newest_value_opens, not_under_newest_key

    try:
        is_any = newest_value_opens(uow=runtime.uow)
        left = not_under_newest_key(uow=runtime.uow)
    except StacError as error:
        return Check("vault", WRONG, str(error), "restore the key file that belongs to this record")
    if left:
        sentence = f"{left:,} protected rows are not sealed under the newest key"
        return Check("vault", WRONG, sentence, "run 'stac access vault rotate-key'")
    if runtime.vault_keys.is_rotating:
        sentence = "an old key is still there: a key rotation was interrupted"
        return Check(
            "vault",
            NOTE,
            sentence,
            "run 'stac access vault rotate-key' once more; it goes on where it stopped",
        )
    return Check("vault", OK, "the newest protected value opens" if is_any else "it is empty")


def _runner(runtime: Runtime) -> Iterator[Check]:
    from engine.services.system.outbox import late_by_queue, runners_seen, stale, waiting

    with runtime.uow.unrecorded() as work:
        runners = runners_seen(work, clock=runtime.clock, settings=runtime.settings)
    left = waiting(uow=runtime.uow)
    if runners.alive:
        yield Check("runner", OK, f"{runners.alive_in_words}; flows that wait: {left:,}")
    elif left:
        yield Check("runner", WRONG, f"not alive; flows that wait for it: {left:,}", "start 'stac serve'")
    else:
        mend = "start 'stac serve' before you screen"
        yield Check("runner", NOTE, "not alive; no flow waits for it", mend)
    for since in runners.silent_since if runners.alive else ():
        sentence = f"one of several has given no sign of life since {since:%Y-%m-%d %H:%M} UTC"
        yield Check("runner", WRONG, sentence, "check that machine; another runner continues its work")
    for code, late in late_by_queue(uow=runtime.uow, clock=runtime.clock).items():
        sentence = f"flows that wait too long for the home with the records of {code}: {late}"
        mend = f"name {code} under agencies_here in the settings of that home, and start 'stac serve' there"
        yield Check("queue", WRONG, sentence, mend)
    if lapsed := stale(uow=runtime.uow, clock=runtime.clock):
        yield Check(
            "runner", NOTE, f"{lapsed} flows were begun and did not end", "the next runner takes them"
        )


def _audit(runtime: Runtime) -> Iterator[Check]:
    from engine.services.system import audit, audit_anchors, audit_content

    settings = runtime.settings
    anchors: dict[int, str] = {}
    try:
        anchors = audit_anchors.anchors_kept(uow=runtime.uow, settings=settings)
    except StacError as error:
        yield Check("anchors", WRONG, str(error), "make the place of the audit anchors readable")
    else:
        yield anchor_check(runtime, len(anchors))
    verdict = audit.verify(uow=runtime.uow, anchors=anchors)
    if verdict.first_bad is not None:
        sentence = (
            f"audit log failed verification at entry {verdict.first_bad.entry}: {verdict.first_bad.reason}"
        )
        yield Check("audit", WRONG, sentence, _ALTERED)
        return
    yield Check("audit", OK, f"audit log verified: {verdict.entries:,} entries")
    if missing := audit_content.missing_triggers(uow=runtime.uow):
        sentence = f"missing: {', '.join(missing)}; history can be changed"
        yield Check("triggers", WRONG, sentence, _ALTERED)
    if not audit_content.is_quickly_walked(uow=runtime.uow):
        sentence = "the rows were not compared with the audit log, because there are many"
        yield Check("content", NOTE, sentence, "run 'stac audit verify --content'")
        return
    held = audit_content.verify_content(uow=runtime.uow)
    if held.different:
        sentence = f"{held.different:,} rows differ from the audit log; first {held.differences[0].sentence}"
        yield Check("content", WRONG, sentence, _ALTERED)
    else:
        yield Check("content", OK, f"{held.rows:,} rows match the audit log")


def _agencies(environ: Mapping[str, str]) -> Iterator[Check]:
    with open_runtime(_with_record_if_readable(environ)) as runtime:
        agencies = runtime.agencies
        for line in agencies.unusable:
            yield Check("agency", WRONG, line, "give it a code in lower case, or take it away")
        if not agencies.codes:
            yield Check("agencies", WRONG, "none is installed", "install stac-engine, or an agency, again")
        home = runtime.settings.home
        for code in sorted({*(runtime.settings.agencies_here or ())} - {*agencies.codes}):
            sentence = "agencies_here names it, and it is not installed"
            yield Check(f"agency {code}", WRONG, sentence, "install it, or correct settings.toml")
        for code in agencies.codes:
            fault = agencies.fault(code)
            if agencies.is_suspended(code):
                yield Check(f"agency {code}", NOTE, "suspended by the operator")
            elif fault is not None:
                yield Check(f"agency {code}", WRONG, fault, "fix its files, or suspend it")
            elif not agencies.is_here(code):
                yield Check(f"agency {code}", OK, "its records are in another home")
            elif not (home / "agencies" / code).is_dir():
                yield Check(
                    f"agency {code}", NOTE, "no extract of its records yet", "put its extract in place"
                )
            else:
                yield _agency(runtime, code)
        asked = [code for code in agencies.codes if agencies.is_here(code)]
        if all((home / "agencies" / code).is_dir() or agencies.is_suspended(code) for code in asked):
            for failed in agencies.faults():
                yield Check("agency", WRONG, failed.says, "fix the plugin, or suspend it in settings.toml")


def _with_record_if_readable(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Return the environment with the record, if it has this schema and opens with these keys."""
    try:
        with open_runtime(environ) as runtime:
            state, _, _ = schema_state(runtime)
            if state is SchemaState.RIGHT:
                _ = runtime.suspended.now()
    except (StacError, *_UNREADABLE):
        return without_record(environ)
    return environ if state is SchemaState.RIGHT else without_record(environ)


def _agency(runtime: Runtime, code: str) -> Check:
    version = runtime.agencies.version(code)
    if not runtime.agencies.manifest(code).extract:
        return Check(f"agency {code}", OK, f"version {version}, it has no extract")
    try:
        as_of = runtime.agencies.extract_as_of(code)
    except StacError as error:
        mend = f"give it a new extract, whole, then 'stac agency seal {code}'; or suspend it"
        return Check(f"agency {code}", WRONG, str(error), mend)
    if as_of is None:
        return Check(f"agency {code}", NOTE, "no extract of its records yet", "put its extract in place")
    return Check(f"agency {code}", OK, f"version {version}, extract of {as_of}")


def _room(home: Path) -> Check:
    place = home
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    sentence = f"{free / 1e9:.1f} GB free"
    if free < NO_ROOM:
        return Check("disk", WRONG, sentence, "make room, or move the home folder")
    return Check("disk", NOTE if free < LITTLE_ROOM else OK, sentence)
