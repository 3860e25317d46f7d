"""An operator's choices. Only ``engine.runtime`` reads them and hands them on; the defaults are ours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator, model_validator

from engine.domain.accounts.acting import Role
from engine.domain.base import Code, Frozen
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.sharing import Regime
from engine.domain.system.json_lines import LogFormat
from engine.key_files import key_from_command

SETTINGS_FILE = "settings.toml"
DEVELOPMENT_SIGN_IN = "STAC_DEVELOPMENT_SIGN_IN"
ANCHORS = "STAC_ANCHORS"
LITTLE_ROOM, NO_ROOM = 5_000_000_000, 500_000_000
"""Bytes free on the disk of the home folder: few, and too few to go on writing."""
BUSY_AFTER_SECONDS = 30
"""A change that others hold up is refused after this, unless an operator chose another number."""


WorkingDaysByTriage = dict[TriageOutcome, Annotated[int, Field(ge=0, le=60)]]
DaysByTriage = dict[TriageOutcome, Annotated[int, Field(ge=1, le=730)]]
_ANSWERS_DUE: WorkingDaysByTriage = {
    TriageOutcome.URGENT: 0,
    TriageOutcome.CONSULTATION: 5,
    TriageOutcome.CONFERENCE: 10,
}
_LATE_ANSWERS_TO_CHAIR: WorkingDaysByTriage = {
    TriageOutcome.URGENT: 0,
    TriageOutcome.CONSULTATION: 2,
    TriageOutcome.CONFERENCE: 2,
}


class ProviderSettings(Frozen):
    """A sign-in provider (OpenID Connect) and what its claims mean here. No secret: its variable's name."""

    metadata: str = Field(
        pattern=r"^(https://|http://(127\.0\.0\.1|localhost)[:/])[^\s]+$",
        description="the address of its openid-configuration",
    )
    client_id: Annotated[str, Field(min_length=1)]
    client_secret_in: str = "STAC_PROVIDER_SECRET"  # noqa: S105  # the name of an environment variable
    name_claim: str = "preferred_username"
    shown_claim: str = "name"
    role_claim: str = "roles"
    agency_claim: str = "agency"
    roles: Annotated[dict[str, Role], Field(min_length=1)]
    agencies: dict[str, Code] = {}


class SignInSettings(Frozen):
    """Way of signing in, and how long a sign-in is valid."""

    address: str | None = Field(
        default=None, pattern=r"^https?://[^/?#\s@]+$", description="as browsers reach the dashboard"
    )
    lasts_hours: Annotated[int, Field(ge=1, le=12)] = 8
    lock_after_idle_minutes: Annotated[int, Field(ge=1, le=480)] = 15
    command_minutes: Annotated[int, Field(ge=5, le=480)] = 60
    provider: ProviderSettings | None = None

    @model_validator(mode="after")
    def _provider_knows_where_to_send_people(self) -> SignInSettings:
        if self.provider is not None and self.address is None:
            raise ValueError("'address' (the redirect URL) is required with a sign-in provider")
        return self

    @property
    def lasts(self) -> timedelta:
        """Longest duration of a sign-in in a browser."""
        return timedelta(hours=self.lasts_hours)

    @property
    def lock_after(self) -> timedelta:
        """After how long without use a sign-in in a browser is over."""
        return timedelta(minutes=self.lock_after_idle_minutes)

    @property
    def command_lasts(self) -> timedelta:
        """Duration of a sign-in at the command."""
        return timedelta(minutes=self.command_minutes)


class ExtractSettings(Frozen):
    """Requirements of an agency's extract before anything is said from it."""

    may_shrink_percent: Annotated[int, Field(ge=0, le=99)] = Field(
        default=10, description="by how much a table may shrink from one extract to the next"
    )
    oldest_days: Annotated[int, Field(ge=1, le=3650)] = 31
    oldest_days_of: dict[Code, Annotated[int, Field(ge=1, le=3650)]] = Field(
        default={}, description="by agency, where an extract comes more or less often"
    )


