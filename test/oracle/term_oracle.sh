#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compares numbers, order, hashes and text of terms with real Erlang, at random.
# usage: term_oracle.sh DRIVER [ROUNDS] [SEED]     DRIVER: the built test/oracle/term-driver
set -eu
driver=$1
rounds=${2:-2000}
seed=${3:-1}
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
erlc -o "$folder" "$here/term_oracle.erl"
erl -noinput -pa "$folder" -run term_oracle main "$rounds" "$seed" "$folder"
"$driver" <"$folder/questions" >"$folder/ours"
paste -d '\t' "$folder/questions" "$folder/answers" "$folder/ours" |
    awk -F '\t' '$2 != $3 { print "? " $1 "\n  erl " $2 "\n  act " $3; wrong++ }
        END { printf "%d questions, %d answers differ\n", NR, wrong; exit wrong > 0 }'
