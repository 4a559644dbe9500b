"""Our own questions in the shapes that public QTI examples have: spellings, namespaces, scores said in full, manifests."""

from __future__ import annotations

import re

V3_HEAD = (
    'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://www.imsglobal.org/xsd/imsqtiasi_v3p0\n'
    ' https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0p1_v1p0.xsd" '
    'xmlns:m="http://www.w3.org/1998/Math/MathML" tool-name="Atelier" tool-version="1.0" xml:lang="fr-FR"'
)
V2_HEAD = (
    'xmlns="http://www.imsglobal.org/xsd/imsqti_{version}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://www.imsglobal.org/xsd/imsqti_{version} http://www.imsglobal.org/xsd/qti/qti{version}/imsqti_{version}.xsd"'
)
_TAG = re.compile(r"(</?)qti-([a-z-]+)")
_ATTRIBUTE = re.compile(r" ([a-z]+(?:-[a-z]+)+)=")
TEMPLATES = (
    "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/{name}.xml",
    "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/{name}",
    "https://www.imsglobal.org/question/qti_v3p0/rptemplates/{name}.xml",
    "http://www.imsglobal.org/question/qti_v2p2/rptemplates/{name}",
    "http://www.imsglobal.org/question/qti_v2p1/rptemplates/{name}.xml",
)


def template(name: str, url: str = TEMPLATES[0]) -> str:
    """Return a response processing that names a template."""
    return f'<qti-response-processing template="{url.format(name=name)}"/>'


def response(
    right: str, base: str, cardinality: str = "single", more: str = "", name: str = "RESPONSE"
) -> str:
    """Return a response declaration whose right values are apart by `|`."""
    values = "".join(f"\n   <qti-value>{value}</qti-value>" for value in right.split("|"))
    return (
        f'<qti-response-declaration identifier="{name}" base-type="{base}" cardinality="{cardinality}">'
        f"\n  <qti-correct-response>{values}\n  </qti-correct-response>{more}</qti-response-declaration>"
    )


def mapping(points: dict[str, str], more: str = 'default-value="0"') -> str:
    """Return the points of values."""
    rows = "".join(
        f'<qti-map-entry map-key="{key}" mapped-value="{value}"/>' for key, value in points.items()
    )
    return f"<qti-mapping {more}>{rows}</qti-mapping>"


def item(declarations: str, body: str, processing: str, after: str = "") -> str:
    """Return an item as authoring tools write it, with the scores and feedbacks that go with it."""
    score = (
        '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float" normal-maximum="1.0">'
        "<qti-default-value><qti-value>0.0</qti-value></qti-default-value></qti-outcome-declaration>"
        '<qti-outcome-declaration identifier="MAXSCORE" cardinality="single" base-type="float">'
        "<qti-default-value><qti-value>1.0</qti-value></qti-default-value></qti-outcome-declaration>"
        '<qti-outcome-declaration identifier="FEEDBACKBASIC" cardinality="single" base-type="identifier">'
        "<qti-default-value><qti-value>empty</qti-value></qti-default-value></qti-outcome-declaration>"
        '<qti-outcome-declaration identifier="FEEDBACKMODAL" cardinality="multiple" base-type="identifier" view="testConstructor"/>'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- un outil -->\n<qti-assessment-item {V3_HEAD} identifier="exemple-1" '
        f'title="Exemple" adaptive="false" time-dependent="false">\n{declarations}\n{score}\n<qti-item-body>\n{body}\n'
        f"</qti-item-body>\n{processing}\n{after}</qti-assessment-item>"
    )


def old_spelling(data: str, version: str = "v2p2") -> str:
    """Return the same item as QTI 2 writes it: no prefix, words joined by capitals."""
    tags = _TAG.sub(lambda found: found[1] + _joined(found[2]), data)
    names = _ATTRIBUTE.sub(lambda found: f" {_joined(found[1])}=", tags)
    start, end = names.index("<assessmentItem ") + len("<assessmentItem"), names.index(" identifier=")
    return f'{names[:start]} {V2_HEAD.format(version=version)} xml:lang="fr"{names[end:]}'


