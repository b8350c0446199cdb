/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.install: programs that install, as tables.
 */
#include "install_words.h"

/*
 * Rows: programs, their first verbs (NULL: any), their second verbs (NULL: any), options without which it is no install (NULL: none
 * needed), options with which it keeps to a lock ("" for never), what it is then. The first row that fits counts.
 */
static const struct rule {
	const char *programs, *verbs, *then, *when, *unless;
	enum dep_matter matter;
} rules[] = {
	/* JavaScript */
	{ "npm", "install i in ins inst add isntall update up upgrade install-test it link", NULL, NULL, "--package-lock-only",
	    DEP_INSTALL_UNLOCKED },
	{ "npm", "exec x", NULL, NULL, "--no --offline", DEP_INSTALL_NETWORK },
	{ "npm", "init create innit", NULL, NULL, "-y --yes", DEP_INSTALL_NETWORK },
	{ "npx", NULL, NULL, NULL, "--no --no-install --offline", DEP_INSTALL_NETWORK },
	{ "yarn pnpm", "dlx create", NULL, NULL, "", DEP_INSTALL_NETWORK },
	{ "yarn pnpm", "add update up upgrade global", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "yarn", "install", NULL, NULL, "--frozen-lockfile --immutable", DEP_INSTALL_UNLOCKED },
	{ "pnpm bun", "install i", NULL, NULL, "--frozen-lockfile", DEP_INSTALL_UNLOCKED },
	{ "pnpx bunx", NULL, NULL, NULL, "", DEP_INSTALL_NETWORK },
	{ "bun", "add update x", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "corepack", "prepare use up install", NULL, NULL, "", DEP_INSTALL_UNCLEAR },
	{ "deno", "install add", NULL, NULL, "--frozen", DEP_INSTALL_UNLOCKED },
	/* Python */
	{ "pipx", "install run upgrade inject", NULL, NULL, "", DEP_INSTALL_NETWORK },
	{ "uvx", NULL, NULL, NULL, "", DEP_INSTALL_NETWORK },
	{ "uv", "tool", NULL, NULL, "", DEP_INSTALL_NETWORK },
	{ "uv", "pip", "install sync", NULL, "--require-hashes", DEP_INSTALL_UNLOCKED },
	{ "uv", "sync run", NULL, NULL, "--locked --frozen", DEP_INSTALL_UNLOCKED },
	{ "uv", "add lock", NULL, NULL, "--locked --check", DEP_INSTALL_UNLOCKED },
	{ "poetry pdm", "add update", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "rye pixi flit", "add install sync", NULL, NULL, "--locked --frozen", DEP_INSTALL_UNLOCKED },
	{ "pipenv", "install", NULL, NULL, "--deploy --ignore-pipfile", DEP_INSTALL_UNLOCKED },
	{ "pipenv", "update upgrade", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "easy_install", NULL, NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "conda mamba micromamba", "install create update", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "conda mamba micromamba", "env", "create update", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "tox nox hatch", NULL, NULL, NULL, "--version --help", DEP_INSTALL_UNCLEAR },
	{ "python-build", NULL, NULL, NULL, "--no-isolation -n --version", DEP_INSTALL_UNCLEAR },
	{ "python python3 python2", "setup.py ./setup.py", "install develop easy_install", NULL, "", DEP_INSTALL_UNLOCKED },
	/* Rust, Go, Ruby, PHP, .NET */
	{ "cargo", "install", NULL, "--git", "--rev", DEP_INSTALL_UNLOCKED },
	{ "cargo", "install", NULL, NULL, "--locked --path", DEP_INSTALL_UNLOCKED },
	{ "cargo", "update add binstall", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "rustup", "update install", NULL, NULL, "", DEP_INSTALL_UNCLEAR },
	{ "go", "get", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "gem", "install update", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "bundle", "update add", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "bundle", "install", NULL, NULL, "--frozen --deployment", DEP_INSTALL_UNCLEAR },
	{ "composer", "require update create-project global", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "dotnet", "tool", "install update", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "dotnet", "add", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "dotnet", "restore", NULL, NULL, "--locked-mode", DEP_INSTALL_UNCLEAR },
	{ "nuget", "install", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	/* C and C++, Java, Perl, Lua, OCaml, Haskell and others */
	{ "conan", "install create", NULL, NULL, "--lockfile", DEP_INSTALL_UNLOCKED },
	{ "vcpkg", "install", NULL, NULL, "", DEP_INSTALL_UNCLEAR },
	{ "mvn", "dependency:get", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "cpan cpanm cpanp cpm", NULL, NULL, NULL, "-v --version", DEP_INSTALL_UNLOCKED },
	{ "opam", "install upgrade", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "cabal stack", "install update upgrade", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "luarocks", "install", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "pecl pear", "install upgrade", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "west", "update", NULL, NULL, "", DEP_INSTALL_UNCLEAR },
	{ "pio platformio", "pkg lib platform update upgrade", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "arduino-cli", "lib core", "install upgrade", NULL, "", DEP_INSTALL_UNLOCKED },
	/* machines and tools */
	{ "brew", "install upgrade reinstall bundle", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "snap", "install refresh", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "flatpak", "install update", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "choco scoop winget", "install upgrade", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "guix", "install upgrade pull shell environment package", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "nix-env", NULL, NULL, "-i -iA -iE -u --install --upgrade", "", DEP_INSTALL_UNLOCKED },
	{ "nix-shell", NULL, NULL, "-p --packages", "", DEP_INSTALL_UNLOCKED },
	{ "nix-channel", NULL, NULL, "--add --update", "", DEP_INSTALL_UNLOCKED },
	{ "nix", "flake", "update", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "devbox flox", "add install update", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "mise rtx asdf", "install use exec x plugin plugins plugin-add", NULL, NULL, "", DEP_INSTALL_UNCLEAR },
	{ "nvm fnm volta n pyenv rbenv rvm sdk ghcup tfenv goenv proto", "install use add", NULL, NULL, "", DEP_INSTALL_UNCLEAR },
	{ "helm", "install upgrade", NULL, NULL, "--version", DEP_INSTALL_UNCLEAR },
	{ "terraform tofu", "init", NULL, "-upgrade", "", DEP_INSTALL_UNLOCKED },
	{ "terraform tofu", "init", NULL, NULL, "-lockfile", DEP_INSTALL_UNCLEAR },
	{ "add-apt-repository apt-add-repository", NULL, NULL, NULL, "-r --remove", DEP_INSTALL_UNCLEAR },
	{ "pwsh powershell cmd fish tclsh expect osascript", NULL, NULL, "-c -C -Command -command -e -File /c /C --command", "", DEP_INSTALL_UNCLEAR },
	{ "helm", "plugin", "install update", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "krew", "install upgrade", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
	{ "kubectl", "krew", "install upgrade", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "gh", "extension extensions ext", "install upgrade", NULL, "", DEP_INSTALL_UNLOCKED },
	{ "code codium", NULL, NULL, "--install-extension", "", DEP_INSTALL_UNLOCKED },
	{ "ansible-galaxy", "install collection role", NULL, NULL, "", DEP_INSTALL_UNLOCKED },
};

static bool
fits(const struct rule *r, const struct words *w)
{
	if (!shell_among(w->program, r->programs) || (r->verbs != NULL && !shell_among(words_verb(w, 0), r->verbs)))
		return false;
	return (r->then == NULL || shell_among(words_verb(w, 1), r->then)) && (r->when == NULL || words_have(w, r->when));
}

/* "npm $WHAT": a program that can install, told to do what can't be told. */
static enum assay_status
look_at_verb(struct install *x, const struct shell_command *c, const struct words *w)
{
	size_t at = words_at(w, 0);
	bool installs = strcmp(w->program, "pip") == 0;
	for (size_t i = 0; i < sizeof rules / sizeof rules[0] && !installs; i++)
		installs = rules[i].verbs != NULL && shell_among(w->program, rules[i].programs);
	if (CATCH(install_verb_computed, installs && at < w->count && w->items[at] == NULL))
		return dep_find(x->w, DEP_INSTALL_UNREAD, install_place(x, c), w->program, "what '%s' is told to do is computed", w->program);
	return ASSAY_OK;
}

static bool
is_unlocked(const struct rule *r, const struct words *w)
{
	return r == NULL || !words_have(w, r->unless);
}

enum assay_status
install_by_rules(struct install *x, const struct shell_command *c, const struct words *w)
{
	/* "go install NAME@VERSION" asks no lock. */
	bool go = strcmp(w->program, "go") == 0 && shell_among(words_verb(w, 0), "install run") && strchr(words_verb(w, 1), '@') != NULL;
	/* "yarn" alone installs. */
	bool yarn = strcmp(w->program, "yarn") == 0 && *words_verb(w, 0) == '\0'
	    && !words_have(w, "--frozen-lockfile --immutable --version -v --help");
	const struct rule *r = NULL;
	for (size_t i = 0; i < sizeof rules / sizeof rules[0] && r == NULL; i++)
		r = fits(&rules[i], w) ? &rules[i] : NULL;
	if (r == NULL && !go && !yarn)
		return look_at_verb(x, c, w);
	dep_judged(x->w, DEP_INSTALL, "commands that install");
	if (CATCH(install_unlocked, go || yarn || is_unlocked(r, w)))
		return dep_find(x->w, r != NULL ? r->matter : DEP_INSTALL_UNLOCKED, install_place(x, c), w->program,
		    "'%s %s' installs what no lockfile names", w->program, words_verb(w, 0));
	return ASSAY_OK;
}

/* ---- pip ---- */

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
		bool file = shell_among(text, "-r --requirement");
		if (file && i + 1 < w->count && w->items[i + 1] != NULL && is_hashed(x->w, w->items[i + 1])) {
			p->files++;
			i++;
		} else if (dep_starts(text, "--requirement=") && is_hashed(x->w, text + 14)) {
			p->files++;
		} else if (shell_among(text, with_value)) {
			i++;
		} else if (file || text[0] != '-' || dep_starts(text, "-e") || dep_starts(text, "--editable")) {
			p->bare = true;
		}
	}
}

