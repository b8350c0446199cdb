/* SPDX-License-Identifier: Apache-2.0 */
#include "command_flow.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <string.h>

#define WORDS_MAX 512
/* Commands that are looked at, over and over, to tell which failures count. */
#define BUDGET_MAX 20000000u
#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* Patterns over a command's words joined by blanks. */
static const struct {
	const char *pattern;
	unsigned duty;
} duties[] = {
	{ "make**test**", CI_DUTY_TEST }, { "make**check**", CI_DUTY_TEST }, { "ctest**", CI_DUTY_TEST },
	{ "meson test**", CI_DUTY_TEST }, { "ninja**test**", CI_DUTY_TEST }, { "npm test**", CI_DUTY_TEST },
	{ "npm t", CI_DUTY_TEST }, { "npm run test**", CI_DUTY_TEST }, { "yarn test**", CI_DUTY_TEST },
	{ "yarn run test**", CI_DUTY_TEST }, { "pnpm test**", CI_DUTY_TEST }, { "pnpm run test**", CI_DUTY_TEST },
	{ "pytest**", CI_DUTY_TEST }, { "python** -m pytest**", CI_DUTY_TEST },
	{ "python** -m unittest**", CI_DUTY_TEST }, { "tox**", CI_DUTY_TEST }, { "cargo test**", CI_DUTY_TEST },
	{ "cargo nextest**", CI_DUTY_TEST }, { "go test**", CI_DUTY_TEST }, { "mvn** test**", CI_DUTY_TEST },
	{ "mvn** verify**", CI_DUTY_TEST }, { "gradle** test**", CI_DUTY_TEST }, { "gradlew** test**", CI_DUTY_TEST },
	{ "gradle** check**", CI_DUTY_TEST }, { "gradlew** check**", CI_DUTY_TEST }, { "dotnet test**", CI_DUTY_TEST },
	{ "bundle exec rspec**", CI_DUTY_TEST }, { "rspec**", CI_DUTY_TEST }, { "rake test**", CI_DUTY_TEST },
	{ "bats**", CI_DUTY_TEST }, { "bazel test**", CI_DUTY_TEST }, { "node --test**", CI_DUTY_TEST },
	{ "npx jest**", CI_DUTY_TEST }, { "npx vitest**", CI_DUTY_TEST }, { "cmake --build**test**", CI_DUTY_TEST },
	{ "cppcheck**", CI_DUTY_ANALYSIS }, { "clang-tidy**", CI_DUTY_ANALYSIS },
	{ "run-clang-tidy**", CI_DUTY_ANALYSIS }, { "scan-build**", CI_DUTY_ANALYSIS },
	{ "semgrep**", CI_DUTY_ANALYSIS }, { "flawfinder**", CI_DUTY_ANALYSIS }, { "codeql**", CI_DUTY_ANALYSIS },
	{ "infer**", CI_DUTY_ANALYSIS }, { "bandit**", CI_DUTY_ANALYSIS }, { "eslint**", CI_DUTY_ANALYSIS },
	{ "npx eslint**", CI_DUTY_ANALYSIS }, { "npm run lint**", CI_DUTY_ANALYSIS },
	{ "cargo clippy**", CI_DUTY_ANALYSIS }, { "go vet**", CI_DUTY_ANALYSIS },
	{ "golangci-lint**", CI_DUTY_ANALYSIS }, { "staticcheck**", CI_DUTY_ANALYSIS },
	{ "pylint**", CI_DUTY_ANALYSIS }, { "mypy**", CI_DUTY_ANALYSIS }, { "make**lint**", CI_DUTY_ANALYSIS },
	{ "make**analy**", CI_DUTY_ANALYSIS }, { "make**cppcheck**", CI_DUTY_ANALYSIS },
	{ "gcc**-fanalyzer**", CI_DUTY_ANALYSIS }, { "sonar-scanner**", CI_DUTY_ANALYSIS },
	{ "bundle exec rubocop**", CI_DUTY_ANALYSIS }, { "rubocop**", CI_DUTY_ANALYSIS },
	{ "brakeman**", CI_DUTY_ANALYSIS }, { "npm run analy**", CI_DUTY_ANALYSIS },
	{ "ninja**analy**", CI_DUTY_ANALYSIS }, { "ninja**cppcheck**", CI_DUTY_ANALYSIS },
	{ "ninja**tidy**", CI_DUTY_ANALYSIS }, { "cmake --build**analy**", CI_DUTY_ANALYSIS },
	{ "cmake --build**tidy**", CI_DUTY_ANALYSIS }, { "mvn**spotbugs**", CI_DUTY_ANALYSIS },
	{ "assay check**", CI_DUTY_ASSAY }, { "assay check", CI_DUTY_ASSAY },
	{ "gh release create**", CI_DUTY_PUBLISH }, { "gh release upload**", CI_DUTY_PUBLISH },
	{ "npm publish**", CI_DUTY_PUBLISH }, { "yarn publish**", CI_DUTY_PUBLISH },
	{ "pnpm publish**", CI_DUTY_PUBLISH }, { "twine upload**", CI_DUTY_PUBLISH },
	{ "python** -m twine upload**", CI_DUTY_PUBLISH }, { "docker push**", CI_DUTY_PUBLISH },
	{ "docker buildx build**--push**", CI_DUTY_PUBLISH }, { "podman push**", CI_DUTY_PUBLISH },
	{ "cargo publish**", CI_DUTY_PUBLISH }, { "mvn** deploy**", CI_DUTY_PUBLISH },
	{ "gem push**", CI_DUTY_PUBLISH }, { "goreleaser release**", CI_DUTY_PUBLISH },
	{ "helm push**", CI_DUTY_PUBLISH }, { "dotnet nuget push**", CI_DUTY_PUBLISH },
	{ "poetry publish**", CI_DUTY_PUBLISH }, { "uv publish**", CI_DUTY_PUBLISH },
	{ "aws s3 cp**", CI_DUTY_PUBLISH }, { "aws s3 sync**", CI_DUTY_PUBLISH },
	{ "release-cli create**", CI_DUTY_PUBLISH }, { "glab release create**", CI_DUTY_PUBLISH },
	{ "glab release upload**", CI_DUTY_PUBLISH },
};

