"""Reading of an entity file and a link file into a register. Knows the rows' rules; opens no file.

A row that cannot be read is reported with its place and why; every other row is read. What is marked
protected is withheld here, before there is a register: nothing downstream can leak what it never had.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from engine.domain.dates import PartialDate, read_date
from engine.domain.errors import InvalidInputError
from engine.domain.links.grades import GRADE
from engine.links.building import RegisterBuilder
from engine.links.ends import SIDES, Ends
from engine.links.kinds import SHAPES, Role, Shape, folded, is_yes, role_of
from engine.links.mapping import Columns, LinkMapping, columns_of
from engine.links.register import Register
from engine.links.rows import FileRow, NetworkFile
from engine.links.terms_read import TermCount, TermRead
from engine.links.type_inference import LinkedTypes, guessed_shapes

_LONGEST_ID = 200
_SHOWN = 60
_MORE = "more:"
_NO = {"", "false", "no", "n", "0", "f"}


class Rejected(NamedTuple):
    """Row that was not read, its place, and why, in one sentence."""

    file: str
    row: int
    column: str | None
    reason: str
    why: str
    """The same in a term or two, to be counted by."""


class Reading(NamedTuple):
    """A register, and all that did not come into it unchanged."""

    register: Register
    rejected: tuple[Rejected, ...]
    notes: tuple[str, ...]
    protected_entities: int
    protected_links: int
    types: tuple[TermRead, ...] = ()
    """The words of the files for types, and the shape that each was read as."""
    roles: tuple[TermRead, ...] = ()


def read_register(
    entities: Sequence[NetworkFile],
    links: Sequence[NetworkFile],
    *,
    mapping: LinkMapping | None = None,
    about: Mapping[str, str] | None = None,
) -> Reading:
    """Return the register of entity files and link files, each with its header first; one file will do.

    Without an entity file the entities are the ends of the links. An id that several entity files have is
    one entity: the first file counts, and others add what it lacks. Raises InvalidInputError if a file lacks
    its header or a column that is needed, or if the files have no entity.
    """
    if not entities and not links:
        raise InvalidInputError("links import", "give an entity file, a link file, or both")
    reader = _Reader(mapping or LinkMapping())
    if entities:
        reader.take_entities(entities)
    if links:
        reader.take_links(links, alone=not entities)
    return reader.reading(about or {})


class _Place(NamedTuple):
    """A row, the file that it is in, and that file's columns."""

    file: str
    row: FileRow
    columns: Columns


