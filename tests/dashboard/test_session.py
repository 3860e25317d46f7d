"""What is taken from a browser: only what may be changed, by whoever is really signed in."""

from __future__ import annotations

from sqlalchemy import Engine, event
from streamlit.testing.v1 import AppTest

from dashboard.pages import Place
from tests.builders import Desk
from tests.dashboard.visits import Visits, screened


def test_who_is_signed_in_is_looked_up_once_in_each_run_and_anew_in_the_next(
    desk: Desk, visits: Visits
) -> None:
    reference = screened(desk)
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if "FROM sign_in" in statement:
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        visit = visits(desk.coordinator, Place.CASE, reference)
        assert len(asked) == 1
        visit.run()
        assert len(asked) == 2
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert reference in visit.source


def test_a_message_is_shown_until_the_next_run_of_the_page_and_its_parts_know_that_it_is() -> None:
    def page() -> None:
        import streamlit as st

        from dashboard import session

        if st.button("Record"):
            session.say_after_rerun("The decision is recorded.")
            st.rerun()
        st.button("Act")
        st.markdown(session.take_message() or "No message")
        st.markdown("shown" if session.message_is_shown() else "not shown")
        session.note_page_is_whole()

    app = AppTest.from_function(page).run()
    shown = []
    for number in (0, 1):
        app.button[number].click().run()
        shown.append([each.value for each in app.markdown])
    assert shown == [["The decision is recorded.", "shown"], ["No message", "not shown"]]
