/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pump as a machine of states, driven by commands of the line, by the clock and by its sensors. No input or output of its own.
 */
#pragma once

#include "config.h"
#include "dose.h"
#include "drug.h"
#include "eventlog.h"

enum pump_state {
	PUMP_IDLE,
	PUMP_READY,   /* an order is accepted */
	PUMP_RUNNING,
	PUMP_PAUSED,
	PUMP_KVO,     /* the volume is in: keep the vein open */
	PUMP_ALARM,
};

enum pump_alarm { ALARM_NONE, ALARM_OCCLUSION, ALARM_AIR, ALARM_DOOR, ALARM_LOG };

struct sensors {
	uint32_t pressure_kpa;
	uint32_t air_ul;
	bool door_open;
};

struct pump {
	struct config config;
	const struct drug_library *library;
	struct event_log *log;
	enum pump_state state;
	enum pump_alarm alarm;
	struct order order;
	struct infusion infusion;
	uint64_t infused_nl;
	uint64_t remainder; /* of nl * s / h, so that no volume is lost between two ticks */
	uint64_t now;
};

const char *pump_state_name(enum pump_state state);
const char *pump_alarm_name(enum pump_alarm alarm);
PUMP_MUST_USE enum pump_status pump_init(struct pump *p, const struct config *config, const struct drug_library *library,
    struct event_log *log);
/* The order is planned and logged; the state becomes READY. */
PUMP_MUST_USE enum pump_status pump_order(struct pump *p, struct text drug, uint64_t dose, uint32_t weight_g, uint64_t volume_nl,
    bool confirmed);
PUMP_MUST_USE enum pump_status pump_start(struct pump *p, bool remote);
PUMP_MUST_USE enum pump_status pump_pause(struct pump *p);
PUMP_MUST_USE enum pump_status pump_stop(struct pump *p);
/* After the cause is gone. */
PUMP_MUST_USE enum pump_status pump_clear_alarm(struct pump *p, const struct sensors *sensors);
/* Time has gone on to now (seconds); an alarm stops the motor at once. */
void pump_tick(struct pump *p, uint64_t now, const struct sensors *sensors);
/* What the motor does at this moment. */
uint64_t pump_flow(const struct pump *p);
