/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints what the search for private keys finds in files, a line each: "FILE STATE FORM OFFSET PUBLIC,PUBLIC...". With "-t", how many
 * megabytes a second it searches.
 */
#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <leak/find.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define FILE_MAX_BYTES ((size_t)1 << 30)

static void
print(const char *path, const struct leak_found *found)
{
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	for (size_t i = 0; i < found->count; i++) {
		const struct leak_hit *h = &found->items[i];
		(void)printf("%s\t%s\t%s\t%llu\t", path, leak_state_name(h->state), h->form, (unsigned long long)h->offset);
		for (size_t k = 0; k < h->public_count; k++) {
			text_hex((struct assay_span){ h->publics[k], ASSAY_SHA256_SIZE }, hex);
			(void)printf("%s%s", k == 0 ? "" : ",", hex);
		}
		(void)printf("\n");
	}
}

int
main(int argc, char **argv)
{
	CLEANUP(leak_finder_free) struct leak_finder *finder = NULL;
	const bool timed = argc > 1 && strcmp(argv[1], "-t") == 0;
	struct timespec from, to;
	double seconds = 0, bytes = 0;
	struct assay_error err = { 0 };
	if (leak_finder_new(&finder, &err) != ASSAY_OK)
		return 1;
	for (int i = timed ? 2 : 1; i < argc; i++) {
		CLEANUP(file_view_done) struct file_view view = { 0 };
		CLEANUP(leak_found_done) struct leak_found found = { 0 };
		if (file_view(argv[i], FILE_MAX_BYTES, &view, &err) != ASSAY_OK) {
			(void)fprintf(stderr, "%s\n", err.what);
			return 1;
		}
		(void)clock_gettime(CLOCK_MONOTONIC, &from);
		if (leak_scan(finder, view.bytes, &found, &err) != ASSAY_OK)
			return 1;
		(void)clock_gettime(CLOCK_MONOTONIC, &to);
		seconds += (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
		bytes += (double)view.bytes.len;
		print(argv[i], &found);
	}
	if (timed)
		(void)printf("%.0f MB/s\n", bytes / 1e6 / (seconds > 0 ? seconds : 1e-9));
	return 0;
}
