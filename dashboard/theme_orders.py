"""Appearance of orders: the card for police, condition cards, and tags of dates."""

from __future__ import annotations

ORDERS = """
.t-due{background:#ffd9a8;color:#5a2700;box-shadow:inset 0 0 0 1px #c06f1e}
.t-gap{background:#fff;color:#b10e1e;box-shadow:inset 0 0 0 2px #b10e1e}
.t-dash{background:#fff;color:#383f43;border:1px dashed #505a5f;padding:.22em .44em .2em}
.t-due::before,.t-gap::before{content:'';display:inline-block;width:11px;height:11px;margin-right:.35em;
 vertical-align:-1px;background:currentColor}
.t-due::before{clip-path:inset(12%)}
.t-gap::before{clip-path:polygon(50% 4%,100% 96%,0 96%)}
.conditions{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));gap:.75rem}
.conditions>section{border:1px solid var(--line);border-radius:2px;padding:.55rem .9rem .7rem;
 font-size:.93rem;
 min-width:0}
.conditions>section.amber{border-left:6px solid #ffbf00}
.conditions h3{font-size:1.02rem;font-weight:700;margin:0;padding:0;line-height:1.3;display:flex;
 justify-content:space-between;gap:.6rem;align-items:baseline}
.conditions dl{display:grid;grid-template-columns:4rem 1fr;gap:.15rem .5rem;margin:.4rem 0 0!important;
 padding:0!important;font-size:.9rem;line-height:1.34}
.conditions dt{color:var(--sub);font-weight:400;margin:0}
.conditions dd{margin:0}
.conditions .foot{border-top:1px solid var(--line);margin:.5rem 0 0;padding-top:.4rem;font-size:.87rem;
 color:var(--sub)}
section.likely{border:2px solid #b10e1e;border-left-width:6px;border-radius:2px;padding:.55rem .9rem .7rem;
 margin:.4rem 0}
section.likely h3{font-size:1.08rem;font-weight:700;margin:0;padding:0;line-height:1.3;display:flex;
 flex-wrap:wrap;gap:.6rem;align-items:baseline}
section.likely .cards{border:0}
aside.called{border:3px solid #0b0c0c;border-radius:2px;background:var(--bg);font-size:.96rem;
 line-height:1.36}
aside.called header{background:#0b0c0c;color:#fff;padding:.45rem .9rem .5rem}
aside.called header p{margin:0;font-size:.88rem;color:#fff}
aside.called header h2{font-size:1.28rem;font-weight:700;line-height:1.25;margin:0;padding:0;color:#fff}
aside.called .in{padding:.55rem .9rem .75rem}
aside.called h3{font-size:.96rem;font-weight:700;margin:.35rem 0 0;padding:0;line-height:1.3}
aside.called p{margin:.1rem 0 .35rem}
aside.called .mind{border-left:6px solid #ffbf00;background:var(--warn-soft);padding:.3rem .6rem}
aside.called .unserved{border-left:6px solid #b10e1e;background:var(--danger-soft);padding:.3rem .6rem}
table.orders td small,table.orders th small{display:block;line-height:1.35;margin-top:.1rem}
table.orders td .tag{margin-top:.2rem}
table.orders tbody th{font-weight:400}
table.orders tbody th a{font-weight:700}
@media print{body:has(aside.called) .stMainBlockContainer>*{visibility:hidden}
 aside.called,aside.called *{visibility:visible}}
"""
