/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ci.untrusted-code: scripts that run an outsider's words. A variable under double quotes is one argument and no command; it is
 * run where something reads its text as a program: eval, "sh -c", a remote shell, sed and awk, arithmetic, a name of a command.
 */
#include "gitlab_taint.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
/* Jobs hand variables on to jobs that hand them on. */
#define ROUNDS_MAX 4

/* ---- where text becomes a program ---- */

static const char in_eval[] = "'eval' runs it as a command";
static const char in_code[] = "it is part of a script that another shell or interpreter runs";
static const char in_input[] = "a shell or interpreter reads it as its script";
static const char in_remote[] = "the shell at the other end of 'ssh' runs it";
static const char in_program[] = "it names the command that runs";
static const char in_editor[] = "it is part of a program of sed, awk or make, which can run commands";
static const char in_name[] = "it chooses which variable is set, also such as say what programs do";
static const char in_prompt[] = "'@P' expands it as a prompt, which can run commands";
static const char in_numbers[] = "the shell evaluates it as arithmetic, which can run commands";

static const struct {
	const char *sink;
	const char *mend; /* "@" is the variable */
} mends[] = {
	{ in_eval, "# name the command yourself, and hand the text over as one argument\nprintf '%s\\n' \"$@\"" },
	{ in_code, "# a script in single quotes, the text as its argument\nsh -c 'printf \"%s\\n\" \"$1\"' sh \"$@\"" },
	{ in_input, "# as data: in a file that a script of the repository reads\nprintf '%s\\n' \"$@\" >text.txt" },
	{ in_remote, "# on the standard input of a command that is fixed\nprintf '%s\\n' \"$@\" | ssh HOST 'cat >text.txt'" },
	{ in_program, "# name the command; where there is a choice, make it\ncase \"$@\" in release/*) ./release ;; esac" },
	{ in_editor, "# from the environment, where it stays data\nawk '{ print ENVIRON[\"@\"] }' FILE" },
	{ in_name, "# name the variable yourself\nexport TITLE=\"$@\"" },
	{ in_prompt, "# as it is\nprintf '%s\\n' \"$@\"" },
	{ in_numbers, "# only digits\ncase \"$@\" in '' | *[!0-9]*) exit 1 ;; esac" },
};

static enum assay_status
tell(struct gl_flow *f, const struct gl_taint *t, unsigned line, const char *sink)
{
	const char *mend = NULL;
	if (t == NULL)
		return ASSAY_OK;
	for (size_t i = 0; i < COUNT(mends); i++) {
		if (mends[i].sink == sink)
			mend = mends[i].mend;
	}
	return gl_flow_way(f, CI_WAY_TEXT, t, gl_flow_at(f, line), sink, mend);
}

static const struct gl_taint *
words_taint(struct gl_flow *f, const struct shell_word *w)
{
	for (; w != NULL; w = w->next) {
		const struct gl_taint *t = gl_taint_parts(f, w->first);
		if (t != NULL)
			return t;
	}
	return NULL;
}

/* "docker exec X sh -c WORD", "kubectl exec -- bash -c WORD": a shell further on in the words. */
static const struct shell_word *
inner_code(const struct shell_word *w)
{
	for (; w != NULL && w->next != NULL; w = w->next) {
		const char *option = w->next->text;
		if (shell_is_interpreter(shell_name(w)) && option != NULL && option[0] == '-' && strchr(option, 'c') != NULL)
			return w->next->next;
	}
	return NULL;
}

/* What is behind the host of "ssh". */
static const struct shell_word *
remote_words(const struct shell_word *w)
{
	for (; w != NULL; w = w->next) {
		const char *text = w->text;
		if (text == NULL || text[0] != '-')
			return w->next;
		if (text[2] == '\0' && strchr("bcDEeFIiJLlmOopQRSWw", text[1]) != NULL && w->next != NULL)
			w = w->next;
	}
	return NULL;
}

