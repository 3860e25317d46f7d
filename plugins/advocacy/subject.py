"""What a person who asks what is held about them is told here: that the service itself tells it.

Clients are found by name and date of birth alone, which he who stalks her knows as well as she does. So the
answer is the same whether or not anybody is held: it tells nobody that she is a client.
"""

from __future__ import annotations

from engine.hooks.v1 import PersonAsked, SubjectAccessResult
from plugins.advocacy.records import LOOKED_IN, AdvocacyRecords

ASK_THE_SERVICE = (
    "Whether anything is held here is told by the service itself, to the person, once it is certain who asks."
)


def told_to_subject(person: PersonAsked, held: AdvocacyRecords) -> SubjectAccessResult:
    """Nothing of anybody's; records that cannot be read were a failure before this."""
    return SubjectAccessResult(looked_in=LOOKED_IN, gaps=(ASK_THE_SERVICE,))
