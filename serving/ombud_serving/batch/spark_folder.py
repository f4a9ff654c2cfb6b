"""The output folder of a job on Spark, on any file system that Spark writes to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

__all__ = ["SparkFolder"]


class SparkFolder:
    """A folder by its URI, through Hadoop's file systems: `file:`, `hdfs:`, `s3a:` and others."""

    def __init__(self, session: Any, uri: str) -> None:
        self._hadoop = session._jvm.org.apache.hadoop
        self._files = self._hadoop.fs.Path(uri).getFileSystem(session._jsc.hadoopConfiguration())
        self._streams = session._jvm.org.apache.commons.io.IOUtils
        self.uri = uri

    def within(self, name: str) -> str:
        """Return the URI of something in the folder."""
        return f"{self.uri.rstrip('/')}/{name}"

    def _path(self, name: str) -> Any:
        return self._hadoop.fs.Path(self.within(name))

    def exists(self, name: str) -> bool:
        """Whether it is there."""
        return bool(self._files.exists(self._path(name)))

    def names(self, name: str = "") -> list[str]:
        """Return what is in the folder, or in one inside it, hidden files left out."""
        path = self._path(name) if name else self._hadoop.fs.Path(self.uri)
        if not self._files.exists(path):
            return []
        found = (status.getPath().getName() for status in self._files.listStatus(path))
        return sorted(one for one in found if not one.startswith("."))

    def read(self, name: str) -> Any:
        """Return what a JSON file holds.

        Raises:
            ValueError: If it is none.
        """
        stream = self._files.open(self._path(name))
        try:
            return json.loads(self._streams.toString(stream, "UTF-8"))
        finally:
            stream.close()

    def write(self, name: str, content: Mapping[str, Any]) -> None:
        """Write a JSON file, which has its name only when it is whole."""
        temporary = self._path(f".{name}.tmp")
        stream = self._files.create(temporary, True)
        stream.write(bytearray(json.dumps(content, indent=1).encode() + b"\n"))
        stream.close()
        self._files.delete(self._path(name), False)
        self._files.rename(temporary, self._path(name))

    def remove(self, name: str) -> None:
        """Remove a file or a folder and all in it, if it is there."""
        self._files.delete(self._path(name), True)
