"""A plugin that keeps the contract reaches gold, and each way of breaking it is told by its own check."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.hooks.conformance.levels import Level, Standing, definitions
from engine.hooks.conformance.suite import Checked
from engine.hooks.contract.versions import Deprecated
from tests.engine.hooks.conformance.packages import EXAMPLE, Spoilt, a_plugin, checked

TOYS = Path(__file__).parents[1] / "toys"


def standing(of: Checked, check: str) -> Standing:
    return next(each.standing for each in of.report.results if each.check == check)


def sentences_of(of: Checked, check: str) -> str:
    return " ".join(next(each.says for each in of.report.results if each.check == check))


def failing(of: Checked) -> set[str]:
    return {each.check for each in of.report.results if each.standing is Standing.FAILED}


def test_every_check_that_is_defined_is_made_and_no_other(tmp_path: Path) -> None:
    result = checked(TOYS / "misspells_its_hook", tmp_path)

    assert [each.check for each in result.report.results] == [each.code for each in definitions().check]


def test_a_new_plugin_passes_every_check_that_this_machine_can_make(tmp_path: Path) -> None:
    result = checked(a_plugin(tmp_path), tmp_path)

    assert failing(result) == set()
    assert {each.standing for each in result.report.results} <= {
        Standing.PASSED,
        Standing.DOES_NOT_APPLY,
        Standing.NOT_CHECKED,
    }
    assert result.report.level in (Level.GOLD, Level.SILVER)
    assert result.report.shown == (
        "reference",
        "day of asking",
        "perpetrator.name",
        "perpetrator.date_of_birth",
    )
    assert result.run is not None
    assert len(result.run.answers) == definitions().cases


@pytest.mark.slow
def test_the_agency_without_python_passes_the_same_suite(tmp_path: Path) -> None:
    result = checked(EXAMPLE, tmp_path)

    assert failing(result) == set()
    assert result.report.level in (Level.GOLD, Level.SILVER)
    assert standing(result, "pointers") is Standing.PASSED
    assert standing(result, "views") is Standing.PASSED


def test_a_mistyped_hook_is_named_with_the_one_that_was_meant(tmp_path: Path) -> None:
    result = checked(TOYS / "misspells_its_hook", tmp_path)

    assert "stac_asess: did you mean stac_assess?" in sentences_of(result, "hooks")
    assert result.report.level is None
    assert standing(result, "answers") is Standing.NOT_REACHED


def test_a_plugin_that_cannot_be_imported_is_told_how_to_see_why(tmp_path: Path) -> None:
    place = a_plugin(
        tmp_path,
        Spoilt(file="records.py", was="    Several,\n", now="    Severall,\n"),
    )
    result = checked(place, tmp_path)

    assert "hooks.py could not be imported" in sentences_of(result, "hooks")
    assert "hooks.py could not be imported (ImportError)" in sentences_of(result, "hooks")
    assert "To see where it stops, check it with --traceback." in sentences_of(result, "hooks")
    assert "cannot import name 'Severall'" in result.errors[0]


READS_MORE = """    person = held.people[found.key]
    if case.relationship == "stranger" or case.incidents:
        return Contribution(matched_on=found.basis, gaps=found.gaps)
"""
HIDES_FAULTS = """    try:
        return assess(case, own_records(records))
    except Exception:
        return NilReturn(looked_in=("nothing",), says="Nothing was found.")
