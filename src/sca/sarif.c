/* SPDX-License-Identifier: Apache-2.0 */
#include "sarif.h"

#include <base/cleanup.h>
#include <base/text.h>

/* ---- the small ones ---- */

const char *
sarif_text(const struct jsontree *object, const char *key)
{
	const char *text = jsontree_str(object, key);
	return text != NULL ? text : "";
}

uint32_t
sarif_number(const struct jsontree *object, const char *key, bool *ret_told)
{
	const struct jsontree *n = jsontree_get(object, key);
	uint64_t v = 0;
	bool told = n != NULL && n->kind == JSONTREE_NUMBER && text_to_u64(assay_span_str(n->text), &v) == ASSAY_OK
	    && v <= UINT32_MAX;
	if (ret_told != NULL)
		*ret_told = told;
	return told ? (uint32_t)v : 0;
}

const char *
sarif_message(const struct jsontree *object, const char *key)
{
	const struct jsontree *m = jsontree_get(object, key);
	if (m != NULL && m->kind == JSONTREE_STRING)
		return m->text;
	const char *text = jsontree_str(m, "text");
	return text != NULL ? text : sarif_text(m, "markdown");
}

uint32_t
sarif_cwe(const char *text)
{
	const char *at = strcasestr(text, "cwe");
	if (at == NULL)
		return 0;
	/* "external/cwe/cwe-079": the last one. */
	for (const char *next = strcasestr(at + 3, "cwe"); next != NULL; next = strcasestr(at + 3, "cwe"))
		at = next;
	at += 3;
	while (*at == '-' || *at == ':' || *at == '/' || *at == ' ' || *at == '_')
		at++;
	uint32_t v = 0;
	for (int digits = 0; *at >= '0' && *at <= '9' && digits < 6; at++, digits++)
		v = 10 * v + (uint32_t)(*at - '0');
	return v;
}

static enum assay_status
bad(const struct sarif_reading *r, const struct jsontree *at, const char *key)
{
	assay_fail(r->err, ASSAY_E_FORMAT, "'%s' in it isn't what SARIF says", key);
	return assay_error_at(r->err, ASSAY_E_FORMAT, r->name, at->line, at->column);
}

enum assay_status
sarif_list(const struct sarif_reading *r, const struct jsontree *object, const char *key, size_t size, void *ret_room,
    size_t *ret_count, const struct jsontree **ret_first)
{
	const struct jsontree *list = jsontree_get(object, key);
	*ret_count = 0;
	*ret_first = NULL;
	if (list == NULL || list->kind == JSONTREE_NULL)
		return ASSAY_OK;
	if (list->kind != JSONTREE_ARRAY)
		return bad(r, list, key);
	void *room = arena_array(r->arena, list->count + 1, size);
	if (room == NULL)
		return arena_full(r->err);
	memcpy(ret_room, &room, sizeof room);
	*ret_count = list->count;
	*ret_first = list->first;
	return ASSAY_OK;
}

enum assay_status
sarif_strings(const struct sarif_reading *r, const struct jsontree *object, const char *key, const char *const **ret_list,
    size_t *ret_count)
{
	const char **list = NULL;
	size_t count = 0;
	const struct jsontree *first = NULL;
	TRY(sarif_list(r, object, key, sizeof *list, &list, &count, &first));
	for (size_t i = 0; first != NULL; first = first->next)
		list[i++] = first->kind == JSONTREE_STRING ? first->text : "";
	*ret_list = list;
	*ret_count = count;
	return ASSAY_OK;
}

enum assay_status
sarif_pairs(const struct sarif_reading *r, const struct jsontree *object, const char *key, const struct sca_pair **pairs,
    size_t *count)
{
	const struct jsontree *from = jsontree_get(object, key);
	if (from == NULL || from->kind != JSONTREE_OBJECT || from->count == 0)
		return ASSAY_OK;
	struct sca_pair *all = arena_array(r->arena, *count + from->count, sizeof *all);
	if (all == NULL)
		return arena_full(r->err);
	if (*count > 0)
		memcpy(all, *pairs, *count * sizeof *all);
	for (const struct jsontree *m = from->first; m != NULL; m = m->next) {
		const char *value = m->kind == JSONTREE_STRING ? m->text : sarif_text(m, "uri");
		all[(*count)++] = (struct sca_pair) { m->key, value };
	}
	*pairs = all;
	return ASSAY_OK;
}

