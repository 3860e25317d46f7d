"""Appearance of everything: the only place for CSS, and for colours that charts share.

Knows no page's content.

It depends on Streamlit's own names (data-testid, st-key-*): Streamlit is pinned, the browser tests watch it.
"""

from __future__ import annotations

import streamlit as st

from dashboard.theme_band import BAND
from dashboard.theme_charts import after_change
from dashboard.theme_conference import CONFERENCE
from dashboard.theme_minutes import MINUTES
from dashboard.theme_narrow import NARROW
from dashboard.theme_orders import ORDERS

FONT = "'Atkinson Next', 'Source Sans', sans-serif"

SHELL_CSS = """
:root{--pm-h:26px}
.pm{position:fixed;left:0;right:0;height:var(--pm-h);z-index:2000000;background:#0b0c0c;color:#fff;
 font:700 14px/26px 'Atkinson Next','Source Sans',Arial,sans-serif;letter-spacing:.06em;text-align:center}
.pm-top{top:0}.pm-bottom{bottom:0}
/* The longer marking of a development sign-in has one line of room, also in a font that is there at once. */
@media(max-width:400px){.pm{font-size:12px;letter-spacing:0}}
body .stApp{top:var(--pm-h)!important;bottom:var(--pm-h)!important;height:auto!important}
body .stApp,[data-testid=stAppViewContainer]{overflow:clip!important}
/* Streamlit's page is as high as the window: between the bars its end would lie under the lower one. */
@media screen{body [data-testid=stMain]{height:calc(100dvh - 2*var(--pm-h))!important}}
@media print{.pm{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
/* Fixed bars cover the text of a printed sheet: a browser that can has the marking in the margins. */
@supports selector(::scroll-marker){
@page{margin:18mm 15mm;@top-center{content:'MARKING';font:700 10pt Arial,sans-serif;letter-spacing:.06em}
 @bottom-center{content:'MARKING';font:700 10pt Arial,sans-serif;letter-spacing:.06em}
 @bottom-right{content:counter(page) ' of ' counter(pages);font:9pt Arial,sans-serif}}
@media print{.pm{display:none}body .stApp{top:0!important;bottom:0!important}}}
"""

