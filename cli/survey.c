/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What 'assay init' sees: people and keys out of the history, files by their names.
 */
#include "survey.h"

#include <base/cleanup.h>
#include <base/folder.h>
#include <base/text.h>
#include <base/unconst.h>
#include <base/when.h>
#include <dirent.h>
#include <fcntl.h>
#include <sca/language.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX 3
#define ENTRIES_MAX 200000

/* ------------------------------------------------------------------ people */

struct people {
	const struct history *h;
	uint32_t *by_email;  /* commit indices sorted by email */
	uint32_t *group_of;  /* commit index → group */
	uint32_t *parent;    /* union-find over groups: emails that one key signed for are one person */
	uint32_t groups;
};

static int
compare_emails(const void *a, const void *b, void *ctx)
{
	const struct history *h = ctx;
	struct assay_span x = h->commits[*(const uint32_t *)a].email;
	struct assay_span y = h->commits[*(const uint32_t *)b].email;
	size_t n = x.len < y.len ? x.len : y.len;
	int r = n == 0 ? 0 : strncasecmp((const char *)x.data, (const char *)y.data, n);
	return r != 0 ? r : (x.len > y.len) - (x.len < y.len);
}

static uint32_t
root_of(uint32_t *parent, uint32_t i)
{
	while (parent[i] != i) {
		parent[i] = parent[parent[i]];
		i = parent[i];
	}
	return i;
}

static enum assay_status
group_commits(struct people *p, struct arena *arena, struct assay_error *err)
{
	uint32_t n = p->h->commit_count;
	p->by_email = arena_array(arena, n + 1, sizeof *p->by_email);
	p->group_of = arena_array(arena, n + 1, sizeof *p->group_of);
	p->parent = arena_array(arena, n + 1, sizeof *p->parent);
	if (p->by_email == NULL || p->group_of == NULL || p->parent == NULL)
		return arena_full(err);
	for (uint32_t i = 0; i < n; i++)
		p->by_email[i] = i;
	qsort_r(p->by_email, n, sizeof *p->by_email, compare_emails, unconst(p->h));
	for (uint32_t i = 0; i < n; i++) {
		bool same = i > 0 && compare_emails(&p->by_email[i - 1], &p->by_email[i],
		    unconst(p->h)) == 0;
		if (!same)
			p->parent[p->groups] = p->groups, p->groups++;
		p->group_of[p->by_email[i]] = p->groups - 1;
	}
	return ASSAY_OK;
}

static bool
proposes_key(const struct history *h, const struct history_commit *c)
{
	return c->signature.result == SIG_VALID && c->signature.key != HISTORY_NONE &&
	    !h->keys[c->signature.key].by_certificate;
}

/* Joins the emails that one key signed for. key_group: the group of each key, HISTORY_NONE when unused. */
static void
join_by_key(struct people *p, uint32_t *key_group)
{
	for (uint32_t i = 0; i < p->h->key_count; i++)
		key_group[i] = HISTORY_NONE;
	for (uint32_t i = 0; i < p->h->commit_count; i++) {
		const struct history_commit *c = &p->h->commits[i];
		if (!proposes_key(p->h, c))
			continue;
		uint32_t group = root_of(p->parent, p->group_of[i]);
		uint32_t *slot = &key_group[c->signature.key];
		if (*slot == HISTORY_NONE)
			*slot = group;
		else
			p->parent[group] = root_of(p->parent, *slot);
	}
}

static void
give_keys(struct survey_person *person, const struct history *h, struct people *p,
    const uint32_t *key_group, uint32_t group, uint32_t *room)
{
	person->keys = room;
	for (uint32_t k = 0; k < h->key_count; k++) {
		if (key_group[k] != HISTORY_NONE && root_of(p->parent, key_group[k]) == group)
			person->keys[person->key_count++] = k;
	}
}

/* "alice-1" out of alice@example.com. */
static const char *
person_id(struct arena *arena, struct assay_span email, size_t number)
{
	char id[48];
	size_t n = 0;
	for (size_t i = 0; i < email.len && email.data[i] != '@' && n < 32; i++) {
		unsigned char ch = email.data[i] | 0x20;
		if ((ch >= 'a' && ch <= 'z') || (email.data[i] >= '0' && email.data[i] <= '9'))
			id[n++] = (char)(email.data[i] >= 'A' ? ch : email.data[i]);
	}
	id[n] = '\0';
	return arena_printf(arena, "%s%s%zu", n == 0 ? "person" : id, n == 0 ? "" : "-", number);
}

