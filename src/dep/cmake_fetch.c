/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.c-sources: the commands of CMake that fetch something, and programs that it starts to do so.
 */
#include "cmake.h"
#include "fetch.h"
#include "started.h"

enum key {
	KEY_NONE,
	KEY_GIT,
	KEY_TAG,
	KEY_URL,
	KEY_HASH,
	KEY_MD5,
	KEY_OTHER,
	KEY_GITHUB,
	KEY_GITLAB,
	KEY_BITBUCKET,
	KEY_URI,
	KEY_VERSION,
	KEY_DOWNLOAD, /* a program of their own fetches */
	KEY_COMMAND,
	KEY_IGNORED,
	KEYS,
};

static const struct {
	const char *word;
	enum key key;
} keywords[] = {
	{ "GIT_REPOSITORY", KEY_GIT },
	{ "GIT_TAG", KEY_TAG },
	{ "URL", KEY_URL },
	{ "URL_HASH", KEY_HASH },
	{ "EXPECTED_HASH", KEY_HASH },
	{ "URL_MD5", KEY_MD5 },
	{ "EXPECTED_MD5", KEY_MD5 },
	{ "SVN_REPOSITORY", KEY_OTHER },
	{ "HG_REPOSITORY", KEY_OTHER },
	{ "CVS_REPOSITORY", KEY_OTHER },
	{ "GITHUB_REPOSITORY", KEY_GITHUB },
	{ "GITLAB_REPOSITORY", KEY_GITLAB },
	{ "BITBUCKET_REPOSITORY", KEY_BITBUCKET },
	{ "URI", KEY_URI },
	{ "VERSION", KEY_VERSION },
	{ "DOWNLOAD_COMMAND", KEY_DOWNLOAD },
	{ "PATCH_COMMAND", KEY_COMMAND },
	{ "UPDATE_COMMAND", KEY_COMMAND },
	{ "CONFIGURE_COMMAND", KEY_COMMAND },
	{ "BUILD_COMMAND", KEY_COMMAND },
	{ "INSTALL_COMMAND", KEY_COMMAND },
	{ "TEST_COMMAND", KEY_COMMAND },
	{ "COMMAND", KEY_COMMAND },
	{ "NAME", KEY_IGNORED },
	{ "PREFIX", KEY_IGNORED },
	{ "TMP_DIR", KEY_IGNORED },
	{ "STAMP_DIR", KEY_IGNORED },
	{ "LOG_DIR", KEY_IGNORED },
	{ "DOWNLOAD_DIR", KEY_IGNORED },
	{ "DOWNLOAD_NAME", KEY_IGNORED },
	{ "DOWNLOAD_NO_EXTRACT", KEY_IGNORED },
	{ "DOWNLOAD_EXTRACT_TIMESTAMP", KEY_IGNORED },
	{ "DOWNLOAD_NO_PROGRESS", KEY_IGNORED },
	{ "DOWNLOAD_ONLY", KEY_IGNORED },
	{ "SOURCE_DIR", KEY_IGNORED },
	{ "SOURCE_SUBDIR", KEY_IGNORED },
	{ "BINARY_DIR", KEY_IGNORED },
	{ "INSTALL_DIR", KEY_IGNORED },
	{ "SUBBUILD_DIR", KEY_IGNORED },
	{ "TIMEOUT", KEY_IGNORED },
	{ "INACTIVITY_TIMEOUT", KEY_IGNORED },
	{ "HTTP_USERNAME", KEY_IGNORED },
	{ "HTTP_PASSWORD", KEY_IGNORED },
	{ "HTTP_HEADER", KEY_IGNORED },
	{ "HTTPHEADER", KEY_IGNORED },
	{ "TLS_VERIFY", KEY_IGNORED },
	{ "TLS_CAINFO", KEY_IGNORED },
	{ "STATUS", KEY_IGNORED },
	{ "LOG", KEY_IGNORED },
	{ "GIT_REMOTE_NAME", KEY_IGNORED },
	{ "GIT_SUBMODULES", KEY_IGNORED },
	{ "GIT_SUBMODULES_RECURSE", KEY_IGNORED },
	{ "GIT_SHALLOW", KEY_IGNORED },
	{ "GIT_PROGRESS", KEY_IGNORED },
	{ "GIT_CONFIG", KEY_IGNORED },
	{ "GIT_REMOTE_UPDATE_STRATEGY", KEY_IGNORED },
	{ "SVN_REVISION", KEY_IGNORED },
	{ "HG_TAG", KEY_IGNORED },
	{ "CVS_TAG", KEY_IGNORED },
	{ "CVS_MODULE", KEY_IGNORED },
	{ "UPDATE_DISCONNECTED", KEY_IGNORED },
	{ "CMAKE_ARGS", KEY_IGNORED },
	{ "CMAKE_CACHE_ARGS", KEY_IGNORED },
	{ "CMAKE_GENERATOR", KEY_IGNORED },
	{ "DEPENDS", KEY_IGNORED },
	{ "BUILD_IN_SOURCE", KEY_IGNORED },
	{ "BUILD_BYPRODUCTS", KEY_IGNORED },
	{ "EXCLUDE_FROM_ALL", KEY_IGNORED },
	{ "SYSTEM", KEY_IGNORED },
	{ "FIND_PACKAGE_ARGS", KEY_IGNORED },
	{ "OVERRIDE_FIND_PACKAGE", KEY_IGNORED },
	{ "QUIET", KEY_IGNORED },
	{ "OPTIONS", KEY_IGNORED },
	{ "PATCHES", KEY_IGNORED },
	{ "WORKING_DIRECTORY", KEY_IGNORED },
	{ "OUTPUT_VARIABLE", KEY_IGNORED },
	{ "RESULT_VARIABLE", KEY_IGNORED },
	{ "ERROR_VARIABLE", KEY_IGNORED },
};

