/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ci.pinned and dep.install: images, image files and scripts that actions which are known by name are given as inputs.
 */
#include "install_words.h"

#include <codec/shell_images.h>

#define VALUE_MAX 4096

enum given {
	GIVEN_IMAGE,
	GIVEN_TAGS,    /* a line each: what is built is called so */
	GIVEN_FILE,
	GIVEN_COMPOSE, /* a line each */
	GIVEN_CONTEXT, /* a folder or an address */
	GIVEN_PAIRS,   /* "name=docker-image://IMAGE", a line each */
	GIVEN_OPTIONS, /* "image=IMAGE" among other settings, a line each */
	GIVEN_SCRIPT,  /* for a shell */
	GIVEN_PROGRAM, /* for Node.js */
};

static const struct {
	const char *action, *input;
	enum given given;
} inputs[] = {
	{ "docker/build-push-action", "tags", GIVEN_TAGS },
	{ "docker/build-push-action", "file", GIVEN_FILE },
	{ "docker/build-push-action", "context", GIVEN_CONTEXT },
	{ "docker/build-push-action", "build-contexts", GIVEN_PAIRS },
	{ "docker/bake-action", "files", GIVEN_COMPOSE },
	{ "docker/bake-action", "source", GIVEN_CONTEXT },
	{ "docker/setup-buildx-action", "driver-opts", GIVEN_OPTIONS },
	{ "docker/setup-qemu-action", "image", GIVEN_IMAGE },
	{ "addnab/docker-run-action", "image", GIVEN_IMAGE },
	{ "helm/kind-action", "node_image", GIVEN_IMAGE },
	{ "engineerd/setup-kind", "image", GIVEN_IMAGE },
	{ "redhat-actions/buildah-build", "base-image", GIVEN_IMAGE },
	{ "redhat-actions/buildah-build", "containerfiles", GIVEN_FILE },
	{ "redhat-actions/buildah-build", "dockerfiles", GIVEN_FILE },
	{ "addnab/docker-run-action", "run", GIVEN_SCRIPT },
	{ "azure/cli", "inlinescript", GIVEN_SCRIPT },
	{ "appleboy/ssh-action", "script", GIVEN_SCRIPT },
	{ "nick-fields/retry", "command", GIVEN_SCRIPT },
	{ "nick-fields/retry", "on_retry_command", GIVEN_SCRIPT },
	{ "nick-fields/retry", "new_command_on_retry", GIVEN_SCRIPT },
	{ "nick-invision/retry", "command", GIVEN_SCRIPT },
	{ "wandalen/wretry.action", "command", GIVEN_SCRIPT },
	{ "cypress-io/github-action", "install-command", GIVEN_SCRIPT },
	{ "cypress-io/github-action", "build", GIVEN_SCRIPT },
	{ "cypress-io/github-action", "start", GIVEN_SCRIPT },
	{ "cypress-io/github-action", "command", GIVEN_SCRIPT },
	{ "reactivecircus/android-emulator-runner", "script", GIVEN_SCRIPT },
	{ "uraimo/run-on-arch-action", "install", GIVEN_SCRIPT },
	{ "uraimo/run-on-arch-action", "run", GIVEN_SCRIPT },
	{ "actions/github-script", "script", GIVEN_PROGRAM },
};

/* The same text for "${{ x }}" and "${{x}}"; NULL when it doesn't fit. */
static const char *
same_form(struct dep_work *w, const char *text)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(VALUE_MAX);
	while (*text != '\0') {
		const char *end = dep_starts(text, "${{") ? strstr(text, "}}") : NULL;
		if (end == NULL) {
			buf_add_byte(&out, (unsigned char)*text++);
			continue;
		}
		const char *from = text + 3 + strspn(text + 3, " ");
		size_t n = (size_t)(end - from);
		while (n > 0 && from[n - 1] == ' ')
			n--;
		buf_addf(&out, "${{ %.*s }}", (int)n, from);
		text = end + 2;
	}
	return out.status == ASSAY_OK ? arena_str(w->arena, buf_str(&out)) : NULL;
}

static bool
is_address(const char *text)
{
	return dep_is_url(text) || dep_starts(text, "git@");
}

