/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.install: programs that install, download and check, as tables.
 */
#include "install_words.h"

/* ---- checks that are switched off ---- */

static const struct {
	const char *program; /* NULL: whatever the program */
	const char *options;
} loose[] = {
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
	{ "npm", "--strict-ssl=false --no-strict-ssl" },
	{ "git", "http.sslVerify=false" },
	{ "debootstrap", "--no-check-gpg" },
	{ "gpg", "--trust-model=always" },
};

/* "npm config set strict-ssl false", "git config --global http.sslVerify false" */
static bool
is_loose_setting(const char *name, const struct words *w)
{
	if (strcmp(words_verb(w, 0), "config") != 0)
		return false;
	if (strcmp(name, "npm") == 0)
		return words_have(w, "strict-ssl") && words_have(w, "false strict-ssl=false");
	return strcmp(name, "git") == 0 && words_have(w, "http.sslVerify http.sslverify") && words_have(w, "false 0 off no");
}

static bool
is_loose(const char *name, const struct words *w)
{
	for (size_t i = 0; i < sizeof loose / sizeof loose[0]; i++) {
		if (strcmp(loose[i].program, name) == 0 && words_have(w, loose[i].options))
			return true;
	}
	return is_loose_setting(name, w);
}

/* "deb [trusted=yes] https://...", in whatever writes it down. */
static bool
is_trusted_source(const char *text)
{
	const char *deb = text != NULL ? strstr(text, "deb") : NULL;
	return deb != NULL && strstr(deb, "trusted=yes") != NULL && strstr(deb, "://") != NULL;
}

static bool
writes_trusted_source(const struct shell_command *c, const struct words *w)
{
	bool found = false;
	for (size_t i = 0; i < w->count && !found; i++)
		found = is_trusted_source(w->items[i]);
	for (const struct shell_redirect *r = c->redirects; r != NULL && !found; r = r->next)
		found = dep_starts(r->op, "<<") && is_trusted_source(r->target->raw);
	return found;
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
	static const char sources[] = "PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_FIND_LINKS UV_INDEX_URL UV_EXTRA_INDEX_URL UV_DEFAULT_INDEX UV_INDEX "
				      "npm_config_registry NPM_CONFIG_REGISTRY YARN_REGISTRY YARN_NPM_REGISTRY_SERVER GOPROXY "
				      "BUNDLE_MIRROR__ALL GEM_SOURCE CARGO_REGISTRIES_CRATES_IO_INDEX RUSTUP_DIST_SERVER RUSTUP_UPDATE_ROOT";
	if (shell_among(name, sources) && dep_is_url(value))
		TRY(dep_source(w, value, place));
	for (size_t i = 0; i < sizeof off / sizeof off[0]; i++) {
		if (strcmp(off[i].name, name) != 0 || *value == '\0' || (off[i].value != NULL && strcmp(off[i].value, value) != 0))
			continue;
		if (CATCH(install_variable, true))
			return dep_find(w, DEP_CHECK_DISABLED, place, name, "'%s=%.60s' switches a check off", name, value);
	}
	if (CATCH(install_own_make, shell_among(name, "MAKE MAKE_COMMAND") && strcmp(value, "make") != 0 && strcmp(value, "gmake") != 0))
		return dep_find(w, DEP_INSTALL_UNREAD, place, name, "'%s' is given another meaning: what '$(MAKE)' runs can't be told", name);
	return ASSAY_OK;
}

/* Rows: programs, their verbs behind which an address is a place that packages come from. */
static const struct {
	const char *programs, *first, *second;
} settings[] = {
	{ "npm yarn pnpm pip conda mamba poetry bundle composer", "config", NULL },
	{ "gem", "sources", NULL },
	{ "helm", "repo", "add" },
	{ "dotnet", "nuget", "add" },
	{ "nuget", "sources", "add" },
	{ "dnf yum", "config-manager", NULL },
	{ "yum-config-manager add-apt-repository", NULL, NULL },
	{ "zypper", "ar addrepo", NULL },
	{ "flatpak", "remote-add", NULL },
	{ "nix-channel", NULL, NULL },
};

static bool
sets_source(const struct words *w)
{
	for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
		if (shell_among(w->program, settings[i].programs) && (settings[i].first == NULL || shell_among(words_verb(w, 0), settings[i].first))
		    && (settings[i].second == NULL || shell_among(words_verb(w, 1), settings[i].second)))
			return true;
	}
	return false;
}

static enum assay_status
check_sources(struct install *x, const struct shell_command *c, const char *name, const struct words *w)
{
	static const char options[] = "-i --index-url --extra-index-url --find-links --registry --source --index --default-index";
	bool sets = sets_source(w), takes = shell_among(name, "pip npm npx yarn pnpm uv gem");
	for (size_t i = 0; (sets || takes) && i < w->count; i++) {
		const char *text = w->items[i] != NULL ? w->items[i] : "", *equals = strchr(text, '=');
		char option[64];
		(void)snprintf(option, sizeof option, "%.*s", (int)strcspn(text, "="), text);
		const char *url = sets && dep_is_url(text) ? text : equals != NULL ? equals + 1 : i + 1 < w->count ? w->items[i + 1] : NULL;
		bool asked = sets ? (dep_is_url(text) || equals != NULL) : shell_among(option, options);
		if (asked && url != NULL && dep_is_url(url))
			TRY(dep_source(x->w, url, install_place(x, c)));
	}
	return ASSAY_OK;
}

/* "$P install requests": whatever P is, it may well install. */
static enum assay_status
check_computed(struct install *x, const struct shell_command *c, const struct words *w)
{
	static const char *const verbs[] = { "install", "add", "clone", "download", "get", "fetch", "pull", "update", "i", "dlx", "upgrade" };
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
	words_gather(c, &w);
	const char *name = w.program;
	/* "export NAME=value" and "env NAME=value" */
	for (const struct shell_word *p = c->words; p != NULL; p = p->next) {
		const char *equals = p->text != NULL ? strchr(p->text, '=') : NULL;
		char *variable = equals == NULL ? NULL : arena_copy(x->w->arena,
			(struct assay_span){ (const unsigned char *)p->text, (size_t)(equals - p->text) });
		if (variable != NULL)
			TRY(install_variable(x->w, variable, equals + 1, install_place(x, c)));
	}
	if (*name == '\0') {
		TRY(install_by_download(x, c, &w));
		return check_computed(x, c, &w);
	}
	if (CATCH(install_loose, is_loose(name, &w) || is_loose_apt(name, &w)))
		TRY(dep_find(x->w, DEP_CHECK_DISABLED, install_place(x, c), name, "'%s' is told not to check what it gets", name));
	if (CATCH(install_trusted_source, writes_trusted_source(c, &w)))
		TRY(dep_find(x->w, DEP_CHECK_DISABLED, install_place(x, c), name, "a source of packages is written down as trusted without a signature"));
	TRY(check_sources(x, c, name, &w));
	static enum assay_status (*const checks[])(struct install *x, const struct shell_command *c, const struct words *w) = {
		install_by_rules, install_by_pip, install_by_nix, install_by_text, install_by_clone, install_by_download, install_by_make,
	};
	for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
		TRY(checks[i](x, c, &w));
	return ASSAY_OK;
}
