/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <base/text.h>
#include <trust/metadata.h>

/* A pattern's '*' doesn't go through '/': the policy folder is as deep as this. */
static const char *const policy_paths[] = { "assay/*", "assay/*/*", "assay/*/*/*", "assay/*/*/*/*", NULL };
static const char *const release_paths[] = { "release/*", "release/*/*", NULL };
static const char *const pack_paths[] = { "pack/*", NULL };

const struct trust_role trust_roles[] = {
	{ "root", TRUST_ROOT, "who holds 'root' and 'targets'", NULL, SIGNER_METADATA },
	{ "targets", TRUST_ROOT, "who holds the roles below", NULL, SIGNER_METADATA },
	{ "policy", TRUST_TARGETS, "policy states: the files of 'assay/'", policy_paths, SIGNER_METADATA },
	{ "release", TRUST_TARGETS, "releases", release_paths, SIGNER_METADATA },
	{ "pack", TRUST_TARGETS, "packs' indexes and the ledger's checkpoints", pack_paths, SIGNER_NOTE },
};
const size_t trust_role_count = sizeof trust_roles / sizeof trust_roles[0];

const struct trust_role *
trust_role_find(const char *name)
{
	for (size_t i = 0; i < trust_role_count; i++) {
		if (strcmp(trust_roles[i].name, name) == 0)
			return &trust_roles[i];
	}
	return NULL;
}

static enum assay_status
no_memory(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_MEMORY, "no memory for trust metadata");
}

/* A root holds keys and roles itself, targets in "delegations". */
static json_t *
body_of(const json_t *document)
{
	json_t *body = json_object_get(document, "signed");
	json_t *delegations = json_object_get(body, "delegations");
	return delegations == NULL ? body : delegations;
}

json_t *
trust_keys(const json_t *document)
{
	return json_object_get(body_of(document), "keys");
}

json_t *
trust_role_of(const json_t *home, const struct trust_role *role)
{
	json_t *roles = json_object_get(body_of(home), "roles");
	if (json_is_object(roles))
		return json_object_get(roles, role->name);
	for (size_t i = 0; i < json_array_size(roles); i++) {
		json_t *one = json_array_get(roles, i);
		const char *name = json_string_value(json_object_get(one, "name"));
		if (name != NULL && strcmp(name, role->name) == 0)
			return one;
	}
	return NULL;
}

static json_t *
records_of(const json_t *document)
{
	return json_object_get(json_object_get(document, "signed"), "x-assay-enrolments");
}

const char *
trust_key_person(const json_t *document, const char *id)
{
	const char *person
	    = json_string_value(json_object_get(json_object_get(trust_keys(document), id), "x-assay-person"));
	return person == NULL ? "" : person;
}

const char *
trust_key_name(const json_t *document, const char *id)
{
	const char *name = json_string_value(json_object_get(json_object_get(records_of(document), id), "name"));
	return name == NULL ? trust_key_person(document, id) : name;
}

static bool
holds(const json_t *role, const char *id)
{
	const json_t *ids = json_object_get(role, "keyids");
	for (size_t i = 0; i < json_array_size(ids); i++) {
		const char *other = json_string_value(json_array_get(ids, i));
		if (other != NULL && strcmp(other, id) == 0)
			return true;
	}
	return false;
}

static const char *
public_of(const json_t *key)
{
	return json_string_value(json_object_get(json_object_get(key, "keyval"), "public"));
}

/* A key is what its public part is: under another person or title it has another id, and is the same key all the same. */
static enum assay_status
check_owner(const json_t *document, const struct trust_enrolment *e, struct assay_error *err)
{
	const char *id;
	json_t *key;
	json_object_foreach(trust_keys(document), id, key) {
		const char *there = public_of(key), *here = public_of(e->key);
		const char *person = json_string_value(json_object_get(e->key, "x-assay-person"));
		if (strcmp(id, e->id) == 0 || there == NULL || here == NULL || strcmp(there, here) != 0)
			continue;
		(void)assay_fail(err, ASSAY_E_USAGE, "this key is enrolled already, for '%s'",
		    trust_key_person(document, id));
		if (person != NULL && strcmp(person, trust_key_person(document, id)) == 0)
			return assay_error_todo(err, ASSAY_E_USAGE, "enrol it with the same name and title as before");
		return assay_error_todo(err, ASSAY_E_USAGE, "one key is one person's: enrol a key of your own");
	}
	return ASSAY_OK;
}

