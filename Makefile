# Every target sets up what it needs; see scripts/bootstrap.
PYTHON := .venv/bin/python
SDKS := 0.9 0.10 0.11
SIDE_BY_SIDE := --numprocesses auto --dist loadfile
PARTLY := -m pytest -q -p no:cacheprovider $(SIDE_BY_SIDE)
TABLE_TESTS := end_to_end/test_connecting end_to_end/test_faults end_to_end/test_outages \
	end_to_end/test_early_ends end_to_end/test_quiet_and_noisy end_to_end/test_slow_and_silent \
	stt/test_mute stt/test_call stt/test_audio

.PHONY: demo bot bench test soak explore findings test-sdks test-oldest pictures fault-tables sdk-table configuration docs lint format environment system-deps clean

demo: environment  ## human speech through the whole local path; then with breaks, beside Pipecat's own
	@$(PYTHON) -m benchmarks.demo $(DEMO_ARGS)

bot: environment  ## talk to a bot in the browser, on this machine alone
	@$(PYTHON) -m examples.offline $(BOT_ARGS)

bench: environment  ## measure this client and its peers side by side
	@$(PYTHON) -m benchmarks $(BENCH_ARGS)

test: environment  ## run every test, on all cores (TEST_ARGS="--numprocesses 0": on one)
	@$(PYTHON) -m pytest $(SIDE_BY_SIDE) $(TEST_ARGS)

soak: environment  ## a hundred conversations, a fault in each; 200 calls in chaos; long outages
	@$(PYTHON) -m tests.end_to_end.soak $(SOAK_ARGS)
	@$(PYTHON) -m tests.end_to_end.outages $(OUTAGE_ARGS)
	@$(PYTHON) -m tests.end_to_end.chaos $(CHAOS_ARGS)

explore: environment  ## visit every state of a session in a small world (EXPLORE_ARGS: another)
	@$(PYTHON) -m tests.client.session.explore $(EXPLORE_ARGS)

findings:  ## see whether other libraries still do what nobody would guess
	@findings/run $(FINDINGS)

test-sdks: $(SDKS:%=test-sdk-%) test-deepgram-6  ## run what touches an SDK on its other versions

test-sdk-%:
	@scripts/bootstrap sdk-$*
	@.venv-sdk-$*/bin/python $(PARTLY) \
		tests/transport tests/stt/test_migration.py tests/end_to_end/test_connecting.py

test-deepgram-%:
	@scripts/bootstrap deepgram-$*
	@.venv-deepgram-$*/bin/python $(PARTLY) \
		tests/deepgram_sdk/test_listening.py tests/deepgram_sdk/test_speaking.py \
		-k 'fault_costs or the_sdk_speaks or configure'

test-python-%:
	@scripts/bootstrap python-$*
	@.venv-python-$*/bin/python $(PARTLY) tests/transport tests/client tests/stt

test-oldest:  ## run what touches Pipecat on the oldest version that is supported
	@scripts/bootstrap oldest
	@.venv-oldest/bin/python $(PARTLY) \
		tests/stt tests/end_to_end/test_nova_pipeline_faults.py

sdk-table: environment  ## renew the table of docs/deepgram-sdk.md: this transport beside Deepgram's
	@$(PYTHON) -m benchmarks.sdk_losses --write

pictures: environment  ## remake the pictures of the docs: the bot's page and its film, the demo's terminal
	@$(PYTHON) -m scripts.film_page docs
	@$(PYTHON) scripts/record_demo.py docs/demo.svg

fault-tables: environment  ## write the tables of docs/reliability.md from the tests that show them
	@$(PYTHON) -m pytest -p tests.fault_tables $(TABLE_TESTS:%=tests/%.py) -k 'not the_page_has'

configuration: environment  ## write the tables of settings and options in docs/
	@$(PYTHON) -m scripts.write_configuration

docs: environment  ## build the pages and the API reference in .cache/docs, with warnings as errors
	@$(PYTHON) -m sphinx -q --fresh-env --fail-on-warning --keep-going \
		--doctree-dir .cache/docs/doctrees docs .cache/docs/html
	@echo "read .cache/docs/html/index.html"

lint: environment  ## check style, formatting and types
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/pyright

format: environment  ## rewrite the sources in the project's format
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

environment:
	@scripts/bootstrap

system-deps:  ## Debian packages that some tests use: recorded prompts with their texts (needs root)
	@scripts/system-deps

clean:  ## remove what the other targets built
	rm -rf .venv .venv-* .tools .cache
