/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal.operator: which files the instructions may run and copy. It isn't the name that counts: the verifier is the very file whose digest was
 * to be compared, and its copies, as long as nothing was written over them; what was verified is the very folder that it was asked about.
 */
#include "operator.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define OPERANDS_MAX 32

/* ---- paths ---- */

/* Takes out "." and empty parts. False where ".." stands, which a link may lead anywhere. */
static bool
tidy(char *path)
{
	char *out = path + (path[0] == '/');
	for (const char *at = path; *at != '\0'; at += *at == '/') {
		const size_t len = strcspn(at, "/");
		if (len == 2 && at[0] == '.' && at[1] == '.')
			return false;
		if (len > 0 && !(len == 1 && at[0] == '.')) {
			if (out > path && out[-1] != '/')
				*out++ = '/';
			memmove(out, at, len);
			out += len;
		}
		at += len;
	}
	*out = '\0';
	return true;
}

/* Seen from the folder that the page begins in. NULL when it isn't told by the words: patterns, "..", another's home. */
static enum assay_status
path_of(const struct operator_page *p, const char *text, const char **ret_path)
{
	const bool own = text[0] == '/' || text[0] == '~';
	const bool told = text[0] != '\0' && text[strcspn(text, "*?[{")] == '\0' && (text[0] != '~' || text[1] == '/');
	*ret_path = NULL;
	if (!told)
		return ASSAY_OK;
	char *path = arena_printf(p->b->c->arena, "%s/%s", own ? "" : p->folder, text);
	if (path == NULL)
		return arena_full(p->b->err);
	if (tidy(path))
		*ret_path = path[0] == '\0' ? "." : path;
	return ASSAY_OK;
}

static enum assay_status
path_of_word(const struct operator_page *p, const struct shell_word *w, const char **ret_path)
{
	*ret_path = NULL;
	/* A quoted "~" is a folder of that name. */
	return w->text == NULL || (w->text[0] == '~' && w->raw[0] != '~') ? ASSAY_OK : path_of(p, w->text, ret_path);
}

