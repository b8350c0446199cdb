/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.install: programs that install, download and check, as tables.
 */
#include "install.h"

#define WORDS_MAX 256

/* A command's words behind its program; text NULL: it can't be told. */
struct words {
	const char *items[WORDS_MAX];
	const char *raw[WORDS_MAX];
	size_t count;
};

static const char *
gather(const struct shell_command *c, struct words *ret_words)
{
	const struct shell_word *program = shell_program(c);
	ret_words->count = 0;
	for (const struct shell_word *w = program != NULL ? program->next : NULL; w != NULL && ret_words->count < WORDS_MAX; w = w->next) {
		ret_words->items[ret_words->count] = w->text;
		ret_words->raw[ret_words->count++] = w->raw;
	}
	return shell_name(program);
}

/* Whether one of the options, parted by blanks, is there, alone or with "=value". */
static bool
has_option(const struct words *w, const char *options)
{
	while (*options != '\0') {
		size_t n = strcspn(options, " ");
		for (size_t i = 0; i < w->count; i++) {
			const char *text = w->items[i];
			if (text != NULL && strncmp(text, options, n) == 0 && (text[n] == '\0' || text[n] == '='))
				return true;
		}
		options += n + (options[n] == ' ');
	}
	return false;
}

/* The n-th word that is no option, or "". */
static const char *
verb(const struct words *w, size_t n)
{
	for (size_t i = 0; i < w->count; i++) {
		if (w->items[i] != NULL && w->items[i][0] == '-')
			continue;
		if (n-- == 0)
			return w->items[i] != NULL ? w->items[i] : "";
	}
	return "";
}

static bool
is_among(const char *text, const char *list)
{
	while (*list != '\0') {
		size_t n = strcspn(list, " ");
		if (strlen(text) == n && strncmp(text, list, n) == 0)
			return true;
		list += n + (list[n] == ' ');
	}
	return false;
}

/* ---- installs ---- */

/*
 * Rows: program, its first verbs ("" for none), its second verbs or NULL, options with which it keeps to a lock ("" for never), what it is then.
 * The first row that fits counts.
 */
static const struct rule {
	const char *program, *verbs, *then, *unless;
	enum dep_matter matter;
} rules[] = {
	{ "npm", "install i in ins inst add isntall update up upgrade install-test it link", NULL, "--package-lock-only", DEP_INSTALL_UNLOCKED },
	{ "npm", "exec x", NULL, "--no --offline", DEP_INSTALL_NETWORK },
	{ "npm", "init create innit", NULL, "-y --yes", DEP_INSTALL_NETWORK },
	{ "npx", NULL, NULL, "--no --no-install --offline", DEP_INSTALL_NETWORK },
	{ "yarn", "dlx create", NULL, "", DEP_INSTALL_NETWORK },
	{ "yarn", "add up upgrade global", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "yarn", "install", NULL, "--frozen-lockfile --immutable", DEP_INSTALL_UNLOCKED },
	{ "pnpm", "dlx create", NULL, "", DEP_INSTALL_NETWORK },
	{ "pnpm", "add update up upgrade", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "pnpm", "install i", NULL, "--frozen-lockfile", DEP_INSTALL_UNLOCKED },
	{ "pnpx", NULL, NULL, "", DEP_INSTALL_NETWORK },
	{ "bunx", NULL, NULL, "", DEP_INSTALL_NETWORK },
	{ "bun", "add update x", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "bun", "install i", NULL, "--frozen-lockfile", DEP_INSTALL_UNLOCKED },
	{ "pipx", "install run upgrade inject", NULL, "", DEP_INSTALL_NETWORK },
	{ "uvx", NULL, NULL, "", DEP_INSTALL_NETWORK },
	{ "uv", "tool", NULL, "", DEP_INSTALL_NETWORK },
	{ "uv", "pip", "install sync", "--require-hashes", DEP_INSTALL_UNLOCKED },
	{ "uv", "sync run", NULL, "--locked --frozen", DEP_INSTALL_UNLOCKED },
	{ "uv", "add lock", NULL, "--locked --check", DEP_INSTALL_UNLOCKED },
	{ "poetry", "add update", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "pipenv", "install", NULL, "--deploy --ignore-pipfile", DEP_INSTALL_UNLOCKED },
	{ "pipenv", "update upgrade", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "easy_install", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "conda", "install create update", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "mamba", "install create update", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "micromamba", "install create update", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "cargo", "install", NULL, "--locked --path", DEP_INSTALL_UNLOCKED },
	{ "cargo", "update add", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "go", "get", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "gem", "install update", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "bundle", "update add", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "bundle", "install", NULL, "--frozen --deployment", DEP_INSTALL_UNCLEAR },
	{ "composer", "require update create-project global", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "dotnet", "tool", "install update", "", DEP_INSTALL_UNLOCKED },
	{ "dotnet", "restore", NULL, "--locked-mode", DEP_INSTALL_UNCLEAR },
	{ "nuget", "install", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "brew", "install upgrade", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "conan", "install create", NULL, "--lockfile", DEP_INSTALL_UNLOCKED },
	{ "vcpkg", "install", NULL, "", DEP_INSTALL_UNCLEAR },
	{ "cpan", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "cpanm", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "cargo", "binstall", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "rustup", "update install", NULL, "", DEP_INSTALL_UNCLEAR },
	{ "snap", "install refresh", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "opam", "install upgrade", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "mvn", "dependency:get", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "luarocks", "install", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "helm", "install upgrade", NULL, "--version", DEP_INSTALL_UNCLEAR },
};

