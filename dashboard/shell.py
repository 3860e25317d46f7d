"""The shell around every page: protective marking, language, title and headers, there before the app loads.

It is outside Streamlit's own root, so the marking shows while a page loads, over every dialog, when the app
crashes, and on paper.
"""

from __future__ import annotations

import gzip
import json
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import health, provider, theme
from dashboard.arrivals import (
    LOCAL,
    SIGN_IN,
    asked_host,
    comes_from_us,
    is_local,
    is_over_tls,
    names,
    sign_in_settings,
)
from dashboard.cookies import hardened
from dashboard.first_message import whole_first, without_place
from dashboard.history_steps import STEPS_SCRIPT
from dashboard.idle import IDLE_SCRIPT
from dashboard.rejected_requests import note, place_of
from dashboard.sign_in import COOKIE, is_development, returned_from_provider, standing
from engine.domain.accounts.sign_ins import SignInStanding
from engine.domain.errors import RecordError
from engine.services.system.rejected_requests import Refused

MARKING = "OFFICIAL-SENSITIVE"
MARKING_DEVELOPMENT = "OFFICIAL-SENSITIVE · DEVELOPMENT SIGN-IN"
TITLE = "Stalking threat assessment"
LANGUAGE = "en-GB"

_SCRIPT = """
/* The app is at the root: without this Streamlit first asks below the page of a deep link, and is refused. */
window.__streamlit=Object.assign({},window.__streamlit,{BACKEND_BASE_URL:location.origin+'/'});
/* Streamlit runs the app again on a bare "r" (WCAG 2.1.4): single letters are stopped before that.
   It does not see that a part of our own has a field, and would remove the letter from the text. */
window.addEventListener('keydown',function(e){if(e.ctrlKey||e.metaKey||e.altKey||e.key.length!==1)return;
 var p=e.composedPath()[0],inPart=p!==e.target&&p.closest&&p.closest('input,textarea');
 if(!inPart&&p&&p.closest&&p.closest('input,textarea,select,[contenteditable],'
  +'[role=application],[role=grid],canvas,[role=listbox],[role=combobox]'))return;
 if(/^[a-z]$/i.test(e.key))e.stopImmediatePropagation();},true);
/* "/" leads to the search box of this page, else to the page that has one; not in a field or a dialog. */
window.addEventListener('keydown',function(e){if(e.key!=='/'||e.ctrlKey||e.metaKey||e.altKey)return;
 var p=e.composedPath()[0],a=document.querySelector('a.to-search'),tries=0;
 function box(){return document.querySelector('[class*=st-key-search-box] input')}
 if(p&&p.closest&&p.closest('input,textarea,select,[contenteditable],[role=listbox],[role=combobox]'))return;
 if(document.querySelector('[role=dialog]')||!(a||box()))return;
 e.preventDefault();e.stopImmediatePropagation();
 if(box()){box().focus();return}
 a.click();
 var timer=setInterval(function(){var b=box();if(b)b.focus();if(b||++tries>100)clearInterval(timer)},100)
 },true);
/* A file goes by a link that is asked for as it is sent. What became of it, the page itself says. */
document.addEventListener('submit',function(e){var f=e.target;
 if(!f.classList||!f.classList.contains('send'))return;e.preventDefault();
 var input=f.querySelector('input[type=file]'),file=input.files[0],b=f.querySelector('button');
 /* Several go as one: before each a line with its name and size. */
 if(file&&input.multiple)file=new Blob([].concat.apply([],[].map.call(input.files,function(one){
  return [JSON.stringify({name:one.name,size:one.size})+'\\n',one]})));
 var to=new URL(f.action).pathname;
 if(!file||b.disabled)return;b.disabled=true;b.textContent='Sending';
 function done(){location.assign(f.dataset.then)}
 fetch(to,{method:'POST',body:new URLSearchParams(new FormData(f))})
  .then(function(r){return r.ok?r.text():Promise.reject()})
  .then(function(t){return fetch(to+'/'+t,{method:'POST',body:file})}).then(done,done);});
/* Enter in a field beside a file sends nothing: only the button does. */
document.addEventListener('keydown',function(e){var t=e.target;
 if(e.key==='Enter'&&t.matches&&t.matches('form.send input[type=text]'))e.preventDefault();},true);
/* A menu of buttons closes when one of them is chosen: it would stay above the dialog that opens. */
document.addEventListener('click',function(e){
 if(!e.target.closest||!e.target.closest('[data-testid=stPopoverBody] .stButton button'))return;
 setTimeout(function(){var b=document.querySelector('.st-key-record-and-rights button[aria-expanded=true]');
  if(b)b.click()},0)});
/* On a narrow screen Streamlit puts a group of pages into its list as what is no item: then it is no list. */
new MutationObserver(function(){
 var h=document.querySelector('div:not([role])>[data-testid=stNavSectionHeader]');if(!h)return;
 h.parentElement.setAttribute('role','none');h.closest('ul').setAttribute('role','none')})
 .observe(document,{childList:true,subtree:true});
/* What is to be confirmed takes the focus when it is drawn, unless a field has it by then. */
var focused=null;new MutationObserver(function(){
 var h=[].slice.call(document.querySelectorAll('.takes-focus'),-1)[0]||null,f=document.activeElement;
 if(h===focused)return;focused=h;
 while(f&&f.shadowRoot&&f.shadowRoot.activeElement)f=f.shadowRoot.activeElement;
 if(h&&!(f&&f.matches('textarea,input:not([type=radio]):not([type=checkbox])')))h.focus()})
 .observe(document,{childList:true,subtree:true});
/* The colours of a page follow a change of the browser's scheme, or of the menu, before it is drawn again. */
setInterval(function(){var a=document.querySelector('.stApp'),s=a&&getComputedStyle(a).colorScheme;
 if(s==='light'||s==='dark')document.documentElement.dataset.scheme=s},500);
/* A page that has a form for paper has a button for it. */
document.addEventListener('click',function(e){
 if(e.target.closest&&e.target.closest('button.print'))window.print();});
/* A link of ours changes the page as the browser's own back and forward do: nothing is loaded again. */
document.addEventListener('click',function(e){
 if(e.defaultPrevented||e.button||e.ctrlKey||e.metaKey||e.shiftKey||e.altKey)return;
 var a=e.target.closest&&e.target.closest('a.go');if(!a||a.origin!==location.origin)return;
 e.preventDefault();history.pushState(null,'',a.href);window.dispatchEvent(new PopStateEvent('popstate'));});
"""

