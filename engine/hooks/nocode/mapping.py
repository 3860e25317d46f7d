"""``mapping.toml``: which sheet holds whom, and how its rows become sentences. Reads no record."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError, model_validator

from engine.domain.absence import ItemState
from engine.domain.base import Code, Frozen
from engine.domain.conference.risk import Domain, HowSoon, Level
from engine.domain.errors import PluginError
from engine.domain.file_faults import why_not
from engine.domain.people.persons import IdentifierScheme
from engine.domain.responses.answers import Nature
from engine.hooks.discovery import MAPPING_FILE, Announced
from engine.hooks.manifest import Manifest, ManifestFaultsError, read_manifest
from engine.hooks.nocode.headings import misread
from engine.hooks.nocode.reported_mapping import LinksMapped, OrdersMapped
from engine.hooks.nocode.sentences import columns_in, faults_of_template
from engine.hooks.nocode.sheet_mapping import Column, SheetMapped
from engine.orders.conditions import condition_library
from engine.orders.rules import order_type

Template = Annotated[str, StringConstraints(min_length=5, max_length=300)]
_MOST_BYTES = 500_000


class FindingMapped(Frozen):
    """A sentence that is said for each row of its table that it fits.

    ``only_if`` lists, for a column, the terms that the cell may hold. When a column that the sentence names
    is blank, ``says_if_blank`` is said instead; without one, the gap is reported and nothing is said.
    """

    key: Code
    says: Template
    says_if_blank: Template | None = None
    kind: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    nature: Nature = Nature.FACT
    dated: Column | None = None
    only_if: dict[Column, tuple[str, ...]] = Field(default_factory=dict)
    may_share: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that it reads."""
        blank = columns_in(self.says_if_blank) if self.says_if_blank else ()
        dated = (self.dated,) if self.dated else ()
        return tuple(dict.fromkeys((*columns_in(self.says), *blank, *dated, *self.only_if)))

    @model_validator(mode="after")
    def _its_sentences_are_sentences(self) -> FindingMapped:
        faults = [*faults_of_template(self.says)]
        if self.says_if_blank is not None:
            faults += faults_of_template(self.says_if_blank)
        if faults:
            raise ValueError("; ".join(faults))
        return self


class PeopleMapped(SheetMapped):
    """People whom the agency knows: one row a person.

    ``name`` are the columns of the whole name, in order.
    """

    name: Annotated[tuple[Column, ...], Field(min_length=1, max_length=4)]
    other_names: Column | None = None
    date_of_birth: Column | None = None
    identifiers: dict[IdentifierScheme, Column] = Field(default_factory=dict)
    last_checked: Column | None = None
    children: bool = Field(
        default=False, description="true if the sheet has children, so that a date of birth may be of late"
    )
    findings: tuple[FindingMapped, ...] = ()

    @property
    def matched_on(self) -> tuple[str, ...]:
        """The columns that identify a person: what one of them lacks is counted, and breaks no row."""
        one = (self.other_names, self.date_of_birth)
        return (*self.name, *(each for each in one if each), *self.identifiers.values())

    @property
    def reads(self) -> tuple[str, ...]:
        """Every column that is read; no other one is stored."""
        one = (self.other_names, self.date_of_birth, self.last_checked)
        named = (self.record, *self.name, *(each for each in one if each), *self.identifiers.values())
        return tuple(dict.fromkeys((*named, *(c for each in self.findings for c in each.columns))))


class TableMapped(SheetMapped):
    """Records about them: any number of rows a person, whose number is in ``person``."""

    person: Column
    findings: Annotated[tuple[FindingMapped, ...], Field(min_length=1)]

    @property
    def reads(self) -> tuple[str, ...]:
        """Every column that is read; no other one is stored."""
        found = (c for each in self.findings for c in each.columns)
        return tuple(dict.fromkeys((self.record, self.person, *found)))


class ItemMapped(Frozen):
    """Place of an instrument's item, and which term means what. A blank cell was not asked."""

    column: Column
    words: Annotated[dict[Annotated[str, StringConstraints(min_length=1)], ItemState], Field(min_length=1)]


