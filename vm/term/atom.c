/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/atom.c: entries in chunks that never move; an index of open addressing over them that
 * is replaced by a larger one when half full. Old indices are kept until the table goes, because a
 * reader may still walk one: all of them together are smaller than the newest. */
#include "vm/term/atom.h"

#include "vm/base/utf8.h"

#include <stdatomic.h>

enum { CHUNK_BITS = 12, CHUNK_SIZE = 1 << CHUNK_BITS, CHUNKS = ATOM_CAPACITY / CHUNK_SIZE };
enum { FIRST_SLOTS = 4096, TEXT_CHUNK = 65536 };

typedef struct {
    const char *text;
    uint32_t length;
    uint32_t hash;  /* of the text, for the index */
    uint64_t first; /* its first bytes, the first of them uppermost, behind the text zeros */
} AtomEntry;

typedef struct AtomSlots AtomSlots;
struct AtomSlots {
    AtomSlots *older;
    size_t mask;
    /* release: pairs with the acquire in find_in; publishes the entry. 0: free, else index + 1 */
    _Atomic(uint32_t) slot[];
};

typedef struct TextChunk TextChunk;
struct TextChunk {
    TextChunk *older;
    char bytes[];
};

struct AtomTable {
    /* release: pairs with the acquire in entry_of */
    _Atomic(AtomEntry *) chunks[CHUNKS];
    /* release: pairs with the acquire in find_in's callers */
    _Atomic(AtomSlots *) slots;
    _Atomic(uint32_t) count; /* written under the lock */
    atomic_flag lock;
    /* under the lock */
    TextChunk *texts;
    char *text_next;
    char *text_end;
    Area *area;
    size_t bytes;      /* of all blocks */
    size_t text_bytes; /* that texts fill */
};

static void lock(AtomTable *table)
{
    while (atomic_flag_test_and_set_explicit(&table->lock, memory_order_acquire)) {
    }
}

static void unlock(AtomTable *table)
{
    atomic_flag_clear_explicit(&table->lock, memory_order_release);
}

static AtomEntry *entry_of(const AtomTable *table, uint32_t index)
{
    AtomEntry *chunk =
        atomic_load_explicit(&table->chunks[index >> CHUNK_BITS], memory_order_acquire);
    return &chunk[index & (CHUNK_SIZE - 1)];
}

static uint64_t first_bytes(const char *text, size_t length)
{
    uint64_t first = 0;
    for (size_t i = 0; i < sizeof first; i++) {
        first = first << 8 | (i < length ? (unsigned char)text[i] : 0);
    }
    return first;
}

static uint32_t hash_text(const char *text, size_t length)
{
    uint64_t h = 0x9E3779B97F4A7C15u ^ length;
    for (size_t i = 0; i < length; i++) {
        h = (h ^ (unsigned char)text[i]) * 0x100000001B3u;
    }
    return (uint32_t)(h ^ h >> 29);
}

static Term find_in(const AtomTable *table, const AtomSlots *slots, uint32_t hash, const char *text,
                    size_t length)
{
    for (size_t i = hash & slots->mask;; i = (i + 1) & slots->mask) {
        uint32_t index = atomic_load_explicit(&slots->slot[i], memory_order_acquire);
        if (index == 0) {
            return TERM_NONE;
        }
        const AtomEntry *e = entry_of(table, index - 1);
        if (e->hash == hash && e->length == length && memcmp(e->text, text, length) == 0) {
            return atom_make(index - 1);
        }
    }
}

static AtomSlots *slots_new(AtomTable *table, size_t count)
{
    size_t size = sizeof(AtomSlots) + count * sizeof(((AtomSlots *)0)->slot[0]);
    AtomSlots *slots = area_zero(table->area, size);
    if (slots) {
        table->bytes += size;
        slots->mask = count - 1;
    }
    return slots;
}

static void slots_put(AtomSlots *slots, uint32_t hash, uint32_t index)
{
    size_t i = hash & slots->mask;
    while (atomic_load_explicit(&slots->slot[i], memory_order_relaxed) != 0) {
        i = (i + 1) & slots->mask;
    }
    atomic_store_explicit(&slots->slot[i], index + 1, memory_order_release);
}

