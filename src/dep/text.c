/* SPDX-License-Identifier: Apache-2.0 */
#include "work.h"

#define PATH_MAX_LEN 4096

bool
dep_is_hex(const char *text, size_t len)
{
	return strlen(text) == len && strspn(text, "0123456789abcdefABCDEF") == len;
}

bool
dep_full_id(const char *text)
{
	return dep_is_hex(text, 40) || dep_is_hex(text, 64);
}

bool
dep_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool
dep_ends(const char *text, const char *suffix)
{
	size_t a = strlen(text), b = strlen(suffix);
	return a >= b && strcmp(text + a - b, suffix) == 0;
}

const char *
dep_base(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash != NULL ? slash + 1 : path;
}

char *
dep_folder(struct arena *arena, const char *path)
{
	return arena_copy(arena, (struct assay_span){ (const unsigned char *)path, (size_t)(dep_base(path) - path) });
}

/* Takes the last component off; false when there is none. */
static bool
go_up(char *out, size_t *len)
{
	if (*len == 0)
		return false;
	(*len)--;
	while (*len > 0 && out[*len - 1] != '/')
		(*len)--;
	return true;
}

/* Appends the components of text to out, each with a '/'. */
static bool
walk(char *out, size_t *len, const char *text)
{
	while (*text != '\0') {
		size_t n = strcspn(text, "/");
		if (n == 2 && text[0] == '.' && text[1] == '.') {
			if (!go_up(out, len))
				return false;
		} else if (n > 0 && !(n == 1 && text[0] == '.')) {
			memcpy(out + *len, text, n);
			*len += n;
			out[(*len)++] = '/';
		}
		text += n + (text[n] == '/');
	}
	return true;
}

char *
dep_join(struct arena *arena, const char *base, const char *relative)
{
	size_t len = 0;
	if (relative[0] == '/' || strlen(base) + strlen(relative) > PATH_MAX_LEN)
		return NULL;
	char *out = arena_alloc(arena, strlen(base) + strlen(relative) + 3);
	if (out == NULL || !walk(out, &len, base) || !walk(out, &len, relative))
		return NULL;
	if (len > 0)
		len--;
	out[len] = '\0';
	return out;
}

bool
dep_is_url(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
	return n > 0 && dep_starts(text + n, "://");
}
