"""Releases on a terminal: made, listed, exported, and a file that cannot be written is one sentence."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import Stac


def test_a_release_is_made_listed_and_exported(stac: Stac, tmp_path: Path) -> None:
    made = stac.json("outcome", "release", "make", user="max")
    listed = stac.json("outcome", "release", "list", user="max")["releases"]
    assert [each["digest"] for each in listed] == [made["digest"]]
    for ending in ("csv", "xlsx", "html", "json"):
        file = tmp_path / f"return.{ending}"
        written = stac.json("outcome", "release", "export", "--to", str(file), user="max")
        assert file.stat().st_size == written["bytes"] > 0
    refused = stac("outcome", "release", "export", "--to", str(tmp_path / "none" / "return.csv"), user="max")
    assert (refused.code, refused.out, refused.err.count("\n")) == (1, "", 1)
    assert "cannot be written (no such file or folder)" in refused.err
