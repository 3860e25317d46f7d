"""Things with very many users: a hostel or a switchboard joins strangers. Knows no link."""

from __future__ import annotations

from engine.links.kinds import Shape

HUB_CAP = 50
"""A thing with more users than this is drawn and not expanded, and no path crosses it."""
MOST_USERS_READ = 400
"""In the record a thing with more links than this is a hub whatever the cap; so many are not drawn."""
EXPANDED_ALWAYS = (Shape.PERSON, Shape.INCIDENT)
