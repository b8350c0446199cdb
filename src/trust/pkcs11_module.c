/* SPDX-License-Identifier: Apache-2.0 */
#include "pkcs11.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <sys/stat.h>

#define SHOWN_MAX ((size_t)4096)

struct assay_span
p11_text(const unsigned char *field, size_t size)
{
	while (size > 0 && (field[size - 1] == ' ' || field[size - 1] == '\0'))
		size--;
	return (struct assay_span){ field, size };
}

/* ---- loading ---- */

static enum assay_status
check_file(const char *path, char real[PATH_MAX], struct assay_error *err)
{
	struct stat st;
	errno = 0;
	if (realpath(path, real) == NULL || stat(real, &st) != 0) {
		(void)assay_fail(err, ASSAY_E_NOT_FOUND, "the PKCS #11 module '%s' can't be found: %s", path, text_errno(errno));
		return assay_error_todo(err, ASSAY_E_NOT_FOUND, "install it, or name the right file with --module");
	}
	if (!S_ISREG(st.st_mode)) {
		(void)assay_fail(err, ASSAY_E_USAGE, "the PKCS #11 module '%s' is no regular file", path);
		return assay_error_todo(err, ASSAY_E_USAGE, "name the module's shared library with --module");
	}
	if ((st.st_mode & S_IWOTH) != 0 || (st.st_uid != 0 && st.st_uid != geteuid())) {
		(void)assay_fail(err, ASSAY_E_USAGE, "others may change the PKCS #11 module '%s', and it would get the PIN", path);
		return assay_error_todo(err, ASSAY_E_USAGE, "it must belong to root or to you, and not be writable for all");
	}
	return ASSAY_OK;
}

/* The loader's words name the file and say what is wrong with it. */
static enum assay_status
not_loaded(const char *path, struct assay_error *err)
{
	const char *why = dlerror();
	(void)assay_fail(err, ASSAY_E_USAGE, "'%s' can't be loaded as a PKCS #11 module: %s", path,
	    why != NULL ? why : "no reason given");
	return assay_error_todo(err, ASSAY_E_USAGE, "name the module's shared library with --module");
}

static enum assay_status
no_module(const char *path, const char *why, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_USAGE, "'%s' is a shared library and no PKCS #11 module: %s", path, why);
	return assay_error_todo(err, ASSAY_E_USAGE, "name the module's shared library with --module");
}

static enum assay_status
get_functions(const char *path, struct p11 *p, struct assay_error *err)
{
	CK_C_GetFunctionList get = NULL;
	void *symbol = dlsym(p->library, "C_GetFunctionList");
	if (symbol == NULL)
		return no_module(path, "it has no C_GetFunctionList", err);
	/* C has no conversion between the two; POSIX says that the bytes are the same. */
	memcpy(&get, &symbol, sizeof get);
	const CK_RV result = get(&p->f);
	if (result != CKR_OK || p->f == NULL)
		return no_module(path, "it gives no list of functions", err);
	if (p->f->version.major < 2 || p->f->version.major > 3)
		return no_module(path, "it is neither of version 2 nor of version 3", err);
	return ASSAY_OK;
}

enum assay_status
p11_load(const char *path, struct p11 *p, struct assay_error *err)
{
	char real[PATH_MAX];
	*p = (struct p11){ .library = NULL };
	TRY(check_file(path, real, err));
	(void)dlerror();
	p->library = dlopen(real, RTLD_NOW | RTLD_LOCAL);
	if (p->library == NULL)
		return not_loaded(path, err);
	TRY(get_functions(path, p, err));
	/* One thread alone calls it; it may start some of its own. */
	const CK_RV result = p->f->C_Initialize(NULL);
	if (result != CKR_OK)
		return p11_fail(result, err, "the PKCS #11 module doesn't start");
	p->started = true;
	const CK_RV told = p->f->C_GetInfo(&p->info);
	return told == CKR_OK ? ASSAY_OK : p11_fail(told, err, "the PKCS #11 module doesn't say what it is");
}

enum assay_status
p11_module_named(const char *module, struct assay_error *err)
{
	if (module != NULL)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "no PKCS #11 module is named, through which the token can be reached");
	return assay_error_todo(err, ASSAY_E_USAGE,
	    "name it with --module, or as 'module' in your own configuration (assay(1), KEYS THAT SIGN)");
}

