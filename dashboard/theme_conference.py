"""Appearance of a conference's pages and of the room's screen; its sizes are to be legible from 4 metres."""

from __future__ import annotations

CONFERENCE = """
[class*=st-key-agenda-row-]{border-bottom:1px solid var(--line);padding:.35rem 0 .45rem}
[class*=st-key-agenda-row-] .stButton button{min-height:2.1rem;padding-top:.15rem;padding-bottom:.15rem}
[class*=st-key-agenda-text-]{min-width:16rem}
.st-key-decision-column{background:var(--soft);border-left:2px solid var(--ink);padding:.6rem .9rem 1rem}
.st-key-return-bar{border-left:6px solid var(--bar);background:var(--info-soft);padding:.35rem .8rem;
 position:sticky;top:3.5rem;z-index:90}
.st-key-return-bar p{margin:0}
.st-key-conference-bar{border-bottom:3px solid var(--bar);padding-bottom:.5rem}
.rail{padding:.35rem .5rem;line-height:1.35}
.rail.now{border-left:5px solid var(--plate);background:var(--info-soft)}
[class*=st-key-rail-]{border-bottom:1px solid var(--line);padding-bottom:.25rem}
[class*=st-key-rail-] .stButton button{min-height:1.8rem;padding:.05rem .5rem;border:0;
 text-decoration:underline}
table.sides{min-width:44rem}
table.sides tr.band th{background:var(--soft);border-top:2px solid var(--ink)}
table.sides tr.band small{display:inline;font-weight:400;color:var(--ink)}
table.sides tr.own-agency th,table.sides tr.own-agency td{box-shadow:inset 5px 0 0 var(--plate)}
table.sides tr.own-agency td+td{box-shadow:none}
article.minutes .tag,.said .tag{white-space:normal}
.said{border-bottom:1px solid var(--line);padding:.45rem 0}
.said small{display:block;color:var(--sub)}
html.no-contact .st-key-room{visibility:hidden}
.stApp:has(.st-key-room-screen) [data-testid=stHeader],
.stApp:has(.st-key-room-screen) [data-testid=stLayoutWrapper]:has(>.st-key-whoami){display:none!important}
.stMainBlockContainer:has(.st-key-room-screen){padding:1.2rem 2.6rem!important}
.st-key-room h1{font-size:68px!important;line-height:1.1}
.st-key-room p,.st-key-room small,.st-key-room caption,.st-key-room .absent{font-size:28px;line-height:1.3}
table.room{border-collapse:collapse;width:100%}
table.room caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table.room th,table.room td{border:0;border-bottom:2px solid var(--line);padding:.8rem .6rem;text-align:left;
 font-size:36px;line-height:1.25}
table.room thead th{border-bottom:4px solid var(--ink);vertical-align:top}
table.room small{display:block;font-weight:400}
table.room .tag{font-size:42px}
table.room .tag::before{width:.65em!important;height:.65em!important}
table.room tr.panel{background:var(--soft)}
nav.parts{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem}
"""