struct parsed {
	const char *values[KEYS]; /* the last of each; NULL with seen: it can't be told */
	size_t seen[KEYS];
	bool unclear;             /* something stands where a keyword may */
};

static enum key
key_of(const char *text)
{
	for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
		if (strcmp(keywords[i].word, text) == 0)
			return keywords[i].key;
	}
	return KEY_NONE;
}

/* Only the first value of a keyword counts, but for mirrors of a URL, of which the first stands for all. */
static void
parse(const struct cmake_values *v, size_t from, struct parsed *p)
{
	enum key now = KEY_NONE;
	bool fresh = false;
	*p = (struct parsed){ 0 };
	for (size_t i = from; i < v->count; i++) {
		const char *text = v->items[i].text;
		enum key key = text != NULL ? key_of(text) : KEY_NONE;
		bool list = now == KEY_COMMAND || now == KEY_DOWNLOAD || now == KEY_IGNORED;
		if (key != KEY_NONE) {
			now = key;
			fresh = true;
			p->seen[key]++;
			continue;
		}
		/* What can't be told may be a keyword with its value. */
		if (text == NULL && !fresh && !list)
			p->unclear = true;
		if (fresh)
			p->values[now] = text;
		fresh = false;
	}
}

static bool
is_unclear(const struct parsed *p)
{
	static const enum key matter[] = { KEY_GIT, KEY_TAG, KEY_URL, KEY_HASH, KEY_MD5, KEY_GITHUB, KEY_GITLAB, KEY_BITBUCKET, KEY_URI };
	bool unclear = p->unclear;
	for (size_t i = 0; i < sizeof matter / sizeof matter[0]; i++)
		unclear = unclear || p->seen[matter[i]] > 1 || (p->seen[matter[i]] == 1 && p->values[matter[i]] == NULL);
	return unclear;
}

/* ---- programs that fetch ---- */

static bool
starts_command(const char *text)
{
	enum key key = text != NULL ? key_of(text) : KEY_NONE;
	return key == KEY_COMMAND || key == KEY_DOWNLOAD;
}

/* Where the words of a command end, beside at the keywords above. */
static bool
ends_command(const char *text)
{
	static const char *const words[] = { "OUTPUT", "MAIN_DEPENDENCY", "BYPRODUCTS", "IMPLICIT_DEPENDS", "DEPFILE", "JOB_POOL",
		"COMMENT", "VERBATIM", "APPEND", "USES_TERMINAL", "COMMAND_EXPAND_LISTS", "SOURCES", "POST_BUILD", "PRE_BUILD", "PRE_LINK",
		"RESULTS_VARIABLE", "INPUT_FILE", "OUTPUT_FILE", "ERROR_FILE", "OUTPUT_QUIET", "ERROR_QUIET", "COMMAND_ECHO",
		"ECHO_OUTPUT_VARIABLE", "ECHO_ERROR_VARIABLE", "OUTPUT_STRIP_TRAILING_WHITESPACE", "ERROR_STRIP_TRAILING_WHITESPACE",
		"ENCODING", "COMMAND_ERROR_IS_FATAL" };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (strcmp(words[i], text) == 0)
			return true;
	}
	return key_of(text) != KEY_NONE;
}

static enum assay_status
check_commands(struct cmake_run *r, const struct cmake_frame *f, const struct cmake_values *v)
{
	struct started *s = arena_alloc(r->arena, sizeof *s);
	if (s == NULL)
		return arena_full(r->w->err);
	for (size_t i = 0; i + 1 < v->count; i++) {
		if (!starts_command(v->items[i].text))
			continue;
		const struct cmake_arg *a = v->items[i + 1].arg;
		*s = (struct started){ .folder = f->folder, .place = { f->file->path, a->line, a->column } };
		for (size_t k = i + 1; k < v->count && (v->items[k].text == NULL || !ends_command(v->items[k].text)); k++)
			started_add(s, v->items[k].text, v->items[k].arg->text);
		TRY(started_check(r->w, s));
	}
	return ASSAY_OK;
}

