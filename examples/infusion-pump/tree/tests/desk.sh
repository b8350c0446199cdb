#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# desk.sh PUMP DATA: the program as a whole. A status frame is answered, the log of a run can be gone on with, and one that
# was touched can't.
set -eu
pump=$1
data=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# 7e, length 0, sequence 1, type 5 (status), CRC, 7e
ask() {
	printf '\176\000\001\005\257\010\176' | "$pump" "$data/pump.conf" "$data/drugs.lib" "$folder/log"
}

ask >"$folder/answer"
[ "$(od -An -tx1 -N4 "$folder/answer" | tr -d ' \n')" = 7e0b0185 ] || { echo 'no answer to a status frame'; exit 1; }
ask >/dev/null
[ "$(wc -l <"$folder/log")" -eq 2 ] || { echo 'the log did not go on'; exit 1; }
sed -i '1s/PX-0001/PX-0002/' "$folder/log"
if ask >/dev/null 2>"$folder/error"; then
	echo 'a log that was touched is gone on with'
	exit 1
fi
grep -q 'log:1: integrity lost' "$folder/error"
