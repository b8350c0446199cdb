/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay explain: what a clause or control asks.
 */
#include "cli.h"

#include <base/cleanup.h>
#include <report/report.h>

#define ARENA_MAX (64u << 20)

static enum assay_status
explain(const struct cli *cli, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(16u << 20);
	CLEANUP(arena_free) struct arena *arena = NULL;
	const struct catalog *catalog = NULL;
	if (arena_new(ARENA_MAX, &arena) != ASSAY_OK)
		return arena_full(err);
	TRY(catalog_load(arena, &catalog, err));
	struct report_style style = { .colour = !cli->no_colour, .width = cli->width,
		.verbose = cli->verbose };
	if (cli->json)
		TRY(report_explain_json(catalog, cli->args[0], NULL, &out, err));
	else
		TRY(report_explain(catalog, cli->args[0], NULL, &style, &out, err));
	return cli_print(&out, err);
}

int
verb_explain(struct cli *cli, struct assay_error *err)
{
	return explain(cli, err) == ASSAY_OK ? EXIT_NO_GAP : cli_error(cli, err);
}
