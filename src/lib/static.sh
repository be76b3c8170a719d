#!/bin/sh
# SPDX-License-Identifier: MIT
# static.sh OUTPUT SYMBOLS FOLDER ARCHIVE... - the archives as one object that shows only SYMBOLS.
set -eu
output=$1 symbols=$2 folder=$3
shift 3
mkdir -p "$folder"
ld -r -o "$folder/woshou.o" --whole-archive "$@"
objcopy --keep-global-symbols="$symbols" "$folder/woshou.o"
rm -f "$output"
ar rcs "$output" "$folder/woshou.o"
