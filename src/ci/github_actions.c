/* SPDX-License-Identifier: Apache-2.0 */
/* Actions that are known by name: what they do that a judge has to know. */
#include "github_work.h"

#include <string.h>
#include <strings.h>

static const struct {
	const char *name;
	unsigned traits;
	const char *code; /* inputs that are run, parted by blanks */
} actions[] = {
	{ "actions/checkout", GH_CHECKOUT | GH_TAME, NULL },
	{ "actions/cache", GH_CACHE | GH_TAME, NULL },
	{ "actions/cache/restore", GH_CACHE_RESTORE | GH_TAME, NULL },
	{ "actions/cache/save", GH_CACHE_SAVE | GH_TAME, NULL },
	{ "actions/upload-artifact", GH_UPLOAD | GH_TAME, NULL },
	{ "actions/upload-pages-artifact", GH_UPLOAD | GH_TAME, NULL },
	{ "actions/download-artifact", GH_DOWNLOAD | GH_TAME, NULL },
	{ "dawidd6/action-download-artifact", GH_DOWNLOAD_OTHER | GH_TAME, NULL },
	{ "robinraju/release-downloader", GH_FETCHES | GH_TAME, NULL },
	{ "dsaltares/fetch-gh-release-asset", GH_FETCHES | GH_TAME, NULL },
	{ "actions/github-script", GH_SCRIPT | GH_TAME, "script" },
	{ "actions/setup-node", GH_CACHE_INPUT | GH_TAME, NULL },
	{ "actions/setup-python", GH_CACHE_INPUT | GH_TAME, NULL },
	{ "actions/setup-java", GH_CACHE_INPUT | GH_TAME, NULL },
	{ "actions/setup-dotnet", GH_CACHE_INPUT | GH_TAME, NULL },
	{ "actions/setup-go", GH_CACHE_DEFAULT | GH_TAME, NULL },
	{ "gradle/actions/setup-gradle", GH_CACHE | GH_TAME, NULL },
	{ "swatinem/rust-cache", GH_CACHE | GH_TAME, NULL },
	{ "hendrikmuhs/ccache-action", GH_CACHE | GH_TAME, NULL },
	{ "actions/labeler", GH_TAME, NULL },
	{ "actions/stale", GH_TAME, NULL },
	{ "actions/first-interaction", GH_TAME, NULL },
	{ "actions/add-to-project", GH_TAME, NULL },
	{ "actions/attest-build-provenance", GH_TAME, NULL },
	{ "docker/login-action", GH_TAME, NULL },
	{ "docker/setup-buildx-action", GH_TAME, NULL },
	{ "docker/setup-qemu-action", GH_TAME, NULL },
	{ "docker/metadata-action", GH_TAME, NULL },
	{ "docker/build-push-action", GH_BUILDS, NULL },
	{ "pre-commit/action", GH_BUILDS | GH_ANALYSIS, "extra_args" },
	{ "bridgecrewio/checkov-action", GH_BUILDS | GH_ANALYSIS, NULL },
	{ "golangci/golangci-lint-action", GH_BUILDS | GH_ANALYSIS, "args" },
	{ "super-linter/super-linter", GH_BUILDS | GH_ANALYSIS, NULL },
	{ "github/codeql-action/init", GH_TAME, NULL },
	{ "github/codeql-action/autobuild", GH_BUILDS, NULL },
	{ "github/codeql-action/analyze", GH_ANALYSIS | GH_TAME, NULL },
	{ "github/codeql-action/upload-sarif", GH_TAME, NULL },
	{ "returntocorp/semgrep-action", GH_ANALYSIS | GH_TAME, NULL },
	{ "cypress-io/github-action", GH_BUILDS | GH_TEST, "install-command build start command" },
	{ "goreleaser/goreleaser-action", GH_BUILDS | GH_PUBLISH, NULL },
	{ "softprops/action-gh-release", GH_PUBLISH | GH_TAME, NULL },
	{ "ncipollo/release-action", GH_PUBLISH | GH_TAME, NULL },
	{ "actions/create-release", GH_PUBLISH | GH_TAME, NULL },
	{ "actions/upload-release-asset", GH_PUBLISH | GH_TAME, NULL },
	{ "pypa/gh-action-pypi-publish", GH_PUBLISH | GH_TAME, NULL },
	{ "js-devtools/npm-publish", GH_PUBLISH | GH_BUILDS, NULL },
	{ "azure/powershell", GH_SCRIPT, "inlinescript" },
	{ "azure/cli", GH_SCRIPT, "inlinescript" },
	{ "appleboy/ssh-action", GH_SCRIPT | GH_TAME, "script" },
	{ "mikefarah/yq", GH_SCRIPT | GH_TAME, "cmd" },
	{ "nick-fields/retry", GH_SCRIPT | GH_BUILDS, "command on_retry_command new_command_on_retry" },
	{ "ruby/setup-ruby", GH_BUILDS, NULL },
};

unsigned
gh_traits(const char *name)
{
	for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
		if (strcasecmp(actions[i].name, name) == 0)
			return actions[i].traits;
	}
	return 0;
}

static bool
is_among(const char *name, const char *list)
{
	size_t len = strlen(name);
	while (*list != '\0') {
		size_t n = strcspn(list, " ");
		if (n == len && strncasecmp(list, name, n) == 0)
			return true;
		list += n + (list[n] == ' ');
	}
	return false;
}

bool
gh_is_code_input(const char *action, const char *input)
{
	for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
		if (strcasecmp(actions[i].name, action) == 0)
			return actions[i].code != NULL && is_among(input, actions[i].code);
	}
	return false;
}

/* Of what only reads and sets up: where it takes its parts and settings from. Other inputs of it are shown, compared or sent as texts. */
bool
gh_is_text_input(const char *action, const char *input)
{
	static const char choosing[] = "repository repo ref registry registry-url config config-file config_file queries packs image node_image "
				       "driver-opts args arguments command cmd script script_path run shell url server github-server-url api-url "
				       "mirror mirror-url index-url endpoint version-file tools languages working-directory setup-python-dependencies "
				       "workflow run_id run-id commit branch pr host proxy_host";
	unsigned traits = gh_traits(action);
	return (traits & GH_CHECKOUT) != 0 || ((traits & GH_TAME) != 0 && !is_among(input, choosing));
}
