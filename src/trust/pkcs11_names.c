/* SPDX-License-Identifier: Apache-2.0 */
#include "pkcs11.h"

#include <base/cleanup.h>
#include <base/text.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define ROW(value) { value, #value }
/* Of PKCS #11 3.1, which the header doesn't have. */
#define CKR_AEAD_DECRYPT_FAILED 0x42UL
#define CKR_OPERATION_CANCEL_FAILED 0x202UL
#define CKR_TOKEN_RESOURCE_EXCEEDED 0x201UL
#define CKR_KEY_EXHAUSTED 0x203UL

static const struct named {
	CK_ULONG value;
	const char *name;
} results[] = {
	ROW(CKR_OK), ROW(CKR_CANCEL), ROW(CKR_HOST_MEMORY), ROW(CKR_SLOT_ID_INVALID), ROW(CKR_GENERAL_ERROR),
	ROW(CKR_FUNCTION_FAILED), ROW(CKR_ARGUMENTS_BAD), ROW(CKR_NO_EVENT), ROW(CKR_NEED_TO_CREATE_THREADS),
	ROW(CKR_CANT_LOCK), ROW(CKR_ATTRIBUTE_READ_ONLY), ROW(CKR_ATTRIBUTE_SENSITIVE), ROW(CKR_ATTRIBUTE_TYPE_INVALID),
	ROW(CKR_ATTRIBUTE_VALUE_INVALID), ROW(CKR_ACTION_PROHIBITED), ROW(CKR_DATA_INVALID), ROW(CKR_DATA_LEN_RANGE),
	ROW(CKR_DEVICE_ERROR), ROW(CKR_DEVICE_MEMORY), ROW(CKR_DEVICE_REMOVED), ROW(CKR_ENCRYPTED_DATA_INVALID),
	ROW(CKR_ENCRYPTED_DATA_LEN_RANGE), ROW(CKR_FUNCTION_CANCELED), ROW(CKR_FUNCTION_NOT_PARALLEL),
	ROW(CKR_FUNCTION_NOT_SUPPORTED), ROW(CKR_KEY_HANDLE_INVALID), ROW(CKR_KEY_SIZE_RANGE),
	ROW(CKR_KEY_TYPE_INCONSISTENT), ROW(CKR_KEY_NOT_NEEDED), ROW(CKR_KEY_CHANGED), ROW(CKR_KEY_NEEDED),
	ROW(CKR_KEY_INDIGESTIBLE), ROW(CKR_KEY_FUNCTION_NOT_PERMITTED), ROW(CKR_KEY_NOT_WRAPPABLE),
	ROW(CKR_KEY_UNEXTRACTABLE), ROW(CKR_MECHANISM_INVALID), ROW(CKR_MECHANISM_PARAM_INVALID),
	ROW(CKR_OBJECT_HANDLE_INVALID), ROW(CKR_OPERATION_ACTIVE), ROW(CKR_OPERATION_NOT_INITIALIZED),
	ROW(CKR_PIN_INCORRECT), ROW(CKR_PIN_INVALID), ROW(CKR_PIN_LEN_RANGE), ROW(CKR_PIN_EXPIRED), ROW(CKR_PIN_LOCKED),
	ROW(CKR_SESSION_CLOSED), ROW(CKR_SESSION_COUNT), ROW(CKR_SESSION_HANDLE_INVALID),
	ROW(CKR_SESSION_PARALLEL_NOT_SUPPORTED), ROW(CKR_SESSION_READ_ONLY), ROW(CKR_SESSION_EXISTS),
	ROW(CKR_SESSION_READ_ONLY_EXISTS), ROW(CKR_SESSION_READ_WRITE_SO_EXISTS), ROW(CKR_SIGNATURE_INVALID),
	ROW(CKR_SIGNATURE_LEN_RANGE), ROW(CKR_TEMPLATE_INCOMPLETE), ROW(CKR_TEMPLATE_INCONSISTENT),
	ROW(CKR_TOKEN_NOT_PRESENT), ROW(CKR_TOKEN_NOT_RECOGNIZED), ROW(CKR_TOKEN_WRITE_PROTECTED),
	ROW(CKR_UNWRAPPING_KEY_SIZE_RANGE), ROW(CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT), ROW(CKR_USER_ALREADY_LOGGED_IN),
	ROW(CKR_USER_NOT_LOGGED_IN), ROW(CKR_USER_PIN_NOT_INITIALIZED), ROW(CKR_USER_TYPE_INVALID),
	ROW(CKR_USER_ANOTHER_ALREADY_LOGGED_IN), ROW(CKR_USER_TOO_MANY_TYPES), ROW(CKR_WRAPPED_KEY_INVALID),
	ROW(CKR_WRAPPED_KEY_LEN_RANGE), ROW(CKR_WRAPPING_KEY_HANDLE_INVALID), ROW(CKR_WRAPPING_KEY_SIZE_RANGE),
	ROW(CKR_WRAPPING_KEY_TYPE_INCONSISTENT), ROW(CKR_RANDOM_SEED_NOT_SUPPORTED), ROW(CKR_RANDOM_NO_RNG),
	ROW(CKR_DOMAIN_PARAMS_INVALID), ROW(CKR_CURVE_NOT_SUPPORTED), ROW(CKR_BUFFER_TOO_SMALL),
	ROW(CKR_SAVED_STATE_INVALID), ROW(CKR_INFORMATION_SENSITIVE), ROW(CKR_STATE_UNSAVEABLE),
	ROW(CKR_CRYPTOKI_NOT_INITIALIZED), ROW(CKR_CRYPTOKI_ALREADY_INITIALIZED), ROW(CKR_MUTEX_BAD),
	ROW(CKR_MUTEX_NOT_LOCKED), ROW(CKR_NEW_PIN_MODE), ROW(CKR_NEXT_OTP), ROW(CKR_EXCEEDED_MAX_ITERATIONS),
	ROW(CKR_FIPS_SELF_TEST_FAILED), ROW(CKR_LIBRARY_LOAD_FAILED), ROW(CKR_PIN_TOO_WEAK), ROW(CKR_PUBLIC_KEY_INVALID),
	ROW(CKR_FUNCTION_REJECTED),
	ROW(CKR_AEAD_DECRYPT_FAILED), ROW(CKR_TOKEN_RESOURCE_EXCEEDED), ROW(CKR_OPERATION_CANCEL_FAILED), ROW(CKR_KEY_EXHAUSTED),
};

