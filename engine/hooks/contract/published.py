"""Publication of the contract: the names of v1, and the JSON Schema of each thing that passes.

``python -m engine.hooks.contract.published`` writes them again; a test compares them with those in docs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal, Protocol

from pydantic import TypeAdapter

from engine.domain.agencies.files import AgencyFilesRead
from engine.domain.agencies.people import PeopleFound, SubjectAccessResult
from engine.domain.agencies.scoring import ScoreResult
from engine.domain.invented import InventedExtractTask
from engine.domain.responses.requests import CaseAsked, PersonAsked
from engine.domain.sharing import MayShare, Shareable
from engine.hooks.contract.names import FILE, names_text
from engine.hooks.contract.versions import OURS
from engine.hooks.manifest import Manifest
from engine.hooks.nocode.mapping import Mapping
from engine.hooks.questions import OUTCOMES, PROPOSE, ToFollowUp, ToPropose
from engine.hooks.seals import Seal
from engine.hooks.wire import PLUGIN_ANSWER
from engine.instruments.model import Instrument

FOLDER = Path("docs/schemas")
_Mode = Literal["validation", "serialization"]


class _Described(Protocol):
    """Type that can describe its own schema."""

    def json_schema(self, *, mode: _Mode) -> dict[str, object]: ...


_PUBLISHED: dict[str, tuple[str, _Described, _Mode]] = {
    "agency-manifest": (
        "agency.toml: who an agency is and what it asks for",
        TypeAdapter(Manifest),
        "validation",
    ),
    "agency-mapping": ("mapping.toml: an agency without Python", TypeAdapter(Mapping), "validation"),
    "instrument": ("An instrument's file", TypeAdapter(Instrument), "validation"),
    "case-asked": ("Input of stac_assess", TypeAdapter(CaseAsked), "serialization"),
    "person-asked": (
        "Input of stac_find_people and stac_subject_access",
        TypeAdapter(PersonAsked),
        "serialization",
    ),
    "agency-answer": ("Result of stac_assess", PLUGIN_ANSWER, "validation"),
    "to-propose": ("Input of stac_propose_actions", TypeAdapter(ToPropose), "serialization"),
    "actions-proposed": ("Result of stac_propose_actions", PROPOSE.reply, "validation"),
    "to-follow-up": ("Input of stac_outcomes", TypeAdapter(ToFollowUp), "serialization"),
    "outcomes-found": ("Result of stac_outcomes", OUTCOMES.reply, "validation"),
    "people-found": ("Result of stac_find_people", TypeAdapter(PeopleFound), "validation"),
    "subject-access": ("Result of stac_subject_access", TypeAdapter(SubjectAccessResult), "validation"),
    "shareable": ("Input of stac_may_share, for each item", TypeAdapter(Shareable), "serialization"),
    "may-share": ("Result of stac_may_share", TypeAdapter(MayShare), "validation"),
    "agency-files": ("Result of stac_import", TypeAdapter(AgencyFilesRead), "validation"),
    "extract-seal": ("extract.json: what an extract consists of", TypeAdapter(Seal), "validation"),
    "score": ("Result of an instrument's own function", TypeAdapter(ScoreResult), "validation"),
    "invented-extract": (
        "Input of the function named under synthetic",
        TypeAdapter(InventedExtractTask),
        "serialization",
    ),
}


def schema_texts() -> dict[Path, str]:
    """Return every published schema, by its file below the project's folder."""
    return {FOLDER / f"{name}.schema.json": _text(name) for name in _PUBLISHED}


def write(root: Path) -> None:
    """Write every schema and the list of names again below this folder."""
    for file, text in {**schema_texts(), FILE: names_text()}.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text, encoding="utf-8")


def _text(name: str) -> str:
    title, adapter, mode = _PUBLISHED[name]
    made = adapter.json_schema(mode=mode)
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "$comment": f"contract {OURS}",
    }
    return json.dumps({**made, **head}, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    write(Path.cwd())
