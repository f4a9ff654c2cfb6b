"""Fictional sources to import: records, pages, a database of findings."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

LGSCO: dict[str, Any] = {
    "case_id": "21 009 001",
    "title": "A decision",
    "text": "Summary\nWe uphold this complaint about a door.\nThe complaint\nMrs L has no door.\n"
    "My assessment\nThe Council forgot it.",
    "date": "2021-05-04",
    "authority": "Pikemere Borough Council",
    "category": "Housing",
    "subcategory": "Repairs",
    "outcome": "Upheld",
    "url": "https://example.org/21-009-001",
}
PHSO: dict[str, Any] = {
    "case_reference": "P-009001",
    "text": "The Complaint:\n1. Ms N complains of a long wait.\n\nFindings:\n2. It was long.",
    "date": "2025-02-01",
    "organisation": "Elmwick NHS Trust",
    "outcome": "Not upheld; Partly upheld; Closed after initial enquiries",
    "decision_type": "Report",
    "url": "https://example.org/",
}
PAGE = """<html><head><title>Ashmere Council (22 009 003)</title></head><body>
<article id="article"><h1>Ashmere Council (22 009 003)</h1>
<div><span class="label">Category :</span><span class="value">Housing &gt; Repairs</span></div>
<div><span class="label">Decision :</span><span class="value">{outcome}</span></div>
<div><span class="label">Decision date :</span><span class="value">{date}</span></div>
<h2>The complaint</h2><p>Mr O waited nine weeks for a latch.</p>
<h2>What I found</h2><p>The latch came late.</p></article></body></html>
"""
FINDINGS: tuple[dict[str, Any], ...] = (
    {
        "case_id": "202199001",
        "landlord": "Larkfield Homes",
        "category": "Damp & Mould",
        "decision_date": "3 March 2022",
        "decision_date_iso": "2022-03-03",
        "complaint": "There was maladministration by the landlord in its handling of a wet wall.",
        "finding": "Maladministration",
        "stock_size": 900,
    },
    {
        "case_id": "202199001",
        "landlord": "Larkfield Homes",
        "category": "Complaint Handling",
        "decision_date": "3 March 2022",
        "decision_date_iso": "2022-03-03",
        "complaint": "The landlord's answers to letters.",
        "finding": "No Maladministration",
    },
    {
        "case_id": "202199002",
        "landlord": "Teasel Trust",
        "category": "Other",
        "decision_date": None,
        "decision_date_iso": None,
        "complaint": "A gate.",
        "finding": "Outside Jurisdiction",
    },
)


def page(outcome: str = "Upheld", date: str = "04 May 2022") -> str:
    """Return a fictional decision page of the site's structure."""
    return PAGE.replace("{outcome}", outcome).replace("{date}", date)


def records(path: Path, *found: Mapping[str, Any]) -> Path:
    """Write one record, or a list of several, as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = found[0] if len(found) == 1 else list(found)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def database(path: Path, rows: Sequence[Mapping[str, Any]] = FINDINGS) -> Path:
    """Write a database of findings."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    connection = sqlite3.connect(path)
    connection.execute(
        f"CREATE TABLE complaint_findings (id INTEGER PRIMARY KEY, {', '.join(names)})"
    )
    marks = ", ".join("?" * len(names))
    connection.executemany(
        f"INSERT INTO complaint_findings ({', '.join(names)}) VALUES ({marks})",
        [[row.get(name) for name in names] for row in rows],
    )
    connection.commit()
    connection.close()
    return path


def archive(path: Path, *members: Path) -> Path:
    """Write a zip archive of files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for member in members:
            packed.write(member, member.name)
    return path