static enum assay_status
give(struct dep_work *w, enum given given, const char *text, struct dep_place at)
{
	static const enum shell_image_kind kinds[] = { [GIVEN_IMAGE] = SHELL_IMAGE_TAKEN, [GIVEN_TAGS] = SHELL_IMAGE_MADE,
		[GIVEN_FILE] = SHELL_IMAGE_FILE, [GIVEN_COMPOSE] = SHELL_IMAGE_COMPOSE, [GIVEN_CONTEXT] = SHELL_IMAGE_ELSEWHERE,
		[GIVEN_PAIRS] = SHELL_IMAGE_TAKEN, [GIVEN_OPTIONS] = SHELL_IMAGE_TAKEN };
	const char *equals = strchr(text, '=');
	struct shell_image i = { .kind = kinds[given], .shown = text, .line = 1, .column = 1 };
	if (given == GIVEN_PAIRS) {
		if (equals == NULL || !dep_starts(equals + 1, "docker-image://"))
			return ASSAY_OK;
		text = equals + 1 + strlen("docker-image://");
	} else if (given == GIVEN_OPTIONS) {
		if (!dep_starts(text, "image="))
			return ASSAY_OK;
		text = equals + 1;
	}
	if (is_address(text) && i.kind != SHELL_IMAGE_MADE)
		i.kind = SHELL_IMAGE_ELSEWHERE;
	else if (given == GIVEN_CONTEXT)
		return ASSAY_OK;
	i.key = same_form(w, text);
	/* Of a path that is computed, its last component tells what it is. */
	const char *end = strstr(text, "}}");
	bool path = i.kind == SHELL_IMAGE_FILE || i.kind == SHELL_IMAGE_COMPOSE;
	bool told = strstr(text, "${{") == NULL || (path && end != NULL && strstr(dep_base(text), "}}") == NULL);
	i.text = told || i.kind == SHELL_IMAGE_ELSEWHERE ? text : NULL;
	return install_image(w, &i, at);
}

/* Each line, or each part between commas. */
static enum assay_status
give_lines(struct dep_work *w, enum given given, const struct ci_variable *v)
{
	struct dep_place at = { v->place.file, v->place.line, v->place.column };
	const char *text = v->value;
	while (*text != '\0') {
		size_t n = strcspn(text, given == GIVEN_FILE || given == GIVEN_IMAGE || given == GIVEN_CONTEXT ? "\n" : "\n,");
		const char *from = text + strspn(text, " \t");
		size_t len = n > (size_t)(from - text) ? n - (size_t)(from - text) : 0;
		while (len > 0 && (from[len - 1] == ' ' || from[len - 1] == '\r'))
			len--;
		const char *line = arena_copy(w->arena, (struct assay_span){ (const unsigned char *)from, len });
		if (line == NULL)
			return arena_full(w->err);
		if (len > 0)
			TRY(give(w, given, line, at));
		text += n + (text[n] != '\0');
	}
	return ASSAY_OK;
}

static enum assay_status
give_text(struct dep_work *w, enum given given, const struct ci_variable *v)
{
	struct dep_place at = { v->place.file, v->place.line, v->place.column };
	if (given == GIVEN_SCRIPT)
		return install_script(w, assay_span_str(v->value), at, false, 0);
	if (given != GIVEN_PROGRAM)
		return give_lines(w, given, v);
	dep_judged(w, DEP_INSTALL, "scripts");
	if (CATCH(install_action_program, install_text_loads("node", v->value)))
		return dep_find(w, DEP_INSTALL_UNREAD, at, v->name, "the program text of '%.40s' may load and run what isn't read", v->name);
	return ASSAY_OK;
}

enum assay_status
install_action(struct dep_work *w, const struct ci_step *s)
{
	const char *name = s->uses != NULL && s->uses->name != NULL ? s->uses->name : "";
	for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
		for (const struct ci_variable *v = strcasecmp(inputs[i].action, name) == 0 ? s->with : NULL; v != NULL; v = v->next) {
			if (strcasecmp(v->name, inputs[i].input) == 0)
				TRY(give_text(w, inputs[i].given, v));
		}
	}
	return ASSAY_OK;
}