static bool
is_editor(const char *name)
{
	static const char *const names[] = { "sed", "gsed", "awk", "gawk", "mawk" };
	for (size_t i = 0; i < COUNT(names); i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

/* The program of sed or awk: its first word, and what stands behind "-e". "-v NAME=text" of awk is data. */
static const struct gl_taint *
editor_taint(struct gl_flow *f, const struct shell_word *w)
{
	bool program = false;
	for (; w != NULL; w = w->next) {
		const char *text = w->text;
		bool expression = text != NULL && (strcmp(text, "-e") == 0 || strcmp(text, "--expression") == 0);
		if (text != NULL && strcmp(text, "-v") == 0 && w->next != NULL) {
			w = w->next;
			continue;
		}
		if (expression && w->next != NULL)
			w = w->next;
		else if (text != NULL && text[0] == '-')
			continue;
		else if (program)
			return NULL;
		program = true;
		const struct gl_taint *t = gl_taint_parts(f, w->first);
		if (t != NULL)
			return t;
	}
	return NULL;
}

/* Every name in it is a variable. */
static const struct gl_taint *
numbers_in(struct gl_flow *f, const char *at, unsigned line)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
	while (at != NULL && *(at += strcspn(at, letters)) != '\0') {
		size_t n = strspn(at, letters);
		const char *name = gl_print(f->g, "%.*s", (int)n, at);
		const struct gl_taint *t = name != NULL ? gl_taint_of(f, name, gl_flow_at(f, line)) : NULL;
		if (CATCH(gl_text_in_numbers, t != NULL))
			return t;
		at += n;
	}
	return NULL;
}

static const struct gl_taint *
numbers_taint(struct gl_flow *f, const struct shell_part *p)
{
	const struct gl_taint *t = NULL;
	for (; p != NULL && t == NULL; p = p->next)
		t = p->kind == SHELL_ARITHMETIC ? numbers_in(f, p->text, p->line) : NULL;
	return t;
}

/* "${NAME@P}" */
static const struct gl_taint *
prompt_taint(struct gl_flow *f, const struct shell_part *p)
{
	for (; p != NULL; p = p->next) {
		bool prompt = p->kind == SHELL_VARIABLE && p->op[0] == '@' && (p->op[1] == 'P' || (p->inner != NULL && p->inner->text != NULL && p->inner->text[0] == 'P'));
		const struct gl_taint *t = prompt ? gl_taint_of(f, p->text, gl_flow_at(f, p->line)) : NULL;
		if (CATCH(gl_text_in_prompt, t != NULL))
			return t;
	}
	return NULL;
}

/* Whether what runs takes its script from its input: "sh", "ssh HOST sh", "bash -s". */
static bool
reads_script(const struct shell_command *c)
{
	const struct shell_word *program = shell_program(c);
	const char *name = shell_name(program);
	if (strcmp(name, "ssh") == 0) {
		const struct shell_word *w = remote_words(program->next);
		return w == NULL || shell_is_interpreter(shell_name(w));
	}
	if (!shell_is_interpreter(name) || shell_code(c) != NULL)
		return false;
	for (const struct shell_word *w = program->next; w != NULL; w = w->next) {
		if (w->text != NULL && strcmp(w->text, "-s") == 0)
			return true;
		if (w->text == NULL || w->text[0] != '-')
			return false;
	}
	return true;
}

static enum assay_status
look_at_input(struct gl_flow *f, const struct shell_pipeline *in, const struct shell_command *c)
{
	const struct gl_taint *t = gl_taint_pipe(f, in->first, c);
	if (!CATCH(gl_text_as_script, reads_script(c)))
		return ASSAY_OK;
	if (t == NULL)
		t = gl_taint_redirected(f, c);
	return tell(f, t, c->line, in_input);
}

/* ---- words that the shell itself makes more of ---- */

static enum assay_status
look_at_words(struct gl_flow *f, const struct shell_pipeline *in, const struct shell_command *c)
{
	const struct gl_taint *named = NULL, *counted = gl_taint_counted(f, c), *file = gl_taint_script_file(f, c);
	for (const struct shell_word *w = c->words; w != NULL; w = w->next) {
		TRY(tell(f, numbers_taint(f, w->first), c->line, in_numbers));
		TRY(tell(f, prompt_taint(f, w->first), c->line, in_prompt));
	}
	if (CATCH(gl_text_counted, counted != NULL))
		TRY(tell(f, counted, c->line, in_numbers));
	if (CATCH(gl_text_of_file_run, file != NULL))
		TRY(tell(f, file, c->line, in_input));
	const struct gl_taint *replaced = gl_taint_replaced(f, in, c);
	if (CATCH(gl_text_by_xargs, replaced != NULL))
		TRY(tell(f, replaced, c->line, in_code));
	TRY(gl_exported(f, c, &named));
	return CATCH(gl_text_names_variable, named != NULL) ? tell(f, named, c->line, in_name) : ASSAY_OK;
}

static enum assay_status
look_at_program(struct gl_flow *f, const struct shell_command *c)
{
	const struct shell_word *program = shell_program(c), *code = shell_code(c);
	const char *name = shell_name(program);
	if (program == NULL)
		return ASSAY_OK;
	if (CATCH(gl_text_is_program, true))
		TRY(tell(f, gl_taint_parts(f, program->first), c->line, in_program));
	if (strcmp(name, "eval") == 0)
		return tell(f, words_taint(f, code), c->line, in_eval);
	if (code == NULL)
		code = inner_code(program->next);
	if (CATCH(gl_text_in_code, code != NULL))
		TRY(tell(f, gl_taint_parts(f, code->first), c->line, in_code));
	if (CATCH(gl_text_in_remote, strcmp(name, "ssh") == 0))
		TRY(tell(f, words_taint(f, remote_words(program->next)), c->line, in_remote));
	if (CATCH(gl_text_sourced, strcmp(name, "source") == 0 || strcmp(name, ".") == 0))
		TRY(tell(f, words_taint(f, program->next), c->line, in_input));
	if (CATCH(gl_text_in_editor, is_editor(name)))
		TRY(tell(f, editor_taint(f, program->next), c->line, in_editor));
	if (CATCH(gl_text_in_make, strcmp(name, "make") == 0))
		TRY(tell(f, words_taint(f, program->next), c->line, in_editor));
	return ASSAY_OK;
}

/* ---- variables ---- */

static enum assay_status
look_at_assigns(struct gl_flow *f, const struct shell_command *c)
{
	for (const struct shell_assign *a = c->assigns; a != NULL; a = a->next) {
		const struct gl_taint *t = gl_taint_parts(f, a->value->first);
		TRY(tell(f, numbers_taint(f, a->value->first), a->line, in_numbers));
		TRY(tell(f, prompt_taint(f, a->value->first), a->line, in_prompt));
		if (CATCH(gl_text_assigned, t != NULL))
			TRY(gl_taint_add(f, a->name, t, gl_flow_at(f, a->line), "kept in"));
	}
	if (c->kind == SHELL_LOOP && c->name != NULL) {
		const struct gl_taint *t = words_taint(f, c->words);
		if (CATCH(gl_text_looped, t != NULL))
			TRY(gl_taint_add(f, c->name, t, gl_flow_at(f, c->line), "read, one after the other, into"));
	}
	return ASSAY_OK;
}

/* "read NAME", of what is piped or redirected into it. */
static enum assay_status
look_at_read(struct gl_flow *f, const struct shell_pipeline *in, const struct shell_command *c)
{
	const struct shell_word *program = shell_program(c);
	if (strcmp(shell_name(program), "read") != 0 && strcmp(shell_name(program), "mapfile") != 0)
		return ASSAY_OK;
	const struct gl_taint *t = gl_taint_pipe(f, in->first, c);
	if (t == NULL)
		t = gl_taint_redirected(f, c);
	for (const struct shell_word *w = program->next; t != NULL && w != NULL; w = w->next) {
		if (CATCH(gl_text_read, w->text != NULL) && w->text[0] != '-')
			TRY(gl_taint_add(f, w->text, t, gl_flow_at(f, c->line), "read into"));
	}
	return ASSAY_OK;
}

/* ---- files of variables for later jobs ---- */

static bool
is_dotenv(const struct gl_flow *f, const char *file)
{
	const struct gl_node *reports = gl_get(gl_get(gl_get(f->job->node, "artifacts"), "reports"), "dotenv");
	file += strncmp(file, "./", 2) == 0 ? 2 : 0;
	for (size_t i = 0; i < gl_count(reports); i++) {
		const char *name = gl_text(gl_item(reports, i));
		if (name != NULL && strcmp(name + (strncmp(name, "./", 2) == 0 ? 2 : 0), file) == 0)
			return true;
	}
	return false;
}

/* "NAME=" at the beginning of what is written. */
static const char *
assigned_name(struct gl *g, const struct shell_command *c)
{
	for (const struct shell_word *w = c->words; w != NULL; w = w->next) {
		for (const struct shell_part *p = w->first; p != NULL; p = p->next) {
			const char *equals = p->kind == SHELL_LITERAL ? strchr(p->text, '=') : NULL;
			if (equals != NULL && equals > p->text)
				return gl_print(g, "%.*s", (int)(equals - p->text), p->text);
		}
	}
	return NULL;
}

static enum assay_status
hand_on(struct gl_flow *f, const struct shell_command *c, const struct gl_taint *t)
{
	static const char mend[] = "# one line, and only what is meant to be in it\n"
				   "printf 'TITLE=%s\\n' \"$(printf '%s' \"$@\" | tr -cd 'A-Za-z0-9 ._-')\" >>build.env";
	const char *name = assigned_name(f->g, c);
	if (CATCH(gl_lines_handed, t->lines))
		return gl_flow_way(f, CI_WAY_ENVIRONMENT, t, gl_flow_at(f, c->line),
		    "a second line of it sets any variable of the jobs that take this file", mend);
	for (const struct gl_handed *h = f->handed; h != NULL; h = h->next) {
		if (name != NULL && h->by == f->job && strcmp(h->name, name) == 0)
			return ASSAY_OK;
	}
	struct gl_handed *h = arena_alloc(f->g->arena, sizeof *h);
	if (h == NULL)
		return arena_full(f->g->w->err);
	*h = (struct gl_handed){ name, t, f->job, f->handed };
	if (name != NULL)
		f->handed = h;
	return ASSAY_OK;
}

static enum assay_status
look_at_files(struct gl_flow *f, const struct shell_pipeline *in, const struct shell_command *c)
{
	const struct gl_taint *t = gl_taint_pipe(f, in->first, c->next);
	if (t == NULL)
		return ASSAY_OK;
	const struct shell_command *from = strcmp(shell_name(shell_program(c)), "tee") == 0 ? in->first : c;
	for (const struct shell_redirect *d = c->redirects; d != NULL; d = d->next) {
		if (d->op[0] == '>' && d->target->text != NULL && is_dotenv(f, d->target->text))
			TRY(hand_on(f, from, t));
	}
	for (const struct shell_word *w = c->words; from != c && w != NULL; w = w->next) {
		if (w->text != NULL && is_dotenv(f, w->text))
			TRY(hand_on(f, from, t));
	}
	return ASSAY_OK;
}

/* ---- the walk ---- */

struct walk {
	struct gl_flow *f;
	enum assay_status status;
};

static enum assay_status
look(struct gl_flow *f, const struct shell_pipeline *in, const struct shell_command *c)
{
	TRY(look_at_assigns(f, c));
	TRY(tell(f, numbers_in(f, c->arithmetic, c->line), c->line, in_numbers));
	if (c->kind != SHELL_SIMPLE)
		return ASSAY_OK;
	TRY(look_at_read(f, in, c));
	TRY(look_at_words(f, in, c));
	TRY(look_at_program(f, c));
	TRY(look_at_input(f, in, c));
	TRY(gl_kept(f, in, c));
	TRY(gl_written(f, in, c));
	TRY(look_at_files(f, in, c));
	return gl_doubt(f, in, c);
}

static bool
visit(const struct shell_command *c, const struct shell_pipeline *in, void *context)
{
	struct walk *w = context;
	if (gl_work(w->f->g, 1))
		w->status = look(w->f, in, c);
	return w->status == ASSAY_OK && !w->f->g->stopped;
}

static enum assay_status
look_at_step(struct gl_flow *f, const struct ci_step *s, bool first)
{
	struct assay_error err = { 0 };
	const struct shell_script *script;
	if (s->command == NULL || s->command[0] == '\0')
		return ASSAY_OK;
	f->step = s;
	enum assay_status status = shell_parse(assay_span_str(s->command), f->g->arena, &script, &err);
	if (status == ASSAY_E_MEMORY)
		return arena_full(f->g->w->err);
	if (status != ASSAY_OK)
		return !first ? ASSAY_OK
			      : ci_ask(f->g->w, CI_UNTRUSTED, "script-unread", gl_flow_at(f, err.line > 0 ? err.line : 1),
				  "a script that can't be read as a shell's: %s", err.what);
	struct walk w = { f, ASSAY_OK };
	(void)shell_walk(script, visit, &w);
	return w.status;
}

/* ---- the jobs ---- */

bool
gl_takes_from(const struct gl_job *job, const struct gl_job *other)
{
	for (const struct ci_need *n = job->model->needs; n != NULL; n = n->next) {
		if (n->job == other->model)
			return true;
	}
	return gl_get(job->node, "needs") == NULL && other->stage < job->stage;
}

/* Variables of a mapping that hold an outsider's text; unless: those that another mapping sets over them, or NULL. */
static enum assay_status
add_variables(struct gl_flow *f, const struct gl_node *variables, const struct gl_node *unless)
{
	for (size_t i = 0; variables != NULL && variables->kind == YAML_MAPPING && i < variables->count; i++) {
		const struct gl_node *n = variables->pairs[i].value;
		if (n->kind == YAML_MAPPING)
			n = gl_get(n, "value");
		const struct gl_taint *t = gl_text(n) == NULL ? NULL : gl_taint_text(f, n->text, n->place);
		if (CATCH(gl_text_in_variable, t != NULL && gl_get(unless, variables->pairs[i].key) == NULL))
			TRY(gl_taint_add(f, variables->pairs[i].key, t, n->place, "kept in the variable"));
	}
	return ASSAY_OK;
}

/* Rules of a job set variables over its own, those of the pipeline below them. */
static enum assay_status
add_rules_variables(struct gl_flow *f, const struct gl_node *rules, const struct gl_node *unless)
{
	for (size_t i = 0; i < gl_count(rules); i++) {
		const struct gl_node *variables = gl_get(gl_item(rules, i), "variables");
		if (CATCH(gl_text_in_rules, variables != NULL))
			TRY(add_variables(f, variables, unless));
	}
	return ASSAY_OK;
}

static enum assay_status
add_passed(struct gl_flow *f)
{
	for (const struct gl_passed *p = f->g->passed; p != NULL; p = p->next) {
		const struct gl_taint *t = gl_taint_of(f, p->source, p->place);
		if (CATCH(gl_text_passed, t != NULL))
			TRY(gl_taint_add(f, p->name, t, p->place, "handed to the child pipeline in"));
	}
	return ASSAY_OK;
}

static enum assay_status
begin_job(struct gl_flow *f, const struct gl_job *job)
{
	const struct gl_node *workflow = gl_get(f->g->root, "workflow"), *own = gl_get(job->node, "variables");
	f->job = job;
	f->taints = NULL;
	f->taint_count = f->way_count = 0;
	for (const struct gl_handed *h = f->handed; h != NULL; h = h->next) {
		if (CATCH(gl_text_handed, h->by != job && gl_takes_from(job, h->by)))
			TRY(gl_taint_add(f, h->name, h->taint, job->model->place, "handed on by a file of variables in"));
	}
	TRY(add_passed(f));
	TRY(add_variables(f, own, NULL));
	TRY(add_rules_variables(f, gl_get(job->node, "rules"), NULL));
	return add_rules_variables(f, gl_get(workflow, "rules"), own);
}

static enum assay_status
look_at_job(struct gl_flow *f, const struct gl_job *job, bool first)
{
	TRY(begin_job(f, job));
	for (const struct ci_step *s = job->model->steps; s != NULL; s = s->next)
		TRY(look_at_step(f, s, first));
	return gl_sinks(f);
}

enum assay_status
gl_flow(struct gl *g, struct gl_job *jobs, size_t count)
{
	struct gl_flow f = { .g = g };
	const struct gl_handed *before = NULL;
	const struct gl_file *files = NULL;
	for (unsigned round = 0; round == 0 || ((f.handed != before || f.files != files) && round < ROUNDS_MAX); round++) {
		before = f.handed;
		files = f.files;
		for (size_t i = 0; i < count; i++)
			TRY(look_at_job(&f, &jobs[i], round == 0));
	}
	return gl_shared(g, jobs, count);
}
