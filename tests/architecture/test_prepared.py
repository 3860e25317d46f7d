"""A record that tests begin from is copied for those with the same acts, and for no others."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

from engine.domain.accounts.acting import Role
from tests.builders import Desk, a_desk
from tests.prepared import RECORD, prepared

built: list[Path] = []


def add_one(desk: Desk) -> str:
    built.append(desk.runtime.settings.home)
    return desk.add("one", Role.ANALYST).user


def names(desk: Desk) -> set[str]:
    with desk.runtime.uow.unrecorded() as work:
        return {user.name for user in work.users.all()}


def test_it_is_built_once_and_copied_to_whoever_has_it_open(tmp_path: Path) -> None:
    built.clear()
    for place in ("first", "not yet open", "changed", "changed alike", "open to another too"):
        with a_desk(tmp_path / place) as desk, ExitStack() as others:
            there = {"cora", "chair"}
            if place not in ("first", "not yet open"):
                desk.add("somebody", Role.MANAGER)
                there |= {"somebody"}
            if place == "open to another too":  # so the journal stays, with the change in it
                another = others.enter_context(closing(sqlite3.connect(tmp_path / place / RECORD)))
                another.execute("SELECT * FROM alembic_version").fetchall()
            assert prepared(desk, add_one) == "one"
            assert names(desk) == there | {"one"}
    assert built == [tmp_path / "first", tmp_path / "changed"]


def test_a_record_that_was_changed_is_not_taken_for_the_one_that_it_was_copied_from(tmp_path: Path) -> None:
    for more in ("nobody", "somebody", "somebody-else"):
        with a_desk(tmp_path / more) as desk:
            if more != "nobody":
                desk.add(more, Role.MANAGER)
            if more == "somebody-else":
                desk.runtime.uow.close()
            prepared(desk, add_one)
            assert names(desk) == {"cora", "chair", "one", more} - {"nobody"}
