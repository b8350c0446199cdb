/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Anchors: the ledger's checkpoint where somebody else keeps it, here in the message of a signed tag. The message may say
 * anything first; then comes a line "assay-checkpoint:", and from the next line on a C2SP note (or the bare checkpoint, for
 * the tag's own signature covers it) up to the end of the message or the tag's signature.
 */
#pragma once

#include <assay/note.h>
#include <ledger/log.h>

#define ANCHOR_LINE "assay-checkpoint:"

struct anchor {
	struct assay_checkpoint checkpoint;
	struct assay_note note; /* signatures empty when it carries none */
};

enum anchor_state {
	ANCHOR_CONSISTENT, /* the ledger is what it was then, or grew out of it */
	ANCHOR_AHEAD,      /* the anchor has more entries than the ledger: some are lost, or this is an older copy */
	ANCHOR_FORKED,     /* the ledger at that size had another root: it was rewritten */
	ANCHOR_FOREIGN,    /* the checkpoint of another log */
};

/* ASSAY_E_NOT_FOUND when the message has no such line; ASSAY_E_FORMAT when what follows is no checkpoint, or there are two. */
ASSAY_MUST_USE enum assay_status anchor_find(struct assay_span message, struct anchor *ret_anchor,
    struct assay_error *err);
/* origin: this ledger's. */
ASSAY_MUST_USE enum assay_status anchor_compare(struct ledger *ledger, const char *origin,
    const struct assay_checkpoint *checkpoint, enum anchor_state *ret_state, struct assay_error *err);
