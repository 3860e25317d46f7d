"""The example that ends each command's help: every command has one, and every one runs as it is written."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer

from cli.main import app
from cli.templates import PLACES_NAMED
from engine.clock import SetClock, SystemClock
from engine.domain.accounts.acting import flow_acting
from engine.domain.outcomes.agency_outcomes import (
    OutcomesAsked,
    OutcomesFound,
    OutcomesResult,
    OutcomeWindow,
)
from engine.domain.outcomes.follow_up import Measure
from engine.runtime import open_runtime
from engine.services.accounts.users import list_users
from tests.cli.command import AGENCIES, ROOT, CommandResult, Invented, Stac, a_file, a_row, screened
from tests.databases import copy_home
from tests.flows.given import have_database, lend
from tests.plugins.health.fhir import a_bundle, a_flag, a_patient

CASE, PERSON, OTHER = "R-7K3M9QV", "P-7K3M9QV", "P-2H4N8RX"
PLACE = "7 Quiet Mews"
PHONE = {"perpetrator_phone": "07700 900123"}
RUN_ELSEWHERE = {"demo", "record restore", "serve"}
"""`test_demo.py`, `test_backups.py` and `test_serving.py` run their examples."""
OF_TOOLS = {
    "instrument score",
    "links communities",
    "links export",
    "links import",
    "links measures",
    "links query",
    "links summary",
    "links trends",
    "outcome analyse",
    "outcome tables suppress",
    "person check-identifiers",
    "person match",
    "plugin replay",
}
"""`tools/test_examples.py` runs these: what they name are files of one's own."""
JUDGED = ("violence", "persistence", "recurrence", "psychosocial harm")


def examples(group: Any, before: str = "") -> Iterator[tuple[str, str | None]]:
    """Every command with the example in its help, hidden names apart."""
    for name, below in group.commands.items():
        if hasattr(below, "commands"):
            yield from examples(below, f"{before}{name} ")
        elif not below.hidden:
            _, _, example = below.help.partition("\b\nExample:\n  ")
            yield f"{before}{name}", example or None


EXAMPLES = dict(examples(typer.main.get_command(app)))


@dataclass
class Walk:
    """Runs examples in order in one home, with references of its record in place of the written ones."""

    stac: Stac
    server: str
    names: dict[str, str] = field(default_factory=dict)
    ran: set[str] = field(default_factory=set)
    failed: list[tuple[str, CommandResult]] = field(default_factory=list)

    def __call__(
        self, name: str, user: str | None = "demo", /, stdin: str | None = None, **others: str
    ) -> None:
        """Run the example of this command as this user; ``others`` are references by the kind's letter."""
        names = {**self.names, **{f"{kind}-7K3M9QV": reference for kind, reference in others.items()}}
        given = [names.get(each, each) for each in shlex.split(EXAMPLES[name] or "stac")[1:]]
        findings = self.stac(*given, user=user, stdin=stdin)
        self.ran.add(name)
        if findings.code:
            self.failed.append((name, findings))


class StacAgain(Stac):
    """The command for a person who says of each act that it is another one: examples record equal ones."""

    def __call__(self, *given: str, user: str | None = "demo", stdin: str | None = None) -> CommandResult:
        return super().__call__("--again", *given, user=user, stdin=stdin)


def test_every_command_ends_its_help_with_an_example_of_itself() -> None:
    for name, example in EXAMPLES.items():
        assert example is not None, name
        assert f"{example} ".startswith(f"stac {name} "), name
        assert "\n" not in example, name


@pytest.mark.prefect
@pytest.mark.slow
def test_every_example_runs(
    stac_with_extracts: tuple[Stac, Invented],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    prefect_database: Path,
    prefect_server: str,
) -> None:
    stac = StacAgain(stac_with_extracts[0].home, stac_with_extracts[0].environ)
    have_database(stac.home, prefect_database)
    monkeypatch.chdir(tmp_path)
    walk = Walk(stac, prefect_server)
    _files(tmp_path)
    _of_files(walk)
    _referrals(walk)
    _people(walk)
    _case(walk)
    _orders(walk)
    _rights(walk)
    _links(walk)
    _agencies(walk)
    walk("referral create")
    _audit(walk, tmp_path)
    _users(walk)
    assert not walk.failed, [(name, answer.err[:200]) for name, answer in walk.failed]
    assert set(EXAMPLES) - OF_TOOLS == walk.ran | RUN_ELSEWHERE


