/* SPDX-License-Identifier: Apache-2.0 */
#include <policy/roster.h>

#include <policy/id.h>
#include "roster_check.h"

#include <base/cleanup.h>
#include <stddef.h>

/* What no commit's email and no certificate's principal can be would never match, and look as if it did. */
static enum assay_status
decode_names(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	TRY(yaml_str_list(c, node, where, err));
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		for (const char *p = n->text; *p != '\0'; p++) {
			if ((unsigned char)*p <= ' ' || *p == 0x7F || *p == '<' || *p == '>')
				return yaml_fail(c, n, err,
				    "a blank, '<', '>' or control character in one of %s", node->key);
		}
	}
	return ASSAY_OK;
}

static const struct yaml_field person_fields[] = {
	{ "id", true, offsetof(struct roster_entry, id), policy_id },
	{ "name", true, offsetof(struct roster_entry, name), yaml_str },
	{ "emails", false, offsetof(struct roster_entry, emails), decode_names },
	{ "principals", false, offsetof(struct roster_entry, principals), decode_names },
	{ "roles", false, offsetof(struct roster_entry, roles), yaml_str_list },
	{ "keys", false, 0, roster_decode_keys },
};

static const struct yaml_field platform_fields[] = {
	{ "id", true, offsetof(struct roster_entry, id), policy_id },
	{ "name", true, offsetof(struct roster_entry, name), yaml_str },
	{ "emails", false, offsetof(struct roster_entry, emails), decode_names },
	{ "keys", true, 0, roster_decode_keys },
};

static const struct yaml_field authority_fields[] = {
	{ "id", true, offsetof(struct roster_entry, id), policy_id },
	{ "name", true, offsetof(struct roster_entry, name), yaml_str },
	{ "keys", true, 0, roster_decode_keys },
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* One row a list of the file, in the order of enum roster_owner. */
static const struct {
	const char *key;
	const struct yaml_field *fields;
	size_t count;
} lists[] = {
	[ROSTER_PERSON] = { "people", person_fields, COUNT(person_fields) },
	[ROSTER_PLATFORM] = { "platforms", platform_fields, COUNT(platform_fields) },
	[ROSTER_AUTHORITY] = { "authorities", authority_fields, COUNT(authority_fields) },
};

static const struct yaml_field roster_fields[] = {
	{ "assay-roster", true, 0, yaml_ignore },
	{ "people", false, 0, yaml_ignore },
	{ "platforms", false, 0, yaml_ignore },
	{ "authorities", false, 0, yaml_ignore },
};

static enum assay_status
decode_list(const struct yaml_context *c, const struct yaml_node *list, enum roster_owner kind,
    struct roster *r, struct assay_error *err)
{
	for (const struct yaml_node *n = list->first; n != NULL; n = n->next) {
		struct roster_entry *e = &r->entries[r->count++];
		e->kind = kind;
		e->line = n->line;
		TRY(yaml_decode(c, n, lists[kind].fields, lists[kind].count, e, err));
		for (size_t i = 0; i < e->key_count; i++)
			e->keys[i].owner = e;
	}
	return ASSAY_OK;
}

static enum assay_status
decode_lists(const struct yaml_context *c, const struct yaml_node *root, struct roster *r,
    struct assay_error *err)
{
	const struct yaml_node *found[COUNT(lists)];
	size_t total = 0;
	for (size_t i = 0; i < COUNT(lists); i++) {
		found[i] = yaml_get(root, lists[i].key);
		if (found[i] == NULL)
			continue;
		if (found[i]->kind != YAML_SEQUENCE)
			return yaml_fail(c, found[i], err, "%s must be a list", lists[i].key);
		total += found[i]->count;
	}
	r->entries = arena_array(c->arena, total + 1, sizeof *r->entries);
	if (r->entries == NULL)
		return arena_full(err);
	for (size_t i = 0; i < COUNT(lists); i++) {
		if (found[i] != NULL)
			TRY(decode_list(c, found[i], (enum roster_owner)i, r, err));
	}
	return ASSAY_OK;
}

enum assay_status
roster_parse(struct assay_span yaml, const char *name, struct arena *arena,
    struct roster *ret_roster, struct assay_error *err)
{
	const struct yaml_context c = { name, arena };
	struct yaml_node *root;
	struct roster r = { .present = true };
	TRY(yaml_open(yaml, &c, "assay-roster", ROSTER_VERSION, &root, err));
	TRY(yaml_decode(&c, root, roster_fields, COUNT(roster_fields), &r, err));
	TRY(decode_lists(&c, root, &r, err));
	TRY(roster_check(&c, &r, err));
	*ret_roster = r;
	return ASSAY_OK;
}

const struct roster_key *
roster_find(const struct roster *r, enum roster_owner kind, struct assay_span blob)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct roster_entry *e = &r->entries[i];
		if (e->kind != kind)
			continue;
		for (size_t j = 0; j < e->key_count; j++) {
			if (assay_span_equal(e->keys[j].key.blob, blob))
				return &e->keys[j];
		}
	}
	return NULL;
}

static bool
holds(const struct yaml_strings *list, struct assay_span text, bool fold)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *item = list->items[i];
		if (fold ? roster_same_name(item, text) : assay_span_equal(assay_span_str(item), text))
			return true;
	}
	return false;
}

const struct roster_entry *
roster_by_email(const struct roster *r, struct assay_span email)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct roster_entry *e = &r->entries[i];
		if (e->kind == ROSTER_PERSON && holds(&e->emails, email, true))
			return e;
	}
	return NULL;
}

const struct roster_entry *
roster_by_principal(const struct roster *r, struct assay_span name)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct roster_entry *e = &r->entries[i];
		if (e->kind != ROSTER_PERSON)
			continue;
		if (assay_span_equal(assay_span_str(e->id), name) || holds(&e->emails, name, true)
		    || holds(&e->principals, name, false))
			return e;
	}
	return NULL;
}

bool
roster_has_role(const struct roster_entry *e, const char *role)
{
	for (size_t i = 0; e != NULL && i < e->roles.count; i++) {
		if (strcmp(e->roles.items[i], role) == 0)
			return true;
	}
	return false;
}
