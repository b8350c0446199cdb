/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Images in commands: the words of each program's verbs, told apart by tables of its options.
 */
#include <codec/shell_options.h>

#include <codec/shell_images.h>

#include <base/cleanup.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define DOCKERS "docker podman nerdctl finch"
#define VERB_MAX 64

/* ---- what words are ---- */

enum role {
	ROLE_NONE,
	ROLE_IMAGE,
	ROLE_TRANSPORT, /* an image when it begins with docker:// */
	ROLE_MADE,
	ROLE_FROM,      /* an image by its old name; the words behind it are new ones */
	ROLE_ARCHIVE,   /* a file; when it is an address, what comes from there */
	ROLE_CONTEXT,   /* a folder, an address, or "-" */
	ROLE_FILE,
	ROLE_COMPOSE,
	ROLE_PAIR,      /* "name=docker-image://IMAGE" */
	ROLE_SETTING,   /* "container=IMAGE" */
	ROLE_ENTRY,     /* the program that runs in the container */
	ROLE_INNER,     /* with all behind it: the command that runs in the container */
	ROLE_STOP,      /* nothing more is asked */
};

/* Rows: programs, verbs parted by '|' ("": every other), what the first word is and what those behind it are, its options. */
static const struct verb {
	const char *programs, *verbs;
	enum role first, rest;
	const struct shell_options *options;
} verbs[] = {
	{ DOCKERS, "run|create|container run|container create", ROLE_IMAGE, ROLE_INNER, &shell_run_options },
	{ DOCKERS, "exec|container exec", ROLE_NONE, ROLE_INNER, &shell_run_options },
	{ DOCKERS, "pull|image pull", ROLE_IMAGE, ROLE_IMAGE, &shell_pull_options },
	{ DOCKERS, "build|image build|buildx build|buildx b|builder build", ROLE_CONTEXT, ROLE_NONE, &shell_build_options },
	{ DOCKERS, "buildx bake|buildx f", ROLE_CONTEXT, ROLE_NONE, &shell_build_options },
	{ DOCKERS, "tag|image tag", ROLE_FROM, ROLE_MADE, &shell_no_options },
	{ DOCKERS, "load|image load", ROLE_NONE, ROLE_NONE, &shell_load_options },
	{ DOCKERS, "commit|container commit", ROLE_NONE, ROLE_MADE, &shell_commit_options },
	{ DOCKERS, "import|image import", ROLE_ARCHIVE, ROLE_MADE, &shell_commit_options },
	{ DOCKERS, "service create", ROLE_IMAGE, ROLE_INNER, &shell_run_options },
	{ DOCKERS, "service update", ROLE_NONE, ROLE_NONE, &shell_kube_options },
	{ DOCKERS, "plugin install", ROLE_IMAGE, ROLE_NONE, &shell_pull_options },
	{ DOCKERS, "stack deploy|stack up", ROLE_NONE, ROLE_NONE, &shell_stack_options },
	{ DOCKERS, "play kube|kube play", ROLE_COMPOSE, ROLE_NONE, &shell_pull_options },
	{ DOCKERS, "pod create", ROLE_NONE, ROLE_NONE, &shell_kube_options },
	{ "docker-compose podman-compose", "", ROLE_STOP, ROLE_STOP, &shell_compose_options },
	{ "buildah", "from", ROLE_IMAGE, ROLE_NONE, &shell_run_options },
	{ "buildah", "bud|build|build-using-dockerfile", ROLE_CONTEXT, ROLE_NONE, &shell_build_options },
	{ "buildah", "pull", ROLE_IMAGE, ROLE_IMAGE, &shell_pull_options },
	{ "buildah", "commit", ROLE_NONE, ROLE_MADE, &shell_commit_options },
	{ "buildah", "tag", ROLE_FROM, ROLE_MADE, &shell_no_options },
	{ "buildah", "run", ROLE_NONE, ROLE_INNER, &shell_run_options },
	{ "skopeo", "copy", ROLE_TRANSPORT, ROLE_NONE, &shell_pull_options },
	{ "crane", "pull|export|copy|cp", ROLE_IMAGE, ROLE_NONE, &shell_pull_options },
	{ "crictl", "pull", ROLE_IMAGE, ROLE_NONE, &shell_pull_options },
	{ "ctr", "image pull|images pull|i pull", ROLE_IMAGE, ROLE_NONE, &shell_pull_options },
	{ "apptainer singularity", "run|exec|shell|test", ROLE_TRANSPORT, ROLE_INNER, &shell_run_options },
	{ "apptainer singularity", "pull|build", ROLE_TRANSPORT, ROLE_TRANSPORT, &shell_pull_options },
	{ "kubectl oc", "set image", ROLE_NONE, ROLE_SETTING, &shell_kube_options },
	{ "kubectl oc kind k3d minikube", "", ROLE_NONE, ROLE_NONE, &shell_kube_options },
};

