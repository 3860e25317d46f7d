"""A home of every released version opens under this one, with everything in it; so does a log of 0.1.0."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.clock import SetClock
from engine.domain.cases.lifecycle import State
from engine.runtime import SchemaState, initialise, open_runtime, schema_state
from engine.services.accounts.users import find_user
from engine.services.cases.lists import list_page
from engine.services.cases.views import view_case
from engine.services.system import audit, audit_anchors, audit_content
from engine.services.vault.protected_details import held_on_case
from engine.store import schema
from engine.store.database import open_database
from tests.builders import MONDAY, SAFE_HOUSE, SAFE_PHONE
from tests.engine.store.test_schema import described
from tests.released import FOLDER, VERSIONS, released_home


def test_the_first_release_has_a_home() -> None:
    assert "0.2.0" in VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
def test_a_home_of_a_release_opens_with_everything_in_it(version: str, tmp_path: Path) -> None:
    environ, clock = {"STAC_HOME": str(released_home(version, tmp_path))}, SetClock(MONDAY)
    initialise(environ, clock=clock).close()
    with open_runtime(environ, clock=clock) as runtime:
        assert schema_state(runtime)[0] is SchemaState.RIGHT
        context = runtime.context(find_user(uow=runtime.uow, name="cora").acting())
        rows = list_page(context, count=None).rows
        (screened,) = (row for row in rows if row.state is not State.NOT_SCREENED)
        assert len(rows) == 2
        view = view_case(context, reference=screened.reference)
        assert len(view.incidents) == 2
        assert "harbour" in {answer.agency for answer in view.answers}
        with runtime.uow.unrecorded() as work:
            held_values = held_on_case(work=work, reference=screened.reference)
            assert {each.value for each in held_values} == {SAFE_HOUSE, SAFE_PHONE}
        assert audit.verify(uow=runtime.uow).ok
        content = audit_content.verify_content(uow=runtime.uow)
        assert (content.ok, content.missing_triggers) == (True, ())
        assert content.rows > 50
        fresh = open_database("sqlite://")
        schema.upgrade(fresh)
        assert described(runtime._engine) == described(fresh)
        fresh.dispose()


@pytest.mark.parametrize("name", ["audit-0.1.0.jsonl", "audit-with-versions-0.1.0.jsonl"])
def test_a_log_that_0_1_0_exported_still_verifies_against_its_anchors(name: str) -> None:
    anchors = audit_anchors.anchors_of(file=FOLDER / "anchors-0.1.0.jsonl")
    verdict = audit.verify_file(file=FOLDER / name, anchors=anchors)
    assert (verdict.ok, verdict.entries, len(anchors)) == (True, 19, 2)
