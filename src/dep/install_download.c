/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.install: programs that download, copy from elsewhere, clone and check, as tables.
 */
#include "install_words.h"

/* ---- checks ---- */

bool
install_is_check(const struct shell_command *c, const struct shell_pipeline *in)
{
	static const char always[] = "true : echo printf";
	struct words w;
	words_gather(c, &w);
	const char *name = w.program;
	/* "sha256sum -c FILE || true" checks for show. */
	const struct shell_command *otherwise = in->join == SHELL_OR && in->next != NULL ? in->next->first : NULL;
	if (CATCH(install_check_for_show, otherwise != NULL && shell_among(shell_name(shell_program(otherwise)), always)))
		return false;
	bool sums = shell_among(name, "sha256sum sha384sum sha512sum b2sum shasum gsha256sum") && words_have(&w, "-c --check --status -sc -cs");
	return sums || (strcmp(name, "gpg") == 0 && words_have(&w, "--verify")) || (strcmp(name, "gpgv") == 0)
	    || (shell_among(name, "cosign gh slsa-verifier") && shell_among(words_verb(&w, 0), "verify verify-blob verify-artifact attestation"))
	    || (shell_among(name, "minisign signify") && words_have(&w, "-V -Vm -Vx -Vq"))
	    || (strcmp(name, "openssl") == 0 && words_have(&w, "-verify -signature"));
}

bool
install_is_checkout(const struct shell_command *c)
{
	struct words w;
	words_gather(c, &w);
	if (strcmp(w.program, "git") != 0 || !words_have(&w, "checkout reset switch"))
		return false;
	for (size_t i = 0; i < w.count; i++) {
		if (w.items[i] != NULL && dep_full_id(w.items[i]))
			return true;
	}
	return false;
}

/* ---- downloads ---- */

static const struct shell_options curl_options = {
	.values = "--abstract-unix-socket --alt-svc --aws-sigv4 --cacert --capath --cert --cert-type --ciphers --config --connect-timeout "
		  "--connect-to --continue-at --cookie --cookie-jar --crlfile --curves --data --data-ascii --data-binary --data-raw "
		  "--data-urlencode --delegation --dns-servers --doh-url --dump-header --engine --etag-compare --etag-save "
		  "--expect100-timeout --form --form-string --ftp-account --ftp-method --ftp-port --header --hostpubmd5 --hostpubsha256 --hsts "
		  "--interface --json --keepalive-time --key --key-type --krb --libcurl --limit-rate --local-port --login-options "
		  "--mail-auth --mail-from --mail-rcpt --max-filesize --max-redirs --max-time --netrc-file --noproxy --output --output-dir "
		  "--parallel-max --pass --pinnedpubkey --preproxy --proto --proto-default --proto-redir --proxy --proxy-cacert "
		  "--proxy-capath --proxy-cert --proxy-header --proxy-key --proxy-pass --proxy-user --proxy1.0 --pubkey --quote --range "
		  "--rate --referer --request --request-target --resolve --retry --retry-delay --retry-max-time --socks4 --socks4a --socks5 "
		  "--socks5-hostname --speed-limit --speed-time --stderr --time-cond --tls-max --tls13-ciphers --trace --trace-ascii "
		  "--unix-socket --upload-file --url --url-query --user --user-agent --variable --write-out",
	.flags = "",
	.value_letters = "AbcCdDeEFhHKmoPQrtTuUwxXyYz",
	.flag_letters = "#:0123456BGIJLMNORSVZafgijklnpqsv",
};

static const struct shell_options wget_options = {
	.values = "--output-document --input-file --post-data --post-file --method --body-data --body-file --header --append-output --accept "
		  "--base --domains --execute --include-directories --level --output-file --directory-prefix --quota --reject --tries --timeout "
		  "--user-agent --wait --config --ca-certificate --ca-directory --certificate --private-key --user --password --referer "
		  "--limit-rate --load-cookies --save-cookies --bind-address --dns-timeout --connect-timeout --read-timeout --secure-protocol",
	.flags = "",
	.value_letters = "aABDeIiloOPQRtTUwn",
	.flag_letters = "qvcNdbSxrkKmpHLFE46hV",
};

