"""Views of each agency on each domain, side by side, and the panel's judgement. Never added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboard import markup, session, words
from dashboard.views.responses import pointers
from engine.domain.cases.older_views import NewestIncident, newest_incident
from engine.domain.cases.views import AgencyAnswerView, CaseView
from engine.domain.conference.differences import can_be_compared, furthest_apart
from engine.domain.conference.risk import Domain, Judgement, Level, levels_apart
from engine.domain.responses.answers import AnswerState, DomainView, Nature

HIDDEN = "Hidden until the chair opens the conference"
_FAR_FROM_PANEL = 2
_INSTEAD = {
    AnswerState.NOT_ASKED: "Not asked",
    AnswerState.AWAITED: "Awaiting response",
    AnswerState.OVERDUE: "Overdue: no response in time",
    AnswerState.WAITING_RELEASE: "Awaiting your release. No other agency sees it.",
    AnswerState.NIL_RETURN: "Nil return: searched, nothing held",
    AnswerState.REFUSED: "Refused. The reason is below.",
    AnswerState.FAILED: "Failed: no response could be obtained. This is not a nil return.",
    AnswerState.ANSWERED_ASK_AGENCY: "Responded: ask this agency",
    AnswerState.ERASED: "Erased. This is not a nil return.",
}


def _instead(answer: AgencyAnswerView) -> str:
    """Return what is shown of an agency without a contribution; of a nil return also its gaps."""
    said = _INSTEAD.get(answer.state, answer.says)
    if answer.state is not AnswerState.NIL_RETURN or not answer.gaps:
        return said
    return f"{said}. {' '.join(answer.gaps)}"


def gaps(answers: Sequence[AgencyAnswerView]) -> dict[Domain, int]:
    """Return how many levels are between the furthest two agencies on each domain, among those shown."""
    return {domain: furthest_apart(levels) for domain, levels in _levels(answers).items()}


def can_differ(answers: Sequence[AgencyAnswerView]) -> bool:
    """Return whether two agencies gave a level on one domain at all."""
    return any(can_be_compared(levels) for levels in _levels(answers).values())


def _levels(answers: Sequence[AgencyAnswerView]) -> dict[Domain, list[Level]]:
    return {
        domain: [view.level for answer in answers for view in answer.views if view.domain is domain]
        for domain in Domain
    }


def matrix(view: CaseView) -> markup.Markup:
    """Return domains down, agencies across, the panel behind a line."""
    decision = view.decision
    judged = {judgement.domain: judgement for judgement in decision.judgements} if decision else {}
    is_open = view.conference_opened_at is not None
    apart = gaps(view.answers) if is_open else dict.fromkeys(Domain, 0)
    newest = newest_incident(view.incidents, view.answers)
    rows = [
        _row(domain, number, view.answers, judged.get(domain), apart[domain], newest)
        for number, domain in enumerate(Domain)
    ]
    rows += _rows_of_words(view.answers)
    columns = markup.Markup(
        '<colgroup><col class="q">' + "<col>" * len(view.answers) + '<col class="panel"></colgroup>'
    )
    said = (
        "decided " + words.day_of(decision.at) + f", version {decision.version}"
        if decision
        else "not decided"
    )
    panel = markup.element("th", "Panel", markup.element("small", said), scope="col", class_="panel")
    head = markup.element(
        "tr", markup.element("th", "Domain", scope="col"), *(_head(answer) for answer in view.answers), panel
    )
    caption = (
        ("Each agency wrote its view before the meeting. Yellow: 2 or more levels from the panel.")
        if is_open
        else (f"Each agency writes its own view before the meeting. {HIDDEN}. Released facts are below.")
    )
    return markup.scrolling(
        markup.element(
            "table",
            markup.element("caption", caption),
            columns,
            markup.element("thead", head),
            markup.element("tbody", *rows),
            class_="f",
        ),
        label="Risk formulation by agency",
    )


def side_by_side(
    answers: Sequence[AgencyAnswerView],
    *,
    is_open: bool,
    own: str | None,
    newest: NewestIncident | None,
) -> markup.Markup:
    """Return agencies down and domains across, the largest difference first; ``own`` agency is marked.

    Each view that is older than the ``newest`` incident says so.
    The order of the domains would show a difference, so it is the usual one until the conference is open.
    """
    apart = gaps(answers) if is_open else dict.fromkeys(Domain, 0)
    domains = sorted(Domain, key=lambda domain: -apart[domain])
    head = markup.element(
        "tr",
        *(
            markup.element(
                "th", words.domain_in_words(domain), _differ(apart[domain]), scope="col", role="columnheader"
            )
            for domain in domains
        ),
        role="row",
    )
    above = {domain: _above(domain, apart[domain]) for domain in domains}
    own_first = sorted(answers, key=lambda answer: answer.agency != own)
    body = [row for answer in own_first for row in _band(answer, above, newest, is_own=answer.agency == own)]
    caption = "Each agency wrote its view before the item opened. The largest differences come first."
    return markup.scrolling(
        markup.element(
            "table",
            markup.element("caption", caption if is_open else f"{HIDDEN}. Released facts are on the case."),
            markup.element("thead", head, role="rowgroup"),
            markup.element("tbody", *body, role="rowgroup"),
            role="table",  # a browser forgets the roles of cells below each other, as in a narrow window
            class_="f sides",
        ),
        label="Views by agency",
    )


def _band(
    answer: AgencyAnswerView, above: Mapping[Domain, str], newest: NewestIncident | None, *, is_own: bool
) -> list[markup.Markup]:
    """Return the rows of an agency; ``above`` is what a narrow window has above each domain, in order."""
    name = f"{answer.agency_name} (your agency)" if is_own else answer.agency_name
    head = _band_head(name, when_and_by_whom(answer), is_own=is_own)
    if not _contributed(answer):
        said = markup.none_recorded(_instead(answer))
        whole = markup.element("td", said, colspan=len(Domain), class_="whole", role="cell")
        return [head, markup.element("tr", whole, role="row")]
    cells = [
        cell
        for domain, name in above.items()
        if (cell := _cell(answer, domain, 0, None, newest, above=name)) is not None
    ]
    look = "own-agency" if is_own else None
    rests = markup.element("td", _rests_on(answer), colspan=len(Domain), role="cell")
    return [
        head,
        markup.element("tr", *cells, class_=f"by-domain {look}" if look else "by-domain", role="row"),
        markup.element("tr", rests, class_=look, role="row"),
    ]


def _rests_on(answer: AgencyAnswerView) -> markup.Markup:
    """Return the findings and records of a response, opened on request, and what is missing, in words."""
    findings = [
        markup.join(
            [
                markup.tag("Opinion") if finding.nature is Nature.OPINION else None,
                finding.says,
                markup.element("small", pointers.in_brackets(finding.records)),
            ],
            " ",
        )
        for finding in answer.findings
    ]
    shown = (
        markup.details(f"Findings and records of {answer.agency_name}", markup.bullets(findings))
        if findings
        else markup.none_recorded("No findings are shown to you.")
    )
    missing = [*answer.gaps]
    missing += ["Items are withheld: ask this agency."] if answer.held_back else []
    missing += ["More exists: ask this agency."] if answer.stubs else []
    missing += [each for each in (answer.failed_since, answer.before_step_up) if each]
    lacking = (
        markup.bullets(missing) if missing else markup.none_recorded("The agency recorded nothing missing.")
    )
    return markup.join(
        [_formal(answer), shown, markup.element("div", markup.element("b", "Missing "), lacking)]
    )


def _formal(answer: AgencyAnswerView) -> markup.Markup:
    """Return what is formal in a response, in the agency's own words; that it gives nothing is said."""
    formal = [finding.says for finding in answer.findings if finding.formal is not None]
    said = [*formal, *answer.in_own_words]
    if not said:
        return markup.element("div", markup.element("b", "In its own words "), markup.none_recorded())
    return markup.element("div", markup.element("b", "Formal, in its own words "), markup.bullets(said))


