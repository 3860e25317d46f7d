"""Between filling in and recording: what will be recorded is shown first, then recorded, changed or left.

What was filled in waits on the server: what is recorded is what was shown, whatever a browser sends later.
A form stays open until its author records or leaves it: after a lost connection the page is drawn again, and
the form with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import markup, session

_Given = TypeVar("_Given")
TAKES_FOCUS = "takes-focus"
"""The class of a heading that the page's script gives the focus when it is drawn."""
_BUTTONS = ("-save", "-leave", "-more", "-record", "-change")


_OPEN = "form-open"


class _Open(NamedTuple):
    """The form that is open, with its user, page and case."""

    where: tuple[str, str, str | None]
    draw: Callable[[], object]


class _Waiting(NamedTuple):
    """The object that was filled in, and the content of the fields."""

    given: object
    fields: dict[str, object]


def begin(key: str, draw: Callable[[], object], *, again: Callable[[], object] | None = None) -> None:
    """Start with empty fields and draw the dialog: for the button that opens it.

    ``again`` draws it with its page, where ``draw`` has what its reader may no longer see by then.
    """
    session.keep(_name(key), None)
    session.keep(_OPEN, _Open(_where(), again or draw))
    draw()


def end(key: str) -> None:
    """Let the form go: it was recorded or left."""
    session.keep(_name(key), None)
    session.keep(_OPEN, None)


def draw_again() -> None:
    """Draw the dialog that is open on this page, unless a button has just opened one.

    A page calls it last, when its reader may still see it.
    """
    there = session.stored_value(_OPEN, _Open)
    if there is not None and not session.has_dialog():
        there.draw()


def forget_elsewhere() -> None:
    """Let the form go that was open on another page, or is another user's: before any page is drawn."""
    there = session.stored_value(_OPEN, _Open)
    if there is not None and there.where != _where():
        session.keep(_OPEN, None)


def fill_in_and_confirm(
    key: str,
    kind: type[_Given] | tuple[type[_Given], ...],
    *,
    fields: Callable[[], _Given | None],
    review: Callable[[_Given], None],
) -> None:
    """Draw the fields, or in their place what was filled in with them and waits to be confirmed.

    The fields are the same parts of the page in every run. If their place were cleared first, a browser could
    take them off and put them back: without what was typed meanwhile, and with the next Enter on a button.
    """
    given = waiting(key, kind)
    if given is not None:
        st.empty()
        with st.container():
            review(given)
        return
    of_fields, _ = st.container(), st.empty()
    with of_fields:
        given = fields()
    if given is not None:
        session.keep(_name(key), _Waiting(given, session.typed(f"{key}-", without=_BUTTONS)))
        run_part_again()


def waiting(key: str, kind: type[_Given] | tuple[type[_Given], ...]) -> _Given | None:
    """Return what was filled in and waits to be recorded; None while it is still being filled in."""
    stored = session.stored_value(_name(key), _Waiting)
    return stored.given if stored is not None and isinstance(stored.given, kind) else None


def confirmed(key: str, *shown: markup.Content, record: str) -> bool:
    """Show what waits, and whether the person has now confirmed it; "Change it" brings the fields back.

    The heading takes the focus: when the button that was pressed is gone, a browser moves to another one, and
    one Enter too many would press that.
    """
    title = markup.element(
        "h3", "This will be recorded", class_=f"sec {TAKES_FOCUS}", id=f"review-{key}", tabindex="-1"
    )
    markup.draw(title)
    markup.draw(markup.join(shown))
    with st.container(horizontal=True):
        is_confirmed = st.button(record, type="primary", key=f"{key}-record")
        st.button("Change it", key=f"{key}-change", on_click=fill_in_again, args=(key,))
    return is_confirmed


def leave(key: str) -> None:
    """Draw the button that closes the dialog, while the fields are there.

    It is absent beside what waits to be recorded: one Enter too many there would close the dialog and lose
    what was typed.
    """
    if session.stored_value(_name(key)) is None and st.button("Leave without saving", key=f"{key}-leave"):
        end(key)
        st.rerun()


def fill_in_again(key: str) -> None:
    """Bring the fields back with what was in them."""
    stored = session.stored_value(_name(key), _Waiting)
    if stored is not None:
        session.type_again(stored.fields)
    session.keep(_name(key), None)


def run_part_again() -> None:
    """Run this dialog, or this part of the page, again; the whole page where it was drawn with it."""
    context = get_script_run_ctx()
    is_part = context is not None and bool(context.fragment_ids_this_run)
    st.rerun(scope="fragment" if is_part else "app")


def _where() -> tuple[str, str, str | None]:
    return session.sign_in().user.name, session.here(), session.open_reference()


def _name(key: str) -> str:
    return f"review-{key}"
