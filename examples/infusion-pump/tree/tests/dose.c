/* SPDX-License-Identifier: Apache-2.0 */
#include "dose.h"

#include "check.h"
#include "library.h"

static struct order
order_of(const char *name, uint64_t dose, uint32_t weight_g)
{
	struct order order = { NULL, dose, weight_g, 50 * NL_PER_ML, false };
	CHECK(drug_find(library_of_tests(), text_of(name), &order.drug) == PUMP_OK);
	return order;
}

/* 0.1 ug/kg/min at 70 kg is 420 ug/h; at 80 ug/ml that is 5.25 ml/h. */
static void
plans_by_weight(void)
{
	struct order order = order_of("noradrenaline", 100, 70000);
	struct infusion plan = { 0, 0, 0, false };
	CHECK(dose_plan(&order, &plan) == PUMP_OK);
	CHECK(plan.flow_nl_h == 5250000);
	CHECK(plan.minutes == 572); /* 50 ml at 5.25 ml/h: 571.4 */
	CHECK(plan.error_permille == 0 && !plan.soft_limit_left);
}

static void
plans_without_weight(void)
{
	struct order order = order_of("morphine", 2500, 0);
	struct infusion plan = { 0, 0, 0, false };
	CHECK(dose_plan(&order, &plan) == PUMP_OK);
	CHECK(plan.flow_nl_h == 2500000 && plan.minutes == 1200);
}

static void
asks_for_a_weight(void)
{
	struct order order = order_of("noradrenaline", 100, 0);
	struct infusion plan;
	CHECK(dose_plan(&order, &plan) == PUMP_E_STATE);
	order.weight_g = WEIGHT_LEAST_G - 1;
	CHECK(dose_plan(&order, &plan) == PUMP_E_RANGE);
	order.weight_g = WEIGHT_MOST_G + 1;
	CHECK(dose_plan(&order, &plan) == PUMP_E_RANGE);
}

static void
keeps_the_limits(void)
{
	struct order order = order_of("noradrenaline", 3001, 70000);
	struct infusion plan = { 0, 0, 0, false };
	order.confirmed = true; /* nobody can confirm a hard limit away */
	CHECK(dose_plan(&order, &plan) == PUMP_E_LIMIT);
	order.dose = 1500;
	order.confirmed = false;
	CHECK(dose_plan(&order, &plan) == PUMP_E_SOFT_LIMIT);
	order.confirmed = true;
	CHECK(dose_plan(&order, &plan) == PUMP_OK && plan.soft_limit_left);
}

static void
keeps_to_what_the_motor_can(void)
{
	struct order order = order_of("insulin-test", 5000, 0); /* 0.05 ml/h */
	struct infusion plan;
	CHECK(dose_plan(&order, &plan) == PUMP_E_RANGE);
	order = order_of("noradrenaline", 1000, 300000);
	order.volume_nl = 0;
	CHECK(dose_plan(&order, &plan) == PUMP_E_RANGE);
	order.volume_nl = VOLUME_MOST_NL + 1;
	CHECK(dose_plan(&order, &plan) == PUMP_E_RANGE);
}

/* Whatever the order, the motor's step changes it by less than the bound, or the order is refused. */
static void
rounds_within_bounds(void)
{
	for (uint64_t dose = 500; dose <= 10000; dose += 7) {
		struct order order = order_of("morphine", dose, 0);
		struct infusion plan = { 0, 0, 0, false };
		CHECK(dose_plan(&order, &plan) == PUMP_OK);
		CHECK(plan.flow_nl_h % FLOW_STEP_NL_H == 0);
		uint64_t exact = dose * 1000, off = plan.flow_nl_h > exact ? plan.flow_nl_h - exact : exact - plan.flow_nl_h;
		CHECK(off <= FLOW_STEP_NL_H / 2);
	}
}

static void
shows_what_it_does(void)
{
	for (uint64_t dose = 50; dose <= 1000; dose += 50) {
		struct order order = order_of("noradrenaline", dose, 80000);
		struct infusion plan = { 0, 0, 0, false };
		uint64_t shown = 0;
		CHECK(dose_plan(&order, &plan) == PUMP_OK);
		CHECK(dose_of_flow(order.drug, order.weight_g, plan.flow_nl_h, &shown) == PUMP_OK);
		CHECK(shown == dose);
	}
}

static const struct check_case cases[] = {
	{ "plans by weight", plans_by_weight },
	{ "plans without weight", plans_without_weight },
	{ "asks for a weight", asks_for_a_weight },
	{ "keeps the limits", keeps_the_limits },
	{ "keeps to what the motor can", keeps_to_what_the_motor_can },
	{ "rounds within bounds", rounds_within_bounds },
	{ "shows what it does", shows_what_it_does },
};

int
main(void)
{
	return check_main(cases, sizeof cases / sizeof cases[0]);
}
