"""Simulators: their own solution is right, nothing done is wrong, and whatever a page sends is checked without failing."""

import pytest
from bank_kit import SEED, bank_of, codes, files, item
from formula_table import CELLS, FORMULAS, IN_ENGLISH
from hypothesis import given, settings
from hypothesis import strategies as st
from simulator_examples import examples

from exam.bank import Bank
from exam.bundle import dump_bundle, load_bundle
from exam.errors import BadAnswer
from exam.events import Answer
from exam.grading import check_answer, expected, grade, shown, solve, wrong
from exam.items import Simulator
from exam.present import present
from exam.simulators import SIMULATORS
from exam.simulators.robot import MAX_TICKS, Robot, parse
from exam.simulators.sheet import Sheet

ITEM = "sujet-2-s"
BANKS: dict[str, Bank] = {name: bank_of(**{ITEM: data}) for name, data in examples().items()}
LANGS = ("fr", "en")


def code_of(bank: Bank, answer: object) -> str:
    with pytest.raises(BadAnswer) as caught:
        check_answer(bank, ITEM, SEED, "fr", answer)  # type: ignore[arg-type]  # what a page may send
    return caught.value.code


def outcome(name: str, changes: dict[str, str]) -> str:
    check_answer(BANKS[name], ITEM, SEED, "fr", changes)
    return grade(BANKS[name], ITEM, SEED, "fr", changes, 0)


def right(name: str, lang: str = "fr") -> dict[str, str]:
    answer = solve(BANKS[name], ITEM, SEED, lang)
    assert isinstance(answer, dict)
    return answer


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", BANKS)
def test_the_solution_is_right_and_nothing_done_is_wrong(name: str, lang: str) -> None:
    bank = BANKS[name]
    for answer, outcome_of_it in ((right(name, lang), "ok"), (wrong(bank, ITEM, SEED, lang), "ko")):
        check_answer(bank, ITEM, SEED, lang, answer)
        assert grade(bank, ITEM, SEED, lang, answer, 0) == outcome_of_it
        assert shown(bank, ITEM, SEED, lang, answer)
    assert "✓" in shown(bank, ITEM, SEED, lang, right(name, lang))
    assert expected(bank, ITEM, SEED, lang)


@pytest.mark.parametrize("name", BANKS)
def test_a_bank_with_simulators_travels_as_a_bundle(name: str) -> None:
    assert load_bundle(dump_bundle(BANKS[name])).digest == BANKS[name].digest


@pytest.mark.parametrize("name", BANKS)
def test_the_page_is_told_no_goal_and_no_solution(name: str) -> None:
    bank = BANKS[name]
    spec = bank.items[ITEM].spec
    assert isinstance(spec, Simulator)
    fields = present(bank, ITEM, SEED, "fr").fields
    messages = [goal.message["fr"] for goal in spec.goals]
    told = repr((fields.scene, fields.start))
    assert not any(message in told for message in messages)
    assert not {"goal", "goals", "solution", "start"} & fields.scene.keys()
    assert not any(fields.start.get(key, "") == value for key, value in right(name).items() if value)


HOSTILE: list[tuple[object, str]] = [
    ("text", "answer.wrong_type"),
    (["a"], "answer.wrong_type"),
    ({"nothing.like.it": "1"}, "answer.unknown_choice"),
    ({"message.m9.folder": "inbox"}, "answer.unknown_choice"),
    ({"message.m1.folder": "elsewhere"}, "answer.unknown_choice"),
    ({"message.m1.folder": ""}, "answer.unknown_choice"),
    ({"message.m1.folder": {"deep": "er"}}, "answer.wrong_type"),
    ({"sent.1.subject": "x" * 201}, "answer.too_long"),
    ({"sent.1.body": "x" * 4001}, "answer.too_long"),
    ({"sent.1.body": "\ud800"}, "answer.bad_character"),
    ({"sent.1.body": "\x00"}, "answer.bad_character"),
    ({"sent.5.body": "x"}, "answer.unknown_choice"),
    ({f"f{number}": "x" for number in range(201)}, "answer.too_many"),
]


