"""Asking a plugin everything that a check needs to know, about invented people only. Judges nothing."""

from __future__ import annotations

import html
import io
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from engine.domain.agencies.people import SubjectAccessResult
from engine.domain.responses.answers import AnyAnswer, Contribution, Failed
from engine.domain.responses.requests import CaseField
from engine.hooks.conformance.actions import ActionsAsked, actions_asked
from engine.hooks.conformance.blending import says_anything
from engine.hooks.conformance.candidate import Candidate
from engine.hooks.conformance.cases import Kind, SyntheticCase, synthetic_cases
from engine.hooks.conformance.door import opened, unsealed
from engine.hooks.conformance.fields import fields_used_and_idle
from engine.hooks.conformance.outcomes import OutcomesAsked, outcomes_asked
from engine.hooks.conformance.people import invented_people
from engine.hooks.manifest import Manifest
from engine.hooks.messaging import GIVES_UP_AFTER
from engine.hooks.nocode.mapping import read_agency
from engine.hooks.questions import SUBJECT_ACCESS
from engine.hooks.registry import Agencies, agencies_folder
from engine.hooks.sandbox_checks import enforced
from engine.hooks.seals import SEAL_FILE

_PERSONS_ASKED = 4
_MOST_ERRORS = 10
_GARBLED = b"\xff\xfe\x00half a line, and then"


@dataclass(frozen=True, kw_only=True)
class SubjectAccessAsked:
    """Answer to a person who asked for their own data, and whether the agency had found them before.

    ``is_certain`` is whether it had called that match confirmed.
    """

    case: SyntheticCase
    was_found: bool
    is_certain: bool
    answer: SubjectAccessResult | Failed


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All that was asked and answered."""

    candidate: Candidate
    manifest: Manifest
    cases: tuple[SyntheticCase, ...]
    shown: tuple[str, ...] = ()
    start_faults: tuple[Failed, ...] = ()
    writing_failed: Failed | None = None
    extract: dict[str, bytes] | None = None
    first: tuple[AnyAnswer, ...] = ()
    seconds: tuple[float, ...] = ()
    again: tuple[AnyAnswer, ...] = ()
    other_order: tuple[AnyAnswer, ...] = ()
    fields_used: tuple[CaseField, ...] = ()
    fields_idle: tuple[CaseField, ...] = ()
    unreadable: dict[str, tuple[AnyAnswer, ...]] | None = None
    subjects: tuple[SubjectAccessAsked, ...] = ()
    actions: tuple[ActionsAsked, ...] = ()
    outcomes: tuple[OutcomesAsked, ...] = ()
    network_was_shut: bool = False
    errors: list[str] = field(default_factory=list)
    """The plugin's own errors whole, each once."""

    def take_error(self, text: str) -> None:
        """Store an error that was not there before."""
        if text not in self.errors and len(self.errors) < _MOST_ERRORS:
            self.errors.append(text)

    @property
    def was_asked(self) -> bool:
        """True if there are answers to judge."""
        return bool(self.first)

    @property
    def was_asked_more(self) -> bool:
        """True if it was asked in every way: not when it failed, or each way would take as long."""
        return bool(self.other_order)

    @cached_property
    def searched(self) -> tuple[str, ...]:
        """The text of every file of the extract that can be searched; of a workbook, its parts."""
        return tuple(text for content in (self.extract or {}).values() for text in _texts(content))

    @cached_property
    def all_searched(self) -> bool:
        """True if no file of the extract had to be left out."""
        return all(any(True for _ in _texts(content)) for content in (self.extract or {}).values())

    def contributions(self) -> tuple[tuple[SyntheticCase, Contribution], ...]:
        """Return the cases in which it held something."""
        pairs = zip(self.cases, self.first, strict=False)
        return tuple((case, answer) for case, answer in pairs if isinstance(answer, Contribution))


def ask_everything(candidate: Candidate, manifest: Manifest, *, work: Path) -> Evidence:
    """Have the plugin write invented records below ``work`` and answer the fifty cases in every way."""
    evidence = _asked_plainly(candidate, manifest, home=work / "home", also=_asked_more)
    if not evidence.was_asked or any(isinstance(each, Failed) for each in evidence.first):
        return evidence
    home, code = work / "home", candidate.code
    with opened(candidate.announced, manifest, home=home, errors=evidence.take_error) as agencies:
        backwards = agencies.assess_many(code, [each.case for each in reversed(evidence.cases)])
        evidence = replace(evidence, other_order=tuple(reversed(backwards)))
    used, idle = fields_used_and_idle(
        candidate.announced,
        manifest,
        home=home,
        cases=[each.case for each in evidence.cases],
        plain=evidence.first,
    )
    return replace(
        evidence, fields_used=used, fields_idle=idle, unreadable=_with_garbled_records(evidence, work=work)
    )


def ask_plainly(candidate: Candidate, *, work: Path) -> Evidence:
    """Have the plugin write invented records and answer the fifty cases once.

    Raises ManifestFaultsError.
    """
    manifest = read_agency(candidate.announced)
    return _asked_plainly(candidate, manifest, home=work, also=lambda _, evidence: evidence)


