"""A callback of a page runs to its end, also when the next press waits already."""

from __future__ import annotations

import pytest
from streamlit.runtime.state import SafeSessionState
from streamlit.testing.v1 import AppTest

from dashboard import callbacks


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