def _files(place: Path) -> None:
    """Write the files that examples name, save those of a case."""
    (place / "facts.jsonl").write_text('{"id": 1, "rule": "spa-9-1", "served": "2026-03-09"}\n')
    (place / "patients.json").write_text(json.dumps(a_bundle(a_patient(), a_flag("40"))))
    links = ROOT / "tests" / "files" / "links" / "stalking-links.csv"
    (place / "links.csv").write_bytes(links.read_bytes())


def _of_files(walk: Walk) -> None:
    """What needs no record and no user."""
    for name in (
        "init",
        "doctor",
        "schedule list",
        "referral template",
        "instrument list",
        "instrument show",
        "outcome import",
        "order clocks",
        "order types",
        "order conditions",
        "plugin new",
        "plugin check",
    ):
        walk(name, None)


def _referrals(walk: Walk) -> None:
    """Import, reject and search; the case of the examples is the first of the file."""
    here = Path.cwd()
    walk.stac("referral", "import", a_file(here / "bad.csv", a_row("B-1", **PHONE), a_row("B-2", reason="")))
    numbers = {"perpetrator_pnc": "2001/0000123Y"}
    a_file(here / "monday.csv", a_row("A-1", alarm_weapon="yes", **numbers, **PHONE))
    walk("referral import")
    rows = walk.stac.json("case", "list", "--all")["referrals"]
    walk.names[CASE] = next(row["reference"] for row in rows if row["alarms"]["raised"])
    (row,) = walk.stac.json("referral", "rejected", "list")["rejected"]
    walk("referral rejected list")
    walk.names["1:3"] = f"{row['import']}:{row['row']}"
    walk("referral rejected resolve")
    for name in ("case list", "case show", "case search", "worklist", "alarm acknowledge"):
        walk(name)
    walk.stac("case", "search", "--victim", "Victoria Hidden", user="police-1")
    walk("case search-review list")
    (search,) = walk.stac.json("case", "search-review", "list")["waiting"]
    walk("case search-review resolve", S=search["reference"])


def _people(walk: Walk) -> None:
    """The pair of records that two referrals of one person leave, and their acts in each other's case."""
    walk("person duplicates")
    item = walk.stac.json("person", "duplicates")["item"]
    walk.names |= {PERSON: item["one"]["person"], OTHER: item["other"]["person"]}
    for name in ("compare", "not-sure", "different", "undo", "same", "show"):
        walk(f"person {name}")
    for name in ("acts-to-share", "share-acts", "withdraw-acts"):
        walk(f"case {name}")


