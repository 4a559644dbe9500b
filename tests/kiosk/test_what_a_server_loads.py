"""A server in a small school has little memory: what few rooms use is loaded with its first use, never at the start."""

from __future__ import annotations

import subprocess
import sys

import pytest

_LOADED = "import sys, kiosk.commands.serve; print(*sorted({name.partition('.')[0] for name in sys.modules}))"


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """Return the packages a server has loaded when it starts to listen."""
    told = subprocess.run([sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True)
    return set(told.stdout.split())


@pytest.mark.parametrize("package", ["typst", "python_calamine", "scipy", "sqlalchemy", "alembic", "catsim"])
def test_a_server_starts_without_what_only_papers_files_benches_or_the_central_instance_need(
    loaded: set[str], package: str
) -> None:
    assert "aiohttp" in loaded
    assert package not in loaded
