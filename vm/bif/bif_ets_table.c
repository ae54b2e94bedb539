/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_ets_table.c: module ets: tables as wholes: making, finding, asking about them, giving
 * them away. */
#include "vm/base/alloc.h"
#include "vm/bif/bif_ets.h"
#include "vm/bif/bif_shared.h"
#include "vm/code/code.h"
#include "vm/ets/ets_bulk.h"
#include "vm/ets/ets_cache.h"
#include "vm/ets/ets_fix.h"
#include "vm/proc/table.h"
#include "vm/term/map.h"
#include "vm/term/ref.h"

enum { CONCURRENT_SHARDS = 16, NS_PER_MS = 1000000, MIN_LOCKS = 64, MAX_LOCKS = 32768 };
#define MAX_TTL (INT64_C(1) << 40) /* milliseconds: thirty years */

Term bif_ets_badarg(Process *p, Term cause)
{
    TermRoom room = heap_room(&p->heap);
    Term pairs[4] = {ATOM(cause), cause, ATOM(module), ATOM(erl_stdlib_errors)};
    Term info = map_from_pairs(p->vm->atoms, &room, pairs, 2);
    if (term_same(info, TERM_NONE)) {
        return raise_no_memory(p);
    }
    raise_badarg(p);
    p->raise_info = info;
    return TERM_NONE;
}

Term bif_ets_missed(Process *p, EtsTable *t)
{
    if (p->pending != PENDING_NONE) {
        return TERM_NONE;
    }
    if (atomic_load_explicit(&t->deleted, memory_order_acquire)) {
        return bif_ets_badarg(p, ATOM(id));
    }
    p->pending = PENDING_AGAIN;
    return TERM_NONE;
}

/* t, when nothing is left that is to be done before anybody uses it. */
ACT_INLINE EtsTable *settle(Process *p, EtsTable *t)
{
    if (ACT_LIKELY((!ets_is_busy(t) || ets_bulk_help(p, t)) &&
                   (!ets_fix_leaves(t) || ets_fix_sweep(p, t)) &&
                   (!t->cache || ets_cache_sweep(t, p)))) {
        return t;
    }
    p->pending = PENDING_AGAIN;
    return NULL;
}

EtsTable *bif_ets_table(Process *p, Term id, TableRight right)
{
    EtsTable *t = ets_tables_find(p->vm, id);
    if (ACT_UNLIKELY(!t)) {
        bif_ets_badarg(p, ets_tables_names(id) ? ATOM(id) : ATOM(type));
        return NULL;
    }
    EtsAccess access = atomic_load_explicit(&t->access, memory_order_relaxed);
    if (access == ETS_PUBLIC || right == TABLE_ANY ||
        (access == ETS_PROTECTED && right == TABLE_READ) ||
        atomic_load_explicit(&t->owner, memory_order_relaxed) == p->pid.w) {
        return settle(p, t);
    }
    bif_ets_badarg(p, ATOM(access));
    return NULL;
}

Term bif_ets_reference(Process *p, const EtsTable *t)
{
    Term *words = process_alloc(p, REF_WORDS);
    return words ? ets_tables_ref(t, words) : TERM_NONE;
}

/* As the programs call it: by name if it has one. */
static Term table_id(Process *p, const EtsTable *t)
{
    return t->named ? ets_tables_id(t, NULL) : bif_ets_reference(p, t);
}

/* ---- new ---- */

typedef struct {
    Term heir, heir_data;
    bool counters_told;
    int64_t ttl, max; /* Act's own; 0: none */
} NewOptions;

static bool read_flag(Term value, bool *flag)
{
    *flag = term_same(value, ATOM(true));
    return term_is_bool(value);
}

static const Term access_words[] = {
    [ETS_PUBLIC] = ATOM(public), [ETS_PROTECTED] = ATOM(protected), [ETS_PRIVATE] = ATOM(private)};

