from hashlib import blake2b, sha256

import msgspec
import pytest
from bank_kit import SINGLE, bank_of, item

from exam.variables import Drawn, draw_item, say_value

LINES = """
[variables]
n = {int = [10, 90], step = 10}
double = {expr = "n * 2"}
jour = {pick = {fr = ["lundi", "mardi"], en = ["Monday", "Tuesday"]}}
prenom = {pick = "@first_names"}
autre = {pick = "@first_names", unlike = ["prenom"]}
adresse = {text = "{prenom}.{n}@ecole.example"}
combien = {count = "repas", where = {jour = "{jour}"}}
chers = {count = "repas", where = {prix = {at_least = 5, at_most = 8}}}
total = {sum = "repas.prix", where = {jour = "{jour}"}}
haut = {max = "repas.prix"}
bas = {min = "repas.prix"}
premier = {first = "repas.eleve", where = {jour = "{jour}"}}
[tables.repas]
rows = {int = [4, 12]}
at_least = 2
columns = [
  {name = "eleve", title = {fr = "Élève", en = "Pupil"}, pick = "@last_names"},
  {name = "jour", title = {fr = "Jour", en = "Day"}, pick = {fr = ["lundi", "mardi"], en = ["Monday", "Tuesday"]}},
  {name = "prix", title = "Prix", int = [2, 9]},
  {name = "deux", title = "Deux", expr = "prix * 2 + row"},
  {name = "photo", title = "Photo", text = "{classe}{row}.png"},
]
"""
BANK = bank_of(un=item(SINGLE + LINES.replace("[variables]", '[variables]\nclasse = {pick = ["5B"]}')))
SEEDS = [blake2b(bytes([number]), digest_size=32).digest() for number in range(30)]


@pytest.fixture(params=range(len(SEEDS)))
def drawn(request: pytest.FixtureRequest) -> Drawn:
    return draw_item(BANK.items["un"], SEEDS[request.param], "fr")


def rows_of_day(drawn: Drawn) -> list[tuple[object, ...]]:
    return [row for row in drawn.tables["repas"].rows if row[1] == drawn.values["jour"]]


def test_values_follow_their_rules(drawn: Drawn) -> None:
    n, double = drawn.values["n"], drawn.values["double"]
    assert isinstance(n, int)
    assert n in range(10, 91, 10)
    assert double == n * 2
    assert drawn.values["prenom"] != drawn.values["autre"]
    assert (
        say_value(drawn.values["adresse"], "en")
        == f"{say_value(drawn.values['prenom'], 'en')}.{n}@ecole.example"
    )


def test_aggregates_are_those_of_the_rows(drawn: Drawn) -> None:
    rows = rows_of_day(drawn)
    prices = [row[2] for row in drawn.tables["repas"].rows if isinstance(row[2], int)]
    assert drawn.values["combien"] == len(rows)
    assert drawn.values["total"] == sum(row[2] for row in rows if isinstance(row[2], int))
    assert drawn.values["premier"] == rows[0][0]
    assert (drawn.values["bas"], drawn.values["haut"]) == (min(prices), max(prices))
    assert drawn.values["chers"] == sum(5 <= price <= 8 for price in prices)


def test_counts_are_redrawn_until_they_are_large_enough(drawn: Drawn) -> None:
    assert drawn.settled
    assert len(rows_of_day(drawn)) >= 2


def test_columns_use_earlier_columns_variables_and_the_row(drawn: Drawn) -> None:
    for number, row in enumerate(drawn.tables["repas"].rows, 1):
        assert isinstance(row[2], int)
        assert row[3] == row[2] * 2 + number
        assert say_value(row[4], "fr") == f"5B{number}.png"


def test_the_same_place_is_drawn_in_every_language() -> None:
    days = {"lundi": "Monday", "mardi": "Tuesday"}
    for seed in SEEDS:
        question = BANK.questions["un"]
        assert days[question.scene(seed, "fr").values["jour"]] == question.scene(seed, "en").values["jour"]


def test_drawing_twice_gives_the_same_and_another_seed_something_else() -> None:
    drawn = [draw_item(BANK.items["un"], seed, "fr") for seed in SEEDS]
    assert drawn == [draw_item(BANK.items["un"], seed, "fr") for seed in SEEDS]
    assert len({str(one.values) for one in drawn}) == len(SEEDS)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_address_has_no_capital_accent_or_space(seed: bytes) -> None:
    lines = """[variables]
prenom = {pick = "@first_names"}
ville = {pick = "@cities"}
adresse = {text = "{prenom}.{ville}@ecole.example", address = true}
"""
    address = say_value(
        draw_item(bank_of(un=item(SINGLE + lines)).items["un"], seed, "fr").values["adresse"], "fr"
    )
    assert address.isascii()
    assert address == "".join(address.lower().split())
    assert address.endswith("@ecole.example")


def test_a_new_variable_changes_no_other() -> None:
    n = "n = {int = [10, 90], step = 10}"
    few = bank_of(un=item(f"{SINGLE}[variables]\n{n}"))
    more = bank_of(un=item(f"{SINGLE}[variables]\nnouveau = {{int = [1, 9]}}\n{n}"))
    drawn = [[draw_item(bank.items["un"], seed, "fr").values["n"] for seed in SEEDS] for bank in (few, more)]
    assert drawn[0] == drawn[1]


def test_a_demand_no_draw_meets_is_said_and_still_gives_values() -> None:
    lines = '[variables]\nn = {count = "t"}\nz = {expr = "1 // (n - n)"}\n[tables.t]\nrows = 2\nat_least = 3\ncolumns = [{name = "c", title = "C", int = [1, 2]}]'
    drawn = draw_item(bank_of(un=item(SINGLE + lines)).items["un"], SEEDS[0], "fr")
    assert not drawn.settled
    assert drawn.values == {"n": 2, "z": 0}


def test_doubled_braces_are_written_as_braces() -> None:
    bank = bank_of(un=item(SINGLE.replace('"deux"', '"{{n}} {n}"') + "[variables]\nn = {int = [4, 4]}"))
    assert bank.questions["un"].scene(SEEDS[0], "fr").fill("{{n}} {n} {}") == "{n} 4 {}"


def test_what_known_seeds_draw_is_the_same_for_ever() -> None:
    drawn = [draw_item(BANK.items["un"], seed, "fr") for seed in SEEDS]
    said = msgspec.json.encode([(one.values, one.tables["repas"].rows) for one in drawn], order="sorted")
    assert sha256(said).hexdigest() == "ca85ba6fe33b9a893df5053244c44f799c35e559bef611e47a257cb8e29dd49e"