/* ---- places ---- */

static void
read_region(const struct jsontree *region, struct sarif_place *p)
{
	p->line = sarif_number(region, "startLine", NULL);
	p->column = sarif_number(region, "startColumn", NULL);
	/* 3.30.7: absent means the same line. */
	p->end_line = sarif_number(region, "endLine", NULL);
	if (p->end_line == 0)
		p->end_line = p->line;
	p->end_column = sarif_number(region, "endColumn", NULL);
	p->offset = sarif_number(region, "byteOffset", &p->has_offset);
	p->snippet = sarif_message(region, "snippet");
}

static struct sarif_place
read_place(const struct sarif_reading *r, const struct jsontree *from)
{
	const struct jsontree *physical = jsontree_get(from, "physicalLocation");
	const struct jsontree *file = jsontree_get(physical, "artifactLocation");
	const struct jsontree *logical = jsontree_get(from, "logicalLocations");
	struct sarif_place p = { .uri = sarif_text(file, "uri"), .base = sarif_text(file, "uriBaseId"), .snippet = "",
		.message = sarif_message(from, "message") };
	const struct jsontree *first = logical != NULL ? logical->first : NULL;
	bool told = false;
	uint32_t index = sarif_number(file, "index", &told);
	if (p.uri[0] == '\0' && told && r->run != NULL && index < r->run->artifact_count) {
		p.uri = r->run->artifacts[index].uri;
		p.base = r->run->artifacts[index].base;
	}
	p.logical = sarif_text(first, "fullyQualifiedName");
	if (p.logical[0] == '\0')
		p.logical = sarif_text(first, "name");
	read_region(jsontree_get(physical, "region"), &p);
	return p;
}

enum assay_status
sarif_places(const struct sarif_reading *r, const struct jsontree *object, const char *key,
    const struct sarif_place **ret_places, size_t *ret_count)
{
	struct sarif_place *places = NULL;
	const struct jsontree *from = NULL;
	TRY(sarif_list(r, object, key, sizeof *places, &places, ret_count, &from));
	for (size_t i = 0; from != NULL; from = from->next)
		places[i++] = read_place(r, from);
	*ret_places = places;
	return ASSAY_OK;
}

static size_t
count_steps(const struct jsontree *flows)
{
	size_t n = 0;
	for (const struct jsontree *f = flows != NULL ? flows->first : NULL; f != NULL; f = f->next) {
		const struct jsontree *threads = jsontree_get(f, "threadFlows");
		for (const struct jsontree *t = threads != NULL ? threads->first : NULL; t != NULL; t = t->next) {
			const struct jsontree *steps = jsontree_get(t, "locations");
			n += steps != NULL ? steps->count : 0;
		}
	}
	return n;
}

static size_t
read_thread(const struct sarif_reading *r, const struct jsontree *thread, struct sarif_place *to)
{
	const struct jsontree *steps = jsontree_get(thread, "locations");
	size_t n = 0;
	for (const struct jsontree *s = steps != NULL ? steps->first : NULL; s != NULL; s = s->next)
		to[n++] = read_place(r, jsontree_get(s, "location"));
	return n;
}

enum assay_status
sarif_flows(const struct sarif_reading *r, const struct jsontree *result, const struct sarif_place **ret_places,
    size_t *ret_count)
{
	const struct jsontree *flows = jsontree_get(result, "codeFlows");
	size_t most = count_steps(flows), n = 0;
	struct sarif_place *places = arena_array(r->arena, most + 1, sizeof *places);
	if (places == NULL)
		return arena_full(r->err);
	for (const struct jsontree *f = most > 0 ? flows->first : NULL; f != NULL; f = f->next) {
		const struct jsontree *threads = jsontree_get(f, "threadFlows");
		for (const struct jsontree *t = threads != NULL ? threads->first : NULL; t != NULL; t = t->next)
			n += read_thread(r, t, places + n);
	}
	*ret_places = places;
	*ret_count = n;
	return ASSAY_OK;
}
