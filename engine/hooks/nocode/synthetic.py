"""Invented sheets for an agency without Python, in the form that its mapping reads."""

from __future__ import annotations

import csv
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from engine.hooks.nocode.definition import definition
from engine.hooks.nocode.mapping import FindingMapped, InstrumentMapped, PeopleMapped, ViewsMapped
from engine.hooks.nocode.reported_mapping import LinksMapped, OrdersMapped
from engine.hooks.nocode.sheet_mapping import SheetMapped
from engine.hooks.nocode.sheets import without_system_types
from engine.hooks.v1 import (
    Domain,
    EvidenceThing,
    InventedEpisode,
    InventedExtractTask,
    InventedPerson,
    Level,
)

_Rows = dict[tuple[str, str | None], list[dict[str, str]]]
_KNOWN, _BLANK = 0.65, 0.12
_AUTHORS = (("Ansel Makebelief", "Manager"), ("Linnea Fictiva", "Senior Officer"))


def write_extract(task: InventedExtractTask, folder: Path) -> None:
    """Write what the agency could know of some of these people by that day."""
    asked = definition()
    mapping, rows = asked.mapping, _Rows()
    for sheet in mapping.sheets:
        rows.setdefault((sheet.file, sheet.sheet), [])
    seen: set[str] = set()
    for episode in task.episodes:
        person = episode.perpetrator
        named = f"{task.seed} {asked.manifest.code} {person.key}"
        chance = Random(named)  # noqa: S311  the same for the same seed
        if person.key in seen or chance.random() > _KNOWN:
            continue
        seen.add(person.key)
        by = min(episode.referred_on, task.on)
        _write_person(rows, chance, f"{len(seen):05}", person, episode, by)
    _write(folder, rows, mapping.sheets)


def _write_person(
    rows: _Rows, chance: Random, number: str, person: InventedPerson, episode: InventedEpisode, by: date
) -> None:
    mapping = definition().mapping
    key = f"N{number}"
    row = _cells(chance, mapping.people.findings, by)
    row |= _described(chance, mapping.people, person, by)
    rows[mapping.people.file, mapping.people.sheet].append({**row, mapping.people.record: key})
    for place, table in enumerate(mapping.table):
        for running in range(chance.randint(0, 3)):
            cells = _cells(chance, table.findings, by)
            named = {table.record: f"N{number}T{place}-{running}", table.person: key}
            rows[table.file, table.sheet].append({**cells, **named})
    for place, form in enumerate(mapping.instrument):
        if chance.random() < 0.5:
            cells = _form(chance, form, by)
            rows[form.file, form.sheet].append({**cells, form.record: f"N{number}F{place}", form.person: key})
    if mapping.views is not None and chance.random() < 0.4:
        for domain in Domain:
            cells = _view(chance, mapping.views, domain, by)
            views = rows[mapping.views.file, mapping.views.sheet]
            views.append(
                {
                    **cells,
                    mapping.views.record: f"N{number}V-{domain.value.replace(' ', '-')}",
                    mapping.views.person: key,
                }
            )

    if mapping.orders is not None and chance.random() < 0.5:
        cells = _order(chance, mapping.orders, by)
        named = {mapping.orders.record: f"N{number}R1", mapping.orders.person: key}
        rows[mapping.orders.file, mapping.orders.sheet].append({**cells, **named})
    if mapping.links is not None:
        for running, cells in enumerate(_links(chance, mapping.links, person, by), start=1):
            named = {mapping.links.record: f"N{number}L{running}", mapping.links.person: key}
            rows[mapping.links.file, mapping.links.sheet].append({**cells, **named})


def _order(chance: Random, mapped: OrdersMapped, by: date) -> dict[str, str]:
    made = by - timedelta(days=chance.randint(10, 300))
    days = {
        mapped.made: made,
        mapped.served: made + timedelta(days=chance.randint(0, 3)),
        mapped.in_effect: made,
        mapped.ends: made + timedelta(days=730),
    }
    cells = {column: f"{day:%d/%m/%Y}" for column, day in days.items() if column}
    cells |= {column: "" for column in (mapped.court, mapped.source, mapped.grade) if column}
    cells |= dict.fromkeys(mapped.until_further_order, "")
    if mapped.conditions:
        cells[mapped.conditions] = "; ".join([*mapped.condition_codes, "To return the keys."][:2])
    return {**cells, mapped.type: chance.choice([*mapped.types])}


def _links(chance: Random, mapped: LinksMapped, person: InventedPerson, by: date) -> Iterator[dict[str, str]]:
    terms = {meant: term for term, meant in mapped.things.items()} or {
        each: each.value for each in EvidenceThing
    }
    given = {EvidenceThing.PHONE: person.phone, EvidenceThing.VEHICLE: person.vehicle}
    for thing, value in given.items():
        if thing not in terms or value is None or chance.random() < 0.4:
            continue
        day = by - timedelta(days=chance.randint(3, 300))
        columns = (mapped.first_recorded, mapped.last_recorded)
        dated = {column: f"{day:%d/%m/%Y}" for column in columns if column}
        yield {**dated, mapped.thing: terms[thing], mapped.value: value}


