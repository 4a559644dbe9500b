import pytest
from bank_kit import COURSE, HEAD, SHARED, SINGLE, TOPIC, bank_of, codes, files, item
from hypothesis import given, settings
from hypothesis import strategies as st

from exam.bank import parse_bank

ITEM = "topics/sujet/un.toml"
TABLE = """
[tables.t]
rows = 3
columns = [{name = "c", title = "C", int = [1, 9]}]
"""
STAGE = COURSE[COURSE.index("[[stages]]") :]

# The defect, the file that has it, what is written there in place of what, and the code that names it.
DEFECTS = [
    ("unknown_key", ITEM, 'note = "Note."', 'note = "Note."\ncolour = "red"'),
    ("missing", ITEM, 'note = "Note."', ""),
    ("missing", "topics/sujet/topic.toml", 'hint = {fr = "Regardez bien.", en = "Look well."}', ""),
    ("wrong_type", ITEM, 'note = "Note."', "note = 3"),
    ("empty", ITEM, 'note = "Note."', 'note = " "'),
    ("missing_translation", ITEM, 'title = {fr = "Titre", en = "Title"}', 'title = {fr = "Titre"}'),
    ("unknown_key", ITEM, 'en = "Title"}', 'en = "Title", de = "Titel"}'),
    ("unknown_kind", ITEM, '"single_choice"', '"essay"'),
    ("unknown_skill", ITEM, '"sujet-2"', '"sujet-3"'),
    ("wrong_folder", ITEM, '"sujet-2"', '"autre-2"'),
    ("bad_key", ITEM, "correct = true", ""),
    ("bad_key", ITEM, 'text = {fr = "un", en = "one"}', 'text = {fr = "un", en = "one"}\ncorrect = true'),
    ("duplicate_id", ITEM, 'id = "c"', 'id = "a"'),
    ("duplicate_text", ITEM, '"trois"', '"deux"'),
    ("out_of_range", ITEM, 'note = "Note."', 'note = "Note."\ntimer = 2'),
    ("unknown_value", ITEM, 'note = "Note."', 'note = "Note."\nstatus = "lost"'),
    ("unknown_item", ITEM, 'note = "Note."', 'note = "Note."\nenemies = ["nobody"]'),
    ("unknown_variable", ITEM, '"Que faire ?"', '"Que faire de {n} ?"'),
    ("outside_link", ITEM, '"Que faire ?"', '"Lire [ceci](https://site.example)."'),
    ("outside_link", ITEM, '"Que faire ?"', '"Voir <https://site.example>."'),
    ("picture_without_alt", ITEM, 'note = "Note."', 'note = "Note."\npicture = {document = "a.png"}'),
    (
        "unknown_document",
        ITEM,
        'note = "Note."',
        'note = "N"\npicture = {document = "a.png", alt = {fr = "a", en = "a"}}',
    ),
    ("unknown_competence", "topics/sujet/topic.toml", '"4.1"', '"9.9"'),
    ("wrong_folder", "topics/sujet/topic.toml", 'id = "sujet"', 'id = "autre"'),
    ("out_of_range", "topics/sujet/topic.toml", "level = 2", "level = 9"),
    ("unknown_tutorial", "topics/sujet/topic.toml", '["lecon"]', '["absente"]'),
    ("missing_tutorial_file", "topics/sujet/topic.toml", 'id = "lecon"', 'id = "absente"'),
    ("unknown_topic", "courses/parcours.toml", '"sujet"', '"absent"'),
    ("empty_topic", "courses/parcours.toml", "level = 2", "level = 1"),
    ("unknown_value", "courses/parcours.toml", '"CUSTOM"', '"NOVELTY"'),
    ("stages_start", "courses/parcours.toml", "threshold = 0", "threshold = 10"),
    (
        "stages_order",
        "courses/parcours.toml",
        STAGE,
        STAGE + STAGE.replace("= 0", "= 50") + STAGE.replace("= 0", "= 20"),
    ),
    ("bad_stage", "courses/parcours.toml", "threshold = 0", "threshold = 0\nlevel = 0"),
    ("missing", "courses/parcours.toml", 'topics = [{id = "sujet", level = 2}]', ""),
    ("unknown_value", "bank.toml", '["fr", "en"]', '["en", "fr"]'),
    ("not_toml", ITEM, "[[choices]]", "[[choices"),
]


