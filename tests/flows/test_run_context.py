"""How a flow gets its runtime."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import pytest

from engine.domain.accounts.acting import Role
from engine.domain.errors import SetupError
from flows.run_context import current_run, running
from tests.builders import Desk


def test_a_flow_with_no_runtime_in_force_says_who_should_have_called_it() -> None:
    with pytest.raises(SetupError, match="let the runner call it"):
        current_run()


def test_a_flow_acts_as_itself_for_the_purpose_of_whoever_set_it_off(desk: Desk) -> None:
    with running(desk.runtime, purpose="case work", on_behalf_of="cora"):
        acting = current_run().acting
    assert (acting.user, acting.role, acting.purpose, acting.on_behalf_of) == (
        "flow",
        Role.SYSTEM,
        "case work",
        "cora",
    )


def test_a_copy_of_the_context_on_another_thread_finds_the_same_runtime(desk: Desk) -> None:
    with running(desk.runtime, purpose="case work", on_behalf_of="cora"), ThreadPoolExecutor(1) as threads:
        found = threads.submit(copy_context().run, current_run).result()
    assert found.runtime is desk.runtime


def test_nothing_is_in_force_after_the_block(desk: Desk) -> None:
    with running(desk.runtime, purpose="case work", on_behalf_of="cora"):
        pass
    with pytest.raises(SetupError):
        current_run()
