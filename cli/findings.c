/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay findings: the findings of the last check, or of a pack, listed for people and programs; and their register, written.
 */
#include "confine.h"
#include "findings_record.h"
#include "output.h"
#include "rejudge.h"

#include <base/cleanup.h>
#include <report/findings.h>
#include <string.h>

static const struct format {
	const char *name;
	report_findings_writer *write;
} formats[] = {
	{ "text", report_findings_text },
	{ "json", report_findings_json },
	{ "sarif", report_findings_sarif },
	{ "csv", report_findings_csv },
	{ "junit", report_findings_junit },
	{ "codeclimate", report_findings_codeclimate },
	{ "github", report_findings_github },
};

static enum assay_status
find_format(const struct cli *cli, report_findings_writer **ret_write, struct assay_error *err)
{
	const char *name = cli->format != NULL ? cli->format : cli->json ? "json" : "text";
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
		if (strcmp(formats[i].name, name) != 0)
			continue;
		*ret_write = cli->show != NULL && i == 0 ? report_findings_show : formats[i].write;
		return ASSAY_OK;
	}
	(void)assay_fail(err, ASSAY_E_USAGE, "there is no format '%s'", name);
	return assay_error_todo(err, ASSAY_E_USAGE, "take text, json, sarif, csv, junit, codeclimate or github");
}

static enum assay_status
read_states(const struct cli *cli, unsigned *ret_states, struct assay_error *err)
{
	for (size_t i = 0; i < cli->states.count; i++) {
		unsigned bit = 0;
		for (size_t k = 0; k < SCA_FINDING_STATES; k++) {
			if (strcmp(sca_finding_state_name((enum sca_finding_state)k), cli->states.items[i]) == 0)
				bit = 1u << k;
		}
		if (bit == 0) {
			(void)assay_fail(err, ASSAY_E_USAGE, "there is no state '%s'", cli->states.items[i]);
			return assay_error_todo(err, ASSAY_E_USAGE, "take new, open, deviated, false-positive, fixed or not-observed");
		}
		*ret_states |= bit;
	}
	return ASSAY_OK;
}

static enum assay_status
read_severity(const struct cli *cli, enum standard_severity *ret_severity, struct assay_error *err)
{
	static const enum standard_severity all[] = { SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH };
	if (cli->severity == NULL)
		return ASSAY_OK;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		if (strcmp(standard_severity_name(all[i]), cli->severity) != 0)
			continue;
		*ret_severity = all[i];
		return ASSAY_OK;
	}
	(void)assay_fail(err, ASSAY_E_USAGE, "there is no severity '%s'", cli->severity);
	return assay_error_todo(err, ASSAY_E_USAGE, "take low, medium or high");
}

/* The folder of --out, or of the register, is opened before the sandbox closes. */
static enum assay_status
open_output(const struct cli *cli, struct arena *arena, struct output *ret_folder, const char **ret_name, struct assay_error *err)
{
	if (cli->record && cli->out != NULL)
		return assay_fail(err, ASSAY_E_USAGE, "'--record' and '--out' don't go together");
	if (!cli->record && cli->out == NULL)
		return ASSAY_OK;
	const char *file = cli->record ? REGISTER_PATH : cli->out, *slash = strrchr(file, '/');
	const char *folder = slash == NULL ? arena_str(arena, ".") : arena_printf(arena, "%.*s", (int)(slash - file) + (slash == file), file);
	if (cli->record && folder != NULL)
		folder = arena_printf(arena, "%s/%s", cli->path != NULL ? cli->path : ".", folder);
	*ret_name = slash == NULL ? file : slash + 1;
	if (folder == NULL)
		return arena_full(err);
	if ((*ret_name)[0] == '\0')
		return assay_fail(err, ASSAY_E_USAGE, "'--out' wants the name of a file");
	return output_open(folder, true, ret_folder, err);
}

static enum assay_status
list(struct cli *cli, struct rejudge *r, struct output *folder, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT((size_t)1 << 30);
	CLEANUP(findings_record_done) struct findings_record record = FINDINGS_RECORD_INIT;
	struct report_findings what = { .filter = { .rule = cli->rule, .path = cli->in, .engine = cli->engine, .identity = cli->show },
		.colour = cli->terminal && !cli->no_colour && cli->out == NULL };
	report_findings_writer *write = NULL;
	const struct verdicts *judged = NULL;
	const char *name = NULL;
	TRY(find_format(cli, &write, err));
	TRY(read_states(cli, &what.filter.states, err));
	TRY(read_severity(cli, &what.filter.severity, err));
	TRY(rejudge_open(cli, cli->arg_count > 0 ? cli->args[0] : REJUDGE_PACK, r, err));
	TRY(open_output(cli, r->arena, folder, &name, err));
	if (cli->record)
		TRY(findings_record_open(cli, folder->fd, &record, err));
	confine_to_pack(name == NULL ? NULL : folder);
	TRY(rejudge_code(r, true, &judged, err));
	what.all = judged->findings;
	what.subject = r->input.subject;
	if (cli->record)
		return findings_record_write(&record, r, &what, folder->fd, name, err);
	if (cli->show != NULL && report_findings_count(&what) == 0)
		return assay_fail(err, ASSAY_E_NOT_FOUND, "there is no finding '%s'", cli->show);
	TRY(write(&what, &out, err));
	return name == NULL ? cli_print(&out, err) : output_file(folder, name, buf_span(&out), err);
}

int
verb_findings(struct cli *cli, struct assay_error *err)
{
	CLEANUP(rejudge_done) struct rejudge r = { 0 };
	CLEANUP(output_done) struct output folder = { .fd = -1 };
	return list(cli, &r, &folder, err) == ASSAY_OK ? EXIT_NO_GAP : cli_error(cli, err);
}
