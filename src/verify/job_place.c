/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is written has no place in what is verified: it would be a file that nobody sealed, or take the place of one.
 */
#include <base/cleanup.h>
#include <base/text.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "job_place.h"

#define SUFFIX ".seal"
#define PATH_ROOM 8192
#define DEPTH_MAX 4096 /* folders up to the root */

static void
free_text(char **text)
{
	free(*text);
}

static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Whether a folder is this one or lies below it. What can't be looked at is told of where it is used. */
static bool
lies_within(const char *folder, const struct stat *top)
{
	int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	bool within = false;
	struct stat st, above;
	for (int depth = 0; fd >= 0 && !within && depth < DEPTH_MAX && fstat(fd, &st) == 0; depth++) {
		within = is_same(&st, top);
		const int up = openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		(void)close(fd);
		fd = up;
		if (fd < 0 || fstat(fd, &above) != 0 || is_same(&above, &st))
			break;
	}
	if (fd >= 0)
		(void)close(fd);
	return within;
}

static enum assay_status
refuse(const char *what, const char *path, const char *top, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_USAGE, "the %s would lie in '%s', which is verified", what, top);
	(void)assay_error_at(err, ASSAY_E_USAGE, path, 0, 0);
	return assay_error_todo(err, ASSAY_E_USAGE, "name a place beside it");
}

static enum assay_status
check_against(const struct verify_request *q, const char *receipt, const char *receipt_folder, const char *top, struct assay_error *err)
{
	struct stat st;
	if (stat(top, &st) != 0 || !S_ISDIR(st.st_mode))
		return ASSAY_OK;
	if (q->state != NULL && lies_within(q->state, &st))
		return refuse("state folder", q->state, top, err);
	if (receipt != NULL && lies_within(receipt_folder, &st))
		return refuse("receipt", receipt, top, err);
	return ASSAY_OK;
}

enum assay_status
job_place_check(const struct verify_request *q, const char *receipt, const char *receipt_folder, struct assay_error *err)
{
	CLEANUP(free_text) char *tree = realpath(q->tree, NULL);
	char beside[PATH_ROOM];
	/* That there is none is told where it is opened. */
	if (tree == NULL)
		return ASSAY_OK;
	text_put(beside, sizeof beside, "%s" SUFFIX, tree);
	TRY(check_against(q, receipt, receipt_folder, tree, err));
	return check_against(q, receipt, receipt_folder, q->seal != NULL ? q->seal : beside, err);
}
