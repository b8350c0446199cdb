/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A release from its first root on. Lines as in tuf_common.h: R a root (the first is the one that is trusted), G who may release, L the
 * release, B a rollback authorisation.
 */
#include <assay/release.h>

#include "tuf_common.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW 1900000000

static unsigned char room[ASSAY_RELEASE_ROOM];
static struct assay_release_check state;
static struct assay_release release;

/* Whatever the floor: what is allowed isn't below it. */
static void
try_floor(uint64_t number, uint64_t counter)
{
	struct assay_release_floor floor = { .number = number, .counter = counter, .seen = NOW };
	bool expired;
	if (assay_release_allows(&state, &release, ASSAY_RELEASE_INSTALL, NULL, &floor, NOW, &expired, NULL) != ASSAY_OK) {
		check(state.code != ASSAY_RELEASE_OK);
		return;
	}
	check(release.number >= number && release.counter >= counter && !expired);
	assay_release_raise(&release, NOW, &floor);
	check(floor.number == release.number && strlen(floor.product) == release.product.len);
}

static void
check_release(void)
{
	struct assay_tuf_target target;
	size_t cursor = 0, count = 0;
	check(release.number > 0 && release.manifest.has_sha256 && release.tally.people >= release.tally.threshold);
	check(release.product.len > 0 && release.product.len <= ASSAY_RELEASE_WORD_MAX && release.tree.len == 64);
	while (assay_release_next_target(&state, &cursor, &target))
		check(++count <= ASSAY_RELEASE_TARGETS_COUNT_MAX);
	check(count > 0);
	try_floor(0, 0);
	try_floor(release.number, release.counter + 1);
	try_floor(release.number + 1, 0);
}

static void
try_rollback(struct assay_span file)
{
	struct assay_release_floor floor = { .number = release.number + 3, .counter = 1 }, before = floor;
	if (assay_release_rollback(&state, file, &release, NOW, &floor, NULL) == ASSAY_OK)
		check(floor.number == release.number);
	else
		check(memcmp(&floor, &before, sizeof floor) == 0 && state.code != ASSAY_RELEASE_OK);
}

static void
feed(char kind, struct assay_span file, bool *is_read)
{
	switch (kind) {
	case 'R':
		(void)!assay_release_root(&state, file, NULL);
		break;
	case 'G':
		(void)!assay_release_authority(&state, file, NULL);
		break;
	case 'L':
		if (assay_release_read(&state, file, &release, NULL) != ASSAY_OK)
			break;
		check_release();
		*is_read = true;
		break;
	case 'B':
		if (*is_read)
			try_rollback(file);
		break;
	default:
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char out[FILE_MAX];
	struct assay_span rest = { data, size }, payload;
	bool begun = false, is_read = false;
	char kind;
	if (size > INPUT_MAX)
		return 0;
	if (keys[0] == NULL)
		make_keys();
	while (next_line(&rest, &kind, &payload)) {
		struct assay_span file = file_of(kind, payload, out);
		if (begun)
			feed(kind, file, &is_read);
		else
			begun = assay_release_begin((struct assay_tuf_room) { room, sizeof room, 0 }, file, NULL, &state, NULL) == ASSAY_OK;
	}
	return 0;
}
