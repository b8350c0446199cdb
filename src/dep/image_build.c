/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.images: commands that build an image, and the file that they are told to build it from.
 */
#include "install.h"

/* "docker build", "docker buildx build", "podman build", "buildah bud": the word behind, or NULL. */
static const struct shell_word *
find_build(const struct shell_command *c)
{
	static const char *const programs[] = { "docker", "podman", "buildah", "nerdctl" };
	const struct shell_word *program = shell_program(c);
	bool builder = false;
	for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++)
		builder = builder || strcmp(shell_name(program), programs[i]) == 0;
	for (const struct shell_word *w = builder ? program->next : NULL; w != NULL; w = w->next) {
		const char *text = w->text != NULL ? w->text : "";
		if (strcmp(text, "build") == 0 || strcmp(text, "bud") == 0)
			return w->next;
		if (*text != '-' && strcmp(text, "buildx") != 0 && strcmp(text, "image") != 0)
			return NULL;
	}
	return NULL;
}

/* The name behind -f or --file, or "-" when what is built comes in by a pipe; NULL when it says none. */
static const struct shell_word *
find_file(const struct shell_word *w, const char **ret_name)
{
	*ret_name = NULL;
	for (; w != NULL; w = w->next) {
		const char *text = w->text != NULL ? w->text : "";
		bool apart = strcmp(text, "-f") == 0 || strcmp(text, "--file") == 0;
		if (apart && w->next != NULL)
			*ret_name = w->next->text;
		else if (dep_starts(text, "--file="))
			*ret_name = text + strlen("--file=");
		else if (strcmp(text, "-") == 0)
			*ret_name = text;
		else if (!dep_starts(w->raw, "--file="))
			continue;
		return apart && w->next != NULL ? w->next : w;
	}
	return NULL;
}

enum assay_status
image_build_command(struct install *x, const struct shell_command *c)
{
	const struct shell_word *build = find_build(c);
	const char *name = NULL;
	const struct shell_word *file = build != NULL ? find_file(build, &name) : NULL;
	if (file == NULL)
		return ASSAY_OK;
	dep_judged(x->w, DEP_IMAGES, "builds by command");
	bool told = name != NULL && docker_named(name);
	/* "docker/$ARCH.Dockerfile": whichever it is, it is looked for. */
	for (const struct shell_part *p = name == NULL ? file->first : NULL; p != NULL; p = p->next)
		told = told || (p->kind == SHELL_LITERAL && docker_named(p->text));
	if (CATCH(image_build_file, !told))
		return dep_find(x->w, DEP_IMAGE_UNCLEAR, install_place(x, c), NULL,
		    "an image is built from '%.200s', which is not a name that image files are looked for by", file->raw);
	return ASSAY_OK;
}
