/* SPDX-License-Identifier: Apache-2.0 */
#include <policy/access.h>

#include <policy/id.h>
#include "roster_check.h"

#include <base/cleanup.h>
#include <base/when.h>
#include <stddef.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* In the order of enum access_kind. */
static const char *const kinds[ACCESS_KINDS] = { "repository", "pipeline", "build-host",
	"artifact-store", "signing-token", "update-server" };
static const char *const rights[ACCESS_RIGHTS] = { "read", "write", "approve", "administer", "sign",
	"deploy" };

const char *
access_kind_name(enum access_kind kind)
{
	return (size_t)kind < COUNT(kinds) ? kinds[kind] : "unknown";
}

const char *
access_right_name(unsigned bit)
{
	return bit < COUNT(rights) ? rights[bit] : "unknown";
}

/* What the file says of a grant before it is held against the systems. */
struct grant_text {
	const char *who;
	struct yaml_strings on;
	unsigned rights;
	const char *reason;
	int64_t since, until;
	struct access_review review;
};

static enum assay_status
decode_kind(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	enum access_kind *out = where;
	size_t index;
	TRY(yaml_word(c, node, kinds, COUNT(kinds), &index, err));
	*out = (enum access_kind)index;
	return ASSAY_OK;
}

static enum assay_status
decode_rights(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	unsigned *out = where;
	unsigned set = 0;
	if (node->kind != YAML_SEQUENCE || node->count == 0)
		return yaml_fail(c, node, err, "rights must be a list that isn't empty: [read, write]");
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		size_t index;
		TRY(yaml_word(c, n, rights, COUNT(rights), &index, err));
		set |= 1u << index;
	}
	*out = set;
	return ASSAY_OK;
}

static enum assay_status
decode_review(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	static const struct yaml_field fields[] = {
		{ "date", true, offsetof(struct access_review, on), yaml_time },
		{ "by", true, offsetof(struct access_review, by), policy_ids },
	};
	struct access_review *r = where;
	TRY(yaml_decode(c, node, fields, COUNT(fields), r, err));
	r->given = true;
	r->line = node->line;
	return ASSAY_OK;
}

static const struct yaml_field system_fields[] = {
	{ "id", true, offsetof(struct access_system, id), policy_id },
	{ "kind", true, offsetof(struct access_system, kind), decode_kind },
	{ "name", true, offsetof(struct access_system, name), yaml_str },
	{ "owner", true, offsetof(struct access_system, owner), policy_id },
	{ "where", false, offsetof(struct access_system, where), yaml_str },
};

static const struct yaml_field absence_fields[] = {
	{ "kind", true, offsetof(struct access_absence, kind), decode_kind },
	{ "reason", true, offsetof(struct access_absence, reason), yaml_str },
};

static const struct yaml_field service_fields[] = {
	{ "id", true, offsetof(struct access_service, id), policy_id },
	{ "name", true, offsetof(struct access_service, name), yaml_str },
	{ "owner", true, offsetof(struct access_service, owner), policy_id },
	{ "emails", false, offsetof(struct access_service, emails), yaml_str_list },
};

static const struct yaml_field grant_fields[] = {
	{ "who", true, offsetof(struct grant_text, who), policy_id },
	{ "systems", true, offsetof(struct grant_text, on), policy_ids },
	{ "rights", true, offsetof(struct grant_text, rights), decode_rights },
	{ "reason", true, offsetof(struct grant_text, reason), yaml_str },
	{ "since", true, offsetof(struct grant_text, since), yaml_time },
	{ "until", false, offsetof(struct grant_text, until), yaml_time },
	{ "reviewed", false, offsetof(struct grant_text, review), decode_review },
};

static const struct yaml_field access_fields[] = {
	{ "assay-access", true, 0, yaml_ignore },
	{ "reviewed", false, offsetof(struct access_list, review), decode_review },
	{ "systems", true, 0, yaml_ignore },
	{ "absent", false, 0, yaml_ignore },
	{ "services", false, 0, yaml_ignore },
	{ "grants", true, 0, yaml_ignore },
};