/* Of several programs: the letters that name a file or a folder. */
static const struct shell_options other_options = {
	.values = "--output --dir --out --user --http-user --max-connection-per-server --split --session --auth --timeout",
	.flags = "",
	.value_letters = "odxsn",
	.flag_letters = "qvcaSkFhb",
};

/* Rows: programs, their options, whether they write a file unless told otherwise. */
static const struct downloader {
	const char *programs;
	const struct shell_options *options;
	bool saves;
} downloaders[] = {
	{ "curl curlie", &curl_options, false },
	{ "wget wget2", &wget_options, true },
	{ "aria2c axel fetch wcurl lwp-download lwp-mirror ftp ncftpget lftpget tftp snarf puf", &other_options, true },
	{ "http https httpie xh xhs", &other_options, false },
	{ "lwp-request GET lwp-dump lynx links elinks w3m lftp", &shell_no_options, false },
	{ "nc ncat netcat socat telnet", &shell_no_options, false },
};

/* What is known of one download. */
struct download {
	bool kept, sends, loose, settings, get;
};

enum effect { KEEPS, WRITES, SHOWS, SENDS, METHOD, GETS, LOOSE, SETTINGS };

/* Rows: whose options (NULL: of all), their names, the letter among others that says the same (0: none), what they do. */
static const struct {
	const struct shell_options *of;
	const char *names;
	char letter;
	enum effect effect;
} effects[] = {
	{ &curl_options, "--output -o", 0, WRITES },
	{ &curl_options, "--remote-name --remote-name-all", 'O', KEEPS },
	{ &curl_options, "--insecure --proxy-insecure", 'k', LOOSE },
	{ &curl_options, "--config -K", 0, SETTINGS },
	{ &curl_options, "--request -X", 0, METHOD },
	{ &curl_options, "--get", 'G', GETS },
	{ &curl_options, "--head", 'I', SENDS },
	{ &curl_options, "--data -d --data-raw --data-binary --data-urlencode --data-ascii --json --form -F --form-string --upload-file -T", 0,
	    SENDS },
	{ &wget_options, "--output-document -O", 0, WRITES },
	{ &wget_options, "--spider", 0, SHOWS },
	{ &wget_options, "--method", 0, METHOD },
	{ &wget_options, "--post-data --post-file --body-data --body-file", 0, SENDS },
	{ &other_options, "--output -o --out", 0, WRITES },
	{ &other_options, "--download", 0, KEEPS },
};

static bool
is_nowhere(const char *file)
{
	return file != NULL && shell_among(file, "/dev/null - /dev/stdout /dev/stderr");
}

static void
apply(const struct downloader *d, enum effect effect, const char *value, struct download *into)
{
	switch (effect) {
	case WRITES:
		/* One output may be thrown away, and another not. */
		into->kept = !is_nowhere(value) || (into->kept && !d->saves);
		break;
	case METHOD:
		into->sends |= value == NULL || !shell_among(value, "GET HEAD");
		break;
	case KEEPS:
		into->kept = true;
		break;
	case SHOWS:
		into->kept = false;
		break;
	case SENDS:
		into->sends = true;
		break;
	case GETS:
		into->get = true;
		break;
	case LOOSE:
		into->loose = true;
		break;
	case SETTINGS:
		into->settings = true;
		break;
	}
}

static struct download
read_download(const struct downloader *d, const struct shell_command *c)
{
	struct download found = { .kept = d->saves };
	struct shell_arguments args = { .at = shell_program(c)->next, .options = d->options };
	struct shell_argument a;
	enum shell_argument_kind kind;
	while ((kind = shell_next_argument(&args, &a)) != SHELL_ARGUMENT_END) {
		for (size_t i = 0; kind != SHELL_ARGUMENT_WORD && i < sizeof effects / sizeof effects[0]; i++) {
			bool letter = effects[i].letter != 0 && strchr(a.letters, effects[i].letter) != NULL;
			if (effects[i].of == d->options && (letter || (a.name[0] != '\0' && shell_among(a.name, effects[i].names))))
				apply(d, effects[i].effect, a.value, &found);
		}
	}
	found.sends &= !found.get;
	return found;
}

static bool
is_redirected(const struct shell_command *c)
{
	for (const struct shell_redirect *r = c->redirects; r != NULL; r = r->next) {
		bool out = (r->op[0] == '>' && strcmp(r->op, ">&") != 0) || strcmp(r->op, "&>") == 0;
		if (out && r->target != NULL && (r->target->text == NULL || !dep_starts(r->target->text, "/dev/")))
			return true;
	}
	return false;
}

