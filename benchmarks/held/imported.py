"""What is imported of the software to hold its answers, all in one place: here a moved name is followed.

The command, the pages and the demonstration are loaded by who needs them, for each takes a second.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.clock import SetClock, SystemClock
from engine.synthetic.plants import linked_city

if TYPE_CHECKING:
    from engine.runtime import Runtime

__all__ = ["SetClock", "SystemClock", "linked_city"]
ROOT = Path(__file__).resolve().parents[2]


def command_for(name: str) -> Any:
    """The `stac` application with one command or group."""
    from cli.main import with_only

    return with_only(name)


def command_tree() -> Any:
    """The whole `stac` application as a group of commands."""
    import typer

    from cli.main import app

    return typer.main.get_command(app)


def demonstration_builder() -> tuple[Any, str]:
    """The module that builds the demonstration, and its function that chooses what goes through flows."""
    from cli.demonstration import building

    return building, "_through_flows"


def opened_record(home: Path, clock: SetClock) -> Runtime:
    """The record of a home."""
    from engine.runtime import open_runtime

    return open_runtime({"STAC_HOME": str(home)}, clock=clock)


def sign_in(runtime: Runtime, clock: SetClock, user: str) -> str:
    """The token of a user who signs in to the dashboard."""
    from engine.domain.accounts.sign_ins import SignInWay
    from engine.services.accounts.sign_ins import begin_sign_in

    way, lasts = SignInWay.DEVELOPMENT, runtime.settings.sign_in.lasts
    return begin_sign_in(uow=runtime.uow, clock=clock, name=user, way=way, lasts=lasts)


def dashboard_parts() -> Any:
    """What a visit needs of the dashboard: its script, record, pages by role, and names of headers."""
    from types import SimpleNamespace

    import dashboard
    from dashboard import record
    from dashboard.arrivals import LOCAL
    from dashboard.navigation import PLACES_OF
    from dashboard.pages import Place
    from dashboard.sign_in import COOKIE

    return SimpleNamespace(
        script=Path(dashboard.__file__).with_name("main.py"),
        use=record.use,
        places={role.value: places for role, places in PLACES_OF.items()},
        case=Place.CASE,
        by_reference=(Place.CASE, Place.SCREENING),
        local=LOCAL,
        cookie=COOKIE,
    )


def match_files(files: list[Any], entities: Any) -> tuple[Any, Any]:
    """The proposals for labelled files of persons, and how right they are."""
    from engine.tools.matching.matching import match
    from engine.tools.matching.scores import scores

    found = match(files)
    decided = found.decided
    return found, scores(
        left=decided.left,
        right=decided.right,
        clusters=decided.clusters,
        entities=entities,
        second=found.persons.second,
    )


def register_evidence(one: dict[str, str], other: dict[str, str]) -> tuple[Any, str]:
    """The weight of two described people in the register, of what it is made, and the explanation."""
    from engine.domain.people.persons import PersonDescribed
    from engine.identity.explaining import explained
    from engine.identity.forms import form_of
    from engine.identity.frozen import scored

    def described(row: dict[str, str]) -> PersonDescribed:
        named = {key: row[key] for key in ("forename", "surname") if row.get(key)}
        try:
            return PersonDescribed.model_validate({**named, "date_of_birth": row["date_of_birth"] or None})
        except ValueError:  # a day that there is not, mistyped on purpose
            return PersonDescribed.model_validate(named)

    [found] = scored(form_of(described(one)), [form_of(described(other))])
    return found, explained(found).says
