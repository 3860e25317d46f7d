"""A callback, and a run that changed the record, come to their end, also when the next press waits."""

from __future__ import annotations

import pytest
from streamlit.runtime.state import SafeSessionState
from streamlit.testing.v1 import AppTest

from dashboard import callbacks
from tests.builders import Desk


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
