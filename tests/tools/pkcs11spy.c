/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A PKCS #11 module that stands before another one, notes each call and, where asked, answers in its place. All is asked for by the
 * environment:
 *
 *   SPY_MODULE  the module behind it
 *   SPY_LOG     a file to which "FUNCTION RESULT" is added for each call that is watched; never a PIN
 *   SPY_RULES   "C_Sign@1=32,C_Login@2=a0": from which call on (counted from 1) what is answered, in hex, instead of asking the module
 *   SPY_FLAGS   flags, in hex, that each token is said to have besides
 *   SPY_PAD     what somebody types at the token's own pad when C_Login comes without a PIN
 *   SPY_ALTER   set: signatures come with one bit changed
 *   SPY_RAW     set: points without their OCTET STRING, curves by OBJECT IDENTIFIER
 */
#include <p11-kit/pkcs11.h>

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static CK_FUNCTION_LIST *behind;
static CK_FUNCTION_LIST own;

static void
note(const char *function, const char *how, CK_RV result)
{
	const char *path = getenv("SPY_LOG");
	FILE *f = path == NULL ? NULL : fopen(path, "a");
	if (f == NULL)
		return;
	(void)fprintf(f, "%s%s 0x%lx\n", function, how, result);
	(void)fclose(f);
}

/* True when a rule answers this call. */
static int
ruled(const char *function, unsigned *calls, CK_RV *ret_result)
{
	const char *rules = getenv("SPY_RULES");
	const size_t len = strlen(function);
	(*calls)++;
	while (rules != NULL && *rules != '\0') {
		char *end = NULL;
		if (strncmp(rules, function, len) == 0 && rules[len] == '@') {
			const unsigned long from = strtoul(rules + len + 1, &end, 10);
			if (*end == '=' && *calls >= from) {
				*ret_result = strtoul(end + 1, NULL, 16);
				return 1;
			}
		}
		rules = strchr(rules, ',');
		rules = rules == NULL ? NULL : rules + 1;
	}
	return 0;
}

#define WATCH(function, how, call)                                                                 \
	static unsigned calls;                                                                     \
	CK_RV result = CKR_OK;                                                                     \
	if (!ruled(#function, &calls, &result))                                                    \
		result = (call);                                                                   \
	note(#function, how, result);                                                              \
	return result

static CK_RV
spy_initialize(void *arguments)
{
	WATCH(C_Initialize, "", behind->C_Initialize(arguments));
}

static CK_RV
spy_finalize(void *reserved)
{
	WATCH(C_Finalize, "", behind->C_Finalize(reserved));
}

static CK_RV
spy_open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify, CK_SESSION_HANDLE *session)
{
	WATCH(C_OpenSession, "", behind->C_OpenSession(slot, flags, application, notify, session));
}

static CK_RV
spy_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
	const char *flags = getenv("SPY_FLAGS");
	const CK_RV result = behind->C_GetTokenInfo(slot, info);
	if (result == CKR_OK && flags != NULL)
		info->flags |= strtoul(flags, NULL, 16);
	return result;
}

static CK_RV
login(CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char *pin, unsigned long len)
{
	char *pad = getenv("SPY_PAD");
	if (pin != NULL || pad == NULL)
		return behind->C_Login(session, user, pin, len);
	return behind->C_Login(session, user, (unsigned char *)pad, strlen(pad));
}

static CK_RV
spy_login(CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char *pin, unsigned long len)
{
	WATCH(C_Login, user == CKU_CONTEXT_SPECIFIC ? " context" : pin == NULL ? " pad" : " user", login(session, user, pin, len));
}

static CK_RV
spy_sign_init(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
	WATCH(C_SignInit, "", behind->C_SignInit(session, mechanism, key));
}

static CK_RV
sign(CK_SESSION_HANDLE session, unsigned char *data, unsigned long data_len, unsigned char *signature, unsigned long *len)
{
	const CK_RV result = behind->C_Sign(session, data, data_len, signature, len);
	if (result == CKR_OK && getenv("SPY_ALTER") != NULL)
		signature[0] ^= 1;
	return result;
}

static CK_RV
spy_sign(CK_SESSION_HANDLE session, unsigned char *data, unsigned long data_len, unsigned char *signature, unsigned long *len)
{
	WATCH(C_Sign, "", sign(session, data, data_len, signature, len));
}

static void
make_raw(CK_ATTRIBUTE *a)
{
	static const char ed25519[] = "\x06\x03\x2b\x65\x70";
	unsigned char *value = a->pValue;
	if (value == NULL || a->ulValueLen == CK_UNAVAILABLE_INFORMATION)
		return;
	if (a->type == CKA_EC_POINT && a->ulValueLen > 2 && value[0] == 4 && value[1] == a->ulValueLen - 2) {
		a->ulValueLen -= 2;
		(void)memmove(value, value + 2, a->ulValueLen);
	}
	if (a->type == CKA_EC_PARAMS && a->ulValueLen > sizeof ed25519 && value[0] == 0x13) {
		a->ulValueLen = sizeof ed25519 - 1;
		(void)memcpy(value, ed25519, sizeof ed25519 - 1);
	}
}

static CK_RV
spy_get_attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *attributes, unsigned long count)
{
	const CK_RV result = behind->C_GetAttributeValue(session, object, attributes, count);
	for (unsigned long i = 0; i < count && result == CKR_OK && getenv("SPY_RAW") != NULL; i++)
		make_raw(&attributes[i]);
	return result;
}

__attribute__((visibility("default"))) CK_RV
C_GetFunctionList(CK_FUNCTION_LIST **list)
{
	const char *path = getenv("SPY_MODULE");
	void *library = path == NULL ? NULL : dlopen(path, RTLD_NOW | RTLD_LOCAL);
	void *symbol = library == NULL ? NULL : dlsym(library, "C_GetFunctionList");
	CK_C_GetFunctionList get = NULL;
	(void)memcpy(&get, &symbol, sizeof get);
	if (get == NULL || get(&behind) != CKR_OK)
		return CKR_GENERAL_ERROR;
	own = *behind;
	own.C_Initialize = spy_initialize;
	own.C_Finalize = spy_finalize;
	own.C_OpenSession = spy_open_session;
	own.C_GetTokenInfo = spy_token_info;
	own.C_Login = spy_login;
	own.C_SignInit = spy_sign_init;
	own.C_Sign = spy_sign;
	own.C_GetAttributeValue = spy_get_attribute;
	*list = &own;
	return CKR_OK;
}
