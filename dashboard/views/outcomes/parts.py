"""The parts of the Outcomes page: one address each, and only the open one is read."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from dashboard import markup, session
from dashboard.pages import Place
from dashboard.views.outcomes import agreement, compare, costs, equity, process, reoffending, victims

PART = "part"


class OutcomePart(Enum):
    """A part: its code in the address, its name in the list of parts, and what draws it."""

    OVERVIEW = ("", "Overview", reoffending.page)
    COMPARE = ("compare", "Compare", compare.page)
    VICTIMS = ("victims", "Victims' outcomes", victims.page)
    PROCESS = ("process", "Process", process.page)
    EQUITY = ("equity", "Equity", equity.page)
    AGREEMENT = ("agreement", "Agreement", agreement.page)
    COSTS = ("costs", "Costs", costs.page)

    @property
    def code(self) -> str:
        """Its code in the address; the first part has none."""
        return self.value[0]

    @property
    def title(self) -> str:
        """Its name."""
        return self.value[1]

    @property
    def draw(self) -> Callable[[], None]:
        """The page of this part."""
        return self.value[2]


def page() -> None:
    """Draw the list of parts and the one that the address names; a code that is gone shows the first."""
    asked = session.query(PART) or ""
    part = next((each for each in OutcomePart if each.code == asked), OutcomePart.OVERVIEW)
    links = [
        markup.element("b", each.title, aria_current="page") if each is part else _link(each)
        for each in OutcomePart
    ]
    markup.draw(markup.element("nav", *links, class_="parts", aria_label="Parts of Outcomes"))
    part.draw()


def _link(part: OutcomePart) -> markup.Markup:
    codes = {PART: part.code} if part.code else None
    return markup.go(part.title, Place.OUTCOMES, codes=codes)
