"""How right matching is on every labelled file, patterns on planted ones, and the predictors' results."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from benchmarks import patterns
from benchmarks.held.answers import Command
from benchmarks.held.imported import linked_city, match_files, register_evidence
from benchmarks.pattern_scores import Score, scores
from benchmarks.planted_record import through_the_record
from tests.engine.tools.matching.invented_files import Maker, columns_of, entities_of
from tests.engine.tools.matching.test_febrl import COLUMNS, FILES, NUMBER, entities, read
from tests.engine.tools.matching.unseen_files import Unseen

PATTERN_SEEDS = (1, 2, 3, 5, 8)
_QUICK_PLANTS, _QUICK_PAIRS = 40, 400
_LINES = 60
_FEW = {field: COLUMNS[field] for field in ("forename", "surname", "date_of_birth", "town")}

Labelled = tuple[list[Any], Any]
"""The columns of one file or two, and whom each record is of."""


def matching(*, full: bool) -> Iterator[tuple[str, str]]:
    """F1 and the proposed pairs of each labelled file, and the register's weights of some hundred pairs."""
    for name, labelled in _labelled_files(full=full).items():
        found, value = match_files(*labelled())
        decided, weights = found.decided, found.estimated.weights
        pairs = sorted(zip(decided.left.tolist(), decided.right.tolist(), strict=True))
        yield (
            f"{name}.txt",
            _lines(
                {
                    **value.model_dump(),
                    "pairs": len(pairs),
                    "digest of the pairs": hashlib.sha256(str(pairs).encode()).hexdigest(),
                    "threshold": found.threshold,
                    "learnt weights": str(weights).split("\n"),
                    "notes": list(found.notes),
                }
            ),
        )
    yield "register.txt", "\n".join(_of_the_register())


def _labelled_files(*, full: bool) -> dict[str, Callable[[], Labelled]]:
    def febrl(which: str, columns: dict[str, str]) -> Callable[[], Labelled]:
        def given() -> Labelled:
            files = [read(name) for name in FILES[which]]
            columned = [{field: file[column] for field, column in columns.items()} for file in files]
            return columned, entities(files)

        return given

    def invented(*files: list[dict[str, str]]) -> Callable[[], Labelled]:
        return lambda: ([columns_of(rows) for rows in files], entities_of(*files))

    maker = Maker(11)
    modern, historical = maker.modern(800), maker.historical(600)
    there = {
        "febrl-1 with the number": febrl("1", COLUMNS | NUMBER),
        "febrl-1 without": febrl("1", COLUMNS),
        "febrl-1 by name, date and town": febrl("1", _FEW),
        "encyclopaedia": invented(Unseen(41).encyclopaedia(350, worse=1.0)),
        "encyclopaedia, worse": invented(Unseen(41).encyclopaedia(350, worse=1.6)),
        "families": invented(Unseen(42).families(450)),
        "censuses": invented(*Unseen(43).censuses(350)),
        "households": invented(maker.mixed([*modern, *maker.again(modern, 0.3, 0.15)])),
        "two modern files": invented(maker.mixed(modern), maker.mixed(maker.again(modern, 0.6, 0.3))),
        "old registers": invented(maker.mixed(historical), maker.mixed(maker.again(historical, 0.5, 0.15))),
    }
    if full:
        for which in ("2", "3", "4"):
            there[f"febrl-{which} with the number"] = febrl(which, COLUMNS | NUMBER)
            there[f"febrl-{which} without"] = febrl(which, COLUMNS)
            there[f"febrl-{which} by name, date and town"] = febrl(which, _FEW)
        there["encyclopaedia, large"] = invented(Unseen(44).encyclopaedia(11_500))
    return there


def _of_the_register() -> Iterator[str]:
    """Pairs of one person written down twice, and of two people."""
    maker = Maker(21)
    rows = maker.modern(150)
    again = maker.again(rows, 1.0, 0.25)
    chance = Random(21)
    for one in rows:
        for other in (next(each for each in again if each["person"] == one["person"]), chance.choice(again)):
            found, sentence = register_evidence(one, other)
            yield f"{found.weight!r} {found.levels} {found.exchanged} {sentence}"


def planted(*, full: bool) -> Iterator[tuple[str, str]]:
    """Precision and recall of each pattern on each seed, clean and as recorded."""
    plants, pairs = (patterns.PLANTS, patterns.PAIRS) if full else (_QUICK_PLANTS, _QUICK_PAIRS)
    for seed in PATTERN_SEEDS:
        figures: dict[str, Any] = {}
        for name, noise in patterns.NOISES.items():
            city = linked_city(seed, plants=plants, pairs=pairs, noise=noise)
            figures[name] = _by_pattern(scores(city))
        if full:
            through = through_the_record(seed, plants=patterns.RECORD_PLANTS, pairs=patterns.RECORD_PAIRS)
            figures["through the record"] = _by_pattern(through)
        yield f"seed-{seed}.txt", _lines(figures)


def _by_pattern(found: dict[Any, Score]) -> dict[str, Any]:
    return {key.value: score._asdict() for key, score in found.items()}


