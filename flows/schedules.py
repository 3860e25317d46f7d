"""The regular work of the background service: what, how often and where. The one table; it does no work.

What the runner does again and again it does at an interval of this table, and ``stac schedule list`` lists
it. No entry can be left out: an operator can change an interval, within bounds, and switch nothing off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.domain.errors import SetupError
from engine.settings import SETTINGS_FILE, Settings

ESCALATIONS, SIGN_OF_LIFE = "escalations", "sign_of_life"
ARRIVALS, COMPARISONS, FLOWS = "arrivals", "comparisons", "flows"
ANCHOR, DAILY_SWEEP, BACKUP = "anchor", "daily_sweep", "backup"
REGISTER = "register"
VERIFICATION = "verification"
COPIES = "copies"
SECTION = "[schedules]"
FIXED, DEFAULT = "fixed", "default"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


class Where(StrEnum):
    """The machines that do a piece of work."""

    EACH = "each machine"
    ONE = "one machine at a time"
    TIMER = "a timer of the machine"


@dataclass(frozen=True, kw_only=True)
class RegularWork:
    """A piece of work. ``default`` is its interval in seconds, from ``setting`` where it has one of its own.

    One that the section may change has bounds, ``least`` and ``most``, in seconds. ``is_duty`` marks what
    protects a person: it is late sooner than anything else, and then 'stac doctor' is wrong.
    """

    name: str
    says: str
    where: Where
    default: Callable[[Settings], int]
    least: int
    most: int
    setting: str | None = None
    may_be_changed: bool = True
    is_duty: bool = False


def _poll(settings: Settings) -> int:
    return settings.runner_poll_seconds


_POLL = "runner_poll_seconds"
TABLE: tuple[RegularWork, ...] = (
    RegularWork(
        name=ESCALATIONS,
        says="Record that an overdue alarm is for the chair too.",
        where=Where.EACH,
        default=_poll,
        setting=_POLL,
        least=1,
        most=_MINUTE,
        is_duty=True,
    ),
    RegularWork(
        name=SIGN_OF_LIFE,
        says="Report that this background service is running.",
        where=Where.EACH,
        default=_poll,
        setting=_POLL,
        least=1,
        most=_MINUTE,
        is_duty=True,
    ),
    RegularWork(
        name=ARRIVALS,
        says="Have new referrals checked by the agencies that do so.",
        where=Where.EACH,
        default=_poll,
        setting=_POLL,
        least=1,
        most=_HOUR,
    ),
    RegularWork(
        name=COMPARISONS,
        says="Compare new person records with those known.",
        where=Where.EACH,
        default=_poll,
        setting=_POLL,
        least=1,
        most=_HOUR,
    ),
    RegularWork(
        name=FLOWS,
        says="Run the flows that wait.",
        where=Where.EACH,
        default=lambda _: 1,
        least=1,
        most=_MINUTE,
    ),
    RegularWork(
        name=REGISTER,
        says="Compare the register of acts with the record, and repeat what the record lacks.",
        where=Where.EACH,
        default=lambda _: _HOUR,
        least=_HOUR,
        most=_HOUR,
        may_be_changed=False,
    ),
    RegularWork(
        name=COPIES,
        says="Copy the record (SQLite), where anything was recorded since the newest copy.",
        where=Where.ONE,
        default=lambda settings: settings.backup.copies_every_minutes * _MINUTE,
        setting="backup.copies_every_minutes",
        least=_MINUTE,
        most=24 * _HOUR,
        may_be_changed=False,
    ),
    RegularWork(
        name=ANCHOR,
        says="Add the latest hash of the audit log to a file elsewhere.",
        where=Where.ONE,
        default=lambda settings: settings.audit.anchor_every_hours * _HOUR,
        setting="audit.anchor_every_hours",
        least=_HOUR,
        most=168 * _HOUR,
        may_be_changed=False,
    ),
    RegularWork(
        name=VERIFICATION,
        says="Verify the audit log, the rows, the keys, the anchors and the age of the newest backup.",
        where=Where.ONE,
        default=lambda _: _DAY,
        least=_DAY,
        most=_DAY,
        may_be_changed=False,
    ),
    RegularWork(
        name=DAILY_SWEEP,
        says="Delete what was stored for long enough, ask for outcomes that are due, and update links.",
        where=Where.ONE,
        default=lambda _: _DAY,
        least=_DAY,
        most=_DAY,
        may_be_changed=False,
        is_duty=True,
    ),
    RegularWork(
        name=BACKUP,
        says="Make a backup of the record ('stac record backup').",
        where=Where.TIMER,
        default=lambda settings: settings.backup.every_hours * _HOUR,
        setting="backup.every_hours",
        least=_HOUR,
        most=744 * _HOUR,
        may_be_changed=False,
    ),
)


@dataclass(frozen=True)
class Schedule:
    """A piece of work with its interval in this home, in seconds, and where the interval comes from."""

    work: RegularWork
    seconds: int
    source: str


def schedules_of(settings: Settings) -> dict[str, Schedule]:
    """Return the interval of each piece of work in this home, by name.

    Raises SetupError for a section with a name or an interval that is none, and for signs of life that are so
    rare that a runner would count as dead between two of them.
    """
    by_name = {work.name: work for work in TABLE}
    for name, seconds in settings.schedules.items():
        if (fault := _fault(by_name, name, seconds)) is not None:
            raise SetupError(f"{SETTINGS_FILE}: schedules: {fault}")
    found = {work.name: _schedule(work, settings) for work in TABLE}
    sign, dead = found[SIGN_OF_LIFE], settings.runner_is_dead_after_seconds
    if sign.source == SECTION and 2 * sign.seconds > dead:
        raise SetupError(
            f"{SETTINGS_FILE}: schedules: {SIGN_OF_LIFE} is {sign.seconds}; give at most {dead // 2}, "
            "half of runner_is_dead_after_seconds"
        )
    if sign.seconds >= dead:
        raise SetupError(
            f"{SETTINGS_FILE}: {_POLL} is {sign.seconds}; give less than {dead}, "
            "which is runner_is_dead_after_seconds"
        )
    return found


def _fault(by_name: Mapping[str, RegularWork], name: str, seconds: object) -> str | None:
    work = by_name.get(name)
    if work is None:
        changeable = ", ".join(each.name for each in TABLE if each.may_be_changed)
        return f"'{name}' is not a regular task; give one of {changeable}"
    if not work.may_be_changed:
        return _elsewhere(work)
    bounds = f"give whole seconds from {work.least} to {work.most}"
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        return f"{name} is not a whole number; {bounds}"
    if not work.least <= seconds <= work.most:
        return f"{name} is {seconds}; {bounds}"
    return None


def _elsewhere(work: RegularWork) -> str:
    if work.setting is None:
        return f"{work.name} has a fixed interval; remove the line"
    section, _, key = work.setting.rpartition(".")
    return f"{work.name} has a setting of its own; give {key} under [{section}]"


def _schedule(work: RegularWork, settings: Settings) -> Schedule:
    chosen = settings.schedules.get(work.name)
    if isinstance(chosen, int):
        return Schedule(work, chosen, SECTION)
    return Schedule(work, work.default(settings), _source(work, settings))


def _source(work: RegularWork, settings: Settings) -> str:
    if work.setting is None:
        return DEFAULT if work.may_be_changed else FIXED
    section, _, key = work.setting.rpartition(".")
    model = getattr(settings, section) if section else settings
    return work.setting if key in model.model_fields_set else DEFAULT
