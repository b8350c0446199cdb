/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <base/file.h>
#include <base/sandbox.h>
#include <base/text.h>
#include <base/unconst.h>
#include <fcntl.h>
#include <verify/job.h>

#include "job_place.h"

#define SIGNATURE_SUFFIX ".sig"
#define SIGNATURE_MAX (64u << 10)
#define PATH_ROOM 8192

/* ---- the sandbox ---- */

/* The folder that a file is or will be in. */
static const char *
folder_of(const char *path, char *room, size_t size)
{
	const char *slash = path == NULL ? NULL : strrchr(path, '/');
	if (path == NULL)
		return NULL;
	if (slash == NULL)
		return ".";
	text_put(room, size, "%.*s", slash == path ? 1 : (int)(slash - path), path);
	return room[0] == '\0' ? NULL : room;
}

/* Lists end at their first NULL: what isn't there is left out. */
static void
put(const char **list, size_t *count, const char *path)
{
	if (path != NULL)
		list[(*count)++] = path;
}

/* From here on all that is read may be hostile. What a kernel can't do is left out: nothing rests on it. */
static void
confine(void *ctx, const struct verify_request *q, const struct verify_result *r)
{
	const struct verify_job *job = ctx;
	char room[PATH_ROOM];
	const char *readable[8] = { NULL };
	const char *writable[4] = { NULL };
	size_t reads = 0, writes = 0;
	put(readable, &reads, r->tree);
	put(readable, &reads, r->seal);
	put(readable, &reads, q->rollback);
	put(readable, &reads, "/proc/self");
	put(readable, &reads, "/sys/devices/system/cpu");
	put(writable, &writes, q->state);
	put(writable, &writes, folder_of(job->receipt, room, sizeof room));
	sandbox_enter(readable, writable, false, NULL);
}

/* ---- the receipt ---- */

/* Both files, or none. */
static enum assay_status
write_receipt(const struct verify_job *job, const struct verify_result *r, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(VERIFY_RECEIPT_MAX);
	CLEANUP(buf_done) struct buf signature = BUF_INIT(SIGNATURE_MAX);
	CLEANUP(buf_done) struct buf beside = BUF_INIT(PATH_ROOM);
	struct verify_receipt receipt;
	if (job->receipt == NULL)
		return ASSAY_OK;
	verify_receipt_make(r, job->site, job->request.now, &receipt);
	TRY(verify_receipt_write(&receipt, &bytes, err));
	buf_add_str(&beside, job->receipt);
	buf_add_str(&beside, SIGNATURE_SUFFIX);
	TRY(buf_status(&beside, "the receipt's path", err));
	if (job->sign != NULL)
		TRY(job->sign(job->sign_ctx, buf_span(&bytes), &signature, err));
	TRY(file_write_atomic(AT_FDCWD, job->receipt, buf_span(&bytes), 0644, err));
	if (job->sign == NULL)
		return ASSAY_OK;
	const enum assay_status status = file_write_atomic(AT_FDCWD, buf_str(&beside), buf_span(&signature), 0644, err);
	if (status != ASSAY_OK)
		(void)unlink(job->receipt);
	return status;
}

/* ---- one call ---- */

static enum assay_status
check_job(const struct verify_job *job, struct assay_error *err)
{
	char room[PATH_ROOM];
	const char *fault = job->site == NULL ? NULL : verify_site_fault(job->site);
	if (fault != NULL)
		return assay_fail(err, ASSAY_E_USAGE, "the name of this site can't stand in a receipt: %s", fault);
	if (job->receipt == NULL && (job->site != NULL || job->sign != NULL)) {
		(void)assay_fail(err, ASSAY_E_USAGE, "there is no receipt to sign, or to name a site in");
		return assay_error_todo(err, ASSAY_E_USAGE, "add --receipt FILE");
	}
	return job_place_check(&job->request, job->receipt, folder_of(job->receipt, room, sizeof room), err);
}

enum assay_status
verify_job_run(const struct verify_job *job, struct buf *out, bool *ret_told, int *ret_exit, struct assay_error *err)
{
	static const int exits[] = { [VERIFY_NOT_INTACT] = VERIFY_EXIT_NOT_INTACT, [VERIFY_NOT_EVALUATED] = VERIFY_EXIT_NOT_EVALUATED,
		[VERIFY_INTACT] = VERIFY_EXIT_INTACT };
	CLEANUP(verify_result_free) struct verify_result *r = NULL;
	struct verify_request request = job->request;
	TRY(check_job(job, err));
	TRY(verify_result_new(&r, err));
	request.confine = confine;
	request.confine_ctx = unconst(job);
	TRY(verify_run(&request, r, err));
	const enum assay_status status = write_receipt(job, r, err);
	if (job->json)
		verify_json(r, out);
	else
		verify_text(r, out);
	*ret_exit = exits[r->outcome];
	*ret_told = true;
	return status;
}