def _described(chance: Random, mapped: PeopleMapped, person: InventedPerson, by: date) -> dict[str, str]:
    parts = [person.forename, person.surname]
    if len(mapped.name) == 1:
        parts = [" ".join(parts)]
    cells = dict(zip(mapped.name, [*parts, "", ""], strict=False))
    if mapped.other_names:
        cells[mapped.other_names] = "; ".join(person.also_written[:2])
    if mapped.date_of_birth:
        born = person.date_of_birth
        cells[mapped.date_of_birth] = "" if chance.random() < _BLANK else f"{born:%d/%m/%Y}"
    if mapped.last_checked:
        day = by - timedelta(days=chance.randint(1, 60))
        cells[mapped.last_checked] = "" if chance.random() < _BLANK else f"{day:%d/%m/%Y}"
    held = {each.scheme: each.value for each in person.identifiers}
    for scheme, column in mapped.identifiers.items():
        cells[column] = held.get(scheme, "")
    return cells


def _cells(chance: Random, findings: Iterable[FindingMapped], by: date) -> dict[str, str]:
    dates = set(definition().mapping.dates)
    words: dict[str, set[str]] = defaultdict(set)
    columns: dict[str, None] = {}
    for finding in findings:
        columns |= dict.fromkeys(finding.columns)
        for column, listed in finding.only_if.items():
            words[column] |= set(listed)
    cells = {}
    for column in columns:
        if column in words:
            cells[column] = chance.choice([*sorted(words[column]), "something else"])
        elif chance.random() < _BLANK:
            cells[column] = ""
        elif column in dates:
            cells[column] = f"{by - timedelta(days=chance.randint(3, 900)):%d/%m/%Y}"
        else:
            cells[column] = f"invented {chance.randint(1, 40)}"
    return cells


def _form(chance: Random, form: InstrumentMapped, by: date) -> dict[str, str]:
    cells = {each.column: chance.choice([*each.words, ""]) for each in form.items.values()}
    author, _ = chance.choice(_AUTHORS)
    if form.conclusion and form.concluded_by:
        cells |= {form.conclusion: "An invented conclusion.", form.concluded_by: author}
    if form.dated:
        cells[form.dated] = f"{by - timedelta(days=chance.randint(3, 200)):%d/%m/%Y}"
    return cells


def _view(chance: Random, mapped: ViewsMapped, domain: Domain, by: date) -> dict[str, str]:
    domains = {meant: term for term, meant in mapped.domains.items()} or {each: each.value for each in Domain}
    levels = list(mapped.levels) or [level.value for level in Level]
    author, post = chance.choice(_AUTHORS)
    cells = {
        mapped.domain: domains.get(domain, next(iter(domains.values()))),
        mapped.level: chance.choice(levels),
        mapped.reasons: "Invented reasons.",
        mapped.recorded_by: author,
        mapped.post: post,
        mapped.recorded_on: f"{by - timedelta(days=chance.randint(3, 200)):%d/%m/%Y}",
    }
    return {**cells, mapped.how_soon: ""} if mapped.how_soon else cells


def _write(folder: Path, rows: _Rows, sheets: Iterable[SheetMapped]) -> None:
    columns: dict[tuple[str, str | None], dict[str, None]] = defaultdict(dict)
    unread: dict[tuple[str, str | None], set[str]] = {}
    for sheet in sheets:
        place = (sheet.file, sheet.sheet)
        columns[place] |= dict.fromkeys(sheet.columns)
        unread[place] = unread.get(place, set(sheet.columns)) - set(sheet.reads)
    for place, left in unread.items():
        for number, row in enumerate(rows[place], start=1):
            row.update(dict.fromkeys(sorted(left), f"unread {number}"))
    workbooks: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for file, name in columns:
        workbooks[file].append((file, name))
    for file, places in workbooks.items():
        if places[0][1] is None:
            _write_csv(folder / file, list(columns[places[0]]), rows[places[0]])
        else:
            _write_workbook(
                folder / file, {str(place[1]): (list(columns[place]), rows[place]) for place in places}
            )


def _write_csv(file: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    with open(file, "w", encoding="utf-8", newline="") as opened:
        table = csv.DictWriter(opened, columns, restval="", lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def _write_workbook(file: Path, sheets: dict[str, tuple[list[str], list[dict[str, str]]]]) -> None:
    with without_system_types():
        from openpyxl import Workbook  # takes a fifth of a second, and most extracts are CSV

    book = Workbook(write_only=True)
    for name, (columns, rows) in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(columns)
        for row in rows:
            sheet.append([row.get(column, "") or None for column in columns])
    elsewhere, tempfile.tempdir = tempfile.tempdir, str(file.parent)  # it may write nowhere else
    try:
        book.save(file)
    finally:
        tempfile.tempdir = elsewhere
