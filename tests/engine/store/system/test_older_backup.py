"""What an older version made is brought up to date when it is filled into a new database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.domain.errors import NeverReleasedError
from engine.store.database import open_database
from engine.store.record_state import RESTORING, revision_needed
from engine.store.schema import revision_of, upgrade
from engine.store.snapshots import snapshot_of
from engine.store.whole_tables import NewDatabase

OLDER = "0200"


def test_a_record_of_an_older_schema_is_filled_as_it_was_and_then_migrated(tmp_path: Path) -> None:
    old = open_database(f"sqlite:///{tmp_path / 'old.db'}")
    upgrade(old, OLDER)
    with old.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO app_user (name, display_name, role, active, created_at) "
                "VALUES ('cora', 'Cora', 'co-ordinator', 1, '2026-03-02 09:00:00.000000')"
            )
        )
    url = f"sqlite:///{tmp_path / 'new.db'}"
    with snapshot_of(old) as snapshot, NewDatabase(url) as database:
        shapes = snapshot.shapes()
        rows = ((s.table, [json.loads(t) for t in texts]) for s in shapes for texts in snapshot.texts(s))
        database.fill(revision=OLDER, shapes=shapes, sequences=snapshot.sequences(), rows=rows)
        assert database.tallies() == snapshot.tallies()
        database.bring_up_to_date(revision=OLDER)
        new = open_database(url)
        assert revision_of(new) == RESTORING
        database.release()
    assert revision_of(new) == revision_needed() > OLDER
    with new.connect() as connection:
        assert connection.execute(text("SELECT name FROM app_user")).scalars().all() == ["cora"]
    new.dispose()
    old.dispose()


@pytest.mark.parametrize("revision", ["0026", "0263"])
def test_a_record_that_no_release_made_is_not_filled_in(revision: str, tmp_path: Path) -> None:
    with NewDatabase(f"sqlite:///{tmp_path / 'new.db'}") as database:
        with pytest.raises(NeverReleasedError):
            database.fill(revision=revision, shapes=[], sequences={}, rows=[])
        assert database.is_empty()
