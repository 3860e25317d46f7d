"""The composition root: the one place that reads the environment, and builds what every use case is given."""

from __future__ import annotations

import os
import shutil
import tempfile
import tomllib
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pydantic import ValidationError

from engine.access.digest_keys import DigestKeys, read_digest_key
from engine.access.digests import VaultKey
from engine.access.sealing import VaultKeys
from engine.clock import Clock, SystemClock, clock_of_record
from engine.domain.accounts.acting import Acting, flow_acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.errors import NeverReleasedError, RecordError, RecordFault, SetupError
from engine.domain.system.json_lines import LogFormat, begin_log_as
from engine.domain.system.server_facts import ServerFacts
from engine.domain.system.submissions import Submission
from engine.links.held_networks import UNUSED, HeldNetworks
from engine.services.agencies.suspension import SuspendedAgencies
from engine.services.cases.due import DueRows
from engine.services.context import AgencyContext
from engine.services.system.older_record import ClosesOlder
from engine.services.system.rejected_requests import Refusals
from engine.services.system.repeated_acts import Register
from engine.services.system.reserve import Reserve
from engine.services.system.security_feed import SecurityFeed
from engine.services.vault.record_keys import KeyGuard, take_keys
from engine.services.vault.typed_text_hooks import as_kept, when_protected, when_typed
from engine.settings import SETTINGS_FILE, ProviderSettings, Settings, with_environment
from engine.store.database import open_database
from engine.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from engine.hooks.registry import Agencies
    from engine.services.links.snapshots import LinkSnapshots

HOME = "STAC_HOME"
DATABASE, PREFECT_DATABASE = "STAC_DATABASE_URL", "STAC_PREFECT_DATABASE_URL"
DEFAULT_HOME = ".stac"
NO_RECORD = "sqlite://"
"""The address of an empty database in memory, for a command that needs no record."""


def home_of(environ: Mapping[str, str]) -> Path:
    """Return the one folder for everything stored: ``STAC_HOME``, else ``.stac`` in the current folder."""
    return Path(environ.get(HOME) or DEFAULT_HOME).absolute()


def settings_of(environ: Mapping[str, str]) -> Settings:
    """Return the operator's choices in ``settings.toml``, with the database's address of the environment."""
    home = home_of(environ)
    chosen = _read_settings(home / SETTINGS_FILE)
    chosen.setdefault("database_url", environ.get(DATABASE) or f"sqlite:///{home / 'stac.db'}")
    chosen = with_environment(chosen, environ)
    try:
        return Settings.model_validate({**chosen, "home": home})
    except ValidationError as error:
        first = error.errors()[0]
        raise SetupError(f"{SETTINGS_FILE}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _read_settings(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise SetupError(
            f"{SETTINGS_FILE} in the home folder cannot be read as TOML; correct or remove it"
        ) from None


def log_format_of(environ: Mapping[str, str]) -> LogFormat:
    """Return the operator's choice of logs; one that cannot be read is reported by what opens the record."""
    with suppress(SetupError):
        return settings_of(environ).log_format
    return LogFormat.TEXT


def begin_log() -> None:
    """Remove references from the log of this process, and write it as the operator chose."""
    begin_log_as(log_format_of(os.environ))


