# SPDX-License-Identifier: Apache-2.0
#
# checker.mk: attest-check, which verifies certificates and shares no code with the harness.
CHECKER := $(BUILD)/attest-check
CHECKER_OBJECT := $(BUILD)/checker/attest_check.o
OBJECTS += $(CHECKER_OBJECT)

$(CHECKER_OBJECT): ROOM_CFLAGS := -O2

$(CHECKER): $(CHECKER_OBJECT)
	$(call say,LD)
	$(HIDE)$(LINK) -o '$@' $^ -lgmp -ljansson -lnettle -lm

all: $(CHECKER)
