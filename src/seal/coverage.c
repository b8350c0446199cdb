/* SPDX-License-Identifier: Apache-2.0 */
#include "cover.h"

#include <assay/manifest.h>
#include <base/cleanup.h>
#include <string.h>

#define ROW(id, weight_, code_, words_) { SEAL_##weight_, (code_), (words_) },
const struct seal_matter_row seal_matters[SEAL_MATTER_COUNT] = { SEAL_MATTERS(ROW) };

enum assay_status
cover_fact(struct cover *c, enum seal_matter matter, const char *path, const char *object, struct assay_error *err)
{
	if (c->kept[matter] == SEAL_FACTS_MAX) {
		c->out->more[matter]++;
		return ASSAY_OK;
	}
	struct seal_fact *f = arena_alloc(c->arena, sizeof *f);
	if (f == NULL)
		return arena_full(err);
	*f = (struct seal_fact){ .matter = matter, .weight = seal_matters[matter].weight, .path = path, .object = object, .count = 1 };
	*c->end = f;
	c->end = &f->next;
	c->kept[matter]++;
	c->out->fact_count++;
	return ASSAY_OK;
}

/* ---- what its bytes and mode say ---- */

static bool
holds_code(const struct seal_inside *in)
{
	for (const struct seal_member *m = in->members; m != NULL; m = m->next) {
		if (seal_is(&m->looked, SEAL_GROUP_CODE) || seal_is(&m->looked, SEAL_GROUP_FIRMWARE))
			return true;
	}
	return false;
}

static bool
is_kind(const struct seal_entry *e, enum seal_kind kind)
{
	return e->looked->kinds[kind] != SEAL_NOT;
}

static enum assay_status
archive_facts(struct cover *c, const struct seal_entry *e, struct assay_error *err)
{
	static const enum seal_matter matters[SEAL_INSIDE_MATTER_COUNT] = {
		[SEAL_INSIDE_NOT_OPENED] = SEAL_MATTER_ARCHIVE_UNSEEN, [SEAL_INSIDE_ENCRYPTED] = SEAL_MATTER_ARCHIVE_UNSEEN,
		[SEAL_INSIDE_TOO_DEEP] = SEAL_MATTER_ARCHIVE_UNSEEN, [SEAL_INSIDE_TOO_LARGE] = SEAL_MATTER_ARCHIVE_UNSEEN,
		[SEAL_INSIDE_TOO_MANY] = SEAL_MATTER_ARCHIVE_UNSEEN, [SEAL_INSIDE_MALFORMED] = SEAL_MATTER_ARCHIVE_UNSEEN,
		[SEAL_INSIDE_INCONSISTENT] = SEAL_MATTER_ARCHIVE_ODD, [SEAL_INSIDE_LEADS_OUT] = SEAL_MATTER_ARCHIVE_ODD,
		[SEAL_INSIDE_ABSOLUTE] = SEAL_MATTER_ARCHIVE_ODD, [SEAL_INSIDE_LINK_OUT] = SEAL_MATTER_ARCHIVE_ODD,
		[SEAL_INSIDE_TWICE] = SEAL_MATTER_ARCHIVE_ODD,
	};
	if (e->inside == NULL)
		return ASSAY_OK;
	for (const struct seal_inside_problem *p = e->inside->problems; p != NULL; p = p->next)
		TRY(cover_fact(c, matters[p->matter], p->path, seal_inside_code(p->matter), err));
	/* These are used as they are, and never unpacked. */
	const bool used_whole = is_kind(e, SEAL_JAR) || is_kind(e, SEAL_STATIC_LIBRARY);
	if (!used_whole && holds_code(e->inside))
		TRY(cover_fact(c, SEAL_MATTER_ARCHIVE_CODE, e->path, NULL, err));
	return ASSAY_OK;
}

