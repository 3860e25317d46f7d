"""Every kind of node has a shape of its own or a word in the key, and a colour that can be seen."""

from __future__ import annotations

from base64 import b64decode

import pytest

from dashboard.link_graph.styles import colours, looks, outline
from engine.domain.links.looks import LOOKS


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_every_shape_and_line_stands_out_from_the_ground(dark: bool) -> None:
    ground = colours(dark=dark)["ground"]
    assert not [kind for kind, (_, colour) in looks(dark=dark).items() if contrast(colour, ground) < 3]
    assert contrast(colours(dark=dark)["line"], ground) >= 3
    assert contrast(colours(dark=dark)["ink"], ground) >= 7


def test_no_two_kinds_but_people_share_a_shape() -> None:
    shapes = [look.shape for look in LOOKS.values() if look.shape != "ellipse"]
    assert len(shapes) == len(set(shapes))


@pytest.mark.parametrize("kind", LOOKS)
def test_the_key_shows_the_shape_that_is_drawn(kind: str) -> None:
    picture = b64decode(outline(kind, dark=False).partition(",")[2]).decode()
    assert LOOKS[kind].light in picture
