"""A restored record shows no one what was narrowed, closed or suspended after its backup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import NotFoundError, NotPermittedError
from engine.domain.sharing import VisibilityToOthers
from engine.runtime import Runtime
from engine.services.accounts import users
from engine.services.cases.views import view_case
from engine.services.sharing.release_rules import set_rule
from engine.services.system.backups import BackupMade
from tests.builders import Desk, a_contribution, a_desk, ask_all, let_answer, with_toys
from tests.engine.services.agencies.test_suspension import suspend
from tests.engine.services.cases.test_pathway import screened
from tests.engine.services.sharing.test_release_rules import a_rule
from tests.engine.services.system.backed_up import Places

NARROWED, LEFT = "Bail was set.", "Two reports were held."
pytestmark = pytest.mark.sqlite


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as desk:
        yield desk


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.under(tmp_path)


def read(runtime: Runtime, acting: Acting, case: str) -> str:
    """All that this person is shown of the case."""
    return view_case(runtime.context(acting), reference=case).model_dump_json()


@dataclass(frozen=True)
class Closed:
    """A case, its backup, and two people to whom something was closed after it."""

    case: str
    made: BackupMade
    reader: Acting
    leaver: Acting


@pytest.fixture
def closed(desk: Desk, places: Places) -> Closed:
    workers = with_toys(desk)
    let_answer(desk, "harbour", a_contribution(LEFT, NARROWED))
    case = screened(desk)
    ask_all(desk, case)
    reader, leaver = workers["lantern"], workers["voice"]
    for acting in (reader, leaver):
        shown = read(desk.runtime, acting, case)
        assert (NARROWED in shown, LEFT in shown) == (True, True)
    made = places.back_up(desk)

    desk.clock.forward(timedelta(hours=1))
    rule = a_rule("finding-2", otherwise=VisibilityToOthers.HIDE)
    set_rule(desk.context(workers["harbour"]), reference=case, agency="harbour", rule=rule)
    by = desk.context(desk.coordinator)
    users.change_role(by, name=leaver.user, role=Role.ANALYST)
    users.change_role(by, name=leaver.user, role=Role.PRACTITIONER, agency="voice")
    suspend(desk, "harbour")
    is_closed(desk.runtime, Closed(case, made, reader, leaver))
    return Closed(case, made, reader, leaver)


def is_closed(runtime: Runtime, closed: Closed) -> None:
    """It is closed in this record, and no more than that."""
    shown = read(runtime, closed.reader, closed.case)
    assert (NARROWED in shown, LEFT in shown) == (False, True)
    with pytest.raises((NotFoundError, NotPermittedError)):
        read(runtime, closed.leaver, closed.case)
    assert runtime.suspended.now() == {"harbour"}


def test_what_was_closed_after_the_backup_is_shown_to_no_one_in_what_is_restored(
    desk: Desk, places: Places, closed: Closed
) -> None:
    places.restore(desk, closed.made)
    with places.opened(desk) as runtime:
        is_closed(runtime, closed)


def test_without_the_register_each_would_be_open_so_the_register_is_what_closes_it(
    desk: Desk, places: Places, closed: Closed
) -> None:
    places.restore(desk, closed.made, registers=None)
    with places.opened(desk) as runtime:
        for acting in (closed.reader, closed.leaver):
            assert NARROWED in read(runtime, acting, closed.case)
        assert runtime.suspended.now() == set()