static const struct named token_flags[] = {
	ROW(CKF_RNG), ROW(CKF_WRITE_PROTECTED), ROW(CKF_LOGIN_REQUIRED), ROW(CKF_USER_PIN_INITIALIZED),
	ROW(CKF_RESTORE_KEY_NOT_NEEDED), ROW(CKF_CLOCK_ON_TOKEN), ROW(CKF_PROTECTED_AUTHENTICATION_PATH),
	ROW(CKF_DUAL_CRYPTO_OPERATIONS), ROW(CKF_TOKEN_INITIALIZED), ROW(CKF_SECONDARY_AUTHENTICATION),
	ROW(CKF_USER_PIN_COUNT_LOW), ROW(CKF_USER_PIN_FINAL_TRY), ROW(CKF_USER_PIN_LOCKED), ROW(CKF_USER_PIN_TO_BE_CHANGED),
	ROW(CKF_SO_PIN_COUNT_LOW), ROW(CKF_SO_PIN_FINAL_TRY), ROW(CKF_SO_PIN_LOCKED), ROW(CKF_SO_PIN_TO_BE_CHANGED),
};

void
p11_result_name(CK_RV result, struct buf *out)
{
	for (size_t i = 0; i < COUNT(results); i++) {
		if (results[i].value == result) {
			buf_add_str(out, results[i].name);
			return;
		}
	}
	if (result >= CKR_VENDOR_DEFINED)
		buf_addf(out, "CKR_VENDOR_DEFINED + 0x%lx", result - CKR_VENDOR_DEFINED);
	else
		buf_addf(out, "CKR 0x%lx", result);
}

void
p11_flag_names(CK_FLAGS flags, CK_FLAGS mask, struct buf *out)
{
	const size_t begin = out->len;
	for (size_t i = 0; i < COUNT(token_flags); i++) {
		if ((flags & mask & token_flags[i].value) != 0)
			buf_addf(out, "%s%s", out->len > begin ? " " : "", token_flags[i].name);
	}
}

const char *
p11_flag_name(size_t i, CK_FLAGS *ret_flag)
{
	if (i >= COUNT(token_flags))
		return NULL;
	*ret_flag = token_flags[i].value;
	return token_flags[i].name;
}

