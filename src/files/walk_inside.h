/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the walk's files share.
 */
#pragma once

#include <files/walk.h>

/* Neither empty, "." nor "..", and no slash in it. */
bool walk_one_component(const char *name);

/* Facts of an open file without its capabilities. 0 or an errno. */
int walk_stat(int fd, struct walk_facts *ret_facts);
/* Of a regular file; nothing else of facts is touched. */
int walk_capabilities_of(int fd, struct walk_facts *facts);

/* What a folder's descriptor gives, a buffer at a time, without the memory and the copy of its
 * state that readdir(3) keeps. */
struct walk_names {
	int fd;
	size_t at, len;
	_Alignas(8) unsigned char buffer[32768];
};
void walk_names_begin(struct walk_names *names, const struct walk_folder *folder);
/* The next name but "." and "..", NULL at the end; valid until the next call. 0 or an errno. */
int walk_names_next(struct walk_names *names, const char **ret_name);
