/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the backend libcrypto share.
 */
#pragma once

#include "crypto.h"

/*
 * What a failure inside libcrypto means, by its error queue, which is emptied: ASSAY_E_MEMORY when memory ran
 * out, so that a good signature isn't called a bad one for that; else ASSAY_E_VERIFY.
 */
enum assay_status libcrypto_failure(void);
