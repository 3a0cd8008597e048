# SPDX-License-Identifier: Apache-2.0
#
# bench.mk: the speed of the kernel and of the precise paths against peers (bench.py).
#
# What is measured is the shared library that make all builds, and a second build of the same files
# for x86-64-v3.  The naive loops come in four: with and without -ffast-math, for both instruction
# sets.  Linking never sees -ffast-math: gcc would then switch off subnormal numbers for the whole
# process.  The precise paths are the harness's own files, compiled once more to be loadable.
BENCH := $(BUILD)/bench
BENCH_V3 := -march=x86-64-v3
BENCH_NAIVE := naive-strict naive-fast \
  $(if $(filter x86_64-%,$(MAKE_HOST)),naive-strict-v3 naive-fast-v3)
BENCH_OBJECTS := $(patsubst %.c,$(BENCH)/%.o,tests/bench/loops.c tests/bench/precise.c \
  harness/failure.c harness/data/token_data.c harness/enclosure/ball.c \
  harness/enclosure/single_head.c $(wildcard harness/reference/*.c))
BENCH_LIBRARIES := $(KERNEL_SHARED) $(BENCH)/loops.so $(BENCH_NAIVE:%=$(BENCH)/%.so)
OBJECTS += $(BENCH_OBJECTS) $(BENCH_NAIVE:%=$(BENCH)/%.o)

$(BENCH)/harness/%.o $(BENCH)/tests/%.o: ROOM_CFLAGS := -O2 -fPIC
$(BENCH)/naive-%.o: ROOM_CFLAGS = -O3 -fPIC \
  $(if $(findstring fast,$*),-ffast-math -ffp-contract=fast) $(if $(findstring -v3,$*),$(BENCH_V3))

$(BENCH)/%.o: %.c $(BUILD)/flags | setup
	$(call say,CC)
	$(HIDE)$(COMPILE) -c -o '$@' '$<'

$(BENCH)/naive-%.o: tests/bench/naive.c $(BUILD)/flags | setup
	$(call say,CC)
	$(HIDE)$(COMPILE) -c -o '$@' '$<'

$(BENCH)/naive-%.so: $(BENCH)/naive-%.o
	$(call say,LD)
	$(HIDE)$(CC) $(CFLAGS) $(LDFLAGS) -shared -o '$@' $^ -lm

$(BENCH)/loops.so: $(BENCH_OBJECTS)
	$(call say,LD)
	$(HIDE)$(CC) $(CFLAGS) $(LDFLAGS) -shared -o '$@' $^ $(LIBRARIES)

.PHONY: bench bench-v3
bench: $(BENCH_LIBRARIES) bench-v3 ## speed against peers, as ratios (WRITE=1 writes docs/bench.md)
	@PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 tests/bench/bench.py --build '$(BUILD)' \
	  --compiler "$$($(CC) --version | head -n 1)" $(if $(filter 1,$(WRITE)),--write docs/bench.md)

bench-v3: | setup
	$(if $(filter x86_64-%,$(MAKE_HOST)),@+$(MAKE) BUILD='$(BENCH)/v3' \
	  CFLAGS='$(CFLAGS) $(BENCH_V3)' '$(BENCH)/v3/$(notdir $(KERNEL_SHARED))')