/* Makes sure that one more atom fits the index. Under the lock. */
static bool grow_slots(AtomTable *table, uint32_t count)
{
    AtomSlots *old = atomic_load_explicit(&table->slots, memory_order_relaxed);
    if (old && count * 2 < old->mask) {
        return true;
    }
    AtomSlots *slots = slots_new(table, old ? (old->mask + 1) * 2 : FIRST_SLOTS);
    if (!slots) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        slots_put(slots, entry_of(table, i)->hash, i);
    }
    slots->older = old;
    atomic_store_explicit(&table->slots, slots, memory_order_release);
    return true;
}

/* A copy of the text that stays. Under the lock. */
static const char *keep_text(AtomTable *table, const char *text, size_t length)
{
    if ((size_t)(table->text_end - table->text_next) <= length) {
        TextChunk *chunk = area_zero(table->area, sizeof *chunk + TEXT_CHUNK);
        if (!chunk) {
            return NULL;
        }
        table->bytes += sizeof *chunk + TEXT_CHUNK;
        chunk->older = table->texts;
        table->texts = chunk;
        table->text_next = chunk->bytes;
        table->text_end = chunk->bytes + TEXT_CHUNK;
    }
    char *kept = table->text_next;
    memcpy(kept, text, length);
    kept[length] = 0;
    table->text_next += length + 1;
    table->text_bytes += length + 1;
    return kept;
}

/* Adds a text that is not there, if there are less than limit. Under the lock. */
static Term add(AtomTable *table, uint32_t hash, const char *text, size_t length, uint32_t limit)
{
    uint32_t index = atomic_load_explicit(&table->count, memory_order_relaxed);
    if (index >= limit || !grow_slots(table, index)) {
        return TERM_NONE;
    }
    if (!atomic_load_explicit(&table->chunks[index >> CHUNK_BITS], memory_order_relaxed)) {
        AtomEntry *chunk = area_zero(table->area, CHUNK_SIZE * sizeof *chunk);
        if (!chunk) {
            return TERM_NONE;
        }
        table->bytes += CHUNK_SIZE * sizeof *chunk;
        atomic_store_explicit(&table->chunks[index >> CHUNK_BITS], chunk, memory_order_release);
    }
    const char *kept = keep_text(table, text, length);
    if (!kept) {
        return TERM_NONE;
    }
    *entry_of(table, index) = (AtomEntry){
        .text = kept, .length = (uint32_t)length, .hash = hash, .first = first_bytes(text, length)};
    slots_put(atomic_load_explicit(&table->slots, memory_order_relaxed), hash, index);
    atomic_store_explicit(&table->count, index + 1, memory_order_release);
    return atom_make(index);
}

Term atom_find(const AtomTable *table, const char *utf8, size_t length)
{
    AtomSlots *slots = atomic_load_explicit(&table->slots, memory_order_acquire);
    return find_in(table, slots, hash_text(utf8, length), utf8, length);
}

static Term intern(AtomTable *table, const char *utf8, size_t length, uint32_t limit)
{
    Term found = atom_find(table, utf8, length);
    if (!term_same(found, TERM_NONE) || !atom_text_fits(utf8, length)) {
        return found;
    }
    uint32_t hash = hash_text(utf8, length);
    lock(table);
    AtomSlots *slots = atomic_load_explicit(&table->slots, memory_order_relaxed);
    found = find_in(table, slots, hash, utf8, length);
    if (term_same(found, TERM_NONE)) {
        found = add(table, hash, utf8, length, limit);
    }
    unlock(table);
    return found;
}

Term atom_intern(AtomTable *table, const char *utf8, size_t length)
{
    return intern(table, utf8, length, ATOM_MAX_COUNT);
}

Term atom_intern_code(AtomTable *table, const char *utf8, size_t length)
{
    return intern(table, utf8, length, ATOM_CAPACITY);
}

