/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_code.c: what is loaded, and where it would come from: module act_code and erlang's
 * part.
 */
#include "vm/bif/bif_util.h"

#include "vm/base/alloc.h"
#include "vm/code/code.h"
#include "vm/code/code_finder.h"
#include "vm/host/host.h"
#include "vm/term/atom.h"
#include "vm/term/big.h"
#include "vm/term/binary.h"
#include "vm/vm_parts.h"

Term bif_act_code_find_1(Process *p, const Term *a)
{
    if (!term_is_atom(a[0])) {
        return raise_badarg(p);
    }
    char *path;
    size_t length;
    switch (code_find(p->vm, atom_text(vm_atoms(p->vm), a[0], &length), &path)) {
    case CODE_EMBEDDED:
        return ATOM(embedded);
    case CODE_FILE: {
        Term file = util_binary(p, path, strlen(path));
        alloc_free(path);
        return term_same(file, TERM_NONE) ? file : UTIL_TUPLE(p, ATOM(file), file);
    }
    default:
        return ATOM(false);
    }
}

/* `embedded`, or the path as a binary. */
static Term origin(Process *p, const Module *m)
{
    return m->path ? util_binary(p, m->path, strlen(m->path)) : ATOM(embedded);
}

Term bif_act_code_is_loaded_1(Process *p, const Term *a)
{
    if (!term_is_atom(a[0])) {
        return raise_badarg(p);
    }
    const Module *m = code_find_module(p->vm, a[0]);
    Term from = m ? origin(p, m) : ATOM(false);
    return !m || !m->path || term_same(from, TERM_NONE) ? from : UTIL_TUPLE(p, ATOM(file), from);
}

static bool is_current(const Module *m)
{
    return !atomic_load_explicit(&m->old, memory_order_relaxed);
}

Term bif_act_code_all_loaded_0(Process *p, const Term *a)
{
    Term list = TERM_NIL;
    for (const Module *m = code_first_module(p->vm); m; m = code_next_module(m)) {
        if (!is_current(m)) {
            continue;
        }
        Term from = origin(p, m);
        Term pair = term_same(from, TERM_NONE) ? from : UTIL_TUPLE(p, m->name, from);
        list = term_same(pair, TERM_NONE) ? pair : util_cons(p, pair, list);
        if (term_same(list, TERM_NONE)) {
            return list;
        }
    }
    return list;
}

Term bif_act_code_embedded_0(Process *p, const Term *a)
{
    const VmOptions *options = &p->vm->options;
    Term list = TERM_NIL;
    for (size_t i = 0; i < options->module_count && !term_same(list, TERM_NONE); i++) {
        Term name = atom_intern_text(p->vm->atoms, options->modules[i].name);
        list = term_same(name, TERM_NONE) ? raise_no_memory(p) : util_cons(p, name, list);
    }
    return list;
}

Term bif_erlang_loaded_0(Process *p, const Term *a)
{
    Term list = TERM_NIL;
    for (const Module *m = code_first_module(p->vm); m; m = code_next_module(m)) {
        if (is_current(m)) {
            list = util_cons(p, m->name, list);
            if (term_same(list, TERM_NONE)) {
                return list;
            }
        }
    }
    return list;
}

static void add_directory(void *context, const char *directory)
{
    UtilList *list = context;
    Term text = util_binary(list->p, directory, strlen(directory));
    if (!term_same(text, TERM_NONE)) {
        util_list_add(list, text);
    }
}

Term bif_act_code_get_path_0(Process *p, const Term *a)
{
    UtilList list;
    util_list_open(&list, p);
    code_each_path(p->vm, add_directory, &list);
    return util_list_close(&list, TERM_NIL);
}

Term bif_act_code_set_path_1(Process *p, const Term *a)
{
    int64_t count = util_list_length(a[0]);
    if (count < 0) {
        return raise_badarg(p);
    }
    UtilText *texts = alloc_try_zero(((size_t)count + 1) * sizeof *texts);
    const char **names = alloc_try_zero(((size_t)count + 1) * sizeof *names);
    UtilStatus status = texts && names ? UTIL_OK : UTIL_NO_MEMORY;
    size_t i = 0;
    for (Term t = a[0]; status == UTIL_OK && term_is_cons(t); t = cons_tail(t), i++) {
        status = util_text_of_binary(&texts[i], cons_head(t), true);
        names[i] = util_text_string(&texts[i]);
    }
    if (status == UTIL_OK && !code_set_path(p->vm, names, i)) {
        status = UTIL_NO_MEMORY;
    }
    for (size_t k = 0; texts && k < (size_t)count; k++) {
        util_text_free(&texts[k]);
    }
    alloc_free(texts);
    alloc_free(names);
    return status == UTIL_OK ? ATOM(ok) : util_raise(p, status);
}

