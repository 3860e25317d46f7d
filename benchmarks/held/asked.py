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
    (FIRST, "links reindex"),
    (FIRST, "links search save --around {P1} --why 'Seen near the school again'"),
    ("analyst", "links search save --pattern serial-perpetrator --why 'Quarterly look'"),
    ("chair", "case restrict {R7} --why 'A colleague lives next door'"),
    ("chair", "case roles assess {R3} --primary --why 'Both accounts were read'"),
    ("chair", "access vault safe-contact {R3} advocacy-1"),
    (FIRST, "access vault request {R3} {V3} --task 'contact the victim safely' --why 'To arrange a call'"),
    (
        "advocacy-1",
        "access vault request {R2} {V2} --task 'contact the victim safely' --why 'To arrange a call'",
    ),
    ("police-1", "access emergency {R5} --why 'He was seen at the address'"),
    ("police-1", "access declare-none {R4}"),
    ("health-1", "access declare-conflict {R6}"),
    (
        "chair",
        "victim info-request create {R1} --agency health --what 'Attendances since March' --why 'Injuries' "
        "--necessary 'Nothing less says it' --handled 'By the named practitioner alone'",
    ),
    (
        "chair",
        "victim notice create {R3} 'release from custody' --on 2026-11-20",
    ),
    ("chair", "order export --to PLACE/orders.ics"),
    (FIRST, "person not-sure {P1} {P3} --why 'Names alone'"),
    (FIRST, "person same {P1} {P4} --why 'Same number and photograph'"),
    ("officer", "sar create {P1} --received 2026-11-02"),
    ("officer", "sar create --forename Dana --surname Invented --born 1990-01-02"),
    ("police-1", "correction request {R2} referral --owner desk --what 'The house number is 14'"),
    ("chair", "retention hold {R3} --owner desk --why 'An inquest'"),
    (FIRST, "response chase {R5} --agency health"),
    (FIRST, "case search --perpetrator 'Daniel Roe' --born 1988-04-09"),
    ("police-1", "case search --victim 'Amira Kent' --victim-born 1990-02-03"),
    ("analyst", "links export --out PLACE/graph.graphml --format graphml --why 'For the quarterly report'"),
    (FIRST, "referral import tests/files/referrals/six.csv"),
    ("analyst", "person compare {P1} {P3}"),
    (FIRST, "person compare {P1} {P3}"),
    (FIRST, "person show {P1}"),
    ("analyst", "links shortest-path {P1} {P4}"),
    ("analyst", "links ask 'path from Daniel Roe to Amira Kent'"),
    ("officer", "sar export {Y1} --to PLACE"),
    ("chair", "victim pack export {R3} --to PLACE"),
    ("chair", "order show PO-7K3M9QV"),
)
"""Who does what. One that is refused is held too: its refusal is an answer."""
READ = (
    "plan list",
    "plan list --overdue",
    "plan library",
    "outcome release list",
    "outcome release show",
    "order list",
    "order breaches list",
    "conference list",
    "conference agenda",
    "conference minutes",
    "advice list",
    "case list",
    "case list --all",
    "case list --rows 5 --page 2",
    "worklist",
    "user list",
    "agency list",
    "referral rejected list",
    "referral rejected list --original",
    "case search-review list",
    "person duplicates",
    "person duplicates --blind",
    "person duplicates --place 2",
    "links summary",
    "links components",
    "links patterns",
    "links trends",
    "links search list",
    "links alert list",
    "links finding reasons",
    "links network list",
    "links share list",
    "links associates list",
    "links record-request list",
    "access list",
    "retention list",
    "retention list --due",
    "sharing report",
    "outcome dose",
    "sar list",
    "sar review",
    "access places-named list",
    "access text-flags list",
    "outcome victims",
    "outcome process",
    "outcome equity --by sex",
    "outcome agreement",
    "outcome costs",
    "outcome prices",
)
READ_OF_CASE = (
    "case show",
    "case access-log",
    "case acts-to-share",
    "case officer",
    "outcome returns",
    "outcome victim-account",
    "response show",
    "case roles show",
    "sharing log",
    "access vault list",
    "access vault log",
    "victim info-request list",
    "victim list",
    "victim despair list",
    "victim notice list",
    "order list",
    "order card",
    "order breaches list",
    "order breaches areas",
    "correction list",
    "retention list",
    "links neighbours",
    "conference decide --template",
    "conference remark",
    "plan update --template",
    "plan review",
)
READ_BY_NOBODY = (
    "agency list",
    "doctor",
    "schedule list",
    "person check-identifiers PLACE/identifiers.jsonl --today 2026-11-25",
    "order clocks PLACE/facts.jsonl",
    "order types",
    "order conditions",
    "order conditions --since 1",
    "person match PLACE/persons.csv --mapping PLACE/persons.toml",
    "links import --register PLACE/register.jsonl --entities tests/files/links/stalking-entities.csv "
    "--links tests/files/links/stalking-links.csv",
    "links summary --register PLACE/register.jsonl",
    "links components --register PLACE/register.jsonl",
    "links patterns --register PLACE/register.jsonl",
    "links neighbours P1 --register PLACE/register.jsonl",
    "links shortest-path P1 V1 --register PLACE/register.jsonl",
    "links measures --register PLACE/register.jsonl",
    "links communities --register PLACE/register.jsonl",
    "links query PLACE/question.toml --register PLACE/register.jsonl",
    "links trends tests/files/links/events.csv",
    "outcome analyse tests/files/outcomes/transplant.csv --duration time --event relapse --competing death "
    "--group group --covariates group",
    "outcome tables suppress PLACE/by-area.csv --limit 10",
)
ELSEWHERE = (
    "demo",
    "user create",
    "instrument list",
    "instrument show",
    "instrument score",
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
    "facts.jsonl": """\
{"id": 1, "rule": "spa-9-1", "served": "2026-03-09"}
{"id": 2, "rule": "spa-9-1", "made": "2026-03-02"}
{"id": 3, "rule": "daa-29", "given": "2026-12-24T18:00"}
{"id": 4, "rule": "spa-3-2", "made": "2024-02-29", "years": 2}
{"id": 5, "rule": "pace-47z", "arrested": "2025-11-28", "months": 3}
{"id": 6, "rule": "csa-27"}
{"id": 7
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
    "by-area.csv": """\
area,sex,count
a,X,4
a,Y,21
b,X,18
b,Y,30
a,total,25
b,total,48
total,X,22
total,Y,51
total,total,73
""",
    "question.toml": """\
[find]
type = "person"
[count]
to = { type = "incident" }
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
