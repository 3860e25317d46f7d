"""Instruments: which there are, and what one asks. Draws; decides nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson
from cli.output import print_json, say
from cli.session import answering

if TYPE_CHECKING:
    from collections.abc import Collection

    from engine.domain.conference.risk import Domain
    from engine.services.agencies.instruments import InstalledAgencies, InstrumentKnown

# The engine is imported inside each command: `stac --help` must not wait for its libraries.


_SAYS_ITSELF = {"anything": "as the question says"}

Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME", help="As 'stac instrument list' names it; AGENCY/NAME if 2 agencies have it."
    ),
]


class AgenciesWhenAsked:
    """The installed agencies, loaded when they are first asked for: the engine's own need none."""

    def __init__(self) -> None:
        self._loaded: InstalledAgencies | None = None

    def __call__(self) -> InstalledAgencies:
        if self._loaded is None:
            from engine.runtime import installed_agencies

            self._loaded = installed_agencies()
        return self._loaded

    def close(self) -> None:
        if self._loaded is not None:
            self._loaded.close()


@contextmanager
def agencies_when_asked(as_json: bool) -> Iterator[AgenciesWhenAsked]:
    """Yield the installed agencies, which are loaded when they are first asked for."""
    agencies = AgenciesWhenAsked()
    try:
        with answering(as_json):
            yield agencies
    finally:
        agencies.close()


def home_folder() -> Path:
    """Return the home folder of this installation."""
    from engine.runtime import home_of

    return home_of(os.environ)


def list_(as_json: AsJson = False) -> None:
    """List the instruments that you can use here. No record is needed.

    Example: stac instrument list
    """
    with agencies_when_asked(as_json) as agencies:
        from engine.services.agencies.instruments import list_instruments

        known = list_instruments(agencies=agencies(), home=home_folder())
    if as_json:
        print_json({"instruments": [_in_short(each) for each in known]})
        return
    from cli.tables import console, draw_table

    draw_table(
        console(),
        None,
        ("name", "version", "whose", "kind", "what it is"),
        (
            (
                each.instrument.id,
                each.instrument.version,
                each.whose,
                each.instrument.kind.value,
                each.instrument.name,
            )
            for each in known
        ),
    )


def show(name: Name, as_json: AsJson = False) -> None:
    """Show an instrument: items and answers, licence, source and prohibited uses.

    Example: stac instrument show four
    """
    with agencies_when_asked(as_json) as agencies:
        from engine.services.agencies.instruments import find_instrument

        known = find_instrument(agencies=agencies, home=home_folder(), name=name)
    if as_json:
        print_json({**known.instrument.model_dump(mode="json"), "whose": known.whose})
        return
    for line in _described(known):
        say(line)


def _in_short(known: InstrumentKnown) -> dict[str, object]:
    instrument = known.instrument
    return {
        "name": instrument.id,
        "version": instrument.version,
        "whose": known.whose,
        "kind": instrument.kind.value,
        "title": instrument.name,
        "licence": instrument.licence,
        "in_force_from": str(instrument.in_force_from),
        "in_force_until": str(instrument.in_force_until) if instrument.in_force_until else None,
    }


def _described(known: InstrumentKnown) -> Iterator[str]:
    instrument = known.instrument
    until = f" until {instrument.in_force_until}" if instrument.in_force_until else ""
    yield instrument.name
    yield f"  name      {instrument.id}, version {instrument.version}; {instrument.kind.value}"
    yield f"  whose     {known.whose}"
    yield f"  current   from {instrument.in_force_from}{until}"
    yield f"  licence   {instrument.licence}"
    yield f"  source    {instrument.source}"
    yield f"  who       {instrument.who_may_use}"
    yield f"  result    {instrument.how_a_result_is_reached}"
    if instrument.always_said:
        yield f"  always    {instrument.always_said}"
    yield "Do not use for:"
    yield from (f"  - {never}" for never in instrument.never_used_for)
    yield "Items (critical ones are marked *):"
    for item in instrument.items:
        answers = ", ".join(item.allowed) or _SAYS_ITSELF.get(item.gives.value, item.gives.value)
        needed = "; required" if item.required else ""
        yield f"{'*' if item.critical else ' ':>2} {item.id}: {item.asks}"
        yield f"      {answers}{needed}{_bears_on(item.bears_on)}"
    from engine.domain.conference.risk import Domain

    domains = [domain for domain in Domain if any(domain in item.bears_on for item in instrument.items)]
    if domains:
        yield "Risk domains:"
        yield from (f"  - {domain.value}: {domain.meaning}" for domain in domains)
    if instrument.said_as:
        words = ", ".join(f"'{term}' is {state.value}" for term, state in instrument.said_as.items())
        yield f"Other names of answers: {words}"
    if instrument.thresholds:
        yield "Thresholds, each with its start and end date:"
    for threshold in instrument.thresholds:
        until = f" until {threshold.in_force_until}" if threshold.in_force_until else ""
        held = (
            f"from {threshold.in_force_from}{until}"
            if threshold.in_force_from
            else "off: it has no start date"
        )
        yield f"  - {threshold.says} ({threshold.area}; {held})"
        yield f"    {threshold.source}"


def _bears_on(domains: Collection[Domain]) -> str:
    return f"; bears on {', '.join(domain.value for domain in domains)}" if domains else ""
