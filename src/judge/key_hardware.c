/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key.hardware: each key that signs releases, or says who may, was made in a token and can't leave it, by the word of the token's
 * vendor. What a token says of itself is no such word.
 */
#include "key_base.h"
#include "record.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <keys/attestation.h>
#include <string.h>

static const struct judge_advice advice[] = {
	{ "too-many-keys", "take keys out of roles that need none of them: assay trust rotate --remove" },
	{ "no-inventory", "begin assay/keys.yaml: where each key lives, as assay-keys(5) shows it" },
	{ "key-unlisted", "list the key in assay/keys.yaml, with where it lives and its attestation" },
	{ "software-key", "make a new key inside a token (ykman piv keys generate 9c pub.pem), enrol it (assay trust add-key), and take this one out" },
	{ "software-token", "use a token of hardware: a program that plays one keeps its keys in files" },
	{ "key-service", "nothing here verifies what a key service says of its keys; a token whose vendor attests its keys can be judged" },
	{ "on-the-tokens-word", "get the vendor's attestation (ykman piv keys attest 9c attest.pem), append the token's own attestation certificate, commit it "
				"below assay/attestations/ and name it in assay/keys.yaml: 'attestation: assay/attestations/NAME.pem'" },
	{ "attestation-missing", "commit the file that assay/keys.yaml names, below assay/attestations/" },
	{ "attestation-not-understood", "see 'assay key show --attestation' for what is understood: YubiKey PIV and YubiHSM 2" },
	{ "attestation-fails", "see 'assay key show --attestation FILE' for what is wrong; an imported key is replaced by one that is made inside" },
	{ "came-wrapped", "name the attestation of the token in which it was made" },
	{ "may-leave-wrapped", "say of its backup what assay-keys(5) asks: 'backup: {how, where, by}'; or make a key that can't leave" },
	{ "another-token", "write the serial number that the vendor attests, and find out which token the entry meant" },
	{ NULL, "see to what kept it from being read, and check again" },
};

struct state {
	struct key_base b;
	uint64_t keys, attested, backed_up;
};

static bool
is_asked(const struct key_use *u)
{
	return strcmp(u->role, "release") == 0 || strcmp(u->role, "root") == 0 || strcmp(u->role, "targets") == 0;
}

static bool
is_first(const struct key_base *b, size_t use)
{
	for (size_t i = 0; i < use; i++)
		if (is_asked(&b->uses[i]) && strcmp(b->uses[i].spki, b->uses[use].spki) == 0)
			return false;
	return true;
}

/* ---- an attestation ---- */

/* What a statement that isn't fully good comes to: whatever isn't here contradicts the entry. */
static const struct meaning {
	enum attestation_code code;
	bool gap;
	const char *id;
} meanings[] = {
	{ ATTESTATION_UNREADABLE, false, "attestation-not-understood" },
	{ ATTESTATION_NO_VENDOR, false, "attestation-not-understood" },
	{ ATTESTATION_CRITICAL, false, "attestation-not-understood" },
	{ ATTESTATION_IMPORTED_WRAPPED, false, "came-wrapped" },
	{ ATTESTATION_EXPORTABLE, true, "may-leave-wrapped" },
};

static struct meaning
meaning_of(enum attestation_code code)
{
	for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
		if (meanings[i].code == code)
			return meanings[i];
	return (struct meaning){ code, true, "attestation-fails" };
}

/* Serial numbers are written with zeros before them or without. */
static bool
is_serial(const char *written, uint64_t serial)
{
	uint64_t number = 0;
	return written != NULL && text_to_u64(assay_span_str(written), &number) == ASSAY_OK && number == serial;
}

