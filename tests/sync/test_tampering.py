"""Whatever is done to an exported log, verification says no and says where."""

import contextlib
from pathlib import Path

import log_kit
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from log_kit import open_school

from sync import frames
from sync.connections import connect_reader, connect_writer
from sync.export import export_log
from sync.identity import init_home
from sync.keys import PublicKey, load_or_make
from sync.log_audit import check_log
from sync.verdict import Verdict
from sync.verify import verify_file

CODES = {
    "bad_signature", "bad_frame", "bad_header", "bad_event", "bad_record", "bad_body", "broken_chain", "missing",
    "duplicate", "out_of_order", "head_mismatch", "unknown_key", "unknown_version", "unsealed", "cut", "altered",
    "after_closing", "other_site", "not_canonical", "bad_seal", "other_sitting",
}  # fmt: skip


class Exported:
    """An exported log and the means to verify changed copies of it."""

    def __init__(self, folder: Path) -> None:
        with open_school(folder / "school") as school:
            log_kit.fill(school)
            self.key: PublicKey = school.identity.signer.public
            path = folder / "log.preau"
            school.db.read_sync(lambda c: export_log(c, school.identity, path, 77))
        self.data = path.read_bytes()
        self.lines = frames.split_lines(self.data)
        self._changed = folder / "changed.preau"

    def verify(self, data: bytes) -> Verdict:
        """Return the verdict on these bytes."""
        self._changed.write_bytes(data)
        return verify_file(self._changed, self.key)

    def of(self, kind: str) -> list[int]:
        """Return the places of the lines of a kind."""
        return [place for place, line in enumerate(self.lines) if line.startswith(kind.encode())]

    def without(self, place: int) -> bytes:
        """Return the file without one line."""
        return b"".join(self.lines[:place] + self.lines[place + 1 :])


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return Exported(tmp_path_factory.mktemp("export"))


def codes(found: Verdict) -> set[str]:
    return {failure.code for failure in found.failures}


def refused(found: Verdict) -> bool:
    """Whether the verdict is no, for reasons that are all named and worded."""
    return (
        found.verdict == "failed"
        and bool(found.failures)
        and codes(found) <= CODES
        and all(failure.message for failure in found.failures)
    )


def test_an_untouched_export_verifies(exported: Exported) -> None:
    found = exported.verify(exported.data)
    assert (found.verdict, found.records, found.sittings, found.failures) == ("verified", 4, 3, [])


def test_every_line_dropped_is_noticed(exported: Exported) -> None:
    for place in range(len(exported.lines)):
        assert refused(exported.verify(exported.without(place))), place


def test_every_line_repeated_is_noticed(exported: Exported) -> None:
    for place, line in enumerate(exported.lines):
        data = b"".join([*exported.lines[:place], line, *exported.lines[place:]])
        assert refused(exported.verify(data)), place


def test_every_two_neighbours_swapped_are_noticed(exported: Exported) -> None:
    for place in range(len(exported.lines) - 1):
        lines = list(exported.lines)
        lines[place], lines[place + 1] = lines[place + 1], lines[place]
        assert refused(exported.verify(b"".join(lines))), place


