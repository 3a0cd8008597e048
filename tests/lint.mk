# SPDX-License-Identifier: Apache-2.0
#
# lint.mk: the form of the text, what static analysis says of it, and one run under valgrind.
# specs/*.h is logic, not C, and is left out.  The checks, with the reason for each exclusion, stand
# in .clang-format and .clang-tidy.
LINT_SOURCES := $(wildcard kernel/*.c harness/*.c harness/*/*.c checker/*.c) $(TEST_SOURCES) \
  $(wildcard tests/fuzz/*.c tests/bench/*.c tests/battery/*.c)
LINT_HEADERS := $(wildcard kernel/*.h harness/*.h harness/*/*.h tests/*.h tests/*/*.h tests/*/*/*.h)
LINT_SCRIPTS := $(wildcard .ci/run harness/*.sh harness/*/*.sh tests/*.sh tests/*/*.sh tests/check \
  tests/fuzz/run tests/battery/run)
TIDY := $(LINT_SOURCES:%.c=$(BUILD)/lint/%.tidy)

.PHONY: lint format format-check cppcheck shellcheck
lint: format-check cppcheck shellcheck $(TIDY) ## formatting and static analysis of C and shell text

format-check: | setup
	@clang-format --dry-run -Werror $(LINT_SOURCES) $(LINT_HEADERS)

format: | setup ## put the C text into the form of .clang-format
	@clang-format -i $(LINT_SOURCES) $(LINT_HEADERS)

cppcheck: | setup
	@cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr -I. \
	  -DAT_SUITE\(x\)= -DFLT_EVAL_METHOD=0 -DFLT_RADIX=2 -DDBL_MANT_DIG=53 -DDBL_MAX_EXP=1024 \
	  -DDBL_MIN_EXP=-1021 --enable=warning,performance,portability --suppress=missingIncludeSystem \
	  --suppress=missingInclude --suppress=legacyUninitvar $(LINT_SOURCES)

shellcheck: | setup
	@shellcheck $(LINT_SCRIPTS)

# One process a file: the analyser of clang-tidy 14 mixes up va_list between files.
$(BUILD)/lint/%.tidy: %.c .clang-tidy tests/.clang-tidy $(LINT_HEADERS) | setup $(SUITE_LIST)
	$(call say,TIDY)
	$(HIDE)clang-tidy --quiet '$<' -- -std=c11 -I. -I$(BUILD)/tests -DAT_VERSION='""' \
	  >'$@.log' 2>&1 || { cat '$@.log'; exit 1; }
	@touch '$@'

# Every allocation and every undefined byte of one small run of the program.  FLINT keeps its pools
# to the end and points into their middle: what is "possibly lost" says nothing.
.PHONY: memcheck
memcheck: $(PROGRAM)
	@valgrind --quiet --error-exitcode=9 --leak-check=full \
	  --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect \
	  '$(PROGRAM)' two-step --n 8 --dim 60 --rho 30 --beta 0.02 --seed 1
