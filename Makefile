# Callwright. `make call` plays a whole call on this machine; `make test` passes every test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python requirements/install.py
# Neither a list nor a call in text mode needs ears and voice.
SPEECH := $(if $(filter --list --text --help -h,$(ARGS)),,speech)
CODE := shared functions services infra tests
STAGE ?= dev
CDK := npx --no-install cdk
# Node 20 is past its end of life and still works; jsii says so in forty lines otherwise.
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20
LOCKS := simulator incoming stripe-webhook deliver office synthetic-call media-bridge

.PHONY: help call talk up tool calls story office jobs job block callbacks events mode blocklist forget test check format e2e-voice bench fuzz drills soak check-captures house evals evals-scenarios evals-file evals-public evals-own journals weights lock clean
.PHONY: synth secrets doctor deploy connect smoke analytics

help: ## this list
	@show() { printf '\n%s\n' "$$1"; shift; for each; do \
	  sed -n "s/^$$each:.*## /  $$each\t/p" $(MAKEFILE_LIST) | expand -t 18; done; }; \
	show "Try it: no account, no key" call talk up tool smoke; \
	show "See what happened" calls story analytics; \
	show "Your business" business; \
	show "The office, on a laptop or deployed" office jobs job block callbacks events mode blocklist forget; \
	show "With an AWS account" doctor synth secrets deploy connect; \
	show "Work on it" test check format lock clean help; \
	show "Measure it" house e2e-voice bench fuzz drills soak evals evals-scenarios evals-file evals-public evals-own \
	  check-captures journals weights

call: $(VENV)/.simulator $(SPEECH) ## play the spec's call; BUSINESS=ID or FILE; ARGS="--list", "--json", "--scenario NAME"
	@$(if $(BUSINESS),$(BIN)/python -m services.operator business check $(BUSINESS) &&) \
	  $(BIN)/python -m services.simulator call $(if $(BUSINESS),--business $(BUSINESS)) $(ARGS)

talk: $(VENV)/.simulator $(SPEECH) ## a phone in your browser: talk to it; BUSINESS=mine.toml, ARGS="--text", "--no-open", "--port N", "--help"
	@$(if $(BUSINESS),$(BIN)/python -m services.operator business check $(BUSINESS) &&) \
	  $(BIN)/python -m services.simulator talk $(if $(BUSINESS),--business $(BUSINESS)) $(ARGS)

up: $(VENV)/.simulator $(SPEECH) ## the local stack without a call, until Ctrl-C; BUSINESS=ID or FILE; ARGS="--text", "--at now"
	@$(if $(BUSINESS),$(BIN)/python -m services.operator business check $(BUSINESS) &&) \
	  $(BIN)/python -m services.simulator up $(if $(BUSINESS),--business $(BUSINESS)) $(ARGS)

tool: $(VENV)/.simulator ## use one tool of the agent: NAME=check_availability JSON='{…}'; BUSINESS=ID or FILE
	@$(if $(NAME),,echo "say which: make tool NAME=check_availability JSON='{…}'" >&2; exit 2)
	@$(if $(BUSINESS),$(BIN)/python -m services.operator business check $(BUSINESS) &&) \
	  $(BIN)/python -m services.simulator tool $(NAME) '$(JSON)' $(if $(BUSINESS),--business $(BUSINESS)) $(ARGS)

test: $(VENV)/.dev speech judge ## every test: units, contracts, races, calls through real sockets; ARGS="PATH -k WORD"
	@$(BIN)/python -m pytest -n 3 $(ARGS)

check: $(VENV)/.dev ## format, lint, types, import contracts, the house in order, cdk-nag and cfn-lint
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.house --check
	@if command -v node >/dev/null; then $(BIN)/python -m pytest tests/infra/test_security.py; \
	else echo "cdk-nag and cfn-lint left out, for want of Node" >&2; fi

format: $(VENV)/.dev ## put the code into shape
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

e2e-voice: $(VENV)/.dev speech ## every scripted call with real voices, at the speed of life
	@$(BIN)/python -m pytest tests/e2e/test_scripted_calls.py -m 'all_voices or not all_voices' -k real_sound -v $(ARGS)

bench: $(VENV)/.dev ## what a call costs beside a relay and the floor; ARGS="--calls 50 100 200", "--help"
	@$(BIN)/python -m tests.bench.answer_path
	@$(BIN)/python -m tests.bench.core_frame
	@$(BIN)/python -m tests.bench.bridge $(ARGS)

fuzz: $(VENV)/.dev ## throw what nobody sends at both legs and every webhook, with fresh seeds, for minutes; ARGS="-k WORD"
	@FUZZ=1 $(BIN)/python -m pytest -n 2 tests/fuzz tests/unit/functions/stripe_webhook/test_webhook.py tests/unit/services/media_bridge/core/test_session.py tests/unit/functions/incoming/test_routes.py $(ARGS)

drills: $(VENV)/.dev ## every fault on the real stack, and what the caller heard; ARGS="--only WORD", "--write"
	@$(BIN)/python -m tests.drills $(ARGS)

