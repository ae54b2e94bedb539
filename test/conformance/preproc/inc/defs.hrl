-ifndef(DEFS_HRL).
-define(DEFS_HRL, 1).
-record(point, {x = 0, y = 0}).
-define(ORIGIN, #point{}).
-define(HERE, {?FILE, ?LINE}).
-include("nested.hrl").
from_header(X) -> {header, X, ?LINE}.
-endif.
