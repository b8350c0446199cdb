/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Quantities as whole numbers of a small unit: no floating point between an order and the motor.
 *
 *   mass            nanogram       (ng)
 *   volume          nanolitre      (nl)
 *   flow            nanolitre/hour (nl/h)
 *   weight          gram           (g)
 *   concentration   nanogram per millilitre
 */
#pragma once

#include "status.h"
#include "text.h"

#include <stdint.h>

#define NL_PER_ML UINT64_C(1000000)
#define MINUTES_PER_HOUR 60u
/* The most digits behind the point that an order may have. */
#define DECIMALS_MAX 3u

enum mass_unit { MASS_NG, MASS_UG, MASS_MG, MASS_G };
enum mass_base { PER_PATIENT, PER_KILOGRAM };
enum mass_time { PER_HOUR, PER_MINUTE };

/* "ug/kg/min", "mg/h" ... */
struct rate_unit {
	enum mass_unit mass;
	enum mass_base base;
	enum mass_time time;
};

enum rounding {
	ROUND_DOWN,
	ROUND_HALF_UP,
	ROUND_HALF_EVEN,
	ROUND_UP,
};

/* "12.5" in thousandths: 12500. No sign, no exponent, no leading point; PUMP_E_FORMAT says so. */
PUMP_MUST_USE enum pump_status decimal_parse(struct text t, uint64_t *ret_thousandths);
/* "12.5"; room for at least 25. */
void decimal_write(uint64_t thousandths, char *out, size_t room);
PUMP_MUST_USE enum pump_status mass_unit_parse(struct text t, enum mass_unit *ret_unit);
/* "ug/kg/min" and its like; what is left out means the whole patient, but never the time. */
PUMP_MUST_USE enum pump_status rate_unit_parse(struct text t, struct rate_unit *ret_unit);
void rate_unit_write(struct rate_unit unit, char *out, size_t room);
uint64_t mass_unit_ng(enum mass_unit unit);
/* a * b, or PUMP_E_RANGE. */
PUMP_MUST_USE enum pump_status multiply(uint64_t a, uint64_t b, uint64_t *ret_product);
/* a * b / c in one step: the product may need more than 64 bits, the result may not. c isn't 0. */
PUMP_MUST_USE enum pump_status multiply_divide(uint64_t a, uint64_t b, uint64_t c, enum rounding rounding, uint64_t *ret_result);
/* The nearest multiple of step. */
PUMP_MUST_USE enum pump_status round_to(uint64_t value, uint64_t step, enum rounding rounding, uint64_t *ret_result);
