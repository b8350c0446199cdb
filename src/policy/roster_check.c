/* SPDX-License-Identifier: Apache-2.0 */
#include "roster_check.h"

#include <base/cleanup.h>

/* Something that must belong to one entry alone. */
struct claim {
	struct assay_span text;
	const struct roster_entry *owner;
	unsigned line;
};

struct claims {
	struct claim *items;
	size_t count;
};

static unsigned char
fold(unsigned char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool
roster_same_name(const char *name, struct assay_span other)
{
	for (size_t i = 0; i < other.len; i++) {
		if (name[i] == '\0' || fold((unsigned char)name[i]) != fold(other.data[i]))
			return false;
	}
	return name[other.len] == '\0';
}

static int
compare_lines(const struct claim *a, const struct claim *b)
{
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return 0;
}

static int
compare_bytes(const void *left, const void *right)
{
	const struct claim *a = left;
	const struct claim *b = right;
	if (a->text.len != b->text.len)
		return a->text.len < b->text.len ? -1 : 1;
	int cmp = memcmp(a->text.data, b->text.data, a->text.len);
	return cmp != 0 ? cmp : compare_lines(a, b);
}

static int
compare_names(const void *left, const void *right)
{
	const struct claim *a = left;
	const struct claim *b = right;
	int cmp = strcasecmp((const char *)a->text.data, (const char *)b->text.data);
	return cmp != 0 ? cmp : compare_lines(a, b);
}

static enum assay_status
fail_twice(const struct yaml_context *c, const struct claim *first, const struct claim *second,
    const char *what, const char *name, struct assay_error *err)
{
	if (first->owner == second->owner)
		assay_fail(err, ASSAY_E_FORMAT, "%s %s stands twice at '%s'", what, name,
		    second->owner->id);
	else
		assay_fail(err, ASSAY_E_FORMAT, "%s %s is '%s''s and '%s''s", what, name,
		    first->owner->id, second->owner->id);
	assay_error_at(err, ASSAY_E_FORMAT, c->name, second->line, 0);
	return assay_error_todo(err, ASSAY_E_FORMAT, "leave it with the one whose it is");
}

static void
claim(struct claims *set, const struct roster_entry *owner, struct assay_span text, unsigned line)
{
	set->items[set->count++] = (struct claim){ text, owner, line };
}

static void
claim_list(struct claims *set, const struct roster_entry *e, const struct yaml_strings *list)
{
	for (size_t i = 0; i < list->count; i++)
		claim(set, e, assay_span_str(list->items[i]), e->line);
}

static enum assay_status
check_keys(const struct yaml_context *c, const struct roster *r, struct claims *set,
    struct assay_error *err)
{
	set->count = 0;
	for (size_t i = 0; i < r->count; i++) {
		const struct roster_entry *e = &r->entries[i];
		for (size_t j = 0; j < e->key_count; j++)
			claim(set, e, e->keys[j].key.blob, e->keys[j].line);
	}
	qsort(set->items, set->count, sizeof *set->items, compare_bytes);
	for (size_t i = 1; i < set->count; i++) {
		const struct claim *a = &set->items[i - 1];
		const struct claim *b = &set->items[i];
		char fingerprint[ASSAY_FINGERPRINT_SIZE];
		if (!assay_span_equal(a->text, b->text))
			continue;
		TRY(assay_fingerprint(b->text, fingerprint));
		return fail_twice(c, a, b, "the key", fingerprint, err);
	}
	return ASSAY_OK;
}

/* Blanks, colons and case don't tell two fingerprints apart; "openpgp" and "x509" do. */
static enum assay_status
claim_foreign(const struct yaml_context *c, struct claims *set, const struct roster_entry *e,
    const struct roster_foreign_key *key, struct assay_error *err)
{
	char *plain = arena_printf(c->arena, "%s:%s", key->kind, key->id);
	if (plain == NULL)
		return arena_full(err);
	size_t len = 0;
	for (const char *at = plain; *at != '\0'; at++) {
		if (*at != ' ' && *at != ':')
			plain[len++] = (char)fold((unsigned char)*at);
	}
	claim(set, e, (struct assay_span){ (const unsigned char *)plain, len }, key->line);
	return ASSAY_OK;
}

static enum assay_status
check_foreign(const struct yaml_context *c, const struct roster *r, struct claims *set,
    struct assay_error *err)
{
	set->count = 0;
	for (size_t i = 0; i < r->count; i++) {
		for (size_t j = 0; j < r->entries[i].foreign_count; j++)
			TRY(claim_foreign(c, set, &r->entries[i], &r->entries[i].foreign[j], err));
	}
	qsort(set->items, set->count, sizeof *set->items, compare_bytes);
	for (size_t i = 1; i < set->count; i++) {
		const struct claim *a = &set->items[i - 1];
		const struct claim *b = &set->items[i];
		char shown[100];
		if (!assay_span_equal(a->text, b->text))
			continue;
		(void)snprintf(shown, sizeof shown, "'%.*s'", (int)(b->text.len < 90 ? b->text.len : 90),
		    (const char *)b->text.data);
		return fail_twice(c, a, b, "the key", shown, err);
	}
	return ASSAY_OK;
}

static enum assay_status
check_ids(const struct yaml_context *c, const struct roster *r, struct claims *set,
    struct assay_error *err)
{
	set->count = 0;
	for (size_t i = 0; i < r->count; i++)
		claim(set, &r->entries[i], assay_span_str(r->entries[i].id), r->entries[i].line);
	qsort(set->items, set->count, sizeof *set->items, compare_names);
	for (size_t i = 1; i < set->count; i++) {
		const struct claim *b = &set->items[i];
		if (!roster_same_name((const char *)set->items[i - 1].text.data, b->text))
			continue;
		assay_fail(err, ASSAY_E_FORMAT, "the id '%s' stands twice, first in line %u",
		    b->owner->id, set->items[i - 1].line);
		assay_error_at(err, ASSAY_E_FORMAT, c->name, b->line, 0);
		return assay_error_todo(err, ASSAY_E_FORMAT, "give each entry an id of its own");
	}
	return ASSAY_OK;
}

/* Ids, emails and principals of people are names that a certificate may carry: each leads to one person. */
static enum assay_status
check_names(const struct yaml_context *c, const struct roster *r, struct claims *set,
    struct assay_error *err)
{
	set->count = 0;
	for (size_t i = 0; i < r->count; i++) {
		const struct roster_entry *e = &r->entries[i];
		claim_list(set, e, &e->emails);
		if (e->kind != ROSTER_PERSON)
			continue;
		claim(set, e, assay_span_str(e->id), e->line);
		claim_list(set, e, &e->principals);
	}
	qsort(set->items, set->count, sizeof *set->items, compare_names);
	for (size_t i = 1; i < set->count; i++) {
		const struct claim *a = &set->items[i - 1];
		const struct claim *b = &set->items[i];
		/* One person may carry a name as id and as principal. */
		if (a->owner == b->owner || !roster_same_name((const char *)a->text.data, b->text))
			continue;
		return fail_twice(c, a, b, "the name", (const char *)b->text.data, err);
	}
	return ASSAY_OK;
}

enum assay_status
roster_check(const struct yaml_context *c, const struct roster *r, struct assay_error *err)
{
	struct claims set = { 0 };
	size_t most = 0;
	for (size_t i = 0; i < r->count; i++) {
		const struct roster_entry *e = &r->entries[i];
		most += 1 + e->emails.count + e->principals.count + e->key_count +
		    e->foreign_count;
	}
	set.items = arena_array(c->arena, most + 1, sizeof *set.items);
	if (set.items == NULL)
		return arena_full(err);
	TRY(check_ids(c, r, &set, err));
	TRY(check_keys(c, r, &set, err));
	TRY(check_foreign(c, r, &set, err));
	return check_names(c, r, &set, err);
}