static bool
fits(const struct rule *r, const char *name, const struct words *w)
{
	if (strcmp(r->program, name) != 0 || (r->verbs != NULL && !is_among(verb(w, 0), r->verbs)))
		return false;
	return r->then == NULL || is_among(verb(w, 1), r->then);
}

static enum assay_status
check_rules(struct install *x, const struct shell_command *c, const char *name, const struct words *w)
{
	/* "go install NAME@VERSION" asks no lock. */
	bool go = strcmp(name, "go") == 0 && is_among(verb(w, 0), "install run") && strchr(verb(w, 1), '@') != NULL;
	/* "yarn" alone installs. */
	bool yarn = strcmp(name, "yarn") == 0 && *verb(w, 0) == '\0' && !has_option(w, "--frozen-lockfile --immutable --version -v --help");
	const struct rule *r = NULL;
	for (size_t i = 0; i < sizeof rules / sizeof rules[0] && r == NULL; i++)
		r = fits(&rules[i], name, w) ? &rules[i] : NULL;
	if (r == NULL && !go && !yarn)
		return ASSAY_OK;
	dep_judged(x->w, DEP_INSTALL, "commands that install");
	if (CATCH(install_unlocked, go || yarn || !has_option(w, r->unless)))
		return dep_find(x->w, r != NULL ? r->matter : DEP_INSTALL_UNLOCKED, install_place(x, c), name,
		    "'%s %s' installs what no lockfile names", name, verb(w, 0));
	return ASSAY_OK;
}

/* ---- pip ---- */

static bool
is_pip(const char *name, const struct words *w, size_t *ret_skip)
{
	*ret_skip = 0;
	if (strcmp(name, "pip") == 0 || dep_starts(name, "pip3") || dep_starts(name, "pip2"))
		return true;
	*ret_skip = 2;
	return dep_starts(name, "python") && w->count > 1 && w->items[0] != NULL && strcmp(w->items[0], "-m") == 0
	    && w->items[1] != NULL && strcmp(w->items[1], "pip") == 0;
}

/* A file of the tree by this name in which there are hashes: whether it is complete is dep.locked's to say. */
static bool
is_hashed(const struct dep_work *w, const char *name)
{
	const char *base = dep_base(name);
	for (size_t i = 0; i < w->sources->count; i++) {
		const struct source_file *f = &w->sources->files[i];
		if (strcmp(dep_base(f->path), base) == 0 && f->has_bytes
		    && memmem(f->bytes.data, f->bytes.len, "--hash", 6) != NULL)
			return true;
	}
	return false;
}

struct pip_words {
	bool bare;   /* something beside files with hashes is asked for */
	size_t files;
};

static void
read_pip_words(const struct install *x, const struct words *w, size_t from, struct pip_words *p)
{
	static const char with_value[] = "-i --index-url --extra-index-url -f --find-links -t --target --prefix --root --trusted-host -c "
					 "--constraint --python --platform --cache-dir --log --proxy --timeout --retries --upgrade-strategy";
	*p = (struct pip_words){ 0 };
	for (size_t i = from; i < w->count; i++) {
		const char *text = w->items[i] != NULL ? w->items[i] : "";
		bool file = is_among(text, "-r --requirement");
		if (file && i + 1 < w->count && w->items[i + 1] != NULL && is_hashed(x->w, w->items[i + 1])) {
			p->files++;
			i++;
		} else if (dep_starts(text, "--requirement=") && is_hashed(x->w, text + 14)) {
			p->files++;
		} else if (is_among(text, with_value)) {
			i++;
		} else if (file || text[0] != '-' || dep_starts(text, "-e") || dep_starts(text, "--editable")) {
			p->bare = true;
		}
	}
}

