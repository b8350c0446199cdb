/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trees, commits and tags out of a scenario's words.
 */
#include "mkrepo.h"

#include <assay/hash.h>

/* ------------------------------------------------------------- trees */

static int
compare_files(const void *a, const void *b)
{
	return strcmp(((const struct tree_file *)a)->path, ((const struct tree_file *)b)->path);
}

/* files[from..to) share prefix; one level of folders a call. */
static void
write_tree(struct maker *m, size_t from, size_t to, size_t prefix, struct oid *ret_id)
{
	struct buf tree = BUF_INIT(TEXT_MAX);
	for (size_t i = from; i < to;) {
		const char *name = m->files[i].path + prefix;
		size_t n = strcspn(name, "/");
		struct oid id = m->files[i].blob;
		size_t end = i + 1;
		if (name[n] == '/') {
			while (end < to && strncmp(m->files[end].path + prefix, name, n + 1) == 0)
				end++;
			write_tree(m, i, end, prefix + n + 1, &id);
		}
		buf_add_str(&tree, name[n] == '/' ? "40000 " : "100644 ");
		buf_add(&tree, name, n);
		buf_add_byte(&tree, 0);
		buf_add(&tree, id.b, oid_size(m->pack.algo));
		i = end;
	}
	pack_add(&m->pack, GIT_TREE, buf_span(&tree), ret_id);
	buf_done(&tree);
}

static const struct oid *
current_tree(struct maker *m)
{
	if (!m->tree_fresh) {
		qsort(m->files, m->file_count, sizeof m->files[0], compare_files);
		write_tree(m, 0, m->file_count, 0, &m->tree);
		m->tree_fresh = true;
	}
	return &m->tree;
}

void
set_file(struct maker *m, const char *path, struct assay_span content)
{
	struct tree_file *f = NULL;
	for (size_t i = 0; i < m->file_count; i++) {
		if (strcmp(m->files[i].path, path) == 0)
			f = &m->files[i];
	}
	if (f == NULL) {
		if (m->file_count == FILES_MAX)
			die("too many files");
		f = &m->files[m->file_count++];
		f->path = strdup(path);
	}
	pack_add(&m->pack, GIT_BLOB, content, &f->blob);
	if (assay_sha256(content, f->sha256) != ASSAY_OK)
		die("no SHA-256");
	m->tree_fresh = false;
}

/* ------------------------------------------------- commits and tags */

static void
person(struct buf *out, const char *role, const char *email, int64_t time, const char *tz)
{
	size_t n = strcspn(email, "@");
	buf_addf(out, "%s %.*s <%s> %lld %s\n", role, (int)n, email, email, (long long)time, tz);
}

static void
foreign_signature(const char *kind, struct buf *out)
{
	bool pgp = strcmp(kind, "pgp") == 0;
	buf_addf(out, "-----BEGIN %s-----\n\niHUEABYKAB0WIQ==\n-----END %s-----\n",
	    pgp ? "PGP SIGNATURE" : "SIGNED MESSAGE", pgp ? "PGP SIGNATURE" : "SIGNED MESSAGE");
}

/* The signature over payload, or nothing. */
static void
make_signature(struct maker *m, const struct words *w, struct assay_span payload, struct buf *out)
{
	const char *key = word_value(w, "sign", NULL);
	const char *foreign = word_value(w, "foreign", NULL);
	if (key != NULL)
		key_sign(keyring_find(&m->ring, key), payload, w, out);
	else if (foreign != NULL)
		foreign_signature(foreign, out);
}

static void
add_signature_header(struct buf *out, const char *header, const struct buf *signature)
{
	const char *text = buf_str(signature);
	buf_add_str(out, header);
	for (const char *line = text; *line != '\0';) {
		size_t n = strcspn(line, "\n");
		buf_addf(out, " %.*s\n", (int)n, line);
		line += n + (line[n] == '\n');
	}
}

static void
add_parents(struct maker *m, const struct words *w, struct buf *out)
{
	const char *parents = word_value(w, "parents", m->last[0] != '\0' ? m->last : "none");
	if (strcmp(parents, "none") == 0)
		return;
	for (const char *p = parents; *p != '\0';) {
		char name[NAME_MAX_LEN];
		size_t n = strcspn(p, ",");
		(void)snprintf(name, sizeof name, "%.*s", (int)n, p);
		buf_add_str(out, "parent ");
		add_id(m, &find_named(m, name)->id, out);
		buf_add_byte(out, '\n');
		p += n + (p[n] == ',');
	}
}

void
make_commit(struct maker *m, const struct words *w)
{
	struct buf head = BUF_INIT(TEXT_MAX), body = BUF_INIT(TEXT_MAX), whole = BUF_INIT(TEXT_MAX),
		   sig = BUF_INIT(TEXT_MAX);
	const char *by = word_value(w, "by", "nobody@example.com"), *tz = word_value(w, "tz", "+0000");
	int64_t time = time_value(word_value(w, "time", "0"));
	struct oid id;
	buf_add_str(&head, "tree ");
	add_id(m, current_tree(m), &head);
	buf_add_byte(&head, '\n');
	add_parents(m, w, &head);
	person(&head, "author", word_value(w, "author", by), time, tz);
	person(&head, "committer", by, time, tz);
	buf_addf(&body, "\n%s\n", word_value(w, "msg", w->word[1]));
	buf_add_span(&whole, buf_span(&head));
	buf_add_span(&whole, buf_span(&body));
	make_signature(m, w, buf_span(&whole), &sig);
	buf_reset(&whole);
	if (sig.len > 0) {
		const char *own = m->pack.algo == OID_SHA1 ? "gpgsig" : "gpgsig-sha256";
		add_signature_header(&head, word_value(w, "header", own), &sig);
		if (word_flag(w, "twice"))
			add_signature_header(&head, own, &sig);
	}
	buf_add_span(&whole, buf_span(&head));
	buf_add_span(&whole, buf_span(&body));
	if (word_flag(w, "alter"))
		buf_add_str(&whole, "and a line that nobody signed\n");
	pack_add(&m->pack, GIT_COMMIT, buf_span(&whole), &id);
	remember(m, w->word[1], &id, GIT_COMMIT);
	(void)snprintf(m->last, sizeof m->last, "%s", w->word[1]);
	buf_done(&head);
	buf_done(&body);
	buf_done(&whole);
	buf_done(&sig);
}

