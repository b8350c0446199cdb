/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Git's configuration syntax, in full: sections, subsections, quoting, continuation lines, comments.
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>

struct gitconfig_entry {
	const char *key;   /* "section.subsection.name": section and name in lower case */
	const char *value; /* "" for a key without '=': see bare */
	_Bool bare;        /* "key" alone, which git reads as true */
	unsigned line;
};

struct gitconfig {
	struct gitconfig_entry *entries;
	size_t count;
};

/* Errors as git's own: "bad config line N". At most 1 MiB and 20,000 entries. */
ASSAY_MUST_USE enum assay_status gitconfig_parse(struct assay_span bytes, const char *name,
    struct arena *arena, struct gitconfig *ret_config, struct assay_error *err);
