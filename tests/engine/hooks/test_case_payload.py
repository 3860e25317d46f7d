"""The bytes that an agency is sent hold what ``cut_to`` shows, for every manifest and every case."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.dates import PartialDate
from engine.domain.people.persons import Identifier, IdentifierScheme, Sex
from engine.domain.responses.requests import CaseAsked, CaseField, IncidentAsked, PersonAsked
from engine.hooks.case_payload import shown
from engine.hooks.manifest import VICTIM_VOICE, Manifest, cut_to

persons = st.builds(
    PersonAsked,
    forename=st.none() | st.just("Perpetua"),
    surname=st.none() | st.just("Toyson"),
    date_of_birth=st.none() | st.sampled_from([PartialDate("1980"), PartialDate("1980-02-29")]),
    sex=st.none() | st.sampled_from(Sex),
    identifiers=st.lists(
        st.builds(Identifier, scheme=st.sampled_from(IdentifierScheme), value=st.just("2012/0000001A")),
        max_size=3,
    ).map(tuple),
)
incidents = st.builds(
    IncidentAsked,
    happened=st.none() | st.just(PartialDate("2026-03")),
    kind=st.none() | st.just("following"),
    crime_reference=st.none() | st.just("26/1"),
)
cases = st.builds(
    CaseAsked,
    reference=st.just("R-7K3M9QX"),
    on=st.just(date(2026, 11, 24)),
    perpetrator=st.none() | persons,
    victim=st.none() | persons,
    relationship=st.none() | st.just("former partner"),
    incidents=st.lists(incidents, max_size=3).map(tuple),
)


@st.composite
def manifests(draw: st.DrawFn) -> Manifest:
    seat = draw(st.none() | st.just(VICTIM_VOICE))
    allowed = [field for field in CaseField if seat or field not in OF_THE_VICTIM]
    fields = draw(st.lists(st.sampled_from(allowed), min_size=1, unique=True))
    schemes = (
        draw(st.lists(st.sampled_from(IdentifierScheme), min_size=1, unique=True))
        if CaseField.PERPETRATOR_IDENTIFIERS in fields
        else []
    )
    return Manifest(
        code="toy",
        name="Toy",
        seat=seat,
        version="1.0",
        contract="1.0",
        contact="toys@example.invalid",
        purpose="To be a toy.",
        fields=tuple(fields),
        identifier_schemes=tuple(schemes),
    )


@given(manifest=manifests(), some=st.lists(cases, max_size=3))
def test_what_is_sent_is_what_the_manifest_declares_and_no_more(
    manifest: Manifest, some: list[CaseAsked]
) -> None:
    sent = [CaseAsked.model_validate_json(view) for view in shown(manifest, some)]

    assert sent == [cut_to(manifest, case) for case in some]


VALUES: dict[CaseField, tuple[str, ...]] = {
    CaseField.PERPETRATOR_NAME: ("Perpetua", "Toyson"),
    CaseField.PERPETRATOR_DATE_OF_BIRTH: ("1980-02-29",),
    CaseField.PERPETRATOR_SEX: ('"sex":"male"',),
    CaseField.PERPETRATOR_IDENTIFIERS: tuple(f"number-of-{scheme.value}." for scheme in IdentifierScheme),
    CaseField.VICTIM_NAME: ("Verity", "Quayle"),
    CaseField.VICTIM_DATE_OF_BIRTH: ("1991-07-04",),
    CaseField.RELATIONSHIP: ("former partner",),
    CaseField.INCIDENT_DATES: ("2026-03-05",),
    CaseField.INCIDENT_KINDS: ("following",),
    CaseField.CRIME_REFERENCES: ("26/1",),
}
"""What is in the bytes of the whole case for each field, and for no other."""
OF_THE_VICTIM = {CaseField.VICTIM_NAME, CaseField.VICTIM_DATE_OF_BIRTH}
WHOLE = CaseAsked(
    reference="R-7K3M9QX",
    on=date(2026, 11, 24),
    perpetrator=PersonAsked(
        forename="Perpetua",
        surname="Toyson",
        date_of_birth=PartialDate("1980-02-29"),
        sex=Sex.MALE,
        identifiers=tuple(
            Identifier(scheme=scheme, value=f"number-of-{scheme.value}.") for scheme in IdentifierScheme
        ),
    ),
    victim=PersonAsked(forename="Verity", surname="Quayle", date_of_birth=PartialDate("1991-07-04")),
    relationship="former partner",
    incidents=(
        IncidentAsked(happened=PartialDate("2026-03-05"), kind="following", crime_reference="26/1"),
        IncidentAsked(),
    ),
)


def declaring(
    *fields: CaseField, schemes: tuple[IdentifierScheme, ...] = tuple(IdentifierScheme)
) -> Manifest:
    """A manifest of the victim's voice, the one seat that may declare every field."""
    return Manifest(
        code="toy",
        name="Toy",
        seat=VICTIM_VOICE,
        version="1.0",
        contract="1.0",
        contact="toys@example.invalid",
        purpose="To be a toy.",
        fields=fields,
        identifier_schemes=schemes if CaseField.PERPETRATOR_IDENTIFIERS in fields else (),
    )


def in_bytes(manifest: Manifest) -> set[str]:
    """The values of the whole case that an agency with this manifest is sent."""
    (view,) = shown(manifest, [WHOLE])
    assert CaseAsked.model_validate_json(view) == cut_to(manifest, WHOLE)
    return {value for values in VALUES.values() for value in values if value.encode() in view}


@pytest.mark.parametrize("field", CaseField)
def test_a_field_that_is_declared_is_in_the_bytes_and_no_other(field: CaseField) -> None:
    assert in_bytes(declaring(field)) == set(VALUES[field])


@pytest.mark.parametrize("field", CaseField)
def test_the_one_field_that_is_not_declared_is_not_in_the_bytes_and_all_others_are(field: CaseField) -> None:
    others = [other for other in CaseField if other is not field]
    assert in_bytes(declaring(*others)) == {value for other in others for value in VALUES[other]}


@pytest.mark.parametrize("scheme", IdentifierScheme)
def test_of_the_registers_only_numbers_of_the_declared_one_are_in_the_bytes(scheme: IdentifierScheme) -> None:
    manifest = declaring(CaseField.PERPETRATOR_IDENTIFIERS, schemes=(scheme,))
    assert in_bytes(manifest) == {f"number-of-{scheme.value}."}


def test_fields_of_the_victim_are_sent_to_the_seat_of_the_victims_voice_only() -> None:
    voice = declaring(*CaseField)
    other = voice.model_copy(update={"seat": None})
    of_the_victim = {value for field in OF_THE_VICTIM for value in VALUES[field]}
    assert in_bytes(voice) - in_bytes(other) == of_the_victim
