/* SPDX-License-Identifier: Apache-2.0 */
#include "history_work.h"

#include <assay/base64.h>
#include <base/catch.h>
#include <base/cleanup.h>

#define NAMESPACE "git"
#define NAMESPACE_SIZE 64
#define ARMOR_END "-----END SSH SIGNATURE-----"

struct armor_row {
	const char *begin;
	enum sig_format format;
};

/* What git itself tells signatures apart by. */
static const struct armor_row armors[] = {
	{ "-----BEGIN SSH SIGNATURE-----", SIG_SSH },
	{ "-----BEGIN PGP SIGNATURE-----", SIG_OPENPGP },
	{ "-----BEGIN PGP MESSAGE-----", SIG_OPENPGP },
	{ "-----BEGIN SIGNED MESSAGE-----", SIG_X509 },
};

static enum sig_format
format_of(struct assay_span text)
{
	for (size_t i = 0; i < sizeof armors / sizeof armors[0]; i++) {
		size_t len = strlen(armors[i].begin);
		if (text.len >= len && memcmp(text.data, armors[i].begin, len) == 0)
			return armors[i].format;
	}
	return SIG_UNKNOWN;
}

void
sign_scratch_done(struct sign_scratch *s)
{
	buf_done(&s->message);
	buf_done(&s->text);
	buf_done(&s->binary);
}

bool
sign_is_arithmetic(const struct history_signature *s)
{
	if (s->format != SIG_SSH)
		return false;
	return s->result == SIG_VALID || s->code == SIG_CODE_MISMATCH ||
	    s->code == SIG_CODE_WEAK_KEY || s->code == SIG_CODE_CA_MISMATCH;
}

static void
unfold(struct buf *out, struct assay_span raw)
{
	size_t from = 0;
	/* What is longer than any signature stays cut, and is malformed then. */
	buf_reset(out);
	while (from < raw.len) {
		const unsigned char *lf = memchr(raw.data + from, '\n', raw.len - from);
		size_t end = lf != NULL ? (size_t)(lf - raw.data) + 1 : raw.len;
		buf_add(out, raw.data + from, end - from);
		from = end;
		if (from < raw.len && raw.data[from] == ' ')
			from++;
	}
}

static enum assay_status
join(struct buf *room, const struct git_signature_field *field, struct assay_span *ret_message)
{
	*ret_message = field->pieces[0];
	if (field->piece_count == 1)
		return ASSAY_OK;
	buf_reset(room);
	for (size_t i = 0; i < field->piece_count; i++)
		buf_add_span(room, field->pieces[i]);
	*ret_message = buf_span(room);
	return room->status;
}

static enum assay_status
grow_keys(struct work_chunk *c)
{
	if (c->key_count < c->key_room)
		return ASSAY_OK;
	uint32_t room = c->key_room == 0 ? 4 : 2 * c->key_room;
	struct work_key *keys = realloc(c->keys, room * sizeof *keys);
	if (keys == NULL)
		return ASSAY_E_MEMORY;
	c->keys = keys;
	c->key_room = room;
	return ASSAY_OK;
}

/* The place of the signature's key among those of the chunk. */
static enum assay_status
intern(struct work_chunk *c, const struct assay_sshsig *sig, uint32_t *ret_place)
{
	for (uint32_t i = 0; i < c->key_count; i++) {
		if (assay_span_equal(c->keys[i].field, sig->key_field)) {
			*ret_place = i;
			return ASSAY_OK;
		}
	}
	TRY(grow_keys(c));
	struct work_key *key = &c->keys[c->key_count];
	unsigned char *copy = malloc(sig->key_field.len);
	if (copy == NULL)
		return ASSAY_E_MEMORY;
	memcpy(copy, sig->key_field.data, sig->key_field.len);
	key->field = (struct assay_span){ copy, sig->key_field.len };
	key->by_certificate = sig->by_certificate;
	*ret_place = c->key_count++;
	return assay_sha256(key->field, key->digest);
}

static void
set(struct history_signature *s, enum sig_result result, enum sig_code code)
{
	s->result = result;
	s->code = code;
}

/* Why a signature that doesn't hold doesn't, for people: the verification itself has decided already. */
static enum assay_status
why_not(const struct assay_sshsig *sig, enum sig_code *ret_code)
{
	enum assay_status status = ASSAY_OK;
	*ret_code = SIG_CODE_MISMATCH;
	if (assay_pubkey_weakness(&sig->key) != NULL ||
	    (sig->by_certificate && assay_pubkey_weakness(&sig->cert.ca) != NULL))
		*ret_code = SIG_CODE_WEAK_KEY;
	else if (sig->by_certificate)
		status = assay_sshcert_verify(&sig->cert, NULL);
	if (status != ASSAY_E_VERIFY)
		return status;
	*ret_code = SIG_CODE_CA_MISMATCH;
	return ASSAY_OK;
}

static bool
remembered(const struct sign_scratch *s, const struct oid *id, struct history_signature *ret)
{
	struct memo_entry e;
	if (s->memo == NULL || !memo_find(s->memo, id, &e))
		return false;
	struct history_signature found = *ret;
	found.result = (enum sig_result)e.result;
	found.code = (enum sig_code)e.code;
	found.sk.present = (e.flags & MEMO_SK_PRESENT) != 0;
	found.sk.user_presence = (e.flags & MEMO_SK_USER_PRESENCE) != 0;
	found.sk.user_verified = (e.flags & MEMO_SK_USER_VERIFIED) != 0;
	found.sk.counter = e.counter;
	bool fits = found.result == SIG_VALID ? found.code == SIG_CODE_NONE
					      : found.result == SIG_BAD;
	if (!fits || !sign_is_arithmetic(&found))
		return false;
	*ret = found;
	return true;
}

