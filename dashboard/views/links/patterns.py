"""Patterns in what a map was drawn from, each with its way through the map and the evidence against it."""

from __future__ import annotations

from datetime import datetime, timedelta

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.link_graph import pictures
from dashboard.views.links import pattern_search, source
from dashboard.views.links import steps as link_steps
from engine.domain.links.map_patterns import PatternOnMap
from engine.domain.links.maps import LinkMap
from engine.domain.shown import shown
from engine.services.links.choices import pattern_keys

_CHOICE, _WANTED, _COMMON = "links-pattern", "links-pattern-wanted", "links-pattern-common"
_FRESH = timedelta(minutes=5)


def draw(drawn: LinkMap) -> None:
    """Draw the patterns by name, and the chosen one in full."""
    found = drawn.patterns.found
    markup.draw(
        markup.heading(
            "Patterns here",
            at="patterns",
            level=3,
            note=(
                "Searched in everything you can see here, including items you hid. Not in order of concern."
            ),
        )
    )
    if not found:
        markup.draw(markup.none_recorded("No patterns found on this map. There may still be some."))
    else:
        st.selectbox(
            f"{words.counted(len(found), 'pattern')} found",
            range(len(found)),
            index=None,
            format_func=lambda at: shown(f"{pattern_search.name_in_words(found[at].key)} ({at + 1})"),
            placeholder="Choose one to see its path",
            key=_CHOICE,
        )
        if drawn.patterns.as_one < len(found):
            markup.draw(markup.element("p", words.read_as_one(drawn.patterns.as_one), class_="sub"))
    if drawn.patterns.further_in_words is not None:
        markup.draw(markup.element("p", drawn.patterns.further_in_words, class_="sub"))
    pattern = chosen(drawn)
    if pattern is not None:
        _draw_pattern(drawn, pattern)
    if drawn.patterns.not_judged:
        markup.draw(
            markup.details(
                f"Not judged: {words.counted(len(drawn.patterns.not_judged), 'reason')}",
                markup.bullets(link_steps.in_names(drawn, each) for each in drawn.patterns.not_judged),
            )
        )


def choose_first() -> None:
    """Show the first pattern of the next map in full, if it has one."""
    session.keep(_CHOICE, 0)


def choose(key: str, persons: tuple[str, ...]) -> None:
    """Show this pattern about these people in full on the next map."""
    session.keep(_WANTED, (key, persons))


def settle_choice(drawn: LinkMap) -> None:
    """Choose the pattern that was asked for before this map was drawn: on a map it may have fewer people."""
    wanted: tuple[str, tuple[str, ...]] | None = session.stored_value(_WANTED, tuple)
    if wanted is None:
        return
    session.keep(_WANTED, None)
    key, persons = wanted
    alike = [
        (len(set(each.persons) & set(persons)), -at)
        for at, each in enumerate(drawn.patterns.found)
        if each.key == key and each.persons[:1] == persons[:1]
    ]
    session.keep(_CHOICE, -max(alike)[1] if alike else None)


def path(drawn: LinkMap) -> tuple[str, ...]:
    """Return the way of the chosen pattern."""
    pattern = chosen(drawn)
    stops = (drawn.drawn_as(node) for node in pattern.path) if pattern else ()
    return tuple(node for node in stops if node is not None)


def chosen(drawn: LinkMap) -> PatternOnMap | None:
    """Return the chosen pattern."""
    at = session.stored_value(_CHOICE)
    if not isinstance(at, int) or at >= len(drawn.patterns.found):
        return None
    return drawn.patterns.found[at]


def _draw_pattern(drawn: LinkMap, pattern: PatternOnMap) -> None:
    names = {each.node.id: pictures.label(each) for each in drawn.nodes} | link_steps.names_on(drawn)
    stops = [names.get(drawn.drawn_as(node) or "", f"{node} (not shown)") for node in pattern.path]
    way = " → ".join(stop for stop, before in zip(stops, ["", *stops], strict=False) if stop != before)
    against = [link_steps.in_names(drawn, each) for each in pattern.counter_evidence]
    markup.draw(
        markup.join(
            [
                markup.element("p", link_steps.in_names(drawn, pattern.says), class_="reason"),
                *(
                    [markup.element("p", pattern.beyond_in_words, class_="sub")]
                    if pattern.beyond_in_words is not None
                    else []
                ),
                *(markup.element("p", each, class_="sub") for each in _in_whole_record(pattern)),
                markup.element("p", markup.element("b", "Path: "), way, class_="sub"),
                markup.element("p", markup.element("b", "Evidence against it")),
                markup.bullets(against) if against else markup.none_recorded("Not recorded."),
            ]
        )
    )


def _in_whole_record(pattern: PatternOnMap) -> tuple[str, ...]:
    """Return in how many of all cases within the access the pattern occurs, and how its findings are marked;
    read once a while.
    """
    if source.network() is not None:
        return ()
    now, user = record.runtime().clock.now(), session.acting().user
    stored: dict[str, tuple[str, datetime, tuple[str, ...]]] = session.stored_value(_COMMON, dict) or {}
    if pattern.key in stored:
        whose, at, sentences = stored[pattern.key]
        if whose == user and now - at < _FRESH:
            return sentences
    key = next(each for each in pattern_keys() if each.value == pattern.key)
    found = pattern_search.look_for(key)
    whole = [each[key] for each in (found.in_cases, found.marks) if each is not None]
    sentences = tuple(each.sentence for each in whole)
    session.keep(_COMMON, {**stored, pattern.key: (user, now, sentences)})
    return sentences
