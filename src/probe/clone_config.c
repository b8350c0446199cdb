/* SPDX-License-Identifier: Apache-2.0 */
#include "clone.h"

#include <base/catch.h>
#include <base/text.h>
#include <evidence/clone.h>

/* When a key of the table is a finding; most are whatever their value. */
enum value_rule {
	ANY_VALUE,
	NOT_BOOLEAN,   /* a program's name where git also takes true and false */
	COMMAND,       /* begins with '!' */
	NOT_LFS,       /* another value than git-lfs itself writes */
	NOT_TRUE,      /* switched off */
	NOT_HERE,      /* a work tree that isn't the one looked at */
};

/*
 * Keys that change what git reads, verifies or says, or that start a program while it does. '*' stands for any
 * subsection, or at the end for anything. What developers set for themselves (user.*, credential.helper,
 * core.editor, core.sshCommand, remote.*.url) is not here.
 */
static const struct config_row {
	const char *pattern;
	enum value_rule rule;
	const char *note;
} rows[] = {
	{ "alias.*", COMMAND, "a git command that runs a program of the repository's choice" },
	{ "core.alternaterefscommand", ANY_VALUE, "a program that git runs while it fetches" },
	{ "core.attributesfile", ANY_VALUE, "decides which filters and drivers apply to which files" },
	{ "core.fsmonitor", NOT_BOOLEAN, "a program that git runs whenever it looks at the work tree" },
	{ "core.gitproxy", ANY_VALUE, "a program that git runs to reach a remote" },
	{ "core.hookspath", ANY_VALUE, "hooks come from another folder" },
	{ "core.pager", NOT_BOOLEAN, "a program through which git shows what it says" },
	{ "core.usereplacerefs", ANY_VALUE, "decides whether objects may stand in for others" },
	{ "core.worktree", NOT_HERE, "git looks at another work tree than this one" },
	{ "diff.*.command", ANY_VALUE, "a program that git runs to show changes" },
	{ "diff.*.textconv", ANY_VALUE, "a program whose output git shows instead of a file" },
	{ "diff.external", ANY_VALUE, "a program that git runs to show changes" },
	{ "extensions.partialclone", ANY_VALUE, "objects may be absent until a remote is asked" },
	{ "fetch.fsckobjects", NOT_TRUE, "fetched objects are not looked through for faults" },
	{ "fetch.fsck.*", ANY_VALUE, "decides which faults of fetched objects git reports" },
	{ "filter.*.clean", NOT_LFS, "a program that changes files on their way into the repository" },
	{ "filter.*.process", NOT_LFS, "a program that changes files on their way in and out" },
	{ "filter.*.smudge", NOT_LFS, "a program that changes files on their way out of the repository" },
	{ "fsck.*", ANY_VALUE, "decides which faults of objects git reports" },
	{ "gpg.*.program", ANY_VALUE, "the program whose word git takes for a signature" },
	{ "gpg.mintrustlevel", ANY_VALUE, "decides which signatures git calls good" },
	{ "gpg.program", ANY_VALUE, "the program whose word git takes for a signature" },
	{ "gpg.ssh.allowedsignersfile", ANY_VALUE, "decides whose signatures git calls good" },
	{ "gpg.ssh.defaultkeycommand", ANY_VALUE, "a program that git runs to sign" },
	{ "gpg.ssh.revocationfile", ANY_VALUE, "decides which keys git calls revoked" },
	{ "http.*.sslverify", NOT_TRUE, "whoever answers is taken for the remote" },
	{ "http.sslverify", NOT_TRUE, "whoever answers is taken for the remote" },
	{ "include.path", ANY_VALUE, "further configuration, which is not looked at" },
	{ "includeif.*.path", ANY_VALUE, "further configuration, which is not looked at" },
	{ "interactive.difffilter", ANY_VALUE, "a program through which git shows changes" },
	{ "mailmap.*", ANY_VALUE, "decides which names and addresses git shows for those in commits" },
	{ "merge.*.driver", ANY_VALUE, "a program that git runs to merge files" },
	{ "pager.*", NOT_BOOLEAN, "a program through which git shows what it says" },
	{ "protocol.*", ANY_VALUE, "decides which transports, also programs, git uses" },
	{ "receive.fsckobjects", NOT_TRUE, "received objects are not looked through for faults" },
	{ "receive.fsck.*", ANY_VALUE, "decides which faults of received objects git reports" },
	{ "remote.*.partialclonefilter", ANY_VALUE, "objects may be absent until a remote is asked" },
	{ "remote.*.promisor", ANY_VALUE, "objects may be absent until a remote is asked" },
	{ "remote.*.receivepack", ANY_VALUE, "a program that git runs to push" },
	{ "remote.*.uploadpack", ANY_VALUE, "a program that git runs to fetch" },
	{ "remote.*.vcs", ANY_VALUE, "a program that git runs to reach a remote" },
	{ "submodule.*.update", COMMAND, "a program that git runs to update a submodule" },
	{ "transfer.fsckobjects", NOT_TRUE, "objects of others are not looked through for faults" },
	{ "uploadpack.packobjectshook", ANY_VALUE, "a program that git runs to serve a fetch" },
	{ "url.*.insteadof", ANY_VALUE, "git fetches from another place than the address says" },
	{ "url.*.pushinsteadof", ANY_VALUE, "git pushes to another place than the address says" },
};

