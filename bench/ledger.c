/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ledger's and the cache's own rates. Appends COUNT entries of 200 bytes in batches of 1000, proves 1000 of them included in the
 * whole and verifies those proofs, verifies the log; puts BYTES into a cache and gets them back, checked.
 * Prints {"entries", "append_per_second", "proof_ms", "verify_per_second", "cache_bytes", "cache_get_mb_per_second"}.
 * usage: bench-ledger COUNT BYTES FOLDER
 */
#include <base/cleanup.h>
#include <base/text.h>
#include <ledger/cache.h>
#include <ledger/log.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BATCH 1000
#define PROOFS 1000
#define ENTRY 200

static double
now(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
need(enum assay_status status, const struct assay_error *err)
{
	if (status == ASSAY_OK)
		return;
	fprintf(stderr, "bench-ledger: %s\n", err->what);
	exit(1);
}

static double
append(struct ledger *l, uint64_t count)
{
	static unsigned char bytes[BATCH][ENTRY];
	static struct assay_span batch[BATCH];
	struct assay_error err = { .status = ASSAY_OK };
	double begun = now();
	for (uint64_t at = 0; at < count; at += BATCH) {
		uint64_t first;
		for (size_t i = 0; i < BATCH; i++) {
			(void)snprintf((char *)bytes[i], ENTRY, "entry %llu", (unsigned long long)(at + i));
			batch[i] = (struct assay_span) { bytes[i], ENTRY };
		}
		need(ledger_append(l, batch, BATCH, &first, &err), &err);
		if (first != at)
			exit(1);
	}
	return (double)count / (now() - begun);
}

/* Milliseconds a proof; each one must hold. */
static double
prove(struct ledger *l, uint64_t count)
{
	CLEANUP(buf_done) struct buf entry = BUF_INIT(LEDGER_ENTRY_MAX);
	struct assay_node proof[ASSAY_MERKLE_PROOF_MAX];
	struct assay_node root;
	struct assay_node leaf;
	struct assay_error err = { .status = ASSAY_OK };
	uint64_t size;
	size_t len;
	double spent = 0;
	need(ledger_head(l, &size, &root, &err), &err);
	for (uint64_t i = 0; i < PROOFS; i++) {
		uint64_t index = i * 7919 % count;
		double begun = now();
		need(ledger_inclusion(l, index, size, proof, &len, &err), &err);
		spent += now() - begun;
		buf_reset(&entry);
		need(ledger_entry(l, index, &entry, &err), &err);
		need(assay_merkle_leaf(buf_span(&entry), &leaf), &err);
		need(assay_merkle_verify_inclusion(index, size, &leaf, proof, len, &root), &err);
	}
	return spent / PROOFS * 1000;
}

/* Megabytes a second, read and checked. */
static double
use_cache(const char *folder, size_t len)
{
	CLEANUP(cache_close) struct cache *c = NULL;
	CLEANUP(file_view_done) struct file_view view = { .own = NULL };
	struct assay_error err = { .status = ASSAY_OK };
	struct assay_span got;
	char path[2][512];
	unsigned char *bytes = malloc(len);
	if (bytes == NULL)
		exit(1);
	for (size_t i = 0; i < len; i++)
		bytes[i] = (unsigned char)(i * 31 + (i >> 8));
	(void)snprintf(path[0], sizeof path[0], "%s/cache", folder);
	(void)snprintf(path[1], sizeof path[1], "%s/key/cache.key", folder);
	need(cache_open(path[0], path[1], &c, &err), &err);
	need(cache_put(c, "big", assay_span_str("k"), (struct assay_span) { bytes, len }, &err), &err);
	double begun = now();
	need(cache_get(c, "big", assay_span_str("k"), &view, &got, &err), &err);
	double spent = now() - begun;
	if (got.len != len || memcmp(got.data, bytes, len) != 0)
		exit(1);
	free(bytes);
	return (double)len / 1e6 / spent;
}

int
main(int argc, char **argv)
{
	CLEANUP(ledger_close) struct ledger *l = NULL;
	struct assay_error err = { .status = ASSAY_OK };
	uint64_t count;
	uint64_t len;
	if (argc != 4 || text_to_u64(assay_span_str(argv[1]), &count) != ASSAY_OK
	    || text_to_u64(assay_span_str(argv[2]), &len) != ASSAY_OK || count < BATCH) {
		fprintf(stderr, "usage: bench-ledger COUNT BYTES FOLDER\n");
		return 2;
	}
	count -= count % BATCH;
	need(ledger_open(argv[3], true, &l, &err), &err);
	double appended = append(l, count);
	double proof = prove(l, count);
	double begun = now();
	need(ledger_verify(l, &err), &err);
	double verified = (double)count / (now() - begun);
	printf("{\"entries\": %llu, \"append_per_second\": %.0f, \"proof_ms\": %.4f, \"verify_per_second\": %.0f, "
	       "\"cache_bytes\": %llu, \"cache_get_mb_per_second\": %.0f}\n",
	    (unsigned long long)count, appended, proof, verified, (unsigned long long)len,
	    use_cache(argv[3], (size_t)len));
	return 0;
}
