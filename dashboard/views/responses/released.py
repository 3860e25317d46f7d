"""Releases of each agency: facts with the records that they rest on, gaps, failures, what is withheld."""

from __future__ import annotations

from collections import Counter

from dashboard import markup, words
from dashboard.views.responses import pointers, predictors, reported, voices
from engine.domain.absence import ItemState
from engine.domain.cases.views import AgencyAnswerView, CaseView
from engine.domain.responses.answers import AnswerState, Finding, InstrumentResult, Nature
from engine.domain.responses.reassessment import Compared, ReassessedView


def draw(view: CaseView) -> None:
    """Draw one line for each agency, which opens to what it released."""
    without_agency = voices.column_without_agency(view)
    markup.draw(
        markup.join(
            [
                markup.element(
                    "div",
                    markup.heading("Released by each agency", at="facts", note=view.may_hold_more),
                    class_="with-note",
                ),
                markup.element("div", *(_line(answer, view) for answer in view.answers), class_="columns"),
                markup.element("div", without_agency, class_="cards") if without_agency else None,
            ]
        )
    )


def _line(answer: AgencyAnswerView, view: CaseView) -> markup.Markup:
    """Return the agency, its status and how much is behind the line; whatever is missing is on the line."""
    counts = [
        (len(answer.findings), "finding"),
        (len(answer.orders), "reported order"),
        (len(answer.link_evidence), "piece of link evidence"),
        (len(answer.reports or ()), "report"),
        (len(answer.voices), "part of the victim's voice"),
        (len(answer.proposed_actions), "proposed action"),
        (answer.held_back, "withheld item"),
        (answer.withdrawn, "withdrawn item"),
        (answer.stubs, "item to ask about"),
    ]
    said = words.listed([_counted(number, what) for number, what in counts if number])
    if answer.state is not AnswerState.CONTRIBUTION:
        gaps = answer.gaps if answer.state is AnswerState.NIL_RETURN else ()
        said = " ".join((answer.says, *gaps, said)).strip()
    tags = [markup.state_tag(answer.state)]
    tags += [markup.tag("Failed when asked again", "t-failed")] if answer.failed_since else []
    tags += [markup.tag("From before the step up", "t-late")] if answer.before_step_up else []
    summary = markup.element(
        "summary",
        markup.element("h3", answer.agency_name),
        " ",
        markup.join(tags, " "),
        " ",
        markup.element("span", words.sentence(said) if said else "No items", class_="said"),
    )
    return markup.element(
        "details", summary, markup.element("div", _card(answer, view), class_="cards"), class_="fold"
    )


def _counted(number: int, what: str) -> str:
    first, _, rest = what.partition(" of ")
    return words.counted(number, what, f"{first}s of {rest}" if rest else None)


def _card(answer: AgencyAnswerView, view: CaseView) -> markup.Markup:
    parts: list[markup.Content] = []
    if answer.state is not AnswerState.CONTRIBUTION:
        parts.append(markup.element("p", answer.says))
    parts += voices.nobody_in(answer, view)
    if answer.matched_on:
        parts.append(markup.element("p", f"Matched {answer.matched_on}", class_="sub"))
    if answer.failed_since:
        parts.append(
            markup.element("p", markup.tag("Failed when asked again", "t-failed"), " ", answer.failed_since)
        )
    if answer.before_step_up:
        parts.append(markup.element("p", answer.before_step_up))
    if voices.has_voices(answer):
        parts += voices.three(answer, {each.agency: each.agency_name for each in view.answers})
    parts += _findings(answer)
    parts += reported.orders_and_evidence(answer)
    if answer.withdrawn:
        parts.append(markup.element("p", f"{words.counted(answer.withdrawn, 'item')} withdrawn since."))
    parts += [*_stubs(answer), *_held_back(answer, view)]
    if answer.proposed_actions or answer.asked_for_actions:
        parts.append(markup.element("h4", "Proposed actions"))
    if answer.asked_for_actions:
        parts.append(markup.element("p", answer.asked_for_actions, class_="sub"))
    if answer.proposed_actions:
        parts.append(
            markup.bullets(
                f"{action.says}" + (f" (risk domain: {action.serves.value})" if action.serves else "")
                for action in answer.proposed_actions
            )
        )
    if answer.views:
        recorders = dict.fromkeys(f"{v.recorded_by.name}, {v.recorded_by.post}" for v in answer.views)
        parts += [markup.element("h4", "Views recorded by"), markup.bullets(recorders)]
    if answer.gaps:
        parts += [markup.element("h4", "Missing information"), markup.bullets(answer.gaps)]
    parts += [_instrument(result, hidden=answer.levels_hidden) for result in answer.instruments]
    parts += predictors.behind_a_click(answer.predictors)
    parts += beside(answer.agency, view)
    if answer.was_shown:
        parts.append(
            markup.details(
                f"Information sent to {answer.agency_name}",
                markup.bullets(answer.was_shown),
                markup.element("p", _asked(answer), class_="sub"),
            )
        )
    return markup.element("section", *parts, aria_label=f"{answer.agency_name}: what it released")


