"""Two versions of a plugin on the same invented cases, and what differs between them. Judges neither."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import Field, ValidationError

from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError
from engine.domain.responses.answers import (
    AnyAnswer,
    Contribution,
    Failed,
    NilReturn,
    Refused,
    Reported,
)
from engine.hooks.conformance.candidate import candidate
from engine.hooks.conformance.runs import Run, run_of, runs_folder

_MOST_BYTES = 50_000_000
_NOTHING = "-"


class Change(Frozen):
    """One thing that one version says and the other does not, or says otherwise."""

    case: str
    part: str = Field(description="such as: answer, finding known, view on violence, item of FORM")
    before: str
    now: str


class Difference(Frozen):
    """All that differs; nothing does when ``changes`` is empty."""

    agency: str
    before: str
    now: str
    records_differ: bool
    changes: tuple[Change, ...]


def read_run(against: str, *, code: str, home: Path, work: Path) -> Run:
    """Return a saved run's file; or the run of a folder, project or wheel; or the stored run of a version.

    Raises InvalidInputError, and PluginError when the other version cannot be asked.
    """
    place = Path(against)
    stored_files_by_name = {file.stem: file for file in sorted(runs_folder(home, code).glob("*.json"))}
    if against in stored_files_by_name:
        return _read(stored_files_by_name[against], code)
    if place.is_file() and place.suffix != ".whl":
        return _read(place, code)
    if place.is_dir() or place.suffix == ".whl":
        other = candidate(against, work=work)
        if other.code != code:
            raise InvalidInputError("against", f"it is the plugin of '{other.code}', not of '{code}'")
        return run_of(other, work=work / "before")
    offered = f"saved runs are {', '.join(stored_files_by_name)}" if stored_files_by_name else "none is saved"
    raise InvalidInputError(
        "against",
        f"no saved run, folder or wheel has this name, and no run of this version is saved ({offered}); "
        "'stac plugin check' saves one for an installed agency, and --save FILE writes one",
    )


def difference(before: Run, now: Run) -> Difference:
    """Return what the second says otherwise than the first, by case, finding and domain."""
    if before.cases != now.cases:
        raise InvalidInputError("against", "it was run on other cases; run that version again")
    changes = (
        change
        for case, old, new in zip(now.cases, before.answers, now.answers, strict=True)
        for change in _changes(case, old, new)
    )
    return Difference(
        agency=now.agency,
        before=before.version,
        now=now.version,
        records_differ=before.records != now.records,
        changes=tuple(changes),
    )


def _changes(case: str, old: AnyAnswer, new: AnyAnswer) -> Iterator[Change]:
    before, now = dict(_parts(old)), dict(_parts(new))
    for part in dict.fromkeys((*before, *now)):
        was, is_ = before.get(part, _NOTHING), now.get(part, _NOTHING)
        if was != is_:
            yield Change(case=case, part=part, before=was, now=is_)


def _parts(answer: AnyAnswer) -> Iterator[tuple[str, str]]:
    """Yield everything that an answer says, each part under a name of its own."""
    yield "answer", answer.kind
    if answer.note is not None:
        yield "note", answer.note
    match answer:
        case Contribution():
            yield from _parts_of(answer)
        case NilReturn():
            yield "says", answer.says
            yield "searched", ", ".join(answer.looked_in)
            yield from _numbered("gap", answer.gaps)
        case Refused() | Failed():
            yield "says", answer.says


def _parts_of(answer: Contribution) -> Iterator[tuple[str, str]]:
    confirmed = "confirmed" if answer.matched_on.confirmed else "unconfirmed"
    yield "matched on", f"{answer.matched_on.says} ({confirmed})"
    for finding in answer.findings:
        records = ", ".join(f"{each.kind} {each.record}" for each in finding.records)
        shared = "" if finding.may_share else "; not to be shared"
        yield f"finding {finding.key}", f"{finding.says} [{finding.nature.value}; {records}{shared}]"
    for item in answer.voices:
        records = ", ".join(f"{each.kind} {each.record}" for each in item.records)
        agreed = f"{item.agreed_to_sharing.value}: {', '.join(item.with_whom) or 'nobody'}"
        said = item.says or "(withheld)"
        yield (
            f"voice {item.key}",
            f"{said} [{item.whose.value}, {item.about.value}; {records}; sharing {agreed}]",
        )
    for view in answer.views:
        soon = f", {view.how_soon.value}" if view.how_soon else ""
        horizon = f" for {view.horizon_weeks} weeks" if view.horizon_weeks else ""
        by = f"{view.recorded_by.name}, {view.recorded_by.post}, {view.recorded_on}"
        yield f"view on {view.domain.value}", f"{view.level.value}{soon}{horizon}: {view.reasons} [{by}]"
    for result in answer.instruments:
        yield f"{result.instrument}", f"version {result.version}"
        for answered in result.items:
            yield f"{result.instrument}, item {answered.item}", answered.state.value
        if result.conclusion is not None:
            yield f"{result.instrument}, conclusion", f"{result.conclusion} [{result.concluded_by}]"
    for shown in answer.predictors:
        of = f"not computed: {shown.not_computed}"
        if shown.percent is not None:
            of = f"{shown.percent:g} % within {shown.within_years} years, {shown.band}"
        yield f"predictor {shown.instrument}", f"version {shown.version}: {of}"
    for order in answer.orders or ():
        yield f"order {order.key}", _as_json(order)
    for evidence in answer.link_evidence or ():
        yield f"link evidence {evidence.key}", _as_json(evidence)
    for report in answer.reports or ():
        yield f"report {report.key}", _as_json(report)
    for part, given in (
        ("orders", answer.orders),
        ("link evidence", answer.link_evidence),
        ("records checked", answer.records_checked),
        ("reports", answer.reports),
        ("other forces' records", answer.reports_elsewhere),
        ("own row", answer.own_row),
    ):
        if given is None:
            yield part, "(not reported)"
    yield from _numbered("record checked", (each.sentence for each in answer.records_checked or ()))
    yield from _numbered("in its own words", answer.in_own_words)
    yield from _numbered("gap", answer.gaps)
    yield from _numbered("proposed action", (each.says for each in answer.proposed_actions))
    yield from _numbered("protected", (each.kind.value for each in answer.protected))
    if answer.held_back:
        yield "withheld", str(answer.held_back)
    if answer.valid_until is not None:
        yield "valid until", str(answer.valid_until)


def _as_json(item: Reported) -> str:
    return item.model_dump_json(exclude={"key"}, exclude_none=True)


def _numbered(part: str, said: Iterable[str]) -> Iterator[tuple[str, str]]:
    for number, each in enumerate(said, start=1):
        yield f"{part} {number}", each


def _read(file: Path, code: str) -> Run:
    try:
        with open(file, "rb") as opened:
            run = Run.model_validate_json(opened.read(_MOST_BYTES))
    except (OSError, ValidationError):
        raise InvalidInputError("against", "the file is not a saved run that this engine can read") from None
    if run.agency != code:
        raise InvalidInputError("against", f"it is a run of '{run.agency}', not of '{code}'")
    return run
