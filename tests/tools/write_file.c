/* SPDX-License-Identifier: Apache-2.0 */
/*
 * write-file PATH: its standard input, at most 16 MB, as file_write_atomic() writes it.
 */
#include <base/buf.h>
#include <base/cleanup.h>
#include <base/file.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(16u << 20);
	struct assay_error err;
	unsigned char chunk[65536];
	ssize_t n;
	if (argc != 2)
		return 2;
	while ((n = read(STDIN_FILENO, chunk, sizeof(chunk))) > 0)
		buf_add(&b, chunk, (size_t)n);
	if (n < 0 || buf_status(&b, "input", &err) != ASSAY_OK)
		return 2;
	if (file_write_atomic(AT_FDCWD, argv[1], buf_span(&b), 0644, &err) != ASSAY_OK) {
		fprintf(stderr, "%s\n", err.what);
		return 1;
	}
	return 0;
}