def _case(walk: Walk) -> None:
    """One case from its screening to its outcome, and others where it ends sooner."""
    stac, here = walk.stac, Path.cwd()
    reference = walk.names[CASE]
    template = stac("case", "screen", "--template").out
    people = '["advocacy-1", "health-1", "police-1", "probation-1"]'
    (here / "screening.toml").write_text(
        template.replace('outcome = "consultation"', 'outcome = "conference"').replace(
            "people = []", f"people = {people}"
        )
    )
    walk("case screen")
    walk("case name-people", "chair")
    for name in ("officer", "holder", "lead"):
        walk(f"case {name}")
    _other_cases(walk)
    for name, user in (
        ("response request", "demo"),
        ("response chase", "demo"),
        ("response show", "health-1"),
        ("response topics", "health-1"),
    ):
        walk(name, user)
    alarm = stac.json("case", "show", reference, user="health-1")["alarms_since"][0]["reference"]
    walk.names["AL-7K3M9QV"] = alarm
    for name in ("alarm refuse", "alarm disclose", "response release"):
        walk(name, "health-1")
    lend(stac.home, walk.server)  # the first flow had a server of its own; with this none need be started
    (here / "response.toml").write_text(stac("response", "create", "--template").out)
    walk("response create", "probation-1")
    walk("correction request", "police-1")
    walk("correction list", "police-1")
    (asked,) = stac.json("correction", "list", reference, user="police-1")
    walk("correction respond", "probation-1", C=asked["reference"])
    walk("response withdraw", "probation-1")
    walk("sharing set", "probation-1")
    walk("incident create")
    incidents = stac.json("case", "show", reference)["incidents"]
    threat = next(each["reference"] for each in incidents if each["kind"] == "threat")
    walk("incident police-decision", "police-1", I=threat)
    walk("incident topics", "police-1", I=threat)
    alarm = stac.json("case", "show", reference)["alarms_since"][-1]["reference"]
    stac.json("alarm", "acknowledge", reference, user="chair")
    tomorrow = f"{SystemClock().now() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    walk.names |= {"AL-7K3M9QV": alarm, "2026-03-03T17:00": tomorrow, "olu": "police-1"}
    for name in ("hand-over", "done", "end"):
        walk(f"alarm {name}", "chair")
    walk("case custody")
    walk("sharing log")
    walk("conference open", "chair")
    judgements = "".join(
        f'[[judgements]]\ndomain = "{domain}"\nlevel = "moderate"\nreasons = "Invented."\n'
        for domain in JUDGED
    )
    (here / "decision.toml").write_text(f'summary = "Invented."\nconfidence = "low"\n{judgements}')
    walk("conference decide", "chair")
    walk("conference dissent", "health-1")
    (here / "words.toml").write_text(stac("conference", "victim-words", "--template").out)
    walk("conference victim-words", "chair")
    correction = 'amended_because = "Invented."\n' + (here / "decision.toml").read_text()
    (here / "decision.toml").write_text(correction)
    walk("conference amend", "chair")
    walk("plan library")
    walk("plan propose", "chair")
    plan = stac("plan", "update", "--template").out.replace("example-agency", "health")
    (here / "plan.toml").write_text(plan)
    walk("plan update", "chair")
    walk("plan list", "chair")
    walk("plan record-voice", "advocacy-1")
    walk("plan sign-why-not", "chair")
    signed = ("--version", "1", "--why", "no advocate", "--says", "Invented.")
    stac("plan", "sign-why-not", reference, "advocate's view", *signed, user="chair")
    walk("plan approve", "chair")
    walk("plan review", "chair")
    walk("plan start-urgent", "chair")
    actions = stac.json("case", "show", reference)["plan"]["actions"]
    action = next(each for each in actions if each["agency"] == "health")
    walk("plan update-action", "health-1", A=action["reference"])
    walk("plan undo-report", "health-1", A=action["reference"])
    outcome = stac("outcome", "create", "--template").out.replace("example-agency", "health")
    (here / "outcome.toml").write_text(outcome)
    walk("outcome create")
    walk("outcome ask")
    walk("outcome returns")
    _agency_found_outcomes(walk, reference)
    walk("outcome confirm", "advocacy-1")
    _figures(walk)
    walk("outcome dose")
    for name in ("make", "list", "show", "export"):
        walk(f"outcome release {name}")
    _conference(walk)


def _agency_found_outcomes(walk: Walk, reference: str) -> None:
    """An answer that waits for its release: the invented extracts have nothing of this person."""
    window = OutcomeWindow(since=date(2026, 1, 1), until=date(2026, 2, 1))
    asked = OutcomesAsked(
        agency="advocacy",
        window=window,
        result=OutcomesResult.FOUND,
        found=OutcomesFound(searched=(Measure.REPORTED,)),
        at=SystemClock().now(),
    )
    home = {"STAC_HOME": str(walk.stac.home), "PATH": os.environ["PATH"]}
    acting = flow_acting("follow_up", "demo")
    with (
        open_runtime(home) as runtime,
        runtime.uow.writing(acting=acting, what="ask agencies for outcomes", at=asked.at) as work,
    ):
        work.agency_outcomes.add(reference, asked)


