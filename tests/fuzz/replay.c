/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target once on each file named, so that every compiler and flavour replays the corpus.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX (16u << 20)

static int
replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = malloc(INPUT_MAX);
	if (f == NULL || data == NULL) {
		fprintf(stderr, "replay: can't read '%s'\n", path);
		exit(1);
	}
	size_t size = fread(data, 1, INPUT_MAX, f);
	/* An own block of exactly this size, so that the sanitizer sees every byte beyond it. */
	uint8_t *exact = malloc(size + (size == 0));
	if (exact == NULL)
		exit(1);
	for (size_t i = 0; i < size; i++)
		exact[i] = data[i];
	int r = LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	free(data);
	fclose(f);
	return r;
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (replay(argv[i]) != 0)
			return 1;
	}
	printf("%d inputs replayed\n", argc - 1);
	return 0;
}
