/* SPDX-License-Identifier: Apache-2.0 */
/*
 * XML as documents and tools' outputs use it: elements, attributes and text through expat. A document type is refused before anything in it is
 * looked at, so that there are no entities but the five of XML itself; nothing is ever fetched.
 */
#pragma once

#include <assay/status.h>
#include <stdint.h>

#define XML_DEPTH_MAX 200
#define XML_ELEMENTS_MAX 2000000u

/* Names are "namespace local"; a name without a namespace is itself. */
struct xml_events {
	void *context;
	void (*open)(void *context, const char *name, const char **attributes);
	void (*close)(void *context, const char *name);
	void (*text)(void *context, const char *text, size_t len);
};

/* name stands in errors. */
ASSAY_MUST_USE enum assay_status xml_read(struct assay_span bytes, const char *name,
    const struct xml_events *events, struct assay_error *err);
/* What follows the last blank of the name. */
const char *xml_local(const char *name);
/* The value of the attribute whose local name is this, or NULL. */
const char *xml_attribute(const char **attributes, const char *local);
