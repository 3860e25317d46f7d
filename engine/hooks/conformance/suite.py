"""The conformance suite: everything that a plugin is checked for, in one report. Knows no agency by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from engine.hooks.conformance import judging
from engine.hooks.conformance.candidate import Candidate
from engine.hooks.conformance.evidence import Evidence, ask_everything
from engine.hooks.conformance.judging import judged, stands
from engine.hooks.conformance.levels import CheckResult, Report, Standing, definitions
from engine.hooks.conformance.own_rows import own_rows
from engine.hooks.conformance.reading_code import (
    hooks_in,
    mistakes_in_hooks,
    network_imports,
    untyped_hooks,
)
from engine.hooks.conformance.runs import Run, run_from
from engine.hooks.contract.versions import Deprecated, deprecations, newer_than_declared, used_by
from engine.hooks.manifest import Manifest, ManifestFaultsError
from engine.hooks.nocode.mapping import read_agency

_OF_ANSWERS: dict[str, Callable[[Evidence], CheckResult]] = {
    "answers": judging.answers,
    "limits": judging.limits,
    "deterministic": judging.deterministic,
    "undeclared": judging.undeclared,
    "unreadable": judging.unreadable,
    "pointers": judging.pointers,
    "views": judging.views,
    "formal": judging.formal,
    "actions": judging.actions,
    "outcomes": judging.outcomes,
    "both-ways": judging.both_ways,
    "no-guess": judging.no_guess,
    "subject-access": judging.subject_access,
    "needed": judging.needed,
    "headroom": judging.headroom,
}
_NEED_ANSWERS = frozenset({"deterministic", "undeclared", "unreadable", "subject-access", "needed"})
"""Checks for which it is asked again, which is not done while it fails."""
_NO_LICENCE = frozenset({"", "-", "none", "n/a", "unknown", "todo", "tbc", "not known"})


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A report, and the answers on which it rests; None when the plugin could not be asked."""

    report: Report
    run: Run | None
    errors: tuple[str, ...] = ()
    """The plugin's own errors whole, all of them about invented people."""


def check_plugin(
    candidate: Candidate,
    *,
    on: date,
    work: Path,
    table: Sequence[Deprecated] | None = None,
    records: Path | None = None,
) -> Checked:
    """Check one plugin. ``work`` is an empty folder for its invented records; ``on`` dates the report.

    ``table`` are deprecations other than the contract's own, ``records`` the folder of the agency's own
    workbook. Never raises for a plugin's fault.
    """
    try:
        manifest = read_agency(candidate.announced)
    except ManifestFaultsError as error:
        results = _of_broken_manifest(error)
        return Checked(report=_report(candidate, None, on=on, results=results), run=None)
    evidence = ask_everything(candidate, manifest, work=work)
    results = [
        judged("manifest", _incomplete(manifest)),
        judged(
            "contract",
            newer_than_declared(manifest, evidence.first),
            passed=f"It was written for contract {manifest.contract}.",
        ),
        _hooks(candidate, evidence),
        _synthetic(evidence),
        _network(candidate, evidence),
        _licences(manifest),
        own_rows(candidate, manifest, records=records, work=work / "own"),
        _typed(candidate),
        _deprecated(candidate, evidence, deprecations() if table is None else table),
    ]
    results += [_of_answers(code, judge, evidence) for code, judge in _OF_ANSWERS.items()]
    report = _report(candidate, manifest, on=on, results=results, shown=evidence.shown)
    run = run_from(evidence) if evidence.was_asked else None
    return Checked(report=report, run=run, errors=tuple(evidence.errors))


def _of_answers(code: str, judge: Callable[[Evidence], CheckResult], evidence: Evidence) -> CheckResult:
    if not evidence.was_asked:
        return stands(code, Standing.NOT_REACHED, "It could not be asked.")
    if code in _NEED_ANSWERS and not evidence.was_asked_more:
        return stands(code, Standing.NOT_REACHED, "It failed on some of the cases; fix that first.")
    return judge(evidence)


