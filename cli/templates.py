"""Files to fill in, in TOML, for what a person writes by hand. A test reads each as the real thing."""

from __future__ import annotations

import typer

SCREENING = """\
# Screening: read the referral only, without other records. Give this file to 'stac case screen REF FILE'.
outcome = "consultation"   # advice, consultation, conference, urgent, redirect
reason = "Invented example: repeated contact after a clear request to stop."
people = []                # users on the case besides you
# redirect_to = "MARAC"    # for redirect
# safeguarding = "..."     # for urgent: the safeguarding today, and the person who does it
# same_episode_as = "E-..." # to join an earlier episode that was proposed
base_version = 0            # the version that you replace; 0 for the first screening

# Each of the 4: yes, no or unclear, and the incidents behind the answer. Do not add them up.
[[four]]
question = "fixated"
answer = "yes"
incidents = []

[[four]]
question = "obsessive"
answer = "unclear"
incidents = []

[[four]]
question = "unwanted"
answer = "yes"
incidents = []

[[four]]
question = "repeated"
answer = "yes"
incidents = []
"""

ADVICE_SLIP = """\
# Slip of an advice. Give this file to 'stac advice return REF FILE'. Leave out what has no answer yet.
# Each yes has the date and the person in a work role, each no the reason.
[contacted]                # the victim was contacted safely
answer = "yes"
on = "2026-03-03"
by = "PC A. Example, officer in the case"

[spo]                      # a Stalking Protection Order was considered
answer = "no"
why = "Invented example: the supervisor decides on Thursday."

[risk]                     # a risk assessment was done
answer = "yes"
on = "2026-03-04"
by = "PC A. Example, officer in the case"
"""

REVIEW_EXAMPLE = 'review_on = "2030-01-31"'
"""The part of the template in whose place the proposed date of one case is written."""
WEIGHED_EXAMPLE = "weighed = []"
"""The line of the template in whose place the gaps of one case are listed."""

DECISION = """\
# Decision of a case conference. Give this file to 'stac conference decide REF FILE'.
summary = "Invented example: what the panel decided and why, for a person who was absent."
review_on = "2030-01-31"   # the next review date; leave out if none
confidence = "moderate"    # required; of the panel in this decision: low, moderate, high
# What else was considered. Required where the panel departs from a level that all agencies share.
alternatives = "Invented example: waiting for the response that is overdue."

# "Low" needs each gap to be weighed, and so does "does not apply", save for recurrence. 'stac case show REF'
# lists the gaps, and 'stac conference decide REF --template' writes them here. Remove the # before each
# one that the panel weighed, and give a reason of at least five words.
weighed = []
# low_despite_unknown = "..."

# A judgement on each of the four domains: low, moderate, high, unable to say, does not apply.
# violence: physical or sexual violence to the victim or to others.
# persistence: the present stalking goes on: it has not stopped.
# recurrence: a further episode after it has stopped, against the same victim or another.
# psychosocial harm: harm to how a person lives: the victim above all, and the person who stalks.
# Give "reasons" where the panel departs from the level that agencies share, and "settled" (how the difference
# was settled) where agencies differ: it is required from two levels on. Leave out what does not apply.
[[judgements]]
domain = "violence"
level = "unable to say"
how_soon = "unable to say" # within days, within weeks, within months, unable to say; only for violence
reasons = "Invented example: one agency has not answered yet."
settled = "Invented example: the newest report weighed more than an earlier interview."
horizon_weeks = 8

[[judgements]]
domain = "persistence"
level = "moderate"
reasons = "Invented example: contact went on after the first warning."
settled = "Invented example: the newest report weighed more than an earlier interview."

[[judgements]]
domain = "recurrence"
level = "unable to say"
reasons = "Invented example: nothing is known of earlier conduct."
settled = "Invented example: no agency knew enough of earlier conduct."

[[judgements]]
domain = "psychosocial harm"
level = "high"
reasons = "Invented example: the victim has changed job and the way home."
settled = "Invented example: the agency that speaks with the victim knew more."

# Of what agencies recorded as missing, in their own words, what matters to the decision.
# [[missing]]
# agency = "example-agency"
# says = "..."

# Who was there; apologies = true or written_input = true for who was not.
[[attendance]]
agency = "example-agency"
who = "A. Example"

# Who disagrees, and why. Leave out if the panel agrees.
[[dissent]]
agency = "example-agency"
who = "A. Example"
reasons = "Invented example: persistence should be high."
"""

