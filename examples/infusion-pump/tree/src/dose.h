/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From what a physician orders to what the motor does.
 */
#pragma once

#include "drug.h"
#include "units.h"

#include <stdbool.h>

/* The motor's smallest step, and its bounds. */
#define FLOW_STEP_NL_H 10000u        /* 0.01 ml/h */
#define FLOW_LEAST_NL_H 100000u      /* 0.1 ml/h */
#define FLOW_MOST_NL_H 999000000u    /* 999 ml/h */
#define WEIGHT_LEAST_G 400u
#define WEIGHT_MOST_G 300000u
#define VOLUME_MOST_NL 1000000000ull /* one litre */
/* How much the rounded flow may differ from the ordered one. */
#define ROUNDING_PERMILLE_MAX 20u

struct order {
	const struct drug *drug;
	uint64_t dose;      /* thousandths of the drug's rate unit */
	uint32_t weight_g;  /* 0: not known */
	uint64_t volume_nl; /* to be infused */
	bool confirmed;     /* a nurse has confirmed that a soft limit is left */
};

struct infusion {
	uint64_t flow_nl_h;
	uint32_t minutes;   /* until the volume is in, rounded up */
	uint64_t error_permille;
	bool soft_limit_left;
};

/*
 * PUMP_E_LIMIT, PUMP_E_SOFT_LIMIT unless confirmed, PUMP_E_RANGE for what the motor can't do or a weight that isn't one,
 * PUMP_E_STATE when the unit asks for a weight and none is known.
 */
PUMP_MUST_USE enum pump_status dose_plan(const struct order *order, struct infusion *ret_infusion);
/* The other way: what dose a flow is, in thousandths of the drug's unit. For the display. */
PUMP_MUST_USE enum pump_status dose_of_flow(const struct drug *drug, uint32_t weight_g, uint64_t flow_nl_h, uint64_t *ret_dose);
