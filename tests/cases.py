"""Case files and rows made for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ombud.corpus import GoldCase, GoldReason
from ombud.corpus.authored import Case, parse_case
from ombud.spans import Span

FRONT = """id: a1
writer: w9
body: Pikemere Borough Council
called: Mr X
category: Housing
subcategory: Repairs
decision_date: 2021-05-04
kind: statement
outcome: closed_after_initial_enquiries
reasons: [late, court_remedy]
"""
STATEMENT = """## The complaint
Mr X has no door. {{!tribunal_appeal_right: A tribunal sat next door.}}

## My assessment
1. {{late: He has known for nine years}} and {{late+court_remedy: a court would have heard him then.}}
"""
LETTER = """Dear all,

{{late: my door went in 2012}} and nobody came.
"""
PATH = Path("data/authored/2021/a1.md")


def source(front: str = FRONT, statement: str = STATEMENT, letter: str = LETTER) -> str:
    return f"---\n{front}---\n# Statement\n{statement}\n# Letter\n{letter}"


def case(**parts: str) -> Case:
    return parse_case(source(**parts), PATH)


def row(number: int, **values: Any) -> GoldCase:
    """Return a row that differs from others in id, group, text and date."""
    plain: dict[str, Any] = {
        "id": f"r{number:04}",
        "group": f"g{number}",
        "writer": "w1",
        "body": "Pikemere Borough Council",
        "category": "Housing",
        "subcategory": "Repairs",
        "decision_date": f"{2015 + number // 12}-{number % 12 + 1:02}-01",
        "kind": "statement",
        "outcome": ("upheld", "not_upheld", "closed_after_initial_enquiries")[number % 3],
        "text": f"The complaint\nMr X lost door number {number}.",
        "letter": f"my door number {number} is gone",
        "reasons": (GoldReason("late", True, (Span(14, 20),), ()),),
    }
    return GoldCase(**{**plain, **values})