def _figures(walk: Walk) -> None:
    """The victim's account, and figures over all cases with it."""
    for name in ("record-victim", "describe-victim"):
        file = {"record-victim": "intake.toml", "describe-victim": "description.toml"}[name]
        Path(file).write_text(walk.stac("outcome", name, "--template").out)
        walk(f"outcome {name}", "advocacy-1")
    prices = walk.stac("outcome", "prices", "--template").out.replace("example-agency", "health")
    Path("prices.toml").write_text(prices)
    walk("outcome victim-account", "advocacy-1")
    for name in ("prices", "victims", "process", "equity", "agreement", "costs"):
        walk(f"outcome {name}")


def _conference(walk: Walk) -> None:
    """A conference of today on one more case; the example plans another."""
    stac, today = walk.stac, SystemClock().today().isoformat()
    stac.json("conference", "create", "--date", today, "--minute-taker", "chair", user="chair")
    row = a_row("C-9", perpetrator_surname="Other9", victim_surname="Else9", victim_address="")
    (reference,) = stac.json("referral", "import", a_file(Path.cwd() / "nine.csv", row))["referrals"]
    screened(stac, reference)
    stac.json("conference", "agenda", reference, user="chair")
    stac.json("response", "request", reference)
    for name in ("create", "list", "agenda", "start", "attend", "next", "timer", "room"):
        walk(f"conference {name}", "chair")
    walk("conference remark", "police-1", R=reference)
    (remark,) = stac.json("conference", "remark", reference, user="police-1")
    walk("conference release-remark", "police-1", O=remark["reference"])
    walk("conference note", "chair", R=reference)
    for name in ("minutes", "close"):
        walk(f"conference {name}", "chair")
    for phase in ("prepared", "corrections"):
        stac.json("conference", "minutes", "--to", phase, user="chair")
    walk("conference correct", "police-1", R=reference)
    (item,) = stac.json("conference", "minutes", user="chair")["items"]
    walk("conference resolve-correction", "chair", Z=item["corrections"][0]["reference"])


def _other_cases(walk: Walk) -> None:
    """An urgent referral, one that joined an episode, and one that is closed after advice."""
    stac, four = (
        walk.stac,
        ("--fixated", "yes", "--obsessive", "yes", "--unwanted", "yes", "--repeated", "yes"),
    )

    def arrived(number: str, *more: str) -> str:
        other = {"perpetrator_surname": f"Other{number}", "perpetrator_date_of_birth": "1971-01-01"}
        other |= {"victim_surname": f"Else{number}", "victim_address": ""}
        row = a_row(f"C-{number}", **(other if more[0] != "conference" else {}))
        (reference,) = stac.json("referral", "import", a_file(Path.cwd() / "one.csv", row))["referrals"]
        if more[0] == "conference":
            offer = stac.json("case", "show", reference)["offers"][0]["episode"]
            more = (*more, "--same-episode-as", offer)
        stac.json("case", "screen", reference, "--outcome", *more, "--reason", "Invented.", *four)
        return str(reference)

    walk("case safeguard", R=arrived("1", "urgent", "--safeguarding", "An officer calls at six."))
    walk("case leave-episode", R=arrived("2", "conference"))
    ended = arrived("3", "advice")
    for name in ("list", "send", "return"):
        walk(f"advice {name}", R=ended)
    stac.json("advice", "return", ended, "--spo", "no", "--risk", "no", "--why", "Invented.")
    walk("advice close", R=ended)
    walk("case child-safeguarding", R=ended)
    walk("case works-for", R=ended)
    walk("case close", R=ended)
    walk("case step-up", R=arrived("4", "advice"))
    for name, user in (("review", "demo"), ("list", "demo"), ("erase", "chair")):
        walk(f"retention {name}", user, R=ended)
    walk("retention hold")


