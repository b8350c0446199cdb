/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A folder of its own for each test, and what lies in it.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <files/walk.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char scratch[64];
static int dir = -1;
static struct walk_folder *root;

static int
enter_folder(void **state)
{
	struct assay_error err = {0};
	(void)state;
	snprintf(scratch, sizeof(scratch), "/tmp/assay-unit-XXXXXX");
	if (mkdtemp(scratch) == NULL)
		return 1;
	dir = open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return dir < 0 || walk_root(dir, ".", &root, &err) != ASSAY_OK;
}

static int
leave_folder(void **state)
{
	char command[200];
	(void)state;
	walk_drop(&root);
	close(dir);
	snprintf(command, sizeof(command), "chmod -R u+rwx %s; rm -rf %s", scratch, scratch);
	return system(command);
}

/* A file of size bytes that differ from seed to seed. */
static inline void
put_file(const char *name, size_t size, unsigned seed)
{
	const int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	unsigned char bytes[65536];
	assert_true(fd >= 0);
	for (size_t at = 0; at < size;) {
		const size_t n = size - at < sizeof(bytes) ? size - at : sizeof(bytes);
		for (size_t i = 0; i < n; i++) {
			seed = seed * 1664525u + 1013904223u;
			bytes[i] = (unsigned char)(seed >> 24);
		}
		assert_int_equal(write(fd, bytes, n), (ssize_t)n);
		at += n;
	}
	close(fd);
}

static inline void
put_folder(const char *name)
{
	assert_int_equal(mkdirat(dir, name, 0755), 0);
}

static inline bool
is_root(void)
{
	return geteuid() == 0;
}

#define row(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)
