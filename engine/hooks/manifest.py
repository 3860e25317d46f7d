"""An agency's static description of itself, read from ``agency.toml`` without importing its code."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr, StringConstraints, ValidationError, model_validator

from engine.domain.base import Code, Frozen, Sentence
from engine.domain.errors import PluginError
from engine.domain.file_faults import why_not
from engine.domain.people.persons import IdentifierScheme
from engine.domain.responses.answers import AnyAnswer, Contribution, Failed, Nature, NilReturn, Refused
from engine.domain.responses.formal import RELEASED_BY_HAND
from engine.domain.responses.requests import CaseAsked, CaseField, IncidentAsked, PersonAsked
from engine.hooks.instrument_files import InstrumentNamed, id_of, own_instruments
from engine.instruments.model import FUNCTION, Instrument
from engine.instruments.reading import InstrumentFaultsError

MANIFEST_FILE = "agency.toml"
CONTRACT = (1, 4)
"""The version of the contract that this engine speaks: a plugin needs the same first figure."""
VICTIM_VOICE = "victim-voice"
"""The seat of the only agency that may be asked about the victim."""

_VICTIM_FIELDS = frozenset({CaseField.VICTIM_NAME, CaseField.VICTIM_DATE_OF_BIRTH})
_OF_INCIDENTS = {
    CaseField.INCIDENT_DATES: "happened",
    CaseField.INCIDENT_KINDS: "kind",
    CaseField.CRIME_REFERENCES: "crime_reference",
}


class Release(str, Enum):
    """Rule on whether plain record facts may be released without a practitioner's hand."""

    PRACTITIONER = "practitioner"
    AUTOMATIC = "automatic"


class Limits(Frozen):
    """Limits of a call; past them the process is killed and the answer is a failure."""

    seconds: Annotated[float, Field(gt=0, le=300)] = 10
    memory_mb: Annotated[int, Field(ge=64, le=8192)] = 512
    answer_mb: Annotated[float, Field(gt=0, le=64)] = 4
    network: bool = False


class Manifest(Frozen):
    """Agency's own description: who it is, what it asks to receive and why, and what its process may use."""

    code: Code
    name: Annotated[str, StringConstraints(min_length=2, max_length=80)]
    seat: Code | None = None
    version: Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+){0,3}[A-Za-z0-9.+\-]{0,20}$")]
    contract: Annotated[str, StringConstraints(pattern=r"^\d{1,3}\.\d{1,3}$")]
    contact: Annotated[str, StringConstraints(min_length=3, max_length=200)]
    purpose: Sentence
    about: Literal["perpetrator", "victim"] = "perpetrator"
    fields: Annotated[tuple[CaseField, ...], Field(min_length=1)]
    identifier_schemes: tuple[IdentifierScheme, ...] = ()
    instruments: tuple[InstrumentNamed, ...] = ()
    limits: Limits = Limits()
    release: Release = Release.PRACTITIONER
    looks_up_on_arrival: bool = False
    narrows_sharing: bool = False
    extract: bool = Field(
        default=True,
        description="whether it answers from files in its folder, which must be sealed as whole; false for "
        "an agency that asks a system of its own",
    )
    synthetic: Annotated[str, StringConstraints(pattern=FUNCTION)] | None = None

    _own_instruments: tuple[Instrument, ...] = PrivateAttr(default=())

    @property
    def own_instruments(self) -> tuple[Instrument, ...]:
        """The instruments of the agency's own files, as ``read_manifest`` found them."""
        return self._own_instruments

    @property
    def instrument_ids(self) -> frozenset[str]:
        """The ids of every instrument that this agency may answer with."""
        return frozenset(id_of(named) for named in self.instruments)

    @property
    def speaks_for_victim(self) -> bool:
        """True if this agency has the seat of the victim's voice."""
        return self.seat == VICTIM_VOICE

    @model_validator(mode="after")
    def _is_whole(self) -> Manifest:
        faults = list(_faults_of_contract(self.contract))
        asked_of_victim = sorted(field.value for field in _VICTIM_FIELDS & set(self.fields))
        if not self.speaks_for_victim and asked_of_victim:
            faults.append(f"only the seat '{VICTIM_VOICE}' may ask for {' and '.join(asked_of_victim)}")
        if not self.speaks_for_victim and self.about == "victim":
            faults.append(f"only the seat '{VICTIM_VOICE}' may be asked about the victim")
        if len(set(self.fields)) != len(self.fields):
            faults.append("fields names one field twice")
        if len(self.instrument_ids) != len(self.instruments):
            faults.append("instruments names one instrument twice")
        asks_for_numbers = CaseField.PERPETRATOR_IDENTIFIERS in self.fields
        if asks_for_numbers != bool(self.identifier_schemes):
            faults.append(
                f"identifier_schemes and the field '{CaseField.PERPETRATOR_IDENTIFIERS.value}' go together"
            )
        if self.looks_up_on_arrival and not (asks_for_numbers or CaseField.PERPETRATOR_NAME in self.fields):
            faults.append("looks_up_on_arrival needs the perpetrator's name or identifiers among the fields")
        if self.looks_up_on_arrival and self.about == "victim":
            faults.append(
                "looks_up_on_arrival is about the alleged perpetrator; a victim is not searched for"
            )
        if self.synthetic is not None and not self.extract:
            faults.append("synthetic writes an extract; leave out 'extract = false'")
        if self.release is Release.AUTOMATIC and self.speaks_for_victim:
            faults.append("release must be 'practitioner' for the victim's voice")
        if self.release is Release.AUTOMATIC and IdentifierScheme.NHS in self.identifier_schemes:
            faults.append("release must be 'practitioner' for records of care, which NHS numbers are")
        if faults:
            raise ValueError("; ".join(faults))
        return self


