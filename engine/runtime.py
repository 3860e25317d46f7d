"""The composition root: reads the environment, and builds what every use case is given. Nobody else does."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

from pydantic import ValidationError

from engine.clock import Clock, SystemClock
from engine.domain.agencies import AgencyKnown
from engine.domain.errors import SetupError
from engine.services.vault import VaultKey
from engine.settings import SETTINGS_FILE, Settings
from engine.store.database import open_database
from engine.store.unit_of_work import UnitOfWork

HOME = "STAC_HOME"
DATABASE = "STAC_DATABASE_URL"
DEVELOPMENT_SIGN_IN = "STAC_DEVELOPMENT_SIGN_IN"
DEFAULT_HOME = ".stac"


def home_of(environ: Mapping[str, str]) -> Path:
    """The one folder for everything kept: ``STAC_HOME``, else ``.stac`` in the current folder."""
    return Path(environ.get(HOME) or DEFAULT_HOME).absolute()


def settings_of(environ: Mapping[str, str]) -> Settings:
    """The operator's choices from ``settings.toml``, and the database's address from the environment."""
    home = home_of(environ)
    chosen = _read_settings(home / SETTINGS_FILE)
    chosen.setdefault("database_url", environ.get(DATABASE) or f"sqlite:///{home / 'stac.db'}")
    if environ.get(DEVELOPMENT_SIGN_IN):
        chosen["development_sign_in"] = environ[DEVELOPMENT_SIGN_IN] == "1"
    try:
        return Settings.model_validate({**chosen, "home": home})
    except ValidationError as error:
        first = error.errors()[0]
        part = ".".join(str(step) for step in first["loc"])
        raise SetupError(f"{SETTINGS_FILE}: {part}: {first['msg']}") from None


def _read_settings(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise SetupError(
            f"{SETTINGS_FILE} in the home folder cannot be read as TOML; mend or remove it"
        ) from None


class Runtime:
    """What every use case is given. Agencies and keys are loaded when they are first needed."""

    def __init__(self, settings: Settings, *, clock: Clock, environ: Mapping[str, str]) -> None:
        self.settings = settings
        self.clock = clock
        self._environ = environ
        self._engine = open_database(settings.database_url)
        self.uow = UnitOfWork(self._engine)

    @cached_property
    def key(self) -> VaultKey:
        """The key of the protected digests."""
        try:
            return VaultKey(self.settings.key_file.read_bytes())
        except FileNotFoundError:
            raise SetupError(
                "the key of the protected values is missing from the home folder; "
                "restore it from where keys are kept"
            ) from None

    @cached_property
    def agencies(self) -> Any:
        """The installed agencies, ready to be asked (``engine.hooks.registry.Agencies``)."""
        from engine.hooks.registry import load_agencies  # loads pluggy: a list or a page need not

        passed = {
            name: self._environ[name] for name in self.settings.passed_to_agencies if name in self._environ
        }
        base = {name: self._environ[name] for name in ("PATH", "LANG") if name in self._environ}
        return load_agencies(
            self.settings.home, suspended=self.settings.suspended_agencies, environment={**base, **passed}
        )

    @cached_property
    def agencies_known(self) -> tuple[AgencyKnown, ...]:
        """What everybody may know of the installed agencies, by code."""
        agencies = self.agencies
        known = []
        for code in agencies.codes:
            manifest = agencies.manifest(code)
            known.append(
                AgencyKnown(
                    code=code,
                    name=manifest.name,
                    seat=manifest.seat,
                    version=agencies.version(code),
                    contact=manifest.contact,
                    suspended=code in self.settings.suspended_agencies,
                    was_shown=agencies.was_shown(code),
                )
            )
        return tuple(known)

    def close(self) -> None:
        """Let go of the database and of every agency's process."""
        if "agencies" in self.__dict__:
            self.agencies.close()
        self.uow.close()

    def __enter__(self) -> Runtime:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_runtime(environ: Mapping[str, str] | None = None, *, clock: Clock | None = None) -> Runtime:
    """The runtime of an initialised home; a SetupError says what to do when it is not, or is too old."""
    environ = os.environ if environ is None else environ
    settings = settings_of(environ)
    is_file = settings.database_url.startswith("sqlite:///")
    if is_file and not Path(settings.database_url.removeprefix("sqlite:///")).exists():
        raise SetupError(f"there is no record in {settings.home}; run 'stac init' first, or set {HOME}")
    runtime = Runtime(settings, clock=clock or SystemClock(), environ=environ)
    return runtime


def initialise(environ: Mapping[str, str] | None = None, *, clock: Clock | None = None) -> Runtime:
    """Make the home (mode 0700), its keys and its record, or bring an older record up to date."""
    from engine.store.schema import upgrade  # loads alembic: only an installation needs it

    environ = os.environ if environ is None else environ
    settings = settings_of(environ)
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    for folder in (settings.key_file.parent, settings.uploads, settings.home / "agencies"):
        folder.mkdir(mode=0o700, exist_ok=True)
    _make_key(settings.key_file)
    runtime = Runtime(settings, clock=clock or SystemClock(), environ=environ)
    upgrade(runtime._engine)
    return runtime


def schema_state(runtime: Runtime) -> tuple[str | None, str]:
    """The revision at which the record stands, and the one that this software needs."""
    from engine.store.schema import newest_revision, revision_of

    return revision_of(runtime._engine), newest_revision()


def _make_key(file: Path) -> None:
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "wb") as out:
        out.write(secrets.token_bytes(32))
