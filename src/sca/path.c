/* SPDX-License-Identifier: Apache-2.0 */
#include <sca/path.h>

#include <stdbool.h>

static bool
is_plain(const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7F)
			return false;
	}
	return true;
}

/* Takes the last component away; false when there is none. */
static bool
go_up(char *to, size_t *len)
{
	if (*len == 0)
		return false;
	while (*len > 0 && to[*len - 1] != '/')
		(*len)--;
	if (*len > 0)
		(*len)--;
	return true;
}

static bool
append(char *to, size_t *len, const char *path)
{
	for (const char *p = path; *p != '\0';) {
		size_t n = strcspn(p, "/");
		if (n == 2 && p[0] == '.' && p[1] == '.') {
			if (!go_up(to, len))
				return false;
		} else if (n > 0 && !(n == 1 && p[0] == '.')) {
			if (*len > 0)
				to[(*len)++] = '/';
			memcpy(to + *len, p, n);
			*len += n;
		}
		p += n;
		while (*p == '/')
			p++;
	}
	return true;
}

const char *
sca_path_join(const char *folder, const char *path, struct arena *arena)
{
	size_t len = 0;
	char *to = arena_alloc(arena, strlen(folder) + strlen(path) + 3);
	if (to == NULL || !is_plain(folder) || !is_plain(path))
		return NULL;
	if (!append(to, &len, folder) || !append(to, &len, path))
		return NULL;
	to[len] = '\0';
	return to;
}
