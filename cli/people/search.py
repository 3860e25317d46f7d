"""Search of earlier records for a person. Asks and prints; decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.input_files import checked
from cli.output import print_json, say
from cli.session import Answer, Desk

if TYPE_CHECKING:
    from engine.domain.people.search import SeenBefore, SeenBeforeAsked, SentSearch

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

Once = list[str] | None


def search(
    desk: Desk,
    question: Annotated[
        str | None,
        typer.Argument(help="One name, reference, phone number, plate or handle; or use the options."),
    ] = None,
    perpetrator: Annotated[
        Once, typer.Option(metavar="NAME", help="The alleged perpetrator: 'Forename Surname'.")
    ] = None,
    born: Annotated[
        Once,
        typer.Option(
            metavar="DATE", help="The alleged perpetrator's date of birth: 1988-04-09, 1988-04 or 1988."
        ),
    ] = None,
    number: Annotated[
        Once,
        typer.Option(
            metavar="SCHEME=NUMBER", help="The alleged perpetrator's pnc, cro, crn or prison number."
        ),
    ] = None,
    victim: Annotated[Once, typer.Option(metavar="NAME", help="The victim: 'Forename Surname'.")] = None,
    victim_born: Annotated[Once, typer.Option(metavar="DATE", help="The victim's date of birth.")] = None,
    address: Annotated[Once, typer.Option(help="One address.")] = None,
    phone: Annotated[Once, typer.Option(help="One phone number.")] = None,
    handle: Annotated[Once, typer.Option(help="One account name or email address.")] = None,
) -> None:
    """Search earlier referrals for one name, reference, phone number, plate or handle.

    Example: stac case search "Daniel Roe 1988-04-09"
    """
    from engine.domain.people.search import SeenBeforeAsked
    from engine.services.people.search import seen_before

    given: dict[str, object] = {
        "perpetrator": _person(perpetrator, born, number, "--perpetrator"),
        "victim": _person(victim, victim_born, None, "--victim"),
        "address": _once(address, "--address"),
        "phone": _once(phone, "--phone"),
        "handle": _once(handle, "--handle"),
    }
    if question is not None and any(given.values()):
        raise typer.BadParameter("give either one question or the options", param_hint="QUESTION")
    if question is None:
        asked = checked(SeenBeforeAsked, given)
    else:
        from engine.services.people.search_box import read_question

        asked = read_question(question)

    found = seen_before(desk.context, asked=asked)
    if desk.as_json:
        print_json(found.model_dump(mode="json"))
    else:
        _draw(found, asked)


def list_sent(desk: Desk) -> None:
    """List searches that matched a victim or protected details (coordinator, chair).

    Example: stac case search-review list
    """
    from engine.services.people.search import searches_sent

    found = searches_sent(desk.context)
    if desk.as_json:
        print_json(found.model_dump(mode="json"))
        return
    for search in found.waiting:
        _draw_sent(search)
    say(f"Searches to review: {len(found.waiting):,}; other searches without a match: {found.without_hit:,}")


def resolve(
    desk: Desk, search: Annotated[str, typer.Argument(metavar="SEARCH", help="The search's reference.")]
) -> Answer:
    """Mark a search as resolved.

    Example: stac case search-review resolve S-7K3M9QV
    """
    from engine.services.people.search import deal_with_search

    reference = deal_with_search(desk.context, search=search)
    return Answer({"reference": reference}, f"{reference} is resolved")


def _once(given: Once, option: str) -> str | None:
    if given and len(given) > 1:
        raise typer.BadParameter("give it only once", param_hint=option)
    return given[0] if given else None


def _person(name: Once, born: Once, number: Once, option: str) -> dict[str, object] | None:
    whole, day, numbered = _once(name, option), _once(born, f"{option} born"), _once(number, "--number")
    if whole is None and day is None and numbered is None:
        return None
    forename, _, surname = (whole or "").strip().rpartition(" ")
    person: dict[str, object] = {
        "forename": forename or None,
        "surname": surname or None,
        "date_of_birth": day,
    }
    if numbered is not None:
        scheme, equals, value = numbered.partition("=")
        if not equals:
            raise typer.BadParameter("write it as pnc=2001/0000123Y", param_hint="--number")
        person["identifiers"] = [{"scheme": scheme.strip().lower(), "value": value.strip()}]
    return person


def _draw(found: SeenBefore, asked: SeenBeforeAsked) -> None:
    for hit in found.listed:
        who = f"  {hit.names.title}" if hit.names else ""
        say(f"{hit.reference}  ask {hit.ask}  matched on {', '.join(hit.on)}{who}")
    if not found.listed:
        say("No referral is listed. No results does not mean that agencies hold nothing.")
    if found.more:
        say("There are more. Add a date of birth or a number.")
    if found.too_common:
        say("The name is too common. Add a date of birth or a number.")
    say(found.sent)
    say(f"{found.left_today} searches left today")


def _draw_sent(search: SentSearch) -> None:
    agency = f", {search.agency}" if search.agency else ""
    say(f"{search.reference}  {search.at:%Y-%m-%d %H:%M}  {search.asked_by}{agency}: {search.task}")
    for name, typed in search.asked.model_dump(mode="json", exclude_none=True).items():
        words = typed if isinstance(typed, str) else " ".join(str(v) for v in typed.values() if v)
        say(f"  searched for {name}: {words}")
    for hit in search.found:
        say(f"  {hit.reference}: {', '.join(hit.on)}")
