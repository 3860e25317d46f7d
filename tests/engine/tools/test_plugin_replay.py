"""Two versions on the same cases: what differs is told by finding and domain, and nothing else is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.domain.conference.risk import Domain, Level
from engine.domain.errors import InvalidInputError, PluginError
from engine.domain.responses.answers import (
    AnyAnswer,
    Contribution,
    DomainView,
    Finding,
    MatchBasis,
    NilReturn,
    Professional,
)
from engine.domain.responses.reported import RecordPointer
from engine.hooks.conformance.runs import Run, run_of, save_run, store_run
from engine.tools.plugin_replay import difference, read_run
from tests.engine.hooks.conformance.packages import Spoilt, a_plugin, found

NIL = NilReturn(looked_in=("register",), says="Nothing was found.")
BASIS = MatchBasis(says="by name", confirmed=False)


def a_run(*answers: AnyAnswer, version: str = "1.0", records: str = "same") -> Run:
    return Run(
        agency="harbourside",
        version=version,
        plugin="0",
        records=records,
        cases=tuple(f"case-{number:02}" for number in range(1, len(answers) + 1)),
        answers=answers,
    )


def finding(key: str, sentence: str) -> Finding:
    return Finding(key=key, says=sentence, records=(RecordPointer(record="R1", kind="note"),))


def view(level: Level) -> DomainView:
    return DomainView(
        domain=Domain.VIOLENCE,
        level=level,
        reasons="Invented.",
        recorded_by=Professional(name="Ansel Makebelief", post="Manager"),
        recorded_on=date(2026, 1, 2),
    )


def changes(before: AnyAnswer, now: AnyAnswer) -> list[tuple[str, str, str]]:
    return [(each.part, each.before, each.now) for each in difference(a_run(before), a_run(now)).changes]


def test_no_change_gives_an_empty_difference() -> None:
    same = Contribution(matched_on=BASIS, findings=(finding("known", "Known."),), views=(view(Level.LOW),))

    assert changes(same, same) == []
    assert changes(NIL, NIL) == []


def test_a_finding_that_is_new_gone_or_said_otherwise_is_told_under_its_key() -> None:
    before = Contribution(matched_on=BASIS, findings=(finding("known", "Known."), finding("gone", "Gone.")))
    now = Contribution(matched_on=BASIS, findings=(finding("known", "Well known."), finding("new", "New.")))

    assert changes(before, now) == [
        ("finding known", "Known. [fact; note R1]", "Well known. [fact; note R1]"),
        ("finding gone", "Gone. [fact; note R1]", "-"),
        ("finding new", "-", "New. [fact; note R1]"),
    ]


def test_a_changed_view_is_told_under_its_domain() -> None:
    before = Contribution(matched_on=BASIS, views=(view(Level.LOW),))
    now = Contribution(matched_on=BASIS, views=(view(Level.HIGH),))

    ((part, was, is_),) = changes(before, now)

    assert part == "view on violence"
    assert (was.split(":")[0], is_.split(":")[0]) == ("low", "high")


def test_an_answer_of_another_kind_is_told_first() -> None:
    assert changes(NIL, Contribution(matched_on=BASIS))[0] == ("answer", "nil return", "contribution")


def test_runs_on_other_cases_are_not_compared() -> None:
    with pytest.raises(InvalidInputError, match="run on other cases"):
        difference(a_run(NIL), a_run(NIL, NIL))


def test_a_kept_run_is_found_by_its_version_and_a_saved_one_by_its_file(tmp_path: Path) -> None:
    store_run(tmp_path, a_run(NIL, version="1.2"))
    for name in ("saved.json", "saved.run"):
        save_run(a_run(NIL, version="1.3"), tmp_path / name)

    def read(against: str) -> Run:
        return read_run(against, code="harbourside", home=tmp_path, work=tmp_path)

    assert read("1.2").version == "1.2"
    assert read(str(tmp_path / "saved.json")).version == "1.3"
    assert read(str(tmp_path / "saved.run")).version == "1.3"


@pytest.mark.parametrize(
    ("against", "sentence"),
    [
        ("9.9", r"no run of this version is saved \(saved runs are 1.2\)"),
        ("broken.json", "not a saved run that this engine can read"),
        ("others.json", "it is a run of 'elsewhere', not of 'harbourside'"),
    ],
)
def test_what_cannot_be_replayed_against_is_told(
    against: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store_run(tmp_path, a_run(NIL, version="1.2"))
    (tmp_path / "broken.json").write_text("{}")
    save_run(a_run(NIL).model_copy(update={"agency": "elsewhere"}), tmp_path / "others.json")

    with pytest.raises(InvalidInputError, match=sentence):
        read_run(against, code="harbourside", home=tmp_path, work=tmp_path)


def test_two_runs_of_one_plugin_are_the_same_and_a_changed_one_differs(tmp_path: Path) -> None:
    old = a_plugin(tmp_path / "old")
    spoilt = Spoilt(file="assessor.py", was="was noted", now="was written down")
    new = a_plugin(tmp_path / "new", spoilt)
    before = run_of(found(old, tmp_path), work=tmp_path / "one")

    again = difference(before, run_of(found(old, tmp_path), work=tmp_path / "two"))
    changed = difference(before, run_of(found(new, tmp_path), work=tmp_path / "three"))

    assert (again.changes, again.records_differ) == ((), False)
    assert changed.changes
    assert not changed.records_differ
    assert {each.part.split("-")[0] for each in changed.changes} == {"finding note"}
    assert all("was written down" in each.now for each in changed.changes)


def test_a_plugin_that_cannot_be_asked_has_no_run(tmp_path: Path) -> None:
    place = a_plugin(tmp_path, Spoilt(file="hooks.py", was="def stac_assess", now="def stac_asess"))

    with pytest.raises(PluginError, match="stac_asess"):
        run_of(found(place, tmp_path), work=tmp_path / "run")
