"""`stac links search save` and what follows, as an analyst's colleague at the desk would type it."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import Stac, a_row, referred

PHONE = {"perpetrator_phone": "07700 900123"}


def test_a_question_is_saved_answered_judged_counted_and_ended(stac: Stac, tmp_path: Path) -> None:
    (first,) = referred(stac, tmp_path, a_row(**PHONE))
    saved = stac.json(
        "links", "search", "save", "--around", first.lower(), "--hops", "4", "--why", "As asked."
    )
    assert (saved["question"]["reference"], saved["question"]["hops"]) == (first, 4)
    assert "You have no saved searches" not in stac("links", "search", "list").out
    assert stac("links", "alert", "list").out.endswith("No alert does not mean that nothing can be found.\n")
    (second,) = referred(stac, tmp_path, a_row("A-2", **PHONE))
    stac.json("links", "reindex")
    shown = stac.json("links", "alert", "list")
    alert = next(each for each in shown["alerts"] if each["begin_at"] == second)
    said = stac(
        "links", "alert", "resolve", alert["reference"], "--acted-on", "--why", "Joined at screening."
    )
    assert said.out == f"{alert['reference']}: acted on.\n"
    assert stac.json("links", "alert", "list")["figures"]["share_acted_on"] == 1.0
    waiting = [item["what"] for item in stac.json("worklist")["items"] if item["kind"] == "link alert"]
    assert len(waiting) == shown["figures"]["raised"] - 1
    assert (
        stac("links", "search", "delete", saved["reference"]).out
        == f"Saved search {saved['reference']} deleted.\n"
    )
    assert [each["is_asked"] for each in stac.json("links", "search", "list")] == [False]


REFUSED: tuple[tuple[tuple[str, ...], int, str], ...] = (
    ((), 2, "give one of --around, --path, --pattern and --question"),
    (("--around", "P-2222222", "--pattern", "proxy"), 2, "give one of"),
    (("--around", "her house"), 1, "question: give a reference such as P-7K3M9QV"),
    (("--around", "P-2222222"), 1, "you cannot view node P-2222222, or it does not exist"),
    (("--around", "P-2222222", "--hops", "9"), 1, "give fewer links"),
    (("--pattern", "danger"), 1, "pattern: choose one of: serial-perpetrator"),
    (("--pattern", "proxy", "--until", "May 2030"), 2, "give a full date, such as 2026-03-09"),
    (("--pattern", "proxy", "--until", "2001-01-01"), 1, "give a date from today to"),
)


def test_what_cannot_be_asked_is_one_sentence_and_nothing_is_kept(stac: Stac) -> None:
    for given, code, sentence in REFUSED:
        findings = stac("links", "search", "save", "--why", "As asked.", *given)
        assert findings.code == code, findings
        assert sentence in " ".join(findings.err.replace("│", " ").split()), given
    assert stac.json("links", "search", "list") == []
