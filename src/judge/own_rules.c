/* SPDX-License-Identifier: Apache-2.0 */
#include "own_rules.h"
#include "record.h"

#include <base/cleanup.h>
#include <string.h>

#define FOLDER "assay/rules/"

static bool
is_yaml(const char *path)
{
	const char *dot = strrchr(path, '.');
	return dot != NULL && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

static enum assay_status
read_one(const struct source_file *f, struct code_rules *rules, struct assay_error *why)
{
	if (!f->has_bytes)
		return assay_fail(why, ASSAY_E_FORMAT, "%s", f->why == NULL ? "its bytes are not there" : f->why);
	if (!is_yaml(f->path))
		return assay_fail(why, ASSAY_E_FORMAT, "rules stand in files that end in .yaml");
	return code_rules_add(rules, f->bytes, f->path, why);
}

enum assay_status
own_rules_read(const struct judge_context *c, own_rules_told *told, void *ctx, struct code_rules *rules, struct assay_error *err)
{
	struct sources all;
	record_folder(c, &all);
	const struct source_file *f = sources_under(&all, FOLDER), *end = all.files + all.count;
	for (; f != NULL && f < end && strncmp(f->path, FOLDER, sizeof FOLDER - 1) == 0; f++) {
		struct assay_error why = { 0 };
		const enum assay_status status = read_one(f, rules, &why);
		if (status == ASSAY_E_MEMORY || status == ASSAY_E_INTERNAL) {
			*err = why;
			return status;
		}
		if (status != ASSAY_OK && told != NULL)
			TRY(told(ctx, f, &why));
	}
	return ASSAY_OK;
}
