-module(checked).
-export([f/0]).
f() -> ?A(1.
