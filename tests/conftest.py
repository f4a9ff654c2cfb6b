"""Fixtures shared by all tests: the command, a tiny encoder, a tiny bundle, the real decisions."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from command import Command
from ombud.bundle import write_bundle
from ombud.calibration import Calibration, ViewCalibration
from ombud.model import EncoderSource, OmbudModel
from ombud.predictor import Predictor, load
from ombud.taxonomy import OUTCOMES, REASONS
from ombud.views import VIEWS

REAL = Path(__file__).resolve().parents[2] / "shared" / "real"

STATEMENT = """The Ombudsman's final decision
Summary: We will not investigate this complaint about a fence. It came to us too late.
The complaint
1. Mr X complains that the Council gave his neighbour permission for a tall fence in 2015.
The Ombudsman's role and powers
2. We cannot look at complaints made more than twelve months after the event.
My assessment
3. Mr X knew about the fence in 2015. He could have come to us then.
Final decision
4. We will not investigate this complaint because it is late.
"""

LETTER = "Hello, my neighbour built a huge fence.\nThe council said yes to it. I want it gone!"


@pytest.fixture
def ombud(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command `ombud` with all subcommands, run in this process."""
    return Command(monkeypatch, capsys)


@pytest.fixture(scope="session")
def real_folder() -> Path:
    """The folder of real decisions beside the checkout."""
    if not REAL.is_dir():
        pytest.skip(f"the real decisions are not at {REAL}")
    return REAL


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> EncoderSource:
    """A random two-layer encoder with a character vocabulary, as a Hugging Face folder."""
    folder = tmp_path_factory.mktemp("tiny-encoder")
    characters = [chr(c) for c in range(33, 127)]
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *characters, *(f"##{c}" for c in characters)]
    tokenizer = Tokenizer(
        WordPiece(
            {t: i for i, t in enumerate(tokens)}, unk_token="[UNK]", max_input_chars_per_word=50
        )
    )
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        model_max_length=128,
    )
    fast.save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(tokens),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return EncoderSource("tiny", str(folder))


@pytest.fixture(scope="session")
def tiny_model(tiny_encoder: EncoderSource) -> OmbudModel:
    """A model with random heads on the tiny encoder."""
    torch.manual_seed(1)
    return OmbudModel.from_encoder(tiny_encoder, selector_size=16, predictor_size=8).eval()


@pytest.fixture(scope="session")
def tiny_bundle(
    tiny_encoder: EncoderSource, tiny_model: OmbudModel, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A whole bundle with random weights, in the format that is served."""
    path = tmp_path_factory.mktemp("bundles") / "tiny"
    reasons = tuple(reason.label for reason in REASONS)
    calibration = Calibration(
        tuple(outcome.label for outcome in OUTCOMES),
        reasons,
        {view: ViewCalibration.neutral(len(reasons)) for view in VIEWS},
    )
    write_bundle(
        path,
        tiny_model,
        tiny_encoder.tokenizer(),
        calibration,
        "# A tiny model with random weights, for tests\n",
        name="tiny",
        version="1",
        run_id="",
        commit="",
        data_digest="",
        split_digest="",
        encoder="tiny",
        created="2026-01-01T00:00:00Z",
        metrics={},
    )
    return path


@pytest.fixture(scope="session")
def tiny_predictor(tiny_bundle: Path) -> Predictor:
    """The tiny bundle, loaded."""
    return load(tiny_bundle)
