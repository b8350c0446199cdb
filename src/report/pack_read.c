/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In this order, each resting on the one before: the tar is canonical; its first member is the index; who signed it;
 * every member's digest is the index's, none is missing, none is extra; the evidence names the same members by the same digests.
 */
#include "pack_index.h"
#include <assay/sshkey.h>
#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <codec/dsse.h>
#include <codec/tar.h>
#include <report/pack.h>

#define SHOWN_MAX 200

/* What is in the archive, as it stands there. */
struct archive {
	struct assay_span index;
	struct pack_entry *entries; /* all but the index, sorted by name */
	bool *claimed;              /* somebody said what it is for */
	size_t count;
};

/* A name out of the pack, safe to print. */
struct shown {
	char text[SHOWN_MAX];
};

static struct shown
shown(const char *name)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(8192);
	struct shown s;

	text_escape(&b, assay_span_str(name), false);
	(void)snprintf(s.text, sizeof s.text, "%s", buf_str(&b));
	return s;
}

static enum assay_status
faulty(struct assay_error *err, const char *name, const char *what)
{
	const struct shown s = shown(name);
	(void)assay_fail(err, ASSAY_E_VERIFY, "pack member '%s' %s", s.text, what);
	return assay_error_todo(err, ASSAY_E_VERIFY,
	    "don't rely on this pack; ask where it was changed");
}

static enum assay_status
count_members(struct assay_span bytes, size_t *ret_count, struct assay_error *err)
{
	struct tar_reader reader = { .archive = bytes };
	struct tar_member member;
	enum assay_status status;

	while ((status = tar_next(&reader, &member, err)) == ASSAY_OK)
		continue;
	if (status != ASSAY_E_NOT_FOUND)
		return status;
	*ret_count = reader.members;
	return ASSAY_OK;
}

static enum assay_status
read_archive(struct assay_span bytes, struct arena *arena, struct archive *ret_archive,
    struct assay_error *err)
{
	struct tar_reader reader = { .archive = bytes };
	struct archive a = { .count = 0 };
	struct tar_member member;
	size_t count = 0;

	TRY(count_members(bytes, &count, err));
	if (count == 0)
		return faulty(err, PACK_INDEX_NAME, "is missing: the archive is empty");
	a.entries = arena_array(arena, count, sizeof *a.entries);
	a.claimed = arena_array(arena, count, sizeof *a.claimed);
	if (a.entries == NULL || a.claimed == NULL)
		return arena_full(err);
	for (size_t i = 0; i < count; i++) {
		TRY(tar_next(&reader, &member, err));
		if (i == 0) {
			if (strcmp(member.name, PACK_INDEX_NAME) != 0)
				return faulty(err, member.name, "comes first; in a pack 'index.dsse' does");
			a.index = member.bytes;
			continue;
		}
		a.entries[a.count].name = arena_str(arena, member.name);
		a.entries[a.count].bytes = member.bytes;
		if (a.entries[a.count].name == NULL)
			return arena_full(err);
		a.count++;
	}
	*ret_archive = a;
	return ASSAY_OK;
}