static enum assay_status
mode_facts(struct cover *c, const struct seal_entry *e, struct assay_error *err)
{
	const bool file = e->type == SEAL_TYPE_FILE, folder = e->type == SEAL_TYPE_FOLDER;
	if (e->type == SEAL_TYPE_DEVICE || e->type == SEAL_TYPE_FIFO || e->type == SEAL_TYPE_SOCKET)
		return cover_fact(c, SEAL_MATTER_DEVICE, e->path, seal_kinds[seal_main_kind(e->looked)].name, err);
	if (file && (e->mode & 04000) != 0)
		TRY(cover_fact(c, SEAL_MATTER_SETUID, e->path, NULL, err));
	if (file && (e->mode & 02000) != 0)
		TRY(cover_fact(c, SEAL_MATTER_SETGID, e->path, NULL, err));
	/* In a folder with the sticky bit nobody can take away what is another's. */
	if ((file && (e->mode & 0002) != 0) || (folder && (e->mode & 01002) == 0002))
		return cover_fact(c, SEAL_MATTER_WORLD_WRITABLE, e->path, NULL, err);
	if ((file || folder) && (e->mode & 0020) != 0)
		return cover_fact(c, SEAL_MATTER_GROUP_WRITABLE, e->path, NULL, err);
	return ASSAY_OK;
}

static enum assay_status
byte_facts(struct cover *c, const struct seal_entry *e, struct assay_error *err)
{
	static const struct {
		enum seal_mark mark;
		enum seal_matter matter;
	} rows[] = {
		{ SEAL_MARK_PARTLY, SEAL_MATTER_PARTLY_SEEN }, { SEAL_MARK_SEVERAL, SEAL_MATTER_DISGUISED },
		{ SEAL_MARK_NOT_AS_NAMED, SEAL_MATTER_DISGUISED }, { SEAL_MARK_BYTE_ORDER_MARK, SEAL_MATTER_DISGUISED },
		{ SEAL_MARK_INTERPRETER_CUT, SEAL_MATTER_DISGUISED }, { SEAL_MARK_INTERPRETER_ODD, SEAL_MATTER_DISGUISED },
		{ SEAL_MARK_NOT_READ_THERE, SEAL_MATTER_DISGUISED }, { SEAL_MARK_FETCHES, SEAL_MATTER_FETCHES },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (e->looked->marks[rows[i].mark])
			TRY(cover_fact(c, rows[i].matter, e->path, seal_mark_name(rows[i].mark), err));
	}
	if (e->looked->kinds[SEAL_PRIVATE_KEY] >= SEAL_BY_BYTES)
		TRY(cover_fact(c, SEAL_MATTER_PRIVATE_KEY, e->path, NULL, err));
	for (unsigned i = 0; i < SEAL_KIND_COUNT; i++) {
		if (e->looked->kinds[i] >= SEAL_CUT)
			return cover_fact(c, SEAL_MATTER_DAMAGED, e->path, seal_kinds[i].name, err);
	}
	return ASSAY_OK;
}

/* ---- beside the manifest ---- */

static bool
same_type(const struct seal_entry *e, enum assay_entry_type type)
{
	return (e->type == SEAL_TYPE_FILE && type == ASSAY_ENTRY_FILE) || (e->type == SEAL_TYPE_FOLDER && type == ASSAY_ENTRY_FOLDER)
	    || (e->type == SEAL_TYPE_LINK && type == ASSAY_ENTRY_LINK);
}

static bool
same_words(const struct seal_entry *e, const struct assay_manifest_entry *m)
{
	if (!same_type(e, m->type))
		return false;
	if (m->type == ASSAY_ENTRY_LINK)
		return assay_span_equal(assay_span_str(e->target), m->target);
	return (e->mode & 07777) == m->mode && (m->type == ASSAY_ENTRY_FOLDER || e->size == m->size);
}

static enum assay_status
in_both(struct cover *c, const struct seal_entry *e, const struct assay_manifest_entry *m, struct assay_error *err)
{
	bool same = true;
	if (!same_words(e, m)) {
		same = false;
		TRY(cover_fact(c, SEAL_MATTER_LISTED_OTHERWISE, e->path, NULL, err));
	}
	if (e->type == SEAL_TYPE_FILE && m->type == ASSAY_ENTRY_FILE && memcmp(e->sha256, m->sha256, sizeof e->sha256) != 0) {
		same = false;
		TRY(cover_fact(c, SEAL_MATTER_DIGEST_DIFFERS, e->path, NULL, err));
	}
	c->out->covered += same;
	return ASSAY_OK;
}

