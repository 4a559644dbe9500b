"""The curve of a campaign: what each day counts, and what had happened by its end."""

from __future__ import annotations

from exam.activity import Day, by_day, eventful

MON, TUE, WED, THU = range(739_000, 739_004)


def test_a_day_without_anything_is_still_a_point_of_the_curve() -> None:
    assert by_day([MON, MON, THU], [THU]) == [
        Day(MON, 2, 0, 2, 0),
        Day(TUE, 0, 0, 2, 0),
        Day(WED, 0, 0, 2, 0),
        Day(THU, 1, 1, 3, 1),
    ]


def test_the_table_keeps_only_the_days_on_which_something_happened() -> None:
    assert [one.day for one in eventful(by_day([MON, THU], [THU]))] == [MON, THU]


def test_a_campaign_nobody_joined_has_no_curve() -> None:
    assert by_day([], []) == []


def test_days_may_be_given_in_any_order() -> None:
    assert by_day([WED, MON], [TUE]) == by_day([MON, WED], [TUE])
