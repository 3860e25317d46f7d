"""The published schemas are the ones that the models make, and take what the engine takes."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from engine.domain.responses.answers import NilReturn
from engine.hooks.conformance.cases import synthetic_cases
from engine.hooks.conformance.people import invented_people
from engine.hooks.contract.published import FOLDER, schema_texts, write

TEXTS = cache(schema_texts)
ROOT = Path(__file__).parents[4]
EXAMPLE = ROOT / "docs" / "agencies" / "examples" / "housing"


def schema(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(TEXTS()[FOLDER / f"{name}.schema.json"]))


@pytest.mark.parametrize("file", sorted(TEXTS()), ids=str)
def test_what_is_published_is_what_the_models_make(file: Path) -> None:
    published = (ROOT / file).read_text(encoding="utf-8")

    assert published == TEXTS()[file], "run: python -m engine.hooks.contract.published"
    Draft202012Validator.check_schema(json.loads(published))


def test_writing_anew_writes_every_one(tmp_path: Path) -> None:
    write(tmp_path)

    assert {file.relative_to(tmp_path) for file in tmp_path.rglob("*.json")} == set(TEXTS())


@pytest.mark.parametrize(
    "manifest", sorted(ROOT.glob("plugins/*/agency.toml")), ids=lambda file: file.parent.name
)
def test_the_schema_takes_every_built_in_manifest_and_refuses_a_stray_line(manifest: Path) -> None:
    read = json.loads(json.dumps(tomllib.loads(manifest.read_text(encoding="utf-8")), default=str))

    schema("agency-manifest").validate(read)
    assert not schema("agency-manifest").is_valid({**read, "colour": "red"})


def test_the_schema_takes_the_example_without_python() -> None:
    read = tomllib.loads((EXAMPLE / "mapping.toml").read_text(encoding="utf-8"))

    schema("agency-mapping").validate(read)
    assert not schema("agency-mapping").is_valid({**read, "people": {}})


def test_the_schemas_take_what_passes_between_engine_and_plugin() -> None:
    asked = schema("case-asked")
    for each in synthetic_cases(invented_people()):
        asked.validate(each.case.model_dump(mode="json"))
    nil = NilReturn(looked_in=("register",), says="Nothing.").model_dump(mode="json")
    schema("agency-answer").validate(nil)
    assert not schema("agency-answer").is_valid({**nil, "kind": "failed"})
