"""The register of acts compared with the record. Asks and prints; decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson
from cli.output import print_json, say
from cli.session import record_only

if TYPE_CHECKING:
    from engine.services.system.register_compared import Compared
    from engine.services.system.repeating import Repeated

ANSWER = "stac record repeat-acts --recorded ENTRY, or --not-recorded ENTRY"
_Entries = list[str] | None


def repeat_acts(
    recorded: Annotated[
        _Entries, typer.Option(metavar="ENTRY", help="Acts of this entry were recorded: repeat them.")
    ] = None,
    not_recorded: Annotated[
        _Entries, typer.Option(metavar="ENTRY", help="Acts of this entry were not recorded: leave them.")
    ] = None,
    accept_older: Annotated[
        bool, typer.Option("--accept-older", help="Open a record that is older than an anchor.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare the register of acts with the record, and repeat what the record lacks (operator).

    Example: stac record repeat-acts
    """
    with record_only(as_json) as runtime:
        from engine.domain.accounts.acting import flow_acting
        from engine.services.system.register_compared import accept_older as accept
        from engine.services.system.register_compared import answer, repeat_lacking

        context = runtime.context(flow_acting("compare the register of acts", "operator"))
        for entries, was_recorded in ((recorded, True), (not_recorded, False)):
            for entry in entries or ():
                answer(context, entry=entry, was_recorded=was_recorded)
        compared = repeat_lacking(context)
        missing = accept(context) if accept_older else None
    if as_json:
        print_json(compared.model_dump(mode="json") | {"accepted_without_entry": missing})
        return
    for line in compared_lines(compared):
        say(line)
    if compared.repeated is None:
        say(f"The record has what the register names ({compared.acts:,} acts).")
    if missing is not None:
        say(f"The record is open again without the anchored entry {missing:,}; the file of anchors says so.")


def compared_lines(compared: Compared) -> Iterator[str]:
    """Yield what was repeated and what is in doubt; nothing where the record has all of it."""
    if compared.repeated is not None:
        yield "The record went back: it lacked acts that are in the register. Find out who put it back."
        yield from repeated_lines(compared.repeated)
    for row in compared.shut:
        yield f"shut, so that it opens nothing: {row}"
    for doubt in compared.in_doubt:
        yield f"not repeated, for it may not have been recorded: {doubt.sentence}"
    if compared.in_doubt:
        yield f"Ask those who know, then answer each: {ANSWER}"


def repeated_lines(repeated: Repeated) -> Iterator[str]:
    """Yield what was repeated, what could not be, and new passwords."""
    for kind, count in repeated.by_kind.items():
        yield f"repeated: {kind}, {count:,}"
    if repeated.not_there:
        yield f"not repeated: {repeated.not_there:,}, about what the record does not have"
    for each in repeated.not_released:
        yield (
            f"not repeated: {each.items} withdrawn or limited of {each.agency} on {each.reference}, not "
            "released in this record. Ask the agency to withhold or limit that at the release"
        )
    for user, password in repeated.start_passwords.items():
        yield f"{user} had changed the password. For the first sign-in: {password}"
