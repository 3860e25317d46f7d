"""Which commands are asked, by whom. Words in braces stand for references that each run finds.

R1 is the first chosen case, P1 and V1 the first person and the first protected value on it, Y1 the newest
request for what is held about somebody. PLACE is the folder of the run.
"""

from __future__ import annotations

FIRST = "demo"
MORE_USERS = {
    "auditor": "auditor",
    "officer": "data-protection officer",
    "admin": "administrator",
}
SECOND = "-2"
MOST_TO_SHOW = (
    "in conference, conference",
    "decided, conference",
    "plan in delivery, conference",
    "not screened, no outcome",
)
ACTS = (
    (FIRST, "links refresh"),
    (FIRST, "links watch --around {P1} --why 'Seen near the school again'"),
    ("analyst", "links watch --pattern serial-perpetrator --why 'Quarterly look'"),
    ("chair", "restriction on {R7} --why 'A colleague lives next door'"),
    ("chair", "roles assess {R3} --primary --why 'Both accounts were read'"),
    ("chair", "vault safe-contact {R3} advocacy-1"),
    (FIRST, "vault ask {R3} {V3} --task 'contact the victim safely' --why 'To arrange a call'"),
    ("advocacy-1", "vault ask {R2} {V2} --task 'contact the victim safely' --why 'To arrange a call'"),
    ("police-1", "break-glass open {R5} --why 'He was seen at the address'"),
    ("police-1", "connection none {R4}"),
    ("health-1", "connection declare {R6}"),
    (
        "chair",
        "victim-request ask {R1} --agency health --what 'Attendances since March' --why 'Injuries' "
        "--necessary 'Nothing less says it' --handled 'By the named practitioner alone'",
    ),
    (
        "chair",
        "victim-told notice {R3} --of 'a release from custody' --happened-on 2026-11-20 --told-on 2026-11-21 "
        "--told-by 'The advocate' --told-how 'By telephone'",
    ),
    (FIRST, "identity judge {P1} {P3} --verdict unsure --why 'Names alone'"),
    (FIRST, "identity judge {P1} {P4} --verdict same --why 'Same number and photograph'"),
    ("officer", "subject-access open {P1} --received 2026-11-02"),
    ("officer", "subject-access open --forename Dana --surname Invented --born 1990-01-02"),
    ("police-1", "rectify ask {R2} referral --owner desk --what 'The house number is 14'"),
    ("chair", "retention hold {R3} --owner desk --why 'An inquest'"),
    (FIRST, "chase {R5} --agency health"),
    (FIRST, "seen-before --perpetrator 'Daniel Roe' --born 1988-04-09"),
    ("police-1", "seen-before --victim 'Amira Kent' --victim-born 1990-02-03"),
    ("analyst", "links export --out PLACE/graph.graphml --format graphml --why 'For the quarterly report'"),
    (FIRST, "refer tests/files/referrals/six.csv"),
    ("analyst", "identity compare {P1} {P3}"),
    (FIRST, "identity compare {P1} {P3}"),
    (FIRST, "identity person {P1}"),
    ("analyst", "links path {P1} {P4}"),
    ("officer", "subject-access files {Y1} --to PLACE"),
    ("chair", "victim-told pack {R3} --to PLACE"),
)
"""Who does what. One that is refused is held too: its refusal is an answer."""
READ = (
    "list",
    "list --all",
    "list --rows 5 --page 2",
    "worklist",
    "user list",
    "agencies",
    "rejected",
    "rejected --original",
    "search list",
    "identity queue",
    "identity queue --blind",
    "identity queue --place 2",
    "links summary",
    "links components",
    "links patterns",
    "links escalation",
    "links watches",
    "links alerts",
    "break-glass list",
    "retention list",
    "retention list --due",
    "sharing figures",
    "subject-access list",
    "subject-access clear",
    "texts list",
)
READ_OF_CASE = (
    "show",
    "looks",
    "prepared",
    "roles show",
    "sharing ledger",
    "vault held",
    "vault openings",
    "victim-request list",
    "victim-told list",
    "rectify list",
    "retention list",
    "links around",
    "decide --template",
    "plan --template",
)
READ_BY_NOBODY = (
    "agencies",
    "doctor",
    "identifiers check PLACE/identifiers.jsonl --today 2026-11-25",
    "identity match PLACE/persons.csv --mapping PLACE/persons.toml",
    "links import --register PLACE/register.jsonl --entities tests/files/links/stalking-entities.csv "
    "--links tests/files/links/stalking-links.csv",
    "links summary --register PLACE/register.jsonl",
    "links components --register PLACE/register.jsonl",
    "links patterns --register PLACE/register.jsonl",
    "links around P1 --register PLACE/register.jsonl",
    "links path P1 V1 --register PLACE/register.jsonl",
    "links escalation tests/files/links/events.csv",
)
ELSEWHERE = (
    "demo",
    "user add",
    "instruments list",
    "instruments show",
    "instruments score",
    "audit verify",
    "audit export",
)
"""What the modules here ask by themselves."""
FILES = {
    "identifiers.jsonl": """\
{"type": "pnc", "value": "81/34U"}
{"type": "pnc", "value": "2001/0000123Y"}
{"type": "cro", "value": "12345/80T"}
{"type": "nhs", "value": "9434765918"}
{"type": "nhs", "value": "9434765919"}
{"type": "prison_number", "value": "a1234bc"}
{"type": "crn", "value": "X123456"}
{"type": "pnc"
""",
    "persons.csv": """\
first,last,born,town,person
Daniel,Roe,1988-04-09,Leyton,1
Dan,Roe,1988-04-09,Leyton,1
Amira,Kent,1990-02-03,Barnet,2
Amira,Kemt,1990-03-02,Barnet,2
Jon,Ashworth,1961-12-30,Ealing,3
Mary,Ashworth,1963-01-11,Ealing,4
""",
    "persons.toml": """\
true_person = "person"
[columns]
first = "forename"
last = "surname"
born = "date_of_birth"
town = "town"
""",
}
"""Files that some of them read, by name."""