/* Verbs that have verbs of their own. */
static const char groups[] = "container image images i buildx builder service plugin stack pod set play kube";

/* ---- what is found ---- */

struct found {
	struct arena *arena;
	struct shell_image *first, **end;
	size_t count;
	const struct shell_command *at;
	unsigned line, column, depth;
	const struct shell_word *inner;
	const char *entry; /* the program in the place of the image's own */
	bool quiet;        /* only inner and entry are asked for */
	bool fetched;
	const struct verb *verb;
	enum assay_status status;
	struct assay_error *err;
};

/* What two names that are computed alike have in common: "app:${TAG}". */
const char *
shell_word_key(const struct shell_word *w, struct arena *arena)
{
	const char *key = "";
	for (const struct shell_part *p = w->first; p != NULL && key != NULL; p = p->next) {
		bool plain = p->op == NULL || p->op[0] == '\0';
		if (p->kind == SHELL_LITERAL)
			key = arena_printf(arena, "%s%s", key, p->text);
		else if (p->kind == SHELL_VARIABLE && plain && p->inner == NULL)
			key = arena_printf(arena, "%s${%s}", key, p->text);
		else if (p->kind == SHELL_TEMPLATE)
			key = arena_printf(arena, "%s${{ %s }}", key, p->text);
		else
			return NULL;
	}
	return key;
}

static void
add(struct found *x, enum shell_image_kind kind, const char *text, const char *key, const char *shown)
{
	struct shell_image *i = x->status == ASSAY_OK && !x->quiet ? arena_alloc(x->arena, sizeof *i) : NULL;
	if (x->status != ASSAY_OK || x->quiet)
		return;
	if (i == NULL || x->count++ >= SHELL_IMAGES_MAX) {
		x->status = i == NULL ? arena_full(x->err) : assay_fail(x->err, ASSAY_E_LIMIT, "more than %d images in a script", SHELL_IMAGES_MAX);
		return;
	}
	*i = (struct shell_image){ .kind = kind, .text = text, .key = key, .shown = shown, .line = x->line, .column = x->column };
	*x->end = i;
	x->end = &i->next;
}

/* ---- one word ---- */

static bool
is_address(const char *text)
{
	return strstr(text, "://") != NULL || strncmp(text, "git@", 4) == 0 || strncmp(text, "github.com/", 11) == 0;
}

/* Where what is built is described at an address, or comes by the input: from a file, or written beside the command. */

static void
add_elsewhere(struct found *x, const char *text, const char *shown)
{
	struct shell_image **at = x->end;
	const struct shell_redirect *r = strcmp(text, "-") == 0 ? x->at->redirects : NULL;
	while (r != NULL && (r->op[0] != '<' || r->target == NULL))
		r = r->next;
	if (r != NULL && strcmp(r->op, "<") == 0) {
		add(x, SHELL_IMAGE_FILE, r->target->text, NULL, r->target->raw);
		return;
	}
	add(x, SHELL_IMAGE_ELSEWHERE, text, NULL, shown);
	if (*at != NULL && r != NULL)
		(*at)->input = r->target->text;
}

