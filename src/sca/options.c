/* SPDX-License-Identifier: Apache-2.0 */
#include <sca/options.h>

#include <assay/hash.h>
#include <base/buf.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <sca/plan.h>
#include <sca/report.h>

#define FIXED_MAX 20
#define BRIEF_MAX 4
#define DIGEST_INPUT_MAX ((size_t)SCA_CHECKS_MAX * (SCA_CHECK_NAME_MAX + 2) * 2)
#define TAINT "-Wanalyzer-tainted-"
#define ANALYZER "-Wanalyzer-"
#define DIAGNOSTIC "clang-diagnostic-"

/* ---- which checks a pass is for ---- */

static bool
begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static bool
is_taint(const char *check)
{
	return begins(check, TAINT);
}

static bool
is_analyzer(const char *check)
{
	return begins(check, ANALYZER) && !is_taint(check);
}

static bool
is_warning(const char *check)
{
	return begins(check, "-W") && !begins(check, ANALYZER);
}

static bool
is_checker(const char *check)
{
	return check[0] != '-';
}

/* ---- how they become arguments ---- */

enum spell {
	SPELL_EACH,   /* an argument each */
	SPELL_JOINED, /* one argument: prefix, then all with commas */
	SPELL_ADDONS, /* what some names begin with asks for an argument; the names themselves select nothing */
	SPELL_NONE,
};

/* What clang 19 takes for errors that older code has: as warnings, the rest of the unit is read, and their checks report. */
#define GOES_ON \
	"-Wno-error=int-conversion", "-Wno-error=incompatible-function-pointer-types", "-Wno-error=implicit-function-declaration", \
	    "-Wno-error=implicit-int"
#define GOES_ON_TIDY \
	"--extra-arg=-Wno-error=int-conversion", "--extra-arg=-Wno-error=incompatible-function-pointer-types", \
	    "--extra-arg=-Wno-error=implicit-function-declaration", "--extra-arg=-Wno-error=implicit-int"