AMENDMENT = """\
# Amendment of a decision. Give this file to 'stac conference amend REF FILE'. A changed level needs a
# conference in session that has taken the case. With the same levels it corrects a slip.
amended_because = "Invented example: the review date was wrong."
""" + DECISION.partition("\n")[2]

VICTIM_WORDS = """\
# What the victim said. Give this file to 'stac conference victim-words REF FILE'.
text = "Invented example: I am more afraid than I show."
manner = "in the victim's own words" # or: reported
said_by = "the victim"
said_on = "2026-03"        # the date; a month or a year is enough
said_to = "the advocate on the case"
# Only the victim's advocate gives this; left out, only their agency reads it:
# with_whom = ["everyone on the case"] # or codes from 'stac agency list'
# topics = { weapon = "yes", "threat to kill" = "no" } # alarm topics that were asked; a yes is an alarm
"""

PLAN = """\
# A whole plan: what is left out of a new version is no longer part of it.
# Give this file to 'stac plan update REF FILE'.
reason = "Invented example: first plan after the conference."
base_version = 0           # the version that you changed; 0 for the first plan
# asks_approval = true     # the chair is to approve it; left out, the version is a draft
# departs_from_wishes = "..."  # if the plan departs from the victim's wishes: how
# departure_reason = "..."     # then: risk to life, safeguarding a child, bail or order, other

[[actions]]
what = "Invented example: check firearms and shotgun licences."
agency = "example-agency"  # a code from 'stac agency list'
owner = "A. Example"
due = "2030-01-31"
serves = "violence"        # violence, persistence, recurrence, psychosocial harm; may be left out
# reference = "A-..."      # of the action that this changes; leave out for a new one
# side = "..."             # safety of the victim, intervention with the alleged perpetrator, others at risk
# evidence = "..."         # what will show that it was done
# owner_user = "..."       # the user name of the owner, if the owner is a user of the agency
# is_urgent = true         # an urgent safety action: it starts at once, before approval
# departs_from_wishes = true   # if this action departs from the victim's wishes
"""

ORDER = """\
# An order. Give this file to 'stac order create REF FILE' (also: make, vary, renew). 'stac order types' lists
# the types, 'stac order conditions' the conditions. Write no place and no name except where this file asks
# for one: both are sealed.
type = "spo"               # the code of a type
act = "made"               # considered, sought or made
made = "2026-03-02"        # leave out what is not known
years = 2                  # as its type lasts: months, days, ends = "2028-03-01", until_further_order = true
court = "magistrates"      # who made it
court_name = "Example Magistrates' Court"
force = "Example Police"
standard_of_proof = "civil"
# in_effect = "2026-03-09"     # if the court set another date than the one made
# given_at = "2026-03-02T20:00" # of a notice: when it was given, in London time
# arrested = "2026-03-01"      # of pre-charge bail, with months = 3, 6 or 9: they count from the arrest
# respondent_is_child = true
# soa_part_2_at_making = false # true if sex offender notification applied when the order was made
# replaces_interim = "PO-..."  # of a full order: the interim order that it replaces
# interim_to = "PO-..."        # of an interim order: the application that it waits for

# Who is protected. Without any, it is the victim of the case.
[[protected]]
is_victim = true

# [[protected]]                # another person: the name goes to the vault
# is_victim = false
# name = "..."
# is_child = true

[[conditions]]
code = "no-contact"
means = ["any means"]
exceptions = ["through a solicitor"]

[[conditions]]
code = "attend"
attends = "a mental health assessment"
times = 6
hours = [{ days = ["Tuesday"], begins = "10:00", ends = "11:00" }]

# [[conditions]]               # every zone is sealed: only its reference stays with the order
# code = "stay-out"
# zone = { description = "..." }

# [[conditions]]               # free text: not checked by software
# wording = "..."
"""