enum assay_status
install_by_pip(struct install *x, const struct shell_command *c, const struct words *w)
{
	struct pip_words p;
	size_t at = words_at(w, 0);
	if (strcmp(w->program, "pip") != 0 || !shell_among(words_verb(w, 0), "install download wheel"))
		return ASSAY_OK;
	dep_judged(x->w, DEP_INSTALL, "commands that install");
	read_pip_words(x, w, at + 1, &p);
	bool local = words_have(w, "--no-deps") && (words_have(w, ".") || words_have(w, "-e ./"));
	bool good = words_have(w, "--require-hashes") || (p.files > 0 && !p.bare) || local;
	if (CATCH(install_pip, !good))
		return dep_find(x->w, DEP_INSTALL_UNLOCKED, install_place(x, c), "pip", "'pip %s' installs what no hash pins",
		    w->items[at]);
	return ASSAY_OK;
}

/* ---- nix ---- */

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* "github:owner/repo/COMMIT#x" says what it is; "./#x" and ".#x" are of the tree, with its lock. */
static bool
is_pinned_flake(const char *ref)
{
	if (strchr("./#", ref[0]) != NULL || dep_starts(ref, "path:"))
		return true;
	size_t digits = 0; /* that end here */
	for (size_t i = 0; ref[i] != '\0' && ref[i] != '#'; i++) {
		digits = is_hex(ref[i]) ? digits + 1 : 0;
		const size_t before = i + 1 - digits;
		if (digits == 40 && !is_hex(ref[i + 1]) && (before == 0 || strchr("/=", ref[before - 1]) != NULL))
			return true;
	}
	return false;
}

