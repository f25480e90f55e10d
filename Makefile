# make run: everything from a bare clone to a served chat page. make test: every check.
HOST ?= 127.0.0.1
PORT ?= 8000
PYTHON ?= python3.11
BIN := .venv/bin
EVAL_DIR := build/eval
DOCUMENTS ?= corpus/data/plans
FUZZ_SECONDS ?= 600
# Python keeps what it compiles when it is first imported: most of what is installed never is.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install run test test-postgres check fix eval eval-real baseline bench bench-scale bench-widget bench-load bench-ray bundle-check crash rivals ablation bench-reranker reranker fuzz fuzz-api audit samples clean

install: $(BIN)/keikaku

# A present pip first: that of Python 3.11 takes twice the time. Then torch, pinned: unpinned it pulls gigabytes of CUDA.
$(BIN)/keikaku: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv || python3 -m venv .venv
	$(BIN)/python -m pip install -qq -c constraints.txt pip
	$(BIN)/pip install -qq --no-compile -c constraints.txt torch
	$(BIN)/pip install -qq --no-compile -c constraints.txt -e '.[dev]'
	touch $@

run: install
	$(BIN)/keikaku serve --host $(HOST) --port $(PORT) --samples

test: check
	$(BIN)/python -m tests.run
	$(MAKE) --no-print-directory eval

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m tests.audit

# Known weaknesses of the pinned packages; says so where no advisory database can be reached.
audit: install
	$(BIN)/python -m tests.audit

# Requests made from the OpenAPI document, EXAMPLES for each operation.
EXAMPLES ?= 300
fuzz-api: install
	SCHEMA_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -q tests/test_ui_schema.py

fix: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Tests that speak to the catalog, with it on Debian's PostgreSQL, started for them; TESTS="tests/…" chooses others.
test-postgres: install
	$(BIN)/python -m tests.postgres -q $(TESTS)

# A library of its own, so that the figures do not depend on what was added to var/.
eval: install
	rm -rf $(EVAL_DIR)
	KEIKAKU_DATA_DIR=$(EVAL_DIR)/data $(BIN)/keikaku add --visibility public corpus/data/plans
	KEIKAKU_DATA_DIR=$(EVAL_DIR)/data $(BIN)/keikaku eval run --cases evals/data/sample_cases.jsonl \
	  --out $(EVAL_DIR)/run --gate evals/gate.json --baseline evals/data/baseline.jsonl
	KEIKAKU_DATA_DIR=$(EVAL_DIR)/data $(BIN)/keikaku eval run --cases evals/data/sample_cases_wider.jsonl \
	  --out $(EVAL_DIR)/wider --gate evals/gate_wider.json --baseline evals/data/baseline_wider.jsonl

# The scores that later runs are compared with: after a change that is meant, and looked at.
baseline: eval
	cp $(EVAL_DIR)/run/scores.jsonl evals/data/baseline.jsonl
	cp $(EVAL_DIR)/wider/scores.jsonl evals/data/baseline_wider.jsonl

bench: install
	$(BIN)/python -m evals.bench --out evals/data/bench.json --documents $(DOCUMENTS)

# Public data to measure search with (JSQuAD, JaQuAD, laws, real documents): it is no part of the project.
SHARED ?= ../shared

bench-scale: install
	$(BIN)/python -m evals.bench_scale --library build/scale $(if $(NOISE),--noise $(NOISE)) \
	  --plans $(SHARED)/plans --cases $(SHARED)/evals/plan_cases.jsonl --out evals/data/bench_scale.json

# Citizens at the window at the same time.
VISITORS ?= 50
bench-widget: install
	$(BIN)/python -m evals.bench_widget --visitors $(VISITORS) --out evals/data/bench_widget.json

# 64 visitors for five minutes on this machine; USERS and SECONDS choose others.
USERS ?= 64
SECONDS ?= 300
bench-load: install
	$(BIN)/pip install -qq -c constraints.txt -e '.[load]'
	$(BIN)/python -m tests.load --users $(USERS) --seconds $(SECONDS) --out evals/data/bench_load.json

# The same documents by one machine and by a Ray cluster of two nodes, a reader killed once.
RAY_DOCUMENTS ?= $(SHARED)/realdocs/kodaira
bench-ray: install
	$(BIN)/pip install -qq -c constraints.txt -e '.[ray]'
	$(BIN)/python -m pytest -q tests/ray_cluster.py
	$(BIN)/python -m evals.bench_ray --documents $(RAY_DOCUMENTS) --out evals/data/bench_ray.json

# A bundle for closed networks, installed and asked where there is no network (util-linux, iproute2): about six minutes.
bundle-check: install
	rm -rf build/bundle
	$(BIN)/keikaku bundle build/bundle
	unshare --net --map-root-user sh tests/offline.sh build/bundle build/offline

# Kills commands at random moments and looks whether anything that was reported done is lost.
ROUNDS ?= 50
crash: install
	$(BIN)/python -m evals.crash --rounds $(ROUNDS) --out evals/data/crash.json

# Questions over real documents, in a library that is kept between runs; some odd files are refused, as they should be.
eval-real: install
	-KEIKAKU_DATA_DIR=build/real $(BIN)/keikaku add --visibility public $(SHARED)/realdocs
	$(BIN)/keikaku eval facts --documents corpus/data/plans --documents $(SHARED)/plans --documents $(SHARED)/realdocs
	$(BIN)/keikaku eval headings --documents corpus/data/plans --documents $(SHARED)/plans --documents $(SHARED)/realdocs
	rm -rf build/real-run
	KEIKAKU_DATA_DIR=build/real $(BIN)/keikaku eval run --cases evals/data/real_cases.jsonl --out build/real-run
	rm -rf build/real-fresh
	KEIKAKU_DATA_DIR=build/real $(BIN)/keikaku eval run --cases evals/data/real_cases_fresh.jsonl --out build/real-fresh

rivals: install
	mkdir -p build
	$(BIN)/python -m evals.side_by_side --data $(SHARED) --out evals/data/side_by_side.json

ablation: install
	$(BIN)/python -m evals.ablation --squad $(SHARED)/data/jsquad-valid-v1.3.json $(SHARED)/data/jaquad-dev.json.gz \
	  --citizens $(SHARED)/realdocs --plans $(SHARED)/plans --cases $(SHARED)/evals/plan_cases.jsonl \
	  --libraries build/ablation --out evals/data/ablation.json

# Answers without and with the reranker.
bench-reranker: install
	$(BIN)/python -m evals.bench_reranker --out evals/data/bench_reranker.json \
	  --set samples corpus/data/plans build/ablation/samples evals/data/sample_cases.jsonl \
	  --set "samples, other words" corpus/data/plans build/ablation/samples evals/data/sample_cases_wider.jsonl \
	  --set plans $(SHARED)/plans build/ablation/plans $(SHARED)/evals/plan_cases.jsonl \
	  --set real $(SHARED)/realdocs build/ablation/citizens evals/data/real_cases.jsonl \
	  --set "real, fresh" $(SHARED)/realdocs build/ablation/citizens evals/data/real_cases_fresh.jsonl

# The reranker that ships, anew: some two hours.
reranker: install
	$(BIN)/python -m evals.reranker_train --squad $(SHARED)/data/jaquad-train.json.gz --libraries build/reranker \
	  --out build/reranker_adapter.npz

# Minutes for each loader, one after the other; what breaks one is kept in build/fuzz.
fuzz: install
	$(BIN)/python -m tests.fuzz --loader all --seconds $(FUZZ_SECONDS)

samples: install
	$(BIN)/python -m corpus.samples

clean:
	rm -rf .venv var build .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
