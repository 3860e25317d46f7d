"""Texts that repeat something protected: which wait, and the resolution of one. Never shows a text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from cli.output import print_json, say
from cli.session import Answer, Command, Desk

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


def list_(desk: Desk) -> None:
    """List text that contains protected details and needs review (chair, coordinator).

    Example: stac access text-flags list
    """
    from engine.services.vault import typed_texts

    found = typed_texts.texts_to_see_to(desk.context)
    if desk.as_json:
        print_json({"texts": [text.model_dump(mode="json") for text in found]})
        return
    for text in found:
        before = f"; {text.earlier} more of theirs in 28 days" if text.earlier else ""
        say(f"{text.number}: {text.involvement}, {text.where.value}, typed by {text.by}{before}")
    if not found:
        say("No text needs review.")


def resolve(
    desk: Desk,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The text's number.")],
    how: Annotated[str, typer.Option("--how", metavar="TEXT", help="The action taken, in one line.")],
) -> Answer:
    """Mark a text as resolved, and how (chair, coordinator; not your own text).

    Example: stac access text-flags resolve 1 --how "The author has corrected it."
    """
    from engine.services.vault import typed_texts

    typed_texts.see_to_text(desk.context, number=number, how=how)
    return Answer({"text": number, "seen_to": True}, f"text {number} is resolved")


COMMANDS: Mapping[str, Command] = {"list": list_, "resolve": resolve}