def _band_head(name: str, note: str | None, *, is_own: bool = False) -> markup.Markup:
    said = markup.element("small", note) if note else None
    cell = markup.element("th", name, " ", said, scope="rowgroup", colspan=len(Domain), role="rowheader")
    return markup.element("tr", cell, class_="band own-agency" if is_own else "band", role="row")


def _above(domain: Domain, apart: int) -> str:
    """Return the head of a domain in one line."""
    differ = f", differ by {words.counted(apart, 'level')}" if apart else ""
    return f"{words.domain_in_words(domain)}{differ}"


def _differ(apart: int) -> markup.Markup | None:
    if not apart:
        return None
    tag = markup.tag(f"Differ by {words.counted(apart, 'level')}", "t-differ")
    return markup.join([markup.Markup("<br>"), tag])


def _head(answer: AgencyAnswerView) -> markup.Markup:
    notes = [when_and_by_whom(answer)]
    if by := _recorded_once(answer):
        notes.append(f"views: {by}")
    if answer.failed_since:
        notes.append("failed when asked again")
    if answer.before_step_up:
        notes.append("from before the step up")
    return markup.element(
        "th",
        answer.agency_name,
        markup.element("div", markup.state_tag(answer.state)),
        *(markup.element("small", note) for note in notes),
        scope="col",
    )


def _recorded_once(answer: AgencyAnswerView) -> str | None:
    """Return who recorded all of an agency's views, and when; None if they differ: then each says it."""
    recorded = {_recorded(view) for view in answer.views}
    return recorded.pop() if len(recorded) == 1 else None


def _recorded(view: DomainView) -> str:
    return f"{view.recorded_by.name}, {words.day(view.recorded_on, year=True)}"


