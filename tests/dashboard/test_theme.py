"""The style: a class with an appearance of its own means nothing else on another page."""

from __future__ import annotations

import re
from itertools import permutations

import pytest

from dashboard import theme, theme_band, theme_conference, theme_minutes, theme_narrow, theme_orders

STYLES = {
    "band": theme_band.BAND,
    "conference": theme_conference.CONFERENCE,
    "minutes": theme_minutes.MINUTES,
    "orders": theme_orders.ORDERS,
    "work": theme._WORK,
    "plans": theme._PLANS,
    "case": theme._CASE.replace(theme_band.BAND, ""),
    "tables": theme._TABLES,
    "tags": theme._TAGS,
    "notices": theme._NOTICES,
    "frame": theme._FRAME,
}

COMMON = {
    "tag",
    "notice",
    "scroll",
    "strip",
    "cards",
    "absent",
    "sub",
    "stMainBlockContainer",
    "t-low",  # the room's screen draws these two larger
    "t-unable",
    "st-key-whoami",
}
"""Parts that every page has, and a page may fit to its place."""


def selectors(style: str) -> list[str]:
    """Every selector outside the rules for a narrow window and for paper."""
    flat = re.sub(
        r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", re.sub(r"/\*.*?\*/", "", style, flags=re.S)
    )
    return [each.strip() for head in re.findall(r"([^{}]+)\{", flat) for each in head.split(",")]


def alone(style: str) -> set[str]:
    """The classes that have an appearance wherever they are."""
    return {found[1] for each in selectors(style) if (found := re.fullmatch(r"\.([\w-]+)", each))}


def used(style: str) -> set[str]:
    """The classes that have an appearance anywhere."""
    return {name for each in selectors(style) for name in re.findall(r"\.([a-z][\w-]*)", each)}


@pytest.mark.parametrize(("one", "other"), list(permutations(STYLES, 2)))
def test_a_class_with_an_appearance_of_its_own_has_it_from_one_place(one: str, other: str) -> None:
    shared = alone(STYLES[one]) & used(STYLES[other]) - COMMON
    assert not shared, (one, other)


def test_both_schemes_are_on_the_page_whichever_it_was_drawn_in() -> None:
    names = [set(re.findall(r"(--[\w-]+):", each)) for each in (theme._LIGHT, theme._DARK)]
    assert names[0] == names[1]


def test_no_style_is_left_out_and_a_narrow_window_adds_to_them() -> None:
    assert all(each in theme._ALWAYS for each in (*STYLES.values(), theme_narrow.NARROW))
