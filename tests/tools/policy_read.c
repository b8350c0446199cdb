/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy-read policy|roster|access|risks|keys|exception|standard|findings|closure FILE: what the reader of the policy folder makes of it, in
 * one line:
 * "ok", or "STATUS LINE:COLUMN WHAT; WAY OUT".
 */
#include <base/cleanup.h>
#include <base/file.h>
#include <fcntl.h>
#include <keys/inventory.h>
#include <policy/access.h>
#include <policy/exception.h>
#include <policy/policy.h>
#include <policy/risks.h>
#include <policy/roster.h>
#include <sca/plan.h>
#include <sca/records.h>
#include <stdio.h>
#include <string.h>

static enum assay_status
read_as(const char *kind, const char *path, struct assay_error *err)
{
	struct policy policy;
	struct roster roster;
	struct access_list access;
	struct risks risks;
	CLEANUP(arena_free) struct arena *arena = NULL;
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(YAML_SIZE_MAX + 1);
	TRY(arena_new(256u << 20, &arena));
	TRY(file_read(AT_FDCWD, path, &bytes, err));
	if (strcmp(kind, "policy") == 0)
		return policy_parse(buf_span(&bytes), "file", arena, &policy, err);
	if (strcmp(kind, "access") == 0)
		return access_parse(buf_span(&bytes), "file", arena, &access, err);
	struct inventory inventory;
	if (strcmp(kind, "keys") == 0)
		return inventory_parse(buf_span(&bytes), "file", arena, &inventory, err);
	struct exception exception;
	if (strcmp(kind, "exception") == 0)
		return exception_parse(buf_span(&bytes), "file", arena, &exception, err);
	struct plan plan;
	if (strcmp(kind, "standard") == 0)
		return plan_parse(buf_span(&bytes), "file", arena, &plan, err);
	struct sca_register findings;
	if (strcmp(kind, "findings") == 0)
		return sca_register_parse(buf_span(&bytes), "file", arena, &findings, err);
	struct sca_closure closure;
	if (strcmp(kind, "closure") == 0)
		return sca_closure_parse(buf_span(&bytes), "file", arena, &closure, err);
	if (strcmp(kind, "risks") == 0)
		return risks_parse(buf_span(&bytes), "file", arena, &risks, err);
	return roster_parse(buf_span(&bytes), "file", arena, &roster, err);
}

int
main(int argc, char **argv)
{
	struct assay_error err = { 0 };
	if (argc != 3)
		return 2;
	enum assay_status status = read_as(argv[1], argv[2], &err);
	if (status == ASSAY_OK)
		puts("ok");
	else
		printf("%s %u:%u %s; %s\n", assay_status_name(status), err.line, err.column, err.what,
		    err.todo);
	return status == ASSAY_OK ? 0 : 1;
}