/* ---- lists ---- */

static enum assay_status
refuse_twice(const struct yaml_context *c, const struct yaml_node *node, const char *what,
    const char *id, unsigned first, struct assay_error *err)
{
	yaml_fail(c, node, err, "the %s '%s' stands twice, first in line %u", what, id, first);
	return assay_error_todo(err, ASSAY_E_FORMAT, "leave one of them");
}

static enum assay_status
read_systems(const struct yaml_context *c, const struct yaml_node *root, struct access_list *a,
    struct assay_error *err)
{
	void *items;
	size_t count;
	TRY(policy_list(c, root, "systems", ACCESS_SYSTEMS_MAX, sizeof *a->systems, &items, &count, err));
	a->systems = items;
	const struct yaml_node *list = yaml_get(root, "systems");
	for (const struct yaml_node *n = list->first; n != NULL; n = n->next) {
		struct access_system *s = &a->systems[a->system_count];
		s->line = n->line;
		TRY(yaml_decode(c, n, system_fields, COUNT(system_fields), s, err));
		for (size_t i = 0; i < a->system_count; i++) {
			if (strcmp(a->systems[i].id, s->id) == 0)
				return refuse_twice(c, n, "system", s->id, a->systems[i].line, err);
		}
		a->system_count++;
	}
	return ASSAY_OK;
}

static enum assay_status
read_absences(const struct yaml_context *c, const struct yaml_node *root, struct access_list *a,
    struct assay_error *err)
{
	void *items;
	size_t count;
	TRY(policy_list(c, root, "absent", ACCESS_KINDS, sizeof *a->absences, &items, &count, err));
	a->absences = items;
	const struct yaml_node *list = yaml_get(root, "absent");
	for (const struct yaml_node *n = list != NULL ? list->first : NULL; n != NULL; n = n->next) {
		struct access_absence *s = &a->absences[a->absence_count];
		s->line = n->line;
		TRY(yaml_decode(c, n, absence_fields, COUNT(absence_fields), s, err));
		for (size_t i = 0; i < a->absence_count; i++) {
			if (a->absences[i].kind == s->kind)
				return refuse_twice(c, n, "kind", kinds[s->kind], a->absences[i].line, err);
		}
		for (size_t i = 0; i < a->system_count; i++) {
			if (a->systems[i].kind == s->kind)
				return yaml_fail(c, n, err, "'%s' is said to be absent, and '%s' is one", kinds[s->kind],
				    a->systems[i].id);
		}
		a->absence_count++;
	}
	return ASSAY_OK;
}

static enum assay_status
read_services(const struct yaml_context *c, const struct yaml_node *root, struct access_list *a,
    struct assay_error *err)
{
	void *items;
	size_t count;
	TRY(policy_list(c, root, "services", ACCESS_SERVICES_MAX, sizeof *a->services, &items, &count, err));
	a->services = items;
	const struct yaml_node *list = yaml_get(root, "services");
	for (const struct yaml_node *n = list != NULL ? list->first : NULL; n != NULL; n = n->next) {
		struct access_service *s = &a->services[a->service_count];
		s->line = n->line;
		TRY(yaml_decode(c, n, service_fields, COUNT(service_fields), s, err));
		const struct access_service *twin = access_service_by_id(a, s->id);
		if (twin != NULL)
			return refuse_twice(c, n, "service", s->id, twin->line, err);
		if (s->emails.count > ACCESS_EMAILS_MAX)
			return yaml_fail(c, n, err, "a service has at most %d addresses", ACCESS_EMAILS_MAX);
		for (size_t i = 0; i < s->emails.count; i++) {
			twin = access_service_by_email(a, assay_span_str(s->emails.items[i]));
			if (twin != NULL)
				return refuse_twice(c, n, "address", s->emails.items[i], twin->line, err);
		}
		a->service_count++;
	}
	return ASSAY_OK;
}

