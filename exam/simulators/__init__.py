"""The tools a pupil can work in: one module each, one line here, and its page in `web/static/js/simulators/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.simulators.blocks import Blocks
from exam.simulators.browser import Browser
from exam.simulators.calendar import Calendar
from exam.simulators.files import Files
from exam.simulators.image import Image
from exam.simulators.mailbox import Mailbox
from exam.simulators.network import Network
from exam.simulators.permissions import Permissions
from exam.simulators.social import Social
from exam.simulators.spreadsheet import Spreadsheet
from exam.simulators.terminal import Terminal
from exam.simulators.writer import Writer

if TYPE_CHECKING:
    from exam.simulators.base import Simulator

SIMULATORS: dict[str, Simulator] = {
    tool.name: tool
    for tool in (
        Mailbox(),
        Browser(),
        Files(),
        Spreadsheet(),
        Writer(),
        Permissions(),
        Network(),
        Terminal(),
        Blocks(),
        Social(),
        Calendar(),
        Image(),
    )
}
"""Every simulator by its name in an item's file."""
