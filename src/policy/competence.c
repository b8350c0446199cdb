/* SPDX-License-Identifier: Apache-2.0 */
#include <policy/competence.h>

#include <policy/id.h>

#include <base/cleanup.h>
#include <stddef.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const struct yaml_field entry_fields[] = {
	{ "person", true, offsetof(struct competence_entry, person), policy_id },
	{ "roles", true, offsetof(struct competence_entry, roles), policy_ids },
	{ "shown-by", true, offsetof(struct competence_entry, shown_by), yaml_str },
	{ "from", true, offsetof(struct competence_entry, from), yaml_time },
	{ "until", true, offsetof(struct competence_entry, until), yaml_time },
};

static const struct yaml_field fields[] = {
	{ "assay-competence", true, 0, yaml_ignore },
	{ "people", true, 0, yaml_ignore },
};

enum assay_status
competence_parse(struct assay_span yaml, const char *name, struct arena *arena,
    struct competence *ret_competence, struct assay_error *err)
{
	const struct yaml_context c = { name, arena };
	struct yaml_node *root;
	struct competence out = { 0 };
	void *items;
	TRY(yaml_open(yaml, &c, "assay-competence", COMPETENCE_VERSION, &root, err));
	TRY(yaml_decode(&c, root, fields, COUNT(fields), &out, err));
	TRY(policy_list(&c, root, "people", COMPETENCE_MAX, sizeof *out.entries, &items, &out.count, err));
	struct competence_entry *e = out.entries = items;
	for (const struct yaml_node *n = yaml_get(root, "people")->first; n != NULL; n = n->next, e++) {
		TRY(yaml_decode(&c, n, entry_fields, COUNT(entry_fields), e, err));
		e->line = n->line;
		if (e->until <= e->from)
			return yaml_fail(&c, n, err, "the competence of '%s' ends before it begins", e->person);
	}
	*ret_competence = out;
	return ASSAY_OK;
}

static bool
is_for(const struct competence_entry *e, const char *person, const char *role)
{
	for (size_t i = 0; i < e->roles.count; i++) {
		if (strcmp(e->person, person) == 0 && strcmp(e->roles.items[i], role) == 0)
			return true;
	}
	return false;
}

const struct competence_entry *
competence_at(const struct competence *c, const char *person, const char *role, int64_t at,
    const struct competence_entry **ret_other)
{
	*ret_other = NULL;
	for (size_t i = 0; i < c->count; i++) {
		const struct competence_entry *e = &c->entries[i];
		if (!is_for(e, person, role))
			continue;
		if (e->from <= at && at < e->until)
			return e;
		*ret_other = e;
	}
	return NULL;
}