void
add_ref(struct maker *m, const char *name, const struct oid *id)
{
	add_id(m, id, &m->refs);
	buf_addf(&m->refs, " %s\n", name);
}

void
make_tag(struct maker *m, const struct words *w)
{
	struct buf text = BUF_INIT(TEXT_MAX), sig = BUF_INIT(TEXT_MAX);
	struct named *target = find_named(m, word_value(w, "target", m->last));
	char ref[512];
	struct oid id;
	buf_add_str(&text, "object ");
	add_id(m, &target->id, &text);
	buf_addf(&text, "\ntype %s\ntag %s\n", git_type_name(target->type), w->word[1]);
	if (!word_flag(w, "undated"))
		person(&text, "tagger", word_value(w, "by", "nobody@example.com"),
		    time_value(word_value(w, "time", "0")), word_value(w, "tz", "+0000"));
	buf_addf(&text, "\n%s\n", word_value(w, "msg", w->word[1]));
	make_signature(m, w, buf_span(&text), &sig);
	if (word_flag(w, "alter"))
		buf_add_str(&text, "and a line that nobody signed\n");
	buf_add_span(&text, buf_span(&sig));
	if (word_flag(w, "twice"))
		buf_add_span(&text, buf_span(&sig));
	if (word_flag(w, "trailing"))
		buf_add_str(&text, "and more\n");
	pack_add(&m->pack, GIT_TAG, buf_span(&text), &id);
	remember(m, w->word[1], &id, GIT_TAG);
	(void)snprintf(ref, sizeof ref, "refs/tags/%s", w->word[1]);
	add_ref(m, word_value(w, "ref", ref), &id);
	buf_done(&text);
	buf_done(&sig);
}

/* Number i of a comma-separated list, round and round. */
static void
pick(const char *list, size_t i, char *out, size_t room)
{
	size_t count = 1;
	for (const char *p = list; *p != '\0'; p++)
		count += *p == ',';
	const char *p = list;
	for (i %= count; i > 0; i--)
		p += strcspn(p, ",") + 1;
	(void)snprintf(out, room, "%.*s", (int)strcspn(p, ","), p);
}

struct bulk {
	const char *by, *sign;
	int64_t start, step;
	size_t count, merge_every;
};

static void
bulk_one(struct maker *m, const struct bulk *b, size_t i)
{
	char by[128], sign[128], time[64], parents[160], path[64], content[64];
	char words[6][192];
	struct words w = { .count = 5 };
	pick(b->by, i, by, sizeof by);
	pick(b->sign, i, sign, sizeof sign);
	(void)snprintf(time, sizeof time, "%lld", (long long)(b->start + b->step * (int64_t)i));
	(void)snprintf(path, sizeof path, "src/part%zu.c", i % 50);
	(void)snprintf(content, sizeof content, "int part%zu = %zu;\n", i % 50, i);
	set_file(m, path, assay_span_str(content));
	(void)snprintf(words[0], sizeof words[0], "commit");
	(void)snprintf(words[1], sizeof words[1], "%s", "tip");
	(void)snprintf(words[2], sizeof words[2], "by=%s", by);
	(void)snprintf(words[3], sizeof words[3], "time=%s", time);
	(void)snprintf(words[4], sizeof words[4], "sign=%s", sign);
	for (size_t k = 0; k < 5; k++)
		w.word[k] = words[k];
	bool side = b->merge_every != 0 && i % b->merge_every == b->merge_every - 2;
	bool merge = b->merge_every != 0 && i % b->merge_every == b->merge_every - 1 && i > 1;
	if (merge) {
		(void)snprintf(parents, sizeof parents, "parents=before,tip");
		(void)snprintf(words[5], sizeof words[5], "%s", parents);
		w.word[w.count++] = words[5];
	}
	if (side && m->last[0] != '\0') { /* what the merge takes as its first parent */
		struct oid before = find_named(m, m->last)->id;
		remember(m, "before", &before, GIT_COMMIT);
	}
	make_commit(m, &w);
}

void
make_bulk(struct maker *m, const struct words *w)
{
	struct bulk b = { .by = word_value(w, "by", "nobody@example.com"),
		.sign = word_value(w, "sign", ""),
		.start = time_value(word_value(w, "start", "0")),
		.step = time_value(word_value(w, "step", "60")),
		.count = strtoul(w->word[1], NULL, 10),
		.merge_every = strtoul(word_value(w, "merge-every", "0"), NULL, 10) };
	for (size_t i = 0; i < b.count; i++)
		bulk_one(m, &b, i);
}
