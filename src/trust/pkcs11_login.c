/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The login, and the only memory of ours in which a PIN ever stands: a page that isn't swapped, dumped or passed on, wiped before
 * it is given back.
 */
#include "pkcs11.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <errno.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define PIN_PAGE 4096
#define PIN_FLAGS                                                                                                      \
	(CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED | CKF_USER_PIN_TO_BE_CHANGED)

struct pin {
	unsigned char *bytes;
	size_t len;
};

static void
pin_done(struct pin *pin)
{
	if (pin->bytes == NULL)
		return;
	explicit_bzero(pin->bytes, PIN_PAGE);
	(void)munlock(pin->bytes, PIN_PAGE);
	(void)munmap(pin->bytes, PIN_PAGE);
	pin->bytes = NULL;
}

static enum assay_status
pin_new(struct pin *ret_pin, struct assay_error *err)
{
	const struct rlimit none = { 0, 0 };
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || setrlimit(RLIMIT_CORE, &none) != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "core dumps can't be turned off, so no PIN is taken: %s", text_errno(errno));
	void *page = mmap(NULL, PIN_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for a PIN");
	struct pin pin = { page, 0 };
	if (mlock(page, PIN_PAGE) != 0 || madvise(page, PIN_PAGE, MADV_DONTDUMP) != 0 || madvise(page, PIN_PAGE, MADV_WIPEONFORK) != 0) {
		(void)assay_fail(err, ASSAY_E_SYSTEM, "memory can't be kept from being swapped, so no PIN is taken: %s", text_errno(errno));
		pin_done(&pin);
		return assay_error_todo(err, ASSAY_E_SYSTEM, "allow this user to lock 4 KiB: ulimit -l");
	}
	*ret_pin = pin;
	return ASSAY_OK;
}

/* ---- what the token says of its PIN ---- */

static enum assay_status
locked(const char *label, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_USAGE, "the PIN of the token '%s' is locked (CKF_USER_PIN_LOCKED): no login was tried", label);
	return assay_error_todo(err, ASSAY_E_USAGE, "unlock it with the PUK or the security officer's PIN, by the vendor's tool");
}

static enum assay_status
may_try(const struct p11 *p, const char *label, bool last_try, struct assay_error *err)
{
	if ((p->token.flags & CKF_USER_PIN_LOCKED) != 0)
		return locked(label, err);
	if ((p->token.flags & CKF_USER_PIN_FINAL_TRY) != 0 && !last_try) {
		(void)assay_fail(err, ASSAY_E_USAGE,
		    "the token '%s' has one try of its PIN left (CKF_USER_PIN_FINAL_TRY): no login was tried", label);
		return assay_error_todo(err, ASSAY_E_USAGE, "when you are sure of the PIN, say --last-try");
	}
	if ((p->token.flags & CKF_USER_PIN_INITIALIZED) == 0) {
		(void)assay_fail(err, ASSAY_E_USAGE, "no PIN was ever set on the token '%s'", label);
		return assay_error_todo(err, ASSAY_E_USAGE, "set one with the vendor's tool");
	}
	return ASSAY_OK;
}

static bool
is_wrong_pin(CK_RV result)
{
	return result == CKR_PIN_INCORRECT || result == CKR_PIN_INVALID || result == CKR_PIN_LEN_RANGE;
}

/* The flags as they are after the try: what the next one would cost. */
static enum assay_status
refused(struct p11 *p, const char *label, CK_RV result, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf name = BUF_INIT(128);
	CLEANUP(buf_done) struct buf flags = BUF_INIT(512);
	if (!is_wrong_pin(result))
		return p11_fail(result, err, "logging in at the token");
	p11_result_name(result, &name);
	if (p->f->C_GetTokenInfo(p->slot, &p->token) == CKR_OK)
		p11_flag_names(p->token.flags, PIN_FLAGS, &flags);
	else
		buf_add_str(&flags, "not to be read");
	(void)assay_fail(err, ASSAY_E_USAGE, "the token '%s' refuses the PIN (%s); its flags: %s", label, buf_str(&name),
	    flags.len > 0 ? buf_str(&flags) : "none of a PIN that is running out");
	if ((p->token.flags & CKF_USER_PIN_LOCKED) != 0)
		return assay_error_todo(err, ASSAY_E_USAGE, "the PIN is locked now: unlock it by the vendor's tool");
	if ((p->token.flags & CKF_USER_PIN_FINAL_TRY) != 0)
		return assay_error_todo(err, ASSAY_E_USAGE, "one try is left: find out the right PIN, then run this again with --last-try");
	return assay_error_todo(err, ASSAY_E_USAGE, "it was tried once; find out the right PIN before you run this again");
}

/* ---- one login ---- */

static enum assay_status
ask(const struct p11 *p, const struct p11_pin_source *source, bool context, const char *label, struct pin *pin,
    struct assay_error *err)
{
	char manufacturer[40], model[20], serial[20];
	const struct assay_span m = P11_TEXT(p->token.manufacturerID), k = P11_TEXT(p->token.model);
	const struct assay_span s = P11_TEXT(p->token.serialNumber);
	text_put(manufacturer, sizeof manufacturer, "%.*s", (int)m.len, (const char *)m.data);
	text_put(model, sizeof model, "%.*s", (int)k.len, (const char *)k.data);
	text_put(serial, sizeof serial, "%.*s", (int)s.len, (const char *)s.data);
	const struct signer_token token = { label, manufacturer, model, serial, context,
		(p->token.flags & CKF_USER_PIN_COUNT_LOW) != 0, (p->token.flags & CKF_USER_PIN_FINAL_TRY) != 0 };
	if (source->ask == NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, "there is nobody to ask for the PIN of the token '%s'", label);
		return assay_error_todo(err, ASSAY_E_USAGE, "run this at a terminal, or use --pin-file or --pin-program");
	}
	if ((p->token.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0)
		return source->ask(source->ctx, &token, NULL, 0, &pin->len, err);
	TRY(pin_new(pin, err));
	TRY(source->ask(source->ctx, &token, pin->bytes, SIGNER_PIN_MAX, &pin->len, err));
	if (pin->len > 0 && pin->len <= SIGNER_PIN_MAX)
		return ASSAY_OK;
	/* An empty PIN is a try as any other, and for some tokens means a pad that this one doesn't have. */
	(void)assay_fail(err, ASSAY_E_USAGE, "the PIN given for the token '%s' is empty: no login was tried", label);
	return assay_error_todo(err, ASSAY_E_USAGE, "look at what --pin-file or --pin-program gives");
}

enum assay_status
p11_login(struct p11 *p, const struct p11_pin_source *source, bool context, struct assay_error *err)
{
	CLEANUP(pin_done) struct pin pin = { NULL, 0 };
	char label[40];
	const struct assay_span l = P11_TEXT(p->token.label);
	text_put(label, sizeof label, "%.*s", (int)l.len, (const char *)l.data);
	if (!context && (p->token.flags & CKF_LOGIN_REQUIRED) == 0)
		return ASSAY_OK;
	TRY(may_try(p, label, source->last_try, err));
	const bool pad = (p->token.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
	TRY(ask(p, source, context, label, &pin, err));
	/* The only call of it in assay, and in no loop. */
	const CK_RV result = p->f->C_Login(p->session, context ? CKU_CONTEXT_SPECIFIC : CKU_USER, pad ? NULL : pin.bytes, pad ? 0 : pin.len);
	if (result == CKR_OK || (!context && result == CKR_USER_ALREADY_LOGGED_IN))
		return ASSAY_OK;
	return refused(p, label, result, err);
}