def _faults_of_contract(version: str) -> list[str]:
    major, minor = (int(part) for part in version.split("."))
    ours = f"{CONTRACT[0]}.{CONTRACT[1]}"
    if major != CONTRACT[0]:
        return [f"contract {version} is not the contract {ours} of this engine"]
    if minor > CONTRACT[1]:
        return [f"contract {version} is newer than the contract {ours} of this engine"]
    return []


class ManifestFaultsError(PluginError):
    """One or more manifests are faulty; every fault of every one is reported together."""

    def __init__(self, faults: tuple[PluginError, ...]) -> None:
        self.faults = faults
        self.agency = ", ".join(sorted({fault.agency for fault in faults}))
        self.reason = "\n".join(str(fault) for fault in faults)
        Exception.__init__(self, self.reason)


def read_manifest(folder: Path, *, agency: str) -> Manifest:
    """Return the manifest in a plugin's folder; ``agency`` is the name under which the plugin was announced.

    Raises ManifestFaultsError with one sentence for each fault.
    """
    file = folder / MANIFEST_FILE
    try:
        read = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _faults(agency, [f"{MANIFEST_FILE} is not in the plugin's folder"]) from None
    except OSError as error:
        raise _faults(agency, [f"{MANIFEST_FILE} could not be opened ({why_not(error)})"]) from None
    except UnicodeDecodeError:
        raise _faults(agency, [f"{MANIFEST_FILE} is not UTF-8 text"]) from None
    except tomllib.TOMLDecodeError as error:
        raise _faults(agency, [f"{MANIFEST_FILE} is not TOML: {error}"]) from None
    except RecursionError:
        raise _faults(agency, [f"{MANIFEST_FILE} is nested too deeply"]) from None
    try:
        manifest = Manifest.model_validate(read)
    except ValidationError as error:
        raise _faults(agency, _sentences(error)) from None
    if manifest.code != agency:
        raise _faults(agency, [f"{MANIFEST_FILE} has code '{manifest.code}'; it must be '{agency}'"])
    try:
        manifest._own_instruments = own_instruments(folder, manifest.instruments)
    except InstrumentFaultsError as error:
        raise _faults(agency, list(error.faults)) from None
    return manifest


def version_in(folder: Path) -> str | None:
    """Return the version that a plugin's folder has at this moment; None for one that cannot be read."""
    try:
        read = tomllib.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        return None
    return str(read.get("version"))


def _faults(agency: str, reasons: list[str]) -> ManifestFaultsError:
    return ManifestFaultsError(tuple(PluginError(agency, reason) for reason in reasons))


def _sentences(error: ValidationError) -> list[str]:
    """Return one for each fault; a whole that is wrong because one of its parts is, is not reported again."""
    faults = error.errors(include_url=False)
    places = [fault["loc"] for fault in faults]
    return [
        _as_sentence(fault["loc"], fault["msg"])
        for fault in faults
        if not any(place != fault["loc"] and _is_within(place, fault["loc"]) for place in places)
    ]


def _is_within(place: tuple[int | str, ...], whole: tuple[int | str, ...]) -> bool:
    return bool(whole) and place[: len(whole)] == whole


def _as_sentence(where: tuple[int | str, ...], what: str) -> str:
    place = ".".join(str(part) for part in where)
    said = what.removeprefix("Value error, ")
    return f"{MANIFEST_FILE}: {place}: {said}" if place else f"{MANIFEST_FILE}: {said}"


