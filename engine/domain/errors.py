"""The errors of the whole engine, by what the caller would do about them.

StacError
├── NotFoundError            it does not exist, or the caller may not know of it
├── NotPermittedError        the caller may not do this
├── IllegalTransitionError   not from this state; says what is allowed
├── StillNeededError         a plan cannot be approved yet; says everything that is still needed
├── InvalidInputError        the input is wrong; says which part and what to give instead
│   └── WorkbookUnconfirmedError  a workbook hides what its cells show: ask a person, then read it
├── ConflictError            another person changed it first; nothing was written
│   └── AgendaChangedError   the agenda or the screen of a conference changed meanwhile: choose again
├── SignInError              the credentials are wrong; does not say whether there is such a user
│   └── NewPasswordError     the password is right and must be changed first
├── SetupError               the installation lacks something; says what to fix
│   ├── ClockError           the clock is behind the audit log
│   ├── MachineClockError    the clock differs too much from the database server's
│   └── RecordError          the record's database failed: busy, full, read-only, ...
│       └── NeverReleasedError   the record was made by a version that was never released
└── PluginError              an agency's plugin is at fault
    └── HookResultError      a hook gave an answer that its specification does not allow

Messages carry ids only: never a name, an address or free text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from engine.clock import LONDON


class StacError(Exception):
    """The root of every error that a caller of the engine may want to answer."""


class NotFoundError(StacError):
    """An error for a thing that does not exist, or that the caller may not know of.

    ``among`` names a file that is the caller's own, so that it can be said not to contain it.
    """

    def __init__(
        self, kind: str, key: str, *, instead: str = "check the reference", among: str | None = None
    ) -> None:
        self.kind, self.key = kind, key
        sentence = (
            (f"you cannot view {kind} {key}, or it does not exist")
            if among is None
            else f"{among} has no {kind} {key}"
        )
        super().__init__(f"{sentence}; {instead}")


class NotPermittedError(StacError):
    """An error for a known caller who may not do this; another person may."""

    def __init__(self, act: str, *, who_may: str) -> None:
        self.act, self.who_may = act, who_may
        super().__init__(f"you may not {act}; {who_may} may")


_ACT_REFUSED = {
    "screen": "it cannot be screened",
    "step up": "it cannot be stepped up",
    "record safeguarding": "no safeguarding of today can be recorded",
    "ask agencies": "agencies cannot be asked",
    "note that the answers are in": "it cannot be noted that all agencies responded",
    "ask for actions": "agencies cannot be asked for actions",
    "open conference": "its conference cannot be opened",
    "decide": "no decision can be recorded",
    "start urgent safety action": "no urgent safety action can be started",
    "plan": "its plan cannot be written or changed",
    "approve plan": "its plan cannot be approved",
    "end consultation": "there is no consultation to end",
    "exit": "there is no delivery to end",
    "close": "it cannot be closed",
}
"""By the act of the table of moves: the refusal, in words."""


class IllegalTransitionError(StacError):
    """An error for an act that the involvement's state does not allow; ``instead`` says what to do."""

    def __init__(
        self, reference: str, state: str, act: str, allowed: Iterable[str], *, instead: str | None = None
    ) -> None:
        self.reference, self.state, self.act = reference, state, act
        self.allowed = tuple(sorted(allowed))
        said = f"involvement {reference} is '{state}', so {_ACT_REFUSED.get(act, f'no {act} is possible')}"
        offer = f"allowed now: {', '.join(self.allowed) or 'nothing; a new referral opens a new one'}"
        super().__init__(f"{said}; {offer}. {instead}" if instead else f"{said}; {offer}")


class StillNeededError(StacError):
    """An error for the approval of a plan that still needs something: all of it, one sentence each."""

    def __init__(self, reference: str, version: int, needed: Iterable[str]) -> None:
        self.reference, self.version, self.needed = reference, version, tuple(needed)
        super().__init__(
            f"version {version} of the plan of {reference} cannot be approved yet. {' '.join(self.needed)} "
            "Urgent safety actions do not wait for this."
        )


