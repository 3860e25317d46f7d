"""Answers on the command line: what waits for a practitioner, releasing, striking, answering by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Invented, Stac, a_row, asked, referral_row, referred, screened
from tests.flows.given import lend

WithExtracts = tuple[Stac, Invented]


@pytest.fixture
def waiting(stac_with_extracts: WithExtracts, tmp_path: Path) -> tuple[Stac, str]:
    """A referral whose health answer waits for release."""
    stac, invented = stac_with_extracts
    (reference,) = referred(stac, tmp_path, referral_row(invented.referral()))
    screened(stac, reference)
    asked(stac, reference)
    return stac, reference


def answer_of(stac: Stac, reference: str, agency: str, *, user: str = "demo") -> dict[str, object]:
    """One agency's column."""
    answers = {
        answer["agency"]: answer for answer in stac.json("case", "show", reference, user=user)["answers"]
    }
    column: dict[str, object] = answers[agency]
    return column


def test_what_waits_is_shown_with_the_key_of_each_item(waiting: tuple[Stac, str]) -> None:
    stac, reference = waiting
    stored = stac.json("response", "show", reference, user="health-1")
    keys = [finding["key"] for finding in stored["answer"]["findings"]]
    page = stac("response", "show", reference, user="health-1").out
    assert stored["stage"] == "prepared"
    assert len(keys) >= 2
    assert all(key in page for key in keys)


def test_what_waits_is_on_the_worklist_of_its_own_agency_alone(waiting: tuple[Stac, str]) -> None:
    stac, reference = waiting
    mine = [item["kind"] for item in stac.json("worklist", user="health-1")["items"]]
    assert "release" in mine
    assert all(item["kind"] != "release" for item in stac.json("worklist")["items"])
    assert answer_of(stac, reference, "health", user="health-1")["state"] == "prepared, waiting for release"
    assert answer_of(stac, reference, "health")["state"] == "awaited"


@pytest.mark.parametrize("user", ["demo", "chair", "police-1", "ana"])
def test_nobody_else_sees_or_releases_it(user: str, waiting: tuple[Stac, str]) -> None:
    stac, reference = waiting
    for command in ("show", "release"):
        findings = stac("response", command, reference, "--agency", "health", user=user)
        assert (findings.code, findings.out) == (1, "")
        assert findings.err == "you may not respond for health; a practitioner of health may\n"


def test_a_release_without_an_agency_of_ones_own_is_wrong_use(waiting: tuple[Stac, str]) -> None:
    stac, reference = waiting
    assert stac("response", "release", reference).code == 2


def test_a_release_makes_the_facts_visible(waiting: tuple[Stac, str]) -> None:
    stac, reference = waiting
    findings = stac("response", "release", reference, user="health-2")
    assert findings.out == f"health's contribution on {reference} is released, version 2\n"
    shown = answer_of(stac, reference, "health", user="police-1")
    assert (shown["state"], shown["released_by"]) == ("contribution", "health-2")
    assert shown["findings"]


def test_a_struck_item_is_counted_and_gone(waiting: tuple[Stac, str]) -> None:
    stac, reference = waiting
    stored = stac.json("response", "show", reference, user="health-1")
    struck, *stored_stored = stored["answer"]["findings"]
    released = stac.json("response", "release", reference, "--withhold", struck["key"], user="health-1")
    assert released["held_back"] == stored["answer"]["held_back"] + 1
    shown = answer_of(stac, reference, "health")
    assert struck["says"] not in str(shown)
    assert {finding["key"] for finding in stored_stored} >= {f["key"] for f in shown["findings"]}  # type: ignore[attr-defined]
    assert stac.json("case", "show", reference)["withheld"] == [
        {"agency": "health", "count": released["held_back"], "ask": "stac-health@example.invalid"}
    ]


def test_an_item_that_there_is_not_cannot_be_struck(waiting: tuple[Stac, str]) -> None:
    stac, reference = waiting
    findings = stac("response", "release", reference, "--withhold", "nothing-such", user="health-1")
    assert findings.code == 1
    assert "item 'nothing-such' does not exist; choose one of: " in findings.err
    assert answer_of(stac, reference, "health")["state"] == "awaited"


def test_a_version_that_was_not_read_is_not_released(waiting: tuple[Stac, str]) -> None:
    stac, reference = waiting
    findings = stac("response", "release", reference, "--expected-version", "7", user="health-1")
    assert findings.code == 1
    assert "version 1 was prepared since; read it before you release it" in findings.err


def test_what_is_released_waits_no_longer(waiting: tuple[Stac, str]) -> None:
    stac, reference = waiting
    stac("response", "release", reference, user="health-1")
    findings = stac(
        "response",
        "show",
        reference,
        user="health-1",
    )
    assert findings.code == 1
    assert "already released, or no answer was prepared" in findings.err


def test_an_agency_refuses_in_one_command(waiting: tuple[Stac, str]) -> None:
    stac, reference = waiting
    ground = "duty of confidence outweighs"
    findings = stac(
        "response", "create", reference, "--refuse", ground, "--says", "We may not say.", user="health-1"
    )
    assert findings.code == 0
    assert answer_of(stac, reference, "health")["state"] == "refused"
    assert f"Health refused ({ground}): We may not say." in stac("case", "show", reference).out


def test_a_person_answers_by_hand_with_a_file(waiting: tuple[Stac, str], tmp_path: Path) -> None:
    stac, reference = waiting
    file = tmp_path / "answer.toml"
    file.write_text(stac("response", "create", "--template").out)
    answer = stac.json(
        "response", "create", reference, str(file), "--agency", "probation", user="probation-1"
    )
    assert (answer["agency"], answer["kind"]) == ("probation", "contribution")
    shown = answer_of(stac, reference, "probation")
    assert (shown["author"], shown["plugin"]) == ("probation-1", None)


