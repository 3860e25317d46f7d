"""`stac links network`: a network of one's own, imported, listed and deleted by its owner only."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import Stac

TERMS = ("--controller", "Harbour Police", "--why", "Task 12", "--basis", "Law enforcement", "--days", "9")


def test_a_network_is_imported_listed_and_deleted(stac: Stac, tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("from,to,date\na,b,1899\na,c,never\n", encoding="utf-8")
    done = stac("links", "network", "import", "Harbour", "--links", str(tmp_path / "l.csv"), *TERMS)
    assert done.code == 1, "one date was not read"
    assert "links row 3, date: " in done.out
    (network,) = stac.json("links", "network", "list")
    assert (network["terms"]["name"], network["entities"], network["links"]) == ("Harbour", 3, 2)
    assert "Harbour" in stac("links", "network", "list").out
    assert stac("links", "network", "list", "--all").code == 1, "it is for the data protection officer"
    gone = stac("links", "network", "delete", network["reference"].lower())
    assert gone.out == f"Network {network['reference']} is deleted.\n"
    assert stac("links", "network", "list").out.endswith("You have no network.\n")


def test_the_officers_deletion_needs_a_ground_that_is_listed(stac: Stac) -> None:
    wrong = stac("links", "network", "delete", "NW-7K3M9QV", "--because", "I say so")
    assert wrong.code == 2
    assert "'no lawful basis'" in wrong.err
    other = stac("links", "network", "delete", "NW-7K3M9QV", "--because", "no lawful basis")
    assert other.code == 1, "it is for the data protection officer"


def test_a_path_in_a_network_takes_dates(stac: Stac, tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("from,to,date,grade\na,b,2024,2B P\na,c,2022,\nc,b,,\n", encoding="utf-8")
    stac("links", "network", "import", "Harbour", "--links", str(tmp_path / "l.csv"), *TERMS)
    (network,) = stac.json("links", "network", "list")
    asked = ("links", "shortest-path", "a", "b", "--network", network["reference"])
    found = stac.json(*asked, "--longer", "1")
    assert (found["paths"], found["longer_paths"]) == ([["a", "b"]], [["a", "c", "b"]])
    assert "2B P" in found["in_words"][0][0]
    assert stac.json(*asked, "--until", "2023-01-01")["paths"] == [["a", "c", "b"]]
    assert stac(*asked, "--register", "r").code == 2
    assert "at most 20" in stac(*asked, "--most", "21").err


def test_a_map_a_path_and_all_of_a_network_are_written(stac: Stac, tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("from,to,date\na,b,2024\na,c,2022\n", encoding="utf-8")
    stac("links", "network", "import", "Harbour", "--links", str(tmp_path / "l.csv"), *TERMS)
    (network,) = stac.json("links", "network", "list")
    given = ("links", "export", "--network", network["reference"])
    out = tmp_path / "out"
    for more, form, begins in (
        (("--around", "a"), "png", b"\x89PNG"),
        (("--path", "b", "c"), "pdf", b"%PDF"),
        (("--path", "b", "c"), "csv", b"\xef\xbb\xbf"),
        ((), "stix", b'{"type":"bundle"'),
    ):
        done = stac(*given, *more, "--format", form, "--out", str(out))
        assert done.out == f"wrote {out}\n", done
        assert out.read_bytes().startswith(begins)
        assert out.stat().st_mode & 0o777 == 0o600
    assert "choose one of: png" in stac(*given, "--around", "a", "--format", "anb", "--out", str(out)).err
    nowhere = stac(*given, "--around", "a", "--format", "svg", "--out", str(tmp_path / "no" / "x"))
    assert "out: cannot be written there" in nowhere.err
    both = stac(*given, "--around", "a", "--path", "b", "c", "--format", "svg", "--out", str(out))
    assert both.code == 2


def test_a_file_that_cannot_be_read_stores_nothing(stac: Stac, tmp_path: Path) -> None:
    (tmp_path / "chart.anb").write_bytes(b"chart")
    done = stac("links", "network", "import", "N", "--links", str(tmp_path / "chart.anb"), *TERMS)
    assert (done.code, done.out) == (1, "")
    assert "an i2 chart (.anb) cannot be read" in done.err
    assert stac.json("links", "network", "list") == []
