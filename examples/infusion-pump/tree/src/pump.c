/* SPDX-License-Identifier: Apache-2.0 */
#include "pump.h"

#include <inttypes.h>
#include <string.h>

#define SECONDS_PER_HOUR 3600u
#define NL_PER_UL 1000u

static const char *const states[] = {
	[PUMP_IDLE] = "idle",
	[PUMP_READY] = "ready",
	[PUMP_RUNNING] = "running",
	[PUMP_PAUSED] = "paused",
	[PUMP_KVO] = "keep-vein-open",
	[PUMP_ALARM] = "alarm",
};

static const char *const alarms[] = {
	[ALARM_NONE] = "none",
	[ALARM_OCCLUSION] = "occlusion",
	[ALARM_AIR] = "air",
	[ALARM_DOOR] = "door",
	[ALARM_LOG] = "log",
};

const char *
pump_state_name(enum pump_state state)
{
	size_t i = (size_t)state;
	return i < sizeof states / sizeof states[0] ? states[i] : "unknown";
}

const char *
pump_alarm_name(enum pump_alarm alarm)
{
	size_t i = (size_t)alarm;
	return i < sizeof alarms / sizeof alarms[0] ? alarms[i] : "unknown";
}

/* What can't be written down isn't done. */
static enum pump_status
record(struct pump *p, enum event_kind kind, const char *text)
{
	return event_log_add(p->log, p->now, kind, text);
}

enum pump_status
pump_init(struct pump *p, const struct config *config, const struct drug_library *library, struct event_log *log)
{
	char text[EVENT_TEXT_MAX];
	memset(p, 0, sizeof *p);
	p->config = *config;
	p->library = library;
	p->log = log;
	p->now = log->last_seconds;
	(void)snprintf(text, sizeof text, "%s library %08" PRIx32, config->serial, library->crc);
	return record(p, EVENT_START, text);
}

static enum pump_status
refuse_order(struct pump *p, const struct drug *drug, uint64_t dose, enum pump_status why)
{
	char text[EVENT_TEXT_MAX], number[32];
	decimal_write(dose, number, sizeof number);
	(void)snprintf(text, sizeof text, "%s %s refused: %s", drug->name, number, pump_status_name(why));
	PUMP_TRY(record(p, EVENT_LIMIT, text));
	return why;
}

enum pump_status
pump_order(struct pump *p, struct text drug, uint64_t dose, uint32_t weight_g, uint64_t volume_nl, bool confirmed)
{
	struct order order = { NULL, dose, weight_g, volume_nl, confirmed };
	struct infusion infusion;
	char text[EVENT_TEXT_MAX];
	if (p->state != PUMP_IDLE && p->state != PUMP_READY)
		return PUMP_E_STATE;
	PUMP_TRY(drug_find(p->library, drug, &order.drug));
	enum pump_status status = dose_plan(&order, &infusion);
	if (status != PUMP_OK)
		return refuse_order(p, order.drug, dose, status);
	(void)snprintf(text, sizeof text, "%s %" PRIu64 " nl/h %" PRIu32 " min%s", order.drug->name, infusion.flow_nl_h,
	    infusion.minutes, infusion.soft_limit_left ? " soft limit confirmed" : "");
	PUMP_TRY(record(p, EVENT_ORDER, text));
	p->order = order;
	p->infusion = infusion;
	p->infused_nl = 0;
	p->remainder = 0;
	p->state = PUMP_READY;
	return PUMP_OK;
}

enum pump_status
pump_start(struct pump *p, bool remote)
{
	if (p->state != PUMP_READY && p->state != PUMP_PAUSED)
		return PUMP_E_STATE;
	if (remote && !p->config.remote_start)
		return PUMP_E_STATE;
	PUMP_TRY(record(p, EVENT_RUN, remote ? "by the ward" : "by hand"));
	p->state = PUMP_RUNNING;
	return PUMP_OK;
}

enum pump_status
pump_pause(struct pump *p)
{
	if (p->state != PUMP_RUNNING)
		return PUMP_E_STATE;
	/* The motor stops first: a full log must not keep it going. */
	p->state = PUMP_PAUSED;
	return record(p, EVENT_PAUSE, "by hand");
}

enum pump_status
pump_stop(struct pump *p)
{
	char text[EVENT_TEXT_MAX];
	if (p->state == PUMP_IDLE)
		return PUMP_E_STATE;
	p->state = PUMP_IDLE;
	p->alarm = ALARM_NONE;
	(void)snprintf(text, sizeof text, "infused %" PRIu64 " nl", p->infused_nl);
	return record(p, EVENT_STOP, text);
}

static enum pump_alarm
sense(const struct pump *p, const struct sensors *s)
{
	if (s->door_open)
		return ALARM_DOOR;
	if (s->air_ul > p->config.air_ul)
		return ALARM_AIR;
	return s->pressure_kpa > p->config.occlusion_kpa ? ALARM_OCCLUSION : ALARM_NONE;
}

static void
raise_alarm(struct pump *p, enum pump_alarm alarm)
{
	p->state = PUMP_ALARM;
	p->alarm = alarm;
	if (record(p, EVENT_ALARM, pump_alarm_name(alarm)) != PUMP_OK)
		p->alarm = ALARM_LOG;
}

enum pump_status
pump_clear_alarm(struct pump *p, const struct sensors *sensors)
{
	if (p->state != PUMP_ALARM || sense(p, sensors) != ALARM_NONE)
		return PUMP_E_STATE;
	PUMP_TRY(record(p, EVENT_ALARM, "cleared"));
	p->alarm = ALARM_NONE;
	p->state = PUMP_PAUSED;
	return PUMP_OK;
}

uint64_t
pump_flow(const struct pump *p)
{
	if (p->state == PUMP_RUNNING)
		return p->infusion.flow_nl_h;
	return p->state == PUMP_KVO ? (uint64_t)p->config.kvo_ul_h * NL_PER_UL : 0;
}

/* Whole nanolitres of the time that has gone by; the rest is kept for the next tick. */
static void
move(struct pump *p, uint64_t seconds)
{
	uint64_t amount = pump_flow(p) * seconds + p->remainder;
	p->infused_nl += amount / SECONDS_PER_HOUR;
	p->remainder = amount % SECONDS_PER_HOUR;
}

void
pump_tick(struct pump *p, uint64_t now, const struct sensors *sensors)
{
	uint64_t seconds = now > p->now ? now - p->now : 0;
	p->now += seconds;
	if (p->state != PUMP_RUNNING && p->state != PUMP_KVO)
		return;
	move(p, seconds);
	enum pump_alarm alarm = sense(p, sensors);
	if (alarm != ALARM_NONE) {
		raise_alarm(p, alarm);
		return;
	}
	if (p->state == PUMP_RUNNING && p->infused_nl >= p->order.volume_nl) {
		p->state = PUMP_KVO;
		if (record(p, EVENT_RUN, "volume is in") != PUMP_OK)
			raise_alarm(p, ALARM_LOG);
	}
}
