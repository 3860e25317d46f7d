"""The health of an agency's plugin, only in counts and times. Has no case, no person and no answer."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from engine.domain.agencies.files import TableRows
from engine.domain.base import Code, Frozen, Instant, Sentence
from engine.domain.limits import LimitInForce
from engine.domain.responses.answers import FailureReason

NOT_CHECKED = "not checked"
"""The level of a plugin that has not been put through the conformance suite."""


class Suspension(Frozen):
    """A suspension of an agency, or its end, by a named person with a reason."""

    agency: Code
    is_suspended: bool
    why: Sentence
    by: str
    at: Instant


class ChasedHow(StrEnum):
    """A way to remind an agency."""

    EMAIL = "e-mail"
    TELEPHONE = "telephone"
    IN_PERSON = "in person"
    OTHER = "another way"


class Chase(Frozen):
    """One reminder of an agency about one request."""

    involvement: str
    agency: Code
    how: ChasedHow
    by: str
    at: Instant


class AgencyFigures(Frozen):
    """The record's figures on one agency, in counts and times. ``None`` is "never".

    ``waiting`` counts requests on cases that are still being asked about and that lack a released answer;
    ``overdue`` those of them whose time is over. ``records_fault`` says which file, line and column of the
    agency's extract cannot be read, where that was its last failure. Calls are the plugin's own; answers that
    a person typed do not count.
    """

    agency: Code
    last_success_at: Instant | None = None
    last_failure_at: Instant | None = None
    last_failure: FailureReason | None = None
    records_fault: str | None = None
    last_released_at: Instant | None = None
    oldest_waiting_asked_at: Instant | None = None
    waiting: int = 0
    overdue: int = 0

    @property
    def is_failing(self) -> bool:
        """True if the last call of its plugin failed."""
        if self.last_failure_at is None or self.last_failure is FailureReason.SUSPENDED:
            return False
        return self.last_success_at is None or self.last_failure_at > self.last_success_at

    @property
    def quiet_since(self) -> Instant | None:
        """The time since which requests have waited and nothing was released; None when none waits."""
        if self.oldest_waiting_asked_at is None:
            return None
        if self.last_released_at is None:
            return self.oldest_waiting_asked_at
        return max(self.oldest_waiting_asked_at, self.last_released_at)


class Trouble(StrEnum):
    """An obstacle to an agency's answers. Several may apply at the same time."""

    SUSPENDED = "suspended"
    MISCONFIGURED = "misconfigured"
    FAILING = "failing"
    SILENT = "silent"


class AgencyProblem(Frozen):
    """One trouble of one agency, since when, and a sentence for the person who resolves it."""

    agency: Code
    trouble: Trouble
    since: Instant | None
    says: Sentence


class Enforced(StrEnum):
    """A machine's enforcement of a limit, as trying it showed."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not known"
    DOES_NOT_APPLY = "does not apply"


class Limit(Frozen):
    """One limit of an agency's process, and whether this machine enforces it."""

    says: Sentence
    enforced: Enforced


class AgencyHealth(Frozen):
    """One agency as the agencies page shows it: everything in counts, times and versions."""

    code: Code
    figures: AgencyFigures
    troubles: tuple[AgencyProblem, ...]
    suspension: Suspension | None
    is_suspended_by_settings: bool
    median_hours_to_release: float | None
    failures_by_reason: dict[FailureReason, int]
    counted_over_days: int
    extract: str
    extract_dated: date | None
    extract_tables: tuple[TableRows, ...] = ()
    """Of each table of an extract that is relied on, its rows and those that a person can be found by."""
    contract: str
    level: str
    limits: tuple[Limit, ...]


class AgencyDiagnosis(Frozen):
    """One agency for a person who is to fix it: no name of a person, no reason in free text, no case."""

    code: Code
    version: str
    contract: str
    level: str
    troubles: tuple[Trouble, ...]
    figures: AgencyFigures
    median_hours_to_release: float | None
    failures_by_reason: dict[FailureReason, int]
    suspended_at: Instant | None
    extract_dated: date | None
    limits: tuple[Limit, ...]


class Diagnostics(Frozen):
    """The state of the installation, for a developer: only counts, times and versions."""

    at: Instant
    software: str
    python: str
    system: str
    database: str
    counted_over_days: int
    runner_seen_at: Instant | None
    flows_waiting: int
    limits_on_this_machine: tuple[LimitInForce, ...]
    agencies: tuple[AgencyDiagnosis, ...]
