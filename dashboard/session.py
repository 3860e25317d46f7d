"""The only door to a browser session: who is signed in, which case is open, what a form holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TypeVar, overload
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import record
from dashboard.arrivals import LOCAL
from dashboard.sign_in import COOKIE, standing
from engine.domain.accounts.acting import Acting, User
from engine.domain.accounts.sign_ins import SignIn, SignInStanding, SignInWay
from engine.domain.system.submissions import Submission
from engine.domain.vault.marks import MarkOf
from engine.services.accounts.users import list_users

_Stored = TypeVar("_Stored")
_CASE = "open_case"
_SAID = "said_once"
_SHOWN = "shown_in_the_last_run"
_IS_CUT_SHORT = "page_with_message_is_cut_short"
_ROOM = "room_view"
_PAGE, _PAGE_BEFORE = "page_drawn", "page_drawn_before"
LONGEST_CODE = 200
"""The most that is read of one part of an address."""


def is_local() -> bool:
    """Return whether the browser is on this machine; the shell says so, never the browser itself."""
    return st.context.headers.get(LOCAL) == "1"


def user() -> User | None:
    """Return who is signed in; None if no user is."""
    return standing_now().user


_STANDINGS: WeakKeyDictionary[object, SignInStanding] = WeakKeyDictionary()
"""By the run that it was read in: a page or a part that is drawn again reads it again."""


def standing_now() -> SignInStanding:
    """Return who is signed in, or why the sign-in ended; read once in each run, and never for the next."""
    run = _run()
    found = _STANDINGS.get(run) if run is not None else None
    if found is None:
        found = standing(st.context.cookies.get(COOKIE), local=is_local())
        if run is not None:
            _STANDINGS[run] = found
    return found


def _run() -> object | None:
    """Return what Streamlit makes for each run of the page or of a part of it, and drops with the next."""
    context = get_script_run_ctx(suppress_warning=True)
    return None if context is None else context.parallel_coordinator


def has_dialog() -> bool:
    """Return whether this run has opened a dialog: Streamlit draws one at most."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.has_dialog_opened


def sign_in() -> SignIn:
    """Return the sign-in of this very browser."""
    found = standing_now().sign_in
    if found is None:
        st.rerun(scope="app")
    return found


def may_ask_for_code() -> bool:
    """Return whether a code for the command is of use:
    to a user who comes through a provider and has no password here.
    """
    found = standing_now().sign_in
    return found is not None and found.way is SignInWay.PROVIDER


def acting() -> Acting:
    """Return the person at the task: for every use case, in every run and every part of one.

    A sign-in that has ended since the page was drawn leaves it at once, for the page that says so.
    """
    found = standing_now().acting()
    if found is None:
        st.rerun(scope="app")
    return found


def open_reference() -> str | None:
    """Return the case that the address names, else the one that was open last."""
    reference = st.query_params.get("ref") or st.session_state.get(_CASE)
    return str(reference)[:40] if reference else None


def has_open_case(*, not_on: Collection[str]) -> bool:
    """Return whether a case is open or in the address; on these pages the address names something else."""
    page = urlsplit(here()).path.strip("/")
    return _CASE in st.session_state or ("ref" in st.query_params and page not in not_on)


def store_reference(reference: str | None) -> None:
    """Remember the open case, in the address too so that it can be passed on; None forgets it."""
    if reference is None:
        st.session_state.pop(_CASE, None)
        if "ref" in st.query_params:
            del st.query_params["ref"]
        return
    st.session_state[_CASE] = reference
    if st.query_params.get("ref") != reference:
        st.query_params["ref"] = reference


def here() -> str:
    """Return the address of the page that is open, within this app."""
    parts = urlsplit(st.context.url or "/")
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def query(name: str) -> str | None:
    """Return one part of the address."""
    value = st.query_params.get(name)
    return str(value)[:LONGEST_CODE] if value else None


def put_in_address(codes: Mapping[str, str]) -> None:
    """Put closed codes into the address, so that a filter survives the way back; an empty one leaves it.

    All at once: each change of the address is a step of the browser's history.
    """
    before = st.query_params.to_dict()
    after = {name: code for name, code in {**before, **codes}.items() if code}
    if after != before:
        st.query_params.from_dict(after)


def note_page(address: str) -> None:
    """Note that a run draws the page of this address."""
    st.session_state[_PAGE_BEFORE] = st.session_state.get(_PAGE)
    st.session_state[_PAGE] = address


def is_on_the_page() -> bool:
    """Return whether the run before drew this page too."""
    return bool(st.session_state.get(_PAGE_BEFORE) == st.session_state.get(_PAGE))


def comes_by_history() -> bool:
    """Return whether the browser asks for this page by Back or Forward, or by a link of ours."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation


def room_view() -> bool:
    """Return whether the page is drawn for the room's screen: larger, with initials."""
    return bool(st.session_state.get(_ROOM, False))


ROOM_KEY = _ROOM
"""The key of the switch."""


def say_after_rerun(words: str) -> None:
    """Say something once, on the page as it will be drawn next."""
    st.session_state[_SAID] = words