/* NULL when the signature holds, else what is wrong with it. */
static const char *
signature_fault(const struct pack_index *index, const struct pack_index_signature *signature,
    char ret_fingerprint[ASSAY_FINGERPRINT_SIZE])
{
	CLEANUP(buf_done) struct buf blob = BUF_INIT(128);
	CLEANUP(buf_done) struct buf wire = BUF_INIT(256);
	CLEANUP(buf_done) struct buf pae = BUF_INIT(PACK_INDEX_MAX);
	struct assay_pubkey key;

	if (signature->count == 0)
		return "the index names a signer, but has no signature";
	if (index->signer == NULL)
		return "the index has a signature, but names no signer";
	if (signature->bytes.len != 64)
		return "the signature is not one of Ed25519";
	buf_add_ssh_string(&blob, assay_span_str("ssh-ed25519"));
	buf_add_ssh_string(&blob, (struct assay_span) { index->signer, 32 });
	buf_add_ssh_string(&wire, assay_span_str("ssh-ed25519"));
	buf_add_ssh_string(&wire, signature->bytes);
	dsse_pae(&pae, PACK_PAYLOAD_TYPE, signature->payload);
	if (blob.status != ASSAY_OK || wire.status != ASSAY_OK || pae.status != ASSAY_OK)
		return "there was no memory to verify the signature";
	if (assay_pubkey_parse(buf_span(&blob), &key, NULL) != ASSAY_OK)
		return "the signer's key is malformed";
	const char *weak = assay_pubkey_weakness(&key);
	if (weak != NULL)
		return weak;
	bool holds
	    = assay_pubkey_verify(&key, buf_span(&wire), buf_span(&pae), NULL, NULL) == ASSAY_OK;
	if (CATCH(pack_signature, !holds))
		return "the signature does not hold over the index";
	if (assay_fingerprint(buf_span(&blob), ret_fingerprint) != ASSAY_OK)
		return "the signer's fingerprint can't be computed";
	/* It decides nothing, but must not show a reader somebody else's name. */
	if (CATCH(pack_keyid, strcmp(ret_fingerprint, signature->keyid) != 0))
		return "the signature's keyid is not the signer's fingerprint";
	return NULL;
}

static void
judge_signature(const struct pack_index *index, const struct pack_index_signature *signature,
    struct pack *p)
{
	char fingerprint[ASSAY_FINGERPRINT_SIZE] = "";

	p->signature = PACK_SIGNATURE_BAD;
	if (index->signer == NULL && signature->count == 0) {
		p->signature = PACK_UNSIGNED;
		return;
	}
	p->signature_fault = signature_fault(index, signature, fingerprint);
	if (p->signature_fault != NULL)
		return;
	memcpy(p->signer_key, index->signer, sizeof p->signer_key);
	memcpy(p->signer_fingerprint, fingerprint, sizeof p->signer_fingerprint);
	p->signature = PACK_SIGNED;
}

/* Both lists are sorted: the first place where they part is the member to name. */
static enum assay_status
check_members(struct archive *a, const struct pack_index *index, struct assay_error *err)
{
	size_t i = 0;

	for (; i < a->count && i < index->count; i++) {
		struct pack_entry *here = &a->entries[i];
		int order = strcmp(here->name, index->entries[i].name);
		if (order < 0)
			return faulty(err, here->name, "is not in the index");
		if (order > 0)
			return faulty(err, index->entries[i].name, "is in the index, but missing");
		if (assay_sha256(here->bytes, here->sha256) != ASSAY_OK) {
			const struct shown s = shown(here->name);
			return assay_fail(err, ASSAY_E_INTERNAL, "pack member '%s' can't be hashed", s.text);
		}
		bool same = memcmp(here->sha256, index->entries[i].sha256, ASSAY_SHA256_SIZE) == 0;
		if (CATCH(pack_altered_member, !same))
			return faulty(err, here->name, "was altered: its SHA-256 is not the index's");
	}
	if (i < a->count)
		return faulty(err, a->entries[i].name, "is not in the index");
	if (i < index->count)
		return faulty(err, index->entries[i].name, "is in the index, but missing");
	return ASSAY_OK;
}

static int
to_entry(const void *key, const void *entry)
{
	const struct pack_entry *e = entry;

	return strcmp(key, e->name);
}

/* The member, which nobody else may have claimed; NULL when there is none. */
static enum assay_status
claim(struct archive *a, const char *name, const struct pack_entry **ret_entry,
    struct assay_error *err)
{
	const struct pack_entry *e = NULL;

	if (a->count > 0)
		e = bsearch(name, a->entries, a->count, sizeof *a->entries, to_entry);
	*ret_entry = e;
	if (e == NULL)
		return ASSAY_OK;
	bool *claimed = &a->claimed[e - a->entries];
	if (*claimed)
		return faulty(err, name, "stands for two things");
	*claimed = true;
	return ASSAY_OK;
}

