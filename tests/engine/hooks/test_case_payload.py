"""The bytes that an agency is sent hold what ``cut_to`` shows, for every manifest and every case."""

from __future__ import annotations

from datetime import date

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
    of_the_victim = {CaseField.VICTIM_NAME, CaseField.VICTIM_DATE_OF_BIRTH}
    allowed = [field for field in CaseField if seat or field not in of_the_victim]
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


def test_a_field_that_is_not_declared_is_not_in_the_bytes_at_all() -> None:
    case = CaseAsked(
        reference="R-1",
        on=date(2026, 11, 24),
        perpetrator=PersonAsked(forename="Perpetua", surname="Toyson"),
        victim=PersonAsked(surname="Hidden"),
        incidents=(IncidentAsked(kind="following", crime_reference="26/1"),),
    )
    manifest = Manifest(
        code="toy",
        name="Toy",
        version="1.0",
        contract="1.0",
        contact="toys@example.invalid",
        purpose="To be a toy.",
        fields=(CaseField.PERPETRATOR_NAME, CaseField.CRIME_REFERENCES),
    )

    (view,) = shown(manifest, [case])

    assert b"26/1" in view
    assert b"Toyson" in view
    assert b"following" not in view
    assert b"Hidden" not in view


def test_a_number_of_a_register_that_is_not_declared_is_not_in_the_bytes_at_all() -> None:
    numbers = (
        Identifier(scheme=IdentifierScheme.PNC, value="2012/0000001A"),
        Identifier(scheme=IdentifierScheme.NHS, value="943 476 5919"),
    )
    case = CaseAsked(
        reference="R-1", on=date(2026, 11, 24), perpetrator=PersonAsked(surname="Toyson", identifiers=numbers)
    )
    manifest = Manifest(
        code="toy",
        name="Toy",
        version="1.0",
        contract="1.0",
        contact="toys@example.invalid",
        purpose="To be a toy.",
        fields=(CaseField.PERPETRATOR_IDENTIFIERS,),
        identifier_schemes=(IdentifierScheme.PNC,),
    )

    (view,) = shown(manifest, [case])

    assert b"2012/0000001A" in view
    assert b"943 476 5919" not in view
    assert b"Toyson" not in view
    assert CaseAsked.model_validate_json(view) == cut_to(manifest, case)