/* "$(docker build -q .)" is what was built there. */
static bool
is_built(const struct shell_word *w)
{
	const struct shell_part *p = w->first;
	const struct shell_pipeline *line = p != NULL && p->next == NULL && p->kind == SHELL_COMMAND && p->script != NULL ? p->script->first : NULL;
	const struct shell_word *program = line != NULL && line->next == NULL && line->first->next == NULL ? shell_program(line->first) : NULL;
	return program != NULL && shell_among(shell_name(program), DOCKERS " buildah") && program->next != NULL
	    && program->next->text != NULL && strcmp(program->next->text, "build") == 0;
}

static const char *
behind(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0 ? text + strlen(start) : NULL;
}

static void
take_image(struct found *x, const char *text, const struct shell_word *w)
{
	static const char *const files[] = { "oci-archive:", "docker-archive:", "oci:", "dir:", "containers-storage:" };
	if (is_built(w) || (text != NULL && strcmp(text, "scratch") == 0))
		return;
	for (size_t i = 0; text != NULL && i < COUNT(files); i++) {
		if (behind(text, files[i]) != NULL) {
			add(x, SHELL_IMAGE_LOADED, NULL, NULL, w->raw);
			return;
		}
	}
	const char *name = text != NULL ? behind(text, "docker://") : NULL;
	struct shell_image **at = x->end;
	add(x, SHELL_IMAGE_TAKEN, name != NULL ? name : text, text == NULL ? shell_word_key(w, x->arena) : text, w->raw);
	if (*at != NULL)
		(*at)->fetched = x->fetched || x->verb->rest == ROLE_IMAGE;
}

/* Of "$DIR/release.Dockerfile" the last component is to be seen, of "$NAME.Dockerfile" its end. */
static const char *
last_component(const struct shell_word *w)
{
	const struct shell_part *p = w->first;
	while (p != NULL && p->next != NULL)
		p = p->next;
	if (p == NULL || p == w->first || p->kind != SHELL_LITERAL)
		return NULL;
	const char *slash = strrchr(p->text, '/');
	return slash != NULL ? slash + 1 : p->text[0] == '.' ? p->text : NULL;
}

static void
add_described(struct found *x, enum shell_image_kind kind, const char *text, const struct shell_word *w)
{
	if (text != NULL && (is_address(text) || strcmp(text, "-") == 0))
		add_elsewhere(x, text, w->raw);
	else if (kind != SHELL_IMAGE_ELSEWHERE)
		add(x, kind, text != NULL ? text : last_component(w), NULL, w->raw);
}

static void
take_transport(struct found *x, const char *text, const struct shell_word *w)
{
	if (text == NULL || behind(text, "docker://") != NULL)
		take_image(x, text, w);
	else if (is_address(text))
		add_elsewhere(x, text, w->raw);
}

static void
take_made(struct found *x, const char *text, const struct shell_word *w)
{
	add(x, x->verb->first == ROLE_FROM ? SHELL_IMAGE_NAMED : SHELL_IMAGE_MADE, text, text != NULL ? text : shell_word_key(w, x->arena), w->raw);
}

static void
take_context(struct found *x, const char *text, const struct shell_word *w)
{
	add_described(x, SHELL_IMAGE_ELSEWHERE, text, w);
}

static void
take_file(struct found *x, const char *text, const struct shell_word *w)
{
	add_described(x, SHELL_IMAGE_FILE, text, w);
}

static void
take_compose(struct found *x, const char *text, const struct shell_word *w)
{
	add_described(x, SHELL_IMAGE_COMPOSE, text, w);
}

static void
take_pair(struct found *x, const char *text, const struct shell_word *w)
{
	const char *value = text != NULL ? strchr(text, '=') : NULL;
	const char *image = value != NULL ? behind(value + 1, "docker-image://") : NULL;
	if (text == NULL || image != NULL)
		take_image(x, image, w);
}

static void
take_setting(struct found *x, const char *text, const struct shell_word *w)
{
	const char *value = text != NULL ? strchr(text, '=') : NULL;
	if (text == NULL || value != NULL)
		take_image(x, value != NULL ? value + 1 : NULL, w);
}

