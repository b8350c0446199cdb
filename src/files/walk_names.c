/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <base/text.h>
#include <errno.h>
#include <sys/syscall.h>

#include "walk_inside.h"

/* As the kernel lays it out (getdents64(2)): the length of an entry at 16, its name from 19. */
#define LENGTH_AT 16u
#define NAME_AT 19u

void
walk_names_begin(struct walk_names *names, const struct walk_folder *folder)
{
	names->fd = folder->fd;
	names->at = names->len = 0;
}

/* 0 or an errno; len is 0 at the end. */
static int
fill(struct walk_names *names)
{
	long n;
	do {
		n = syscall(SYS_getdents64, names->fd, names->buffer, sizeof(names->buffer));
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno;
	names->at = 0;
	names->len = (size_t)n;
	return 0;
}

/* One entry, or EIO when what the kernel says makes no sense. */
static int
entry_at(struct walk_names *names, const char **ret_name)
{
	uint16_t length = 0;
	const size_t left = names->len - names->at;
	const unsigned char *entry = names->buffer + names->at;
	if (left <= NAME_AT)
		return EIO;
	memcpy(&length, entry + LENGTH_AT, sizeof(length));
	if (length <= NAME_AT || length > left ||
	    memchr(entry + NAME_AT, '\0', length - NAME_AT) == NULL)
		return EIO;
	names->at += length;
	*ret_name = (const char *)entry + NAME_AT;
	return 0;
}

int
walk_names_next(struct walk_names *names, const char **ret_name)
{
	const char *name = NULL;
	do {
		if (names->at == names->len) {
			const int error = fill(names);
			if (error != 0)
				return error;
			if (names->len == 0) {
				*ret_name = NULL;
				return 0;
			}
		}
		const int error = entry_at(names, &name);
		if (error != 0)
			return error;
	} while (strcmp(name, ".") == 0 || strcmp(name, "..") == 0);
	*ret_name = name;
	return 0;
}

int
walk_count(const struct walk_folder *folder, uint64_t *ret_entries)
{
	struct walk_names names;
	uint64_t n = 0;
	const char *name = NULL;
	if (lseek(folder->fd, 0, SEEK_SET) < 0)
		return errno;
	walk_names_begin(&names, folder);
	for (;;) {
		const int error = walk_names_next(&names, &name);
		if (error != 0)
			return error;
		if (name == NULL)
			break;
		n++;
	}
	*ret_entries = n;
	return 0;
}

/* -------- what isn't in a list -------- */

/* Names of one pass: their bytes one after the other, and where each begins. */
struct pass {
	char *bytes;
	const char **names;
	size_t used, count;
	char held[1024]; /* the name that found no room in the pass before */
};

/* Most names of a pass: each takes two bytes at least. */
#define PASS_NAMES (WALK_EXTRAS_ROOM / 8)

static void
pass_done(struct pass *p)
{
	free(p->bytes);
	free(p->names);
}

static enum assay_status
folder_fails(int error, struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_SYSTEM, "can't list a folder: %s", text_errno(error));
}

/* False when it has no room. */
static bool
pass_add(struct pass *p, const char *name)
{
	const size_t size = strlen(name) + 1;
	if (p->count == PASS_NAMES || size > WALK_EXTRAS_ROOM - p->used)
		return false;
	memcpy(p->bytes + p->used, name, size);
	p->names[p->count++] = p->bytes + p->used;
	p->used += size;
	return true;
}

static int
by_name(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;
	return strcmp(*left, *right);
}

/* As many names as there is room for, sorted. */
static enum assay_status
pass_fill(struct pass *p, struct walk_names *names, struct assay_error *err)
{
	p->used = p->count = 0;
	if (p->held[0] != '\0' && !pass_add(p, p->held))
		return assay_fail(err, ASSAY_E_INTERNAL, "a pass without room for one name");
	p->held[0] = '\0';
	for (;;) {
		const char *name = NULL;
		const int error = walk_names_next(names, &name);
		if (error != 0)
			return folder_fails(error, err);
		if (name == NULL)
			break;
		if (pass_add(p, name))
			continue;
		text_put(p->held, sizeof(p->held), "%s", name);
		if (p->held[0] == '\0')
			return folder_fails(ENAMETOOLONG, err);
		break;
	}
	qsort(p->names, p->count, sizeof(p->names[0]), by_name);
	return ASSAY_OK;
}

/* A list's name against one of the folder; data NULL stands for the list's end. */
static int
compare(struct assay_span listed, const char *name)
{
	if (listed.data == NULL)
		return 1;
	const size_t len = strlen(name);
	const int order = memcmp(listed.data, name, listed.len < len ? listed.len : len);
	if (order != 0 || listed.len == len)
		return order;
	return listed.len < len ? -1 : 1;
}

static enum assay_status
pass_report(const struct pass *p, const struct walk_list *list, struct assay_error *err)
{
	struct assay_span listed = {NULL, 0};
	TRY(list->rewind(list->ctx, err));
	TRY(list->next(list->ctx, &listed, err));
	for (size_t i = 0; i < p->count; i++) {
		int order = compare(listed, p->names[i]);
		while (order < 0) {
			TRY(list->next(list->ctx, &listed, err));
			order = compare(listed, p->names[i]);
		}
		if (order > 0)
			TRY(list->extra(list->ctx, p->names[i], err));
	}
	return ASSAY_OK;
}

enum assay_status
walk_extras(const struct walk_folder *folder, const struct walk_list *list, struct assay_error *err)
{
	CLEANUP(pass_done) struct pass p = {0};
	struct walk_names names;
	p.bytes = malloc(WALK_EXTRAS_ROOM);
	p.names = calloc(PASS_NAMES, sizeof(p.names[0]));
	if (p.bytes == NULL || p.names == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory left for a folder's names");
	if (lseek(folder->fd, 0, SEEK_SET) < 0)
		return folder_fails(errno, err);
	walk_names_begin(&names, folder);
	do {
		TRY(pass_fill(&p, &names, err));
		TRY(pass_report(&p, list, err));
	} while (p.held[0] != '\0');
	return ASSAY_OK;
}
