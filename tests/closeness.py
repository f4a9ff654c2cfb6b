"""How two answers are held equal."""

from __future__ import annotations

from typing import Any

import pytest


def assert_close(found: Any, expected: Any) -> None:
    """Hold two JSON values equal: same types, same order, numbers to 1e-5."""
    assert type(found) is type(expected)
    if isinstance(expected, dict):
        assert list(found) == list(expected)
        for key, value in expected.items():
            assert_close(found[key], value)
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert_close(one, other)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, abs=1e-5)
    else:
        assert found == expected