def test_a_nil_return_by_hand_says_where_was_looked(waiting: tuple[Stac, str], tmp_path: Path) -> None:
    stac, reference = waiting
    file = tmp_path / "nil.json"
    file.write_text('{"kind": "nil return", "looked_in": ["case files"], "says": "We hold nothing."}')
    assert stac.json("response", "create", reference, str(file), user="advocacy-1")["kind"] == "nil return"
    assert answer_of(stac, reference, "advocacy")["state"] == "nil return"


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ('{"kind": "failed", "reason": "the plugin stopped", "says": "x"}', "kind must be one of"),
        ('{"kind": "nil return", "says": "We hold nothing."}', "looked_in is missing"),
        ('{"kind": "contribution", "findings": []}', "matched_on is missing"),
        ("not a document", "neither JSON nor TOML"),
    ],
)
def test_an_answer_that_is_none_is_refused_in_one_sentence(
    document: str, sentence: str, waiting: tuple[Stac, str], tmp_path: Path
) -> None:
    stac, reference = waiting
    file = tmp_path / "answer.json"
    file.write_text(document)
    findings = stac("response", "create", reference, str(file), user="health-1")
    assert findings.code == 1
    assert sentence in findings.err
    assert answer_of(stac, reference, "health")["state"] == "awaited"


def test_nobody_answers_for_another_agency(waiting: tuple[Stac, str]) -> None:
    stac, reference = waiting
    given = ("--agency", "health", "--refuse", "other", "--says", "No.")
    assert stac("response", "create", reference, *given, user="police-1").code == 1


def test_an_agency_that_was_not_asked_has_nothing_to_answer(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference, "conference", "--person", "health-1")
    findings = stac("response", "create", reference, "--refuse", "other", "--says", "No.", user="health-1")
    assert findings.code == 1
    assert "this agency was not asked" in findings.err


@pytest.mark.parametrize(
    "wrong",
    [
        (),
        ("--waiting", "--all", "--reason", "New extracts."),
        ("R-7K3M9QV", "--waiting"),
        ("R-7K3M9QV", "--all", "--reason", "New extracts."),
        ("--all",),
        ("--waiting", "--again"),
        ("R-7K3M9QV", "--reason", "New extracts."),
    ],
    ids=["nothing", "both", "with REF", "all with REF", "no reason", "again without REF", "reason with REF"],
)
def test_assess_says_what_it_needs(wrong: tuple[str, ...], stac: Stac) -> None:
    assert stac("response", "request", *wrong).code == 2


def test_nothing_that_waits_is_no_error_and_starts_no_server(stac: Stac) -> None:
    assert stac.json("response", "request", "--waiting") == {"assessed": 0, "failed": [], "referrals": []}
    assert not (stac.home / "prefect").exists()


def test_a_referral_that_is_not_screened_is_not_asked_about(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    findings = stac("response", "request", reference)
    assert findings.code == 1
    assert "is 'not screened', so agencies cannot be asked; allowed now: screen" in findings.err


@pytest.mark.prefect
@pytest.mark.slow
def test_assess_asks_every_agency_by_its_flow_and_again_when_told(
    stac_with_extracts: WithExtracts, tmp_path: Path, prefect_server: str
) -> None:
    stac, invented = stac_with_extracts
    lend(stac.home, prefect_server)
    (reference,) = referred(stac, tmp_path, referral_row(invented.referral()))
    screened(stac, reference)
    answer = stac.json("response", "request", reference)
    assert (answer["assessed"], answer["failed"]) == (1, [])
    (row,) = answer["referrals"]
    assert row["answers"]["health"] == "awaited"
    assert stac.json("response", "show", reference, user="health-1")["version"] == 1
    assert stac.json("response", "request", "--waiting")["assessed"] == 0

    # One agency's records cannot be read when all are asked again: it says so, and the others stand.
    (stac.home / "agencies" / "probation" / "agency-settings.toml").write_text("this is not TOML")
    findings = stac("response", "request", reference, "--again")
    assert findings.code == 1
    assert "  probation could not receive the request now; this is not a nil return" in findings.out
    assert stac.json("response", "show", reference, user="health-1")["version"] == 1


@pytest.mark.parametrize("over", ["spark", "dask=", "daskfish"])
def test_only_dask_may_be_named_for_a_bulk_run(stac: Stac, over: str) -> None:
    refused = stac("response", "request", "--all", "--reason", "New extracts.", "--over", over)
    assert refused.code == 2
    assert "'dask' or 'dask=ADDRESS', with --all" in " ".join(refused.err.replace("│", " ").split())


def test_a_bulk_run_over_dask_needs_all(stac: Stac) -> None:
    refused = stac("response", "request", "--waiting", "--over", "dask")
    assert refused.code == 2
    assert "with --all" in refused.err


@pytest.mark.full
@pytest.mark.prefect
def test_a_bulk_run_over_dask_tells_what_a_run_in_one_process_tells(
    stac_with_extracts: WithExtracts,
    tmp_path: Path,
    prefect_server: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stac, invented = stac_with_extracts
    (reference,) = referred(stac, tmp_path, referral_row(invented.referral()))
    screened(stac, reference)
    asked(stac, reference)
    lend(stac.home, prefect_server)
    monkeypatch.setenv("STAC_HOME", str(stac.home))
    given = ("response", "request", "--all", "--reason", "New extracts.")
    alone, over = stac.json(*given), stac.json(*given, "--over", "dask")
    assert {**over, "batch": None} == {**alone, "batch": None}
    assert over["answers"] == over["due"] > 0
