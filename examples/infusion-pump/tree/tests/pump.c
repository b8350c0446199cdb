/* SPDX-License-Identifier: Apache-2.0 */
#include "pump.h"

#include "check.h"
#include "command.h"
#include "library.h"

static struct pump pump;
static struct event_log events;
static const struct sensors calm = { 0, 0, false };

static void
begin(bool remote_start)
{
	struct config config = { .version = 1, .serial = "PX-0001", .ward = "3 West", .baud = 9600, .occlusion_kpa = 80,
		.air_ul = 100, .kvo_ul_h = 1000, .silence_s = 60, .frame_timeout_ms = 100, .remote_start = remote_start };
	event_log_init(&events, config.serial, NULL);
	CHECK(pump_init(&pump, &config, library_of_tests(), &events) == PUMP_OK);
}

/* 2.5 mg/h of morphine: 2.5 ml/h, 5 ml of it. */
static void
begin_running(void)
{
	begin(false);
	CHECK(pump_order(&pump, text_of("morphine"), 2500, 0, 5 * NL_PER_ML, false) == PUMP_OK);
	CHECK(pump_flow(&pump) == 0);
	CHECK(pump_start(&pump, false) == PUMP_OK);
}

static void
infuses_exactly_the_volume(void)
{
	begin_running();
	for (uint64_t now = 1; pump.state == PUMP_RUNNING && now < 100000; now++)
		pump_tick(&pump, now, &calm);
	CHECK(pump.state == PUMP_KVO);
	CHECK(pump.infused_nl >= 5 * NL_PER_ML && pump.infused_nl < 5 * NL_PER_ML + 700); /* one second's worth */
	CHECK(pump.now == 7200);
	CHECK(pump_flow(&pump) == 1000000);
}

static void
stops_at_every_alarm(void)
{
	static const struct {
		struct sensors sensors;
		enum pump_alarm wanted;
	} rows[] = { { { 81, 0, false }, ALARM_OCCLUSION }, { { 0, 101, false }, ALARM_AIR }, { { 0, 0, true }, ALARM_DOOR } };
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		begin_running();
		pump_tick(&pump, 10, &rows[i].sensors);
		CHECK(pump.state == PUMP_ALARM && pump.alarm == rows[i].wanted);
		CHECK(pump_flow(&pump) == 0);
		CHECK(pump_start(&pump, false) == PUMP_E_STATE);
		CHECK(pump_clear_alarm(&pump, &rows[i].sensors) == PUMP_E_STATE);
		CHECK(pump_clear_alarm(&pump, &calm) == PUMP_OK);
		CHECK(pump.state == PUMP_PAUSED && pump_start(&pump, false) == PUMP_OK);
	}
}

static void
stops_when_it_cannot_be_written_down(void)
{
	begin_running();
	events.file = fopen("/dev/full", "wb");
	if (events.file == NULL)
		return;
	const struct sensors blocked = { 100, 0, false };
	pump_tick(&pump, 10, &blocked);
	CHECK(pump.state == PUMP_ALARM && pump.alarm == ALARM_LOG && pump_flow(&pump) == 0);
	(void)fclose(events.file);
	events.file = NULL;
}

static void
knows_what_is_allowed_when(void)
{
	begin(false);
	CHECK(pump_start(&pump, false) == PUMP_E_STATE);
	CHECK(pump_pause(&pump) == PUMP_E_STATE);
	CHECK(pump_stop(&pump) == PUMP_E_STATE);
	CHECK(pump_order(&pump, text_of("water"), 1, 0, 1, false) == PUMP_E_NOT_FOUND);
	CHECK(pump_order(&pump, text_of("morphine"), 20001, 0, NL_PER_ML, true) == PUMP_E_LIMIT);
	CHECK(pump.state == PUMP_IDLE && events.next == 2); /* what was refused is written down */
	begin_running();
	CHECK(pump_order(&pump, text_of("morphine"), 2500, 0, NL_PER_ML, false) == PUMP_E_STATE);
	CHECK(pump_pause(&pump) == PUMP_OK && pump_flow(&pump) == 0);
	CHECK(pump_start(&pump, true) == PUMP_E_STATE);
	CHECK(pump_stop(&pump) == PUMP_OK && pump.state == PUMP_IDLE);
}

static struct frame
ask(uint8_t type, const unsigned char *payload, uint8_t length)
{
	struct frame request = { .sequence = 4, .type = type, .length = length }, answer;
	if (length > 0)
		memcpy(request.payload, payload, length);
	command_run(&pump, &request, &answer);
	CHECK(answer.sequence == 4 && answer.type == (type | COMMAND_ANSWER) && answer.length == COMMAND_ANSWER_LEN);
	return answer;
}

static void
answers_the_ward(void)
{
	static const unsigned char order[] = { 0, 0, 0x09, 0xc4, 0, 0, 0, 0, 0, 0, 0x13, 0x88, 0, 'm', 'o', 'r', 'p', 'h', 'i', 'n', 'e' };
	static const unsigned char odd_flag[] = { 0, 0, 0x09, 0xc4, 0, 0, 0, 0, 0, 0, 0x13, 0x88, 2, 'm' };
	begin(true);
	CHECK(ask(COMMAND_ORDER, odd_flag, sizeof odd_flag).payload[0] == PUMP_E_FORMAT);
	CHECK(ask(COMMAND_ORDER, order, 13).payload[0] == PUMP_E_FORMAT);
	CHECK(ask(COMMAND_ORDER, order, sizeof order).payload[0] == PUMP_OK);
	CHECK(ask(COMMAND_START, order, 1).payload[0] == PUMP_E_FORMAT);
	struct frame answer = ask(COMMAND_START, NULL, 0);
	CHECK(answer.payload[0] == PUMP_OK && answer.payload[1] == PUMP_RUNNING);
	CHECK(answer.payload[3] == 0 && answer.payload[4] == 0x26 && answer.payload[5] == 0x25 && answer.payload[6] == 0xa0);
	CHECK(ask(COMMAND_STATUS, NULL, 0).payload[0] == PUMP_OK);
	CHECK(ask(COMMAND_PAUSE, NULL, 0).payload[1] == PUMP_PAUSED);
	CHECK(ask(COMMAND_STOP, NULL, 0).payload[1] == PUMP_IDLE);
	CHECK(ask(9, NULL, 0).payload[0] == PUMP_E_NOT_FOUND);
}

static const struct check_case cases[] = {
	{ "infuses exactly the volume", infuses_exactly_the_volume },
	{ "stops at every alarm", stops_at_every_alarm },
	{ "stops when it can't be written down", stops_when_it_cannot_be_written_down },
	{ "knows what is allowed when", knows_what_is_allowed_when },
	{ "answers the ward", answers_the_ward },
};

int
main(void)
{
	return check_main(cases, sizeof cases / sizeof cases[0]);
}
