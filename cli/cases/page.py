"""One case on a terminal, top to bottom as the panel reads it. Draws a view and computes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.text import Text

from cli.cases.calls import call_lines
from cli.cases.responsible import lines_of
from cli.conference.decision_lines import GAPS, decision_lines, gap_lines, victim_words_lines
from cli.output import when
from cli.plans.plan_lines import plan_lines
from cli.responses.victim_voice import no_advocate_lines, voice_lines, voice_rows
from cli.tables import age, alarm_in_words, console, draw_table, marking
from engine.domain.agencies.predictors import PredictorShown
from engine.domain.alarm_questions import QuestionAnswered
from engine.domain.cases.band import BandPiece, PieceKind
from engine.domain.cases.incidents import kinds_in_words
from engine.domain.cases.involvement import StoredAnswer
from engine.domain.cases.older_views import NewestIncident, newest_incident
from engine.domain.cases.plain_facts import Fact, on_top_of
from engine.domain.cases.views import (
    NOT_COUNTED,
    AgencyAnswerView,
    CaseView,
    IncidentView,
    OutcomeView,
    PersonView,
    ScreeningView,
)
from engine.domain.links.grades import grade_in_words
from engine.domain.links.trends import CaseTrendView
from engine.domain.people.persons import role_in_words
from engine.domain.plans.views import ActionView
from engine.domain.responses.answers import Contribution, Failed, NilReturn, Refused
from engine.domain.responses.reassessment import ReassessedView
from engine.domain.responses.reported import source_in_words
from engine.domain.shown import shown
from engine.domain.vault.marks import Mark
from engine.services.responses.agency_answers import marks_to_release
from engine.services.responses.reported import item_in_words


def draw_case(view: CaseView) -> None:
    """Draw the whole case as this viewer may see it."""
    out = console()
    marking(out)
    for piece in view.band:
        out.print(Text(shown(_piece(piece)), style="bold"))
    if view.warning:
        out.print(Text(shown(view.warning.upper()), style="bold"))
    for line in on_top_of(view.facts):
        out.print(Text(shown(" | ".join(line))))
    for notice in view.not_reached:
        out.print(Text(shown(notice.sentence), style="bold"))
    _lines(out, None, _head(view))
    _lines(
        out,
        "Alarm topics",
        (f"{topic.value}: {view.alarms.in_words(topic)}" for topic in view.alarms.answers),
    )
    _lines(out, "Asked since the first alarm", (_answered(each) for each in view.alarm_questions))
    _lines(out, "Victim", _victim_position(view))
    lately = (
        f"Incidents ({len(view.incidents)}, {view.lately_in_words} in the last 28 days)"
        if view.incidents
        else f"Incidents ({view.lately_in_words}). {NOT_COUNTED}"
    )
    _lines(out, lately, (_incident(incident) for incident in view.incidents))
    _lines(out, "Facts in the order of time", (_fact(fact) for fact in view.facts))
    if view.trend is not None:
        _lines(out, "Incident trends, with tests", _trend(view.trend, view.incidents))
    _lines(out, "Proposed episodes", (f"{offer.episode}: {offer.says}" for offer in view.offers))
    _lines(
        out,
        "Linked cases",
        (f"{other.reference} ({other.state.value}): {other.says}" for other in view.other_involvements),
    )
    if view.screening:
        _lines(out, "Screening", _screening(view.screening))
    _draw_answers(out, view)
    if view.decision:
        _lines(out, f"Decision {view.decision.reference}", decision_lines(view.decision))
    if view.victim_words or view.victim_words_withdrawn:
        _lines(out, "The victim's words", victim_words_lines(view))
    if view.plan:
        plan = view.plan
        heading = f"Plan {plan.reference}, version {plan.version}: {plan.state.value}"
        out.print(Text(heading, style="bold"))
        _lines(out, None, plan_lines(plan))
        columns = ("action", "what", "agency", "owner", "due", "status")
        draw_table(out, None, columns, (_action(action) for action in plan.actions))
    pressing = " ".join(each for each in (view.orders_gap, view.orders_pressing) if each)
    _lines(out, "Orders", [f"{view.orders}. {pressing}" if pressing else view.orders])
    _lines(out, "Outcomes", [_outcome(outcome) for outcome in view.outcomes] or ["none recorded"])
    _lines(out, "On this case", [", ".join(view.people_on_case) or "no people named yet"])
    _lines(
        out,
        "History",
        (
            f"{when(move.at)}, {move.by}: {move.act}, now {move.after.value}; {move.why}"
            for move in view.history
        ),
    )
    _lines(
        out,
        None,
        (
            f"{held.count} item{'s' if held.count != 1 else ''} withheld by {held.agency}; ask {held.ask}"
            for held in view.withheld
        ),
    )
    _lines(out, None, (incidents_kept_back.in_words for incidents_kept_back in view.incidents_kept_back))
    _lines(out, GAPS, gap_lines(view))
    _lines(out, None, [f"Allowed now: {', '.join(view.allowed_acts) or 'nothing'}.", view.may_hold_more])


def draw_prepared(stored: StoredAnswer) -> None:
    """Draw a prepared response, with the key of each item that can be withheld."""
    out = console()
    marking(out)
    answer = stored.answer
    _lines(
        out, None, [f"{answer.kind}, version {stored.version}, prepared {when(stored.at)} by {stored.author}"]
    )
    match answer:
        case Contribution():
            _lines(out, None, [f"Matched: {answer.matched_on.says}"])
            rows = [
                *voice_rows(answer.voices),
                *((finding.key, finding.nature.value, finding.says) for finding in answer.findings),
                *(
                    (f"view:{view.domain.value}", "view", f"{view.level.value}: {view.reasons}")
                    for view in answer.views
                ),
                *(
                    (f"instrument:{result.instrument}", "instrument", f"{len(result.items)} items")
                    for result in answer.instruments
                ),
                *(
                    (f"predictor:{shown.instrument}", "predictor", _predicted(shown))
                    for shown in answer.predictors
                ),
                *((item.name, "reported", item_in_words(item)) for item in answer.reported),
                *((action.key, "proposed action", action.says) for action in answer.proposed_actions),
            ]
            draw_table(out, "Items that you can withhold", ("--withhold", "kind", "text"), rows)
            _lines(out, "In its own words", answer.in_own_words)
            _lines(out, "Gaps", answer.gaps)
            _lines(out, "Records", [each.sentence for each in answer.records_checked or ()])
        case NilReturn():
            _lines(out, None, [answer.says, *([answer.note] if answer.note else [])])
            _lines(out, "Gaps", answer.gaps)
        case Refused() | Failed():
            _lines(out, None, [answer.says, *([answer.note] if answer.note else [])])
    if answer.advocate_offered is not None:
        _lines(out, None, [answer.advocate_offered.in_words()])
    marks = marks_to_release(stored, ())
    _lines(out, "Places and contacts: --mask TEXT, or say --whose TEXT=WHOSE", map(_as_listed, marks))


def _as_listed(mark: Mark) -> str:
    return f"{mark.text} ({mark.shape.value})"


def _predicted(shown: PredictorShown) -> str:
    """Return the figure that would be released, never without its caveat."""
    if shown.percent is None:
        return f"{shown.predicts}: not computed. {shown.not_computed}"
    within = f"{shown.within_years} year{'s'[: shown.within_years > 1]}"
    return f"{shown.predicts}: {shown.percent:g} per cent within {within}. {shown.caveat}"


def _lines(out: Console, title: str | None, lines: Iterable[str]) -> None:
    there = [line for line in lines if line]
    if not there:
        return
    if title:
        out.print(Text(shown(title), style="bold"))
    for line in there:
        out.print(Text(("  " if title else "") + shown(line)))


def _head(view: CaseView) -> Iterator[str]:
    yield f"{view.reference} in episode {view.episode}: {view.state.value}"
    if view.is_restricted:
        yield "Restricted: only the chair and the people named on this case can view it"
    yield f"Received {when(view.received_at)} ({age(view.age_hours)} ago) from {view.source}"
    yield f"Triage outcome: {view.triage_outcome.value if view.triage_outcome else 'not screened'}"
    yield from lines_of(view.responsible)
    yield f"Alarms: {alarm_in_words(view.alarms)}"
    yield _person(view.perpetrator)
    yield _person(view.victim)
    yield from (_person(person) for person in view.others_at_risk)
    yield f"Relationship: {view.relationship or 'not recorded'}"
    yield f"Reason: {view.reason}"
    yield f"Does either work for one of our agencies: {view.party_works_for.value}"
    if view.call is not None:
        yield from call_lines(view.call)


def _person(person: PersonView) -> str:
    born = person.described.date_of_birth
    return (
        f"{role_in_words(person.role, person.status).capitalize()} (by {person.asserted_by}): "
        f"{person.described.full_name}, born {born.in_words() if born else 'not recorded'}"
    )


def _victim_position(view: CaseView) -> Iterator[str]:
    position = view.victim_position
    yield f"informed of the referral: {position.told.value}; the victim's view: {position.view.value}"
    if position.not_asked_why:
        yield f"not asked because: {position.not_asked_why}"
    yield f"a message may be left: {position.message_may_be_left.value}"
    yield "The alleged perpetrator's access to the victim's: " + ", ".join(
        f"{way.value}: {answer.value}" for way, answer in position.he_can_reach.items()
    )
    yield "safe contact is recorded" if view.safe_contact_is_recorded else "safe contact: not recorded"
    yield (
        f"children in the victim's household: {view.children.in_victim_household.value}; "
        f"in the alleged perpetrator's: {view.children.in_perpetrator_household.value}"
    )
    if position.interpreter:
        yield f"interpreter: {position.interpreter}"
    if position.communication_needs:
        yield f"communication: {position.communication_needs}"
    yield from no_advocate_lines(view)


def _piece(piece: BandPiece) -> str:
    """Return one piece of the band, with the records that the next command needs."""
    loud = "ALARM " if piece.kind is PieceKind.ALARM else ""
    records = f" [{', '.join(piece.records)}]" if piece.records else ""
    return f"{loud}{piece.says}{records}"


def _fact(fact: Fact) -> str:
    """Return a fact with who reported it and its records."""
    sources = ", ".join(fact.sources) or "no report"
    records = f" [{', '.join(fact.records)}]" if fact.records else ""
    return f"{fact.says} {fact.basis.value.capitalize()}: {sources}.{records}"


def _trend(trend: CaseTrendView, incidents: Sequence[IncidentView]) -> Iterator[str]:
    """Yield what was checked, in words; how each was worked out is on the case's page and in --json."""
    if trend.not_counted:
        yield trend.not_counted
    if trend.measures and incidents:
        yield trend.says
    if trend.alarm:
        yield "ALARM: reports came faster and faster."
    for measure in trend.measures:
        yield f"{measure.name}: {measure.says}"


