"""Files of persons by error models other than those that matching was made with: seen by nobody before.

People of 1770 to 2010 as encyclopaedias list them, up to ten records each; families of today of whom some
moved, married or were named after their fathers; two censuses ten years apart. The same seed, the same file.
"""

from __future__ import annotations

import random
from itertools import accumulate

from tests.engine.tools.matching.invented_files import Maker, Row

_COMMON = [
    *(
        "John",
        "William",
        "James",
        "George",
        "Mary",
        "Elizabeth",
        "Ann",
        "Sarah",
        "Thomas",
        "Charles",
        "Henry",
    ),
    *("Robert", "Joseph", "Margaret", "Alice", "Edward", "Jane", "Emily", "Samuel", "Alfred", "Florence"),
    *("Harriet", "Ellen", "Frances", "Edith", "Albert", "Arthur", "Frederick", "Walter", "Martha", "Hannah"),
]
_SHORT = {"William": "Bill", "Elizabeth": "Betty", "Margaret": "Peggy", "Robert": "Bob", "Edward": "Ted"}
_TRADES = [
    *("labourer", "servant", "weaver", "clerk", "farmer", "teacher", "writer", "painter", "engineer"),
    *("soldier", "sailor", "miner"),
]
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Unseen:
    """Invents people whose names are as uneven as real ones, and writes them down wrongly."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._maker = Maker(seed)
        self._surnames = self._invented(2_500, more_even_by=15)
        self._places = self._invented(300, more_even_by=3)
        self._forenames = (_COMMON, list(accumulate(1 / (place + 5) for place in range(len(_COMMON)))))

    def encyclopaedia(self, people: int, *, worse: float = 1.0) -> list[Row]:
        """One file of full name, birth, birth place, postcode and trade; one to ten records of a person."""
        rows = []
        for person in range(people):
            right = {
                "full_name": f"{self._one(self._forenames)} {self._one(self._surnames)}",
                "date_of_birth": self._day(1770, 2010),
                "extra:birth_place": self._one(self._places),
                "postcode": self._postcode(),
                "extra:trade": self._random.choice(_TRADES),
                "person": str(person),
            }
            rows.append(right)
            for _ in range(self._random.choice((0, 0, 1, 2, 4, 7, 9))):
                rows.append(self._carelessly(right, worse))
        return self._maker.mixed(rows)

    def families(self, homes: int) -> list[Row]:
        """One file of whole households, four in ten of their people twice."""
        rows, person = [], 0
        for _ in range(homes):
            home = {
                "surname": self._one(self._surnames),
                "address": f"{self._random.randint(1, 200)} {self._one(self._places)} Road",
                "postcode": self._postcode(),
                "phone": f"01{self._random.randint(100_000_000, 999_999_999)}",
            }
            father, born = self._one(self._forenames), self._random.randint(1930, 1980)
            for member in range(self._random.choice((1, 2, 2, 3, 4, 5))):
                named_after = member == 2 and self._random.random() < 0.15
                years = (born - 3, born + 3) if member < 2 else (born + 22, born + 40)
                rows.append(
                    {
                        "forename": father if member == 0 or named_after else self._one(self._forenames),
                        **home,
                        "date_of_birth": self._day(*years),
                        "person": str(person),
                    }
                )
                person += 1
        return self._maker.mixed([*rows, *(self._later(row) for row in rows if self._random.random() < 0.4)])

    def censuses(self, homes: int) -> tuple[list[Row], list[Row]]:
        """Two files with a name, a year of birth and a birth place; each person once in each."""
        first, second, person = [], [], 0
        for _ in range(homes):
            surname, parish = self._one(self._surnames), self._one(self._places)
            born = self._random.randint(1800, 1830)
            living = self._random.sample(self._forenames[0], 7)  # no two living children had one name
            for member in range(self._random.randint(2, 7)):
                row = {
                    "forename": living[member],
                    "surname": surname,
                    "date_of_birth": str(born + (0 if member < 2 else self._random.randint(22, 40))),
                    "extra:birth_place": parish if self._random.random() < 0.6 else self._one(self._places),
                    "person": str(person),
                }
                person += 1
                first.append(row)
                if self._random.random() < 0.75:
                    second.append(self._ten_years_later(row))
        return self._maker.mixed(first), self._maker.mixed(second)

    def _carelessly(self, right: Row, worse: float) -> Row:
        row = dict(right)
        forename, surname = row["full_name"].split(" ")
        if self._happens(0.2 * worse):
            forename = _SHORT.get(forename, forename[0])
        surname = self._slip(surname) if self._happens(0.2 * worse) else surname
        row["full_name"] = f"{surname}, {forename}" if self._happens(0.05) else f"{forename} {surname}"
        if self._happens(0.25 * worse):
            row["date_of_birth"] = row["date_of_birth"][:4] + "-01-01"
        for field in ("date_of_birth", "extra:birth_place", "postcode", "extra:trade"):
            if self._happens(0.2 * worse):
                row[field] = ""
            elif self._happens(0.1 * worse):
                row[field] = self._slip(row[field])
        return row

    def _later(self, row: Row) -> Row:
        later = dict(row)
        if self._happens(0.2):
            later |= {"address": f"{self._random.randint(1, 200)} {self._one(self._places)} Lane"}
            later |= {"postcode": self._postcode()}
        if self._happens(0.06):
            later["surname"] = self._one(self._surnames)
        for field in ("forename", "surname", "address", "date_of_birth", "postcode", "phone"):
            if self._happens(0.15):
                later[field] = ""
            elif self._happens(0.08):
                later[field] = self._slip(later[field])
        return later

    def _ten_years_later(self, row: Row) -> Row:
        year = int(row["date_of_birth"]) + self._random.choice((0, 0, 0, 0, 1, -1, 2))
        later = {**row, "date_of_birth": str(year)}
        for field, share in (("forename", 0.1), ("surname", 0.15), ("extra:birth_place", 0.1)):
            if self._happens(share):
                later[field] = self._slip(later[field])
        return later

    def _slip(self, text: str) -> str:
        at = self._random.randrange(len(text)) if text else 0
        letter = self._random.choice("0123456789" if text[at : at + 1].isdigit() else _LETTERS)
        return text[:at] + letter + text[at + self._random.choice((0, 1)) :]

    def _happens(self, share: float) -> bool:
        return self._random.random() < share

    def _one(self, pool: tuple[list[str], list[float]]) -> str:
        return self._random.choices(pool[0], cum_weights=pool[1])[0]

    def _invented(self, count: int, *, more_even_by: int) -> tuple[list[str], list[float]]:
        words = sorted({self._maker.made_up().title() for _ in range(count)})
        self._random.shuffle(words)
        return words, list(accumulate(1 / (place + more_even_by) for place in range(len(words))))

    def _day(self, first: int, last: int) -> str:
        month, day = self._random.randint(1, 12), self._random.randint(1, 28)
        return f"{self._random.randint(first, last)}-{month:02d}-{day:02d}"

    def _postcode(self) -> str:
        ends = "".join(self._random.choices("ABDEFGHJ", k=2))
        return (
            f"{self._random.choice('BHLNQ')}{self._random.randint(1, 29)} {self._random.randint(1, 9)}{ends}"
        )