class InvalidInputError(StacError):
    """An error for wrong input; the message says which part and what to give instead."""

    def __init__(self, part: str, reason: str) -> None:
        self.part, self.reason = part, reason
        super().__init__(f"{part}: {reason}")


class WorkbookUnconfirmedError(InvalidInputError):
    """A workbook that hides what its cells show; a person must view it and confirm how it is read.

    ``dates`` is how many dates there are by column.
    """

    def __init__(self, dates: Mapping[str, int]) -> None:
        self.dates = dict(dates)
        listed = ", ".join(f"{column} ({count:,})" for column, count in self.dates.items())
        super().__init__(
            "file",
            "an .xls, .xlsb or .ods workbook hides what its cells show: a cell with an error is read as "
            "blank, a formula as it was last saved, and every date without its time; its dates are in "
            f"{listed or 'no column'}; check it and confirm that this is right, or save it as .xlsx",
        )


@dataclass(frozen=True)
class Side:
    """One of two who changed the same thing: who, when, and the version that it made or was made on.

    What has no versions, such as the opening of a conference, has None.
    """

    by: str
    at: datetime
    version: int | None = None

    @property
    def when(self) -> str:
        """The instant, to the second."""
        return f"{self.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


class ConflictError(StacError):
    """An error for a change that another person made first; nothing of this caller's was written.

    ``did`` is what both did, where it makes no version. Without sides nothing is known of the other, but that
    they wrote the same row at the same moment.
    """

    def __init__(
        self, kind: str, key: str, *, yours: Side | None = None, theirs: Side | None = None, did: str = ""
    ) -> None:
        self.kind, self.key, self.yours, self.theirs, self.did = kind, key, yours, theirs, did
        then = "read the newest version and make your change again"
        if yours is None or theirs is None:
            sentence = "another user recorded the same thing at the same moment; your change was not recorded"
        elif theirs.version is None:
            sentence = (
                f"{theirs.by} recorded '{did}' at {theirs.when}; yours, by {yours.by} at {yours.when}, was "
                "not recorded"
            )
            then = "read what is recorded before you go on"
        else:
            sentence = (
                f"{theirs.by} recorded version {theirs.version} at {theirs.when}; yours, by {yours.by} at "
                f"{yours.when}, was made on version {yours.version} and was not recorded"
            )
        super().__init__(f"{kind} {key}: {sentence}; {then}")


class AgendaChangedError(ConflictError):
    """An error for a choice that was made on an agenda or a screen that has changed since."""

    def __init__(self, conference: str, *, at: datetime | None, on_screen: str | None = None) -> None:
        super().__init__("conference", conference)
        self.at, self.on_screen = at, on_screen

    def __str__(self) -> str:
        if self.on_screen is not None:
            return f"{self.on_screen} Choose again."
        when = f" at {self.at.astimezone(LONDON):%H:%M}" if self.at is not None else ""
        return f"The agenda changed{when}. Choose again."


class SignInError(StacError):
    """An error for a sign-in with wrong or ended credentials."""


class NewPasswordError(SignInError):
    """An error for a right password that must be changed before anything else."""

    def __init__(self) -> None:
        super().__init__("this password works only once; choose your own to continue")


class SetupError(StacError):
    """An error for an installation that lacks something; the message says what to fix."""


class RecordFault(StrEnum):
    """The reason why the record's database failed."""

    BUSY = "busy"
    FULL = "disk full"
    READ_ONLY = "read-only"
    SCHEMA = "not at the schema"
    AWAY = "not reached"
    DAMAGED = "damaged"
    UNREADABLE = "a value cannot be read"
    EMPTY = "empty file"
    OLDER = "older than an anchor"
    FAILED = "failed"


