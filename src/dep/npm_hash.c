/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.locked: integrity as npm reads it. Of several hashes npm takes the strongest algorithm, and any of that algorithm's
 * will do; what it can't read, it passes over.
 */
#include "npm.h"

#include <assay/base64.h>

enum strength { STRENGTH_NONE, STRENGTH_WEAK, STRENGTH_GOOD };

static const struct {
	const char *prefix;
	size_t size;
	int rank; /* npm's own order */
	enum strength strength;
} algorithms[] = {
	{ "md5-", 16, 1, STRENGTH_WEAK },
	{ "sha1-", 20, 2, STRENGTH_WEAK },
	{ "sha256-", 32, 3, STRENGTH_GOOD },
	{ "sha384-", 48, 4, STRENGTH_GOOD },
	{ "sha512-", 64, 5, STRENGTH_GOOD },
};

struct integrity {
	int rank;
	enum strength strength;
	size_t count; /* hashes of the strongest algorithm, equal ones once */
	const char *first;
	size_t first_len;
	bool malformed;
};

static void
add_hash(struct integrity *found, const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++) {
		size_t n = strlen(algorithms[i].prefix), got = 0;
		unsigned char digest[128];
		if (len <= n || strncmp(word, algorithms[i].prefix, n) != 0)
			continue;
		struct assay_span text = { (const unsigned char *)word + n, len - n };
		if (assay_base64_decode(text, digest, sizeof digest, &got) != ASSAY_OK || got != algorithms[i].size)
			break;
		if (algorithms[i].rank > found->rank)
			*found = (struct integrity){ algorithms[i].rank, algorithms[i].strength, 0, word, len,
				found->malformed };
		if (algorithms[i].rank == found->rank
		    && (found->count == 0 || len != found->first_len || strncmp(word, found->first, len) != 0))
			found->count++;
		return;
	}
	found->malformed = true;
}

enum assay_status
npm_check_hash(struct dep_work *w, const struct npm_entry *e, struct dep_place place)
{
	const char *text = jsontree_str(e->node, "integrity");
	struct integrity found = { 0 };
	if (CATCH(npm_hash_missing, text == NULL || text[strspn(text, " \t")] == '\0'))
		return dep_find(w, DEP_NPM_NO_HASH, place, e->key, "nothing says what '%s' holds: it has no integrity", e->key);
	for (const char *p = text == NULL ? "" : text; *p != '\0';) {
		size_t n = strcspn(p, " \t\r\n");
		if (n > 0)
			add_hash(&found, p, n);
		p += n + (p[n] != '\0');
	}
	if (CATCH(npm_hash_malformed, found.malformed))
		TRY(dep_find(w, DEP_NPM_BAD_HASH, place, e->key, "the integrity of '%s' can't be read: '%.80s'", e->key,
		    text));
	if (CATCH(npm_hash_weak, found.strength == STRENGTH_WEAK))
		TRY(dep_find(w, DEP_NPM_WEAK_HASH, place, e->key, "the integrity of '%s' is by a hash that was broken: '%.5s'",
		    e->key, text));
	if (CATCH(npm_hash_ambiguous, found.count > 1))
		TRY(dep_find(w, DEP_NPM_TWO_HASHES, place, e->key,
		    "the integrity of '%s' lets %zu different contents pass", e->key, found.count));
	return ASSAY_OK;
}
