# SPDX-License-Identifier: Apache-2.0
"""What can be called and written, as data: {type of the value: templates}. A `{T}` in a template is
an expression of type T (types: see generate.py). `{small}` is a small number that cannot make a program
large or long. To add an operator or a library function to what the fuzzer tries: add a line.
"""

RULES = {
    "int": """
        {int} + {int} | {int} - {int} | {int} * {int} | {int} div {int} | {int} rem {int}
        {int} band {int} | {int} bor {int} | {int} bxor {int} | bnot {int} | - {int} | + {int}
        {int} bsl {shift} | {int} bsr {shift} | {int} bsr {int} | {int} bsl (- {shift})
        abs({int}) | round({num}) | trunc({num}) | floor({num}) | ceil({num})
        length({list}) | tuple_size({tuple}) | map_size({map}) | byte_size({bin}) | bit_size({bits})
        size({tuple}) | size({bin}) | hd({ilist}) | lists:sum({ilist}) | lists:max({ilist})
        lists:min({ilist}) | max({int}, {int}) | min({int}, {int}) | lists:nth({small}, {ilist})
        list_to_integer({digits}) | binary_to_integer(list_to_binary({digits}))
        list_to_integer({digits}, {base}) | lists:foldl({ifun2}, {int}, {ilist})
        lists:foldr({ifun2}, {int}, {ilist}) | {ifun1}({int}) | lists:last({ilist}) | {ifun2}({int}, {int})
        iolist_size({iolist}) | erlang:phash2({any}) | erlang:phash2({any}, 1 + {small}) | erlang:crc32({bin})
        erlang:adler32({bin}) | binary:first({bin}) | binary:last({bin}) | binary:at({bin}, {small})
        binary:decode_unsigned({bin}) | binary:decode_unsigned({bin}, little) | string:length({text})
        maps:get({key}, {imap}, {int}) | maps:get({key}, {imap}) | maps:fold({fold3}, {int}, {imap})
        list_to_integer(integer_to_list({int})) | list_to_integer(integer_to_list({int}, {base}), {base})
        binary_to_integer(integer_to_binary({int})) | tuple_size(list_to_tuple({list}))
        string:str({str}, {str}) | string:chr({str}, {char}) | erlang:length({ilist})
        {int} * {int} + {int} | ({int} - {int}) * {int} | lists:foldl(fun erlang:max/2, {int}, {ilist})
        length([X || X <- {list}, is_integer(X)]) | element({small}, {ituple}) | maps:size({map})
        fz:note({any}, {int}) | {fun0}() | (hd(fz:id([{ifun1}, {ifun1}])))({int}) | (element({small}, fz:id({ {ifun1}, {ifun1} })))({int}) | #r1.b | record_info(size, r1)
        apply({ifun1}, [{int}]) | length({funs}) | lists:foldl(fun(F, A) -> F(A) end, {int}, [{ifun1}, {ifun1}]) | (({maker})({int}))({int})
        maps:size({bigmap}) | maps:get({small}, {bigmap}, {int}) | erlang:phash2({bigmap}) | maps:fold(fun(K, V, A) -> K + V + A end, {int}, {bigmap})
        {int} div (1 bsl {shift}) | {int} rem ((1 bsl {shift}) - 1) | {int} band ((1 bsl {shift}) - 1) | - ({int} div {int}) | {int} - {int} - {int}
        ({int} * {int}) div {int} | ({int} * {int}) rem {int} | {int} bxor - {int} | bnot ({int} bor {int}) | abs({int} - {int}) | trunc(float({int}))
        round({int} / {int}) | floor({int} / {int}) | ceil({float} * {int}) | {int} + {int} + {int} * {int} | 1_000_000 * {int} | $\\x41 + {int}
        string:rchr({str}, {char}) | string:rstr({str}, {str}) | string:span({str}, {str}) | string:cspan({str}, {str}) | string:words({str})
        lists:foldl(fun({'A b', _}, N) -> N; (_, N) -> N + 1 end, 0, {plist}) | binary:longest_common_prefix([{bin}, {bin}]) | byte_size({bits})
        binary:longest_common_suffix([{bin}, {bin}]) | erlang:crc32({int}, {bin}) | length(integer_to_list({int} * {int}))
    """,
    "float": """
        {num} / {num} | {float} + {num} | {num} - {float} | {float} * {num} | - {float} | abs({float})
        float({num}) | math:sqrt({num}) | math:pow({num}, {small}) | math:floor({num}) | math:ceil({num})
        list_to_float(float_to_list({float})) | list_to_float({floatstr}) | {int} / {int}
        binary_to_float(float_to_binary({float})) | math:fmod({num}, {num}) | float({int})
        list_to_float(float_to_list({float}, [{decimals, {small}}])) | {float} - {float} | {float} / {float}
        math:sin({num}) | math:exp({small}) | math:atan2({num}, {num}) | math:log2({num}) | math:log10({num}) | float({int}) + {float} | {int} * {float}
        {float} / ({int} + {small}) | fz:note({any}, {float}) | - fz:id({num} / {num}) | float(1 bsl {shift}) + {float} | abs({num}) / {num}
    """,
    "num": "{int} | {int} | {float} | {num} + {num} | {num} * {num} | {num} - {num} | max({num}, {num})",
    "atom": """
        {bool} | list_to_atom({word}) | list_to_existing_atom("ok") | binary_to_atom(list_to_binary({word}))
        element(1, {tagged}) | hd({alist}) | element({small}, {tuple})
        ?MODULE | ?FUNCTION_NAME | fz:note({any}, {atom}) | binary_to_existing_atom(<<"ok">>) | list_to_atom({str}) | hd(record_info(fields, r1))
    """,
    "bool": """
        {any} =:= {any} | {any} =/= {any} | {any} == {any} | {any} /= {any} | {any} < {any} | {any} >= {any}
        {any} =< {any} | {any} > {any} | {num} < {num} | {num} == {num} | {num} =:= {num} | {num} >= {num}
        {num} /= {num} | {int} > {int} | {int} =:= {int} | {list} < {list} | {map} < {map} | {bin} < {bin}
        {tuple} =< {tuple} | not {bool} | {bool} and {bool} | {bool} or {bool} | {bool} xor {bool}
        {bool} andalso {bool} | {bool} orelse {bool} | is_integer({any}) | is_float({any}) | is_number({any})
        is_atom({any}) | is_list({any}) | is_tuple({any}) | is_map({any}) | is_binary({any})
        is_bitstring({any}) | is_boolean({any}) | is_function({any}) | is_function({fun1}, {small}) | {fun1} == {any}
        lists:member({any}, {list}) | lists:all({pred}, {list}) | lists:any({pred}, {list}) | {pred}({any})
        is_map_key({key}, {map}) | maps:is_key({key}, {map}) | proplists:is_defined({key}, {plist})
        lists:prefix({list}, {list}) | lists:suffix({list}, {str}) | string:is_empty({text})
        lists:keymember({any}, 1, {plist}) | string:equal({text}, {text}) | erlang:is_record({any}, r1)
        proplists:get_bool({key}, {plist}) | is_pid({any}) | is_reference({any}) | {int} =< {num}
        {any} andalso {any} | {any} orelse {any} | {float} =:= {float} | {float} < {int} | {int} == {float} | {fun1} < {any} | {fun1} + {int} | length({fun1})
        fz:note({any}, {bool}) | {bool} andalso {bool} andalso {bool} | {bool} orelse {bool} andalso {bool} | not ({bool} or {bool}) | {bigmap} =:= {bigmap}
        {bigmap} < {bigmap} | {bigmap} == {bigmap} | is_function({any}, {small}) | {float} == {int} | {num} =< {num} | {float} >= {int}
        ({int} + 0.0) == {int} | float({int}) =:= float({int}) | {tuple} < {map} | [{num}] == [{num}] | { {num}, {atom} } =:= { {num}, {atom} } | #{ {num} => {any} } == #{ {num} => {any} }
        is_record({any}, r1, 3) | is_record({tuple}, r1) | is_integer({any}) andalso {any} > {int} | {bits} < {bits} | {bits} =:= {bits} | lists:member({num}, [{num}, {num}, {num}])
        is_map_key({small}, {bigmap}) | {str} ++ {str} =:= {str} | {any} == (catch {any})
    """,
    "list": """
        [{any} , {any} | {list}] | {list} ++ {list} | {list} -- {list} | lists:reverse({list}) | tl({list})
        lists:reverse({list}, {list}) | lists:map({fun1}, {list}) | lists:filter({pred}, {list})
        lists:foldl(fun(X, A) -> [X | A] end, {list}, {list}) | lists:sort({list}) | lists:usort({list})
        lists:append({list}, {list}) | lists:append([{list}, {list}]) | lists:zip({list}, {list})
        lists:zipwith({fun2}, {list}, {list}) | lists:delete({any}, {list}) | lists:duplicate({small}, {any})
        lists:sublist({list}, {small}) | lists:sublist({list}, {small}, {small}) | lists:nthtail({small}, {list})
        lists:takewhile({pred}, {list}) | lists:dropwhile({pred}, {list}) | lists:flatten({list})
        lists:flatmap(fun(X) -> [X, X] end, {list}) | tuple_to_list({tuple}) | maps:keys({map}) | maps:values({map})
        lists:sort(maps:to_list({map})) | lists:keysort({small}, {plist}) | lists:merge({list}, {list})
        lists:keydelete({key}, 1, {plist}) | lists:keystore({key}, 1, {plist}, { {key}, {any} })
        lists:keyreplace({key}, 1, {plist}, { {key}, {any} }) | lists:droplast({list}) | lists:ukeysort(1, {plist})
        lists:umerge(lists:usort({list}), lists:usort({list})) | lists:keymap({fun1}, 1, {plist})
        lists:filtermap(fun(X) -> {any} end, {list}) | lists:filtermap({pred}, {list}) | lists:join({any}, {list})
        lists:partition({pred}, {list}) | lists:splitwith({pred}, {list}) | lists:mapfoldl({fun2}, {any}, {list})
        proplists:get_all_values({key}, {plist}) | proplists:delete({key}, {plist}) | proplists:unfold({plist})
        proplists:compact({plist}) | proplists:get_keys({plist}) | string:tokens({str}, {str})
        string:split({text}, {text}) | string:split({text}, {text}, all) | string:lexemes({text}, {text})
        binary:split({bin}, {bin}) | binary:split({bin}, {bin}, [global]) | binary:matches({bin}, {bin})
        lists:zip3({list}, {list}, {list}) | lists:enumerate({list}) | {list} -- {ilist} | {ilist} ++ {any}
        lists:sort(fun(X, Y) -> X =< Y end, {list}) | lists:foldr(fun(X, A) -> [X | A] end, [], {list})
        lists:seq({small}, {small}) | lists:unzip({plist}) | lists:splitwith({pred}, {list})
        [{any} || fz:id({any} =:= {any})] | lists:search({pred}, {list}) | lists:keytake({key}, {small}, {plist})
        lists:subtract({list}, {list}) | lists:rkeymerge_({list}) | lists:uniq({list}) | {plist} | {ilist} | {str}
        fz:note({any}, {list}) | [F({any}) || F <- {funs}] | lists:sublist(lists:sort(maps:to_list({bigmap})), 20) | lists:sublist(lists:sort(maps:keys({bigmap})), 20) | record_info(fields, r1)
        [{list}, {list} | {list}] | [fz:note({any}, {any}), fz:note({any}, {any})] | lists:sort([{any}, {any}, {any}, {any}]) | lists:usort([{num}, {num}, {num}, {num}])
        lists:keysort(2, [{ {any}, {num} }, { {any}, {num} }, { {any}, {num} }]) | lists:zipwith3(fun(X, Y, Z) -> {X, Y, Z} end, {list}, {list}, {list})
        lists:mapfoldr({fun2}, {any}, {list}) | lists:sort(fun(X, Y) -> {bool} end, {list}) | lists:unzip3([{ {any}, {any}, {any} }]) | lists:nth({small}, [{list}, {list}, {list}])
        lists:flatten([{list}, [{list}]], {list}) | lists:flatlength({list}) | lists:keymerge(1, {plist}, {plist}) | lists:umerge({list}, {list}) | lists:merge3({list}, {list}, {list})
        lists:ukeymerge(1, {plist}, {plist}) | lists:sublist({list}, {int}, {small}) | lists:split({small}, {list}) | string:lexemes({text}, [{char}, {char}]) | string:tokens({str}, [{char}])
        proplists:normalize({plist}, []) | proplists:expand([{ {key}, [{key}] }], {plist}) | proplists:split({plist}, [{key}, {key}]) | proplists:lookup_all({key}, {plist})
        proplists:append_values({key}, {plist}) | proplists:substitute_aliases([{ {key}, {key} }], {plist}) | string:to_graphemes({text}) | binary:bin_to_list({bin}, {small}, {small})
        [begin {any}, {any} end || _ <- {list}] | [{any} || fz:id({bool})] | [{any} || _ <- {list}, {bool}, {any}] | [X || {ok, X} <- [{tagged}, {tagged}]] | maps:to_list({map1})
    """,
    "ilist": """
        [{int}, {int} | {ilist}] | {ilist} ++ {ilist} | {ilist} -- {ilist} | lists:reverse({ilist}) | tl({ilist})
        lists:seq({small}, {small}) | lists:seq({small}, {small}, {step}) | lists:map({ifun1}, {ilist})
        lists:sort({ilist}) | lists:usort({ilist}) | binary_to_list({bin}) | lists:filter({ipred}, {ilist})
        lists:duplicate({small}, {int}) | lists:sublist({ilist}, {small}) | lists:zipwith({ifun2}, {ilist}, {ilist})
        tuple_to_list({ituple}) | lists:delete({int}, {ilist}) | [length({list}) | {ilist}] | lists:nthtail({small}, {ilist})
        fz:note({any}, {ilist}) | [F({int}) || F <- [{ifun1}, {ifun1}]] | [B || <<B>> <= {bin}] | [B || <<B:4>> <= {bits}] | [X * {int} || X <- {ilist}, X > {int}] | [$a, {int} | "bc"]
    """,
    "str": """
        integer_to_list({int}) | integer_to_list({int}, {base}) | atom_to_list({atom}) | binary_to_list({bin})
        float_to_list({float}) | float_to_list({float}, [short]) | float_to_list({float}, [{decimals, {small}}])
        float_to_list({num}, [{decimals, 1 + {small}}, compact]) | float_to_list({float}, [{scientific, {small}}])
        {str} ++ {str} | string:to_upper({str}) | string:to_lower({str}) | string:uppercase({text})
        string:trim({text}) | string:strip({str}) | string:reverse({text}) | string:concat({str}, {str})
        string:substr({str}, 1 + {small}) | string:substr({str}, 1 + {small}, {small}) | string:slice({text}, {small})
        string:slice({text}, {small}, {small}) | string:copies({str}, {small}) | string:join([{str}, {str}], {str})
        string:pad({text}, {small}) | string:pad({text}, {small}, leading, {char}) | string:left({str}, {small})
        string:right({str}, {small}, {char}) | string:centre({str}, {small}) | string:titlecase({text})
        string:replace({text}, {text}, {text}) | string:chars({char}, {small}) | string:casefold({text})
        lists:flatten(io_lib:format({format1}, [{any}])) | lists:flatten(io_lib:format({format2}, [{any}, {any}]))
        lists:flatten(io_lib:format({formats}, [{str}])) | lists:flatten(io_lib:format({formatn}, [{num}]))
        lists:flatten(io_lib:format({formati}, [{int}])) | lists:flatten(io_lib:format({formatx}, [{small}, {any}]))
        lists:flatten(io_lib:write({any})) | lists:flatten(io_lib:print({any})) | lists:flatten(io_lib:format({format1}, {list}))
        lists:flatten(io_lib:format({formatf}, [{float}])) | unicode:characters_to_list({bin}) | string:trim({text}, both, {text})
        lists:concat([{atom}, {int}, {str}]) | string:substr({str}, {int}) | lists:flatten([{str}, [{str}], {char}])
        lists:append({str}, {str}) | string:strip({str}, left, {char}) | string:find({text}, {text}) | string:prefix({text}, {text})
        fz:note({any}, {str}) | "x\\xe9\\101\\t" ++ {str} | lists:flatten(io_lib:format("~s-~w ~p", [{str}, {int}, {any}])) | lists:flatten(io_lib:format("~p~n~p", [{map}, {tuple}]))
        string:sub_word({str}, {small}) | string:sub_string({str}, {small}, {small}) | string:chomp({text}) | string:trim({text}, leading) | string:trim({text}, trailing, {text})
        string:replace({text}, {text}, {text}, all) | string:nth_lexeme({text}, {small}, {text}) | string:find({text}, {text}, trailing) | string:pad({text}, {small}, both) | string:centre({str}, {small}, {char})
        lists:flatten(io_lib:format("~" ++ integer_to_list({small}) ++ "p", [{any}])) | lists:flatten(io_lib:print({any}, {column}, {column}, {int})) | string:join([{str}, {str}, {str}], {str})
        lists:flatten(io_lib:write({any}, {small})) | lists:flatten(io_lib:write_string({str})) | lists:flatten(io_lib:format("~ts ~tp", [{utf}, {utf}])) | erlang:float_to_list({float}, [{decimals, {small}}])
    """,
    # What the newer functions of string do with lists and bytes that are no text is their own business.
    "text": "fz:text({str}) | fz:text({str}) | fz:text({any})",
    "bin": """
        list_to_binary({iolist}) | iolist_to_binary({iolist}) | list_to_binary({str}) | term_to_binary({any})
        binary:copy({bin}, {small}) | binary:part({bin}, {small}, {small}) | binary_part({bin}, {small}, {small})
        binary_part({bin}, {small}, - {small}) | integer_to_binary({int}) | integer_to_binary({int}, {base}) | atom_to_binary({atom})
        float_to_binary({float}, [{decimals, {small}}]) | float_to_binary({float}) | binary:encode_unsigned(abs({int}))
        binary:encode_unsigned({int}, little) | binary:replace({bin}, {bin}, {bin}) | binary:replace({bin}, {bin}, {bin}, [global])
        unicode:characters_to_binary({str}) | string:uppercase({utf}) | string:trim({utf}) | erlang:md5({bin})
        << ({bin})/binary, ({bin})/binary >> | << ({int}) >> | << ({int}):16, ({bin})/binary >> | list_to_binary({ilist})
        element(1, split_binary({bin}, {small})) | iolist_to_binary(lists:join({bin}, [{bin}, {bin}]))
        string:slice({utf}, {small}, {small}) | binary:list_to_bin({ilist}) | string:lowercase({utf})
        << <<X>> || X <- fz:proper({ilist})>> | << <<X:16/little>> || X <- fz:proper({ilist})>> | <<({float})/float>> | <<({str})/utf8>>
        unicode:characters_to_binary({str}, utf8, latin1) | unicode:characters_to_binary({iolist}, latin1, utf8)
        fz:note({any}, {bin}) | << <<(X + {int}):8>> || <<X>> <= fz:bits({bin}) >> | << <<X:4>> || X <- fz:proper({ilist}), X > {int} >> | <<({bin})/binary, 0, ({bin})/binary>> | <<(byte_size({bin})):16, ({bin})/binary>>
        binary:part({bin}, { {small}, {small} }) | binary_part({bin}, { {small}, - {small} }) | list_to_binary([{bin}, [{bin} | {bin}]]) | iolist_to_binary([{iolist}, {iolist}]) | <<({int}):({small})/unit:8>>
        << <<Y/binary, X>> || <<X, Y:1/binary>> <= fz:bits({bin}) >> | <<({float}):32/float>> | <<({int}):64/little-signed>> | base64:encode({bin}) | base64:decode(base64:encode({bin})) | binary:encode_unsigned({int})
    """,
    "bits": "{bin} | << ({int}):({small}) >> | << ({bits})/bitstring, ({int}):({small}) >> | list_to_bitstring([{bits}, {bits}])",
    "tuple": """
        list_to_tuple({list}) | setelement({small}, {tuple}, {any}) | { {any}, {any} } | { {any} } | { {any}, {any}, {any} }
        erlang:append_element({tuple}, {any}) | erlang:make_tuple({small}, {any}) | erlang:delete_element({small}, {tuple})
        erlang:insert_element({small}, {tuple}, {any}) | split_binary({bin}, {small}) | lists:split({small}, {list})
        lists:partition({pred}, {list}) | lists:keyfind({key}, 1, {plist}) | string:to_integer({digits}) | string:to_float({floatstr})
        binary:match({bin}, {bin}) | lists:unzip({plist}) | lists:mapfoldl(fun(X, A) -> {X, [A, X]} end, {any}, {list})
        maps:take({key}, {map}) | maps:find({key}, {map}) | {tagged} | {ituple} | setelement({int}, {tuple}, {any})
        {record}
        fz:note({any}, {tuple}) | setelement({small}, setelement({small}, {tuple}, {any}), {any}) | { {any}, { {any}, {any} } } | { fz:note({any}, {any}), fz:note({any}, {any}) } | erlang:setelement(2, {record}, {any})
    """,
    "ituple": "list_to_tuple({ilist}) | { {int}, {int} } | { {int}, {int}, {int}, {int} } | setelement({small}, {ituple}, {int})",
    "tagged": "{ {atom}, {any} } | {ok, {any}} | {error, {any}} | { {atom}, {int}, {list} } | { {atom} }",
    "map": """
        maps:put({key}, {any}, {map}) | maps:remove({key}, {map}) | maps:merge({map}, {map}) | maps:map({fun2}, {map})
        maps:from_list({plist}) | {map}#{ {key} => {any} } | fz:id({map}#{ {key} := {any} }) | maps:with([{key}, {key}], {map})
        maps:without([{key}, {key}], {map}) | maps:filter(fun(K, V) -> {bool} end, {map}) | maps:update({key}, {any}, {map})
        maps:update_with({key}, {fun1}, {any}, {map}) | maps:update_with({key}, {fun1}, {map}) | maps:from_keys(lists:sublist({list}, 20), {any})
        #{ {key} => {any}, {key} => {any} } | #{ {any} => {any} } | {imap} | maps:merge_with(fun(K, V, W) -> {K, V, W} end, {map}, {map})
        maps:filtermap(fun(K, V) -> {any} end, {map}) | maps:groups_from_list({fun1}, lists:sublist({list}, 20)) | maps:intersect({map}, {map})
        fz:id({map}#{ {key} => {any}, {any} => {any}, {key} := {any} }) | proplists:to_map({plist}) | maps:map({fun2}, {imap})
        fz:note({any}, {map}) | #{ fz:note({any}, {key}) => fz:note({any}, {any}), {key} => fz:note({any}, {any}) } | maps:with({list}, {bigmap}) | maps:merge(maps:with([{small}], {bigmap}), {map})
        maps:filter(fun(K, V) -> K < V end, {imap}) | maps:intersect_with(fun(_, X, Y) -> { X, Y } end, {map}, {map}) | maps:from_list(lists:zip([{key}, {key}], [{any}, {any}])) | maps:with([{small}, {small}], {bigmap})
        maps:map(fun(K, V) -> fz:note(K, V) end, {map1}) | (maps:put({key}, {any}, {map}))#{ {key} => {any} } | maps:groups_from_list({fun1}, {fun1}, lists:sublist({list}, 20)) | maps:remove({any}, {map})
    """,
    "bigmap": """
        maps:from_list([{X, X * X} || X <- lists:seq(1, 30 + {small})]) | ({bigmap})#{ {small} => {int} } | maps:merge({bigmap}, {imap1}) | maps:map(fun(_, V) -> V + {int} end, {bigmap})
        maps:remove({small}, {bigmap}) | maps:put({int}, {int}, {bigmap}) | maps:filter(fun(K, _) -> K > {small} end, {bigmap}) | maps:from_keys(lists:seq(1, 35), {int}) | maps:without([{small}, {small}], {bigmap})
    """,
    "imap1": "#{ {int} => {int} } | #{ 1 => {int}, {small} => {int} }",
    "imap": "#{ {key} => {int}, {key} => {int} } | {imap}#{ {key} => {int} } | maps:map(fun(_, V) -> {int} end, {imap})",
    "plist": """
        [{ {key}, {any} }, { {key}, {any} } | {plist}] | [{key} | {plist}] | [{ {key}, {any} } | {plist}] | maps:to_list({map1})
        lists:zip([{key}, {key}], [{any}, {any}]) | lists:keysort(1, {plist}) | lists:keystore({key}, 1, {plist}, { {key}, {any} })
    """,
    "iolist": "[{iolist}, {iolist}] | {str} | {bin} | [{char} | {iolist}] | [{str} | {bin}] | [{bin}, {char}, [{str}]] | {list}",
    "alist": "[{atom}, {atom} | {alist}] | [{atom}] | [] | lists:usort({alist}) | {alist} ++ {alist}",
    "any": """
        {int} | {int} | {float} | {atom} | {bool} | {list} | {ilist} | {str} | {bin} | {bits} | {tuple} | {map} | {tagged}
        hd({list}) | element({small}, {tuple}) | lists:nth({small}, {list}) | maps:get({key}, {map}) | maps:get({key}, {map}, {any})
        lists:foldl({fun2}, {any}, {list}) | proplists:get_value({key}, {plist}) | proplists:get_value({key}, {plist}, {any})
        lists:last({list}) | {fun1}({any}) | {fun2}({any}, {any}) | binary_to_term(term_to_binary({any})) | lists:max({list})
        apply({fun1}, [{any}]) | fz:tidy(catch apply(fz:id({fun2}), {list})) | lists:keyfind({key}, {small}, {plist}) | proplists:lookup({key}, {plist})
        error({any}) | throw({any}) | exit({any}) | erlang:error({any}, {list}) | lists:search({pred}, {list}) | erlang:raise({class}, {any}, [])
        put({key}, {any}) | get({key}) | erase({key}) | maps:fold(fun(K, V, A) -> [{K, V} | A] end, [], {map1}) | {plist}
        erlang:apply({mod}, {fname}, {list}) | {mod}:{fname}({any}) | apply(lists, reverse, [{list}]) | ({any})({any}) | (fun erlang:element/2)({small}, {tuple})
        erl_scan:string({source}) | fz:tidy(catch {any}) | erlang:make_tuple({small}, {any}) | maps:find({key}, {map})
        {record} | unicode:characters_to_list({iolist}) | unicode:characters_to_binary({iolist}) | lists:foldr({fun2}, {any}, {list})
        iolist_to_binary({any}) | math:log({num})
        queue:to_list(queue:in({any}, queue:from_list({list}))) | gb_trees:to_list(gb_trees:from_orddict(lists:ukeysort(1, {plist})))
        sets:is_element({any}, sets:from_list({list}, [{version, 2}])) | ordsets:union(ordsets:from_list({list}), ordsets:from_list({list}))
        orddict:to_list(orddict:store({key}, {any}, [])) | gb_sets:to_list(gb_sets:from_list({list})) | array:to_list(array:from_list({list}))
        dict:size(dict:from_list({plist})) | calendar:gregorian_days_to_date({int}) | calendar:date_to_gregorian_days({small}, {small}, {small})
        io_lib:printable_list({any}) | io_lib:char_list({any}) | io_lib:write_string({str}) | io_lib:write_atom({atom}) | lists:flatten(io_lib:fwrite("~p", {list}))
        erlang:binary_to_list({bin}, 1 + {small}, {small}) | erlang:tuple_to_list({tuple}) | filename:join({path}, {path}) | filename:basename({path})
        lists:keysearch({key}, {small}, {plist}) | lists:foreach({fun1}, {list}) | is_process_alive(self()) | erlang:external_size({small}) > 0 | filename:extension({path})
        fz:note({any}, {any}) | (({maker})({any}))({any}) | {fun0}() | [{fun1} | {list}] =:= {any} | element({small}, { {fun1}, {any} }) =:= {any} | (catch {any}) =:= {any} | (fun {mod}:{fname}/1)({any}) | fz:tidy(catch apply(fz:id({fun3}), {list})) | {fun3}({any}, {any}, {any})
        apply(?MODULE, {local}, {list}) | ?MODULE:{local}({any}) | (fun ?MODULE:{local}/1)({any}) | ({record})#r1.a | ({tuple})#r1.b | element(#r1.a, {tuple}) | ({any})#r1.a | ({tuple})#r1{a = {any}}
        lists:keyfind(#r1.a, #r1.a, [{record}]) | (fun() -> {any} end)() | erlang:error({any}, none, [{error_info, #{}}]) | maps:get({any}, {bigmap}) | maps:take({small}, {map})
        (fun(X, _) when is_atom(X) -> X; (_, Y) -> Y end)({any}, {any}) | tl({list}) | math:sqrt({any}) | math:pow({num}, {num}) | binary:split({bin}, [{bin}, {bin}], [global, trim_all]) | string:split({text}, {text})
        sets:to_list(sets:from_list([{key}])) | sets:size(sets:union(sets:from_list({list}), sets:from_list({list}))) | lists:sort(sets:to_list(sets:intersection(sets:from_list({list}), sets:from_list({list}))))
        gb_sets:to_list(gb_sets:union(gb_sets:from_list({list}), gb_sets:from_list({list}))) | gb_trees:lookup({key}, gb_trees:from_orddict(orddict:from_list({plist}))) | gb_trees:to_list(gb_trees:enter({key}, {any}, gb_trees:empty()))
        queue:out(queue:from_list({list})) | queue:to_list(queue:join(queue:from_list({list}), queue:from_list({list}))) | queue:peek(queue:from_list({list})) | queue:to_list(queue:reverse(queue:in_r({any}, queue:new())))
        orddict:from_list({plist}) | orddict:find({key}, orddict:from_list({plist})) | ordsets:subtract(ordsets:from_list({list}), ordsets:from_list({list})) | ordsets:is_subset(ordsets:from_list({list}), ordsets:from_list({list}))
        array:get({small}, array:from_list({list}, {any})) | array:to_orddict(array:set({small}, {any}, array:new())) | lists:sort(dict:to_list(dict:from_list([{ {key}, {any} }, { {key}, {any} }]))) | dict:find({key}, dict:store({key}, {any}, dict:new()))
        (fun(T) -> ets:insert(T, [{ {key}, {any} }, { {key}, {int} }]), X = { ets:lookup(T, {key}), ets:info(T, size), (catch ets:lookup_element(T, {key}, 2)) =:= {any} }, ets:delete(T), X end)(ets:new(t, [{ettype}]))
        (fun(T) -> X = (catch ets:insert(T, {any})), Y = (catch ets:update_counter(T, {key}, {int})), Z = lists:sort(ets:tab2list(T)), ets:delete(T), fz:tidy({ X, Y, Z }) end)(ets:new(t, [{ettype}]))
        (fun(T) -> ets:insert(T, [{X, X} || X <- {list}]), R = { ets:first(T), ets:last(T), ets:next(T, {any}), ets:tab2list(T), ets:select(T, [{ {'$1', '_'}, [{'>', '$1', {int}}], ['$1'] }]) }, ets:delete(T), R end)(ets:new(t, [ordered_set]))
    """,
}

