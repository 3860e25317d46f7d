"""On the command line: the queue, a word and its undoing, "seen before?" and what was sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Stac, a_row, referred

HIM = ("--perpetrator", "Daniel Roe", "--born", "1980-02-03")


@pytest.fixture
def two(stac: Stac, tmp_path: Path) -> list[str]:
    """Two referrals of one man, written in two ways, against two victims."""
    him = {"perpetrator_surname": "Roe", "perpetrator_phone": "07700 900111"}
    first = a_row("1", perpetrator_forename="Daniel", **him)
    second = a_row("2", perpetrator_forename="Dan", victim_forename="Vera", victim_surname="Vane", **him)
    return referred(stac, tmp_path, first, second)


def pair(stac: Stac) -> tuple[str, str]:
    item: dict[str, Any] = stac.json("person", "duplicates")["item"]
    return item["one"]["person"], item["other"]["person"]


def test_a_pair_waits_is_judged_and_is_undone(stac: Stac, two: list[str]) -> None:
    findings = stac("person", "duplicates")
    assert "Pair 1 of 1 to review" in findings.out
    assert "forename is a short or longer form of the same name" in findings.out
    assert "evidence, not proof" in findings.out
    assert f"in {two[1]}, Stalking of Vera V., alleged: Dan R." in findings.out
    assert "forename" not in stac("person", "duplicates", "--blind").out
    one, other = pair(stac)
    said = stac("person", "same", one, other, "--why", "One photograph.")
    assert said.out == f"{one} and {other}: same\n"
    assert stac("person", "duplicates").out == "No pairs to review.\n"
    assert other in stac("person", "show", one).out
    assert "the decision of demo" in json.dumps(stac.json("case", "show", two[0]))
    undone = stac("person", "undo", one, other, "--why", "Another man.")
    assert undone.out == f"{one} and {other}: taken back (before: same)\n"
    assert stac.json("person", "duplicates")["total"] == 1


def test_a_word_without_a_verdict_or_on_nobody_is_refused_in_a_sentence(stac: Stac, two: list[str]) -> None:
    one, other = pair(stac)
    assert stac("person", "same", one, other).code == 2
    findings = stac("person", "same", one, "P-2222222", "--why", "So.")
    assert (findings.code, findings.out) == (1, "")
    assert "person reference" in findings.err or "cannot view person" in findings.err
    assert stac("person", "undo", one, other, "--why", "So.").code == 1


def test_seen_before_tells_a_reference_whom_to_ask_and_always_the_same_of_the_rest(
    stac: Stac, two: list[str]
) -> None:
    findings = stac("case", "search", *HIM)
    assert all(f"{reference}  ask you can view it" in findings.out for reference in two)
    assert "Sent to the coordinator" in findings.out
    assert sorted(
        hit["reference"] for hit in stac.json("case", "search", "--phone", "+447700900111")["listed"]
    ) == (sorted(two))
    nobody = stac("case", "search", "--victim", "Xenia Zylstra")
    somebody = stac("case", "search", "--victim", "Victoria Hidden")
    assert nobody.out.replace("37", "36") == somebody.out
    waiting = stac("case", "search-review", "list").out
    assert f"{two[0]}: the victim named, there the victim" in waiting
    assert "Searches to review: 1; other searches without a match: 3" in waiting
    (search,) = stac.json("case", "search-review", "list")["waiting"]
    assert stac("case", "search-review", "resolve", search["reference"]).code == 0
    assert stac.json("case", "search-review", "list")["waiting"] == []


@pytest.mark.parametrize(
    "given",
    [
        ("--phone", "07700 900111, 07700 900112"),
        ("--address", "1 Pym Row ZZ99 1AA; 2 Pym Row ZZ99 1AA"),
        ("--handle", "a b"),
        ("--phone", "07700 900111", "--phone", "07700 900112"),
        (),
    ],
)
def test_lists_and_empty_questions_are_refused(stac: Stac, two: list[str], given: tuple[str, ...]) -> None:
    findings = stac("case", "search", *given)
    assert findings.code in {1, 2}
    assert findings.out == ""
    assert "900112" not in findings.err
