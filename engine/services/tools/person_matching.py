"""Linking files of persons, or finding duplicates in one, for an analyst. Opens no record; merges nothing."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import numpy as np

from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError
from engine.domain.file_faults import cannot_be_read, why_not
from engine.identity.fields import field_in_words
from engine.identity.file_mapping import PersonMapping, read_person_mapping
from engine.identity.persons import Ints
from engine.services.people.files import PersonsRead, read_pairs, read_persons
from engine.tools.matching.matching import Matched, match
from engine.tools.matching.scores import Scores, entities_of_pairs, scores

PAIRS_HEADER = ("id_a", "id_b", "weight", "explanation", "waterfall")
_LARGEST_MAPPING = 1_000_000
_A_FORMULA = ("=", "+", "-", "@")
_KEYS_TOLD = 40


class IdentityMatched(Frozen):
    """The result for one file or two; pairs and weights are in the files that were asked for."""

    records: tuple[int, ...]
    possible_pairs: int
    candidate_pairs: int
    most_per_person: int
    threshold: float
    pairs: int
    once: str
    compared_on: tuple[str, ...]
    blocked_on: tuple[tuple[str, int], ...]
    scores: Scores | None
    notes: tuple[str, ...]
    rows_left_out: int
    out: Path | None
    weights_out: Path | None


def match_files(
    *,
    files: Sequence[Path],
    mapping: Path,
    truth: Path | None = None,
    out: Path | None = None,
    weights_out: Path | None = None,
) -> IdentityMatched:
    """Propose which records of one file, or across two, are of one person; write pairs and weights if asked.

    The truth is read after everything is decided, and only for the scores. Raises InvalidInputError, in one
    sentence, for input that cannot be used; then nothing has been written.
    """
    weights_out = weights_out or (out.with_name(f"{out.stem}.weights.json") if out else None)
    _check_places(
        [path for path in (out, weights_out) if path], [*files, mapping, *([truth] if truth else [])]
    )
    notes: list[str] = []
    mappings = read_person_mapping(_mapping_text(mapping))
    parts = ("the file",) if len(files) == 1 else ("the first file", "the second file")
    read = [
        read_persons(path, each, part=part, note=notes.append)
        for path, each, part in zip(files, mappings, parts, strict=False)
    ]
    _drop_what_only_one_has(read, notes)
    matched = match([each.columns for each in read])
    notes += matched.notes
    entities = _entities(read, truth, mappings, notes)
    identity_matched = IdentityMatched(
        records=tuple(len(each.ids) for each in read),
        possible_pairs=matched.persons.possible_pairs,
        candidate_pairs=len(matched.candidates.left),
        most_per_person=matched.candidates.most_per_person,
        threshold=round(matched.threshold, 4),
        pairs=len(matched.decided.left),
        once=matched.decided.once.value,
        compared_on=tuple(field_in_words(column.name) for column in matched.persons.columns),
        blocked_on=matched.candidates.keys,
        scores=None if entities is None else _scores(matched, entities),
        notes=tuple(notes),
        rows_left_out=sum(each.rows_left_out for each in read),
        out=out,
        weights_out=weights_out,
    )
    if out:
        _write_pairs(out, matched, [id_ for each in read for id_ in each.ids])
    if weights_out:
        with _replaced(weights_out) as file:
            json.dump(_settings(matched, identity_matched), file, ensure_ascii=False, indent=2)
    return identity_matched


def _check_places(written: Sequence[Path], given: Sequence[Path]) -> None:
    if len({path.resolve() for path in written}) < len(written):
        raise InvalidInputError("weights-out", "it is the same file as --out")
    for path in written:
        if not path.parent.is_dir():
            raise InvalidInputError("out", f"the folder {path.parent} does not exist; create it first")
        if path.is_dir() or path.resolve() in {each.resolve() for each in given}:
            raise InvalidInputError("out", "this is a folder or one of the input files; name another file")


def _mapping_text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_MAPPING:
            raise InvalidInputError(
                "mapping", f"larger than {_LARGEST_MAPPING:,} bytes; it is a page of text"
            )
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InvalidInputError("mapping", cannot_be_read(error)) from None
    except UnicodeDecodeError:
        raise InvalidInputError("mapping", "not UTF-8 text; save it as UTF-8") from None


def _drop_what_only_one_has(read: list[PersonsRead], notes: list[str]) -> None:
    common = set.intersection(*({"names" if _is_a_name(f) else f for f in each.columns} for each in read))
    for each in read:
        for field in list(each.columns):
            if not _is_a_name(field) and field not in common:
                del each.columns[field]
                notes.append(f"{field_in_words(field)} was not used: only one file has it")
    if not common:
        raise InvalidInputError("mapping", "the two files have no field in common; map at least one in both")


def _is_a_name(field: str) -> bool:
    """Return whether it is a name: a full name in one file may meet forename and surname in the other."""
    return field in ("forename", "surname", "full_name")


def _entities(
    read: list[PersonsRead], truth: Path | None, mappings: Sequence[PersonMapping], notes: list[str]
) -> Ints | None:
    """Return the true person of each record, if given; a record without one is its own person."""
    if truth is not None:
        return _entities_of_file(read, truth, notes)
    if any(each.true_persons is None for each in read):
        if any(mapping.true_person for mapping in mappings[: len(read)]):
            notes.append("not scored: only one of the files has a column for true_person")
        return None
    persons = [person for each in read for person in each.true_persons or ()]
    place_by_person: dict[str, int] = {}
    entities = [
        place_by_person.setdefault(person, len(place_by_person)) if person else -place
        for place, person in enumerate(persons, start=1)
    ]
    if blank := sum(not person for person in persons):
        notes.append(f"true_person is blank in {blank:,} rows; each was scored as a person of its own")
    return np.array(entities, dtype=np.int64)


def _entities_of_file(read: list[PersonsRead], truth: Path, notes: list[str]) -> Ints:
    first = {id_: place for place, id_ in enumerate(read[0].ids)}
    second = {id_: len(first) + place for place, id_ in enumerate(read[1].ids)} if len(read) == 2 else first
    left, right, given, unknown = [], [], 0, 0
    for one, other in read_pairs(truth, note=notes.append):
        given += 1
        if one in first and other in second:
            left.append(first[one])
            right.append(second[other])
        elif other in first and one in second:
            left.append(first[other])
            right.append(second[one])
        else:
            unknown += 1
    if unknown:
        notes.append(f"{unknown:,} of {given:,} true pairs name an id that no file has; they were not scored")
    size = sum(len(each.ids) for each in read)
    if not given:
        notes.append("the file of true pairs names none: every proposed pair was scored as wrong")
        return np.arange(size)
    if not left:
        raise InvalidInputError("truth", "none of its ids is in the files; use the ids of the id column")
    entities = entities_of_pairs(size, np.array(left), np.array(right))
    closed = scores(
        left=np.array(left), right=np.array(right), clusters=entities, entities=entities,
        second=len(first) if len(read) == 2 else None,
    ).true_pairs  # fmt: skip
    distinct = len({tuple(sorted(pair)) for pair in zip(left, right, strict=True) if pair[0] != pair[1]})
    if closed > distinct:
        notes.append(
            "the true pairs were closed for scoring (a with b and b with c make a with c): "
            f"{closed - distinct:,} added"
        )
    return entities


def _scores(matched: Matched, entities: Ints) -> Scores:
    return scores(
        left=matched.decided.left,
        right=matched.decided.right,
        clusters=matched.decided.clusters,
        entities=entities,
        second=matched.persons.second,
    )


def _write_pairs(out: Path, matched: Matched, ids: Sequence[str]) -> None:
    with _replaced(out) as file:
        writer = csv.writer(file)
        writer.writerow(PAIRS_HEADER)
        for left, right, match_explained in matched.explained():
            ours, theirs = _disarmed(ids[left]), _disarmed(ids[right])
            writer.writerow(
                (
                    ours,
                    theirs,
                    f"{match_explained.weight:.2f}",
                    match_explained.says,
                    match_explained.waterfall_in_words,
                )
            )


def _disarmed(text: str) -> str:
    """Quote an id that a spreadsheet would read as a formula; a negative number is not one."""
    if text.startswith(_A_FORMULA) and not text[1:].replace(".", "").isdigit():
        return f"'{text}"
    return text


def _settings(matched: Matched, identity_matched: IdentityMatched) -> dict[str, object]:
    """Return all that the answer depends on besides the files, and no value of any person."""
    weights = matched.estimated.weights
    whole = identity_matched.model_dump(mode="json", exclude={"out", "weights_out", "blocked_on"})
    whole["blocked_on"] = [
        {"keys": keys, "pairs": pairs} for keys, pairs in identity_matched.blocked_on[:_KEYS_TOLD]
    ]
    return {
        "version": weights.version,
        "estimated": {
            "by": "expectation maximisation over the candidate pairs, without labels; u from random pairs",
            "rounds": matched.estimated.rounds,
            "random_pairs": matched.estimated.random_pairs,
            "pairs_used": matched.estimated.pairs_used,
            "largest_block": matched.candidates.largest_block,
        },
        "prior": weights.prior,
        "household": weights.household,
        "exchanged": weights.exchanged,
        "once": weights.once,
        "fields": [
            {
                "field": field.field,
                "kind": field.kind.value,
                "in_household": field.in_household,
                "steps": [{**step.model_dump(), "weight": round(step.weight, 4)} for step in field.steps],
            }
            for field in weights.fields
        ],
        "answer": whole,
    }


@contextmanager
def _replaced(path: Path) -> Iterator[TextIO]:
    """Open a file that replaces another once it is whole, readable by this user only; never half a file."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".tmp")
    except OSError as error:
        raise InvalidInputError("out", f"cannot be written ({why_not(error)})") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