static void
take_entry(struct found *x, const char *text, const struct shell_word *w)
{
	(void)w;
	x->entry = text;
}

/* text: the word's, or that of the option's value; NULL when it is computed. */
static void (*const takers[])(struct found *x, const char *text, const struct shell_word *w) = {
	[ROLE_IMAGE] = take_image,
	[ROLE_TRANSPORT] = take_transport,
	[ROLE_MADE] = take_made,
	[ROLE_ARCHIVE] = take_context,
	[ROLE_CONTEXT] = take_context,
	[ROLE_FILE] = take_file,
	[ROLE_COMPOSE] = take_compose,
	[ROLE_PAIR] = take_pair,
	[ROLE_SETTING] = take_setting,
	[ROLE_ENTRY] = take_entry,
	[ROLE_STOP] = NULL,
};

static void
take(struct found *x, enum role role, const char *text, const struct shell_word *w)
{
	if (takers[role] != NULL)
		takers[role](x, text, w);
}

/* ---- one command ---- */

static enum role
role_of_option(const struct shell_options *o, const struct shell_argument *a)
{
	const struct {
		const char *list;
		enum role role;
	} rows[] = { { o->images, ROLE_IMAGE }, { o->made, ROLE_MADE }, { o->files, ROLE_FILE }, { o->compose, ROLE_COMPOSE },
		{ o->pairs, ROLE_PAIR }, { o->entry, ROLE_ENTRY } };
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (rows[i].list != NULL && shell_among(a->name, rows[i].list))
			return rows[i].role;
	}
	return ROLE_NONE;
}

static bool
has_verb(const char *list, const char *verb)
{
	while (*list != '\0') {
		size_t n = strcspn(list, "|");
		if (strlen(verb) == n && strncmp(verb, list, n) == 0)
			return true;
		list += n + (list[n] == '|');
	}
	return false;
}

/* The verb's row; w is moved behind its words. A verb that is computed may be any: *ret_unclear. */
static const struct verb *
find_verb(const char *program, const struct shell_word **w, bool *ret_unclear)
{
	char name[VERB_MAX] = "";
	struct shell_arguments args = { .at = *w, .options = &shell_global_options };
	struct shell_argument a;
	const struct shell_word *start = *w;
	enum shell_argument_kind kind;
	while ((kind = shell_next_argument(&args, &a)) != SHELL_ARGUMENT_END) {
		if (kind == SHELL_ARGUMENT_OPTION)
			continue;
		*ret_unclear = a.word->text == NULL || kind == SHELL_ARGUMENT_LOST;
		if (*ret_unclear)
			break;
		(void)snprintf(name + strlen(name), sizeof name - strlen(name), "%s%.30s", name[0] != '\0' ? " " : "", a.word->text);
		*w = args.at;
		if (strchr(name, ' ') != NULL || !shell_among(name, groups))
			break;
	}
	const struct verb *any = NULL;
	for (size_t i = 0; i < COUNT(verbs); i++) {
		if (!shell_among(program, verbs[i].programs))
			continue;
		if (!*ret_unclear && has_verb(verbs[i].verbs, name))
			return &verbs[i];
		any = verbs[i].verbs[0] == '\0' ? &verbs[i] : any;
	}
	*w = any != NULL ? start : *w;
	return any;
}

/* "xargs docker pull": what it takes comes by the input. */
static bool
is_fed(const struct shell_command *c)
{
	const struct shell_word *program = shell_program(c);
	for (const struct shell_word *w = c->words; w != NULL && w != program; w = w->next) {
		if (strcmp(shell_name(w), "xargs") == 0)
			return true;
	}
	return false;
}

static void
look_at_option(struct found *x, const struct shell_argument *a)
{
	x->fetched |= strcmp(a->name, "--pull") == 0 && a->value != NULL && strcmp(a->value, "always") == 0;
	/* At the end an option may lack its value. */
	if (a->word != NULL)
		take(x, role_of_option(x->verb->options, a), a->value, a->word);
}

