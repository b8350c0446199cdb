/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policy states: targets metadata whose targets are the files of assay/, signed by a delegated role.
 */
#include <string.h>

#include "tuf_inside.h"

static bool
under(struct assay_span path, const char *folder)
{
	size_t len = strlen(folder);

	return path.len > len && memcmp(path.data, folder, len) == 0;
}

/* What stands by its own signatures is left out: authority itself, and what people decide under it. */
bool
assay_tuf_in_policy(struct assay_span path)
{
	static const char *const out[] = { "assay/trust/", "assay/deviations/", "assay/closures/", "assay/reviews/",
		"assay/ceremonies/" };

	for (size_t i = 0; i < sizeof out / sizeof out[0]; i++) {
		if (under(path, out[i]))
			return false;
	}
	return under(path, "assay/");
}

enum assay_status
assay_tuf_policy_digest(const struct assay_tuf_meta *policy,
    unsigned char ret_digest[ASSAY_SHA256_SIZE])
{
	struct assay_span targets;

	if (policy->type != ASSAY_TUF_TARGETS || !cj_named(policy->payload, "targets", &targets))
		return ASSAY_E_USAGE;
	return assay_sha256(targets, ret_digest);
}

/* Which of the two comes first by path: the target (below 0), the file (above), or both. */
static int
order(bool has_target, const struct assay_tuf_target *target, bool has_file,
    const struct assay_tuf_policy_file *file)
{
	if (!has_target || !has_file)
		return has_target ? -1 : 1;
	return tuf_compare(target->path, file->path);
}

/* True when the role may not list the target so. */
static bool
outside(const struct assay_tuf_role *role, const struct assay_tuf_target *target)
{
	return !target->has_sha256 || !assay_tuf_in_policy(target->path) ||
	    !assay_tuf_covers(role, target->path);
}

static bool
changed(const struct assay_tuf_target *target, const struct assay_tuf_policy_file *file)
{
	return target->length != file->length ||
	    memcmp(target->sha256, file->sha256, ASSAY_SHA256_SIZE) != 0;
}

/* What comes next in the two lists, by path. first: as order() says. */
struct pair {
	const struct assay_tuf_target *target;
	const struct assay_tuf_policy_file *file;
	int first;
};

/* False when the two agree. */
static bool
difference(const struct assay_tuf_role *role, const struct pair *p,
    enum assay_tuf_difference *ret_what)
{
	if (p->first > 0)
		*ret_what = ASSAY_TUF_ADDED;
	else if (outside(role, p->target))
		*ret_what = ASSAY_TUF_OUTSIDE;
	else if (p->first < 0)
		*ret_what = ASSAY_TUF_MISSING;
	else if (changed(p->target, p->file))
		*ret_what = ASSAY_TUF_CHANGED;
	else
		return false;
	return true;
}

bool
assay_tuf_next_difference(const struct assay_tuf_meta *policy, const struct assay_tuf_role *role,
    const struct assay_tuf_policy_file *files, size_t count,
    struct assay_tuf_policy_cursor *cursor, enum assay_tuf_difference *ret_what,
    struct assay_span *ret_path)
{
	struct assay_tuf_target target;
	bool found = false;

	while (!found) {
		size_t next = cursor->target;
		bool has_target = assay_tuf_next_target(policy, &next, &target);
		while (cursor->file < count && !assay_tuf_in_policy(files[cursor->file].path))
			cursor->file++;
		bool has_file = cursor->file < count;
		if (!has_target && !has_file)
			return false;
		struct pair p = { &target, has_file ? &files[cursor->file] : NULL, 0 };
		p.first = order(has_target, p.target, has_file, p.file);
		found = difference(role, &p, ret_what);
		if (found)
			*ret_path = p.first <= 0 ? target.path : p.file->path;
		cursor->target = p.first <= 0 ? next : cursor->target;
		cursor->file += p.first >= 0;
	}
	return true;
}