/* ---- FetchContent, ExternalProject, file(DOWNLOAD) ---- */

static enum assay_status
check_parsed(struct cmake_run *r, const struct cmake_frame *f, const struct cmake_command *c, const char *name,
    const struct parsed *p)
{
	struct fetch x = { .name = name != NULL ? name : c->name, .git = p->values[KEY_GIT], .tag = p->values[KEY_TAG],
		.url = p->values[KEY_URL], .hash = p->values[KEY_HASH], .place = { f->file->path, c->line, c->column } };
	x.unclear = is_unclear(p) || (p->seen[KEY_DOWNLOAD] > 0 && (p->values[KEY_DOWNLOAD] == NULL || *p->values[KEY_DOWNLOAD] != '\0'));
	x.other = p->seen[KEY_OTHER] > 0 ? arena_printf(r->arena, "'%s'", p->values[KEY_OTHER] != NULL ? p->values[KEY_OTHER] : "")
					 : NULL;
	if (x.hash == NULL && p->values[KEY_MD5] != NULL)
		x.hash = arena_printf(r->arena, "MD5=%s", p->values[KEY_MD5]);
	/* A repository of the tree itself. */
	if (x.git != NULL && dep_starts(x.git, "<tree>/"))
		x.git = NULL;
	bool fetches = x.unclear || x.other != NULL || x.git != NULL || x.url != NULL;
	return fetches ? fetch_check(r->w, &x) : ASSAY_OK;
}

static enum assay_status
do_declare(struct cmake_run *r, const struct cmake_frame *f, const struct cmake_command *c, const struct cmake_values *v)
{
	struct parsed p;
	parse(v, 1, &p);
	/* FetchContent_Populate(NAME) alone fetches what was declared. */
	TRY(check_parsed(r, f, c, v->count > 0 ? v->items[0].text : NULL, &p));
	return check_commands(r, f, v);
}

/* file(DOWNLOAD url [file] ...) */
static enum assay_status
do_file(struct cmake_run *r, const struct cmake_frame *f, const struct cmake_command *c, const struct cmake_values *v)
{
	struct parsed p;
	if (v->count < 2 || v->items[0].text == NULL || strcmp(v->items[0].text, "DOWNLOAD") != 0)
		return ASSAY_OK;
	size_t from = 2;
	if (from < v->count && (v->items[from].text == NULL || key_of(v->items[from].text) == KEY_NONE))
		from++;
	parse(v, from, &p);
	p.seen[KEY_URL] = 1;
	p.values[KEY_URL] = v->items[1].text;
	return check_parsed(r, f, c, v->items[1].text, &p);
}

static enum assay_status
do_command(struct cmake_run *r, const struct cmake_frame *f, const struct cmake_command *c, const struct cmake_values *v)
{
	(void)c;
	return check_commands(r, f, v);
}

/* install(CODE text): the text is CMake's, and runs when what was built is installed. */
static enum assay_status
do_install(struct cmake_run *r, const struct cmake_frame *f, const struct cmake_command *c, const struct cmake_values *v)
{
	struct dep_place place = { f->file->path, c->line, c->column };
	for (size_t i = 0; i + 1 < v->count; i++) {
		struct cmake_command *inner = NULL;
		size_t count = 0;
		const char *text = v->items[i + 1].text;
		if (v->items[i].text == NULL || strcmp(v->items[i].text, "CODE") != 0)
			continue;
		/* References in it may be filled in only then: what is written counts. */
		text = text != NULL ? text : v->items[i + 1].arg->text;
		enum assay_status status = cmake_parse(assay_span_str(text), f->file->path, r->arena, &inner, &count, r->w->err);
		if (status == ASSAY_E_MEMORY)
			return status;
		assay_error_clear(r->w->err);
		bool starts = status != ASSAY_OK;
		for (size_t k = 0; k < count && !starts; k++)
			starts = strcmp(inner[k].name, "execute_process") == 0 || strcmp(inner[k].name, "include") == 0
			    || (strcmp(inner[k].name, "file") == 0 && inner[k].args != NULL && strcmp(inner[k].args->text, "DOWNLOAD") == 0);
		if (CATCH(cmake_install_code, starts))
			TRY(dep_find(r->w, DEP_FETCH_UNCLEAR, place, "install", "install(CODE) starts or takes in what isn't followed"));
	}
	return ASSAY_OK;
}

/* ---- CPM ---- */