@pytest.mark.parametrize(("code", "path", "old", "new"), DEFECTS)
def test_each_defect_is_named_at_its_file(code: str, path: str, old: str, new: str) -> None:
    broken = files()
    text = broken[path].decode()
    assert old in text
    broken[path] = text.replace(old, new, 1).encode()
    bank, problems = parse_bank(broken)
    assert bank is None
    assert code in {
        problem.code for problem in problems if problem.path in {path, path.replace("sujet/un", "*/un")}
    }


# What may be wrong in variables, tables and documents: the code, and the lines added to an item.
DRAWN_DEFECTS = [
    ("bad_expression", '[variables]\nn = {expr = "open(1)"}'),
    ("bad_expression", '[variables]\nn = {expr = "2 ** 9"}'),
    ("unknown_variable", '[variables]\nn = {expr = "m + 1"}'),
    ("unknown_variable", '[variables]\na = {pick = ["x", "y"]}\nn = {expr = "a + 1"}'),
    ("bad_variable", "[variables]\nn = {step = 2}"),
    ("bad_variable", '[variables]\nn = {int = [1, 2], pick = ["a"]}'),
    ("wrong_type", "[variables]\nn = {int = [1, 2, 3]}"),
    ("out_of_range", "[variables]\nn = {int = [5, 2]}"),
    ("unknown_value", '[variables]\nn = {pick = "@planets"}'),
    ("missing_translation", '[variables]\nn = {pick = {fr = ["a", "b"], en = ["a"]}}'),
    ("unknown_table", '[variables]\nn = {count = "absent"}'),
    ("unknown_column", TABLE + '[variables]\nn = {sum = "t.d"}'),
    ("unknown_column", TABLE + '[variables]\nn = {count = "t", where = {d = "1"}}'),
    ("out_of_range", TABLE.replace("rows = 3", "rows = 3000")),
    ("unknown_table", '[[documents]]\nname = "a.csv"\ntable = "absent"'),
    ("bad_ending", '[[documents]]\nname = "a.png"\ntext = "bonjour"'),
    ("bad_document", '[[documents]]\nname = "a.txt"'),
    ("bad_name", '[[documents]]\nname = "../a.txt"\ntext = "a"'),
    ("unknown_document", '[[documents]]\nname = "a.zip"\nzip = [{path = "x.png", document = "x.png"}]'),
    ("duplicate_id", '[[documents]]\nname = "a.txt"\ntext = "a"\n[[documents]]\nname = "a.txt"\ntext = "b"'),
]


@pytest.mark.parametrize(("code", "lines"), DRAWN_DEFECTS)
def test_each_defect_of_what_is_drawn_is_named(code: str, lines: str) -> None:
    assert code in codes(files(un=item(SINGLE + lines)))


BLANKS = '[text]\nfr = "[[a]] et [[b]]"\nen = "[[a]] and [[b]]"\n'
BLANK_A = '[blanks.a]\nlabel = "A"\naccepted = ["x"]\n'
KIND_DEFECTS = [
    ("unknown_blank", 'kind = "fill_blanks"\n' + BLANKS + BLANK_A),
    (
        "unreachable_blank",
        'kind = "fill_blanks"\n'
        + BLANKS
        + BLANK_A
        + BLANK_A.replace(".a", ".b")
        + BLANK_A.replace(".a", ".z"),
    ),
    ("bad_key", 'kind = "short_text"\nlabel = "L"\naccepted = ["…"]\n'),
    ("unknown_value", 'kind = "short_text"\nlabel = "L"\naccepted = ["x"]\ntreatments = ["t9"]\n'),
    ("bad_key", 'kind = "number"\nlabel = "L"\nvalue = "douze"\n'),
    ("bad_count", 'kind = "ordering"\nentries = [{id = "a", text = "A"}]\n'),
    (
        "bad_key",
        (
            'kind = "matching"\nleft = [{id = "a", text = "A"}, {id = "b", text = "B"}]\n'
            'right = [{id = "x", text = "X"}, {id = "y", text = "Y"}]\npairs = {a = "x"}\n'
        ),
    ),
    ("bad_check", 'kind = "hand_back"\nlabel = "L"\naccept = [".txt"]\nexpect = [{message = "m"}]\n'),
    (
        "unknown_value",
        'kind = "hand_back"\nlabel = "L"\naccept = [".exe"]\nexpect = [{lines = 2, message = {fr = "m", en = "m"}}]\n',
    ),
]


