/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "hash-file PIECE FILE": digests of a file that is read in pieces of so many bytes, by each backend of libassay, one a line:
 * "sha256 HEX", "sha384 HEX", "sha512 HEX", "fsverity HEX". Fails when the backends differ.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backends.h"

#define PIECE_MAX (8u << 20)

static const struct {
	const char *name;
	enum assay_hash hash;
} hashes[] = { { "sha256", ASSAY_SHA256 }, { "sha384", ASSAY_SHA384 }, { "sha512", ASSAY_SHA512 } };
#define HASHES (sizeof hashes / sizeof hashes[0])

struct all {
	const struct backend *backend;
	struct assay_hasher hashers[HASHES];
	struct assay_fsverity verity;
	unsigned char digests[HASHES + 1][ASSAY_HASH_SIZE_MAX];
};

static bool
begin(struct all *a, const struct backend *backend)
{
	a->backend = backend;
	for (size_t i = 0; i < HASHES; i++) {
		if (backend->hasher_init(&a->hashers[i], hashes[i].hash) != ASSAY_OK)
			return false;
	}
	return backend->fsverity_init(&a->verity) == ASSAY_OK;
}

static bool
add(struct all *a, struct assay_span bytes)
{
	for (size_t i = 0; i < HASHES; i++) {
		if (a->backend->hasher_update(&a->hashers[i], bytes) != ASSAY_OK)
			return false;
	}
	return a->backend->fsverity_update(&a->verity, bytes) == ASSAY_OK;
}

static bool
end(struct all *a)
{
	memset(a->digests, 0, sizeof a->digests);
	for (size_t i = 0; i < HASHES; i++) {
		if (a->backend->hasher_final(&a->hashers[i], a->digests[i]) != ASSAY_OK)
			return false;
	}
	return a->backend->fsverity_final(&a->verity, a->digests[HASHES]) == ASSAY_OK;
}

static void
print(const char *name, const unsigned char *digest, size_t size)
{
	printf("%s ", name);
	for (size_t i = 0; i < size; i++)
		printf("%02x", digest[i]);
	printf("\n");
}

/* Reads all of the file in pieces, for both. */
static bool
read_all(const char *path, size_t size, struct all by[2])
{
	static unsigned char piece[PIECE_MAX];
	FILE *f = fopen(path, "rb");
	bool good = f != NULL && begin(&by[0], &backend_libcrypto) && begin(&by[1], &backend_small);
	size_t len = 0;

	while (good && (len = fread(piece, 1, size, f)) > 0)
		good = add(&by[0], (struct assay_span) { piece, len }) && add(&by[1], (struct assay_span) { piece, len });
	good = good && ferror(f) == 0 && end(&by[0]) && end(&by[1]);
	if (f != NULL)
		fclose(f);
	return good;
}

int
main(int argc, char **argv)
{
	static struct all by[2];
	size_t size = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;

	if (size == 0 || size > PIECE_MAX) {
		fprintf(stderr, "usage: hash-file PIECE FILE\n");
		return 2;
	}
	bool good = read_all(argv[2], size, by);
	if (!good || memcmp(by[0].digests, by[1].digests, sizeof by[0].digests) != 0) {
		fprintf(stderr, "hash-file: %s\n", good ? "the backends differ" : "it failed");
		return 1;
	}
	for (size_t i = 0; i < HASHES; i++)
		print(hashes[i].name, by[0].digests[i], assay_hash_size(hashes[i].hash));
	print("fsverity", by[0].digests[HASHES], ASSAY_SHA256_SIZE);
	return 0;
}