soak: $(VENV)/.dev ## ten minutes of callers who come and go: nothing may grow; ARGS="--minutes 2"
	@$(BIN)/python -m tests.bench.soak $(ARGS)

check-captures: $(VENV)/.dev ## digest captured events: DIR=folder of .jsonl
	@$(BIN)/python -m tests.check_captures $(DIR)

house: $(VENV)/.dev ## the measurements of the house: sizes, names, folders, how tests mirror modules
	@$(BIN)/python -m tests.house $(ARGS)

evals: $(VENV)/.dev $(if $(findstring realtime,$(ARGS)),$(SPEECH)) ## play every scenario with every model through the call's core; ARGS="--random 300", "--json", "--failures DIR", "--model realtime"
	@$(BIN)/python -m tests.evals.conversation $(ARGS)

evals-scenarios: $(VENV)/.dev ## play the scenarios of a file: FILE=...; ARGS as for evals
	@$(BIN)/python -m tests.evals.conversation --file $(FILE) $(ARGS)

evals-file: $(VENV)/.dev ## grade a labelled file: KIND=danger|claims|answers|dates|sentences FILE=...; ARGS=-v or --json
	@$(BIN)/python -m tests.evals file $(KIND) $(FILE) $(ARGS)

evals-public: $(VENV)/.dev ## grade the public sets in DIR: danger, cards, dates, addresses, yes and no
	@$(BIN)/python -m tests.evals public $(DIR) $(ARGS)

evals-own: $(VENV)/.dev ## grade the project's own sets, those that were not tuned to apart
	@$(BIN)/python -m tests.evals own $(ARGS)

weights: ## train the classifier of dangers anew and write its report; DIR=public ordinary speech
	@$(PYTHON) -m venv build/training && build/training/bin/python -m pip --disable-pip-version-check install -q --require-hashes -r requirements/training.txt
	@build/training/bin/python -m tests.evals.hazards.train $(DIR)

journals: $(VENV)/.dev ## record the replayed calls of tests/calls anew, after a rule was changed
	@$(BIN)/python -m tests.calls.record $(ARGS)

# -- with an AWS account; STAGE is a stage of cdk.json --------------------------------------------

synth: $(VENV)/.dev node_modules/.bin/cdk ## make the templates of STAGE; needs no account
	@$(CDK) synth --quiet -c stage=$(STAGE)

secrets: $(VENV)/.dev ## create and fill the secrets of STAGE; asks without showing
	@$(BIN)/python -m infra.ops.secrets --stage $(STAGE) $(ARGS)

doctor: $(VENV)/.dev ## what is in the way of deploying STAGE, in one list; changes nothing
	@$(BIN)/python -m infra.ops.doctor --stage $(STAGE) $(ARGS)

deploy: $(VENV)/.dev node_modules/.bin/cdk ## deploy STAGE and place a smoke call; ONLY=functions leaves the bridge alone
	@$(BIN)/python -m infra.ops.deploy --stage $(STAGE) $(if $(ONLY),--only $(ONLY)) $(ARGS)

connect: $(VENV)/.dev ## point Twilio's numbers and Stripe at STAGE; APPLY=1 does it, else it is shown
	@$(BIN)/python -m infra.ops.connect --stage $(STAGE) $(if $(APPLY),--apply) $(if $(TAKE_OVER),--take-over) $(ARGS)

smoke: $(VENV)/.simulator ## place one synthetic call against STAGE; STAGE=local needs no account, and rings BUSINESS=ID or FILE
	@$(BIN)/python -m services.simulator smoke $(if $(filter local,$(STAGE)),--local,--stage $(STAGE)) \
	  $(if $(BUSINESS),--business $(BUSINESS)) $(ARGS)

calls: $(VENV)/.simulator ## the calls of STAGE; SINCE=1h HAZARD=1 FAILED=1 BUSINESS=ID; STAGE=local needs no account
	@$(BIN)/python -m services.operator calls --stage $(STAGE) $(if $(SINCE),--since $(SINCE)) \
	  $(if $(HAZARD),--hazard) $(if $(FAILED),--failed) $(if $(BUSINESS),--business $(BUSINESS)) $(ARGS)

story: $(VENV)/.simulator ## all that happened in one call of STAGE: CALL=CA…; ARGS=--html makes a page of it
	@$(if $(CALL),,echo "say which: make story CALL=CA…; make calls STAGE=$(STAGE) lists them" >&2; exit 2)
	@$(BIN)/python -m services.operator story $(CALL) --stage $(STAGE) $(ARGS)

jobs: $(VENV)/.simulator ## a day's visits of STAGE by crew: DAY=2025-08-29 BUSINESS=ID; ARGS="--all", "--unmasked"
	@$(BIN)/python -m services.operator jobs --stage $(STAGE) $(if $(DAY),--day $(DAY)) $(if $(BUSINESS),--business $(BUSINESS)) $(ARGS)