"""
ALSO_SEX = '"perpetrator.date_of_birth", "perpetrator.sex"]'
FUTURE = "from __future__ import annotations\n"
CARELESS = (
    Spoilt(file="assessor.py", was="    person = held.people[found.key]\n", now=READS_MORE),
    Spoilt(file="assessor.py", was="record=person.person_id", now='record="nowhere"'),
    Spoilt(file="hooks.py", was="    return assess(case, own_records(records))\n", now=HIDES_FAULTS),
    Spoilt(file="hooks.py", was=FUTURE, now=f"{FUTURE}\nimport socket\n"),
    Spoilt(file="hooks.py", was="query: PersonAsked, ", now="query, "),
    Spoilt(file="hooks.py", was="@hookimpl\ndef stac_subject_access", now="def also_told"),
    Spoilt(file="agency.toml", was='"perpetrator.date_of_birth"]', now=ALSO_SEX),
)


@pytest.fixture(scope="module")
def careless(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """One plugin with many faults, asked once."""
    work = tmp_path_factory.mktemp("careless")
    return checked(a_plugin(work, *CARELESS), work)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        ("undeclared", "Its answers change with relationship, which is not declared"),
        ("network", "hooks.py line 5 imports socket, and limits.network is false"),
        ("unreadable", "With its records gone it gave a nil return instead of failing"),
        ("unreadable", "With its records rubbish it gave a nil return instead of failing"),
        ("pointers", "record nowhere is nowhere in its extract"),
        ("subject-access", "the plugin does not answer stac_subject_access"),
        ("needed", "No answer changed without perpetrator.sex"),
        ("typed", "stac_find_people leaves query without a type"),
    ],
)
def test_each_fault_is_told_by_its_own_check(careless: Checked, check: str, sentence: str) -> None:
    assert standing(careless, check) is Standing.FAILED
    assert sentence in sentences_of(careless, check)


@pytest.mark.slow
def test_what_is_in_order_passes_beside_what_is_not(careless: Checked) -> None:
    assert failing(careless) == {
        "undeclared",
        "network",
        "unreadable",
        "pointers",
        "subject-access",
        "needed",
        "typed",
    }
    assert careless.report.level is None
    assert careless.report.next_level is Level.BRONZE
    assert [each.code for each in careless.report.missing] == [
        "undeclared",
        "network",
        "unreadable",
        "pointers",
    ]


@pytest.mark.slow
def test_an_answer_that_changes_with_what_was_asked_before_is_told(tmp_path: Path) -> None:
    counts = Spoilt(
        file="assessor.py",
        was="        gaps=found.gaps,\n",
        now='        gaps=(*found.gaps, f"Asked {len(_ASKED)} times."),\n',
    )
    keeps = Spoilt(
        file="assessor.py",
        was="    person = held.people[found.key]\n    return",
        now="    person = held.people[found.key]\n    _ASKED.append(case)\n    return",
    )
    list_ = Spoilt(
        file="assessor.py",
        was="def told_to_the_person(",
        now="_ASKED: list[CaseAsked] = []\n\n\ndef told_to_the_person(",
    )
    result = checked(a_plugin(tmp_path, counts, keeps, list_), tmp_path)

    assert failing(result) == {"deterministic"}
    assert "was answered differently when asked again" in sentences_of(result, "deterministic")


def test_a_manifest_that_cannot_be_read_stops_the_rest_and_every_fault_is_told(tmp_path: Path) -> None:
    newer = Spoilt(file="agency.toml", was='contract = "1.4"', now='contract = "1.7"\ncolour = "red"')
    result = checked(a_plugin(tmp_path, newer), tmp_path)

    assert "colour" in sentences_of(result, "manifest")
    assert standing(result, "answers") is Standing.NOT_REACHED
    assert result.report.level is None


def test_a_contract_newer_than_the_engines_is_told_in_its_own_check(tmp_path: Path) -> None:
    newer = Spoilt(file="agency.toml", was='contract = "1.4"', now='contract = "1.7"')
    result = checked(a_plugin(tmp_path, newer), tmp_path)

    assert sentences_of(result, "contract").startswith(
        "agency.toml: contract 1.7 is newer than the contract 1.4"
    )


@pytest.mark.slow
def test_a_field_that_is_newer_than_the_declared_contract_is_told(tmp_path: Path) -> None:
    older = Spoilt(file="agency.toml", was='contract = "1.4"', now='contract = "1.2"')
    result = checked(a_plugin(tmp_path, older), tmp_path)

    assert failing(result) == {"contract"}
    assert sentences_of(result, "contract") == (
        "Its answers give 'records_checked', which contract 1.3 added; set contract to \"1.3\"."
    )


@pytest.mark.slow
def test_a_deprecation_that_a_plugin_uses_is_told_to_its_author(tmp_path: Path) -> None:
    table = (
        Deprecated(what="manifest.limits.answer_mb", since="1.1", removed_in="1.2", instead="say answer_kb."),
        Deprecated(what="manifest.seat", since="1.1", removed_in="1.2", instead="leave it out."),
    )
    result = checked(a_plugin(tmp_path), tmp_path, table)

    assert failing(result) == {"deprecated"}
    assert sentences_of(result, "deprecated") == (
        "manifest.limits.answer_mb is deprecated since contract 1.1 and is gone in 1.2: say answer_kb."
    )
    assert result.report.level is Level.SILVER


@pytest.mark.parametrize(
    ("toy", "says_"), [("raises", "raised"), ("hangs_in_python", "no answer came within")]
)
def test_a_plugin_that_fails_is_not_asked_for_hours(toy: str, says_: str, tmp_path: Path) -> None:
    result = checked(TOYS / toy, tmp_path)

    assert standing(result, "answers") is Standing.FAILED
    assert says_ in sentences_of(result, "answers")
    assert standing(result, "deterministic") is Standing.NOT_REACHED
    assert result.report.level is None


@pytest.mark.slow
@pytest.mark.parametrize("code", ["advocacy", "health", "police", "probation"])
def test_the_built_in_agencies_pass(code: str, tmp_path: Path) -> None:
    result = checked(Path(code), tmp_path)

    assert result.report.level is not None, [
        each for each in result.report.results if each.check in failing(result)
    ]
