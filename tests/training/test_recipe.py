"""Recipes: every key has a range and a type, and a wrong one is named."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any

import pytest

from ombud.errors import RecipeError
from ombud_training.recipe import Recipe, find_recipe, read_recipe

ROOT = Path(__file__).resolve().parents[2]
FIELDS = {field.name: str(field.type) for field in dataclasses.fields(Recipe)}
LARGEST_SEED = 2_147_483_647
RANGES: dict[str, tuple[float, float]] = {
    "epochs": (1, 1000),
    "encoder_epochs": (1, 1000),
    "finish_epochs": (1, 1000),
    "batch_size": (1, 1024),
    "encoder_batch_size": (1, 1024),
    "learning_rate": (0.0, 1.0),
    "encoder_learning_rate": (0.0, 1.0),
    "weight_decay": (0.0, 1.0),
    "warmup_share": (0.0, 1.0),
    "dropout": (0.0, 0.9),
    "sentence_dropout": (0.0, 0.95),
    "section_dropout": (0.0, 0.9),
    "label_smoothing": (0.0, 0.9),
    "task_gradient": (0.0, 1.0),
    "stray_gates": (0.0, 1.0),
    "gate_dropout": (0.0, 0.9),
    "outcome_weight": (0.0, 1000.0),
    "reason_weight": (0.0, 1000.0),
    "rationale_weight": (0.0, 1000.0),
    "sparsity_weight": (0.0, 1000.0),
    "sparsity_budget": (0.0, 1000.0),
    "gate_positive_weight": (0.01, 1000.0),
    "seed_strength": (0.0, 100.0),
    "max_passages": (1, 64),
    "gate_threshold": (0.01, 0.99),
    "complaint_gate_threshold": (0.01, 0.99),
    "selector_size": (2, 4096),
    "predictor_size": (1, 4096),
    "max_tokens": (8, 512),
    "patience": (0, 1000),
    "evaluate_every": (1, 1000),
    "seed": (0, LARGEST_SEED),
}


def written(folder: Path, content: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(content, encoding="utf-8")
    return path


def refusal(path: Path) -> str:
    with pytest.raises(RecipeError) as caught:
        read_recipe(path)
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_every_number_of_a_recipe_has_a_range() -> None:
    numbers = {name for name, kind in FIELDS.items() if kind in ("int", "float")}
    assert numbers == set(RANGES)


@pytest.mark.parametrize("key", sorted(RANGES))
def test_both_ends_of_a_range_are_allowed_and_what_lies_beyond_is_not(key: str) -> None:
    low, high = RANGES[key]
    step: float = 1 if FIELDS[key] == "int" else 0.001
    for value in (low, high):
        assert getattr(Recipe("r", **{key: value}), key) == value
    for value in (low - step, high + step):
        with pytest.raises(RecipeError) as caught:
            Recipe("r", **{key: value})
        assert str(caught.value) == (
            f"recipe: expected {key} between {low} and {high}, found {value}"
        )


@pytest.mark.parametrize("key", sorted(key for key in RANGES if FIELDS[key] == "float"))
def test_a_number_that_is_none_is_out_of_range(key: str, tmp_path: Path) -> None:
    low, high = RANGES[key]
    for value in ("nan", "inf"):
        assert refusal(written(tmp_path, f"{key} = {value}\n")) == (
            f"recipe: expected {key} between {low} and {high}, found {value}"
        )
    assert math.isfinite(getattr(Recipe("r"), key))


@pytest.mark.parametrize("key", sorted(FIELDS))
def test_a_value_of_another_type_is_named(key: str, tmp_path: Path) -> None:
    wrong: dict[str, list[tuple[str, str, str]]] = {
        "str": [("3", "3", "int"), ("true", "True", "bool")],
        "bool": [("1", "1", "int"), ('"yes"', "'yes'", "str")],
        "int": [("1.5", "1.5", "float"), ("true", "True", "bool"), ('"2"', "'2'", "str")],
        "float": [("true", "True", "bool"), ('"0.5"', "'0.5'", "str"), ("[1]", "[1]", "list")],
    }
    for source, shown, kind in wrong[FIELDS[key]]:
        path = written(tmp_path, f"{key} = {source}\n")
        assert refusal(path) == (
            f"{path}: expected {key} to be a {FIELDS[key]}, found {shown} ({kind})"
        )


def test_a_whole_number_may_stand_for_a_fraction(tmp_path: Path) -> None:
    assert read_recipe(written(tmp_path, "dropout = 0\n")).dropout == 0


def test_spans_are_one_of_three(tmp_path: Path) -> None:
    for spans in ("gold", "labelled", "none"):
        assert read_recipe(written(tmp_path, f'spans = "{spans}"\n')).spans == spans
    assert refusal(written(tmp_path, 'spans = "silver"\n')) == (
        "recipe: expected spans out of gold, labelled, none, found 'silver'"
    )


def test_unknown_keys_are_named_beside_the_known_ones(tmp_path: Path) -> None:
    path = written(tmp_path, "epoch = 3\nbatch = 2\nseed = 1\n")
    assert refusal(path) == (
        f"{path}: expected the keys {', '.join(sorted(FIELDS))}, found batch, epoch"
    )


def test_a_recipe_is_named_for_its_file_unless_it_says_otherwise(tmp_path: Path) -> None:
    assert read_recipe(written(tmp_path, "")) == Recipe("mine")
    assert read_recipe(written(tmp_path, 'name = "other"\n')).name == "other"


def test_a_missing_recipe(tmp_path: Path) -> None:
    path = tmp_path / "none.toml"
    assert refusal(path) == f"{path}: expected a recipe, found: no such file or directory"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"epochs = \n", "Invalid value (at line 1, column 10)"),
        (b"epochs = 1\nepochs = 2\n", "Cannot overwrite a value (at line 2, column 11)"),
        (
            b'name = "\xff"\n',
            "'utf-8' codec can't decode byte 0xff in position 8: invalid start byte",
        ),
    ],
)
def test_a_recipe_that_is_no_toml(content: bytes, found: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    assert refusal(path) == f"{path}: expected a recipe in TOML, found: {found}"


def test_settings_of_the_model_are_those_of_the_recipe() -> None:
    recipe = Recipe("r", dropout=0.4, max_passages=2, gate_threshold=0.7, selector_size=4)
    settings: dict[str, Any] = recipe.model_settings()
    assert {name: getattr(recipe, name) for name in settings} == settings
    assert {"dropout", "max_passages", "gate_threshold", "selector_size"} <= set(settings)


@pytest.mark.parametrize(("name", "frozen"), [("quick", True), ("full", False)])
def test_the_recipes_of_this_project(name: str, frozen: bool) -> None:
    recipe = read_recipe(ROOT / "training" / "recipes" / f"{name}.toml")
    assert (recipe.name, recipe.encoder, recipe.freeze_encoder) == (name, "minilm", frozen)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with two recipes."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "training" / "recipes"
    folder.mkdir(parents=True)
    for name in ("quick", "night"):
        (folder / f"{name}.toml").write_text("epochs = 3\n")
    return tmp_path


@pytest.mark.parametrize("name", ["quick", "night"])
def test_a_name_is_a_recipe_of_the_working_folder(name: str, here: Path) -> None:
    assert find_recipe(name) == Path("training", "recipes", f"{name}.toml")
    assert read_recipe(find_recipe(name)) == Recipe(name, epochs=3)


@pytest.mark.parametrize("path", ["mine.toml", "./mine", "../full", "a/b.toml"])
def test_what_looks_like_a_file_is_one(path: str, here: Path) -> None:
    assert find_recipe(path) == Path(path)


def test_a_name_of_no_recipe(here: Path) -> None:
    with pytest.raises(RecipeError) as caught:
        find_recipe("fulll")
    assert caught.value.exit_code == 2
    assert str(caught.value) == (
        "expected the recipe full, night, quick or a TOML file, found 'fulll'; name one of them"
    )
