"""One step of the browser's history for a press in the navigation, with the address of the page that opens.

Streamlit changes the page in the address once its navigation is drawn, which may be after the page has put
its own codes there: those were then one more step, of the page before with codes of the next.
"""

from __future__ import annotations

STEPS_SCRIPT = """
(function(){var to=null,push=history.pushState;
 document.addEventListener('click',function(e){var a=e.target.closest&&e.target.closest(
   '[data-testid=stTopNavLink],[data-testid=stTopNavDropdownLink],[data-testid=stSidebarNavLink]');
  to=a&&a.pathname!==location.pathname?a.pathname:null},true);
 ['keydown','popstate'].forEach(function(kind){window.addEventListener(kind,function(){to=null},true)});
 history.pushState=function(state,title,address){
  if(address==null)return push.apply(history,arguments);
  var next=new URL(address,location.href),opened=to!==null&&location.pathname===to;
  if(to!==null&&next.pathname===location.pathname)next.pathname=to;
  if(opened&&next.pathname===to)return history.replaceState(state,title,next);
  return push.call(history,state,title,next)};
})();
"""
