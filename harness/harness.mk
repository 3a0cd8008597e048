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

# The kernel once more for each newer level of x86-64; of a build only its table is seen outside, so
# that all of them fit into one program (harness/fast/kernel.h).
KERNEL_LEVELS := $(if $(filter x86_64-%,$(shell $(CC) -dumpmachine)),v3 v4)
LEVEL_OBJECTS = $(patsubst %.c,$(BUILD)/level-$(1)/%.o,$(wildcard kernel/*.c) \
  harness/fast/kernel_table.c)
OBJECTS += $(foreach level,$(KERNEL_LEVELS),$(call LEVEL_OBJECTS,$(level)))
HARNESS_OBJECTS += $(KERNEL_LEVELS:%=$(BUILD)/kernel-%.o)
$(BUILD)/harness/fast/kernel.o: ROOM_CFLAGS := -O2 $(if $(KERNEL_LEVELS),-DAT_KERNEL_LEVELS)

define level_rules
$(BUILD)/level-$(1)/%.o: ROOM_CFLAGS := -O3 -fPIC -fno-semantic-interposition \
  -march=x86-64-$(1) -DAT_KERNEL_TABLE=at_kernel_$(1) -DAT_KERNEL_NAME='"x86-64-$(1)"'
$(BUILD)/level-$(1)/%.o: %.c $(BUILD)/flags | setup
	$$(call say,CC)
	$$(HIDE)$$(COMPILE) -c -o '$$@' '$$<'
$(BUILD)/kernel-$(1).o: $(call LEVEL_OBJECTS,$(1))
	$$(call say,LD)
	$$(HIDE)$$(CC) $$(CFLAGS) -r -nostdlib -o '$$@.all' $$^
	$$(HIDE)objcopy --keep-global-symbol=at_kernel_$(1) '$$@.all' '$$@' && rm '$$@.all'
endef
$(foreach level,$(KERNEL_LEVELS),$(eval $(call level_rules,$(level))))

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