def _answered(each: QuestionAnswered) -> str:
    agency = f" ({each.agency})" if each.agency else ""
    why = f" {each.why}" if each.why else ""
    return f"{each.question.value}: {each.answer.value}{agency}, by {each.by}, {when(each.at)}.{why}"


def _incident(incident: IncidentView) -> str:
    text = "; ".join(
        f"{report.told_by}: {report.what or 'no details recorded'}"
        + (f" [{report.crime_reference}]" if report.crime_reference else "")
        + f" ({grade_in_words(report.grade)})"
        for report in incident.reports
    )
    happened = incident.happened.in_words() if incident.happened else "date not recorded"
    channel = f" ({incident.channel.value})" if incident.channel else ""
    return f"{incident.reference}, {happened}: {kinds_in_words(incident.kinds)}{channel}. {text}"


def _screening(screening: ScreeningView) -> Iterator[str]:
    yield f"{screening.outcome.value}, by {screening.by}, {when(screening.at)}: {screening.reason}"
    yield "; ".join(
        f"{item.question.value} {item.answer.value}"
        + (f" ({', '.join(item.incidents)})" if item.incidents else "")
        for item in screening.four
    )
    if screening.redirect_to:
        yield f"redirected to {screening.redirect_to.value}"
    if screening.safeguarding:
        yield f"safeguarding: {screening.safeguarding}"
    if screening.advice:
        yield f"advice: {screening.advice}"


