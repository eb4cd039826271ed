# Every target does all of its own set-up, shows what it does, and is safe to run twice.
.PHONY: demo test test-vm bench lint format setup build install clean

CONFIGURATION ?= release

# Train the sample in the sandbox and verify its AIBoM (root).
demo: build
	scripts/demo

# Everything that can break: unit, privileged, hostile, interop and end-to-end tests (root).
test: setup
	scripts/test

# The privileged tests on Debian's own kernel with cgroup v2, in a virtual machine (root).
test-vm: setup
	swift build --build-tests
	scripts/test-vm

# Launches, hashing, evidence, training, submissions and a large upload, each beside its peer in the same run (root).
bench: build
	scripts/bench

lint:
	swift format lint --strict --recursive Package.swift Sources Tests

format:
	swift format --in-place --recursive Package.swift Sources Tests

build: setup
	for product in aibom aibomd aibom-gateway aibom-signer aibom-verify aibom-floor; do \
		swift build -c $(CONFIGURATION) --static-swift-stdlib --product $$product || exit 1; \
	done

# Programs and systemd units below DESTDIR; starts nothing.
install:
	scripts/install

# Debian packages, and the rootfs that jobs run in.
setup:
	scripts/setup

clean:
	rm -rf .build demo