/* The root names keys for two roles that it must have and that nothing here uses: they follow 'targets'. */
static enum assay_status
follow_targets(json_t *home, struct assay_error *err)
{
	static const char *const names[] = { "snapshot", "timestamp" };
	json_t *roles = json_object_get(body_of(home), "roles");
	if (!json_is_object(roles))
		return ASSAY_OK;
	for (size_t i = 0; i < 2; i++) {
		if (json_object_set_new(roles, names[i], json_deep_copy(json_object_get(roles, "targets"))) != 0)
			return no_memory(err);
	}
	return ASSAY_OK;
}

static enum assay_status
make_role(json_t *home, const struct trust_role *role, json_t **ret_role, struct assay_error *err)
{
	json_t *paths = json_array();
	for (size_t i = 0; role->paths != NULL && role->paths[i] != NULL; i++) {
		if (json_array_append_new(paths, json_string(role->paths[i])) != 0) {
			json_decref(paths);
			return no_memory(err);
		}
	}
	json_t *one = json_pack("{s:s, s:[], s:i, s:b, s:o}", "name", role->name, "keyids", "threshold", 1,
	    "terminating", true, "paths", paths);
	if (json_array_append_new(json_object_get(body_of(home), "roles"), one) != 0)
		return no_memory(err);
	*ret_role = one;
	return ASSAY_OK;
}

static enum assay_status
keep_key(json_t *home, const struct trust_enrolment *e, struct assay_error *err)
{
	json_t *body = json_object_get(home, "signed");
	if (records_of(home) == NULL && json_object_set_new(body, "x-assay-enrolments", json_object()) != 0)
		return no_memory(err);
	if (json_object_set(trust_keys(home), e->id, e->key) != 0 ||
	    json_object_set(records_of(home), e->id, e->record) != 0)
		return no_memory(err);
	if (json_object_size(trust_keys(home)) > TRUST_KEYS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "more than %d keys", TRUST_KEYS_MAX);
	return ASSAY_OK;
}

static void
forget_revoked(json_t *home, const char *id)
{
	json_t *body = json_object_get(home, "signed"), *revoked = json_object_get(body, TRUST_REVOKED);
	if (revoked == NULL)
		return;
	(void)json_object_del(revoked, id);
	if (json_object_size(revoked) == 0)
		(void)json_object_del(body, TRUST_REVOKED);
}

enum assay_status
trust_grant(json_t *home, const json_t *beside, const struct trust_role *role,
    const struct trust_enrolment *e, struct assay_error *err)
{
	json_t *held = trust_role_of(home, role);
	TRY(check_owner(home, e, err));
	if (beside != NULL)
		TRY(check_owner(beside, e, err));
	if (holds(held, e->id))
		return assay_fail(err, ASSAY_E_USAGE, "this key holds the role '%s' already", role->name);
	if (held == NULL)
		TRY(make_role(home, role, &held, err));
	TRY(keep_key(home, e, err));
	if (json_array_append_new(json_object_get(held, "keyids"), json_string(e->id)) != 0)
		return no_memory(err);
	forget_revoked(home, e->id);
	trust_drop_signatures(home);
	return follow_targets(home, err);
}

/* ---- taking away ---- */

/*
 * A signature by a key that lost a delegated role says more than one by a key that nobody knows: those keys stay on record, each with
 * its day.
 */
static enum assay_status
note_revoked(json_t *home, const char *id, const char *day, struct assay_error *err)
{
	json_t *body = json_object_get(home, "signed");
	json_t *revoked = json_object_get(body, TRUST_REVOKED);
	if (json_object_get(body, "delegations") == NULL)
		return ASSAY_OK;
	if (revoked == NULL) {
		revoked = json_object();
		if (json_object_set_new(body, TRUST_REVOKED, revoked) != 0)
			return no_memory(err);
	}
	if (json_object_size(revoked) >= TRUST_REVOKED_MAX && json_object_get(revoked, id) == NULL)
		return assay_fail(err, ASSAY_E_LIMIT, "more than %d keys have lost a role", TRUST_REVOKED_MAX);
	return json_object_set_new(revoked, id, json_string(day)) != 0 ? no_memory(err) : ASSAY_OK;
}

