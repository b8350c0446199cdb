/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a release may be installed or run: expiry, product, and the floor below which nothing goes unless enough people allow it.
 */
#include <string.h>

#include "catch.h"
#include "release_inside.h"

static const char rollback_path[] = "release/rollback";

static bool
is_other(const struct assay_release *release, const char *product)
{
	return product != NULL && product[0] != '\0' && !assay_span_equal(release->product, assay_span_str(product));
}

/* A machine that remembers no digest, as a boot loader with a mere counter, can't tell two releases of one number apart. */
static bool
is_another(const struct assay_release *r, const struct assay_release_floor *floor)
{
	static const unsigned char none[ASSAY_SHA256_SIZE];
	return floor->number > 0 && r->number == floor->number && memcmp(floor->digest, none, sizeof none) != 0 &&
	    memcmp(r->digest, floor->digest, sizeof r->digest) != 0;
}

/* The first thing that speaks against it. */
static enum assay_release_code
fault_of(const struct assay_release *r, enum assay_release_use use, const char *product,
    const struct assay_release_floor *floor, int64_t now)
{
	if (CATCH(release_product, is_other(r, product) || is_other(r, floor->product)))
		return ASSAY_RELEASE_WRONG_PRODUCT;
	if (CATCH(release_clock, floor->seen > 0 && now < floor->seen - ASSAY_RELEASE_CLOCK_SLACK))
		return ASSAY_RELEASE_CLOCK_SET_BACK;
	if (CATCH(release_floor_number, r->number < floor->number))
		return ASSAY_RELEASE_LOWER_VERSION;
	if (CATCH(release_floor_counter, r->counter < floor->counter))
		return ASSAY_RELEASE_LOWER_COUNTER;
	if (CATCH(release_floor_digest, is_another(r, floor)))
		return ASSAY_RELEASE_SAME_NUMBER;
	if (CATCH(release_floor_authority, r->root_version < floor->root_version || r->targets_version < floor->targets_version))
		return ASSAY_RELEASE_AUTHORITY_OLDER;
	if (CATCH(release_expired, use == ASSAY_RELEASE_INSTALL && r->expires <= now))
		return ASSAY_RELEASE_EXPIRED;
	return ASSAY_RELEASE_OK;
}

enum assay_status
assay_release_allows(struct assay_release_check *check, const struct assay_release *release, enum assay_release_use use,
    const char *product, const struct assay_release_floor *floor, int64_t now, bool *ret_expired, struct assay_error *err)
{
	if (!release_is_read(check))
		return assay_fail(err, ASSAY_E_USAGE, "no release was read");
	*ret_expired = release->expires <= now;
	const enum assay_release_code code = fault_of(release, use, product, floor, now);
	check->code = code;
	return code == ASSAY_RELEASE_OK ? ASSAY_OK : release_fail(check, code, err);
}

void
assay_release_raise(const struct assay_release *release, int64_t now, struct assay_release_floor *floor)
{
	floor->number = release->number;
	floor->counter = release->counter;
	memcpy(floor->digest, release->digest, sizeof floor->digest);
	if (release->root_version > floor->root_version)
		floor->root_version = release->root_version;
	if (release->targets_version > floor->targets_version)
		floor->targets_version = release->targets_version;
	if (now > floor->seen)
		floor->seen = now;
	memset(floor->product, 0, sizeof floor->product);
	if (release->product.len < sizeof floor->product)
		memcpy(floor->product, release->product.data, release->product.len);
}

/* ---- rollback ---- */

struct authorised {
	struct assay_span product, release, reason;
	uint64_t from, to;
};

static bool
read_authorised(struct assay_span custom, struct authorised *a)
{
	struct assay_span from, to;
	return release_text(custom, "product", &a->product) && release_product_ok(a->product) &&
	    release_text(custom, "to-release", &a->release) && release_text(custom, "reason", &a->reason) && a->reason.len > 0 &&
	    cj_named(custom, "from", &from) && cj_integer(from, ASSAY_JSON_INTEGER_MAX, &a->from) &&
	    cj_named(custom, "to", &to) && cj_integer(to, ASSAY_JSON_INTEGER_MAX, &a->to);
}

/* One target, that path, and nothing else said. */
static bool
read_rollback(const struct assay_tuf_meta *meta, struct authorised *a)
{
	struct assay_tuf_target target;
	struct assay_span value;
	size_t cursor = 0;
	if (cj_named(meta->payload, "delegations", &value) || !assay_tuf_next_target(meta, &cursor, &target) ||
	    !assay_span_equal(target.path, assay_span_str(rollback_path)) || !read_authorised(target.custom, a))
		return false;
	return !assay_tuf_next_target(meta, &cursor, &target);
}

static bool
is_for(const struct authorised *a, const struct assay_release *release, const struct assay_release_floor *floor)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	return assay_span_equal(a->product, release->product) && a->to == release->number && (floor == NULL || a->from >= floor->number) &&
	    a->to < a->from && a->release.len == 64 && tuf_unhex(a->release, digest, sizeof digest) &&
	    memcmp(digest, release->digest, sizeof digest) == 0;
}

static void
lower(const struct assay_release *release, struct assay_release_floor *floor)
{
	floor->number = release->number;
	floor->counter = release->counter;
	memcpy(floor->digest, release->digest, sizeof floor->digest);
}

/* floor NULL: from whichever release. */
static enum assay_status
read_for(struct assay_release_check *check, struct assay_span file, const struct assay_release *release,
    const struct assay_release_floor *floor, struct assay_tuf_meta *ret_meta, struct assay_error *err)
{
	struct authorised a;
	TRY(release_read_signed(check, file, ret_meta, err));
	if (!read_rollback(ret_meta, &a))
		return release_fail(check, ASSAY_RELEASE_BAD_METADATA, err);
	if (CATCH(release_rollback_other, !is_for(&a, release, floor)))
		return release_fail(check, ASSAY_RELEASE_ROLLBACK_OTHER, err);
	return ASSAY_OK;
}

enum assay_status
assay_release_rollback_of(struct assay_release_check *check, struct assay_span file, const struct assay_release *release,
    struct assay_error *err)
{
	const struct assay_tuf_room room = check->state.room;
	struct assay_tuf_meta meta;
	const enum assay_status status = read_for(check, file, release, NULL, &meta, err);
	check->state.room = room;
	if (status == ASSAY_OK)
		check->code = ASSAY_RELEASE_OK;
	return status;
}

enum assay_status
assay_release_rollback(struct assay_release_check *check, struct assay_span file, const struct assay_release *release,
    int64_t now, struct assay_release_floor *floor, struct assay_error *err)
{
	struct assay_tuf_meta meta;
	unsigned char digest[ASSAY_SHA256_SIZE];
	TRY(read_for(check, file, release, floor, &meta, err));
	if (CATCH(release_rollback_expired, meta.expires <= now))
		return release_fail(check, ASSAY_RELEASE_ROLLBACK_EXPIRED, err);
	TRY(assay_sha256(meta.payload, digest));
	memcpy(check->rollback, digest, sizeof digest);
	lower(release, floor);
	check->code = ASSAY_RELEASE_OK;
	return ASSAY_OK;
}