/* "gh:owner/name" as an address; NULL for what is one already. */
static char *
expand_forge(struct cmake_run *r, const char *text)
{
	static const struct {
		const char *prefix, *host;
	} hosts[] = { { "gh:", "https://github.com/" }, { "gl:", "https://gitlab.com/" }, { "bb:", "https://bitbucket.org/" } };
	for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
		if (dep_starts(text, hosts[i].prefix))
			return arena_printf(r->arena, "%s%s.git", hosts[i].host, text + strlen(hosts[i].prefix));
	}
	return NULL;
}

/* Cuts the version off a repository's address: behind the '@' that comes after the host. */
static char *
cut_version(char *text)
{
	char *authority = strstr(text, "://");
	char *path = authority != NULL ? strchr(authority + 3, '/') : text;
	char *version = path != NULL ? strchr(path, '@') : NULL;
	if (version != NULL)
		*version++ = '\0';
	return version;
}

/* "gh:owner/name@1.2#tag", "https://host/x.zip#SHA256=...", "https://host/x.git@1.2" */
static enum assay_status
parse_uri(struct cmake_run *r, const char *uri, struct parsed *p)
{
	char *text = arena_str(r->arena, uri);
	if (text == NULL)
		return arena_full(r->w->err);
	char *tag = strchr(text, '#');
	if (tag != NULL)
		*tag++ = '\0';
	bool archive = dep_is_url(text) && !dep_ends(text, ".git") && strstr(text, ".git@") == NULL;
	p->seen[archive ? KEY_URL : KEY_GIT]++;
	if (archive) {
		p->values[KEY_URL] = text;
		p->values[KEY_HASH] = tag != NULL ? tag : p->values[KEY_HASH];
		return ASSAY_OK;
	}
	char *version = cut_version(text), *git = expand_forge(r, text);
	p->values[KEY_GIT] = git != NULL ? git : text;
	if (tag != NULL || version != NULL) {
		p->seen[KEY_TAG]++;
		p->values[KEY_TAG] = tag != NULL ? tag : version;
	}
	return ASSAY_OK;
}

static enum assay_status
name_forge(struct cmake_run *r, struct parsed *p, enum key key, const char *host)
{
	if (p->seen[key] == 0 || p->values[key] == NULL)
		return ASSAY_OK;
	p->seen[KEY_GIT]++;
	p->values[KEY_GIT] = arena_printf(r->arena, "https://%s/%s.git", host, p->values[key]);
	return p->values[KEY_GIT] != NULL ? ASSAY_OK : arena_full(r->w->err);
}

static enum assay_status
do_cpm(struct cmake_run *r, const struct cmake_frame *f, const struct cmake_command *c, const struct cmake_values *v)
{
	struct parsed p;
	parse(v, 0, &p);
	const char *first = v->count > 0 ? v->items[0].text : NULL;
	const char *uri = p.values[KEY_URI];
	if (v->count == 1 || (first != NULL && key_of(first) == KEY_NONE))
		uri = first;
	if (v->count == 1 && first == NULL)
		p.unclear = true;
	if (uri != NULL)
		TRY(parse_uri(r, uri, &p));
	TRY(name_forge(r, &p, KEY_GITHUB, "github.com"));
	TRY(name_forge(r, &p, KEY_GITLAB, "gitlab.com"));
	TRY(name_forge(r, &p, KEY_BITBUCKET, "bitbucket.org"));
	/* A version is a tag. */
	if (p.values[KEY_TAG] == NULL && p.seen[KEY_TAG] == 0)
		p.values[KEY_TAG] = p.values[KEY_VERSION];
	TRY(check_parsed(r, f, c, uri != NULL ? uri : p.values[KEY_GIT], &p));
	return check_commands(r, f, v);
}

static const struct {
	const char *name;
	enum assay_status (*run)(struct cmake_run *r, const struct cmake_frame *f, const struct cmake_command *c,
	    const struct cmake_values *v);
} commands[] = {
	{ "fetchcontent_declare", do_declare },
	{ "fetchcontent_populate", do_declare },
	{ "externalproject_add", do_declare },
	{ "externalproject_add_step", do_command },
	{ "cpmaddpackage", do_cpm },
	{ "cpmfindpackage", do_cpm },
	{ "cpmdeclarepackage", do_declare },
	{ "file", do_file },
	{ "execute_process", do_command },
	{ "add_custom_command", do_command },
	{ "add_custom_target", do_command },
	{ "install", do_install },
};

bool
cmake_fetches(const char *name)
{
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		if (strcmp(commands[i].name, name) == 0)
			return true;
	}
	return false;
}

enum assay_status
cmake_fetch(struct cmake_run *r, const struct cmake_frame *f, const struct cmake_command *c, const struct cmake_values *v,
    bool *ret_known)
{
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		if (strcmp(commands[i].name, c->name) != 0)
			continue;
		*ret_known = true;
		return r->quiet ? ASSAY_OK : commands[i].run(r, f, c, v);
	}
	return ASSAY_OK;
}
