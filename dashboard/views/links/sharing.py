"""Saved searches and maps that people share: sharing one's own, and what others share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from dashboard import markup, own_process, record, session, words
from dashboard.errors import draw_kept, keep_errors, show_errors
from dashboard.views.links import steps as link_steps
from engine.domain.errors import InvalidInputError
from engine.domain.links.sharing import SharedItem
from engine.services.links.sharing import end_share, my_shares, open_shared, remove_shared, share_with

LISTED = "links-alerts"
"""The part of the page with searches, alerts and what is shared."""
_SHARES = "links-shares"
_NOTE = (
    "The other person sees the question, its results and its time by their own access. "
    "They do not see your reason or your name for it. It ends when you stop sharing, or with your own access."
)


@st.dialog("Share")
def share(reference: str) -> None:
    """Share one's own saved search or map with a person, or stop."""
    if session.message_waits():
        st.rerun()  # sharing has stopped, and a dialog shows no message of the page
    draw_kept(_SHARES)
    runtime, acting = record.runtime(), session.acting()
    with show_errors():
        shares = [each for each in my_shares(runtime.context(acting)) if each.item == reference]
        for each in shares:
            with st.container(horizontal=True, vertical_alignment="center"):
                markup.draw(markup.element("span", f"Shared with {session.named(each.recipient)}"))
                st.button(
                    "Stop sharing",
                    key=f"share-end-{reference}-{each.recipient}",
                    on_click=_end,
                    args=(reference, each.recipient),
                )
    with st.form(f"share-{reference}", border=False, enter_to_submit=False):
        recipient = st.selectbox(
            "Share with",
            [name for name in session.people() if name != acting.user],
            index=None,
            format_func=session.named,
            placeholder="Choose a person",
            key=f"share-with-{reference}",
        )
        markup.draw(markup.element("p", _NOTE, class_="sub"))
        done = st.form_submit_button("Share", type="primary", key=f"share-do-{reference}")
    if done:
        with show_errors():
            if recipient is None:
                raise InvalidInputError("share with", "choose a person")
            share_with(
                runtime.context(acting),
                snapshots=runtime.link_snapshots,
                reference=reference,
                recipient=recipient,
            )
            session.say_after_rerun(f"{reference} is shared.")
            st.rerun()


def draw_shared(
    shared: Sequence[SharedItem], names: Mapping[str, str], *, read_again: Callable[[], object]
) -> None:
    """Draw what others share with this person, if anyone does."""
    if not shared:
        return
    markup.draw(markup.heading("Shared with you", at="shared", level=3))
    for each in shared:
        with st.container(
            key=f"mine-row-shared-{each.reference}",
            horizontal=True,
            vertical_alignment="center",
            horizontal_alignment="distribute",
        ):
            title = words.sentence(link_steps.with_names(dict(names), each.title))
            markup.draw(
                markup.element(
                    "div",
                    markup.element("b", f"New: {title}" if each.is_new else title),
                    markup.element("span", f"Shared by {session.named(each.owner)}", class_="why"),
                    markup.element("span", _counted(each), class_="when"),
                    class_="todo",
                )
            )
            st.button("Open", key=f"shared-open-{each.reference}", on_click=_open, args=(each, read_again))
            st.button(
                "Remove",
                key=f"shared-remove-{each.reference}",
                on_click=_remove,
                args=(each.reference, read_again),
            )


def _counted(each: SharedItem) -> str:
    if each.matches is None:
        return "Open it to search for it in the whole record"
    counted = words.counted(each.matches, "item" if each.asked else "result")
    return f"{counted} at {words.moment(each.read_at)}"


def _open(shared: SharedItem, read_again: Callable[[], object]) -> None:
    with keep_errors(LISTED):
        is_counted = shared.matches is not None
        item = own_process.ask(open_shared, is_small=is_counted, reference=shared.reference)
        read_again()
        session.say_after_rerun(f"{words.sentence(item.title)}: {_counted(item)}.")
        if item.asked is not None:
            link_steps.open_saved(item.asked)
        elif item.begin_at is not None:
            link_steps.begin(item.begin_at)


def _remove(reference: str, read_again: Callable[[], object]) -> None:
    with keep_errors(LISTED):
        remove_shared(record.runtime().context(session.acting()), reference=reference)
        read_again()
        session.say_after_rerun("It is removed from your list.")


def _end(reference: str, recipient: str) -> None:
    with keep_errors(_SHARES):
        end_share(record.runtime().context(session.acting()), reference=reference, recipient=recipient)
        session.say_after_rerun("It is not shared any more.")