static enum assay_status
check_pip(struct install *x, const struct shell_command *c, const char *name, const struct words *w)
{
	size_t skip, at = 0;
	struct pip_words p;
	if (!is_pip(name, w, &skip))
		return ASSAY_OK;
	for (at = skip; at < w->count && w->items[at] != NULL && w->items[at][0] == '-'; at++)
		;
	if (at >= w->count || w->items[at] == NULL || !is_among(w->items[at], "install download wheel"))
		return ASSAY_OK;
	dep_judged(x->w, DEP_INSTALL, "commands that install");
	read_pip_words(x, w, at + 1, &p);
	bool local = has_option(w, "--no-deps") && (has_option(w, ".") || has_option(w, "-e ./"));
	bool good = has_option(w, "--require-hashes") || (p.files > 0 && !p.bare) || local;
	if (CATCH(install_pip, !good))
		return dep_find(x->w, DEP_INSTALL_UNLOCKED, install_place(x, c), "pip", "'pip %s' installs what no hash pins",
		    w->items[at]);
	return ASSAY_OK;
}

/* ---- checks that are switched off ---- */

static const struct {
	const char *program; /* NULL: whatever the program */
	const char *options;
} loose[] = {
	{ "curl", "-k --insecure --proxy-insecure" },
	{ "wget", "--no-check-certificate" },
	{ "apt-get", "--allow-unauthenticated --force-yes --allow-insecure-repositories" },
	{ "apt", "--allow-unauthenticated --force-yes --allow-insecure-repositories" },
	{ "aptitude", "--allow-untrusted" },
	{ "apk", "--allow-untrusted" },
	{ "dnf", "--nogpgcheck --no-gpgchecks" },
	{ "microdnf", "--nogpgcheck" },
	{ "yum", "--nogpgcheck" },
	{ "zypper", "--no-gpg-checks --allow-unsigned-rpm" },
	{ "rpm", "--nosignature --nodigest --nogpg" },
	{ "dpkg", "--force-bad-verify --no-debsig" },
	{ "pip", "--trusted-host" },
	{ "pip3", "--trusted-host" },
	{ "npm", "--strict-ssl=false --no-strict-ssl" },
	{ "git", "http.sslVerify=false" },
	{ "debootstrap", "--no-check-gpg" },
	{ "gpg", "--trust-model=always" },
};

/* "-fsSLk": letters together. */
static bool
has_letter_k(const struct words *w)
{
	for (size_t i = 0; i < w->count; i++) {
		const char *text = w->items[i];
		if (text != NULL && text[0] == '-' && text[1] != '-' && strchr(text, 'k') != NULL
		    && text[1 + strspn(text + 1, "fsSLkgiIOvqNnaBGJRZ046")] == '\0')
			return true;
	}
	return false;
}

/* "npm config set strict-ssl false", "git config --global http.sslVerify false" */
static bool
is_loose_setting(const char *name, const struct words *w)
{
	if (strcmp(verb(w, 0), "config") != 0)
		return false;
	if (strcmp(name, "npm") == 0)
		return has_option(w, "strict-ssl") && has_option(w, "false strict-ssl=false");
	return strcmp(name, "git") == 0 && has_option(w, "http.sslVerify http.sslverify") && has_option(w, "false 0 off no");
}

static bool
is_loose(const char *name, const struct words *w)
{
	for (size_t i = 0; i < sizeof loose / sizeof loose[0]; i++) {
		if (strcmp(loose[i].program, name) == 0 && has_option(w, loose[i].options))
			return true;
	}
	return (strcmp(name, "curl") == 0 && has_letter_k(w)) || is_loose_setting(name, w);
}

/* "Acquire::AllowInsecureRepositories=true" behind apt's -o. */
static bool
is_loose_apt(const char *name, const struct words *w)
{
	for (size_t i = 0; i < w->count && dep_starts(name, "apt"); i++) {
		const char *text = w->items[i];
		if (text != NULL && (strstr(text, "AllowInsecureRepositories=") != NULL || strstr(text, "AllowUnauthenticated=") != NULL
		        || strstr(text, "Verify-Peer=") != NULL) && !dep_ends(text, "=false") && !dep_ends(text, "Verify-Peer=true"))
			return true;
	}
	return false;
}

