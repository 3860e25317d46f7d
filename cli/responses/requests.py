"""Asking agencies; and for an agency's own people: what waits, releasing, striking, answering by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.alarms.topics import TOPIC, topics_given
from cli.input_files import checked, document_of, one_of
from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.output import print_json, say
from cli.responses.flow_runs import Asking, ReferralAsked
from cli.session import REFUSED, Answer, Desk, answering, at_desk
from cli.templates import ANSWER, print_template

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from engine.domain.responses.answers import PluginAnswer
    from engine.domain.responses.reassessment import BatchFigures

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

OfAgency = Annotated[
    str | None, typer.Option("--agency", metavar="CODE", help="The agency; default: your own.")
]


def request(
    desk: Desk,
    references: Annotated[
        list[str] | None, typer.Argument(metavar="REF...", help="Screened referrals.")
    ] = None,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Run every waiting request, as the runner does.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Request again from agencies that have responded.")
    ] = False,
    all_: Annotated[
        bool,
        typer.Option(
            "--all",
            help="Request again on every open case, from agencies that release facts automatically.",
        ),
    ] = False,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="With --all: the reason.")] = None,
    over: Annotated[
        str | None,
        typer.Option(
            metavar="dask[=ADDRESS]",
            help="With --all: in several processes of this machine, or of a Dask scheduler (tls://...).",
        ),
    ] = None,
) -> None:
    """Request the agencies' responses now, in this process, and store them.

    Example: stac response request R-7K3M9QV
    """
    if bool(references) + waiting + all_ != 1:
        raise typer.BadParameter("give REF..., or --waiting, or --all: one of them")
    if again and not references:
        raise typer.BadParameter("--again goes with REF...")
    if all_ and reason is None:
        raise typer.BadParameter("--all needs --reason TEXT")
    if reason is not None and not all_:
        raise typer.BadParameter("--reason goes with --all")
    if over is not None and not (all_ and _is_dask(over)):
        raise typer.BadParameter("--over is 'dask' or 'dask=ADDRESS', with --all")
    run = Asking(desk, quiet=desk.as_json)
    if reason is not None:
        if over is None:
            figures = run.everything_again(reason)
        else:
            scheduler = over.partition("=")[2] or None
            figures = run.everything_again_over_dask(reason, scheduler=scheduler)
        _tell_reassessed(run, figures, desk.as_json)
        if run.failures or figures.done < figures.due or _failed(figures):
            raise typer.Exit(REFUSED)
        return
    if waiting:
        run.what_waits()
    else:
        run.about(tuple(references or ()), again=again)
    rows = run.as_they_stand()
    _tell_assessed(run, rows, desk.as_json)
    if run.failures or any(row["agencies_failed"] for row in rows):
        raise typer.Exit(REFUSED)


def _is_dask(over: str) -> bool:
    """Return whether it is 'dask', alone or with an address."""
    return over == "dask" or (over.startswith("dask=") and len(over) > len("dask="))


def _failed(figures: BatchFigures) -> int:
    from engine.domain.responses.reassessment import Compared

    return sum(counts.get(Compared.FAILED, 0) for counts in figures.compared.values())


def _tell_reassessed(run: Asking, figures: BatchFigures, as_json: bool) -> None:
    batch = figures.batch
    if as_json:
        compared = {
            agency: {how.value: count for how, count in counts.items()}
            for agency, counts in figures.compared.items()
        }
        print_json(
            {
                "batch": batch.reference,
                "referrals": batch.referrals,
                "answers": figures.done,
                "due": figures.due,
                "compared": compared,
                "failed": run.failures,
            }
        )
        return
    answers = f"{figures.done:,} of {figures.due:,} answers"
    say(f"re-assessment {batch.reference}: {batch.referrals:,} open cases, {answers}")
    for agency, counts in figures.compared.items():
        say(f"  {agency}: " + ", ".join(f"{count:,} {how.value}" for how, count in sorted(counts.items())))
    say("  The panels' earlier responses are unchanged. 'stac case show REF' shows the differences.")
    for failure in run.failures:
        say(f"{failure['flow']} of {failure['subject']} failed ({failure['error']}); it will be tried again")


def _tell_assessed(run: Asking, rows: list[ReferralAsked], as_json: bool) -> None:
    if as_json:
        print_json({"assessed": run.done, "failed": run.failures, "referrals": rows})
        return
    for row in rows:
        answers = "; ".join(f"{agency}: {state}" for agency, state in row["answers"].items())
        say(f"{row['reference']} is '{row['state']}'; {answers or 'no agency received a request'}")
        for agency in row["agencies_failed"]:
            say(f"  {agency} could not receive the request now; this is not a nil return")
    for failure in run.failures:
        say(f"{failure['flow']} of {failure['subject']} failed ({failure['error']}); it will be tried again")
    say(f"{run.done:,} flow{'' if run.done == 1 else 's'} run")


def show(desk: Desk, reference: Reference, agency: OfAgency = None) -> None:
    """Show my agency's response before its release. No other agency can view it.

    Example: stac response show R-7K3M9QV
    """
    from cli.cases.page import draw_prepared
    from engine.services.responses.agency_answers import prepared_answer, told_before_release

    warning = told_before_release(desk.runtime.agencies_known, _agency_of(desk, agency))
    stored = prepared_answer(desk.context, reference=reference, agency=_agency_of(desk, agency))
    if desk.as_json:
        print_json({**stored.model_dump(mode="json"), **_before_release(warning)})
        return

    draw_prepared(stored)
    if warning:
        say(warning)


def release(
    desk: Desk,
    reference: Reference,
    agency: OfAgency = None,
    withhold: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY", help="Withhold this item, by its key in 'stac response show'; may be repeated."
        ),
    ] = None,
    mask: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TEXT",
            help="Mask this place or contact in every text, as 'stac response show' has it; may be repeated.",
        ),
    ] = None,
    expected_version: Annotated[
        int | None, typer.Option(help="The version that you read; a newer version is not released.")
    ] = None,
    topic: Annotated[list[str] | None, TOPIC] = None,
) -> None:
    """Release my agency's prepared response, without the items that you withhold.

    Example: stac response release R-7K3M9QV
    """
    from engine.services.responses import agency_answers as of_agencies

    topics = topics_given(topic or ())

    warning = of_agencies.told_before_release(desk.runtime.agencies_known, _agency_of(desk, agency))
    _tell(warning, desk, agency, desk.as_json)
    released = of_agencies.release(
        desk.context,
        reference=reference,
        agency=_agency_of(desk, agency),
        strike=tuple(withhold or ()),
        mask=tuple(mask or ()),
        expected_version=expected_version,
        topics=topics,
    )
    if desk.as_json:
        print_json({**released.model_dump(mode="json"), **_before_release(warning)})
    else:
        held = f"; {released.held_back} withheld" if released.held_back else ""
        said = f"{released.agency}'s {released.kind} on {released.reference} is released"
        say(f"{said}, version {released.version}{held}")


def create(
    reference: Annotated[str | None, typer.Argument(metavar="REF")] = None,
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="JSON or TOML; - is standard input.")
    ] = None,
    agency: OfAgency = None,
    refuse: Annotated[
        str | None, typer.Option(metavar="GROUND", help="Refuse on this ground, instead of a FILE.")
    ] = None,
    sentence: Annotated[
        str | None, typer.Option("--says", help="With --refuse: one sentence for the panel.")
    ] = None,
    topic: Annotated[list[str] | None, TOPIC] = None,
    template: Annotated[bool, typer.Option("--template", help="Print a FILE to fill in.")] = False,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Create my agency's response by hand: a contribution, a nil return or a refusal.

    Example: stac response create R-7K3M9QV response.toml
    """
    if template:
        print_template(ANSWER)
        return
    if reference is None:
        raise typer.BadParameter("give the REF of the referral")
    if (file is None) == (refuse is None):
        raise typer.BadParameter("give either FILE or --refuse GROUND")
    from engine.domain.responses.answers import RefusalGround, Refused

    with answering(as_json):
        if file is not None:
            given = checked(_plugin_answer(), document_of(file))
        else:
            assert refuse is not None
            ground = one_of(RefusalGround, refuse, "--refuse")
            given = checked(Refused, {"ground": ground.value, "says": sentence or ""})
    topics = topics_given(topic or ())
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.responses.agency_answers import answer_by_hand, told_before_release

        warning = told_before_release(desk.runtime.agencies_known, _agency_of(desk, agency))
        _tell(warning, desk, agency, as_json)
        released = answer_by_hand(
            desk.context,
            reference=reference,
            agency=_agency_of(desk, agency),
            answer=given,
            agencies=desk.runtime.agencies,
            topics=topics,
        )
    if as_json:
        print_json({**released.model_dump(mode="json"), **_before_release(warning)})
    else:
        say(
            f"{released.agency}'s {released.kind} on {released.reference} is recorded, "
            f"version {released.version}"
        )


