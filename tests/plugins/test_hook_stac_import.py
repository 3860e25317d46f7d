"""``stac_import``: an agency reads its own files in a process of its own, and tells what became of each."""

from __future__ import annotations

import json
from pathlib import Path

from engine.domain.agency_files import AgencyFilesRead
from engine.domain.answers import Contribution, NilReturn
from engine.hooks.registry import agencies_folder, load_agencies
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
