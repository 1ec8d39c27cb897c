"""Every address of the app: what stands in `ui/navigation.py`, and whose page each is."""

import ast

from tests.running_app import ROOT

STEPS = (
    "prepare",
    "prices",
    "stock",
    "sales",
    "accounts",
    "service",
    "market",
    "order",
    "talk",
    "wrap-up",
    "submit",
)
PAGES = {
    "limin": ("today", "visit-log", "distributor", "account", *STEPS),
    "zhoulan": ("review", "orders", "region", "visit-log", "account"),
    "hejing": ("visit-log", "account"),
    "admin": ("users", "visit-log", "account"),
}
"""The pages that each demo account may open, by account: a rep, a manager, a clerk, an administrator."""


def url_paths() -> list[ast.expr]:
    """What `ui/navigation.py` gives each of its pages for an address."""
    tree = ast.parse((ROOT / "ui" / "navigation.py").read_text(encoding="utf-8"))
    made = [
        call
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "Page"
    ]
    return [keyword.value for call in made for keyword in call.keywords if keyword.arg == "url_path"]