_SAID_OF: dict[RecordFault, str] = {
    RecordFault.BUSY: "the record is busy with other work; try again in a minute",
    RecordFault.FULL: "the disk is full; make room on the disk that holds the record, then try again",
    RecordFault.READ_ONLY: (
        "the record is read-only, and each view of a case must be logged in it; give the user who runs "
        "this program write permission on the home folder and its database"
    ),
    RecordFault.SCHEMA: (
        "the record is not at the schema of this version; run 'stac doctor', and 'stac init' to bring an "
        "older record up to date"
    ),
    RecordFault.AWAY: (
        "the record could not be reached; check STAC_DATABASE_URL and that its server or its folder is "
        "there, and run 'stac doctor'"
    ),
    RecordFault.DAMAGED: (
        "the file of the record is damaged or is not a database; keep a copy of it, restore a backup, and "
        "run 'stac doctor'"
    ),
    RecordFault.UNREADABLE: (
        "a value in the record cannot be read; stop work on it, make a copy of it, and run "
        "'stac audit verify --content', which names the row"
    ),
    RecordFault.EMPTY: (
        "the file of the record is empty; restore a backup or, if there was no record, remove the file "
        "and run 'stac init'"
    ),
    RecordFault.OLDER: (
        "the record is older than an anchor of its audit log: it was put back, so only alarms are open; an "
        "operator runs 'stac doctor' and 'stac record repeat-acts'"
    ),
    RecordFault.FAILED: "the record's database failed; run 'stac doctor', and report this line",
}


class RecordError(SetupError):
    """A failure of the record's database; nothing of this use case was written.

    ``kind`` is the database's own name for the fault; its text would show what was being written.
    """

    def __init__(
        self, fault: RecordFault, kind: str, *, done: str | None = None, instead: str | None = None
    ) -> None:
        self.fault, self.kind, self.done = fault, kind, done
        said = _SAID_OF[fault].partition(";")[0] if instead and fault is RecordFault.BUSY else _SAID_OF[fault]
        super().__init__(
            "; ".join(filter(None, (f"{said} ({kind})", done or "nothing was written", instead)))
        )

    @property
    def may_pass(self) -> bool:
        """True if the same may succeed a little later, in this process too."""
        return self.fault in {RecordFault.BUSY, RecordFault.AWAY, RecordFault.OLDER}

    def after(self, done: str, *, instead: str | None = None) -> RecordError:
        """Return the same fault, where a part had been written before; ``done`` says which.

        ``instead`` says what to do in place of trying again; what another fault asks for is said too.
        """
        return RecordError(self.fault, self.kind, done=done, instead=instead)


class NeverReleasedError(RecordError):
    """A record made by a version that was never released, and that no version brings up to date."""

    def __init__(self, revision: str) -> None:
        super().__init__(RecordFault.SCHEMA, revision)

    def __str__(self) -> str:
        return "This record was made by a version that was not released. Run `stac demo` in a new folder."


class ClockError(SetupError):
    """A clock of this machine that is behind the audit log; nothing was recorded."""

    def __init__(self, *, now: datetime, newest: datetime) -> None:
        self.now, self.newest = now, newest
        here, there = (f"{each.astimezone(UTC):%Y-%m-%d %H:%M} UTC" for each in (now, newest))
        super().__init__(
            f"this machine's clock says {here}, and the newest entry of the audit log is of {there}; nothing "
            "was recorded. Set the clock right. If that entry was made by a wrong clock, an operator runs "
            "'stac audit accept-clock'"
        )


class MachineClockError(SetupError):
    """A clock of this machine that differs too much from its database server's; nothing was recorded."""

    def __init__(self, ahead: timedelta) -> None:
        self.ahead = ahead
        minutes = round(abs(ahead).total_seconds() / 60)
        where = "ahead of" if ahead > timedelta() else "behind"
        super().__init__(
            f"this machine's clock is {minutes:,} minutes {where} that of the database server; nothing was "
            "recorded here, and other machines go on. Set this machine's clock, or have it set over the "
            "network (NTP). If the server's clock is the wrong one, set that"
        )


class PluginError(StacError):
    """An error for a fault of an agency's plugin, not of the record or the caller."""

    def __init__(self, agency: str, reason: str) -> None:
        self.agency, self.reason = agency, reason
        super().__init__(f"{agency}: {reason}")


class HookResultError(PluginError):
    """An answer of a hook that its specification does not allow."""

    def __init__(self, agency: str, hook: str, reason: str) -> None:
        self.hook = hook
        super().__init__(agency, f"{hook} {reason}")
