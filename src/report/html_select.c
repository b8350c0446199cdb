/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What filters are made of.
 */
#include "html_page.h"

void
page_select_open(struct html *h, const char *name, const char *label)
{
	html_begin(h, "label", NULL);
	html_leaf(h, "span", NULL, label);
	html_begin(h, "select", NULL);
	html_attr(h, "name", name);
	html_begin(h, "option", NULL);
	html_attr(h, "value", "");
	html_text(h, "all");
	html_end(h);
}

void
page_option(struct html *h, const char *value, const char *text)
{
	html_begin(h, "option", NULL);
	html_attr(h, "value", value);
	html_text(h, text);
	html_end(h);
}

void
page_select_close(struct html *h)
{
	html_end(h);
	html_end(h);
}

static void
field(struct html *h, const char *name, const char *hint)
{
	html_void(h, "input", NULL);
	html_attr(h, "type", "search");
	html_attr(h, "name", name);
	html_attr(h, "autocomplete", "off");
	html_attr(h, "placeholder", hint);
	html_end(h);
}

void
page_find_field(struct html *h, const char *name, const char *hint)
{
	html_begin(h, "label", "find");
	html_leaf(h, "span", NULL, "Find");
	field(h, name, hint);
}

void
page_input(struct html *h, const char *name, const char *label, const char *hint)
{
	html_begin(h, "label", NULL);
	html_leaf(h, "span", NULL, label);
	field(h, name, hint);
}