static enum assay_status
judge_statement(struct state *s, const struct inventory_key *k, struct assay_span chain)
{
	unsigned char spki[ASSAY_SHA256_SIZE];
	struct attestation a;
	struct assay_error why = { 0 };
	TRY(text_unhex(assay_span_str(k->spki_sha256), spki, sizeof spki));
	const struct attestation_question question = { .chain = chain, .spki_sha256 = spki, .now = s->b.c->input->date };
	const enum assay_status status = attestation_verify(&question, &a, &why);
	if (status == ASSAY_E_MEMORY || status == ASSAY_E_INTERNAL)
		return arena_full(s->b.err);
	const bool recorded = a.code == ATTESTATION_EXPORTABLE && k->backup.given;
	const struct meaning o = meaning_of(a.code);
	if (CATCH(hardware_attestation, a.code != ATTESTATION_HOLDS && !recorded))
		return key_find(&s->b, o.gap, o.id, k, attestation_code_name(a.code), attestation_words(a.code));
	if (CATCH(hardware_serial, !is_serial(k->serial, a.serial)))
		return key_find(&s->b, true, "another-token", k, k->serial, "is in another token by its vendor's word than its entry says:");
	s->attested++;
	s->backed_up += recorded;
	return ASSAY_OK;
}

static enum assay_status
judge_attestation(struct state *s, const struct inventory_key *k)
{
	const struct source_file *f = record_file(s->b.c, k->attestation);
	if (CATCH(hardware_attestation_missing, f == NULL || !sources_is_file(f) || !f->has_bytes))
		return key_find(&s->b, false, "attestation-missing", k, k->attestation, "has an attestation that can't be read:");
	return judge_statement(s, k, f->bytes);
}

/* ---- a key ---- */

/* SoftHSM 2 calls itself "SoftHSM project". */
static bool
is_software(const struct inventory_key *k)
{
	static const char *const names[] = { "*softhsm*", "*softtoken*" };
	const char *said[] = { k->manufacturer, k->model };
	for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
		char lower[64];
		size_t n = 0;
		for (; said[i] != NULL && said[i][n] != '\0' && n + 1 < sizeof lower; n++)
			lower[n] = (char)text_lower(said[i][n]);
		lower[n] = '\0';
		for (size_t t = 0; t < sizeof names / sizeof names[0]; t++)
			if (text_match(assay_span_str(names[t]), assay_span_str(lower)))
				return true;
	}
	return false;
}

static enum assay_status
judge_entry(struct state *s, const struct inventory_key *k)
{
	if (CATCH(hardware_software_key, k->place == INVENTORY_SOFTWARE))
		return key_find(&s->b, true, "software-key", k, NULL, "is in software: it can be copied without a trace");
	if (CATCH(hardware_service, k->place == INVENTORY_KMS))
		return key_find(&s->b, false, "key-service", k, k->service, "is in a key service, whose word isn't verified here:");
	if (CATCH(hardware_software_token, is_software(k)))
		return key_find(&s->b, false, "software-token", k, k->manufacturer, "is in a program that plays a token, and its word is all there is:");
	if (CATCH(hardware_no_attestation, k->attestation == NULL))
		return key_find(&s->b, false, "on-the-tokens-word", k, NULL, "has no attestation: where it was made is on the token's word");
	return judge_attestation(s, k);
}

enum assay_status
judge_key_hardware(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct state s = { .keys = 0 };
	TRY(key_base_read(c, v, &s.b, err));
	for (size_t i = 0; i < s.b.use_count; i++) {
		const struct key_use *u = &s.b.uses[i];
		const struct judge_place place = { u->spki, u->file, 0, 0, u->role };
		if (!is_asked(u) || !is_first(&s.b, i))
			continue;
		s.keys++;
		if (u->listed != NULL)
			TRY(judge_entry(&s, u->listed));
		else if (CATCH(hardware_unlisted, s.b.has_inventory))
			TRY(judge_find_at(c, v, false, "key-unlisted", &place, err,
			    "where the key %s of the role '%s' lives is written nowhere", u->spki, u->role));
	}
	/* It is a vendor who says so, and nothing here can compute it again. */
	v->grade.source = v->grade.source < GRADE_ATTESTED ? v->grade.source : GRADE_ATTESTED;
	judge_count(v, "keys", s.keys);
	judge_count(v, "keys whose vendor attests them", s.attested);
	judge_count(v, "of these, keys that may leave wrapped, as recorded", s.backed_up);
	return judge_conclude(c, v, s.keys, "every key that signs releases, or says who may, was made in a token that it can't leave in the clear",
	    advice, err);
}
