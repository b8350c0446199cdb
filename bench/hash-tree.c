/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hash engine alone, over all files of a folder, or over files: for scripts/bench and for
 * whoever tunes it. usage: bench-hash-tree [-e ENGINE] [-t THREADS] [-w WANT] [-r RUNS] FOLDER|FILE
 * WANT: 1 SHA-256, 2 fs-verity, 3 both. Prints the best run's seconds, files, bytes. Or bench-hash-tree -s MEBIBYTES [-r RUNS]:
 * the SHA-256 of as many, out of the nearest memory: as fast as this processor takes one message further.
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

#define MEBIBYTE (1u << 20)

/* One message, from a buffer that stays in the cache. */
static enum assay_status
stream(unsigned mebibytes, struct assay_error *err)
{
	static unsigned char bytes[MEBIBYTE / 4];
	unsigned char digest[32];
	CLEANUP(hash_stream_free) struct hash_stream *s = NULL;
	TRY(hash_stream_new(&s, err));
	TRY(hash_stream_begin(s, err));
	for (unsigned i = 0; i < 4 * mebibytes; i++)
		TRY(hash_stream_add(s, (struct assay_span){bytes, sizeof bytes}, err));
	return hash_stream_end(s, digest, err);
}

/* The best of so many runs: of path, or of a stream when that is not 0. */
static enum assay_status
best_of(const struct hash_options *options, const char *path, unsigned mebibytes, int runs, double *ret_best, struct tally *t,
    struct assay_error *err)
{
	for (int i = 0; i < runs; i++) {
		struct timespec begin, end;
		*t = (struct tally){0};
		(void)clock_gettime(CLOCK_MONOTONIC, &begin);
		TRY(mebibytes > 0 ? stream(mebibytes, err) : run(options, path, t, err));
		(void)clock_gettime(CLOCK_MONOTONIC, &end);
		const double took = seconds(&end) - seconds(&begin);
		*ret_best = i == 0 || took < *ret_best ? took : *ret_best;
	}
	return ASSAY_OK;
}

int
main(int argc, char **argv)
{
	struct hash_options options = {.want = HASH_SHA256 | HASH_VERITY};
	int runs = 1, opt;
	unsigned mebibytes = 0;
	while ((opt = getopt(argc, argv, "e:t:w:r:s:")) != -1) {
		if (opt == 'e')
			options.engine = optarg;
		else if (opt == 't')
			options.threads = (unsigned)number(optarg);
		else if (opt == 'w')
			options.want = (unsigned)number(optarg);
		else if (opt == 'r')
			runs = (int)number(optarg);
		else if (opt == 's')
			mebibytes = (unsigned)number(optarg);
		else
			return 2;
	}
	if (optind + (mebibytes > 0 ? 0 : 1) != argc)
		return 2;
	double best = 0;
	struct tally t = {0};
	struct assay_error err = {0};
	if (best_of(&options, argv[optind], mebibytes, runs, &best, &t, &err) != ASSAY_OK) {
		(void)fprintf(stderr, "bench-hash-tree: %s\n", err.what);
		return 1;
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
