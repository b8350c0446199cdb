#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes one object of archives, with one global symbol: backend-object NAME OUT TABLE ARCHIVE...
# TABLE is that symbol's name in the archives, NAME the one that it gets.
set -eu
name=$1
out=$2
table=$3
shift 3
trap 'rm -f "$out.whole"' EXIT
# Groups of sections are taken apart: else a linker would drop those of the second copy, having seen them in the first.
ld -r --force-group-allocation -o "$out.whole" --whole-archive "$@"
objcopy --redefine-sym "$table=$name" --keep-global-symbol="$name" "$out.whole" "$out"
