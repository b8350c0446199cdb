/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay/risks.yaml: what threatens which asset at which stage, how much, what was chosen against it, and who accepted the rest.
 */
#pragma once

#include <base/arena.h>
#include <codec/yaml.h>
#include <stdbool.h>
#include <stdint.h>

#define RISKS_VERSION 1
#define RISKS_PATH "assay/risks.yaml"
#define RISKS_MAX 5000
#define RISKS_OWN_MAX 500
#define RISKS_OUT_MAX 500
/* Most words of each scale. */
#define RISKS_SCALE_MAX 10

/* Squares of the map: bits in the order of catalog_assets, catalog_threats and catalog_stages. */
struct risk_squares {
	unsigned assets, threats, stages;
};

/* A place on both scales. */
struct risk_rating {
	bool given;
	size_t severity, likelihood;
};

struct risk_criteria {
	struct yaml_strings levels, severities, likelihoods; /* ascending */
	size_t matrix[RISKS_SCALE_MAX][RISKS_SCALE_MAX];     /* severity × likelihood: index of a level */
	size_t acceptable; /* the highest level that needs nobody's acceptance */
	unsigned line;
};

struct risk_act {
	bool given;
	const char *by; /* id of the roster */
	int64_t on;     /* midnight of the day */
};

struct risk {
	const char *id;
	const char *title;
	struct risk_squares where;
	struct risk_rating before, after;
	struct yaml_strings controls; /* ids of the catalogue, or of own ones */
	const char *residual;         /* what remains, in words; NULL */
	struct risk_act assessed, accepted;
	unsigned line;
};

/* Squares that are left out, and why. */
struct risk_out {
	struct risk_squares where;
	const char *reason;
	unsigned line;
};

/* A control that is none of the catalogue's. */
struct risk_own {
	const char *id;
	const char *title;
	unsigned line;
};

struct risks {
	struct risk_criteria criteria;
	const char *accepting_role;
	struct risk_out *out;
	size_t out_count;
	struct risk_own *own;
	size_t own_count;
	struct risk *risks;
	size_t count;
};

/* Errors beyond the format's: one id twice; a word that its scale doesn't have; a matrix that doesn't fit the scales. */
ASSAY_MUST_USE enum assay_status risks_parse(struct assay_span yaml, const char *name, struct arena *arena,
    struct risks *ret_risks, struct assay_error *err);
/* Index of the level. */
size_t risks_level(const struct risks *r, const struct risk_rating *rating);
/* How many squares the catalogue's words make, and whether square i (in the order asset, threat, stage) is among these. */
size_t risks_square_count(void);
bool risks_has(const struct risk_squares *where, size_t square);
void risks_square_names(size_t square, const char **ret_asset, const char **ret_threat, const char **ret_stage);
