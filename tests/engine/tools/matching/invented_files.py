"""Files of invented persons with known duplicates, as unlike the public test files as we can make them.

Households with one surname, address and telephone, twins, sons named after their fathers; errors in a given
share of the cells; old registers with nothing but names, a year and a town. The same seed, the same file.
"""

from __future__ import annotations

import csv
import random
import tomllib
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path

import numpy as np

from engine.identity.persons import Ints

Row = dict[str, str]
_NAMES = Path(__file__).parents[4] / "engine/synthetic/data/names.toml"
_ONSETS = [
    "b",
    "br",
    "c",
    "ch",
    "d",
    "dr",
    "f",
    "g",
    "gr",
    "h",
    "k",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "r",
    "s",
    "sh",
    "st",
    "t",
    "th",
    "tr",
    "v",
    "w",
]
_MIDDLES = ["a", "e", "i", "o", "u", "ai", "ea", "oo", "ow"]
_CODAS = [
    "ck",
    "d",
    "ford",
    "ham",
    "land",
    "ley",
    "ll",
    "n",
    "nd",
    "ng",
    "r",
    "rt",
    "s",
    "ster",
    "t",
    "th",
    "ton",
    "well",
    "wood",
    "worth",
]
_STREETS = [
    "Abbey",
    "Acorn",
    "Bank",
    "Bell",
    "Cedar",
    "Church",
    "Dale",
    "Elm",
    "Forge",
    "Garth",
    "Hill",
    "Ivy",
    "Kirk",
    "Lark",
    "Mill",
    "Nab",
    "Oak",
    "Park",
    "Rowan",
    "Spring",
]
_KINDS = ("Road", "Street", "Lane", "Avenue", "Close", "Grove", "Terrace", "Way")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Maker:
    """Invents persons, and writes them down again with errors."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._surnames = self._common(20_000)
        self._towns = [self.made_up().title() for _ in range(300)]

    def modern(self, persons: int) -> list[Row]:
        """Persons of today with every column, four in ten of them in one household with the one before."""
        rows: list[Row] = []
        for number in range(persons):
            row = self._person()
            if rows and self._random.random() < 0.4:
                row = self._joined(row, rows[-1])
            rows.append({**row, "person": str(number)})
        return rows

    def historical(self, persons: int) -> list[Row]:
        """Persons of four centuries: a few very common forenames, a surname, a year and a town."""
        few = [
            "John",
            "William",
            "Thomas",
            "Mary",
            "Elizabeth",
            "Ann",
            "James",
            "Sarah",
            "George",
            "Margaret",
        ]
        pool = few + [name for name in self._forenames() if name not in few]
        weights = list(accumulate(1 / (place + 1) for place in range(len(pool))))
        towns = list(accumulate(1 / (place + 3) for place in range(len(self._towns))))
        return [
            {
                "forename": self._random.choices(pool, cum_weights=weights)[0],
                "surname": self._surname(),
                "date_of_birth": str(self._random.randint(1500, 1899)),
                "town": self._random.choices(self._towns, cum_weights=towns)[0],
                "person": str(number),
            }
            for number in range(persons)
        ]

    def again(self, rows: Sequence[Row], share: float, errors: float) -> list[Row]:
        """A share of the rows written down once more, with an error in so many of the cells."""
        chosen = self._random.sample(list(rows), int(share * len(rows)))
        return [
            {name: cell if name == "person" or self._random.random() >= errors else self._wrong(name, cell)
             for name, cell in row.items()}
            for row in chosen
        ]  # fmt: skip

    def mixed(self, rows: Sequence[Row]) -> list[Row]:
        """The rows in another order, each with an id that tells nothing."""
        rows = list(rows)
        self._random.shuffle(rows)
        return [{"id": f"p{number}", **row} for number, row in enumerate(rows)]

    def _person(self) -> Row:
        sex = self._random.choice(("female", "male"))
        code = f"{self._random.choice('BHLNQ')}{self._random.randint(1, 29)} {self._random.randint(1, 9)}"
        forename, surname = self._random.choice(self._forenames(sex)), self._surname()
        street = f"{self._random.choice(_STREETS)} {self._random.choice(_KINDS)}"
        return {
            "forename": forename,
            "surname": surname,
            "sex": sex[0].upper(),
            "date_of_birth": f"{self._random.randint(1930, 2008)}-{self._random.randint(1, 12):02d}-"
            f"{self._random.randint(1, 28):02d}",
            "address": f"{self._random.randint(1, 180)} {street}",
            "town": self._random.choice(self._towns),
            "postcode": code + "".join(self._random.choices("ABDEFGHJ", k=2)),
            "phone": f"07700 {self._random.randint(100_000, 999_999)}",
            "email": f"{forename.lower()}{self._random.randint(1, 99)}@{self.made_up()}.example",
        }

    def _joined(self, row: Row, other: Row) -> Row:
        """Another member of a household: sometimes a twin, sometimes one of the same name."""
        shared = ("surname", "address", "town", "postcode") + (
            ("phone",) if self._random.random() < 0.4 else ()
        )
        row |= {name: other[name] for name in shared}
        kind = self._random.random()
        if kind < 0.03:
            row |= {"date_of_birth": other["date_of_birth"]}
        elif kind < 0.06:
            row |= {name: other[name] for name in ("forename", "sex")}
        return row

    def _surname(self) -> str:
        common, weights = self._surnames
        return self._random.choices(common, cum_weights=weights)[0]

    def _common(self, rare: int) -> tuple[list[str], list[float]]:
        known = sorted({name for origin in _origins() for name in origin["surnames"]})
        self._random.shuffle(known)
        pool = known + [self.made_up().title() for _ in range(rare)]
        return pool, list(accumulate(1 / (place + 30) for place in range(len(pool))))

    def made_up(self) -> str:
        """A word that sounds like a name and is nobody's."""
        parts = [self._random.choice(_ONSETS), self._random.choice(_MIDDLES), self._random.choice(_CODAS)]
        if self._random.random() < 0.5:
            parts = [self._random.choice(_ONSETS), self._random.choice(_MIDDLES), *parts]
        return "".join(parts)

    def _forenames(self, sex: str | None = None) -> list[str]:
        kinds = (sex,) if sex else ("female", "male")
        return sorted({name for origin in _origins() for kind in kinds for name in origin[kind]})

    def _wrong(self, name: str, cell: str) -> str:
        kind = self._random.random()
        if kind < 0.25 or not cell:
            return ""
        if name == "date_of_birth":
            return self._wrong_date(cell)
        if kind < 0.4:
            return {**self._person(), **self._extra()}[name]
        if kind < 0.5 and name in ("forename", "surname"):
            return cell[0]
        return self._mistyped(cell) if kind < 0.85 else self._mistyped(self._mistyped(cell))

    def _extra(self) -> Row:
        return {"town": self._random.choice(self._towns)}

    def _wrong_date(self, cell: str) -> str:
        parts = cell.split("-")
        if len(parts) == 1:
            return str(int(cell) + self._random.choice((-10, -3, -2, -1, -1, 1, 1, 2, 3, 10)))
        year, month, day = parts
        later = f"{year}-{month}-{int(day) % 28 + 1:02d}"
        written = (f"{year}-{day}-{month}", f"{day}/{month}/{year}", year, f"{month}/{year}")
        return self._random.choice((*written, f"{int(year) + 1}-{month}-{day}", later, self._mistyped(cell)))

    def _mistyped(self, cell: str) -> str:
        at = self._random.randrange(len(cell)) if cell else 0
        kind = self._random.randrange(4)
        letter = self._random.choice("0123456789" if cell[at : at + 1].isdigit() else _LETTERS)
        if kind == 0:
            return cell[:at] + cell[at + 1 :]
        if kind == 1:
            return cell[:at] + letter + cell[at:]
        if kind == 2:
            return cell[:at] + letter + cell[at + 1 :]
        return cell[:at] + cell[at : at + 2][::-1] + cell[at + 2 :]


@cache
def _origins() -> list[dict[str, list[str]]]:
    origins: list[dict[str, list[str]]] = tomllib.loads(_NAMES.read_text(encoding="utf-8"))["origins"]
    return origins


def columns_of(rows: Sequence[Row]) -> dict[str, list[str]]:
    """The cells by field, as matching is given them: without ids and without the true person."""
    return {name: [row[name] for row in rows] for name in rows[0] if name not in ("id", "person")}


def entities_of(*files: Sequence[Row]) -> Ints:
    """The true person of each record."""
    return np.array([int(row["person"]) for rows in files for row in rows], dtype=np.int64)


def written(path: Path, rows: Sequence[Row], *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """The rows as a delimited file."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path
