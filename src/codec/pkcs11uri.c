/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <base/text.h>
#include <codec/pkcs11uri.h>

#define SCHEME "pkcs11:"
#define NAME_MAX_SHOWN 40
#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const char *const types[] = { "", "public", "private", "cert", "secret-key", "data" };

struct reading {
	enum pkcs11_uri_origin origin;
	struct pkcs11_uri *uri;
	size_t used; /* of uri->bytes */
	bool query;  /* behind the '?' */
	struct assay_error *err;
};

static enum assay_status
refuse(const struct reading *r, const char *what, struct assay_span name, const char *todo)
{
	const enum assay_status status = r->origin == PKCS11_URI_TYPED ? ASSAY_E_USAGE : ASSAY_E_FORMAT;
	CLEANUP(buf_done) struct buf shown = BUF_INIT((size_t)16 * NAME_MAX_SHOWN);
	text_escape(&shown, (struct assay_span){ name.data, name.len < NAME_MAX_SHOWN ? name.len : NAME_MAX_SHOWN }, false);
	(void)assay_fail(r->err, status, "the PKCS #11 URI %s%s%s%s", what, name.len > 0 ? " '" : "", buf_str(&shown),
	    name.len > 0 ? "'" : "");
	return assay_error_todo(r->err, status, "%s", todo);
}

static enum assay_status
refuse_form(const struct reading *r, const char *what, struct assay_span name)
{
	return refuse(r, what, name, "write it as RFC 7512 has it: pkcs11:token=LABEL;object=LABEL;id=%01, other bytes as %XX");
}

static int
hex_digit(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	const char low = text_lower((char)c);
	return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/* RFC 7512 section 2.3: pk11-pchar. */
static bool
stands_for_itself(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
	    || (c != '\0' && strchr("-._~:[]@!$'()*+,=&", c) != NULL);
}

/* Appends the decoded value to the URI's bytes. */
static enum assay_status
decode(struct reading *r, struct assay_span name, struct assay_span value, struct assay_span *ret_value)
{
	const size_t begin = r->used;
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = value.data[i];
		if (c == '%') {
			const int high = i + 2 < value.len ? hex_digit(value.data[i + 1]) : -1;
			const int low = i + 2 < value.len ? hex_digit(value.data[i + 2]) : -1;
			if (high < 0 || low < 0)
				return refuse_form(r, "has a '%' without two hex digits in", name);
			c = (unsigned char)(high * 16 + low);
			i += 2;
		} else if (!stands_for_itself(c)) {
			return refuse_form(r, "has a byte that must be escaped in", name);
		}
		r->uri->bytes[r->used++] = c;
	}
	*ret_value = (struct assay_span){ r->uri->bytes + begin, r->used - begin };
	return ASSAY_OK;
}

/* ---- what each attribute does ---- */

struct attribute {
	const char *name;
	enum assay_status (*take)(struct reading *r, const struct attribute *a, struct assay_span name, struct assay_span value);
	enum pkcs11_uri_name index;
};

static enum assay_status
take_text(struct reading *r, const struct attribute *a, struct assay_span name, struct assay_span value)
{
	if (r->uri->values[a->index].given)
		return refuse_form(r, "names twice", name);
	if (a->index != PKCS11_URI_ID && !text_is_utf8(value))
		return refuse_form(r, "has text that isn't UTF-8 in", name);
	r->uri->values[a->index].given = true;
	r->uri->values[a->index].at = (uint16_t)(value.data - r->uri->bytes);
	r->uri->values[a->index].len = (uint16_t)value.len;
	return ASSAY_OK;
}

static enum assay_status
take_type(struct reading *r, const struct attribute *a, struct assay_span name, struct assay_span value)
{
	(void)a;
	if (r->uri->type != PKCS11_URI_ANY)
		return refuse_form(r, "names twice", name);
	for (size_t i = 1; i < COUNT(types); i++) {
		if (assay_span_equal(value, assay_span_str(types[i])))
			r->uri->type = (enum pkcs11_uri_type)i;
	}
	return r->uri->type == PKCS11_URI_ANY ? refuse_form(r, "has no known value of", name) : ASSAY_OK;
}

static enum assay_status
take_slot(struct reading *r, const struct attribute *a, struct assay_span name, struct assay_span value)
{
	(void)a;
	if (r->uri->has_slot)
		return refuse_form(r, "names twice", name);
	r->uri->has_slot = true;
	return text_to_u64(value, &r->uri->slot) == ASSAY_OK ? ASSAY_OK : refuse_form(r, "has no number in", name);
}

static enum assay_status
take_version(struct reading *r, const struct attribute *a, struct assay_span name, struct assay_span value)
{
	(void)a;
	const unsigned char *dot = value.len > 0 ? memchr(value.data, '.', value.len) : NULL;
	const size_t whole = dot == NULL ? value.len : (size_t)(dot - value.data);
	if (r->uri->has_version)
		return refuse_form(r, "names twice", name);
	r->uri->has_version = true;
	if (text_to_u64((struct assay_span){ value.data, whole }, &r->uri->major) != ASSAY_OK
	    || (dot != NULL && text_to_u64((struct assay_span){ dot + 1, value.len - whole - 1 }, &r->uri->minor) != ASSAY_OK))
		return refuse_form(r, "has no version in", name);
	return ASSAY_OK;
}

