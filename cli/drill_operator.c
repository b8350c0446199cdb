/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay drill --operator: what a release tells its operators to type is typed, and the record says what they saw.
 */
#include "drill.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <drill/operator.h>
#include <fcntl.h>
#include <string.h>

static void
report_steps(const struct drill_steps *steps, size_t blocks, struct buf *out)
{
	for (size_t i = 0; i < steps->count; i++) {
		const struct drill_step *s = &steps->items[i];
		buf_addf(out, "\nblock %zu of %zu, line %u, ended with %u:\n", i + 1, blocks, s->line, s->exit);
		buf_add_str(out, s->screen);
		if (s->screen[0] != '\0' && s->screen[strlen(s->screen) - 1] != '\n')
			buf_add_byte(out, '\n');
	}
}

static void
report(const struct drill_operator *r, struct buf *out)
{
	buf_addf(out, "%s %s, what its instructions tell operators to type\n\n== on a copy of the delivery that nothing was done to ==\n", r->product, r->version);
	report_steps(&r->untouched, r->blocks, out);
	buf_add_str(out, "\n== on a copy with one bit altered in ");
	text_escape(out, assay_span_str(r->altered_path), false);
	buf_add_str(out, " ==\n");
	report_steps(&r->altered, r->blocks, out);
	buf_add_str(out, r->good ? "\nall of it went well on the one, and the altered one was stopped at\n" :
				   "\nNOT as it must be: all has to go well on the one, and something has to stop the altered one\n");
}

enum assay_status
drill_by_operator(struct cli *cli, const struct drill_request *request, struct buf *out, int *ret_exit, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf record = BUF_INIT((size_t)64 * DRILL_SCREEN_MAX * DRILL_STEPS_MAX);
	struct drill_operator *run = arena_alloc(cli->arena, sizeof *run);
	if (run == NULL)
		return arena_full(err);
	const enum assay_status status = drill_operator_run(request, run, err);
	cli_progress_end(cli);
	if (status != ASSAY_OK)
		return status;
	TRY(drill_operator_record(run, request->now, &record, err));
	if (cli->json)
		buf_add_span(out, buf_span(&record));
	else
		report(run, out);
	*ret_exit = run->good ? EXIT_NO_GAP : EXIT_GAP;
	return cli->out == NULL ? ASSAY_OK : file_write_atomic(AT_FDCWD, cli->out, buf_span(&record), 0666, err);
}