_LIGHT = """
:root{--bg:#fff;--ink:#0b0c0c;--sub:#505a5f;--line:#b1b4b6;--soft:#f3f2f1;--link:#1a65a6;--differ:#fff7bf;
--bar:#1d70b8;--danger:#b10e1e;--danger-soft:#fbe9ea;--warn-soft:#fff4d6;--ok-soft:#e3f2e9;--info-soft:#e5eef7;
--plate:#1d4f7c}
"""
_DARK = """
:root{--bg:#14181b;--ink:#f3f2f1;--sub:#b1b4b6;--line:#6f777b;--soft:#20262a;--link:#8ec5f2;--differ:#4a3f00;
--bar:#4a90cc;--danger:#ff8f85;--danger-soft:#3a1a1c;--warn-soft:#3a3112;--ok-soft:#173024;--info-soft:#16293b;
--plate:#1d4f7c}
"""
_FRAME = """
.stMainBlockContainer{padding:3.7rem 2rem 2.5rem!important;max-width:none!important}
[data-testid=stHeader]{border-bottom:1px solid var(--line)}
[data-testid=stVerticalBlock]{gap:.75rem}
[data-testid=stLayoutWrapper]:has(>.st-key-whoami){position:fixed;top:calc(var(--pm-h) + .42rem);right:3.6rem;
 z-index:999995;width:auto!important;max-width:calc(18.25rem + var(--who-more))}
[data-testid=stStatusWidget]{position:fixed;top:calc(var(--pm-h) + 3.9rem);right:1.5rem}
.st-key-whoami,.st-key-whoami .stHtml{width:auto!important}
.st-key-whoami{align-items:flex-end}
.st-key-task-in-hand{margin-top:-.95rem}
.st-key-task-in-hand button{min-height:1.5rem!important;padding:0 .2rem!important;color:var(--sub)}
.st-key-task-in-hand button p{font-size:.85rem!important}
.who{display:flex;gap:.8rem;align-items:center;font-size:.9rem;color:var(--sub);margin:0}
.who form{margin:0}.who .to-search{display:none}
.who button{white-space:nowrap}
.who .whose{display:flex;min-width:0;white-space:nowrap}
.who .whose>*{min-width:0;overflow:hidden;text-overflow:ellipsis}
.who b{color:var(--ink);font-weight:600}
.who .role{flex-shrink:999}
/* Streamlit folds page links that do not fit; it does not know of the name beside them: both have a limit. */
body{--who-more:max(0px,100vw - 1440px)}
body:has(.who form+form){--who-more:calc(12rem + max(0px,100vw - 1440px))}
[data-testid=stTopNav]{margin-right:calc(10rem + var(--who-more))}
button.quiet{font:inherit;color:var(--link);background:none;border:0;padding:.2rem .3rem;
 text-decoration:underline;cursor:pointer;min-height:24px}
a{color:var(--link)}.unbroken{white-space:nowrap}
:focus-visible{outline:3px solid #ffbf00!important;outline-offset:0;box-shadow:0 0 0 5px #0b0c0c!important}
.stButton button kbd{color:inherit!important;opacity:1!important}
[role=spinbutton]{min-width:24px;min-height:24px;display:inline-flex!important;align-items:center;
 justify-content:center}
.stVegaLiteChart [data-testid=stElementToolbar],[data-testid=stElementContainer]:has(.stVegaLiteChart)
 [data-testid=stElementToolbar]{display:none}
.pagehead{padding:.5rem 0 .2rem}
h1.page{font-size:1.65rem;line-height:1.2;margin:0;padding:0;font-weight:700}
h2.sec{font-size:1.25rem;font-weight:700;margin:.45rem 0 0;padding:0;line-height:1.25;scroll-margin-top:9rem}
h3.sec{font-size:1.05rem;font-weight:700;margin:.35rem 0 0;padding:0;line-height:1.25}
.lead{font-size:1.02rem;color:var(--sub);margin:.25rem 0 0;max-width:60rem}
.fault{color:var(--danger);font-size:14px;font-weight:600;margin:0 0 -.5rem}
.sub{color:var(--sub);font-size:.9rem;margin:.1rem 0 0;max-width:70rem}
.absent{color:var(--sub);font-style:italic}
ul.bul{margin:.15rem 0 .3rem;padding:0 0 0 1.1rem!important}
ul.bul li{margin:.12rem 0;padding:0}
ul.bul li small{color:var(--sub);font-size:.85em}
.stHtml details{margin:.3rem 0}
.stHtml details summary{cursor:pointer;color:var(--link);text-decoration:underline;
 text-underline-offset:.15em;min-height:24px}
"""
_TAGS = """
.tag{display:inline-block;font-weight:700;font-size:.82rem;line-height:1;padding:.28em .5em .26em;
 border-radius:2px;white-space:nowrap;letter-spacing:.01em;vertical-align:baseline}
.t-high,.t-alarm{background:#b10e1e;color:#fff}
.t-moderate{background:#ffd9a8;color:#5a2700;box-shadow:inset 0 0 0 1px #c06f1e}
.t-low{background:#efeadd;color:#3d3520;box-shadow:inset 0 0 0 1px #8a7f60}
.t-none,.t-nil,.t-done,.t-answered,.t-todo,.t-plain{
 background:#eeefef;color:#383f43;box-shadow:inset 0 0 0 1px #8b9296}
.t-unable{background:#fff;color:#383f43;box-shadow:inset 0 0 0 2px #505a5f}
.t-info,.t-doing{background:#d2e2f1;color:#0c3a63;box-shadow:inset 0 0 0 1px #7aa7cf}
.t-mine{background:#1d4f7c;color:#fff}
.t-late{background:var(--bg);color:var(--danger);box-shadow:inset 0 0 0 2px var(--danger)}
.t-refused,.t-ended{background:#e5dcef;color:#3b1f66;box-shadow:inset 0 0 0 1px #9678c0}
.t-unasked{background:#fff;color:#383f43;border:1px dashed #505a5f;padding:.22em .44em .2em}
.t-failed{background:var(--bg);color:var(--danger);border:2px dashed var(--danger);padding:.18em .4em .16em}
.t-differ{background:#ffbf00;color:#0b0c0c}
"""
# The shape of a tag repeats its term for the eye; a reader's voice and a copy have only the term.
_SHAPES = {
    ("high", "alarm"): "polygon(50% 4%,100% 96%,0 96%)",
    ("moderate",): "polygon(50% 0,100% 50%,50% 100%,0 50%)",
    ("low",): "path(evenodd,'M5.5 0a5.5 5.5 0 1 0 .01 0zM5.5 2.2a3.3 3.3 0 1 1-.01 0z')",
    ("none", "nil", "unasked"): "inset(40% 0 40% 0)",
    ("unable",): (
        "path(evenodd,'M2 3.4C2 1.2 3.5 0 5.5 0s3.6 1.2 3.6 3.2c0 1.6-1 2.3-1.8 2.9-.6.5-.8.8-.8 1.5H4.6"
        "c0-1.5.6-2.2 1.4-2.8.6-.5 1.1-.8 1.1-1.6 0-.9-.6-1.4-1.6-1.4S3.9 2.4 3.9 3.4zM4.6 9h2v2h-2z')"
    ),
    ("late",): "polygon(38% 0,62% 0,58% 66%,42% 66%,42% 78%,60% 78%,60% 100%,40% 100%,40% 78%,42% 66%)",
    ("todo",): "path(evenodd,'M.5.5h10v10H.5zM2.3 2.3v6.4h6.4V2.3z')",
    ("doing",): "path(evenodd,'M5.5 0a5.5 5.5 0 1 0 .01 0zM5.5 1.6v7.8a3.9 3.9 0 0 0 0-7.8z')",
    ("done", "answered"): "polygon(0 55%,16% 39%,37% 60%,84% 10%,100% 26%,37% 92%)",
    ("ended", "refused"): (
        "path(evenodd,'M5.5 0a5.5 5.5 0 1 0 .01 0zM5.5 1.7a3.8 3.8 0 0 1 2.2.7L2.4 7.7"
        "A3.8 3.8 0 0 1 5.5 1.7zM8.6 3.3a3.8 3.8 0 0 1-5.3 5.3z')"
    ),
    ("failed",): (
        "polygon(14% 0,50% 36%,86% 0,100% 14%,64% 50%,100% 86%,86% 100%,50% 64%,14% 100%,0 86%,36% 50%,0 14%)"
    ),
}
_TAGS += "".join(
    ",".join(f".t-{look}::before" for look in looks)
    + "{content:'';display:inline-block;width:11px;height:11px;margin-right:.35em;vertical-align:-1px;"
    + f"background:currentColor;clip-path:{shape}}}\n"
    for looks, shape in _SHAPES.items()
)
_NOTICES = """
.notice{margin-top:.4rem;border-left:6px solid var(--bar);background:var(--info-soft);padding:.55rem .8rem;
 line-height:1.4;border-radius:2px;color:var(--ink)}
.n-error{border-color:var(--danger);background:var(--danger-soft)}
.n-warning{border-color:#ffbf00;background:var(--warn-soft)}
.n-success{border-color:#00703c;background:var(--ok-soft)}
"""
_TABLES = """
.scroll{overflow-x:auto}
table.plain,table.f{border-collapse:collapse;width:100%;font-size:.93rem;line-height:1.32;border:0}
table.plain caption,table.f caption{text-align:left;font-size:.9rem;color:var(--sub);padding:0 0 .35rem;
 caption-side:top}
table.plain th,table.plain td,table.f th,table.f td{border:0;border-bottom:1px solid var(--line);
 padding:.42rem .6rem;vertical-align:top;text-align:left}
table.plain thead th,table.f thead th{border-bottom:2px solid var(--ink);font-weight:700;
 background:transparent}
table.plain tbody th{font-weight:400}
table.plain th:first-child,table.plain td:first-child{padding-left:.7rem}
table.plain tr.total th,table.plain tr.total td{font-weight:700;border-top:2px solid var(--ink)}
.bits{font-family:monospace;font-size:.8rem;letter-spacing:-.5px;white-space:nowrap}
.bits-against{color:var(--sub)}
table.plain tr.late th:first-child{box-shadow:inset 5px 0 0 #b10e1e}
table.plain tr.alarm th:first-child{box-shadow:inset 5px 0 0 #b10e1e}
table.plain tr.wait th:first-child{box-shadow:inset 5px 0 0 #ffbf00}
table.plain td.n,table.plain th.n{white-space:nowrap}
table.plain small,table.f small{color:var(--sub)}
table.plain a{white-space:nowrap}
table.f{table-layout:fixed;min-width:60rem}
table.f .tag,table.sides .tag{white-space:normal;line-height:1.25}
table.f col.q{width:12.5%}table.f col.panel{width:18%}
table.f thead th small{display:block;font-weight:400;color:var(--sub);font-size:.85rem;line-height:1.3}
table.f thead th .tag{margin:.15rem 0 .1rem}
table.f tbody th{font-weight:700}
table.f tbody th .tag{margin-top:.3rem}
table.f td,table.f th{padding:.28rem .6rem!important}
table.f td .tag{margin-bottom:.22rem}
table.f td small{display:block;font-size:.85rem}
table.f td.panel,table.f th.panel{background:var(--soft);border-left:2px solid var(--ink)}
table.f thead th.panel{background:transparent}
table.f tr.differ th{box-shadow:inset 5px 0 0 #ffbf00}
table.f td.whole{background:var(--soft)}
table.f td.out{background:var(--differ)}
table.f td.out small,table.f td.panel small{color:var(--ink)}
"""
_CASE = """
[data-testid=stLayoutWrapper]:has(>.st-key-casebar){position:sticky;top:3.5rem;z-index:90;background:var(--bg)}
.cb{border-bottom:3px solid var(--bar);padding:.65rem 0 .5rem}
.cb .line{display:flex;align-items:baseline;gap:.3rem .75rem;flex-wrap:wrap}
.cb h1{font-size:1.65rem;line-height:1.2;margin:0;padding:0;font-weight:700}
.cb .ref{color:var(--sub);font-size:.95rem;margin:.1rem 0 0}
.cb nav{margin-left:auto;display:flex;gap:1.1rem;font-size:.95rem}
.cb nav a{text-underline-offset:.15em}
nav.parts[aria-label="Parts of Outcomes"]{padding-top:.9rem}
.strip{display:grid;grid-template-columns:2.2fr repeat(5,1fr);border:1px solid var(--line);margin:0!important;
 padding:0!important;border-radius:2px}
.strip>div{padding:.5rem .8rem .55rem;border-left:1px solid var(--line);min-width:0}
.strip>div:first-child{border-left:6px solid var(--plate)}
.strip dt{font-size:.85rem;color:var(--sub);font-weight:400;margin:0}
.strip dd{margin:.12rem 0 0;font-size:1.3rem;font-weight:700;line-height:1.25}
.strip dd.s{font-size:.87rem;font-weight:400;color:var(--ink);margin-top:.2rem;line-height:1.3}
.strip img{vertical-align:middle;margin-left:.4rem}
.four{display:grid;grid-template-columns:repeat(4,auto);gap:.15rem .35rem;align-items:baseline;
 font-size:.85rem;
 font-weight:400;justify-content:start;white-space:nowrap}
.four .tag{justify-self:start}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));border:1px solid var(--line);
 border-radius:2px}
.cards>section{padding:.55rem .8rem .7rem;border-left:1px solid var(--line);font-size:.93rem;line-height:1.36;
 min-width:0}
.cards>section:first-child{border-left:0}
.cards h3{font-size:1.02rem;font-weight:700;margin:0;padding:0;line-height:1.3}
.cards h4{font-size:.88rem;font-weight:600;color:var(--sub);margin:.55rem 0 .1rem;padding:0;
 line-height:1.2}
.cards p{margin:.15rem 0}
.defs{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.5rem 1.5rem;
 margin:.2rem 0!important;padding:0!important}
@media(min-width:1100px){.defs>div.wide{grid-column:span 2}}
.defs dt{font-size:.85rem;color:var(--sub);margin:0;font-weight:400}
.defs dd{margin:0;line-height:1.35}
.stHtml details.fold{margin:0;border-bottom:1px solid var(--line)}
.stHtml details.fold>summary{color:var(--ink);text-decoration:none;padding:.3rem .2rem;line-height:1.35}
.stHtml details.fold>summary h3{display:inline-block;min-width:11rem;font-size:.98rem;
 font-weight:700;margin:0;padding:0}
.stHtml details.fold .said{color:var(--sub);font-size:.93rem}
.stHtml details.fold>.cards{margin:.2rem 0 .6rem}
.stHtml details.one-line{border:0}
.stHtml details.one-line>summary h2{display:inline-block;margin:0 .6rem 0 0}
.stHtml details.one-line>summary .tag{margin-right:.5rem}
.stHtml ul.run{display:inline;margin:0;padding:0!important}
.stHtml ul.run li{display:inline;margin:0;padding:0}
.stHtml ul.run li::before{content:' '}
.stHtml ul.run li:not(:last-child)::after{content:'; '}
.stHtml .columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));
 gap:0 .75rem}
.stHtml .columns details.fold>summary h3{min-width:0}
.with-note{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 .8rem}
.stHtml .columns details[open]{grid-column:1/-1}
.stHtml .beside{display:flex;flex-wrap:wrap;gap:.1rem 2rem}
.stHtml .beside details[open]{flex-basis:100%}
[data-testid=stVerticalBlock]:has(>[data-testid=stLayoutWrapper]>.st-key-casebar){gap:.35rem}
ol.actions li>div{display:inline;margin-right:.5rem}
ol.actions li>b{display:block}
[data-testid=stVerticalBlock]:has(>[data-testid=stLayoutWrapper]>.st-key-casebar) .stButton button,
.st-key-case-acts button{min-height:2.1rem;padding-top:.15rem;padding-bottom:.15rem}
.stMainBlockContainer:has(.st-key-casebar){padding-bottom:1rem!important}
.key{display:flex;gap:.2rem 1rem;flex-wrap:wrap;font-size:.86rem;margin:0;color:var(--ink)}
[data-testid=stSliderThumbValue] p{color:var(--ink)!important}
.key .look{white-space:nowrap}.key .look img{vertical-align:-1px;margin-right:.15rem}
.topics{display:flex;flex-wrap:wrap;gap:.35rem .9rem;margin:.3rem 0;padding:0!important;list-style:none;
 font-size:.93rem}
.topics li{margin:0;padding:0;white-space:nowrap}
.reason{white-space:pre-wrap;max-width:70rem;margin:.2rem 0;line-height:1.42}
"""
_CASE += BAND
_WORK = """
.todo{display:flex;gap:.2rem .8rem;align-items:baseline;flex-wrap:wrap;line-height:1.35}
.todo b{font-weight:700}
.todo .why{color:var(--ink)}
.who-about{display:block;min-width:13rem}.due{display:inline-block}
ol.path-steps{margin:.2rem 0;padding:0 0 0 1.6rem!important}
ol.path-steps li{margin:.35rem 0;padding:0 0 .3rem;border-bottom:1px solid var(--line)}
ol.path-steps li::marker{font-weight:700}
ol.path-steps small{display:block}
pre.as-text{white-space:pre-wrap;font:inherit;font-size:.9rem;margin:.3rem 0;user-select:all}
.todo .when{color:var(--sub);font-size:.9rem}
[class*=st-key-alarm-row]{border-left:6px solid #b10e1e;background:var(--danger-soft);padding:.45rem .8rem;
 border-radius:2px}
[class*=st-key-rejected-row]{border-left:6px solid #ffbf00;background:var(--warn-soft);padding:.45rem .8rem;
 border-radius:2px}
[class*=st-key-mine-row]{border-left:6px solid var(--plate);background:var(--info-soft);padding:.45rem .8rem;
 border-radius:2px}
[class*=st-key-action-late-],[class*=st-key-action-due-]{border-bottom:1px solid var(--line);
 padding:.5rem 0 .5rem .8rem}
[class*=st-key-action-late-]{border-left:5px solid #b10e1e}
[class*=st-key-reporting-]{border-left:6px solid var(--plate);background:var(--info-soft);padding:.6rem .8rem}
[data-testid=stElementContainer]:has(.asks-now){width:auto!important;flex:none!important}
.st-key-report-saved{border-left:6px solid var(--bar);background:var(--info-soft);padding:.35rem .8rem}
.own{display:grid;grid-template-columns:9.5rem minmax(0,1fr) 8.5rem;width:100%;gap:.2rem 1rem;line-height:1.4}
.own .when{font-weight:700}
.own .when .tag{display:block;width:fit-content;margin-top:.25rem}
.own small{color:var(--sub)}
.own a{white-space:nowrap}
.st-key-beside{border-left:1px solid var(--line);padding-left:1.2rem}
ul.lines{list-style:none;margin:0!important;padding:0!important;font-size:.95rem}
ul.lines li{margin:0;padding:.45rem 0;border-bottom:1px solid var(--line);line-height:1.4}
.signin{border-collapse:collapse;font-size:1rem;min-width:40rem}
.signin td,.signin th{border:0;border-bottom:1px solid var(--line);padding:.45rem .9rem .45rem 0;
 text-align:left}
button.choose{font:600 .95rem 'Atkinson Next','Source Sans',sans-serif;color:#fff;background:#1d70b8;border:0;
 border-radius:2px;padding:.45rem .9rem;cursor:pointer}
button.choose:hover{background:#1a5a96}
.field{display:block;margin:0 0 1rem;max-width:24rem}
.field b,.field .sub{display:block;margin:0 0 .2rem}
.field input{font:inherit;width:100%;box-sizing:border-box;padding:.4rem .5rem;color:inherit;
 background:transparent;border:2px solid var(--ink);border-radius:2px}
.asks{margin:0;line-height:1.3;font-size:.95rem}
[class*=st-key-screen-][class*=-outcome] [role=radiogroup]{flex-wrap:nowrap;gap:.6rem;align-items:flex-start}
[class*=st-key-screen-][class*=-outcome] [role=radiogroup]>*{flex:1 1 0;min-width:0}
.bignums{display:flex;flex-wrap:wrap;gap:.6rem 2.2rem;align-items:flex-end;
 margin:0!important;padding:0!important}
.bignums div{min-width:8rem}
.bignums dt{font-size:.9rem;color:var(--sub);font-weight:400;margin:0;max-width:13rem}
.bignums dd{font-size:1.7rem;font-weight:700;margin:0;line-height:1.2}
"""
_PLANS = """
.t-followed,.t-started{background:#eeefef;color:#383f43;box-shadow:inset 0 0 0 1px #8b9296}
.t-departed{background:#fff;color:#0b0c0c;box-shadow:inset 0 0 0 2px #0b0c0c}
.t-missing{background:#fff;color:#383f43;border:1px dashed #505a5f;padding:.22em .44em .2em}
.t-urgent{background:#0b0c0c;color:#fff;box-shadow:inset 0 0 0 1px #6f777b}
.t-older{background:#fff;color:#0b0c0c;box-shadow:inset 0 0 0 2px #ffbf00}
.t-older::before,.t-followed::before,.t-departed::before,.t-missing::before,.t-urgent::before{content:'';display:inline-block;
 width:11px;height:11px;margin-right:.35em;vertical-align:-1px;background:currentColor}
.t-followed::before{clip-path:polygon(0 38%,55% 38%,55% 10%,100% 50%,55% 90%,55% 62%,0 62%)}
.t-departed::before{clip-path:polygon(30% 0,100% 0,100% 70%,76% 46%,22% 100%,0 78%,54% 24%)}
.t-older::before{clip-path:path(evenodd,
 'M5.5 0a5.5 5.5 0 1 0 .01 0zM5.5 1.5a4 4 0 1 1-.01 0zM4.9 2.6h1.3v2.6l1.9 1.6-.9 1-2.3-2z')}
.t-missing::before{clip-path:inset(40% 0 40% 0)}
.t-urgent::before{clip-path:polygon(20% 0,50% 0,95% 50%,50% 100%,20% 100%,65% 50%)}
.funnel-bar{display:inline-block;height:1.05rem;background:#7ba7d4;vertical-align:-2px;margin-right:.3rem}
.harms{display:flex;gap:2px;margin:.1rem 0 .7rem}
.harm{min-width:3.6rem;flex-basis:0;padding:.3rem .2rem;text-align:center;color:#0b0c0c;background:#dbe8f5}
.harm b,.harm small{display:block;line-height:1.25}
.harm.h0{background:repeating-linear-gradient(135deg,#fff 0 6px,#d0d4d6 6px 7px);margin-right:.5rem}
.harm.h2{background:#9dc0e2}.harm.h3{background:#2b6cb0;color:#fff}.harm.h4{background:#10375f;color:#fff}
.compared-all{display:grid;grid-template-columns:repeat(3,1fr);gap:.8rem}
.compared{border:1px solid var(--line);padding:.5rem .8rem}.compared h3{font-size:1.05rem;margin:0}
.may-conclude{display:grid;grid-template-columns:1fr 1fr;gap:0 2.5rem}
.strip.four-wide{grid-template-columns:repeat(4,1fr)}
.strip.five{grid-template-columns:repeat(5,1fr)}
table.weeks{border-collapse:collapse;width:100%;min-width:56rem;table-layout:fixed;font-size:.93rem}
table.weeks caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table.weeks th,table.weeks td{border:0;border-left:1px solid var(--line);border-bottom:1px solid var(--line);
 padding:.4rem .6rem;text-align:left;vertical-align:top;font-weight:400}
table.weeks thead td,table.weeks tbody th{border-left:0;padding-left:.1rem}
table.weeks thead th,table.weeks thead td{vertical-align:bottom;border-bottom:2px solid var(--ink)}
table.weeks thead a{font-weight:700}
table.weeks small{display:block;font-weight:700;color:var(--sub)}
table.weeks td b{font-size:1.1rem}
table.weeks .late,table.weeks .late a{color:var(--danger)}
.squares{display:flex;flex-wrap:wrap;gap:2px;margin-top:.15rem}
.sq{width:9px;height:9px;background:var(--bar)}
.late .sq{background:var(--danger)}
table.plans{min-width:62rem}
table.plans tbody th{font-weight:400}
table.plans tbody th[scope=rowgroup]{padding-left:1rem}
table.plans tbody.late th[scope=rowgroup]{box-shadow:inset 5px 0 0 #b10e1e}
table.plans tr.late td:nth-last-child(3) .tag{margin-top:.1rem}
table.plans td small,table.plans th small{display:block;line-height:1.35;margin-top:.15rem}
table.plans td.review small{max-width:14rem}
table.plans th a{font-weight:700}
table.plans .who-for{white-space:nowrap}
table.plans td .tag{margin-right:.3rem}
table.plans td.more{padding-top:.3rem;padding-bottom:.3rem}
table.counts td,table.counts thead th:not(:first-child),table.wishes td:nth-child(2),
table.wishes thead th:nth-child(2){text-align:right;font-variant-numeric:tabular-nums}
[data-testid=stButtonGroup] button p{color:var(--ink)!important}
[data-testid=stButtonGroup] button[data-selected] p{font-weight:600}
ol.actions{margin:.1rem 0 .6rem;padding:0 0 0 1.9rem!important}
ol.actions li{margin:0;padding:.45rem 0 .5rem;border-bottom:1px solid var(--line);line-height:1.4}
ol.actions li::marker{color:var(--sub)}
ol.actions li.late{box-shadow:-1.9rem 0 0 var(--bg),calc(-1.9rem - 5px) 0 0 #b10e1e}
ol.actions small{display:block;color:var(--sub)}
ol.actions .sub{display:inline}
[class*=st-key-plan-row-],[class*=st-key-faulty-row-]{border-bottom:1px solid var(--line);
 padding:.4rem 0 .5rem .8rem}
[class*=st-key-faulty-row-]{border-left:5px solid #b10e1e}
[class*=st-key-need-]{border-bottom:1px solid var(--line);padding:.3rem 0}
button.second{font:600 .95rem 'Atkinson Next','Source Sans',sans-serif;color:var(--ink);background:var(--bg);
 border:1px solid var(--line);border-radius:2px;padding:.45rem .9rem;cursor:pointer;min-height:2.5rem}
button.second:hover{border-color:var(--ink)}
"""
_ROOM = (
    "html{font-size:19px}.stMainBlockContainer{padding-left:1.6rem!important;padding-right:1.6rem!important}"
)
_PRINT = """
@media print{[data-testid=stHeader],.st-key-whoami,.stButton,.cb nav,nav.parts{display:none!important}
.stMainBlockContainer{padding-top:1rem!important}
[data-testid=stLayoutWrapper]:has(>.st-key-casebar){position:static}}
"""
_ALWAYS = "".join(
    [_FRAME, _TAGS, _NOTICES, _TABLES, _CASE, _WORK, _PLANS, CONFERENCE, MINUTES, ORDERS, NARROW, _PRINT]
)


def is_dark() -> bool:
    """Return whether the browser shows the dark theme."""
    return bool(st.context.theme.type == "dark")


def apply(*, room: bool) -> None:
    """Put the style on the page.

    Colours are those of the scheme at this run. Where the browser changes it afterwards, at sunset, the shell
    notes the other on the page, and its colours are there too: a name would be white on white until a click.
    """
    here, other = (_DARK, _LIGHT) if is_dark() else (_LIGHT, _DARK)
    changed = after_change(other, to="light" if is_dark() else "dark")
    st.html(f"<style>{here}{changed}{_ALWAYS}{_ROOM if room else ''}</style>")
