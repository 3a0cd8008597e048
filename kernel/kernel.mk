# SPDX-License-Identifier: Apache-2.0
#
# kernel.mk: the kernel as a static and as a shared library.
#
# One set of objects serves both: position-independent, but calls inside the kernel stay direct and
# may be inlined.  Plain x86-64, so that one file runs everywhere; -O3, because it is that which lets
# gcc and clang use vector registers for the 32 lanes of a dot product.
KERNEL_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard kernel/*.c))
OBJECTS += $(KERNEL_OBJECTS)
KERNEL_STATIC := $(BUILD)/libattest-kernel.a
KERNEL_SHARED := $(BUILD)/libattest-kernel.so
KERNEL_SONAME := libattest-kernel.so.$(firstword $(subst ., ,$(VERSION)))

$(BUILD)/kernel/%.o: ROOM_CFLAGS := -O3 -fPIC -fno-semantic-interposition

$(KERNEL_STATIC): $(KERNEL_OBJECTS)

$(KERNEL_SHARED): $(KERNEL_OBJECTS)
	$(call say,LD)
	$(HIDE)$(LINK) -shared -Wl,-soname,$(KERNEL_SONAME) -o '$@' $^
