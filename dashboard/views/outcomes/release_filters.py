"""The filters of a release: its closed codes and nothing else, the same in the fields and in the address."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard import markup, session, words
from engine.domain.outcomes.releases import Dimension, Group, Release
from engine.domain.shown import shown

_ALL = ""
UNKNOWN = "not recorded"
_SEEN = "outcomes-address"
_ALL_WORDS = {"period": "All years", "borough": "All boroughs", "typology": "All types"}


def chosen(release: Release) -> Group:
    """Draw the fields and return the group that they choose. A code that is gone is said, and shows all."""
    offered = [each for each in release.dimensions if set(each.codes) - {UNKNOWN}]
    asked = {each.name: session.query(each.name) or _ALL for each in release.dimensions}
    gone = [each for each in release.dimensions if asked[each.name] not in (_ALL, *each.codes)]
    in_address = {each.name: asked[each.name] if asked[each.name] in each.codes else _ALL for each in offered}
    if in_address != session.stored_value(_SEEN):
        session.type_again({_key(name): code for name, code in in_address.items()})
    cells = st.columns([1.2, 1.4, 1.4, 3], vertical_alignment="bottom", gap="small")
    picked = {}
    for cell, each in zip(cells, offered, strict=False):
        with cell:
            picked[each.name] = st.selectbox(
                each.label, (_ALL, *each.codes), format_func=_worded(each), key=_key(each.name)
            )
    with cells[-1]:
        markup.draw(
            markup.element(
                "p",
                f"Only the groups of this release can be chosen, 2 filters at most. A figure under "
                f"{release.limit} is hidden.{_not_offered(release, offered)}",
                class_="sub",
            )
        )
    if gone:
        labels = " and ".join(each.label for each in gone)
        markup.draw(
            markup.notice(
                "info", f"This release does not have the group of your link ({labels}). All are shown."
            )
        )
    session.put_in_address({name: code or _ALL for name, code in picked.items()})
    session.keep(_SEEN, {name: code or _ALL for name, code in picked.items()})
    return Group(**{name: code or None for name, code in picked.items()})


def _not_offered(release: Release, offered: Sequence[Dimension]) -> str:
    """Return the dimensions that no group has: the record does not have them, or for too few cases."""
    labels = [each.label.lower() for each in release.dimensions if each not in offered]
    return f" Not in this release: {words.listed(labels)}." if labels and release.groups else ""


def _key(name: str) -> str:
    return f"outcomes-{name}"


def _worded(dimension: Dimension) -> Callable[[str], str]:
    return lambda code: shown(code[:1].upper() + code[1:]) if code else _ALL_WORDS[dimension.name]
