#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# embed.sh LIST: writes C text that defines, for every line "NAME FILE" of LIST, the bytes of FILE
# as at_NAME_text, closed by a zero, and their number as at_NAME_length.  Lines with # are comments.
# Assumption: char is signed (x86-64), so that every byte is a constant between -128 and 127.
set -eu
printf '#include <stddef.h>\n'
sed -n '/^[a-z_][a-z_0-9]* [^ ]/p' "$1" | while read -r name file; do
  printf '\nextern const char at_%s_text[];\nextern const size_t at_%s_length;\n' "$name" "$name"
  printf 'const char at_%s_text[] = {\n' "$name"
  od -An -v -td1 "$file" | sed 's/-\{0,1\}[0-9]\{1,\}/&,/g'
  printf '0};\nconst size_t at_%s_length = sizeof at_%s_text - 1;\n' "$name" "$name"
done
