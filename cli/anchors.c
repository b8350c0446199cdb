/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holding the ledger against the checkpoints in a repository's tags.
 */
#include "anchors.h"

#include <base/cleanup.h>
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
check_tag(const struct search *s, const struct batch_object *object, struct assay_error *err)
{
	struct git_tag tag;
	struct anchor anchor;
	enum anchor_state state;
	char hex[65];
	if (git_tag_parse(object->bytes, s->history->algo, &tag, NULL) != ASSAY_OK ||
	    anchor_find(tag.message, &anchor, NULL) != ASSAY_OK)
		return ASSAY_OK;
	TRY(anchor_compare(s->ledger, s->origin, &anchor.checkpoint, &state, err));
	if (state == ANCHOR_FOREIGN)
		return ASSAY_OK;
	oid_hex(&object->id, s->history->algo, hex);
	if (state != ANCHOR_CONSISTENT)
		return assay_fail(err, ASSAY_E_VERIFY, "the ledger is %s against the anchor in tag '%.*s' (%s)",
		    anchor_state_name(state), (int)tag.name.len, (const char *)tag.name.data, hex);
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
	TRY(workspace_look(cli, w, kinds, 1, err));
	TRY(workspace_parse(w, err));
	const struct evidence *e = evidence_find(&w->evidence, HISTORY_KIND);
	struct search s = { .history = evidence_facts(&w->evidence, HISTORY_KIND), .ledger = ledger,
		.origin = origin, .anchors = ret_anchors };
	if (e == NULL || s.history == NULL)
		return ASSAY_OK;
	struct assay_span stream = evidence_member(e, "git/objects");
	struct batch_object object;
	size_t cursor = 0;
	while (batch_next(stream, s.history->algo, &cursor, &object, NULL) == ASSAY_OK) {
		if (object.type == GIT_TAG)
			TRY(check_tag(&s, &object, err));
	}
	return ASSAY_OK;
}
