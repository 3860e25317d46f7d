"""The script that Streamlit runs for every visit and every change: who is here, and which page is drawn."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard import navigation, review_step, session, theme
from dashboard.views.accounts import sign_in


@st.cache_resource(show_spinner=False)
def freeze_heap() -> int:
    """Freeze imported modules: Streamlit collects garbage after every run, and this makes it cheap."""
    import gc

    import altair  # noqa: F401
    import pandas  # noqa: F401

    gc.collect()
    gc.freeze()
    return gc.get_freeze_count()


def draw() -> None:
    """Draw one run."""
    st.set_page_config(
        page_title="Stalking threat assessment", layout="wide", initial_sidebar_state="collapsed"
    )
    st.logo(str(Path(__file__).with_name("static") / "logo.svg"), size="large")
    theme.apply(room=session.room_view())
    freeze_heap()
    user = session.user()
    if user is None:
        sign_in.page()
    else:
        review_step.forget_elsewhere()
        navigation.run(user)


draw()
