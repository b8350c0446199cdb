/* SPDX-License-Identifier: Apache-2.0 */
#include "github.h"

#include <base/cleanup.h>
#include <base/text.h>

bool
ci_github_wants(const char *path)
{
	static const char *const patterns[] = { ".github/workflows/*.yml", ".github/workflows/*.yaml", "action.yml",
		"action.yaml", "**/action.yml", "**/action.yaml" };
	for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
		if (text_match(assay_span_str(patterns[i]), assay_span_str(path)))
			return true;
	}
	return false;
}

enum assay_status
ci_github_read(struct ci_file *f)
{
	return ci_ask(f->work, CI_ALL, "unknown-system", (struct ci_place){ f->path, 0, 0 },
	    "'%s' is a pipeline of GitHub, which this version doesn't read", f->path);
}

enum assay_status
ci_github_finish(struct ci_work *w)
{
	(void)w;
	return ASSAY_OK;
}