@pytest.mark.parametrize(("answer", "code"), HOSTILE, ids=lambda value: str(value)[:30])
def test_what_the_tool_cannot_be_is_refused(answer: object, code: str) -> None:
    assert code_of(BANKS["whole"], answer) == code


def test_the_whole_of_an_answer_is_bounded() -> None:
    long = {f"cell.A{row}": "x" * 190 for row in range(1, 61)}
    more = {f"cell.B{row}": "x" * 190 for row in range(1, 61)}
    check_answer(BANKS["spreadsheet"], ITEM, SEED, "fr", long)
    assert code_of(BANKS["spreadsheet"], {**long, **more}) == "answer.too_long"


@pytest.mark.parametrize(
    "key", ["path:relative", "path:/é", "path://a", "text:/a\nb", "path:/" + "a" * 300, "cell.A1"]
)
def test_a_terminal_has_only_paths_a_log_can_name(key: str) -> None:
    assert code_of(BANKS["terminal"], {key: "file"}) == "answer.unknown_choice"


KEYS = sorted({key for name in BANKS for key in right(name)} | {"cell.A1", "program", "sort", "x", "path:/a"})
VALUES = [
    "",
    "yes",
    "no",
    "=SUM(A1:A9)",
    "=A1",
    "move",
    "repeat:9[",
    "]",
    "inbox",
    "x" * 300,
    "{n}",
    "2",
    "-A",
    "*",
]
facts = st.dictionaries(
    st.sampled_from(KEYS) | st.text(max_size=5), st.sampled_from(VALUES) | st.text(max_size=30), max_size=8
)
anything = facts | st.lists(st.text(max_size=3), max_size=3) | st.text(max_size=5)


@pytest.mark.parametrize("name", SIMULATORS)
@settings(max_examples=50, deadline=None)
@given(answer=anything)
def test_any_answer_is_checked_and_graded_without_failing(name: str, answer: Answer) -> None:
    try:
        check_answer(BANKS[name], ITEM, SEED, "fr", answer)
    except BadAnswer as refusal:
        assert refusal.code.startswith("answer.")  # noqa: PT017 - a refusal is one of two good ends
    assert grade(BANKS[name], ITEM, SEED, "fr", answer, 0) in {"ok", "ko"}
    assert shown(BANKS[name], ITEM, SEED, "fr", answer)


@pytest.mark.parametrize("name", BANKS)
def test_each_change_of_the_solution_is_needed_or_harmless(name: str) -> None:
    answer = right(name)
    assert any(outcome(name, {k: v for k, v in answer.items() if k != key}) == "ko" for key in answer)


def test_a_goal_that_keeps_the_rest_refuses_doing_everything() -> None:
    everything = {f"message.{message}.reported": "yes" for message in ("m1", "m2")}
    assert outcome("whole", everything) == "ko"


def test_addresses_count_in_any_order_and_case() -> None:
    answer = right("mailbox")
    assert outcome("mailbox", {**answer, "sent.1.to": " CPE@college-orvane.example ; "}) == "ok"
    assert outcome("mailbox", {**answer, "sent.1.cc": "someone@else.example"}) == "ko"


def test_one_record_must_have_it_all() -> None:
    answer = right("mailbox")
    split = {key: value for key, value in answer.items() if not key.endswith(".bcc")}
    split["sent.2.bcc"] = answer["sent.1.bcc"]
    assert outcome("mailbox", split) == "ko"


@pytest.mark.parametrize(("formula", "value"), IN_ENGLISH)
def test_commas_stand_between_arguments_in_english(formula: str, value: str) -> None:
    assert Sheet({**CELLS, "C1": formula}, commas=True).text("C1") == value