/* One way of running an engine. Outputs go to /out, which the sandbox provides. */
static const struct row {
	const char *engine, *pass;
	bool (*takes)(const char *check);
	const char *fixed[FIXED_MAX];
	enum spell spell;
	const char *prefix;
} rows[] = {
	/*
	 * Warnings about flow and bounds need the optimiser, and results that must be used are marked so by glibc under _FORTIFY_SOURCE;
	 * the analyser sees more without it, and taint is a mode of its own.
	 */
	{ "gcc", "gcc-warnings", is_warning,
	    { "-S", "-o", "/dev/null", "-fdiagnostics-format=json", "-O2", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2" }, SPELL_EACH, "" },
	{ "gcc", "gcc-analyzer", is_analyzer, { "-S", "-o", "/dev/null", "-fdiagnostics-format=json", "-fanalyzer" }, SPELL_EACH,
	    "" },
	{ "gcc", "gcc-taint", is_taint,
	    { "-S", "-o", "/dev/null", "-fdiagnostics-format=json", "-fanalyzer", "-fanalyzer-checker=taint" }, SPELL_EACH, "" },
	{ "clang", "clang-warnings", is_warning,
	    { "--no-default-config", GOES_ON, "-fsyntax-only", "--serialize-diagnostics", "/out/warnings.dia" }, SPELL_EACH, "" },
	/* Without that word it passes over functions of headers that the unit doesn't call. */
	{ "clang", "clang-analyzer", is_checker,
	    { "--no-default-config", GOES_ON, "-Xclang", "-analyzer-opt-analyze-headers", "-Xclang", "-analyzer-config", "-Xclang",
	        "security.cert.env.InvalidPtr:InvalidatingGetEnv=true", "--analyze", "--analyzer-output", "sarif", "-o",
	        "/out/analyzer.sarif", "-Xclang" },
	    SPELL_JOINED, "-analyzer-checker=" },
	/* An own configuration on the command line keeps it from looking for files; the profile says which files it came to the end of. */
	{ "clang-tidy", "clang-tidy", is_checker,
	    { "--quiet", "--config={}", "--header-filter=^/src/", "--export-fixes=/out/fixes.yaml", "--enable-check-profile",
	        "--store-check-profile=/out/profile", GOES_ON_TIDY },
	    SPELL_JOINED, "--checks=-*," },
	{ "cppcheck", "cppcheck", is_checker,
	    { "--xml", "--xml-version=2", "--enable=warning,style,performance,portability", "--platform=unix64", "--library=posix",
	        "--max-configs=64", "--output-file=/out/cppcheck.xml" },
	    SPELL_ADDONS, "" },
	{ "flawfinder", "flawfinder", is_checker, { "--sarif", "--minlevel=0", "--neverignore" }, SPELL_NONE, "" },
	{ "assay", "assay", is_checker, { NULL }, SPELL_EACH, "" },
};

#define ROWS (sizeof rows / sizeof rows[0])

/* What is added when a check's name begins so. */
static const struct {
	const char *pass, *begin, *argument;
} extras[] = {
	{ "cppcheck", "misra-", "--addon=misra" },
	{ "cppcheck", "threadsafety-", "--addon=threadsafety" },
	{ "cppcheck", "y2038-", "--addon=y2038" },
	{ "cppcheck", "misc-", "--addon=misc" },
};

/* What comes first with SCA_EFFORT_BRIEF. clang's own limit is 225000 states of a function, which take seconds. */
static const struct {
	const char *pass, *arguments[BRIEF_MAX];
} briefs[] = {
	{ "clang-analyzer", { "-Xclang", "-analyzer-config", "-Xclang", "max-nodes=25000" } },
};

#define BRIEFS (sizeof briefs / sizeof briefs[0])
#define EXTRAS (sizeof extras / sizeof extras[0])

/* ---- names ---- */

/* Letters, digits and what stands in names of checks; a comma, a blank or a second option in it would be more than a name. */
static bool
is_name(const char *check)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	size_t len = strlen(check);
	size_t begin = begins(check, "-W") ? 2 : 0;
	if (len > SCA_CHECK_NAME_MAX || len == begin || strchr(letters, check[begin]) == NULL)
		return false;
	for (const char *p = check + begin; *p != '\0'; p++) {
		if (strchr(letters, *p) == NULL && strchr(".-_+=", *p) == NULL)
			return false;
	}
	/* What silences, or makes a fault of code of every warning. */
	return !begins(check, "-Wno-") && !begins(check, "-Werror") && !begins(check, "-Wfatal-errors");
}

bool
sca_check_split(const char *name, struct arena *arena, const char **ret_engine, const char **ret_check)
{
	const char *slash = strchr(name, '/');
	if (slash == NULL || slash == name || !is_name(slash + 1))
		return false;
	char *engine = arena_copy(arena, (struct assay_span) { (const unsigned char *)name, (size_t)(slash - name) });
	if (engine == NULL)
		return false;
	*ret_engine = engine;
	*ret_check = slash + 1;
	return true;
}

bool
sca_check_is(const char *planned, const char *reported)
{
	/* Warnings that engines tell under the name of another. */
	static const struct {
		const char *planned, *reported;
	} told[] = { { "-Wwrite-strings", "-Wdiscarded-qualifiers" } };
	size_t n = strcspn(planned, "=");
	for (size_t i = 0; i < sizeof told / sizeof told[0]; i++)
		if (strcmp(planned, told[i].planned) == 0 && strcmp(reported, told[i].reported) == 0)
			return true;
	return n > 0 && strncmp(planned, reported, n) == 0 && (reported[n] == '\0' || reported[n] == '=');
}

/* ---- arguments ---- */

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum assay_status
select_checks(const char *engine, const char *const *checks, size_t count, struct arena *arena, struct sca_options *o,
    struct assay_error *err)
{
	const char **own = arena_array(arena, count + 1, sizeof *own);
	size_t n = 0, kept = 0;
	if (own == NULL)
		return arena_full(err);
	for (size_t i = 0; i < count; i++) {
		const char *name = NULL, *check = NULL;
		if (!sca_check_split(checks[i], arena, &name, &check))
			return assay_fail(err, ASSAY_E_FORMAT, "'%s' can't be the name of an engine's check", checks[i]);
		if (strcmp(name, engine) == 0)
			own[n++] = check;
	}
	qsort(own, n, sizeof *own, by_name);
	for (size_t i = 0; i < n; i++) {
		if (kept == 0 || strcmp(own[kept - 1], own[i]) != 0)
			own[kept++] = own[i];
	}
	own[kept] = NULL;
	o->checks = own;
	o->check_count = kept;
	return ASSAY_OK;
}

struct taken {
	const struct row *row;
	const struct sca_options *options;
	struct arena *arena;
	const char **args;
	size_t count;
};

static bool
put(struct taken *t, const char *argument)
{
	t->args[t->count] = argument;
	return t->args[t->count++] != NULL;
}

static bool
put_joined(struct taken *t)
{
	CLEANUP(buf_done) struct buf all = BUF_INIT(DIGEST_INPUT_MAX);
	buf_add_str(&all, t->row->prefix);
	const char *comma = "";
	for (size_t i = 0; i < t->options->check_count; i++) {
		const char *check = t->options->checks[i];
		if (!t->row->takes(check))
			continue;
		buf_addf(&all, "%s%s", comma, check);
		comma = ",";
	}
	return all.status == ASSAY_OK && put(t, arena_str(t->arena, buf_str(&all)));
}

static bool
put_extras(struct taken *t)
{
	for (size_t e = 0; e < EXTRAS; e++) {
		bool wanted = false;
		for (size_t i = 0; i < t->options->check_count; i++)
			wanted = wanted || begins(t->options->checks[i], extras[e].begin);
		if (wanted && strcmp(extras[e].pass, t->row->pass) == 0 && !put(t, extras[e].argument))
			return false;
	}
	return true;
}

/* clang-tidy tells a compiler's warnings as checks, and has them only when they are switched on. */
static bool
put_diagnostics(struct taken *t)
{
	for (size_t i = 0; i < t->options->check_count; i++) {
		const char *check = t->options->checks[i];
		if (begins(check, DIAGNOSTIC) && strcmp(t->row->pass, "clang-tidy") == 0
		    && !put(t, arena_printf(t->arena, "--extra-arg=-W%s", check + sizeof DIAGNOSTIC - 1)))
			return false;
	}
	return true;
}

static bool
put_each(struct taken *t)
{
	for (size_t i = 0; i < t->options->check_count; i++) {
		if (t->row->takes(t->options->checks[i]) && !put(t, t->options->checks[i]))
			return false;
	}
	return true;
}

static void
put_brief(struct taken *t)
{
	for (size_t b = 0; b < BRIEFS; b++)
		for (size_t i = 0; i < BRIEF_MAX && strcmp(briefs[b].pass, t->row->pass) == 0; i++)
			put(t, briefs[b].arguments[i]);
}

static bool
put_all(struct taken *t, enum sca_effort effort)
{
	if (effort == SCA_EFFORT_BRIEF)
		put_brief(t);
	for (size_t i = 0; i < FIXED_MAX && t->row->fixed[i] != NULL; i++)
		put(t, t->row->fixed[i]);
	switch (t->row->spell) {
	case SPELL_EACH:
		return put_each(t);
	case SPELL_JOINED:
		return put_joined(t) && put_diagnostics(t);
	case SPELL_ADDONS:
		return put_extras(t);
	case SPELL_NONE:
		return true;
	}
	return false;
}

static bool
wants(const struct row *row, const struct sca_options *o)
{
	for (size_t i = 0; strcmp(row->engine, o->engine) == 0 && i < o->check_count; i++) {
		if (row->takes(o->checks[i]))
			return true;
	}
	return false;
}

/* Arguments hold no NUL, so that one after each can't be mistaken. */
static enum assay_status
seal(struct sca_options *o, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf all = BUF_INIT(2 * DIGEST_INPUT_MAX);
	unsigned char digest[ASSAY_SHA256_SIZE];
	buf_addf(&all, "assay-options 1\n%s\n", o->engine);
	for (size_t i = 0; i < o->pass_count; i++) {
		buf_addf(&all, "%s\n%zu\n", o->passes[i].name, o->passes[i].count);
		for (size_t j = 0; j < o->passes[i].count; j++)
			buf_add(&all, o->passes[i].args[j], strlen(o->passes[i].args[j]) + 1);
	}
	TRY(buf_status(&all, "options of an engine", err));
	if (assay_sha256(buf_span(&all), digest) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_INTERNAL, "can't hash the options of '%s'", o->engine);
	text_hex((struct assay_span) { digest, sizeof digest }, o->digest);
	return ASSAY_OK;
}

enum assay_status
sca_options_derive(const char *engine, enum sca_effort effort, const char *const *checks, size_t count, struct arena *arena,
    struct sca_options *ret_options, struct assay_error *err)
{
	struct sca_options o = { .engine = engine };
	struct sca_pass *passes = arena_array(arena, ROWS, sizeof *passes);
	if (!plan_engine_known(engine))
		return assay_fail(err, ASSAY_E_UNSUPPORTED, "there is no engine '%s'", engine);
	if (count > SCA_CHECKS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "more than %d checks", SCA_CHECKS_MAX);
	if (passes == NULL)
		return arena_full(err);
	TRY(select_checks(engine, checks, count, arena, &o, err));
	for (size_t i = 0; i < ROWS; i++) {
		if (!wants(&rows[i], &o))
			continue;
		struct taken t = { &rows[i], &o, arena, NULL, 0 };
		t.args = arena_array(arena, FIXED_MAX + BRIEF_MAX + EXTRAS + 2 * o.check_count + 2, sizeof *t.args);
		if (t.args == NULL || !put_all(&t, effort))
			return arena_full(err);
		passes[o.pass_count++] = (struct sca_pass) { rows[i].pass, t.args, t.count };
	}
	o.passes = passes;
	TRY(seal(&o, err));
	*ret_options = o;
	return ASSAY_OK;
}
