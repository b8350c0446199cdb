/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal.traced: whether the bill of materials is of this release.
 */
#include "traced.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <seal/sbom.h>

static bool
is_text(struct assay_span a, const char *b)
{
	return b != NULL && assay_span_equal(a, assay_span_str(b));
}

/* What databases of packages in the tree name must be in the bill, in that version. Files were held against the manifest above. */
static enum assay_status
judge_packages(struct traced *s, const struct seal_sbom *sbom)
{
	static const enum seal_sbom_matter of_packages[] = { SEAL_SBOM_MISSING, SEAL_SBOM_VERSION, SEAL_SBOM_TWICE, SEAL_SBOM_DATABASE };
	const struct release_look *look = s->look;
	struct arena *arena = s->b->c->arena;
	if (look == NULL || !look->has_tree || look->databases == 0) {
		s->packages = look != NULL && look->has_tree ? "; which packages it holds is on the bill's word, for no database in it names any" :
							       "; which packages it holds is on the bill's word, for nobody looked into it";
		return ASSAY_OK;
	}
	struct seal_package *list = arena_array(arena, look->package_count + 1, sizeof *list);
	const struct seal_product product = { .name = sbom->name == NULL ? "" : sbom->name, .version = sbom->version == NULL ? "" : sbom->version };
	struct seal_sbom_outcome out = { 0 };
	if (list == NULL)
		return arena_full(s->b->err);
	for (size_t i = 0; i < look->package_count; i++) {
		const struct release_package *p = &look->packages[i];
		list[i] = (struct seal_package){ .type = p->type, .name = p->name, .version = p->version, .file = p->file };
	}
	const struct seal_packages packages = { .list = list, .count = look->package_count, .databases = (size_t)look->databases, .unread = look->unread };
	TRY(seal_sbom_compare(sbom, &product, NULL, 0, &packages, arena, &out, s->b->err));
	for (const struct seal_sbom_fact *f = out.facts; f != NULL; f = f->next) {
		const struct seal_matter_row *row = &seal_sbom_matters[f->matter];
		bool is = false;
		for (size_t i = 0; i < sizeof of_packages / sizeof of_packages[0]; i++)
			is = is || f->matter == of_packages[i];
		if (CATCH(traced_package, is))
			TRY(judge_find(s->b->c, s->b->v, row->weight == SEAL_GAP, row->code, f->object, f->detail, s->b->err, "'%s': %s", f->object, row->words));
	}
	judge_count(s->b->v, "packages compared", look->package_count);
	return ASSAY_OK;
}

enum assay_status
traced_judge_bill(struct traced *s)
{
	const struct release_seal *seal = s->b->seal;
	struct assay_error why = { 0 };
	struct seal_sbom sbom;
	if (CATCH(traced_no_sbom, !seal->has_target[RELEASE_FILE_SBOM]))
		return traced_say(s, true, "no-sbom", seal->name, "it names no bill of materials");
	if (!seal->is_good[RELEASE_FILE_SBOM])
		return ASSAY_OK;
	const enum assay_status status = seal_sbom_read(seal->files[RELEASE_FILE_SBOM], "sbom.cdx.json", s->b->c->arena, &sbom, &why);
	if (status == ASSAY_E_MEMORY)
		return arena_full(s->b->err);
	if (CATCH(traced_sbom_unread, status != ASSAY_OK))
		return judge_find(s->b->c, s->b->v, false, "sbom-unread", "sbom.cdx.json", NULL, s->b->err,
		    "its bill of materials can't be read: %s", why.what);
	if (CATCH(traced_sbom_product, !is_text(seal->release.product, sbom.name)))
		TRY(traced_say(s, true, "sbom-other-product", "sbom.cdx.json", "its bill of materials is about another product, or doesn't say about which"));
	if (CATCH(traced_sbom_version, !is_text(seal->release.version, sbom.version)))
		TRY(traced_say(s, true, "sbom-other-version", "sbom.cdx.json", "its bill of materials is about another version, or doesn't say about which"));
	for (size_t i = 0; i < sbom.count; i++) {
		const struct seal_sbom_component *k = &sbom.components[i];
		if (CATCH(traced_sbom_hash, !k->self && k->sha256 != NULL && !traced_is_here(s, k->sha256)))
			TRY(judge_find(s->b->c, s->b->v, false, "sbom-hash-unknown", k->name, k->sha256, s->b->err,
			    "no file of the manifest has the digest that the bill of materials has of '%s'", k->name));
		if (CATCH(traced_sbom_hash_other, !k->self && k->other != NULL))
			TRY(judge_find(s->b->c, s->b->v, false, "sbom-hash-not-compared", k->name, k->other, s->b->err,
			    "the bill of materials has a digest of '%s' by '%s' that nothing was compared with: SHA-256 is, once", k->name, k->other));
	}
	return judge_packages(s, &sbom);
}