/* Whoever wrote these into a URI would choose what code runs here, or has shown a secret to everybody. */
static enum assay_status
take_never(struct reading *r, const struct attribute *a, struct assay_span name, struct assay_span value)
{
	(void)value;
	const bool pin = strncmp(a->name, "pin", 3) == 0;
	if (r->origin == PKCS11_URI_RECORD)
		return refuse(r, "of a record may not carry", name, pin
			? "take it out of the file; a PIN comes from a prompt, --pin-file or --pin-program"
			: "take it out of the file; a module comes from --module or your own configuration");
	if (strcmp(a->name, "pin-value") == 0)
		return refuse(r, "may not carry", name,
		    "leave it out, and change that PIN: others can read command lines; use the prompt, --pin-file or --pin-program");
	return refuse(r, "may not carry", name, pin ? "use --pin-file or --pin-program" : "use --module");
}

static const struct attribute attributes[] = {
	{ "token", take_text, PKCS11_URI_TOKEN },
	{ "manufacturer", take_text, PKCS11_URI_MANUFACTURER },
	{ "serial", take_text, PKCS11_URI_SERIAL },
	{ "model", take_text, PKCS11_URI_MODEL },
	{ "object", take_text, PKCS11_URI_OBJECT },
	{ "id", take_text, PKCS11_URI_ID },
	{ "slot-description", take_text, PKCS11_URI_SLOT_DESCRIPTION },
	{ "slot-manufacturer", take_text, PKCS11_URI_SLOT_MANUFACTURER },
	{ "library-description", take_text, PKCS11_URI_LIBRARY_DESCRIPTION },
	{ "library-manufacturer", take_text, PKCS11_URI_LIBRARY_MANUFACTURER },
	{ "library-version", take_version, PKCS11_URI_NAMES },
	{ "slot-id", take_slot, PKCS11_URI_NAMES },
	{ "type", take_type, PKCS11_URI_NAMES },
	{ "module-name", take_never, PKCS11_URI_NAMES },
	{ "module-path", take_never, PKCS11_URI_NAMES },
	{ "pin-source", take_never, PKCS11_URI_NAMES },
	{ "pin-value", take_never, PKCS11_URI_NAMES },
};

/* ---- the whole ---- */

static const struct attribute *
attribute_named(struct assay_span name)
{
	for (size_t i = 0; i < COUNT(attributes); i++) {
		if (assay_span_equal(name, assay_span_str(attributes[i].name)))
			return &attributes[i];
	}
	return NULL;
}

/* What we don't know might narrow the choice: set aside, another key would sign than was meant. */
static enum assay_status
take_part(struct reading *r, struct assay_span part)
{
	const unsigned char *equals = part.len > 0 ? memchr(part.data, '=', part.len) : NULL;
	if (equals == NULL)
		return refuse_form(r, "has a part without '='", (struct assay_span){ NULL, 0 });
	const struct assay_span name = { part.data, (size_t)(equals - part.data) };
	const struct assay_span raw = { equals + 1, part.len - name.len - 1 };
	const struct attribute *a = attribute_named(name);
	if (a == NULL)
		return refuse_form(r, "has an attribute that isn't known here,", name);
	if (a->take == take_never)
		return take_never(r, a, name, raw);
	if (r->query)
		return refuse_form(r, "has behind its '?'", name);
	struct assay_span value = { NULL, 0 };
	TRY(decode(r, name, raw, &value));
	return a->take(r, a, name, value);
}

bool
pkcs11_uri_is(const char *text)
{
	return strncasecmp(text, SCHEME, strlen(SCHEME)) == 0;
}

enum assay_status
pkcs11_uri_parse(const char *text, enum pkcs11_uri_origin origin, struct pkcs11_uri *ret_uri, struct assay_error *err)
{
	struct pkcs11_uri uri = { .type = PKCS11_URI_ANY };
	struct reading r = { origin, &uri, 0, false, err };
	const size_t len = strnlen(text, PKCS11_URI_MAX);
	if (!pkcs11_uri_is(text))
		return refuse_form(&r, "doesn't begin with 'pkcs11:'", (struct assay_span){ NULL, 0 });
	if (len == PKCS11_URI_MAX)
		return refuse_form(&r, "is longer than is read", (struct assay_span){ NULL, 0 });
	size_t at = strlen(SCHEME);
	while (at < len) {
		const size_t n = strcspn(text + at, r.query ? "&" : ";?");
		/* Nothing but a query may stand after nothing: "pkcs11:?pin-source=..." is a URI, "pkcs11:;" is none. */
		if (n > 0 || text[at] != '?')
			TRY(take_part(&r, (struct assay_span){ (const unsigned char *)text + at, n }));
		at += n;
		if (at == len)
			break;
		r.query = r.query || text[at] == '?';
		at++;
		if (at == len)
			return refuse_form(&r, "ends where another part should begin", (struct assay_span){ NULL, 0 });
	}
	*ret_uri = uri;
	return ASSAY_OK;
}

struct assay_span
pkcs11_uri_get(const struct pkcs11_uri *uri, enum pkcs11_uri_name name)
{
	return (struct assay_span){ uri->bytes + uri->values[name].at, uri->values[name].len };
}

bool
pkcs11_uri_fits(const struct pkcs11_uri *uri, enum pkcs11_uri_name name, struct assay_span value)
{
	if (!uri->values[name].given)
		return true;
	const struct assay_span wanted = pkcs11_uri_get(uri, name);
	if (name != PKCS11_URI_ID) {
		while (value.len > wanted.len && value.data[value.len - 1] == ' ')
			value.len--;
	}
	return assay_span_equal(wanted, value);
}