/* What comes is unpacked, written or applied further down the pipe. */
static bool
is_piped_away(const struct shell_command *c)
{
	static const char keeping[] = "tar bsdtar unzip gunzip gzip xz unxz bunzip2 bzip2 zstd unzstd lz4 7z cpio tee dd sponge install gpg apt-key "
				      "dpkg rpm patch kubectl oc helm docker podman nerdctl ctr nix-store psql mysql sqlite3 at batch crontab ssh";
	for (const struct shell_command *d = c->next; d != NULL; d = d->next) {
		struct words w;
		words_gather(d, &w);
		bool git = strcmp(w.program, "git") == 0 && shell_among(words_verb(&w, 0), "apply am fast-import unpack-objects");
		if (git || is_redirected(d) || (*w.program != '\0' && shell_among(w.program, keeping)))
			return true;
	}
	return false;
}

static bool
is_own_machine(const char *url)
{
	const char *host = strstr(url, "://") != NULL ? strstr(url, "://") + 3 : url;
	return dep_starts(host, "localhost") || dep_starts(host, "127.0.0.1") || dep_starts(host, "[::1]");
}

static enum assay_status
find_kept(struct install *x, const struct shell_command *c, const char *what)
{
	if (CATCH(install_download_unchecked, x->last_check <= x->index))
		return dep_find(x->w, DEP_DOWNLOAD_UNCHECKED, install_place(x, c), what, "what comes from '%.200s' is kept without having been checked",
		    what != NULL ? what : "an address");
	return ASSAY_OK;
}

static enum assay_status
check_fetched(struct install *x, const struct shell_command *c, const struct words *w, const struct downloader *d)
{
	const char *url = words_url(w);
	struct download found = read_download(d, c);
	if (CATCH(install_download_loose, found.loose))
		TRY(dep_find(x->w, DEP_CHECK_DISABLED, install_place(x, c), w->program, "'%s' is told not to check what it gets", w->program));
	if (CATCH(install_download_settings, found.settings))
		return dep_find(x->w, DEP_INSTALL_UNCLEAR, install_place(x, c), w->program, "what '%s' fetches stands in a file of its settings",
		    w->program);
	if ((url != NULL && is_own_machine(url)) || found.sends)
		return ASSAY_OK;
	if (url != NULL)
		TRY(dep_refer_url(x->w, DEP_REF_SUPPLIER, url, install_place(x, c)));
	dep_judged(x->w, DEP_INSTALL, "downloads");
	return found.kept || is_redirected(c) || is_piped_away(c) ? find_kept(x, c, url) : ASSAY_OK;
}

/* ---- copies from other machines ---- */

static const struct shell_options scp_options = {
	.values = "", .flags = "", .value_letters = "cDFiJloPSX", .flag_letters = "346ABCOpqRrsTv",
};
static const struct shell_options rsync_options = {
	.values = "--rsh --exclude --include --exclude-from --include-from --files-from --filter --log-file --partial-dir --compare-dest "
		  "--link-dest --copy-dest --temp-dir --chmod --chown --port --password-file --bwlimit --timeout --rsync-path --out-format "
		  "--max-size --min-size --backup-dir --suffix --block-size --info --debug",
	.flags = "",
	.value_letters = "eBfMT",
	.flag_letters = "vqcarRbudlLkKHpEAXogDtOJSnWxyzPhi48smCI",
};

/* "host:path", "user@host:path", "host::module/path", "rsync://host/path" */
static bool
is_remote(const struct shell_word *w)
{
	const char *text = w->text != NULL ? w->text : w->raw + (w->raw[0] == '"');
	size_t n = strcspn(text, ":/");
	return (n > 0 && text[n] == ':' && text[0] != '.') || dep_is_url(text);
}

