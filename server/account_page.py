"""Changing one's own password."""

import logging

import anyio
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

import language
from data.passwords import SHORTEST, PasswordRefused
from data.sign_in import SignedInUser, change_password
from language import _, n_
from server import html
from server.door import COOKIE, Door
from server.forms import read_form
from server.html import Note
from server.paths import PASSWORD, SIGN_OUT
from server.words import refusal

log = logging.getLogger("fieldvisit.server")


def routes(door: Door) -> list[Route]:
    """`GET` and `POST /account/password`."""

    async def show(request: Request) -> Response:
        return _page(request.scope["fieldvisit_user"], None)

    async def change(request: Request) -> Response:
        user: SignedInUser = request.scope["fieldvisit_user"]
        form = await read_form(request)
        if isinstance(form, Response):
            return form
        with language.speaking(user.language):
            said = await _change(door, request.cookies[COOKIE], form)
        if said.kind == "done":
            log.info("password changed", extra={"user_id": user.user_id})
            return RedirectResponse("/", 303) if user.must_choose_password else _page(user, said)
        return _page(user, said, status=422)

    return [Route(PASSWORD, show, methods=["GET"]), Route(PASSWORD, change, methods=["POST"])]


async def _change(door: Door, token: str, form: dict[str, str]) -> Note:
    """Changes the password, and says how that went."""
    old, new = form.get("old", ""), form.get("new", "")
    if new != form.get("again", ""):
        return Note(_("The two new passwords are not the same."))

    def change() -> Note:
        refused = change_password(door.database(), token=token, old=old, new=new, now=door.now())
        if refused is not None:
            wrong = _("The current password is wrong.") if refused.heard else ""
            return refusal(refused.wait_seconds, refused.tries_left, wrong)
        return Note(_("The password is changed. You are signed out on all other devices."), "done")

    try:
        return await anyio.to_thread.run_sync(change, limiter=door.hashing)
    except PasswordRefused as error:
        return Note(_fault(error))


def _fault(error: PasswordRefused) -> str:
    return {
        "too_short": n_(
            "The new password is too short: at least {count} character.",
            "The new password is too short: at least {count} characters.",
            SHORTEST,
        ).format(count=SHORTEST),
        "too_long": _("The new password is too long."),
        "same_as_account": _("The new password must not be the account name."),
        "same_as_old": _("The new password must differ from the old one."),
    }[error.fault]


def _page(user: SignedInUser, said: Note | None, *, status: int = 200) -> Response:
    with language.speaking(user.language):
        if user.must_choose_password:
            way_out = f'<a class="back" href="{SIGN_OUT}">{html.text(_("Sign out"))}</a>'
            why = _("This password was made for you. Choose one of your own, then the app opens.")
            said = said or Note(why, "hint")
        else:
            way_out = f'<a class="back" href="/">{html.text(_("Back"))}</a>'
        hint = n_("At least {count} character", "At least {count} characters", SHORTEST).format(
            count=SHORTEST
        )
        body = (
            f"<h1>{html.text(_('Change password'))}</h1>"
            f'<p class="quiet">{html.text(user.account)} · {html.text(hint)}</p>{html.note(said)}'
            f'<form method="post" action="{PASSWORD}">'
            f'<input type="text" name="account" value="{html.text(user.account)}" autocomplete="username" hidden>'
            f"{html.secret_field('old', _('Current password'), 'current-password', autofocus=True)}"
            f"{html.secret_field('new', _('New password'), 'new-password')}"
            f"{html.secret_field('again', _('New password once more'), 'new-password')}"
            f'<button class="main" type="submit">{html.text(_("Change password"))}</button></form>'
            f"{way_out}"
        )
        return html.page(_("Change password"), body, status=status)
