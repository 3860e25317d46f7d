"""The commands of backups, and what the doctor says of them."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.cli.command import Stac, a_row, referred
from tests.cli.test_examples import EXAMPLES


@pytest.mark.sqlite
def test_the_example_restores_a_backup_with_its_keys_and_the_register(
    stac: Stac, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (case,) = referred(stac, tmp_path, a_row())
    for name in ("backups", "backup-keys", "elsewhere"):
        Path(name).mkdir()
    (stac.home / "settings.toml").write_text(
        f'[backup]\nfolder = "{tmp_path}/backups"\nkeys_folder = "{tmp_path}/backup-keys"\n'
        f'register_in = "{tmp_path}/repeated-acts.jsonl"\n'
    )
    assert states(stac) == {"backups": "wrong", "register": "ok"}
    made = stac("record", "backup", user=None)
    assert made.code == 0, made
    assert "Copy it to a third place: without it no backup opens." in made.out
    assert states(stac) == {"backups": "ok", "register": "ok"}
    assert stac.json("record", "drill")["lost_entries"] == 1  # of the backup itself
    assert stac("case", "restrict", case, "--why", "A party works here.", user="chair").code == 0
    drilled = stac("record", "drill", user=None)
    assert (drilled.code, "was recorded in the " in drilled.out, " 0 minutes" in drilled.out) == (
        0,
        True,
        False,
    ), drilled

    Path(stac.json("record", "list-backups")["backups"][0]["file"]).rename("stac.backup")
    next(Path("backup-keys").iterdir()).rename("stac.keys")
    (stac.home / "keys" / "backup.key").rename("backup.key")
    new = Stac(tmp_path / "new-home")
    example = shlex.split(EXAMPLES["record restore"] or "")[1:]
    without = [*example[:-2], "--without-register"]
    assert new(*example, "--without-register", user=None).code == 2
    assert new(*without[:-1], user=None).code == 2
    done = new(*example, user=None)
    assert done.code == 0, done
    assert "repeated: case restricted, 1" in done.out
    lines = Path("repeated-acts.jsonl").read_text().splitlines()
    assert f"The register has {len(lines)} lines; the newest is of entry " in done.out
    assert (new.home / "settings.toml.from-backup").is_file()
    shown = new.json("case", "show", case, user="chair")
    assert shown["is_restricted"]
    assert new("case", "show", case, user="ana").code == 1
    again = new(*example, user=None)
    assert (again.code, again.err.count("\n")) == (1, 1)
    assert "there is a record here already" in again.err


def states(stac: Stac) -> dict[str, str]:
    """The doctor's findings about backups."""
    checks = stac("doctor", "--json", user=None).json["checks"]
    return {each["check"]: each["state"] for each in checks if each["check"] in ("backups", "register")}