class Stored:
    """A filled database, its signed rows, and the means to check it and export it without some of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with open_school(folder) as school:
            log_kit.fill(school)
            self.me = school.identity
        self.rows = {table: self.read(table) for table in ("log_events", "log_records", "log_seals")}

    def read(self, table: str) -> list[int]:
        """Return the place of every row of a table, in order."""
        with contextlib.closing(connect_reader(self.folder / "kiosk.db")) as connection:
            return [row[0] for row in connection.execute(f"SELECT rowid FROM {table} ORDER BY 1")]  # noqa: S608 - ours

    def without(self, table: str, rows: list[int]) -> tuple[Verdict, Verdict]:
        """Return what the check in place and the check of a fresh export say without these rows."""
        with contextlib.closing(connect_writer(self.folder / "kiosk.db")) as connection:
            connection.execute("BEGIN")
            connection.executemany(f"DELETE FROM {table} WHERE rowid = ?", [(row,) for row in rows])  # noqa: S608 - ours
            in_place = check_log(connection, self.me.signer.public, self.me.site)
            path = self.folder / "fresh.preau"
            export_log(connection, self.me, path, 77, force=True)
            connection.execute("ROLLBACK")
        return in_place, verify_file(path, self.me.signer.public)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    return Stored(tmp_path_factory.mktemp("stored"))


@pytest.mark.parametrize("table", ["log_events", "log_records", "log_seals"])
def test_any_row_dropped_from_the_database_is_named_even_the_last(stored: Stored, table: str) -> None:
    for row in stored.rows[table]:
        for found in stored.without(table, [row]):
            assert refused(found), row
            assert codes(found) & {"missing", "unsealed"}, row


@pytest.mark.parametrize("table", ["log_events", "log_records", "log_seals"])
def test_any_end_cut_from_the_database_is_named(stored: Stored, table: str) -> None:
    for start in range(len(stored.rows[table])):
        for found in stored.without(table, stored.rows[table][start:]):
            assert codes(found) & {"missing", "unsealed"}, start


def test_records_dropped_from_the_end_are_named_by_their_numbers(stored: Stored) -> None:
    for found in stored.without("log_records", [3, 4]):
        assert {3, 4} <= {failure.record for failure in found.failures if failure.code == "missing"}


settings.register_profile("tampering", deadline=None, suppress_health_check=list(HealthCheck))


@settings(settings.get_profile("tampering"), max_examples=400)
@given(data=st.data())
def test_no_changed_byte_passes(exported: Exported, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(exported.data) - 1))
    before, byte, after = exported.data[:place], exported.data[place : place + 1], exported.data[place + 1 :]
    other = data.draw(st.binary(min_size=1, max_size=1).filter(lambda found: found != byte))
    way = data.draw(st.sampled_from(["flip", "insert", "delete"]))
    changed = {
        "flip": before + other + after,
        "insert": before + other + byte + after,
        "delete": before + after,
    }[way]
    if changed != exported.data:
        assert refused(exported.verify(changed)), (way, place)


@settings(settings.get_profile("tampering"), max_examples=100)
@given(data=st.data())
def test_no_cut_passes(exported: Exported, data: st.DataObject) -> None:
    end = data.draw(st.integers(0, len(exported.data) - 1))
    found = exported.verify(exported.data[:end])
    assert refused(found)
    assert codes(found) & {"cut", "bad_frame", "bad_header"}


@settings(settings.get_profile("tampering"), max_examples=100)
@given(order=st.permutations(range(5)), data=st.data())
def test_no_other_order_passes(exported: Exported, order: list[int], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(exported.lines) - 5))
    lines = list(exported.lines)
    lines[start : start + 5] = [exported.lines[start + place] for place in order]
    if lines != exported.lines:
        assert refused(exported.verify(b"".join(lines)))


def test_a_dropped_event_is_named_by_sitting_and_step(exported: Exported) -> None:
    found = exported.verify(exported.without(exported.of("event")[4]))
    assert ("p-0", 5, "missing") in {(f.sitting, f.step, f.code) for f in found.failures}


def test_a_dropped_record_is_named_by_its_number(exported: Exported) -> None:
    found = exported.verify(exported.without(exported.of("record")[1]))
    assert (2, "missing") in {(f.record, f.code) for f in found.failures}


def test_dropping_the_last_record_or_the_last_line_is_named(exported: Exported) -> None:
    assert "missing" in codes(exported.verify(exported.without(exported.of("record")[-1])))
    assert codes(exported.verify(exported.without(len(exported.lines) - 1))) == {"cut"}


def test_swapped_events_are_out_of_order(exported: Exported) -> None:
    place = exported.of("event")[4]
    lines = list(exported.lines)
    lines[place], lines[place + 1] = lines[place + 1], lines[place]
    assert ("p-0", 5, "out_of_order") in {
        (f.sitting, f.step, f.code) for f in exported.verify(b"".join(lines)).failures
    }


@pytest.mark.parametrize(
    ("old", "new"), [(b'"ok"', b'"ko"'), (b'"item-2"', b'"item-3"')], ids=["grade", "item"]
)
def test_a_swapped_grade_or_item_is_named_at_its_step(exported: Exported, old: bytes, new: bytes) -> None:
    place = next(
        p for p in exported.of("event") if old in exported.lines[p] and b'"number":2' in exported.lines[p]
    )
    lines = list(exported.lines)
    lines[place] = lines[place].replace(old, new)
    steps = {(f.sitting, f.step) for f in exported.verify(b"".join(lines)).failures if f.sitting}
    assert steps & {("p-0", 4), ("p-0", 5), ("p-0", 6), ("p-0", 7)}


def test_a_changed_record_has_a_bad_signature(exported: Exported) -> None:
    place = exported.of("record")[1]
    lines = list(exported.lines)
    lines[place] = lines[place].replace(b'"pupil":"u-1"', b'"pupil":"u-2"')
    assert (2, "bad_signature") in {(f.record, f.code) for f in exported.verify(b"".join(lines)).failures}


def test_a_log_of_another_school_is_not_ours(exported: Exported, tmp_path: Path) -> None:
    with open_school(tmp_path / "other") as school:
        log_kit.fill(school)
        path = tmp_path / "other.preau"
        school.db.read_sync(lambda c: export_log(c, school.identity, path, 1))
    assert "unknown_key" in codes(verify_file(path, exported.key))


def test_a_line_forged_with_another_key_is_named(exported: Exported, tmp_path: Path) -> None:
    forger = load_or_make(tmp_path / "forger.key")
    for place in exported.of("record") + exported.of("seal") + exported.of("closing") + exported.of("header"):
        kind, _, rest = exported.lines[place].partition(b" ")
        domain = {
            b"record": frames.RECORD,
            b"seal": frames.SEAL,
            b"closing": frames.CLOSING,
            b"header": frames.EXPORT,
        }
        forged = frames.frame(forger, domain[kind], frames.parse(rest).body)
        lines = list(exported.lines)
        lines[place] = kind + b" " + forged
        assert "bad_signature" in codes(exported.verify(b"".join(lines)))


def test_a_signature_given_for_one_purpose_is_worth_nothing_for_another(tmp_path: Path) -> None:
    signer = init_home(tmp_path, log_kit.UAI, "x").signer
    line = frames.frame(signer, frames.SEAL, b"{}")
    with pytest.raises(frames.FrameError) as caught:
        frames.open_frame(line, frames.RECORD, signer.public)
    assert caught.value.code == "bad_signature"


def test_no_other_spelling_of_a_frame_is_accepted(tmp_path: Path) -> None:
    signer = init_home(tmp_path, log_kit.UAI, "x").signer
    line = frames.frame(signer, frames.SEAL, b"{}")
    others = [
        line.upper(),
        line[:-1],
        b" " + line,
        line.replace(b" ", b"  ", 1),
        line + line,
        line[:128] + b"\n",
        b"\n",
    ]
    for other in others:
        with pytest.raises(frames.FrameError):
            frames.open_frame(other, frames.SEAL, signer.public)
