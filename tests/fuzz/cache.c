/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of the cache's folder, as somebody without its key may have left it: never believed.
 */
#include <base/cleanup.h>
#include <dirent.h>
#include <fcntl.h>
#include <ledger/cache.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct place {
	struct cache *cache;
	int entry;
};

static void
need(bool good)
{
	if (!good)
		abort();
}

/* A cache with one entry, whose file stays open to be written over; the folder is removed at once. */
static struct place
make_place(void)
{
	char root[] = "/tmp/assay-fuzz-XXXXXX";
	char folder[64];
	char key_file[64];
	char path[400] = "";
	struct place p = { NULL, -1 };

	need(mkdtemp(root) != NULL);
	(void)snprintf(folder, sizeof folder, "%s/cache", root);
	(void)snprintf(key_file, sizeof key_file, "%s/key", root);
	need(cache_open(folder, key_file, &p.cache, NULL) == ASSAY_OK);
	need(cache_put(p.cache, "n", assay_span_str("k"), assay_span_str("bytes"), NULL) == ASSAY_OK);
	DIR *d = opendir(folder);
	need(d != NULL);
	for (struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
		if (e->d_name[0] == 'n')
			(void)snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
	}
	(void)closedir(d);
	p.entry = open(path, O_RDWR | O_CLOEXEC);
	need(p.entry >= 0);
	return p;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct place p;
	CLEANUP(file_view_done) struct file_view view = { .own = NULL };
	struct assay_span bytes;

	if (p.cache == NULL)
		p = make_place();
	need(ftruncate(p.entry, 0) == 0 && pwrite(p.entry, data, size, 0) == (ssize_t)size);
	need(cache_get(p.cache, "n", assay_span_str("k"), &view, &bytes, NULL) == ASSAY_E_NOT_FOUND);
	return 0;
}