void
p11_close(struct p11 *p)
{
	if (p->open) {
		(void)p->f->C_Logout(p->session);
		(void)p->f->C_CloseSession(p->session);
	}
	p->open = false;
}

/* The library stays loaded: the process that loaded it ends, and threads of the module may still run in it. */
void
p11_done(struct p11 *p)
{
	p11_close(p);
	if (p->started)
		(void)p->f->C_Finalize(NULL);
	p->started = false;
}

/* ---- tokens ---- */

static bool
fits(const struct p11 *p, const struct pkcs11_uri *uri, CK_SLOT_ID slot, const CK_SLOT_INFO *s, const CK_TOKEN_INFO *t)
{
	const struct {
		enum pkcs11_uri_name name;
		struct assay_span value;
	} rows[] = {
		{ PKCS11_URI_TOKEN, P11_TEXT(t->label) },
		{ PKCS11_URI_MANUFACTURER, P11_TEXT(t->manufacturerID) },
		{ PKCS11_URI_SERIAL, P11_TEXT(t->serialNumber) },
		{ PKCS11_URI_MODEL, P11_TEXT(t->model) },
		{ PKCS11_URI_SLOT_DESCRIPTION, P11_TEXT(s->slotDescription) },
		{ PKCS11_URI_SLOT_MANUFACTURER, P11_TEXT(s->manufacturerID) },
		{ PKCS11_URI_LIBRARY_DESCRIPTION, P11_TEXT(p->info.libraryDescription) },
		{ PKCS11_URI_LIBRARY_MANUFACTURER, P11_TEXT(p->info.manufacturerID) },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (!pkcs11_uri_fits(uri, rows[i].name, rows[i].value))
			return false;
	}
	if (uri->has_version && (uri->major != p->info.libraryVersion.major || uri->minor != p->info.libraryVersion.minor))
		return false;
	return !uri->has_slot || uri->slot == slot;
}

/* "'release' (SoftHSM project, serial 0123)". */
static void
describe(const CK_TOKEN_INFO *t, struct buf *out)
{
	buf_add_str(out, out->len > 0 ? ", '" : "'");
	text_escape(out, P11_TEXT(t->label), false);
	buf_add_str(out, "' (");
	text_escape(out, P11_TEXT(t->manufacturerID), false);
	buf_add_str(out, ", serial ");
	text_escape(out, P11_TEXT(t->serialNumber), false);
	buf_add_str(out, ")");
}

/* As p11_slots(), with the names of all initialised tokens that are there and of those that fit. */
static enum assay_status
look(struct p11 *p, const struct pkcs11_uri *uri, CK_SLOT_ID *slots, size_t *ret_count, struct buf *fitting, struct buf *others,
    struct assay_error *err)
{
	CK_SLOT_ID all[P11_SLOTS_MAX];
	CK_ULONG count = P11_SLOTS_MAX;
	size_t found = 0;
	const CK_RV result = p->f->C_GetSlotList(CK_TRUE, all, &count);
	if (result == CKR_BUFFER_TOO_SMALL || (result == CKR_OK && count > P11_SLOTS_MAX))
		return assay_fail(err, ASSAY_E_LIMIT, "the module has more than %d slots with tokens", P11_SLOTS_MAX);
	if (result != CKR_OK)
		return p11_fail(result, err, "looking for tokens");
	for (CK_ULONG i = 0; i < count; i++) {
		CK_SLOT_INFO slot;
		CK_TOKEN_INFO token;
		/* One that is taken out meanwhile isn't there. */
		if (p->f->C_GetSlotInfo(all[i], &slot) != CKR_OK || p->f->C_GetTokenInfo(all[i], &token) != CKR_OK
		    || (token.flags & CKF_TOKEN_INITIALIZED) == 0)
			continue;
		const bool good = fits(p, uri, all[i], &slot, &token);
		describe(&token, good ? fitting : others);
		if (good)
			slots[found++] = all[i];
	}
	*ret_count = found;
	return ASSAY_OK;
}

