"""A health practitioner strikes an item before release; nobody else ever sees it, anywhere."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import (
    AGENCIES,
    PEOPLE,
    Invented,
    Stac,
    asked,
    everything_kept,
    referral_row,
    referred,
    screened,
)


def test_a_struck_item_is_seen_by_nobody_else(
    stac_with_extracts: tuple[Stac, Invented], tmp_path: Path
) -> None:
    stac, invented = stac_with_extracts
    (reference,) = referred(stac, tmp_path, referral_row(invented.referral()))
    screened(stac, reference, "conference", "--person", "ana", "--person", "health-1")
    asked(stac, reference)
    struck, *stored = stac.json("response", "show", reference, user="health-1")["answer"]["findings"]

    assert stac("response", "release", reference, "--withhold", struck["key"], user="health-1").code == 0
    assert stac("conference", "open", reference, user="chair").code == 0

    everybody = ["demo", *PEOPLE, *(f"{agency}-{n}" for agency in AGENCIES for n in (1, 2))]
    commands = (
        ("case", "list"),
        ("case", "show", reference),
        ("worklist",),
        ("response", "show", reference, "--agency", "health"),
    )
    for user in everybody:
        for command in commands:
            for as_json in ((), ("--json",)):
                findings = stac(*command, *as_json, user=user)
                read = " ".join((findings.out + findings.err).split())
                assert struck["says"] not in read, (user, command)

    # What was not struck is there for those on the case: the search would have found it.
    assert any(
        finding["says"] in str(stac.json("case", "show", reference, user="police-1")) for finding in stored
    )

    # They are told that something is withheld, and whom to ask.
    assert "1 item withheld by health; ask stac-health@" in stac("case", "show", reference, user="chair").out

    # And nothing else that is kept holds its sentence: no release, no log, no audit entry, no list.
    kept_where = {table for table, content in everything_kept(stac.home) if struck["says"] in content}
    assert kept_where == {"answer, prepared"}