class InstrumentMapped(SheetMapped):
    """An instrument whose answers are in columns; ``id`` is one that the manifest names."""

    id: Code
    person: Column
    items: Annotated[dict[str, ItemMapped], Field(min_length=1)]
    conclusion: Column | None = None
    concluded_by: Column | None = None
    dated: Column | None = None

    @property
    def reads(self) -> tuple[str, ...]:
        """Every column that is read."""
        also = (each for each in (self.conclusion, self.concluded_by, self.dated) if each)
        return tuple(
            dict.fromkeys((self.record, self.person, *also, *(each.column for each in self.items.values())))
        )

    @model_validator(mode="after")
    def _a_conclusion_has_its_author(self) -> InstrumentMapped:
        if (self.conclusion is None) != (self.concluded_by is None):
            raise ValueError("a conclusion and who concluded it go together")
        return self


class ViewsMapped(SheetMapped):
    """Views on the four domains that named professionals recorded, one a row, carried word for word."""

    person: Column
    domain: Column
    level: Column
    reasons: Column
    recorded_by: Column
    post: Column
    recorded_on: Column
    how_soon: Column | None = None
    domains: dict[str, Domain] = Field(default_factory=dict)
    levels: dict[str, Level] = Field(default_factory=dict)
    how_soons: dict[str, HowSoon] = Field(default_factory=dict)

    @property
    def reads(self) -> tuple[str, ...]:
        """Every column that is read."""
        named = (self.record, self.person, self.domain, self.level, self.reasons, self.recorded_by)
        soon = (self.how_soon,) if self.how_soon else ()
        return tuple(dict.fromkeys((*named, self.post, self.recorded_on, *soon)))


class Mapping(Frozen):
    """The whole of ``mapping.toml``."""

    who: Annotated[str, StringConstraints(min_length=2, max_length=60)]
    looked_in: Annotated[tuple[str, ...], Field(min_length=1)]
    dates: tuple[Column, ...] = ()
    people: PeopleMapped
    table: tuple[TableMapped, ...] = ()
    instrument: tuple[InstrumentMapped, ...] = ()
    views: ViewsMapped | None = None
    orders: OrdersMapped | None = None
    links: LinksMapped | None = None

    @property
    def sheets(self) -> tuple[SheetMapped, ...]:
        """Every table that is read."""
        several = (self.views, self.orders, self.links)
        return (self.people, *self.table, *self.instrument, *(each for each in several if each is not None))

    @model_validator(mode="after")
    def _its_parts_fit(self) -> Mapping:
        findings = [*self.people.findings, *(each for table in self.table for each in table.findings)]
        faults = []
        if len({each.key for each in findings}) != len(findings):
            faults.append("findings: each needs a key of its own")
        known = {column for sheet in self.sheets for column in sheet.reads}
        faults += [
            f"dates: no part of the mapping reads a column '{each}'"
            for each in self.dates
            if each not in known
        ]
        faults += [
            f"finding {each.key}: list '{each.dated}' under dates too"
            for each in findings
            if each.dated is not None and each.dated not in self.dates
        ]
        faults += self._faults_of_people()
        faults += self._faults_of_codes()
        faults += self._faults_of_columns()
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _faults_of_people(self) -> Iterator[str]:
        """Yield every column that identifies a person and is another column too, or the wrong one.

        With such a mapping each person would read as a nil return.
        """
        people = self.people
        uses = [("record", people.record), *(("a part of the name", each) for each in people.name)]
        optional = (("other_names", people.other_names), ("date_of_birth", people.date_of_birth))
        uses += [(use, column) for use, column in optional if column is not None]
        uses += [
            (f"the date of finding {each.key}", each.dated)
            for each in people.findings
            if each.dated is not None and each.dated == people.date_of_birth
        ]
        if people.last_checked is not None:
            uses.append(("last_checked", people.last_checked))
        for column in dict.fromkeys(column for _, column in uses):
            read_as = list(dict.fromkeys(use for use, each in uses if each == column))
            if len(read_as) > 1 or [each for _, each in uses].count(column) > 1:
                also = " and as ".join(read_as)
                yield f"people: '{column}' is read as {also}; one of them is another column"
        yield from (
            f"people: {fault}; read it, or leave it out of columns"
            for fault in misread(
                people.columns,
                name=people.name,
                date_of_birth=people.date_of_birth,
                other_names=people.other_names,
            )
        )

    def _faults_of_codes(self) -> Iterator[str]:
        """Yield every code of an order or a condition that the engine does not have."""
        if self.orders is None:
            return
        yield from (
            f"orders: '{code}' is not a type of order; 'stac order types' lists them"
            for code in self.orders.types.values()
            if order_type(code) is None
        )
        yield from (
            f"orders: '{code}' is not in the library of conditions; 'stac order conditions' lists it"
            for code in self.orders.condition_codes.values()
            if code not in condition_library().by_code
        )

    def _faults_of_columns(self) -> Iterator[str]:
        """Yield every reference to a column that its sheet does not have:
        a slip there would be found by a panel.
        """
        declared: dict[tuple[str, str | None], tuple[str, ...]] = {}
        for sheet in self.sheets:
            of = f"sheet {sheet.sheet} of {sheet.file}" if sheet.sheet else sheet.file
            if len(set(sheet.columns)) < len(sheet.columns):
                yield f"columns of {of}: list each column once"
            if declared.setdefault((sheet.file, sheet.sheet), sheet.columns) != sheet.columns:
                yield f"columns of {of}: two parts of the mapping say different ones"
            for column in sheet.reads:
                if column not in sheet.columns:
                    near = get_close_matches(column, sheet.columns, n=1)
                    meant = f"; did you mean '{near[0]}'?" if near else ""
                    yield f"'{column}' is not a column of {of}{meant}"