enum assay_status
p11_slots(struct p11 *p, const struct pkcs11_uri *uri, CK_SLOT_ID ret_slots[P11_SLOTS_MAX], size_t *ret_count,
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf fitting = BUF_INIT(SHOWN_MAX);
	CLEANUP(buf_done) struct buf others = BUF_INIT(SHOWN_MAX);
	TRY(look(p, uri, ret_slots, ret_count, &fitting, &others, err));
	if (*ret_count > 0)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_NOT_FOUND, "no token fits the URI; the module shows %s",
	    others.len > 0 ? buf_str(&others) : "none at all");
	return assay_error_todo(err, ASSAY_E_NOT_FOUND, "put the token in, correct the URI, or see 'assay key list'");
}

enum assay_status
p11_token(struct p11 *p, const struct pkcs11_uri *uri, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf fitting = BUF_INIT(SHOWN_MAX);
	CLEANUP(buf_done) struct buf others = BUF_INIT(SHOWN_MAX);
	CK_SLOT_ID slots[P11_SLOTS_MAX];
	size_t count = 0;
	TRY(look(p, uri, slots, &count, &fitting, &others, err));
	if (count == 0)
		return p11_slots(p, uri, slots, &count, err);
	if (count == 1)
		return p11_session(p, slots[0], err);
	(void)assay_fail(err, ASSAY_E_USAGE, "%zu tokens fit the URI: %s", count, buf_str(&fitting));
	return assay_error_todo(err, ASSAY_E_USAGE, "add serial=... to the URI: a label can be given twice, a serial number shouldn't");
}

enum assay_status
p11_session(struct p11 *p, CK_SLOT_ID slot, struct assay_error *err)
{
	CK_RV result = p->f->C_GetTokenInfo(slot, &p->token);
	if (result == CKR_OK)
		result = p->f->C_GetSlotInfo(slot, &p->slot_info);
	if (result == CKR_OK)
		result = p->f->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &p->session);
	if (result != CKR_OK)
		return p11_fail(result, err, "opening a session with the token");
	p->slot = slot;
	p->open = true;
	return ASSAY_OK;
}

/* ---- objects ---- */

enum assay_status
p11_attribute(struct p11 *p, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, unsigned char *room, size_t size, size_t *ret_len,
    struct assay_error *err)
{
	CK_ATTRIBUTE a = { type, room, size };
	const CK_RV result = p->f->C_GetAttributeValue(p->session, object, &a, 1);
	*ret_len = 0;
	if (result == CKR_ATTRIBUTE_TYPE_INVALID || result == CKR_ATTRIBUTE_SENSITIVE)
		return ASSAY_OK;
	if (result == CKR_BUFFER_TOO_SMALL)
		return assay_fail(err, ASSAY_E_LIMIT, "an attribute on the token is longer than %zu bytes", size);
	if (result != CKR_OK)
		return p11_fail(result, err, "reading an attribute from the token");
	if (a.ulValueLen == CK_UNAVAILABLE_INFORMATION)
		return ASSAY_OK;
	if (a.ulValueLen > size)
		return assay_fail(err, ASSAY_E_LIMIT, "an attribute on the token is longer than %zu bytes", size);
	*ret_len = a.ulValueLen;
	return ASSAY_OK;
}

enum assay_status
p11_objects(struct p11 *p, CK_ATTRIBUTE *match, size_t match_count, CK_OBJECT_HANDLE ret_objects[P11_KEYS_MAX],
    size_t *ret_count, struct assay_error *err)
{
	size_t found = 0;
	CK_ULONG got = 1;
	CK_RV result = p->f->C_FindObjectsInit(p->session, match, match_count);
	if (result != CKR_OK)
		return p11_fail(result, err, "looking for objects on the token");
	while (found < P11_KEYS_MAX && got > 0) {
		result = p->f->C_FindObjects(p->session, ret_objects + found, P11_KEYS_MAX - found, &got);
		if (result != CKR_OK || got > P11_KEYS_MAX - found)
			break;
		found += got;
	}
	const CK_RV ended = p->f->C_FindObjectsFinal(p->session);
	if (result != CKR_OK || ended != CKR_OK)
		return p11_fail(result != CKR_OK ? result : ended, err, "looking for objects on the token");
	if (got > 0)
		return assay_fail(err, ASSAY_E_LIMIT, "the token has %d or more objects of this kind", P11_KEYS_MAX);
	*ret_count = found;
	return ASSAY_OK;
}
