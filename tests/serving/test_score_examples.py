"""The examples of a scheduled job: their command lines are ones that `ombud score` takes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer
import yaml
from typer.main import get_command

from ombud import errors
from ombud_serving.commands import register
from ombud_serving.score.command import HELP

EXAMPLES = Path(__file__).resolve().parents[2] / "serving" / "examples"


def parsed(arguments: list[str]) -> dict[str, object]:
    """Return what `ombud score` makes of its arguments; nothing is run."""
    app = typer.Typer()
    register(app)
    command = get_command(app).commands["score"]
    return command.make_context("score", list(arguments)).params


def test_the_kubernetes_job_can_be_run() -> None:
    [job] = yaml.safe_load_all((EXAMPLES / "score-job.yaml").read_text(encoding="utf-8"))
    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "Job")
    pod = job["spec"]["template"]["spec"]
    # Kubernetes takes a podFailurePolicy only with this.
    assert pod["restartPolicy"] == "Never"
    [container] = pod["containers"]
    assert container["command"] == ["ombud", "score"]
    found = parsed(container["args"])
    assert found["source"] == "/data/complaints/2026-01-31"
    assert (found["view"], found["max_errors"], found["log_format"]) == ("complaint", "1%", "json")
    mounts = {mount["name"] for mount in container["volumeMounts"]}
    assert mounts == {volume["name"] for volume in pod["volumes"]}
    [codes] = [
        rule["onExitCodes"]["values"]
        for rule in job["spec"]["podFailurePolicy"]["rules"]
        if "onExitCodes" in rule
    ]
    assert codes == [errors.UsageError.exit_code, errors.RejectedError.exit_code]


def test_the_line_for_cron_can_be_run() -> None:
    lines = (EXAMPLES / "score.cron").read_text(encoding="utf-8").splitlines()
    [line] = [line for line in lines if re.match(r"[\d*]", line)]
    schedule, user, command = re.fullmatch(r"((?:\S+ ){5})(\S+) (.*)", line).groups()
    assert schedule.split() == ["15", "2-8", "*", "*", "*"]
    assert user == "ombud"
    # cron ends the command at a bare %.
    assert re.findall(r"(?<!\\)%", command) == []
    _, score = command.replace("\\%", "%").split("; ")
    words = shlex.split(score.split(" 2>> ")[0])
    assert words[1] == "score"
    found = parsed(words[2:])
    assert found["max_errors"] == "1%"
    assert found["keep"] == ["category"]
    assert found["out"] == "/srv/scored/$DAY"
    assert {"SHELL=/bin/sh", "OMBUD_BUNDLE=/srv/ombud/models/current"} <= set(lines)


def test_an_option_that_is_none_would_be_found() -> None:
    # Typer brings its own click, whose errors have no public name.
    with pytest.raises(Exception, match=r"^No such option: --max-error"):
        parsed(["in", "out", "--max-error=1%"])


def test_every_exit_code_is_documented_twice() -> None:
    table = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    codes = {c.exit_code for c in vars(errors).values() if isinstance(c, type)}
    for code in {0, 130, 137, 143} | codes:
        assert re.search(rf"^\|.*\b{code}\b.* \|", table, re.MULTILINE), code
        assert re.search(rf"\b{code}\b", HELP.partition("Exit codes:")[2]), code
