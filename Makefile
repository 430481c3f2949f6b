# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Everything is made in the checkout: the virtual environment in .venv, all else in .build.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint types unit operations integration sanity artifact leak lanes torture browser eda \
	awx awx-jobs test-long cores docs guides importer screenshot recording sandbox build lock changelog snowflake requests bench \
	bench-quick bench-goals bench-start oldest ministack referees clean distclean generate

# Tools keep caches and logs in the home directory, which not every machine lets them write; Ansible
# looks for the user's whatever HOME says.
ifneq (0,$(shell test -w "$$HOME"; echo $$?))
export HOME := $(CURDIR)/.build/home
export ANSIBLE_REMOTE_TMP := $(CURDIR)/.build/home/ansible
$(shell mkdir -p "$(HOME)")
endif

# One after the other, but for what "test" lets run at once.
ifndef AT_ONCE
.NOTPARALLEL:
endif

# Ansible finds no roles where a path has this name twice, as that of the tests' copies would.
ifneq (,$(findstring /ansible_collections/,$(CURDIR)/))
$(error Move the checkout out of the directory ansible_collections)
endif

# Prints the version of a Python that will do and fails for any other. Candidates are run, not just
# looked up: version managers leave commands on PATH that only print an error.
suitable := import ensurepip, platform, sys; \
	(3, 11) <= sys.version_info[:2] < (3, 15) or sys.exit(1); print(platform.python_version())
ifndef PYTHON
PYTHON := $(shell for python in python3.13 python3.12 python3.11 python3; do \
	"$$python" -c '$(suitable)' >/dev/null 2>&1 && { echo "$$python"; break; }; done)
endif
version := $(shell "$(PYTHON)" -c '$(suitable)' 2>/dev/null)
# One more than there are processors: what is tested waits for its services a third of the time.
at_once := $(shell "$(PYTHON)" -c 'import os; print((os.cpu_count() or 1) + 1)' 2>/dev/null)

# The stamp carries the version, so that another PYTHON makes the environment anew.
ready := .venv/.ready-$(version)
collections := .build/collections
older := .build/snowflake-connector-4
oldest := .build/oldest
ministack := .build/ministack
importer := .build/galaxy-importer
eda := .build/eda
peers := .build/bench/peers
azure_peers := .build/bench/azure-peers
azure_collection := $(peers)/ansible_collections/azure/azcollection
# Of its requirements those that only other modules of it import.
azure_unused := azure-(containerregistry|eventhub|iot-hub|keyvault-securitydomain|nspkg|servicebus)|azure-mgmt-(apimanagement|cosmosdb|devtestlabs|hdinsight|keyvault|managedservices|nspkg|recoveryservices|redis|resourcegraph)|aiohttp|netaddr|oras|pandas
# Holds collections of others: those that the benchmark compares with, and awx.awx.
ansible_package := ansible==12.3.0
awx_modules := .build/awx/collections
awx_jobs := tests/awx/test_jobs.py tests/awx/test_slices.py
checkout_link := $(collections)/ansible_collections/maia/stripe_query
# PATH is set for each command: exported, it would make .venv a candidate for PYTHON.
in_venv := PATH="$(CURDIR)/.venv/bin:$$PATH"

# For what runs the plugins' code outside of Ansible.
with_plugins := $(CURDIR)/tests:$(CURDIR)/$(collections)

# What Python has compiled is kept, whatever the environment says: hundreds of programs start, and
# each would compile Ansible and the SDKs anew.
unexport PYTHONDONTWRITEBYTECODE
# Ansible insists on UTF-8. Python makes that of LANG=C, but not where this says the same.
unexport LC_ALL
export PYTHONPYCACHEPREFIX := $(CURDIR)/.build/pycache
export PYTHONPATH := $(CURDIR)/tests
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/$(collections)
export ANSIBLE_HOME := $(CURDIR)/.build/ansible
export HYPOTHESIS_STORAGE_DIRECTORY := $(CURDIR)/.build/hypothesis

help: ## List the targets
	@echo 'Usage: make TARGET [PYTHON=/path/to/python] [ARGS="..."]'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' Makefile

demo: $(ready) $(checkout_link) ## Authorize a fleet against the sandbox, twice and once more
	@$(in_venv) python -m sandbox --state-dir .build/demo -- python -m demo.demo $(ARGS)