static bool read_access(Term word, EtsAccess *access)
{
    for (unsigned i = 0; i < ACT_COUNT(access_words); i++) {
        if (term_same(word, access_words[i])) {
            *access = (EtsAccess)i;
            return true;
        }
    }
    return false;
}

static bool read_word(EtsTable *t, Term word)
{
    static const Term types[] = {[ETS_SET] = ATOM(set),
                                 [ETS_BAG] = ATOM(bag),
                                 [ETS_DUPLICATE_BAG] = ATOM(duplicate_bag),
                                 [ETS_ORDERED_SET] = ATOM(ordered_set)};
    /* `set` and `protected` say what a table is anyway: they change nothing that another word said
     */
    for (unsigned i = 0; i < ACT_COUNT(types); i++) {
        if (term_same(word, types[i])) {
            t->type = i == ETS_SET ? t->type : (EtsType)i;
            return true;
        }
    }
    EtsAccess access;
    if (read_access(word, &access)) {
        if (access != ETS_PROTECTED) {
            atomic_init(&t->access, access);
        }
        return true;
    }
    t->named |= term_same(word, ATOM(named_table));
    t->compressed |= term_same(word, ATOM(compressed));
    return term_same(word, ATOM(named_table)) || term_same(word, ATOM(compressed));
}

/* {debug_hash_fixed_number_of_locks, N}: Erlang takes a power of two. Only the word is kept. */
static bool read_locks(EtsTable *t, Term value)
{
    int64_t number;
    if (!term_is_tuple_of(value, 2) ||
        !term_same(tuple_items(value)[0], ATOM(debug_hash_fixed_number_of_locks)) ||
        !util_get_range(tuple_items(value)[1], 1, MAX_LOCKS, &number)) {
        return false;
    }
    t->locks_told = MIN_LOCKS;
    while (t->locks_told * 2 <= number) {
        t->locks_told *= 2;
    }
    t->write_concurrency = ATOM(debug_hash_fixed_number_of_locks);
    return true;
}

static bool read_pair(EtsTable *t, NewOptions *options, Term name, Term value)
{
    int64_t number;
    if (term_same(name, ATOM(keypos))) {
        bool fits = util_get_range(value, 1, UTIL_OTP_SMALL_MAX, &number) && number < UINT32_MAX;
        t->key_position = fits ? (uint32_t)number : 1;
        return fits;
    }
    if (term_same(name, ATOM(write_concurrency))) {
        t->write_concurrency = value;
        return term_is_bool(value) || term_same(value, ATOM(auto)) || read_locks(t, value);
    }
    if (term_same(name, ATOM(read_concurrency))) {
        return read_flag(value, &t->read_concurrency);
    }
    if (term_same(name, ATOM(decentralized_counters))) {
        options->counters_told = true;
        return read_flag(value, &t->decentralized_counters);
    }
    if (term_same(name, ATOM(ttl))) {
        return util_get_range(value, 1, MAX_TTL, &options->ttl);
    }
    if (term_same(name, ATOM(max_line))) {
        return util_get_range(value, 1, SMALL_MAX, &options->max);
    }
    if (term_same(name, ATOM(heir)) && term_same(value, ATOM(none))) {
        options->heir = value;
        return true;
    }
    return false;
}

static bool read_options(EtsTable *t, NewOptions *options, Term list)
{
    for (; term_is_cons(list); list = cons_tail(list)) {
        Term option = cons_head(list);
        const Term *items = term_is_tuple(option) ? tuple_items(option) : NULL;
        bool known = false;
        if (term_is_atom(option)) {
            known = read_word(t, option);
        } else if (items && tuple_arity(option) == 2) {
            known = read_pair(t, options, items[0], items[1]);
        } else if (items && tuple_arity(option) == 3 && term_same(items[0], ATOM(heir))) {
            options->heir = items[1];
            options->heir_data = items[2];
            known = term_is_pid(items[1]);
        }
        if (!known) {
            return false;
        }
    }
    return term_is_nil(list);
}