ANSWER = """\
# An agency's response, written by hand. Give this file to 'stac response create REF --agency CODE FILE'.
kind = "contribution"      # contribution, nil return, refused
gaps = ["Invented example: custody records before 2020 were not searched."]

[matched_on]
says = "Matched by name and date of birth, unconfirmed."
confirmed = false

[[findings]]
key = "first-finding"
says = "Invented example: two reports by the same person in three weeks."
nature = "fact"            # fact or opinion
records = [{ record = "EXAMPLE-1", kind = "report", dated = "2025-03" }]

# A view that a named professional recorded in your own records; leave out if there is none.
# violence: physical or sexual violence to the victim or to others.
# persistence: the present stalking goes on: it has not stopped.
# recurrence: a further episode after it has stopped, against the same victim or another.
# psychosocial harm: harm to how a person lives: the victim above all, and the person who stalks.
[[views]]
domain = "persistence"
level = "moderate"
reasons = "Invented example: contact went on after a warning."
recorded_by = { name = "A. Example", post = "practitioner" }
recorded_on = "2025-03-10"

# The victim's voice, from the agency that represents the victim: 3 voices, each within the victim's consent.
# [[voices]]
# key = "victim-words-1"
# whose = "victim's words"   # victim's words, victim's own view of risk, advocate's judgement
# about = "fear"             # fear, wishes, behaviour changes, needs, risk, what may not be told to whom
# says = "Invented example: I do not sleep."
# records = [{ record = "EXAMPLE-2", kind = "contact note", dated = "2025-03" }]
# agreed_to_sharing = "yes"  # yes, no, not asked; left out is not asked, and then it is not shared
# with_whom = ["everyone on the case"] # or codes from 'stac agency list'; only they can read it
#
# Write details that locate or contact the victim only here; no page shows them again.
# [[protected]]
# kind = "safe contact: how" # address, phone, e-mail, workplace, school, advocate, safe contact: how,
#                            # safe contact: when, safe contact: through whom
# value = "Invented example: by message first."

# Instead of all the above, for a nil return:
#   kind = "nil return"
#   looked_in = ["case files"]
#   says = "We searched and hold nothing."
#   advocate_offered = { offered_on = "2025-03-01", by = "the duty line", came_to = "declined" }
# or for a refusal:
#   kind = "refused"
#   ground = "duty of confidence outweighs"
#   says = "We decline to say whether we hold anything."
"""

OUTCOME = """\
# A finding of a follow-up. Give this file to 'stac outcome create REF FILE'.
measure = "reported further stalking" # or: recorded crime, proven reoffending
found = "none found"       # further stalking, none found, not known
# against = "same victim"  # with further stalking: same victim, new victim, by proxy
# happened = "2025-03"     # with further stalking
looked_until = "2025-03-31"
looked_in = ["example-agency"]
# agency = "example-agency"  # the agency that found it
# offence = "008/65"       # with further stalking: the Home Office code, for its harm
# offence_row = "12"       # only for a code with several scores in the harm index
# is_order_breach = false  # with further stalking; leave it out if that is not known
# proved = "2025-09-01"    # with proven reoffending: the conviction or caution
# censored = "died"        # why the follow-up ended early:
#                          # died, deported, left the area, follow-up ended
# ended_on = "2025-02"     # when it ended, if that was before looked_until
# replaces = "T-2K7M9QV"   # the earlier outcome that this one corrects
says = "Invented example: no further report was found in six months."
# topics = { weapon = "yes", "threat to kill" = "no" } # alarm topics that were asked; a yes is an alarm
"""

