/* SPDX-License-Identifier: Apache-2.0 */
#include <codec/xml.h>

#include <base/cleanup.h>
#include <expat.h>
#include <string.h>

struct reading {
	const struct xml_events *events;
	XML_Parser parser;
	unsigned depth;
	uint32_t elements;
	const char *refused; /* why the parser was stopped; NULL when it wasn't */
};

static void
parser_free(XML_Parser *p)
{
	if (*p != NULL)
		XML_ParserFree(*p);
}

static void
refuse(struct reading *r, const char *why)
{
	if (r->refused != NULL)
		return;
	r->refused = why;
	(void)XML_StopParser(r->parser, XML_FALSE);
}

static void
on_open(void *data, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *r = data;
	if (++r->depth > XML_DEPTH_MAX)
		refuse(r, "elements lie too deep in one another");
	else if (++r->elements > XML_ELEMENTS_MAX)
		refuse(r, "it has too many elements");
	else
		r->events->open(r->events->context, name, attributes);
}

static void
on_close(void *data, const XML_Char *name)
{
	struct reading *r = data;
	r->depth--;
	if (r->refused == NULL)
		r->events->close(r->events->context, name);
}

static void
on_text(void *data, const XML_Char *text, int len)
{
	struct reading *r = data;
	if (r->refused == NULL && r->events->text != NULL)
		r->events->text(r->events->context, text, (size_t)len);
}

static void
on_doctype(void *data, const XML_Char *name, const XML_Char *system_id, const XML_Char *public_id, int internal)
{
	(void)name, (void)system_id, (void)public_id, (void)internal;
	refuse(data, "it has a document type, and entities with it");
}

enum assay_status
xml_read(struct assay_span bytes, const char *name, const struct xml_events *events, struct assay_error *err)
{
	struct reading r = { .events = events };
	CLEANUP(parser_free) XML_Parser p = XML_ParserCreateNS(NULL, ' ');
	if (p == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory");
	r.parser = p;
	XML_SetUserData(p, &r);
	XML_SetElementHandler(p, on_open, on_close);
	XML_SetCharacterDataHandler(p, on_text);
	XML_SetStartDoctypeDeclHandler(p, on_doctype);
	const enum XML_Status status = XML_Parse(p, (const char *)bytes.data, (int)bytes.len, XML_TRUE);
	if (r.refused != NULL)
		return assay_fail(err, ASSAY_E_FORMAT, "'%s' in it is refused: %s", name, r.refused);
	if (status != XML_STATUS_OK)
		return assay_fail(err, ASSAY_E_FORMAT, "'%s' in it isn't sound XML: %s, line %lu", name,
		    XML_ErrorString(XML_GetErrorCode(p)), (unsigned long)XML_GetCurrentLineNumber(p));
	return ASSAY_OK;
}

const char *
xml_local(const char *name)
{
	const char *blank = strrchr(name, ' ');
	return blank != NULL ? blank + 1 : name;
}

const char *
xml_attribute(const char **attributes, const char *local)
{
	for (size_t i = 0; attributes[i] != NULL; i += 2) {
		if (strcmp(xml_local(attributes[i]), local) == 0)
			return attributes[i + 1];
	}
	return NULL;
}
