/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The room engine by hand, for its suite.
 *
 *   enginetool discover                                      engines, versions, digests
 *   enginetool knows ENGINE/CHECK...                         which of them the engine has
 *   enginetool run [-c CACHE] [-t] [-w WORK] [-s SECONDS] [-d DATABASE|cmake|meson|bear] FOLDER CHECK...   every C file of FOLDER through all checks' engines
 *   enginetool demo [-c CACHE] FOLDER CHECK...               every file of FOLDER as a snippet
 *   enginetool read FORMAT FILE                              one output
 *   enginetool database ROOT FILE                            units of a compile database
 *
 * Prints a line a thing: "run ENGINE PASS STATE UNIT: WHY", "report ENGINE/CHECK PATH:LINE:COLUMN LEVEL MESSAGE".
 */
#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <code/lex.h>
#include <engine/engine.h>
#include <sca/language.h>
#include <ftw.h>
#include <ledger/cache.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILES_MAX 20000
#define OUTPUT_MAX ((size_t)1 << 30)

static struct arena *arena;
static struct engine_server *server;
static char *files[FILES_MAX];
static size_t file_count, root_len;

static _Noreturn void
die(const struct assay_error *err)
{
	fprintf(stderr, "enginetool: %s%s%s%s\n", err->what, err->file[0] ? " in " : "", err->file, err->todo);
	engine_server_stop(&server);
	exit(2);
}

#define MUST(call)                                                                                                                     \
	do {                                                                                                                           \
		if ((call) != ASSAY_OK)                                                                                                \
			die(&err);                                                                                                     \
	} while (0)

static void
show(const char *text)
{
	CLEANUP(buf_done) struct buf room = BUF_INIT(1u << 20);
	text_escape(&room, assay_span_str(text), false);
	fputs(buf_str(&room), stdout);
}

static void
show_reading(const char *engine, const struct sca_reading *r)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct sca_report *x = &r->reports[i];
		printf("report %s/%s %s", engine, x->check, x->outside ? "(outside) " : "");
		show(x->path);
		printf(":%u:%u %s%s ", x->line, x->column, x->level == SCA_ERROR ? "error" : x->level == SCA_NOTE ? "note" : "warning",
		    x->is_broken ? " (broken)" : x->suppressed ? " (suppressed)" : "");
		show(x->message);
		putchar('\n');
	}
}

/* ---- reading ---- */

static int
read_one(const char *format, const char *file)
{
	static const struct {
		const char *format;
		sca_reader *reader;
	} readers[] = { { "gcc-json", sca_read_gcc_json }, { "sarif", sca_read_sarif }, { "clang-dia", sca_read_clang_dia },
		{ "cppcheck-xml", sca_read_cppcheck }, { "tidy-yaml", sca_read_tidy } };
	static const char *const roots[] = { "file:///src/", "/src/", NULL };
	struct assay_error err = { .status = ASSAY_OK };
	struct file_view view;
	struct sca_reading r;
	MUST(file_view(file, (size_t)64 << 20, &view, &err));
	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
		if (strcmp(readers[i].format, format) != 0)
			continue;
		const struct sca_input in = { "engine", view.bytes, roots, "" };
		enum assay_status s = readers[i].reader(&in, arena, &r, &err);
		if (s != ASSAY_OK) {
			printf("unread %s: %s\n", assay_status_name(s), err.what);
			return 1;
		}
		show_reading("engine", &r);
		printf("%zu reports, %zu errors, %zu documents%s%s\n", r.count, r.errors, r.documents, r.broken ? ", broken: " : "",
		    r.broken ? r.broken : "");
	}
	file_view_done(&view);
	return 0;
}

/* ---- engines ---- */

