"""Parts of lists of what was found in the whole record: a moment's memory, pages, ways to the map, age."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.pages import Place

_Found = TypeVar("_Found")
_AT_ONCE = 20
_FRESH = timedelta(minutes=5)


def store(name: str, found: object) -> None:
    """Store what was found for a moment, for the person who asked."""
    session.keep(name, (session.acting().user, record.runtime().clock.now(), found))


def recent(name: str, kind: type[_Found]) -> _Found | None:
    """Return what was found a moment ago, for the same person."""
    stored = session.stored_value(name, tuple)
    if stored is None:
        return None
    user, at, found = stored
    is_fresh = record.runtime().clock.now() - at < _FRESH
    is_theirs = user == session.acting().user and is_fresh
    return found if is_theirs and isinstance(found, kind) else None


def page_of(findings: Sequence[_Found], key: str, *, at_once: int = _AT_ONCE) -> Sequence[_Found]:
    pages = -(-len(findings) // at_once)
    page = min(session.number(key, 1), max(1, pages))
    if pages > 1:
        st.pagination(pages, key=key)
    return findings[(page - 1) * at_once : page * at_once]


def way(stops: tuple[str, ...], names: dict[str, str]) -> markup.Markup:
    """Return the stops by name, each a way to its map."""
    return markup.join([markup.go(names.get(stop, stop), Place.LINKS, stop) for stop in stops], " → ")


def draw_age(made: datetime | None, changed: int | None) -> None:
    if made is not None:
        markup.draw(markup.element("p", words.arrays_of(made, changed or 0), class_="sub"))
