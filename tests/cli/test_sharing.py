"""`stac sharing`: a rule on one item, and the ledger."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import Stac, a_row, asked, referred, screened
from tests.databases import add_settings

NIL = '{"kind": "nil return", "looked_in": ["cards"], "says": "Nothing was found."}'


def nil_by_hand(stac: Stac, tmp_path: Path) -> str:
    """A case about which police answered by hand that they hold nothing."""
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference)
    asked(stac, reference)
    file = tmp_path / "nil.json"
    file.write_text(NIL)
    assert stac("response", "create", reference, str(file), user="police-1").code == 0
    return reference


def test_a_whole_answer_is_kept_and_the_ledger_says_what_went_before(stac: Stac, tmp_path: Path) -> None:
    reference = nil_by_hand(stac, tmp_path)
    findings = stac("sharing", "log", reference, user="chair")
    assert "police, version" in findings.out
    assert "shared: nil-return; to panel; basis not recorded, law not recorded, for case work" in findings.out

    rule = ("sharing", "set", reference, "*", "--audience", "owner only", "--why", "A live investigation.")
    findings = stac(*rule, user="police-1")
    assert (findings.code, findings.out) == (
        0,
        "*: owner only, others: withhold; basis not recorded\n",
    )
    shown = stac.json("case", "show", reference, user="chair")
    (police,) = [answer for answer in shown["answers"] if answer["agency"] == "police"]
    assert (police["state"], police["held_back"]) == ("answered: ask this agency", 1)
    assert stac.json("sharing", "log", reference, user="chair")["entries"] == []
    assert "current rule: *: " in stac("sharing", "log", reference, user="police-1").out


def test_bad_rules_are_refused_in_a_sentence(stac: Stac, tmp_path: Path) -> None:
    reference = nil_by_hand(stac, tmp_path)
    rule = ("sharing", "set", reference, "*", "--why", "So.", "--audience")
    findings = stac(*rule, "everybody", user="police-1")
    assert (findings.code, "audience" in findings.err) == (1, True)
    findings = stac(*rule, "owner only", user="chair")
    assert findings.code == 2
    findings = stac(*rule, "owner only", "--agency", "police", user="chair")
    assert (findings.code, findings.err) == (
        1,
        "you may not respond for police; a practitioner of police may\n",
    )


def test_an_incident_stays_with_who_told_of_it_until_they_say_otherwise(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference)
    entered = ("incident", "create", reference, "--kind", "threat", "--only-my-agency", "Told in confidence.")
    incident = stac.json(*entered, user="police-1")["incident"]
    shown = stac("case", "show", reference, user="chair").out
    assert incident not in shown
    assert "1 incident withheld by police; ask" in shown
    rule = ("sharing", "set", reference, incident, "--why", "She agreed.", "--audience", "named agencies")
    findings = stac(*rule, "--to", "desk", "--necessity", "They plan.", user="police-1")
    assert (findings.code, findings.out) == (
        0,
        f"{incident}: desk, others: withhold; basis not recorded\n",
    )
    assert incident in stac("case", "show", reference, "--json", user="chair").out
    findings = stac(*rule, "--to", "desk", "--necessity", "They plan.", user="chair")
    assert (findings.code, findings.err) == (
        1,
        "you may not set who can see an incident; a practitioner of police may\n",
    )


def test_the_officer_reads_in_figures_what_was_shared_and_nobody_else_does(
    stac: Stac, tmp_path: Path
) -> None:
    add_settings(stac.home, '[handled_under]\npolice = "UK GDPR"\n')
    reference = nil_by_hand(stac, tmp_path)
    assert stac("user", "create", "dora", "--role", "data-protection officer").code == 0
    findings = stac("sharing", "report", "--since", "2026-01-01", user="dora")
    assert "police, shared: lines 1, of them facts 0, opinions 0; UK GDPR; basis not recorded" in findings.out
    assert reference not in findings.out
    assert stac("sharing", "report", user="chair").code == 1
    assert stac("sharing", "report", "--since", "soon", user="dora").code == 2
