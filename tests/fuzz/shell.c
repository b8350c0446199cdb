/* SPDX-License-Identifier: Apache-2.0 */
#include <codec/shell.h>
#include <codec/shell_images.h>

#include <base/cleanup.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
look_at_images(const struct shell_command *c)
{
	struct shell_command inner;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (arena_new(1u << 20, &arena) == ASSAY_OK && shell_contained(c, arena, &inner) && inner.words == NULL)
		__builtin_trap();
}

static bool
look(const struct shell_command *c, const struct shell_pipeline *in, void *context)
{
	size_t *commands = context;
	const struct shell_word *code = shell_code(c);
	if (c->line == 0 || c->column == 0 || in->first == NULL || ++*commands > SHELL_PARTS_MAX)
		__builtin_trap();
	if (code != NULL && shell_program(c) == NULL)
		__builtin_trap();
	for (const struct shell_word *w = c->words; w != NULL; w = w->next) {
		if (w->raw == NULL || (w->text != NULL && w->first != NULL && w->first->kind != SHELL_LITERAL))
			__builtin_trap();
	}
	look_at_images(c);
	for (const struct shell_redirect *d = c->redirects; d != NULL; d = d->next) {
		if (d->target == NULL)
			__builtin_trap();
	}
	return true;
}

static void
find_images(const struct shell_script *s, struct arena *arena)
{
	struct assay_error err = { 0 };
	const struct shell_image *i = NULL;
	if (shell_find_images(s, arena, &i, &err) != ASSAY_OK && i != NULL)
		__builtin_trap();
	for (; i != NULL; i = i->next) {
		if (i->line == 0 || i->shown == NULL || (i->kind == SHELL_IMAGE_ELSEWHERE && i->text == NULL))
			__builtin_trap();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_error err = { 0 };
	size_t commands = 0;
	const struct shell_script *s = NULL;
	const struct shell_fetched *f = NULL;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (arena_new(256u << 20, &arena) != ASSAY_OK)
		return 0;
	if (shell_parse((struct assay_span){ data, size }, arena, &s, &err) != ASSAY_OK) {
		if (s != NULL || err.what[0] == '\0')
			__builtin_trap();
		return 0;
	}
	if (!shell_walk(s, look, &commands))
		__builtin_trap();
	if (shell_find_fetched(s, arena, &f, &err) != ASSAY_OK && f != NULL)
		__builtin_trap();
	find_images(s, arena);
	return 0;
}
