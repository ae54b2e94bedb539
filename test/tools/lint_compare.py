#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Our linter against Erlang's: the same files through `act check --json` and through erlc, compared by line
and kind of message. Needs erl; not part of the suites.

    lint_compare.py --act build/act [--mutate COUNT [--seed N]] [--passes] [--keep DIR] FILE.erl ...

--mutate changes each time one to three tokens of a random file of those given, which makes errors of every
kind, and compares the results; --passes compares the warnings of Erlang's later passes, too (we report only
those that the text itself shows, so some are missing). Ends with 1 when something differs."""
import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))

# erl_lint's messages and ours. docs/design/LINT.md says it in words.
CODES = {
    "unbound_var": "E0101",
    "unsafe_var": "E0102",
    "undefined_function": "E0103",
    "redefine_function": "E0104",
    "undefined_record": "E0105",
    "undefined_field": "E0106",
    "redefine_record": "E0107",
    "redefine_field": "E0108",
    "illegal_pattern": "E0109",
    "illegal_guard_expr": "E0110",
    "illegal_guard_local_call": "E0111",
    "undefined_module": "E0112",
    "redefine_module": "E0113",
    "attribute": "E0114",
    "redefine_import": "E0115",
    "define_import": "E0116",
    "call_to_redefined_old_bif": "E0117",
    "redefine_old_bif_import": "E0118",
    "illegal_expr": "E0119",
    "illegal_map_construction": "E0120",
    "illegal_map_key": "E0121",
    "illegal_bin_pattern": "E0122",
    "bad_multi_field_init": "E0123",
    "field_name_is_variable": "E0124",
    "wildcard_in_update": "E0125",
    "illegal_record_info": "E0126",
    "stacktrace_guard": "E0128",
    "stacktrace_bound": "E0129",
    "undefined_bittype": "E0130",
    "bittype_mismatch": "E0131",
    "bittype_unit": "E0132",
    "illegal_bitsize": "E0133",
    "unsized_binary_not_at_end": "E0134",
    "typed_literal_string": "E0135",
    "utf_bittype_size_or_unit": "E0136",
    "bad_bitsize": "W0039",
    "unsized_binary_in_bin_gen_pattern": "E0138",
    "illegal_bitsize_local_call": "E0139",
    "bad_inline": "E0140",
    "bad_nowarn_unused_function": "E0141",
    "bad_on_load": "E0142",
    "multiple_on_loads": "E0143",
    "bad_on_load_arity": "E0144",
    "undefined_on_load": "E0145",
    "undefined_nif": "E0148",
    "undefined_type": "E0150",
    "redefine_type": "E0151",
    "builtin_type": "E0152",
    "singleton_typevar": "E0153",
    "type_syntax": "E0154",
    "redefine_spec": "E0155",
    "spec_fun_undefined": "E0156",
    "redefine_callback": "E0157",
    "bad_callback": "E0158",
    "bad_module": "E0159",
    "redefine_optional_callback": "E0160",
    "undefined_callback": "E0161",
    "behaviour_info": "E0162",
    "disallowed_nowarn_bif_clash": "E0166",
    "bad_nowarn_bif_clash": "E0141",
    "obsolete_guard_overridden": "E0167",
    "invalid_deprecated": "E0168",
    "invalid_removed": "E0168",
    "bad_deprecated": "E0169",
    "bad_removed": "E0170",
    "bad_dialyzer_attribute": "E0163",
    "bad_dialyzer_option": "E0171",
    "empty_module_name": "E0164",
    "blank_module_name": "E0164",
    "ctrl_chars_in_module_name": "E0164",
    "non_latin1_module_unsupported": "E0164",
    "unused_var": "W0001",
    "unused_function": "W0002",
    "shadowed_var": "W0003",
    "exported_var": "W0004",
    "unused_record": "W0005",
    "unused_import": "W0006",
    "unused_type": "W0007",
    "obsolete_guard": "W0008",
    "duplicated_export": "W0009",
    "export_all": "W0010",
    "format_error": "W0011",
    "undefined_behaviour_func": "W0012",
    "conflicting_behaviours": "W0013",
    "call_to_redefined_bif": "W0015",
    "duplicated_export_type": "W0016",
    "match_underscore_var": "W0017",
    "match_underscore_var_pat": "W0018",
    "invalid_call": "W0019",
    "deprecated": "W0020",
    "removed": "W0021",
    "redefine_bif_import": "W0022",
    "missing_spec": "W0023",
    "untyped_record": "W0024",
    "not_exported_opaque": "W0025",
    "underspecified_opaque": "W0026",
    "non_integer_bitsize": "W0027",
    "invalid_record": "W0028",
    "undefined_behaviour": "W0029",
    "undefined_behaviour_callbacks": "W0030",
    "ill_defined_behaviour_callbacks": "W0031",
    "ill_defined_optional_callbacks": "W0032",
    "missing_qlc_hrl": "W0033",
    "no_load_nif": "W0034",
    "nif_inline": "W0035",
    "future_feature": "W0036",
    "removed_type": "W0038",
}
PASSES = {
    "sys_core_fold:ignored": "ignored",
    "sys_core_fold:nomatch": "nomatch",
    "v3_kernel:nomatch": "nomatch",
    "v3_core:nomatch": "nomatch",
    "sys_core_fold:failed": "failed",
    "v3_core:failed": "failed",
    "v3_kernel:failed": "failed",
    "v3_core:map_key_repeated": "key",
}
OURS = {
    "W0101": "nomatch", "W0105": "nomatch", "W0106": "nomatch", "W0102": "ignored",
    "W0103": "ignored", "W0104": "ignored", "W0107": "failed", "W0109": "failed", "W0110": "nomatch", "W0108": "key",
}
OURS_ALONE = {"E0165", "W0200"}
TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|\$(?:\\.|.)|[A-Z_][A-Za-z0-9_@]*|[a-z][A-Za-z0-9_@]*'
    r"|[0-9]+|->|<-|=>|:=|::|\|\||=:=|=/=|==|/=|=<|>=|<<|>>|\+\+|--|%[^\n]*|\s+|.", re.S)
PIECES = ["foo(X)", "_", "1", "a", "{A,B}", "(A=1)", "#{a:=1}", "<<A,B/binary>>", "[H|T]", "a:b",
          "fun(X)->X end", "(catch X)", "begin Q=1 end", "X#r.a", "<<X:Y>>", "[X||X<-[1]]",
          "(case a of 1 -> X=1; _ -> ok end)", "(try X=1 catch _:_ -> 2 end)"]


def erlang_says(line, passes):
    """(place, kind) of a line of the oracle; None when it is not compared."""
    place, _, source, text = re.match(r"(\S+) ([EW]) (\S+) ?(.*)", line).groups()
    module, tag = source.replace("'", "").split(":", 1)
    number = int(place) if place.isdigit() else 0
    if module == "erl_lint":
        code = CODES.get(tag, tag)
        if code == "E0103":
            return text.strip(), code
        return (0 if code in ("E0112", "W0010") else number), code
    if module in ("erl_parse", "epp", "erl_scan"):
        return number, "syntax"
    return (number, PASSES[module + ":" + tag]) if passes and module + ":" + tag in PASSES else None


def we_say(message, passes):
    code = message["code"]
    if code in OURS_ALONE or (code in OURS and not passes):
        return None
    if code[:3] in ("E00", "E02"):
        return message.get("line", 0), "syntax"
    if code == "E0103":
        return message["message"], code
    if code == "E0121":
        code = "E0110"  # we say what is special about it
    line = 0 if code in ("E0112", "W0010") else message.get("line", 0)
    return line, OURS.get(code, code)


def compare(act, file, passes):
    """Prints how the two differ on file; True if they do."""
    with open(file + ".lint", encoding="utf-8") as lines:
        lines = lines.readlines()
        passes = passes and not any(" E " in line[:12] for line in lines)  # they do not run after errors
        erlang = {erlang_says(line, passes) for line in lines} - {None}
    run = subprocess.run([act, "check", "--json", file], capture_output=True, timeout=60)
    text = run.stdout.decode("utf-8", "replace") + run.stderr.decode("utf-8", "replace")
    ours = {we_say(json.loads(line), passes) for line in text.splitlines() if line[:1] == "{"} - {None}
    if "syntax" in {kind for _, kind in erlang | ours}:
        both = [{kind for _, kind in side} for side in (erlang, ours)]
        if ("syntax" in both[0]) == ("syntax" in both[1]):
            return False
    if erlang == ours:
        return False
    print(f"{file}: only erl {sorted(erlang - ours, key=str)}, only act {sorted(ours - erlang, key=str)}")
    return True


# Attributes to put in: $F is a function of the file, $N one that is probably none of it.
ATTRIBUTES = [
    "-deprecated([$F, $N])", "-deprecated([{$N, eventually}])", "-removed([$F, $N])", "-removed(module)",
    "-dialyzer({nowarn_function, [$F, $N]})", "-dialyzer([no_match, bad_option])", "-dialyzer({a})",
    "-compile({nowarn_bif_clash, [$F, $N]})", "-compile(nowarn_bif_clash)", "-compile({inline, [$F, $N]})",
    "-compile({nowarn_unused_function, [$F, $N]})", "-compile({nowarn_unused_record, [state, r]})",
    "-compile(export_all)", "-compile([nowarn_unused_vars, warn_unused_import])", "-compile(warn_export_vars)",
    "-compile([warn_missing_spec, warn_untyped_record])", "-compile({no_auto_import, [$F, length/1]})",
    "-compile({warn_format, 2})", "-compile(warn_keywords)", "-behaviour(gen_server)", "-behaviour(nosuch)",
    "-behaviour(supervisor)", "-export([$F, $N])", "-import(lists, [$F, $N])", "-on_load($F)", "-nifs([$F])",
    "-spec $N :: integer()", "-type t() :: erl_scan:line()", "-opaque o() :: term()", "-record(r, {a, b = 1})",
    "-optional_callbacks([$N])", "-export_type([t/0])", "-callback cb(X) -> X"]


def add_attributes(text, rng):
    """Puts in one to three attributes behind a form's end."""
    functions = re.findall(r"^([a-z]\w*)\(", text, re.M) or ["main"]
    lines = text.split("\n")
    for _ in range(rng.choice([1, 1, 2, 3])):
        attribute = rng.choice(ATTRIBUTES)
        attribute = attribute.replace("$F", f"{rng.choice(functions)}/{rng.randrange(3)}")
        attribute = attribute.replace("$N", f"{rng.choice(functions)}x/{rng.randrange(3)}")
        ends = [i for i, line in enumerate(lines[:-1]) if line.endswith(".")]
        lines.insert(rng.choice(ends[:6] or [0]) + 1, attribute + ".")
    return "\n".join(lines)


