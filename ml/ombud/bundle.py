"""The bundle: the folder that is served. Safetensors and JSON, hashed, no code, no pickle.

Format 1. To change the format: raise `FORMAT`, keep a reader for the older one, add a fixture
of the older one to the tests, and say what changed in CHANGELOG.md.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import safetensors

from ombud.atomic import replace_folder
from ombud.calibration import Calibration
from ombud.encoding.parity_texts import ParityText, from_json, to_json
from ombud.encoding.tokens import Tokens
from ombud.errors import BundleError, first_line
from ombud.model.served import ServedModel, UnknownWeightsError, read_weights
from ombud.prediction import ModelInfo
from ombud.taxonomy import LABELS, OUTCOMES, REASONS, TAXONOMY_VERSION
from ombud.views import VIEWS

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from ombud.model.modeling import OmbudModel

__all__ = ["FORMAT", "Bundle", "Manifest", "read_bundle", "verify_bundle", "write_bundle"]

FORMAT: Final = 1
_MANIFEST: Final = "manifest.json"
_PARITY: Final = "parity.json"
_ALLOWED: Final = frozenset({".safetensors", ".json", ".md", ".txt"})
_NEEDED: Final = (
    "model.safetensors",
    "config.json",
    "tokenizer.json",
    "calibration.json",
    "taxonomy.json",
    "card.md",
)
_UNLOADABLE: Final = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RuntimeError,
    safetensors.SafetensorError,
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle is: format, name, version, origin, figures, SHA-256 of every file."""

    format: int
    name: str
    version: str
    run_id: str
    commit: str
    data_digest: str
    split_digest: str
    encoder: str
    created: str
    metrics: Mapping[str, Any]
    files: Mapping[str, str]

    @classmethod
    def unsaved(cls) -> Manifest:
        """Return the manifest of a model that has not been written anywhere."""
        return cls(FORMAT, "unsaved", "", "", "", "", "", "", "", {}, {})


@dataclass(frozen=True, slots=True)
class Bundle:
    """A loaded bundle."""

    path: Path
    manifest: Manifest
    info: ModelInfo
    served: ServedModel
    tokens: Tokens
    calibration: Calibration
    trained: tuple[OmbudModel, PreTrainedTokenizerBase] | None = None

    @classmethod
    def unsaved(
        cls,
        model: OmbudModel,
        tokenizer: PreTrainedTokenizerBase,
        calibration: Calibration,
        info: ModelInfo,
    ) -> Bundle:
        """Return the bundle of a model that has not been written anywhere."""
        served = ServedModel.of(model)
        tokens = Tokens.of(tokenizer, served.config.max_tokens)
        manifest = Manifest.unsaved()
        return cls(Path(), manifest, info, served, tokens, calibration, (model, tokenizer))

    def parity_texts(self) -> tuple[ParityText, ...]:
        """Return the texts that back ends are compared on; none in a bundle without them.

        Raises:
            BundleError: If they cannot be read.
        """
        if _PARITY not in self.manifest.files:
            return ()
        try:
            return from_json((self.path / _PARITY).read_text("utf-8"))
        except _UNLOADABLE as error:
            raise _unloadable(self.path, error) from error

    @property
    def model(self) -> OmbudModel:
        """The model as training makes it, read from the folder if it was not just trained.

        Raises:
            BundleError: If it cannot be made of what the folder holds.
        """
        return self.trained[0] if self.trained else _trained(self.path, self.info.sha256)[0]

    @property
    def tokenizer(self) -> PreTrainedTokenizerBase:
        """The encoder's tokenizer as transformers reads it.

        Raises:
            BundleError: If the folder does not hold what it needs.
        """
        return self.trained[1] if self.trained else _trained(self.path, self.info.sha256)[1]


