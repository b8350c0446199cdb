/* SPDX-License-Identifier: Apache-2.0 */
#include "signoffs.h"

#include <assay/base64.h>
#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <judge/outcome.h>

struct checking {
	const struct judge_context *c;
	const struct sources *sources;
	const struct source_file *file;
	struct signoff_seen *seen;
	struct assay_error *err;
};

static enum assay_status
refuse(struct checking *x, const char *code, const char *why)
{
	x->seen->code = code;
	x->seen->why = why;
	return ASSAY_OK;
}

/* ---- the signature ---- */

struct signature {
	unsigned char binary[ASSAY_BASE64_DECODED_MAX(ASSAY_SSHSIG_MAX)];
	struct assay_sshsig sig;
	struct assay_sk_info sk;
};

/* Arithmetic alone; *ret_why NULL when it holds. */
static enum assay_status
verify(struct checking *x, struct signature *room, const char **ret_why)
{
	const char *path = arena_printf(x->c->arena, "%s" SIGNOFF_SIGNATURE_SUFFIX, x->file->path);
	if (path == NULL)
		return arena_full(x->err);
	const struct source_file *f = sources_find(x->sources, path);
	size_t len = 0;
	*ret_why = "there is no signature beside it";
	if (CATCH(signoff_unsigned, f == NULL || !f->has_bytes))
		return ASSAY_OK;
	*ret_why = "its signature can't be read";
	if (f->bytes.len > ASSAY_SSHSIG_MAX
	    || assay_sshsig_dearmor(f->bytes, room->binary, sizeof room->binary, &len, NULL) != ASSAY_OK
	    || assay_sshsig_parse((struct assay_span){ room->binary, len }, &room->sig, NULL) != ASSAY_OK)
		return ASSAY_OK;
	*ret_why = "it is signed for another purpose than its act";
	const char *name_space = signoff_namespace(x->seen->s.act);
	if (CATCH(signoff_namespace, !assay_span_equal(room->sig.name_space, assay_span_str(name_space))))
		return ASSAY_OK;
	/* In the namespace that it carries: whether that is the act's was asked above. */
	for (size_t i = 0; i < SIGNOFF_ACTS; i++) {
		if (assay_span_equal(room->sig.name_space, assay_span_str(signoff_namespace((enum signoff_act)i))))
			name_space = signoff_namespace((enum signoff_act)i);
	}
	*ret_why = "its signature doesn't hold";
	const enum assay_status status
	    = assay_sshsig_verify(&room->sig, x->file->bytes, name_space, &room->sk, NULL);
	if (CATCH(signoff_mismatch, status != ASSAY_OK))
		return ASSAY_OK;
	*ret_why = NULL;
	return ASSAY_OK;
}

/* ---- who, and when ---- */

static void
owner_of(const struct checking *x, const struct signature *s, struct outcome_detail *ret)
{
	const struct history_key key = { .field = s->sig.key_field, .plain = s->sig.key.blob,
		.type = s->sig.key.type, .by_certificate = s->sig.by_certificate, .cert = s->sig.cert };
	const struct history_signature valid = { .format = SIG_SSH, .result = SIG_VALID };
	struct outcome_owner owner;
	outcome_owner_of(&key, x->c->input->roster, &owner);
	outcome_at(&valid, &owner, x->seen->s.date, NULL, ret);
}

static enum assay_status
check_signer(struct checking *x, const struct signature *s)
{
	struct outcome_detail d;
	const struct signoff *so = &x->seen->s;
	owner_of(x, s, &d);
	if (CATCH(signoff_stranger, d.outcome != OUTCOME_PERSON && d.outcome != OUTCOME_OUTSIDE_WINDOW))
		return refuse(x, "signoff-unknown-key", "its key is nobody's in the roster");
	if (CATCH(signoff_window, d.outcome == OUTCOME_OUTSIDE_WINDOW))
		return refuse(x, "signoff-outside-window", "its key wasn't the signer's on that day");
	if (CATCH(signoff_pending, d.key != NULL && d.key->pending))
		return refuse(x, "signoff-pending-key", "its key is pending: nobody has confirmed whose it is");
	if (CATCH(signoff_other_person, d.who == NULL || strcmp(d.who->id, so->by) != 0))
		return refuse(x, "signoff-other-person", "it names another person than the one whose key signed it");
	if (CATCH(signoff_role, so->role != NULL && !roster_has_role(d.who, so->role)))
		return refuse(x, "signoff-without-role", "the signer doesn't hold the role that it names");
	if (CATCH(signoff_untouched, so->act == SIGNOFF_APPROVE && s->sk.present && !s->sk.user_presence))
		return refuse(x, "signoff-not-touched", "its security key was not touched, as an approval demands");
	x->seen->who = d.who;
	x->seen->code = x->seen->why = NULL;
	return ASSAY_OK;
}