/* Commands that read, print or move, and run nothing that lies in the work folder. Everything else may. */
static const char *const harmless[] = { "echo", "printf", "cat", "ls", "cd", "pwd", "mkdir", "rmdir", "rm", "cp", "mv", "touch",
	"test", "[", "[[", "true", "false", ":", "exit", "export", "set", "unset", "shopt", "date", "jq", "grep", "egrep",
	"head", "tail", "wc", "sort", "uniq", "cut", "tr", "diff", "cmp", "sha256sum", "sha512sum", "md5sum", "base64",
	"basename", "dirname", "realpath", "readlink", "stat", "du", "df", "id", "whoami", "hostname", "uname", "sleep",
	"curl", "wget", "gh", "git", "tee", "tar", "unzip", "gzip", "chmod", "chown", "ln", "file", "read", "local",
	"return", "declare", "trap", "wait", "kill", "ps", "which", "command", "type", "env", "printenv", "apt-get", "apt",
	"dnf", "yum", "apk", "brew", "sudo", "seq", "expr", "let", "alias", "umask", "ulimit", "shift", "break", "continue",
	"mktemp", "column", "fold", "nl", "paste", "rev", "tac", "yes", "cloc" };

static const char *const talking[] = { "gh**", "git push**", "git tag**", "docker **", "podman **", "npm publish**",
	"curl **", "wget **", "twine **", "aws **", "gcloud **", "az **", "helm **", "kubectl **", "oras **", "cosign **",
	"hub **", "goreleaser**", "npx **", "semantic-release**", "yarn publish**", "cargo publish**", "mvn** deploy**" };

static const char *const fetching[] = { "gh pr checkout**", "hub pr checkout**", "git fetch**pull/**", "git pull**pull/**",
	"git checkout**FETCH_HEAD**", "git checkout**pull/**" };

static bool
matches(const char *pattern, const char *text)
{
	/* Nearly all differ in their first word, and the whole comparison takes pattern times text. */
	return strncmp(pattern, text, strcspn(pattern, "*?")) == 0 && text_match(assay_span_str(pattern), assay_span_str(text));
}

