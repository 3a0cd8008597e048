#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# install.sh install|uninstall: puts the built program and libraries under $DESTDIR$PREFIX and
# takes them away again.
#
# Main result: what was made, files and directories, is recorded in share/attest/installed, so that
# uninstall restores exactly what was there before, and a second install replaces the first.
# Called by make install and make uninstall, which set DESTDIR, PREFIX, BUILD and VERSION.
# Test: tests/install.sh.
set -eu

top=${DESTDIR:-}$PREFIX
record=$top/share/attest/installed # one line each, in the order of making: d DIRECTORY or f FILE
made=()

directory() { # DIRECTORY: makes it and, first, what is missing above it
  [ -d "$1" ] && return
  directory "$(dirname "$1")"
  mkdir "$1"
  made+=("d ${1#"${DESTDIR:-}"}")
}

place() { # MODE SOURCE NAME: NAME is relative to the prefix
  directory "$(dirname "$top/$3")"
  install -m "$1" "$2" "$top/$3"
  made+=("f $PREFIX/$3")
}

link() { # TARGET NAME
  ln -sf "$1" "$top/$2"
  made+=("f $PREFIX/$2")
}

install_all() {
  local library=libattest-kernel.so header
  place 755 "$BUILD/attest" bin/attest
  place 755 "$BUILD/attest-check" bin/attest-check
  place 644 "$BUILD/libattest-kernel.a" lib/libattest-kernel.a
  place 755 "$BUILD/$library" "lib/$library.$VERSION"
  link "$library.$VERSION" "lib/$library.${VERSION%%.*}"
  link "$library.${VERSION%%.*}" "lib/$library"
  for header in kernel/*.h; do
    place 644 "$header" "include/attest/${header#kernel/}"
  done
  sed -e "s|@PREFIX@|$PREFIX|" -e "s|@VERSION@|$VERSION|" kernel/attest-kernel.pc.in \
    >"$BUILD/attest-kernel.pc"
  place 644 "$BUILD/attest-kernel.pc" lib/pkgconfig/attest-kernel.pc
  place 644 docs/attest.1 share/man/man1/attest.1
  place 644 docs/attest-check.1 share/man/man1/attest-check.1
  directory "$(dirname "$record")"
  made+=("f ${record#"${DESTDIR:-}"}")
  printf '%s\n' "${made[@]}" >"$record"
}

uninstall_all() {
  [ -e "$record" ] || return 0
  local lines kind path i
  mapfile -t lines <"$record"
  for ((i = ${#lines[@]} - 1; i >= 0; i--)); do
    kind=${lines[i]%% *} path=${DESTDIR:-}${lines[i]#* }
    if [ "$kind" = f ]; then
      rm -f "$path"
    else
      rmdir --ignore-fail-on-non-empty "$path" 2>/dev/null || true
    fi
  done
}

case ${1:-} in
  install)
    uninstall_all
    install_all
    echo "installed ${#made[@]} files and directories under $top (undo: make uninstall)"
    ;;
  uninstall)
    uninstall_all
    echo "nothing of attest is left under $top"
    ;;
  *)
    echo "usage: install.sh install|uninstall" >&2
    exit 2
    ;;
esac