# Constants that stand where their name is a hole and no tree is wanted.
LITERALS = {
    "key": ["a", "b", "c", "d", "k1", "1", "2", "1.0", "{a,1}", "'A b'"],
    "small": "0 1 1 2 2 3 3 4 5 6 7 8 11 16 20".split(),
    "ettype": "set ordered_set bag duplicate_bag public named".split(),
    "column": "1 2 3 5 8 20 60 80".split(),
    "local": "f0 f1 f2 f3 main t0x".split(),
    "step": "1 2 3 -1 -2 0".split(),
    "shift": "0 1 2 5 8 31 32 58 59 60 61 62 63 64 65 127 128 200 -1 -3 -64".split(),
    "base": "2 8 10 16 36 3 1 37".split(),
    "class": "error throw exit bad".split(),
    "mod": "lists maps erlang queue nomod proplists".split(),
    "fname": "reverse abs sort length nofun keys hd".split(),
    "char": "$a $b $\\s $z $A $0 $\\n 233 8364 $é".split(),
    "digits": ['"12"', '"-7"', '"+5"', '"1152921504606846976"', '"x"', '""', '"0"', '"99999999999999999999999"',
               '"-576460752303423489"', '"1a"', '"zz"', '"007"', '" 1"', '"-"'],
    "floatstr": ['"1.5"', '"1.0e10"', '"1"', '"1.0e400"', '"x"', '".5"', '"2.5e-3"', '"+1.25"', '"1.e5"'],
    "word": ['"a"', '"b"', '"ok"', '"error"', '"hello world"', '"A"', '""', '"x1"', '"true"', '"\\x{e9}"'],
    "format1": ['"~w"', '"~p"', '"~20p"', '"~5w"', '"~-8w|"', '"~tp"', '"~tw"', '"~s"', '"~ts"', '"~10p"', '"~.3w"', '"~W"',
                '"~P"', '"~12.4.*w"', '"~30.10.xw|"', '"~2w"', '"<~p>~n~~"', '"~40p"', '"~lp"', '"~1p"', '"~c"', '"~d"'],
    "format2": ['"~w~w"', '"~p ~p"', '"~20p~n~20p"', '"~W"', '"~P"', '"~30P"', '"~s~w"', '"~w~10w|"', '"~*w"', '"~i~w"', '"~*p"'],
    "path": ['"a"', '"/a/b"', '"a/b.c"', '"a//b/"', '""', '"/"', '<<"a/b">>', '"x.tar.gz"', 'a', '"/a/"', '"."', '".a"', '["a", "b"]'],
    "utf": ['<<"abc">>', '<<"été"/utf8>>', '<<>>', '<<"  a b ">>', '<<"ABC,d">>', '<<"日本"/utf8>>', '""', '"x Y"'],
    "source": ['"a + 1."', '"f(X) -> {X, \\"s\\"}."', '"1.5e3 16#ff $a"', '"\'q a\' #{a => 1}"', '"% c"', '"\'"', '"a. b."', '"<<1:8>>"', '"1.0e999"'],
    "formatx": ['"~*w"', '"~*p"', '"~*s"', '"~-*w|"', '"~.*p"', '"~*tp"'],
    "formats": ['"~s"', '"~10s|"', '"~-10s|"', '"~10.3s|"', '"~.5s"', '"~ts"', '"~10.4.*s"', '"~3.2ts"', '"~p"', '"~w"', '"~10p"', '"~.3s"'],
    "formatn": ['"~f"', '"~e"', '"~g"', '"~.2f"', '"~10.3f|"', '"~.10e"', '"~.3g"', '"~w"', '"~b"', '"~p"', '"~.0f"', '"~-12.2f|"'],
    "formatf": ['"~f"', '"~e"', '"~g"', '"~.2f"', '"~15.3f|"', '"~.10e"', '"~.3g"', '"~w"', '"~p"', '"~.1f"', '"~20.4.0f"', '"~.15g"', '"~.20f"'],
    "formati": ['"~b"', '"~B"', '"~.16B"', '"~.2b"', '"~x~n"', '"~10b|"', '"~.16#"', '"~.16+"', '"~c"', '"~10.16.0b"', '"~-10b|"', '"~.36B"', '"~3c"', '"~#"', '"~.8+"', '"~tc"',
                '"~.16x"', '"~w"', '"~4w"', '"~f"'],
}


def table():
    """{type: [template]}; lines and bars separate templates, but a bar inside brackets is a cons."""
    found = {}
    for kind, text in RULES.items():
        found[kind] = []
        for line in text.strip().split("\n"):
            found[kind] += split_bars(line.strip())
    return found


def split_bars(line):
    out, depth, start = [], 0, 0
    i = 0
    while i < len(line):
        if line[i] in "([{" or line[i:i + 2] == "<<":
            depth += 1
        elif line[i] in ")]}" or line[i - 1:i + 1] == ">>":
            depth -= 1
        elif line[i] == "|" and depth == 0 and line[i - 1] == " ":
            out.append(line[start:i].strip())
            start = i + 1
        i += 1
    out.append(line[start:].strip())
    return [t for t in out if t]