static enum assay_status
in_tree_alone(struct cover *c, const struct seal_entry *e, struct assay_error *err)
{
	bool excluded = false;
	TRY(cover_excluded(c, e, &excluded, err));
	c->out->excluded += excluded;
	return cover_fact(c, excluded ? SEAL_MATTER_EXCLUDED : SEAL_MATTER_NOT_IN_MANIFEST, e->path, seal_kinds[seal_main_kind(e->looked)].name, err);
}

static enum assay_status
in_manifest_alone(struct cover *c, struct assay_span path, struct assay_error *err)
{
	const char *copy = arena_copy(c->arena, path);
	return copy == NULL ? arena_full(err) : cover_fact(c, SEAL_MATTER_NOT_IN_TREE, copy, NULL, err);
}

/* Both sides in one order: a step is on the one, the other, or both. */
static enum assay_status
side_by_side(struct cover *c, struct assay_manifest *m, struct assay_error *err)
{
	const struct seal_scene *s = c->scene;
	struct assay_span in = s->manifest;
	struct assay_manifest_entry listed;
	bool is = false;
	size_t i = 0;
	TRY(assay_manifest_next(m, &in, &is, &listed, err));
	while (is || i < s->count) {
		const int order = !is ? -1 : i == s->count ? 1 : assay_manifest_order(assay_span_str(s->entries[i].path), listed.path);
		if (order < 0)
			TRY(in_tree_alone(c, &s->entries[i], err));
		else if (order > 0)
			TRY(in_manifest_alone(c, listed.path, err));
		else
			TRY(in_both(c, &s->entries[i], &listed, err));
		i += order <= 0;
		if (order >= 0)
			TRY(assay_manifest_next(m, &in, &is, &listed, err));
	}
	return assay_manifest_end(m, err);
}

static enum assay_status
entry_facts(struct cover *c, struct assay_error *err)
{
	for (size_t i = 0; i < c->scene->count; i++) {
		const struct seal_entry *e = &c->scene->entries[i];
		c->out->looked++;
		c->out->relevant += seal_relevant(e->looked);
		for (unsigned g = 0; g < SEAL_GROUPS; g++)
			c->out->groups[g] += seal_is(e->looked, (enum seal_group)g);
		TRY(mode_facts(c, e, err));
		TRY(byte_facts(c, e, err));
		TRY(archive_facts(c, e, err));
		if (e->type == SEAL_TYPE_LINK)
			TRY(cover_link(c, e, err));
	}
	return ASSAY_OK;
}

static enum assay_status
sound_scene(const struct seal_scene *s, struct assay_error *err)
{
	if (s->count > SEAL_ENTRIES_MAX || s->exclusion_count > SEAL_EXCLUSIONS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "more than %u entries or %u exclusions", SEAL_ENTRIES_MAX, SEAL_EXCLUSIONS_MAX);
	for (size_t i = 0; i < s->count; i++) {
		const struct seal_entry *e = &s->entries[i];
		if (e->looked == NULL || (e->type == SEAL_TYPE_LINK) != (e->target != NULL))
			return assay_fail(err, ASSAY_E_USAGE, "an entry that wasn't looked at, or a link without a target");
		if (i > 0 && assay_manifest_order(assay_span_str(s->entries[i - 1].path), assay_span_str(e->path)) >= 0)
			return assay_fail(err, ASSAY_E_USAGE, "entries that aren't in the manifest's order");
	}
	return ASSAY_OK;
}

enum assay_status
seal_coverage(const struct seal_scene *scene, struct arena *arena, struct seal_coverage *ret_coverage, struct assay_error *err)
{
	struct seal_coverage out = { .facts = NULL };
	struct cover c = { .scene = scene, .arena = arena, .out = &out, .end = &out.facts };
	TRY(sound_scene(scene, err));
	struct assay_manifest *m = arena_alloc(arena, sizeof *m);
	c.used = arena_array(arena, scene->exclusion_count + 1, sizeof *c.used);
	if (m == NULL || c.used == NULL)
		return arena_full(err);
	assay_manifest_begin(m);
	TRY(side_by_side(&c, m, err));
	TRY(entry_facts(&c, err));
	TRY(cover_exclusions(&c, err));
	TRY(cover_outside(&c, err));
	*ret_coverage = out;
	return ASSAY_OK;
}