# Streamlit's own scripts need the two 'unsafe' words; nothing may come from, or go to, anywhere else.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self' blob:; frame-src 'self'; frame-ancestors 'none'; "
    "base-uri 'self'; form-action 'self'; object-src 'none'"
)
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_OF_THE_UNCHANGED_BODY = (b"content-length", b"etag", b"last-modified", b"content-encoding", b"cache-control")
_OVER_TLS = (b"strict-transport-security", b"max-age=31536000")
# What shows facts of the machine, and Streamlit's own ways for files, which ask for no sign-in.
_CLOSED = (
    "/_stcore/metrics",
    "/_stcore/agent",
    "/_stcore/script-health-check",
    "/_stcore/upload_file",
    "/media/",
)
# The app asks for this before it starts. Streamlit's own answer could come to show facts of the machine.
_HOST_CONFIG = "/_stcore/host-config"
_HOST_CONFIG_TOLD = json.dumps(
    {
        "allowedOrigins": [],
        "useExternalAuthToken": False,
        "enableCustomParentMessages": False,
        "enforceDownloadInNewTab": False,
        "metricsUrl": "",
        "blockErrorDialogs": False,
        "resourceCrossOriginMode": None,
    }
).encode()
_NO_PAGES = (
    health.ALIVE,
    health.READY,
    health.METRICS,
    "/_stcore/",
    "/static/",
    "/app/",
    "/component/",
    "/auth/",
    "/oauth2callback",
    "/files/",
    "/uploads/",
    "/network-files/",
)
_SIGN_IN_AT = "/"
_UNREADABLE = "a cookie that nobody can read"
"""Value in place of such a cookie: it belongs to no sign-in, and the log has it."""


