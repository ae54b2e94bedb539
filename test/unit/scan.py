# SPDX-License-Identifier: Apache-2.0
"""Prints a line for each unit test: its source, then the sources it shares with its neighbours."""
import os
import sys

root = sys.argv[1]
for folder, _, names in sorted(os.walk(root)):
    below = os.path.relpath(folder, root)
    sources = sorted(n for n in names if n.endswith('.c'))
    shared = [os.path.join(below, n) for n in sources if not n.endswith('_test.c')]
    for name in sources:
        if name.endswith('_test.c'):
            print(' '.join([os.path.join(below, name)] + shared))
