"""Commands on the approval of a plan and its needs. They ask and decide nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.input_files import checked, document_of, one_of
from cli.options import Reference
from cli.session import Answer, Desk

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

NeedGiven = Annotated[
    str,
    typer.Argument(
        metavar="NEED",
        help="\"advocate's view\", \"victim's wishes\", 'safety check' or 'who informs the victim'.",
    ),
]
Version = Annotated[int, typer.Option(min=1, metavar="N", help="The version of the plan that you read.")]


def record_voice(
    desk: Desk,
    reference: Reference,
    need: NeedGiven,
    version: Version,
    sentence: Annotated[
        str | None,
        typer.Option("--says", help="One sentence; only if the victim agreed to share it, with --with-whom."),
    ] = None,
    with_whom: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE", help="The agency that may read it, or 'everyone on the case'; may be repeated."
        ),
    ] = None,
    departs: Annotated[
        bool | None,
        typer.Option(
            "--departs/--follows", help="The plan departs from the victim's wishes, or follows them."
        ),
    ] = None,
    informs_agency: Annotated[
        str | None, typer.Option(metavar="CODE", help="The agency that informs the victim.")
    ] = None,
    informs_person: Annotated[str | None, typer.Option(help="The person who informs the victim.")] = None,
    result: Annotated[
        str | None, typer.Option(help="Of a safety check: 'safe', 'not safe' or 'could not be done'.")
    ] = None,
    because: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="State what is not safe, or why the check could not be done; the plan's approvers read it.",
        ),
    ] = None,
    replaces: Annotated[
        bool,
        typer.Option(
            "--replace", help="Put it in place of 'not safe', or of wishes departed from, that you have read."
        ),
    ] = False,
) -> Answer:
    """Record the advocate's view, the victim's wishes, a safety check, or who informs the victim.

    Example: stac plan record-voice R-7K3M9QV "safety check" --version 1 --result safe
    """
    from engine.domain.plans.approval import Need, NeedRecorded, SafetyResult
    from engine.services.plans.approval import record_need

    chosen = one_of(Need, need, "NEED")
    informs = {"agency": informs_agency, "person": informs_person}

    given = {
        "need": chosen,
        "plan_version": version,
        "says": sentence,
        "agreed_to_sharing": "yes" if sentence is not None else "not asked",
        "with_whom": with_whom or [],
        "plan_departs": departs,
        "informs": informs if any(informs.values()) else None,
        "result": one_of(SafetyResult, result, "--result") if result is not None else None,
        "because": because,
        "replaces": replaces,
    }
    record_need(desk.context, reference=reference, need=checked(NeedRecorded, given))
    return _say_recorded(reference, chosen.value, version)


def sign_why_not(
    desk: Desk,
    reference: Reference,
    need: NeedGiven,
    version: Version,
    why: Annotated[
        str,
        typer.Option(
            help="'not in contact with services', 'no advocate', 'not asked yet: not safe to ask', "
            "'declined' or 'other'."
        ),
    ],
    sentence: Annotated[str, typer.Option("--says", help="One sentence that says more.")],
) -> Answer:
    """Sign, as a coordinator or the chair, why something that an approval needs is missing.

    Example: stac plan sign-why-not R-7K3M9QV "victim's wishes" --version 1 --why declined --says "So."
    """
    from engine.domain.plans.approval import Need, NeedSignedNot, WhyNot
    from engine.services.plans import approval

    chosen = one_of(Need, need, "NEED")
    given = {"need": chosen, "plan_version": version, "why": one_of(WhyNot, why, "--why"), "says": sentence}

    approval.sign_why_not(desk.context, reference=reference, need=checked(NeedSignedNot, given))
    return _say_recorded(reference, chosen.value, version)


def approve(
    desk: Desk,
    reference: Reference,
    file: Annotated[
        str | None,
        typer.Argument(metavar="FILE", help="Conflicts that you accept, and why: JSON or TOML."),
    ] = None,
    version: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="The version that you read; default: the newest."),
    ] = None,
) -> Answer:
    """Approve the newest version of the plan, as the chair; it is then in delivery.

    Example: stac plan approve R-7K3M9QV --version 1
    """
    from engine.domain.errors import InvalidInputError
    from engine.domain.plans.approval import ApprovalGiven
    from engine.services.cases.parts import view_plan
    from engine.services.plans.approval import approve_plan

    given = document_of(file) if file is not None else {}
    if not isinstance(given, dict):
        raise InvalidInputError("file", "give a document with 'version' and 'accepted'")
    if version is None and "version" not in given:
        there = view_plan(desk.context, reference=reference)
        if there is None:
            raise InvalidInputError("plan", f"{reference} has no plan yet; write one first")
        version = there.version
    if version is not None:
        given = {**given, "version": version}
    approved = approve_plan(desk.context, reference=reference, approval=checked(ApprovalGiven, given))
    return Answer(
        approved, f"version {approved.version} of plan {approved.plan} is approved; it is in delivery"
    )


def _say_recorded(reference: str, need: str, version: int) -> Answer:
    return Answer(
        {"reference": reference, "need": need, "version": version},
        f"'{need}' is recorded on version {version} of the plan of {reference}",
    )
