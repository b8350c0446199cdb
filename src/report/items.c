/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of configuration items: every file of HEAD's tree by its id, and by its SHA-256 where its bytes were read.
 */
#include "json.h"

#include <assay/hash.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <evidence/tree.h>
#include <report/report.h>
#include <string.h>

#define ITEMS_SCHEMA "assay-configuration-items/1"

struct item {
	char id[2 * OID_MAX + 1];
	char sha256[2 * ASSAY_SHA256_SIZE + 1]; /* "" when the bytes were not read */
};

static enum assay_status
describe(const struct sources *s, const struct source_file *f, struct item *ret)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	*ret = (struct item){ .sha256 = "" };
	oid_hex(&f->id, s->algo, ret->id);
	if (!f->has_bytes)
		return ASSAY_OK;
	TRY(assay_sha256(f->bytes, digest));
	text_hex((struct assay_span){ digest, sizeof digest }, ret->sha256);
	return ASSAY_OK;
}

static json_t *
item_json(const struct source_file *f, const struct item *item)
{
	json_t *path = report_json_text(f->path);
	char mode[8];
	(void)snprintf(mode, sizeof mode, "%06o", f->mode & 0777777u);
	return json_pack("{s:s, s:s, s:o, s:s?}", "id", item->id, "mode", mode, "path", path, "sha256",
	    item->sha256[0] != '\0' ? item->sha256 : NULL);
}

/* Files that the list lacks because their folders are gone make it incomplete. */
static bool
is_complete(const struct judge_input *input, const struct tree *t)
{
	const struct evidence *e = evidence_find(input->evidence, TREE_KIND);
	return t != NULL && e != NULL && e->completeness == EVIDENCE_COMPLETE && t->folders_gone == 0;
}

enum assay_status
report_items_json(const struct judge_input *input, struct buf *out, struct assay_error *err)
{
	const struct tree *t = evidence_facts(input->evidence, TREE_KIND);
	char commit[2 * OID_MAX + 1] = "";
	CLEANUP(canon_unref) json_t *items = json_array();
	for (size_t i = 0; t != NULL && i < t->sources.count; i++) {
		struct item item;
		TRY(describe(&t->sources, &t->sources.files[i], &item));
		if (json_array_append_new(items, item_json(&t->sources.files[i], &item)) != 0)
			return assay_fail(err, ASSAY_E_MEMORY, "no memory for the list of configuration items");
	}
	if (t != NULL && t->has_head)
		oid_hex(&t->commit, t->sources.algo, commit);
	CLEANUP(canon_unref) json_t *object = json_pack("{s:s?, s:b, s:O, s:s, s:s}", "commit",
	    commit[0] != '\0' ? commit : NULL, "complete", is_complete(input, t), "items", items, "schema", ITEMS_SCHEMA,
	    "subject", input->subject != NULL ? input->subject : "");
	return report_json_write(object, out, err);
}

/* A spreadsheet takes a field that begins so for a formula. */
static void
add_field(struct buf *out, const char *text)
{
	CLEANUP(buf_done) struct buf plain = BUF_INIT(1u << 20);
	text_escape(&plain, assay_span_str(text), false);
	const char *p = buf_str(&plain);
	buf_add_byte(out, '"');
	if (p[0] != '\0' && strchr("=+-@", p[0]) != NULL)
		buf_add_byte(out, '\'');
	for (; *p != '\0'; p++) {
		if (*p == '"')
			buf_add_byte(out, '"');
		buf_add_byte(out, (unsigned char)*p);
	}
	buf_add_byte(out, '"');
}

enum assay_status
report_items_csv(const struct judge_input *input, struct buf *out, struct assay_error *err)
{
	const struct tree *t = evidence_facts(input->evidence, TREE_KIND);
	buf_add_str(out, "path,mode,id,sha256\r\n");
	for (size_t i = 0; t != NULL && i < t->sources.count; i++) {
		const struct source_file *f = &t->sources.files[i];
		struct item item;
		TRY(describe(&t->sources, f, &item));
		add_field(out, f->path);
		buf_addf(out, ",%06o,%s,%s\r\n", f->mode & 0777777u, item.id, item.sha256);
	}
	return buf_status(out, "the list of configuration items", err);
}