static enum assay_status
list_people(struct people *p, const uint32_t *key_group, struct arena *arena, struct survey *s,
    struct assay_error *err)
{
	const struct history *h = p->h;
	uint32_t *seen = arena_array(arena, (size_t)p->groups + 1, sizeof *seen);
	uint32_t *room = arena_array(arena, (size_t)h->key_count + 1, sizeof *room);
	s->people = arena_array(arena, SURVEY_PEOPLE_MAX, sizeof *s->people);
	if (seen == NULL || room == NULL || s->people == NULL)
		return arena_full(err);
	for (uint32_t i = 0; i < h->commit_count; i++) {
		uint32_t at = p->by_email[i], own = p->group_of[at];
		uint32_t group = root_of(p->parent, own);
		if (seen[own] != 0) {
			s->people[seen[own] - 1].commits++;
			continue;
		}
		if (s->person_count == SURVEY_PEOPLE_MAX) {
			s->people_cut = true;
			break;
		}
		struct survey_person *person = &s->people[s->person_count++];
		seen[own] = (uint32_t)s->person_count;
		person->email = h->commits[at].email;
		person->commits = 1;
		person->group = group;
		person->id = person_id(arena, person->email, s->person_count);
		if (person->id == NULL)
			return arena_full(err);
		if (group == own) {
			give_keys(person, h, p, key_group, group, room);
			room += person->key_count;
		}
	}
	return ASSAY_OK;
}

enum assay_status
survey_history(const struct history *h, struct arena *arena, struct survey *s,
    struct assay_error *err)
{
	struct people p = { .h = h };
	TRY(group_commits(&p, arena, err));
	uint32_t *key_group = arena_array(arena, (size_t)h->key_count + 1, sizeof *key_group);
	if (key_group == NULL)
		return arena_full(err);
	join_by_key(&p, key_group);
	TRY(list_people(&p, key_group, arena, s, err));
	s->commits = h->commit_count;
	s->first_use = arena_array(arena, (size_t)h->key_count + 1, sizeof *s->first_use);
	if (s->first_use == NULL)
		return arena_full(err);
	for (uint32_t k = 0; k < h->key_count; k++)
		s->first_use[k] = WHEN_MAX;
	for (uint32_t i = 0; i < h->commit_count; i++) {
		const struct history_signature *sig = &h->commits[i].signature;
		if (sig->key != HISTORY_NONE && h->commits[i].time < s->first_use[sig->key])
			s->first_use[sig->key] = h->commits[i].time;
		s->unsigned_commits += sig->result == SIG_UNSIGNED;
		s->foreign_signatures += sig->result == SIG_UNSUPPORTED;
	}
	for (uint32_t i = 0; i < h->tag_count; i++)
		s->unsigned_tags += h->tags[i].signature.result == SIG_UNSIGNED;
	return ASSAY_OK;
}

/* ------------------------------------------------------------------- files */

static const struct {
	const char *what;
	const char *pattern; /* over the path in the repository */
} tells[] = {
	{ "pipeline (GitHub Actions)", ".github/workflows/*.yml" },
	{ "pipeline (GitHub Actions)", ".github/workflows/*.yaml" },
	{ "pipeline (GitLab CI)", ".gitlab-ci.yml" },
	{ "pipeline (Azure Pipelines)", "azure-pipelines.yml" },
	{ "pipeline (Jenkins)", "Jenkinsfile" },
	{ "owners", "CODEOWNERS" },
	{ "owners", ".github/CODEOWNERS" },
	{ "lock file (npm)", "**package-lock.json" },
	{ "lock file (yarn)", "**yarn.lock" },
	{ "lock file (pnpm)", "**pnpm-lock.yaml" },
	{ "lock file (cargo)", "**Cargo.lock" },
	{ "lock file (go)", "**go.sum" },
	{ "lock file (poetry)", "**poetry.lock" },
	{ "lock file (uv)", "**uv.lock" },
	{ "lock file (pip)", "**requirements*.txt" },
	{ "dependencies (CMake)", "**CMakeLists.txt" },
	{ "dependencies (Meson)", "**meson.build" },
	{ "dependencies (Meson wrap)", "subprojects/*.wrap" },
	{ "dependencies (submodules)", ".gitmodules" },
	{ "dependencies (west)", "west.yml" },
	{ "image", "**Dockerfile" },
	{ "key file", "**id_rsa" },
	{ "key file", "**id_ecdsa" },
	{ "key file", "**id_ed25519" },
	{ "key file", "**.p12" },
	{ "key file", "**.pfx" },
	{ "key file", "**.key" },
	{ "key or certificate file", "**.pem" },
};

