"""Answers of an agency without Python: its mapping's sentences about the rows of the person asked about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from engine.hooks.nocode.definition import Definition
from engine.hooks.nocode.extract import Held, PersonHeldHere
from engine.hooks.nocode.mapping import FindingMapped, InstrumentMapped, PeopleMapped, TableMapped
from engine.hooks.nocode.reporting import orders_known
from engine.hooks.nocode.sentences import LONGEST_SENTENCE, columns_in, filled, plain
from engine.hooks.nocode.sheets import Row
from engine.hooks.v1 import (
    CaseAsked,
    Contribution,
    EvidenceThing,
    Finding,
    FoundNobody,
    FoundUnclear,
    InstrumentItem,
    InstrumentResult,
    ItemState,
    LinkEvidence,
    NilReturn,
    PersonAsked,
    RecordPointer,
    RecordsChecked,
    SubjectAccessItem,
    SubjectAccessResult,
    counted,
    key_of,
    links_reported,
    newest_orders,
    newest_views,
    sentence,
    was,
)

_NOT_CERTAIN = "One record may be this person's. A person must confirm it before it is given."


@dataclass(frozen=True)
class _Left:
    """A row of which nothing was said: a column that the sentence needs is blank, or no sentence fits it."""

    of: str
    column: str | None

    def sentence(self, count: int) -> str:
        """Return its sentence, for so many rows."""
        rows = counted(count, "record")
        if self.column is None:
            fits = "fits" if count == 1 else "fit"
            return sentence(f"{rows} in {plain(self.of)} {fits} no sentence, so {_it(count)} is not reported")
        return sentence(f"{rows} lacked '{plain(self.column)}', so nothing was said of {self.of}")


def _it(count: int) -> str:
    return "it" if count == 1 else "them"


def assess(asked: Definition, case: CaseAsked, held: Held) -> Contribution | NilReturn:
    """Return what is held on the day of asking; a row that is dated later is left out."""
    mapping = asked.mapping
    found = held.index.find(case.perpetrator)
    if isinstance(found, FoundNobody):
        nil = found.answer(who=mapping.who, looked_in=mapping.looked_in)
        return nil.model_copy(update={"gaps": (*nil.gaps, *held.doubts)})
    if isinstance(found, FoundUnclear):
        unclear = found.answer()
        return unclear.model_copy(update={"gaps": (*unclear.gaps, *held.doubts)})
    person = held.people[found.key]
    said = list(_findings(asked, person, case.on))
    orders, older = newest_orders(orders_known(person.orders, on=case.on))
    links, more = _links(asked, person, case.on) if found.basis.confirmed else (None, ())
    return Contribution(
        matched_on=found.basis,
        findings=tuple(each for each in said if isinstance(each, Finding)),
        instruments=tuple(_instruments(asked, person, case.on)),
        views=newest_views(person.views, on=case.on),
        orders=orders if mapping.orders else None,
        link_evidence=links,
        records_checked=_checked(asked, person, case.on),
        gaps=(
            *found.gaps,
            *_gaps(each for each in said if isinstance(each, _Left)),
            *older,
            *more,
        ),
    )


def _links(
    asked: Definition, person: PersonHeldHere, on: date
) -> tuple[tuple[LinkEvidence, ...] | None, tuple[str, ...]]:
    mapping = asked.mapping
    return links_reported(
        person.links if mapping.links is not None else None, on=on, records=mapping.looked_in[0]
    )


def _checked(asked: Definition, person: PersonHeldHere, on: date) -> tuple[RecordsChecked, ...] | None:
    column = asked.mapping.people.last_checked
    if column is None:
        return None
    day = person.row.whole_day(column)
    shown = day if day is not None and day <= on else None
    return (RecordsChecked(source=asked.mapping.looked_in[0], on=shown),)


def told_to_the_person(asked: Definition, person: PersonAsked, held: Held) -> SubjectAccessResult:
    """Return every sentence and view about the person who asks, of any date,
    and nothing of any other person.
    """
    looked_in = asked.mapping.looked_in
    found = held.index.find(person)
    if isinstance(found, FoundUnclear):
        return SubjectAccessResult(looked_in=looked_in, gaps=(found.gap,))
    if isinstance(found, FoundNobody):
        return SubjectAccessResult(looked_in=looked_in, gaps=(*found.gaps, *held.doubts))
    if not found.basis.confirmed:
        return SubjectAccessResult(looked_in=looked_in, gaps=(_NOT_CERTAIN,))
    here = held.people[found.key]
    said = list(_findings(asked, here, date.max))
    items = [
        SubjectAccessItem(
            kind=each.records[0].kind,
            says=each.says,
            record=each.records[0].record,
            dated=each.records[0].dated,
        )
        for each in said
        if isinstance(each, Finding)
    ]
    items += [
        SubjectAccessItem(
            kind="view",
            says=sentence(
                f"{view.recorded_by}, {view.post}, recorded {view.domain.value}: {view.level.value}"
            ),
            record=view.view_id,
        )
        for view in here.views
    ]
    items += [
        SubjectAccessItem(
            kind="order", says=f"An order of type {order.type} is recorded.", record=order.records[0].record
        )
        for order in here.orders
        if order.served is not None  # the person may not know of another yet
    ]
    items += [
        SubjectAccessItem(kind="link", says=sentence(f"{row.thing.value} {row.value}"), record=row.link_id)
        for row in here.links
        if row.thing is not EvidenceThing.ASSOCIATE  # the name of another person
    ]
    items += [
        SubjectAccessItem(kind="form", says=f"A form was filled in: {form.id}.", record=row.text(form.record))
        for place, form in enumerate(asked.mapping.instrument)
        for row in here.filled.get(place, [])
    ]
    gaps = [*_gaps(each for each in said if isinstance(each, _Left))]
    unserved = sum(order.served is None for order in here.orders)
    if unserved:
        gaps.append(
            sentence(f"{counted(unserved, 'order')} not recorded as served {was(unserved)} not given")
        )
    return SubjectAccessResult(items=tuple(items), looked_in=looked_in, gaps=tuple(gaps))


def _findings(asked: Definition, person: PersonHeldHere, on: date) -> Iterator[Finding | _Left]:
    mapping = asked.mapping
    yield from _of_rows(asked, mapping.people, [person.row], on)
    for place, table in enumerate(mapping.table):
        yield from _of_rows(asked, table, person.rows.get(place, []), on)


def _of_rows(
    asked: Definition, mapped: PeopleMapped | TableMapped, rows: list[Row], on: date
) -> Iterator[Finding | _Left]:
    for finding in mapped.findings:
        for row in rows:
            if _fits(finding, row) and _is_known(finding.dated, row, on):
                yield _finding(asked, mapped, finding, row)
    for row in rows:
        none_fits = mapped.findings and not any(_fits(finding, row) for finding in mapped.findings)
        if none_fits and all(_is_known(finding.dated, row, on) for finding in mapped.findings):
            yield _Left(of=mapped.sheet or mapped.file, column=None)


def _is_known(dated: str | None, row: Row, on: date) -> bool:
    """Return whether a row was there by that day; one without a date was."""
    day = row.day(dated) if dated else None
    return day is None or day.earliest <= on


def _fits(finding: FindingMapped, row: Row) -> bool:
    return all(
        (row.cells[column] or "").casefold() in {term.casefold() for term in words}
        for column, words in finding.only_if.items()
    )


def _finding(
    asked: Definition, mapped: PeopleMapped | TableMapped, finding: FindingMapped, row: Row
) -> Finding | _Left:
    template, cells = finding.says, _shown(asked, row)
    blank = [column for column in columns_in(template) if not cells.get(column)]
    if blank:
        if finding.says_if_blank is None:
            return _Left(of=finding.key, column=blank[0])
        template = finding.says_if_blank
        blank = [column for column in columns_in(template) if not cells.get(column)]
        if blank:
            return _Left(of=finding.key, column=blank[0])
    record = row.text(mapped.record)
    dated = row.day(finding.dated) if finding.dated else None
    return Finding(
        key=key_of(finding.key, record),
        says=sentence(filled(template, cells)),
        nature=finding.nature,
        records=(RecordPointer(record=record, kind=finding.kind, dated=dated),),
        may_share=finding.may_share,
    )


def _shown(asked: Definition, row: Row) -> dict[str, str]:
    """Return the row's cells as a sentence shows them: dates in words, and no blank ones."""
    shown = {}
    for column, cell in row.cells.items():
        if cell is None:
            continue
        day = row.day(column) if column in asked.mapping.dates else None
        shown[column] = day.in_words() if day else plain(cell)
    return shown


