/* SPDX-License-Identifier: Apache-2.0 */
#include "dose.h"

#define THOUSANDTHS 1000u
#define GRAMS_PER_KG 1000u

static enum pump_status
check_weight(const struct drug *drug, uint32_t weight_g)
{
	if (weight_g == 0)
		return drug->unit.base == PER_KILOGRAM ? PUMP_E_STATE : PUMP_OK;
	return weight_g < WEIGHT_LEAST_G || weight_g > WEIGHT_MOST_G ? PUMP_E_RANGE : PUMP_OK;
}

/* What one thousandth of the unit is in nanograms an hour, as a fraction. */
static enum pump_status
scale(const struct drug *drug, uint32_t weight_g, uint64_t *ret_up, uint64_t *ret_down)
{
	uint64_t up = mass_unit_ng(drug->unit.mass), down = THOUSANDTHS;
	if (drug->unit.time == PER_MINUTE)
		PUMP_TRY(multiply(up, MINUTES_PER_HOUR, &up));
	if (drug->unit.base == PER_KILOGRAM) {
		PUMP_TRY(multiply(up, weight_g, &up));
		PUMP_TRY(multiply(down, GRAMS_PER_KG, &down));
	}
	*ret_up = up;
	*ret_down = down;
	return PUMP_OK;
}

/* Before the motor's step. */
static enum pump_status
exact_flow(const struct order *order, uint64_t *ret_flow)
{
	uint64_t up, down, ng_per_hour;
	PUMP_TRY(scale(order->drug, order->weight_g, &up, &down));
	PUMP_TRY(multiply_divide(order->dose, up, down, ROUND_HALF_EVEN, &ng_per_hour));
	return multiply_divide(ng_per_hour, NL_PER_ML, order->drug->ng_per_ml, ROUND_HALF_EVEN, ret_flow);
}

static uint64_t
distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

static enum pump_status
minutes_for(uint64_t volume_nl, uint64_t flow_nl_h, uint32_t *ret_minutes)
{
	uint64_t minutes;
	PUMP_TRY(multiply_divide(volume_nl, MINUTES_PER_HOUR, flow_nl_h, ROUND_UP, &minutes));
	if (minutes > UINT32_MAX)
		return PUMP_E_RANGE;
	*ret_minutes = (uint32_t)minutes;
	return PUMP_OK;
}

enum pump_status
dose_plan(const struct order *order, struct infusion *ret_infusion)
{
	struct infusion plan = { 0, 0, 0, false };
	uint64_t flow;
	PUMP_TRY(check_weight(order->drug, order->weight_g));
	if (order->volume_nl == 0 || order->volume_nl > VOLUME_MOST_NL)
		return PUMP_E_RANGE;
	enum pump_status limit = drug_check(order->drug, order->dose);
	plan.soft_limit_left = limit == PUMP_E_SOFT_LIMIT;
	if (limit != PUMP_OK && !(plan.soft_limit_left && order->confirmed))
		return limit;
	PUMP_TRY(exact_flow(order, &flow));
	/* Half to even: over many patients the pump is neither fast nor slow. */
	PUMP_TRY(round_to(flow, FLOW_STEP_NL_H, ROUND_HALF_EVEN, &plan.flow_nl_h));
	if (plan.flow_nl_h < FLOW_LEAST_NL_H || plan.flow_nl_h > FLOW_MOST_NL_H)
		return PUMP_E_RANGE;
	PUMP_TRY(multiply_divide(distance(plan.flow_nl_h, flow), 1000, flow, ROUND_UP, &plan.error_permille));
	if (plan.error_permille > ROUNDING_PERMILLE_MAX)
		return PUMP_E_RANGE;
	PUMP_TRY(minutes_for(order->volume_nl, plan.flow_nl_h, &plan.minutes));
	*ret_infusion = plan;
	return PUMP_OK;
}

enum pump_status
dose_of_flow(const struct drug *drug, uint32_t weight_g, uint64_t flow_nl_h, uint64_t *ret_dose)
{
	uint64_t up, down, ng_per_hour;
	PUMP_TRY(check_weight(drug, weight_g));
	PUMP_TRY(scale(drug, weight_g, &up, &down));
	PUMP_TRY(multiply_divide(flow_nl_h, drug->ng_per_ml, NL_PER_ML, ROUND_HALF_EVEN, &ng_per_hour));
	return multiply_divide(ng_per_hour, down, up, ROUND_HALF_EVEN, ret_dose);
}
