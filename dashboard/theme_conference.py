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
@media(max-width:700px){table.sides{min-width:0}
table.sides,.sides tbody,.sides tr,.sides tbody th,.sides tbody td{display:block}
.sides thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.sides tbody tr.by-domain{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
.sides td{overflow-wrap:break-word}
.sides td[data-head]::before{content:attr(data-head);display:block;color:var(--sub);font-size:.85rem}}
dl.about-item{margin:0 0 .6rem;padding:.2rem 0!important;border:1px solid var(--line);line-height:1.5;
 border-left:6px solid var(--plate)}
dl.about-item>div{display:grid;grid-template-columns:10.5rem minmax(0,1fr);gap:0 .8rem;padding:.25rem .8rem}
dl.about-item>div.wide{background:var(--warn-soft)}
dl.about-item.has-alarm>div.wide{background:var(--danger-soft)}
dl.about-item>div.wide dt{font-weight:700;color:var(--ink)}
dl.about-item dt{color:var(--sub)}
dl.about-item dd{margin:0;overflow-wrap:break-word}
dl.about-item ul.lines{list-style:none;margin:0!important;padding:0!important}
dl.about-item ul.lines li{margin:0;padding:0;border:0}
dl.about-item small{display:block;color:var(--sub)}
@media(max-width:700px){dl.about-item>div{grid-template-columns:minmax(0,1fr)}}
article.minutes .tag,.in-the-room .tag{white-space:normal}
.in-the-room{border-bottom:1px solid var(--line);padding:.45rem 0}
.in-the-room small{display:block;color:var(--sub)}
html.no-contact .st-key-room{visibility:hidden}
.stApp:has(.st-key-room-screen) [data-testid=stHeader],
.stApp:has(.st-key-room-screen) [data-testid=stLayoutWrapper]:has(>.st-key-whoami){display:none!important}
.stMainBlockContainer:has(.st-key-room-screen){padding:1.2rem 2.6rem!important}
.st-key-room h1{font-size:68px!important;line-height:1.1}
.st-key-room p,.st-key-room small,.st-key-room caption,.st-key-room .absent{font-size:28px;line-height:1.3}
.st-key-room p.missing{font-size:34px;margin-top:14px}
.st-key-room p.present{max-width:1450px}
.st-key-room h2{font-size:68px!important;line-height:1.1;margin:0;padding:0}
.st-key-room h2 small{font-size:36px;font-weight:600;margin-left:16px}
.st-key-room .absent{font-size:32px}
table.room{border-collapse:collapse;width:100%}
table.room caption,.one-domain thead{position:absolute;width:1px;height:1px;overflow:hidden;
 clip-path:inset(50%)}
table.room th,table.room td{border:0;border-bottom:2px solid var(--line);padding:.7rem .5rem;text-align:left;
 font-size:38px;line-height:1.2}
table.room thead th{border-bottom:4px solid var(--ink);vertical-align:top}
table.room small{display:block;font-weight:400}
table.room .tag{font-size:46px}
table.room .tag::before{width:.65em!important;height:.65em!important;box-sizing:border-box}
table.room .t-low::before{clip-path:none;background:none;border:.13em solid;border-radius:50%}
table.room .t-unable::before{clip-path:none;background:none;content:'?'/'';width:auto!important;
 height:auto!important}
table.room tr.panel{background:var(--soft)}
.one-domain{display:grid;grid-template-columns:1fr 420px;gap:56px}
.one-domain table.room tbody tr:first-child>*{border-top:4px solid var(--ink)}
.one-domain th[scope=row]{min-width:320px}
.one-domain ol{list-style:none;margin:0;padding:0;border-top:4px solid var(--ink)}
.one-domain li{margin:0;padding:18px 16px 18px 24px;border-bottom:2px solid var(--line)}
.one-domain li b{display:block;font-size:38px;line-height:1.15}
.one-domain li small{font-size:31px}
.one-domain li[aria-current]{background:var(--info-soft);box-shadow:inset 10px 0 0 var(--plate)}
@media(max-width:1100px){.one-domain{grid-template-columns:1fr}}
@media(min-width:1500px){.st-key-room-screen{position:relative}
.st-key-room-screen .st-key-pulse-of-room{position:absolute;top:0;right:0;width:auto!important;z-index:1}
.st-key-room h1{max-width:calc(100% - 1000px);min-height:1.6em}}
nav.parts{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem}
"""
