"""The patterns that are planted among invented Londoners, and a near miss of each. Detects nothing.

Each plant puts into the key every pattern that it shows, not only its own: a person who harms two people
shows that one is serial, and if it is the same victim, that the victim is a repeat victim.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise

from engine.synthetic.linked import CLEAN, LinkedCity, Noise, Planting
from engine.synthetic.streams import stream

Plant = Callable[[Planting], None]


def linked_city(seed: int, *, plants: int, pairs: int, noise: Noise = CLEAN) -> LinkedCity:
    """Return a network with so many plants and near misses of each pattern among so many ordinary pairs."""
    planting = Planting(seed)
    for _ in range(plants):
        for plant, near_miss in PLANTS.values():
            plant(planting)
            near_miss(planting)
    for _ in range(pairs):
        perpetrator, victim = planting.people(2)
        planting.incident(planting.day(), by=[perpetrator], of=[victim])
        planting.thing("phone", [perpetrator])
    return planting.city(noise, stream(seed, "noise"))


def _course(city: Planting, pair: Sequence[str], *days: date) -> None:
    """Add incidents between the same two.

    The second makes a repeat victim, and within a year a repeat case.
    """
    by, of = pair
    for day in days:
        city.incident(day, by=[by], of=[of])
    if len(days) > 1:
        city.shows("repeat-victim", of)
    if any((after - before).days <= 360 for before, after in pairwise(days)):
        city.shows("repeat-case", by, of)


def _on(first: date, *after: int) -> list[date]:
    return [first + timedelta(days=days) for days in after]


def _serial(city: Planting) -> None:
    perpetrator, *victims = city.people(city.chance.randint(3, 5))
    for victim in victims:
        city.incident(city.day(), by=[perpetrator], of=[victim])
    city.shows("serial-perpetrator", perpetrator)


def _two_incidents_of_one_pair(city: Planting) -> None:
    _course(city, city.people(2), *_on(city.day(), 0, city.chance.randint(400, 600)))


def _repeat_victim(city: Planting) -> None:
    victim = city.person()
    for _ in range(city.chance.randint(2, 4)):
        city.incident(city.day(), of=[victim])
    city.shows("repeat-victim", victim)


def _victim_then_witness(city: Planting) -> None:
    victim = city.person()
    city.incident(city.day(), of=[victim])
    city.incident(city.day(), of=[city.person()], seen_by=[victim])


def _referred(city: Planting, *after: int) -> tuple[str, str]:
    perpetrator, victim = city.people(2)
    first = city.day()
    city.incident(first, by=[perpetrator], of=[victim])
    city.paper("referral", first + timedelta(days=10), [perpetrator, victim])
    for day in _on(first, *after):
        city.incident(day, by=[perpetrator], of=[victim])
    city.shows("repeat-victim", victim)
    return perpetrator, victim


def _repeat_case(city: Planting) -> None:
    city.shows("repeat-case", *_referred(city, city.chance.randint(30, 360)))


def _back_after_a_year(city: Planting) -> None:
    _referred(city, city.chance.randint(385, 700))


def _counter_allegation(city: Planting) -> None:
    one, other = city.people(2)
    first = city.day()
    city.incident(first, by=[one], of=[other])
    city.incident(first + timedelta(days=city.chance.randint(1, 60)), by=[other], of=[one])
    city.shows("counter-allegation", *sorted((one, other)))
    city.shows("role-overlap", one)
    city.shows("role-overlap", other)


def _harmed_by_one_and_harming_another(city: Planting) -> None:
    one, between, other = city.people(3)
    city.incident(city.day(), by=[one], of=[between])
    city.incident(city.day(), by=[between], of=[other])
    city.shows("role-overlap", between)


def _proxy(city: Planting) -> None:
    perpetrator, proxy, victim = city.people(3)
    city.incident(city.day(), by=[perpetrator], of=[victim])
    phone = city.thing("phone", [perpetrator, proxy])
    city.shows("proxy", *sorted((perpetrator, proxy)))
    city.shows("shared-object", phone)
    if city.chance.random() < 0.5:
        city.incident(city.day(), by=[proxy], of=[victim])
        city.shows("several-perpetrators", victim)
        city.shows("repeat-victim", victim)


def _together_with_one_phone(city: Planting) -> None:
    one, other, victim = city.people(3)
    city.incident(city.day(), by=[one, other], of=[victim])
    city.shows("shared-object", city.thing("phone", [one, other]))
    city.shows("several-perpetrators", victim)


def _role_overlap(city: Planting) -> None:
    _harmed_by_one_and_harming_another(city)


def _perpetrator_then_witness(city: Planting) -> None:
    person, victim, other = city.people(3)
    city.incident(city.day(), by=[person], of=[victim])
    city.incident(city.day(), of=[other], seen_by=[person])


def _many_handles(city: Planting) -> None:
    perpetrator, victim = city.people(2)
    city.incident(city.day(), by=[perpetrator], of=[victim])
    for number in range(city.chance.randint(3, 6)):
        city.thing(("phone", "account", "email")[number % 3], [perpetrator])
    city.shows("many-handles", perpetrator)


def _victim_who_changed_numbers(city: Planting) -> None:
    perpetrator, victim = city.people(2)
    city.incident(city.day(), by=[perpetrator], of=[victim])
    for _ in range(4):
        city.thing("phone", [victim])
    for _ in range(2):
        city.thing("account", [perpetrator])


def _shared_object(city: Planting) -> None:
    city.shows("shared-object", city.thing("vehicle", city.people(city.chance.randint(2, 5))))


def _object_of_one(city: Planting) -> None:
    city.thing("vehicle", city.people(1))


def _under_order(city: Planting, *after: str, new_victim: bool = False) -> str:
    perpetrator, victim = city.people(2)
    first = city.day()
    _course(city, (perpetrator, victim), *_on(first, 0, 20))
    city.paper("order", first + timedelta(days=40), [perpetrator])
    whom = city.person() if new_victim else victim
    for day, channel in zip(_on(first, 100, 160), after, strict=False):
        city.incident(day, by=[perpetrator], of=[whom], channel=channel)
    if new_victim:
        city.shows("serial-perpetrator", perpetrator)
    else:
        city.shows("three-in-twelve-months", perpetrator, victim)
    return perpetrator


def _order_then_switch(city: Planting) -> None:
    if city.chance.random() < 0.5:
        perpetrator = _under_order(city, "post")
    else:
        perpetrator = _under_order(city, "phone", new_victim=True)
    city.shows("order-then-switch", perpetrator)


def _order_and_the_same_as_before(city: Planting) -> None:
    _under_order(city, "phone", "phone")


def _quiet_then_return(city: Planting) -> None:
    pair, before, after = city.people(2), city.chance.randint(2, 4), city.chance.randint(1, 3)
    returned = 20 * before + city.chance.randint(380, 700)
    steps = [*range(0, 20 * before, 20), *range(returned, returned + 15 * after, 15)]
    _course(city, pair, *_on(city.day(), *steps))
    city.shows("quiet-then-return", *pair)
    if max(before, after) > 2:
        city.shows("three-in-twelve-months", *pair)


def _short_quiet(city: Planting) -> None:
    pair = city.people(2)
    _course(city, pair, *_on(city.day(), 0, 20, 20 + city.chance.randint(60, 170)))
    city.shows("three-in-twelve-months", *pair)


def _repeat_location(city: Planting) -> None:
    perpetrator, one, other = city.people(3)
    place = city.thing("place", ())
    for victim in (one, other):
        city.incident(city.day(), by=[perpetrator], of=[victim], at=place)
    city.shows("repeat-location", perpetrator)
    city.shows("serial-perpetrator", perpetrator)


def _strangers_at_one_place(city: Planting) -> None:
    place = city.thing("place", ())
    for _ in range(3):
        perpetrator, victim = city.people(2)
        city.incident(city.day(), by=[perpetrator], of=[victim], at=place)


def _several_perpetrators(city: Planting) -> None:
    victim, *perpetrators = city.people(city.chance.randint(3, 5))
    city.incident(city.day(), by=perpetrators, of=[victim])
    city.shows("several-perpetrators", victim)


def _one_and_a_witness(city: Planting) -> None:
    victim, perpetrator, witness = city.people(3)
    city.incident(city.day(), by=[perpetrator], of=[victim], seen_by=[witness])


def _professional_targeted(city: Planting) -> None:
    professional, perpetrator = city.person(professional="yes"), city.person()
    city.incident(city.day(), by=[perpetrator], of=[professional])
    city.shows("professional-targeted", professional)


def _professional_as_witness(city: Planting) -> None:
    professional, perpetrator, victim = city.person(professional="yes"), *city.people(2)
    city.incident(city.day(), by=[perpetrator], of=[victim], seen_by=[professional])


def _three_in_twelve_months(city: Planting) -> None:
    pair, steps = city.people(2), [0]
    for _ in range(city.chance.randint(2, 5)):
        steps.append(steps[-1] + city.chance.randint(5, 150))
    _course(city, pair, *_on(city.day(), *steps))
    city.shows("three-in-twelve-months", *pair)


def _three_in_more_than_twelve(city: Planting) -> None:
    _course(city, city.people(2), *_on(city.day(), 0, 300, 470))


PLANTS: dict[str, tuple[Plant, Plant]] = {
    "serial-perpetrator": (_serial, _two_incidents_of_one_pair),
    "repeat-victim": (_repeat_victim, _victim_then_witness),
    "repeat-case": (_repeat_case, _back_after_a_year),
    "counter-allegation": (_counter_allegation, _harmed_by_one_and_harming_another),
    "proxy": (_proxy, _together_with_one_phone),
    "role-overlap": (_role_overlap, _perpetrator_then_witness),
    "many-handles": (_many_handles, _victim_who_changed_numbers),
    "shared-object": (_shared_object, _object_of_one),
    "order-then-switch": (_order_then_switch, _order_and_the_same_as_before),
    "quiet-then-return": (_quiet_then_return, _short_quiet),
    "repeat-location": (_repeat_location, _strangers_at_one_place),
    "several-perpetrators": (_several_perpetrators, _one_and_a_witness),
    "professional-targeted": (_professional_targeted, _professional_as_witness),
    "three-in-twelve-months": (_three_in_twelve_months, _three_in_more_than_twelve),
}
"""For each pattern how it is planted, and what nearly is it."""
