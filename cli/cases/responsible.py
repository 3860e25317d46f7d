"""Officer in the case, case holder and lead agency of a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from cli.input_files import checked
from cli.options import Reference
from cli.session import Answer, Command, Desk

if TYPE_CHECKING:
    from engine.domain.cases.responsible import Responsible

Reason = Annotated[
    str | None, typer.Option(help="The reason, in one line; needed to replace what is recorded.")
]


def officer(
    desk: Desk,
    reference: Reference,
    name: Annotated[
        str | None, typer.Option(help="The officer's name; without it, what is recorded.")
    ] = None,
    rank: Annotated[str | None, typer.Option(help="Rank or role.")] = None,
    force: Annotated[str | None, typer.Option(help="Police force.")] = None,
    unit: Annotated[str | None, typer.Option(help="Unit or station.")] = None,
    contact: Annotated[str | None, typer.Option(help="Work phone or email.")] = None,
    reason: Reason = None,
) -> Answer:
    """Record the officer in the case. Without --name, show what is recorded. An officer gets no access by it.

    Example: stac case officer R-7K3M9QV --name "K. Osei" --rank DC --force "Harbour Police"
    """
    described = {"rank": rank, "force": force, "unit": unit, "contact": contact}
    if name is None:
        if any((*described.values(), reason)):
            raise typer.BadParameter("give the officer's name too", param_hint="--name")
        return _shown(desk, reference)
    return _changed(desk, reference, reason, officer={"name": name, **described})


def holder(
    desk: Desk,
    reference: Reference,
    person: Annotated[str | None, typer.Argument(metavar="USER", help="A coordinator or chair.")] = None,
    reason: Reason = None,
) -> Answer:
    """Record who holds the case: a coordinator or chair. Without USER, show what is recorded.

    Example: stac case holder R-7K3M9QV chair --reason "The coordinator is on leave."
    """
    if person is None:
        _require_no_reason(reason, "USER")
        return _shown(desk, reference)
    return _changed(desk, reference, reason, holder=person)


def lead(
    desk: Desk,
    reference: Reference,
    agency: Annotated[
        str | None, typer.Argument(metavar="AGENCY", help="The code of an installed agency.")
    ] = None,
    reason: Reason = None,
) -> Answer:
    """Record the lead agency of a case. Without AGENCY, show what is recorded.

    Example: stac case lead R-7K3M9QV police
    """
    if agency is None:
        _require_no_reason(reason, "AGENCY")
        return _shown(desk, reference)
    return _changed(desk, reference, reason, lead_agency=agency)


def lines_of(recorded: Responsible) -> tuple[str, ...]:
    """Return the three in words, each with "not recorded" where it is absent."""
    in_words = recorded.officer.in_words if recorded.officer else None
    named = (
        ("Officer in the case", in_words),
        ("Case holder", recorded.holder),
        ("Lead agency", recorded.lead_agency),
    )
    return tuple(f"{name}: {value or 'not recorded'}" for name, value in named)


def _shown(desk: Desk, reference: str) -> Answer:
    from engine.domain.cases.responsible import Responsible
    from engine.services.cases.responsible import view_responsible

    versions = view_responsible(desk.context, reference=reference)
    newest = versions[-1] if versions else Responsible()
    whole = {**newest.model_dump(mode="json"), "missing": list(newest.missing)}
    history = [each.model_dump(mode="json") for each in versions]
    return Answer({**whole, "history": history}, "\n".join((*lines_of(newest), *_history(versions))))


def _history(versions: Sequence[Responsible]) -> list[str]:
    from cli.output import when

    return [
        f"version {each.version}, {when(each.at)}, {each.by}: {each.reason or 'no reason recorded'}"
        for each in versions
        if each.at is not None
    ]


def _changed(desk: Desk, reference: str, reason: str | None, **given: object) -> Answer:
    from engine.domain.cases.responsible import ResponsibleChange
    from engine.services.cases.responsible import change_responsible

    change = checked(ResponsibleChange, {**given, "reason": reason})
    recorded = change_responsible(desk.context, reference=reference, change=change)
    return Answer(recorded, "\n".join(lines_of(recorded)))


def _require_no_reason(reason: str | None, argument: str) -> None:
    if reason is not None:
        raise typer.BadParameter("it is the reason for a change; name what to record", param_hint=argument)


COMMANDS: Mapping[str, Command] = {"officer": officer, "holder": holder, "lead": lead}
