/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.images: image files, stage by stage.
 */
#include "image.h"

#include "install.h"

#include <base/text.h>

static struct dep_place
place_at(const struct docker *d, unsigned line)
{
	return (struct dep_place){ d->file, line + d->lines_before, 1 };
}

static bool
is_stage(const struct docker *d, const char *name)
{
	for (size_t i = 0; i < d->stage_count; i++) {
		if (d->stages[i][0] != '\0' && strcasecmp(d->stages[i], name) == 0)
			return true;
	}
	return false;
}

static enum assay_status
unclear(struct docker *d, unsigned line, const char *text)
{
	dep_judged(d->w, DEP_IMAGES, "images");
	if (!CATCH(image_unclear, true))
		return ASSAY_OK;
	return dep_find(d->w, DEP_IMAGE_UNCLEAR, place_at(d, line), NULL,
	    "which image '%.200s' is can't be told from the file", text);
}

static enum assay_status
read_syntax(struct docker *d, const char *image, unsigned line)
{
	return image_check(d->w, image, place_at(d, line));
}

/* Takes "--name=value" off *at; NULL when the next word is no option. */
static char *
next_option(struct docker *d, const char **at)
{
	*at += strspn(*at, " \t");
	return dep_starts(*at, "--") ? docker_word(d->w->arena, at) : NULL;
}

static enum assay_status
add_stage(struct docker *d, const char *name)
{
	if (d->stage_count == DOCKER_STAGES_MAX)
		return assay_fail(d->w->err, ASSAY_E_LIMIT, "more stages than are read");
	d->stages[d->stage_count++] = name;
	return ASSAY_OK;
}

/* FROM [--platform=P] IMAGE [AS NAME] */
static enum assay_status
read_from(struct docker *d, const struct docker_line *l)
{
	const char *at = l->rest;
	while (next_option(d, &at) != NULL)
		;
	char *word = docker_word(d->w->arena, &at);
	if (word == NULL)
		return assay_fail(d->w->err, ASSAY_E_FORMAT, "FROM names nothing");
	const char *as = docker_word(d->w->arena, &at), *name = NULL;
	if (as != NULL && strcasecmp(as, "AS") == 0)
		name = docker_word(d->w->arena, &at);
	const char *image = docker_expand(d, word);
	if (image == NULL || *image == '\0')
		TRY(unclear(d, l->line, word));
	else if (strcmp(image, "scratch") != 0 && !is_stage(d, image))
		TRY(image_check(d->w, image, place_at(d, l->line)));
	dep_judged(d->w, DEP_IMAGES, "stages");
	return add_stage(d, name != NULL ? name : "");
}

/* ARG NAME[=VALUE]...: before the first stage they hold for FROM. */
static enum assay_status
read_arg(struct docker *d, const struct docker_line *l)
{
	const char *at = l->rest;
	char *word;
	if (d->stage_count > 0)
		return ASSAY_OK;
	while ((word = docker_word(d->w->arena, &at)) != NULL) {
		if (d->arg_count == DOCKER_ARGS_MAX)
			return assay_fail(d->w->err, ASSAY_E_LIMIT, "more arguments than are read");
		char *equals = strchr(word, '=');
		struct docker_arg a = { .name = word };
		if (equals != NULL) {
			*equals = '\0';
			a.value = docker_expand(d, equals + 1);
		}
		d->args[d->arg_count++] = a;
	}
	return ASSAY_OK;
}

/* The image or stage that content is taken from. */
static enum assay_status
read_source(struct docker *d, unsigned line, const char *from)
{
	bool number = *from != '\0' && from[strspn(from, "0123456789")] == '\0';
	if (strchr(from, '$') != NULL)
		return unclear(d, line, from);
	if (number || is_stage(d, from) || strcmp(from, "scratch") == 0)
		return ASSAY_OK;
	return image_check(d->w, from, place_at(d, line));
}

static enum assay_status
read_copy(struct docker *d, const struct docker_line *l)
{
	const char *at = l->rest, *option, *checksum = NULL;
	while ((option = next_option(d, &at)) != NULL) {
		if (dep_starts(option, "--from="))
			TRY(read_source(d, l->line, option + 7));
		else if (dep_starts(option, "--checksum="))
			checksum = option + 11;
	}
	return strcmp(l->word, "ADD") == 0 ? install_add(d, l, at, checksum) : ASSAY_OK;
}

/* "type=cache,from=IMAGE,...": the sources of a mount. */
static enum assay_status
read_mount(struct docker *d, unsigned line, const char *mount)
{
	while (*mount != '\0') {
		size_t n = strcspn(mount, ",");
		char *part = arena_copy(d->w->arena, (struct assay_span){ (const unsigned char *)mount, n });
		if (part == NULL)
			return arena_full(d->w->err);
		if (dep_starts(part, "from="))
			TRY(read_source(d, line, part + 5));
		mount += n + (mount[n] == ',');
	}
	return ASSAY_OK;
}

