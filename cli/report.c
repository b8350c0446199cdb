/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay report: a pack, judged again and rendered.
 */
#include "confine.h"
#include "output.h"
#include "rejudge.h"

#include <base/cleanup.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <report/report.h>
#include <string.h>

struct rendering {
	const struct cli *cli;
	const struct rejudge *r;
};

static enum assay_status
as_text(const struct rendering *x, struct buf *out, struct assay_error *err)
{
	struct report_style style = { .colour = !x->cli->no_colour && x->cli->out == NULL,
		.width = x->cli->width, .verbose = x->cli->verbose };
	return report_terminal(x->r->verdicts, &style, out, err);
}

static enum assay_status
as_json(const struct rendering *x, struct buf *out, struct assay_error *err)
{
	return report_json(x->r->verdicts, out, err);
}

static enum assay_status
as_sarif(const struct rendering *x, struct buf *out, struct assay_error *err)
{
	return report_sarif(x->r->verdicts, out, err);
}

static enum assay_status
as_html(const struct rendering *x, struct buf *out, struct assay_error *err)
{
	return report_html(x->r->verdicts, &x->r->input, rejudge_signer(x->r), out, err);
}

struct format {
	const char *name;
	enum assay_status (*write)(const struct rendering *x, struct buf *out,
	    struct assay_error *err);
};

static enum assay_status
find_format(const struct cli *cli, const struct format **ret_format, struct assay_error *err)
{
	static const struct format formats[] = { { "text", as_text }, { "json", as_json },
		{ "sarif", as_sarif }, { "html", as_html } };
	const char *name = cli->format != NULL ? cli->format : cli->json ? "json" : "text";
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
		if (strcmp(formats[i].name, name) == 0) {
			*ret_format = &formats[i];
			return ASSAY_OK;
		}
	}
	(void)assay_fail(err, ASSAY_E_USAGE, "there is no format '%s'", name);
	return assay_error_todo(err, ASSAY_E_USAGE, "take html, sarif, json or text");
}

/* The folder of --out is opened before the sandbox closes; *ret_name points into path. */
static enum assay_status
open_folder(char *path, struct output *ret_folder, const char **ret_name, struct assay_error *err)
{
	char *slash = strrchr(path, '/');
	const char *folder = slash == NULL ? "." : slash == path ? "/" : path;
	*ret_name = slash == NULL ? path : slash + 1;
	if (slash != NULL && slash != path)
		*slash = '\0';
	if ((*ret_name)[0] == '\0')
		return assay_fail(err, ASSAY_E_USAGE, "'--out' wants the name of a file");
	return output_open(folder, true, ret_folder, err);
}

static enum assay_status
render(struct cli *cli, struct rejudge *r, struct output *folder, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT((size_t)1 << 30);
	const struct format *format = NULL;
	const char *name = NULL;
	TRY(find_format(cli, &format, err));
	TRY(rejudge_open(cli, cli->args[0], r, err));
	if (cli->out != NULL) {
		char *path = arena_str(r->arena, cli->out);
		if (path == NULL)
			return arena_full(err);
		TRY(open_folder(path, folder, &name, err));
	}
	confine_to_pack(cli->out == NULL ? NULL : folder);
	TRY(rejudge_run(r, err));
	struct rendering x = { .cli = cli, .r = r };
	TRY(format->write(&x, &out, err));
	return cli->out == NULL ? cli_print(&out, err) : output_file(folder, name, buf_span(&out), err);
}

int
verb_report(struct cli *cli, struct assay_error *err)
{
	CLEANUP(rejudge_done) struct rejudge r = { 0 };
	CLEANUP(output_done) struct output folder = { .fd = -1 };
	if (render(cli, &r, &folder, err) != ASSAY_OK)
		return cli_error(cli, err);
	return EXIT_NO_GAP;
}
