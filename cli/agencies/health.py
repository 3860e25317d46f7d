"""Installed agencies: who they are and their status, suspending and resuming one, chasing an answer."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from cli.input_files import one_of
from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.output import print_json, say
from cli.session import Answer, Desk, agencies_only, answering, at_desk, record_only

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.agencies.directory import AgencyKnown
    from engine.domain.agencies.health import AgencyHealth, Suspension
    from engine.domain.limits import LimitInForce

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

WITHOUT_USER = "add --as USER to see the status of each agency"
WITHOUT_RECORD = "no record exists yet, so the status of each agency is unknown"


AgencyCode = Annotated[
    str, typer.Argument(metavar="CODE", help="The agency's code, as 'stac agency list' lists it.")
]


def list_(
    diagnostics: Annotated[
        bool,
        typer.Option(
            "--diagnostics", help="Print their status in JSON, for a developer: no person and no case."
        ),
    ] = False,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """List the installed agencies and, for a user of the record, their status.

    Example: stac agency list
    """
    if diagnostics:
        _print_diagnostics(user, purpose, as_json)
        return
    with answering(as_json):
        from engine.runtime import has_record

        there = has_record(os.environ)
    health: tuple[AgencyHealth, ...] | None = None
    suspended: dict[str, Suspension] = {}
    limits: tuple[LimitInForce, ...] = ()
    if not there:
        with agencies_only(as_json) as runtime:
            known = runtime.agencies_known
    else:
        from engine.services.agencies.suspension import suspensions

        if user:
            with at_desk(user, purpose, as_json) as desk:
                from engine.services.agencies import health as agency_health

                known, suspended = desk.runtime.agencies_known, suspensions(uow=desk.runtime.uow)
                health = agency_health.health(desk.context)
                limits = agency_health.limits_here()
        else:
            with record_only(as_json) as runtime:
                known, suspended = runtime.agencies_known, suspensions(uow=runtime.uow)
    note = None if health is not None else WITHOUT_USER if there else WITHOUT_RECORD
    if as_json:
        print_json(_as_answer(known, suspended, health, limits, note))
        return
    from cli.tables import draw_agencies

    draw_agencies(known)
    for code in _not_listed(known, suspended):
        say(f"{code} is suspended and no longer installed")
    for agency in known:
        if agency.fault is not None and health is None:
            say(f"{agency.code} cannot receive requests: {agency.fault}")
    if health is not None:
        from cli.agencies.table import draw_health

        draw_health(health, limits)
    elif note:
        say(note)


def _print_diagnostics(user: str | None, purpose: str, as_json: bool) -> None:
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.agencies import health as agency_health

        diagnostics = agency_health.diagnostics(desk.context)
    print_json(diagnostics.model_dump(mode="json"))


def _as_answer(
    known: Sequence[AgencyKnown],
    suspended: Mapping[str, Suspension],
    health: Sequence[AgencyHealth] | None,
    limits: Sequence[LimitInForce],
    note: str | None,
) -> dict[str, object]:
    of = {each.code: each.model_dump(mode="json", exclude={"code", "suspension"}) for each in health or ()}
    words = {code: suspension.model_dump(mode="json") for code, suspension in suspended.items()}
    return {
        "agencies": [
            {
                **agency.model_dump(mode="json"),
                "suspension": words.get(agency.code),
                **of.get(agency.code, {}),
            }
            for agency in known
        ],
        "suspended_and_not_listed": _not_listed(known, suspended),
        "limits_on_this_machine": [limit.model_dump(mode="json") for limit in limits] or None,
        "note": note,
    }


def _not_listed(known: Sequence[AgencyKnown], suspended: Mapping[str, Suspension]) -> list[str]:
    return sorted(set(suspended) - {agency.code for agency in known})


NOT_SAID = "no reason was given"
"""Stored when no reason was written: an agency that does harm is suspended first and explained later."""

Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in one line and without names.")]


def suspend(desk: Desk, code: AgencyCode, why: Why = NOT_SAID) -> Answer:
    """Suspend an agency: it receives no more requests. Its existing responses stay.

    Example: stac agency suspend health --why "Its extract is incomplete."
    """
    from engine.services.agencies import suspension

    entry = suspension.suspend(desk.context, installed=desk.runtime.agency_codes, agency=code, why=why)
    return Answer(
        entry, f"{code} is suspended and receives no requests. To resume it: stac agency resume {code}"
    )


def resume(desk: Desk, code: AgencyCode, why: Why = NOT_SAID) -> None:
    """Resume an agency: it receives requests again, also for open cases that lack its response.

    Example: stac agency resume health --why "A new extract is in place."
    """
    from engine.services.agencies import suspension

    resumed = suspension.resume(
        desk.context,
        installed=desk.runtime.agency_codes,
        always_suspended=desk.runtime.settings.suspended_agencies,
        agency=code,
        why=why,
    )
    if desk.as_json:
        print_json(resumed.model_dump(mode="json"))
        return
    count = resumed.cases_to_ask
    cases = f"{count:,} open case{'' if count == 1 else 's'}"
    lacking = "lacks" if count == 1 else "lack"
    say(f"{code} is resumed; the runner sends it requests on {cases} that {lacking} its response")


def chase(
    desk: Desk,
    reference: Reference,
    agency: Annotated[str, typer.Option("--agency", metavar="CODE", help="The agency that you reminded.")],
    how: Annotated[
        str, typer.Option("--how", help="e-mail, telephone, in person or another way.")
    ] = "e-mail",
) -> Answer:
    """Record that you reminded an agency of an overdue response.

    Example: stac response chase R-7K3M9QV --agency health --how telephone
    """
    from engine.domain.agencies.health import ChasedHow
    from engine.services.responses import reminders

    chosen = one_of(ChasedHow, how, "--how")

    done = reminders.chase(desk.context, reference=reference, agency=agency, how=chosen)
    return Answer(
        done, f"{done.agency} was reminded of {done.involvement} ({done.how.value}); its practitioners see it"
    )
