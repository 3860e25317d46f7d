"""Recency, frequency and harm: three figures apart, by dated configuration. Adds nothing up to one number.

They are not a risk assessment and were never validated; each says so itself. What has no score in the harm
index is reported as having none, and a code with several scores is asked about.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from engine.hooks.v1 import (
    AgencyRecords,
    Finding,
    PartialDate,
    RecordPointer,
    RecordsFault,
    RecordsUnreadableError,
    counted,
    listed,
    number,
    sentence,
    was,
)
from engine.instruments.offences import AskWhich, NotScored, Scored, days_in_words, harm_of, index_name
from plugins.police.records import IncidentRow, OffenceRow
from plugins.police.reports import Reported, as_incidents, pointers_to, within

LABEL = "ranking aid, not a risk assessment; unvalidated"
SETTINGS_FILE, SETTING = "agency-settings.toml", "ranking"

_Coded = tuple[str, str | None]
"""An offence by its code, or without one by its own number, and the number that finds its harm."""


class Windows(BaseModel):
    """From which day on, and over how many days back, the figures are counted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Annotated[str, StringConstraints(min_length=1, max_length=30)]
    in_force_from: date
    frequency_days: Annotated[int, Field(ge=1, le=36_500)]
    harm_days: Annotated[int, Field(ge=1, le=36_500)]


_WINDOWS: TypeAdapter[tuple[Windows, ...]] = TypeAdapter(Annotated[tuple[Windows, ...], Field(min_length=1)])


def windows_of(records: AgencyRecords) -> tuple[Windows, ...]:
    """Return the agency's own configuration, or the plugin's.

    Raises RecordsUnreadableError when it is broken.
    """
    own = records.settings.get(SETTING)
    if own is None:
        return _shipped()
    try:
        return _WINDOWS.validate_python(own)
    except ValidationError:
        raise RecordsUnreadableError(SETTINGS_FILE, RecordsFault.BAD_LINE, column=SETTING) from None


@cache
def _shipped() -> tuple[Windows, ...]:
    text = (files("plugins.police") / "ranking.toml").read_text(encoding="utf-8")
    return _WINDOWS.validate_python(tomllib.loads(text)[SETTING])


def windows_on(windows: Sequence[Windows], on: date) -> Windows | None:
    """Return the configuration whose day came last."""
    begun = [each for each in windows if each.in_force_from <= on]
    return max(begun, key=lambda each: each.in_force_from) if begun else None


def ranking_findings(reported: Reported, windows: Windows | None) -> Iterator[Finding]:
    """Yield the three figures, each with its own finding."""
    if windows is None or not reported.reports:
        return
    yield from _recency(reported, windows)
    yield from _frequency(reported, windows)
    yield from _harm(reported, windows)


def ranking_gaps(reported: Reported, windows: Windows | None) -> Iterator[str]:
    """Yield why there is no figure where one is missing, and who would have to say what."""
    if not reported.reports:
        return
    if windows is None:
        yield "No configuration of recency, frequency and harm applied on the date of the request."
        return
    if not reported.dated:
        yield "No report has a date: recency, frequency and harm are not given."
        return
    asked = _weighed(reported, windows).asked
    if asked:
        yield sentence(
            "a person must say which kind of offence is meant, because the code carries several scores in "
            f"the {index_name()}: {'; '.join(asked)}"
        )


def _recency(reported: Reported, windows: Windows) -> Iterator[Finding]:
    if not reported.dated:
        return
    latest = max(row.happened.latest for row in reported.dated if row.happened)
    newest = [row for row in reported.dated if row.happened and row.happened.latest == latest]
    earliest = max(row.happened.earliest for row in reported.dated if row.happened)
    most, least = (reported.on - earliest).days, max(0, (reported.on - latest).days)
    if most == 0:
        dated = f"on {_day(reported)} itself"
    elif most == least:
        dated = f"{counted(most, 'day')} before {_day(reported)}"
    else:
        dated = f"between {least} and {most} days before {_day(reported)}"
    yield _figure(
        "recency",
        f"the newest report with a date was dated {dated}",
        windows,
        pointers_to(newest),
    )


