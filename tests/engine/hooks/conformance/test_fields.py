"""Fields that a plugin reads without declaring them, and those that it declares for nothing, are named."""

from __future__ import annotations

from pathlib import Path

from engine.domain.responses.requests import CaseField
from engine.hooks.conformance.blending import merged, substance
from engine.hooks.conformance.cases import Kind, altered, synthetic_cases
from engine.hooks.conformance.door import told_everything, undeclared_fields, with_also, without
from engine.hooks.conformance.evidence import ask_everything
from engine.hooks.conformance.people import invented_people
from engine.hooks.manifest import cut_to, read_manifest
from engine.hooks.nocode.mapping import read_agency
from tests.engine.hooks.conformance.packages import Spoilt, a_plugin, found

PLUGINS = Path(__file__).parents[4] / "plugins"
POLICE = read_manifest(PLUGINS / "police", agency="police")
HEALTH = read_manifest(PLUGINS / "health", agency="health")
CASE = next(each.case for each in synthetic_cases(invented_people()) if each.kind is Kind.EXACT)


def test_declared_fields_stay_and_every_other_comes_from_the_other_case() -> None:
    other = cut_to(told_everything(HEALTH), altered(CASE))

    blended = merged(cut_to(HEALTH, CASE), other, HEALTH)

    assert blended.perpetrator is not None
    assert CASE.perpetrator is not None
    assert blended.perpetrator.surname == CASE.perpetrator.surname
    assert blended.perpetrator.sex == "other"
    assert blended.relationship == "altered"
    assert [each.value for each in blended.perpetrator.identifiers if each.scheme == "nhs"] == [
        each.value for each in CASE.perpetrator.identifiers if each.scheme == "nhs"
    ]
    assert {each.value for each in blended.perpetrator.identifiers if each.scheme != "nhs"} == {"ZZ99999999"}


def test_a_victims_fields_are_handed_to_nobody_but_the_victims_voice() -> None:
    assert cut_to(told_everything(POLICE), CASE).victim is None


def test_identifiers_of_other_schemes_are_undeclared_too() -> None:
    assert CaseField.PERPETRATOR_IDENTIFIERS in undeclared_fields(HEALTH)
    assert CaseField.PERPETRATOR_NAME not in undeclared_fields(HEALTH)
    assert CaseField.PERPETRATOR_IDENTIFIERS not in undeclared_fields(told_everything(HEALTH))
    assert with_also(HEALTH, CaseField.RELATIONSHIP).identifier_schemes == HEALTH.identifier_schemes
    assert CaseField.PERPETRATOR_NAME not in without(HEALTH, CaseField.PERPETRATOR_NAME).fields


NUMBERED = (
    Spoilt(
        file="records.py",
        was="    known_since: PartialDate | None\n",
        now="    known_since: PartialDate | None\n    nhs: Short | None\n",
    ),
    Spoilt(
        file="records.py",
        was="PersonOnRecord(key=line.person_id, names=line.names, date_of_birth=line.date_of_birth)",
        now="PersonOnRecord(key=line.person_id, names=line.names, date_of_birth=line.date_of_birth, "
        "identifiers=(Identifier(scheme=IdentifierScheme.NHS, value=line.nhs),) if line.nhs else ())",
    ),
    Spoilt(
        file="records.py",
        was="    AgencyRecords,\n",
        now="    AgencyRecords,\n    Identifier,\n    IdentifierScheme,\n",
    ),
    Spoilt(
        file="synthetic.py",
        was="    true = episode.perpetrator\n",
        now="    true = episode.perpetrator\n"
        "    nhs = [n.value for n in true.identifiers if n.scheme.value == 'nhs']\n",
    ),
    Spoilt(
        file="synthetic.py",
        was="        person_id=person_id,\n        names",
        now="        person_id=person_id,\n        nhs=nhs[0] if nhs else None,\n        names",
    ),
    Spoilt(
        file="agency.toml",
        was='"perpetrator.date_of_birth"]',
        now='"perpetrator.date_of_birth", "perpetrator.identifiers"]\nidentifier_schemes = ["pnc"]',
    ),
)


def test_a_number_of_an_undeclared_scheme_that_finds_somebody_is_named(tmp_path: Path) -> None:
    of = found(a_plugin(tmp_path, *NUMBERED), tmp_path)

    evidence = ask_everything(of, read_agency(of.announced), work=tmp_path / "work")

    assert evidence.fields_used == (CaseField.PERPETRATOR_IDENTIFIERS,)
    assert CaseField.PERPETRATOR_IDENTIFIERS in evidence.fields_idle


def test_how_somebody_was_looked_for_is_no_part_of_what_is_said(tmp_path: Path) -> None:
    of = found(a_plugin(tmp_path), tmp_path)
    evidence = ask_everything(of, read_agency(of.announced), work=tmp_path / "work")

    assert evidence.fields_used == ()
    assert evidence.fields_idle == ()
    assert len({substance(answer) for answer in evidence.first}) > 5