struct walk {
	struct arena *arena;
	struct survey *s;
	size_t entries;
};

static void
tell(struct walk *w, const char *path)
{
	struct assay_span span = assay_span_str(path);
	for (size_t i = 0; i < sizeof tells / sizeof tells[0]; i++) {
		if (!text_match(assay_span_str(tells[i].pattern), span))
			continue;
		const char *copy = arena_str(w->arena, path);
		if (copy != NULL && w->s->found_count < SURVEY_FOUND_MAX)
			w->s->found[w->s->found_count++] =
			    (struct survey_found){ tells[i].what, copy };
		return;
	}
}

/* By its ending. */
static void
tell_language(struct walk *w, const char *path)
{
	const struct sca_language *l = sca_language_of(path);
	if (l == NULL)
		return;
	for (size_t i = 0; i < w->s->language_count; i++) {
		if (strcmp(w->s->languages[i].what, l->name) != 0)
			continue;
		/* Whatever order a folder is read in, the same file is named. */
		const char *earlier = strcmp(path, w->s->languages[i].path) < 0 ? arena_str(w->arena, path) : NULL;
		if (earlier != NULL)
			w->s->languages[i].path = earlier;
		return;
	}
	const char *copy = arena_str(w->arena, path);
	if (copy != NULL && w->s->language_count < SURVEY_LANGUAGES_MAX)
		w->s->languages[w->s->language_count++] = (struct survey_found){ l->name, copy };
}

static void walk_folder(struct walk *w, int fd, const char *prefix, unsigned depth);

static void
walk_entry(struct walk *w, int folder, const char *prefix, const char *name, unsigned depth)
{
	struct stat st;
	char path[1024];
	int n = snprintf(path, sizeof path, "%s%s%s", prefix, prefix[0] == '\0' ? "" : "/", name);
	if (n < 0 || (size_t)n >= sizeof path ||
	    fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	if (S_ISREG(st.st_mode)) {
		tell(w, path);
		tell_language(w, path);
	}
	if (!S_ISDIR(st.st_mode) || depth == DEPTH_MAX)
		return;
	int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0)
		walk_folder(w, fd, path, depth + 1);
}

/* Takes fd. */
static void
walk_folder(struct walk *w, int fd, const char *prefix, unsigned depth)
{
	DIR *dir = fdopendir(fd);
	if (dir == NULL) {
		(void)close(fd);
		return;
	}
	for (const struct dirent *e; w->entries < ENTRIES_MAX && (e = folder_next(dir)) != NULL;) {
		w->entries++;
		if (strcmp(e->d_name, ".git") != 0)
			walk_entry(w, dirfd(dir), prefix, e->d_name, depth);
	}
	(void)closedir(dir);
}

static int
compare_found(const void *a, const void *b)
{
	const struct survey_found *x = a, *y = b;
	int r = strcmp(x->what, y->what);
	return r != 0 ? r : strcmp(x->path, y->path);
}

enum assay_status
survey_files(const struct repository *r, struct arena *arena, struct survey *s,
    struct assay_error *err)
{
	struct walk w = { .arena = arena, .s = s };
	int fd = open(r->work_tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't open '%s'", r->work_tree);
	walk_folder(&w, fd, "", 0);
	qsort(s->found, s->found_count, sizeof s->found[0], compare_found);
	qsort(s->languages, s->language_count, sizeof s->languages[0], compare_found);
	return ASSAY_OK;
}
