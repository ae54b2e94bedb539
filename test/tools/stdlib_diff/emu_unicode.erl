%% SPDX-License-Identifier: Apache-2.0
%% What act_unicode is to our library, over OTP's own functions.
-module(emu_unicode).
-export([cluster/1, clusters/1, length/1, map_case/2, normal/2, lookup/1]).
-compile({no_auto_import, [length/1]}).

cluster(Text) ->
    try unicode_util:gc(Text) of
        {error, _} -> false;
        Found -> Found
    catch
        error:_ -> false
    end.

clusters(String) -> string:to_graphemes(String).

length(Text) ->
    try string:length(Text)
    catch
        error:_ -> false
    end.

map_case([C | Cs], title) -> flat(unicode_util:titlecase([C])) ++ Cs;
map_case([], title) -> [];
map_case(S, upper) -> string:uppercase(S);
map_case(S, lower) -> string:lowercase(S);
map_case(S, fold) -> string:casefold(S).

flat(Found) -> lists:flatten(Found).

normal(S, nfc) -> list(unicode:characters_to_nfc_list(S));
normal(S, nfd) -> list(unicode:characters_to_nfd_list(S));
normal(S, nfkc) -> list(unicode:characters_to_nfkc_list(S));
normal(S, nfkd) -> list(unicode:characters_to_nfkd_list(S)).

list(L) when is_list(L) -> L.

lookup(C) ->
    #{ccc := Class, canon := Canon, compat := Compat} = unicode_util:lookup(C),
    {Class, Canon, case Compat of [] -> none; _ -> Compat end}.
