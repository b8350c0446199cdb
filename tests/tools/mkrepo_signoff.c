/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signoff PATH act=A by=ID date=DATE [kind=K] [role=R] [repository=ID] [state=HEX] [record=HEX] [name=FILE] [more=TEXT] [unsigned]
 *         [sign=KEY [options of key_sign]]
 *
 * A statement about the file of that path as it stands now, and its signature, in assay/reviews/: a hand of its own, beside assay's.
 */
#include "mkrepo.h"

#include <assay/hash.h>
#include <base/text.h>

#define PATH_ROOM 512

static const char *
digest_of(const struct maker *m, const char *path, char *hex)
{
	for (size_t i = 0; i < m->file_count; i++) {
		if (strcmp(m->files[i].path, path) != 0)
			continue;
		text_hex((struct assay_span){ m->files[i].sha256, ASSAY_SHA256_SIZE }, hex);
		return hex;
	}
	die("signoff: no file '%s'", path);
}

static void
add(struct buf *out, const char *name, const char *value)
{
	if (value != NULL)
		buf_addf(out, "%s\"%s\":\"%s\"", out->len > 1 ? "," : "", name, value);
}

void
make_signoff(struct maker *m, const struct words *w)
{
	char hex[2 * ASSAY_SHA256_SIZE + 1], path[PATH_ROOM], name_space[64];
	const char *act = word_value(w, "act", "approve"), *by = word_value(w, "by", "alice");
	const char *slash = strrchr(w->word[1], '/'), *base = slash == NULL ? w->word[1] : slash + 1;
	const char *key = word_value(w, "sign", NULL);
	struct buf text = BUF_INIT(TEXT_MAX), signature = BUF_INIT(TEXT_MAX);
	buf_add_byte(&text, '{');
	add(&text, "act", act);
	buf_addf(&text, ",\"assay-signoff\":%s", word_value(w, "version", "1"));
	add(&text, "by", by);
	add(&text, "date", word_value(w, "date", "2024-06-01"));
	add(&text, "kind", word_value(w, "kind", "exception"));
	add(&text, "policy-state", word_value(w, "state", NULL));
	add(&text, "record-sha256", word_value(w, "record", digest_of(m, w->word[1], hex)));
	add(&text, "repository", word_value(w, "repository", "00112233445566778899aabbccddeeff"));
	add(&text, "role", word_value(w, "role", NULL));
	buf_addf(&text, "}\n%s", word_value(w, "more", ""));
	(void)snprintf(path, sizeof path, "assay/reviews/%s.signoff", word_value(w, "name", base));
	if (word_value(w, "name", NULL) == NULL)
		(void)snprintf(path, sizeof path, "assay/reviews/%s-%s-%s.signoff", base, act, by);
	set_file(m, path, buf_span(&text));
	if (!word_flag(w, "unsigned")) {
		struct words options = *w;
		struct key *k = keyring_find(&m->ring, key == NULL ? by : key);
		(void)snprintf(name_space, sizeof name_space, "namespace=assay-signoff-%s", act);
		if (word_value(w, "namespace", NULL) == NULL && options.count < WORDS_MAX)
			options.word[options.count++] = name_space;
		key_sign(k, buf_span(&text), &options, &signature);
		buf_reset(&text);
		buf_addf(&text, "%s.sig", path);
		set_file(m, buf_str(&text), buf_span(&signature));
	}
	buf_done(&text);
	buf_done(&signature);
}
