"""The command: attacks the releases of simulated years, seed by seed. Exit code 1 where a count leaks."""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from time import monotonic

from benchmarks.release_attack.attack import attack, changes_of_repeated, decided_less_followed
from benchmarks.release_attack.published import all_figures
from benchmarks.release_attack.years import LIMIT, WIDTH, simulated

_PRINTED = 10


@dataclass(frozen=True)
class SeedAttacked:
    """What was found in the releases of one seed."""

    seed: int
    releases: int
    figures: int
    unknowns: int
    targets: int
    leaks: int
    exact: int
    decided_less_followed: int
    changes_of_repeated: int
    shown: int
    """The counts of each release, added up."""
    new: int
    """Those of them that are of the release's own date, and not repeated."""
    examples: tuple[tuple[str, str, tuple[str, ...]], ...]
    """Of some leaks: what it is, its range, and the equation that gives it."""
    seconds: float


def attack_seed(seed: int, years: int) -> SeedAttacked:
    """Make the releases of a seed and attack them."""
    began = monotonic()
    made = simulated(seed, 4 * years)
    figures = all_figures(made.releases)
    found = attack(made.releases, made.cases, limit=LIMIT, width=WIDTH)
    return SeedAttacked(
        seed=seed,
        releases=len(made.releases),
        figures=found.figures,
        unknowns=found.unknowns,
        targets=found.targets,
        leaks=len(found.leaks),
        exact=sum(each.is_exact for each in found.leaks),
        decided_less_followed=len(list(decided_less_followed(figures, LIMIT))),
        changes_of_repeated=len(list(changes_of_repeated(figures, LIMIT))),
        shown=sum(len(set(each.figures())) for each in made.releases),
        new=len({figure for each in made.releases for figure in each.figures() if figure.day == each.day}),
        examples=tuple(
            (str(each.target), f"{each.low:.2f} to {each.high:.2f}, true {each.target.true}", each.equation)
            for each in found.leaks[:_PRINTED]
        ),
        seconds=round(monotonic() - began, 1),
    )


def main(arguments: list[str] | None = None) -> int:
    """Attack, print what is found, and return the exit code."""
    parser = argparse.ArgumentParser(prog="scripts/attack-release", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10, metavar="N", help="centres, default 10")
    parser.add_argument("--years", type=int, default=2, metavar="N", help="years of each, default 2")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    given = parser.parse_args(arguments)
    with ProcessPoolExecutor(max_workers=2) as pool:
        found = list(pool.map(attack_seed, range(given.seeds), [given.years] * given.seeds))
    if given.json:
        print(json.dumps({"seeds": [asdict(each) for each in found]}, indent=1))
    else:
        for each in found:
            print(
                f"seed {each.seed}: {each.releases} releases, {each.figures:,} published counts, "
                f"{each.targets:,} small counts and changes attacked, {each.leaks:,} leaks "
                f"({each.exact:,} exact); decided less followed {each.decided_less_followed:,}, changes of "
                f"repeated groups {each.changes_of_repeated:,}; {each.shown:,} counts in all releases, "
                f"{each.new:,} of them new; {each.seconds:g} s"
            )
            for target, reach, equation in each.examples:
                print(f"  {target}: {reach}")
                for line in equation:
                    print(f"    {line}")
    return 1 if any(each.leaks for each in found) else 0


if __name__ == "__main__":
    sys.exit(main())
