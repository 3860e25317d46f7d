"""The answers of one version of a plugin to the invented cases, stored to compare another version with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import Field

from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError, PluginError
from engine.domain.file_faults import why_not
from engine.domain.responses.answers import (
    AnyAnswer,
)
from engine.hooks.conformance.candidate import Candidate
from engine.hooks.conformance.evidence import Evidence, ask_plainly

FORMAT = 1
_RUNS = "conformance/runs"


class Run(Frozen):
    """Answers of one version of a plugin to the fifty cases. Invented people only: it may be stored."""

    format: Annotated[int, Field(ge=FORMAT, le=FORMAT)] = FORMAT
    agency: str
    version: str
    plugin: str = Field(description="digest of the plugin's own files")
    records: str = Field(description="digest of the invented records that it wrote for itself")
    cases: tuple[str, ...]
    answers: tuple[AnyAnswer, ...]


def run_of(found: Candidate, *, work: Path) -> Run:
    """Have a plugin answer the cases. Raises PluginError when it cannot be asked."""
    return run_from(ask_plainly(found, work=work))


def run_from(evidence: Evidence) -> Run:
    """Return the run that is in what was asked for a check. Raises PluginError when answers are missing."""
    if not evidence.was_asked:
        failures = [*evidence.start_faults, *filter(None, [evidence.writing_failed])]
        raise PluginError(evidence.candidate.code, "; ".join(each.says for each in failures) or "not asked")
    return Run(
        agency=evidence.candidate.code,
        version=evidence.manifest.version,
        plugin=evidence.candidate.digest(),
        records=_digest(evidence.searched if evidence.all_searched else ()),
        cases=tuple(case.key for case in evidence.cases),
        answers=evidence.first,
    )


def save_run(run: Run, file: Path) -> None:
    """Store a run as JSON. Raises InvalidInputError when the file cannot be written."""
    try:
        file.write_text(run.model_dump_json(indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise InvalidInputError("save", f"the file cannot be written ({why_not(error)})") from None


def store_run(home: Path, run: Run) -> None:
    """Store the run of an installed plugin's version in the home, to be replayed against by its version.

    Raises OSError.
    """
    file = runs_folder(home, run.agency) / f"{run.version}.json"
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.write_text(run.model_dump_json(indent=1) + "\n", encoding="utf-8")


def runs_folder(home: Path, code: str) -> Path:
    """Return the folder of the stored runs of an agency."""
    return home / _RUNS / code


def _digest(texts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for text in texts:
        digest.update(f"{len(text)}\0{text}".encode())
    return digest.hexdigest()
