"""The ends of a path that have another reference than was asked for: several records are one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_NO_NAMES: Mapping[str, str] = {}


def ends_in_words(
    asked: tuple[str, str], stops: Sequence[str], names: Mapping[str, str] = _NO_NAMES
) -> tuple[str, ...]:
    """Return a sentence where both ends are one item, or for each end that has another reference.

    ``asked`` are the references that were asked for, and ``stops`` those of the path; ``names`` are the names
    of stops that this viewer reads.
    """
    shown = {stop: f"{names[stop]} ({stop})" if stop in names else stop for stop in (stops[0], stops[-1])}
    if len(stops) == 1:
        return (f"Both ends are {shown[stops[0]]}, so there is no path between them.",)
    return tuple(
        f"{given.strip()} is shown as {shown[stop]}. They are records of one {_kind(stop)}."
        for given, stop in zip(asked, (stops[0], stops[-1]), strict=True)
        if given.strip().upper() != stop.upper()
    )


def _kind(reference: str) -> str:
    return "person" if reference.startswith("P-") else "incident"
