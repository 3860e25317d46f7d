"""The task in hand, in the bar of every page: chosen once, carried until another is begun."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, record, session
from dashboard.errors import show_errors
from engine.domain.accounts.acting import Role
from engine.domain.accounts.tasks import CASE_WORK, TASKS_OF, Task
from engine.services.accounts.sign_ins import begin_task


def draw(role: Role) -> None:
    """Draw what this sign-in is for, and what else it can be begun for."""
    sign_in = session.standing_now().sign_in
    if sign_in is None or role not in TASKS_OF:
        return
    now = sign_in.task or CASE_WORK
    with st.popover(f"Task: {now.partition(' of ')[0]}", key="task-in-hand", type="tertiary"):
        markup.draw(
            markup.element(
                "p",
                "Your activity is logged against this purpose: ",
                markup.element("b", now),
                ". This applies in every tab until you start another task.",
            )
        )
        if sign_in.task and st.button("Return to case work", key="task-none"):
            _begin(None)
        for task in TASKS_OF[role]:
            if st.button(f"Start: {task.value}", key=f"task-{task.name.lower()}"):
                _begin(task)


def _begin(task: Task | None) -> None:
    runtime = record.runtime()
    sign_in = session.standing_now().sign_in
    if sign_in is None:
        st.rerun(scope="app")
    with show_errors():
        purpose = begin_task(uow=runtime.uow, clock=runtime.clock, sign_in=sign_in, task=task)
        session.say_after_rerun(f"Your task is now: {purpose}.")
        st.rerun()
