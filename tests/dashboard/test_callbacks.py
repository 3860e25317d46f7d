"""A callback, and a run that changed the record, come to their end, also when the next press waits."""

from __future__ import annotations

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.state import SafeSessionState
from streamlit.testing.v1 import AppTest

from dashboard import callbacks, navigation
from dashboard.pages import Place
from tests.builders import Desk
from tests.dashboard.visits import Visits


def _page() -> None:
    import streamlit as st
    from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

    def act() -> None:
        context = get_script_run_ctx()
        assert context is not None
        assert context.script_requests is not None
        context.script_requests.request_rerun(RerunData())  # the next press, which comes meanwhile
        st.session_state["acts"] = st.session_state.get("acts", 0) + 1

    st.button("Act", key="act", on_click=act)
    st.text(f"Acts: {st.session_state.get('acts', 0)}")


def test_what_waits_does_not_end_a_callback(monkeypatch: pytest.MonkeyPatch) -> None:
    here = "on_script_will_rerun"
    monkeypatch.setattr(SafeSessionState, here, getattr(SafeSessionState, here))  # put back after the test
    callbacks.run_whole()
    app = AppTest.from_function(_page).run()
    assert app.text[0].value == "Acts: 0"
    app.button(key="act").click().run()
    assert app.text[0].value == "Acts: 1"
    app.button(key="act").click().run()
    assert app.text[0].value == "Acts: 2"


def _recording(acting, changes):
    import streamlit as st
    from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

    from dashboard import record

    if st.button("Record", key="record"):
        context = record.runtime().context(acting)
        with context.writing("note") if changes else context.reading("look"):
            pass
        run = get_script_run_ctx()
        assert run is not None
        assert run.script_requests is not None
        run.script_requests.request_rerun(RerunData())  # the next press, which comes now
        st.session_state["said"] = "It is recorded."
        st.rerun()
    st.text(st.session_state.get("said", "nothing"))


@pytest.mark.parametrize(("changes", "said"), [(True, "It is recorded."), (False, "nothing")])
def test_what_waits_does_not_end_a_run_that_changed_the_record(desk: Desk, changes: bool, said: str) -> None:
    app = AppTest.from_function(_recording, args=(desk.coordinator, changes)).run()
    app.button(key="record").click().run()
    assert not app.exception
    assert app.text[0].value == said
    app.run()  # a run that ended so does not keep the next ones from being ended
    app.button(key="record").click().run()
    assert app.text[0].value == said


def test_a_confirmation_is_not_repeated_after_a_page_that_failed(
    desk: Desk, visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise KeyError("page")

    visit = visits(desk.coordinator, Place.CASES)
    visit.app.session_state["said_once"] = "The incident is recorded."
    with monkeypatch.context() as patched:
        patched.setitem(navigation._DRAWS, Place.CASES, fail)
        visit.app.run()
        assert "The incident is recorded." in visit.words
    assert "is recorded." not in visit.run().words


def test_a_confirmation_is_shown_though_the_next_press_ends_the_redraw_that_has_it(
    desk: Desk, visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw, waiting = navigation._DRAWS[Place.CASES], list[str]()

    def draw_as_more_is_pressed() -> None:
        if waiting:
            run = get_script_run_ctx()
            assert run is not None
            assert run.script_requests is not None
            st.session_state["said_once"] = waiting.pop()  # what the next press will say
            run.script_requests.request_rerun(RerunData(page_script_hash=run.page_script_hash))
        draw()

    monkeypatch.setitem(navigation._DRAWS, Place.CASES, draw_as_more_is_pressed)
    visit = visits(desk.coordinator, Place.CASES)
    visit.app.session_state["said_once"] = "The incident is recorded."
    waiting.append("")
    assert "The incident is recorded." in visit.run().words
    assert waiting == []
    assert "is recorded." not in visit.run().words, "it is shown once"

    visit.app.session_state["said_once"] = "The incident is recorded."
    waiting.append("The order is recorded.")
    assert "The incident is recorded. The order is recorded." in visit.run().words
    assert "is recorded." not in visit.run().words
