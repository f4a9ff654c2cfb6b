"""Scoring on Spark.

    job.json         which job the folder belongs to
    predictions/     what Spark wrote, with the columns of a part
    errors.parquet/  the rejected rows
    summary.json     what the job came to; there when it is finished
    _scored/         rows as they were scored, until the rest is written

Results are committed by Spark's own committer and not by the local runner's parts and manifest.
A task may run twice at once, or again because the machine it ran on is gone; only the driver's
commit coordinator knows which attempt counts, and it works wherever Spark can write, also where
renaming is neither atomic nor cheap. A manifest of ours would need one writer and a POSIX file
system. The price is that a job begins again where its driver died: but what was scored is
committed (`_scored`) before ids are compared and results written, so only an unfinished
scoring is done again, and never the model's work on rows that stand there.

A row is a row of the local runner: same name of its file, same number, same columns, same reason
for being rejected, and the prediction equal to 1e-5. Among rows with one id the first has it.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from ombud.errors import OutputError, UsageError
from ombud.taxonomy import OUTCOMES, REASONS
from ombud_serving.batch.engine import verified
from ombud_serving.batch.job import Job, State, Summary
from ombud_serving.batch.kept import Kept
from ombud_serving.batch.local import Options, identify, prepare
from ombud_serving.batch.partition import REASON, Work, staged_schema
from ombud_serving.batch.parts import Results
from ombud_serving.batch.schema import ERRORS
from ombud_serving.batch.scorer import Reading
from ombud_serving.batch.spark import (
    Cluster,
    UnreadError,
    failing,
    reading,
    settings,
    ship,
    spark_schema,
)
from ombud_serving.batch.spark_check import Checked, looked_through, own_rows
from ombud_serving.batch.spark_folder import SparkFolder
from ombud_serving.batch.spark_source import (
    OWN,
    Group,
    Numbered,
    groups_of,
    is_remote,
    path_of,
    remote_group,
)
from ombud_serving.batch.spark_tasks import refused_twice, score_rows, unchanged
from ombud_serving.batch.watch import Progress, Watch

__all__ = ["ENGINE", "score"]

ENGINE: Final = "spark"
"""What the identity of a job names it by: its results are laid out differently."""
_PREDICTIONS: Final = "predictions"
_ERRORS: Final = "errors.parquet"
_STAGED: Final = "_scored"
_MOST_TASKS: Final = 100_000
_COUNTS: Final = (
    "COUNT(*) AS scored",
    "COUNT_IF(abstained) AS abstained",
    *(f"COUNT_IF(outcome = '{o.label}') AS {o.label}" for o in OUTCOMES),
    *(f"COUNT_IF(EXISTS(reasons, r -> r.label = '{r.label}')) AS {r.label}" for r in REASONS),
)
_COSTS: Final = (
    "SUM(_sentences) AS read",
    "SUM(_encoded) AS encoded",
    "SUM(_seconds) AS seconds",
    f"COUNT_IF({REASON} IS NOT NULL) AS bad",
)


def score(
    spark: Any,
    source: str,
    out: str,
    *,
    options: Options,
    cluster: Cluster | None = None,
    watch: Watch | None = None,
) -> Summary:
    """Score every row of `source` into the folder `out` on Spark.

    Args:
        spark: The session.
        source: A path that every worker sees, or a URI, or '-' where the input options say it.
        out: A path that every worker sees, or a URI.
        options: As for the local runner; `part_rows` is about how many rows a task has.
        cluster: Formats and their options.
        watch: Told what is done.

    Raises:
        UsageError: If the call is wrong, or `out` holds something else.
        InputError: If no table can be read, or one changes while it is read.
        BundleError: If the bundle is missing or damaged, here or where it was shipped to.
        BusyError: If another run is at work on `out`, where that is a path.
        OmbudError: If Spark cannot finish the job.
    """
    watch, cluster = watch or Watch(), cluster or Cluster()
    started = time.monotonic()
    options.check()
    with _held(out), failing(), settings(spark):
        return _Run(spark, source, out, options, cluster, watch, started).run()


@contextlib.contextmanager
def _held(out: str) -> Iterator[None]:
    if is_remote(out):
        yield
        return
    with Results.held(Path(out)):
        yield


class _Run:
    """One job, from its input to its summary."""

    def __init__(
        self,
        spark: Any,
        source: str,
        out: str,
        options: Options,
        cluster: Cluster,
        watch: Watch,
        started: float,
    ) -> None:
        self._spark = spark
        self._source = source
        self._options = options
        self._cluster = cluster
        self._watch = watch
        self._started = started
        self._folder = SparkFolder(spark, out if is_remote(out) else path_of(Path(out)))
        self._out = Path(out)

    def run(self) -> Summary:
        if self._source == "-" or is_remote(self._source):
            return self._remote()
        return self._local()

    def _local(self) -> Summary:
        options = self._options
        listing = prepare(Path(self._source), self._out, options, self._watch)
        job, inputs, kept = identify(listing, options, self._watch)
        groups, damaged = groups_of(listing, options.reading)
        finished = self._recover(replace(job, engine=ENGINE), inputs.to_json())
        if finished is not None:
            return finished
        files = len(listing.files)
        checked = looked_through(self._spark, groups, options.reading)
        checked.unreadable += damaged
        summary = self._score(replace(job, engine=ENGINE), checked, kept.widened(), files)
        inputs.check()
        return self._finish(summary)

    def _remote(self) -> Summary:
        options, cluster = self._options, self._cluster
        group, types = remote_group(
            self._spark, self._source, cluster.input_format, cluster.input_options, options.reading
        )
        kept = Kept.typed({name: types[name] for name in options.keep})
        found = self._files(group)
        read = [self._source, group.form, dict(group.options)]
        digest = hashlib.sha256(json.dumps([read, found]).encode()).hexdigest()
        job = options.job(digest, verified(options.bundle), ENGINE)
        names = [{"name": name, "size": size, "sha256": str(at)} for name, size, at in found]
        finished = self._recover(job, names)
        if finished is not None:
            return finished
        return self._finish(self._score(job, Checked([group]), kept.widened(), max(1, len(found))))

    def _files(self, group: Group) -> list[list[Any]]:
        """Return name, size and time of the source's files; none of a source without files."""
        frame, _ = group.read(self._spark, self._options.reading)
        if not frame.inputFiles():
            return [[self._source, 0, json.dumps(dict(group.options), sort_keys=True)]]
        listed = self._spark.read.format("binaryFile").load(list(group.paths))
        rows = listed.selectExpr("path", "length", "CAST(modificationTime AS LONG) AS at").collect()
        return sorted([row.path, row.length, row.at] for row in rows)

    def _recover(self, job: Job, files: Sequence[Mapping[str, Any]]) -> Summary | None:
        folder, cluster = self._folder, self._cluster
        output = {"format": cluster.output_format, "options": dict(cluster.output_options)}
        self._watch.identified(job)
        if not folder.exists("job.json"):
            if names := folder.names():
                message = (
                    f"{folder.uri}: expected a new or empty folder, or one of the same job, found "
                    f"{', '.join(names[:5])}; name another folder"
                )
                raise UsageError(message)
            content = {"digest": job.digest, "source": self._source, "job": job.to_json()}
            folder.write("job.json", {**content, "output": output, "files": list(files)})
            return None
        found = folder.read("job.json")
        names = job.differences(found.get("job") or {})
        if found.get("output") != output and "engine" not in names:
            names.append("output format")
        if names or found.get("digest") != job.digest:
            differs = ", ".join(names) or "digest"
            message = (
                f"{folder.uri}: expected results of the same job, found those of one with another "
                f"{differs}; name another folder"
            )
            raise UsageError(message)
        if not folder.exists("summary.json"):
            return None
        summary = Summary(**folder.read("summary.json")["summary"])
        for name in (_PREDICTIONS, _ERRORS):
            if not folder.exists(f"{name}/_SUCCESS"):
                message = (
                    f"{folder.within(name)}: expected the results as they were committed, found: "
                    "not all are there; put them back or score into another folder"
                )
                raise OutputError(message)
        return replace(summary, state="already_scored")

    def _score(self, job: Job, checked: Checked, kept: Kept, files: int) -> Summary:
        state: State = "scored"
        self._watch.began(job, 0)
        waiting, staged = list(checked.groups), []
        while waiting:
            group = waiting.pop(0)
            if self._is_staged(group):
                state = "resumed"
            else:
                try:
                    self._stage(group, checked, job, kept, files)
                except UnreadError as error:
                    waiting[:0] = checked.instead(group, error, self._options.reading)
                    continue
            staged.append(group.digest)
        found = self._write(staged, checked.damaged, kept)
        return self._summary(job, found, len(checked.damaged), files, state)

    def _is_staged(self, group: Group) -> bool:
        return self._folder.exists(f"{_STAGED}/{group.digest}/_SUCCESS")

    def _stage(self, group: Group, checked: Checked, job: Job, kept: Kept, files: int) -> None:
        options = self._options
        archive = ship(self._spark, options.bundle, job.bundle_sha256)
        work = Work(
            reading=Reading(options.view, options.reading, kept, files),
            sha256=job.bundle_sha256,
            error_rate=options.error_rate,
            empty="" if group.form == "csv" else None,
        )
        with reading():
            if group.form == OWN:
                frame, names, total = self._own(group, checked)
            else:
                frame, names, total = self._read(group)
            tasks = max(1, min(_MOST_TASKS, -(-total // options.part_rows)))
            task = functools.partial(score_rows, work=replace(work, names=names), archive=archive)
            schema = spark_schema(staged_schema(kept.schema), nullable=True)
            scored = frame.repartition(tasks).mapInPandas(task, schema)
            with self._told(total, tasks):
                staged = self._folder.within(f"{_STAGED}/{group.digest}")
                scored.write.mode("overwrite").parquet(staged)

    def _own(self, group: Group, checked: Checked) -> tuple[Any, dict[str, str], int]:
        """Return the rows that our own reader reads, names of their files, and how many."""
        names = {str(path): name for path, name in group.files}
        rows = {path: checked.found[path].rows for path in names}
        paths = self._spark.createDataFrame([(path,) for path in names], "path STRING")
        task = functools.partial(own_rows, columns=self._options.reading, rows=rows)
        frame = paths.repartition(len(names)).mapInArrow(task, "file STRING, packed BINARY")
        return frame, names, sum(rows.values())

    def _read(self, group: Group) -> tuple[Any, dict[str, str], int]:
        """Return the rows that Spark reads, names of their files, and how many."""
        frame, counted = group.read(self._spark, self._options.reading)
        counts = {
            (row["file"], row["block"]): row["count"]
            for row in frame.groupBy("file", "block").count().collect()
        }
        if counted:
            frame = frame.mapInArrow(Numbered(counts), frame.schema)
        names = {path: group.name_of(path) for path, _ in counts}
        return frame, names, sum(counts.values())

    @contextlib.contextmanager
    def _told(self, rows: int, tasks: int) -> Iterator[None]:
        """Tell the watch now and then how many tasks are done."""
        started, tracker = time.monotonic(), self._spark.sparkContext.statusTracker()
        ended = threading.Event()

        def tell() -> None:
            while not ended.wait(1.0):
                stages = map(tracker.getStageInfo, tracker.getActiveStageIds())
                done = [one.numCompletedTasks for one in stages if one and one.numTasks == tasks]
                share = max(done, default=0) / tasks
                so_far = int(rows * share)
                seconds = time.monotonic() - started
                self._watch.progress(Progress(so_far, share, so_far, share, seconds))

        teller = threading.Thread(target=tell, daemon=True)
        teller.start()
        try:
            yield
        finally:
            ended.set()
            teller.join()
        self._watch.progress(Progress(rows, 1.0, rows, 1.0, time.monotonic() - started))

    def _write(
        self, groups: Sequence[str], damaged: Sequence[tuple[str, str]], kept: Kept
    ) -> dict[str, Any]:
        """Write predictions and errors of what was scored; return what they come to."""
        spark, folder = self._spark, self._folder
        schema = spark_schema(staged_schema(kept.schema), nullable=True)
        paths = [folder.within(f"{_STAGED}/{one}") for one in groups]
        staged = (
            spark.read.schema(schema).parquet(*paths)
            if paths
            else spark.createDataFrame([], schema)
        )
        good, bad = staged.where(f"{REASON} IS NULL"), staged.where(f"{REASON} IS NOT NULL")
        twice = good.selectExpr(
            "file", "row", "id", "ROW_NUMBER() OVER (PARTITION BY id ORDER BY file, row) AS nth"
        ).where("nth > 1")
        later = twice.count()
        if later:
            good = good.join(twice.select("file", "row"), ["file", "row"], "left_anti")
        columns = kept.schema
        predictions = good.select(*columns.names).mapInArrow(
            unchanged, spark_schema(columns, nullable=False)
        )
        writer = predictions.write.mode("overwrite").format(self._cluster.output_format)
        writer.options(**self._cluster.output_options).save(folder.within(_PREDICTIONS))
        wanted = spark_schema(ERRORS, nullable=False)
        errors = bad.selectExpr("file", "row", "id", f"{REASON} AS reason")
        if later:
            named = twice.selectExpr("file", "row", "id", "'' AS reason")
            errors = errors.unionByName(named.mapInArrow(refused_twice, wanted))
        unreadable = [(name, None, None, reason) for name, reason in damaged]
        if unreadable:
            errors = errors.unionByName(spark.createDataFrame(unreadable, wanted))
        # A file's own line comes after those of its rows.
        ordered = errors.selectExpr("*", "row IS NULL AS last").orderBy("file", "last", "row")
        ordered = ordered.drop("last").coalesce(1).mapInArrow(unchanged, wanted)
        ordered.write.mode("overwrite").parquet(folder.within(_ERRORS))
        found = good.selectExpr(*_COUNTS).first().asDict()
        found |= staged.selectExpr(*_COSTS).first().asDict()
        return {**found, "rejected": found["bad"] + later}

    def _summary(
        self, job: Job, found: Mapping[str, Any], unreadable: int, files: int, state: State
    ) -> Summary:
        scored, rejected = found["scored"], found["rejected"]
        read = found["read"] or 0
        names = self._folder.names(_PREDICTIONS)
        return Summary(
            job=job.digest,
            files=files,
            rows=scored + rejected,
            scored=scored,
            rejected=rejected,
            unreadable=unreadable,
            abstained=found["abstained"],
            parts=sum(name.startswith("part-") for name in names),
            shares={o.label: found[o.label] / max(1, scored) for o in OUTCOMES},
            reasons={r.label: n / scored for r in REASONS if (n := found[r.label])},
            sentences=read,
            reused=read - (found["encoded"] or 0),
            scoring_seconds=found["seconds"] or 0.0,
            seconds=0.0,
            state=state,
        )

    def _finish(self, summary: Summary) -> Summary:
        summary = replace(summary, seconds=time.monotonic() - self._started)
        self._folder.write("summary.json", {"summary": summary.to_json()})
        self._folder.remove(_STAGED)
        return summary
