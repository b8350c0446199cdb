/* SPDX-License-Identifier: Apache-2.0 */
#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <stdarg.h>
#include <string.h>
#include <verify/result.h>

enum assay_status
verify_result_new(struct verify_result **ret_result, struct assay_error *err)
{
	struct verify_result *r = calloc(1, sizeof *r);
	if (r == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for what is found");
	*ret_result = r;
	return ASSAY_OK;
}

void
verify_result_free(struct verify_result **r)
{
	if (*r == NULL)
		return;
	for (size_t i = 0; i < (*r)->listed_count; i++)
		free((*r)->listed[i].path);
	free((*r)->tree);
	free((*r)->seal);
	free(*r);
	*r = NULL;
}

/* Path by path, and what is said of one path in the order of the codes. */
static int
compare(const struct verify_finding *f, enum assay_release_code code, struct assay_span path)
{
	const int order = assay_manifest_order((struct assay_span){ f->path, f->path_len }, path);
	return order != 0 ? order : (int)f->code - (int)code;
}

/* Where a finding goes in the list, or VERIFY_LISTED_MAX. */
static size_t
place_of(const struct verify_result *r, bool of_tree, enum assay_release_code code, struct assay_span path)
{
	size_t at = r->listed_count;
	if (!of_tree)
		return r->listed_of_seal;
	while (at > r->listed_of_seal && compare(&r->listed[at - 1], code, path) > 0)
		at--;
	return at;
}

static void
add(struct verify_result *r, bool of_tree, enum assay_release_code code, struct assay_span path, const char *words)
{
	r->counts[code]++;
	r->total++;
	const size_t at = place_of(r, of_tree, code, path);
	if (at >= VERIFY_LISTED_MAX)
		return;
	struct verify_finding f = { .code = code, .of_tree = of_tree, .path_len = path.len };
	f.path = path.data == NULL ? NULL : malloc(path.len + 1);
	if (path.data != NULL && f.path == NULL)
		return; /* counted all the same */
	if (f.path != NULL) {
		memcpy(f.path, path.data, path.len);
		f.path[path.len] = '\0';
	}
	text_put(f.words, sizeof f.words, "%s", words);
	if (r->listed_count == VERIFY_LISTED_MAX)
		free(r->listed[--r->listed_count].path);
	memmove(&r->listed[at + 1], &r->listed[at], (r->listed_count - at) * sizeof r->listed[0]);
	r->listed[at] = f;
	r->listed_count++;
	r->listed_of_seal += of_tree ? 0 : 1;
}

void
verify_find(struct verify_result *r, enum assay_release_code code, const char *path, const char *fmt, ...)
{
	char words[VERIFY_WORDS_SIZE];
	va_list args;
	va_start(args, fmt);
	(void)vsnprintf(words, sizeof words, fmt, args);
	va_end(args);
	add(r, false, code, path == NULL ? (struct assay_span){ NULL, 0 } : assay_span_str(path), words);
}

void
verify_find_entry(struct verify_result *r, enum assay_release_code code, struct assay_span path, const char *fmt, ...)
{
	char words[VERIFY_WORDS_SIZE];
	va_list args;
	va_start(args, fmt);
	(void)vsnprintf(words, sizeof words, fmt, args);
	va_end(args);
	add(r, true, code, path, words);
}

const char *
verify_outcome_name(enum verify_outcome outcome)
{
	static const char *const names[] = {
		[VERIFY_NOT_INTACT] = "not-intact", [VERIFY_NOT_EVALUATED] = "not-evaluated", [VERIFY_INTACT] = "intact"
	};
	return names[outcome];
}

const char *
verify_digests_name(enum verify_digests digests)
{
	static const char *const names[] = {
		[VERIFY_DIGESTS_NONE] = "none", [VERIFY_DIGESTS_BOTH] = "both", [VERIFY_DIGESTS_SHA256] = "sha256"
	};
	return names[digests];
}

void
verify_conclude(struct verify_result *r)
{
	const uint64_t unseen = r->counts[ASSAY_RELEASE_UNREADABLE] + r->counts[ASSAY_RELEASE_NOTHING];
	r->outcome = VERIFY_NOT_INTACT;
	if (r->total != 0) {
		if (r->total == unseen)
			r->outcome = VERIFY_NOT_EVALUATED;
		return;
	}
	r->outcome = VERIFY_NOT_EVALUATED;
	if (!r->has_release || !r->tree_read)
		verify_find(r, ASSAY_RELEASE_NOTHING, NULL, "the tree wasn't gone through to its end");
	else if (CATCH(verify_nothing, r->checked.files + r->checked.links == 0))
		verify_find(r, ASSAY_RELEASE_NOTHING, NULL, "not a single file was held against the seal");
	else
		r->outcome = VERIFY_INTACT;
}
