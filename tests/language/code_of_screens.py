"""What stands between quotes in the code of the screens and would reach people without being translated."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

TRANSLATING = {"_", "n_", "p_", "mark"}

FIRST_IS_SHOWN = {
    *("button", "download_button", "link_button", "menu_button", "form_submit_button", "popover", "expander"),
    *("text_input", "number_input", "text_area", "date_input", "time_input", "datetime_input", "chat_input"),
    *("selectbox", "multiselect", "radio", "checkbox", "toggle", "segmented_control", "pills", "slider"),
    *("select_slider", "file_uploader", "camera_input", "audio_input", "metric", "markdown", "caption"),
    *("header", "subheader", "title", "text", "info", "warning", "error", "success", "toast", "spinner"),
    *("status", "dialog", "tabs", "badge", "TextColumn", "NumberColumn", "CheckboxColumn", "SelectboxColumn"),
    *("DateColumn", "DatetimeColumn", "TimeColumn", "ProgressColumn", "ListColumn", "ImageColumn", "Column"),
    *("LinkColumn", "write"),
}
KEYWORDS_SHOWN = {
    "label",
    "help",
    "placeholder",
    "title",
    "body",
    "text",
    "caption",
    "captions",
    "page_title",
}
TITLED_ANYWHERE = {"title", "help", "placeholder"}
NOT_A_SCREEN = {"log", "logger", "logging"}

SAME_IN_BOTH = re.compile(r"\b(Fieldvisit|PDF|XLSX|CSV|SKU|POP)\b")
NOT_READ = re.compile(
    r":material/\w+:|:[a-z]+(-background|-badge)?\[|-(background|badge)\[|\{[^{}]*\}|&\w+;|<[^<>]*>|https?://\S+"
)
COLOUR = re.compile(r"^(red|orange|yellow|green|blue|violet|gray|grey|primary)$")
LETTER = re.compile(r"[A-Za-z\u4e00-\u9fff]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
WORDS = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")


def screen_files(*rooms: str) -> list[Path]:
    """The code of the door and of the named rooms."""
    return [ROOT / "app.py", *(file for room in rooms for file in sorted((ROOT / room).rglob("*.py")))]


def name_of(function: ast.expr) -> str:
    """The last name of what is called."""
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _receiver(function: ast.expr) -> str:
    """The name before the dot of a call."""
    return getattr(function.value, "id", "") if isinstance(function, ast.Attribute) else ""


def has_words(text: str) -> bool:
    """Whether people would read words in it: not icons, colours, fields to fill, marks of HTML."""
    return not COLOUR.match(text) and bool(LETTER.search(SAME_IN_BOTH.sub("", NOT_READ.sub("", text))))


def _parts(shown: ast.expr) -> list[ast.expr]:
    """The expressions that an expression is put together from."""
    match shown:
        case ast.JoinedStr(values=parts) | ast.BoolOp(values=parts):
            return parts
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return parts
        case ast.BinOp(left=one, right=other) | ast.IfExp(body=one, orelse=other):
            return [one, other]
        case ast.Call(func=ast.Attribute(value=template, attr="format" | "join" | "strip"), args=parts):
            return [template, *parts]
        case ast.FormattedValue(value=value):
            return [value]
    return []


def literals(shown: ast.expr) -> Iterator[ast.Constant]:
    """The literals that an expression shows; what a function returns is that function's."""
    if isinstance(shown, ast.Constant) and isinstance(shown.value, str):
        yield shown
    for part in _parts(shown):
        yield from literals(part)


def shown_by(call: ast.Call) -> Iterator[ast.expr]:
    """The arguments of a call that people read."""
    name = name_of(call.func)
    if _receiver(call.func) in NOT_A_SCREEN:
        return
    shows = name in FIRST_IS_SHOWN
    if shows:
        yield from call.args if name in ("write", "metric") else call.args[:1]
    wanted = KEYWORDS_SHOWN if shows else TITLED_ANYWHERE
    yield from (keyword.value for keyword in call.keywords if keyword.arg in wanted)


def untranslated(source: str) -> list[str]:
    """Literals with words that a screen shows as they stand: `line: text`."""
    found = []
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call):
            for shown in shown_by(call):
                found += [f"{part.lineno}: {part.value}" for part in literals(shown) if has_words(part.value)]
    return found


def _not_shown(tree: ast.Module) -> set[ast.AST]:
    """Literals inside translating calls, docstrings, log and error calls, and page styles."""
    inside: set[ast.AST] = set()
    for node in ast.walk(tree):
        quiet = isinstance(node, ast.Raise) or (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        )
        if isinstance(node, ast.Call):
            name = name_of(node.func)
            quiet = name in TRANSLATING or name == "html" or _receiver(node.func) in NOT_A_SCREEN
        if quiet:
            inside.update(ast.walk(node))
    return inside


def sentences(source: str) -> list[str]:
    """Literals of two words and more that are not marked for translation, wherever they go: `line: text`."""
    tree = ast.parse(source)
    inside = _not_shown(tree)
    return [
        f"{node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node not in inside
        and WORDS.search(NOT_READ.sub("", node.value))
    ]


def chinese(source: str) -> list[str]:
    """Literals with Chinese in them, docstrings aside: Chinese stands in the `.po` file."""
    tree = ast.parse(source)
    docs = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        f"{node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node not in docs
        and CHINESE.search(node.value)
    ]


def built_messages(source: str) -> list[str]:
    """Calls for a translation of a text that is put together on the spot, which no translator has seen."""
    return [
        f"{call.lineno}: {ast.unparse(call)}"
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and name_of(call.func) in TRANSLATING
        and any(
            isinstance(argument, ast.JoinedStr | ast.BinOp)
            or (isinstance(argument, ast.Call) and name_of(argument.func) == "format")
            for argument in call.args[:2]
        )
    ]


def translated_at_import(source: str) -> list[str]:
    """Calls for a translation that run when the module is imported, and so freeze one language."""
    found: list[str] = []
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call) and name_of(node.func) in TRANSLATING - {"mark"}:
            found.append(f"{node.lineno}: {ast.unparse(node)}")
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            # its decorators and defaults run at import, its body does not
            waiting += [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
        elif not isinstance(node, ast.Lambda):
            waiting += list(ast.iter_child_nodes(node))
    return found
