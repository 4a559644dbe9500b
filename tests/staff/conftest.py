"""One school for all the tests of staff pages: what a test changes, it makes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from staff_room import Room, staff_room

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="package")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with staff_room(tmp_path_factory.mktemp("school")) as made:
        yield made
