/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holding the ledger against the checkpoints in a repository's tags.
 */
#include "anchors.h"
#include "confine.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <codec/batch.h>
#include <evidence/history.h>
#include <ledger/anchor.h>

struct search {
	const struct history *history;
	struct ledger *ledger;
	const char *origin;
	struct anchors *anchors;
};

static enum assay_status
count_foreign(const struct search *s, struct assay_span origin, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(1u << 20);
	text_escape(&text, origin, false);
	TRY(buf_status(&text, "the anchor's origin", err));
	(void)snprintf(s->anchors->foreign_origin, sizeof s->anchors->foreign_origin, "%s", buf_str(&text));
	s->anchors->foreign++;
	return ASSAY_OK;
}

static enum assay_status
check_tag(const struct search *s, const struct batch_object *object, struct assay_error *err)
{
	struct git_tag tag;
	struct anchor anchor;
	enum anchor_state state;
	char hex[65];
	oid_hex(&object->id, s->history->algo, hex);
	struct assay_error why = { 0 };
	bool parsed = git_tag_parse(object->bytes, s->history->algo, &tag, &why) == ASSAY_OK;
	/* What git itself can't read may still hold an anchor: then it counts as one that nobody can check. */
	enum assay_status status = anchor_find(parsed ? tag.message : object->bytes, &anchor, &why);
	if (status == ASSAY_E_NOT_FOUND)
		return ASSAY_OK;
	if (status != ASSAY_OK || !parsed)
		return assay_fail(err, ASSAY_E_VERIFY, "the anchor in tag %s can't be read: %s", hex, why.what);
	TRY(anchor_compare(s->ledger, s->origin, &anchor.checkpoint, &state, err));
	if (state == ANCHOR_FOREIGN)
		return count_foreign(s, anchor.checkpoint.origin, err);
	if (state != ANCHOR_CONSISTENT)
		return assay_fail(err, ASSAY_E_VERIFY, "the ledger %s the anchor in tag '%.*s' (%s)",
		    state == ANCHOR_AHEAD ? "has lost entries that were there for"
					  : "was rewritten: its entries are not those of",
		    (int)tag.name.len, (const char *)tag.name.data, hex);
	uint32_t at = history_find_tag(s->history, &object->id);
	s->anchors->found++;
	if (at != HISTORY_NONE && s->history->tags[at].signature.result == SIG_VALID)
		s->anchors->with_signature++;
	return ASSAY_OK;
}

enum assay_status
anchors_check(struct cli *cli, struct workspace *w, struct ledger *ledger, const char *origin,
    struct anchors *ret_anchors, struct assay_error *err)
{
	static const char *const kinds[] = { HISTORY_KIND };
	bool confined = false;
	TRY(confine_to_reading(cli, w, NULL, false, &confined, err));
	TRY(workspace_look(cli, w, kinds, 1, err));
	confine_fully();
	TRY(workspace_parse(w, err));
	const struct evidence *e = evidence_find(&w->evidence, HISTORY_KIND);
	struct search s = { .history = evidence_facts(&w->evidence, HISTORY_KIND), .ledger = ledger,
		.origin = origin, .anchors = ret_anchors };
	if (e == NULL || s.history == NULL || e->completeness != EVIDENCE_COMPLETE) {
		(void)assay_fail(err, ASSAY_E_SYSTEM, "not all tags can be read, so an anchor may be among those that "
		    "can't: %s", e == NULL || e->why == NULL ? "no history" : e->why);
		return assay_error_todo(err, ASSAY_E_SYSTEM, "verify in a whole clone");
	}
	struct assay_span stream = evidence_member(e, "git/objects");
	struct batch_object object;
	size_t cursor = 0;
	while (batch_next(stream, s.history->algo, &cursor, &object, NULL) == ASSAY_OK) {
		if (object.type == GIT_TAG)
			TRY(check_tag(&s, &object, err));
	}
	return ASSAY_OK;
}
