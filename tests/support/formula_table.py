"""What formulas give, for the rules and for the page that shows them."""

from __future__ import annotations

CELLS = {"A1": "1", "A2": "2", "A3": "3", "B1": "oui", "B2": "non", "B3": "Oui"}
FORMULAS: list[tuple[str, str]] = [
    ("=SOMME(A1:A3)", "6"),
    ("=MOYENNE(A1:A3)", "2"),
    ('=NB.SI(A1:A3;">1")', "2"),
    ('=COUNTIF(B1:B3;"Oui")', "2"),
    ('=SUMIF(B1:B3;"oui";A1:A3)', "4"),
    ("=SI(A1<A2;10;20)", "10"),
    ("=$A$1+A2*A3^2", "19"),
    ("=-(A1-A3)/4", "0.5"),
    ("=1/3", "0.333333"),
    ("=ARRONDI(2,5;0)", "3"),
    ('="a"&A1', "a1"),
    ("=MAX(A1:B3)", "3"),
    ("=NBVAL(B1:B3)", "3"),
    ("=IF(A1>5,10,20)", "20"),
    ('=COUNTIF(A1:A3,">=2")', "2"),
    ("=SOMME(A1:A3)*1,5", "9"),
    ("=1/0", "#"),
    ("=B1+1", "#"),
    ("=SOMME(A1:A3", "#"),
    ("=C1", "#"),
    ("=D9", ""),
    ("=UNKNOWN(1)", "#"),
    ("=" + "(" * 90 + "1" + ")" * 90, "#"),
    ("=9^20^20", "#"),
]
"""A formula typed in C1, and what the cell shows."""

IN_ENGLISH: list[tuple[str, str]] = [
    ("=MAX(3,5)", "5"),
    ("=MAX(A1,A3)", "3"),
    ("=SOMME(1,2,3)", "6"),
    ("=IF(A1>5;10;20)", "20"),
    ("=ROUND(10/3,1)", "3.3"),
    ("=A2*1,5", "3"),
]
"""The same in a sheet shown in English, where commas stand between arguments, and semicolons too."""
