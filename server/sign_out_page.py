"""Signing out, in two steps: a screen can only link to a page, and a link must not sign anybody out by itself."""

import anyio
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

import language
from data.engine import writing
from data.sign_in import sign_out
from language import _
from server import html
from server.door import COOKIE, Door
from server.paths import SIGN_IN, SIGN_OUT


def routes(door: Door) -> list[Route]:
    """`GET` and `POST /sign-out`."""

    async def ask(request: Request) -> Response:
        user = request.scope["fieldvisit_user"]
        with language.speaking(user.language):
            name = user.name if user.language == "zh" else user.name_en
            body = (
                f"<h1>{html.text(_('Sign out'))}</h1>"
                f'<p class="quiet">{html.text(_("{name} is signed in on this device.").format(name=name))}</p>'
                f'<form method="post" action="{SIGN_OUT}"><button class="main" type="submit" autofocus>'
                f"{html.text(_('Sign out'))}</button></form>"
                f'<a class="back" href="/">{html.text(_("Back"))}</a>'
            )
            return html.page(_("Sign out"), body)

    async def leave(request: Request) -> Response:
        def end() -> None:
            with writing(door.database()) as session:
                sign_out(session, request.cookies[COOKIE], door.now())

        await anyio.to_thread.run_sync(end)
        answer = RedirectResponse(SIGN_IN, 303, {"Clear-Site-Data": '"cache"'})
        answer.delete_cookie(
            COOKIE, path="/", secure=door.peer(request.scope).is_secure, httponly=True, samesite="lax"
        )
        return answer

    return [Route(SIGN_OUT, ask, methods=["GET"]), Route(SIGN_OUT, leave, methods=["POST"])]