class Shell:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        held = _HeldFault(send)
        try:
            await self._serve(scope, receive, held.send)
        except RecordError as error:
            if held.has_begun and scope["type"] == "http":
                raise
            await _say_record_fails(error, scope, receive, send)
        except BaseException:
            await held.let_go()
            raise
        else:
            await held.let_go()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if asked_host(scope) not in names():
            await _note(scope, Refused.NAME)
            await _refuse(scope, receive, send)
            return
        local = is_local(scope)
        ours = {LOCAL.encode(), SIGN_IN.encode()}
        values = [(name, value) for name, value in scope["headers"] if name.lower() not in ours]
        values += [(LOCAL.encode(), b"1")] if local else []
        # Streamlit compares it before it gives a stored session back: a session is of one sign-in
        values += [(SIGN_IN.encode(), sha256((_token(scope) or "").encode()).hexdigest().encode())]
        scope = {**scope, "headers": values}
        if scope["type"] != "http":
            if not comes_from_us(scope):
                await _note(scope, Refused.ORIGIN)
                await _refuse(scope, receive, send)
                return
            await run_in_threadpool(_standing, scope, local)
            await self._app(scope, whole_first(receive), _without_places(send))
            return
        if scope["path"].startswith(_CLOSED) or ".." in scope["path"]:
            await _note(scope, Refused.PATH)
            await _answer(send, 404, [])
            return
        if scope["path"] == _HOST_CONFIG:
            kind = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
            await _answer(send, 200, kind, _HOST_CONFIG_TOLD)
            return
        if _is_page(scope):
            if _must_sign_in(scope, local):
                to = quote(scope["path"] + _query(scope), safe="")
                await _answer(send, 303, [(b"location", f"{_SIGN_IN_AT}?to={to}".encode())])
                return
            unpacked = (b"if-none-match", b"if-modified-since", b"accept-encoding")
            scope = {**scope, "headers": [pair for pair in values if pair[0].lower() not in unpacked]}
        rewriter = _Rewriter(send, over_tls=is_over_tls(scope), returns=scope["path"] == provider.RETURN)
        await self._app(scope, receive, rewriter.send)


class _HeldFault:
    """Hold on a plain "500" until it is known what failed: the record's sentence may replace it."""

    def __init__(self, send: Send) -> None:
        self._send, self._held, self.has_begun = send, list[Message](), False

    async def send(self, message: Message) -> None:
        """Pass a message on, unless it is of an answer that says no more than that something failed."""
        is_fault = message["type"] == "http.response.start" and message["status"] == 500
        if is_fault or self._held:
            self._held.append(message)
            return
        self.has_begun = True
        await self._send(message)

    async def let_go(self) -> None:
        """Send what was held."""
        held, self._held = self._held, []
        for message in held:
            await self._send(message)


class _Rewriter:
    """Adds the headers to every answer, and the marking to every answer that is a page."""

    def __init__(self, send: Send, *, over_tls: bool, returns: bool) -> None:
        self._send = send
        self._over_tls = over_tls
        self._returns = returns
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            lasts = sign_in_settings().lasts
            headers = [pair for pair in message["headers"] if pair[0].lower() != b"server"]
            if self._returns:
                headers = await run_in_threadpool(returned_from_provider, headers)
            headers = hardened(headers, over_tls=self._over_tls, lasts=lasts) + _headers()
            headers += [_OVER_TLS] if self._over_tls else []
            message = {**message, "headers": headers}
            if _is_html(headers):
                self._start = message
                return
        elif message["type"] == "http.response.body" and self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_page(self._start)
            return
        await self._send(message)

    async def _send_page(self, start: Message) -> None:
        marking = MARKING_DEVELOPMENT if is_development() else MARKING
        packed = (b"content-encoding", b"gzip") in start[
            "headers"
        ]  # an address that only turns out to be a page
        body = gzip.decompress(self._body) if packed else self._body
        page = with_marking(body.decode(), marking, idle=sign_in_settings().lock_after).encode()
        headers = [pair for pair in start["headers"] if pair[0].lower() not in _OF_THE_UNCHANGED_BODY]
        headers += [(b"content-length", str(len(page)).encode()), (b"cache-control", b"no-store")]
        await self._send({**start, "headers": headers})
        await self._send({"type": "http.response.body", "body": page})