@pytest.mark.parametrize(
    ("formula", "outcome"),
    [("=$B$2*2", "ok"), ("=B2*2", "ok"), ("=b$2*2", "ok"), ("=4*2", "ko")],
)
def test_a_goal_that_names_no_dollar_sees_a_formula_without_them(formula: str, outcome: str) -> None:
    goals = '[[goal]]\nfact = "cell.C2"\ncontains = "B2"\nmessage = {fr = "m", en = "m"}\n'
    scene = '[scene]\nrows = [["a", "b", "c"], ["x", "4", ""]]\n'
    solution = '[solution]\n"cell.C2" = "=B2*2"\n'
    bank = bank_of(**{ITEM: item(f'kind = "simulator"\nsimulator = "spreadsheet"\n{solution}{scene}{goals}')})
    assert grade(bank, ITEM, SEED, "en", {"cell.C2": formula}, 0) == outcome


@pytest.mark.parametrize(("formula", "value"), FORMULAS)
def test_a_formula_gives_what_a_spreadsheet_gives(formula: str, value: str) -> None:
    assert Sheet({**CELLS, "C1": formula}).text("C1") == value


def test_a_sheet_of_circles_and_long_sums_is_computed_in_bounded_work() -> None:
    cells = {f"A{row}": f"=SUM(A1:A60)+SUM(B1:B60)+A{61 - row}" for row in range(1, 61)}
    cells |= {f"B{row}": f"=SUM(C1:H60)+B{max(1, row - 1)}" for row in range(1, 61)}
    assert Sheet(cells).text("A1") == "#"


def test_a_robot_stops_at_walls_and_at_the_last_tick() -> None:
    crashed = Robot(["R#"], "east")
    crashed.run(parse("move"))
    assert (crashed.crashed, crashed.steps) == (True, 0)
    endless = Robot(["R.G"], "east")
    endless.run(parse("until_goal[ left ]"))
    assert endless.endless
    assert endless.ticks == MAX_TICKS + 1


def test_a_robot_sees_takes_and_chooses() -> None:
    robot = Robot(["Ro.", "##.", "##G"], "east")
    robot.run(parse("until_goal[ if_ball[ take ] if_wall[ right ] else[ move ] ]"))
    assert (robot.arrived, robot.taken, robot.steps, robot.crashed) == (True, 1, 4, False)


@settings(max_examples=80, deadline=None)
@given(
    words=st.lists(
        st.sampled_from(
            ["move", "left", "right", "take", "repeat:20[", "until_goal[", "if_wall[", "else[", "]"]
        ),
        max_size=40,
    )
)
def test_any_program_ends(words: list[str]) -> None:
    assert outcome("blocks", {"program": " ".join(words)}) in {"ok", "ko"}


def test_a_program_with_blocks_that_are_not_offered_does_nothing() -> None:
    assert outcome("blocks", {"program": "until_goal[ move ]"}) == "ko"


SOUND = examples()["permissions"].decode()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('fact = "app.a1.contacts"', 'fact = "app.a9.contacts"', "unknown_fact"),
        ('is = "deny"', 'is = "never"', "unknown_value"),
        ('is = "deny"', 'is = "deny"\ncontains = "x"', "bad_goal"),
        ('keep = "app.*.installed"', "", "bad_goal"),
        ('simulator = "permissions"', 'simulator = "oven"', "unknown_value"),
        ('id = "a2"', 'id = "a1"', "duplicate_id"),
        ("[[scene.apps]]", '[[scene.apps]]\ncolour = "red"', "unknown_key"),
        ('{contacts = "allow"', '{fridge = "allow"', "unknown_key"),
    ],
)
def test_an_author_is_told_what_is_wrong(old: str, new: str, code: str) -> None:
    assert old in SOUND
    assert code in codes(files(**{ITEM: SOUND.replace(old, new, 1).encode()}))