static enum assay_status
check_copied(struct install *x, const struct shell_command *c, const struct words *w)
{
	bool scp = shell_among(w->program, "scp sftp"), rsync = strcmp(w->program, "rsync") == 0;
	const struct shell_word *program = scp || rsync ? shell_program(c) : NULL, *before = NULL;
	if (program == NULL)
		return ASSAY_OK;
	struct shell_arguments args = { .at = program->next, .options = scp ? &scp_options : &rsync_options };
	struct shell_argument a;
	enum shell_argument_kind kind;
	dep_judged(x->w, DEP_INSTALL, "downloads");
	/* The last word is where it goes. */
	while ((kind = shell_next_argument(&args, &a)) != SHELL_ARGUMENT_END) {
		if (kind == SHELL_ARGUMENT_OPTION)
			continue;
		if (before != NULL && is_remote(before))
			return find_kept(x, c, before->raw);
		before = a.word;
	}
	bool alone = strcmp(w->program, "sftp") == 0 && before != NULL && strchr(before->raw, ':') != NULL;
	return alone ? find_kept(x, c, before->raw) : ASSAY_OK;
}

/* Rows: programs, their verbs in order, what a source begins with (NULL: any), an option without which it is the project's own. */
static const struct store {
	const char *programs, *first, *second, *source, *when;
} stores[] = {
	{ "aws", "s3", "cp sync mv", "s3://", NULL },
	{ "gsutil", "cp rsync mv", NULL, "gs://", NULL },
	{ "gcloud", "storage", "cp rsync", "gs://", NULL },
	{ "az", "storage", "blob copy file", NULL, "download download-batch" },
	{ "oras", "pull copy", NULL, NULL, NULL },
	{ "rclone", "copy sync copyto copyurl", NULL, NULL, NULL },
	{ "gh", "release", "download", NULL, "-R --repo" },
	{ "jf jfrog", "rt", "dl download", NULL, NULL },
	{ "ipfs", "get cat", NULL, NULL, NULL },
	{ "deno", "run", NULL, "https://", NULL },
	{ "kubectl oc", "apply create replace", NULL, "https://", NULL },
	{ "kubectl oc", "apply create replace", NULL, "http://", NULL },
	{ "dnf yum microdnf zypper rpm apt apt-get dpkg apk gdebi", NULL, NULL, "https://", NULL },
	{ "dnf yum microdnf zypper rpm apt apt-get dpkg apk gdebi", NULL, NULL, "http://", NULL },
};

static const char *
source_of(const struct store *s, const struct words *w)
{
	if (!shell_among(w->program, s->programs) || (s->first != NULL && !shell_among(words_verb(w, 0), s->first))
	    || (s->second != NULL && !shell_among(words_verb(w, 1), s->second)) || (s->when != NULL && !words_have(w, s->when)))
		return NULL;
	if (s->source == NULL)
		return w->program;
	/* The last is where it goes, if it isn't the only one. */
	for (size_t i = 0, last = w->count; i < last; i++) {
		bool source = w->items[i] != NULL && dep_starts(w->items[i], s->source);
		bool target = i + 1 == w->count && i > 0 && s->second != NULL;
		if (source && !target)
			return w->items[i];
	}
	return NULL;
}

static enum assay_status
check_stored(struct install *x, const struct shell_command *c, const struct words *w)
{
	for (size_t i = 0; i < sizeof stores / sizeof stores[0]; i++) {
		const char *source = source_of(&stores[i], w);
		if (source == NULL)
			continue;
		dep_judged(x->w, DEP_INSTALL, "downloads");
		if (dep_starts(source, "http"))
			return find_kept(x, c, source);
		if (CATCH(install_stored, x->last_check <= x->index))
			return dep_find(x->w, DEP_INSTALL_UNCLEAR, install_place(x, c), w->program,
			    "'%s' brings in '%.200s', and nothing behind it checks a digest", w->program, source);
		return ASSAY_OK;
	}
	return ASSAY_OK;
}

/* "< /dev/tcp/host/port": the shell fetches by itself. */
static enum assay_status
check_socket(struct install *x, const struct shell_command *c, const struct words *w)
{
	for (const struct shell_redirect *r = c->redirects; r != NULL; r = r->next) {
		const char *target = r->target != NULL && r->target->raw != NULL ? r->target->raw + (r->target->raw[0] == '"') : "";
		bool fetches = r->op[0] == '<' && r->op[1] != '<' && (dep_starts(target, "/dev/tcp/") || dep_starts(target, "/dev/udp/"));
		if (c->words == NULL || shell_among(w->program, ": true") || !CATCH(install_socket, fetches))
			continue;
		return dep_find(x->w, DEP_INSTALL_UNCLEAR, install_place(x, c), target, "what comes from '%.200s' isn't known, nor what becomes of it",
		    target);
	}
	return ASSAY_OK;
}

