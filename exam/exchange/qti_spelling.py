"""The two spellings of QTI: names of elements and attributes, namespaces, templates, manifests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

_UPPER = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Spelling:
    """How one version writes what both mean."""

    prefix: str
    kebab: bool
    namespace: str
    templates: str
    manifest: str
    schema: str
    version: str
    resource: str

    def _name(self, camel: str) -> str:
        return _UPPER.sub("-", camel).lower() if self.kebab else camel

    def element(self, name: str, inner: str = "", /, **attributes: str) -> str:
        """Return one element of QTI; `inner` is XML already, attributes are words."""
        written = "".join(f' {self._name(key)}="{escape(value)}"' for key, value in attributes.items())
        tag = self.prefix + self._name(name)
        return f"<{tag}{written}>{inner}</{tag}>" if inner else f"<{tag}{written}/>"

    def item(self, inner: str, lang: str, **attributes: str) -> bytes:
        """Return a whole item."""
        written = "".join(f' {self._name(key)}="{escape(value)}"' for key, value in attributes.items())
        tag = f"{self.prefix}{self._name('assessmentItem')}"
        head = f'<{tag} xmlns="{self.namespace}" xml:lang="{lang}"{written}'
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}>{inner}</{tag}>\n'.encode()


QTI22 = Spelling(
    "",
    kebab=False,
    namespace="http://www.imsglobal.org/xsd/imsqti_v2p2",
    templates="http://www.imsglobal.org/question/qti_v2p2/rptemplates/",
    manifest="http://www.imsglobal.org/xsd/imscp_v1p1",
    schema="QTIv2.2 Package",
    version="1.0.0",
    resource="imsqti_item_xmlv2p2",
)
QTI3 = Spelling(
    "qti-",
    kebab=True,
    namespace="http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    templates="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/",
    manifest="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    schema="QTI Package",
    version="3.0.0",
    resource="imsqti_item_xmlv3p0",
)
SPELLINGS = {"qti3": QTI3, "qti22": QTI22}
