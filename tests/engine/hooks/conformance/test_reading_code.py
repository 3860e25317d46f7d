"""What the source shows before any of it runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.hooks.conformance.reading_code import (
    hooks_in,
    mistakes_in_hooks,
    network_imports,
    question_arguments,
    untyped_hooks,
)


def hooks(tmp_path: Path, text: str) -> Path:
    (tmp_path / "hooks.py").write_text(text, encoding="utf-8")
    return tmp_path


def test_every_question_is_known_with_its_arguments() -> None:
    assert question_arguments()["stac_assess"] == ("case", "records")
    assert "stac_subject_access" in question_arguments()


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("@hookimpl\ndef stac_asess(case, records): ...", "stac_asess: did you mean stac_assess?"),
        (
            "@hookimpl\ndef stac_assess(case, record): ...",
            "stac_assess takes record, which it is not given: did you mean records?",
        ),
        (
            "@hookimpl\ndef stac_assess(case, colour): ...",
            "stac_assess takes colour, which it is not given; it is given case, records",
        ),
        (
            "def stac_assess(case, records): ...",
            "stac_assess is not marked with hookimpl and would not be called; mark it",
        ),
        ("async def stac_assess(case, records): ...", "stac_assess is async: a hook is a plain function"),
        ("X = 1", "hooks.py answers no question: mark a function named stac_assess with hookimpl"),
        ("def (", "hooks.py is not Python: line 1"),
    ],
)
def test_a_mistake_is_told_so_that_its_author_can_mend_it(text: str, result: str, tmp_path: Path) -> None:
    assert result in mistakes_in_hooks(hooks(tmp_path, text))


def test_hooks_in_order_are_told_nothing(tmp_path: Path) -> None:
    place = hooks(
        tmp_path, "@markers.hookimpl(trylast=True)\ndef stac_assess(case): ...\n\ndef helper(x): ...\n"
    )

    assert mistakes_in_hooks(place) == ()
    assert hooks_in(place) == {"stac_assess": ("case",)}


def test_a_missing_file_is_a_mistake(tmp_path: Path) -> None:
    assert mistakes_in_hooks(tmp_path) == ("hooks.py is not in the plugin's folder",)


def test_what_has_no_type_is_named(tmp_path: Path) -> None:
    text = "@hookimpl\ndef stac_assess(case: CaseAsked, records): ...\n"

    assert untyped_hooks(hooks(tmp_path, text)) == ("stac_assess leaves records, its answer without a type",)


def test_imports_that_open_a_network_are_found_wherever_they_stand(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.py").write_text("def f():\n    from urllib import request\n")
    (tmp_path / "b.py").write_text("import httpx\nfrom urllib.parse import quote\nimport http\n")

    assert network_imports(tmp_path) == (
        "b.py line 1 imports httpx",
        "inner/a.py line 2 imports urllib.request",
    )