static enum assay_status
check_statement(struct checking *x, struct signature *room)
{
	const struct policy *policy = x->c->input->policy;
	const struct signoff *s = &x->seen->s;
	const char *why = NULL;
	if (CATCH(signoff_repository, policy->repository_id == NULL || strcmp(policy->repository_id, s->repository) != 0))
		return refuse(x, "signoff-other-repository", "it was made for another repository");
	if (CATCH(signoff_future, s->date > x->c->input->date))
		return refuse(x, "signoff-in-future", "it is dated after the day that is judged for");
	TRY(verify(x, room, &why));
	if (why != NULL)
		return refuse(x, "signoff-bad", why);
	return check_signer(x, room);
}

static enum assay_status
check(struct checking *x, struct signature *room)
{
	struct assay_error why = { 0 };
	/* Fallen until check_signer() is through with it. */
	x->seen->path = x->file->path;
	x->seen->code = "signoff-bad";
	x->seen->why = "it could not be read";
	if (!x->file->has_bytes)
		return ASSAY_OK;
	const enum assay_status status
	    = signoff_parse(x->file->bytes, x->file->path, x->c->arena, &x->seen->s, &why);
	if (status == ASSAY_E_MEMORY)
		return arena_full(x->err);
	if (status == ASSAY_OK)
		return check_statement(x, room);
	x->seen->why = arena_str(x->c->arena, why.what);
	return x->seen->why == NULL ? arena_full(x->err) : ASSAY_OK;
}

static bool
is_statement(const struct source_file *f)
{
	const size_t len = strlen(f->path), end = strlen(SIGNOFF_SUFFIX);
	return len > end && strcmp(f->path + len - end, SIGNOFF_SUFFIX) == 0;
}

static void
free_room(struct signature **room)
{
	free(*room);
}

enum assay_status
signoffs_read(const struct judge_context *c, const struct sources *s, struct signoffs *ret_signoffs,
    struct assay_error *err)
{
	const struct source_file *end = s->files + s->count;
	const size_t folder = strlen(SIGNOFF_FOLDER);
	CLEANUP(free_room) struct signature *room = calloc(1, sizeof *room);
	struct signoff_seen *items = arena_array(c->arena, SIGNOFFS_MAX, sizeof *items);
	if (room == NULL || items == NULL)
		return arena_full(err);
	*ret_signoffs = (struct signoffs){ .c = c, .items = items };
	for (const struct source_file *f = sources_under(s, SIGNOFF_FOLDER);
	     f != NULL && f < end && strncmp(f->path, SIGNOFF_FOLDER, folder) == 0; f++) {
		if (!is_statement(f))
			continue;
		if (ret_signoffs->count == SIGNOFFS_MAX) {
			ret_signoffs->overflow = true;
			return ASSAY_OK;
		}
		struct checking x = { c, s, f, &items[ret_signoffs->count++], err };
		*room = (struct signature){ .sk = { .present = false } };
		TRY(check(&x, room));
	}
	return ASSAY_OK;
}

/* ---- who signed what ---- */

const struct signoff_seen *
signoffs_find(const struct signoffs *s, const unsigned char record[ASSAY_SHA256_SIZE], enum signoff_act act,
    const char *role, const struct roster_entry *not_by)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct signoff_seen *one = &s->items[i];
		if (one->code != NULL || one->s.act != act || memcmp(one->s.record, record, ASSAY_SHA256_SIZE) != 0)
			continue;
		if (CATCH(signoff_same_person, not_by != NULL && one->who == not_by))
			continue;
		const bool in_role = role == NULL || (one->s.role != NULL && strcmp(one->s.role, role) == 0);
		if (CATCH(signoff_other_role, !in_role))
			continue;
		return one;
	}
	return NULL;
}

/* The first sign-off of that act over the record that fell, for words. */
static const char *
fallen(const struct signoffs *s, const unsigned char record[ASSAY_SHA256_SIZE], enum signoff_act act)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct signoff_seen *one = &s->items[i];
		if (one->code != NULL && one->s.act == act && memcmp(one->s.record, record, ASSAY_SHA256_SIZE) == 0)
			return one->why;
	}
	return "there is none";
}

bool
signoffs_approved(const struct signoffs *s, const struct source_file *record, const char *role,
    const struct signoff_seen **ret_approval, const char **ret_why)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	*ret_why = "its bytes could not be read";
	if (!record->has_bytes || assay_sha256(record->bytes, digest) != ASSAY_OK)
		return false;
	const struct signoff_seen *request = signoffs_find(s, digest, SIGNOFF_REQUEST, NULL, NULL);
	if (CATCH(signoff_no_request, request == NULL)) {
		*ret_why = arena_printf(s->c->arena, "nobody has requested it: of sign-offs to that end %s",
		    fallen(s, digest, SIGNOFF_REQUEST));
		return false;
	}
	const struct signoff_seen *approval
	    = signoffs_find(s, digest, SIGNOFF_APPROVE, role, request == NULL ? NULL : request->who);
	if (approval == NULL) {
		*ret_why = arena_printf(s->c->arena, "nobody else in the role '%s' has approved it: of sign-offs to that end %s",
		    role, fallen(s, digest, SIGNOFF_APPROVE));
		return false;
	}
	*ret_approval = approval;
	return true;
}
