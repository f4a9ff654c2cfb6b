"""Texts for property tests: any Unicode, and pieces of the genre in any order."""

from __future__ import annotations

from hypothesis import strategies as st

PIECES = (
    "The complaint", "My assessment", "Final decision", "Summary:", "Summary – ", "Evidence",
    "Decision:", "Decision : Upheld", "Decision", "Upheld", "not upheld", "Category :", ">",
    "Decision date : 03 Oct 2023", "Back to top", "We use cookies", "Mr X", "s.24A(6)", "e.g.",
    "1.", "(a)", "• ", "- ", "...", "?!", "“", "”)", "fault", "and", "; ", " ", "  ", "\t", "\n",
    "\n\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\u00a0", "\u3000",
    "\u200b", "\ufeff", "\u0301", "ß", "İ", "ſ", "\u212a", "🙂", "\ud800", "\x00", "x" * 700,
    "word " * 70, "Council (23 008 522)",
    "Investigator's decision on behalf of the Ombudsman",
)  # fmt: skip

ANY = st.text(alphabet=st.characters(), max_size=200)
GENRE = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
TEXTS = st.one_of(ANY, GENRE, st.lists(st.one_of(GENRE, ANY), max_size=4).map("\n".join))
"""Any text at all, lone surrogates and control characters included."""
