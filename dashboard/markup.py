"""Small builders of HTML. Everything that was not built here is escaped, so no value can become markup."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape
from itertools import chain, repeat
from typing import Literal

import streamlit as st

from dashboard.pages import Place, address
from dashboard.words import level_in_words, state_in_words
from engine.domain.conference.risk import Level
from engine.domain.plans.actions import ActionStatus
from engine.domain.responses.answers import AnswerState
from engine.domain.shown import END_OF_ISOLATE, ISOLATE, shown


class Markup(str):
    """HTML that this module built; any other text is escaped before it is put into a page."""

    __slots__ = ()


Content = object
Tone = Literal["error", "warning", "success", "info"]
_TONE_WORDS: dict[str, str] = {"error": "Problem", "warning": "Warning", "success": "Done", "info": "Note"}
_READ_ALOUD = frozenset({"alt", "aria-label", "placeholder", "title"})
_LEVELS = {
    Level.HIGH: "t-high",
    Level.MODERATE: "t-moderate",
    Level.LOW: "t-low",
    Level.UNABLE_TO_SAY: "t-unable",
    Level.DOES_NOT_APPLY: "t-none",
}
_STATES = {
    AnswerState.NOT_ASKED: "t-unasked",
    AnswerState.AWAITED: "t-info",
    AnswerState.OVERDUE: "t-late",
    AnswerState.WAITING_RELEASE: "t-mine",
    AnswerState.CONTRIBUTION: "t-answered",
    AnswerState.NIL_RETURN: "t-nil",
    AnswerState.REFUSED: "t-refused",
    AnswerState.FAILED: "t-failed",
    AnswerState.ANSWERED_ASK_AGENCY: "t-info",
    AnswerState.ERASED: "t-none",
}
_STATUSES = {
    ActionStatus.NOT_STARTED: "t-todo",
    ActionStatus.IN_PROGRESS: "t-doing",
    ActionStatus.DONE: "t-done",
    ActionStatus.NOT_POSSIBLE: "t-ended",
    ActionStatus.NOT_DONE: "t-failed",
}


def draw(content: Content) -> None:
    """Put it on the page."""
    st.html(safe(content))


def safe(content: Content) -> Markup:
    """Return what was built here as it is; anything else as it is shown and escaped; empty for None."""
    if isinstance(content, Markup):
        return content
    if content is None:
        return Markup("")
    written = escape(shown(str(content)))
    return Markup(written.replace(ISOLATE, "<bdi>").replace(END_OF_ISOLATE, "</bdi>"))


def join(contents: Iterable[Content], separator: str = "") -> Markup:
    """Join several after one another."""
    return Markup(escape(separator).join(safe(content) for content in contents))


def element(name: str, /, *contents: Content, **attributes: str | int | bool | None) -> Markup:
    """Return one element. ``class_`` is the class, ``aria_label`` is ``aria-label``; None leaves one out."""
    named = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    written = "".join(
        f' {key}="{escape("" if value is True else shown(str(value)) if key in _READ_ALOUD else str(value))}"'
        for key, value in named.items()
        if value is not None and value is not False
    )
    return Markup(f"<{name}{written}>{join(contents)}</{name}>")


def tag(words: str, look: str = "t-none") -> Markup:
    """Return a term in a box; the term says it, the colour only helps to find it."""
    return element("span", words, class_=f"tag {look}")


def level_tag(level: Level) -> Markup:
    """Return a judgement's term."""
    return tag(level_in_words(level), _LEVELS[level])


def state_tag(state: AnswerState) -> Markup:
    """Return the status of an agency's answer."""
    return tag(state_in_words(state), _STATES[state])


def status_tag(status: ActionStatus) -> Markup:
    """Return the status of an action."""
    return tag(status.value.capitalize(), _STATUSES[status])


def none_recorded(words: str = "Not recorded") -> Markup:
    """Return an absence, in words."""
    return element("span", words, class_="absent")


def heading(words: Content, *, at: str, note: Content = None, level: int = 2) -> Markup:
    """Return a section's heading with the line under it; ``at`` is where a link on the page leads."""
    line = element("p", note, class_="sub") if note else ""
    return join([element(f"h{level}", words, class_="sec", id=at), line])


def page_title(words: Content, *, note: Content = None) -> Markup:
    """Return the one heading of the first level on a page."""
    line = element("p", note, class_="lead") if note else ""
    return element("div", element("h1", words, class_="page"), line, class_="pagehead")


def notice(tone: Tone, *contents: Content, heading: str | None = None) -> Markup:
    """Return a message that a screen reader speaks at once when it is a problem."""
    role = "alert" if tone in {"error", "warning"} else "status"
    said = element("strong", f"{heading or _TONE_WORDS[tone]}. ")
    return element("div", said, *contents, class_=f"notice n-{tone}", role=role)


def bullets(contents: Iterable[Content], *, class_: str = "bul") -> Markup:
    """Return a list."""
    return element("ul", *(element("li", content) for content in contents), class_=class_)


def definitions(
    pairs: Iterable[tuple[Content, Content]], *, class_: str = "defs", wide: Collection[Content] = ()
) -> Markup:
    """Return names with the meaning of each; those whose names are ``wide`` take two columns."""
    return element(
        "dl",
        *(
            element("div", element("dt", name), element("dd", said), class_="wide" if name in wide else None)
            for name, said in pairs
        ),
        class_=class_,
    )