/* Was a number of locks told? It is kept in locks_told. */
static bool locks_told(const EtsTable *t)
{
    return term_same(t->write_concurrency, ATOM(debug_hash_fixed_number_of_locks));
}

/* What the options mean for how rows are kept. A private table has one process, so nothing is done
 * for several at a time; counters are spread only where there are several writers. */
static void settle_options(EtsTable *t, const NewOptions *options)
{
    if (atomic_load_explicit(&t->access, memory_order_relaxed) == ETS_PRIVATE) {
        t->write_concurrency = ATOM(false);
        t->read_concurrency = false;
    }
    bool concurrent = !term_same(t->write_concurrency, ATOM(false));
    bool spread = term_same(t->write_concurrency, ATOM(auto)) || locks_told(t);
    t->kind = t->type == ETS_ORDERED_SET ? &ets_order_kind : &ets_hash_kind;
    t->shards = concurrent && t->vm->scheduler_count > 1 ? CONCURRENT_SHARDS : 1;
    if ((spread || (concurrent && t->type == ETS_ORDERED_SET)) && !options->counters_told) {
        t->decentralized_counters = true;
    }
    t->decentralized_counters &= concurrent;
}

/* False without memory. */
static bool make_cache(EtsTable *t, const NewOptions *options)
{
    if (options->ttl == 0 && options->max == 0) {
        return true;
    }
    t->cache = alloc_try_zero(sizeof *t->cache);
    if (t->cache) {
        t->cache->ttl = options->ttl * NS_PER_MS;
        t->cache->max = (uint64_t)options->max;
        t->cache->generation = 1;
    }
    return t->cache != NULL;
}

/* Makes t complete and the machine's; TERM_NONE, raised, if that fails (t is freed then). */
static Term add_table(Process *p, EtsTable *t, const NewOptions *options)
{
    atomic_init(&t->body, t->kind->make(t));
    EtsAdded added = ETS_NO_MEMORY;
    if (ets_body(t) && make_cache(t, options) &&
        ets_tables_set_heir(p, t, options->heir, options->heir_data)) {
        added = ets_tables_add(p, t);
    }
    switch (added) {
    case ETS_ADDED:
        return table_id(p, t);
    case ETS_NAME_TAKEN:
        bif_ets_badarg(p, ATOM(already_exists));
        break;
    case ETS_TOO_MANY:
        raise_system_limit(p);
        break;
    case ETS_NO_MEMORY:
        raise_no_memory(p);
        break;
    }
    ets_tables_drop(t);
    return TERM_NONE;
}

Term bif_ets_new_2(Process *p, const Term *a)
{
    if (!term_is_atom(a[0])) {
        return raise_badarg(p);
    }
    EtsTable *t = alloc_try_zero(sizeof *t);
    if (!t) {
        return raise_no_memory(p);
    }
    t->vm = p->vm;
    t->id = scheduler_new_id(p->scheduler);
    t->type = ETS_SET;
    atomic_init(&t->access, ETS_PROTECTED);
    t->key_position = 1;
    t->write_concurrency = ATOM(false);
    atomic_init(&t->owner, p->pid.w);
    atomic_init(&t->name, a[0].w);
    NewOptions options = {.heir = ATOM(none), .heir_data = TERM_NIL};
    bool read = read_options(t, &options, a[1]);
    bool leaving = options.ttl > 0 || options.max > 0;
    if (!read || (leaving && !ets_is_set(t)) || (locks_told(t) && t->type == ETS_ORDERED_SET)) {
        alloc_free(t);
        return raise_badarg(p);
    }
    settle_options(t, &options);
    return add_table(p, t, &options);
}

/* ---- the others ---- */

Term bif_ets_delete_1(Process *p, const Term *a)
{
    EtsTable *t = bif_ets_table(p, a[0], TABLE_WRITE);
    if (!t) {
        return TERM_NONE;
    }
    return ets_tables_delete(p->scheduler, t) ? ATOM(true) : bif_ets_missed(p, t);
}