enum assay_status
install_by_download(struct install *x, const struct shell_command *c, const struct words *w)
{
	TRY(check_socket(x, c, w));
	for (size_t i = 0; i < sizeof downloaders / sizeof downloaders[0]; i++) {
		if (shell_among(w->program, downloaders[i].programs))
			return check_fetched(x, c, w, &downloaders[i]);
	}
	TRY(check_copied(x, c, w));
	return check_stored(x, c, w);
}

/* ---- clones ---- */

static const struct cloner {
	const char *programs, *first, *second;
	bool address;  /* only with an address that is written out */
	bool by_commit; /* there is a way to a full commit id */
} cloners[] = {
	{ "git", "clone", NULL, false, true },
	{ "git", "fetch pull", NULL, true, true },
	{ "git", "subtree", "add pull", false, true },
	{ "git", "submodule", "add", false, false },
	{ "git", "archive", NULL, true, true },
	{ "gh", "repo", "clone", false, true },
	{ "hg", "clone pull", NULL, false, true },
	{ "svn", "checkout co export switch", NULL, false, false },
	{ "bzr brz", "branch checkout co get clone", NULL, false, false },
	{ "cvs", "checkout co export", NULL, false, false },
	{ "fossil darcs pijul", "clone get", NULL, false, false },
	{ "repo gclient", "init sync", NULL, false, false },
};

static bool
names_commit(const struct words *w)
{
	for (size_t i = 0; i < w->count; i++) {
		if (w->items[i] != NULL && dep_full_id(w->items[i]))
			return true;
	}
	return false;
}

/* "--remote=URL" of git archive. */
static bool
has_address(const struct words *w)
{
	for (size_t i = 0; i < w->count; i++) {
		const char *equals = w->items[i] != NULL ? strchr(w->items[i], '=') : NULL;
		if (equals != NULL && (dep_is_url(equals + 1) || dep_starts(equals + 1, "git@")) && w->items[i][0] == '-')
			return true;
	}
	return words_url(w) != NULL;
}

static bool
is_clone(const struct install *x, const struct cloner *r, const struct words *w)
{
	if (!shell_among(w->program, r->programs) || !shell_among(words_verb(w, 0), r->first)
	    || (r->second != NULL && !shell_among(words_verb(w, 1), r->second)))
		return false;
	return !r->address || has_address(w) || x->remote_added;
}

/* "git remote add NAME URL": what is fetched afterwards may come from there. */
static bool
adds_remote(const struct words *w)
{
	return strcmp(w->program, "git") == 0 && strcmp(words_verb(w, 0), "remote") == 0 && shell_among(words_verb(w, 1), "add set-url")
	    && words_url(w) != NULL;
}

static const struct cloner *
find_cloner(const struct install *x, const struct words *w)
{
	for (size_t i = 0; i < sizeof cloners / sizeof cloners[0]; i++) {
		if (is_clone(x, &cloners[i], w))
			return &cloners[i];
	}
	return NULL;
}

enum assay_status
install_by_clone(struct install *x, const struct shell_command *c, const struct words *w)
{
	const char *url = words_url(w);
	const struct cloner *r = find_cloner(x, w);
	bool follows = strcmp(w->program, "git") == 0 && words_have(w, "submodule") && words_have(w, "update") && words_have(w, "--remote");
	x->remote_added |= adds_remote(w);
	if (r == NULL && !follows)
		return ASSAY_OK;
	dep_judged(x->w, DEP_INSTALL, "commands that install");
	if (r != NULL && url != NULL)
		TRY(dep_refer_url(x->w, DEP_REF_REPOSITORY, url, install_place(x, c)));
	bool pinned = r != NULL && r->by_commit && (names_commit(w) || x->last_checkout > x->index);
	if (CATCH(install_clone, follows || !pinned))
		return dep_find(x->w, DEP_CLONE_UNPINNED, install_place(x, c), url, "%s '%.200s' takes whatever is there",
		    follows ? "an update of submodules from" : "a clone of", url != NULL ? url : "a repository");
	return ASSAY_OK;
}
