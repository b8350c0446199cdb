/* SPDX-License-Identifier: Apache-2.0 */
#include "chain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static size_t
place_of(const struct chain *c, const char *path)
{
	size_t at = 0;
	while (at < c->count && strcmp(c->files[at].path, path) < 0)
		at++;
	return at;
}

struct source_file *
chain_put(struct chain *c, const char *path, struct assay_span bytes)
{
	const size_t at = place_of(c, path);
	if (at == c->count || strcmp(c->files[at].path, path) != 0) {
		assert_true(c->count < CHAIN_FILES);
		memmove(&c->files[at + 1], &c->files[at], (c->count - at) * sizeof c->files[0]);
		c->count++;
	}
	c->files[at] = (struct source_file){ .path = path, .mode = 0100644, .has_bytes = true, .bytes = bytes };
	return &c->files[at];
}

void
chain_text(struct chain *c, const char *path, const char *text)
{
	(void)chain_put(c, path, assay_span_str(text));
}

void
chain_take(struct chain *c, const char *path)
{
	const size_t at = place_of(c, path);
	assert_true(at < c->count && strcmp(c->files[at].path, path) == 0);
	c->count--;
	memmove(&c->files[at], &c->files[at + 1], (c->count - at) * sizeof c->files[0]);
}

void
chain_sign(struct chain *c, int version, const char *letters)
{
	json_t *policy = world_targets(version);
	char text[4096];
	for (size_t i = 0; i < c->count; i++) {
		const struct source_file *f = &c->files[i];
		if (!assay_tuf_in_policy(assay_span_str(f->path)))
			continue;
		assert_true(f->bytes.len < sizeof text);
		memcpy(text, f->bytes.data, f->bytes.len);
		text[f->bytes.len] = '\0';
		world_target(policy, f->path, text);
	}
	(void)chain_put(c, "assay/trust/policy.json", world_sign(policy, letters));
}

void
chain_delegate(struct chain *c, int version, const char *letters, int threshold)
{
	json_t *targets = world_targets(version);
	world_delegate(targets, "policy", letters, threshold, "assay/*", false);
	json_t *roles = json_object_get(json_object_get(targets, "delegations"), "roles");
	json_array_append_new(json_object_get(json_array_get(roles, 0), "paths"), json_string("assay/*/*"));
	(void)chain_put(c, "assay/trust/targets.json", world_sign(targets, "ad"));
}

struct chain
chain_new(void)
{
	struct chain c = { .count = 0 };
	chain_text(&c, "assay/policy.yaml", CHAIN_POLICY);
	chain_text(&c, "assay/roster.yaml", CHAIN_ROSTER);
	(void)chain_put(&c, "assay/trust/1.root.json", world_sign(world_root(1), "ab"));
	chain_delegate(&c, 1, "bc", 2);
	chain_sign(&c, 1, "bc");
	return c;
}

struct sources
chain_sources(const struct chain *c)
{
	return (struct sources){ .algo = OID_SHA1, .files = c->files, .count = c->count };
}
