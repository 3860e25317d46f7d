"""``stac_import``: an agency reads its own files in a process of its own, and tells what became of each."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from engine.domain.agencies.files import AgencyFilesRead
from engine.domain.invented import InventedExtractTask
from engine.domain.responses.answers import Contribution, NilReturn
from engine.hooks.registry import agencies_folder, load_agencies
from engine.synthetic.city import invented_episodes
from tests.plugins.builders import HIS_NHS, a_case
from tests.plugins.health.fhir import a_bundle, a_flag, a_patient


def test_hook_stac_import(tmp_path: Path) -> None:
    incoming = agencies_folder(tmp_path, "health") / "incoming"
    incoming.mkdir(parents=True)
    (incoming / "one.json").write_text(
        json.dumps(a_bundle(a_patient("2", identifier=[], name=[{"text": "A B"}])))
    )
    (incoming / "two.json").write_text(json.dumps(a_bundle(a_patient(), a_flag())))
    with load_agencies(tmp_path) as agencies:
        first = agencies.import_files("health", ("one.json",))
        before = agencies.assess("health", a_case(numbers=(HIS_NHS,)))
        second = agencies.import_files("health", ("two.json",))
        after = agencies.assess("health", a_case(numbers=(HIS_NHS,)))

    assert isinstance(first, AgencyFilesRead)
    assert isinstance(second, AgencyFilesRead)
    assert [file.file for file in (*first.files, *second.files)] == ["one.json", "two.json"]
    assert first.whole
    assert second.whole
    assert isinstance(before, NilReturn)
    assert isinstance(after, Contribution)


ON = date(2026, 11, 24)


@pytest.mark.parametrize("code", ["police", "probation"])
def test_tables_that_are_handed_over_are_the_extract_that_they_came_from(tmp_path: Path, code: str) -> None:
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    episodes = tuple(invented_episodes(7, count=60, until=ON))
    task = InventedExtractTask(seed=7, on=ON, episodes=episodes)
    with load_agencies(theirs) as agencies:
        assert agencies.write_synthetic(code, task) is None
    written = sorted(agencies_folder(theirs, code).glob("*.csv"))
    incoming = agencies_folder(ours, code) / "incoming"
    incoming.mkdir(parents=True)
    for number, table in enumerate(written):
        shutil.copy(table, incoming / f"{number}.csv")  # a table is known by its heading

    with load_agencies(ours) as agencies:
        read = agencies.import_files(code, [f"{number}.csv" for number in range(len(written))])

    assert isinstance(read, AgencyFilesRead)
    assert read.whole
    assert [kind.kind for file in read.files for kind in file.kinds] == [table.stem for table in written]
    for table in written:
        assert (agencies_folder(ours, code) / table.name).read_bytes() == table.read_bytes()