class AuditSettings(Frozen):
    """Place of the audit chain's head outside the record, and how often it is added there."""

    anchors: Path | None = Field(
        default=None, description="a file elsewhere, which the owner of the database cannot rewrite"
    )
    anchor_command: tuple[str, ...] = Field(
        default=(), description="a command that is given each anchor as a line, to send it elsewhere"
    )
    anchor_every_hours: Annotated[int, Field(ge=1, le=168)] = 24

    security_events: Path | None = Field(default=None, description="a file for security events, JSON lines")

    @property
    def is_anchored(self) -> bool:
        """True if the head is added anywhere on a schedule."""
        return self.anchors is not None or bool(self.anchor_command)

    @property
    def anchor_every(self) -> timedelta:
        """Time for which one anchor is enough."""
        return timedelta(hours=self.anchor_every_hours)

    def anchor_file(self, home: Path) -> Path | None:
        """Return the file; a relative place is one in the home folder."""
        return home / self.anchors if self.anchors is not None else None

    def events_file(self, home: Path) -> Path | None:
        """Return the file of security events; a relative place is one in the home folder."""
        return home / self.security_events if self.security_events is not None else None


class BackupSettings(Frozen):
    """Places of backups, of their keys and of what a restore repeats, and how long a backup is stored."""

    folder: Path | None = Field(default=None, description="a folder elsewhere for backups of the record")
    keys_folder: Path | None = Field(
        default=None, description="another folder, for the keys of the record: not beside the backups"
    )
    key: Path = Field(
        default=Path("keys") / "backup.key", description="the key that seals both; copy it to a third place"
    )
    register_in: Path = Field(
        default=Path("repeated-acts.jsonl"),
        description="a file elsewhere: acts that a restore repeats, such as an erasure",
    )
    kept_days: Annotated[int, Field(ge=1, le=3650)] = Field(
        default=35, description="then a backup and its keys are deleted; the newest stays"
    )
    every_hours: Annotated[int, Field(ge=1, le=744)] = Field(
        default=24, description="'stac doctor' warns when the newest is twice as old"
    )
    copies_every_minutes: Annotated[int, Field(ge=1, le=1440)] = 5

    def key_file(self, home: Path) -> Path:
        """Return the file of the key; a relative place is one in the home folder."""
        return home / self.key

    def register_file(self, home: Path) -> Path:
        """Return the file of the register; a relative place is one in the home folder."""
        return home / self.register_in


class ReviewSettings(Frozen):
    """Settings that bring the review of a plan forward, and what is noticed about places in actions."""

    action_overdue_days: Annotated[int, Field(ge=0, le=365)] = Field(
        default=7, description="an open action is missed when it is overdue for longer"
    )
    quiet_days: Annotated[int, Field(ge=7, le=365)] = Field(
        default=28, description="without a report, after reports had come faster"
    )
    release_ahead_days: Annotated[int, Field(ge=0, le=365)] = Field(
        default=14, description="so long before a planned release from custody a review is due"
    )
    places_named: Annotated[int, Field(ge=2, le=50)] = Field(
        default=3,
        description="places that one person names in actions of one case within 24 hours before it is shown",
    )

    @property
    def action_grace(self) -> timedelta:
        """Longest time that an action is overdue without a review."""
        return timedelta(days=self.action_overdue_days)

    @property
    def quiet(self) -> timedelta:
        """Time without a report that is a reason for a review after an escalation."""
        return timedelta(days=self.quiet_days)

    @property
    def release_ahead(self) -> timedelta:
        """Lead time of the review before a planned release."""
        return timedelta(days=self.release_ahead_days)


_REVIEW_AFTER: DaysByTriage = {
    TriageOutcome.URGENT: 14,
    TriageOutcome.CONSULTATION: 84,
    TriageOutcome.CONFERENCE: 56,
}


WorkingDaysOrOff = Annotated[int, Field(ge=0, le=250)] | Literal["off"]


class OpenWithin(Frozen):
    """Working days from the screening until the conference on a case is to be open, by outcome."""

    conference: WorkingDaysOrOff = 20
    urgent: WorkingDaysOrOff = 5

    @property
    def working_days(self) -> dict[TriageOutcome, int]:
        """The number of days by outcome; one that is off is left out."""
        chosen = {TriageOutcome.CONFERENCE: self.conference, TriageOutcome.URGENT: self.urgent}
        return {outcome: days for outcome, days in chosen.items() if not isinstance(days, str)}


