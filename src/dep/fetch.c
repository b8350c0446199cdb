/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.c-sources: what a build fetches must be named by its content.
 */
#include "fetch.h"

static const struct {
	const char *name;
	size_t digits;
} algorithms[] = { { "SHA256=", 64 }, { "SHA384=", 96 }, { "SHA512=", 128 }, { "SHA3_256=", 64 }, { "SHA3_384=", 96 },
	{ "SHA3_512=", 128 } };

static bool
is_strong(const char *hash)
{
	for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++) {
		size_t n = strlen(algorithms[i].name);
		if (strncasecmp(hash, algorithms[i].name, n) == 0)
			return dep_is_hex(hash + n, algorithms[i].digits);
	}
	return false;
}

/* An archive that lies in the tree, or is made by the build. */
static bool
is_local(const char *url)
{
	return !dep_is_url(url) || dep_starts(url, "file://");
}

static enum assay_status
check_archive(struct dep_work *w, const struct fetch *f)
{
	if (is_local(f->url))
		return ASSAY_OK;
	TRY(dep_refer_url(w, DEP_REF_SUPPLIER, f->url, f->place));
	if (CATCH(fetch_hash_missing, f->hash == NULL || *f->hash == '\0'))
		return dep_find(w, DEP_FETCH_NO_HASH, f->place, f->name, "'%s' is fetched from '%.200s', and nothing says what it holds",
		    f->name, f->url);
	if (CATCH(fetch_hash_weak, f->hash != NULL && !is_strong(f->hash)))
		return dep_find(w, DEP_FETCH_WEAK_HASH, f->place, f->name, "'%s' is pinned by '%.40s', which is no SHA-256 or better",
		    f->name, f->hash);
	return ASSAY_OK;
}

static enum assay_status
check_git(struct dep_work *w, const struct fetch *f)
{
	TRY(dep_refer_url(w, DEP_REF_REPOSITORY, f->git, f->place));
	if (CATCH(fetch_git, f->tag == NULL || !dep_full_id(f->tag)))
		return dep_find(w, DEP_FETCH_GIT, f->place, f->name, "'%s' is fetched from '%.200s' at '%.100s', which can move",
		    f->name, f->git, f->tag != NULL ? f->tag : "whatever is there");
	return ASSAY_OK;
}

enum assay_status
fetch_check(struct dep_work *w, const struct fetch *f)
{
	dep_judged(w, DEP_SOURCES, "fetched sources");
	if (CATCH(fetch_unclear, f->unclear))
		return dep_find(w, DEP_FETCH_UNCLEAR, f->place, f->name, "where '%s' comes from, or which version, can't be told from the file",
		    f->name);
	if (CATCH(fetch_other, f->other != NULL))
		return dep_find(w, DEP_FETCH_OTHER, f->place, f->name, "'%s' comes from %.200s, which names no content", f->name, f->other);
	if (f->git != NULL)
		TRY(check_git(w, f));
	return f->url != NULL ? check_archive(w, f) : ASSAY_OK;
}
