/* SPDX-License-Identifier: Apache-2.0 */
#include "pack_index.h"
#include <base/cleanup.h>
#include <base/file.h>
#include <codec/canon.h>
#include <codec/tar.h>
#include <openssl/evp.h>
#include <report/pack.h>
#include <report/report.h>

/* Members that every pack may have beside the evidence's own. */
#define OWN_MEMBERS 4

/* Where the pack goes, piece by piece. */
struct sink {
	enum assay_status (*write)(void *ctx, struct assay_span bytes, struct assay_error *err);
	void *ctx;
	uint64_t written;
};

static enum assay_status
sink_write(struct sink *s, struct assay_span bytes, struct assay_error *err)
{
	if (bytes.len > PACK_SIZE_MAX - s->written)
		return assay_fail(err, ASSAY_E_LIMIT, "the pack would be larger than %llu bytes",
		    (unsigned long long)PACK_SIZE_MAX);
	s->written += bytes.len;
	return s->write(s->ctx, bytes, err);
}

static enum assay_status
sink_member(struct sink *s, const char *name, struct assay_span bytes, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf frame = BUF_INIT(8192);

	TRY(tar_add_head(&frame, name, bytes.len, err));
	TRY(sink_write(s, buf_span(&frame), err));
	TRY(sink_write(s, bytes, err));
	buf_reset(&frame);
	TRY(tar_add_padding(&frame, bytes.len, err));
	return sink_write(s, buf_span(&frame), err);
}

static enum assay_status
sink_end(struct sink *s, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf frame = BUF_INIT(8192);

	TRY(tar_end(&frame, err));
	return sink_write(s, buf_span(&frame), err);
}

/* What goes into a pack, beside its index. */
struct members {
	struct pack_entry *entries;
	size_t count;
	struct buf evidence;
	struct buf verdicts;
};

static void
members_done(struct members *m)
{
	free(m->entries);
	buf_done(&m->evidence);
	buf_done(&m->verdicts);
}

static enum assay_status
add_own(struct members *m, const char *name, struct assay_span bytes, struct assay_error *err)
{
	struct pack_entry *e = &m->entries[m->count];

	e->name = name;
	e->bytes = bytes;
	if (assay_sha256(bytes, e->sha256) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_INTERNAL, "pack member '%s' can't be hashed", name);
	m->count++;
	return ASSAY_OK;
}

static void
add_evidence(struct members *m, const struct evidence_set *set)
{
	for (size_t i = 0; i < set->count; i++) {
		for (size_t k = 0; k < set->items[i].member_count; k++) {
			const struct evidence_member *from = &set->items[i].members[k];
			struct pack_entry *e = &m->entries[m->count++];
			e->name = from->name;
			e->bytes = from->bytes;
			memcpy(e->sha256, from->sha256, sizeof e->sha256);
		}
	}
}

static int
by_name(const void *a, const void *b)
{
	const struct pack_entry *x = a;
	const struct pack_entry *y = b;

	return strcmp(x->name, y->name);
}

