"""Whatever is changed in a travelling record, it is refused or found, and never believed; no body breaks the door."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from central_kit import Pupils, a_bank, chained, shared, trail_of
from hypothesis import given, settings
from hypothesis import strategies as st

from exam.events import Answered, Asked, Ended, Graded, Served, Shared
from exam.replay import Replayer
from sync import frames
from sync.canonical import canonical
from sync.central import body as bodies
from sync.central.errors import Refused
from sync.central.intake import Arrived, check, sites_of
from sync.central.store.participations import FAILED, VERIFIED
from sync.central.store.schools import School
from sync.central.verdicts import Judge, UnreadableError, read_shared
from sync.zstd import compress

if TYPE_CHECKING:
    from central_room import Central

    from exam.events import Event
    from sync.central.store.participations import Finding
    from sync.records import ParticipationShared

SCHOOL = Pupils()
LINE = SCHOOL.participation("p-1")
KNOWN = {SCHOOL.site: School(SCHOOL.site, "0751234J", "x", SCHOOL.signer.public_hex, 0, None, None)}
JUDGE = Judge(Replayer(), {a_bank().digest: a_bank()})


def judged(body: ParticipationShared) -> Finding:
    return JUDGE.judge(read_shared(canonical(body)))


def test_the_untouched_record_is_believed() -> None:
    arrived = check(0, LINE, KNOWN)
    assert isinstance(arrived, Arrived)
    assert JUDGE.judge(read_shared(bytes(arrived.envelope.body))).verdict == VERIFIED


@settings(max_examples=300)
@given(st.integers(0, len(LINE) - 1), st.integers(1, 255))
def test_no_changed_byte_gets_in(place: int, by: int) -> None:
    changed = LINE[:place] + bytes([LINE[place] ^ by]) + LINE[place + 1 :]
    assert not any(isinstance(check(0, line, KNOWN), Arrived) for line in frames.split_lines(changed))


@settings(max_examples=100)
@given(st.integers(1, len(trail_of("p-1")) - 2), st.sampled_from(["drop", "twice", "swap", "other"]))
def test_a_link_dropped_doubled_moved_or_borrowed_breaks_the_chain(place: int, how: str) -> None:
    links, head = chained("p-1", list(trail_of("p-1")))
    if how == "drop":
        del links[place]
    elif how == "twice":
        links.insert(place, links[place])
    elif how == "swap":
        links[place], links[place + 1] = links[place + 1], links[place]
    else:
        links[place] = chained("p-2", list(trail_of("p-2")))[0][min(place, len(trail_of("p-2")) - 1)]
    raws = [msgspec.Raw(link) for link in links]
    found = judged(msgspec.structs.replace(shared("p-1"), events=raws, head=head))
    assert (found.verdict, found.code.partition(".")[0]) == (FAILED, "chain")


def _changed(event: Event) -> Event:
    match event:
        case Graded():
            return Graded(event.number, "ko" if event.outcome == "ok" else "ok")
        case Asked():
            other = next(item for item in a_bank().items if item != event.item)
            return msgspec.structs.replace(event, item=other)
        case Answered():
            return msgspec.structs.replace(event, answer="no" if event.answer == "yes" else "yes")
        case Shared():
            return msgspec.structs.replace(event, validated=event.validated + 1)
        case Ended():
            return Served(1)
        case _:
            return msgspec.structs.replace(event, **{event.__struct_fields__[0]: "changed"})


@settings(max_examples=100)
@given(st.integers(0, len(trail_of("p-1")) - 1))
def test_a_fact_rewritten_by_the_school_itself_is_found_on_replay(place: int) -> None:
    told = list(trail_of("p-1"))
    told[place] = _changed(told[place])
    assert judged(shared("p-1", told)).verdict == FAILED


def test_a_record_that_says_otherwise_than_its_sitting_is_named() -> None:
    body = msgspec.structs.replace(shared("p-1"), course="another")
    assert judged(body).code == "participation.other"


def test_a_head_that_is_not_the_last_event_is_named() -> None:
    assert judged(msgspec.structs.replace(shared("p-1"), head="0" * 64)).code == "chain.other_head"


def test_results_kept_back_are_named() -> None:
    assert judged(shared("p-1", list(trail_of("p-1"))[:-1])).code == "participation.not_shared"


@pytest.mark.parametrize("word", ["", "x" * 65, "\0", "é", "a b"])
def test_an_id_that_would_not_fit_its_column_is_unreadable(word: str) -> None:
    with pytest.raises(UnreadableError):
        read_shared(canonical(msgspec.structs.replace(shared("p-1"), participation=word)))


pieces = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [LINE, LINE[:200], LINE[128:], b"\n", b" ", b'{"site":"' + SCHOOL.site.encode() + b'"}\n']
    ),
)


@settings(max_examples=100)
@given(st.lists(pieces, max_size=6), st.booleans())
def test_no_body_breaks_the_door(parts: list[bytes], packed: bool) -> None:  # noqa: FBT001 - drawn
    body, status = b"".join(parts), 200
    try:
        lines = bodies.lines_of(compress(body) if packed else body)
    except Refused as refusal:
        lines = []
        status = refusal.status
    sites_of(lines)
    assert status in {200, 400, 413}
    for index, line in enumerate(lines):
        assert check(index, line, KNOWN).index == index


@settings(max_examples=100)
@given(
    st.recursive(
        st.none() | st.integers(-9, 9) | st.text(max_size=9), lambda inner: st.lists(inner, max_size=3)
    )
)
def test_no_signed_body_breaks_the_judge(value: object) -> None:
    body = shared("p-1")
    fields = {name: getattr(body, name) for name in body.__struct_fields__}
    with pytest.raises(UnreadableError):
        read_shared(canonical({**fields, "events": value}))


async def test_bodies_of_every_sort_get_an_answer_below_five_hundred(central: Central) -> None:
    school = await central.enrol()
    bodies_ = [
        school.signed("participation.shared", raw) for raw in (b"{}", b"[]", b"null", b"7", b'{"events":[]}')
    ]
    for body in (*bodies_, LINE * 3, b"\0" * 200, compress(LINE)[:40]):
        reply = await central.client.post("/api/v1/records", data=body)
        assert reply.status < 500
    for path in ("/api/v1/enrolments", "/login", "/schools"):
        for data in (b"\xff", b"[" * 9000, b"a=" + b"%00" * 50):
            assert (await central.client.post(path, data=data)).status < 500