/* ---- words for what went wrong, and what to do ---- */

static const struct words {
	CK_RV result;
	const char *what;
	const char *todo;
} words[] = {
	{ CKR_TOKEN_NOT_PRESENT, "the token was taken out", "put it back and run this again; nothing was signed with it" },
	{ CKR_DEVICE_REMOVED, "the token was taken out", "put it back and run this again; nothing was signed with it" },
	{ CKR_TOKEN_NOT_RECOGNIZED, "the module doesn't know this kind of token", "use the module of the token's vendor" },
	{ CKR_DEVICE_ERROR, "the token reports a fault of its own", "take it out, put it back, and look at its vendor's tool" },
	{ CKR_DEVICE_MEMORY, "the token has no memory left", "see with its vendor's tool what fills it" },
	{ CKR_SESSION_CLOSED, "the token closed the session", "run this again; see whether another program uses the token" },
	{ CKR_SESSION_HANDLE_INVALID, "the session with the token is lost", "run this again; see whether another program uses the token" },
	{ CKR_SESSION_COUNT, "the token takes no more sessions", "end other programs that use it" },
	{ CKR_USER_NOT_LOGGED_IN, "the token wants a login that it did not ask for", "see the key's attributes: assay key show" },
	{ CKR_USER_ANOTHER_ALREADY_LOGGED_IN, "somebody else is logged in at the token", "end the other program" },
	{ CKR_USER_PIN_NOT_INITIALIZED, "no PIN was ever set on the token", "set one with its vendor's tool" },
	{ CKR_PIN_INCORRECT, "the PIN is wrong", "it was tried once and is not tried again" },
	{ CKR_PIN_INVALID, "the PIN has characters that the token doesn't take", "it was tried once and is not tried again" },
	{ CKR_PIN_LEN_RANGE, "the PIN is too short or too long for the token", "it was tried once and is not tried again" },
	{ CKR_PIN_EXPIRED, "the PIN has expired", "set a new one with the vendor's tool" },
	{ CKR_PIN_LOCKED, "the PIN is locked", "unlock it with the PUK or the security officer's PIN, by the vendor's tool" },
	{ CKR_FUNCTION_CANCELED, "it was cancelled at the token", "run this again" },
	{ CKR_FUNCTION_REJECTED, "it was refused at the token", "run this again, and consent or touch when the token asks" },
	{ CKR_CANCEL, "it was cancelled at the token", "run this again" },
	{ CKR_DATA_LEN_RANGE, "this is more than the token signs at once", "sign with an ECDSA key: of that, the token gets a digest" },
	{ CKR_MECHANISM_INVALID, "the token can't sign this way", "use a key of another type on it" },
	{ CKR_KEY_FUNCTION_NOT_PERMITTED, "the key may not sign", "take one whose CKA_SIGN is true: assay key list" },
	{ CKR_KEY_TYPE_INCONSISTENT, "the key is not of the type that it says", "look at it: assay key show" },
	{ CKR_KEY_HANDLE_INVALID, "the key is gone", "look what the token holds: assay key list" },
	{ CKR_CRYPTOKI_NOT_INITIALIZED, "the module lost what it was doing", "run this again" },
	{ CKR_FIPS_SELF_TEST_FAILED, "the module failed its self-test", "don't use it before its vendor says why" },
	{ CKR_HOST_MEMORY, "the module has no memory left", "run this again" },
};

#undef p11_fail
enum assay_status
p11_fail(CK_RV result, struct assay_error *err, const char *doing)
{
	CLEANUP(buf_done) struct buf name = BUF_INIT(128);
	p11_result_name(result, &name);
	for (size_t i = 0; i < COUNT(words); i++) {
		if (words[i].result != result)
			continue;
		(void)assay_fail(err, ASSAY_E_SYSTEM, "%s: %s (%s)", doing, words[i].what, buf_str(&name));
		return assay_error_todo(err, ASSAY_E_SYSTEM, "%s", words[i].todo);
	}
	(void)assay_fail(err, ASSAY_E_SYSTEM, "%s: the module answers %s", doing, buf_str(&name));
	return assay_error_todo(err, ASSAY_E_SYSTEM, "look up this code in the documents of the module");
}
