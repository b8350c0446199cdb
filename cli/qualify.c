/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay qualify: shows the engines that are here the snippets of every rule that a plan has them enforce, and says what they caught and
 * what they flagged: the record of a tool's fitness that a quality system asks for.
 */
#include "qualify.h"

#include "confine.h"
#include "engines.h"
#include "state.h"
#include "workspace.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <base/when.h>
#include <codec/canon.h>
#include <fcntl.h>
#include <sca/own.h>
#include <string.h>

#define PLAN_SIZE_MAX YAML_SIZE_MAX
#define SHOWN_MAX ((size_t)1 << 30)

void
qualify_done(struct qualify *q)
{
	engine_server_stop(&q->server);
	cache_close(&q->cache);
	buf_done(&q->plan_bytes);
	for (size_t i = 0; i < q->tool_count; i++)
		buf_done(&q->tools[i].output);
	arena_free(&q->arena);
}

static enum assay_status
read_plan(struct qualify *q, struct assay_error *err)
{
	const struct cli *cli = q->cli;
	struct assay_span yaml = plan_shipped();
	q->plan_name = "the plan that is built in";
	if (cli->arg_count > 0) {
		q->plan_name = cli->args[0];
		TRY(file_read(AT_FDCWD, q->plan_name, &q->plan_bytes, err));
		yaml = buf_span(&q->plan_bytes);
	}
	TRY(plan_parse(yaml, q->plan_name, q->arena, &q->plan, err));
	for (size_t i = 0; i < q->plan.count; i++)
		q->row_count += q->plan.standards[i].count;
	return ASSAY_OK;
}

static enum assay_status
show(struct qualify *q, struct qualify_tool *t, struct assay_error *err)
{
	struct sca_snippets chosen = { 0 };
	struct engine_tally tally = { 0 };
	struct sca_rans rans = { 0 };
	TRY(sca_snippets_for(q->snippets, &q->plan, t->engine->name, q->arena, &chosen, err));
	sca_output_begin(&t->output);
	TRY(engine_demonstrate(q->server, t->engine, &t->options, &chosen, q->cache, q->arena, &t->output, &tally, err));
	TRY(sca_rans_read(buf_span(&t->output), t->engine->name, t->engine->name, q->arena, &rans, err));
	return sca_shown_of(&rans, &t->options, q->arena, &t->shown, err);
}

static enum assay_status
show_own(struct qualify *q, struct qualify_tool *t, struct assay_error *err)
{
	struct code_rules rules;
	unsigned char digest[ASSAY_SHA256_SIZE];
	struct engine *own = arena_alloc(q->arena, sizeof *own);
	if (own == NULL)
		return arena_full(err);
	*own = *t->engine;
	own->version = "assay " ASSAY_VERSION;
	TRY(state_program_digest(digest, err));
	text_hex((struct assay_span){ digest, sizeof digest }, own->digest);
	own->found = true;
	t->engine = own;
	code_rules_init(&rules, q->arena);
	TRY(code_rules_add_shipped(&rules, err));
	TRY(code_rules_prove(&rules, err));
	return sca_own_shown(&rules, q->snippets, q->arena, &t->shown, err);
}

static enum assay_status
use_engine(struct qualify *q, const struct engine *e, struct assay_error *err)
{
	struct qualify_tool *t = &q->tools[q->tool_count];
	*t = (struct qualify_tool){ .engine = e, .output = BUF_INIT(SHOWN_MAX) };
	TRY(sca_options_derive(e->name, q->plan.analysis.effort, q->checks, q->check_count, q->arena, &t->options, err));
	if (t->options.check_count == 0)
		return ASSAY_OK;
	q->tool_count++;
	if (e->in_process)
		return show_own(q, t, err);
	t->why = !e->found ? "it isn't installed"
	    : engine_server_cage(q->server) == ENGINE_CAGE_NONE ? engine_server_cage_why(q->server) : e->why;
	t->shown.engine = e->name;
	cli_progress(q->cli, e->name, q->tool_count, q->engines.count);
	return t->why == NULL ? show(q, t, err) : ASSAY_OK;
}

static enum assay_status
demonstrate(struct qualify *q, struct assay_error *err)
{
	struct sca_shown_by *by = arena_array(q->arena, q->tool_count + 1, sizeof *by);
	q->rules = arena_array(q->arena, q->row_count + 1, sizeof *q->rules);
	if (by == NULL || q->rules == NULL)
		return arena_full(err);
	for (size_t i = 0; i < q->tool_count; i++)
		by[i] = q->tools[i].shown;
	for (size_t i = 0; i < q->plan.count; i++)
		for (size_t k = 0; k < q->plan.standards[i].count; k++) {
			struct sca_demo *d = &q->rules[q->rule_count++];
			TRY(sca_demonstrate(&q->plan.standards[i], &q->plan.standards[i].rows[k], q->snippets, by, q->tool_count,
			    q->arena, d, err));
			q->demonstrated += d->enforced;
			q->by_checks += d->local > 0;
		}
	return ASSAY_OK;
}

static enum assay_status
qualify(struct qualify *q, struct assay_error *err)
{
	TRY(arena_new((size_t)2 << 30, &q->arena) == ASSAY_OK ? ASSAY_OK : arena_full(err));
	TRY(read_plan(q, err));
	TRY(plan_checks(&q->plan, q->arena, &q->checks, &q->check_count, err));
	TRY(sca_snippets_load(NULL, q->arena, &q->snippets, err));
	TRY(standards_load(q->arena, &q->standards, err));
	TRY(engines_start(q->cli, &q->server, err));
	if (!q->cli->fresh)
		TRY(engines_cache(q->arena, &q->cache, NULL, err));
	engine_server_keep(q->server, q->cache);
	TRY(engine_discover(q->server, q->arena, &q->engines, err));
	q->tools = arena_array(q->arena, q->engines.count + 1, sizeof *q->tools);
	if (q->tools == NULL)
		return arena_full(err);
	for (size_t i = 0; i < q->engines.count; i++)
		TRY(use_engine(q, &q->engines.list[i], err));
	cli_progress_end(q->cli);
	return demonstrate(q, err);
}

int
verb_qualify(struct cli *cli, struct assay_error *err)
{
	CLEANUP(qualify_done) struct qualify q = { .cli = cli, .plan_bytes = BUF_INIT(PLAN_SIZE_MAX) };
	CLEANUP(buf_done) struct buf out = BUF_INIT((size_t)256 << 20);
	enum assay_status status = qualify(&q, err);
	if (status == ASSAY_OK)
		status = cli->json ? qualify_json(&q, &out, err) : qualify_text(&q, &out, err);
	if (status != ASSAY_OK || cli_print(&out, err) != ASSAY_OK)
		return cli_error(cli, err);
	if (q.by_checks == 0)
		return EXIT_NOT_EVALUATED;
	if (q.demonstrated == q.by_checks)
		return EXIT_NO_GAP;
	for (size_t i = 0; i < q.rule_count; i++)
		if (q.rules[i].local > 0 && !q.rules[i].enforced && q.rules[i].not_run == 0)
			return EXIT_GAP;
	return EXIT_NOT_EVALUATED;
}
