"""The police's words for what was reported. Knows no record."""

from __future__ import annotations

from engine.hooks.v1 import IncidentKind

KIND_TOLD = {
    IncidentKind.FOLLOWING: "following",
    IncidentKind.CONTACTING: "unwanted contact",
    IncidentKind.PUBLISHING: "publishing",
    IncidentKind.MONITORING: "monitoring",
    IncidentKind.LOITERING: "loitering",
    IncidentKind.INTERFERING: "interference with property",
    IncidentKind.WATCHING: "watching",
    IncidentKind.THREAT: "threats",
    IncidentKind.ASSAULT: "assault",
    IncidentKind.SEXUAL_ASSAULT: "sexual assault",
    IncidentKind.ENTRY: "entry",
    IncidentKind.BREACH: "breach of an order",
    IncidentKind.GIFT: "unwanted gifts",
    IncidentKind.VEXATIOUS: "complaints about the victim",
    IncidentKind.SUICIDAL_STATEMENT: "suicidal statements",
    IncidentKind.OTHER: "other incidents",
}