enum assay_status
install_variable(struct dep_work *w, const char *name, const char *value, struct dep_place place)
{
	static const struct {
		const char *name, *value; /* value NULL: anything */
	} off[] = {
		{ "NODE_TLS_REJECT_UNAUTHORIZED", "0" },
		{ "GIT_SSL_NO_VERIFY", NULL },
		{ "PYTHONHTTPSVERIFY", "0" },
		{ "PIP_TRUSTED_HOST", NULL },
		{ "npm_config_strict_ssl", "false" },
		{ "NPM_CONFIG_STRICT_SSL", "false" },
		{ "GOINSECURE", NULL },
		{ "GONOSUMCHECK", NULL },
		{ "GOSUMDB", "off" },
		{ "GONOSUMDB", NULL },
	};
	for (size_t i = 0; i < sizeof off / sizeof off[0]; i++) {
		if (strcmp(off[i].name, name) != 0 || *value == '\0' || (off[i].value != NULL && strcmp(off[i].value, value) != 0))
			continue;
		if (CATCH(install_variable, true))
			return dep_find(w, DEP_CHECK_DISABLED, place, name, "'%s=%.60s' switches a check off", name, value);
	}
	if (CATCH(install_own_make, strcmp(name, "MAKE") == 0 && strcmp(value, "make") != 0 && strcmp(value, "gmake") != 0))
		return dep_find(w, DEP_INSTALL_UNREAD, place, name, "'MAKE' is given another meaning: what '$(MAKE)' runs can't be told");
	return ASSAY_OK;
}

/* ---- downloads ---- */

bool
install_is_check(const struct shell_command *c)
{
	struct words w;
	const char *name = gather(c, &w);
	bool sums = is_among(name, "sha256sum sha384sum sha512sum b2sum shasum gsha256sum") && has_option(&w, "-c --check --status -sc -cs");
	return sums || (strcmp(name, "gpg") == 0 && has_option(&w, "--verify")) || (strcmp(name, "gpgv") == 0)
	    || (is_among(name, "cosign gh slsa-verifier") && is_among(verb(&w, 0), "verify verify-blob verify-artifact attestation"))
	    || (is_among(name, "minisign signify") && has_option(&w, "-V -Vm -Vx -Vq"))
	    || (strcmp(name, "openssl") == 0 && has_option(&w, "-verify -signature"));
}

bool
install_is_checkout(const struct shell_command *c)
{
	struct words w;
	if (strcmp(gather(c, &w), "git") != 0 || !has_option(&w, "checkout reset switch"))
		return false;
	for (size_t i = 0; i < w.count; i++) {
		if (w.items[i] != NULL && dep_full_id(w.items[i]))
			return true;
	}
	return false;
}

static const char *
find_url(const struct words *w)
{
	for (size_t i = 0; i < w->count; i++) {
		if (w->items[i] != NULL && (dep_is_url(w->items[i]) || dep_starts(w->items[i], "git@")))
			return w->items[i];
	}
	return NULL;
}

