"""Checks that the machines of one record work with the same versions: of the engine, of each plugin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cli.system.checks import NOTE, OK, WRONG, Check
from cli.system.schedules import machine

if TYPE_CHECKING:
    from engine.runtime import Runtime

HERE = "installed on this machine"
_ENGINE = "stac-engine"
_NOT_THERE = "not installed"


def version_checks(runtime: Runtime) -> Iterator[Check]:
    """Yield each difference between what is installed here and what background services work with."""
    from engine.services.system.regular_work import software_versions, versions_at_work

    working = versions_at_work(uow=runtime.uow, clock=runtime.clock, settings=runtime.settings)
    there = {name: versions for name, versions in working.items() if versions is not None}
    unknown = [machine(name) for name, versions in working.items() if versions is None]
    if unknown:
        sentence = f"versions are not known yet of {', '.join(unknown)}"
        yield Check("versions", NOTE, sentence, "wait a minute, then run 'stac doctor' again")
    if not there:
        return
    there = {HERE: software_versions(runtime.agencies_described), **there}
    codes = sorted({code for versions in there.values() for code in versions.agencies})
    found = {_ENGINE: {place: versions.engine for place, versions in there.items()}}
    for code in codes:
        found[code] = {place: each.agencies.get(code, _NOT_THERE) for place, each in there.items()}
    differ = {name: by_place for name, by_place in found.items() if len(set(by_place.values())) > 1}
    mend = "install the same version on each machine, and start 'stac serve' again there"
    for name, by_place in differ.items():
        yield Check("versions", WRONG, f"{name} differs: {_said(by_place)}", mend)
    if not differ and not unknown:
        yield Check("versions", OK, "the same on this machine and in each background service")


def _said(by_place: dict[str, str]) -> str:
    places: dict[str, list[str]] = defaultdict(list)
    for place, version in by_place.items():
        places[version].append(place if place == HERE else machine(place))
    return "; ".join(f"{version} is {', '.join(names)}" for version, names in sorted(places.items()))