class ConferenceSettings(Frozen):
    """The quorum of a case conference: the chair, and of each group of seats one, present or in writing.

    A decision is offered a date for its review, so many days later by the outcome of screening.
    """

    quorum: tuple[Annotated[tuple[Code, ...], Field(min_length=1)], ...] = Field(
        default=(("investigation",), ("supervision", "treatment"), ("victim-voice",)),
        description="groups of seats, as agencies' manifests name them; of each group one is enough",
    )
    open_within_working_days: OpenWithin = Field(
        default=OpenWithin(),
        description="from the screening: then the chair opens the conference, with responses missing too",
    )
    review_after_days: DaysByTriage = Field(
        default=_REVIEW_AFTER, description="by outcome of screening; one that is left out has its default"
    )

    @field_validator("review_after_days")
    @classmethod
    def _what_is_left_out_stays(cls, chosen: DaysByTriage) -> DaysByTriage:
        return {**_REVIEW_AFTER, **chosen}


class OutcomeSettings(Frozen):
    """Rules for releases of figures over all cases."""

    fewest: Annotated[int, Field(ge=5, le=100)] = Field(
        default=10, description="a figure that counts fewer cases is hidden"
    )
    narrowest: Annotated[int, Field(ge=1, le=100)] = Field(
        default=10, description="a reader of all releases must not work out a hidden figure more closely"
    )
    release_seconds: Annotated[int, Field(ge=1, le=7200)] = Field(
        default=900, description="after this, what is not yet tested is hidden"
    )
    asked_for_years: Annotated[int, Field(ge=1, le=20)] = Field(
        default=5,
        description="after the panel's first decision: agencies are asked for outcomes each quarter",
    )
    return_columns: dict[str, str] = Field(
        default={}, description="names of columns in a return, where a receiver wants others"
    )


_SHARING_BASES: dict[Code, str] = {
    "cda-115": "Crime and Disorder Act 1998, section 115: a power to share, not a duty",
    "agreed": "the person it is about agreed",
    "serious-harm": "a serious risk to a person's life or safety, set against confidence",
}


class CrisisLine(Frozen):
    """Numbers that are given beside 999 where the victim may harm themselves. Check them before use."""

    says: Annotated[str, Field(min_length=1, max_length=200)] = "NHS 111, option 2, or Samaritans on 116 123"
    source: Annotated[str, Field(min_length=1, max_length=200)] = "nhs.uk and samaritans.org"