class Runtime:
    """Context of every use case. Agencies and keys are loaded when they are first needed."""

    def __init__(
        self, settings: Settings, *, clock: Clock, environ: Mapping[str, str], needs_schema: bool = True
    ) -> None:
        self.settings, self._environ, self.clock = settings, environ, clock_of_record(clock, settings)
        self._engine = open_database(settings.database_url, busy_after_seconds=settings.busy_after_seconds)
        self.vault_keys, self._digests = VaultKeys(settings.vault_key_file), DigestKeys(settings.key_file)
        self.due = DueRows(settings, lambda: self.agencies_described)
        self.uow = UnitOfWork(
            self._engine,
            self.vault_keys,
            when_typed=when_typed,
            when_protected=when_protected,
            as_kept=as_kept,
            needs_schema=needs_schema,
            first=KeyGuard(settings.key_file, self.vault_keys),
            before_commit=Register(settings, self._digests).note,
            closes=ClosesOlder(settings),
            clock=self.clock,
            derives=self.due,
            before=Reserve(settings).before,
            announce=SecurityFeed(settings),
            version_key=lambda: self.key.for_versions,
        )
        self.refusals = Refusals(self.uow, self.clock, lambda: self.key)
        self.submission: Callable[[], Submission] = Submission  # a page or a command says more of an act
        self.held_networks = HeldNetworks(unused=min(UNUSED, settings.sign_in.lock_after))

    @property
    def key(self) -> VaultKey:
        """The key of the protected digests, as its file has it now."""
        return self._digests.now()

    def context(self, acting: Acting) -> AgencyContext:
        """Return the context for use cases; keys and agencies are loaded when one reaches for them."""
        return AgencyContext(
            uow=self.uow,
            clock=self.clock,
            settings=self.settings,
            acting=acting,
            describe_agencies=lambda: self.agencies_known,
            held_networks=self.held_networks,
            read_key=lambda: self.key,
            vault_keys=self.vault_keys,
            load_agencies=lambda: self.agencies,
            submission=self.submission(),
        )

    @cached_property
    def link_snapshots(self) -> LinkSnapshots:
        """The arrays of the link graph that this process holds."""
        from engine.services.links.snapshots import LinkSnapshots  # loads numpy: a list need not

        return LinkSnapshots(self.settings.home)

    @cached_property
    def agencies(self) -> Agencies:
        """The installed agencies, ready to be asked."""
        from engine.hooks.registry import load_agencies  # loads pluggy: a list or a page need not

        passed = {"PATH", "LANG", *self.settings.passed_to_agencies} & self._environ.keys()
        return load_agencies(
            self.settings.home,
            suspended=self.suspended,
            environment={name: self._environ[name] for name in passed},
            extracts=self.settings.extracts,
            today=self.clock.today,
            here=self.settings.agencies_here,
        )

    @cached_property
    def suspended(self) -> SuspendedAgencies:
        """The agencies that are suspended at this moment; a runtime without a record knows the settings'."""
        has_record = self.settings.database_url != NO_RECORD
        return SuspendedAgencies(self.uow if has_record else None, always=self.settings.suspended_agencies)

    @property
    def agency_codes(self) -> tuple[str, ...]:
        """Every agency that may be suspended: installed ones, and what is suspended and not installed now."""
        return tuple(sorted({*self.agencies.codes, *self.suspended.now()}))

    @property
    def agencies_known(self) -> tuple[AgencyKnown, ...]:
        """Public facts of the installed agencies, by code, and which are suspended now."""
        suspended = self.suspended.now()
        return tuple(
            agency.model_copy(update={"suspended": agency.code in suspended})
            for agency in self.agencies_described
        )

    @cached_property
    def agencies_described(self) -> tuple[AgencyKnown, ...]:
        """The installed agencies as their manifests describe them."""
        if "agencies" in self.__dict__:
            asked = self.agencies
            manifests = [(asked.manifest(code), asked.fault(code)) for code in asked.codes]
        else:
            from engine.hooks.installed import read_installed  # loads none of what an agency is asked with

            installed = read_installed(self.settings.home).agencies
            manifests = [(each.manifest, each.fault) for each in installed.values()]
        from engine.hooks.manifest import releases_by_itself, shown_fields

        return tuple(
            AgencyKnown(
                code=manifest.code,
                name=manifest.name,
                seat=manifest.seat,
                version=manifest.version,
                contact=manifest.contact,
                was_shown=() if fault else shown_fields(manifest),
                fault=fault,
                releases_by_itself=not fault and releases_by_itself(manifest),
            )
            for manifest, fault in manifests
        )

    def close(self) -> None:
        """Let go of the database, of opened networks and of every agency's process."""
        self.held_networks.close()
        if "agencies" in self.__dict__:
            self.agencies.close()
        self.refusals.finish()
        self.uow.close()

    def __enter__(self) -> Runtime:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def has_record(environ: Mapping[str, str]) -> bool:
    """Return whether there is a record to open; a database on a server is taken to be there."""
    url = settings_of(environ).database_url
    return not url.startswith("sqlite:///") or Path(url.removeprefix("sqlite:///")).exists()


def _refuse_empty_file(settings: Settings) -> None:
    """Refuse an empty file: it was a record once, and reads like one that is new."""
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    if settings.database_url.startswith("sqlite:///") and file.is_file() and file.stat().st_size == 0:
        raise RecordError(RecordFault.EMPTY, f"{file.name}, 0 bytes")


def open_runtime(environ: Mapping[str, str] | None = None, *, clock: Clock | None = None) -> Runtime:
    """Return the runtime of an initialised home.

    Raises SetupError, which says what to do, when it is not initialised or is too old.
    """
    environ = os.environ if environ is None else environ
    settings = settings_of(environ)
    if not has_record(environ):
        raise SetupError(f"{settings.home} has no record; run 'stac init' first, or set {HOME}")
    _refuse_empty_file(settings)
    return Runtime(settings, clock=clock or SystemClock(), environ=environ)