def with_marking(page: str, marking: str, *, idle: timedelta) -> str:
    """Return the page with the marking above and below everything, in our language and with our title."""
    bar = f'<div class="pm pm-{{0}}" role="region" aria-label="Protective marking, {{0}}">{marking}</div>'
    style = theme.SHELL_CSS.replace("MARKING", marking)
    head = f"<style>{style}</style><script>{_SCRIPT}{IDLE_SCRIPT}{STEPS_SCRIPT}</script></head>"
    head = head.replace("IDLE_SECONDS", str(int(idle.total_seconds())))
    for old, new in (
        ('<html lang="en">', f'<html lang="{LANGUAGE}">'),
        ("<title>Streamlit</title>", f"<title>{TITLE}</title>"),
        ('href="./favicon.png"', 'href="./app/static/mark.svg"'),
        ("</head>", head),
        ("<body>", "<body>" + bar.format("top")),
        ("</body>", bar.format("bottom") + "</body>"),
    ):
        page = page.replace(old, new, 1)
    return page


def _is_page(scope: Scope) -> bool:
    """Return whether this asks for a page rather than one of its parts."""
    path = scope["path"]
    return scope["method"] in {"GET", "HEAD"} and not (
        path.startswith(_NO_PAGES) or "." in path.rsplit("/", 1)[-1]
    )


def _must_sign_in(scope: Scope, local: bool) -> bool:
    """Return whether to sign in first: a deep link without one goes by the front page, and comes back."""
    if scope["path"] == _SIGN_IN_AT:
        return False
    return _standing(scope, local).user is None


def _standing(scope: Scope, local: bool) -> SignInStanding:
    """Return the sign-in of the cookie; a cookie with none, or with one that ended, is in the log."""
    token = _token(scope)
    found = standing(token, local=local, counts_as_use=False)
    if token and found.sign_in is None:
        why = found.ended.name.lower() if found.ended else None
        note(Refused.COOKIE, place=place_of(scope), because=why, sign_in=found.was)
    return found


def _token(scope: Scope) -> str | None:
    cookies: SimpleCookie = SimpleCookie()
    values = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"cookie"]
    for value in values:
        with suppress(CookieError):
            cookies.load(value)
    if COOKIE in cookies:
        return cookies[COOKIE].value
    return _UNREADABLE if any(f"{COOKIE}=" in value for value in values) else None


def _query(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    return f"?{query}" if query else ""


def _is_html(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in headers)


def _without_places(send: Send) -> Send:
    async def send_shortened(message: Message) -> None:
        await send(without_place(message))

    return send_shortened


async def _note(scope: Scope, what: Refused) -> None:
    await run_in_threadpool(note, what, place=place_of(scope))


async def _say_record_fails(error: RecordError, scope: Scope, receive: Receive, send: Send) -> None:
    """Report the record's failure outside a page, where the page's own notice cannot."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1013})
        return
    kind = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await _answer(send, 503, kind, str(error).encode())


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse a request by a name that is not ours, or from another site's page: nothing is answered."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
    else:
        await _answer(send, 400, [])


def _headers() -> list[tuple[bytes, bytes]]:
    """Return the headers of every answer. A form may lead to the provider, since signing out ends there."""
    elsewhere = provider.origin()
    policy = (
        _POLICY.replace("form-action 'self'", f"form-action 'self' {elsewhere}") if elsewhere else _POLICY
    )
    return [*_HEADERS, (b"content-security-policy", policy.encode())]


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> None:
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *_headers()]})
    await send({"type": "http.response.body", "body": body})
