"""Lock of a page that is not in use. The server locks by its own clock; this script blanks the screen.

Tabs report to one another that the page is in use, and that its user signed out, and store nothing.
"""

from __future__ import annotations

from dashboard.sign_in import IN_USE, LOCK, SIGN_OUT

IDLE_SCRIPT = """
(function(){var most=IDLE_SECONDS*1000,last=+new Date,told=last,said=0,
 tabs='BroadcastChannel' in window?new BroadcastChannel('stac'):null;
 function ask(path){return fetch(path,{method:'POST'})}
 function used(){last=+new Date;
  if(tabs&&last-said>1000){said=last;tabs.postMessage('used')}
  if(last-told>most/4){told=last;ask('%(in_use)s').catch(function(){})}}
 ['pointerdown','pointermove','keydown','wheel'].forEach(function(kind){
  window.addEventListener(kind,used,{capture:true,passive:true})});
 document.addEventListener('submit',function(e){
  if(tabs&&e.target.action&&e.target.action.endsWith('%(out)s'))tabs.postMessage('out')},true);
 if(tabs)tabs.onmessage=function(e){
  if(e.data==='used')last=+new Date;
  if(e.data==='out')setTimeout(function(){location.assign('/')},1000)};
 setInterval(function(){if(+new Date-last<most)return;last=+new Date;
  ask('%(lock)s').then(function(r){
   if(r.status===200)location.assign('/?to='+encodeURIComponent(location.pathname+location.search))})
  .catch(function(){})},1000);
})();
""" % {"in_use": IN_USE, "lock": LOCK, "out": SIGN_OUT}  # noqa: UP031  # the script is full of braces