Term bif_ets_all_0(Process *p, const Term *a)
{
    (void)a;
    UtilList list;
    util_list_open(&list, p);
    for (uint32_t slot = 0; slot < ets_tables_slots(p->vm); slot++) {
        EtsTable *t = ets_tables_at(p->vm, slot);
        if (t) {
            Term id = table_id(p, t);
            if (term_same(id, TERM_NONE) || !util_list_add(&list, id)) {
                return TERM_NONE;
            }
        }
    }
    return util_list_close(&list, TERM_NIL);
}

Term bif_ets_whereis_1(Process *p, const Term *a)
{
    if (!term_is_atom(a[0])) {
        return raise_badarg(p);
    }
    EtsTable *t = ets_tables_find(p->vm, a[0]);
    return t ? bif_ets_reference(p, t) : ATOM(undefined);
}

Term bif_ets_rename_2(Process *p, const Term *a)
{
    EtsTable *t = bif_ets_table(p, a[0], TABLE_WRITE);
    if (!t) {
        return TERM_NONE;
    }
    if (!term_is_atom(a[1])) {
        return raise_badarg(p);
    }
    return ets_tables_rename(t, a[1]) ? table_id(p, t) : raise_badarg(p);
}

/* What setopts is told; NULL or -1: nothing. */
typedef struct {
    const Term *heir; /* the option's items */
    Term data;
    int access;
} SetOptions;

/* False: no option, or one of its kind was told before. */
static bool read_set_option(SetOptions *set, Term option)
{
    bool pair = term_is_tuple_of(option, 2);
    if (!pair && !term_is_tuple_of(option, 3)) {
        return false;
    }
    const Term *items = tuple_items(option);
    if (term_same(items[0], ATOM(heir)) && !set->heir) {
        set->heir = items;
        set->data = pair ? TERM_NIL : items[2];
        return pair ? term_same(items[1], ATOM(none)) : term_is_pid(items[1]);
    }
    EtsAccess access;
    if (pair && term_same(items[0], ATOM(protection)) && set->access < 0 &&
        read_access(items[1], &access)) {
        set->access = (int)access;
        return true;
    }
    return false;
}

Term bif_ets_setopts_2(Process *p, const Term *a)
{
    EtsTable *t = bif_ets_table(p, a[0], TABLE_WRITE);
    if (!t) {
        return TERM_NONE;
    }
    SetOptions set = {.access = -1};
    Term list = a[1];
    bool good = term_is_cons(list) || term_is_nil(list) || read_set_option(&set, list);
    for (; good && term_is_cons(list); list = cons_tail(list)) {
        good = read_set_option(&set, cons_head(list));
    }
    bool whole = term_is_nil(list) || !term_is_cons(a[1]);
    if (!good || !whole || atomic_load_explicit(&t->owner, memory_order_relaxed) != p->pid.w) {
        return raise_badarg(p);
    }
    if (set.heir && !ets_tables_set_heir(p, t, set.heir[1], set.data)) {
        return raise_no_memory(p);
    }
    if (set.access >= 0) {
        atomic_store_explicit(&t->access, (EtsAccess)set.access, memory_order_relaxed);
    }
    return ATOM(true);
}

Term bif_ets_give_away_3(Process *p, const Term *a)
{
    EtsTable *t = bif_ets_table(p, a[0], TABLE_WRITE);
    if (!t) {
        return TERM_NONE;
    }
    if (!term_is_pid(a[1])) {
        return raise_badarg(p);
    }
    if (atomic_load_explicit(&t->owner, memory_order_relaxed) != p->pid.w) {
        return bif_ets_badarg(p, ATOM(not_owner));
    }
    if (term_same(a[1], p->pid)) {
        return bif_ets_badarg(p, ATOM(owner));
    }
    if (!process_table_find(p->vm->processes, a[1])) {
        return raise_badarg(p);
    }
    return ets_tables_give(p, t, a[1], a[2]) ? ATOM(true) : raise_no_memory(p);
}