/* One word that is no option; false when nothing more is asked. */
static bool
look_at_word(struct found *x, struct shell_arguments *args, const struct shell_argument *a, enum role *role, enum role *rest)
{
	const char *text = a->word->text;
	if (*role == ROLE_INNER)
		x->inner = a->word;
	/* "docker compose run SERVICE COMMAND" */
	if (*role == ROLE_STOP && text != NULL && shell_among(text, "run exec")) {
		args->options = &shell_run_options;
		*role = ROLE_NONE;
		*rest = ROLE_INNER;
		return true;
	}
	if (*role == ROLE_INNER || *role == ROLE_STOP)
		return false;
	take(x, *role, text, a->word);
	*role = *rest;
	return true;
}

static void
look_at_words(struct found *x, const struct shell_word *w)
{
	struct shell_arguments args = { .at = w, .options = x->verb->options };
	struct shell_argument a;
	enum shell_argument_kind kind;
	enum role role = x->verb->first, rest = x->verb->rest;
	size_t before = x->count;
	while ((kind = shell_next_argument(&args, &a)) != SHELL_ARGUMENT_END) {
		if (kind == SHELL_ARGUMENT_OPTION)
			look_at_option(x, &a);
		if (kind == SHELL_ARGUMENT_LOST && role == ROLE_IMAGE) {
			add(x, SHELL_IMAGE_TAKEN, NULL, NULL, a.word->raw);
			return;
		}
		if (kind == SHELL_ARGUMENT_WORD && !look_at_word(x, &args, &a, &role, &rest))
			return;
	}
	if (role == ROLE_IMAGE && x->count == before && is_fed(x->at))
		add(x, SHELL_IMAGE_TAKEN, NULL, NULL, "xargs");
}

static const struct shell_word *
past_compose(const struct shell_word *program)
{
	const struct shell_word *w = program->next;
	struct shell_arguments args = { .at = w, .options = &shell_global_options };
	struct shell_argument a;
	while (shell_next_argument(&args, &a) == SHELL_ARGUMENT_OPTION)
		continue;
	return a.word != NULL && a.word->text != NULL && strcmp(a.word->text, "compose") == 0 ? a.word->next : NULL;
}

/* "docker tag OLD NEW": the new name stands for what the old one does. */
static void
join_names(struct found *x, struct shell_image **from, const struct shell_word *w)
{
	const struct shell_word *old = NULL;
	for (; w != NULL && old == NULL; w = w->next)
		old = w->text == NULL || w->text[0] != '-' ? w : NULL;
	for (struct shell_image *i = *from; i != NULL && old != NULL; i = i->next)
		i->from = old->text != NULL ? old->text : shell_word_key(old, x->arena);
}

static void
look_at(struct found *x, const struct shell_command *c)
{
	const struct shell_word *program = shell_program(c);
	const char *name = shell_name(program);
	bool known = false, unclear = false;
	for (size_t i = 0; i < COUNT(verbs) && !known; i++)
		known = *name != '\0' && shell_among(name, verbs[i].programs);
	if (!known)
		return;
	const struct shell_word *w = program->next, *compose = past_compose(program);
	if (compose != NULL)
		w = compose;
	x->verb = find_verb(compose != NULL ? "docker-compose" : name, &w, &unclear);
	if (unclear && compose == NULL && shell_among(name, DOCKERS " buildah"))
		add(x, SHELL_IMAGE_TAKEN, NULL, NULL, program->next->raw);
	if (x->verb == NULL)
		return;
	struct shell_image **from = x->end;
	x->at = c;
	x->fetched = false;
	look_at_words(x, w);
	if (x->verb->first == ROLE_FROM)
		join_names(x, from, w);
	if (has_verb(x->verb->verbs, "load"))
		add(x, SHELL_IMAGE_LOADED, NULL, NULL, program->raw);
}