Term bif_act_code_delete_1(Process *p, const Term *a)
{
    return term_is_atom(a[0]) ? term_bool(code_delete(p->vm, a[0])) : raise_badarg(p);
}

Term bif_erlang_delete_module_1(Process *p, const Term *a)
{
    if (!term_is_atom(a[0])) {
        return raise_badarg(p);
    }
    if (!code_find_module(p->vm, a[0])) {
        return ATOM(undefined);
    }
    return code_delete(p->vm, a[0]) ? ATOM(true) : raise_badarg(p);
}

Term bif_erlang_check_old_code_1(Process *p, const Term *a)
{
    return term_is_atom(a[0]) ? term_bool(code_has_old(p->vm, a[0])) : raise_badarg(p);
}

Term bif_erlang_module_loaded_1(Process *p, const Term *a)
{
    bool always = term_same(a[0], ATOM(erlang));
    return term_is_atom(a[0]) ? term_bool(always || code_find_module(p->vm, a[0]))
                              : raise_badarg(p);
}

Term bif_erlang_function_exported_3(Process *p, const Term *a)
{
    int64_t arity;
    if (!term_is_atom(a[0]) || !term_is_atom(a[1]) || !term_is_small(a[2])) {
        return raise_badarg(p);
    }
    if (!util_get_range(a[2], 0, BC_MAX_ARITY, &arity)) {
        return ATOM(false);
    }
    const Export *e = code_find_export(p->vm, a[0], a[1], (uint32_t)arity);
    return term_bool(e && code_export_defined(p->vm, e));
}

Term bif_erlang_is_builtin_3(Process *p, const Term *a)
{
    int64_t arity;
    if (!term_is_atom(a[0]) || !term_is_atom(a[1]) || !term_is_small(a[2])) {
        return raise_badarg(p);
    }
    if (!util_get_range(a[2], 0, BC_MAX_ARITY, &arity)) {
        return ATOM(false);
    }
    const Export *e = code_find_export(p->vm, a[0], a[1], (uint32_t)arity);
    return term_bool(e && e->bif >= 0);
}

/* {name, arity} in front of list; TERM_NONE stays TERM_NONE. */
static Term add_function(Process *p, Term name, uint32_t arity, Term list)
{
    if (term_same(list, TERM_NONE)) {
        return list;
    }
    Term pair = UTIL_TUPLE(p, name, small_make(arity));
    return term_same(pair, TERM_NONE) ? pair : util_cons(p, pair, list);
}

/* The built-ins of module erlang: what is written in Act is only the rest of it. */
static Term add_natives(Process *p, Term list)
{
    const CodeTables *t = vm_code(p->vm);
    const Export *exports = &t->exports[t->first_native];
    for (uint32_t i = 0; i < code_native_count(); i++) {
        if (term_same(exports[i].module, ATOM(erlang))) {
            list = add_function(p, exports[i].name, exports[i].arity, list);
        }
    }
    return list;
}

/* Functions of the library whose names begin so are for the library and the machine. */
static bool is_inside(Process *p, const Module *m, Term name)
{
    static const char prefix[] = "act_";
    size_t length;
    const char *text = atom_text(vm_atoms(p->vm), name, &length);
    return !m->path && length >= sizeof prefix - 1 && memcmp(text, prefix, sizeof prefix - 1) == 0;
}

static Term exports_of(Process *p, const Module *m)
{
    Term list = term_same(m->name, ATOM(erlang)) ? add_natives(p, TERM_NIL) : TERM_NIL;
    for (uint32_t i = m->export_count; i-- > 0;) {
        const Export *e = &vm_code(p->vm)->exports[m->exports[i]];
        if (!is_inside(p, m, e->name)) {
            list = add_function(p, e->name, e->arity, list);
        }
    }
    return list;
}

static Term functions_of(Process *p, const Module *m)
{
    Term list = TERM_NIL;
    for (uint32_t i = m->function_count; i-- > 0;) {
        const FunctionInfo *f = &vm_code(p->vm)->functions[m->first_function + i];
        list = add_function(p, f->name, f->arity, list);
    }
    return list;
}

