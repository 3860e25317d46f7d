"""The file to fill in that the tools print with --template."""

from __future__ import annotations

QUERY = """\
# Question to an imported network. Give this file to 'stac links query --register R FILE'.
# This one: people with no incident of their own, by how many direct associates are in one.

# Who is listed. All conditions must be met; leave out those that you do not need.
[find]
type = "person"            # a type of your files; or person, incident, contact, object, place, order
# id = ["P1", "P2"]        # any of them, exactly as in the files; a list works everywhere
# label = "Invented Name"
# attributes = { status = "open", officer = "Z" }   # columns of the entity file

# What the entity is directly linked to. Without at_least and at_most: at least 1.
[[find.linked]]
to = { type = "incident" } # conditions as under [find]
at_most = 0
# kind = "involved"        # only by links of this kind
# role = "victim"          # only by links with this role: perpetrator, victim, witness, other

# What the value of each row counts: others that it is directly linked to. Leave out to count nothing.
[count]
to = { type = "person", linked = [{ to = { type = "incident" } }] }
# at_least = 1             # leaves out rows with a lower value
"""