/* ---- grants ---- */

static const struct access_system *
system_of(const struct access_list *a, const char *id)
{
	for (size_t i = 0; i < a->system_count; i++) {
		if (strcmp(a->systems[i].id, id) == 0)
			return &a->systems[i];
	}
	return NULL;
}

static enum assay_status
resolve(const struct yaml_context *c, const struct yaml_node *node, const struct access_list *a,
    const struct grant_text *text, struct access_grant *g, struct assay_error *err)
{
	g->systems = arena_array(c->arena, text->on.count, sizeof(const struct access_system *));
	if (g->systems == NULL)
		return arena_full(err);
	for (size_t i = 0; i < text->on.count; i++) {
		const struct access_system *s = system_of(a, text->on.items[i]);
		if (s == NULL) {
			yaml_fail(c, yaml_get(node, "systems"), err, "there is no system '%s'", text->on.items[i]);
			return assay_error_todo(err, ASSAY_E_FORMAT, "list it under systems, or correct its id");
		}
		g->systems[g->system_count++] = s;
	}
	return ASSAY_OK;
}

static enum assay_status
read_grants(const struct yaml_context *c, const struct yaml_node *root, struct access_list *a,
    struct assay_error *err)
{
	void *items;
	size_t count;
	TRY(policy_list(c, root, "grants", ACCESS_GRANTS_MAX, sizeof *a->grants, &items, &count, err));
	a->grants = items;
	const struct yaml_node *list = yaml_get(root, "grants");
	for (const struct yaml_node *n = list->first; n != NULL; n = n->next) {
		struct grant_text text = { .until = WHEN_MAX };
		TRY(yaml_decode(c, n, grant_fields, COUNT(grant_fields), &text, err));
		if (text.until <= text.since)
			return yaml_fail(c, yaml_get(n, "until"), err, "until isn't after since");
		struct access_grant *g = &a->grants[a->grant_count++];
		*g = (struct access_grant){ .who = text.who, .rights = text.rights, .reason = text.reason,
			.since = text.since, .until = text.until, .review = text.review, .line = n->line };
		TRY(resolve(c, n, a, &text, g, err));
	}
	return ASSAY_OK;
}

enum assay_status
access_parse(struct assay_span yaml, const char *name, struct arena *arena, struct access_list *ret_access,
    struct assay_error *err)
{
	const struct yaml_context c = { name, arena };
	struct yaml_node *root;
	struct access_list a = { 0 };
	TRY(yaml_open(yaml, &c, "assay-access", ACCESS_VERSION, &root, err));
	TRY(yaml_decode(&c, root, access_fields, COUNT(access_fields), &a, err));
	TRY(read_systems(&c, root, &a, err));
	TRY(read_absences(&c, root, &a, err));
	TRY(read_services(&c, root, &a, err));
	TRY(read_grants(&c, root, &a, err));
	*ret_access = a;
	return ASSAY_OK;
}

/* ---- looking up ---- */

const struct access_service *
access_service_by_id(const struct access_list *a, const char *id)
{
	for (size_t i = 0; i < a->service_count; i++) {
		if (strcmp(a->services[i].id, id) == 0)
			return &a->services[i];
	}
	return NULL;
}

const struct access_service *
access_service_by_email(const struct access_list *a, struct assay_span email)
{
	for (size_t i = 0; i < a->service_count; i++) {
		for (size_t j = 0; j < a->services[i].emails.count; j++) {
			if (roster_same_name(a->services[i].emails.items[j], email))
				return &a->services[i];
		}
	}
	return NULL;
}

const struct access_review *
access_last_review(const struct access_list *a, const struct access_grant *g)
{
	const struct access_review *own = g->review.given ? &g->review : NULL;
	const struct access_review *all = a->review.given ? &a->review : NULL;
	if (own == NULL || all == NULL)
		return own != NULL ? own : all;
	return own->on > all->on ? own : all;
}