job: $(VENV)/.simulator ## one visit of STAGE: ARGS="show|note|move|cancel|complete JOB …", "--help"; APPLY=1 does it
	@$(BIN)/python -m services.operator job $(ARGS) --stage $(STAGE) $(if $(APPLY),--apply)

business: $(VENV)/.dev ## a business's file in STAGE: ARGS="check FILE", "draft FILE", "publish FILE", "rollback ID", "diff FILE", "list"
	@$(BIN)/python -m services.operator business $(ARGS) $(if $(filter check%,$(ARGS)),,--stage $(STAGE))

block: $(VENV)/.simulator ## a crew of STAGE takes no job: ARGS="CREW FROM TO REASON", "CREW FROM TO --undo"; APPLY=1 does it
	@$(BIN)/python -m services.operator block $(ARGS) --stage $(STAGE) $(if $(APPLY),--apply)

callbacks: $(VENV)/.simulator ## who is to be called back in STAGE; ARGS="--done CA…", "--all", "--unmasked"; BUSINESS=ID
	@$(BIN)/python -m services.operator callbacks --stage $(STAGE) $(if $(BUSINESS),--business $(BUSINESS)) $(ARGS)

events: $(VENV)/.simulator ## what was told to nobody yet in STAGE: ARGS="list", "resend ID", "resend --to NAME"; BUSINESS=ID; APPLY=1 does it
	@$(BIN)/python -m services.operator events $(or $(ARGS),list) --stage $(STAGE) $(if $(BUSINESS),--business $(BUSINESS)) $(if $(APPLY),--apply)

office: $(VENV)/.simulator ## a link to the office's page in STAGE; BUSINESS=ID; ARGS=--lock-all locks every device
	@$(BIN)/python -m services.operator office --stage $(STAGE) $(if $(BUSINESS),--business $(BUSINESS)) $(ARGS)

mode: $(VENV)/.simulator ## who answers in STAGE; BUSINESS=ID MODE=ai|after_hours|overflow|people switches it
	@$(BIN)/python -m services.operator mode --stage $(STAGE) $(if $(BUSINESS),--business $(BUSINESS)) $(if $(MODE),--to $(MODE))

blocklist: $(VENV)/.simulator ## numbers that STAGE does not take: ARGS="add|remove|list NUMBER"
	@$(BIN)/python -m services.operator blocklist $(ARGS) --stage $(STAGE)

forget: $(VENV)/.simulator ## what STAGE keeps of one customer, PHONE=+1…; APPLY=1 takes it out
	@$(BIN)/python -m services.operator forget $(PHONE) --stage $(STAGE) $(if $(APPLY),--apply) $(ARGS)

analytics: $(VENV)/.dev ## the KPI tables and plots; ARGS="--export DIR" for a downloaded export
	@$(BIN)/python -m services.analytics $(ARGS)

node_modules/.bin/cdk: package-lock.json
	@echo "installing the CDK command line (once)" >&2
	@npm ci --silent >&2 && touch $@

.DEFAULT:
	@echo "there is no '$@': make alone lists what there is" >&2; exit 2

# -- upkeep ---------------------------------------------------------------------------------------

lock: $(VENV)/.dev ## pin anew what pyproject.toml asks for
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --group dev pyproject.toml -o requirements/dev.txt
	for group in $(LOCKS); do \
	  $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes -c requirements/dev.txt \
	    --group $$group pyproject.toml -o requirements/$$group.txt || exit 1; done
	for group in speech training; do \
	  $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --group $$group pyproject.toml \
	    -o requirements/$$group.txt || exit 1; done

clean: ## forget the set-up and what was built
	rm -rf $(VENV) node_modules build cdk.out .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis call.wav call.html

# -- set-up: into $(VENV) alone, once for each lock; progress on stderr -------------------------

$(BIN)/python:
	@echo "setting up $(VENV) with $$($(PYTHON) --version)" >&2
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV) >&2

$(VENV)/.simulator: requirements/simulator.txt | $(BIN)/python
	@$(INSTALL) $< "installing what a call needs (once, about 230 MB of disk, in $(VENV) alone)" && touch $@

$(VENV)/.dev: requirements/dev.txt | $(BIN)/python
	@$(INSTALL) $< "installing what the tests need (once, about 1 GB of disk, in $(VENV) alone)" && touch $@

# What judges the page of `make talk`; without npm the page is tried unjudged.
.PHONY: judge
judge:
	@if command -v npm >/dev/null && [ ! -e node_modules/axe-core ]; then \
	  npm ci --silent >&2 || echo "npm installed nothing: the tests of pages will say so" >&2; fi

# Ears and voice have wheels for common machines only; without them the call runs in text mode.
.PHONY: speech
speech: | $(BIN)/python
	@if [ ! -e $(VENV)/.speech ] || [ requirements/speech.txt -nt $(VENV)/.speech ]; then \
	  if $(INSTALL) requirements/speech.txt "installing ears and voice (once, about 170 MB to fetch; ARGS=--text does without)" --only-binary :all:; \
	  then touch $(VENV)/.speech; \
	  else echo "no ears and voice for this machine: calls run in text mode" >&2; fi; fi