def when_and_by_whom(answer: AgencyAnswerView) -> str:
    """Return the line under an agency's name: when it answered and who released it, or when it is due."""
    if answer.at is not None:
        by = session.named(answer.released_by) if answer.released_by else _author(answer)
        return f"{words.day_of(answer.at)}, {by}"
    if answer.due_at is not None:
        due = f"due {words.day_of(answer.due_at)}"
        return f"{due}, {answer.brought_forward}" if answer.brought_forward else due
    return "not asked"


def _author(answer: AgencyAnswerView) -> str:
    return (
        f"from its records, version {answer.plugin_version}" if answer.plugin_version else answer.author or ""
    )


def _row(
    domain: Domain,
    number: int,
    answers: Sequence[AgencyAnswerView],
    judgement: Judgement | None,
    apart: int,
    newest: NewestIncident | None,
) -> markup.Markup:
    cells = [
        cell for answer in answers if (cell := _cell(answer, domain, number, judgement, newest)) is not None
    ]
    return markup.element(
        "tr",
        markup.element("th", words.domain_in_words(domain), _differ(apart), scope="row"),
        *cells,
        _panel(judgement),
        class_="differ" if apart else None,
    )


def _cell(
    answer: AgencyAnswerView,
    domain: Domain,
    number: int,
    judgement: Judgement | None,
    newest: NewestIncident | None,
    *,
    above: str | None = None,
) -> markup.Markup | None:
    """Return one agency on one domain; ``above`` is the head that a narrow window has above it.

    An agency without a contribution has one tall cell, in the first row.
    """
    if not _contributed(answer):
        if number:
            return None
        return markup.element(
            "td",
            markup.none_recorded(_instead(answer)),
            rowspan=len(Domain),
            class_="whole",
        )
    view = next((view for view in answer.views if view.domain is domain), None)
    if view is not None:
        older = newest.marks(view.recorded_on) if newest else None
        return _viewed(view, judgement, older, says_who=_recorded_once(answer) is None, above=above)
    if answer.levels_hidden:
        return _cell_of(markup.none_recorded(HIDDEN), above=above)
    return _cell_of(markup.tag("Not assessed"), markup.element("div", markup.none_recorded()), above=above)


def _cell_of(*said: markup.Content, above: str | None, look: str | None = None) -> markup.Markup:
    return markup.element("td", *said, class_=look, data_head=above, role="cell" if above else None)


def _contributed(answer: AgencyAnswerView) -> bool:
    """Return whether there is a contribution to show, which its own agency's newer draft does not hide."""
    if answer.state is AnswerState.CONTRIBUTION:
        return True
    return answer.state is AnswerState.WAITING_RELEASE and answer.version is not None


def _viewed(
    view: DomainView, judgement: Judgement | None, older: str | None, *, says_who: bool, above: str | None
) -> markup.Markup:
    far = judgement is not None and (levels_apart(view.level, judgement.level) or 0) >= _FAR_FROM_PANEL
    notes = [_recorded(view)] if says_who else []
    notes += [f"for {words.counted(view.horizon_weeks, 'week')}"] if view.horizon_weeks else []
    soon = words.how_soon_in_words(view.how_soon) if view.domain is Domain.VIOLENCE else None
    return _cell_of(
        markup.join([markup.level_tag(view.level), markup.tag(older, "t-older") if older else None], " "),
        markup.element("div", view.reasons),
        markup.element("small", soon) if soon else None,
        markup.element("small", words.sentence(", ".join(notes))) if notes else None,
        above=above,
        look="out" if far else None,
    )


def _panel(judgement: Judgement | None) -> markup.Markup:
    if judgement is None:
        return markup.element("td", markup.none_recorded("No decision yet"), class_="panel")
    horizon = f"For {words.counted(judgement.horizon_weeks, 'week')}" if judgement.horizon_weeks else None
    soon = words.how_soon_in_words(judgement.how_soon) if judgement.domain is Domain.VIOLENCE else None
    notes = ". ".join(part for part in (soon, horizon) if part)
    return markup.element(
        "td",
        markup.level_tag(judgement.level),
        markup.element("div", judgement.why),
        markup.element("small", notes) if notes else None,
        class_="panel",
    )


def _rows_of_words(answers: Sequence[AgencyAnswerView]) -> list[markup.Markup]:
    """Return rows of what only one agency has, and what each says is missing.

    A row is there only where one says so.
    """
    rows = []
    if any(answer.in_own_words for answer in answers):
        rows.append(_row_of_words("In the agency's own words", [answer.in_own_words for answer in answers]))
    if any(answer.gaps for answer in answers):
        rows.append(_row_of_words("Missing information", [answer.gaps for answer in answers]))
    return rows


def _row_of_words(name: str, said: Sequence[tuple[str, ...]]) -> markup.Markup:
    cells = [
        markup.element(
            "td", markup.bullets(each) if len(each) > 1 else each[0] if each else markup.none_recorded()
        )
        for each in said
    ]
    panel = markup.element("td", markup.none_recorded("No panel judgement on this"), class_="panel")
    return markup.element("tr", markup.element("th", name, scope="row"), *cells, panel)
