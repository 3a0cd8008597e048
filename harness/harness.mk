# SPDX-License-Identifier: Apache-2.0
#
# harness.mk: the program attest, the data it carries, and the audit.
HARNESS_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(filter-out harness/attest.c, \
  $(wildcard harness/*.c harness/*/*.c))) $(BUILD)/embedded.o
PROGRAM_OBJECT := $(BUILD)/harness/attest.o
OBJECTS += $(HARNESS_OBJECTS) $(PROGRAM_OBJECT)
HARNESS := $(BUILD)/libattest-harness.a
PROGRAM := $(BUILD)/attest
EMBEDDED := $(shell sed -n 's/^[a-z_]* //p' specs/embedded)

$(BUILD)/harness/%.o $(BUILD)/embedded.o: ROOM_CFLAGS := -O2 -DAT_VERSION='"$(VERSION)"'

# So that the draws vectorise: neither option changes a value (harness/data/normal.c).
DRAW_CFLAGS := -O3 -fno-math-errno -fno-trapping-math
$(BUILD)/harness/data/normal.o $(BUILD)/harness/data/random.o: ROOM_CFLAGS := $(DRAW_CFLAGS)

# Every file that specs/embedded names becomes a text inside the program (at_NAME_text).
$(BUILD)/embedded.c: specs/embedded harness/embed.sh $(EMBEDDED) | setup
	$(call say,EMBED)
	$(HIDE)harness/embed.sh specs/embedded >'$@'

$(HARNESS): $(HARNESS_OBJECTS)

$(PROGRAM): $(PROGRAM_OBJECT) $(HARNESS) $(KERNEL_STATIC)
	$(call say,LD)
	$(HIDE)$(LINK) -o '$@' $^ $(LIBRARIES)

audit: $(PROGRAM) ## audit every claim on its presets: verdicts and certified numbers in build/audit
	@'$(PROGRAM)' audit --directory '$(BUILD)/audit' || [ $$? -eq 3 ] # 3: a verdict is undecided
