"""The one door to the agencies: what each is shown, what it is given, and what becomes of its extract."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.domain.errors import NotFoundError, SetupError
from engine.domain.invented import InventedExtractTask
from engine.domain.responses.answers import Failed, FailureReason, NilReturn
from engine.domain.responses.requests import CaseAsked, PersonAsked
from engine.hooks.questions import FIND_PEOPLE
from engine.hooks.registry import Agencies, agencies_folder, load_agencies, must_be_released_by_hand
from engine.hooks.sandbox_checks import enforced
from tests.engine.hooks.conftest import TOY_FOLDERS

Load = Callable[..., Agencies]
HOME_VARIABLES = {"PATH": "/usr/bin", "LANG": "C.UTF-8", "TOY_KEY": "given", "DATABASE_URL": "not given"}


def saw(agencies: Agencies, case: CaseAsked) -> dict[str, Any]:
    answer = agencies.assess("says-what-it-saw", case)
    assert isinstance(answer, NilReturn)
    return json.loads(answer.looked_in[0])


def in_folder(tmp_path: Path, code: str, file: str, text: str) -> None:
    folder = agencies_folder(tmp_path / "home", code)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text(text, encoding="utf-8")


def allow(tmp_path: Path, code: str, text: str) -> None:
    """What the operator allows the agency beyond its folder."""
    file = agencies_folder(tmp_path / "home", code).with_suffix(".toml")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_agencies_are_told_in_the_order_of_the_alphabet(toys: Load) -> None:
    agencies = toys("raises", "answers")

    assert agencies.codes == ("advocacy", "answers", "health", "police", "probation", "raises")
    assert agencies.version("answers") == "1.0"
    assert agencies.was_shown("answers") == (
        "reference",
        "day of asking",
        "perpetrator.name",
        "perpetrator.identifiers (pnc)",
    )


def test_a_plugin_is_shown_only_what_its_manifest_declares(toys: Load, case: CaseAsked) -> None:
    shown = saw(toys("says-what-it-saw"), case)["case"]

    assert shown["victim"] is None
    assert shown["relationship"] is None
    assert shown["perpetrator"] == {
        "forename": "Perpetua",
        "surname": "Toyson",
        "date_of_birth": None,
        "sex": None,
        "identifiers": [{"scheme": "pnc", "value": "2012/0000001A"}],
    }


def test_a_plugin_runs_in_its_own_folder_and_group_with_a_clean_environment(
    toys: Load, case: CaseAsked, tmp_path: Path
) -> None:
    in_folder(tmp_path, "says-what-it-saw", "agency-settings.toml", "since = 2024-03-09\n")
    allow(tmp_path, "says-what-it-saw", 'environment = ["TOY_KEY"]\n')

    seen = saw(toys("says-what-it-saw", environment=HOME_VARIABLES), case)

    environment = dict(seen["environment"])
    environment.pop("PYTHONPATH")
    environment.pop("PYDANTIC_DISABLE_PLUGINS")
    environment.pop("OPENBLAS_NUM_THREADS")
    environment.pop("LC_CTYPE", None)  # Python's own, when the machine lacks the locale
    assert environment == {"PATH": "/usr/bin", "LANG": "C.UTF-8", "TOY_KEY": "given"}
    assert seen["folder"] == str(agencies_folder(tmp_path / "home", "says-what-it-saw"))
    assert seen["leads its group"] is True
    assert seen["settings"] == {"since": "2024-03-09"}
    assert seen["dated"] == "None"


def test_an_extract_is_read_once_until_one_of_its_files_changes(
    toys: Load, case: CaseAsked, tmp_path: Path
) -> None:
    agencies = toys("counts-its-readings")

    def readings() -> str:
        answer = agencies.assess("counts-its-readings", case)
        assert isinstance(answer, NilReturn)
        return answer.looked_in[0]

    assert [readings(), readings()] == ["1", "1"]
    in_folder(tmp_path, "counts-its-readings", "toys.csv", "one\n")
    assert [readings(), readings()] == ["2", "2"]
    digest = agencies.records("counts-its-readings").digest
    in_folder(tmp_path, "counts-its-readings", "toys.csv", "two\n")
    assert [readings(), readings()] == ["3", "3"]
    assert agencies.records("counts-its-readings").digest != digest


def test_settings_that_cannot_be_read_are_a_failure_and_no_nil_return(
    toys: Load, case: CaseAsked, tmp_path: Path
) -> None:
    in_folder(tmp_path, "answers", "agency-settings.toml", "environment = ")

    answer = toys("answers").assess("answers", case)

    assert isinstance(answer, Failed)
    assert answer.reason is FailureReason.BAD_RECORDS
    assert "agency-settings.toml has a line that breaks its format" in answer.says


def test_a_suspended_agency_stays_on_the_list_and_is_not_asked(toys: Load, case: CaseAsked) -> None:
    agencies = toys("answers", suspended=["answers"])

    answer = agencies.assess("answers", case)

    assert "answers" in agencies.codes
    assert agencies.is_suspended("answers")
    assert isinstance(answer, Failed)
    assert answer.reason is FailureReason.SUSPENDED
    assert agencies.process_number("answers") is None


def test_an_agency_that_is_not_installed_is_named_in_the_error(toys: Load, case: CaseAsked) -> None:
    with pytest.raises(
        NotFoundError,
        match="you cannot view agency housing, or it does not exist; installed are advocacy, answers",
    ):
        toys("answers").assess("housing", case)


def test_closed_agencies_are_asked_nothing_more(toys: Load, case: CaseAsked) -> None:
    agencies = toys("answers")
    agencies.close()

    with pytest.raises(SetupError, match="the agencies were closed"):
        agencies.assess("answers", case)


def test_a_manifest_that_cannot_be_used_fails_its_own_agency_and_no_other(
    tmp_path: Path, case: CaseAsked
) -> None:
    for code in ("one", "two"):
        (tmp_path / code).mkdir()
        (tmp_path / code / "agency.toml").write_text("colour = 1\n")
    extra = {"one": tmp_path / "one", "two": tmp_path / "two", "police": TOY_FOLDERS["answers"]}
    extra |= {"answers": TOY_FOLDERS["answers"], "No Code": TOY_FOLDERS["answers"]}

    with load_agencies(tmp_path / "home", extra=extra, suspended=["two"]) as agencies:
        assert agencies.codes == ("advocacy", "answers", "health", "one", "police", "probation", "two")
        one, police, two = (agencies.assess(code, case) for code in ("one", "police", "two"))
        many = agencies.assess_many("one", [case] * 3)
        others = [agencies.ask("one", FIND_PEOPLE, PersonAsked()), agencies.import_files("one", ())]
        assert isinstance(agencies.assess("answers", case), NilReturn)
        assert agencies.unusable == ("'No Code' is announced as an agency but is not an agency's code",)
        assert agencies.fault("answers") is None
        assert agencies.was_shown("one") == ()
        assert {fault.says.partition(":")[0] for fault in agencies.faults()} >= {"one", "police"}

    for answer in (one, *many, *others):
        assert isinstance(answer, Failed)
        assert answer.reason is FailureReason.NOT_RUNNING
        assert answer.says.startswith("one: its manifest cannot be used: agency.toml: ")
    assert isinstance(police, Failed)
    assert police.says == (
        "police: its manifest cannot be used: two packages announce it: plugins.police and answers"
    )
    assert isinstance(two, Failed)
    assert two.reason is FailureReason.SUSPENDED


@pytest.mark.parametrize(
    ("spoilt", "name", "seat"),
    [
        ('colour = "blue"\n', "Toy: answers as it should", "victim-voice"),
        ("fields = []\n", "answers", None),
        ("name = 7\n", "answers", None),
        ("a = " + "[" * 5_000 + "]" * 5_000 + "\n", "answers", None),
    ],
)
def test_who_an_agency_is_is_read_as_far_as_it_can_be(
    tmp_path: Path, spoilt: str, name: str, seat: str | None
) -> None:
    whole = (TOY_FOLDERS["answers"] / "agency.toml").read_text()
    folder = tmp_path / "answers"
    folder.mkdir()
    (folder / "agency.toml").write_text(f'{spoilt}seat = "victim-voice"\n{whole}')

    with load_agencies(tmp_path / "home", extra={"answers": folder}) as agencies:
        assert agencies.fault("answers")
        manifest = agencies.manifest("answers")

    assert (manifest.name, manifest.seat, manifest.fields) == (name, seat, ())
    assert not must_be_released_by_hand(manifest, agencies_failure())


def agencies_failure() -> Failed:
    return Failed(reason=FailureReason.NOT_RUNNING, says="answers: no")


def test_every_plugin_that_cannot_be_asked_is_told_at_once(toys: Load) -> None:
    built_in = ("advocacy", "health", "police", "probation")
    agencies = toys("misspells-its-hook", "cannot-be-loaded", "wants-too-much", "answers", suspended=built_in)

    answer = {fault.says.partition(":")[0]: fault.says for fault in agencies.faults()}

    assert sorted(answer) == ["cannot-be-loaded", "misspells-its-hook", "wants-too-much"]
    assert (
        "stac_asess, which is not a question of the contract; use one of stac_assess"
        in answer["misspells-its-hook"]
    )
    assert "stac_assess in hooks.py is not marked with hookimpl" in answer["misspells-its-hook"]


def test_a_synthetic_extract_is_put_in_place_whole_and_dated_or_not_at_all(
    toys: Load, tmp_path: Path
) -> None:
    agencies = toys("writes-half", "answers")
    folder = agencies_folder(tmp_path / "home", "writes-half")

    def write(seed: int) -> Failed | None:
        task = InventedExtractTask(seed=seed, on=date(2026, 11, 24), episodes=())
        return agencies.write_synthetic("writes-half", task)

    assert write(2) is None
    assert agencies.records("writes-half").dated == date(2026, 11, 24)
    failed = write(3)
    assert failed is not None
    assert failed.reason is FailureReason.RAISED
    assert failed.says == "writes-half: writes_half.synthetic:write_extract stopped with an error of its own"
    assert sorted(file.name for file in folder.iterdir()) == ["extract.json", "toys.csv"]
    assert (folder / "toys.csv").read_text() == "seed\n2\n"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (
        agencies.write_synthetic("answers", InventedExtractTask(seed=1, on=date(2026, 1, 1), episodes=()))
        is None
    )


def test_a_folder_that_cannot_be_read_is_a_failure(toys: Load, case: CaseAsked, tmp_path: Path) -> None:
    agencies = toys("answers", "says-what-it-saw")
    (tmp_path / "home" / "agencies").mkdir(parents=True)
    (tmp_path / "home" / "agencies" / "answers").write_text("a file where the folder should be")

    answer = agencies.assess("answers", case)

    assert isinstance(answer, Failed)
    assert answer.says == "answers: its records could not be read: answers could not be opened"
    assert isinstance(agencies.assess("says-what-it-saw", case), NilReturn)


def test_a_plugin_reads_elsewhere_only_what_its_operator_names(
    toys: Load, case: CaseAsked, tmp_path: Path
) -> None:
    if not {limit.name: limit.enforced for limit in enforced()}["reading outside its folder"]:
        pytest.skip("this machine has no Landlock")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "register.csv").write_text("one\n")
    reads = f'reads = ["{elsewhere}"]\n'
    in_folder(
        tmp_path,
        "reads-elsewhere",
        "agency-settings.toml",
        f'register = "{elsewhere / "register.csv"}"\n{reads}',  # its plugin can write this: it allows nothing
    )
    agencies = toys("reads-elsewhere")

    refused = agencies.assess("reads-elsewhere", case)
    allow(tmp_path, "reads-elsewhere", reads)
    allowed = agencies.assess("reads-elsewhere", case)
    allow(tmp_path, "reads-elsewhere", "")
    refused_again = agencies.assess("reads-elsewhere", case)

    assert isinstance(allowed, NilReturn)
    for answer in (refused, refused_again):
        assert isinstance(answer, Failed)
        assert "tried what is not allowed: a plugin writes in its own folder only" in answer.says


@pytest.mark.parametrize("text", ["reads = ", 'reads = ["relative"]', "network = true", "environment = 1"])
def test_an_allowance_that_cannot_be_read_is_a_failure_and_allows_nothing(
    toys: Load, case: CaseAsked, tmp_path: Path, text: str
) -> None:
    allow(tmp_path, "answers", text)

    answer = toys("answers").assess("answers", case)

    assert isinstance(answer, Failed)
    assert answer.reason is FailureReason.BAD_RECORDS
    assert (
        answer.says
        == "answers: its records could not be read: answers.toml has a line that breaks its format"
    )


def test_an_agency_s_folder_is_open_to_nobody_else(toys: Load, case: CaseAsked, tmp_path: Path) -> None:
    toys("answers").assess("answers", case)

    assert agencies_folder(tmp_path / "home", "answers").stat().st_mode & 0o777 == 0o700
