"""The one search box, on every page that has it: one question, sent when it is submitted, and its answer.

Nothing is suggested while a person types, and nothing typed enters an address, a title or a log.
"""

from __future__ import annotations

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from engine.domain.people.search import OPEN_TO_YOU, SeenBefore, SeenBeforeAsked, SeenHit
from engine.services.people.search import LONGEST_LIST, seen_before

LABEL = "Name, reference, phone number, plate or handle"


def ask(key: str, *, label: str = LABEL, width: int = 520) -> str | None:
    """Draw the box; return what was submitted, else None."""
    with (
        st.form(f"search-form-{key}", border=False),
        st.container(key=f"search-box-{key}", horizontal=True, vertical_alignment="bottom"),
    ):
        typed = st.text_input(label, key=f"search-text-{key}", max_chars=400, autocomplete="off", width=width)
        asked = st.form_submit_button("Search", key=f"search-ask-{key}", type="primary")
    return typed.strip() if asked else None


def answer(acting: Acting, asked: SeenBeforeAsked, *, keep_as: str) -> None:
    """Search once, and put the answer aside for this drawing and those after it."""
    session.keep(keep_as, seen_before(record.runtime().context(acting), asked=asked))


def draw_found(found: SeenBefore) -> None:
    """Draw the answer to the asker: the last sentence is always the same."""
    markup.draw(markup.heading("Alleged perpetrators", at="listed"))
    if found.listed:
        markup.draw(
            markup.table(
                ("Referral", "Matched on", "Contact", "Links"),
                [_row(hit) for hit in found.listed],
                caption=f"{words.counted(len(found.listed), 'referral')} that may be about this person",
            )
        )
    draw_rest(found)


def draw_rest(found: SeenBefore) -> None:
    """Draw what is said below the referrals that are listed, and where there are none."""
    draw_limits(is_listed=bool(found.listed), more=found.more, too_common=found.too_common)
    draw_sent(found.sent, found.left_today)


def draw_limits(*, is_listed: bool, more: bool, too_common: bool) -> None:
    """Draw that nothing is listed, or not all, and why."""
    if not is_listed:
        markup.draw(markup.element("p", "No referrals found. Agencies may still hold information."))
    if more:
        sentence = f"Only the first {LONGEST_LIST} are listed. Add a date of birth or a number."
        markup.draw(markup.notice("info", sentence))
    if too_common:
        sentence = "The name on its own is too common to search for. Add a date of birth or a number."
        markup.draw(markup.notice("warning", sentence))


def draw_sent(sent: str, left_today: int) -> None:
    """Draw the sentence that is the same after every search, and how many are left."""
    markup.draw(markup.heading("Victims and protected details", at="sent"))
    left = words.counted(left_today, "search", "searches")
    rest = markup.element("span", f"You have {left} left today.", class_="sub")
    markup.draw(markup.element("p", markup.join([sent, rest], " ")))


def line(hit: SeenHit) -> markup.Markup:
    """Return one referral in a line: what it is, on what it matched, and who to ask where it is not open."""
    on = f"Matched on {words.listed(list(hit.on))}."
    ask = None if is_open(hit) else f"Ask {hit.ask}."
    return markup.element("p", markup.join([_name(hit), on, ask], " "), class_="asks")


def _row(hit: SeenHit) -> tuple[markup.Content, ...]:
    links = markup.go("Show links", Place.LINKS, hit.reference) if is_open(hit) else None
    on = words.sentence(words.listed(list(hit.on)))
    return _name(hit), on, words.sentence(hit.ask), links or markup.none_recorded("none")


def _name(hit: SeenHit) -> markup.Content:
    """Return the reference, as the way to a case that is open, and then with its names."""
    if not is_open(hit):
        return hit.reference
    about = markup.element("b", hit.names.title) if hit.names else None
    return markup.join([about, markup.go(hit.reference, Place.CASE, hit.reference)], " ")


def is_open(hit: SeenHit) -> bool:
    """Return whether the asker can open the case."""
    return hit.ask == OPEN_TO_YOU