/* A module without a version has its checksum as one, as in Erlang. */
static Term attributes_of(Process *p, const Module *m)
{
    for (Term at = m->attributes; term_is_cons(at); at = cons_tail(at)) {
        if (term_same(tuple_items(cons_head(at))[0], ATOM(vsn))) {
            return m->attributes;
        }
    }
    unsigned char md5[MD5_SIZE];
    uint64_t limbs[sizeof md5 / 8] = {0};
    code_digest(p->vm, m, md5);
    for (size_t i = 0; i < sizeof md5; i++) {
        limbs[i / 8] |= (uint64_t)md5[sizeof md5 - 1 - i] << 8 * (i % 8);
    }
    TermRoom room = heap_room(&p->heap);
    NumberError error = NUMBER_BADARITH;
    Term version =
        util_number(p, big_from_limbs(&room, false, limbs, ACT_COUNT(limbs), &error), error);
    Term list = term_same(version, TERM_NONE) ? version : util_cons(p, version, TERM_NIL);
    Term pair = term_same(list, TERM_NONE) ? list : UTIL_TUPLE(p, ATOM(vsn), list);
    return term_same(pair, TERM_NONE) ? pair : util_cons(p, pair, m->attributes);
}

/* The source's name as an absolute path; TERM_NIL when it is not known. */
static Term source_of(Process *p, const Module *m)
{
    char directory[4096];
    Host *host = vm_host(p->vm);
    UtilText path = {0};
    int64_t length = 0;
    if (small_value(cons_head(m->files[0])) != '/') {
        length = host->cwd_get(host, directory, sizeof directory);
    }
    if (length > 0 && length < (int64_t)sizeof directory) {
        util_text_put(&path, directory, (size_t)length);
        util_text_put(&path, "/", 1);
    }
    UtilText name = {0};
    bool known = util_text_of_string(&name, m->files[0], SIZE_MAX) == UTIL_OK &&
                 util_text_put(&path, name.bytes, name.length);
    Term text = known ? util_utf8_list(p, path.bytes, path.length) : TERM_NIL;
    util_text_free(&name);
    util_text_free(&path);
    return text;
}

/* What the module file says, else where the source is, if it has one. */
static Term compile_of(Process *p, const Module *m)
{
    if (!term_is_nil(m->compile) || !m->path || m->file_count == 0 || !term_is_cons(m->files[0])) {
        return m->compile;
    }
    Term text = source_of(p, m);
    Term pair = term_is_cons(text) ? UTIL_TUPLE(p, ATOM(source), text) : text;
    return term_is_tuple(pair) ? util_cons(p, pair, TERM_NIL) : pair;
}

static Term module_item(Process *p, const Module *m, Term item)
{
    if (term_same(item, ATOM(module))) {
        return m->name;
    }
    if (term_same(item, ATOM(exports))) {
        return exports_of(p, m);
    }
    if (term_same(item, ATOM(functions))) {
        return functions_of(p, m);
    }
    if (term_same(item, ATOM(attributes))) {
        return attributes_of(p, m);
    }
    if (term_same(item, ATOM(compile))) {
        return compile_of(p, m);
    }
    if (term_same(item, ATOM(act_heads))) {
        return m->heads;
    }
    if (term_same(item, ATOM(md5))) {
        unsigned char md5[MD5_SIZE];
        code_digest(p->vm, m, md5);
        return util_binary(p, md5, sizeof md5);
    }
    if (term_same(item, ATOM(native))) {
        return ATOM(false);
    }
    return term_same(item, ATOM(nifs)) ? TERM_NIL : raise_badarg(p);
}

Term bif_erlang_get_module_info_2(Process *p, const Term *a)
{
    const Module *m = term_is_atom(a[0]) ? code_find_module(p->vm, a[0]) : NULL;
    return m && term_is_atom(a[1]) ? module_item(p, m, a[1]) : raise_badarg(p);
}

Term bif_erlang_get_module_info_1(Process *p, const Term *a)
{
    const Term items[] = {ATOM(md5), ATOM(compile), ATOM(attributes), ATOM(exports), ATOM(module)};
    const Module *m = term_is_atom(a[0]) ? code_find_module(p->vm, a[0]) : NULL;
    if (!m) {
        return raise_badarg(p);
    }
    Term list = TERM_NIL;
    for (size_t i = 0; i < ACT_COUNT(items) && !term_same(list, TERM_NONE); i++) {
        Term value = module_item(p, m, items[i]);
        Term pair = term_same(value, TERM_NONE) ? value : UTIL_TUPLE(p, items[i], value);
        list = term_same(pair, TERM_NONE) ? pair : util_cons(p, pair, list);
    }
    return list;
}
