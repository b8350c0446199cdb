/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Both backends of libassay on the same bytes: any difference is a fault. The first byte says what is asked (asks[]); fields
 * of known length follow as they are, others behind two bytes of length; what is left is the message.
 */
#include <stdlib.h>
#include <string.h>

#include "backends.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX 16384
#define FILE_MAX (300u * 4096)
#define BLOCKS_MAX (FILE_MAX / 4096)

static const struct backend *const both[] = { &backend_libcrypto, &backend_small };

static void
check(bool good)
{
	if (!good)
		abort();
}

/* Answers are "yes" or "no", and the same. */
static void
same(const enum assay_status answers[2])
{
	check(answers[0] == ASSAY_OK || answers[0] == ASSAY_E_VERIFY);
	check(answers[0] == answers[1]);
}

/* Takes so many bytes off the front; zero bytes when there are fewer. */
static void
take(struct assay_span *from, unsigned char *out, size_t size)
{
	size_t len = from->len < size ? from->len : size;

	memset(out, 0, size);
	if (len > 0)
		memcpy(out, from->data, len);
	*from = (struct assay_span) { from->data + len, from->len - len };
}

static unsigned
take_byte(struct assay_span *from)
{
	unsigned char byte;

	take(from, &byte, 1);
	return byte;
}

static struct assay_span
take_field(struct assay_span *from)
{
	size_t len = (size_t)take_byte(from) << 8;

	len |= take_byte(from);
	if (len > from->len)
		len = from->len;
	struct assay_span field = { from->data, len };
	*from = (struct assay_span) { from->data + len, from->len - len };
	return field;
}

static void
ask_ed25519(struct assay_span in)
{
	unsigned char key[32], signature[64];
	enum assay_status answers[2];

	take(&in, key, sizeof key);
	take(&in, signature, sizeof signature);
	for (size_t i = 0; i < 2; i++)
		answers[i] = both[i]->ed25519_verify(key, signature, in);
	same(answers);
}

static void
ask_ecdsa(struct assay_span in)
{
	enum crypto_curve curve = (enum crypto_curve)(take_byte(&in) % 3);
	struct assay_span point = take_field(&in), r = take_field(&in), s = take_field(&in);
	unsigned char digest[ASSAY_SHA512_SIZE];
	enum assay_status answers[2];

	take(&in, digest, sizeof digest);
	for (size_t i = 0; i < 2; i++)
		answers[i] = both[i]->ec_point_check(curve, point);
	same(answers);
	for (size_t size = ASSAY_SHA256_SIZE; size <= ASSAY_SHA512_SIZE; size += 16) {
		for (size_t i = 0; i < 2; i++)
			answers[i] = both[i]->ecdsa_verify(curve, point, r, s, (struct assay_span) { digest, size });
		same(answers);
	}
}

static void
ask_rsa(struct assay_span in)
{
	enum crypto_padding padding = (enum crypto_padding)(take_byte(&in) % 2);
	enum assay_hash hash = (enum assay_hash)(take_byte(&in) % 3);
	struct assay_span n = take_field(&in), e = take_field(&in), signature = take_field(&in);
	unsigned char digest[ASSAY_SHA512_SIZE];
	enum assay_status answers[2];

	take(&in, digest, sizeof digest);
	for (size_t i = 0; i < 2; i++)
		answers[i] = both[i]->rsa_verify(padding, hash, n, e, signature,
		    (struct assay_span) { digest, assay_hash_size(hash) });
	same(answers);
}

/* A key and a signature as SSH writes them. */
static void
ask_ssh(struct assay_span in)
{
	struct assay_span blob = take_field(&in), signature = take_field(&in);
	struct assay_pubkey keys[2];
	struct assay_error errors[2];
	enum assay_status answers[2];

	memset(errors, 0, sizeof errors);
	for (size_t i = 0; i < 2; i++)
		answers[i] = both[i]->pubkey_parse(blob, &keys[i], &errors[i]);
	check(answers[0] == answers[1] && strcmp(errors[0].what, errors[1].what) == 0);
	if (answers[0] != ASSAY_OK)
		return;
	const char *weak[2];
	for (size_t i = 0; i < 2; i++) {
		weak[i] = both[i]->pubkey_weakness(&keys[i]);
		answers[i] = both[i]->pubkey_verify(&keys[i], signature, in, NULL, &errors[i]);
	}
	check((weak[0] == NULL) == (weak[1] == NULL) && (weak[0] == NULL || strcmp(weak[0], weak[1]) == 0));
	check(answers[0] == answers[1] && strcmp(errors[0].what, errors[1].what) == 0);
}

/* A key of metadata in JSON, and a signature. */
static void
ask_tuf(struct assay_span in)
{
	static unsigned char room[2][ASSAY_JSON_ROOM(INPUT_MAX)];
	struct assay_span json = take_field(&in), signature = take_field(&in);
	struct assay_tuf_key keys[2];
	enum assay_status answers[2];

	for (size_t i = 0; i < 2; i++) {
		struct assay_tuf_room where = { room[i], sizeof room[i], 0 };
		answers[i] = both[i]->tuf_key_parse(json, &where, &keys[i], NULL);
	}
	check(answers[0] == answers[1]);
	if (answers[0] != ASSAY_OK)
		return;
	check(strcmp(keys[0].keyid, keys[1].keyid) == 0);
	for (size_t i = 0; i < 2; i++)
		answers[i] = both[i]->tuf_key_verify(&keys[i], signature, in);
	same(answers);
}