/* Its state: p has let go, and waits until the rows that were kept are taken out. */
Term bif_ets_safe_fixtable_2(Process *p, const Term *a)
{
    if (!term_same(p->bif_state, TERM_NONE)) {
        p->bif_state = TERM_NONE;
        EtsTable *left = ets_tables_find(p->vm, a[0]);
        return !left || settle(p, left) ? ATOM(true) : bif_again(p, ATOM(true));
    }
    EtsTable *t = bif_ets_table(p, a[0], TABLE_READ);
    if (!t) {
        return TERM_NONE;
    }
    if (!term_is_bool(a[1])) {
        return raise_badarg(p);
    }
    if (term_same(a[1], ATOM(true))) {
        return ets_tables_fix(p, t) ? ATOM(true) : raise_no_memory(p);
    }
    ets_tables_unfix(p, t);
    return ets_fix_leaves(t) ? bif_again(p, ATOM(true)) : ATOM(true);
}

/* ---- info ---- */

static Term fixed_info(Process *p, EtsTable *t, bool monotonic)
{
    UtilList list;
    util_list_open(&list, p);
    spin_lock(&t->meta);
    uint32_t count = t->fixer_count;
    int64_t when = monotonic ? t->fixed_at_monotonic : t->fixed_at_system;
    for (uint32_t i = 0; i < count; i++) {
        Term pair = UTIL_TUPLE(p, t->fixers[i].pid, small_make((int64_t)t->fixers[i].count));
        if (term_same(pair, TERM_NONE) || !util_list_add(&list, pair)) {
            count = 0;
        }
    }
    spin_unlock(&t->meta);
    Term fixers = util_list_close(&list, TERM_NIL);
    if (term_same(fixers, TERM_NONE)) {
        return TERM_NONE;
    }
    Term at;
    if (monotonic) {
        at = util_int64(p, when - vm_bifs(p->vm)->start_monotonic + BIF_MONOTONIC_START);
    } else {
        at = UTIL_TUPLE(p, small_make(when / 1000000000 / 1000000),
                        small_make(when / 1000000000 % 1000000), small_make(when / 1000 % 1000000));
    }
    if (count == 0 || term_same(at, TERM_NONE)) {
        return count == 0 ? ATOM(false) : TERM_NONE;
    }
    return UTIL_TUPLE(p, at, fixers);
}

static Term heir_that_lives(Process *p, const EtsTable *t)
{
    bool gone = term_is_pid(t->heir) && !process_table_find(p->vm->processes, t->heir);
    return gone ? ATOM(none) : t->heir;
}

static uint64_t words_of(EtsTable *t)
{
    uint64_t words = t->kind->words(ets_body(t));
    EtsBody *kept = atomic_load_explicit(&t->kept, memory_order_acquire);
    for (; kept; kept = kept->next) {
        words += t->kind->words(kept);
    }
    return words;
}

