/* SPDX-License-Identifier: Apache-2.0 */
#include "roster_check.h"

#include <assay/base64.h>
#include <base/cleanup.h>
#include <base/when.h>
#include <stddef.h>

/* A key as it is written, before its kind is known. */
struct draft {
	const char *ssh, *openpgp, *x509;
	struct roster_key key;
};

static enum assay_status
decode_status(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	static const char *const words[] = { "pending" };
	bool *pending = where;
	size_t index;
	TRY(yaml_word(c, node, words, 1, &index, err));
	*pending = true;
	return ASSAY_OK;
}

/* A fingerprint of 40 or 64 hex digits; blanks and ':' between them are how programs print them. */
static enum assay_status
decode_fingerprint(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	const char **out = where;
	size_t digits = 0;
	TRY(yaml_str(c, node, out, err));
	for (const char *p = node->text; *p != '\0'; p++) {
		if (*p == ' ' || *p == ':')
			continue;
		if (strchr("0123456789abcdefABCDEF", *p) == NULL)
			return yaml_fail(c, node, err, "%s must be a fingerprint in hex", node->key);
		digits++;
	}
	if (digits != 40 && digits != 64)
		return yaml_fail(c, node, err, "%s must have 40 or 64 hex digits, not %zu",
		    node->key, digits);
	return ASSAY_OK;
}

static const struct yaml_field key_fields[] = {
	{ "ssh", false, offsetof(struct draft, ssh), yaml_str },
	{ "openpgp", false, offsetof(struct draft, openpgp), decode_fingerprint },
	{ "x509", false, offsetof(struct draft, x509), decode_fingerprint },
	{ "from", false, offsetof(struct draft, key.from), yaml_time },
	{ "until", false, offsetof(struct draft, key.until), yaml_time },
	{ "retired", false, offsetof(struct draft, key.retired), yaml_time },
	{ "compromised-since", false, offsetof(struct draft, key.compromised_since), yaml_time },
	{ "status", false, offsetof(struct draft, key.pending), decode_status },
};

static enum assay_status
decode_draft(const struct yaml_context *c, const struct yaml_node *node, struct draft *ret_draft,
    struct assay_error *err)
{
	struct draft d = {
		.key = {
			.from = WHEN_MIN,
			.until = WHEN_MAX,
			.retired = WHEN_MAX,
			.compromised_since = WHEN_MAX,
			.line = node->line,
		},
	};
	TRY(yaml_decode(c, node, key_fields, sizeof key_fields / sizeof key_fields[0], &d, err));
	if ((d.ssh != NULL) + (d.openpgp != NULL) + (d.x509 != NULL) != 1) {
		yaml_fail(c, node, err, "a key must have one of 'ssh', 'openpgp' and 'x509'");
		return assay_error_todo(err, ASSAY_E_FORMAT,
		    "add 'ssh: ' and the line of the .pub file");
	}
	if (d.key.until <= d.key.from)
		return yaml_fail(c, yaml_get(node, "until"), err, "until is not after from");
	*ret_draft = d;
	return ASSAY_OK;
}

static enum assay_status
read_ssh(const struct yaml_context *c, const struct yaml_node *node, struct roster_key *key,
    struct assay_error *err)
{
	struct assay_error why = { 0 };
	struct assay_span line = assay_span_str(node->text);
	size_t room = ASSAY_BASE64_DECODED_MAX(line.len);
	unsigned char *blob = arena_alloc(c->arena, room);
	if (blob == NULL)
		return arena_full(err);
	enum assay_status status = assay_pubkey_from_text(line, blob, room, &key->key, &why);
	if (status != ASSAY_OK) {
		assay_fail(err, status, "ssh: %s", why.what);
		assay_error_at(err, status, c->name, node->line, node->column);
		return assay_error_todo(err, status, "copy the whole line of the .pub file");
	}
	const char *weakness = assay_pubkey_weakness(&key->key);
	if (weakness != NULL) {
		yaml_fail(c, node, err, "a weak key: %s", weakness);
		return assay_error_todo(err, ASSAY_E_FORMAT, "make a new one with 'ssh-keygen -t ed25519'");
	}
	return assay_fingerprint(key->key.blob, key->fingerprint);
}

enum assay_status
roster_decode_keys(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	struct roster_entry *e = where;
	if (node->kind != YAML_SEQUENCE)
		return yaml_fail(c, node, err, "keys must be a list");
	e->keys = arena_array(c->arena, node->count + 1, sizeof *e->keys);
	e->foreign = arena_array(c->arena, node->count + 1, sizeof *e->foreign);
	if (e->keys == NULL || e->foreign == NULL)
		return arena_full(err);
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		struct draft d;
		TRY(decode_draft(c, n, &d, err));
		if (d.ssh == NULL) {
			e->foreign[e->foreign_count++] = (struct roster_foreign_key){
				.kind = d.openpgp != NULL ? "openpgp" : "x509",
				.id = d.openpgp != NULL ? d.openpgp : d.x509,
				.line = n->line,
			};
			continue;
		}
		TRY(read_ssh(c, yaml_get(n, "ssh"), &d.key, err));
		e->keys[e->key_count++] = d.key;
	}
	return ASSAY_OK;
}