def initialise(environ: Mapping[str, str] | None = None, *, clock: Clock | None = None) -> Runtime:
    """Make the home (mode 0700), its keys and its record, or bring an older record up to date.

    Keys are made only for a new record: an existing one is opened with its own, or not at all.
    Raises SetupError with what to fix, and NeverReleasedError for one that no release made.
    """
    from engine.services.people.normal_forms import fill_forms  # only an installation needs these
    from engine.services.system.audit_keys import seal_older
    from engine.store.schema import upgrade

    environ = os.environ if environ is None else environ
    settings = settings_of(environ)
    if settings.key_file.exists():  # without a key no record was ever begun here
        _refuse_empty_file(settings)
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in (settings.key_file.parent, settings.uploads, settings.home / "agencies"):
        each.mkdir(mode=0o700, exist_ok=True)
    runtime = Runtime(settings, clock=clock or SystemClock(), environ=environ)
    try:
        upgrade(runtime._engine)
        take_keys(
            uow=runtime.uow, clock=runtime.clock, digest_file=settings.key_file, vault=runtime.vault_keys
        )
        seal_older(uow=runtime.uow, clock=runtime.clock)
        fill_forms(uow=runtime.uow, clock=runtime.clock)
        runtime.uow.derive_all()
    except BaseException:
        runtime.close()
        raise
    return runtime


@contextmanager
def open_marked(
    settings: Settings, *, environ: Mapping[str, str] | None = None, clock: Clock | None = None
) -> Iterator[AgencyContext]:
    """Open a record that is being restored and cannot be used yet."""
    environ = os.environ if environ is None else environ
    with Runtime(settings, clock=clock or SystemClock(), environ=environ, needs_schema=False) as runtime:
        yield runtime.context(flow_acting("restore the record", "operator"))


def installed_agencies(environ: Mapping[str, str] | None = None) -> Agencies:
    """Return the installed agencies without any record, for what asks nothing about a case.

    Where the home does not exist yet, a temporary one replaces it, which is gone when these agencies are.
    """
    from engine.hooks.registry import load_agencies  # loads pluggy: a list or a page need not

    environ = os.environ if environ is None else environ
    settings = settings_of(environ)
    if is_new := not (home := settings.home).is_dir():
        home = Path(tempfile.mkdtemp(prefix="stac-"))
    passed_on = {"PATH", "LANG", *settings.passed_to_agencies}
    try:
        agencies = load_agencies(
            home,
            suspended=settings.suspended_agencies,
            environment={name: environ[name] for name in passed_on if name in environ},
            extracts=settings.extracts,
        )
    except BaseException:
        if is_new:
            shutil.rmtree(home, ignore_errors=True)
        raise
    if is_new:
        weakref.finalize(agencies, shutil.rmtree, home, ignore_errors=True)
    return agencies


class ProviderAccess(NamedTuple):
    """The dashboard's access to a provider: never shown, never stored."""

    settings: ProviderSettings
    back_to: str
    secret: str
    cookie_secret: str

    def __repr__(self) -> str:
        return "ProviderAccess(...)"


def provider_access(environ: Mapping[str, str] | None = None) -> ProviderAccess | None:
    """Return the access to the sign-in provider that this home names; None where it names none.

    The key of the dashboard's cookies is made from the home's own key: several processes have the same.
    """
    environ = os.environ if environ is None else environ
    settings = settings_of(environ)
    provider, address = settings.sign_in.provider, settings.sign_in.address
    if provider is None or address is None:
        return None
    secret = environ.get(provider.client_secret_in)
    if not secret:
        raise SetupError(f"set the environment variable {provider.client_secret_in}: the provider's secret")
    return ProviderAccess(provider, address, secret, read_digest_key(settings.key_file).for_cookies)


def prefect_server_facts(environ: Mapping[str, str]) -> ServerFacts | None:
    """Return what the database server of the Prefect server says; None where that has a file of its own."""
    if not (url := environ.get(PREFECT_DATABASE)):
        return None
    from engine.store.server_facts import server_facts  # only the operator's checks ask

    engine = open_database(url)
    try:
        return server_facts(engine)
    finally:
        engine.dispose()


class SchemaState(StrEnum):
    """A record's state against the schema of this software."""

    RIGHT = "right"
    EMPTY = "empty"
    OLDER = "older"
    NEWER = "newer"
    RESTORING = "restoring"
    MOVING = "moving"
    MOVED = "moved"


def schema_state(runtime: Runtime) -> tuple[SchemaState, str | None, str]:
    """Return the record's state, its revision, and the revision that this software needs.

    Raises SetupError when the database cannot be read, and NeverReleasedError for one that no release made.
    """
    from engine.store.record_state import MARKS, NEVER_RELEASED, revision_needed
    from engine.store.schema import revision_of

    there, needed = revision_of(runtime._engine), revision_needed()
    if there in NEVER_RELEASED:
        raise NeverReleasedError(there)
    if there is None or there == needed:
        return (SchemaState.EMPTY if there is None else SchemaState.RIGHT), there, needed
    if (mark := there.partition(" ")[0]) in MARKS:  # a move has a number after it
        return SchemaState(mark), there, needed
    return (SchemaState.OLDER if there < needed else SchemaState.NEWER), there, needed