def details(summary: Content, *contents: Content) -> Markup:
    """Return what opens when it is asked for."""
    return element("details", element("summary", summary), *contents)


def table(
    headers: Sequence[Content],
    rows: Iterable[Sequence[Content]],
    *,
    caption: Content,
    class_: str = "plain",
    marked: Sequence[str | None] | None = None,
    stacks: bool = False,
) -> Markup:
    """Return a table with real headings; a row begins with its own. ``marked`` is a class for each row.

    With ``stacks`` a narrow window has the cells of a row below each other, in place of a box that scrolls.
    """

    def is_a(role: str) -> str | None:
        return role if stacks else None  # a browser forgets the roles of cells below each other

    heads = (element("th", header, scope="col", role=is_a("columnheader")) for header in headers)
    head = element("thead", element("tr", *heads, role=is_a("row")), role=is_a("rowgroup"))
    body = []
    names = [str(header) for header in headers[1:]]  # a narrow window may write them above each cell
    for number, row in enumerate(rows):
        first, *others = row
        cells = [
            element("th", first, scope="row", role=is_a("rowheader")),
            *(
                element("td", cell, role=is_a("cell"), data_head=named)
                for cell, named in zip(others, chain(names if stacks else (), repeat(None)), strict=False)
            ),
        ]
        body.append(element("tr", *cells, role=is_a("row"), class_=marked[number] if marked else None))
    return scrolling(
        element(
            "table",
            element("caption", caption),
            head,
            element("tbody", *body, role=is_a("rowgroup")),
            role=is_a("table"),
            class_=f"{class_} stacks" if stacks else class_,
        ),
        label=caption,
    )


def scrolling(content: Content, *, label: Content) -> Markup:
    """Return a wide table in a scrolling box, by keyboard too, so that the page need not scroll."""
    return element("div", content, class_="scroll", role="region", tabindex="0", aria_label=str(label))


def link(words: Content, to: str, *, class_: str | None = None) -> Markup:
    """Return a link to a place on this page."""
    return element("a", words, href=to, target="_self", class_=class_)


def go(
    words: Content, place: Place, reference: str | None = None, *, codes: Mapping[str, str] | None = None
) -> Markup:
    """Return a link to another page of this app, which the shell follows without loading the app again.

    One that says a reference and no more stays on one line: a browser would break it after its letter.
    """
    is_reference = words in (reference, *(codes or {}).values())
    return link(words, address(place, reference, codes), class_="go unbroken" if is_reference else "go")


def hidden(name: str, value: str) -> Markup:
    """Return a part of a form that is not typed."""
    return Markup(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">')


def fetch(words: str, to: str, *, kind: str, reference: str | None = None, look: str = "choose") -> Markup:
    """Return a button that asks for a file; the link to it is made when it is pressed, and good for once."""
    parts = [hidden("kind", kind), *([hidden("ref", reference)] if reference else [])]
    parts.append(element("button", words, type="submit", class_=look))
    return element("form", *parts, method="post", action=to)


def send(
    label: str,
    words: str,
    to: str,
    *,
    accepts: str,
    then: str,
    more: Content = None,
    several: bool = False,
) -> Markup:
    """Return a form that sends one file, or several as one.

    The shell asks for its link as it is sent, and then opens ``then``.
    """
    many = " multiple" if several else ""
    chosen = Markup(f'<input type="file" accept="{escape(accepts)}" required{many}>')
    picked = element("div", element("label", element("b", label), chosen), class_="field")
    button = element("button", words, type="submit", class_="choose")
    return element("form", picked, more, button, method="post", action=to, class_="send", data_then=then)


def tick(label: str, name: str, value: str) -> Markup:
    """Return something that may be confirmed in a form."""
    box = Markup(f'<input type="checkbox" name="{escape(name)}" value="{escape(value)}">')
    return element("div", element("label", box, " ", element("b", label)), class_="field")


def optional(label: str, name: str, *, about: str) -> Markup:
    """Return something that may be typed into a form, with what it is for below it."""
    typed = Markup(
        f'<input type="text" name="{escape(name)}" autocomplete="off" maxlength="40" spellcheck="false" '
        f'aria-describedby="about-{escape(name)}">'
    )
    said = element("span", about, class_="sub", id=f"about-{name}")
    return element("div", element("label", element("b", label), typed), said, class_="field")


def field(label: str, name: str, *, kind: str, autocomplete: str, about: str | None = None) -> Markup:
    """Return something to type into a form, with its name above it."""
    described = f'aria-describedby="about-{escape(name)}" ' if about else ""
    said = element("span", about, class_="sub", id=f"about-{name}") if about else ""
    typed = Markup(
        f'<input type="{escape(kind)}" name="{escape(name)}" autocomplete="{escape(autocomplete)}" '
        f'{described}required maxlength="256" spellcheck="false">'
    )
    return element("div", element("label", element("b", label), typed), said, class_="field")


def image(source: str, *, width: int, height: int) -> Markup:
    """Return a small picture that only repeats the text beside it."""
    return Markup(f'<img alt="" width="{width}" height="{height}" src="{escape(source)}">')
