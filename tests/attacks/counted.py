"""How many hostile cases there are, of which kind. Each test that tries a kind holds its own number true."""

from __future__ import annotations

AT_LEAST = {
    "names that are not ours": 20,
    "pages of other sites": 15,
    "forged connections": 15,
    "paths that lead out": 40,
    "forged, replayed and ended cookies": 25,
    "links to files of others, used, old or made up": 20,
    "texts that pages show, as script and markup": 150,
    "cells of a referral file": 200,
    "cells of exported tables": 100,
    "forged tokens of the command": 12,
    "messages of a browser that no page sends": 40,
    "hostile plugins": 30,
}
"""The last two are counted where they stand: in the tests of the browser and of faults."""


def ran(kind: str, number: int) -> None:
    """So many of this kind were tried."""
    assert number >= AT_LEAST[kind], f"{kind}: {number}"
