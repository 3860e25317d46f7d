"""Appearance in a narrow window: what is beside each other is below each other, and nothing is cut."""

from __future__ import annotations

NARROW = """
@media(max-width:1100px){.strip,.strip.five,.strip.four-wide{grid-template-columns:1fr 1fr}
.strip>div{border-top:1px solid var(--line)}
.scroll caption{max-width:32rem;position:sticky;left:0}}
@media(max-width:700px){.tag{white-space:normal;line-height:1.25}.may-conclude,.compared-all{grid-template-columns:1fr}
 .strip,.strip.five,.strip.four-wide{grid-template-columns:1fr}
.strip>div{border-left:6px solid transparent}
.four{grid-template-columns:auto 1fr}.cb nav{flex-wrap:wrap;margin-left:0;gap:.3rem .9rem}
[data-testid=stLayoutWrapper]:has(>.st-key-whoami){position:static;max-width:100%}
[data-testid=stLayoutWrapper]:has(>.st-key-casebar){position:static}
.stMainBlockContainer{padding-left:1rem!important;padding-right:1rem!important}
[class*=st-key-screen-][class*=-outcome] [role=radiogroup]{flex-wrap:wrap}
.own{grid-template-columns:1fr}
.st-key-beside{border-left:0;padding-left:0}
.signin{min-width:0}
table.stacks,.stacks tbody,.stacks tr,table.stacks tbody th,table.stacks td{display:block}
.stacks thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
[class*=st-key-agenda-text-]{flex-basis:100%!important}
.scroll caption{max-width:calc(100vw - 3rem)}
.stacks caption{display:block;max-width:none!important;border-bottom:2px solid var(--ink)}
table.stacks tbody tr{border-bottom:1px solid var(--line);padding:.45rem 0 .5rem .7rem}
table.stacks tbody th,table.stacks tbody td{border:0;padding:.1rem 0!important;overflow-wrap:break-word}
table.stacks.orders td[data-head]:not(:empty)::before{content:attr(data-head);display:block;color:var(--sub);
 font-size:.85rem}
table.stacks.orders tbody td{padding:.2rem 0!important}
table.stacks tr.late{box-shadow:inset 5px 0 0 #b10e1e}
table.stacks tr.wait{box-shadow:inset 5px 0 0 #ffbf00}
table.stacks tbody tr th:first-child{box-shadow:none!important}}
"""