static enum assay_status
read_run(struct docker *d, const struct docker_line *l)
{
	const char *at = l->rest, *raw = l->raw, *option;
	while ((option = next_option(d, &at)) != NULL) {
		if (dep_starts(option, "--mount="))
			TRY(read_mount(d, l->line, option + 8));
	}
	/* The same options off the text that keeps its lines. */
	for (;;) {
		raw += strspn(raw, " \t");
		if (dep_starts(raw, "\\\n"))
			raw += 2;
		else if (dep_starts(raw, "--"))
			(void)docker_word(d->w->arena, &raw);
		else
			break;
	}
	return install_run(d, l, raw);
}

static enum assay_status read_instruction(struct docker *d, const struct docker_line *l);

static enum assay_status
read_onbuild(struct docker *d, const struct docker_line *l)
{
	struct docker_line inner = *l;
	const char *at = l->rest;
	char *word = docker_word(d->w->arena, &at);
	if (word == NULL || strcasecmp(word, "ONBUILD") == 0)
		return assay_fail(d->w->err, ASSAY_E_FORMAT, "ONBUILD names nothing");
	for (char *p = word; *p != '\0'; p++)
		*p = text_upper(*p);
	inner.word = word;
	inner.rest = inner.raw = at + strspn(at, " \t");
	return read_instruction(d, &inner);
}

static enum assay_status
read_shell(struct docker *d, const struct docker_line *l)
{
	d->other_shell = strstr(l->rest, "sh\"") == NULL || strstr(l->rest, "powershell") != NULL
	    || strstr(l->rest, "pwsh") != NULL;
	return ASSAY_OK;
}

static enum assay_status
read_nothing(struct docker *d, const struct docker_line *l)
{
	(void)d;
	(void)l;
	return ASSAY_OK;
}

static const struct {
	const char *word;
	enum assay_status (*read)(struct docker *d, const struct docker_line *l);
} instructions[] = {
	{ "FROM", read_from },
	{ "ARG", read_arg },
	{ "COPY", read_copy },
	{ "ADD", read_copy },
	{ "RUN", read_run },
	{ "ONBUILD", read_onbuild },
	{ "SHELL", read_shell },
	{ "ENV", install_env },
	{ "LABEL", read_nothing },
	{ "CMD", read_nothing },
	{ "ENTRYPOINT", read_nothing },
	{ "EXPOSE", read_nothing },
	{ "VOLUME", read_nothing },
	{ "USER", read_nothing },
	{ "WORKDIR", read_nothing },
	{ "STOPSIGNAL", read_nothing },
	{ "HEALTHCHECK", read_nothing },
	{ "MAINTAINER", read_nothing },
};

static enum assay_status
read_instruction(struct docker *d, const struct docker_line *l)
{
	for (size_t i = 0; i < sizeof instructions / sizeof instructions[0]; i++) {
		if (strcmp(instructions[i].word, l->word) == 0)
			return instructions[i].read(d, l);
	}
	if (CATCH(docker_instruction, true))
		return dep_find(d->w, DEP_IMAGE_FORM, place_at(d, l->line), NULL, "there is no instruction '%.60s'", l->word);
	return ASSAY_OK;
}

enum assay_status
docker_read(struct dep_work *w, const struct source_file *f)
{
	struct dep_place place = { f->path, 0, 0 };
	/* What BuildKit leaves out of a context. */
	if (dep_ends(f->path, ".dockerignore"))
		return ASSAY_OK;
	return docker_read_text(w, f->bytes, place);
}

enum assay_status
docker_read_text(struct dep_work *w, struct assay_span text, struct dep_place place)
{
	struct docker *d = arena_alloc(w->arena, sizeof *d);
	if (d == NULL)
		return arena_full(w->err);
	d->w = w;
	d->file = place.file;
	d->lines_before = place.line;
	TRY(docker_lines(d, text, read_instruction, read_syntax));
	if (CATCH(docker_without_stage, d->stage_count == 0))
		return dep_find(w, DEP_IMAGE_FORM, place, NULL, "it has no FROM");
	return ASSAY_OK;
}

/* "FROM [--option]... IMAGE [AS NAME]", which no line of another language is. */
static bool
is_from(struct arena *arena, const char *line)
{
	char *word = docker_word(arena, &line);
	if (word == NULL || strcasecmp(word, "FROM") != 0)
		return false;
	while ((word = docker_word(arena, &line)) != NULL && dep_starts(word, "--"))
		;
	const char *as = word != NULL ? docker_word(arena, &line) : NULL;
	return word != NULL && (as == NULL || (strcasecmp(as, "AS") == 0 && docker_word(arena, &line) != NULL
	    && docker_word(arena, &line) == NULL));
}

enum assay_status
docker_read_likely(struct dep_work *w, const struct source_file *f)
{
	char *text = arena_copy(w->arena, f->bytes);
	if (text == NULL)
		return arena_full(w->err);
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");
		bool last = text[n] == '\0';
		text[n] = '\0';
		text[strcspn(text, "\r")] = '\0';
		if (is_from(w->arena, text))
			return docker_read(w, f);
		text += n + !last;
	}
	return ASSAY_OK;
}

bool
docker_named(const char *path)
{
	for (size_t i = 0; i < dep_kind_count; i++) {
		if (dep_kinds[i].read == docker_read && dep_fits_kind(&dep_kinds[i], path))
			return true;
	}
	return false;
}