# unit, operations and integration take all processors, the others one each; directories and ports
# are their own. What takes longest comes first, so that nothing is left to run alone.
test: ## All tests, quick ones first; what CI runs
	@$(MAKE) --no-print-directory --jobs=$(at_once) --output-sync=target AT_ONCE=yes \
		lint types demo artifact importer docs
	@$(MAKE) --no-print-directory unit
	@$(MAKE) --no-print-directory operations
	@$(MAKE) --no-print-directory integration ARGS=--quick
	@$(MAKE) --no-print-directory --jobs=$(at_once) --output-sync=target AT_ONCE=yes \
		leak sanity torture guides awx lanes browser referees eda

test-long: ## What takes hours, and is not in "test"; its last run's counts are in tests/README.md
	@$(MAKE) --no-print-directory operations ARGS="-m long"
	@$(MAKE) --no-print-directory unit ARGS="-m long"
	@EXAMPLES_FACTOR=20 $(MAKE) --no-print-directory unit ARGS="-k properties"
	@$(MAKE) --no-print-directory awx ARGS="-m long"
	@$(MAKE) --no-print-directory awx-jobs cores oldest snowflake ministack
	@$(MAKE) --no-print-directory sanity ARGS=--whole
	@$(MAKE) --no-print-directory integration
	@$(MAKE) --no-print-directory lanes ARGS="--cases 300"
	@$(MAKE) --no-print-directory leak ARGS=--all
	@$(MAKE) --no-print-directory torture ARGS=--long

generate: $(ready) $(checkout_link) ## Write what follows from the role's argument specs and steps
	$(in_venv) PYTHONPATH="$(with_plugins)" python -m tools.generate

lint: $(ready) $(checkout_link) ## Style of Python, YAML, documentation, changelog, metadata, licences
	$(in_venv) ruff check .
	$(in_venv) ruff format --check .
	$(in_venv) nox --no-venv --sessions yamllint docs-check extra-checks antsibull-nox-config
	$(in_venv) python -m tools.check_metadata
	$(in_venv) PYTHONPATH="$(with_plugins)" python -m tools.generate --check
	$(in_venv) antsibull-changelog lint
	$(in_venv) python -m tools.lint_docs
	$(in_venv) reuse lint --quiet
	$(in_venv) ansible-lint

types: $(ready) $(checkout_link) ## mypy --strict over plugins and tests
	$(in_venv) mypy $(checkout_link)/plugins tests

unit: $(ready) $(checkout_link) ## Decisions, without any server; ARGS goes to pytest
	$(in_venv) pytest --numprocesses auto --dist loadfile -o testpaths=tests/unit $(ARGS)

operations: $(ready) $(checkout_link) ## One operation at a time over the real SDKs, on the sandbox
	$(in_venv) pytest --numprocesses $(at_once) --dist loadfile \
		-o testpaths=tests/integration/python $(ARGS)

snowflake: $(older)/.ready $(checkout_link) ## Tests in Python of Snowflake with version 4 of its connector
	$(older)/bin/python -m pytest -k snowflake \
		tests/unit/plugins/module_utils/_snowflake tests/integration/python/snowflake \
		$(addprefix tests/integration/python/test_,store_contract.py tls.py loud_logs.py) $(ARGS)

referees: $(ministack)/.ready $(ready) $(checkout_link) ## Situations of other tools' tests, and the vendors' own clients
	MINISTACK_PYTHON="$(CURDIR)/$(ministack)/bin/python" $(in_venv) pytest tests/referees $(ARGS)

ministack: $(ministack)/.ready $(ready) $(checkout_link) ## The tests of AWS against MiniStack, an emulator that others wrote
	MINISTACK_PYTHON="$(CURDIR)/$(ministack)/bin/python" $(in_venv) \
		pytest -p referees.ministack --numprocesses auto --dist loadfile -k aws \
		tests/integration/python/test_store_contract.py tests/integration/python/aws $(ARGS)

oldest: $(oldest)/.ready $(checkout_link) ## How URLs are read, and what is trusted, with the oldest libraries that are allowed
	$(oldest)/bin/python -m pytest tests/unit/plugins/module_utils/_core/test_endpoint.py \
		tests/unit/plugins/module_utils/_core/test_endpoint_properties.py \
		tests/integration/python/test_tls.py $(ARGS)

requests: $(ready) $(checkout_link) ## Count what rollouts ask of Maia; ARGS="--projects 200 --limit 60"
	$(in_venv) PYTHONPATH="$(with_plugins)" python -m bench.maia_requests $(ARGS)

artifact: $(ready) ## Build the collection, check what is in it, install it, read its documentation
	$(in_venv) python -m tools.check_artifact

docs: $(ready) ## Build the documentation into .build/docs; a warning is an error
	$(in_venv) python -m tools.docs