def _orders(walk: Walk) -> None:
    """An order from when it was sought to its renewal, one that is discharged, and a notice to the victim."""
    stac, here, reference = walk.stac, Path.cwd(), walk.names[CASE]
    made = stac("order", "create", "--template").out
    (here / "order.toml").write_text(made)
    walk("order create")
    sought = made.replace('act = "made"', 'act = "sought"').replace('made = "2026-03-02"', "")
    sought = sought.replace("years = 2 ", "# ")  # a term is recorded when the order is made
    (here / "sought.toml").write_text(sought)
    again = ("order", "create", reference, "order.toml")
    orders = [stac.json(*again)["reference"] for _ in range(3)]
    application = stac.json("order", "create", reference, "sought.toml")["reference"]
    for name, order in (
        ("step", application),
        ("make", application),
        ("serve", orders[0]),
        ("vary", orders[0]),
        ("renew", orders[1]),
        ("discharge", orders[2]),
        ("join", orders[1]),
        ("show", orders[0]),
    ):
        walk(f"order {name}", PO=order)
    reported = ("--kind", "contacting", "--channel", "phone", "--on", f"{SystemClock().today()}")
    incident = stac.json("incident", "create", reference, *reported)["incident"]
    walk("incident details", I=incident)
    complained = ("--kind", "complaint about the victim", "--on", "2026-02-26")
    complaint = stac.json("incident", "create", reference, *complained)["incident"]
    walk("incident finding", I=complaint)
    walk("incident withdraw-finding", I=complaint)
    walk("incident review", I=incident)
    likely = stac.json("order", "breaches", "list", reference)["breaches"]
    for name, breach in zip(("ask", "confirm", "reject"), likely, strict=False):
        walk(f"order breaches {name}", LB=breach["reference"])
    for name in ("list", "card", "export", "breaches list"):
        walk(f"order {name}")
    for name, user in (("create", "police-1"), ("attempt", "advocacy-1"), ("list", "advocacy-1")):
        walk(f"victim notice {name}", user)
    walk("victim despair record", "police-1")
    noted = stac.json("victim", "despair", "list", reference, user="advocacy-1")["notes"][0]["reference"]
    for name in ("list", "acknowledge", "done", "pass-on"):
        walk(f"victim despair {name}", "advocacy-1", V=noted)


