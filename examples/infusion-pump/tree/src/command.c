/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

#include <string.h>

#define ORDER_HEAD 13u
#define NL_PER_UL 1000u
#define FLAG_CONFIRMED 1u

static uint32_t
get32(const unsigned char *at)
{
	return ((uint32_t)at[0] << 24) | ((uint32_t)at[1] << 16) | ((uint32_t)at[2] << 8) | at[3];
}

static void
put32(unsigned char *at, uint64_t value)
{
	uint32_t v = value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
	for (size_t i = 0; i < 4; i++)
		at[i] = (unsigned char)(v >> (24 - 8 * i));
}

static enum pump_status
run_order(struct pump *p, const struct frame *f)
{
	if (f->length <= ORDER_HEAD || (f->payload[12] & ~FLAG_CONFIRMED) != 0)
		return PUMP_E_FORMAT;
	struct text drug = { (const char *)f->payload + ORDER_HEAD, (size_t)f->length - ORDER_HEAD };
	return pump_order(p, drug, get32(f->payload), get32(f->payload + 4), (uint64_t)get32(f->payload + 8) * NL_PER_UL,
	    (f->payload[12] & FLAG_CONFIRMED) != 0);
}

static enum pump_status
run_start(struct pump *p, const struct frame *f)
{
	(void)f;
	return pump_start(p, true);
}

static enum pump_status
run_pause(struct pump *p, const struct frame *f)
{
	(void)f;
	return pump_pause(p);
}

static enum pump_status
run_stop(struct pump *p, const struct frame *f)
{
	(void)f;
	return pump_stop(p);
}

static enum pump_status
run_status(struct pump *p, const struct frame *f)
{
	(void)p;
	(void)f;
	return PUMP_OK;
}

static const struct {
	enum command type;
	bool bare; /* takes no payload */
	enum pump_status (*run)(struct pump *p, const struct frame *f);
} commands[] = {
	{ COMMAND_ORDER, false, run_order },
	{ COMMAND_START, true, run_start },
	{ COMMAND_PAUSE, true, run_pause },
	{ COMMAND_STOP, true, run_stop },
	{ COMMAND_STATUS, true, run_status },
};

static enum pump_status
dispatch(struct pump *p, const struct frame *f)
{
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		if ((unsigned)commands[i].type != f->type)
			continue;
		if (commands[i].bare && f->length != 0)
			return PUMP_E_FORMAT;
		return commands[i].run(p, f);
	}
	return PUMP_E_NOT_FOUND;
}

void
command_run(struct pump *p, const struct frame *request, struct frame *ret_answer)
{
	enum pump_status status = dispatch(p, request);
	memset(ret_answer, 0, sizeof *ret_answer);
	ret_answer->sequence = request->sequence;
	ret_answer->type = (uint8_t)(request->type | COMMAND_ANSWER);
	ret_answer->length = COMMAND_ANSWER_LEN;
	ret_answer->payload[0] = (unsigned char)status;
	ret_answer->payload[1] = (unsigned char)p->state;
	ret_answer->payload[2] = (unsigned char)p->alarm;
	put32(ret_answer->payload + 3, pump_flow(p));
	put32(ret_answer->payload + 7, p->infused_nl / NL_PER_UL);
}
