/* SPDX-License-Identifier: Apache-2.0 */
#include <base/catch.h>
#include <base/cleanup.h>
#include <base/when.h>
#include <judge/outcome.h>

#define CERT_TYPE_USER 1
#define CERT_FOREVER UINT64_MAX

/* ---- whose key ---- */

static void
refuse(struct outcome_owner *o, enum outcome refusal, const char *code)
{
	o->refusal = refusal;
	o->code = code;
}

/* The one person that the principals name; those that the roster doesn't know say nothing. */
static void
find_principal(const struct assay_sshcert *cert, const struct roster *roster, struct outcome_owner *o)
{
	struct assay_span name;
	size_t cursor = 0, names = 0;
	bool two = false;
	while (assay_sshcert_next_principal(cert, &cursor, &name)) {
		const struct roster_entry *who = roster_by_principal(roster, name);
		names++;
		two = two || (who != NULL && o->who != NULL && who != o->who);
		if (o->who == NULL)
			o->who = who;
	}
	/* An empty list would mean "anybody" (PROTOCOL.certkeys). */
	if (CATCH(certificate_for_anybody, names == 0))
		refuse(o, OUTCOME_BAD, "certificate-for-anybody");
	else if (CATCH(certificate_principal, names > 0 && o->who == NULL))
		refuse(o, OUTCOME_UNKNOWN_KEY, "unknown-principal");
	else if (CATCH(certificate_two_people, two))
		refuse(o, OUTCOME_BAD, "certificate-for-two-people");
}

static void
find_authority(const struct history_key *key, const struct roster *roster, struct outcome_owner *o)
{
	const struct assay_sshcert *cert = &key->cert;
	o->key = roster_find(roster, ROSTER_AUTHORITY, cert->ca.blob);
	o->cert = cert;
	o->refusal = OUTCOME_PERSON;
	if (CATCH(certificate_authority, o->key == NULL))
		refuse(o, OUTCOME_UNKNOWN_KEY, "unknown-authority");
	else if (CATCH(certificate_type, cert->type != CERT_TYPE_USER))
		refuse(o, OUTCOME_BAD, "certificate-not-for-users");
	/* None of the options that there are means anything for a signature; what can't be honoured is refused. */
	else if (CATCH(certificate_critical, cert->critical_options.len > 0))
		refuse(o, OUTCOME_BAD, "certificate-critical-option");
	else
		find_principal(cert, roster, o);
}

void
outcome_owner_of(const struct history_key *key, const struct roster *roster,
    struct outcome_owner *ret_owner)
{
	struct outcome_owner o = { .refusal = OUTCOME_UNKNOWN_KEY, .code = "unknown-key" };
	static const enum roster_owner kinds[] = { ROSTER_PERSON, ROSTER_PLATFORM };
	for (size_t i = 0; i < 2 && o.key == NULL; i++) {
		o.key = roster_find(roster, kinds[i], key->plain);
		if (o.key != NULL)
			refuse(&o, i == 0 ? OUTCOME_PERSON : OUTCOME_PLATFORM, NULL);
	}
	if (o.key != NULL)
		o.who = o.key->owner;
	else if (key->by_certificate)
		find_authority(key, roster, &o);
	if (o.refusal == OUTCOME_PERSON || o.refusal == OUTCOME_PLATFORM)
		o.code = NULL;
	*ret_owner = o;
}

enum assay_status
outcome_owners(const struct history *h, const struct roster *roster, struct arena *arena,
    const struct outcome_owner **ret_owners, struct assay_error *err)
{
	struct outcome_owner *owners = arena_array(arena, h->key_count + (size_t)1, sizeof *owners);
	if (owners == NULL)
		return arena_full(err);
	for (uint32_t i = 0; i < h->key_count; i++)
		outcome_owner_of(&h->keys[i], roster, &owners[i]);
	*ret_owners = owners;
	return ASSAY_OK;
}

/* ---- and when ---- */

/* Why the claimed time lies outside what the roster gives the key (or the CA, for a certificate); NULL when inside. */
static const char *
outside_window(const struct outcome_owner *o, int64_t claimed, const struct witness *witness)
{
	static const char *const words[2][4] = {
		{ "key-not-yet-valid", "key-expired", "key-retired", "key-compromised" },
		{ "authority-not-yet-valid", "authority-expired", "authority-retired",
		    "authority-compromised" },
	};
	const struct roster_key *k = o->key;
	const char *const *word = words[o->cert != NULL];
	if (k == NULL)
		return NULL;
	/* Whoever holds a compromised key claims any time they like: only what others saw before stands. */
	bool seen_before = witness != NULL && witness->seen < k->compromised_since;
	if (CATCH(window_compromised, k->compromised_since != WHEN_MAX && !seen_before))
		return word[3];
	if (CATCH(window_from, claimed < k->from))
		return word[0];
	if (CATCH(window_until, k->until != WHEN_MAX && claimed >= k->until))
		return word[1];
	if (CATCH(window_retired, k->retired != WHEN_MAX && claimed >= k->retired))
		return word[2];
	return NULL;
}

/* The certificate's own validity: [valid_after, valid_before). */
static const char *
outside_certificate(const struct assay_sshcert *cert, int64_t claimed)
{
	if (cert == NULL)
		return NULL;
	bool early = claimed < 0 ? cert->valid_after > 0 : (uint64_t)claimed < cert->valid_after;
	if (CATCH(certificate_not_yet, early))
		return "certificate-not-yet-valid";
	bool late = cert->valid_before != CERT_FOREVER && claimed >= 0 &&
	    (uint64_t)claimed >= cert->valid_before;
	if (CATCH(certificate_expired, late))
		return "certificate-expired";
	return NULL;
}

/* Seen by others at a time when the key still was theirs, and not before it claims to have been made. */
static bool
is_witnessed(const struct roster_key *k, int64_t claimed, const struct witness *w)
{
	return k != NULL && w != NULL && claimed <= w->seen && w->seen < k->until &&
	    w->seen < k->retired && w->seen < k->compromised_since;
}

static void
decide(const struct outcome_owner *o, int64_t claimed, const struct witness *witness,
    struct outcome_detail *d)
{
	d->who = o->who;
	d->key = o->key;
	d->outcome = o->refusal;
	d->code = o->code;
	if (o->refusal != OUTCOME_PERSON && o->refusal != OUTCOME_PLATFORM)
		return;
	const char *outside = outside_window(o, claimed, witness);
	if (outside == NULL)
		outside = outside_certificate(o->cert, claimed);
	if (outside != NULL) {
		d->outcome = OUTCOME_OUTSIDE_WINDOW;
		d->code = outside;
		return;
	}
	d->witnessed = is_witnessed(o->key, claimed, witness);
}

void
outcome_at(const struct history_signature *s, const struct outcome_owner *owner, int64_t claimed,
    const struct witness *witness, struct outcome_detail *ret_detail)
{
	/* Bad until something better is known. */
	struct outcome_detail d = { .outcome = OUTCOME_BAD, .code = sig_code_name(s->code) };
	if (s->result == SIG_UNSIGNED) {
		d.outcome = OUTCOME_UNSIGNED;
		d.code = "unsigned";
	} else if (s->result == SIG_UNSUPPORTED) {
		d.outcome = OUTCOME_UNVERIFIED;
	} else if (s->result == SIG_VALID && owner != NULL) {
		decide(owner, claimed, witness, &d);
	}
	*ret_detail = d;
}