/* It is the folder, or lies in it. */
static bool
is_under(const char *path, const char *folder)
{
	const size_t len = strlen(folder);
	if (strcmp(folder, ".") == 0 || strcmp(folder, "/") == 0)
		return (path[0] == '/') == (folder[0] == '/');
	return strncmp(path, folder, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

static const char *
last_part(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash == NULL ? path : slash + 1;
}

/* ---- what is known ---- */

static bool
knows(const struct operator_page *p, const char *path, enum operator_kind kind)
{
	for (size_t i = 0; path != NULL && i < p->known_count; i++) {
		if (p->known[i].kind == kind && strcmp(p->known[i].path, path) == 0)
			return true;
	}
	return false;
}

static bool
knows_verifier(const struct operator_page *p)
{
	for (size_t i = 0; i < p->known_count; i++) {
		if (p->known[i].kind == OPERATOR_VERIFIER)
			return true;
	}
	return false;
}

/* One too many isn't known, so that it won't be trusted. */
static void
add(struct operator_page *p, const char *path, enum operator_kind kind)
{
	if (path != NULL && p->known_count < COUNT(p->known) && !knows(p, path, kind))
		p->known[p->known_count++] = (struct operator_known){ path, kind };
}

static bool
is_touched(const char *known, const char *path)
{
	return CATCH(operator_written_over, is_under(known, path) || is_under(path, known));
}

/* What was mounted stays known: it is there or was. */
static bool
is_forgotten(const struct operator_known *k, const char *path)
{
	return k->kind != OPERATOR_MOUNTED && is_touched(k->path, path);
}

/* Something else may lie at this path from now on, and in it. */
static void
forget(struct operator_page *p, const char *path)
{
	size_t kept = 0;
	for (size_t i = 0; i < p->known_count; i++) {
		if (!is_forgotten(&p->known[i], path))
			p->known[kept++] = p->known[i];
	}
	p->known_count = kept;
	if (p->shown != NULL && is_touched(p->shown, path))
		p->shown = NULL;
}

/* ---- the digest ---- */

static bool
shows_digest(const struct shell_word *option)
{
	static const char *const harmless[] = { "-b", "-t", "--binary", "--tag", "--text" };
	for (size_t i = 0; i < COUNT(harmless); i++) {
		if (strcmp(option->text, harmless[i]) == 0)
			return true;
	}
	return false;
}

enum assay_status
operator_digest(struct operator_page *p, const struct shell_word *program, bool surely)
{
	bool odd = false;
	for (const struct shell_word *w = program->next; w != NULL; w = w->next)
		odd = odd || (w->text[0] == '-' && !shows_digest(w));
	if (CATCH(operator_digest_option, odd) || CATCH(operator_digest_hidden, !surely))
		return ASSAY_OK;
	for (const struct shell_word *w = program->next; w != NULL; w = w->next) {
		const char *path = NULL;
		if (strcmp(shell_name(w), p->program) != 0)
			continue;
		TRY(path_of_word(p, w, &path));
		p->ambiguous = p->ambiguous || (p->shown != NULL && path != NULL && strcmp(p->shown, path) != 0);
		p->shown = path;
	}
	return ASSAY_OK;
}

void
operator_block_begins(struct operator_page *p)
{
	p->shown = NULL;
	p->ambiguous = false;
}

/* Who pastes a block has run all of it before comparing anything. */
void
operator_block_ends(struct operator_page *p)
{
	/* Of two programs the digest of one was printed, so that the other wasn't compared with anything. */
	if (!CATCH(operator_digest_twice, p->ambiguous || knows_verifier(p)))
		add(p, p->shown, OPERATOR_VERIFIER);
}

/* ---- what is run ---- */

enum assay_status
operator_may_run(const struct operator_page *p, const struct shell_word *program, bool *ret_may)
{
	static const char *const folders[] = { "/usr/local/bin", "/usr/local/sbin", "/usr/bin", "/usr/sbin", "/bin", "/sbin" };
	const char *path = NULL;
	*ret_may = false;
	if (strchr(program->text, '/') != NULL) {
		TRY(path_of_word(p, program, &path));
		*ret_may = knows(p, path, OPERATOR_VERIFIER);
		return ASSAY_OK;
	}
	for (size_t i = 0; i < COUNT(folders) && !*ret_may; i++) {
		path = arena_printf(p->b->c->arena, "%s/%s", folders[i], program->text);
		if (path == NULL)
			return arena_full(p->b->err);
		*ret_may = knows(p, path, OPERATOR_VERIFIER);
	}
	return ASSAY_OK;
}

enum assay_status
operator_verified(struct operator_page *p, const struct shell_word *tree, const char *seal)
{
	const char *path = NULL, *beside = NULL;
	TRY(path_of_word(p, tree, &path));
	if (path == NULL)
		return ASSAY_OK;
	if (seal == NULL) {
		beside = arena_printf(p->b->c->arena, "%s.seal", path);
		if (beside == NULL)
			return arena_full(p->b->err);
	} else if (seal[0] != '~') {
		TRY(path_of(p, seal, &beside));
	}
	add(p, path, OPERATOR_VERIFIED);
	add(p, beside, OPERATOR_VERIFIED);
	return ASSAY_OK;
}

/* ---- where it is run ---- */

enum assay_status
operator_cd(struct operator_page *p, const struct shell_word *program, bool surely, bool *ret_read)
{
	const struct shell_word *to = program->next;
	const char *path = NULL;
	if (to != NULL && to->next == NULL && to->text[0] != '-')
		TRY(path_of_word(p, to, &path));
	*ret_read = !CATCH(operator_cd_unread, path == NULL || !surely);
	if (path != NULL)
		p->folder = path;
	return ASSAY_OK;
}

/* Programs and options that change nothing about where. */
static const struct mounter {
	const char *name;
	const char *flags[6], *values[2];
	size_t operands; /* the last one is the place */
} mounters[] = {
	{ "mount", { "-r", "-v", "-w", "--bind", "--read-only", NULL }, { "-o", "-t" }, 2 },
	{ "umount", { "-v", NULL }, { NULL, NULL }, 1 },
};

static bool
is_one_of(const char *const *words, size_t count, const char *word)
{
	for (size_t i = 0; i < count && words[i] != NULL; i++) {
		if (strcmp(words[i], word) == 0)
			return true;
	}
	return false;
}

/* The folder at which it is mounted, or was; NULL where that isn't told. Devices are mounted anywhere, and links lead there. */
static enum assay_status
place_of(const struct operator_page *p, const struct mounter *m, const struct shell_word *program, const char **ret_place)
{
	const struct shell_word *last = NULL;
	size_t operands = 0;
	*ret_place = NULL;
	for (const struct shell_word *w = program->next; w != NULL; w = w->next) {
		if (is_one_of(m->values, COUNT(m->values), w->text) && w->next != NULL) {
			w = w->next;
		} else if (!is_one_of(m->flags, COUNT(m->flags), w->text)) {
			last = w;
			operands += w->text[0] == '-' ? m->operands + 1 : 1;
		}
	}
	if (last == NULL || operands != m->operands || last->text[0] != '/')
		return ASSAY_OK;
	TRY(path_of_word(p, last, ret_place));
	if (*ret_place != NULL && is_under(*ret_place, "/dev"))
		*ret_place = NULL;
	return ASSAY_OK;
}

/* Whether something lies there that the page looked at: else it may be a file whose content was mounted elsewhere. */
static bool
is_in_use(const struct operator_page *p, const char *place)
{
	for (size_t i = 0; i < p->known_count; i++) {
		if (is_under(p->known[i].path, place))
			return true;
	}
	return false;
}

static void
forget_verified(struct operator_page *p)
{
	size_t kept = 0;
	for (size_t i = 0; i < p->known_count; i++) {
		if (p->known[i].kind != OPERATOR_VERIFIED)
			p->known[kept++] = p->known[i];
	}
	p->known_count = kept;
}

/* Of what lay on a stick nothing holds for the next one. What else is taken away must be told by its place. */
enum assay_status
operator_mount(struct operator_page *p, const struct shell_word *program)
{
	const bool away = strcmp(program->text, mounters[1].name) == 0;
	const char *place = NULL;
	if (program->next == NULL)
		return ASSAY_OK;
	TRY(place_of(p, &mounters[away], program, &place));
	if (away && place != NULL && !is_in_use(p, place))
		place = NULL;
	if (CATCH(operator_memory_covered, p->pinned != NULL && (place == NULL || is_under(p->pinned, place) || is_under(place, p->pinned))))
		p->pinned = NULL;
	if (CATCH(operator_umount_verified, away))
		forget_verified(p);
	if (!away || CATCH(operator_umount_anywhere, place == NULL))
		forget(p, "/");
	else if (place != NULL)
		forget(p, place);
	forget(p, ".");
	if (!away)
		add(p, place, OPERATOR_MOUNTED);
	return ASSAY_OK;
}

/* ---- what is remembered ---- */

/* It comes with the delivery, lies on what is taken away, or doesn't last. */
static bool
is_brought(const struct operator_page *p, const char *path)
{
	static const char *const passing[] = { "/dev", "/media", "/mnt", "/proc", "/run", "/tmp", "/var/tmp" };
	if (path[0] != '/' || p->known_count == COUNT(p->known))
		return true;
	for (size_t i = 0; i < COUNT(passing); i++) {
		if (is_under(path, passing[i]))
			return true;
	}
	for (size_t i = 0; i < p->known_count; i++) {
		if (p->known[i].kind != OPERATOR_VERIFIER && is_under(path, p->known[i].path))
			return true;
	}
	return strcmp(p->folder, "/") != 0 && is_under(path, p->folder);
}

enum assay_status
operator_memory(struct operator_page *p, struct operator_at at, const char *state, const char **ret_path, bool *ret_kept)
{
	*ret_path = NULL;
	*ret_kept = true;
	if (state[0] == '/')
		TRY(path_of(p, state, ret_path));
	if (CATCH(operator_memory_relative, *ret_path == NULL)) {
		*ret_kept = false;
		return operator_say(p, true, "memory-not-kept", at, "the folder of --state isn't told by a full path, so that it is another one elsewhere");
	}
	if (CATCH(operator_memory_brought, *ret_path != NULL && is_brought(p, *ret_path))) {
		*ret_kept = false;
		return operator_say(p, true, "memory-not-kept", at, "the folder of --state comes with the delivery, or doesn't stay on this machine");
	}
	return ASSAY_OK;
}

/* ---- what is shown ---- */

/* Part of a delivery that was verified, or a file of this machine. */
static bool
may_be_shown(const struct operator_page *p, const char *path)
{
	for (size_t i = 0; path != NULL && i < p->known_count; i++) {
		if (p->known[i].kind == OPERATOR_VERIFIED && is_under(path, p->known[i].path))
			return true;
	}
	return path != NULL && !is_brought(p, path);
}

/* What a file holds may move on the screen, and write over a digest that was shown there. */
enum assay_status
operator_show(struct operator_page *p, struct operator_at at, const struct shell_word *program)
{
	static const char *const lengths[] = { "-c", "-n" };
	const bool counts = strcmp(program->text, "head") == 0 || strcmp(program->text, "tail") == 0;
	for (const struct shell_word *w = program->next; w != NULL; w = w->next) {
		const char *path = NULL;
		if (counts && is_one_of(lengths, COUNT(lengths), w->text) && w->next != NULL) {
			w = w->next;
			continue;
		}
		if (w->text[0] == '-')
			continue;
		TRY(path_of_word(p, w, &path));
		if (CATCH(operator_shown_unverified, !may_be_shown(p, path)))
			return operator_say(p, false, "shown-unverified", at, "it shows a file that wasn't verified");
	}
	return ASSAY_OK;
}

/* ---- what is copied ---- */

/* What changes how it is copied, and not what or where to. */
static const struct copier {
	const char *name;
	const char *flags, *values; /* letters */
	char makes;                 /* the letter by which it makes folders and copies nothing */
	const char *names[8];       /* "=" where a value must stand */
} copiers[] = {
	{ "cp", "HLPRadfprv", "", '\0', { "--archive", "--dereference", "--force", "--no-dereference", "--preserve", "--preserve=", "--recursive", "--verbose" } },
	{ "install", "CDcdpv", "gmo", 'd', { "--group=", "--mode=", "--owner=", "--preserve-timestamps", "--verbose" } },
};

struct copy {
	const struct shell_word *operands[OPERANDS_MAX];
	size_t count;
	bool odd, makes;
};

static bool
is_name(const struct copier *k, const char *option)
{
	for (size_t i = 0; i < COUNT(k->names) && k->names[i] != NULL; i++) {
		const size_t len = strlen(k->names[i]);
		if (strncmp(option, k->names[i], len) == 0 && (option[len] == '\0' || option[len - 1] == '='))
			return true;
	}
	return false;
}

/* *at is the last word that was taken, NULL where there is none. */
static void
take_letters(struct copy *y, const struct copier *k, const struct shell_word **at)
{
	y->odd = y->odd || (*at)->text[1] == '\0';
	for (const char *l = (*at)->text + 1; *l != '\0'; l++) {
		if (strchr(k->values, *l) != NULL) {
			if (l[1] == '\0')
				*at = (*at)->next;
			y->odd = y->odd || *at == NULL;
			return;
		}
		y->odd = y->odd || strchr(k->flags, *l) == NULL;
		y->makes = y->makes || *l == k->makes;
	}
}

static struct copy
read_copy(const struct shell_word *program)
{
	const struct copier *k = strcmp(program->text, copiers[0].name) == 0 ? &copiers[0] : &copiers[1];
	struct copy y = { .count = 0 };
	for (const struct shell_word *w = program->next; w != NULL; w = w->next) {
		if (w->text[0] == '-' && w->text[1] == '-')
			y.odd = y.odd || !is_name(k, w->text);
		else if (w->text[0] == '-')
			take_letters(&y, k, &w);
		else if (y.count < OPERANDS_MAX)
			y.operands[y.count++] = w;
		else
			y.odd = true;
		if (w == NULL)
			break;
	}
	return y;
}

/* Where programs are found by their name. */
static bool
is_among_programs(const char *to)
{
	return strstr(to, "/bin/") != NULL || strstr(to, "/sbin/") != NULL || strcmp(last_part(to), "bin") == 0 || strcmp(last_part(to), "sbin") == 0;
}

static enum assay_status
judge_source(const struct operator_page *p, struct operator_at at, const struct shell_word *w, const char *to, bool *ret_verifier)
{
	const char *path = NULL;
	TRY(path_of_word(p, w, &path));
	const bool named = path != NULL && strcmp(last_part(path), p->program) == 0;
	*ret_verifier = knows(p, path, OPERATOR_VERIFIER);
	if (*ret_verifier || knows(p, path, OPERATOR_VERIFIED))
		return ASSAY_OK;
	/* Before it is compared it may have to be copied to where programs may be run. */
	const bool early = named && !knows_verifier(p) && !is_among_programs(to);
	if (CATCH(operator_copy_unchecked, named && !early))
		return operator_say(p, true, "verifier-unchecked", at, "a program is copied as the verifier whose digest nobody compared");
	if (CATCH(operator_copy_unverified, !named))
		return operator_say(p, false, "copied-unverified", at, "it isn't the very folder that was verified, nor its seal, nor the verifier that was compared");
	return ASSAY_OK;
}

/* Where a copy of the verifier lies then: at a path that ends with its name, else in that folder. */
static enum assay_status
add_copy(struct operator_page *p, const struct shell_word *from, const struct shell_word *to, const char *path)
{
	const bool folder = to->text[strlen(to->text) - 1] == '/' || strcmp(last_part(path), p->program) != 0;
	if (folder)
		path = arena_printf(p->b->c->arena, "%s/%s", strcmp(path, "/") == 0 ? "" : path, shell_name(from));
	if (path == NULL)
		return arena_full(p->b->err);
	add(p, strncmp(path, "./", 2) == 0 ? path + 2 : path, OPERATOR_VERIFIER);
	return ASSAY_OK;
}

enum assay_status
operator_copy(struct operator_page *p, struct operator_at at, const struct shell_word *program, bool surely)
{
	struct copy y = read_copy(program);
	bool is_verifier[OPERANDS_MAX] = { false };
	const char *to = NULL;
	if (y.count > 0)
		TRY(path_of_word(p, y.operands[y.count - 1], &to));
	if (CATCH(operator_copy_unread, y.odd || (!y.makes && (!surely || y.count < 2 || to == NULL))))
		return operator_say(p, false, "command-unread", at, "what this copies, and where to, isn't told by its words");
	if (y.makes || to == NULL)
		return ASSAY_OK;
	for (size_t i = 0; i + 1 < y.count; i++)
		TRY(judge_source(p, at, y.operands[i], to, &is_verifier[i]));
	forget(p, to);
	if (CATCH(operator_memory_copied, p->pinned != NULL && (is_under(p->pinned, to) || is_under(to, p->pinned))))
		p->pinned = NULL;
	for (size_t i = 0; i + 1 < y.count; i++) {
		if (is_verifier[i])
			TRY(add_copy(p, y.operands[i], y.operands[y.count - 1], to));
	}
	return ASSAY_OK;
}