def _instruments(asked: Definition, person: PersonHeldHere, on: date) -> Iterator[InstrumentResult]:
    for place, form in enumerate(asked.mapping.instrument):
        known = [row for row in person.filled.get(place, []) if _is_known(form.dated, row, on)]
        if known:  # the newest; one without a date comes before every other
            newest = max(known, key=lambda row: (_day(form, row), row.line))
            yield _result(asked, form, newest)


def _day(form: InstrumentMapped, row: Row) -> date:
    dated = row.day(form.dated) if form.dated else None
    return dated.earliest if dated else date.min


def _result(asked: Definition, form: InstrumentMapped, row: Row) -> InstrumentResult:
    record = row.text(form.record)
    dated = row.day(form.dated) if form.dated else None
    pointer = (RecordPointer(record=record, kind="form", dated=dated),)
    items = []
    for item, mapped in form.items.items():
        state = row.meaning(mapped.column, mapped.words) or ItemState.NOT_ASKED
        evidence = pointer if state is not ItemState.NOT_ASKED else ()
        items.append(InstrumentItem(item=item, state=state, evidence=evidence))
    concluded = row.cells[form.conclusion] if form.conclusion else None
    return InstrumentResult(
        instrument=form.id,
        version=asked.version_of(form.id),
        items=tuple(items),
        conclusion=sentence(plain(concluded, LONGEST_SENTENCE)) if concluded else None,
        concluded_by=row.text(form.concluded_by) if concluded and form.concluded_by else None,
    )


def _gaps(left: Iterable[_Left]) -> Iterator[str]:
    """Yield what was not said, counted by why: a row is never passed over in silence."""
    counts: dict[_Left, int] = {}
    for each in left:
        counts[each] = counts.get(each, 0) + 1
    for each, count in counts.items():
        yield each.sentence(count)