/*
 * Verified in the namespace that the signature names: that this is ours is a question of its own, asked before.
 */
static enum assay_status
verify(struct sign_scratch *s, const struct oid *id, const struct git_signature_field *field,
    const struct assay_sshsig *sig, struct history_signature *ret)
{
	char name_space[NAMESPACE_SIZE];
	struct assay_sk_info sk = { 0 };
	struct assay_span message;
	size_t len = sig->name_space.len;
	bool ours = assay_span_equal(sig->name_space, assay_span_str(NAMESPACE));
	if (CATCH(signature_namespace, !ours)) {
		set(ret, SIG_BAD, SIG_CODE_NAMESPACE);
		return ASSAY_OK;
	}
	if (field->piece_count == 0 || len >= sizeof name_space || memchr(sig->name_space.data, 0, len) != NULL)
		return ASSAY_OK;
	memcpy(name_space, sig->name_space.data, len);
	name_space[len] = '\0';
	if (remembered(s, id, ret))
		return ASSAY_OK;
	TRY(join(&s->message, field, &message));
	s->chunk->verified++;
	enum assay_status status = assay_sshsig_verify(sig, message, name_space, &sk, NULL);
	if (CATCH(signature_arithmetic, status == ASSAY_E_VERIFY)) {
		ret->result = SIG_BAD;
		return why_not(sig, &ret->code);
	}
	if (status == ASSAY_E_UNSUPPORTED) {
		set(ret, SIG_UNSUPPORTED, SIG_CODE_KEY_TYPE);
		return ASSAY_OK;
	}
	/* Without memory nothing was computed: that is no word about the signature, and nothing to remember. */
	if (status != ASSAY_OK && status != ASSAY_E_VERIFY)
		return status;
	set(ret, SIG_VALID, SIG_CODE_NONE);
	ret->sk = sk;
	return ASSAY_OK;
}

/* True when something other than one line end follows the armor's last line. */
static bool
has_trailing(struct assay_span text)
{
	const unsigned char *end = memmem(text.data, text.len, ARMOR_END, strlen(ARMOR_END));
	if (end == NULL)
		return false;
	size_t rest = text.len - (size_t)(end - text.data) - strlen(ARMOR_END);
	return rest > 1;
}

static enum assay_status
verify_ssh(struct sign_scratch *s, const struct oid *id, const struct git_signature_field *field,
    struct assay_span text, struct history_signature *ret)
{
	struct assay_sshsig sig;
	size_t room = ASSAY_BASE64_DECODED_MAX(text.len), len = 0;
	unsigned char *binary = NULL;
	if (text.len > ASSAY_SSHSIG_MAX)
		return ASSAY_OK;
	/* One buffer a chunk: it grows to the longest signature and stays. */
	if (s->binary.room < room) {
		binary = realloc(s->binary.data, room);
		if (binary == NULL)
			return ASSAY_E_MEMORY;
		s->binary.data = binary;
		s->binary.room = room;
	}
	if (assay_sshsig_dearmor(text, s->binary.data, room, &len, NULL) != ASSAY_OK) {
		ret->code = has_trailing(text) ? SIG_CODE_TRAILING : SIG_CODE_MALFORMED;
		return ASSAY_OK;
	}
	enum assay_status status =
	    assay_sshsig_parse((struct assay_span){ s->binary.data, len }, &sig, NULL);
	if (status == ASSAY_E_UNSUPPORTED)
		set(ret, SIG_UNSUPPORTED, SIG_CODE_KEY_TYPE);
	if (status != ASSAY_OK)
		return ASSAY_OK;
	TRY(intern(s->chunk, &sig, &ret->key));
	return verify(s, id, field, &sig, ret);
}

enum assay_status
sign_verify(struct sign_scratch *s, const struct oid *id, const struct git_signature_field *field,
    bool folded, struct history_signature *ret_signature)
{
	struct history_signature sig = { .key = HISTORY_NONE };
	*ret_signature = sig;
	if (field->headers == 0)
		return ASSAY_OK;
	/* Bad until the arithmetic says otherwise. */
	set(&sig, SIG_BAD, SIG_CODE_MALFORMED);
	struct assay_span text = field->raw;
	if (folded) {
		unfold(&s->text, field->raw);
		text = buf_span(&s->text);
		if (s->text.status == ASSAY_E_MEMORY)
			return ASSAY_E_MEMORY;
	}
	sig.format = format_of(text);
	*ret_signature = sig;
	if (CATCH(signature_doubled, field->headers > 1)) {
		set(ret_signature, SIG_BAD, SIG_CODE_TWO_HEADERS);
	} else if (CATCH(signature_wrong_header, field->wrong_header)) {
		set(ret_signature, SIG_BAD, SIG_CODE_WRONG_HEADER);
	} else if (sig.format == SIG_SSH) {
		return verify_ssh(s, id, field, text, ret_signature);
	} else if (sig.format != SIG_UNKNOWN) {
		set(ret_signature, SIG_UNSUPPORTED, SIG_CODE_FORMAT);
	}
	return ASSAY_OK;
}
