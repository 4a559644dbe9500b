"""A writer killed without warning keeps everything it acknowledged, in order, under valid seals."""

import random
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from log_kit import NAME, UAI, School, open_school

from sync.identity import init_home
from sync.log_audit import check_log
from sync.verdict import Failure

WRITER = textwrap.dedent("""
    import asyncio, sys
    from pathlib import Path
    from log_kit import Answered, Graded, open_school

    async def pupil(school, sitting, said):
        while True:
            def job(tx):
                school.log.append_event(tx, sitting, Answered(1, "x"), 1)
                return school.log.append_event(tx, sitting, Graded(1, "ok"), 2).seq
            said.write(f"{sitting} {await school.db.write(job)}\\n")
            said.flush()

    async def main():
        with open_school(Path(sys.argv[1])) as school:
            await asyncio.gather(*(pupil(school, f"p-{n}", sys.stdout) for n in range(20)))

    asyncio.run(main())
""")


def acknowledged(home: Path, lines: int) -> dict[str, int]:
    """Let a real process write until it told `lines` acknowledgements, kill it, and return what it told."""
    command = [sys.executable, "-c", WRITER, str(home)]
    heads: dict[str, int] = {}
    environment = {"PYTHONPATH": ":".join(path for path in sys.path if path), "PATH": ""}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:
        assert child.stdout is not None
        for _ in range(lines):
            sitting, seq = child.stdout.readline().split()
            heads[sitting] = int(seq)
        child.send_signal(signal.SIGKILL)
        # What was told before the kill is still in the pipe; a last line may be torn.
        for line in child.stdout.read().splitlines(keepends=True):
            if line.endswith("\n"):
                sitting, seq = line.split()
                heads[sitting] = int(seq)
    return heads


def count(school: School, sitting: str) -> int:
    return len(school.db.read_sync(lambda connection: school.log.events(connection, sitting)))


def failures_of(school: School) -> list[Failure]:
    me = school.identity
    return school.db.read_sync(lambda connection: check_log(connection, me.signer.public, me.site)).failures


@pytest.mark.parametrize("seed", [11, 22, 33])
def test_nothing_acknowledged_is_lost_by_a_kill(tmp_path: Path, seed: int) -> None:
    init_home(tmp_path, UAI, NAME)
    moments = random.Random(seed)
    for _ in range(3):
        heads = acknowledged(tmp_path, moments.randrange(1, 400))
        with open_school(tmp_path) as school:
            for sitting, seq in heads.items():
                assert count(school, sitting) >= seq
            assert failures_of(school) == []
