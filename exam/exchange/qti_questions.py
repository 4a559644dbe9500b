"""Our kinds as QTI: for each, the responses declared, what makes them right, and the interaction itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exam.exchange.refusals import Refused
from exam.exchange.xhtml import markdown_line, plain_blocks, plain_words
from exam.items import (
    DropDowns,
    FillBlanks,
    Matching,
    MultipleChoice,
    Number,
    Ordering,
    ShortText,
    SingleChoice,
)
from exam.text_matching import parse_number, plain

if TYPE_CHECKING:
    from exam.exchange.qti_spelling import Spelling
    from exam.items import Blank, Choice, Item, Spec
    from exam.scene import Scene

MATCH, MAP = "match_correct", "map_response"


@dataclass(frozen=True, slots=True)
class Written:
    """One question in QTI: its declarations, its processing, its body, and what the format could not say."""

    declarations: str
    processing: str
    body: str
    notes: tuple[str, ...] = ()


def write_question(item: Item, scene: Scene, spelling: Spelling) -> Written:
    """Return a question in QTI; raises `Refused` for what QTI cannot say."""
    return _Writer(item, scene, spelling).write()


class _Writer:
    """One item on its way out, in one language and for one seed."""

    def __init__(self, item: Item, scene: Scene, spelling: Spelling) -> None:
        self._item = item
        self._scene = scene
        self._q = spelling

    def write(self) -> Written:
        """Return the question."""
        spec: Spec = self._item.spec
        if isinstance(spec, SingleChoice | MultipleChoice):
            return self._choice(spec)
        if isinstance(spec, Ordering):
            return self._ordering(spec)
        if isinstance(spec, Matching):
            return self._matching(spec)
        return self._typing(spec)

    def _typing(self, spec: Spec) -> Written:
        if isinstance(spec, ShortText):
            return self._short_text(spec)
        if isinstance(spec, Number):
            return self._number(spec)
        if isinstance(spec, FillBlanks):
            return self._blanks(spec)
        if isinstance(spec, DropDowns):
            return self._lists(spec)
        raise Refused(0, "unsupported", f"QTI has no question of the kind {self._item.kind}")

    def _say(self, choice: Choice) -> str:
        return plain_words(self._scene.say(choice.text))

    def _prompt(self) -> str:
        return self._q.element("prompt", markdown_line(self._scene.say(self._item.instruction)))

    def _declare(self, name: str, cardinality: str, base: str, right: list[str], mapping: str = "") -> str:
        values = "".join(self._q.element("value", plain_escape(value)) for value in right)
        inner = self._q.element("correctResponse", values) + mapping
        return self._q.element(
            "responseDeclaration", inner, identifier=name, cardinality=cardinality, baseType=base
        )

    def _template(self, name: str) -> str:
        return self._q.element("responseProcessing", template=self._q.templates + name)

    def _choice(self, spec: SingleChoice | MultipleChoice) -> Written:
        names = {choice.id: f"choice{place}" for place, choice in enumerate(spec.choices, 1)}
        single = isinstance(spec, SingleChoice)
        right = {spec.correct} if isinstance(spec, SingleChoice) else set(spec.correct)
        rows = "".join(
            self._q.element("simpleChoice", self._say(choice), identifier=names[choice.id])
            for choice in spec.choices
        )
        body = self._q.element(
            "choiceInteraction",
            self._prompt() + rows,
            responseIdentifier="RESPONSE",
            shuffle=str(spec.shuffle).lower(),
            maxChoices="1" if single else "0",
        )
        keys = [names[choice.id] for choice in spec.choices if choice.id in right]
        declared = self._declare("RESPONSE", "single" if single else "multiple", "identifier", keys)
        return Written(declared, self._template(MATCH), body)

    def _ordering(self, spec: Ordering) -> Written:
        # Written by their words, so that the file does not show the right order.
        written = sorted(spec.entries, key=lambda entry: (self._scene.say(entry.text), entry.id))
        names = {entry.id: f"choice{place}" for place, entry in enumerate(written, 1)}
        rows = "".join(
            self._q.element("simpleChoice", self._say(entry), identifier=names[entry.id]) for entry in written
        )
        body = self._q.element(
            "orderInteraction", self._prompt() + rows, responseIdentifier="RESPONSE", shuffle="true"
        )
        right = [names[entry.id] for entry in spec.entries]
        return Written(self._declare("RESPONSE", "ordered", "identifier", right), self._template(MATCH), body)

    def _matching(self, spec: Matching) -> Written:
        left = {entry.id: f"left{place}" for place, entry in enumerate(spec.left, 1)}
        right = {entry.id: f"right{place}" for place, entry in enumerate(spec.right, 1)}
        sets = ""
        for entries, names, most in ((spec.left, left, 1), (spec.right, right, len(spec.left))):
            rows = (
                self._q.element(
                    "simpleAssociableChoice", self._say(entry), identifier=names[entry.id], matchMax=str(most)
                )
                for entry in entries
            )
            sets += self._q.element("simpleMatchSet", "".join(rows))
        body = self._q.element(
            "matchInteraction",
            self._prompt() + sets,
            responseIdentifier="RESPONSE",
            shuffle="true",
            maxAssociations=str(len(spec.left)),
        )
        pairs = [f"{left[one]} {right[other]}" for one, other in sorted(spec.pairs.items())]
        return Written(
            self._declare("RESPONSE", "multiple", "directedPair", pairs), self._template(MATCH), body
        )

    def _asked(self) -> str:
        return f'<div class="preau-instruction"><p>{markdown_line(self._scene.say(self._item.instruction))}</p></div>'

    def _entry(self, name: str, blank: Blank) -> str:
        label = " ".join(self._scene.say(blank.label).split())
        return self._q.element("textEntryInteraction", responseIdentifier=name, label=label)

    def _typed(self, name: str, blank: Blank) -> str:
        accepted = [plain(self._scene.fill(word)) for word in blank.accepted[self._scene.lang]]
        accepted = list(dict.fromkeys(" ".join(word.split()) for word in accepted))
        case = str(not blank.treatments).lower()
        entries = "".join(
            self._q.element("mapEntry", mapKey=word, mappedValue="1", caseSensitive=case) for word in accepted
        )
        mapping = self._q.element("mapping", entries, defaultValue="0")
        return self._declare(name, "single", "string", accepted[:1], mapping)

    def _short_text(self, spec: ShortText) -> Written:
        label = plain_words(self._scene.say(spec.blank.label))
        body = f"{self._asked()}<p>{label} {self._entry('RESPONSE', spec.blank)}</p>"
        declared = self._typed("RESPONSE", spec.blank)
        return Written(declared, self._template(MAP), body, _forgiven([spec.blank]))

    def _number(self, spec: Number) -> Written:
        value, tolerance = self._decimal(spec.value), self._decimal(spec.tolerance)
        field = self._q.element("textEntryInteraction", responseIdentifier="RESPONSE")
        unit = f" {plain_words(self._scene.say(spec.unit))}" if spec.unit else ""
        body = f"{self._asked()}<p>{plain_words(self._scene.say(spec.label))} {field}{unit}</p>"
        declared = self._declare("RESPONSE", "single", "float", [value])
        if parse_number(tolerance) == 0:
            return Written(declared, self._template(MATCH), body)
        test = self._q.element(
            "equal", self._sides("RESPONSE"), toleranceMode="absolute", tolerance=f"{tolerance} {tolerance}"
        )
        return Written(declared, self._right_if(test), body)

    def _decimal(self, written: str) -> str:
        text = plain(self._scene.fill(written)).strip().replace("\u2212", "-")
        return "".join(text.replace(",", ".").lstrip("+").split())

    def _sides(self, name: str) -> str:
        return self._q.element("variable", identifier=name) + self._q.element("correct", identifier=name)

    def _right_if(self, test: str) -> str:
        def score(points: str) -> str:
            value = self._q.element("baseValue", points, baseType="float")
            return self._q.element("setOutcomeValue", value, identifier="SCORE")

        branches = self._q.element("responseIf", test + score("1"))
        branches += self._q.element("responseElse", score("0"))
        return self._q.element("responseProcessing", self._q.element("responseCondition", branches))

    def _blanks(self, spec: FillBlanks) -> Written:
        if spec.mode == "dependent":
            raise Refused(0, "unsupported", "QTI cannot say that texts may be typed in any order")
        text = plain_blocks(
            self._scene.say(spec.text), lambda name: self._entry(response_name(name), spec.blanks[name])
        )
        declared = "".join(self._typed(response_name(name), blank) for name, blank in spec.blanks.items())
        maps = "".join(self._q.element("mapResponse", identifier=response_name(name)) for name in spec.blanks)
        # A product: every blank must be right, as here.
        whole = self._q.element("setOutcomeValue", self._q.element("product", maps), identifier="SCORE")
        processing = self._q.element("responseProcessing", whole)
        body = f'{self._asked()}<div class="preau-text">{text}</div>'
        return Written(declared, processing, body, _forgiven(list(spec.blanks.values())))

    def _lists(self, spec: DropDowns) -> Written:
        declared, tests = "", ""
        for name, one in spec.blanks.items():
            place = [option.id for option in one.options].index(one.correct) + 1
            declared += self._declare(response_name(name), "single", "identifier", [f"option{place}"])
            tests += self._q.element("match", self._sides(response_name(name)))
        text = plain_blocks(self._scene.say(spec.text), lambda name: self._list(spec, name))
        body = f'{self._asked()}<div class="preau-text">{text}</div>'
        return Written(declared, self._right_if(self._q.element("and", tests)), body)

    def _list(self, spec: DropDowns, name: str) -> str:
        one = spec.blanks[name]
        rows = "".join(
            self._q.element("inlineChoice", self._say(option), identifier=f"option{place}")
            for place, option in enumerate(one.options, 1)
        )
        return self._q.element(
            "inlineChoiceInteraction",
            rows,
            responseIdentifier=response_name(name),
            shuffle=str(one.shuffle).lower(),
            label=" ".join(self._scene.say(one.label).split()),
        )


def response_name(blank: str) -> str:
    """Return the identifier of a blank's response: names of QTI begin with a letter."""
    return blank if blank[:1].isalpha() else f"r-{blank}"


def plain_escape(words: str) -> str:
    """Return words as XML."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _forgiven(blanks: list[Blank]) -> tuple[str, ...]:
    if any(set(blank.treatments) - {"t1"} for blank in blanks):
        return ("QTI forgives capitals only: signs and spelling count there",)
    return ()
