"""A document, its one spelling, and an answer of the central instance: nothing is believed that does not prove itself."""

from __future__ import annotations

import msgspec
import pytest
from central_kit import Pupils
from hypothesis import given
from hypothesis import strategies as st

from kiosk.actions.profile_requests import BadAnswer, proved
from kiosk.store.profile_requests import Waiting
from sync.pieces import BadPiece, Piece, Restarted, Settled, State, piece_bytes, piece_hash, read_piece
from sync.profile_exchange import Found
from sync.records import PersonErased, ProfileState

INE, BIRTH, NOW = "1234567890K", "2013-04-05", 1_800_000_000_000
WAITING = Waiting("r-1", "l-1", None, INE, BIRTH)
KNOWN = ("mots-1", "validated", "direct")


def a_piece(salt: str = "0" * 64) -> Piece:
    """Return a document."""
    state = State(
        "0" * 64, certifiable=False, competences=[], pasts=[Settled(5, [KNOWN])], resets=[], score=8
    )
    return Piece(NOW, BIRTH, INE, salt, state)


def found(piece: Piece, school: Pupils, body: ProfileState | PersonErased | None = None) -> Found:
    """Return an answer about a document, signed by a school."""
    data = piece_bytes(piece)
    line = school.record(body or ProfileState("u-1", piece_hash(data), "school"))
    return Found(0, data.decode(), school.signer.public_hex, line.decode(), "Collège", "0750001U")


def test_an_answer_that_proves_itself_is_believed() -> None:
    school = Pupils("old")
    carried = proved(found(a_piece(), school), WAITING, NOW)
    assert (carried.site, carried.state.pasts[0].known) == (school.site, [KNOWN])


@pytest.mark.parametrize(
    "spoilt",
    [
        {"piece": piece_bytes(a_piece("1" * 64)).decode()},
        {"public_key": Pupils("another").signer.public_hex},
        {"record": "nothing\n"},
        {"piece": "{}"},
    ],
    ids=["another document", "another school", "no record", "no document"],
)
def test_an_answer_changed_on_the_way_is_not(spoilt: dict[str, str]) -> None:
    with pytest.raises(BadAnswer):
        proved(msgspec.structs.replace(found(a_piece(), Pupils("old")), **spoilt), WAITING, NOW)


def test_neither_is_one_about_somebody_else_nor_one_of_another_kind() -> None:
    answer = found(a_piece(), Pupils("old"))
    for waiting in (WAITING._replace(ine="9999999999Z"), WAITING._replace(birth_date="2013-04-06")):
        with pytest.raises(BadAnswer):
            proved(answer, waiting, NOW)
    with pytest.raises(BadAnswer):
        proved(found(a_piece(), Pupils("old"), PersonErased("u-1", [])), WAITING, NOW)


_skills = st.text("abc-1", min_size=1, max_size=8)
_known = st.lists(
    st.tuples(
        _skills, st.sampled_from(["validated", "invalidated"]), st.sampled_from(["direct", "inferred"])
    ),
    max_size=5,
)
_pasts = st.lists(st.builds(Settled, at=st.integers(0, 2**50), known=_known), max_size=4)
_resets = st.lists(
    st.builds(Restarted, at=st.integers(0, 2**50), skills=st.lists(_skills, max_size=3)), max_size=3
)


@given(_pasts, _resets)
def test_a_document_reads_back_as_it_was_written(pasts: list[Settled], resets: list[Restarted]) -> None:
    piece = a_piece()
    state = msgspec.structs.replace(piece.state, pasts=pasts, resets=resets)
    piece = msgspec.structs.replace(piece, state=state)
    assert read_piece(piece_bytes(piece)) == piece


@given(st.binary(max_size=60))
def test_bytes_that_are_no_document_are_refused(data: bytes) -> None:
    with pytest.raises(BadPiece):
        read_piece(data)


def test_the_same_results_under_another_salt_have_another_hash() -> None:
    assert piece_hash(piece_bytes(a_piece())) != piece_hash(piece_bytes(a_piece("1" * 64)))
