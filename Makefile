# Few verbs, the same everywhere: make setup, setup-spark, run, test, check, serve, mlflow, figures, card,
# bench-label, bench-train, bench-batch, bench-eraser, bench-ablation, gpu-check, clean.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OMBUD := $(BIN)/ombud
CASES := $(shell find data/authored -name '*.md' -o -name '*.json')
DATASET := data/derived/authored.parquet
SPLIT_FILE := data/derived/split.json
RECIPE := training/recipes/quick.toml
WORDINGS := data/wordings
BUNDLE := models/current
DECISION := data/examples/24-000-117.txt

export MLFLOW_DISABLE_TELEMETRY := true
export DO_NOT_TRACK := true

.PHONY: setup setup-spark run test check serve mlflow figures card bench-label bench-train bench-batch bench-eraser bench-ablation gpu-check clean

setup: $(VENV)/ready

# torch first and by its exact version: a plain 'torch' may pull gigabytes of CUDA packages.
$(VENV)/ready: constraints.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("make setup: expected Python 3.11 or newer, found %d.%d; name one with PYTHON=" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep '^torch==' constraints.txt)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[training,serving,onnx,dev]'
	touch $@

# Not part of setup: 450 MB to fetch and as much to unpack.
setup-spark: $(VENV)/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[spark]'

$(DATASET): $(VENV)/ready $(CASES)
	$(OMBUD) corpus build data/authored --out $@

$(SPLIT_FILE): $(DATASET)
	$(OMBUD) corpus split $(DATASET) --out $@

$(BUNDLE)/manifest.json: $(SPLIT_FILE) $(RECIPE) $(wildcard $(WORDINGS)/*.jsonl $(WORDINGS)/*/*.jsonl)
	$(OMBUD) train $(DATASET) --split $(SPLIT_FILE) --recipe $(RECIPE) --wordings $(WORDINGS) --out $(BUNDLE) --resume

run: $(BUNDLE)/manifest.json
	$(OMBUD) predict $(DECISION) --bundle $(BUNDLE)

test: $(VENV)/ready
	$(BIN)/python -m pytest

check: $(VENV)/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

serve: $(BUNDLE)/manifest.json
	$(OMBUD) serve --bundle $(BUNDLE)

mlflow: $(VENV)/ready
	$(BIN)/mlflow ui --backend-store-uri sqlite:///mlflow.db --host 127.0.0.1 --port 5000

# The figures of the README: both recipes cross-validated over whole writers' batches, and the full one
# by date with three seeds. About an hour on two free cores.
figures: $(SPLIT_FILE)
	$(OMBUD) corpus report $(DATASET) --cases data/authored
	$(OMBUD) train $(DATASET) --recipe quick --wordings $(WORDINGS) --folds 5 --folds-by writer
	$(OMBUD) train $(DATASET) --recipe full --wordings $(WORDINGS) --folds 3 --folds-by writer
	$(OMBUD) train $(DATASET) --split $(SPLIT_FILE) --recipe full --wordings $(WORDINGS) --seeds 3

# Encoder training, one epoch of 48 documents: tokens a second of the ordinary way and of ours.
# Minutes on two free cores; with BENCH=--quality both are trained to the end, which takes hours.
bench-train: $(SPLIT_FILE)
	$(OMBUD) bench train $(DATASET) --split $(SPLIT_FILE) --recipe full $(BENCH)

# Both recipes on a GPU; what it prints goes into training/RESULTS.md.
gpu-check: $(SPLIT_FILE)
	$(OMBUD) gpu-check $(DATASET) --split $(SPLIT_FILE) --wordings $(WORDINGS)

# The data card: everything in it measured anew. Half an hour on two free cores, most of it the learning
# curve; commit data/CARD.md, data/figures.json and data/learning-curve.svg together.
KEPT := data/figures.json
card: $(SPLIT_FILE)
	$(OMBUD) corpus report $(DATASET) --cases data/authored --figures $(KEPT) --html data/derived/report.html
	$(OMBUD) corpus agreement $(DATASET) --cases data/authored --figures $(KEPT)
	$(OMBUD) learning-curve $(DATASET) --split $(SPLIT_FILE) --recipe training/recipes/curve.toml --figures $(KEPT) --plot data/learning-curve.svg
	$(OMBUD) corpus card $(DATASET) --cases data/authored --figures $(KEPT) --card data/CARD.md

# Labels on the documents that nobody read while the functions were written (data/labelling.md).
bench-label: $(DATASET)
	$(OMBUD) label --report $(DATASET) --seen data/labelling_seen.txt

# Batch scoring against transformers.pipeline with the same encoder, texts read whole, in one run.
# Idle cores are needed for figures that mean anything; ROWS="--rows 10000 --rows 1000000" adds an hour.
bench-batch: REAL := $(wildcard ../shared/real/lgsco)
bench-batch: $(BUNDLE)/manifest.json
	$(OMBUD) export --bundle $(BUNDLE)
	$(OMBUD) bench batch $(DATASET) $(if $(REAL),--real $(REAL)) --bundle $(BUNDLE) --out build/batch.json $(ROWS)

# The movie reviews of ERASER; SPLIT here names the .jsonl to report on. A busy wait of one thread
# for another would take the cores from whatever else runs.
bench-eraser: ERASER := ../shared/real/eraser_movies
bench-eraser: SPLIT := val
bench-eraser: BUDGET := 0.2
bench-eraser: $(VENV)/ready
	OMP_WAIT_POLICY=PASSIVE $(OMBUD) bench eraser $(ERASER) --split $(SPLIT) --budget $(BUDGET) --out build/eraser.json --model build/eraser-model

# Which design of rationales is best (training/RESULTS.md). Finished rows stay in build/ablation and are
# not run again.
bench-ablation: $(SPLIT_FILE)
	OMP_WAIT_POLICY=PASSIVE $(OMBUD) bench ablation $(DATASET) --split $(SPLIT_FILE) --recipe $(RECIPE) --wordings $(WORDINGS) --keep build/ablation --out build/ablation.json

clean:
	rm -rf data/derived models/current build dist