def take_message() -> str | None:
    """Return the message to show: once, unless the run that showed it was ended by the next press.

    Streamlit may end this run at each access to the session, so what waits is taken last.
    """
    missed: str | None = st.session_state.get(_SHOWN) if st.session_state.get(_IS_CUT_SHORT) else None
    waits: str | None = st.session_state.get(_SAID)
    words = missed or waits
    if missed and waits and not missed.endswith(waits):
        words = f"{missed} {waits}"
    st.session_state[_SHOWN] = words
    st.session_state[_IS_CUT_SHORT] = words is not None
    st.session_state.pop(_SAID, None)
    return words


def note_page_is_whole() -> None:
    """Note that a page was drawn to its end, so its message was shown."""
    st.session_state[_IS_CUT_SHORT] = False


def message_waits() -> bool:
    """Return whether a message is for the page as it will be drawn next: a part of it does not show it."""
    return _SAID in st.session_state


def message_is_shown() -> bool:
    """Return whether the page has a message, which stays while only a part of the page is drawn again."""
    return st.session_state.get(_SHOWN) is not None


def number(key: str, default: int) -> int:
    """Return a small count that a page stores: which version a form is of, how many lines it shows."""
    return int(st.session_state.get(key, default))


def store_number(key: str, value: int) -> None:
    """Store such a count."""
    st.session_state[key] = value


@overload
def stored_value(key: str) -> object: ...


@overload
def stored_value(key: str, kind: type[_Stored]) -> _Stored | None: ...


def stored_value(key: str, kind: type[object] = object) -> object:
    """Return something of this kind that a page put aside for its next drawing; None if there is none."""
    value = st.session_state.get(key)
    return value if isinstance(value, kind) else None


def keep(key: str, value: object) -> None:
    """Put something aside; None forgets it."""
    if value is None:
        st.session_state.pop(key, None)
    else:
        st.session_state[key] = value


def forget_all_of(reference: str) -> None:
    """Forget everything that was put aside under a name with this reference."""
    for key in [key for key in st.session_state if reference in str(key)]:
        del st.session_state[key]


def typed(prefix: str, *, without: tuple[str, ...]) -> dict[str, object]:
    """Return the present content of the fields whose keys begin so,
    without those that end in one of ``without``.
    """
    return {
        str(key): value
        for key, value in st.session_state.items()
        if str(key).startswith(prefix) and not str(key).endswith(without)
    }


def type_again(values: Mapping[str, object]) -> None:
    """Put back into fields what they held; only before they are drawn."""
    for key, value in values.items():
        st.session_state[key] = value


def type_where_empty(values: Mapping[str, object]) -> None:
    """Do the same for the fields that are not drawn and hold nothing."""
    type_again({key: value for key, value in values.items() if key not in st.session_state})


_SUBMISSION = "submission"


def submission() -> Submission:
    """Return what was said on this page of the act: whose places are, and which other act it is not."""
    page, said = st.session_state.get(_SUBMISSION, (None, None)) if _run() is not None else (None, None)
    return said if said is not None and page == _page_now() else Submission()


def note_whose(asked: Mapping[str, str]) -> None:
    """Store for this page what was chosen, by the keys of the choices and what the mark of each reads as."""
    chosen = {reads: MarkOf(whose) for key, reads in asked.items() if (whose := st.session_state.get(key))}
    said = submission()
    _note_said(replace(said, said_of={**said.said_of, **chosen}))


def note_another_than(recorded: str) -> None:
    """Store for this page that the act is not the one that was recorded as this, though it equals it."""
    said = submission()
    _note_said(replace(said, other_than=said.other_than | {recorded}))


def _note_said(said: Submission) -> None:
    st.session_state[_SUBMISSION] = _page_now(), said


def _page_now() -> tuple[str, str | None]:
    return urlsplit(here()).path, open_reference()


def told_by_component(key: str, name: str) -> object:
    """Return what a component of ours answered under this name. A browser may forge any of it."""
    state = st.session_state.get(key)
    return state.get(name) if isinstance(state, Mapping) else getattr(state, name, None)


def selected_in_chart(key: str, parameter: str, field: str) -> list[str]:
    """Return the values of a field that were chosen in a chart. A browser may forge any of them."""
    chosen = told_by_component(key, "selection")
    values = chosen.get(parameter) if isinstance(chosen, Mapping) else None
    found = values.get(field) if isinstance(values, Mapping) else None
    return [each for each in found if isinstance(each, str)] if isinstance(found, list | tuple) else []


@st.cache_data(show_spinner=False, ttl=60, max_entries=4)
def _names(home: str, _acting: Acting) -> dict[str, str]:
    """Return all users' names by user name, for a minute: a page names people, and no case depends on it."""
    runtime = record.runtime()
    users = list_users(runtime.context(_acting))
    return {user.name: user.display_name for user in users}


_NAMES: WeakKeyDictionary[object, dict[str, str]] = WeakKeyDictionary()
"""By the run: the cache beneath gives each asker a copy, and a page names many people."""


def _names_now() -> dict[str, str]:
    run = _run()
    found = _NAMES.get(run) if run is not None else None
    if found is None:
        found = _names(str(record.runtime().settings.home), acting())
        if run is not None:
            _NAMES[run] = found
    return found


def people() -> tuple[str, ...]:
    """Return all user names, for a choice of one."""
    return tuple(_names_now())


def named(user: str) -> str:
    """Return a person as a page names them; a plugin or a flow has only its own name."""
    return _names_now().get(user, user)


record.SUBMISSION_OF_PAGE[:] = [submission]