static enum assay_status
join_evidence(struct archive *a, struct evidence *item, struct assay_error *err)
{
	for (size_t i = 0; i < item->member_count; i++) {
		struct evidence_member *m = &item->members[i];
		const struct pack_entry *e = NULL;
		TRY(claim(a, m->name, &e, err));
		if (e == NULL)
			return faulty(err, m->name, "is named by the evidence, but missing");
		if (CATCH(pack_evidence_digest, memcmp(m->sha256, e->sha256, ASSAY_SHA256_SIZE) != 0))
			return faulty(err, m->name, "is not the one that the evidence names by SHA-256");
		m->bytes = e->bytes;
	}
	return ASSAY_OK;
}

/* Evidence of one form alone, so that not a byte of it can differ unseen. */
static enum assay_status
check_evidence_form(const struct evidence_set *set, struct assay_span json, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf again = BUF_INIT(json.len);

	enum assay_status status = evidence_describe(set, &again, err);
	bool same = status == ASSAY_OK && assay_span_equal(buf_span(&again), json);
	if (CATCH(pack_evidence_form, !same))
		return faulty(err, PACK_EVIDENCE_NAME, "is not in the one form that assay writes");
	return ASSAY_OK;
}

static enum assay_status
take_members(struct archive *a, struct arena *arena, struct pack *p, struct assay_error *err)
{
	const struct pack_entry *evidence = NULL;
	const struct pack_entry *verdicts = NULL;
	const struct pack_entry *policy = NULL;
	const struct pack_entry *roster = NULL;

	TRY(claim(a, PACK_EVIDENCE_NAME, &evidence, err));
	TRY(claim(a, PACK_VERDICTS_NAME, &verdicts, err));
	TRY(claim(a, PACK_POLICY_NAME, &policy, err));
	TRY(claim(a, PACK_ROSTER_NAME, &roster, err));
	if (evidence == NULL)
		return faulty(err, PACK_EVIDENCE_NAME, "is missing");
	if (verdicts == NULL)
		return faulty(err, PACK_VERDICTS_NAME, "is missing");
	p->verdicts_json = verdicts->bytes;
	if (policy != NULL)
		p->policy_yaml = policy->bytes;
	if (roster != NULL)
		p->roster_yaml = roster->bytes;
	TRY(evidence_read(evidence->bytes, arena, &p->evidence, err));
	TRY(check_evidence_form(&p->evidence, evidence->bytes, err));
	for (size_t i = 0; i < p->evidence.count; i++)
		TRY(join_evidence(a, &p->evidence.items[i], err));
	for (size_t i = 0; i < a->count; i++) {
		if (CATCH(pack_unclaimed_member, !a->claimed[i]))
			return faulty(err, a->entries[i].name, "belongs to nothing in the evidence");
	}
	return ASSAY_OK;
}

enum assay_status
pack_read(struct assay_span bytes, struct arena *arena, struct pack *ret_pack, struct assay_error *err)
{
	struct pack p = { .signature = PACK_SIGNATURE_BAD };
	struct pack_index_signature signature;
	struct pack_index index;
	struct archive archive;

	if (bytes.len > PACK_SIZE_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "the pack has more than %llu bytes",
		    (unsigned long long)PACK_SIZE_MAX);
	TRY(read_archive(bytes, arena, &archive, err));
	TRY(pack_index_read(archive.index, arena, &index, &signature, err));
	judge_signature(&index, &signature, &p);
	TRY(check_members(&archive, &index, err));
	TRY(take_members(&archive, arena, &p, err));
	p.subject = index.subject;
	p.program = index.program;
	p.date = index.date;
	p.date_given = index.date_given;
	p.require = index.require;
	p.require_count = index.require_count;
	p.root = index.root;
	*ret_pack = p;
	return ASSAY_OK;
}
