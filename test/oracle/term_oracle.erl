%% SPDX-License-Identifier: Apache-2.0
%% Writes random questions about terms and real Erlang's answers: see term_oracle.sh.
-module(term_oracle).
-export([main/1]).

main([Count, Seed, Folder]) ->
    rand:seed(exsss, list_to_integer(Seed)),
    {ok, Questions} = file:open(Folder ++ "/questions", [write, raw, delayed_write]),
    {ok, Answers} = file:open(Folder ++ "/answers", [write, raw, delayed_write]),
    Ask = fun(Op, Args, Answer) ->
        file:write(Questions, [Op, [[" ", A] || A <- Args], "\n"]),
        file:write(Answers, [Answer, "\n"])
    end,
    [round_of(Ask) || _ <- lists:seq(1, list_to_integer(Count))],
    ok = file:close(Questions),
    ok = file:close(Answers),
    halt().

round_of(Ask) ->
    arithmetic(Ask),
    rounding(Ask),
    texts(Ask),
    terms(Ask).

arithmetic(Ask) ->
    {A, B, X, Y} = {num(), num(), int(), int()},
    S = rand:uniform(400) - 200,
    [Ask(Op, [hex(A), hex(B)], try_hex(F)) || {Op, F} <- [
        {"add", fun() -> A + B end}, {"sub", fun() -> A - B end},
        {"mul", fun() -> A * B end}, {"fdiv", fun() -> A / B end}]],
    [Ask(Op, [hex(X), hex(Y)], try_hex(F)) || {Op, F} <- [
        {"div", fun() -> X div Y end}, {"rem", fun() -> X rem Y end},
        {"band", fun() -> X band Y end}, {"bor", fun() -> X bor Y end},
        {"bxor", fun() -> X bxor Y end}]],
    [Ask(Op, [hex(X), hex(S)], try_hex(F)) || {Op, F} <- [
        {"bsl", fun() -> X bsl S end}, {"bsr", fun() -> X bsr S end}]],
    Ask("bnot", [hex(X)], hex(bnot X)).

rounding(Ask) ->
    A = num(),
    [Ask(Op, [hex(A)], try_hex(F)) || {Op, F} <- [
        {"neg", fun() -> -A end}, {"abs", fun() -> abs(A) end},
        {"trunc", fun() -> trunc(A) end}, {"round", fun() -> round(A) end},
        {"floor", fun() -> floor(A) end}, {"ceil", fun() -> ceil(A) end}]],
    X = int(),
    Ask("float", [hex(X)], try hex(float(X)) catch error:badarg -> "badarith" end).

texts(Ask) ->
    X = int(),
    Base = rand:uniform(35) + 1,
    Ask("text", [hex(X), integer_to_list(Base)], integer_to_list(X, Base)),
    F = flt(),
    D = rand:uniform(25) - 1,
    Ask("short", [hex(F)], float_to_list(F, [short])),
    Ask("scientific", [hex(F), integer_to_list(D)], float_to_list(F, [{scientific, D}])),
    try float_to_list(F, [{decimals, D}]) of
        Decimals -> Ask("decimals", [hex(F), integer_to_list(D)], Decimals)
    catch
        error:badarg -> longer_than_erlangs_buffer
    end,
    Text = lists:flatten(io_lib:format("~s~w.~wE~w", [
        lists:nth(rand:uniform(3), ["", "-", "+"]), rand:uniform(1000),
        rand:uniform(1 bsl rand:uniform(80)), rand:uniform(660) - 340])),
    Ask("parse", [Text], try hex(list_to_float(Text)) catch error:badarg -> "badarg" end).

terms(Ask) ->
    A = term(4),
    B = case rand:uniform(4) of 1 -> term(4); _ -> changed(A) end,
    {X, Y} = {near(num()), near(num())},
    [Ask("compare", [hex(V), hex(W)], io_lib:format("~w ~w ~w ~w", [
        order(V, W), exact_order(V, W), bit(V == W), bit(V =:= W)])) ||
        {V, W} <- [{A, B}, {B, A}, {X, Y}, {Y, near(Y)}, {A, A}]],
    Ask("phash2", [hex(A)], io_lib:format("~w ~w", [erlang:phash2(A), erlang:phash2(A, 1 bsl 32)])),
    Small = no_large_maps(A),
    Small andalso Ask("w", [hex(A)], unicode:characters_to_binary(io_lib:format("~w", [A]))),
    Small andalso Ask("tw", [hex(A)], unicode:characters_to_binary(io_lib:format("~tw", [A]))).

hex(T) -> [io_lib:format("~2.16.0b", [B]) || <<B>> <= term_to_binary(T, [{minor_version, 2}])].

try_hex(F) -> try hex(F()) catch error:R -> atom_to_list(R) end.

order(A, B) when A < B -> -1;
order(A, B) when A == B -> 0;
order(_, _) -> 1.

