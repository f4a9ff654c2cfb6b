"""The ONNX files of a bundle, in a folder beside it that names the encoder it was made for.

Beside and not inside: a bundle is known by the digest of its manifest, which must not change when
somebody adds what its predictions do not depend on.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ombud.errors import BundleError

if TYPE_CHECKING:
    from ombud.bundle import Bundle
    from ombud.encoding.backends import BackendName

__all__ = ["FILES", "FORMAT", "OnnxManifest", "onnx_file", "onnx_folder"]

FORMAT: Final = 1
FILES: Final[Mapping[BackendName, str]] = {
    "onnx-fp32": "encoder.onnx",
    "onnx-int8": "encoder-int8.onnx",
}
_MANIFEST: Final = "manifest.json"
_WEIGHTS: Final = "model.safetensors"


@dataclass(frozen=True, slots=True)
class OnnxManifest:
    """What a folder of ONNX files is.

    Attributes:
        format: Of this manifest.
        weights: SHA-256 of the `model.safetensors` that the files were made of.
        calibrated_on: How many texts the ranges of the 8-bit integers were measured on.
        files: SHA-256 of each file.
    """

    format: int
    weights: str
    calibrated_on: int
    files: Mapping[str, str]

    def write(self, folder: Path) -> None:
        """Write the manifest into `folder`."""
        content = json.dumps(dataclasses.asdict(self), indent=1) + "\n"
        (folder / _MANIFEST).write_text(content, encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> OnnxManifest:
        """Return the manifest in `folder`.

        Raises:
            OSError: If there is none to be read.
            ValueError: If it is no such manifest.
        """
        content = json.loads((folder / _MANIFEST).read_bytes())
        wanted = {field.name for field in dataclasses.fields(cls)}
        if not isinstance(content, dict) or content.keys() != wanted:
            message = f"a manifest.json without {', '.join(sorted(wanted))}"
            raise ValueError(message)
        if content["format"] != FORMAT or not isinstance(content["files"], dict):
            message = f"format {content['format']!r}"
            raise ValueError(message)
        return cls(**content)


def onnx_folder(bundle: Path) -> Path:
    """Return the folder of the ONNX files of the bundle in `bundle`."""
    return bundle.with_name(f"{bundle.name}.onnx")


def onnx_file(bundle: Bundle, backend: BackendName) -> Path:
    """Return the file of a back end, after checking its hash and that it is this bundle's.

    Raises:
        BundleError: If there is none, or it is damaged or another bundle's.
    """
    folder = onnx_folder(bundle.path)
    if not folder.is_dir():
        message = (
            f"{bundle.path}: expected ONNX files in {folder} for the back end {backend}, found "
            "none; write them with 'ombud export'"
        )
        raise BundleError(message)
    try:
        manifest = OnnxManifest.read(folder)
    except (OSError, ValueError) as error:
        found = error.strerror.lower() if isinstance(error, OSError) and error.strerror else error
        message = f"{folder}: expected ONNX files of a bundle, found: {found}; {_AGAIN}"
        raise BundleError(message) from error
    if manifest.weights != bundle.manifest.files[_WEIGHTS]:
        message = f"{folder}: expected the ONNX files of {bundle.path}, found another's; {_AGAIN}"
        raise BundleError(message)
    name = FILES[backend]
    if name not in manifest.files:
        message = f"{folder}: expected {name} for the back end {backend}, found none; {_AGAIN}"
        raise BundleError(message)
    _check(folder / name, manifest.files[name])
    return folder / name


_AGAIN: Final = "write them again with 'ombud export'"


def _check(path: Path, expected: str) -> None:
    try:
        with path.open("rb") as content:
            found = hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"{path}: expected a readable file, found: {reason}; {_AGAIN}"
        raise BundleError(message) from error
    if found != expected:
        message = f"{path}: expected SHA-256 {expected}, found {found}; {_AGAIN}"
        raise BundleError(message)