def topics(
    desk: Desk,
    reference: Reference,
    topic: Annotated[list[str], TOPIC],
    agency: OfAgency = None,
    expected_version: Annotated[
        int | None, typer.Option(help="The version that you read; of a newer version nothing is recorded.")
    ] = None,
) -> Answer:
    """Record the alarm topics that were asked about my agency's response.

    Example: stac response topics R-7K3M9QV --topic weapon --topic "threat to kill=no"
    """
    from engine.services.responses.topics import record_response_topics

    given = topics_given(topic)

    code = _agency_of(desk, agency)
    version = record_response_topics(
        desk.context, reference=reference, agency=code, topics=given, expected_version=expected_version
    )
    return Answer(
        {"reference": reference, "agency": code, "version": version},
        f"the alarm topics of {code}'s response on {reference}, version {version}, are recorded",
    )


def _tell(warning: str | None, desk: Desk, agency: str | None, as_json: bool) -> None:
    """Print a warning before anything goes out, and only to those whom the act is open to."""
    if warning and not as_json and desk.acting.speaks_for(_agency_of(desk, agency)):
        say(warning)


def _before_release(warning: str | None) -> dict[str, str]:
    return {"before_release": warning} if warning else {}


def _plugin_answer() -> TypeAdapter[PluginAnswer]:
    from pydantic import Field, TypeAdapter

    from engine.domain.responses.answers import PluginAnswer

    return TypeAdapter(Annotated[PluginAnswer, Field(discriminator="kind")])


def _agency_of(desk: Desk, agency: str | None) -> str:
    code = agency or desk.acting.agency
    if code is None:
        raise typer.BadParameter("give the agency: --agency CODE")
    return code
