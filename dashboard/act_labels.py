"""Labels of the acts that the audit log stores. A stored act keeps its name; a page shows these words."""

from __future__ import annotations

from collections.abc import Mapping

ACTS: Mapping[str, str] = {
    "answer a correction": "respond to a correction request",
    "answer by hand": "write response",
    "answer victim information request": "respond to victim information request",
    "ask about connection": "ask about conflict of interest",
    "ask for a correction": "request correction",
    "ask standing queries": "run saved searches",
    "ask to open protected value": "request access to protected detail",
    "ask whether seen before": "search for previous referrals",
    "ask why a restricted case is opened": "ask for the reason to open a restricted case",
    "assess which role is primary": "assess the victim's role",
    "break glass": "get emergency access",
    "chase agency": "send reminder to agency",
    "clear what a controller told": "review a controller's data",
    "deal with a search": "resolve search",
    "deal with rejected row": "resolve rejected row",
    "end standing query": "delete saved search",
    "give up a map of links": "delete saved map",
    "judge whether two persons are the same": "decide on possible duplicates",
    "keep answer": "store response",
    "keep what a controller told": "store a controller's data",
    "list standing queries": "list saved searches",
    "list texts that tell": "list protected details in text",
    "list urgent looks": "list emergency access",
    "look at links": "view links",
    "look for a path": "find shortest path",
    "look for patterns": "find patterns",
    "look up on arrival": "search own records on arrival",
    "look what answers a question": "run saved search",
    "name people on the case": "add people to the case",
    "note answers": "record that responses are in",
    "open protected value": "open protected detail",
    "open protected value for life": "open protected detail for a threat to life",
    "prepare victim pack": "approve the victim's pack",
    "record notice to the victim": "record that the victim was informed",
    "release answer": "release response",
    "report on action": "update action",
    "review urgent look": "review emergency access",
    "save standing query": "save search",
    "say connection": "declare conflict of interest for another user",
    "say own connection": "answer the conflict of interest check",
    "say whether a reply is safe": "record whether a reply is safe",
    "say why a restricted case is opened": "give the reason to open a restricted case",
    "say word on an ask": "respond to an access request",
    "see opened value": "view opened detail",
    "see prepared answer": "view prepared response",
    "see reoffending": "view outcomes",
    "see review queue of persons": "view possible duplicates",
    "see searches that were sent": "view searches to review",
    "see sharing ledger": "view sharing log",
    "see to a text that tells": "resolve protected details in text",
    "see vault of case": "view protected details",
    "see what is to be cleared": "view data to review",
    "see what the victim was told": "view what the victim was informed of",
    "see what waits for a safety check": "view safety checks to do",
    "see what was shared in figures": "view sharing report",
    "see who has looked": "view access log",
    "see who may know": "view access",
    "see whom a request is about": "view the person a request is about",
    "see why a case was opened": "view reasons for opening",
    "take back a word on two persons": "undo match decision",
    "take back joining": "remove from episode",
    "take victim pack": "download the victim's pack",
}
"""Acts that a page words differently. Any other act is shown as it is stored, with ``view`` for ``see``."""


def act(stored: str) -> str:
    """Return the words of a stored act."""
    if stored in ACTS:
        return ACTS[stored]
    return f"view {stored.removeprefix('see ')}" if stored.startswith("see ") else stored