def cut_to(manifest: Manifest, case: CaseAsked) -> CaseAsked:
    """Return the case with nothing in it but what the manifest declares.

    Identifiers go only of declared schemes.
    """
    wanted = asked_fields(manifest)
    return CaseAsked(
        reference=case.reference,
        on=case.on,
        perpetrator=_perpetrator_cut(manifest, wanted, case.perpetrator),
        victim=_victim_cut(wanted, case.victim),
        relationship=case.relationship if CaseField.RELATIONSHIP in wanted else None,
        incidents=_incidents_cut(wanted, case.incidents),
    )


def asked_fields(manifest: Manifest) -> set[CaseField]:
    """Return the fields that the agency is shown: a victim's only at the seat of the victim's voice."""
    return set(manifest.fields) if manifest.speaks_for_victim else set(manifest.fields) - _VICTIM_FIELDS


def _perpetrator_cut(
    manifest: Manifest, wanted: set[CaseField], person: PersonAsked | None
) -> PersonAsked | None:
    asked = {field for field in wanted if field.value.startswith("perpetrator.")}
    if person is None or not asked:
        return None
    schemes = set(manifest.identifier_schemes) if CaseField.PERPETRATOR_IDENTIFIERS in asked else set()
    named = CaseField.PERPETRATOR_NAME in asked
    return PersonAsked(
        forename=person.forename if named else None,
        surname=person.surname if named else None,
        date_of_birth=person.date_of_birth if CaseField.PERPETRATOR_DATE_OF_BIRTH in asked else None,
        sex=person.sex if CaseField.PERPETRATOR_SEX in asked else None,
        identifiers=tuple(number for number in person.identifiers if number.scheme in schemes),
    )


def _victim_cut(wanted: set[CaseField], person: PersonAsked | None) -> PersonAsked | None:
    asked = wanted & _VICTIM_FIELDS
    if person is None or not asked:
        return None
    named = CaseField.VICTIM_NAME in asked
    return PersonAsked(
        forename=person.forename if named else None,
        surname=person.surname if named else None,
        date_of_birth=person.date_of_birth if CaseField.VICTIM_DATE_OF_BIRTH in asked else None,
    )


def incident_fields(wanted: Iterable[CaseField]) -> frozenset[str]:
    """Return which fields of an incident these fields of a case show."""
    return frozenset(_OF_INCIDENTS[field] for field in wanted if field in _OF_INCIDENTS)


def _incidents_cut(wanted: set[CaseField], incidents: tuple[IncidentAsked, ...]) -> tuple[IncidentAsked, ...]:
    fields = incident_fields(wanted)
    if not fields:
        return ()
    left_out = dict.fromkeys(IncidentAsked.model_fields.keys() - fields)
    return tuple(incident.model_copy(update=left_out) for incident in incidents)


def shown_fields(manifest: Manifest) -> tuple[str, ...]:
    """Return what the agency is shown of a case, in words: its reference, the day,
    and the declared fields.
    """
    schemes = ", ".join(scheme.value for scheme in manifest.identifier_schemes)
    declared = (
        f"{field.value} ({schemes})" if field is CaseField.PERPETRATOR_IDENTIFIERS else field.value
        for field in manifest.fields
    )
    return ("reference", "day of asking", *declared)


def releases_by_itself(manifest: Manifest) -> bool:
    """Return whether plain facts of this agency go out without a practitioner's hand."""
    return manifest.release is Release.AUTOMATIC and not manifest.speaks_for_victim


def must_be_released_by_hand(manifest: Manifest, answer: AnyAnswer) -> bool:
    """Return whether a practitioner of the agency must release this answer before others see it.

    Only plain record facts of a person who was found for certain go out without one, and only when the
    manifest says so. A view on a domain, an opinion, an assessor's conclusion, a predictor, a level in the
    agency's own words, an unconfirmed match and everything from the victim's voice wait for a release by
    hand. A failure holds nothing to release.
    """
    match answer:
        case Failed():
            return False
        case _ if not releases_by_itself(manifest):
            return True
        case NilReturn() | Refused():
            return False
        case Contribution():
            return (
                bool(answer.views or answer.in_own_words or answer.protected or answer.predictors)
                or any(finding.nature is Nature.OPINION for finding in answer.findings)
                or any(
                    finding.formal and finding.formal.kind in RELEASED_BY_HAND for finding in answer.findings
                )
                or any(result.conclusion is not None for result in answer.instruments)
                or not answer.matched_on.confirmed
            )