def _frequency(reported: Reported, windows: Windows) -> Iterator[Finding]:
    if not reported.dated:
        return
    inside, perhaps = within(reported.reports, windows.frequency_days, reported.on)
    count = len(as_incidents(inside))
    unsure = f", and {counted(len(perhaps), 'report')} with no exact date may be of them" if perhaps else ""
    yield _figure(
        "frequency",
        f"{counted(count, 'incident')} {was(count)} reported in the {windows.frequency_days} days to "
        f"{_day(reported)}{unsure}",
        windows,
        pointers_to(inside or reported.dated),
    )


@dataclass(frozen=True, kw_only=True)
class _Weighed:
    """The offences of the window by what the harm index says of them."""

    offences: tuple[OffenceRow, ...]
    scored: tuple[Scored, ...]
    not_scored: tuple[str, ...]
    asked: tuple[str, ...]
    unsure: int


def _harm(reported: Reported, windows: Windows) -> Iterator[Finding]:
    if not reported.dated:
        return
    weighed = _weighed(reported, windows)
    over = f"in the {windows.harm_days} days to {_day(reported)}"
    if not weighed.offences:
        message, records = (
            f"no offence was recorded {over}, so there is no score",
            pointers_to(reported.dated),
        )
    else:
        included = sum(not each.principal for each in weighed.offences)
        of = f", {number(included)} of them included," if included else ""
        total = sum(each.days for each in weighed.scored)
        came = (
            f"came to a score of {days_in_words(total)} by the {index_name()}"
            if weighed.scored
            else f"had no score in the {index_name()}"
        )
        message = (
            f"{counted(len(weighed.offences), 'offence')} recorded {over}{of} {came}{_left_out(weighed)}"
        )
        records = reported.pointers_to_offences(weighed.offences)
    yield _figure("harm", message, windows, records)


def _left_out(weighed: _Weighed) -> str:
    """Return what the figure leaves out: never counted as nought."""
    parts = []
    if weighed.not_scored and weighed.scored:
        parts.append(
            f"{number(len(weighed.not_scored))} had no score and {was(len(weighed.not_scored))} left out"
        )
    if weighed.asked:
        parts.append(
            f"of {counted(len(weighed.asked), 'code')} it must be said which of several scores is meant"
        )
    if weighed.unsure:
        parts.append(f"{number(weighed.unsure)} with no exact date {was(weighed.unsure)} left out")
    return f"; {listed(parts)}" if parts else ""


def _weighed(reported: Reported, windows: Windows) -> _Weighed:
    """Return each offence, once: two reports of one incident that carry the same offence carry it once."""
    inside, perhaps = within(reported.reports, windows.harm_days, reported.on)
    offences = _each_once(reported.offences, inside)
    scored: list[Scored] = []
    not_scored: list[str] = []
    asked: list[str] = []
    for each in offences:
        harm = harm_of(each.code, urn=each.cchi_urn) if each.code else None
        match harm:
            case Scored():
                scored.append(harm)
            case AskWhich():
                asked.append(harm.sentence)
            case NotScored() | None:
                not_scored.append(each.offence_id)
    return _Weighed(
        offences=offences,
        scored=tuple(scored),
        not_scored=tuple(not_scored),
        asked=tuple(dict.fromkeys(asked)),
        unsure=len(_each_once(reported.offences, perhaps)),
    )


def _each_once(
    offences: Mapping[str, Sequence[OffenceRow]], rows: Sequence[IncidentRow]
) -> tuple[OffenceRow, ...]:
    found: list[OffenceRow] = []
    for incident in as_incidents(rows):
        of_incident: dict[tuple[_Coded, int], OffenceRow] = {}
        for row in incident:
            seen: dict[_Coded, int] = {}
            for each in offences[row.incident_id]:
                key = (each.code or each.offence_id, each.cchi_urn)
                seen[key] = seen.get(key, 0) + 1
                of_incident.setdefault((key, seen[key]), each)
        found += of_incident.values()
    return tuple(found)


def _figure(what: str, message: str, windows: Windows, records: tuple[RecordPointer, ...]) -> Finding:
    return Finding(
        key=f"ranking-{what}",
        says=f"{what.capitalize()}: {message} ({LABEL}; configuration {windows.version}).",
        records=records,
    )


def _day(reported: Reported) -> str:
    return PartialDate.of(reported.on).in_words()
