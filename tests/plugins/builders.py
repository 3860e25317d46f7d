"""A case as the built-in agencies are asked it, showing only what matters."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from engine.domain.dates import PartialDate
from engine.domain.people.persons import Identifier, IdentifierScheme
from engine.domain.responses.requests import CaseAsked, IncidentAsked, PersonAsked
from engine.hooks.records import AgencyRecords

ON = date(2026, 11, 24)
BORN = PartialDate("1984-03-09")
HIS_PNC = Identifier(scheme=IdentifierScheme.PNC, value="2012/0000001H")
HIS_NHS = Identifier(scheme=IdentifierScheme.NHS, value="9990000018")


def a_case(
    *,
    on: date = ON,
    crime_references: tuple[str, ...] = (),
    numbers: tuple[Identifier, ...] = (HIS_PNC, HIS_NHS),
) -> CaseAsked:
    """About Perpetua Toyson, born 9 March 1984, and the victim Victoria Hidden, born 2 May 1991."""
    return CaseAsked(
        reference="R-7K3M9QX",
        on=on,
        perpetrator=PersonAsked(
            forename="Perpetua", surname="Toyson", date_of_birth=BORN, identifiers=numbers
        ),
        victim=PersonAsked(forename="Victoria", surname="Hidden", date_of_birth=PartialDate("1991-05-02")),
        incidents=tuple(IncidentAsked(crime_reference=reference) for reference in crime_references),
    )


def records_in(folder: Path) -> AgencyRecords:
    """An extract in a folder that nobody else reads."""
    return AgencyRecords(folder=folder, digest=str(folder))