class Settings(Frozen):
    """Places where things are stored, and the times that a STAC has agreed on."""

    home: Path
    database_url: str
    alarm_within_minutes: Annotated[int, Field(ge=1, le=1440)] = 60
    alarm_owned_hours: Annotated[int, Field(ge=1, le=168)] = Field(
        default=24,
        description="after acknowledging an alarm: then it is everyone's again unless something was done",
    )
    alarm_desk_outside: Annotated[str, StringConstraints(min_length=3, max_length=120)] | None = Field(
        default=None,
        description="name and phone of one contact outside the agencies, for alarms of restricted cases",
    )
    always_answered: Annotated[str, StringConstraints(min_length=3, max_length=120)] | None = Field(
        default=None,
        description="name and phone that are answered at any hour, for the card of an order",
    )
    rejected_rows_kept_days: Annotated[int, Field(ge=1, le=365)] = 30
    standing_words_kept_days: Annotated[int, Field(ge=1, le=3650)] = Field(
        default=365, description="after a saved search has ended: its reason, and the reasons on its alerts"
    )
    busy_after_seconds: Annotated[int, Field(ge=1, le=300)] = Field(
        default=BUSY_AFTER_SECONDS,
        description="how long a change waits for others, in all, before it is refused: the record is busy",
    )
    runner_poll_seconds: Annotated[int, Field(ge=1, le=60)] = 20
    runner_is_dead_after_seconds: Annotated[int, Field(ge=5, le=600)] = 90
    schedules: dict[str, object] = Field(
        default={}, description="seconds from one time to the next, by the name of a regular task"
    )
    answers_due_working_days: WorkingDaysByTriage = _ANSWERS_DUE
    answers_due_after_alarm_working_days: WorkingDaysOrOff = Field(
        default=2,
        description="from when everyone on the case may know of an alarm: it brings open due dates forward",
    )
    late_answers_to_chair_working_days: WorkingDaysByTriage = _LATE_ANSWERS_TO_CHAIR
    agency_is_silent_after_working_days: Annotated[int, Field(ge=1, le=60)] = 5
    agency_figures_over_days: Annotated[int, Field(ge=7, le=730)] = 90
    most_referral_rows: Annotated[int, Field(ge=1)] = 50_000
    log_format: LogFormat = Field(
        default=LogFormat.TEXT, description="of the services' logs: 'json' is one object a line"
    )
    largest_upload_mib: Annotated[int, Field(ge=1, le=128)] = 25
    largest_network_mib: Annotated[int, Field(ge=1, le=128)] = Field(
        default=45, description="the files of a network together, sent from a page"
    )
    seen_before_per_day: Annotated[int, Field(ge=1, le=1000)] = 40
    suspended_agencies: tuple[str, ...] = ()
    agencies_here: tuple[Code, ...] | None = Field(
        default=None, description="the agencies whose records are in this home; without it, all"
    )
    extracts: ExtractSettings = ExtractSettings()
    development_sign_in: bool = False
    sign_in: SignInSettings = SignInSettings()
    audit: AuditSettings = AuditSettings()
    backup: BackupSettings = BackupSettings()
    reviews: ReviewSettings = ReviewSettings()
    conference: ConferenceSettings = ConferenceSettings()
    outcomes: OutcomeSettings = OutcomeSettings()
    ask_about_connections: bool = True
    urgent_look_minutes: Annotated[int, Field(ge=5, le=480)] = 60
    vault_key: Path | None = Field(default=None, description="another place for the key of the vault")
    keys_command: str = Field(
        default="", description="a command that prints the key that is its last argument: digest or vault"
    )
    vault_open_minutes: Annotated[int, Field(ge=1, le=60)] = 15
    vault_ask_hours: Annotated[int, Field(ge=1, le=168)] = 24
    duty_responder: str | None = None
    crisis_line: CrisisLine = CrisisLine()
    sharing_bases: dict[Code, str] = Field(
        default=_SHARING_BASES, description="lawful bases that a release rule may name, by a short code"
    )
    handled_under: dict[Code, Regime] = Field(
        default={}, description="by agency, the law under which it handles personal data in this work"
    )
    professional_standards: dict[str, str] = Field(
        default={}, description="by agency, who is notified when its item was opened for a threat to life"
    )
    passed_to_agencies: tuple[str, ...] = Field(
        default=(), description="names of environment variables that agencies' plugins may read"
    )

    @field_validator("answers_due_working_days", "late_answers_to_chair_working_days")
    @classmethod
    def _what_is_left_out_stays(
        cls, chosen: WorkingDaysByTriage, about: ValidationInfo
    ) -> WorkingDaysByTriage:
        ours = _ANSWERS_DUE if about.field_name == "answers_due_working_days" else _LATE_ANSWERS_TO_CHAIR
        return {**ours, **chosen}

    @property
    def key_file(self) -> Path:
        """Place of the key of the protected digests: never in the database or a backup of it."""
        if self.keys_command:
            return key_from_command(self.keys_command, "digest")
        return self.home / "keys" / "digest.key"

    @property
    def vault_key_file(self) -> Path:
        """Place of the keys of the vault; a relative place is one in the home folder."""
        if self.keys_command:
            return key_from_command(self.keys_command, "vault")
        return self.home / (self.vault_key or Path("keys") / "vault.key")

    @property
    def uploads(self) -> Path:
        """Place of files for the moment while they are read."""
        return self.home / "uploads"


def with_environment(chosen: Mapping[str, object], environ: Mapping[str, str]) -> dict[str, object]:
    """Return the choices of the settings file with those of the environment."""
    found, audit = dict(chosen), chosen.get("audit", {})
    if environ.get(ANCHORS) and isinstance(audit, dict):
        found["audit"] = {"anchors": environ[ANCHORS], **audit}
    if environ.get(DEVELOPMENT_SIGN_IN):
        found["development_sign_in"] = environ[DEVELOPMENT_SIGN_IN] == "1"
    return found