guides: $(ready) ## Do what the guides say, on the sandbox; PAGE=name for one
	$(in_venv) python -m sandbox --state-dir .build/guides -- python -m guides $(PAGE)

importer: $(importer)/.ready ## What Galaxy checks when the artifact is uploaded
	$(in_venv) python -m tools.importer "$(CURDIR)/$(importer)/bin/python"

cores: $(ready) $(checkout_link) ## Names from Maia as data and the guard of deletions, with ansible-core 2.18 to 2.22; ARGS="-k 2.18" for one
	$(in_venv) pytest tests/cores $(ARGS)

integration: $(ready) ## Integration targets, each on a sandbox of its own; TARGET=name for one, ARGS=--quick
	$(in_venv) python -m tools.integration $(TARGET) $(ARGS)

leak: $(ready) $(checkout_link) ## Play every module's successes and failures, and look for secrets in all that is written
	$(in_venv) PYTHONPATH="$(with_plugins)" \
		python -m sandbox --state-dir .build/leak -- python -m leak.harness $(ARGS)

lanes: $(ready) $(checkout_link) ## Random variables through the role and a rollout, which have to do the same; ARGS="--cases 300"
	$(in_venv) PYTHONPATH="$(with_plugins)" \
		python -m sandbox --state-dir .build/lanes -- python -m lanes $(ARGS)

awx: $(ready) $(checkout_link) $(awx_modules)/.ready ## playbooks/awx.yml against an emulated AWX
	$(in_venv) python -m sandbox --state-dir .build/awx/sandbox -- \
		pytest tests/awx $(addprefix --ignore=,$(awx_jobs)) $(ARGS)

awx-jobs: $(ready) $(checkout_link) $(awx_modules)/.ready ## The jobs of that AWX, attacks and slices too, through ansible-runner
	$(in_venv) python -m sandbox --state-dir .build/awx/sandbox -- pytest $(awx_jobs) $(ARGS)

eda: $(eda)/.ready ## The rulebooks as ansible-rulebook takes them, run on recorded events where Java is
	PATH="$(CURDIR)/$(eda)/bin:$$PATH" python -m eda

browser: $(ready) $(checkout_link) ## The report's page in headless Chromium; ARGS goes to pytest
	$(in_venv) python -m browser.chromium
	$(in_venv) pytest tests/browser $(ARGS)

screenshot: recording $(ready) $(checkout_link) ## Pictures for README.md: the demo, and the report of made-up results
	$(in_venv) python -m browser.chromium
	$(in_venv) python -m browser.screenshot docs/images/report.png

recording: $(ready) $(checkout_link) ## Picture of the demo's output for README.md alone
	@$(in_venv) python -m sandbox --state-dir .build/demo -- python -m demo.recording

torture: $(ready) $(checkout_link) ## A sample of faults, kills, rivals and lies; all of them with ARGS=--long
	$(in_venv) PYTHONPATH="$(with_plugins)" \
		python -m sandbox --state-dir .build/torture -- python -m torture $(ARGS)

sanity: $(ready) ## ansible-test sanity over what is released; TEST=name for one of its tests, ARGS=--whole for all, ARGS=--all-cores with ansible-core 2.18 to 2.22
	$(in_venv) python -m tools.sanity $(addprefix --test ,$(TEST)) $(ARGS)

bench: $(ready) $(checkout_link) $(peers)/.ready $(azure_peers)/.ready ## Benchmark of all ways to roll out; takes hours
	$(in_venv) python -m bench $(ARGS)

bench-quick: $(ready) $(checkout_link) $(peers)/.ready ## The same in small, in about two minutes
	$(in_venv) python -m bench --quick $(ARGS)

bench-goals: $(ready) $(checkout_link) $(peers)/.ready $(azure_peers)/.ready ## What rollouts have to reach, for docs/speed.md; an hour
	$(in_venv) python -m bench --goals --publish $(ARGS)

bench-start: $(ready) $(checkout_link) ## Where the time of a rollout to one target goes
	$(in_venv) python -m bench.startup $(ARGS)

sandbox: $(ready) $(checkout_link) ## Run the sandbox in the foreground and print what to export; Ctrl-C ends it
	@$(in_venv) exec python -m sandbox --state-dir .build/sandbox

build: $(ready) ## Build the collection into .build/dist; a release adds GALAXY_REPOSITORY=https://...
	$(in_venv) python -m tools.build

lock: $(ready) ## Bring requirements/lock.txt up to date
	$(in_venv) uv pip compile --quiet --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-annotate --custom-compile-command 'make lock' \
		--output-file requirements/lock.txt requirements/dev.in

