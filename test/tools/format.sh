#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Checks the layout of all tracked C files against .clang-format; format.sh --fix ROOT rewrites them.
# The rows of X-macro tables (.def) are one line each by design and not touched.
set -eu
fix=
if [ "${1:-}" = --fix ]; then
    fix=yes
    shift
fi
cd "${1:-.}"
files=$(git ls-files '*.c' '*.h')
[ -n "$files" ]
if [ -n "$fix" ]; then
    # shellcheck disable=SC2086
    clang-format -i $files
    exit
fi
echo "$files" | xargs -P 2 -n 100 clang-format --dry-run -Werror --ferror-limit=3
echo "$files" | wc -l | xargs -I N echo "N files are laid out as .clang-format says"
