"""A reader of all releases of simulated years, who reckons with all that went out, finds no small count.

The reader is ``scripts/attack-release``. It shares no code with the rules that hide.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from benchmarks import release_attack
from benchmarks.release_attack.__main__ import main
from benchmarks.release_attack.attack import Attacked, attack, changes_of_repeated, decided_less_followed
from benchmarks.release_attack.published import Published, all_figures
from benchmarks.release_attack.ranges import Ranges, matrix_of
from benchmarks.release_attack.unknowns import Sum
from benchmarks.release_attack.years import LIMIT, WIDTH, as_published, simulated
from engine.domain.accounts.acting import Role
from engine.services.outcomes.releases import last_quarter_end, make_outcome_release
from engine.services.outcomes.returns import outcome_return
from engine.synthetic.observed_cases import invented_observed_cases
from tests.builders import Desk, a_desk

SPRING, SUMMER = "2026-03-31", "2026-06-30"
HEAD = "release,period,borough,typology,measure,table,figure,value,low,high,denominator,unit"
FOLLOWED = "time to the next reported stalking"


def published(*rows: str) -> Published:
    return Published(date.fromisoformat(SUMMER), "\r\n".join([HEAD, *rows]).encode("utf-8-sig"))


def decided(day: str, typology: str, count: int) -> str:
    return f"{day},all,all,{typology},,cases,decided cases,{count},,,,cases"


def followed(day: str, typology: str, count: int) -> str:
    return f"{day},all,all,{typology},,{FOLLOWED},followed,{count},,,,cases"


@pytest.mark.parametrize(
    ("day", "count", "found"), [(SUMMER, 46, [4]), (SUMMER, 40, []), (SUMMER, 50, []), (SPRING, 46, [])]
)
def test_decided_less_followed_shows_how_few_were_not_followed(
    day: str, count: int, found: list[int]
) -> None:
    figures = published(decided(SUMMER, "in person", 50), followed(day, "in person", count)).figures()
    assert [number for number, _ in decided_less_followed(figures, LIMIT)] == found


@pytest.mark.parametrize(("total", "found"), [(108, [6]), (112, []), (102, [])])
def test_a_group_with_its_old_date_beside_new_totals_shows_its_change(total: int, found: list[int]) -> None:
    figures = published(
        decided(SPRING, "all", 90),
        decided(SPRING, "in person", 40),
        decided(SPRING, "other", 50),
        decided(SUMMER, "all", total),
        decided(SUMMER, "other", 62),
    ).figures()
    assert [change for change, _ in changes_of_repeated(figures, LIMIT)] == found


@cache
def of_two_centres(width: int = WIDTH) -> list[tuple[Attacked, int, int]]:
    """What the reader finds in a year of two centres, released with a width."""
    found = []
    for seed in (0, 1):
        made = simulated(seed, 4, width=width)
        figures = all_figures(made.releases)
        found.append(
            (
                attack(made.releases, made.cases, limit=LIMIT, width=WIDTH, most=40),
                len(list(decided_less_followed(figures, LIMIT))),
                len(list(changes_of_repeated(figures, LIMIT))),
            )
        )
    return found


def test_no_small_count_or_change_follows_from_the_releases_of_two_centres() -> None:
    for attacked, not_followed, changed in of_two_centres():
        assert attacked.figures > 50
        assert attacked.targets > 1_000
        assert [(str(each.target), each.low, each.high) for each in attacked.leaks] == []
        assert (not_followed, changed) == (0, 0)


def test_without_the_rule_on_what_follows_the_same_reader_finds_them() -> None:
    """The releases hide small counts, and not what gives them away."""
    found = of_two_centres(width=0)
    assert all(any(each.is_exact for each in attacked.leaks) for attacked, _, _ in found)
    assert any(each.target.since for attacked, _, _ in found for each in attacked.leaks)
    assert sum(not_followed for _, not_followed, _ in found) > 0
    assert sum(changed for _, _, changed in found) > 0
    exact = next(each for each in found[0][0].leaks if each.is_exact)
    assert exact.equation
    assert round(exact.low) == exact.target.true


@pytest.mark.full
def test_ten_centres_of_a_year_show_none(capsys: pytest.CaptureFixture[str]) -> None:
    """Over two years one of ten still shows one count: see decision 0094, what remains."""
    code = main(["--json", "--years", "1"])
    seeds = json.loads(capsys.readouterr().out)["seeds"]
    assert [each["leaks"] for each in seeds] == [0] * 10
    assert code == 0


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as there:
        yield there


def test_the_files_that_are_attacked_are_those_that_an_export_writes(desk: Desk) -> None:
    day = last_quarter_end(desk.clock.today())
    cases = [
        case
        for case in invented_observed_cases(seed=3, since=day - timedelta(days=700), until=day)
        if case.borough == "Northmere" and case.typology == "rejected"
    ]
    context = desk.context(desk.add("max", Role.MANAGER))
    made = make_outcome_release(context, invented=cases)
    assert made.release.groups
    assert as_published(made).csv == outcome_return(context, form="csv").content


@pytest.mark.parametrize(
    ("hidden", "low", "high"),
    [
        (["aX"], 4, 4),
        (["aX", "aY", "bX"], 4, 4),
        (["aX", "aY", "bX", "bY"], 0, 22),
        (["aX", "aY", "cX", "cY"], 0, 25),
    ],
)
def test_ranges_of_a_table_that_was_worked_out_by_hand(hidden: Sequence[str], low: int, high: int) -> None:
    cells = {"aX": 4, "aY": 21, "bX": 18, "bY": 30, "cX": 25, "cY": 12}
    places = {name: place for place, name in enumerate(cells)}
    sums = [Sum({places[name]: 1}, count, name) for name, count in cells.items() if name not in hidden]
    for code in "abcXY":
        inside = [name for name in cells if code in name]
        sums.append(Sum({places[name]: 1 for name in inside}, sum(cells[name] for name in inside), code))
    found = Ranges(sums, len(cells), ()).range_of(matrix_of([{places["aX"]: 1}], len(cells)))
    assert (round(found.low, 6), round(found.high, 6)) == (low, high)
    assert found.is_exact is (low == high)


def test_the_reader_shares_no_code_with_the_rules_that_hide() -> None:
    folder = Path(release_attack.__file__).parent
    allowed = {
        "truth.py": {
            "engine.domain.outcomes.follow_up",
            "engine.domain.outcomes.observed",
            "engine.outcomes.observed.answering",
            "engine.outcomes.observed.windows",
            "engine.outcomes.statistics.risk_table",
        },
        "attack.py": {"engine.domain.outcomes.observed"},
    }
    modules = [each for each in folder.glob("*.py") if each.name != "years.py"]
    assert len(modules) > 5
    for module in modules:
        imported = {
            node.module
            for node in ast.walk(ast.parse(module.read_text()))
            if isinstance(node, ast.ImportFrom) and node.module
        }
        assert {each for each in imported if each.startswith("engine")} <= allowed.get(module.name, set()), (
            module
        )
        assert module.name == "__main__.py" or "benchmarks.release_attack.years" not in imported