enum assay_status
install_by_nix(struct install *x, const struct shell_command *c, const struct words *w)
{
	bool profile = shell_among(words_verb(w, 0), "profile") && shell_among(words_verb(w, 1), "install add upgrade");
	bool others = shell_among(words_verb(w, 0), "run shell build develop bundle");
	if (strcmp(w->program, "nix") != 0 || (!profile && !others))
		return ASSAY_OK;
	dep_judged(x->w, DEP_INSTALL, "commands that install");
	for (size_t i = words_at(w, profile ? 2 : 1); i < w->count; i++) {
		const char *ref = w->items[i] != NULL ? w->items[i] : "?";
		/* What stands behind is the program's own. */
		if (shell_among(ref, "-- -c --command"))
			return ASSAY_OK;
		if (CATCH(install_nix, ref[0] != '-' && !is_pinned_flake(ref)))
			return dep_find(x->w, DEP_INSTALL_NETWORK, install_place(x, c), "nix", "'nix %s' takes '%.100s', which no lockfile names",
			    words_verb(w, 0), ref);
	}
	return ASSAY_OK;
}

/* ---- programs on the command line ---- */

/* Names in the text of a program that load or run what isn't in it: a row for each language, and what it is then. */
static const struct {
	const char *programs, *names;
	enum dep_matter matter;
} texts[] = {
	{ "perl", "CPAN CPANPLUS App::cpanminus App::cpm", DEP_INSTALL_UNLOCKED },
	{ "Rscript R r", "install.packages install_github install_url install_version install_git install_bitbucket pak::pkg_install "
			 "renv::install BiocManager::install remotes::install_github devtools::install_github pkg_install", DEP_INSTALL_UNLOCKED },
	{ "julia", "Pkg.add Pkg.update Pkg.develop Pkg.add! Pkg.clone", DEP_INSTALL_UNLOCKED },
	{ "python pypy py", "urllib requests httpx http socket ftplib subprocess os.system os.popen pip exec eval compile urlopen aiohttp "
			    "pkgutil runpy importlib __import__ pty system popen", DEP_INSTALL_UNREAD },
	{ "perl", "LWP LWP::Simple LWP::UserAgent HTTP::Tiny Net::FTP Net::HTTP IO::Socket IO::Socket::INET IO::Socket::SSL system exec qx "
		  "eval Mojo::UserAgent", DEP_INSTALL_UNREAD },
	{ "ruby", "open-uri net http Net::HTTP URI.open open system exec eval Gem Gem.install instance_eval popen spawn socket TCPSocket",
	    DEP_INSTALL_UNREAD },
	{ "node nodejs bun deno", "http https fetch child_process exec execSync spawn spawnSync eval Function net node:http node:https "
				  "node:child_process node:net import", DEP_INSTALL_UNREAD },
	{ "php", "curl_init curl_exec file_get_contents fopen copy system exec shell_exec passthru eval popen proc_open fsockopen",
	    DEP_INSTALL_UNREAD },
	{ "lua luajit", "socket http socket.http os.execute io.popen load loadstring dofile", DEP_INSTALL_UNREAD },
	{ "Rscript R r", "download.file url source system system2 eval", DEP_INSTALL_UNREAD },
	{ "julia", "download Downloads run eval include", DEP_INSTALL_UNREAD },
	{ "emacs", "url-retrieve package-install url-copy-file shell-command", DEP_INSTALL_UNREAD },
};