/* Whole, and in pieces whose lengths are the bytes of the message itself. */
static void
ask_hash(struct assay_span in)
{
	enum assay_status (*const whole[3])(struct assay_span, unsigned char *) = { both[1]->sha256, both[1]->sha384,
		both[1]->sha512 };
	enum assay_hash hash = (enum assay_hash)(take_byte(&in) % 3);
	unsigned char digests[3][ASSAY_HASH_SIZE_MAX];
	size_t size = assay_hash_size(hash);

	for (size_t i = 0; i < 2; i++) {
		struct assay_hasher h;
		check(both[i]->hasher_init(&h, hash) == ASSAY_OK);
		for (size_t at = 0, piece; at < in.len; at += piece) {
			piece = in.data[at] + 1u < in.len - at ? in.data[at] + 1u : in.len - at;
			check(both[i]->hasher_update(&h, (struct assay_span) { in.data + at, piece }) == ASSAY_OK);
		}
		check(both[i]->hasher_final(&h, digests[i]) == ASSAY_OK);
		both[i]->hasher_done(&h);
	}
	check(whole[hash](in, digests[2]) == ASSAY_OK);
	check(memcmp(digests[0], digests[1], size) == 0 && memcmp(digests[0], digests[2], size) == 0);
}

/* The digests of the file's blocks; the last one is filled with zero bytes. */
static size_t
leaves(struct assay_span file, unsigned char *out)
{
	unsigned char block[ASSAY_FSVERITY_BLOCK];
	size_t count = 0;

	for (; file.len > 0; count++) {
		take(&file, block, sizeof block);
		check(both[1]->sha256((struct assay_span) { block, sizeof block }, out + 32 * count) == ASSAY_OK);
	}
	return count;
}

/* Bytes and digests of blocks by turns, in steps that the seed makes up. */
static void
fsverity_mixed(const struct backend *b, struct assay_span file, const unsigned char *row, unsigned seed, unsigned char digest[32])
{
	struct assay_fsverity v;

	check(b->fsverity_init(&v) == ASSAY_OK);
	for (size_t at = 0, step; at < file.len; at += step, seed = seed * 1103515245u + 12345u) {
		bool blocks = at % ASSAY_FSVERITY_BLOCK == 0 && (seed >> 16 & 1) != 0;
		step = (seed >> 17 & 7) == 0 ? 1 + (seed >> 20 & 0xfff) : ((seed >> 20 & 0xf) + 1) * 4096 - at % 4096;
		if (blocks)
			step = ((seed >> 20 & 0xff) + 1) * ASSAY_FSVERITY_BLOCK;
		if (step > file.len - at)
			step = file.len - at;
		if (blocks)
			check(b->fsverity_update_blocks(&v, (struct assay_span) { row + at / 4096 * 32, (step + 4095) / 4096 * 32 }, step) == ASSAY_OK);
		else
			check(b->fsverity_update(&v, (struct assay_span) { file.data + at, step }) == ASSAY_OK);
	}
	check(b->fsverity_final(&v, digest) == ASSAY_OK);
	b->fsverity_done(&v);
}

/* The message over and over, as a file of a size that the input names. */
static void
ask_fsverity(struct assay_span in)
{
	static unsigned char bytes[FILE_MAX], row[BLOCKS_MAX * 32];
	size_t size = (size_t)take_byte(&in) << 16;
	unsigned char digests[4][32];

	size |= take_byte(&in) << 8;
	size |= take_byte(&in);
	size %= FILE_MAX + 1;
	unsigned seed = take_byte(&in) << 16 | take_byte(&in) << 24;
	for (size_t i = 0; i < size; i++)
		bytes[i] = in.len == 0 ? 0 : in.data[i % in.len];
	struct assay_span file = { bytes, size };
	size_t count = leaves(file, row);
	check(both[0]->fsverity_digest(file, digests[0]) == ASSAY_OK);
	for (size_t i = 0; i < 2; i++)
		fsverity_mixed(both[i], file, row, seed, digests[1 + i]);
	for (; count > 1; count = (count + 127) / 128)
		check(both[1]->fsverity_level(row, count, row) == ASSAY_OK);
	check(both[1]->fsverity_file_digest(row, size, digests[3]) == ASSAY_OK);
	for (size_t i = 1; i < 4; i++)
		check(memcmp(digests[0], digests[i], 32) == 0);
}

static void (*const asks[])(struct assay_span) = { ask_ed25519, ask_ecdsa, ask_rsa, ask_ssh, ask_tuf, ask_hash, ask_fsverity };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_span in = { data, size };

	if (size == 0 || size > INPUT_MAX)
		return 0;
	asks[take_byte(&in) % (sizeof asks / sizeof asks[0])](in);
	return 0;
}