def _findings(answer: AgencyAnswerView) -> list[markup.Content]:
    if not answer.findings:
        answered = answer.state in {AnswerState.CONTRIBUTION, AnswerState.WAITING_RELEASE} and answer.version
        if not answered or answer.voices:
            return []
        return [markup.element("p", markup.none_recorded("No facts were released."))]
    return [
        markup.element("h4", "Findings"),
        markup.bullets(_finding(finding) for finding in answer.findings),
    ]


def _finding(finding: Finding) -> markup.Markup:
    opinion = markup.tag("Opinion") if finding.nature is Nature.OPINION else None
    where = pointers.in_brackets(finding.records)
    return markup.join([opinion, finding.says, markup.element("small", where)], " ")


def _stubs(answer: AgencyAnswerView) -> list[markup.Content]:
    if not answer.stubs:
        return []
    sentence = (
        f"{words.counted(answer.stubs, 'more item exists', 'more items exist')}. Ask {answer.agency_name}."
    )
    return [markup.element("p", markup.tag("Exists", "t-info"), " ", sentence)]


def _held_back(answer: AgencyAnswerView, view: CaseView) -> list[markup.Content]:
    if not answer.held_back:
        return []
    ask = next((held.ask for held in view.withheld if held.agency == answer.agency), "not recorded")
    sentence = f"{words.counted(answer.held_back, 'item')} withheld by {answer.agency_name}. Ask {ask}."
    return [markup.element("p", markup.tag("Withheld", "t-refused"), " ", sentence)]


def _instrument(result: InstrumentResult, *, hidden: bool) -> markup.Markup:
    counts = Counter(item.state for item in result.items)
    said = ", ".join(f"{counts[state]:,} {state.value}" for state in ItemState if counts[state])
    if result.conclusion:
        concluded = f"{result.conclusion} ({result.concluded_by or 'author not recorded'})"
    else:
        concluded = (
            "Conclusion hidden until the chair opens the conference." if hidden else "No conclusion recorded."
        )
    return markup.details(
        f"Questionnaire {result.instrument}, version {result.version}",
        markup.element("p", f"{said}. {concluded}"),
        markup.bullets(f"{item.item.replace('-', ' ')}: {item.state.value}" for item in result.items),
    )


def _asked(answer: AgencyAnswerView) -> str:
    if answer.asked_at is None:
        return "Not asked."
    due = f", due {words.moment(answer.due_at)}" if answer.due_at else ""
    due += f", {answer.brought_forward}" if answer.brought_forward else ""
    return f"Asked {words.moment(answer.asked_at)}{due}."


def beside(agency: str, view: CaseView) -> list[markup.Content]:
    """Return nothing, when it was not asked again; else its answer against the one that is shown."""
    return [_result_markup(again) for again in view.reassessed if again.agency == agency]


def _result_markup(again: ReassessedView) -> markup.Markup:
    markups = [markup.tag("Failed", "t-failed")] if again.compared is Compared.FAILED else []
    sentence = markup.element(
        "p", *markups, " ", again.says, " ", markup.element("small", words.moment(again.at))
    )
    if not (again.new or again.gone):
        return sentence
    news = [markup.join([markup.tag("New"), sentence], " ") for sentence in again.new]
    gone = [markup.join([markup.tag("Removed"), sentence], " ") for sentence in again.gone]
    return markup.details("Asked again: the response differs", sentence, markup.bullets([*news, *gone]))