def _report(
    candidate: Candidate,
    manifest: Manifest | None,
    *,
    on: date,
    results: Sequence[CheckResult],
    shown: tuple[str, ...] = (),
) -> Report:
    by_check = {result.check: result for result in results}
    return Report(
        agency=candidate.code,
        name=manifest.name if manifest else None,
        version=manifest.version if manifest else None,
        contract=manifest.contract if manifest else None,
        digest=candidate.digest(),
        checked_on=on,
        definitions=definitions().version,
        shown=shown,
        results=tuple(
            by_check.get(check.code)
            or stands(check.code, Standing.NOT_REACHED, "Correct the manifest first.")
            for check in definitions().check
        ),
    )


def _of_broken_manifest(error: ManifestFaultsError) -> list[CheckResult]:
    faults = [fault.reason for fault in error.faults]
    of_contract = [each for each in faults if "contract " in each]
    rest = [each for each in faults if each not in of_contract]
    return [
        *([judged("manifest", rest)] if rest else []),
        *([judged("contract", of_contract)] if of_contract else []),
    ]


def _incomplete(manifest: Manifest) -> list[str]:
    """Return what a manifest may leave out and should not."""
    faults = []
    if manifest.contact.rsplit("@", 1)[-1].rstrip(".") in {"example.com", "example.org", "example.net"}:
        faults.append("contact is still an example: give the contact for an overdue response")
    if "TODO" in manifest.purpose or "TODO" in manifest.name:
        faults.append("purpose and name are still TODO")
    return faults


def _hooks(candidate: Candidate, evidence: Evidence) -> CheckResult:
    if candidate.announced.definition is not None:
        return judged(
            "hooks", [each.says for each in evidence.start_faults], passed="The hooks are the engine's."
        )
    mistakes = mistakes_in_hooks(candidate.announced.folder)
    texts = list(mistakes or (fault.says for fault in evidence.start_faults))
    if not mistakes and texts:
        texts.append("to see where it stops, check it with --traceback")
    answered = ", ".join(hooks_in(candidate.announced.folder))
    return judged("hooks", texts, passed=f"It answers {answered}.")


def _synthetic(evidence: Evidence) -> CheckResult:
    check = "synthetic"
    if evidence.start_faults:
        return stands(check, Standing.NOT_REACHED, "It could not be started.")
    if evidence.manifest.synthetic is None:
        return judged(check, ["agency.toml names no function that writes invented records"])
    if evidence.writing_failed is not None:
        return judged(check, [evidence.writing_failed.says])
    if not evidence.extract:
        return judged(check, [f"{evidence.manifest.synthetic} wrote nothing"])
    return judged(check, (), passed=f"It wrote {', '.join(evidence.extract)}.")


def _network(candidate: Candidate, evidence: Evidence) -> CheckResult:
    check = "network"
    if evidence.manifest.limits.network:
        return stands(check, Standing.DOES_NOT_APPLY, "Its manifest declares that it uses the network.")
    imports = network_imports(candidate.announced.folder)
    if imports:
        return judged(check, [f"{each}, and limits.network is false" for each in imports])
    if not evidence.network_was_shut:
        sentence = "Nothing in its source opens the network, and this machine cannot shut it."
        return stands(check, Standing.NOT_CHECKED, sentence)
    return judged(check, (), passed="It was asked with the network shut.")


def _licences(manifest: Manifest) -> CheckResult:
    check = "licences"
    if not manifest.instruments:
        return stands(check, Standing.DOES_NOT_APPLY, "It answers with no instrument.")
    faults = [
        f"{each.id} states no licence"
        for each in manifest.own_instruments
        if each.licence.strip().casefold() in _NO_LICENCE
    ]
    named = ", ".join(sorted(manifest.instrument_ids))
    return judged(check, faults, passed=f"Stated for {named}.")


def _typed(candidate: Candidate) -> CheckResult:
    if candidate.announced.definition is not None:
        return stands("typed", Standing.DOES_NOT_APPLY, "It has no Python of its own.")
    return judged("typed", untyped_hooks(candidate.announced.folder))


def _deprecated(candidate: Candidate, evidence: Evidence, table: Sequence[Deprecated]) -> CheckResult:
    folder = candidate.announced.folder
    hooks = {} if candidate.announced.definition is not None else hooks_in(folder)
    used = used_by(table, manifest=evidence.manifest, hooks=hooks, answers=evidence.first)
    return judged("deprecated", [each.warning() for each in used])