static bool
visit(const struct shell_command *c, const struct shell_pipeline *in, void *context)
{
	struct found *x = context;
	struct shell_command inner;
	const struct shell_command *run = c;
	(void)in;
	if (c->kind != SHELL_SIMPLE || c->words == NULL)
		return true;
	if (x->depth == 0) {
		x->line = c->line;
		x->column = c->column;
	}
	look_at(x, c);
	if (shell_contained(c, x->arena, &inner))
		run = &inner;
	const struct shell_word *code = shell_code(run);
	const struct shell_script *script = NULL;
	if (code != NULL && code->text != NULL && x->depth < SHELL_IMAGES_DEPTH_MAX
	    && shell_parse(assay_span_str(code->text), x->arena, &script, NULL) == ASSAY_OK) {
		x->depth++;
		(void)shell_walk(script, visit, x);
		x->depth--;
	}
	return x->status == ASSAY_OK;
}

/* ---- names that change ---- */

struct changes {
	const char *name;
	size_t len, count;
};

static bool
begins(const struct shell_word *w, const struct changes *c)
{
	const char *text = w->text != NULL ? w->text : w->raw;
	return strncmp(text, c->name, c->len) == 0 && (text[c->len] == '\0' || text[c->len] == '=');
}

/* Assignments, and commands that set variables without showing what to. */
static bool
count_changes(const struct shell_command *command, const struct shell_pipeline *in, void *context)
{
	static const char setting[] = "read mapfile readarray export declare typeset local readonly printf getopts unset let";
	static const char anything[] = "eval source .";
	struct changes *c = context;
	(void)in;
	for (const struct shell_assign *a = command->assigns; a != NULL; a = a->next)
		c->count += strlen(a->name) == c->len && strncmp(a->name, c->name, c->len) == 0;
	if (command->kind == SHELL_LOOP && command->name != NULL)
		c->count += strlen(command->name) == c->len && strncmp(command->name, c->name, c->len) == 0 ? 2 : 0;
	const struct shell_word *program = shell_program(command);
	const char *name = shell_name(program);
	c->count += *name != '\0' && shell_among(name, anything) ? 2 : 0;
	for (const struct shell_word *w = *name != '\0' && shell_among(name, setting) ? program->next : NULL; w != NULL; w = w->next)
		c->count += begins(w, c);
	return c->count < 2;
}

/* A name whose variables are given other values on the way isn't the same name twice. */
static void
forget_changing(const struct shell_script *s, struct shell_image *i)
{
	const char *at = i->key == NULL ? "" : i->key;
	while ((at = strstr(at, "${")) != NULL) {
		struct changes c = { at + 2, strcspn(at + 2, "}"), 0 };
		at += 2;
		if (*at == '{')
			continue;
		(void)shell_walk(s, count_changes, &c);
		if (c.count >= 2) {
			i->key = NULL;
			return;
		}
	}
}

enum assay_status
shell_find_images(const struct shell_script *s, struct arena *arena, const struct shell_image **ret_first, struct assay_error *err)
{
	struct found x = { .arena = arena, .status = ASSAY_OK, .err = err };
	x.end = &x.first;
	(void)shell_walk(s, visit, &x);
	TRY(x.status);
	for (struct shell_image *i = x.first; i != NULL; i = i->next)
		forget_changing(s, i);
	*ret_first = x.first;
	return ASSAY_OK;
}

bool
shell_contained(const struct shell_command *c, struct arena *arena, struct shell_command *ret_inner)
{
	struct found x = { .arena = arena, .quiet = true, .status = ASSAY_OK };
	x.end = &x.first;
	if (c->kind == SHELL_SIMPLE && c->words != NULL)
		look_at(&x, c);
	struct shell_word *words = x.inner != NULL || x.entry != NULL ? arena_array(arena, 2, sizeof *words) : NULL;
	if (words == NULL)
		return false;
	*ret_inner = (struct shell_command){ .kind = SHELL_SIMPLE, .words = words, .line = c->line, .column = c->column };
	if (x.inner != NULL)
		words[1] = *x.inner;
	words[0] = (struct shell_word){ .text = x.entry, .raw = x.entry, .line = c->line, .column = c->column,
		.next = x.inner != NULL ? &words[1] : NULL };
	ret_inner->words = x.entry != NULL ? &words[0] : &words[1];
	return true;
}
