"""Appearance of the band on top of a case: red for an alarm, yellow for what is new or late, else quiet."""

from __future__ import annotations

BAND = """
[class*=st-key-band-]:not(.st-key-band-acts){border-left:6px solid #505a5f;background:var(--soft);
 padding:.45rem .8rem .5rem;border-radius:2px;gap:.4rem!important}
.st-key-band-alarm{border-color:var(--danger)!important;background:var(--danger-soft)!important}
.st-key-band-new{border-color:#ffbf00!important;background:var(--warn-soft)!important}
.stHtml .band ul.two{list-style:none;margin:0;padding:0!important;display:grid;gap:.25rem}
.band ul.two>li{margin:0;padding:0;line-height:1.5;min-width:0;overflow-wrap:break-word}
.band ul.two>li>span{margin-right:.35rem}
.stHtml ul.facts-line{list-style:none;margin:0!important;padding:0!important;font-size:.95rem}
.facts-line{line-height:1.6;overflow-wrap:break-word}
.facts-line:not(:last-child){font-weight:600}
.facts-line>li{display:inline;margin:0;padding:0}
.facts-line>li:not(:last-child)::after{content:"|" / "";color:var(--sub);margin:0 .55em}
.stHtml .band details,.stHtml .band details>summary{display:inline;margin:0}
.stHtml .band details>summary{list-style:none;padding:.15rem 0}
.stHtml .band details>summary::-webkit-details-marker{display:none}
.stHtml .band details>:not(summary){display:block;margin:.35rem 0 .2rem}
.st-key-band-acts{gap:.5rem!important}
.st-key-band-acts button p{white-space:normal;overflow:visible;text-align:left}
.st-key-band-acts button{min-height:2.1rem;padding-top:.15rem;padding-bottom:.15rem}
"""
