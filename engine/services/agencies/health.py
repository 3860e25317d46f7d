"""Health of agencies: last answers, lag, failures, suspensions, limits. Shows counts and times, never a case.

Whether an agency is failing or silent is worked out from the clock at every read and never stored.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from importlib import metadata
from pathlib import Path
from statistics import median

from engine.access.policy import May, require
from engine.clock import LONDON, Clock
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.agencies.health import (
    NOT_CHECKED,
    AgencyDiagnosis,
    AgencyFigures,
    AgencyHealth,
    AgencyProblem,
    Diagnostics,
    Enforced,
    Limit,
    Suspension,
    Trouble,
)
from engine.domain.cases.due import CHASE
from engine.domain.errors import InvalidInputError, StacError
from engine.domain.file_faults import why_not
from engine.domain.limits import LimitInForce
from engine.domain.responses.answers import FailureReason
from engine.domain.working_days import EndOfWorkingDay
from engine.hooks.conformance.candidate import Candidate
from engine.hooks.conformance.last_check import last_level
from engine.hooks.discovery import Announced
from engine.hooks.manifest import Manifest
from engine.hooks.registry import Agencies
from engine.hooks.sandbox_checks import enforced
from engine.hooks.seals import ExtractNotWholeError
from engine.services.context import AgencyContext
from engine.settings import SETTINGS_FILE, Settings
from engine.store.unit_of_work import Work

_LONGEST = 600


def health(context: AgencyContext) -> tuple[AgencyHealth, ...]:
    """Return the health of each installed agency, by code."""
    agencies = context.agencies
    require(May.SEE_AGENCY_HEALTH, context.acting)
    context.uow.derive_all()
    with context.reading("see agencies' health") as work:
        work.notes(agencies=len(agencies.codes))
        return tuple(_health(work, context.clock, context.settings, agencies))


def diagnostics(context: AgencyContext) -> Diagnostics:
    """Return the same for a developer, without a person's name and without anything that a person typed."""
    agencies = context.agencies
    require(May.SEE_AGENCY_HEALTH, context.acting)
    context.uow.derive_all()
    with context.reading("download diagnostics") as work:
        work.notes(agencies=len(agencies.codes))
        return Diagnostics(
            at=context.clock.now(),
            software=metadata.version("stac-engine"),
            python=platform.python_version(),
            system=f"{platform.system()} {platform.machine()}",
            database=context.settings.database_url.partition(":")[0],
            counted_over_days=context.settings.agency_figures_over_days,
            runner_seen_at=work.outbox.runner_seen_at(),
            flows_waiting=work.counts.flows_waiting(),
            limits_on_this_machine=limits_here(),
            agencies=tuple(
                _diagnosis(each, agencies.version(each.code))
                for each in _health(work, context.clock, context.settings, agencies)
            ),
        )


def limits_here() -> tuple[LimitInForce, ...]:
    """Return the limits that apply on this machine; each is tried once in a process, in some two seconds."""
    return enforced()


def troubles(
    work: Work, clock: Clock, settings: Settings, agencies: Sequence[AgencyKnown] = ()
) -> tuple[AgencyProblem, ...]:
    """Return the obstacles to agencies' answers, by agency; a part of the worklist.

    An agency that was never asked has no trouble here unless its manifest cannot be used.
    """
    faults = {agency.code: agency.fault for agency in agencies if agency.fault is not None}
    figures = _figures(work, clock)
    suspended = {
        code: suspension
        for code, suspension in work.agencies_watched.suspensions().items()
        if suspension.is_suspended
    }
    codes = sorted({*figures, *suspended, *settings.suspended_agencies, *faults})
    return tuple(
        problem
        for code in codes
        for problem in _troubles_of(
            figures.get(code) or AgencyFigures(agency=code),
            suspended.get(code),
            clock.now(),
            settings,
            faults.get(code),
        )
    )


def _figures(work: Work, clock: Clock) -> dict[str, AgencyFigures]:
    from engine.services.agencies.due import AGENCY_SIGN  # read where figures are, and by few commands

    return work.agency_figures.figures(at=clock.now(), waiting=CHASE, signs=AGENCY_SIGN.name)


def _health(work: Work, clock: Clock, settings: Settings, agencies: Agencies) -> Iterator[AgencyHealth]:
    since = clock.now() - timedelta(days=settings.agency_figures_over_days)
    figures = _figures(work, clock)
    failures = work.agency_figures.failures(since=since)
    hours = work.agency_figures.hours_to_release(since=since)
    suspended = {
        code: suspension
        for code, suspension in work.agencies_watched.suspensions().items()
        if suspension.is_suspended
    }
    for code in agencies.codes:
        manifest = agencies.manifest(code)
        stands = figures.get(code) or AgencyFigures(agency=code)
        dated, extract = _extract(agencies, code)
        yield AgencyHealth(
            code=code,
            figures=stands,
            troubles=tuple(
                _troubles_of(stands, suspended.get(code), clock.now(), settings, agencies.fault(code))
            ),
            suspension=suspended.get(code),
            is_suspended_by_settings=code in settings.suspended_agencies,
            median_hours_to_release=round(median(hours[code]), 1) if code in hours else None,
            failures_by_reason=_most_frequent_first(failures.get(code, {})),
            counted_over_days=settings.agency_figures_over_days,
            extract=extract,
            extract_dated=dated,
            extract_tables=agencies.extract_tables(code) if dated else (),
            contract=manifest.contract,
            level=NOT_CHECKED
            if agencies.fault(code)
            else _level(settings.home, manifest, agencies.place(code)),
            limits=() if agencies.fault(code) else _limits(manifest),
        )


