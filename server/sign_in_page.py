"""The sign-in page: an account, a password, one button; and what is left when it went wrong."""

import logging

import anyio
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

import language
from data.engine import reading, writing
from data.sign_in import DemoUser, SignedIn, demo_users, sign_in, sign_in_demo, sign_out
from data.sign_in_delay import Refused
from language import _
from language.words import word
from server import html, metrics
from server.door import COOKIE, LANGUAGE_COOKIE, YEAR_SECONDS, Door
from server.forms import read_form
from server.paths import SIGN_IN, local_path, sign_in_path
from server.words import refusal

log = logging.getLogger("fieldvisit.server")


def routes(door: Door) -> list[Route]:
    """`GET` and `POST /sign-in`."""

    async def show(request: Request) -> Response:
        wanted = local_path(request.query_params.get("next", "/"))
        if await door.visitor(request.scope) is not None:
            return RedirectResponse(wanted, 303)
        chosen = request.query_params.get("language", "")
        with language.speaking(chosen if chosen in language.CODES else language_of(request)):
            answer = await _page(door, request, wanted)
        if chosen in language.CODES:
            _remember(door, request, answer, LANGUAGE_COOKIE, chosen)
        return answer

    async def enter(request: Request) -> Response:
        form = await read_form(request)
        if isinstance(form, Response):
            return form
        wanted = local_path(form.get("next", "/"))
        answer = await _try(door, request, form)
        metrics.count_sign_in(_outcome(answer))
        if isinstance(answer, SignedIn):
            return await _let_in(door, request, answer, wanted)
        log.info("sign-in refused", extra={"outcome": _outcome(answer)})
        with language.speaking(language_of(request)):
            return await _page(door, request, wanted, account=form.get("account", "")[:64], refused=answer)

    return [Route(SIGN_IN, show, methods=["GET"]), Route(SIGN_IN, enter, methods=["POST"])]


def language_of(request: Request) -> str:
    """The language of somebody who has not signed in: chosen here before, else the browser's."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in language.CODES:
        return chosen
    return language.chosen_from(request.headers.get("accept-language", ""))


async def _try(door: Door, request: Request, form: dict[str, str]) -> SignedIn | Refused:
    peer = door.peer(request.scope)
    demo_allowed = door.allows_demo(peer)

    def by_touch() -> SignedIn | None:
        return sign_in_demo(door.database(), account=form["demo"], now=door.now(), demo_allowed=demo_allowed)

    def by_password() -> SignedIn | Refused:
        return sign_in(
            door.database(),
            account=form.get("account", ""),
            password=form.get("password", ""),
            address=peer.address,
            now=door.now(),
            demo_allowed=demo_allowed,
        )

    if "demo" in form and demo_allowed:
        touched = await anyio.to_thread.run_sync(by_touch)
        if touched is not None:
            return touched
    return await anyio.to_thread.run_sync(by_password, limiter=door.hashing)


async def _let_in(door: Door, request: Request, entered: SignedIn, wanted: str) -> Response:
    earlier = request.cookies.get(COOKIE, "")

    def end_earlier() -> None:
        with writing(door.database()) as session:
            sign_out(session, earlier, door.now())

    if earlier:
        await anyio.to_thread.run_sync(end_earlier)
    log.info("signed in", extra={"user_id": entered.user_id})
    answer = RedirectResponse(wanted, 303)
    _remember(door, request, answer, COOKIE, entered.token)
    return answer


def _remember(door: Door, request: Request, answer: Response, name: str, value: str) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=YEAR_SECONDS,
        path="/",
        secure=door.peer(request.scope).is_secure,
        httponly=True,
        samesite="lax",
    )


def _outcome(answer: SignedIn | Refused) -> str:
    if isinstance(answer, SignedIn):
        return "ok"
    return "failed" if answer.heard else "too soon"


async def _page(
    door: Door, request: Request, wanted: str, *, account: str = "", refused: Refused | None = None
) -> Response:
    offered: list[DemoUser] = []
    if door.allows_demo(door.peer(request.scope)):
        offered = await anyio.to_thread.run_sync(_offered, door)
    title = "拜访 Fieldvisit" if language.current() == "zh" else "Fieldvisit"
    body = (
        f"<header><h1>{title}</h1>{_other_language(wanted)}</header>"
        f'<p class="quiet">{html.text(_("For reps, managers and back-office clerks"))}</p>'
        f"{_fields(wanted, account, refused)}{_chips(offered, wanted)}"
    )
    if refused is None:
        return html.page(_("Sign in"), body)
    if refused.wait_seconds == 0:
        return html.page(_("Sign in"), body, status=401)
    return html.page(_("Sign in"), body, status=429, headers={"Retry-After": str(refused.wait_seconds)})


def _offered(door: Door) -> list[DemoUser]:
    with reading(door.database()) as session:
        return demo_users(session)


def _other_language(wanted: str) -> str:
    other = "en" if language.current() == "zh" else "zh"
    link = URL(sign_in_path(wanted)).include_query_params(language=other)
    tag = html.LANGUAGE_TAGS[other]
    return f'<a href="{html.text(str(link))}" lang="{tag}" hreflang="{tag}">{language.NAMES[other]}</a>'


def _fields(wanted: str, account: str, refused: Refused | None) -> str:
    said = None
    if refused is not None:
        wrong = _("The account or the password is wrong.") if refused.heard else ""
        said = refusal(refused.wait_seconds, refused.tries_left, wrong)
    return (
        f'{html.note(said)}<form method="post" action="{SIGN_IN}">{html.hidden("next", wanted)}'
        f'<label for="account">{html.text(_("Account"))}</label><div class="field">'
        f'<input id="account" name="account" type="text" value="{html.text(account)}" maxlength="64" '
        'inputmode="email" autocomplete="username" autocapitalize="none" autocorrect="off" spellcheck="false" '
        f"required{'' if account else ' autofocus'}></div>"
        f"{html.secret_field('password', _('Password'), 'current-password', autofocus=bool(account))}"
        f'<button class="main" type="submit">{html.text(_("Sign in"))}</button></form>'
    )


def _chips(offered: list[DemoUser], wanted: str) -> str:
    if not offered:
        return ""
    buttons = "".join(
        f'<button type="submit" name="demo" value="{html.text(user.account)}">'
        f"<b>{html.text(_name(user))}</b> {html.text(word('user_account.role', user.role))}</button>"
        for user in offered
    )
    return (
        f'<form class="demo" method="post" action="{SIGN_IN}">{html.hidden("next", wanted)}'
        f"<p>{html.text(_('Demo data (on this machine only): one touch signs in'))}</p>"
        f'<div class="chips">{buttons}</div></form>'
    )


def _name(user: DemoUser) -> str:
    return user.name if language.current() == "zh" else user.name_en
