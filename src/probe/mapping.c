/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping.h"

#include <sys/mman.h>

#define PAGE 4096u

enum assay_status
mapping_reserve(struct mapping *m, size_t room, struct assay_error *err)
{
	if (room <= m->room)
		return ASSAY_OK;
	if (room > m->cap)
		return assay_fail(err, ASSAY_E_LIMIT, "more than %zu bytes would be needed at once", m->cap);
	size_t more = m->room == 0 ? 1u << 16 : m->room + m->room / 2;
	if (more > m->cap)
		more = m->cap;
	if (more < room)
		more = room;
	more = (more + PAGE - 1) / PAGE * PAGE;
	void *data = m->room == 0
	    ? mmap(NULL, more, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
	    : mremap(m->data, m->room, more, MREMAP_MAYMOVE);
	if (data == MAP_FAILED)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for %zu bytes", more);
	m->data = data;
	m->room = more;
	return ASSAY_OK;
}

void
mapping_shrink(struct mapping *m, size_t room)
{
	if (room < m->len)
		room = m->len;
	room = (room + PAGE - 1) / PAGE * PAGE;
	if (room == 0 || room >= m->room)
		return;
	if (munmap(m->data + room, m->room - room) == 0)
		m->room = room;
}

void
mapping_done(struct mapping *m)
{
	if (m->room > 0)
		munmap(m->data, m->room);
	m->data = NULL;
	m->len = m->room = 0;
}
