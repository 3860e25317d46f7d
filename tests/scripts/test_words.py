"""scripts/words finds each fault of its guide, leaves near misses alone, and fails when a count rises."""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "scripts"
DATA: dict[str, Any] = tomllib.loads((FOLDER / "words.toml").read_text(encoding="utf-8"))
PATTERNS: dict[str, Any] = DATA["pattern"]


def loaded() -> ModuleType:
    """The script, which is no package's module."""
    spec = spec_from_file_location("scripts_words", FOLDER / "words.py")
    assert spec is not None
    assert spec.loader is not None
    script = module_from_spec(spec)
    sys.modules[spec.name] = script
    spec.loader.exec_module(script)
    return script


WORDS = loaded()
GUIDE = WORDS.Guide(DATA)


def found(text: str, surface: str = "UI") -> list[str]:
    return [fault.name for fault in GUIDE.faults(WORDS.Text(surface, "a.py", 1, text))]


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, row in PATTERNS.items() for t in row["fires"]])
def test_a_fault_is_found(name: str, text: str) -> None:
    assert name in found(text)


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, row in PATTERNS.items() for t in row["passes"]])
def test_a_near_miss_is_left_alone(name: str, text: str) -> None:
    assert name not in found(text)


def test_each_pattern_has_both() -> None:
    assert all(row["fires"] and row["passes"] and row["use"] for row in PATTERNS.values())


@pytest.mark.parametrize("row", DATA["banned"], ids=lambda row: row["phrase"])
def test_a_banned_phrase_is_found_and_what_replaces_it_is_not(row: dict[str, str]) -> None:
    assert "banned" in found(f"Open {row['phrase']} now.")
    assert "banned" not in found(f"Open {row['use']} now.")
    assert "banned" not in found(f"Open {row['phrase']}now.")


@pytest.mark.parametrize("row", DATA["exception"], ids=lambda row: row["phrase"])
def test_an_exception_covers_its_own_phrase_and_nothing_beside_it(row: dict[str, str]) -> None:
    assert row["reason"]
    fires = [row["phrase"].split()[0], *PATTERNS.get(row["fault"], {"fires": []})["fires"]]
    assert row["fault"] not in found(f"There: {row['phrase']}.", "DOC")
    assert row["fault"] in found(f"There: {row['phrase']}. {' '.join(fires)}", "DOC")


def test_a_phrase_that_was_wrapped_is_found_on_the_line_where_it_begins() -> None:
    page = "# Cases\n\nFirst line.\nThe case on\nwhich it is.\n\n```sh\non which\n```\n`on which`\n"
    faults = [fault for text in WORDS.of_markdown("docs/a.md", page) for fault in GUIDE.faults(text)]
    assert [(fault.name, fault.line, fault.surface) for fault in faults] == [("of-which", 4, "DOC")]


def test_headings_and_cells_are_judged_by_their_first_words_and_sentences_are_not() -> None:
    page = "# What a case shows\n\nWhat a case shows.\n\n| Cases | Who may see |\n"
    faults = [fault for text in WORDS.of_markdown("docs/a.md", page) for fault in GUIDE.faults(text)]
    assert [(fault.name, fault.line) for fault in faults] == [("clause-noun", 1), ("clause-noun", 5)]


SOURCE = '''"""Told in a docstring."""
def show(as_json: AsJson = False) -> None:
    """Told in the help."""
    key = "told_at"
    """Told below a constant."""
    value = "told"
    raise ValueError(f"told in a message: {key}")  # told in a comment
def other():
    """Told in a docstring."""
    return "Told in a label", "select told from cases"
'''


@pytest.mark.parametrize(
    ("path", "surfaces"),
    [
        ("cli/cases/show.py", {"CODE": 4, "CLI": 2, "ERR": 1}),
        ("dashboard/views/cases/show.py", {"CODE": 5, "UI": 1, "ERR": 1}),
        ("flows/show.py", {"CODE": 5, "ENG": 1, "ERR": 1}),
    ],
)
def test_each_text_of_a_module_is_counted_once_where_it_is_read(path: str, surfaces: dict[str, int]) -> None:
    faults = [fault for text in WORDS.of_python(path, SOURCE) for fault in GUIDE.faults(text)]
    assert Counter(fault.surface for fault in faults) == surfaces


def test_a_stored_value_that_has_a_label_is_not_read_by_anybody_and_its_label_is() -> None:
    table = 'LABELS = {"told nobody": "Told to no one"}\nCOLUMNS = {"Who told it": print, "Told": "Told"}\n'
    faults = [fault for text in WORDS.of_python("dashboard/a.py", table) for fault in GUIDE.faults(text)]
    assert sorted((fault.line, fault.name) for fault in faults) == [
        (1, "tell"),
        (2, "clause-noun"),
        (2, "tell"),
        (2, "tell"),
        (2, "tell"),
    ]


def test_an_act_of_the_audit_log_is_stored_and_what_is_said_of_it_is_read() -> None:
    source = 'with context.reading("see who has looked", "who has looked") as work: ...\n'
    faults = [fault for text in WORDS.of_python("engine/a.py", source) for fault in GUIDE.faults(text)]
    assert sorted(fault.name for fault in faults) == ["banned", "look"]


def test_a_data_file_gives_its_sentences_and_its_comments() -> None:
    texts = list(WORDS.of_toml("engine/a.toml", '# told\n[told]\nkind = "told"\nsays = "It was told."\n'))
    assert [(text.surface, text.line) for text in texts] == [("ENG", 4), ("CODE", 1)]


def test_a_count_above_its_limit_is_named_and_one_at_it_is_not() -> None:
    limits = {"tell": {"UI": 2}}
    assert WORDS.risen(Counter({("tell", "UI"): 3}), limits) == [("tell", "UI", 3, 2)]
    assert not WORDS.risen(Counter({("tell", "UI"): 2}), limits)
    assert WORDS.risen(Counter({("tell", "DOC"): 1}), limits) == [("tell", "DOC", 1, 0)]


def test_limits_are_only_lowered() -> None:
    limits = {"tell": {"UI": 2, "DOC": 5}}
    low = WORDS.lowered(["tell"], Counter({("tell", "UI"): 3, ("tell", "DOC"): 4}), limits)
    assert (low["tell"]["UI"], low["tell"]["DOC"]) == (2, 4)
    assert tomllib.loads(WORDS.written(["tell"], low)) == low


def test_a_list_names_file_line_and_fault(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fires = PATTERNS["clause-noun"]["fires"][0]
    there = [WORDS.Text(surface, f"{surface}.py", 3, fires) for surface in ("CODE", "DOC")]
    monkeypatch.setattr(WORDS, "texts", lambda: there)
    assert WORDS.main(["--list", "CODE", "clause-noun"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.rpartition(": ")[0] for line in lines] == ["CODE.py:3: clause-noun"]
    with pytest.raises(SystemExit):
        WORDS.main(["--list", "CODE", "no such fault"])
