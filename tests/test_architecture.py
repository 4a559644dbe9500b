"""The house rules that a machine can see: sizes, purity of the rules, names, and where SQL may stand."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("exam", "kiosk", "sync", "web")
HARD_MODULE, HARD_FUNCTION, HARD_JS, HARD_TEMPLATE = 350, 60, 200, 160
MEDIAN_MODULE, MEDIAN_FUNCTION = 120, 12

# Each exception names its reason; the list is meant to stay short.
LONG_MODULES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}

# What would let the world decide: nothing in exam/ may import these.
IMPURE = {
    "time",
    "datetime",
    "random",
    "secrets",
    "os",
    "io",
    "pathlib",
    "socket",
    "sqlite3",
    "asyncio",
    "logging",
    "uuid",
    "threading",
}


def modules() -> list[Path]:
    """Every module of the four packages, as git would ship it."""
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring, which is meant to be generous."""
    total = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        total -= (first.end_lineno or first.lineno) - first.lineno + 1
    return total


def test_no_module_outgrows_its_room() -> None:
    long = {
        str(p.relative_to(ROOT)): n for p in modules() if (n := len(p.read_text().splitlines())) > HARD_MODULE
    }
    assert set(long) <= set(LONG_MODULES), long


def test_the_median_module_is_short() -> None:
    assert statistics.median(len(p.read_text().splitlines()) for p in modules()) <= MEDIAN_MODULE


def test_no_function_outgrows_a_screen() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": length(node)
        for path in modules()
        for node in functions(ast.parse(path.read_text()))
        if length(node) > HARD_FUNCTION
    }
    assert set(long) <= set(LONG_FUNCTIONS), long


def test_the_median_function_is_short() -> None:
    sizes = [length(node) for path in modules() for node in functions(ast.parse(path.read_text()))]
    assert statistics.median(sizes) <= MEDIAN_FUNCTION


def test_scripts_and_templates_stay_readable() -> None:
    limits = {".js": HARD_JS, ".html": HARD_TEMPLATE}
    long = {
        str(path.relative_to(ROOT)): count
        for path in (ROOT / "web").rglob("*")
        if path.suffix in limits and (count := len(path.read_text().splitlines())) > limits[path.suffix]
    }
    assert not long


def test_every_module_says_what_it_is_for() -> None:
    silent = [str(p.relative_to(ROOT)) for p in modules() if not ast.get_docstring(ast.parse(p.read_text()))]
    assert not silent


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif (
            isinstance(node, ast.ImportFrom)
            and node.module == "io"
            and {a.name for a in node.names} == {"BytesIO"}
        ):
            continue  # bytes in memory, as zipfile wants them: no file
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def test_the_rules_touch_no_file_clock_network_or_chance() -> None:
    impure = {
        str(path.relative_to(ROOT)): found
        for path in (ROOT / "exam").rglob("*.py")
        if (found := imported(ast.parse(path.read_text())) & IMPURE)
    }
    assert not impure


def test_the_rules_open_no_file() -> None:
    callers = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "exam").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"open", "exec", "eval", "print"}
    ]
    assert not callers


def test_nobody_binds_a_bare_web_from_aiohttp() -> None:
    binders = [
        str(p.relative_to(ROOT))
        for p in modules()
        if re.search(r"from aiohttp import .*\bweb\b", p.read_text())
    ]
    assert not binders


def test_no_check_of_trust_is_an_assert() -> None:
    """Python drops asserts under -O, and a check that can vanish is none."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Assert)
    ]
    assert not found


SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\b", re.DOTALL
)


def test_the_kiosk_keeps_its_sql_in_stores() -> None:
    allowed = ("kiosk/store/", "kiosk/bench/")  # a bench reads and writes files of its own, from outside
    strays = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "kiosk").rglob("*.py")
        if not str(path.relative_to(ROOT)).startswith(allowed)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value)
    ]
    assert not strays


def test_imports_keep_their_direction() -> None:
    done = subprocess.run(
        [ROOT / ".venv/bin/lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("words", [("/wo" + "rk/", "/ro" + "ot/")])
def test_no_tracked_file_names_a_path_of_a_machine(words: tuple[str, ...]) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    binary = {".woff2", ".png", ".ico"}
    leaks = [
        name
        for name in listed.split("\0")
        if name
        and Path(name).suffix not in binary
        and (ROOT / name).is_file()
        and any(word in (ROOT / name).read_text(errors="replace") for word in words)
    ]
    assert not leaks