/* Whether one of the names stands in the text as a name of its own, or as the beginning of a longer one ("http.client"). */
static bool
names_one(const char *text, const char *names)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	while (*text != '\0') {
		size_t n = strspn(text, letters);
		for (const char *name = names; n > 0 && *name != '\0'; name += strcspn(name, " "), name += *name == ' ') {
			size_t len = strcspn(name, " ");
			if (strncmp(text, name, len) == 0 && (text[len] == '\0' || strchr(letters, text[len]) == NULL))
				return true;
		}
		text += n > 0 ? n : 1;
	}
	return false;
}

/* "python3.12" is python. */
static bool
is_language(const char *program, const char *list)
{
	char name[32];
	size_t len = strlen(program);
	while (len > 0 && strchr("0123456789.", program[len - 1]) != NULL)
		len--;
	(void)snprintf(name, sizeof name, "%.*s", (int)(len < sizeof name ? len : 0), program);
	return name[0] != '\0' && shell_among(name, list);
}

bool
install_text_loads(const char *language, const char *text)
{
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		if (is_language(language, texts[i].programs) && names_one(text, texts[i].names))
			return true;
	}
	return false;
}

/* The text that stands at this word, or NULL: behind an option that evaluates it, or the module that is loaded. */
static const char *
text_at(const struct words *w, size_t i, bool evaluates)
{
	const char *text = w->items[i] != NULL ? w->items[i] : "";
	if (evaluates && i + 1 < w->count && shell_among(text, "-e -E --eval eval -ne -pe --exec"))
		return w->items[i + 1];
	return dep_starts(text, "-M") ? text + 2 : NULL;
}

/* The n-th text that a language runs: behind an option, in a module that is loaded, beside the command. */
static const char *
program_text(const struct shell_command *c, const struct words *w, size_t n)
{
	const struct shell_word *code = shell_code(c);
	if (code != NULL && n-- == 0)
		return code->text != NULL ? code->text : code->raw;
	for (size_t i = 0; i < w->count; i++) {
		const char *text = text_at(w, i, code == NULL);
		if (text != NULL && n-- == 0)
			return text;
	}
	for (const struct shell_redirect *r = c->redirects; r != NULL; r = r->next) {
		if (dep_starts(r->op, "<<") && n-- == 0)
			return r->target->text != NULL ? r->target->text : r->target->raw;
	}
	return NULL;
}

enum assay_status
install_by_text(struct install *x, const struct shell_command *c, const struct words *w)
{
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		const char *text;
		for (size_t n = 0; is_language(w->program, texts[i].programs) && (text = program_text(c, w, n)) != NULL; n++) {
			if (!CATCH(install_text, names_one(text, texts[i].names)))
				continue;
			return dep_find(x->w, texts[i].matter, install_place(x, c), w->program,
			    texts[i].matter == DEP_INSTALL_UNREAD ? "the program text that '%s' is given may load and run what isn't read"
			                                          : "'%s' installs what no lockfile names", w->program);
		}
	}
	return ASSAY_OK;
}
