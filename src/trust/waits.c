/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far a draft's signatures have come, by the same count that decides later.
 */
#include <base/cleanup.h>
#include <string.h>
#include <trust/folder.h>

struct parsed {
	struct assay_tuf_room room;
	struct assay_tuf_meta meta;
};

static enum assay_status
parse(const struct trust_folder *f, const json_t *document, struct parsed *ret, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(TRUST_FILE_MAX);
	TRY(trust_write(document, &bytes, err));
	ret->room.used = 0;
	ret->room.size = bytes.len + ASSAY_JSON_ROOM(bytes.len) + 4096;
	ret->room.data = arena_alloc(f->arena, ret->room.size);
	if (ret->room.data == NULL)
		return arena_full(err);
	return assay_tuf_parse(buf_span(&bytes), &ret->room, &ret->meta, err);
}

static bool
listed(const struct trust_wait *w, const char *who)
{
	for (size_t i = 0; i < w->waiting_count; i++) {
		if (strcmp(w->waiting[i], who) == 0)
			return true;
	}
	return false;
}

static bool
signed_by_person(const struct assay_tuf_meta *meta, const struct assay_tuf_role *role, struct assay_span who)
{
	struct assay_tuf_key key;
	size_t cursor = 0;
	while (assay_tuf_next_key(role, &cursor, &key)) {
		if (assay_span_equal(key.person, who) && assay_tuf_signed_by(meta, &key) == ASSAY_OK)
			return true;
	}
	return false;
}

static enum assay_status
count(const struct trust_folder *f, const struct assay_tuf_meta *meta, const struct assay_tuf_role *role,
    const char *name, struct trust_wait *ret, struct assay_error *err)
{
	struct assay_tuf_tally tally = { 0 };
	struct assay_tuf_key key;
	size_t cursor = 0;
	*ret = (struct trust_wait){ .role = name };
	/* That it isn't enough yet is what this is here to tell. */
	enum assay_status status = assay_tuf_tally(meta, role, &tally, err);
	if (status != ASSAY_OK && status != ASSAY_E_VERIFY)
		return status;
	ret->people = tally.people;
	ret->threshold = role->threshold;
	while (assay_tuf_next_key(role, &cursor, &key) && ret->waiting_count < TRUST_WAITING_MAX) {
		const char *who = arena_copy(f->arena, key.person);
		if (who == NULL)
			return arena_full(err);
		if (!signed_by_person(meta, role, key.person) && !listed(ret, who))
			ret->waiting[ret->waiting_count++] = who;
	}
	return ASSAY_OK;
}

static bool
delegated(const struct assay_tuf_meta *targets, const char *name, struct assay_tuf_role *ret)
{
	size_t cursor = 0;
	while (assay_tuf_next_delegation(targets, &cursor, ret)) {
		if (assay_span_equal(ret->name, assay_span_str(name)))
			return true;
	}
	return false;
}

enum assay_status
trust_folder_waits(const struct trust_folder *f, enum trust_part part,
    struct trust_wait ret_waits[TRUST_WAITS_MAX], size_t *ret_count, struct assay_error *err)
{
	const json_t *home = part == TRUST_ROOT ? f->draft[TRUST_ROOT] : trust_folder_home(f, part);
	struct parsed draft, who, before;
	struct assay_tuf_role role;
	size_t n = 0;
	*ret_count = 0;
	if (f->draft[part] == NULL || home == NULL)
		return ASSAY_OK;
	/* Until enough people are enrolled it is no metadata yet, and nobody's signature could count. */
	if (trust_check_thresholds(home, NULL) != ASSAY_OK || (part != TRUST_POLICY &&
		trust_check_thresholds(f->draft[part], NULL) != ASSAY_OK))
		return ASSAY_OK;
	TRY(parse(f, f->draft[part], &draft, err));
	TRY(parse(f, home, &who, err));
	bool found = part == TRUST_POLICY ? delegated(&who.meta, "policy", &role)
					  : assay_tuf_role(&who.meta, trust_part_name(part), &role) == ASSAY_OK;
	if (found)
		TRY(count(f, &draft.meta, &role, trust_part_name(part), &ret_waits[n++], err));
	if (part == TRUST_ROOT && f->now[TRUST_ROOT] != NULL) {
		TRY(parse(f, f->now[TRUST_ROOT], &before, err));
		if (assay_tuf_role(&before.meta, "root", &role) == ASSAY_OK)
			TRY(count(f, &draft.meta, &role, "root before", &ret_waits[n++], err));
	}
	*ret_count = n;
	return ASSAY_OK;
}
