/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pack-read FILE: what pack_read says of a pack. Exit 3: consistent ("unsigned" or "signed SHA256:..."); 1: it is not, and why; 2: usage.
 * The statuses are those of "assay audit" without a root.
 */
#include <base/cleanup.h>
#include <base/file.h>
#include <report/pack.h>
#include <stdio.h>

static int
say(const char *path)
{
	CLEANUP(file_view_done) struct file_view file = { .own = NULL };
	CLEANUP(arena_free) struct arena *arena = NULL;
	struct assay_error err = { .status = ASSAY_OK };
	struct pack p;

	if (file_view(path, (size_t)PACK_SIZE_MAX, &file, &err) != ASSAY_OK
	    || arena_new((size_t)1 << 30, &arena) != ASSAY_OK) {
		fprintf(stderr, "pack-read: %s\n", err.what);
		return 2;
	}
	if (pack_read(file.bytes, arena, &p, &err) != ASSAY_OK) {
		printf("%s: %s; %s\n", assay_status_name(err.status), err.what, err.todo);
		return 1;
	}
	if (p.signature == PACK_SIGNATURE_BAD) {
		printf("bad signature: %s\n", p.signature_fault);
		return 1;
	}
	printf("%s%s\n", p.signature == PACK_SIGNED ? "signed " : "unsigned", p.signer_fingerprint);
	printf("subject %s\n", p.subject);
	return 3;
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: pack-read FILE\n");
		return 2;
	}
	return say(argv[1]);
}