def _rights(walk: Walk) -> None:
    """The victim's rights, access to the case, and a request for one's own data."""
    stac, reference = walk.stac, walk.names[CASE]
    for name in ("show", "assess", "allow-both"):
        walk(f"case roles {name}", "chair")
    for name, user in (
        ("victim right-to-know", "police-1"),
        ("victim pack prepare", "chair"),
        ("victim pack export", "advocacy-1"),
        ("victim list", "advocacy-1"),
        ("victim info-request create", "demo"),
        ("victim info-request list", "demo"),
    ):
        walk(name, user)
    (asked,) = stac.json("victim", "info-request", "list", reference)
    again = shlex.split(EXAMPLES["victim info-request create"] or "")[1:]
    second = stac.json(*(walk.names.get(each, each) for each in again))["reference"]
    met = ("--met", "--why", "Needed", "--authorised", "DC A. Example", "--no-notice", "It would warn him")
    stac.json("victim", "info-request", "decide", second, *met, user="chair")
    walk("victim info-request decide", "chair", H=asked["reference"])
    walk("victim info-request respond", "health-1", H=second)

    walk("access vault list")
    (item, *_) = stac.json("access", "vault", "list", reference)["items"]
    walk("access vault request", V=item["reference"])
    (ask,) = stac.json("access", "vault", "list", reference)["asks"]
    walk("access vault approve", "advocacy-1", K=ask["reference"])
    for name, user in (
        ("log", "chair"),
        ("safe-contact", "chair"),
        ("investigation-lead", "chair"),
        ("check-places", "police-1"),
        ("rotate-key", "demo"),
    ):
        walk(f"access vault {name}", user)
    area = 'type = "spo"\nmade = "2026-03-02"\nyears = 2\n[[conditions]]\ncode = "stay-out"\n'
    (Path.cwd() / "area.toml").write_text(area + 'zone = { description = "Marlow Crescent" }\n')
    order = stac.json("order", "create", reference, "area.toml")["reference"]
    near = ("--kind", "loitering", "--channel", "in person", "--on", f"{SystemClock().today()}")
    waited = stac.json("incident", "create", reference, *near, "--what", "On Marlow Crescent.")["incident"]
    for name in ("areas", "confirm-area", "check-areas"):
        walk(f"order breaches {name}", "police-1", I=waited, PO=order)
    whose = ("--whose", f"{PLACE}=other")
    stac.json(*whose, "incident", "create", reference, "--kind", "following", "--what", f"Near {PLACE}.")
    streets = [f"3 {name} Road" for name in ("Ash", "Birch", "Cedar", "Dell", "Elm", "Fir")]
    of_others = [part for street in streets for part in ("--whose", f"{street}=other")]
    places = f"Near {', '.join(streets)}."
    stac.json(*of_others, "incident", "create", reference, "--kind", "following", "--what", places)
    walk("access places-named list", "chair")
    (alarm,) = [
        each
        for each in stac.json("access", "places-named", "list", user="chair")["waiting"]
        if each["case"] == reference
    ]
    asked = PLACES_NAMED.replace("name.of.user", alarm["writer"]).replace("= 6", f"= {alarm['places']}")
    (Path.cwd() / "asked.toml").write_text(asked.replace("2026-03-02", f"{SystemClock().today()}"))
    walk("access places-named record", "chair")
    walk("access text-flags list", "chair")
    (text, *_) = stac.json("access", "text-flags", "list", user="chair")["texts"]
    walk.names["1"] = str(text["number"])
    walk("access text-flags resolve", "chair")
    del walk.names["1"]
    walk("user create")
    walk("case restrict", "chair")
    walk("case unrestrict", "chair")
    walk("access emergency", "amina")
    walk("access list", "chair")
    (emergency,) = stac.json("access", "list", user="chair")["urgent_looks"]
    walk("access review", "chair", G=emergency["reference"])
    walk("access declare-none", "police-1")
    walk("access declare-conflict", "health-2")
    walk("case access-log", "chair")
    _subject_access(walk)


def _subject_access(walk: Walk) -> None:
    stac, reference = walk.stac, walk.names[CASE]
    stac.json("user", "create", "dora", "--role", "data-protection officer")
    walk("sar create", "dora")
    walk("sar list", "dora")
    walk("sharing report", "dora")
    person = stac.json("case", "show", reference)["perpetrator"]["reference"]
    request = stac.json("sar", "create", person, user="dora")["reference"]
    for name, user in (
        ("verify-identity", "dora"),
        ("set-address", "dora"),
        ("safety-check", "advocacy-1"),
        ("request", "dora"),
        ("review", "demo"),
        ("confirm", "dora"),
        ("decide", "dora"),
        ("export", "dora"),
        ("release", "dora"),
        ("erase", "dora"),
    ):
        if name == "review":
            _answers_of_agencies(stac, request)
        walk(
            f"sar {name}", user, Y=request, stdin="3 Fennel Row, ZZ98 1AA" if name == "set-address" else None
        )


def _answers_of_agencies(stac: Stac, request: str) -> None:
    """A reply waits for every controller: each agency reviews its own part."""
    for agency in AGENCIES:
        stac.json("sar", "request", request, "--controller", agency, user="dora")
        stac.json("sar", "review", request, user=f"{agency}-1")


