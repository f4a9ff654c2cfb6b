"""Behaviour cases: what stands in the case files, checked.

A folder holds one YAML file a capability, and `base/*.yaml` with texts that several use. A file:

    kind: minimum_functionality    # or invariance, direction, fairness
    view: statement                # or complaint; a case may name its own
    says: one sentence that says what is expected
    outcome: upheld                # expected in each case that says nothing else; a list: any of
    reasons: [late]                # likewise: every one must be named
    not_reasons: [premature]       # likewise: none may be named
    raises: [late]                 # direction: what the edit must raise,
    lowers: []                     #   lower,
    does_not_raise: []             #   or leave where it is
    cases:
    - id: hedge                    # text, or base: the name of a text in base/
      text: |
        ...
      add: words                   # any edit of `ombud_training.behaviour_edits`

The three kinds are those of Ribeiro et al. 2020, "Beyond Accuracy: Behavioral Testing of NLP
Models with CheckList", section 2; fairness is an invariance whose probabilities are measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, get_args

import yaml

from ombud.errors import InputError
from ombud.taxonomy import OUTCOMES, REASONS
from ombud.views import VIEWS, View
from ombud_training.behaviour_edits import EDITS, edited

__all__ = ["KINDS", "Capability", "Case", "Kind", "read_capabilities"]

Kind = Literal["minimum_functionality", "invariance", "direction", "fairness"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

_T = TypeVar("_T", bound=str)

_OUTCOMES: Final = frozenset(outcome.label for outcome in OUTCOMES)
_REASONS: Final = frozenset(reason.label for reason in REASONS)
_EXPECTED: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "outcome": ("minimum_functionality", _OUTCOMES),
    "reasons": ("minimum_functionality", _REASONS),
    "not_reasons": ("minimum_functionality", _REASONS),
    "raises": ("direction", _OUTCOMES | _REASONS),
    "lowers": ("direction", _OUTCOMES | _REASONS),
    "does_not_raise": ("direction", _OUTCOMES | _REASONS),
}
"""What a case may expect, in which kind, out of which labels."""


@dataclass(frozen=True, slots=True)
class Case:
    """One text, or one text and what an edit makes of it, and what is expected of the model.

    Attributes:
        id: Its name inside the capability.
        text: The text as it is.
        view: What the model reads of it.
        changed: The text after the edit; empty in a minimum-functionality case.
        outcome: The outcome must be one of these, where there are any.
        reasons: Each must be named.
        not_reasons: None may be named.
        raises: The edit must make these more probable.
        lowers: The edit must make these less probable.
        does_not_raise: The edit must not make these much more probable.
    """

    id: str
    text: str
    view: View = "statement"
    changed: str = ""
    outcome: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    not_reasons: tuple[str, ...] = ()
    raises: tuple[str, ...] = ()
    lowers: tuple[str, ...] = ()
    does_not_raise: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Capability:
    """Cases that test one thing; `name` is that of their file, `says` what is expected."""

    name: str
    kind: Kind
    says: str
    cases: tuple[Case, ...]

    @property
    def views(self) -> tuple[View, ...]:
        """The views that its cases read, in the order of `VIEWS`."""
        return tuple(view for view in VIEWS if any(case.view == view for case in self.cases))


def read_capabilities(folder: Path) -> tuple[Capability, ...]:
    """Return the capabilities in `folder`, by kind and name.

    Raises:
        InputError: If the folder holds none, or a file is not as this module says.
    """
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        message = (
            f"{folder}: expected a folder with behaviour cases (one .yaml file a capability), "
            "found none; name it with --cases"
        )
        raise InputError(message)
    base = {
        name: text
        for path in sorted((folder / "base").glob("*.yaml"))
        for name, text in _mapping(path).items()
    }
    found = [_capability(path, base) for path in paths]
    return tuple(sorted(found, key=lambda one: (KINDS.index(one.kind), one.name)))


def _mapping(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except UnicodeDecodeError as error:
        message = f"{path}: expected UTF-8, found byte {error.start} that is not; save it as UTF-8"
        raise InputError(message) from error
    except yaml.YAMLError as error:
        where = str(getattr(error, "problem_mark", "")).strip().replace("\n", " ")
        message = f"{path}: expected YAML, found what is none {where}; correct it"
        raise InputError(message) from error
    if not isinstance(content, dict):
        message = f"{path}: expected keys and values, found {type(content).__name__}; correct it"
        raise InputError(message)
    return content


# The parser in C is ten times as quick; both make plain values only.
_LOADER: Final[type] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _capability(path: Path, base: Mapping[str, object]) -> Capability:
    content = _mapping(path)
    kind = _one_of(content.pop("kind", None), KINDS, f"{path}: expected a kind")
    says, cases = content.pop("says", None), content.pop("cases", None)
    if not isinstance(says, str) or not isinstance(cases, list) or not cases:
        message = f"{path}: expected 'says' with a sentence and 'cases' with cases, found neither"
        raise InputError(message)
    made = []
    for number, own in enumerate(cases, start=1):
        if not isinstance(own, dict):
            message = f"{path}, case {number}: expected keys and values, found {own!r}; correct it"
            raise InputError(message)
        where = f"{path}, case {own.get('id', number)}"
        made.append(_case({**content, **own}, kind, base, where))
    ids = [case.id for case in made]
    for name in ids:
        if ids.count(name) > 1:
            message = f"{path}: expected each id once, found {name!r} twice; rename one"
            raise InputError(message)
    return Capability(path.stem, kind, says, tuple(made))


def _case(own: dict[str, Any], kind: str, base: Mapping[str, object], where: str) -> Case:
    name = own.pop("id", None)
    text = own.pop("text", None)
    if "base" in own:
        text = base.get(str(own.pop("base")))
    if not isinstance(name, str) or not isinstance(text, str) or not text.strip():
        message = f"{where}: expected an id and a text (or the name of one in base/), found none"
        raise InputError(message)
    view = _one_of(own.pop("view", None), VIEWS, f"{where}: expected a view")
    expected = {key: _labels(own.pop(key), key, kind, where) for key in _EXPECTED if key in own}
    unknown = sorted(set(own) - set(EDITS))
    if unknown:
        message = (
            f"{where}: expected keys out of id, text, base, {', '.join((*_EXPECTED, *EDITS))}, "
            f"found {unknown[0]!r}; correct it"
        )
        raise InputError(message)
    try:
        changed = edited(text, own) if own else ""
    except InputError as error:
        message = f"{where}: {error}"
        raise InputError(message) from error
    if kind == "minimum_functionality" and changed:
        message = f"{where}: expected no edit in minimum functionality, found {next(iter(own))!r}"
        raise InputError(message)
    if kind != "minimum_functionality" and changed in ("", text):
        message = f"{where}: expected an edit that changes the text, found none; give one"
        raise InputError(message)
    if kind in ("minimum_functionality", "direction") and not any(expected.values()):
        message = f"{where}: expected what to hold the model to, found nothing; give a label"
        raise InputError(message)
    return Case(name, text, view, changed, **expected)


def _labels(given: object, key: str, kind: str, where: str) -> tuple[str, ...]:
    own_kind, known = _EXPECTED[key]
    if kind != own_kind:
        message = f"{where}: expected {key!r} in cases of {own_kind} only, found it in {kind}"
        raise InputError(message)
    labels = [given] if isinstance(given, str) else given
    if not isinstance(labels, list):
        message = f"{where}: expected labels in {key!r}, found {given!r}; give a list"
        raise InputError(message)
    for label in labels:
        if label not in known:
            message = (
                f"{where}: expected a label of the taxonomy in {key!r}, found {label!r}; "
                "'ombud label --taxonomy' lists them"
            )
            raise InputError(message)
    return tuple(labels)


def _one_of(given: object, known: tuple[_T, ...], expected: str) -> _T:
    for one in known:
        if given == one:
            return one
    message = f"{expected} out of {', '.join(known)}, found {given!r}; correct it"
    raise InputError(message)
