"""The table of columns: whole, and agreeing with the words of the domain."""

from __future__ import annotations

import pytest

from engine.domain.cases.incidents import IncidentReported
from engine.domain.people.persons import IdentifierScheme, PersonDescribed, ThingKind
from engine.domain.referrals.intake import (
    AlarmTopic,
    Children,
    PerpetratorAccessTo,
    ProtectedKind,
    Referral,
    VictimPosition,
)
from engine.exchange.columns import BY_NAME, COLUMNS, INCIDENT_COLUMNS, REQUIRED, Part, place_of


def filled(part: Part) -> set[str]:
    """What the columns fill of one part."""
    return {column.field for column in (*COLUMNS, *INCIDENT_COLUMNS) if column.part is part}


def test_every_part_of_a_referral_has_its_column():
    built_of_parts = {
        "perpetrator", "perpetrator_things", "victim", "victim_position", "children", "alarms", "incidents",
        "protected",
    }  # fmt: skip
    of_a_call = {"call"}  # only a person who takes a call records it; a file has no column for it
    assert filled(Part.REFERRAL) == set(Referral.model_fields) - built_of_parts - of_a_call
    assert filled(Part.PERPETRATOR) == set(PersonDescribed.model_fields) - {"identifiers"}
    assert filled(Part.VICTIM) == filled(Part.PERPETRATOR)
    assert filled(Part.POSITION) == set(VictimPosition.model_fields) - {"he_can_reach"}
    assert filled(Part.CHILDREN) == set(Children.model_fields)
    assert filled(Part.INCIDENT) == set(IncidentReported.model_fields)
    assert filled(Part.IDENTIFIER) == {scheme.value for scheme in IdentifierScheme}
    assert filled(Part.THING) == {kind.value for kind in ThingKind} - {"device"}
    assert filled(Part.PROTECTED) == {kind.value for kind in ProtectedKind}
    assert filled(Part.REACH) == {way.value for way in PerpetratorAccessTo}
    assert filled(Part.ALARM) == {topic.value for topic in AlarmTopic}


def test_the_alarm_columns_are_named_as_the_topics_name_them():
    assert all(BY_NAME[topic.column].part is Part.ALARM for topic in AlarmTopic)


def test_every_way_to_the_victim_is_protected():
    """No column of hers but these few says anything outside the protected tables."""
    open_columns = {
        column.name for column in COLUMNS if column.name.startswith("victim_") and not column.protected
    }
    assert open_columns == {
        "victim_forename", "victim_surname", "victim_date_of_birth", "victim_sex", "victim_told",
        "victim_view", "victim_not_asked_why",
    }  # fmt: skip
    assert all(BY_NAME[name].protected for name in ("contact_how", "contact_when", "contact_through"))


def test_each_column_is_explained_and_named_once():
    assert len(BY_NAME) == len(COLUMNS)
    assert all(column.help for column in (*COLUMNS, *INCIDENT_COLUMNS))
    assert REQUIRED == ("source", "source_reference", "reason")


@pytest.mark.parametrize(
    ("name", "number"), [("incident_1_date", 1), ("incident_30_crime_reference", 30), ("reason", None)]
)
def test_a_name_has_its_place(name, number):
    place = place_of(name)
    assert place is not None
    assert (place.name, place.incident) == (name, number)


@pytest.mark.parametrize(
    "name",
    ["incident_0_date", "incident_31_date", "incident_01_date", "incident_1_where", "date", "", "Reason"],
)
def test_other_names_have_none(name):
    assert place_of(name) is None