def _joined(name: str) -> str:
    first, *others = name.split("-")
    return first + "".join(word.capitalize() for word in others)


def outcome(name: str, value: str) -> str:
    """Return a statement that gives an outcome its value."""
    return f'<qti-set-outcome-value identifier="{name}">{value}</qti-set-outcome-value>'


def variable(name: str) -> str:
    """Return the value of a variable."""
    return f'<qti-variable identifier="{name}"/>'


def words(value: str) -> str:
    """Return a fixed identifier."""
    return f'<qti-base-value base-type="identifier">{value}</qti-base-value>'


def number(value: str) -> str:
    """Return a fixed number."""
    return f'<qti-base-value base-type="float">{value}</qti-base-value>'


def condition(test: str, actions: str, otherwise: str = "", between: str = "") -> str:
    """Return a condition, with other branches between the first and the last."""
    last = f"<qti-response-else>{otherwise}</qti-response-else>" if otherwise else ""
    return f"<qti-response-condition><qti-response-if>{test}{actions}</qti-response-if>{between}{last}</qti-response-condition>"


def right(name: str = "RESPONSE") -> str:
    """Return the test that a response is the declared one."""
    return f'<qti-match>{variable(name)}<qti-correct identifier="{name}"/></qti-match>'


def empty(name: str = "RESPONSE") -> str:
    """Return the test that nothing was answered."""
    return f"<qti-is-null>{variable(name)}</qti-is-null>"


def processing(*statements: str) -> str:
    """Return statements in full."""
    return f"<qti-response-processing>{''.join(statements)}</qti-response-processing>"


FEEDBACK = condition(
    f"<qti-and><qti-match>{words('correct')}{variable('FEEDBACKBASIC')}</qti-match></qti-and>",
    outcome("FEEDBACKMODAL", f"<qti-multiple>{variable('FEEDBACKMODAL')}{words('F1')}</qti-multiple>"),
)
"""What chooses a feedback, and no score."""

THREE_BRANCHES = processing(
    condition(
        empty(),
        outcome("FEEDBACKBASIC", words("empty")),
        outcome("FEEDBACKBASIC", words("incorrect")),
        f"<qti-response-else-if>{right()}"
        + outcome("SCORE", f"<qti-sum>{variable('SCORE')}{variable('MAXSCORE')}</qti-sum>")
        + outcome("FEEDBACKBASIC", words("correct"))
        + "</qti-response-else-if>",
    ),
    FEEDBACK,
)
"""Nothing answered, right, or not: as one authoring tool writes every question."""


def scores_apart(*names: str) -> str:
    """Return a score made of one score a response."""
    parts = [
        condition(right(name), outcome(f"S{place}", number("1.0")), outcome(f"S{place}", number("0.0")))
        for place, name in enumerate(names)
    ]
    total = "".join(variable(f"S{place}") for place in range(len(names)))
    return processing(*parts, outcome("SCORE", f"<qti-sum>{total}</qti-sum>"), FEEDBACK)


def mapped_in_turn(*names: str) -> str:
    """Return a score to which each answered response adds its points."""
    added = [
        condition(
            empty(name),
            outcome("SCORE", number("0.0")),
            outcome(
                "SCORE",
                f'<qti-sum>{variable("SCORE")}<qti-map-response identifier="{name}"/></qti-sum>'
                if place
                else f'<qti-map-response identifier="{name}"/>',
            )
            + condition(right(name), outcome("FEEDBACKBASIC", words("correct"))),
        )
        for place, name in enumerate(names)
    ]
    return processing(*added, FEEDBACK)


def answered_then_mapped(name: str) -> str:
    """Return a score that an answer, once there is one, gets from its mapping."""
    return processing(
        condition(
            f"<qti-not>{empty(name)}</qti-not>",
            outcome("SCORE", f'<qti-sum>{variable("SCORE")}<qti-map-response identifier="{name}"/></qti-sum>')
            + outcome("FEEDBACKBASIC", words("incorrect")),
        ),
        condition(
            f'<qti-equal tolerance-mode="exact">{variable("SCORE")}{variable("MAXSCORE")}</qti-equal>',
            outcome("FEEDBACKBASIC", words("correct")),
        ),
    )
