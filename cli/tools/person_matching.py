"""Matching files of persons on the command line. Asks and prints; decides nothing and opens no record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson
from cli.output import print_json, print_refusal, say
from cli.session import REFUSED, answering

if TYPE_CHECKING:
    from engine.services.tools.person_matching import IdentityMatched

# The engine is imported inside the command: `stac --help` must not wait for numpy.

_KEYS_SHOWN = 6
_NOTHING_MERGES = (
    "A pair is a proposal for a person to assess. Nothing is merged automatically, "
    "and 2 different people can match on every field."
)


def match(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="A.csv [B.csv]", help="One file to find duplicates in, or 2 to link."),
    ],
    mapping: Annotated[Path, typer.Option(metavar="M.toml", help="The standard field of each column.")],
    truth: Annotated[
        Path | None,
        typer.Option(metavar="PAIRS.csv", help="True pairs, id_a,id_b: only for the scores, read last."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="PAIRS.csv", help="Write the proposed pairs with weight and explanation."),
    ] = None,
    weights_out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.json",
            help="Write weights and settings; default: next to --out.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Propose which records of one file, or of 2 files, are of the same person. Nothing is merged.

    Example: stac person match persons.csv --mapping persons.toml --out pairs.csv
    """
    if len(files) > 2:
        raise typer.BadParameter("give one file or two", param_hint="A.csv [B.csv]")
    from time import perf_counter

    from cli.bars import busy

    began = perf_counter()
    with answering(as_json), busy("matching", quiet=as_json):
        from engine.services.tools.person_matching import match_files

        matched = match_files(files=files, mapping=mapping, truth=truth, out=out, weights_out=weights_out)
    seconds = perf_counter() - began
    if as_json:
        print_json(_answer(matched, seconds))
        for note in matched.notes:
            print_refusal(note)
    else:
        _print(matched, seconds)
    if matched.rows_left_out:
        raise typer.Exit(REFUSED)


def _answer(matched: IdentityMatched, seconds: float) -> dict[str, object]:
    answer: dict[str, object] = {
        "records": sum(matched.records),
        "candidate_pairs": matched.candidate_pairs,
        "threshold": matched.threshold,
        "pairs": matched.pairs,
    }
    if matched.scores is not None:
        scores = matched.scores
        answer |= {
            "precision": round(scores.precision, 6),
            "recall": round(scores.recall, 6),
            "f1": round(scores.f1, 6),
            "b_cubed_f": round(scores.b_cubed_f, 6),
        }
    return {**answer, "seconds": round(seconds, 3)}


def _print(matched: IdentityMatched, seconds: float) -> None:
    for name, text in _figures(matched, seconds):
        say(f"{name:<20}{text}")
    for note in matched.notes:
        say(f"note: {note}")
    say(_NOTHING_MERGES)


def _figures(matched: IdentityMatched, seconds: float) -> list[tuple[str, str]]:
    shown = [f"{keys} ({pairs:,})" for keys, pairs in matched.blocked_on[:_KEYS_SHOWN]]
    more = len(matched.blocked_on) - len(shown)
    figures = [
        ("records", " and ".join(f"{count:,}" for count in matched.records)),
        ("compared on", ", ".join(matched.compared_on) or "nothing: no field has 2 different values"),
        ("blocked on", f"{'; '.join(shown)}{f'; and {more} more' if more > 0 else ''}" or "nothing"),
        (
            "candidate pairs",
            f"{matched.candidate_pairs:,} of {matched.possible_pairs:,} possible, "
            f"at most {matched.most_per_person} a person",
        ),
        ("threshold", f"match weight {matched.threshold:.2f}, chosen without the truth: 0 is even odds"),
        ("taken", matched.once),
        ("pairs proposed", f"{matched.pairs:,}"),
    ]
    if matched.scores is not None:
        scores = matched.scores
        figures += [
            ("true pairs", f"{scores.true_pairs:,}"),
            ("precision, recall", f"{scores.precision:.4f}, {scores.recall:.4f}"),
            ("F1, B-cubed F", f"{scores.f1:.4f}, {scores.b_cubed_f:.4f}"),
        ]
    figures += [
        (
            "pairs are in",
            str(matched.out) if matched.out else "nowhere: --out PAIRS.csv writes them, explained",
        ),
        (
            "weights are in",
            str(matched.weights_out) if matched.weights_out else "nowhere: --weights-out writes them",
        ),
        ("seconds", f"{seconds:.1f}"),
    ]
    return figures
