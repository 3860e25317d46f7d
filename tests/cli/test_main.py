"""The command as a process of its own: exit codes, one sentence, and never what a fault was about."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import pytest
import typer
from sqlalchemy import text

from cli.main import _say_in_one_sentence as say_in_one_sentence
from cli.main import app, with_leading_options_moved, with_only
from tests.cli.command import Stac, a_file, a_row, child, child_of, referred
from tests.databases import drop_triggers, record_of


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (["--as", "cora", "case", "list"], ["case", "list", "--as", "cora"]),
        (["--as=cora", "--json", "user", "list"], ["user", "list", "--as=cora", "--json"]),
        (
            ["--purpose", "audit", "case", "show", "R-1", "--json"],
            ["case", "show", "R-1", "--json", "--purpose", "audit"],
        ),
        (
            ["--as", "cora", "referral", "import", "--", "-file.csv"],
            ["referral", "import", "--as", "cora", "--", "-file.csv"],
        ),
        (["--help"], ["--help"]),
        (["case", "list", "--as", "cora"], ["case", "list", "--as", "cora"]),
        (["--as"], ["--as"]),
        (["plan", "--whose", "A=public", "R-1"], ["--whose", "A=public", "plan", "R-1"]),
        (["--as", "cora", "plan", "--whose=A=public"], ["--whose=A=public", "plan", "--as", "cora"]),
        (["plan", "--", "--whose", "A"], ["plan", "--", "--whose", "A"]),
    ],
)
def test_who_acts_may_be_said_before_the_command(given: list[str], meant: list[str]) -> None:
    assert with_leading_options_moved(given) == meant


def test_each_command_is_the_same_whether_it_is_built_alone_or_with_all_others() -> None:
    whole = typer.main.get_group(app).commands
    assert len(whole) > 20
    for name, command in whole.items():
        alone = typer.main.get_group(with_only(name)).commands
        assert isinstance(typer.main.get_command(with_only(name)), typer.core.TyperGroup)
        assert list(alone) == [name]
        assert [each.opts for each in alone[name].params] == [each.opts for each in command.params]
    assert with_only("no-such-command") is app


def test_the_version_is_that_of_the_installed_package(stac: Stac) -> None:
    assert stac("--version").out == f"stac-engine {version('stac-engine')}\n"
    assert "--version" in stac("--help").out
    assert stac("--versions").code == 2


def test_the_process_ends_with_0_1_or_2(stac: Stac) -> None:
    assert child("--version", home=stac.home).returncode == 0
    assert child("--as", "nobody", "case", "list", home=stac.home).returncode == 1
    assert child("no-such-command", home=stac.home).returncode == 2
    assert stac("case", "list", user=None).code == 2


def test_a_fault_of_the_program_is_one_sentence_without_what_it_was_about(
    stac: Stac, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    referred(stac, tmp_path, a_row())
    with record_of(stac.home) as there:
        drop_triggers(there, "person_record")
        there.execute(text("UPDATE person_record SET described = '{'"))
    ran = child("case", "list", "--as", "demo", home=stac.home)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("the program failed (JSONDecodeError at ")
    assert ran.stderr.count("\n") == 1
    assert "Traceback" not in ran.stderr
    monkeypatch.setattr("sys.argv", ["stac", "case", "list", "--json"])
    say_in_one_sentence(ValueError, ValueError("Amira"), None)
    as_json = capsys.readouterr()
    assert set(json.loads(as_json.out)) == {"error"}
    assert "Amira" not in as_json.out + as_json.err


def test_a_record_that_lacks_a_table_says_what_to_run(stac: Stac, tmp_path: Path) -> None:
    referred(stac, tmp_path, a_row())
    with record_of(stac.home) as there:
        there.execute(text("ALTER TABLE person_record RENAME TO mislaid"))
    ran = stac("case", "list")
    assert (ran.code, ran.out) == (1, "")
    assert "run 'stac doctor', and 'stac init'" in ran.err
    assert ran.err.count("\n") == 1


def test_a_name_that_the_terminal_cannot_show_is_no_fault(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row(perpetrator_surname="Łękawski"))
    ran = child("case", "show", reference, "--as", "demo", home=stac.home, PYTHONIOENCODING="ascii")
    assert ran.returncode == 0, ran.stderr
    assert "\\u0141\\u0119kawski" in ran.stdout


def test_it_writes_nowhere_but_in_its_home(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    elsewhere.mkdir()
    file = a_file(tmp_path / "one.csv", a_row())
    nowhere = {"HOME": "/dev/null/no-home", "XDG_CACHE_HOME": "/dev/null/no-cache", "STAC_USER": "demo"}
    commands = (("init",), ("referral", "import", file), ("case", "list"), ("agency", "list"), ("doctor",))
    ran = child_of(*commands, home=home, cwd=elsewhere, **nowhere)
    assert ran.returncode == 0, ran.stderr
    assert list(elsewhere.iterdir()) == []
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["elsewhere", "home", "one.csv"]


def test_every_command_answers_in_json_and_explains_itself() -> None:
    import typer

    from cli.main import app

    def commands(group: object, before: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], object]]:
        found = []
        for name, command in group.commands.items():  # type: ignore[attr-defined]
            if hasattr(command, "commands"):
                found += commands(command, (*before, name))
            else:
                found.append(((*before, name), command))
        return found

    there = commands(typer.main.get_command(app))
    assert len(there) > 25
    for names, command in there:
        options = {option for param in command.params for option in param.opts}  # type: ignore[attr-defined]
        assert "--json" in options, names
        assert command.help, names  # type: ignore[attr-defined]