Term atom_intern_text(AtomTable *table, const char *text)
{
    return atom_intern_code(table, text, strlen(text));
}

AtomTable *atom_table_new(Area *area)
{
    static const char *const rows[] = {
#define ATOM_ROW(id, text) text,
#include "vm/bytecode/atoms.def"
#undef ATOM_ROW
    };
    AtomTable *table = area_zero(area, sizeof *table);
    if (!table) {
        return NULL;
    }
    table->area = area;
    if (!grow_slots(table, 0)) {
        area_free(area, table);
        return NULL;
    }
    for (uint32_t i = 0; i < ACT_COUNT(rows); i++) {
        Term atom = atom_intern_text(table, rows[i]);
        if (term_same(atom, TERM_NONE)) {
            atom_table_free(table);
            return NULL;
        }
        VM_CHECK(term_same(atom, atom_make(i))); /* no text stands twice in atoms.def */
    }
    return table;
}

void atom_table_set_area(AtomTable *table, Area *area)
{
    table->area = area;
}

uint64_t atom_bytes(AtomTable *table, uint64_t *used)
{
    lock(table);
    uint64_t entries = atomic_load_explicit(&table->count, memory_order_relaxed);
    *used = entries * (sizeof(AtomEntry) + sizeof(((AtomSlots *)0)->slot[0])) + table->text_bytes;
    uint64_t bytes = sizeof *table + table->bytes;
    unlock(table);
    return bytes;
}

void atom_table_free(AtomTable *table)
{
    if (!table) {
        return;
    }
    const Area *area = table->area;
    for (size_t i = 0; i < CHUNKS; i++) {
        area_free(area, atomic_load(&table->chunks[i]));
    }
    for (AtomSlots *s = atomic_load(&table->slots), *older; s; s = older) {
        older = s->older;
        area_free(area, s);
    }
    for (TextChunk *c = table->texts, *older; c; c = older) {
        older = c->older;
        area_free(area, c);
    }
    area_free(area, table);
}

const char *atom_text(const AtomTable *table, Term atom, size_t *length)
{
    const AtomEntry *e = entry_of(table, atom_index(atom));
    if (length) {
        *length = e->length;
    }
    return e->text;
}

uint32_t atom_count(const AtomTable *table)
{
    return atomic_load_explicit(&table->count, memory_order_acquire);
}

/* UTF-8 sorts bytewise as its code points do. */
int atom_compare(const AtomTable *table, Term a, Term b)
{
    const AtomEntry *x = entry_of(table, atom_index(a));
    const AtomEntry *y = entry_of(table, atom_index(b));
    if (ACT_LIKELY(x->first != y->first)) {
        return x->first < y->first ? -1 : 1;
    }
    int diff = memcmp(x->text, y->text, ACT_MIN(x->length, y->length));
    return diff != 0 ? diff : (x->length > y->length) - (x->length < y->length);
}

/* P. J. Weinberger's hash over the characters; those of Latin-1 count as one byte. */
uint32_t atom_hash(const AtomTable *table, Term atom)
{
    const AtomEntry *e = entry_of(table, atom_index(atom));
    uint32_t h = 0;
    for (uint32_t i = 0; i < e->length; i++) {
        unsigned char c = (unsigned char)e->text[i];
        if ((c & 0xFE) == 0xC2 && i + 1 < e->length) {
            c = (unsigned char)(c << 6 | ((unsigned char)e->text[++i] & 0x3F));
        }
        h = (h << 4) + c;
        uint32_t high = h & 0xF0000000u;
        h ^= high >> 24;
        h ^= high;
    }
    return h;
}

bool atom_text_fits(const char *utf8, size_t length)
{
    const unsigned char *text = (const unsigned char *)utf8;
    size_t points = 0;
    for (size_t at = 0; at < length; points++) {
        uint32_t point;
        unsigned used = utf8_decode(text + at, length - at, &point);
        if (used == 0 || points == ATOM_MAX_POINTS) {
            return false;
        }
        at += used;
    }
    return true;
}
