"""Writes invented referrals as the spreadsheets in which real ones come. Decides nothing about them."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

from engine.domain.absence import YesNo
from engine.domain.people.persons import IdentifierScheme
from engine.domain.referrals.intake import PerpetratorAccessTo, ProtectedKind, Referral
from engine.services.referrals.files import referral_template

_IDENTIFIERS = {
    IdentifierScheme.PNC: "perpetrator_pnc",
    IdentifierScheme.CRO: "perpetrator_cro",
    IdentifierScheme.CRN: "perpetrator_crn",
    IdentifierScheme.PRISON: "perpetrator_prison_number",
    IdentifierScheme.NHS: "perpetrator_nhs_number",
}
_PROTECTED = {
    ProtectedKind.ADDRESS: "victim_address",
    ProtectedKind.PHONE: "victim_phone",
    ProtectedKind.EMAIL: "victim_email",
    ProtectedKind.WORKPLACE: "victim_workplace",
    ProtectedKind.SCHOOL: "victim_school",
    ProtectedKind.ADVOCATE: "victim_advocate",
    ProtectedKind.CONTACT_HOW: "contact_how",
    ProtectedKind.CONTACT_WHEN: "contact_when",
    ProtectedKind.CONTACT_THROUGH: "contact_through",
}
_REACH = {
    PerpetratorAccessTo.PHONE: "he_can_reach_phone",
    PerpetratorAccessTo.EMAIL: "he_can_reach_email",
    PerpetratorAccessTo.CAR: "he_can_reach_car",
    PerpetratorAccessTo.CHILDREN: "he_can_reach_children",
}


def write_referral_file(
    place: Path, referrals: Sequence[Referral], spoilt: Sequence[dict[str, str]] = ()
) -> None:
    """Write a CSV file with one row for each referral, and then the rows that are spoilt on purpose."""
    rows = [*(cells_of(referral) for referral in referrals), *spoilt]
    there = {name for row in rows for name in row}
    columns = [name for name in _standard_columns() if name in there]
    columns += sorted(there.difference(columns))  # the incidents
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(place, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def cells_of(referral: Referral) -> dict[str, str]:
    """Return one referral as the cells of a row; what is not recorded has no cell."""
    perpetrator, victim, position = referral.perpetrator, referral.victim, referral.victim_position
    cells: dict[str, str | None] = {
        "source": referral.source,
        "source_reference": referral.source_reference,
        "referred_on": referral.referred_on,
        "reason": referral.reason,
        "relationship": referral.relationship,
        "perpetrator_forename": perpetrator.forename,
        "perpetrator_surname": perpetrator.surname,
        "perpetrator_date_of_birth": perpetrator.date_of_birth,
        "perpetrator_sex": perpetrator.sex,
        "perpetrator_address": referral.perpetrator_address,
        "victim_forename": victim.forename,
        "victim_surname": victim.surname,
        "victim_date_of_birth": victim.date_of_birth,
        "victim_sex": victim.sex,
        "victim_told": _cell(position.told),
        "victim_view": position.view.value,
        "victim_not_asked_why": position.not_asked_why,
        "message_may_be_left": _cell(position.message_may_be_left),
        "children_in_victim_household": _cell(referral.children.in_victim_household),
        "children_in_perpetrator_household": _cell(referral.children.in_perpetrator_household),
        "interpreter": position.interpreter,
        "communication_needs": position.communication_needs,
        "party_works_for": _cell(referral.party_works_for),
        "party_works_for_which": referral.party_works_for_which,
    }
    cells |= {_IDENTIFIERS[one.scheme]: one.value for one in perpetrator.identifiers}
    for thing in referral.perpetrator_things:
        name = f"perpetrator_{thing.kind.value}"
        cells[name] = f"{cells[name]}; {thing.value}" if cells.get(name) else thing.value
    cells |= {_PROTECTED[one.kind]: one.value for one in referral.protected}
    cells |= {_REACH[way]: _cell(answer) for way, answer in position.he_can_reach.items()}
    cells |= {topic.column: _cell(answer) for topic, answer in referral.alarms.answers.items()}
    for number, incident in enumerate(referral.incidents, start=1):
        cells |= {
            f"incident_{number}_date": incident.happened,
            f"incident_{number}_kind": incident.kind.value,
            f"incident_{number}_channel": incident.channel,
            f"incident_{number}_what": incident.what,
            f"incident_{number}_crime_reference": incident.crime_reference,
        }
    return {name: str(value) for name, value in cells.items() if value is not None}


def _standard_columns() -> list[str]:
    """Return every column of our own template, in its order."""
    header, *_ = csv.reader(io.StringIO(referral_template("csv").decode("utf-8-sig")))
    return header


def _cell(answer: YesNo) -> str | None:
    """Return the cell of an answer; a blank one is "not asked"."""
    return None if answer is YesNo.NOT_ASKED else answer.value