def _troubles_of(
    figures: AgencyFigures,
    suspension: Suspension | None,
    at: datetime,
    settings: Settings,
    fault: str | None = None,
) -> Iterator[AgencyProblem]:
    code, waiting = figures.agency, _requests(figures.waiting)
    if suspension is not None:
        sentence = (
            f"Suspended since {_moment(suspension.at)} by {suspension.by}: no requests are sent; {waiting}."
        )
        yield AgencyProblem(agency=code, trouble=Trouble.SUSPENDED, since=suspension.at, says=sentence)
    elif code in settings.suspended_agencies:
        sentence = f"Suspended by {SETTINGS_FILE}: no requests are sent; {waiting}."
        yield AgencyProblem(agency=code, trouble=Trouble.SUSPENDED, since=None, says=sentence)
    if fault is not None:
        sentence = f"No request can be sent, and {waiting}: {fault}"
        yield AgencyProblem(agency=code, trouble=Trouble.MISCONFIGURED, since=None, says=sentence[:_LONGEST])
    elif figures.is_failing and figures.last_failure is not None and figures.last_failure_at is not None:
        before = (
            (f"its last response was {_moment(figures.last_success_at)}") if figures.last_success_at else ""
        )
        why = (figures.records_fault or figures.last_failure.value).removeprefix(f"{code}: ")
        sentence = (
            f"Its plugin failed when it was last asked, {_moment(figures.last_failure_at)}: {why}; "
            f"{before or 'it has not responded yet'}."
        )
        yield AgencyProblem(
            agency=code, trouble=Trouble.FAILING, since=figures.last_failure_at, says=sentence
        )
    quiet_since = figures.quiet_since
    if quiet_since is not None:
        allowed = settings.agency_is_silent_after_working_days
        if at > EndOfWorkingDay().due(quiet_since, allowed):
            sentence = (
                f"Nothing has been released since {_moment(quiet_since)}, more than {allowed} working days "
                f"ago, and {waiting}."
            )
            yield AgencyProblem(agency=code, trouble=Trouble.SILENT, since=quiet_since, says=sentence)


def _requests(count: int) -> str:
    return f"{count or 'no'} request{'' if count == 1 else 's'} wait{'s' if count == 1 else ''}"


def _extract(agencies: Agencies, code: str) -> tuple[date | None, str]:
    if agencies.fault(code) is not None:
        return None, "not checked"
    if not agencies.manifest(code).extract:
        return None, "not applicable: its plugin reads a system of its own"
    if not agencies.is_here(code):
        return None, "in another home"
    try:
        dated = agencies.extract_as_of(code)
    except ExtractNotWholeError as error:
        return None, f"cannot be relied on: {error}"
    except StacError as error:
        return None, f"cannot be read: {error}"
    except OSError as error:
        return None, f"cannot be opened ({why_not(error)})"
    return dated, f"{dated:%-d %B %Y}" if dated else "no extract yet"


def _level(home: Path, manifest: Manifest, place: Announced) -> str:
    known = last_level(home, manifest.code)
    if known is None:
        return NOT_CHECKED
    try:
        digest = Candidate(announced=place, installed=True).digest()
    except InvalidInputError:
        return f"not known: its files cannot be read; {known.in_words(version=manifest.version)} before"
    return known.in_words(version=manifest.version, digest=digest)


def _limits(manifest: Manifest) -> tuple[Limit, ...]:
    limits = manifest.limits
    no_network = (
        Limit(says="the network, as it declares", enforced=Enforced.DOES_NOT_APPLY)
        if limits.network
        else Limit(says="no network", enforced=_enforced("network"))
    )
    return (
        Limit(
            says=f"{limits.seconds:g} seconds for an answer, then it is stopped", enforced=_enforced("time")
        ),
        Limit(says=f"{limits.answer_mb:g} MB for an answer", enforced=_enforced("size of an answer")),
        Limit(says=f"{limits.memory_mb} MB of memory", enforced=_enforced("memory")),
        no_network,
    )


def _enforced(name: str) -> Enforced:
    for limit in limits_here():
        if limit.name == name:
            return Enforced.YES if limit.enforced else Enforced.NO
    return Enforced.NOT_KNOWN


def _most_frequent_first(counts: Mapping[FailureReason, int]) -> dict[FailureReason, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0].value)))


def _diagnosis(health: AgencyHealth, version: str) -> AgencyDiagnosis:
    return AgencyDiagnosis(
        code=health.code,
        version=version,
        contract=health.contract,
        level=health.level,
        troubles=tuple(problem.trouble for problem in health.troubles),
        figures=health.figures,
        median_hours_to_release=health.median_hours_to_release,
        failures_by_reason=health.failures_by_reason,
        suspended_at=health.suspension.at if health.suspension else None,
        extract_dated=health.extract_dated,
        limits=health.limits,
    )


def _moment(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%-d %B %Y, %H:%M}"
