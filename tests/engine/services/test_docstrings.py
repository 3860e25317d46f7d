"""A use case's docstring says what surprises: the errors of all are said once, in ``engine.services``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import engine.services

_WHO = r"(?:the|this) (?:person who acts|person)"
SAID_ONCE = {
    "NotPermittedError": re.compile(
        r"(?:If )?[Tt]he role of the person who acts (?:does not permit it|may not [a-z ]+)\."
    ),
    "NotFoundError": re.compile(
        r"(?:The|A|An|One of the|No|It|Its|Nothing|There is)\b[^,;]*?(?:"
        rf"does not exist(?: for {_WHO})?"
        rf"(?:, or (?:is|it is|its case is) (?:not open to|hidden from) {_WHO})?|"
        rf"is not open to {_WHO}|no such [a-z ]+?(?: for {_WHO})?)\."
    ),
    "ConflictError": re.compile(
        r"Another (?:person )?(?:did the same a moment before|wrote the same row at the same moment)\."
    ),
}
"""By error the sentences that say no more than ``engine.services`` says of it."""
_TITLES = re.compile(r"\n(?=[A-Z]\w+\n-{4,})")


def entries(docstring: str) -> Iterator[tuple[str, str]]:
    """Each error that a docstring names under "Raises", and its sentence."""
    _, _, after = docstring.partition("Raises\n------\n")
    for entry in re.split(r"\n(?=\S)", _TITLES.split(after)[0]):
        error, _, sentence = entry.partition("\n")
        yield error.strip(), " ".join(sentence.split())


def repeats(docstring: str) -> list[tuple[str, str]]:
    """Those of a docstring that are said once for all."""
    return [
        (error, sentence)
        for error, sentence in entries(docstring)
        if error in SAID_ONCE and SAID_ONCE[error].fullmatch(sentence)
    ]


def docstrings() -> Iterator[tuple[str, str]]:
    for file in sorted(Path(*engine.services.__path__).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and (text := ast.get_docstring(node)):
                yield f"{file.name}: {node.name}", text


def test_no_use_case_repeats_the_errors_of_all() -> None:
    found = {where: repeats(text) for where, text in docstrings() if repeats(text)}
    assert not found, f"engine.services says them once; say here only what surprises: {found}"


def test_they_are_said_once() -> None:
    assert [error for error in SAID_ONCE if error not in (engine.services.__doc__ or "")] == []


@pytest.mark.parametrize(
    ("sentence", "is_one"),
    [
        ("The case does not exist, or is not open to the person who acts.", True),
        ("The person who acts has no such map.", True),
        ("The case is not open to the person who acts, or the agency was not asked.", False),
        ("There is no such release.", True),
        ("The person who acts has no such network, or its date has come.", False),
    ],
)
def test_a_sentence_that_says_more_stays(sentence: str, is_one: bool) -> None:
    docstring = f"Do it.\n\nRaises\n------\nNotFoundError\n    {sentence}\nSetupError\n    There is no key."
    assert repeats(docstring) == ([("NotFoundError", sentence)] if is_one else [])
