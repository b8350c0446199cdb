/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Coding standards of the catalogue: facts about each rule, and titles in our own words. Built into the program from
 * catalog/standards/.
 */
#pragma once

#include <base/arena.h>
#include <base/embedded.h>
#include <codec/yaml.h>
#include <stdbool.h>
#include <stdint.h>

#define STANDARD_VERSION 1
#define STANDARDS_MAX 20
#define STANDARD_RULES_MAX 1000
#define STANDARD_CWES_MAX 20

/* All three in ascending order of weight; NOT_GIVEN where a standard has no such scale. */
enum standard_severity { SEVERITY_NOT_GIVEN, SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH };
enum standard_likelihood { LIKELIHOOD_NOT_GIVEN, LIKELIHOOD_UNLIKELY, LIKELIHOOD_PROBABLE, LIKELIHOOD_LIKELY };
enum standard_remediation { REMEDIATION_NOT_GIVEN, REMEDIATION_HIGH, REMEDIATION_MEDIUM, REMEDIATION_LOW }; /* its cost */
enum standard_answer { ANSWER_NOT_GIVEN, ANSWER_NO, ANSWER_YES };
/* How binding a rule is. CERT's rules are all required. */
enum standard_category { CATEGORY_NOT_GIVEN, CATEGORY_ADVISORY, CATEGORY_REQUIRED, CATEGORY_MANDATORY };
/* Whether a tool can settle it for every program. */
enum standard_decidability { DECIDABILITY_NOT_GIVEN, DECIDABILITY_UNDECIDABLE, DECIDABILITY_DECIDABLE };

struct standard_rule {
	const char *id;    /* "ARR30-C", "rule-1.1" */
	const char *title; /* NULL: the standard is known by its numbers alone */
	const char *group; /* "ARR"; NULL */
	enum standard_severity severity;
	enum standard_likelihood likelihood;
	enum standard_answer detectable, repairable; /* by a tool, without wrong alarms; both given or neither */
	enum standard_remediation remediation;       /* as the two say: high when neither, low when both */
	unsigned priority; /* severity × likelihood × remediation, 1 to 27; 0: not given */
	unsigned level;    /* 1 (first) to 3; 0: not given */
	enum standard_category category;
	enum standard_decidability decidability;
	uint32_t cwes[STANDARD_CWES_MAX];
	size_t cwe_count;
	struct yaml_strings unconfirmed; /* names of facts above that were found in one place only, or not at all */
	unsigned line;
};

struct standard {
	const char *id; /* "cert-c" */
	const char *title;
	const char *edition;
	struct yaml_strings languages; /* names of sca/language.h */
	const struct standard_rule *rules; /* in the order of the file */
	size_t count;
};

struct standards {
	const struct standard *items;
	size_t count;
};

ASSAY_MUST_USE enum assay_status standard_parse(struct assay_span yaml, const char *name, struct arena *arena,
    struct standard *ret_standard, struct assay_error *err);
/* The standards that are built in. */
ASSAY_MUST_USE enum assay_status standards_load(struct arena *arena, const struct standards **ret_standards,
    struct assay_error *err);
/* NULL: there is none. */
const struct standard *standards_find(const struct standards *s, const char *id);
const struct standard_rule *standard_rule(const struct standard *s, const char *id);

/* Words as the files write them: "medium"; "not given" for what isn't. */
const char *standard_severity_name(enum standard_severity s);
const char *standard_likelihood_name(enum standard_likelihood l);
const char *standard_remediation_name(enum standard_remediation r);
const char *standard_answer_name(enum standard_answer a);
const char *standard_category_name(enum standard_category c);
const char *standard_decidability_name(enum standard_decidability d);

/* Decoders for records that use the same words: enum standard_severity, enum standard_category. */
enum assay_status standard_decode_severity(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err);
enum assay_status standard_decode_category(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err);

/* A maker may bind themselves more than the standard does, and never less. */
bool standard_may_recategorise(const struct standard_rule *rule, enum standard_category to);
/* Nothing excuses from a mandatory rule: neither a deviation nor "not applicable". */
bool standard_may_deviate(const struct standard_rule *rule);
