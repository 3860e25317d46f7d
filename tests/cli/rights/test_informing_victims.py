"""`stac victim`: notices, the Right to Know and the pack."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import Stac, a_row, asked, referred, screened


def test_from_the_panels_word_to_the_pack(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference)
    assert stac("victim", "notice", "create", reference, "order made", "--on", "2026-03-01").code == 0
    tried = ("victim", "notice", "attempt", reference, "1", "--on", "2026-03-02", "--at", "08:00")
    assert stac(*tried, "--reached", user="advocacy-1").code == 0
    unprepared = stac("victim", "pack", "prepare", reference, "--words", "So.", user="chair")
    assert (unprepared.code, "the panel has not assessed who the victim is" in unprepared.err) == (1, True)
    asked(stac, reference)
    assert stac("conference", "open", reference, user="chair").code == 0
    assert stac("case", "roles", "assess", reference, "--primary", "--why", "So.", user="chair").code == 0
    know = ("victim", "right-to-know", reference, "--why", "She cannot name him")
    assert "not yet informed" in stac(*know, "--disclose", user="police-1").out
    refused = stac(*know, "--disclose", user="health-1")
    assert "a practitioner of the agency that investigates" in refused.err
    prepare = ("victim", "pack", "prepare", reference, "--words", "We meet again in March.")
    assert "pack prepared with 0 actions and 1 sentences" in stac(*prepare, user="chair").out
    assert stac("victim", "pack", "export", reference, "--to", str(tmp_path), user="chair").code == 1
    assert stac("victim", "pack", "export", reference, "--to", str(tmp_path), user="advocacy-1").code == 0
    file = tmp_path / f"pack-{reference}.txt"
    assert "We meet again in March." in file.read_text()
    assert "Order made (1 March 2026): you were informed on 2 March 2026" in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    assert "pack exported for the victim's advocate" in stac("victim", "list", reference, user="chair").out
    assert stac("victim", "list", reference, user="health-1").out.startswith(
        "No records within your access.\n"
    )
