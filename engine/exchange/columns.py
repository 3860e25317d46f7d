"""The standard columns of a referral file: reader, template, schema and manual are made from this table.

Knows the referral's shape and how each column is written; knows no file format and reads nothing.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from engine.domain.cases.incidents import Channel, IncidentKind
from engine.domain.people.persons import IdentifierScheme, Sex, ThingKind
from engine.domain.referrals.intake import AlarmTopic, PerpetratorAccessTo, ProtectedKind, VictimView


class Part(str, Enum):
    """Part of a referral that a column fills."""

    REFERRAL = "referral"
    PERPETRATOR = "alleged perpetrator"
    IDENTIFIER = "alleged perpetrator's identifiers"
    THING = "alleged perpetrator's things"
    VICTIM = "victim"
    PROTECTED = "victim, protected"
    POSITION = "victim's position"
    REACH = "what the alleged perpetrator can reach"
    CHILDREN = "children"
    ALARM = "alarm topics"
    INCIDENT = "incidents"


class Kind(str, Enum):
    """Way in which a column is written, and so read."""

    CODE = "short code"
    REFERENCE = "reference"
    NAME = "name"
    TEXT = "text"
    DATE = "date"
    YES_NO = "yes/no"
    CHOICE = "choice"
    GRADE = "3x5x2 grade"
    IDENTIFIER = "identifier"
    CONTACT = "contact"  # a phone, an address of mail, an account: one cell may hold several


class Column(NamedTuple):
    """One standard column. ``field`` is the name or value that the part gives to its content."""

    name: str
    part: Part
    field: str
    kind: Kind
    help: str
    example: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    longest: int = 500
    shortest: int = 1
    also_read: tuple[str, ...] = ()
    """Older words of a choice: a file may still have them."""

    @property
    def protected(self) -> bool:
        """True if its content goes only to the protected tables."""
        return self.part is Part.PROTECTED


YES_NO_CHOICES = ("yes", "no", "not known")
MOST_NUMBERED_INCIDENTS = 30
NUMBERED = "incident_N_"
INCIDENTS_SHEET = "incidents"
REFERRALS_SHEET = "referrals"
_DATE_HELP = "9/3/2024, 2024-03-09, March 2024 or 2024"


def _words(choice: type[Enum]) -> tuple[str, ...]:
    return tuple(str(member.value) for member in choice)


_KINDS = tuple(kind.in_words for kind in IncidentKind)


def _person(
    name: str, part: Part, who: str, examples: tuple[str, str, str, str], *, surname: str = ""
) -> tuple[Column, ...]:
    """Return the columns of a person of the referral: names, date of birth and sex."""
    date = f"Date of birth, in full or in part: {_DATE_HELP}"
    given = (
        ("forename", Kind.NAME, f"Forename of {who}", (), 120),
        ("surname", Kind.NAME, f"Surname of {who}{surname}", (), 120),
        ("date_of_birth", Kind.DATE, date, (), 500),
        ("sex", Kind.CHOICE, "As recorded by the referrer", _words(Sex), 500),
    )
    return tuple(
        Column(f"{name}_{field}", part, field, kind, sentence, example, False, choices, longest)
        for (field, kind, sentence, choices, longest), example in zip(given, examples, strict=True)
    )


def _identifier(scheme: IdentifierScheme, name: str, sentence: str, example: str = "") -> Column:
    return Column(
        f"perpetrator_{name}",
        Part.IDENTIFIER,
        scheme.value,
        Kind.IDENTIFIER,
        sentence,
        example,
        False,
        (),
        40,
        2,
    )


def _thing(kind: ThingKind, sentence: str, example: str) -> Column:
    return Column(
        f"perpetrator_{kind.value}",
        Part.THING,
        kind.value,
        Kind.CONTACT,
        sentence,
        example,
        False,
        (),
        200,
        2,
    )


def _protected(
    name: str, kind: ProtectedKind, sentence: str, example: str = "", *, as_: Kind = Kind.TEXT
) -> Column:
    return Column(name, Part.PROTECTED, kind.value, as_, sentence, example)


def _yes_no(name: str, part: Part, field: str, sentence: str, example: str = "") -> Column:
    return Column(name, part, field, Kind.YES_NO, sentence, example, choices=YES_NO_CHOICES)


_ALARM_HELP = {
    AlarmTopic.THREAT_TO_KILL: "Has there been a threat to kill any person?",
    AlarmTopic.WEAPON: "Has a weapon been used, shown, carried or spoken of?",
    AlarmTopic.STRANGULATION: "Has any person been strangled, choked or suffocated?",
    AlarmTopic.ENTRY: "Has the victim's home or work been entered, or has there been an attempt?",
    AlarmTopic.BREACH: "Has an order, a bail condition or a licence been broken?",
    AlarmTopic.SUICIDAL_TALK: "Has the alleged perpetrator spoken of suicide?",
    AlarmTopic.VICTIM_EXTREMELY_FRIGHTENED: "Is the victim extremely frightened?",
    AlarmTopic.CONTACT_TODAY: "Has there been contact today, or is it expected today?",
}
_REACH = {
    "phone": (PerpetratorAccessTo.PHONE, "Can the alleged perpetrator read or use the victim's phone?"),
    "email": (PerpetratorAccessTo.EMAIL, "Can the alleged perpetrator read the victim's email?"),
    "car": (PerpetratorAccessTo.CAR, "Can the alleged perpetrator get at the victim's car?"),
    "children": (PerpetratorAccessTo.CHILDREN, "Does the alleged perpetrator see the victim's children?"),
}

COLUMNS: tuple[Column, ...] = (
    Column(
        "source", Part.REFERRAL, "source", Kind.CODE, longest=40, shortest=2, required=True,
        help="The referrer: a short code in lower case, agreed with the coordinator",
        example="example-referrer",
    ),
    Column(
        "source_reference", Part.REFERRAL, "source_reference", Kind.REFERENCE, longest=80, required=True,
        help="The referrer's own reference: if you use it again, you correct the same referral",
        example="EXAMPLE-0001",
    ),
    Column(
        "referred_on", Part.REFERRAL, "referred_on", Kind.DATE,
        help=f"Date of the referral: {_DATE_HELP}", example="2025-03-10",
    ),
    Column(
        "reason", Part.REFERRAL, "reason", Kind.TEXT, longest=4_000, required=True,
        help="Why stalking is suspected, in a few sentences",
        example="Invented example: unwanted messages nearly every day since the relationship ended.",
    ),
    Column(
        "relationship", Part.REFERRAL, "relationship", Kind.TEXT,
        help="Relationship of the alleged perpetrator to the victim", example="former partner",
    ),
    *_person(
        "perpetrator", Part.PERPETRATOR, "the alleged perpetrator",
        ("Alex", "Invented", "1986-05-17", "male"), surname=", or 'unknown'",
    ),
    _identifier(IdentifierScheme.PNC, "pnc", "PNC identifier"),
    _identifier(IdentifierScheme.CRO, "cro", "CRO number"),
    _identifier(IdentifierScheme.CRN, "crn", "Case reference number (CRN)", "X000000"),
    _identifier(IdentifierScheme.PRISON, "prison_number", "Prison number"),
    _identifier(IdentifierScheme.NHS, "nhs_number", "NHS number"),
    _thing(ThingKind.PHONE, "Phone; separate more than one with semicolons", "07700 900123"),
    _thing(
        ThingKind.EMAIL, "Email address; separate more than one with semicolons", "alex.invented@example.org"
    ),
    _thing(
        ThingKind.ACCOUNT, "Social media account; separate more than one with semicolons", "@alex_invented"
    ),
    _thing(ThingKind.VEHICLE, "Registration mark; separate more than one with semicolons", "ZZ99 ZZZ"),
    Column(
        "perpetrator_address", Part.REFERRAL, "perpetrator_address", Kind.TEXT,
        help="Address of the alleged perpetrator", example="1 Invented Street, London ZZ99 1ZZ",
    ),
    *_person("victim", Part.VICTIM, "the victim", ("Sam", "Example", "1990-11", "female")),
    _protected(
        "victim_phone", ProtectedKind.PHONE, "The victim's phone; separate more than one with semicolons",
        "07700 900456", as_=Kind.CONTACT,
    ),
    _protected(
        "victim_email", ProtectedKind.EMAIL,
        "The victim's email address; separate more than one with semicolons",
        "sam.example@example.org", as_=Kind.CONTACT,
    ),
    _protected(
        "victim_address", ProtectedKind.ADDRESS, "The victim's home address",
        "2 Example Road, London ZZ99 2ZZ"
    ),
    _protected("victim_workplace", ProtectedKind.WORKPLACE, "The victim's place of work", "Example Bakery"),
    _protected("victim_school", ProtectedKind.SCHOOL, "School of the victim or their children"),
    _protected(
        "victim_advocate", ProtectedKind.ADVOCATE, "Advocate or other support for the victim, and where"
    ),
    _yes_no("victim_told", Part.POSITION, "told", "Has the victim been told about this referral?", "yes"),
    Column(
        "victim_view", Part.POSITION, "view", Kind.CHOICE, choices=_words(VictimView),
        help="The victim's view of the referral; leave it blank if not asked", example="agrees",
    ),
    Column(
        "victim_not_asked_why", Part.POSITION, "not_asked_why", Kind.TEXT,
        help="If the victim was not asked, the reason",
    ),
    _protected("contact_how", ProtectedKind.CONTACT_HOW, "Safe way to contact the victim", "text first"),
    _protected("contact_when", ProtectedKind.CONTACT_WHEN, "Safe time to contact the victim", "mornings"),
    _protected(
        "contact_through", ProtectedKind.CONTACT_THROUGH, "Person to contact the victim through, safely"
    ),
    _yes_no("message_may_be_left", Part.POSITION, "message_may_be_left", "May a message be left?", "no"),
    *(_yes_no(f"he_can_reach_{name}", Part.REACH, way.value, text) for name, (way, text) in _REACH.items()),
    _yes_no(
        "children_in_victim_household", Part.CHILDREN, "in_victim_household",
        "Do children live with the victim?", "no",
    ),
    _yes_no(
        "children_in_perpetrator_household", Part.CHILDREN, "in_perpetrator_household",
        "Do children live with the alleged perpetrator?", "not known",
    ),
    Column(
        "interpreter", Part.POSITION, "interpreter", Kind.TEXT,
        help="Language, if the victim needs an interpreter",
    ),
    Column(
        "communication_needs", Part.POSITION, "communication_needs", Kind.TEXT,
        help="Other communication needs of the victim",
    ),
    _yes_no(
        "party_works_for", Part.REFERRAL, "party_works_for",
        "Does either of the two work for one of the agencies?", "no",
    ),
    Column(
        "party_works_for_which", Part.REFERRAL, "party_works_for_which", Kind.TEXT,
        help="The person, and the agency",
    ),
    *(
        _yes_no(topic.column, Part.ALARM, topic.value, text, "no")
        for topic, text in _ALARM_HELP.items()
    ),
)  # fmt: skip

INCIDENT_COLUMNS: tuple[Column, ...] = (
    Column(
        "date", Part.INCIDENT, "happened", Kind.DATE,
        help=f"Date of the incident, in full or in part: {_DATE_HELP}", example="2025-03-08",
    ),
    Column(
        "kind", Part.INCIDENT, "kind", Kind.CHOICE, choices=_KINDS, also_read=(IncidentKind.VEXATIOUS.value,),
        help="Kind of incident; required if you give any other detail of the incident", example="contacting",
    ),
    Column(
        "channel", Part.INCIDENT, "channel", Kind.CHOICE, choices=_words(Channel),
        help="Contact method", example="message",
    ),
    Column(
        "what", Part.INCIDENT, "what", Kind.TEXT, longest=2_000,
        help="Details of the incident, in 1 or 2 sentences",
        example="Invented example: forty messages in one night.",
    ),
    Column(
        "crime_reference", Part.INCIDENT, "crime_reference", Kind.REFERENCE, longest=40, shortest=3,
        help="Crime reference, if there is one",
    ),
    Column(
        "grade", Part.INCIDENT, "grade", Kind.GRADE, longest=6,
        help=(
            "3x5x2 grade of the report, if your agency gave one: source (1 to 3), information (A to E), "
            "handling (P or C); blank is not graded"
        ),
        example="2B P",
    ),
)  # fmt: skip
"""Columns of one incident; in a flat row each is there once for every number: ``incident_1_date``."""

BY_NAME = {column.name: column for column in COLUMNS}
INCIDENT_BY_NAME = {column.name: column for column in INCIDENT_COLUMNS}
REQUIRED = tuple(column.name for column in COLUMNS if column.required)

_NUMBERED_NAME = re.compile(r"^incident_([1-9]\d?)_([a-z_]+)$")


class Place(NamedTuple):
    """Place to which a value of a file belongs: a column and, for a numbered incident, its number."""

    column: Column
    incident: int | None
    name: str


def placed(column: Column, incident: int | None = None) -> Place:
    """Return the place of a column in a flat row, by its name there."""
    return Place(column, incident, column.name if incident is None else f"incident_{incident}_{column.name}")


def place_of(name: str) -> Place | None:
    """Return the place of a column of this name; None if it is not a standard column."""
    if name in BY_NAME:
        return placed(BY_NAME[name])
    if (match := _NUMBERED_NAME.match(name)) and 1 <= int(match[1]) <= MOST_NUMBERED_INCIDENTS:
        column = INCIDENT_BY_NAME.get(match[2])
        return placed(column, int(match[1])) if column else None
    return None