static Term info_of(Process *p, EtsTable *t, Term item)
{
    static const Term types[] = {ATOM(set), ATOM(bag), ATOM(duplicate_bag), ATOM(ordered_set)};
    if (term_same(item, ATOM(write_concurrency)) && locks_told(t)) {
        return UTIL_TUPLE(p, t->write_concurrency, small_make(t->locks_told));
    }
    const struct {
        Term item, value;
    } known[] = {
        {ATOM(decentralized_counters), term_bool(t->decentralized_counters)},
        {ATOM(read_concurrency), term_bool(t->read_concurrency)},
        {ATOM(write_concurrency), t->write_concurrency},
        {ATOM(compressed), term_bool(t->compressed)},
        {ATOM(owner), TERM_RAW(atomic_load_explicit(&t->owner, memory_order_relaxed))},
        {ATOM(heir), heir_that_lives(p, t)},
        {ATOM(name), TERM_RAW(atomic_load_explicit(&t->name, memory_order_relaxed))},
        {ATOM(size), small_make((int64_t)t->kind->count(ets_body(t)))},
        {ATOM(memory), small_make((int64_t)(words_of(t) + sizeof *t / sizeof(Term)))},
        {ATOM(node), ATOM(nonode_nohost)},
        {ATOM(named_table), term_bool(t->named)},
        {ATOM(type), types[t->type]},
        {ATOM(keypos), small_make(t->key_position)},
        {ATOM(protection), access_words[atomic_load_explicit(&t->access, memory_order_relaxed)]},
        {ATOM(fixed), term_bool(atomic_load_explicit(&t->fixes, memory_order_relaxed) > 0)},
    };
    for (unsigned i = 0; i < ACT_COUNT(known); i++) {
        if (term_same(item, known[i].item)) {
            return known[i].value;
        }
    }
    if (t->cache && term_same(item, ATOM(ttl))) {
        return t->cache->ttl > 0 ? small_make(t->cache->ttl / NS_PER_MS) : ATOM(infinity);
    }
    if (t->cache && term_same(item, ATOM(max_line))) {
        return t->cache->max > 0 ? small_make((int64_t)t->cache->max) : ATOM(infinity);
    }
    if (term_same(item, ATOM(id))) {
        return bif_ets_reference(p, t);
    }
    if (term_same(item, ATOM(safe_fixed)) || term_same(item, ATOM(safe_fixed_monotonic_time))) {
        return fixed_info(p, t, term_same(item, ATOM(safe_fixed_monotonic_time)));
    }
    if (term_same(item, ATOM(binary))) {
        return bif_ets_binaries(p, t);
    }
    return raise_badarg(p);
}

/* The table; NULL if there is none: raised if id can name none; or p has to come again. */
static EtsTable *table_to_ask(Process *p, Term id)
{
    if (!ets_tables_names(id)) {
        bif_ets_badarg(p, ATOM(type));
        return NULL;
    }
    EtsTable *t = ets_tables_find(p->vm, id);
    return t ? settle(p, t) : NULL;
}

Term bif_ets_info_1(Process *p, const Term *a)
{
    static const Term items[] = {ATOM(id),
                                 ATOM(decentralized_counters),
                                 ATOM(read_concurrency),
                                 ATOM(write_concurrency),
                                 ATOM(compressed),
                                 ATOM(memory),
                                 ATOM(owner),
                                 ATOM(heir),
                                 ATOM(name),
                                 ATOM(size),
                                 ATOM(node),
                                 ATOM(named_table),
                                 ATOM(type),
                                 ATOM(keypos),
                                 ATOM(protection)};
    EtsTable *t = table_to_ask(p, a[0]);
    if (!t) {
        return p->pending == PENDING_NONE ? ATOM(undefined) : TERM_NONE;
    }
    UtilList list;
    util_list_open(&list, p);
    for (unsigned i = 0; i < ACT_COUNT(items); i++) {
        Term value = info_of(p, t, items[i]);
        Term pair = term_same(value, TERM_NONE) ? TERM_NONE : UTIL_TUPLE(p, items[i], value);
        if (term_same(pair, TERM_NONE) || !util_list_add(&list, pair)) {
            return TERM_NONE;
        }
    }
    return util_list_close(&list, TERM_NIL);
}

Term bif_ets_info_2(Process *p, const Term *a)
{
    EtsTable *t = table_to_ask(p, a[0]);
    if (!t) {
        return p->pending == PENDING_NONE ? ATOM(undefined) : TERM_NONE;
    }
    if (term_same(a[1], ATOM(stats))) {
        Export *stats = code_export(p->vm, ATOM(act_ets), ATOM(stats), 1);
        return stats ? bif_trap(p, stats, 1, a[0]) : raise_no_memory(p);
    }
    return info_of(p, t, a[1]);
}
