/* SPDX-License-Identifier: Apache-2.0 */
#include <base/text.h>
#include <errno.h>
#include <files/hash.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ioprio_set(2) has no header of its own: of a process, class "idle". */
#define IOPRIO_WHO_PROCESS 1
#define IOPRIO_CLASS_IDLE 3
#define IOPRIO_CLASS_SHIFT 13
#define LOWEST 19

enum assay_status
hash_be_polite(struct assay_error *err)
{
	if (setpriority(PRIO_PROCESS, 0, LOWEST) != 0 ||
	    syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0,
		IOPRIO_CLASS_IDLE << IOPRIO_CLASS_SHIFT) != 0)
		return assay_fail(
		    err, ASSAY_E_SYSTEM, "can't lower the priority: %s", text_errno(errno));
	return ASSAY_OK;
}