static int
on_file(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st, (void)where;
	if (kind == FTW_F && file_count < FILES_MAX)
		files[file_count++] = strdup(path + root_len + 1);
	return 0;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
list_files(const char *folder)
{
	root_len = strlen(folder);
	nftw(folder, on_file, 64, FTW_PHYS);
	qsort(files, file_count, sizeof files[0], by_text);
}

static void
start(const char *work, bool trust, unsigned seconds)
{
	struct assay_error err = { .status = ASSAY_OK };
	const struct engine_server_options o = { .temporary = work, .trust_repository = trust, .seconds = seconds };
	MUST(engine_server_start(&o, &server, &err));
	static const char *const cages[] = { "bwrap", "none", "trusted" };
	printf("cage %s %s\n", cages[engine_server_cage(server)], engine_server_cage_why(server));
}

static int
discover(void)
{
	struct assay_error err = { .status = ASSAY_OK };
	struct engines all;
	start("/tmp", false, 0);
	MUST(engine_discover(server, arena, &all, &err));
	for (size_t i = 0; i < all.count; i++) {
		const struct engine *e = &all.list[i];
		printf("%s %s %s %s (%zu parts) %s%s\n", e->name, e->found ? "found" : e->in_process ? "own" : "missing", e->path,
		    e->digest, e->part_count, e->version, e->why ? e->why : "");
	}
	return 0;
}

static int
knows(char **names)
{
	struct assay_error err = { .status = ASSAY_OK };
	struct engines all;
	start("/tmp", false, 0);
	MUST(engine_discover(server, arena, &all, &err));
	for (; *names != NULL; names++) {
		const char *engine, *check;
		if (!sca_check_split(*names, arena, &engine, &check) || engine_find(&all, engine) == NULL) {
			printf("%s: no name\n", *names);
			continue;
		}
		enum assay_status s = engine_knows_check(server, engine_find(&all, engine), check, arena, &err);
		printf("%s: %s%s%s\n", *names, s == ASSAY_OK ? "known" : err.what, s == ASSAY_OK ? "" : " ", s == ASSAY_OK ? "" : err.todo);
	}
	return 0;
}

static void
show_output(const char *engine, struct assay_span bytes)
{
	struct assay_error err = { .status = ASSAY_OK };
	struct sca_output out;
	MUST(sca_output_read(bytes, "output", arena, &out, &err));
	for (size_t i = 0; i < out.count; i++) {
		struct sca_reading r;
		enum sca_state state;
		const char *why;
		MUST(sca_run_read(&out.runs[i], engine, arena, &r, &state, &why, &err));
		printf("run %s %s %s", engine, out.runs[i].pass, sca_state_name(state));
		for (size_t j = 0; j < out.runs[i].unit_count; j++) {
			putchar(' ');
			show(out.runs[i].units[j]);
		}
		printf("%s", why[0] ? ": " : "");
		show(why);
		putchar('\n');
		show_reading(engine, &r);
	}
}

struct set {
	struct sca_unit *units;
	const struct sca_snippets *snippets;
	size_t count;
	struct cache *cache;
};

static void
one_engine(const struct engine *e, const struct set *set, char **checks, size_t check_count)
{
	CLEANUP(buf_done) struct buf output = BUF_INIT(OUTPUT_MAX);
	struct assay_error err = { .status = ASSAY_OK };
	struct sca_options o;
	struct engine_tally t;
	MUST(sca_options_derive(e->name, SCA_EFFORT_FULL, (const char *const *)checks, check_count, arena, &o, &err));
	if (o.pass_count == 0 || e->in_process)
		return;
	sca_output_begin(&output);
	if (set->snippets != NULL) {
		MUST(engine_demonstrate(server, e, &o, set->snippets, set->cache, arena, &output, &t, &err));
	} else {
		const struct engine_job job = { e, &o, set->units, set->count, set->cache };
		MUST(engine_run(server, &job, arena, &output, &t, &err));
	}
	show_output(e->name, buf_span(&output));
	printf("tally %s %zu runs, %zu cached, %zu ran\n", e->name, t.runs, t.cached, t.states[SCA_RAN]);
}

static void
read_database(const char *path, struct set *set)
{
	struct assay_error err = { .status = ASSAY_OK };
	const struct sca_root roots[] = { { "/src", "/src" } };
	const struct sca_compile c = { path, roots, 1, "" };
	struct sca_database d;
	struct file_view view;
	MUST(file_view(path, (size_t)64 << 20, &view, &err));
	MUST(sca_compile_read(view.bytes, &c, arena, &d, &err));
	set->count = d.count;
	set->units = arena_array(arena, d.count + 1, sizeof *set->units);
	memcpy(set->units, d.units, d.count * sizeof *set->units);
	file_view_done(&view);
}

static const struct {
	const char *name;
	enum engine_build build;
} builds[] = { { "cmake", ENGINE_BUILD_CMAKE }, { "meson", ENGINE_BUILD_MESON }, { "bear", ENGINE_BUILD_BEAR } };

static void
configure(const char *name, struct set *set)
{
	static const struct sca_root roots[] = { { "/src", "/src" }, { "/build/tree", "/src" }, { "/build", "/build" } };
	const struct sca_root *first = strcmp(name, "bear") == 0 ? &roots[1] : &roots[0];
	const struct sca_compile c = { "compile_commands.json", first, (size_t)(roots + 3 - first), "" };
	struct assay_error err = { .status = ASSAY_OK };
	struct assay_span bytes;
	struct sca_database d;
	for (size_t i = 0; i < sizeof builds / sizeof builds[0]; i++) {
		if (strcmp(builds[i].name, name) != 0)
			continue;
		MUST(engine_configure(server, builds[i].build, arena, &bytes, &err));
		MUST(sca_compile_read(bytes, &c, arena, &d, &err));
		set->count = d.count;
		set->units = arena_array(arena, d.count + 1, sizeof *set->units);
		memcpy(set->units, d.units, d.count * sizeof *set->units);
		return;
	}
	read_database(name, set);
}

static void
fill(const char *folder, bool demo, const char *database, struct set *set)
{
	struct assay_error err = { .status = ASSAY_OK };
	list_files(folder);
	struct sca_snippet *snippets = arena_array(arena, file_count + 1, sizeof *snippets);
	struct sca_snippets *all = arena_alloc(arena, sizeof *all);
	const char **units = arena_array(arena, file_count + 1, sizeof *units);
	const char **headers = arena_array(arena, file_count + 1, sizeof *headers);
	size_t unit_count = 0, header_count = 0;
	for (size_t i = 0; i < file_count; i++) {
		struct file_view view;
		const char *whole = arena_printf(arena, "%s/%s", folder, files[i]);
		MUST(file_view(whole, (size_t)64 << 20, &view, &err));
		if (demo) {
			struct sca_snippet *s = &snippets[set->count++];
			*s = (struct sca_snippet) { .name = files[i], .bytes = view.bytes };
			MUST(assay_sha256(s->bytes, s->sha256));
		} else if (engine_add_source(server, files[i], view.bytes, &err) != ASSAY_OK) {
			printf("not added: %s\n", err.what);
		}
		if (sca_is_unit(files[i]))
			units[unit_count++] = files[i];
		if (sca_is_header(files[i]))
			headers[header_count++] = files[i];
	}
	if (demo) {
		*all = (struct sca_snippets) { snippets, set->count };
		set->snippets = all;
	} else if (database != NULL) {
		configure(database, set);
	} else {
		MUST(engine_files_units(units, unit_count, headers, header_count, arena, &set->units, &err));
		set->count = unit_count;
	}
}

static void
show_facts(const struct engines *all, const struct set *set)
{
	struct assay_error err = { .status = ASSAY_OK };
	struct engine_unit_facts *facts;
	MUST(engine_unit_facts(server, engine_find(all, "gcc"), set->units, set->count, set->cache, arena, &facts, &err));
	for (size_t i = 0; i < set->count; i++) {
		printf("facts ");
		show(set->units[i].path);
		printf(" %s headers", sca_state_name(facts[i].state));
		for (size_t j = 0; j < facts[i].header_count; j++) {
			putchar(' ');
			show(facts[i].headers[j]);
		}
		for (size_t j = 0; j < facts[i].seen_count; j++) {
			printf(" seen ");
			show(facts[i].seen[j].path);
			for (size_t k = 0; k < facts[i].seen[j].count; k++)
				printf(" %u", facts[i].seen[j].lines[k]);
		}
		printf("%s%s\n", facts[i].why[0] ? ": " : "", facts[i].why);
	}
}

static int
run(int argc, char **argv, bool demo)
{
	struct assay_error err = { .status = ASSAY_OK };
	struct engines all;
	struct set set = { .count = 0 };
	const char *cache = NULL, *database = NULL, *work = "/tmp";
	bool trust = false;
	unsigned seconds = 0;
	for (int c; (c = getopt(argc, argv, "+c:ts:d:w:")) != -1;) {
		if (c == 'c')
			cache = optarg;
		else if (c == 'd')
			database = optarg;
		else if (c == 'w')
			work = optarg;
		else if (c == 't')
			trust = true;
		else if (c == 's')
			seconds = (unsigned)strtoul(optarg, NULL, 10);
		else
			return 2;
	}
	start(work, trust, seconds);
	MUST(engine_discover(server, arena, &all, &err));
	if (cache != NULL)
		MUST(cache_open(arena_printf(arena, "%s/entries", cache), arena_printf(arena, "%s/key", cache), &set.cache, &err));
	fill(argv[optind], demo, database, &set);
	if (!demo)
		show_facts(&all, &set);
	for (size_t i = 0; i < all.count; i++)
		one_engine(&all.list[i], &set, argv + optind + 1, (size_t)(argc - optind - 1));
	cache_close(&set.cache);
	return 0;
}

static int
database(const char *root, const char *file)
{
	struct assay_error err = { .status = ASSAY_OK };
	const struct sca_root roots[] = { { root, "/src" } };
	const struct sca_compile c = { file, roots, 1, "" };
	struct file_view view;
	struct sca_database d;
	MUST(file_view(file, (size_t)64 << 20, &view, &err));
	if (sca_compile_read(view.bytes, &c, arena, &d, &err) != ASSAY_OK) {
		printf("unread: %s\n", err.what);
		return 1;
	}
	for (size_t i = 0; i < d.count; i++) {
		const struct sca_unit *u = &d.units[i];
		printf("unit ");
		show(u->path);
		for (size_t j = 0; j < u->arg_count; j++) {
			putchar(' ');
			show(u->args[j]);
		}
		for (size_t j = 0; j < u->silencer_count; j++)
			printf(" silencer=%s", u->silencers[j]);
		if (u->refused != NULL)
			printf(" refused: %s", u->refused);
		putchar('\n');
	}
	file_view_done(&view);
	return 0;
}

int
main(int argc, char **argv)
{
	int result = 2;
	if (arena_new((size_t)4 << 30, &arena) != ASSAY_OK)
		return 2;
	if (argc == 2 && strcmp(argv[1], "discover") == 0)
		result = discover();
	else if (argc > 2 && strcmp(argv[1], "knows") == 0)
		result = knows(argv + 2);
	else if (argc == 4 && strcmp(argv[1], "read") == 0)
		result = read_one(argv[2], argv[3]);
	else if (argc == 4 && strcmp(argv[1], "database") == 0)
		result = database(argv[2], argv[3]);
	else if (argc > 3 && (strcmp(argv[1], "run") == 0 || strcmp(argv[1], "demo") == 0))
		result = run(argc - 1, argv + 1, strcmp(argv[1], "demo") == 0);
	engine_server_stop(&server);
	arena_free(&arena);
	return result;
}