@functools.lru_cache(maxsize=1)
def _trained(
    path: Path,
    sha256: str,  # noqa: ARG001 - part of the key
) -> tuple[OmbudModel, PreTrainedTokenizerBase]:
    """Return what transformers makes of a bundle; `sha256` tells it from one there before."""
    from transformers import AutoTokenizer

    from ombud.model.configuration import OmbudConfig
    from ombud.model.modeling import OmbudModel

    try:
        model: OmbudModel = OmbudModel.from_pretrained(
            None,
            config=OmbudConfig.from_pretrained(path, local_files_only=True),
            state_dict=read_weights(path),
        )
        tokenizer = AutoTokenizer.from_pretrained(
            path, config=model.config, local_files_only=True, trust_remote_code=False
        )
    except _UNLOADABLE as error:
        raise _unloadable(path, error) from error
    model.eval()  # type: ignore[no-untyped-call]
    return model, tokenizer


def write_bundle(
    path: Path,
    model: OmbudModel,
    tokenizer: PreTrainedTokenizerBase,
    calibration: Calibration,
    card: str,
    parity: Sequence[ParityText] = (),
    **manifest: Any,
) -> Manifest:
    """Write a bundle to `path`, whole or not at all; what stood there before is replaced.

    Args:
        path: The folder to write.
        model: Weights are written in safetensors.
        tokenizer: The encoder's tokenizer.
        calibration: Numbers of each view.
        card: The model card, Markdown.
        parity: Texts that back ends are compared on; they go into the bundle as they are.
        manifest: The fields of `Manifest` other than `format` and `files`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        model.save_pretrained(temporary)
        tokenizer.save_pretrained(temporary)
        (temporary / "calibration.json").write_text(calibration.to_json(), encoding="utf-8")
        (temporary / "taxonomy.json").write_text(_taxonomy(), encoding="utf-8")
        (temporary / "card.md").write_text(card, encoding="utf-8")
        if parity:
            (temporary / _PARITY).write_text(to_json(parity), encoding="utf-8")
        for extra in temporary.iterdir():
            if extra.suffix not in _ALLOWED:
                extra.unlink()
        files = {f.name: _sha256(f) for f in sorted(temporary.iterdir())}
        content = Manifest(format=FORMAT, files=files, **manifest)
        (temporary / _MANIFEST).write_text(
            json.dumps(asdict(content), indent=1) + "\n", encoding="utf-8"
        )
        temporary.chmod(0o755)
        replace_folder(temporary, path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return content


def verify_bundle(path: Path) -> tuple[Manifest, str]:
    """Check every file of a bundle; return its manifest and the manifest's SHA-256.

    Raises:
        BundleError: If anything is missing, added, changed, or of an unknown format.
    """
    raw, manifest = _read_manifest(path)
    _check_names(path, manifest)
    for name, expected in manifest.files.items():
        try:
            found = _sha256(path / name)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            message = f"{path}: expected a readable {name}, found: {reason}; fetch the bundle again"
            raise BundleError(message) from error
        if found != expected:
            message = (
                f"{path}: expected SHA-256 {expected} for {name}, found {found}; "
                "the file was changed, fetch the bundle again"
            )
            raise BundleError(message)
    return manifest, hashlib.sha256(raw).hexdigest()


def _read_manifest(path: Path) -> tuple[bytes, Manifest]:
    try:
        raw = (path / _MANIFEST).read_bytes()
    except OSError as error:
        message = (
            f"{path}: expected a bundle with {_MANIFEST}, found: "
            f"{(error.strerror or str(error)).lower()}; make one with 'make run' or name one "
            "with --bundle"
        )
        raise BundleError(message) from error
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError) as error:
        message = f"{path}: expected {_MANIFEST} to be JSON, found: {error}; fetch the bundle again"
        raise BundleError(message) from error
    found = content.get("format") if isinstance(content, dict) else content
    if not isinstance(content, dict) or isinstance(found, bool) or found != FORMAT:
        message = (
            f"{path}: expected bundle format {FORMAT}, found {str(found)[:40]!r}; "
            "use the version of ombud that made it"
        )
        raise BundleError(message)
    wanted = {field.name: field.type for field in dataclasses.fields(Manifest)}
    wrong = sorted(wanted.keys() ^ content.keys()) or [
        name
        for name, value in content.items()
        if not isinstance(value, {"int": int, "str": str}.get(str(wanted[name]), dict))
    ]
    if wrong or not all(isinstance(sha, str) for sha in content["files"].values()):
        message = (
            f"{path}: expected {_MANIFEST} to hold {', '.join(wanted)}, found something else "
            f"at {', '.join(wrong) or 'files'}; fetch the bundle again"
        )
        raise BundleError(message)
    return raw, Manifest(**content)


def read_bundle(path: Path) -> Bundle:
    """Check and load a bundle; no code of the folder runs and no pickle is read.

    Raises:
        BundleError: If the bundle is damaged or cannot be loaded.
    """
    manifest, sha256 = verify_bundle(path)
    try:
        served = ServedModel.read(path)
        tokens = Tokens.read(path / "tokenizer.json", served.config.max_tokens)
        calibration = Calibration.from_json((path / "calibration.json").read_text("utf-8"))
        _check_labels(served, calibration)
    except UnknownWeightsError as error:
        message = (
            f"{path}: expected the weights of this model, found {error}; "
            "use the version of ombud that made it"
        )
        raise BundleError(message) from error
    except _UNLOADABLE as error:
        raise _unloadable(path, error) from error
    info = ModelInfo(manifest.name, manifest.version, sha256)
    return Bundle(path, manifest, info, served, tokens, calibration)


def _unloadable(path: Path, error: Exception) -> BundleError:
    message = f"{path}: expected a loadable bundle, found: {first_line(error)}; make it again"
    return BundleError(message)


def _check_labels(served: ServedModel, calibration: Calibration) -> None:
    config = served.config
    if (config.outcomes, config.reasons) != (
        calibration.outcomes,
        calibration.reasons,
    ):
        message = "labels of config.json that are not those of calibration.json"
        raise ValueError(message)
    if unknown := sorted({*config.outcomes, *config.reasons} - set(LABELS)):
        message = f"labels that are not in the taxonomy: {', '.join(unknown)}"
        raise ValueError(message)
    if missing := [view for view in VIEWS if view not in calibration.views]:
        message = f"no calibration of the view {missing[0]!r}"
        raise ValueError(message)
    hidden = config.hidden_size
    if calibration.scope is not None and len(calibration.scope.weights) != hidden:
        message = (
            f"{len(calibration.scope.weights)} numbers of the scope in calibration.json for "
            f"vectors of {hidden}"
        )
        raise ValueError(message)


def _check_names(path: Path, manifest: Manifest) -> None:
    entries = list(path.iterdir())
    if odd := sorted(f.name for f in entries if f.is_symlink() or not f.is_file()):
        message = (
            f"{path}: expected plain files only, found {', '.join(odd)} to be a link or folder"
        )
        message += "; copy the bundle with its files, not with links"
        raise BundleError(message)
    present = {f.name for f in entries} - {_MANIFEST}
    listed = set(manifest.files)
    if missing := sorted((listed | set(_NEEDED)) - (present & listed)):
        message = f"{path}: expected the file(s) {', '.join(missing)}, found them missing"
        message += "; fetch the bundle again"
        raise BundleError(message)
    if extra := sorted(present - listed):
        message = (
            f"{path}: expected only the files of the manifest, found also {', '.join(extra)}; "
            "remove what does not belong there"
        )
        raise BundleError(message)
    wrong = sorted(
        name for name in listed if Path(name).name != name or Path(name).suffix not in _ALLOWED
    )
    if wrong:
        message = (
            f"{path}: expected only {', '.join(sorted(_ALLOWED))} files, found "
            f"{', '.join(wrong)}; a bundle holds no pickle and no code, do not use this one"
        )
        raise BundleError(message)


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _taxonomy() -> str:
    content = {
        "version": TAXONOMY_VERSION,
        "outcomes": [asdict(outcome) for outcome in OUTCOMES],
        "reasons": [asdict(reason) for reason in REASONS],
    }
    return json.dumps(content, indent=1) + "\n"
