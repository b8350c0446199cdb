/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing the output folder.
 */
#include "output.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <report/findings.h>
#include <report/report.h>
#include <string.h>
#include <unistd.h>

#define REPORT_MAX ((size_t)1 << 30)
#define FINDINGS_NAME "findings.json"

enum assay_status
output_open(const char *path, bool chosen, struct output *ret_output, struct assay_error *err)
{
	TRY(file_make_dirs(path, false, err));
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (chosen ? 0 : O_NOFOLLOW));
	if (fd < 0) {
		(void)assay_fail(err, ASSAY_E_SYSTEM, "can't open the output folder '%s': %s", path,
		    text_errno(errno));
		return assay_error_todo(err, ASSAY_E_SYSTEM, "name another with --out");
	}
	char *copy = strdup(path);
	if (copy == NULL) {
		(void)close(fd);
		return assay_fail(err, ASSAY_E_MEMORY, "no memory");
	}
	*ret_output = (struct output){ .path = copy, .fd = fd };
	return ASSAY_OK;
}

void
output_done(struct output *o)
{
	if (o->path == NULL)
		return;
	free(o->path);
	(void)close(o->fd);
	*o = (struct output){ .fd = -1 };
}

/* What failed below the folder is said with the folder's name. */
static enum assay_status
in_folder(const struct output *o, enum assay_status status, struct assay_error *err)
{
	if (status == ASSAY_E_SYSTEM && err->file[0] == '\0')
		return assay_error_at(err, status, o->path, 0, 0);
	return status;
}

enum assay_status
output_file(const struct output *o, const char *name, struct assay_span bytes,
    struct assay_error *err)
{
	return in_folder(o, file_write_atomic(o->fd, name, bytes, 0666, err), err);
}

enum assay_status
output_pack(const struct output *o, const struct pack_content *content, struct signer *signer,
    unsigned char ret_digest[ASSAY_SHA256_SIZE], struct assay_error *err)
{
	return in_folder(o, pack_write_file(content, signer, o->fd, "pack.assay", 0666, ret_digest, err), err);
}

static enum assay_status
write_json(const struct judge_input *input, const struct verdicts *v, const char *signed_by,
    struct buf *out, struct assay_error *err)
{
	(void)input;
	(void)signed_by;
	return report_json(v, out, err);
}

static enum assay_status
write_sarif(const struct judge_input *input, const struct verdicts *v, const char *signed_by,
    struct buf *out, struct assay_error *err)
{
	(void)input;
	(void)signed_by;
	return report_sarif(v, out, err);
}

static enum assay_status
write_html(const struct judge_input *input, const struct verdicts *v, const char *signed_by,
    struct buf *out, struct assay_error *err)
{
	return report_html(v, input, signed_by, out, err);
}

static enum assay_status
write_items_json(const struct judge_input *input, const struct verdicts *v, const char *signed_by,
    struct buf *out, struct assay_error *err)
{
	(void)v;
	(void)signed_by;
	return report_items_json(input, out, err);
}

static enum assay_status
write_items_csv(const struct judge_input *input, const struct verdicts *v, const char *signed_by,
    struct buf *out, struct assay_error *err)
{
	(void)v;
	(void)signed_by;
	return report_items_csv(input, out, err);
}

/* The list of an earlier run would be taken for one of this. */
static enum assay_status
write_findings(const struct output *o, const struct verdicts *v, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(REPORT_MAX);
	const struct report_findings all = { .all = v->findings, .subject = v->subject };
	if (v->findings == NULL) {
		if (unlinkat(o->fd, FINDINGS_NAME, 0) == 0 || errno == ENOENT)
			return ASSAY_OK;
		return assay_fail(err, ASSAY_E_SYSTEM, "can't remove '%s' of an earlier run: %s", FINDINGS_NAME, text_errno(errno));
	}
	TRY(report_findings_json(&all, &bytes, err));
	return output_file(o, FINDINGS_NAME, buf_span(&bytes), err);
}

enum assay_status
output_reports(const struct output *o, const struct judge_input *input, const struct verdicts *v,
    const char *signed_by, struct assay_error *err)
{
	static const struct {
		const char *name;
		enum assay_status (*write)(const struct judge_input *input, const struct verdicts *v,
		    const char *signed_by, struct buf *out, struct assay_error *err);
	} reports[] = { { "report.json", write_json }, { "report.sarif", write_sarif },
		{ "report.html", write_html }, { "configuration-items.json", write_items_json },
		{ "configuration-items.csv", write_items_csv } };
	for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++) {
		CLEANUP(buf_done) struct buf bytes = BUF_INIT(REPORT_MAX);
		TRY(reports[i].write(input, v, signed_by, &bytes, err));
		TRY(output_file(o, reports[i].name, buf_span(&bytes), err));
	}
	return write_findings(o, v, err);
}
