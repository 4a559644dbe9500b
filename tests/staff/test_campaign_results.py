"""What a campaign's results add up to, and the file schools take away."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from results_kit import BANDS, NOON, course, scope, table, taking

from exam.events import Shared
from exam.stages import ladder
from kiosk.campaign_results import (
    SharedRow,
    average,
    bands_of,
    by_competence,
    counts,
    rank_of,
    shared_rows,
)
from kiosk.exports import EXPORTS, csv_chunks
from kiosk.exports.campaign_results import columns

STEPS = ladder(BANDS.stages, [])


def row(validated: int, targeted: int, *competences: tuple[str, int, int], place: int = 0) -> SharedRow:
    shared = Shared(validated, targeted, place, list(competences), [])
    return SharedRow(taking(shared), shared)


def test_the_four_bands_are_those_of_the_reference() -> None:
    assert [(band.low, band.high) for band in bands_of(STEPS)] == [(0, 20), (21, 50), (51, 80), (81, 100)]


def test_without_stages_mastery_is_shown_in_ten_bands() -> None:
    bands = bands_of(())
    assert [(band.low, band.high) for band in bands][:2] == [(0, 10), (11, 20)]
    assert [rank_of(row(n, 100), bands) for n in (0, 10, 11, 100)] == [0, 0, 1, 9]


@given(st.lists(st.integers(0, 100), max_size=30))
@settings(max_examples=50)
def test_every_result_is_in_one_band_and_the_average_between_the_extremes(found: list[int]) -> None:
    rows, bands = [row(n, 100) for n in found], bands_of(())
    assert sum(counts(rows, bands)) == len(rows)
    mean = average(rows)
    assert (mean is None) if not found else (mean is not None and min(found) <= mean <= max(found))


def test_the_band_of_a_result_is_the_stage_fixed_when_it_was_sent() -> None:
    assert rank_of(row(1, 100, place=3), bands_of(STEPS)) == 3


def test_a_competence_is_the_mean_of_what_was_sent() -> None:
    rows = [row(1, 2, ("4.1", 1, 2)), row(2, 2, ("4.1", 2, 2), ("1.1", 0, 3))]
    assert by_competence(rows) == [("1.1", 0), ("4.1", 75)]


def test_the_headings_are_the_known_ones_in_order() -> None:
    headings = columns(scope())
    assert headings[:12] == [
        "Nom de l'organisation",
        "ID Campagne",
        "Code",
        "Nom de la campagne",
        "Parcours",
        "Nom du Participant",
        "Prénom du Participant",
        "Classe",
        "% de progression",
        "Date de début",
        "Partage (O/N)",
        "Date du partage",
    ]
    assert headings[12:15] == [
        "Palier obtenu (/3)",
        "Citoyen obtenu (O/N)",
        "% maitrise de l'ensemble des acquis du profil",
    ]
    assert (
        headings[15]
        == "% de maitrise des acquis de la compétence Mener une recherche et une veille d’information"
    )
    assert headings[-1] == "Acquis maitrisés du domaine Protection et sécurité"
    assert len(headings) == 15 + 3 * 3 + 2 * 3


def test_a_course_without_stages_has_no_stage_column() -> None:
    assert "Palier obtenu" not in " ".join(columns(scope(chosen=course())))


def test_a_result_not_sent_says_who_and_how_far_and_nothing_more() -> None:
    found = table("campaign_results", scope(taking(progress=440)))[1]
    assert found[5:11] == ["BENALI", "Inès", "NA", "0,44", "20/11/2025 12:00", "Non"]
    assert set(found[11:]) == {"NA"}


def test_a_sent_result_is_written_in_full() -> None:
    shared = Shared(5, 11, 1, [("1.1", 1, 4), ("4.1", 4, 7)], ["b"])
    sent = taking(shared, last_name="ADAM", first_name="Louise", division="5e B")
    found = table("campaign_results", scope(sent))[1]
    assert found[8:15] == ["1", "20/11/2025 12:00", "Oui", "20/11/2025 12:00", "1", "Oui", "0,45"]
    assert found[15:24] == ["0,25", "4", "1", "0", "0", "0", "0,57", "7", "4"]
    assert found[24:] == ["0,25", "4", "1", "0,57", "7", "4"]


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_every_export_has_rows_as_wide_as_its_headings(name: str) -> None:
    export, found = EXPORTS[name], scope(taking())
    assert {len(line) for line in export.rows(found)} == {len(export.columns(found))}


def test_the_file_is_named_after_the_campaign_and_the_minute() -> None:
    _, disposition = csv_chunks("campaign_results", scope())
    assert 'filename="Resultats-5e B-c1-2026-11-20-0907.csv"' in disposition


def test_the_last_sending_of_each_learner_counts_with_its_evolution() -> None:
    first = taking(Shared(4, 10, 0, [], []))
    again = taking(Shared(7, 10, 0, [], []), id="p2", attempt=2, shared_ms=NOON + 1)
    other = taking(Shared(5, 10, 0, [], []), id="p3", who="l2")
    under_way = taking(id="p4", attempt=3)
    rows = shared_rows([first, other, again, under_way])
    assert [(one.taking.id, one.mastery, one.evolution, one.sendings) for one in rows] == [
        ("p2", 70, 30, 2),
        ("p3", 50, None, 1),
    ]