changelog: $(ready) $(checkout_link) ## Turn the changelog fragments into the release of galaxy.yml
	$(in_venv) antsibull-changelog release

clean: ## Remove all that was made, except the virtual environment
	rm -rf .build .ansible tests/output
	find . -name .venv -prune -o -name __pycache__ -prune -exec rm -rf {} +

distclean: clean ## Remove the virtual environment as well
	rm -rf .venv

# uv does it in a fraction of pip's time. It knows none of pip's settings, as for an index of one's
# own: where it cannot, pip does it all.
$(ready): requirements/lock.txt
	@test -n "$(version)" || { echo 'No suitable Python found: install Python 3.11 to 3.14 with' \
		'its venv module, or name one with make PYTHON=/path/to/python.' >&2; exit 1; }
	@echo 'Setting up .venv with Python $(version); this takes a minute or two, once.'
	@"$(PYTHON)" -m venv --clear .venv
	@awk '/^uv==/ {wanted = 1; print; next} /^[a-z]/ {wanted = 0} wanted' \
		requirements/lock.txt >.venv/uv.txt
	@.venv/bin/python -m pip install -qq --no-compile --require-hashes --requirement .venv/uv.txt
	@.venv/bin/uv pip install --quiet --require-hashes --python .venv/bin/python \
		--requirement requirements/lock.txt 2>.venv/uv.log || \
		.venv/bin/python -m pip install -qq --no-compile --require-hashes \
		--requirement requirements/lock.txt
	@touch $@

# Its own packages come first, all others are those of .venv.
$(older)/.ready: $(ready)
	@"$(PYTHON)" -m venv --clear $(older)
	@$(older)/bin/python -m pip install -qq --no-compile snowflake-connector-python==4.8.1
	@.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
		>"$$($(older)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/venv.pth"
	@touch $@

# Two that are named by no requirement of ours, but decide where a request goes.
$(oldest)/.ready: $(ready) meta/ee-requirements.txt
	@"$(PYTHON)" -m venv --clear $(oldest)
	@.venv/bin/uv pip install --quiet --python $(oldest)/bin/python --resolution lowest-direct \
		--requirement meta/ee-requirements.txt 'urllib3>=1.26.18' 'azure-core>=1.29.5'
	@.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
		>"$$($(oldest)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/venv.pth"
	@touch $@

# Its requirements would hold back those of .venv; ansible-core is the same.
$(importer)/.ready: $(ready)
	@.venv/bin/uv venv --quiet --clear --python .venv/bin/python $(importer)
	@.venv/bin/uv pip install --quiet --python $(importer)/bin/python galaxy-importer==0.4.44 \
		"ansible-core==$$(.venv/bin/python -c 'from ansible.release import __version__ as v; print(v)')"
	@touch $@

$(ministack)/.ready: $(ready)
	@.venv/bin/uv venv --quiet --clear --python .venv/bin/python $(ministack)
	@.venv/bin/uv pip install --quiet --python $(ministack)/bin/python ministack==1.5.33 awscli==1.46.3
	@touch $@

# It has its own versions of what .venv has.
$(eda)/.ready: $(ready)
	@.venv/bin/uv venv --quiet --clear --python .venv/bin/python $(eda)
	@.venv/bin/uv pip install --quiet --python $(eda)/bin/python ansible-rulebook==1.3.2 \
		"ansible-core==$$(.venv/bin/python -c 'from ansible.release import __version__ as v; print(v)')"
	@touch $@

# Only the collections of others that the benchmark compares with; ansible-core is that of .venv.
$(peers)/.ready: $(ready)
	@rm -rf $(peers)
	@.venv/bin/python -m pip install -qq --no-compile --no-deps --target $(peers) $(ansible_package)
	@touch $@

$(awx_modules)/.ready: $(ready)
	@rm -rf $(awx_modules)
	@.venv/bin/python -m tools.awx_collection $(ansible_package) $(awx_modules)
	@touch $@

# What Azure's module of theirs imports, in an environment of its own: its versions are others.
$(azure_peers)/.ready: $(peers)/.ready
	@"$(PYTHON)" -m venv --clear $(azure_peers)
	@grep -Ev '^($(azure_unused))[=>]' $(azure_collection)/requirements.txt >$(azure_peers)/requirements.txt
	@$(azure_peers)/bin/python -m pip install -qq --requirement $(azure_peers)/requirements.txt
	@touch $@

$(checkout_link):
	@mkdir -p $(@D)
	@ln -sfn ../../../.. $@