def _draw_answers(out: Console, view: CaseView) -> None:
    if not view.answers:
        return
    newest = newest_incident(view.incidents, view.answers)
    out.print(Text("Agencies", style="bold"))
    for answer in view.answers:
        again = [each for each in view.reassessed if each.agency == answer.agency]
        texts = [*_answer(answer, newest), *(line for each in again for line in _reassessed(each))]
        _lines(out, f"{answer.agency_name}: {answer.state.value}", texts)


def _reassessed(again: ReassessedView) -> Iterator[str]:
    yield f"{again.says} ({again.batch}, {when(again.at)})"
    yield from (f"  new: {sentence}" for sentence in again.new)
    yield from (f"  gone: {sentence}" for sentence in again.gone)


def _answer(answer: AgencyAnswerView, newest: NewestIncident | None) -> Iterator[str]:
    yield answer.says
    if answer.failed_since:
        yield answer.failed_since
    if answer.before_step_up:
        yield answer.before_step_up
    if answer.at:
        by = f"; released by {answer.released_by}" if answer.released_by else ""
        plugin = f", plugin {answer.plugin_version}" if answer.plugin_version else ""
        yield f"version {answer.version} of {when(answer.at)}, by {answer.author}{plugin}{by}"
    if answer.matched_on:
        yield f"matched: {answer.matched_on}"
    yield from voice_lines(answer)
    for finding in answer.findings:
        rests = ", ".join(f"{pointer.kind} {pointer.record}" for pointer in finding.records)
        yield f"{finding.nature.value}: {finding.says} [{rests}]"
    for order in answer.orders:
        reported = source_in_words(order.order.source, order.order.grade)
        yield f"order reported, not one recorded here: {order.says} [{reported}]"
        yield from (f"  condition: {condition}" for condition in order.conditions)
    for evidence in answer.link_evidence:
        yield f"link evidence: {evidence.sentence} [{source_in_words(evidence.source, evidence.grade)}]"
    yield from (f"report: {each.sentence}" for each in answer.reports or ())
    if answer.own_row:
        yield answer.own_row
    yield from (f"records: {each.sentence}" for each in answer.records_checked)
    yield from answer.not_reported
    for result in answer.instruments:
        yield f"{result.instrument} {result.version}: " + ", ".join(
            f"{i.item} {i.state.value}" for i in result.items
        )
    for one in answer.views:
        soon = f", {one.how_soon.value}" if one.how_soon else ""
        mark = newest.marks(one.recorded_on) if newest else None
        older = f"; {mark[:1].lower()}{mark[1:]}" if mark else ""
        yield (
            f"{one.domain.value}: {one.level.value}{soon}; {one.reasons} "
            f"({one.recorded_by.name}, {one.recorded_by.post}, {one.recorded_on:%-d %b %Y}{older})"
        )
    yield from (f"in its own words: {words}" for words in answer.in_own_words)
    yield from (f"gap: {gap}" for gap in answer.gaps)
    yield from (f"proposes: {action.says}" for action in answer.proposed_actions)
    if answer.asked_for_actions:
        yield answer.asked_for_actions
    if answer.stubs:
        yield f"{answer.stubs} items are not shown here: ask this agency"
    if answer.held_back:
        yield f"{answer.held_back} withheld by the owner"
    if answer.withdrawn:
        yield f"{answer.withdrawn} withdrawn after release"
    if answer.levels_hidden:
        yield "levels and reasons are hidden until the chair opens the conference"


def _action(action: ActionView) -> tuple[str, ...]:
    note = f" ({action.status_note})" if action.status_note else ""
    late = "OVERDUE, " if action.is_overdue else ""
    return (
        action.reference,
        action.what,
        action.agency,
        action.owner,
        f"{action.due:%-d %b %Y}",
        late + action.status.value + note,
    )


def _outcome(outcome: OutcomeView) -> str:
    happened = f", {outcome.happened.in_words()}" if outcome.happened else ""
    against = f" against {outcome.against.value}" if outcome.against else ""
    looked = ", ".join(outcome.looked_in) or "not recorded"
    by = f", found by {outcome.agency}" if outcome.agency else ""
    harm = "no score" if outcome.harm is None else f"{outcome.harm:g} days of harm"
    offence = f", offence {outcome.offence} ({harm})" if outcome.offence else ""
    corrected = f" Corrected by {outcome.replaced_by}." if outcome.replaced_by else ""
    return (
        f"{outcome.reference} {outcome.measure.value}: {outcome.found.value}{against}{happened}{by}{offence}."
        f"{corrected} "
        f"{outcome.says} (searched {looked}, to {outcome.looked_until.in_words()})"
    )