static enum assay_status
gather(const struct pack_content *c, struct members *m, struct assay_error *err)
{
	const struct evidence_set *set = c->input->evidence;
	size_t room = OWN_MEMBERS;

	for (size_t i = 0; i < set->count; i++)
		room += set->items[i].member_count;
	m->entries = calloc(room, sizeof *m->entries);
	if (m->entries == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the pack");
	TRY(evidence_describe(set, &m->evidence, err));
	TRY(report_json(c->verdicts, &m->verdicts, err));
	TRY(add_own(m, PACK_EVIDENCE_NAME, buf_span(&m->evidence), err));
	TRY(add_own(m, PACK_VERDICTS_NAME, buf_span(&m->verdicts), err));
	if (c->policy_yaml.data != NULL)
		TRY(add_own(m, PACK_POLICY_NAME, c->policy_yaml, err));
	if (c->roster_yaml.data != NULL)
		TRY(add_own(m, PACK_ROSTER_NAME, c->roster_yaml, err));
	add_evidence(m, set);
	qsort(m->entries, m->count, sizeof *m->entries, by_name);
	for (size_t i = 1; i < m->count; i++) {
		if (strcmp(m->entries[i - 1].name, m->entries[i].name) == 0)
			return assay_fail(err, ASSAY_E_INTERNAL, "two parts of the evidence are named '%s'",
			    m->entries[i].name);
	}
	return ASSAY_OK;
}

static enum assay_status
write_to(const struct pack_content *content, struct signer *signer, struct sink *sink,
    struct assay_error *err)
{
	CLEANUP(members_done) struct members m
	    = { .evidence = BUF_INIT(CANON_SIZE_MAX), .verdicts = BUF_INIT(CANON_SIZE_MAX) };
	CLEANUP(buf_done) struct buf dsse = BUF_INIT(PACK_INDEX_MAX);
	unsigned char key[32];
	struct pack_index index = {
		.subject = content->input->subject,
		.program = ASSAY_VERSION,
		.date = content->input->date,
		.date_given = content->input->date_given,
		.require = content->input->require,
		.require_count = content->input->require_count,
		.root = content->input->root,
	};

	TRY(gather(content, &m, err));
	index.entries = m.entries;
	index.count = m.count;
	if (signer != NULL) {
		TRY(signer_public(signer, key, err));
		index.signer = key;
	}
	TRY(pack_index_write(&index, signer, &dsse, err));
	TRY(sink_member(sink, PACK_INDEX_NAME, buf_span(&dsse), err));
	for (size_t i = 0; i < m.count; i++)
		TRY(sink_member(sink, m.entries[i].name, m.entries[i].bytes, err));
	return sink_end(sink, err);
}

static enum assay_status
to_buf(void *ctx, struct assay_span bytes, struct assay_error *err)
{
	struct buf *out = ctx;

	buf_add_span(out, bytes);
	return buf_status(out, "the pack", err);
}

enum assay_status
pack_write(const struct pack_content *content, struct signer *signer, struct buf *out,
    struct assay_error *err)
{
	struct sink sink = { to_buf, out, 0 };

	return write_to(content, signer, &sink, err);
}

struct hashed_file {
	struct file_draft *draft;
	EVP_MD_CTX *hash;
};

static void
hashed_file_done(struct hashed_file *f)
{
	file_draft_free(&f->draft);
	EVP_MD_CTX_free(f->hash);
}

static enum assay_status
to_file(void *ctx, struct assay_span bytes, struct assay_error *err)
{
	struct hashed_file *f = ctx;

	if (EVP_DigestUpdate(f->hash, bytes.data, bytes.len) != 1)
		return assay_fail(err, ASSAY_E_INTERNAL, "the pack can't be hashed");
	return file_draft_add(f->draft, bytes, err);
}

enum assay_status
pack_write_file(const struct pack_content *content, struct signer *signer, int dirfd,
    const char *path, unsigned mode, unsigned char ret_sha256[ASSAY_SHA256_SIZE],
    struct assay_error *err)
{
	CLEANUP(hashed_file_done) struct hashed_file f = { NULL, EVP_MD_CTX_new() };
	struct sink sink = { to_file, &f, 0 };
	unsigned char digest[ASSAY_SHA256_SIZE];

	if (f.hash == NULL || EVP_DigestInit_ex(f.hash, EVP_sha256(), NULL) != 1)
		return assay_fail(err, ASSAY_E_INTERNAL, "libcrypto has no SHA-256");
	TRY(file_draft_new(dirfd, path, mode, &f.draft, err));
	TRY(write_to(content, signer, &sink, err));
	if (EVP_DigestFinal_ex(f.hash, digest, NULL) != 1)
		return assay_fail(err, ASSAY_E_INTERNAL, "the pack can't be hashed");
	TRY(file_draft_commit(f.draft, err));
	memcpy(ret_sha256, digest, sizeof digest);
	return ASSAY_OK;
}