/* A program under /usr/bin and the like is named by its last part; "./configure" keeps its path, for it lies in the tree. */
void
ci_command_text(const struct shell_command *c, char *text, size_t room)
{
	const struct shell_word *program = shell_program(c), *w = program != NULL ? program : c->words;
	size_t used = 0;
	text[0] = '\0';
	for (; w != NULL && used + 2 < room; w = w->next) {
		const char *word = w == program && w->text != NULL && w->text[0] == '/' ? shell_name(w) : w->text != NULL ? w->text : w->raw;
		int n = snprintf(text + used, room - used, "%s%s", used > 0 ? " " : "", word);
		used += n > 0 ? (size_t)n : 0;
	}
	/* '*' of a pattern doesn't cross a '/'; '**' does, but a line end is neither's business. */
	for (char *p = text; *p != '\0'; p++) {
		if (*p == '\n' || *p == '\t')
			*p = ' ';
	}
}

struct look {
	struct ci_command *into;
	struct arena *arena;
	bool full;
	const struct flow *flow; /* of what is looked at */
};

/* "make -kn": letters without a value, among them one that runs nothing or goes on. */
static bool
is_idle_cluster(const char *word)
{
	static const char plain[] = "BbeikmnpqrRsStw";
	return word != NULL && word[0] == '-' && word[1 + strspn(word + 1, plain)] == '\0' && strpbrk(word + 1, "niqt") != NULL;
}

/* Whether the command only shows what it would do, or goes on whatever fails. */
static bool
does_nothing(const struct shell_command *c)
{
	static const struct {
		const char *program, *options;
	} idle[] = { { "make", " --dry-run --just-print --recon --question --ignore-errors --touch -v --version -h --help " },
		{ "gmake", " --dry-run --just-print --recon --question --ignore-errors --touch -v --version -h --help " },
		{ "ninja", " -n --version --help " }, { "ctest", " -N --show-only --version --help " },
		{ "pytest", " --collect-only --co --version --help " }, { "cargo", " --no-run --version --help " },
		{ "gradle", " -m --dry-run " }, { "gradlew", " -m --dry-run " }, { "mvn", " -DskipTests -Dmaven.test.skip=true -fn --fail-never " } };
	const struct shell_word *program = shell_program(c);
	const char *name = shell_name(program);
	char option[64];
	for (size_t i = 0; i < COUNT(idle); i++) {
		for (const struct shell_word *w = strcmp(idle[i].program, name) == 0 ? program->next : NULL; w != NULL; w = w->next) {
			(void)snprintf(option, sizeof option, " %s ", w->text != NULL ? w->text : "?");
			if (strstr(idle[i].options, option) != NULL || (strstr(name, "make") != NULL && is_idle_cluster(w->text)))
				return true;
		}
	}
	return false;
}

static bool
is_harmless(const char *text)
{
	size_t n = strcspn(text, " ");
	for (size_t i = 0; i < COUNT(harmless); i++) {
		if (strlen(harmless[i]) == n && strncmp(text, harmless[i], n) == 0)
			return true;
	}
	return false;
}

static bool
matches_any(const char *const *patterns, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++) {
		if (matches(patterns[i], text))
			return true;
	}
	return false;
}

static void
note(struct look *l, const char **what, unsigned *line, const char *text, const struct shell_command *c)
{
	if (*what != NULL)
		return;
	*what = arena_str(l->arena, text);
	*line = c->line;
	l->full |= *what == NULL;
}