@pytest.mark.parametrize(("code", "kind"), KIND_DEFECTS)
def test_each_defect_of_a_kind_is_named(code: str, kind: str) -> None:
    assert code in codes(files(un=item(kind)))


def test_a_sound_bank_is_read_with_no_problem() -> None:
    bank = bank_of()
    assert bank.items_of_skill == {"sujet-2": ("un",)}
    assert bank.skills["sujet-2"].competence == "4.1"
    assert bank.tutorials["lecon"].text["fr"] == "# Leçon\n"


def test_every_problem_of_a_bank_is_reported_at_once() -> None:
    broken = files(un=item("kind = 1"), deux=item(SINGLE, SHARED.replace("note", "remark")))
    broken["courses/parcours.toml"] = b"name = 3"
    del broken["topics/sujet/tutorials/lecon.en.md"]
    assert len({problem.path for problem in parse_bank(broken)[1]}) == 4


def test_an_archived_item_is_kept_and_never_chosen() -> None:
    bank = bank_of(un=item(SINGLE), vieux=item(SINGLE, SHARED + 'status = "archived"'))
    assert "vieux" in bank.items
    assert bank.items_of_skill["sujet-2"] == ("un",)


def test_a_folder_without_bank_toml_is_no_bank() -> None:
    assert codes({"lisez-moi.md": b""}) == {"missing_file"}


def test_files_that_mean_nothing_are_named() -> None:
    assert codes({**files(), "topics/sujet/photo.bmp": b""}) == {"unknown_file"}
    assert codes({**files(), "topics/sujet/tutorials/autre.fr.md": b"x"}) == {"unknown_file"}


def test_bytes_that_are_not_utf8_are_named() -> None:
    assert "not_utf8" in codes(files(un=b"\xff\xfe"))


def test_a_huge_file_is_refused_unread() -> None:
    assert "too_long" in codes(files(un=b"# " + b"x" * 300_000))


@pytest.mark.parametrize(
    "hostile", ["a = " + "[" * 50_000, "a" + ".a" * 20_000 + " = 1", "a = " + "9" * 9000, "a = nan"]
)
def test_hostile_toml_gives_problems(hostile: str) -> None:
    assert codes(files(un=hostile.encode()))
    assert codes({**files(), "bank.toml": (HEAD + hostile).encode()})


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_bytes_raise(data: st.DataObject) -> None:
    pieces = (HEAD, TOPIC, COURSE, SHARED + SINGLE)
    text = bytearray(data.draw(st.sampled_from(pieces)).encode())
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(text) - 1))
        text[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=6))
    path = data.draw(st.sampled_from(sorted(files())))
    bank, problems = parse_bank({**files(), path: bytes(text)})
    assert (bank is None) == bool(problems)


values = st.recursive(
    st.integers(-5, 5) | st.text(max_size=4) | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["fr", "en", "id", "int", "pick"]), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = [
    "title",
    "choices",
    "variables",
    "tables",
    "documents",
    "picture",
    "timer",
    "enemies",
    "blanks",
    "text",
    "detail",
]


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return (
            '"' + "".join(f"\\U{ord(sign):08x}" for sign in value if not 0xD800 <= ord(sign) < 0xE000) + '"'
        )
    return str(value).lower()


@settings(max_examples=80, deadline=None)
@given(
    st.dictionaries(st.sampled_from(FIELDS), values, max_size=4),
    st.sampled_from(["fill_blanks", "dropdowns", "ordering", "matching", "hand_back"]),
)
def test_no_value_of_the_wrong_shape_raises(fields: dict[str, object], kind: str) -> None:
    lines = [f'kind = "{kind}"', *(f"{key} = {toml(value)}" for key, value in fields.items())]
    assert parse_bank(files(un="\n".join(lines).encode()))[1]