def read_agency(place: Announced) -> Manifest:
    """Return the manifest of an announced agency; of one without Python, its mapping is read too.

    Raises ManifestFaultsError with every fault.
    """
    manifest = read_manifest(place.folder, agency=place.code)
    if place.definition is None:
        return manifest
    mapping = read_mapping(place.definition, agency=place.code)
    faults = []
    if manifest.speaks_for_victim:
        faults.append(
            "the victim's voice needs a plugin of its own: a mapping cannot hold the victim's "
            "agreement to share, or its recipients"
        )
    faults += [
        f"{MAPPING_FILE}: instrument {each.id} is not named under instruments in agency.toml"
        for each in mapping.instrument
        if each.id not in manifest.instrument_ids
    ]
    if faults:
        raise ManifestFaultsError(tuple(PluginError(place.code, each) for each in faults))
    return manifest


def read_mapping(folder: Path, *, agency: str) -> Mapping:
    """Return the mapping in a folder. Raises ManifestFaultsError with one sentence for each fault."""
    try:
        with open(folder / MAPPING_FILE, "rb") as opened:
            read = tomllib.loads(opened.read(_MOST_BYTES).decode("utf-8"))
        return Mapping.model_validate(read)
    except OSError as error:
        texts = [f"{MAPPING_FILE} could not be opened ({why_not(error)})"]
    except UnicodeDecodeError:
        texts = [f"{MAPPING_FILE} is not UTF-8 text"]
    except tomllib.TOMLDecodeError as error:
        texts = [f"{MAPPING_FILE} is not TOML: {error}"]
    except RecursionError:
        texts = [f"{MAPPING_FILE} is nested too deeply"]
    except ValidationError as error:
        texts = _sentences(error)
    raise ManifestFaultsError(tuple(PluginError(agency, each) for each in texts))


def _sentences(error: ValidationError) -> list[str]:
    """Return one for each fault; a whole that is wrong because one of its parts is, is not reported again."""
    faults = error.errors()
    places = [fault["loc"] for fault in faults]
    return [
        _sentence(fault["loc"], fault["type"], fault["msg"])
        for fault in faults
        if not any(place != fault["loc"] and place[: len(fault["loc"])] == fault["loc"] for place in places)
    ]


def _sentence(where: tuple[int | str, ...], kind: str, sentence: str) -> str:
    place = ".".join(str(step + 1) if isinstance(step, int) else step[:60] for step in where)
    match kind:
        case "missing":
            return f"{MAPPING_FILE}: {place} is missing"
        case "extra_forbidden":
            return f"{MAPPING_FILE}: {place} is not part of a mapping; leave it out"
        case _:
            said = sentence.removeprefix("Value error, ")
            return f"{MAPPING_FILE}: {place}: {said}" if place else f"{MAPPING_FILE}: {said}"
