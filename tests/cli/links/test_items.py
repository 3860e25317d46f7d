"""`stac links query --record`, as a user."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import Stac, a_row, referred


def test_a_question_to_the_record_lists_items_by_reference_and_is_saved_and_exported(
    stac: Stac, tmp_path: Path
) -> None:
    (case,) = referred(stac, tmp_path, a_row())
    file, table = tmp_path / "question.toml", tmp_path / "list.csv"
    file.write_text('find = "referrals"\nrole = "victim"\nsince = 2020-01-01\n', "utf-8")
    query = ("links", "query", str(file), "--record")
    assert [each["reference"] for each in stac.json(*query)["items"]] == [case]
    assert "A link without a date meets every date." in stac(*query).out
    assert stac(*query, "--out", str(table)).code == 2
    assert stac(*query, "--out", str(table), "--why", "As asked.").code == 0
    assert case in table.read_text("utf-8-sig")
    saved = stac("links", "search", "save", "--question", str(file), "--why", "As asked.")
    assert "referrals: role victim, since 1 January 2020" in saved.out
    file.write_text(stac("links", "query", "--record", "--template").out, "utf-8")
    assert stac(*query).err.startswith("you cannot view node J-7K3M9QV, or it does not exist")


def test_a_question_by_associates_is_sent_approved_and_asked_once(stac: Stac, tmp_path: Path) -> None:
    referred(stac, tmp_path, a_row())
    file = tmp_path / "question.toml"
    file.write_text('kind = "associates"\nown_incidents = "none"\n', "utf-8")
    query = ("links", "query", str(file), "--record")
    assert "give --why" in " ".join(stac(*query).err.split())
    assert stac(*query, "--out", "list.csv", "--why", "As asked.").code == 2
    curious = stac(*query, "--why", "As asked.", "--purpose", "curiosity")
    assert curious.err.startswith("purpose: give one of: triage, case conference")
    sent = stac(*query, "--why", "As asked.", "--purpose", "review of plans").out
    reference = sent.split()[1]
    assert "people with no incident of their own, by how many direct associates are in one" in sent
    assert "'awaiting approval'" in stac("links", "associates", "ask", reference).err
    (waiting,) = stac.json("links", "associates", "list", user="chair")["to_answer"]
    assert (waiting["reference"], waiting["why"], waiting["purpose"]) == (
        reference,
        "As asked.",
        "review of plans",
    )
    assert stac("links", "associates", "approve", reference, user="chair").code == 0
    answer = stac("links", "associates", "ask", reference).out
    assert "nowhere as victim are listed" in " ".join(answer.split())
    assert stac("links", "associates", "ask", reference).code == 1
    assert "asked" in stac("links", "associates", "list").out