def mutate(text, rng):
    if rng.random() < 0.4:
        return add_attributes(text, rng)
    tokens = TOKEN.findall(text)
    for _ in range(rng.choice([1, 1, 2, 3])):
        words = [i for i, t in enumerate(tokens) if t[:1].isalpha() or t[:1] == "_"]
        if not words:
            break
        at = rng.choice(words)
        near = tokens[rng.choice([i for i in words if abs(i - at) < 100])]
        kind = rng.random()
        if kind < 0.4:
            tokens[at] = near
        elif kind < 0.6:
            tokens[at] = rng.choice(PIECES)
        elif kind < 0.75:
            tokens[at] += "x"
        else:
            other = rng.randrange(len(tokens))
            tokens[other] = "" if kind < 0.9 else tokens[other] + " " + tokens[other]
    return "".join(tokens)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--act", required=True)
    parser.add_argument("--mutate", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--passes", action="store_true")
    parser.add_argument("--keep", metavar="DIR", help="leave the changed files there")
    parser.add_argument("files", nargs="+")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as folder:
        folder = args.keep or folder
        os.makedirs(folder, exist_ok=True)
        files = []
        for number in range(args.mutate or len(args.files)):
            source = rng.choice(args.files) if args.mutate else args.files[number]
            with open(source, encoding="utf-8", errors="replace") as text:
                content = text.read()
            files.append(os.path.join(folder, f"m{number:05}.erl"))
            with open(files[-1], "w", encoding="utf-8") as out:
                out.write(mutate(content, rng) if args.mutate else content)
        subprocess.run(["erlc", "-o", folder, os.path.join(HERE, "lint_oracle.erl")], check=True)
        for start in range(0, len(files), 200):
            names = ",".join(f'"{name}"' for name in files[start:start + 200])
            subprocess.run(["erl", "-noshell", "-pa", folder, "-eval",
                            f"lint_oracle:main([{names}]), halt()."], check=True, cwd=folder)
        different = sum(compare(args.act, file, args.passes) for file in files)
    print(f"{len(files)} files, {different} differ")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
