"""The demonstration as a command: in a home of its own, safe to run again and twice at once."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from cli.options import AsJson
from cli.output import print_json, say
from cli.session import answering
from engine.domain.errors import SetupError
from engine.domain.file_faults import why_not

if TYPE_CHECKING:
    from cli.demonstration.to_try import ToTry

SEED, REFERRALS = 7, 500
_MOST = 20_000
_BUILDING, _FINISHED = "building", "finished"
_NOTE = "demo/made-by-demo.json"
_PORT = 8501
_SETTINGS = """\
development_sign_in = true

[handled_under]
police = "Data Protection Act 2018, Part 3"
probation = "Data Protection Act 2018, Part 3"
health = "UK GDPR"
advocacy = "UK GDPR"
"""


class _Made(NamedTuple):
    """The demonstration of a home, as its note has it."""

    seed: int
    referrals: int
    state: str
    to_try: list[ToTry] | None = None


def demo(
    headless: Annotated[
        bool, typer.Option("--headless", help="Print a summary; start no dashboard.")
    ] = False,
    seed: Annotated[
        int | None, typer.Option(help=f"The number of another invented London; default: {SEED}.")
    ] = None,
    referrals: Annotated[
        int | None, typer.Option(min=20, max=_MOST, help=f"Number of referrals; default: {REFERRALS}.")
    ] = None,
    home: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The home folder to build; default: STAC_HOME or .stac."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Build an invented London and open its dashboard.

    Example: stac demo --headless --referrals 30 --home demonstration
    """
    with answering(as_json):
        from engine.runtime import home_of

        environ = dict(os.environ)
        if home is not None:
            environ["STAC_HOME"] = str(home.absolute())
        place = home_of(environ)
        if place.exists():
            _refuse_a_real_record(place, environ)  # before anything is made there
        with _one_at_a_time(place, quiet=as_json):
            made = _built(place, environ, seed=seed, referrals=referrals, quiet=as_json)
        if headless:
            _show_summary(place, environ, made, as_json)
    if not headless:
        from cli.system.serving import serve_home

        serve_home(environ, as_json=as_json, on_served=lambda address: _say_what_to_try(made, address))


def _built(
    place: Path, environ: dict[str, str], *, seed: int | None, referrals: int | None, quiet: bool
) -> _Made:
    """Return the demonstration of this home, built unless it is there."""
    from engine.runtime import initialise

    there = _read_note(place)
    if there is not None and there.state == _FINISHED:
        if seed not in {None, there.seed} or referrals not in {None, there.referrals}:
            raise SetupError("this home holds another demonstration; give --home for a new one")
        initialise(environ).close()
        if not quiet:
            held = f"seed {there.seed}, {there.referrals:,} referrals"
            say(f"the demonstration in {place} is there already: {held}")
        return there
    _refuse_a_real_record(place, environ)
    if there is not None:
        _clear_away(place, environ)
    made = _Made(SEED if seed is None else seed, referrals or REFERRALS, _BUILDING)
    _write_note(place, made)
    if not quiet:
        say(f"building an invented London in {place}")
    settings = place / "settings.toml"
    if not settings.exists():
        settings.write_text(_SETTINGS, encoding="utf-8")
    from cli.bars import bars
    from cli.demonstration.building import build, first_clock

    with initialise(environ, clock=first_clock()) as runtime, bars(quiet=quiet) as shown:
        to_try = build(runtime, seed=made.seed, referrals=made.referrals, bars=shown)
    finished = made._replace(state=_FINISHED, to_try=to_try)
    _write_note(place, finished)
    return finished


def _refuse_a_real_record(place: Path, environ: dict[str, str]) -> None:
    """Refuse a home with a record that the demonstration did not make. Changes nothing."""
    from engine.runtime import open_runtime, schema_state

    if _read_note(place) is not None:
        return
    if not _is_in_home(place, environ):
        with open_runtime(environ) as runtime:
            is_there = schema_state(runtime)[1] is not None
    else:
        is_there = (place / "stac.db").exists()
    if is_there:
        raise SetupError("there is a record that no demonstration made; give --home for a new one")


def _is_in_home(place: Path, environ: dict[str, str]) -> bool:
    """Return whether the record is a file of the home, and not a database elsewhere."""
    from engine.runtime import settings_of

    return settings_of(environ).database_url == f"sqlite:///{place / 'stac.db'}"


def _clear_away(place: Path, environ: dict[str, str]) -> None:
    """Remove what an interrupted demonstration left, to build it again."""
    if not _is_in_home(place, environ):
        raise SetupError("an earlier demonstration was interrupted in this database; give an empty one")
    for file in (*place.glob("stac.db*"), *place.glob("repeated-acts*.jsonl")):
        file.unlink()
    for folder in ("agencies", "prefect", "demo/referrals"):
        shutil.rmtree(place / folder, ignore_errors=True)


@contextmanager
def _one_at_a_time(place: Path, *, quiet: bool) -> Iterator[None]:
    """Make a second caller wait, which then finds the demonstration finished."""
    folder = _folder(place)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not quiet:
                say("another 'stac demo' is building here; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _folder(place: Path) -> Path:
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = place / "demo"
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise SetupError(f"the home folder cannot be made or written ({why_not(error)})") from None
    return folder


def _read_note(place: Path) -> _Made | None:
    try:
        return _Made(**json.loads((place / _NOTE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _write_note(place: Path, made: _Made) -> None:
    note = place / _NOTE
    aside = note.with_suffix(".new")
    aside.write_text(json.dumps(made._asdict()), encoding="utf-8")
    aside.replace(note)


def _show_summary(place: Path, environ: dict[str, str], made: _Made, as_json: bool) -> None:
    from cli.accounts.sign_in import acting_now
    from engine.runtime import open_runtime
    from engine.services.outcomes.summary import summary

    with open_runtime(environ) as runtime:
        acting = acting_now(runtime, "demo", "demonstration")
        counted = summary(runtime.context(acting))
    if as_json:
        print_json({"home": str(place), "seed": made.seed, **counted.model_dump(mode="json")})
        return
    from cli.demonstration.summary import draw_summary

    draw_summary(counted)
    say(f"start the dashboard: STAC_HOME={place} stac serve --port {_PORT}")
    _say_what_to_try(made, f"http://127.0.0.1:{_PORT}")


def _say_what_to_try(made: _Made, dashboard: str) -> None:
    from cli.demonstration.to_try import lines_to_try

    for line in lines_to_try(made.to_try or (), dashboard=dashboard):
        say(line)
