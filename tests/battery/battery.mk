# SPDX-License-Identifier: Apache-2.0
#
# battery.mk: batteries of statistical tests against the draws of harness/data.  The package of
# rngtest, rng-tools5, brings a daemon, which Debian starts.
BATTERY_BITS := $(BUILD)/tests/battery/bits
OBJECTS += $(BUILD)/tests/battery/bits.o

$(BATTERY_BITS): $(BUILD)/tests/battery/bits.o $(BUILD)/harness/data/normal.o \
  $(BUILD)/harness/data/random.o
	$(call say,LD)
	$(HIDE)$(LINK) -o '$@' $^ -lm

.PHONY: battery
battery: $(BATTERY_BITS) ## dieharder and rngtest against the draws (takes hours)
	@tests/battery/run '$(BATTERY_BITS)'