VICTIM_OUTCOME = """\
# What the victim gave at one moment. Give this file to 'stac outcome record-victim REF FILE'.
moment = "intake"          # intake, review, exit
agreed = "agreed"          # agreed, refused, not asked, not engaging, withdrew agreement;
#                          # or: asked, no answer yet. Without "agreed", leave out all below asked_on
asked_on = "2025-03-10"
had_to_change = ["phone, email or accounts"] # leave out if not asked; [] if nothing
# Also: home, work or study, social media, routes and daily routine, seeing friends or family,
#       children's school or care, security at home, something else
# with_whom = ["everyone on the case"] # or codes from 'stac agency list'; left out, only your agency reads it
# topics = { weapon = "yes", "threat to kill" = "no" } # alarm topics that were asked; a yes is an alarm

# Each question may also be: not asked, prefer not to say, not known.
[answers]
safety = "unsafe"          # very unsafe, unsafe, fairly safe, safe
fear = "often"             # all of the time, often, sometimes, not afraid
"unwanted contact" = "every week"       # every day, every week, less often, no contact
"changes to daily life" = "a lot"       # almost everything, a lot, a little, no change
"satisfaction with the help" = "not asked" # very dissatisfied, dissatisfied, satisfied, very satisfied
"own view of the risk" = "high"         # very high, high, moderate, low
"""

VICTIM_DESCRIPTION = """\
# How the victim describes themselves. Give this file to 'stac outcome describe-victim REF FILE'.
# Nothing of it is required. What you leave out is "not asked".
agreed = "agreed"          # agreed, refused, not asked, not engaging, withdrew agreement
asked_on = "2025-03-10"

# Each may also be: not asked, prefer not to say, not known. A wrong code is refused with the list of codes.
[characteristics]
sex = "female"             # female, male
"age band" = "25 to 34"    # under 18, 18 to 24, 25 to 34, 35 to 44, 45 to 54, 55 to 64, 65 or over
ethnicity = "prefer not to say"
disability = "not limited" # limited a lot, limited a little, not limited
"sexual orientation" = "not asked"
"gender reassignment" = "not asked"
religion = "not asked"
relationship = "separated"
"""

PRICE_LIST = """\
# Prices of an hour of each agency's work. Give this file to 'stac outcome prices FILE'.
# It replaces the whole list. Between two prices of an agency no day may be left out.
[[prices]]
agency = "example-agency"  # a code from 'stac agency list'
begins = "2024-04-01"
ends = "2025-03-31"
pounds_per_hour = 41.50    # invented

[[prices]]
agency = "example-agency"
begins = "2025-04-01"      # without 'ends' it still applies
pounds_per_hour = 43.25    # invented
"""


PLACES_NAMED = """\
# Why a user named many places of a case. Give this file to 'stac access places-named record REF FILE'.

writer = "name.of.user"    # as 'stac access places-named list' names them
counted = 6                # places, as it counts them; if there are more by now, you ask about those too
asked = "the writer"       # or "the writer's manager", "another person"
asked_on = "2026-03-02"
# found: "needed for a task on this case", "typed by mistake", "searching for a place of the victim's",
#        "no reason was given" or "not known"
found = "needed for a task on this case"
text = "What you found, in one line. It is sealed: only those who have the alarm read it."
"""

ITEMS = """\
# Question to the record. Give this file to 'stac links query --record FILE'.
# Leave out the conditions that you do not need. One link of an item must meet all of them.

find = "incidents"         # people, incidents or referrals
to = "J-7K3M9QV"           # of people: what they are linked to
                           # of incidents and referrals: a person in them, or what that person is linked to
# role = "victim"          # perpetrator, victim, witness or other, as a source claims
# link = "uses"            # of people only: a kind of link
# since = "2026-01-01"     # a link without a date meets every date
# until = "2026-06-30"
# grade = "2B"

# Or by people's associates. It is sent to a second person, with --why and a task as --purpose:
# kind = "associates"
# own_incidents = "none"   # or "some": of the people who are listed
# at_least = 1             # direct associates in an incident
# of = "P-7K3M9QV"         # only direct associates of this person
# since = "2026-01-01"     # of the incidents; also until
"""


def print_template(template: str) -> None:
    """Print the file to fill in."""
    typer.echo(template, nl=False)
