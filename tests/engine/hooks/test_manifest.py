"""A manifest is read without its plugin, its faults are told at once, and nothing undeclared is shown."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.conference.risk import Domain, Level
from engine.domain.dates import PartialDate
from engine.domain.people.persons import Identifier, IdentifierScheme, Sex
from engine.domain.responses.answers import (
    Contribution,
    DomainView,
    Failed,
    FailureReason,
    Finding,
    InstrumentResult,
    MatchBasis,
    Nature,
    NilReturn,
    Professional,
    RefusalGround,
    Refused,
)
from engine.domain.responses.formal import Formal, FormalKind
from engine.domain.responses.reported import RecordPointer
from engine.domain.responses.requests import CaseAsked, CaseField, IncidentAsked, PersonAsked
from engine.hooks.manifest import (
    Manifest,
    ManifestFaultsError,
    Release,
    cut_to,
    must_be_released_by_hand,
    read_manifest,
)

WHOLE_CASE = CaseAsked(
    reference="R-7K3M9QX",
    on=date(2026, 11, 24),
    perpetrator=PersonAsked(
        forename="Perpetua",
        surname="Toyson",
        date_of_birth=PartialDate("1984-03-09"),
        sex=Sex.FEMALE,
        identifiers=tuple(
            Identifier(scheme=scheme, value=f"{scheme.value}-1") for scheme in IdentifierScheme
        ),
    ),
    victim=PersonAsked(forename="Victoria", surname="Hidden", date_of_birth=PartialDate("1991")),
    relationship="former partner",
    incidents=(
        IncidentAsked(happened=PartialDate("2026-10"), kind="entry", crime_reference="ZZ1"),
        IncidentAsked(),
    ),
)
IDENTIFIERS = CaseField.PERPETRATOR_IDENTIFIERS
OF_THE_VICTIM = {CaseField.VICTIM_NAME, CaseField.VICTIM_DATE_OF_BIRTH}


def a_manifest(**changes: object) -> Manifest:
    whole: dict[str, object] = {
        "code": "toy",
        "name": "Toy",
        "version": "1.0",
        "contract": "1.0",
        "contact": "toy@example.invalid",
        "purpose": "To be a toy.",
        "fields": [CaseField.PERPETRATOR_NAME],
    }
    return Manifest.model_validate(whole | changes)


def found(case: CaseAsked) -> set[CaseField]:
    """The fields that a case says anything about."""
    he, she = case.perpetrator or PersonAsked(), case.victim or PersonAsked()
    said: dict[CaseField, object] = {
        CaseField.PERPETRATOR_NAME: he.forename or he.surname,
        CaseField.PERPETRATOR_DATE_OF_BIRTH: he.date_of_birth,
        CaseField.PERPETRATOR_SEX: he.sex,
        CaseField.PERPETRATOR_IDENTIFIERS: he.identifiers,
        CaseField.VICTIM_NAME: she.forename or she.surname,
        CaseField.VICTIM_DATE_OF_BIRTH: she.date_of_birth,
        CaseField.RELATIONSHIP: case.relationship,
        CaseField.INCIDENT_DATES: any(incident.happened for incident in case.incidents),
        CaseField.INCIDENT_KINDS: any(incident.kind for incident in case.incidents),
        CaseField.CRIME_REFERENCES: any(incident.crime_reference for incident in case.incidents),
    }
    return {field for field, value in said.items() if value}


@given(fields=st.sets(st.sampled_from(CaseField), min_size=1), seat=st.sampled_from([None, "victim-voice"]))
def test_an_agency_is_shown_what_it_declares_and_nothing_else(
    fields: set[CaseField], seat: str | None
) -> None:
    declared = fields if seat else fields - OF_THE_VICTIM
    if not declared:
        return
    schemes = ["pnc"] if IDENTIFIERS in declared else []
    manifest = a_manifest(fields=sorted(declared), seat=seat, identifier_schemes=schemes)

    cut = cut_to(manifest, WHOLE_CASE)

    assert found(cut) == declared
    assert (cut.reference, cut.on) == (WHOLE_CASE.reference, WHOLE_CASE.on)


def test_numbers_of_an_undeclared_register_are_cut() -> None:
    manifest = a_manifest(fields=[IDENTIFIERS], identifier_schemes=["crn"])

    cut = cut_to(manifest, WHOLE_CASE)

    assert cut.perpetrator is not None
    assert [number.scheme for number in cut.perpetrator.identifiers] == [IdentifierScheme.CRN]
    assert cut.incidents == ()


def test_a_victim_s_fields_are_cut_even_if_a_manifest_got_past_its_checks() -> None:
    smuggled = a_manifest().model_copy(update={"fields": tuple(CaseField)})

    assert cut_to(smuggled, WHOLE_CASE).victim is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"fields": ["victim.name"]}, "only the seat 'victim-voice' may ask for victim.name"),
        ({"about": "victim"}, "only the seat 'victim-voice' may be asked about the victim"),
        ({"fields": [IDENTIFIERS]}, "identifier_schemes and the field 'perpetrator.identifiers' go together"),
        (
            {"identifier_schemes": ["pnc"]},
            "identifier_schemes and the field 'perpetrator.identifiers' go together",
        ),
        ({"contract": "2.0"}, "contract 2.0 is not the contract 1.4 of this engine"),
        ({"contract": "1.7"}, "contract 1.7 is newer than the contract 1.4 of this engine"),
        (
            {"seat": "victim-voice", "release": "automatic"},
            "release must be 'practitioner' for the victim's voice",
        ),
        (
            {"fields": [IDENTIFIERS], "identifier_schemes": ["nhs"], "release": "automatic"},
            "release must be 'practitioner' for records of care",
        ),
        ({"fields": ["perpetrator.name", "perpetrator.name"]}, "fields names one field twice"),
        (
            {"fields": ["incidents.dates"], "looks_up_on_arrival": True},
            "looks_up_on_arrival needs the perpetrator's name or identifiers among the fields",
        ),
        (
            {"seat": "victim-voice", "about": "victim", "looks_up_on_arrival": True},
            "a victim is not searched for",
        ),
    ],
)
def test_a_manifest_that_asks_for_too_much_is_refused(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence.replace("(", r"\(")):
        a_manifest(**changes)


def test_every_fault_of_a_manifest_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "agency.toml").write_text(
        'code = "toy"\nname = "Toy"\ncontract = "1.0"\ncontact = "toy@example.invalid"\n'
        'fields = ["perpetrator.nam"]\ncolour = "blue"\n[limits]\nseconds = -1\n'
    )

    with pytest.raises(ManifestFaultsError) as raised:
        read_manifest(tmp_path, agency="toy")

    assert len(raised.value.faults) == 5
    for sentence in (
        "version: Field required",
        "purpose: Field required",
        "fields.0",
        "limits.seconds",
        "colour",
    ):
        assert f"toy: agency.toml: {sentence}" in str(raised.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "toy: agency.toml is not in the plugin's folder"),
        (b"\xff\xfe", "toy: agency.toml is not UTF-8 text"),
        (b"code = ", "toy: agency.toml is not TOML"),
    ],
)
def test_an_unreadable_manifest_is_told_in_a_sentence(
    tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    if content is not None:
        (tmp_path / "agency.toml").write_bytes(content)

    with pytest.raises(ManifestFaultsError, match=sentence):
        read_manifest(tmp_path, agency="toy")


def test_the_built_in_manifests_are_read_without_importing_an_agency(tmp_path: Path) -> None:
    reading = (
        "import sys; from pathlib import Path; from engine.hooks.registry import load_agencies\n"
        f"agencies = load_agencies(Path({str(tmp_path)!r}))\n"
        "print(agencies.codes, sorted(name for name in sys.modules if name.startswith('plugins')))"
    )

    process = subprocess.run([sys.executable, "-c", reading], capture_output=True, text=True, check=True)

    assert process.stdout.strip() == "('advocacy', 'health', 'police', 'probation') []"
    assert list(tmp_path.iterdir()) == []


AUTOMATIC = a_manifest(release="automatic")
BY_HAND = a_manifest()
VOICE = a_manifest(seat="victim-voice").model_copy(update={"release": Release.AUTOMATIC})
NUMBER = MatchBasis(says="by PNC ID", confirmed=True)
FACT = Finding(
    key="fact", says="Two reports were recorded.", records=(RecordPointer(record="1", kind="report"),)
)
VIEW = DomainView(
    domain=Domain.VIOLENCE,
    level=Level.LOW,
    reasons="As written.",
    recorded_by=Professional(name="Toy Toyson", post="Toy"),
    recorded_on=date(2026, 1, 1),
)
PLAIN = Contribution(matched_on=NUMBER, findings=(FACT,))


def classified(kind: FormalKind) -> Contribution:
    """The same, and the fact is formal."""
    return PLAIN.model_copy(
        update={"findings": (FACT.model_copy(update={"formal": Formal(kind=kind, value="very high")}),)}
    )


NIL = NilReturn(looked_in=("toys",), says="Nothing was found.")


@pytest.mark.parametrize(
    ("manifest", "answer", "by_hand"),
    [
        (AUTOMATIC, PLAIN, False),
        (BY_HAND, PLAIN, True),
        (VOICE, PLAIN, True),
        (AUTOMATIC, PLAIN.model_copy(update={"views": (VIEW,)}), True),
        (AUTOMATIC, PLAIN.model_copy(update={"in_own_words": ("RoSH was recorded as high.",)}), True),
        *((AUTOMATIC, classified(kind), kind is FormalKind.ROSH) for kind in FormalKind),
        (
            AUTOMATIC,
            PLAIN.model_copy(update={"findings": (FACT.model_copy(update={"nature": Nature.OPINION}),)}),
            True,
        ),
        (
            AUTOMATIC,
            PLAIN.model_copy(
                update={
                    "instruments": (
                        InstrumentResult(instrument="toy", version="1", items=(), conclusion="So."),
                    )
                }
            ),
            True,
        ),
        (
            AUTOMATIC,
            PLAIN.model_copy(update={"matched_on": MatchBasis(says="by name", confirmed=False)}),
            True,
        ),
        (AUTOMATIC, NIL, False),
        (BY_HAND, NIL, True),
        (BY_HAND, Refused(ground=RefusalGround.CONFIDENTIAL, says="Declined."), True),
        (BY_HAND, Failed(reason=FailureReason.CRASHED, says="It stopped."), False),
        (VOICE, Failed(reason=FailureReason.CRASHED, says="It stopped."), False),
    ],
)
def test_only_plain_facts_of_a_person_found_for_certain_are_released_by_themselves(
    manifest: Manifest, answer: Contribution | NilReturn | Refused | Failed, by_hand: bool
) -> None:
    assert must_be_released_by_hand(manifest, answer) is by_hand
