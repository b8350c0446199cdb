/* SPDX-License-Identifier: Apache-2.0 */
#include "other.h"

#include <base/text.h>
#include <string.h>

static const struct {
	const char *pattern;
	const char *product;
} known[] = {
	{ ".azure-pipelines.yml", "Azure Pipelines" },
	{ ".azure-pipelines.yaml", "Azure Pipelines" },
	{ ".azure-pipelines/**", "Azure Pipelines" },
	{ "azure-pipelines*.yml", "Azure Pipelines" },
	{ "azure-pipelines*.yaml", "Azure Pipelines" },
	{ ".tekton/**", "Tekton" },
	{ "Jenkinsfile", "Jenkins" },
	{ "**/Jenkinsfile", "Jenkins" },
	{ ".circleci/config.yml", "CircleCI" },
	{ ".travis.yml", "Travis CI" },
	{ "bitbucket-pipelines.yml", "Bitbucket Pipelines" },
	{ ".drone.yml", "Drone" },
	{ ".woodpecker.yml", "Woodpecker" },
	{ ".woodpecker.yaml", "Woodpecker" },
	{ ".woodpecker/**", "Woodpecker" },
	{ ".buildkite/pipeline*.yml", "Buildkite" },
	{ ".cirrus.yml", "Cirrus CI" },
	{ "appveyor.yml", "AppVeyor" },
	{ ".appveyor.yml", "AppVeyor" },
	{ ".forgejo/workflows/*.yml", "Forgejo Actions" },
	{ ".forgejo/workflows/*.yaml", "Forgejo Actions" },
	{ ".gitea/workflows/*.yml", "Gitea Actions" },
	{ ".gitea/workflows/*.yaml", "Gitea Actions" },
	{ "cloudbuild.yaml", "Google Cloud Build" },
	{ "buildspec.yml", "AWS CodeBuild" },
	{ ".build.yml", "builds.sr.ht" },
	{ ".builds/*.yml", "builds.sr.ht" },
};

static const char *
system_of(const char *path)
{
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (text_match(assay_span_str(known[i].pattern), assay_span_str(path)))
			return known[i].product;
	}
	return NULL;
}

bool
ci_other_wants(const char *path)
{
	return system_of(path) != NULL;
}

enum assay_status
ci_other_read(struct ci_file *f)
{
	return ci_ask(f->work, CI_ALL, "unknown-system", (struct ci_place){ f->path, 0, 0 },
	    "'%s' is a pipeline of %s, which this version doesn't read", f->path, system_of(f->path));
}