%% The order of keys shows in the order of maps with one key.
exact_order(A, B) -> order(#{A => 0}, #{B => 0}).

bit(true) -> 1;
bit(false) -> 0.

no_large_maps(M) when is_map(M), map_size(M) > 32 -> false;
no_large_maps(M) when is_map(M) -> no_large_maps(maps:to_list(M));
no_large_maps([H | T]) -> no_large_maps(H) andalso no_large_maps(T);
no_large_maps(T) when is_tuple(T) -> no_large_maps(tuple_to_list(T));
no_large_maps(_) -> true.

sign() -> lists:nth(rand:uniform(2), [1, -1]).

int() ->
    case rand:uniform(6) of
        1 -> rand:uniform(20) - 10;
        2 -> sign() * (1 bsl rand:uniform(70)) + rand:uniform(5) - 3;
        3 -> sign() * rand:uniform(1 bsl 64);
        4 -> sign() * rand:uniform(1 bsl rand:uniform(300));
        5 -> sign() * rand:uniform(1 bsl (64 * rand:uniform(20)));
        6 -> sign() * ((1 bsl rand:uniform(400)) - (1 bsl (rand:uniform(100) - 1)))
    end.

flt() ->
    case rand:uniform(8) of
        1 -> float(rand:uniform(100) - 50);
        2 -> (rand:uniform(2000000) - 1000000) / 1000;
        3 -> rand:uniform() * math:pow(10, rand:uniform(40) - 20);
        4 -> try float(int()) catch error:badarg -> 1.5 end;
        5 -> case <<(rand:uniform(1 bsl 64) - 1):64>> of <<F:64/float>> -> F; _ -> 0.5 end;
        6 -> math:pow(2.0, rand:uniform(2090) - 1070);
        7 -> lists:nth(rand:uniform(4), [0.0, -0.0, 0.5, -0.5]);
        8 -> float(rand:uniform(1 bsl 53)) * math:pow(2.0, rand:uniform(60) - 30)
    end.

num() -> case rand:uniform(3) of 1 -> flt(); _ -> int() end.

near(X) when is_float(X) ->
    case rand:uniform(3) of 1 -> trunc(X) + rand:uniform(3) - 2; _ -> X end;
near(X) ->
    case rand:uniform(3) of
        1 -> X + rand:uniform(3) - 2;
        2 -> try float(X) catch error:badarg -> X end;
        3 -> X
    end.

term(0) -> leaf();
term(Depth) ->
    Size = rand:uniform(5) - 1,
    case rand:uniform(9) of
        1 -> list_to_tuple(terms(Size, Depth));
        2 -> terms(Size, Depth);
        3 -> terms(Size, Depth) ++ term(Depth - 1);
        4 -> maps:from_list(lists:zip(terms(Size, Depth), terms(Size, Depth)));
        5 -> maps:from_list([{leaf(), leaf()} || _ <- lists:seq(1, rand:uniform(60))]);
        6 -> [rand:uniform(256) - 1 || _ <- lists:seq(1, rand:uniform(20))];
        _ -> leaf()
    end.

terms(Size, Depth) -> [term(Depth - 1) || _ <- lists:seq(1, Size)].

leaf() ->
    case rand:uniform(12) of
        1 -> flt();
        2 -> int();
        3 -> [];
        4 -> bits();
        5 -> fun lists:map/2;
        6 -> fun maps:map/2;
        7 -> lists:nth(rand:uniform(3), [fun a:b/1, fun a:c/0, fun lists:foldl/3]);
        8 -> rand:uniform(10);
        9 -> float(rand:uniform(10));
        _ -> atom()
    end.

bits() ->
    Size = rand:uniform(600) - 1,
    Bits = rand:uniform(Size + 1) - 1,
    N = case rand:uniform(2) of 1 -> Bits; 2 -> Bits div 8 * 8 end,
    <<B:N/bitstring, _/bitstring>> = rand:bytes(76),
    B.

atom() ->
    lists:nth(rand:uniform(20), [a, b, ab, '', ok, error, 'hello world', 'end', 'A', 'a@b', '_x',
        'é', 'ÿ', '×', 'привет', '\n', '\x{1F600}', abc, abd, 'a\e\d\x{80}b']).

%% Nearly the same term: one part deep inside is another one.
changed(T) when is_tuple(T), tuple_size(T) > 0 ->
    N = rand:uniform(tuple_size(T)),
    setelement(N, T, changed(element(N, T)));
changed([H | T]) ->
    case rand:uniform(3) of 1 -> [changed(H) | T]; 2 -> [H | changed(T)]; 3 -> [H | T] end;
changed(M) when is_map(M), map_size(M) > 0 ->
    Key = lists:nth(rand:uniform(map_size(M)), maps:keys(M)),
    case rand:uniform(3) of
        1 -> M#{Key => changed(map_get(Key, M))};
        2 -> (maps:remove(Key, M))#{changed(Key) => map_get(Key, M)};
        3 -> maps:from_list(lists:reverse(maps:to_list(M)))
    end;
changed(X) when is_number(X) -> near(X);
changed(B) when is_bitstring(B), bit_size(B) > 0 ->
    N = rand:uniform(bit_size(B)) - 1,
    <<A:N/bitstring, X:1, C/bitstring>> = B,
    case rand:uniform(2) of 1 -> <<A/bitstring, (1 - X):1, C/bitstring>>; 2 -> A end;
changed(_) -> leaf().
