/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What assay qualify found, and how it is said.
 */
#pragma once

#include "cli.h"

#include <engine/engine.h>
#include <ledger/cache.h>
#include <sca/plan.h>
#include <sca/ran.h>

struct qualify_tool {
	const struct engine *engine;
	struct sca_options options;
	const char *why; /* why it was shown nothing; NULL */
	struct buf output;
	struct sca_shown_by shown;
};

struct qualify {
	struct cli *cli;
	struct arena *arena;
	struct engine_server *server;
	struct cache *cache;
	struct buf plan_bytes;
	const char *plan_name;
	struct plan plan;
	size_t row_count;
	const char *const *checks;
	size_t check_count;
	const struct sca_snippets *snippets;
	const struct standards *standards;
	struct engines engines;
	struct qualify_tool *tools;
	size_t tool_count;
	struct sca_demo *rules; /* one a row of the plan */
	size_t rule_count;
	size_t by_checks, demonstrated;
};

void qualify_done(struct qualify *q);
enum assay_status qualify_text(const struct qualify *q, struct buf *out, struct assay_error *err);
enum assay_status qualify_json(const struct qualify *q, struct buf *out, struct assay_error *err);