static bool
is_own_machine(const char *url)
{
	const char *host = strstr(url, "://") != NULL ? strstr(url, "://") + 3 : url;
	return dep_starts(host, "localhost") || dep_starts(host, "127.0.0.1") || dep_starts(host, "[::1]");
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

static bool
curl_writes(const struct words *w)
{
	if (has_option(w, "/dev/null -"))
		return false;
	for (size_t i = 0; i < w->count; i++) {
		const char *text = w->items[i];
		if (text != NULL && text[0] == '-' && text[1] != '-' && strpbrk(text, "oO") != NULL)
			return true;
	}
	return has_option(w, "--output --remote-name --remote-name-all");
}

/* Whether a file is written: by option, by redirection, or because wget does; or what comes is unpacked at once. */
static bool
keeps(const struct shell_command *c, const char *name, const struct words *w)
{
	bool curl = strcmp(name, "curl") == 0;
	if (is_redirected(c) || (curl && curl_writes(w)))
		return true;
	if (c->next != NULL)
		return is_among(shell_name(shell_program(c->next)), "tar bsdtar unzip gunzip gzip xz bunzip2 zstd cpio tee dd gpg apt-key dpkg rpm");
	bool shown = has_option(w, "-O- -qO- -nv0- --spider")
	    || (has_option(w, "-O --output-document -qO") && has_option(w, "/dev/null -"));
	return !curl && !shown;
}

static enum assay_status
check_download(struct install *x, const struct shell_command *c, const char *name, const struct words *w)
{
	const char *url = find_url(w);
	if (!is_among(name, "curl wget aria2c") || (url != NULL && is_own_machine(url))
	    || has_option(w, "-X --request -d --data --data-raw --data-binary --json -F --form -T --upload-file -I --head --post-data --post-file"))
		return ASSAY_OK;
	if (url != NULL)
		TRY(dep_refer_url(x->w, DEP_REF_SUPPLIER, url, install_place(x, c)));
	dep_judged(x->w, DEP_INSTALL, "downloads");
	if (CATCH(install_download_unchecked, keeps(c, name, w) && x->last_check <= x->index))
		return dep_find(x->w, DEP_DOWNLOAD_UNCHECKED, install_place(x, c), url, "what comes from '%.200s' is kept without having been checked",
		    url != NULL ? url : "an address");
	return ASSAY_OK;
}

static enum assay_status
check_git(struct install *x, const struct shell_command *c, const char *name, const struct words *w)
{
	const char *url = find_url(w);
	bool clone = strcmp(name, "git") == 0 && has_option(w, "clone");
	bool follows = strcmp(name, "git") == 0 && has_option(w, "submodule") && has_option(w, "update") && has_option(w, "--remote");
	if (!clone && !follows)
		return ASSAY_OK;
	dep_judged(x->w, DEP_INSTALL, "commands that install");
	if (clone && url != NULL)
		TRY(dep_refer_url(x->w, DEP_REF_REPOSITORY, url, install_place(x, c)));
	if (CATCH(install_clone, follows || x->last_checkout <= x->index))
		return dep_find(x->w, DEP_CLONE_UNPINNED, install_place(x, c), url, "%s '%.200s' takes whatever is there",
		    follows ? "an update of submodules from" : "a clone of", url != NULL ? url : "a repository");
	return ASSAY_OK;
}

static enum assay_status
check_sources(struct install *x, const struct shell_command *c, const char *name, const struct words *w)
{
	static const char options[] = "-i --index-url --extra-index-url --find-links --registry --source --index";
	if (!is_among(name, "pip pip3 python python3 npm npx yarn pnpm uv gem"))
		return ASSAY_OK;
	for (size_t i = 0; i < w->count; i++) {
		const char *text = w->items[i] != NULL ? w->items[i] : "", *equals = strchr(text, '=');
		char option[64];
		(void)snprintf(option, sizeof option, "%.*s", (int)strcspn(text, "="), text);
		if (!is_among(option, options))
			continue;
		const char *url = equals != NULL ? equals + 1 : i + 1 < w->count ? w->items[i + 1] : NULL;
		if (url != NULL && dep_is_url(url))
			TRY(dep_source(x->w, url, install_place(x, c)));
	}
	return ASSAY_OK;
}

/* "$P install requests": whatever P is, it may well install. */
static enum assay_status
check_computed(struct install *x, const struct shell_command *c, const struct words *w)
{
	static const char *const verbs[] = { "install", "add", "clone", "download", "get", "fetch", "pull", "update" };
	for (size_t i = 0; i < w->count; i++) {
		for (size_t k = 0; k < sizeof verbs / sizeof verbs[0]; k++) {
			const bool fetches = w->items[i] != NULL && strcmp(w->items[i], verbs[k]) == 0;
			if (!CATCH(install_computed, fetches))
				continue;
			return dep_find(x->w, DEP_INSTALL_UNREAD, install_place(x, c), verbs[k],
			    "a command whose name is computed is told to '%s': what it is can't be told", verbs[k]);
		}
	}
	return ASSAY_OK;
}

enum assay_status
install_command(struct install *x, const struct shell_command *c, const struct shell_pipeline *in)
{
	struct words w;
	(void)in;
	const char *name = gather(c, &w);
	/* "export NAME=value" and "env NAME=value" */
	for (const struct shell_word *p = c->words; p != NULL; p = p->next) {
		const char *equals = p->text != NULL ? strchr(p->text, '=') : NULL;
		char *variable = equals == NULL ? NULL : arena_copy(x->w->arena,
			(struct assay_span){ (const unsigned char *)p->text, (size_t)(equals - p->text) });
		if (variable != NULL)
			TRY(install_variable(x->w, variable, equals + 1, install_place(x, c)));
	}
	if (*name == '\0')
		return check_computed(x, c, &w);
	if (CATCH(install_loose, is_loose(name, &w) || is_loose_apt(name, &w)))
		TRY(dep_find(x->w, DEP_CHECK_DISABLED, install_place(x, c), name, "'%s' is told not to check what it gets", name));
	TRY(check_sources(x, c, name, &w));
	TRY(check_rules(x, c, name, &w));
	TRY(check_pip(x, c, name, &w));
	TRY(check_git(x, c, name, &w));
	return check_download(x, c, name, &w);
}
