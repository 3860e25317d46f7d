"""Appearance of minutes, on the screen and on paper."""

from __future__ import annotations

MINUTES = """
article.minutes{border:1px solid var(--line);border-radius:2px;padding:1rem 1.6rem 1.4rem;max-width:64rem;
 overflow-wrap:anywhere}
article.minutes p{margin:.15rem 0}
article.minutes section{border-top:2px solid var(--ink);margin-top:1.1rem;padding-top:.1rem}
article.minutes .digest{font-family:monospace;font-size:.8rem}
dl.minuted>div{display:grid;grid-template-columns:minmax(0,11rem) minmax(0,1fr);gap:0 1rem;padding:.25rem 0}
dl.minuted,dl.minuted dd{margin:0!important;padding:0!important}
dl.minuted dt{color:var(--sub)}
dl.minuted ul.bul{list-style:none;padding:0!important;margin:0}
dl.judged{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:.4rem 1.2rem;
 margin:.5rem 0 .35rem!important;padding:0!important}
dl.judged dt{color:var(--sub);font-size:.9rem;font-weight:400;margin:0}
dl.judged dd{margin:.1rem 0 0!important;padding:0!important;line-height:1.35}
dl.judged dd p{font-size:.93rem}
dl.judged small{display:block;color:var(--sub)}
.formline{display:flex;flex-wrap:wrap;gap:.4rem 1.5rem;align-items:center;justify-content:space-between;
 margin-bottom:.7rem}
.formline .forms{display:flex;gap:1.2rem;align-items:center;margin-left:auto}
ol.phases{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));list-style:none;margin:0!important;
 padding:0!important;border:1px solid var(--line);border-radius:2px}
ol.phases li{margin:0;padding:.5rem .8rem .5rem 2.3rem;border-left:1px solid var(--line);position:relative;
 line-height:1.3}
ol.phases li:first-child{border-left:0}
ol.phases small{display:block;color:var(--sub)}
ol.phases li::before{content:'';position:absolute;left:.9rem;top:.8rem;width:11px;height:11px;
 background:var(--sub);clip-path:path(evenodd,'M5.5 0a5.5 5.5 0 1 0 .01 0zM5.5 1.6a3.9 3.9 0 1 1-.01 0z')}
ol.phases li.done::before{background:var(--ink);
 clip-path:polygon(0 55%,16% 39%,37% 60%,84% 10%,100% 26%,37% 92%)}
ol.phases li.now{background:var(--info-soft);box-shadow:inset 0 -4px 0 var(--plate)}
ol.phases li.now::before{background:var(--ink);clip-path:path(evenodd,'M5.5 0a5.5 5.5 0 1 0 .01 0z')}
[class*=st-key-correction-]{border-top:1px solid var(--line);padding-top:.5rem}
.correction p{margin:.2rem 0;overflow-wrap:anywhere}
@media(max-width:700px){dl.minuted>div,ol.phases{grid-template-columns:1fr}
dl.judged{grid-template-columns:1fr 1fr}
article.minutes{padding:.6rem .8rem 1rem}article.minutes .tag{white-space:normal;line-height:1.25}
ol.phases li{border-left:0;border-top:1px solid var(--line)}ol.phases li:first-child{border-top:0}}
@media print{.formline .forms,.st-key-minutes-work{display:none!important}
[data-testid=stColumn]:has(.st-key-minutes-work){display:none!important}
article.minutes{border:0;padding:0;max-width:none;font-size:10.5pt}
article.minutes h2,article.minutes h3,dl.judged,.notice{break-after:avoid}
article.minutes section>.sub{break-after:avoid}
article.minutes section>p,dl.judged>div,dl.minuted>div,.notice{break-inside:avoid}
.tag{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
"""