static bool
visit(const struct shell_command *c, const struct shell_pipeline *in, void *context)
{
	struct look *l = context;
	char text[WORDS_MAX];
	if (c->kind != SHELL_SIMPLE || c->words == NULL)
		return true;
	ci_command_text(c, text, sizeof text);
	unsigned found = 0;
	for (size_t i = 0; i < COUNT(duties); i++)
		found |= matches(duties[i].pattern, text) ? duties[i].duty : 0;
	const unsigned gates = found & ~(unsigned)CI_DUTY_PUBLISH;
	const bool soft = CATCH(ci_gate_idle, gates != 0 && does_nothing(c)) || (gates != 0 && !flow_ends(l->flow, c, in));
	/* A release is one whether its failure counts or not. */
	l->into->duties |= soft ? found & ~gates : found;
	l->into->soft |= soft ? gates : 0;
	l->into->pushes |= strncmp(text, "git push", 8) == 0;
	l->into->talks |= matches_any(talking, COUNT(talking), text);
	if (matches_any(fetching, COUNT(fetching), text))
		note(l, &l->into->fetches, &l->into->fetches_line, text, c);
	if (text[0] != '\0' && !is_harmless(text))
		note(l, &l->into->runs, &l->into->runs_line, text, c);
	return !l->full;
}

static bool walk_list(struct look *l, const struct shell_script *s, struct flow *f, const struct shell_command *of, const struct flow *inside);

/* A command with what is inside of it. A substitution's failure is taken for that of the command. */
static bool
walk_through(struct look *l, const struct shell_command *c, const struct shell_pipeline *in, struct flow *f)
{
	struct flow inside = { .script = f->script, .shell = f->shell, .stops = true, .status = true, .budget = f->budget };
	l->flow = f;
	if (!visit(c, in, l))
		return false;
	l->flow = &inside;
	if (!shell_walk_inside(c, visit, l))
		return false;
	if (c->body == NULL)
		return true;
	inside = flow_inside(f, c, in);
	return walk_list(l, c->body, f, c, &inside);
}

/* Whoever calls keeps f no longer than this takes. */
static bool
walk_command(struct look *l, const struct shell_command *c, const struct shell_pipeline *in, struct flow *f)
{
	const bool goes_on = walk_through(l, c, in, f);
	l->flow = NULL;
	return goes_on;
}

/* f: what holds outside, and is changed by it; inside: what holds for the list. */
static bool
walk_list(struct look *l, const struct shell_script *s, struct flow *f, const struct shell_command *of, const struct flow *inside)
{
	struct ci_shell shell = inside->shell;
	enum shell_join before = SHELL_THEN;
	for (const struct shell_pipeline *p = s->first; p != NULL; p = p->next) {
		struct flow here = p->condition ? flow_condition(inside, of, p) : *inside;
		const bool surely = before == SHELL_THEN && p->join != SHELL_BACKGROUND && p->first->next == NULL;
		here.shell = shell;
		for (const struct shell_command *c = p->first; c != NULL; c = c->next) {
			if (!walk_command(l, c, p, &here))
				return false;
			flow_options(&here, c, surely);
		}
		shell = here.shell;
		before = p->join;
	}
	if (of == NULL) {
		f->shell = shell;
	} else if (!of->subshell) {
		/* What a branch sets may not be set; what it takes away may be gone. */
		f->shell.pipefail &= shell.pipefail;
		f->shell.errexit &= shell.errexit;
	}
	return true;
}

enum assay_status
ci_command_look(const char *text, struct ci_shell *shell, struct arena *arena, struct ci_command *ret_command, struct assay_error *err)
{
	struct ci_command c = { 0 };
	struct assay_error own = { 0 };
	unsigned budget = BUDGET_MAX;
	enum assay_status status = shell_parse(assay_span_str(text), arena, &c.script, &own);
	if (status == ASSAY_E_MEMORY)
		return arena_full(err);
	c.read = status == ASSAY_OK;
	struct look l = { .into = &c, .arena = arena };
	struct flow f = { .script = c.script, .shell = *shell, .stops = true, .status = true, .budget = &budget };
	const struct flow inside = f;
	if (c.read)
		(void)walk_list(&l, c.script, &f, NULL, &inside);
	if (l.full)
		return arena_full(err);
	*shell = f.shell;
	*ret_command = c;
	return ASSAY_OK;
}

unsigned
ci_command_duties(const char *text)
{
	CLEANUP(arena_free) struct arena *own = NULL;
	struct ci_command c = { 0 };
	struct ci_shell shell = { .pipefail = true, .errexit = true };
	if (arena_new(CI_FILE_ARENA, &own) != ASSAY_OK || ci_command_look(text, &shell, own, &c, NULL) != ASSAY_OK)
		return 0;
	return c.duties;
}