class _Reader:
    def __init__(self, mapping: LinkMapping) -> None:
        self._mapping = mapping
        self._building = RegisterBuilder()
        self._rejected: list[Rejected] = []
        self._notes: list[str] = []
        self._protected: set[str] = set()
        self._protected_links = 0
        self._types: dict[str, str] = {}
        self._shapes: dict[str, Shape] = {}
        self._odd_roles: Counter[str] = Counter()
        self._type_terms, self._role_terms = TermCount(), TermCount()
        self._odd_grades = 0
        self._doubtful_protection = 0
        self._repeated = 0
        self._joined = 0
        self._roles_by_kind = 0
        self._linked = LinkedTypes()
        self._ends: Ends | None = None

    def take_entities(self, files: Sequence[NetworkFile]) -> None:
        first: dict[str, _Place] = {}
        again: list[tuple[str, _Place]] = []
        for file in files:
            columns, rest = self._begin("entities", file, ("id",))
            for row in rest:
                entity_id = columns.cell("id", row.cells)
                if not self._is_whole(file.name, row, columns):
                    continue
                place = _Place(file.name, row, columns)
                if not entity_id or len(entity_id) > _LONGEST_ID:
                    sentence = "the id is longer than 200 characters" if entity_id else "the id is missing"
                    self._reject(place, "id", f"{sentence}; the entity was not imported", "bad id")
                    continue
                # any row that marks an id protected protects it, in any place
                if self._is_protected(columns.cell("protected", row.cells)):
                    self._protected.add(entity_id)
                if entity_id in first:
                    again.append((entity_id, place))
                else:
                    first[entity_id] = place
        more = self._more_of(first, again)
        for entity_id, place in first.items():
            if entity_id not in self._protected:
                self._take_entity(entity_id, place, more.get(entity_id, ()))
        if not first:
            raise InvalidInputError(files[0].part, "the file has a header but no valid entity rows")

    def _more_of(
        self, first: Mapping[str, _Place], again: Iterable[tuple[str, _Place]]
    ) -> dict[str, list[_Place]]:
        """Return the rows of other files that add to an entity; reject those that come twice in one file."""
        more: dict[str, list[_Place]] = {}
        for entity_id, place in again:
            if entity_id in self._protected:
                continue
            there = [first[entity_id], *more.get(entity_id, ())]
            same = next((each for each in there if each.file == place.file), None)
            if same is not None:
                sentence = f"the id {entity_id[:_SHOWN]} is in row {same.row.row} already; that row counts"
                self._reject(place, "id", sentence, "id twice")
            else:
                more.setdefault(entity_id, []).append(place)
        return more

    def _take_entity(self, entity_id: str, place: _Place, more: Sequence[_Place]) -> None:
        cells, columns = place.row.cells, place.columns
        kind, label, attributes = (
            columns.cell("type", cells),
            columns.cell("label", cells),
            columns.more(cells),
        )
        self._type_terms.add(kind)
        if more:
            self._joined += 1
            fields = {"type": kind, "label": label, **_apart(attributes)}
            self._join(entity_id, fields, place, more)
            kind, label = fields.pop("type"), fields.pop("label")
            attributes = {name.removeprefix(_MORE): text for name, text in fields.items()}
        self._add(entity_id, self._mapping.type_of(kind), label, attributes)

    def _join(self, entity_id: str, fields: dict[str, str], first: _Place, more: Sequence[_Place]) -> None:
        """Add to the fields of an entity what rows of other files have and it lacks; report what differs."""
        files = dict.fromkeys((name for name, text in fields.items() if text), first.file)
        for place in more:
            cells, columns = place.row.cells, place.columns
            there = {"type": columns.cell("type", cells), "label": columns.cell("label", cells)}
            for name, text in (there | _apart(columns.more(cells))).items():
                if not text or fields.get(name) == text:
                    continue
                if name in files:
                    sentence = (
                        f"the id {entity_id[:_SHOWN]} has another value in {files[name]}; that one counts"
                    )
                    self._reject(place, name.removeprefix(_MORE), sentence, "differs between files")
                else:
                    fields[name], files[name] = text, place.file

    def _add(
        self, entity_id: str, kind: str, label: str = "", attributes: Mapping[str, str] | None = None
    ) -> None:
        if kind not in self._shapes:
            self._shapes[kind] = self._mapping.shape_of(kind)
        self._types[entity_id] = kind
        self._building.add_entity(entity_id, kind, label, shape=self._shapes[kind], attributes=attributes)

    def take_links(self, files: Sequence[NetworkFile], *, alone: bool = False) -> None:
        if alone:
            self._take_ends(files, self._links_of(files, reports=False))
        for place in self._links_of(files):
            self._take_link(place)
        self._reshape()

    def _links_of(self, files: Sequence[NetworkFile], *, reports: bool = True) -> Iterator[_Place]:
        for file in files:
            columns, rest = self._begin("links", file, ("from", "to"))
            for row in rest:
                if self._is_whole(file.name, row, columns, reports=reports):
                    yield _Place(file.name, row, columns)

    def _take_ends(self, files: Sequence[NetworkFile], places: Iterable[_Place]) -> None:
        """Take the ends of unprotected links as the entities, where the entity file is missing."""
        texts = (
            (place.columns, place.row.cells)
            for place in places
            if folded(place.columns.cell("protected", place.row.cells)) in _NO
        )
        self._ends = Ends(texts, self._mapping)
        self._type_terms = self._ends.type_terms
        for entity_id, kind in self._ends.each():
            if len(entity_id) <= _LONGEST_ID:
                self._add(entity_id, kind)
        self._notes.append("no entity file was given: the entities are the ends of the links")
        if self._ends.are_typed_apart:
            sentence = "some ids are of entities of two types; each id has its type before it, as in "
            self._notes.append(sentence + next(f"'{each[:_SHOWN]}'" for each, _ in self._ends.each()))
        if not self._types:
            raise InvalidInputError(files[0].part, "the file has a header but no links with two ends")

    def _take_link(self, place: _Place) -> None:
        row, columns = place.row, place.columns
        start, end = (
            self._ends.at(side, columns, row.cells) if self._ends else columns.cell(side, row.cells)
            for side in SIDES
        )
        if self._is_protected(columns.cell("protected", row.cells)) or self._protected & {start, end}:
            self._protected_links += 1
            return
        for column, entity_id in (("from", start), ("to", end)):
            if entity_id not in self._types:
                sentence = f"no entity {entity_id[:_SHOWN]} exists" if entity_id else "the id is missing"
                self._reject(place, column, f"{sentence}; the link was not imported", "no entity")
                return
        if start == end:
            sentence = f"{start[:_SHOWN]} is linked to itself; the link was not imported"
            self._reject(place, "to", sentence, "linked to itself")
            return
        term, more = self._role_word(columns, row.cells), columns.more(row.cells)
        if self._ends is None:  # the entity file has said of what types they are, and this is one more word
            more |= {f"{side}_type": t for side in SIDES if (t := columns.cell(f"{side}_type", row.cells))}
        self._role_terms.add(term)
        role = self._mapping.role_of(term)
        if role is None:
            self._odd_roles[term] += 1
            role = Role.OTHER
        grade = columns.cell("grade", row.cells)
        self._odd_grades += bool(grade) and not GRADE.match(grade)
        date, unread = self._date(place)
        if unread:
            more["date_not_understood"] = unread
        self._repeated += not self._building.add_link(
            start,
            end,
            self._mapping.kind_of(columns.cell("kind", row.cells)),
            link_id=columns.cell("id", row.cells),
            role=role,
            role_word="" if folded(term) == role.in_words else term,
            date=date,
            grade=grade,
            source=columns.cell("source", row.cells),
            attributes=more,
        )
        self._linked.add(start, end, self._types, role)

    def _role_word(self, columns: Columns, cells: list[str]) -> str:
        """Return the term for the role; in a file without that column, the kind where it is such a term."""
        kind = columns.cell("kind", cells)
        if "role" in columns.places or not kind:
            return columns.cell("role", cells)
        if not (self._mapping.roles.get(folded(kind)) or role_of(kind)):
            return ""
        self._roles_by_kind += 1
        return kind

    def _date(self, place: _Place) -> tuple[PartialDate | None, str]:
        text = place.columns.cell("date", place.row.cells)
        if not text:
            return None, ""
        try:
            return read_date(text), ""
        except ValueError as error:
            sentence = f"{error}; the link was imported without its date"
            self._reject(place, "date", sentence, "date not understood")
            return None, text[:_LONGEST_ID]

    def _reshape(self) -> None:
        guessed = guessed_shapes(self._types, self._shapes, self._linked)
        for kind, shape in guessed.by_type.items():
            self._shapes[kind] = shape
            self._building.reshape(kind, shape)
        self._building.reshape_each(guessed.by_entity)
        self._notes += guessed.notes

    def reading(self, about: Mapping[str, str]) -> Reading:
        register = self._building.register(about)
        if "" in self._shapes:
            self._notes.append("some entities have no type; entity_type in a mapping file gives it to all")
        if not (register.entities.shapes == SHAPES.index(Shape.PERSON)).any():
            self._notes.append("no entity is a person to the patterns; [types] in a mapping file says who is")
        if self._roles_by_kind:
            self._notes.append(
                f"no column has roles: in {self._roles_by_kind} links the kind was read as the role"
            )
        for term, number in self._odd_roles.most_common(10):
            self._notes.append(
                f"the role '{term[:_SHOWN]}' of {number} links is not known and was read as 'other'; "
                "[roles] in a mapping file can change this"
            )
        if self._joined:
            self._notes.append(
                f"{self._joined} ids are in several entity files; each is one entity, the first file counts"
            )
        if self._odd_grades:
            self._notes.append(
                f"{self._odd_grades} grades are not in the 3x5x2 form and were stored as given"
            )
        if self._repeated:
            self._notes.append(f"{self._repeated} rows were equal to an earlier row; the link counts them")
        if self._doubtful_protection:
            self._notes.append(
                f"{self._doubtful_protection} rows do not say yes or no under protected; they were treated "
                "as protected"
            )
        if not register.link_count:
            self._notes.append("no link is between the entities")
        return Reading(
            register,
            tuple(self._rejected),
            tuple(self._notes),
            len(self._protected),
            self._protected_links,
            tuple(TermRead(term, self._shape_read(term), times) for term, times in self._type_terms.terms()),
            tuple(TermRead(term, self._role_read(term), times) for term, times in self._role_terms.terms()),
        )

    def _shape_read(self, term: str) -> str:
        kind = self._mapping.type_of(term)
        return (self._shapes.get(kind) or self._mapping.shape_of(kind)).value

    def _role_read(self, term: str) -> str:
        role = self._mapping.role_of(term)
        return (Role.OTHER if role is None else role).in_words

    def _begin(
        self, which: str, file: NetworkFile, needed: tuple[str, ...]
    ) -> tuple[Columns, Iterable[FileRow]]:
        left = iter(file.rows)
        header = next(left, None)
        if header is None or header.fault:
            raise InvalidInputError(
                file.part, "it has no header row that can be read; the first row names columns"
            )
        return columns_of(which, file.part, header.cells, self._mapping, needed), left

    def _is_whole(self, file: str, row: FileRow, columns: Columns, *, reports: bool = True) -> bool:
        if row.fault:
            sentence, why = row.fault, "row not readable"
        elif any(cell.strip() for cell in row.cells[columns.width :]):
            sentence = (
                f"has {len(row.cells)} cells where the header has {columns.width}; quote texts with commas"
            )
            why = "too many cells"
        else:
            return True
        if reports:
            self._rejected.append(Rejected(file, row.row, None, sentence, why))
        return False

    def _is_protected(self, text: str) -> bool:
        if folded(text) in _NO:
            return False
        self._doubtful_protection += not is_yes(text)
        return True

    def _reject(self, place: _Place, column: str, sentence: str, why: str) -> None:
        shown = place.columns.shown.get(column, column)
        self._rejected.append(Rejected(place.file, place.row.row, shown, sentence, why))


def _apart(attributes: Mapping[str, str]) -> dict[str, str]:
    """Return other columns under names that no column of ours has."""
    return {f"{_MORE}{name}": text for name, text in attributes.items()}