def _links(walk: Walk) -> None:
    """Links of the record, and a saved search whose alert comes of one more referral."""
    for name in (
        "ask",
        "reindex",
        "components",
        "neighbours",
        "shortest-path",
        "patterns",
        "search save",
        "search list",
    ):
        walk(f"links {name}")
    (saved,) = walk.stac.json("links", "search", "list")
    walk.stac.json("referral", "import", a_file(Path.cwd() / "more.csv", a_row("D-1", **PHONE)))
    walk.stac.json("links", "reindex")
    _associates(walk)
    _records(walk)
    walk("links finding reasons")
    (phone, *_) = walk.stac.json("links", "patterns")["marks"]["shared-object"]["findings"]
    walk("links finding mark", J=phone["subject"][0])
    walk("links alert list")
    (alert, *_) = walk.stac.json("links", "alert", "list")["alerts"]
    walk("links alert resolve", F=alert["reference"])
    walk.names["ana"] = "chair"
    for name in ("create", "list", "delete"):
        walk(f"links share {name}", Q=saved["reference"])
    del walk.names["ana"]
    walk("links search delete", Q=saved["reference"])
    walk("links network import")
    walk("links network list")
    (network,) = walk.stac.json("links", "network", "list")
    walk("links network delete", NW=network["reference"])


def _records(walk: Walk) -> None:
    """A request about a record that an agency lets the others on a case know of."""
    stac, case = walk.stac, walk.names[CASE]
    stub = ("--audience", "owner only", "--otherwise", "stub", "--why", "They may ask us.")
    stac.json("sharing", "set", case, "*", *stub, user="police-1")
    walk("links record-request create", "chair")
    (request,) = stac.json("links", "record-request", "list", user="chair")["mine"]
    walk("links record-request list", "police-1")
    walk("links record-request respond", "police-1", AR=request["reference"])


def _associates(walk: Walk) -> None:
    """Questions by associates, each answered by a second person."""
    question = Path.cwd() / "associates.toml"
    question.write_text('kind = "associates"\nown_incidents = "none"\n', "utf-8")
    query = (
        "links",
        "query",
        "--record",
        str(question),
        "--purpose",
        "review of plans",
        "--why",
        "As asked.",
    )
    for name, user in (("refuse", "chair"), ("withdraw", "demo")):
        walk(f"links associates {name}", user, AQ=walk.stac.json(*query)["reference"])
    request = walk.stac.json(*query)["reference"]
    for name, user in (("approve", "chair"), ("ask", "demo")):
        walk(f"links associates {name}", user, AQ=request)
    walk("links associates list")


def _agencies(walk: Walk) -> None:
    for name in ("list", "suspend", "resume", "import", "rehearse", "seal"):
        walk(f"agency {name}")


def _audit(walk: Walk, place: Path) -> None:
    for name in ("backups", "backup-keys"):
        (place / name).mkdir()
    for name in ("backup", "drill", "list-backups", "remove-overwritten", "repeat-acts", "rotate-key"):
        walk(f"record {name}")
    moved = Walk(Stac(copy_home(walk.stac.home, place / "moving")), walk.server)
    moved("record move", None)
    for name in ("export", "anchor", "verify"):
        walk(f"audit {name}")
    later = Walk(Stac(copy_home(walk.stac.home, place / "later")), walk.server)
    ahead = SetClock(SystemClock().now() + timedelta(days=3))
    with open_runtime(
        {"STAC_HOME": str(later.stac.home), "PATH": os.environ["PATH"]}, clock=ahead
    ) as runtime:
        from cli.accounts.sign_in import acting_now

        list_users(runtime.context(acting_now(runtime, "demo", "case work")))
    later("audit accept-clock", None)
    walk.ran |= later.ran | moved.ran
    walk.failed += [*later.failed, *moved.failed]


def _users(walk: Walk) -> None:
    """Users last: from the first password on, a name is not enough."""
    stac = walk.stac
    for name in ("list", "update", "disable"):
        walk(f"user {name}")
    stac.json("user", "disable", "amina", "--undo")
    start = stac.json("user", "create", "basil", "--role", "administrator", "--with-password")[
        "start_password"
    ]
    own = "four quiet herons"
    assert stac("login", "basil", user=None, stdin=f"{start}\n{own}\n{own}\n").code == 0
    walk("user reset-password", "basil")
    start = stac.json("user", "reset-password", "amina", user="basil")["start_password"]
    walk("login", None, stdin=f"{start}\n{own} too\n{own} too\n")
    walk("logout", None)
