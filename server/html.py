"""The pages of the door itself: one sheet of paper in the middle, in the colours of the screens.

They load nothing: one style, one script, both named by their hash in the content security policy.
"""

import html
from dataclasses import dataclass

from starlette.responses import HTMLResponse

import language
from language import _
from server.shell import ICON, hash_source

LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}

STYLE = """
:root{color-scheme:light dark;--ground:#f2f5f8;--paper:#fff;--ink:#10202f;--quiet:#52606d;--line:#c3ccd6;
--field:#7c8996;--blue:#0b5cad;--link:#0b5cad;--on-blue:#fff;--red:#b3261e;--red-ground:#fce8e6;
--green:#1b6b4a;--green-ground:#e2f3eb}
@media(prefers-color-scheme:dark){:root{--ground:#0f1720;--paper:#1b2631;--ink:#eef3f8;--quiet:#b7c3ce;
--line:#3c4a58;--field:#7c8996;--blue:#2b78c8;--link:#a6cff7;--red:#ffb0a8;--red-ground:#43201f;
--green:#8fddb9;--green-ground:#17392c}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;min-height:100dvh;display:flex;padding:16px;background:var(--ground);
color:var(--ink);font:16px/1.5 'Noto Sans SC','Noto Sans CJK SC','PingFang SC','HarmonyOS Sans SC','MiSans',
'Microsoft YaHei','Source Han Sans SC',sans-serif}
main{margin:auto;width:100%;max-width:440px;padding:32px;background:var(--paper);
border:1px solid var(--line);border-radius:12px}
header{display:flex;align-items:center;justify-content:space-between;gap:16px}
h1{margin:0;font-size:27px;font-weight:700;line-height:1.5}
a{color:var(--link);text-decoration:none}
header a,.back{display:inline-flex;align-items:center;min-height:44px}
.quiet{margin:0 0 16px;color:var(--quiet)}
.note{margin:0 0 16px;padding:10px 14px;border-radius:8px}
.wrong{background:var(--red-ground);color:var(--red)}
.done{background:var(--green-ground);color:var(--green)}
.hint{background:var(--ground);color:var(--ink)}
label{display:block;margin-bottom:4px}
.field{position:relative;margin-bottom:16px}
input{display:block;width:100%;height:50px;padding:0 14px;border:1px solid var(--field);border-radius:8px;
background:var(--paper);color:var(--ink);font:inherit;font-size:18px}
.secret input{padding-right:76px}
.show{position:absolute;right:1px;bottom:1px;height:48px;min-width:60px;padding:0 15px;border:0;
border-radius:8px;background:transparent;color:var(--link);font:inherit}
.main{width:100%;height:52px;margin-top:6px;border:0;border-radius:8px;background:var(--blue);
color:var(--on-blue);font:inherit;font-size:18px;font-weight:600}
button{cursor:pointer}
input:focus-visible,button:focus-visible,a:focus-visible{outline:2px solid var(--link);outline-offset:1px}
.demo{margin-top:22px;padding-top:16px;border-top:1px solid var(--line)}
.demo p{margin:0 0 6px;color:var(--quiet);font-size:15px}
.chips{display:flex;flex-wrap:wrap;gap:6px}
.chips button{min-height:44px;padding:0 12px;border:1px solid var(--line);border-radius:8px;
background:transparent;color:var(--ink);font:inherit;font-size:15px}
.chips b{font-weight:600}
.back{margin-top:10px}
[hidden]{display:none}
"""

SCRIPT = """
for (const button of document.querySelectorAll('.show')) {
  const input = document.getElementById(button.getAttribute('aria-controls'));
  button.hidden = false;
  button.addEventListener('click', () => {
    const shown = input.type === 'password';
    input.type = shown ? 'text' : 'password';
    button.textContent = shown ? button.dataset.hide : button.dataset.show;
    button.setAttribute('aria-pressed', String(shown));
    input.focus();
  });
}
"""

_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src {hash_source(STYLE.encode())}",
        f"script-src {hash_source(SCRIPT.encode())}",
        "img-src data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


@dataclass(frozen=True)
class Note:
    """A sentence above the fields; `kind` is "wrong", "done" or "hint"."""

    text: str
    kind: str = "wrong"


def page(title: str, body: str, *, status: int = 200, headers: dict[str, str] | None = None) -> HTMLResponse:
    """A whole page in the language spoken now.

    Args:
        title: Plain text.
        body: HTML, its texts escaped.
        status: Of the answer.
        headers: More of them.
    """
    tag = LANGUAGE_TAGS[language.current()]
    content = (
        f'<!DOCTYPE html><html lang="{tag}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<title>{text(title)}</title><link rel="icon" href="{ICON}"><style>{STYLE}</style></head>'
        f"<body><main>{body}</main><script>{SCRIPT}</script></body></html>"
    )
    own = {"Content-Security-Policy": _POLICY, "X-Frame-Options": "DENY", "Cache-Control": "no-store"}
    return HTMLResponse(content, status, {**own, "Vary": "Cookie, Accept-Language", **(headers or {})})


def text(value: str) -> str:
    """A text that can stand anywhere in a page.

    Example:
        >>> text('<b> "x"')
        '&lt;b&gt; &quot;x&quot;'
    """
    return html.escape(value, quote=True)


def note(said: Note | None) -> str:
    """The sentence above the fields, read out by itself when it stands there."""
    return f'<p class="note {said.kind}" role="alert">{text(said.text)}</p>' if said else ""


def hidden(name: str, value: str) -> str:
    """A field that nobody sees."""
    return f'<input type="hidden" name="{name}" value="{text(value)}">'


def secret_field(name: str, label: str, autocomplete: str, *, autofocus: bool = False) -> str:
    """A field for a password, which can be shown."""
    focus = " autofocus" if autofocus else ""
    return (
        f'<label for="{name}">{text(label)}</label><div class="field secret">'
        f'<input id="{name}" name="{name}" type="password" autocomplete="{autocomplete}" maxlength="200" '
        f'autocapitalize="none" spellcheck="false" required{focus}>'
        f'<button class="show" type="button" aria-controls="{name}" aria-pressed="false" '
        f'data-show="{text(_("Show"))}" data-hide="{text(_("Hide"))}" hidden>{text(_("Show"))}</button></div>'
    )