static bool
matches(const char *pattern, const char *key)
{
	const char *star = strchr(pattern, '*');
	if (star == NULL)
		return strcmp(pattern, key) == 0;
	const size_t before = (size_t)(star - pattern);
	const size_t after = strlen(star + 1);
	const size_t len = strlen(key);
	return len > before + after && strncmp(pattern, key, before) == 0
	    && strcmp(key + len - after, star + 1) == 0;
}

static bool
is_boolean(const struct gitconfig_entry *e)
{
	static const char *const words[] = { "", "true", "false", "yes", "no", "on", "off", "1", "0" };
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(e->value, words[i]) == 0)
			return true;
	return e->bare;
}

static bool
is_true(const struct gitconfig_entry *e)
{
	return e->bare || strcasecmp(e->value, "true") == 0 || strcasecmp(e->value, "yes") == 0
	    || strcasecmp(e->value, "on") == 0 || strcmp(e->value, "1") == 0;
}

static bool
is_lfs(const struct gitconfig_entry *e)
{
	static const char *const lines[][2] = {
		{ "filter.lfs.clean", "git-lfs clean -- %f" },
		{ "filter.lfs.smudge", "git-lfs smudge -- %f" },
		{ "filter.lfs.process", "git-lfs filter-process" },
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (strcmp(e->key, lines[i][0]) == 0 && strcmp(e->value, lines[i][1]) == 0)
			return true;
	return false;
}

/* Submodules and linked work trees carry core.worktree: it may only name the folder that was opened. */
static bool
is_here(const struct repository *r, const struct gitconfig_entry *e)
{
	CLEANUP(buf_done) struct buf path = BUF_INIT(PATH_TEXT_MAX);
	if (r->work_tree == NULL)
		return false;
	if (e->value[0] != '/')
		buf_addf(&path, "%s/", r->common_dir);
	buf_add_str(&path, e->value);
	CLEANUP(free_text) char *real = realpath(buf_str(&path), NULL);
	return real != NULL && strcmp(real, r->work_tree) == 0;
}

static bool
applies(const struct repository *r, const struct config_row *row, const struct gitconfig_entry *e)
{
	switch (row->rule) {
	case ANY_VALUE:
		return true;
	case NOT_BOOLEAN:
		return !is_boolean(e);
	case COMMAND:
		return e->value[0] == '!';
	case NOT_LFS:
		return !is_lfs(e);
	case NOT_TRUE:
		return !is_true(e);
	case NOT_HERE:
		return !is_here(r, e);
	}
	return true;
}

/* A subsection may be an address with a password in it. */
static const char *
harmless_key(struct clone_record *rec, const char *key)
{
	if (strstr(key, "://") == NULL && strchr(key, '@') == NULL)
		return key;
	const char *first = strchr(key, '.');
	const char *last = strrchr(key, '.');
	return arena_printf(rec->c->arena, "%.*s.(address).%s", (int)(first - key), key, last + 1);
}

static void
look_through(struct clone_record *rec, const struct gitconfig *config, const char *file)
{
	for (size_t i = 0; i < config->count; i++) {
		const struct gitconfig_entry *e = &config->entries[i];
		for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
			if (!matches(rows[k].pattern, e->key)
			    || !CATCH(config_key, applies(rec->c->repository, &rows[k], e)))
				continue;
			const char *key = harmless_key(rec, e->key);
			clone_add(rec, "config", key == NULL ? NULL : json_pack("{s:s, s:i, s:o, s:s}", "file", file,
			    "line", (int)e->line, "key", clone_text(key), "note", rows[k].note));
			break;
		}
	}
}

void
clone_config(struct clone_record *rec)
{
	const struct repository *r = rec->c->repository;
	look_through(rec, &r->config, "config");
	look_through(rec, &r->worktree_config, "config.worktree");
}
