# SPDX-License-Identifier: MIT
# Builds xlvs into build/, tries it and installs it. `make help` lists the targets. Each target first installs what it is
# missing (packaging/install-dependencies.sh, npm ci) and rebuilds only what changed.

PREFIX ?= /usr/local
DESTDIR ?=

SBIN := $(DESTDIR)$(PREFIX)/sbin
LIB := $(DESTDIR)$(PREFIX)/lib/xlvs
UNITS := $(DESTDIR)$(PREFIX)/lib/systemd/system
MAN8 := $(DESTDIR)$(PREFIX)/share/man/man8
COMPLETIONS := $(DESTDIR)$(PREFIX)/share/bash-completion/completions

BIN := node_modules/.bin
PACKAGES := node_modules/.package-lock.json
PROGRAM := build/xlvs build/xlvs.mjs build/libbpf.node build/xlvs.bpf.o build/xlvs6.bpf.o

TYPESCRIPT := $(shell find src native/lib -name node_modules -prune -o -name '*.ts' -print)
TESTS := $(shell find test -name '*.ts')
ADDON := native/binding.gyp $(wildcard native/src/*.cpp native/src/*.h)

# The system's headers for the machine's architecture (asm/types.h) are not on clang's path when it compiles for BPF.
CLANG ?= clang
BPF_FLAGS = -target bpf -mcpu=v3 -O2 -g -Wall -Werror -MMD -MP -I/usr/include/$(shell g++ -dumpmachine)

# Some dependencies are CommonJS and call require(), which a module has to bring itself.
BANNER := import { createRequire as requireFor } from "node:module"; const require = requireFor(import.meta.url);
BUNDLE := $(BIN)/esbuild --bundle --platform=node --target=node20 --format=esm --log-level=warning --banner:js='$(BANNER)'

# Node's own headers where its installation has them; else node-gyp downloads them.
NODE_PREFIX = $(shell node -p 'require("path").resolve(process.execPath, "../..")')
NODE_HEADERS = $(if $(wildcard $(NODE_PREFIX)/include/node/node_api.h),--nodedir=$(NODE_PREFIX))

# npm and node-gyp keep caches in HOME: under sudo it may be missing, or another user's.
ifneq ($(shell [ -O "$$HOME" ] && [ -w "$$HOME" ] && echo own),own)
export HOME := $(CURDIR)/.cache
endif

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.NOTPARALLEL:
.SUFFIXES:
.PHONY: all abi demo test test-vm stress typecheck lint bench soak install uninstall clean help deps-%

all: $(PROGRAM) ## build the program, build/xlvs (the default)

deps-%:
	@packaging/install-dependencies.sh $(subst +, ,$*)

$(PACKAGES): package-lock.json | deps-build
	@mkdir -p "$$HOME"
	npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

build:
	@mkdir -p $@

build/%.bpf.o: bpf/%.bpf.c | deps-build build
	$(CLANG) $(BPF_FLAGS) -c $< -o $@

build/%6.bpf.o: bpf/%.bpf.c | deps-build build
	$(CLANG) $(BPF_FLAGS) -DXLVS_IPV6 -c $< -o $@

-include $(wildcard build/*.d)

build/libbpf.node: $(ADDON) $(PACKAGES) | deps-build build
	env -u MAKEFLAGS -u MFLAGS JOBS=max $(BIN)/node-gyp --directory=native configure build $(NODE_HEADERS) --loglevel=warn
	@install -m 755 native/build/Release/libbpf.node $@

build/xlvs.mjs: src/cli/main.ts $(TYPESCRIPT) tsconfig.json $(PACKAGES) | build
	$(BUNDLE) $< --outfile=$@

build/xlvs: packaging/xlvs.sh | build
	@install -m 755 $< $@

build/generate-abi.mjs: src/bpf-maps/lib/generate-cli.ts $(TYPESCRIPT) tsconfig.json $(PACKAGES) | build
	$(BUNDLE) $< --outfile=$@

abi: build/generate-abi.mjs build/abi.bpf.o build/libbpf.node ## write src/abi again after a change of bpf/abi.h
	node build/generate-abi.mjs build/abi.bpf.o src/abi

demo: deps-build+run+demo all ## show NAT, persistence and marks at work in network namespaces (root)
	build/xlvs demo

test: deps-build+run+demo+test all build/abi.bpf.o build/machine-probe.mjs typecheck lint stress ## run every test (root); XLVS_STRICT=1: a skipped test is a failure
	$(BIN)/vitest run --reporter=default --reporter=./test/tally-reporter.ts

test-vm: deps-build+run+demo+test+vm all build/machine-probe.mjs build/test/test-vm.mjs ## try it on Debian's kernels in QEMU (root); KERNELS="6.1 7.3" selects, ACCEL=kvm speeds up
	node build/test/test-vm.mjs

stress: build/libbpf.node ## the addon under AddressSanitizer and UBSan: nonsense calls, threads, its own tests (root)
	npm run --silent --workspace=libbpf-ts stress

typecheck: $(PACKAGES) | build
	$(BIN)/tsc --incremental --tsBuildInfoFile build/tsc.tsbuildinfo

lint: $(PACKAGES)
	$(BIN)/biome check .

build/machine-probe.mjs: test/net/machine-probe.ts $(TYPESCRIPT) tsconfig.json $(PACKAGES) | build
	$(BUNDLE) $< --outfile=$@

build/test/test-vm.mjs: test/vm/main.ts $(TESTS) $(TYPESCRIPT) tsconfig.json $(PACKAGES) | build
	$(BUNDLE) --external:esbuild $< --outfile=$@

build/bench/main.mjs: test/bench/main.ts $(TESTS) $(TYPESCRIPT) tsconfig.json $(PACKAGES) | build
	$(BUNDLE) --external:esbuild $< --outfile=$@

build/bench/libbpf.node: build/libbpf.node build/bench/main.mjs
	@install -m 755 $< $@

bench: deps-build+run+demo+test+vm+bench all build/machine-probe.mjs build/bench/libbpf.node ## measure, and write build/bench.json and BENCHMARKS.md (root)
	node build/bench/main.mjs

build/soak/%.mjs: test/soak/%.ts $(TESTS) $(TYPESCRIPT) tsconfig.json $(PACKAGES) | build
	$(BUNDLE) --external:esbuild $< --outfile=$@

build/soak/libbpf.node: build/libbpf.node build/soak/main.mjs build/soak/flood.mjs
	@install -m 755 $< $@

soak: deps-build+run+demo+test all build/soak/libbpf.node ## an hour of mixed load, written to docs/soak.md (root); SOAK_SECONDS=300 for less
	node build/soak/main.mjs

# The link called ipvsadm stays out of PATH: a distribution's ipvsadm, and the scripts that expect the kernel's table from
# it, go on as they are. Who wants it puts its directory in front: PATH=/usr/local/lib/xlvs/bin:$PATH.
install: all ## install below PREFIX (/usr/local), DESTDIR before it
	install -D -m 755 build/xlvs $(SBIN)/xlvs
	install -D -m 644 -t $(LIB) build/xlvs.mjs build/libbpf.node build/xlvs.bpf.o build/xlvs6.bpf.o
	install -d $(LIB)/bin
	ln -sfn ../../../sbin/xlvs $(LIB)/bin/ipvsadm
	[ ! -e packaging/xlvs.service ] || install -D -m 644 packaging/xlvs.service $(UNITS)/xlvs.service
	[ ! -e packaging/xlvs.service ] || sed -i 's|@PREFIX@|$(PREFIX)|g' $(UNITS)/xlvs.service
	[ ! -e packaging/xlvs.8 ] || install -D -m 644 packaging/xlvs.8 $(MAN8)/xlvs.8
	[ ! -e packaging/xlvs.bash ] || install -D -m 644 packaging/xlvs.bash $(COMPLETIONS)/xlvs

uninstall: ## remove what install put there
	rm -rf $(LIB)
	rm -f $(SBIN)/xlvs $(UNITS)/xlvs.service $(MAN8)/xlvs.8 $(COMPLETIONS)/xlvs

clean: ## remove what was built
	rm -rf build native/build

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.* ## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18
