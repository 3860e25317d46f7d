"""Every act that takes something away is in the register that a restore repeats, or says why not."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from engine import services
from engine.store.granting import GRANTS
from engine.store.keyed_checks import CHECKED
from engine.store.repositories.system.repeated_acts import REGISTERED
from tests.attacks.test_forged_grants import GRANTS_NOTHING, LIMITS, RULES

OPENS_ALONE = "it opens something, and nothing of it is taken back"
SHORT = "what it opens is over within the hour"
RELEASED = "a release that is not in the record is not made again: its content stays with its agency"
FLAG = "the newest decision on it is registered as a row of its own"
AGAIN = "derived or asked for again from what the record has"
TABLES_NOT_REGISTERED = {
    "answer": RELEASED,
    "associates_ask": SHORT,
    "associates_word": SHORT,
    "conference": OPENS_ALONE,
    "episode": FLAG,
    "glass_broken": SHORT,
    "investigator": OPENS_ALONE,
    "link_query_ended": "a search of a user's own, which finds what that user may see",
    "minutes_copy": RELEASED,
    "minutes_copy_item": RELEASED,
    "opening": SHORT,
    "opening_ask": SHORT,
    "opening_word": SHORT,
    "outcome_return_step": RELEASED,
    "provider_subject": "who the subject is, is registered as a change of the user",
    "release_class": "a rule's row names it",
    "remark_step": RELEASED,
    "role_assessment": "it gives the assessed victim rights, and takes none away",
    "room_screen": SHORT,
    "victim_request_word": RELEASED,
    "victim_words_confirmed": RELEASED,
}


def test_every_table_that_grants_or_limits_is_registered_or_says_why_not() -> None:
    tables = {*GRANTS, *GRANTS_NOTHING[RULES], *GRANTS_NOTHING[LIMITS]}
    assert not REGISTERED & TABLES_NOT_REGISTERED.keys()
    assert tables - REGISTERED == set(TABLES_NOT_REGISTERED)
    assert REGISTERED - tables == {"access_step", "erasure", "ledger"}, "an erasure, and what was withdrawn"
    assert "sign_in" in {str(table.__tablename__) for table in CHECKED}, "and is ended with what went back"


NARROWS = re.compile(
    r"\b(withdraw|withhold|end|close|remove|restrict|erase|suspend|disable|delete|put|refuse|undo|take back|"
    r"say|name|change|changing|set|settle|turn|clear|reset|give up|sign out|assess)\b"
)
NEWER_KEYS = "a restore takes the newer keys beside the backup, and the change goes on"
ACTS_REGISTERED = frozenset(
    {
        "change user",
        "end a share",
        "erase content",
        "erase subject access request",
        "name investigation lead",
        "name safe-contact officer",
        "put legal hold",
        "remove a shared search or map",
        "reset password",
        "restrict case",
        "say connection",
        "say own connection",
        "set release rule",
        "set release rule of an incident",
        "suspend agency",
        "withdraw item",
        "withdraw shared acts",
        "withdraw victim's words",
    }
)
WORK = "a state of work: it closes nothing to a reader"
OWN = "a user's own, apart from the record of cases"
ACTS_NOT_REGISTERED = {
    "assess which role is primary": TABLES_NOT_REGISTERED["role_assessment"],
    "begin changing the vault's key": WORK,
    "begin changing the key of digests": NEWER_KEYS,
    "change the key of digests": NEWER_KEYS,
    "change the key of backups": "a restore is made with the key that its backup was sealed with",
    "clear what a controller told": RELEASED,
    "close advice": WORK,
    "close conference": WORK,
    "close review": WORK,
    "delete a network": OWN,
    "delete a network of another user": OWN,
    "end changing the key of digests": NEWER_KEYS,
    "end alarm": WORK,
    "end changing the vault's key": WORK,
    "end standing query": OWN,
    "give up a map of links": OWN,
    "name investigator": OPENS_ALONE,
    "name people on the case": OPENS_ALONE,
    "record change of custody": WORK,
    "refuse": WORK,
    "refuse file link": WORK,
    "say whether a reply is safe": RELEASED,
    "say why a restricted case is opened": WORK,
    "say word on an ask": SHORT,
    "set price list": WORK,
    "settle remark": RELEASED,
    "shut rows that were put back": AGAIN,
    "sign out": "sign-ins are ended with what went back",
    "take back a word on two persons": AGAIN,
    "take back joining": AGAIN,
    "turn screen": WORK,
    "turn timer": WORK,
    "undo report on action": WORK,
    "withdraw finding on a complaint": WORK,
    "withdraw question about associates": SHORT,
    "withhold outcomes": RELEASED,
}


def acts() -> set[str]:
    """The name of every act that writes, as a service gives it to its unit of work."""
    found: set[str] = set()
    for file in Path(next(iter(services.__path__))).rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                given = [*call.args, *(each.value for each in call.keywords if each.arg == "what")][:1]
                if call.func.attr == "writing" and given:
                    within = [each.value for each in ast.walk(given[0]) if isinstance(each, ast.Constant)]
                    found.update(each for each in within if isinstance(each, str))
    return found


def test_every_act_whose_name_says_that_it_takes_away_is_registered_or_says_why_not() -> None:
    narrowing = {act for act in acts() if NARROWS.search(act)}
    assert len(narrowing) > 40
    assert not ACTS_REGISTERED & ACTS_NOT_REGISTERED.keys()
    assert narrowing == ACTS_REGISTERED | set(ACTS_NOT_REGISTERED)
