/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay/access.yaml: who may do what on which system, and who looked at that when.
 */
#pragma once

#include <base/arena.h>
#include <codec/yaml.h>
#include <stdbool.h>
#include <stdint.h>

#define ACCESS_VERSION 1
#define ACCESS_PATH "assay/access.yaml"
/* Most entries of its lists, and most addresses of a service. */
#define ACCESS_SYSTEMS_MAX 500
#define ACCESS_SERVICES_MAX 200
#define ACCESS_EMAILS_MAX 16
#define ACCESS_GRANTS_MAX 5000

/* Those that every development environment has, or says why not; then one more that may be listed. */
enum access_kind {
	ACCESS_REPOSITORY,
	ACCESS_PIPELINE,
	ACCESS_BUILD_HOST,
	ACCESS_ARTIFACT_STORE,
	ACCESS_SIGNING_TOKEN,
	ACCESS_UPDATE_SERVER,
};
#define ACCESS_KINDS 6
#define ACCESS_KINDS_DEMANDED 5

/* Bits of a right, in the order of access_right_name(). */
#define ACCESS_RIGHTS 6

struct access_review {
	bool given;
	int64_t on;             /* midnight of the day */
	struct yaml_strings by; /* ids of the roster */
	unsigned line;
};

struct access_system {
	const char *id;
	enum access_kind kind;
	const char *name;
	const char *owner; /* id of the roster */
	const char *where; /* address, for people; NULL when not said */
	unsigned line;
};

/* A kind of system that there is none of. */
struct access_absence {
	enum access_kind kind;
	const char *reason;
	unsigned line;
};

/* What acts without being a person: deploy automation, a bot. */
struct access_service {
	const char *id;
	const char *name;
	const char *owner; /* id of the roster: who answers for it */
	struct yaml_strings emails;
	unsigned line;
};

struct access_grant {
	const char *who;       /* id of the roster, or of a service */
	const struct access_system **systems;
	size_t system_count;
	unsigned rights;       /* bits */
	const char *reason;
	int64_t since, until;  /* until is exclusive; WHEN_MAX when open */
	struct access_review review;
	unsigned line;
};

struct access_list {
	struct access_review review; /* of the whole register */
	struct access_system *systems;
	size_t system_count;
	struct access_absence *absences;
	size_t absence_count;
	struct access_service *services;
	size_t service_count;
	struct access_grant *grants;
	size_t grant_count;
};

/*
 * Errors beyond the format's: one id twice; a kind said to be absent that a system has, or twice; a grant on a system
 * that isn't listed; until not after since. Who is on the roster is the judge's to say.
 */
ASSAY_MUST_USE enum assay_status access_parse(struct assay_span yaml, const char *name,
    struct arena *arena, struct access_list *ret_access, struct assay_error *err);
const char *access_kind_name(enum access_kind kind); /* "build-host" */
const char *access_right_name(unsigned bit);         /* 0: "read" */
/* The service with this id, or with this email (ASCII case folded), or NULL. */
const struct access_service *access_service_by_id(const struct access_list *a, const char *id);
const struct access_service *access_service_by_email(const struct access_list *a, struct assay_span email);
/* The later of the grant's own review and the register's, or NULL: nobody looked. */
const struct access_review *access_last_review(const struct access_list *a, const struct access_grant *g);
