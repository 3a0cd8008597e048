# SPDX-License-Identifier: Apache-2.0
#
# tests.mk: the test runner, the fuzz targets, and the command that runs all tests.
TEST_SOURCES := $(filter-out tests/fuzz/% tests/bench/% tests/battery/%, \
  $(wildcard tests/*.c tests/*/*.c tests/*/*/*.c))
TEST_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(TEST_SOURCES))
FUZZ_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/fuzz/*.c))
FUZZ_NAMES := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
OBJECTS += $(TEST_OBJECTS) $(FUZZ_OBJECTS)
RUNNER := $(BUILD)/tests/runner
REPLAYS := $(FUZZ_NAMES:%=$(BUILD)/tests/fuzz/replay_%)
FUZZERS := $(FUZZ_NAMES:%=$(BUILD)/tests/fuzz/fuzz_%)
SUITE_LIST := $(BUILD)/tests/suite_list.h
FUZZ_SECONDS := 60

$(BUILD)/tests/%.o: ROOM_CFLAGS := -O2 -I$(BUILD)/tests

# Every suite that a test file defines, so that none is forgotten.
$(SUITE_LIST): FORCE
	@mkdir -p '$(@D)'; $(call replace,sed -n \
	  's/^void at_suite_\([a-z0-9_]*\)(void)$$/AT_SUITE(\1)/p' $(TEST_SOURCES))
$(TEST_OBJECTS): | $(SUITE_LIST)

$(RUNNER): $(TEST_OBJECTS) $(HARNESS) $(KERNEL_STATIC)
	$(call say,LD)
	$(HIDE)$(LINK) -o '$@' $^ -lcunit $(LIBRARIES)

$(BUILD)/tests/fuzz/replay_%: $(BUILD)/tests/fuzz/replay.o $(BUILD)/tests/fuzz/fuzz_%.o $(HARNESS) \
  $(KERNEL_STATIC)
	$(call say,LD)
	$(HIDE)$(LINK) -o '$@' $^ $(LIBRARIES)

$(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(HARNESS) $(KERNEL_STATIC)
	$(call say,LD)
	$(HIDE)$(LINK) -fsanitize=fuzzer -o '$@' $^ $(LIBRARIES)

check: $(RUNNER) $(REPLAYS) all ## all tests; the last line counts them
	@BUILD='$(BUILD)' CC='$(CC)' tests/check

.PHONY: accuracy
accuracy: $(RUNNER) ## docs/accuracy.md: proved bounds beside measured errors (SAMPLES=10000000)
	@tests/kernel/accuracy.py $(RUNNER) docs/accuracy.md

.PHONY: guarantees
guarantees: $(RUNNER) all ## docs/guarantees.md: how often data are certified (GRAM_CASES=100000)
	@tests/harness/audit/guarantees.py '$(BUILD)' docs/guarantees.md

.PHONY: check-suites
check-suites: $(RUNNER) $(REPLAYS) ## the suites and replays alone (for builds with sanitizers)
	@BUILD='$(BUILD)' tests/check suites

# The fuzz targets need every object compiled with clang's instrumentation: a build of their own.
SANITIZE := -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
fuzz: setup ## fuzz the readers of files with libFuzzer (FUZZ_SECONDS=60 each)
	@+BUILD='$(BUILD)/fuzz' FUZZ_SECONDS='$(FUZZ_SECONDS)' \
	  CFLAGS='$(SANITIZE) -fsanitize=fuzzer-no-link' LDFLAGS='$(SANITIZE)' \
	  tests/fuzz/run $(FUZZ_NAMES)

.PHONY: fuzzers
fuzzers: $(FUZZERS)
