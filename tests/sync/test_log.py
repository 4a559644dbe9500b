"""The log keeps every event in a chain, under a seal, and forgets what was not committed."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import log_kit
import pytest
from log_kit import Answered, Graded, School, open_school

from sync import frames
from sync.canonical import NotCanonical
from sync.chain import ChainChecker, ChainError, first_prev, link
from sync.db import CommitFailed, Tx
from sync.heads import Heads
from sync.log import Log
from sync.log_audit import check_log
from sync.records import RECORDS, SiteOpened, first_record_prev
from sync.seals import RecordHead, read_seal
from sync.verdict import Verdict


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    with open_school(tmp_path) as found:
        yield found


def verdict_of(school: School) -> Verdict:
    me = school.identity
    return school.db.read_sync(lambda connection: check_log(connection, me.signer.public, me.site))


def events_of(school: School, sitting: str) -> list[bytes]:
    return school.db.read_sync(lambda connection: school.log.events(connection, sitting))


def test_a_filled_log_verifies(school: School) -> None:
    log_kit.fill(school)
    found = verdict_of(school)
    assert (found.verdict, found.records, found.sittings, found.failures) == ("verified", 4, 3, [])


def test_events_form_one_chain(school: School) -> None:
    assert [school.answer("p-1", number) for number in (1, 2)] == [3, 6]
    checker = ChainChecker("p-1")
    for data in events_of(school, "p-1"):
        checker.accept(data)
    assert checker.seq == 6


def test_a_chain_goes_on_after_a_restart(tmp_path: Path) -> None:
    with open_school(tmp_path) as school:
        school.answer("p-1", 1)
    with open_school(tmp_path) as school:
        assert school.answer("p-1", 2) == 6
        assert verdict_of(school).verdict == "verified"


def test_a_failing_job_leaves_no_event_and_no_gap(school: School) -> None:
    def fail(tx: Tx) -> None:
        school.log.append_event(tx, "p-1", Graded(9, "ko"), 1)
        school.log.append_record(tx, "site.opened", SiteOpened("", "", ""), 1)
        raise ValueError

    school.answer("p-1", 1)
    with pytest.raises(ValueError, match=r"^$"):
        school.db.write_sync(fail)
    assert school.answer("p-1", 2) == 6
    assert school.log.records == 0
    assert verdict_of(school).verdict == "verified"


def test_a_failing_commit_leaves_no_event_and_no_gap(school: School) -> None:
    school.answer("p-1", 1)
    seal = school.db.before_commit

    def refuse(tx: Tx) -> None:
        assert seal is not None
        seal(tx)
        raise RuntimeError("power")

    school.db.before_commit = refuse
    with pytest.raises(CommitFailed):
        school.answer("p-1", 2)
    school.db.before_commit = seal
    assert school.answer("p-1", 2) == 6
    assert verdict_of(school).verdict == "verified"


def test_neighbours_of_failing_jobs_keep_their_chains(school: School) -> None:
    """Many sittings in the same batches, a third of the jobs failing after they read the events back."""

    def job(place: int) -> Callable[[Tx], None]:
        def run(tx: Tx) -> None:
            sitting = f"p-{place % 5}"
            school.log.append_event(tx, sitting, Answered(place, "x"), place)
            if place % 3 == 0:
                school.log.events_in(tx, sitting)
                raise ValueError
            school.log.append_event(tx, sitting, Graded(place, "ok"), place)

        return run

    async def many() -> None:
        await asyncio.gather(*(school.db.write(job(n)) for n in range(120)), return_exceptions=True)

    asyncio.run(many())
    assert verdict_of(school).verdict == "verified"
    assert sum(len(events_of(school, f"p-{n}")) for n in range(5)) == 160


def test_a_job_sees_the_events_of_its_own_commit(school: School) -> None:
    def job(tx: Tx) -> int:
        school.log.append_event(tx, "p-1", Graded(1, "ok"), 1)
        return len(school.log.events_in(tx, "p-1"))

    assert school.db.write_sync(job) == 1
    assert verdict_of(school).verdict == "verified"


def test_an_event_that_cannot_be_spelled_is_refused(school: School) -> None:
    with pytest.raises(NotCanonical):
        school.db.write_sync(lambda tx: school.log.append_event(tx, "p-1", Answered(1, {"é": "x"}), 1))
    assert events_of(school, "p-1") == []


def test_events_appended_together_stand_or_fall_together(school: School) -> None:
    def job(tx: Tx) -> int:
        with pytest.raises(NotCanonical):
            school.log.append_events(tx, "p-1", [Graded(1, "ok"), Answered(1, {"é": "x"})], 1)
        assert school.log.append_events(tx, "p-1", [], 1) == []
        return school.log.append_events(tx, "p-1", [Answered(1, "x"), Graded(1, "ok")], 1)[-1].seq

    assert school.db.write_sync(job) == 2
    assert verdict_of(school).verdict == "verified"


def test_one_signature_seals_the_heads_of_a_commit(school: School) -> None:
    def job(tx: Tx) -> None:
        for sitting in ("p-1", "p-2"):
            school.log.append_event(tx, sitting, Graded(1, "ok"), 1)
            school.log.append_event(tx, sitting, Graded(2, "ok"), 1)

    school.db.write_sync(job)
    rows = school.db.read_sync(lambda c: c.execute("SELECT sig, bytes FROM log_seals").fetchall())
    assert len(rows) == 1
    seal = read_seal(frames.check(frames.Frame(*rows[0]), frames.SEAL, school.identity.signer.public))
    assert [(head.sitting, head.seq) for head in seal.heads] == [("p-1", 2), ("p-2", 2)]
    assert seal.count == 4
    assert seal.records == RecordHead(0, first_record_prev(school.identity.site))


def test_the_first_link_names_its_sitting() -> None:
    data, _ = link("p-1", 1, first_prev("p-2"), 1, Graded(1, "ok"))
    with pytest.raises(ChainError) as caught:
        ChainChecker("p-1").accept(data)
    assert (caught.value.code, caught.value.seq) == ("broken_chain", 1)


def test_a_record_must_have_the_body_of_its_type(school: School) -> None:
    with pytest.raises(ValueError, match=r"not the body of health\.report"):
        school.db.write_sync(
            lambda tx: school.log.append_record(tx, "health.report", SiteOpened("", "", ""), 1)
        )


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_every_type_of_record_can_be_appended_and_verifies(school: School, name: str) -> None:
    kind = RECORDS[name]
    if name != "participation.shared":
        school.db.write_sync(lambda tx: school.log.append_record(tx, name, kind.sample, 1))
    else:
        school.answer("p-1", 1)
        school.share("p-1")
    assert verdict_of(school).verdict == "verified"


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        (
            "UPDATE log_events SET bytes = CAST(replace(CAST(bytes AS TEXT), 'ok', 'ko') AS BLOB) WHERE seq = 3",
            "head_mismatch",
        ),
        ("UPDATE log_events SET at = 7 WHERE sitting = 'p-1' AND seq = 2", "other_column"),
        ("DELETE FROM log_events WHERE sitting = 'p-1' AND seq = 2", "missing"),
        ("DELETE FROM log_events WHERE sitting = 'p-2'", "missing"),
        ("UPDATE log_records SET type = 'health.report' WHERE seq = 2", "other_column"),
        ("UPDATE log_records SET sig = zeroblob(64) WHERE seq = 2", "bad_signature"),
        ("DELETE FROM log_records WHERE seq = 1", "missing"),
        ("DELETE FROM log_seals WHERE seq = 2", "missing"),
        ("DELETE FROM log_records WHERE seq = 4", "missing"),
        ("DELETE FROM log_records", "missing"),
        ("DELETE FROM log_seals", "unsealed"),
        ("UPDATE log_seals SET bytes = CAST(bytes || ' ' AS BLOB) WHERE seq = 1", "bad_signature"),
    ],
)
def test_what_is_changed_in_the_database_is_named(school: School, sql: str, code: str) -> None:
    log_kit.fill(school)
    school.db.write_sync(lambda tx: tx.execute(sql))
    found = verdict_of(school)
    assert found.verdict == "failed"
    assert code in {failure.code for failure in found.failures}


def test_the_tail_is_checked_at_every_start(tmp_path: Path) -> None:
    with open_school(tmp_path) as school:
        log_kit.fill(school)
        assert school.db.read_sync(school.log.check_tail).verdict == "verified"
        school.db.write_sync(
            lambda tx: tx.execute("DELETE FROM log_events WHERE sitting = 'p-2' AND seq = 13")
        )
        found = school.db.read_sync(school.log.check_tail)
        assert [(f.sitting, f.step, f.code) for f in found.failures] == [("p-2", 13, "head_mismatch")]


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("DELETE FROM log_records WHERE seq = 4", "missing"),
        ("DELETE FROM log_seals WHERE seq = 16", "unsealed"),
        (
            "UPDATE log_records SET (sig, bytes) = (SELECT sig, bytes FROM log_records WHERE seq = 3) WHERE seq = 4",
            "head_mismatch",
        ),
    ],
)
def test_the_last_record_is_checked_at_every_start(school: School, sql: str, code: str) -> None:
    log_kit.fill(school)
    school.db.write_sync(lambda tx: tx.execute(sql))
    found = school.db.read_sync(school.log.check_tail)
    assert (4, code) in {(failure.record, failure.code) for failure in found.failures}


def test_a_commit_of_records_alone_is_sealed_and_one_of_nothing_is_not(school: School) -> None:
    opened = SiteOpened("", "", "")
    school.db.write_sync(lambda tx: school.log.append_record(tx, "site.opened", opened, 1))
    school.db.write_sync(lambda tx: tx.execute("SELECT 1"))
    rows = school.db.read_sync(lambda c: c.execute("SELECT sig, bytes FROM log_seals").fetchall())
    assert len(rows) == 1
    seal = read_seal(rows[0][1])
    assert (seal.count, seal.heads, seal.records.seq) == (0, [], 1)


@pytest.mark.parametrize(
    "sql",
    ["DELETE FROM log_events WHERE sitting = 'p-0' AND seq = 13", "DELETE FROM log_records WHERE seq = 2"],
)
def test_a_log_cut_at_its_end_then_grown_again_is_named(tmp_path: Path, sql: str) -> None:
    """The server signs what it appends after the cut, and what it signed before still says otherwise."""
    with open_school(tmp_path) as school:
        log_kit.fill(school, sittings=1)
        school.db.write_sync(lambda tx: tx.execute(sql))
    with open_school(tmp_path) as school:
        school.answer("p-0", 9)
        school.share("p-0")
        assert "head_mismatch" in {failure.code for failure in verdict_of(school).failures}


def test_heads_forgotten_for_lack_of_room_are_read_back(school: School) -> None:
    school.log._heads = Heads(limit=2)
    for number in range(1, 4):
        for place in range(6):
            assert school.answer(f"p-{place}", number) == 3 * number
    assert verdict_of(school).verdict == "verified"


def test_a_log_reopened_by_another_log_object_continues_its_seals(school: School) -> None:
    log_kit.fill(school, sittings=1)
    Log(school.db, school.identity.signer, school.identity.site, lambda: 9)
    other = Log(school.db, school.identity.signer, school.identity.site, lambda: 9)
    school.db.write_sync(lambda tx: other.append_event(tx, "p-0", Graded(1, "ok"), 1))
    assert verdict_of(school).verdict == "verified"
