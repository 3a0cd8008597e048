# SPDX-License-Identifier: Apache-2.0
#
# bench.mk: the speed of the kernel and of the harness against peers (bench.py), and how it grows
# (growth.py).
#
# What is measured is the shared library that make all builds, and builds of the same files for
# x86-64-v3 and x86-64-v4 with the flags of those that the harness chooses from.  The naive loops
# and the limits are compiled alike.  Linking never sees -ffast-math: gcc would then switch off
# subnormal numbers for the whole process.  The harness's own files are compiled once more to be
# loadable.
BENCH := $(BUILD)/bench
BENCH_LEVELS := $(KERNEL_LEVELS)
BENCH_SUFFIXES := plain $(BENCH_LEVELS)
BENCH_LEVEL = $(if $(filter v%,$(1)),-march=x86-64-$(1))
BENCH_NAIVE := $(foreach s,$(BENCH_SUFFIXES),naive-strict-$(s) naive-fast-$(s))
BENCH_LIMITS := $(BENCH_SUFFIXES:%=limits-%)
BENCH_OBJECTS := $(patsubst %.c,$(BENCH)/%.o,$(addprefix tests/bench/,loops.c precise.c plain.c \
  experiment.c threads.c) harness/failure.c $(wildcard harness/*/*.c)) $(BUILD)/embedded.o \
  $(KERNEL_LEVELS:%=$(BUILD)/kernel-%.o)
BENCH_LIBRARIES := $(KERNEL_SHARED) $(BENCH)/loops.so $(BENCH_NAIVE:%=$(BENCH)/%.so) \
  $(BENCH_LIMITS:%=$(BENCH)/%.so) $(PROGRAM)
OBJECTS += $(filter $(BENCH)/%,$(BENCH_OBJECTS)) $(BENCH_NAIVE:%=$(BENCH)/%.o) \
  $(BENCH_LIMITS:%=$(BENCH)/%.o)
BENCH_RUN = PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 tests/bench

$(BENCH)/harness/%.o $(BENCH)/tests/%.o: ROOM_CFLAGS := -O2 -fPIC -DAT_VERSION='"$(VERSION)"'
$(BENCH)/harness/fast/kernel.o: ROOM_CFLAGS := -O2 -fPIC $(if $(KERNEL_LEVELS),-DAT_KERNEL_LEVELS)
$(BENCH)/harness/data/normal.o $(BENCH)/harness/data/random.o: ROOM_CFLAGS := $(DRAW_CFLAGS) -fPIC
$(BENCH)/naive-%.o: ROOM_CFLAGS = -O3 -fPIC $(call BENCH_LEVEL,$(lastword $(subst -, ,$*))) \
  $(if $(findstring fast,$*),-ffast-math -ffp-contract=fast)
# The two options that change no value, and one without which gcc 12 splits the loop over exp.
$(BENCH)/limits-%.o: ROOM_CFLAGS = -O3 -fPIC $(call BENCH_LEVEL,$*) -fno-semantic-interposition \
  -fno-trapping-math -fno-tree-pre -include kernel/exp.c

$(BENCH)/%.o: %.c $(BUILD)/flags | setup
	$(call say,CC)
	$(HIDE)$(COMPILE) -c -o '$@' '$<'

$(BENCH)/naive-%.o: tests/bench/naive.c $(BUILD)/flags | setup
	$(call say,CC)
	$(HIDE)$(COMPILE) -c -o '$@' '$<'

$(BENCH)/limits-%.o: tests/bench/limits.c $(BUILD)/flags | setup
	$(call say,CC)
	$(HIDE)$(COMPILE) -c -o '$@' '$<'

$(BENCH)/naive-%.so: $(BENCH)/naive-%.o
	$(call say,LD)
	$(HIDE)$(CC) $(CFLAGS) $(LDFLAGS) -shared -o '$@' $^ -lm

$(BENCH)/limits-%.so: $(BENCH)/limits-%.o
	$(call say,LD)
	$(HIDE)$(CC) $(CFLAGS) $(LDFLAGS) -shared -o '$@' $^

$(BENCH)/loops.so: $(BENCH_OBJECTS) $(KERNEL_OBJECTS)
	$(call say,LD)
	$(HIDE)$(CC) $(CFLAGS) $(LDFLAGS) -shared -o '$@' $^ $(LIBRARIES)

.PHONY: bench growth bench-levels
bench: $(BENCH_LIBRARIES) bench-levels ## speed against peers (WRITE=1 writes docs/bench.*)
	@$(BENCH_RUN)/bench.py --build '$(BUILD)' --compiler "$$($(CC) --version | head -n 1)" \
	  $(if $(filter 1,$(WRITE)),--write docs/bench.md)

growth: $(BENCH_LIBRARIES) ## cost against n, T, d and precision (WRITE=1 writes docs/growth.*)
	@$(BENCH_RUN)/growth.py --build '$(BUILD)' $(if $(filter 1,$(WRITE)),--write docs/growth.md)

bench-levels: $(BENCH_LEVELS:%=bench-%)
bench-v%: | setup
	@+$(MAKE) BUILD='$(BENCH)/v$*' CFLAGS='$(CFLAGS) -march=x86-64-v$*' \
	  '$(BENCH)/v$*/$(notdir $(KERNEL_SHARED))'
