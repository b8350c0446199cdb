/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hash engine alone, over all files of a folder, or over files: for scripts/bench and for
 * whoever tunes it. usage: bench-hash-tree [-e ENGINE] [-t THREADS] [-w WANT] [-r RUNS] FOLDER|FILE
 * WANT: 1 SHA-256, 2 fs-verity, 3 both. Prints the best run's seconds, files, bytes.
 */
#include <base/cleanup.h>
#include <files/hash.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <fcntl.h>

struct tally {
	struct hasher *hasher;
	uint64_t files, bytes, bad;
};

static enum assay_status
count_result(void *ctx, const struct hash_result *r, struct assay_error *err)
{
	struct tally *t = ctx;
	(void)err;
	if (r->outcome != HASH_DONE)
		t->bad++;
	t->files++;
	t->bytes += r->bytes;
	return ASSAY_OK;
}

static enum assay_status
each_entry(void *ctx, const struct walk_entry *e, struct assay_error *err)
{
	struct tally *t = ctx;
	if (e->facts.type != WALK_FILE)
		return ASSAY_OK;
	return hasher_file(t->hasher, e->folder, e->name, e->facts.size, e->path, err);
}

static enum assay_status
run(const struct hash_options *options, const char *path, struct tally *t, struct assay_error *err)
{
	static const struct walk_options walk = {.one_device = false};
	CLEANUP(hasher_free) struct hasher *h = NULL;
	CLEANUP(walk_drop) struct walk_folder *root = NULL;
	struct stat st;
	TRY(hasher_new(options, count_result, t, &h, err));
	t->hasher = h;
	if (stat(path, &st) != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "nothing at '%s'", path);
	if (S_ISDIR(st.st_mode)) {
		TRY(walk_root(AT_FDCWD, path, &root, err));
		TRY(walk_tree(root, &walk, each_entry, t, err));
	} else {
		const int fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return assay_fail(err, ASSAY_E_SYSTEM, "can't open '%s'", path);
		TRY(hasher_open_file(h, fd, (struct assay_span){NULL, 0}, err));
	}
	return hasher_finish(h, err);
}

static double
seconds(const struct timespec *t)
{
	return (double)t->tv_sec + (double)t->tv_nsec / 1e9;
}

static double
number(const char *text)
{
	return strtod(text, NULL);
}

int
main(int argc, char **argv)
{
	struct hash_options options = {.want = HASH_SHA256 | HASH_VERITY};
	int runs = 1, opt;
	while ((opt = getopt(argc, argv, "e:t:w:r:")) != -1) {
		if (opt == 'e')
			options.engine = optarg;
		else if (opt == 't')
			options.threads = (unsigned)number(optarg);
		else if (opt == 'w')
			options.want = (unsigned)number(optarg);
		else if (opt == 'r')
			runs = (int)number(optarg);
		else
			return 2;
	}
	if (optind + 1 != argc)
		return 2;
	double best = 1e9;
	struct tally t = {0};
	for (int i = 0; i < runs; i++) {
		struct timespec begin, end;
		struct assay_error err = {0};
		t = (struct tally){0};
		(void)clock_gettime(CLOCK_MONOTONIC, &begin);
		if (run(&options, argv[optind], &t, &err) != ASSAY_OK) {
			(void)fprintf(stderr, "bench-hash-tree: %s\n", err.what);
			return 1;
		}
		(void)clock_gettime(CLOCK_MONOTONIC, &end);
		if (seconds(&end) - seconds(&begin) < best)
			best = seconds(&end) - seconds(&begin);
	}
	struct rusage use;
	(void)getrusage(RUSAGE_SELF, &use);
	printf(
	    "%.4f s, %llu files, %llu bytes, %llu bad; user %.4f system %.4f a run, peak %ld KiB\n",
	    best, (unsigned long long)t.files, (unsigned long long)t.bytes,
	    (unsigned long long)t.bad,
	    ((double)use.ru_utime.tv_sec + (double)use.ru_utime.tv_usec / 1e6) / runs,
	    ((double)use.ru_stime.tv_sec + (double)use.ru_stime.tv_usec / 1e6) / runs,
	    use.ru_maxrss);
	return t.bad != 0;
}