def _asked_plainly(
    candidate: Candidate, manifest: Manifest, *, home: Path, also: Callable[[Agencies, Evidence], Evidence]
) -> Evidence:
    invented, code = invented_people(), candidate.code
    evidence = Evidence(
        candidate=candidate,
        manifest=manifest,
        cases=synthetic_cases(invented),
        network_was_shut=_network_is_shut(),
    )
    with opened(candidate.announced, manifest, home=home, errors=evidence.take_error) as agencies:
        evidence = replace(evidence, shown=agencies.was_shown(code), start_faults=agencies.faults())
        if evidence.start_faults:
            return evidence
        evidence = replace(evidence, writing_failed=agencies.write_synthetic(code, invented.task))
        if evidence.writing_failed is not None:
            return evidence
        first, seconds = _one_by_one(agencies, code, evidence.cases)
        evidence = replace(
            evidence, extract=_files(agencies_folder(home, code)), first=first, seconds=seconds
        )
        return evidence if any(isinstance(each, Failed) for each in first) else also(agencies, evidence)


def _network_is_shut() -> bool:
    """Return whether this machine shuts a process like the agency's off from the network: tried,
    not believed.
    """
    return any(limit.name == "network" and limit.enforced for limit in enforced())


def _asked_more(agencies: Agencies, evidence: Evidence) -> Evidence:
    """Return the same again, and the answers to people who ask for their own data, by the same process."""
    again = agencies.assess_many(evidence.candidate.code, [each.case for each in evidence.cases])
    return replace(
        evidence,
        again=again,
        subjects=_subjects(agencies, evidence),
        actions=actions_asked(agencies, evidence.candidate.code, evidence.contributions()),
        outcomes=outcomes_asked(agencies, evidence.candidate.code, evidence.contributions()),
    )


def _files(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.name.startswith(".") and file.name != SEAL_FILE
    }


def _texts(content: bytes) -> Iterator[str]:
    try:
        yield content.decode("utf-8-sig")
        return
    except UnicodeDecodeError:
        pass
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            for name in parts.namelist():
                if not name.startswith("docProps/"):  # when and by what the workbook was saved
                    yield html.unescape(parts.read(name).decode("utf-8-sig", errors="replace"))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return


def _one_by_one(
    agencies: Agencies, code: str, cases: Sequence[SyntheticCase]
) -> tuple[tuple[AnyAnswer, ...], tuple[float, ...]]:
    answers: list[AnyAnswer] = []
    seconds = []
    for each in cases:
        if len(answers) >= GIVES_UP_AFTER and _all_failed(answers[-GIVES_UP_AFTER:]):
            answers.append(answers[-1])
            seconds.append(0.0)
            continue
        began = time.monotonic()
        answers.append(agencies.assess(code, each.case))
        seconds.append(time.monotonic() - began)
    return tuple(answers), tuple(seconds)


def _all_failed(answers: Sequence[AnyAnswer]) -> bool:
    return all(isinstance(each, Failed) for each in answers)


def _subjects(agencies: Agencies, evidence: Evidence) -> tuple[SubjectAccessAsked, ...]:
    """Return some whom the agency had found, and some who are in no records."""
    found = [
        (case, True, answer.matched_on.confirmed)
        for case, answer in evidence.contributions()
        if says_anything(answer)
    ]
    certain, uncertain = [each for each in found if each[2]], [each for each in found if not each[2]]
    unknown = [(case, False, False) for case in evidence.cases if case.kind is Kind.NO_MATCH]
    asked = []
    for case, was_found, is_certain in (*certain[:_PERSONS_ASKED], *uncertain[:_PERSONS_ASKED], *unknown[:2]):
        of_victim = evidence.manifest.about == "victim"
        person = case.case.victim if of_victim else case.case.perpetrator
        if person is not None:
            answer = agencies.ask(evidence.candidate.code, SUBJECT_ACCESS, person)
            asked.append(
                SubjectAccessAsked(case=case, was_found=was_found, is_certain=is_certain, answer=answer)
            )
    return tuple(asked)


def _with_garbled_records(evidence: Evidence, *, work: Path) -> dict[str, tuple[AnyAnswer, ...]] | None:
    """Return its answers when its records are gone, and when they are rubbish; None when it has no files."""
    extract = evidence.extract or {}
    known = [case.case for case, _ in evidence.contributions()][:3] or [
        each.case for each in evidence.cases[:3]
    ]
    if not extract:
        return None
    home, code = work / "garbled", evidence.candidate.code
    folder = agencies_folder(home, code)
    answers = {}
    with opened(
        evidence.candidate.announced, unsealed(evidence.manifest), home=home, errors=evidence.take_error
    ) as agencies:
        for how in ("gone", "rubbish"):
            shutil.rmtree(folder, ignore_errors=True)
            for name in extract:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                if how == "rubbish":
                    (folder / name).write_bytes(_GARBLED)
            answers[how] = tuple(agencies.assess(code, case) for case in known[:3])
    return answers