def predictors(command: Command) -> Iterator[tuple[str, str]]:
    """What each instrument comes to for invented inputs, and how it describes itself."""
    for each in command.json("instrument", "list")["instruments"]:
        name = each["name"]
        shown = command.json("instrument", "show", name)
        yield f"{name}.json", _lines(shown)
        inputs = command.home.parent / "inputs.jsonl"
        chance = Random(f"inputs of {name}")
        lines = [json.dumps(_input(chance, shown)) for _ in range(_LINES)]
        inputs.write_text("\n".join(lines) + "\n", encoding="utf-8")
        answer = command("instrument", "score", name, str(inputs), "--on", "2026-11-25", "--json")
        yield f"{name}, results.txt", answer


def _input(chance: Random, instrument: dict[str, Any]) -> dict[str, Any]:
    """Mostly whole and possible; of some an answer is left out."""
    items = [item["id"] for item in instrument["items"]]
    left_out = {chance.choice(items)} if chance.random() < 1 / 4 else set()
    for ways in _EITHER:
        if set().union(*ways) <= set(items):
            left_out |= chance.choice(ways)
    given = {item: _answer(chance, item) for item in items if item not in left_out}
    domains = sorted({domain for item in instrument["items"] for domain in item["bears_on"]})
    return {**given, **_judged(chance, domains)} if domains else given


def _judged(chance: Random, domains: list[str]) -> dict[str, Any]:
    """What an assessor adds to the answers of a structured judgement."""
    conclusions = {
        domain: {
            "level": chance.choice(_LEVELS),
            "reasons": "As recorded.",
            "low_despite_unknown": "Looked for.",
        }
        for domain in domains
    }
    assessor = {"name": "Robin Marsh", "post": "senior practitioner"}
    return {"assessor": assessor, "assessed_on": "2026-11-24", "conclusions": conclusions}


def _answer(chance: Random, item: str) -> Any:
    if item in _YEARS:
        return f"{chance.randint(*_YEARS[item])}-{chance.randint(1, 10):02}-{chance.randint(1, 28):02}"
    return chance.choice(next((choices for choices, names in _CHOICES if item in names.split()), _STATES))


_LEVELS = ("low", "moderate", "high", "unable to say")
_STATES = ("present", "absent", "possible", "unknown", "not asked")
_YEARS = {
    "dob": (1960, 2003),
    "date_of_birth": (1965, 2007),
    "first_sanction_date": (2018, 2021),
    "last_sanction_date": (2022, 2024),
    "conviction_date": (2022, 2024),
    "community_date": (2024, 2026),
    "followup_date": (2024, 2026),
    "assessment_date": (2025, 2026),
    "last-referral": (2024, 2025),
    "happened": (2025, 2026),
}
_CHOICES: tuple[tuple[tuple[Any, ...], str], ...] = (
    (("M", "F"), "sex gender"),
    (
        ("Y", "N"),
        "no_fixed_abode reading numeracy peer_group recognises_impact unemployed psychiatric_treatment",
    ),
    (
        ("Y", "N"),
        "heroin methadone other_opiate crack_cocaine powder_cocaine misused_prescribed benzodiazipines "
        "cannabis steroids other_drugs ketamine spice hallucinogens solvents amphetamines ecstasy",
    ),
    (
        (0, 1, 2),
        "work_skills reading_writing_numeracy learning_difficulties criminal_associates risk_taking coping "
        "attitude_to_self impulsivity temper_control problem_solving awareness_of_consequences others_views "
        "alcohol_current alcohol_excessive pro_criminal_attitudes three_point_four six_point_four "
        "seven_point_two eight_point_eight nine_point_one nine_point_two eleven_point_two eleven_point_four "
        "twelve_point_one",
    ),
    (
        (0, 1),
        "two_point_two six_point_seven homicide gbh kidnap firearms robbery aggravated_burglary "
        "weapons_not_firearms criminal_damage arson",
    ),
    ((0, 2), "four_point_two"),
    ((1, 2, 3), "six_point_eight"),
    (("any", "none"), "qualifications"),
    (tuple(range(15)), "yes no"),
    ((18, 19, 21, 24, 25, 33), "age"),
    ((20, 24, 31, 45), "age_at_conviction"),
    ((12, 17, 20), "age_at_first_sanction"),
    ((45, 46, 52), "age_at_followup"),
    ((0, 1, 2, 5, 11, 30, 61), "previous_sanctions"),
    ((3, 4, 9, 21, 50), "total_sanctions total_sanctions_count"),
    ((0, 1, 2, 3), "violent_sanctions total_violent_sanctions"),
    ((True, False), "static"),
    (("nine-decimal", "rounded"), "profile"),
    (("violence", "robbery", "public order", "other", "criminal damage"), "offence_group"),
    (("00301", "11618", "09230", "19512"), "offence_code"),
    (("VIOLENCE_AGAINST_THE_PERSON_ABH_PLUS", "PUBLIC_ORDER_AND_HARRASSMENT"), "offence_category"),
    (("2025-11-01", "2026-11-25"), "on"),
    (("north", "south"), "area"),
)
_EITHER = (
    ({"offence_group"}, {"offence_code"}),
    ({"offence_category"}, {"offence_code"}),
    ({"age"}, {"date_of_birth", "assessment_date"}),
    (
        {"age_at_conviction", "age_at_first_sanction", "age_at_followup"},
        {"date_of_birth", "conviction_date", "first_sanction_date", "followup_date"},
    ),
    ({"age_at_followup"}, {"date_of_birth", "followup_date"}),
)
"""What is given in the one way or in the other."""


def _lines(answer: Any) -> str:
    """One value a line, each number in full."""
    return json.dumps(answer, indent=1, ensure_ascii=False, default=str) + "\n"
