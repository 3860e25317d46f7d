"""The words of the city: names, places, conduct and sentences. Reads its own data files and nothing else."""

from __future__ import annotations

import tomllib
from functools import cache

from pydantic import Field

from engine.domain.base import Frozen
from engine.domain.cases.incidents import Channel, IncidentKind
from engine.domain.conference.risk import Domain
from engine.domain.plans.actions import DepartureReason, Side
from engine.domain.referrals.intake import AlarmTopic
from engine.synthetic.figures import own_text


class Origin(Frozen):
    """Forenames and surnames of one origin, and its rough share of London."""

    name: str
    share: float
    female: tuple[str, ...]
    male: tuple[str, ...]
    surnames: tuple[str, ...]


class Variants(Frozen):
    """Other spellings; the first of each group is the one that is varied."""

    forenames: tuple[tuple[str, ...], ...]
    surnames: tuple[tuple[str, ...], ...]


class Names(Frozen):
    """Names of many origins."""

    origins: tuple[Origin, ...]
    variants: Variants


class Streets(Frozen):
    """Parts of street names."""

    stems: tuple[str, ...]
    ends: tuple[str, ...]
    kinds: tuple[str, ...]
    highest_number: int
    shared_houses: tuple[str, ...]
    shared_house_rooms: int


class Postcodes(Frozen):
    """Areas that are not in use."""

    areas: tuple[str, ...]
    districts: int
    letters: str


class Phones(Frozen):
    """Prefixes of reserved ranges, a thousand numbers each."""

    source: str
    perpetrators: tuple[str, ...]
    victims: tuple[str, ...]


class Mail(Frozen):
    """Domains that are never delivered to."""

    domains: tuple[str, ...]


class Accounts(Frozen):
    """Parts of handles."""

    first: tuple[str, ...]
    second: tuple[str, ...]


class Plates(Frozen):
    """A registration area that is never issued."""

    area: str
    letters: str


class Works(Frozen):
    """Parts of names of works and schools."""

    kinds: tuple[str, ...]
    schools: tuple[str, ...]


class Places(Frozen):
    """Everything that can be visited, dialled or posted to, none of which exists."""

    streets: Streets
    postcodes: Postcodes
    phones: Phones
    mail: Mail
    accounts: Accounts
    plates: Plates
    works: Works


class ActTexts(Frozen):
    """Ways to write down one kind of conduct."""

    behaviour: str
    kind: IncidentKind
    channels: tuple[Channel, ...]
    alarm: AlarmTopic | None = None
    texts: tuple[str, ...]


class CounterAllegation(Frozen):
    """Parts of a counter-allegation."""

    behaviours: tuple[str, ...]
    fewest: int
    most: int


class Conduct(Frozen):
    """Events, in words."""

    acts: tuple[ActTexts, ...]
    counter_allegation: CounterAllegation


class ReferralTalk(Frozen):
    """Sentences that referrers write."""

    reasons: tuple[str, ...]
    reasons_again: tuple[str, ...]
    reasons_counter: tuple[str, ...]
    not_asked_why: tuple[str, ...]
    interpreters: tuple[str, ...]
    communication_needs: tuple[str, ...]
    contact_how: tuple[str, ...]
    contact_when: tuple[str, ...]
    contact_through: tuple[str, ...]


class ScreeningTalk(Frozen):
    """Sentences that screeners write."""

    advice: tuple[str, ...]
    reason: dict[str, tuple[str, ...]]
    safeguarding: tuple[str, ...]
    redirect_to: tuple[str, ...]


class Professionals(Frozen):
    """Posts that professionals hold."""

    posts: tuple[str, ...]


class DecisionTalk(Frozen):
    """Sentences that a conference writes down."""

    reasons: dict[Domain, dict[str, tuple[str, ...]]]
    summaries: tuple[str, ...]
    low_despite_unknown: tuple[str, ...]
    settled: tuple[str, ...]
    alternatives: tuple[str, ...]
    dissent: tuple[str, ...]
    review_weeks: tuple[int, ...]


class ActionTalk(Frozen):
    """One action, the seat that it suits, its side of the plan and the domain that it serves."""

    what: str
    seat: str
    side: Side
    serves: Domain | None = None


class PlanTalk(Frozen):
    """Parts of plans."""

    reasons: tuple[str, ...]
    departs_from_wishes: str
    departure_reason: DepartureReason
    due_days: tuple[int, ...]
    actions: tuple[ActionTalk, ...]
    notes: dict[str, tuple[str, ...]]


class Talk(Frozen):
    """The sentences that invented people write."""

    referral: ReferralTalk
    screening: ScreeningTalk
    refusals: dict[str, str]
    professionals: Professionals
    decision: DecisionTalk
    plan: PlanTalk
    follow_up: dict[str, str] = Field(min_length=1)


@cache
def names() -> Names:
    """Return the names, read once."""
    return Names.model_validate(tomllib.loads(own_text("names.toml")))


@cache
def places() -> Places:
    """Return the places, read once."""
    return Places.model_validate(tomllib.loads(own_text("places.toml")))


@cache
def conduct() -> Conduct:
    """Return the conduct, read once."""
    return Conduct.model_validate(tomllib.loads(own_text("conduct.toml")))


@cache
def talk() -> Talk:
    """Return the sentences, read once."""
    return Talk.model_validate(tomllib.loads(own_text("talk.toml")))