static bool
is_whose(const json_t *home, const char *id, const char *who)
{
	return strcmp(id, who) == 0 || strcmp(trust_key_person(home, id), who) == 0;
}

static enum assay_status
take_from(json_t *home, const json_t *role, const char *who, const char *day, size_t *taken, struct assay_error *err)
{
	json_t *ids = json_object_get(role, "keyids");
	for (size_t i = json_array_size(ids); i > 0; i--) {
		const char *id = json_string_value(json_array_get(ids, i - 1));
		if (id == NULL || !is_whose(home, id, who))
			continue;
		TRY(note_revoked(home, id, day, err));
		(void)json_array_remove(ids, i - 1);
		(*taken)++;
	}
	return ASSAY_OK;
}

static bool
has_role(const json_t *home, const char *id)
{
	for (size_t i = 0; i < trust_role_count; i++) {
		if (holds(trust_role_of(home, &trust_roles[i]), id))
			return true;
	}
	return false;
}

static void
sweep_keys(json_t *home)
{
	const char *id;
	json_t *key;
	void *next;
	json_object_foreach_safe(trust_keys(home), next, id, key) {
		if (has_role(home, id))
			continue;
		(void)json_object_del(records_of(home), id);
		(void)json_object_del(trust_keys(home), id);
	}
}

enum assay_status
trust_revoke(json_t *home, const struct trust_role *role, const char *who, const char *day, size_t *ret_taken,
    struct assay_error *err)
{
	size_t taken = 0;
	for (size_t i = 0; i < trust_role_count; i++) {
		if (role == NULL || role == &trust_roles[i])
			TRY(take_from(home, trust_role_of(home, &trust_roles[i]), who, day, &taken, err));
	}
	if (taken > 0) {
		sweep_keys(home);
		trust_drop_signatures(home);
		TRY(follow_targets(home, err));
	}
	*ret_taken = taken;
	return ASSAY_OK;
}

/* ---- thresholds ---- */

enum assay_status
trust_set_threshold(json_t *home, const struct trust_role *role, int64_t threshold,
    struct assay_error *err)
{
	json_t *held = trust_role_of(home, role);
	if (held == NULL)
		TRY(make_role(home, role, &held, err));
	if (threshold < 1 || threshold > TRUST_THRESHOLD_MAX)
		return assay_fail(err, ASSAY_E_USAGE, "a threshold is between 1 and %d", TRUST_THRESHOLD_MAX);
	if (json_object_set_new(held, "threshold", json_integer(threshold)) != 0)
		return no_memory(err);
	trust_drop_signatures(home);
	return follow_targets(home, err);
}

size_t
trust_holders(const json_t *home, const json_t *role)
{
	const json_t *ids = json_object_get(role, "keyids");
	size_t people = 0;
	for (size_t i = 0; i < json_array_size(ids); i++) {
		const char *who = trust_key_person(home, json_string_value(json_array_get(ids, i)));
		bool seen = false;
		for (size_t k = 0; k < i && !seen; k++)
			seen = strcmp(who, trust_key_person(home, json_string_value(json_array_get(ids, k)))) == 0;
		people += !seen;
	}
	return people;
}

enum assay_status
trust_check_thresholds(const json_t *document, struct assay_error *err)
{
	for (size_t i = 0; i < trust_role_count; i++) {
		const json_t *role = trust_role_of(document, &trust_roles[i]);
		size_t people = trust_holders(document, role);
		json_int_t threshold = json_integer_value(json_object_get(role, "threshold"));
		if (role == NULL || (json_int_t)people >= threshold)
			continue;
		(void)assay_fail(err, ASSAY_E_USAGE, "the role '%s' asks for %lld people and %zu hold%s it",
		    trust_roles[i].name, (long long)threshold, people, people == 1 ? "s" : "");
		return assay_error_todo(err, ASSAY_E_USAGE,
		    "have others enrol (assay trust add-key --role %s), or lower the threshold", trust_roles[i].name);
	}
	return ASSAY_OK;
}
