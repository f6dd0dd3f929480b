/* Messages from the modem to the core, and their deletion once the core has them. */
#include "modem/receive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "modem/channel.h"

#define NOTICES_MAX	128	/* more at once: everything is listed */
#define LIST_INSTEAD	12	/* listing costs about eight commands: from here on it is cheaper than reading one by one */
#define LIST_STEPS_MAX	2048	/* messages of one listing */
#define PASSES_MAX	3	/* tries to delete one slot in a row */

/*
 *   NEW     -> OFFERED   [offer]            MODEM_RX
 *   OFFERED -> OFFERED   [offer_again]      MODEM_RX with a new handle, after a minute without an answer
 *   OFFERED -> STORED    [receive_stored]
 *   POISON  -> freed     [free_one]         deleted without ever being offered
 *   STORED  -> freed     [free_one]         MODEM_FREED
 */
enum held_state { HELD_FREE, HELD_OFFERED, HELD_STORED, HELD_POISON };

struct held {
	enum held_state state;
	uint32_t handle;
	char	 memory[TAP_MEMORY_SIZE];
	uint16_t slot;			/* TAP_NOWHERE: we are the only one who has it */
	uint8_t	 passes;
	uint16_t len;
	int64_t	 offered_ms;
	uint8_t	 tpdu[MODEM_TPDU_MAX];
};

struct notice {
	char	 memory[TAP_MEMORY_SIZE];
	uint16_t slot;
};

struct receive {
	struct held held[RECEIVE_HELD_MAX];
	size_t	 n_held, n_stored, n_poison, next_stored;
	uint32_t last_handle, reading;	/* reading: offered by the call in hand; 0: none */
	int64_t	 now_ms;		/* of the turn in hand */
	struct notice notices[NOTICES_MAX];	/* a ring */
	size_t	 first_notice, n_notices;
	bool	 list_wanted, listing, reports_wanted, freed_last;
	unsigned list_steps;
};

struct receive *
receive_new(void)
{
	return calloc(1, sizeof(struct receive));
}

void
receive_free(struct receive *r)
{
	free(r);
}

static enum modem_memory
wire_memory(const char *memory)
{
	if (strcmp(memory, "SR") == 0)
		return MEMORY_REPORTS;
	return strcmp(memory, "SM") == 0 ? MEMORY_SIM : MEMORY_PHONE;
}

static const char *
memory_name(enum modem_memory memory)
{
	static const char *const names[] = { [MEMORY_SIM] = "SM", [MEMORY_PHONE] = "ME", [MEMORY_REPORTS] = "SR" };

	return names[memory];
}

static void
set_state(struct receive *r, struct held *h, enum held_state state)
{
	r->n_held -= h->state != HELD_FREE;
	r->n_stored -= h->state == HELD_STORED;
	r->n_poison -= h->state == HELD_POISON;
	h->state = state;
	r->n_held += state != HELD_FREE;
	r->n_stored += state == HELD_STORED;
	r->n_poison += state == HELD_POISON;
}

/* ---- offering ----------------------------------------------------------------- */

static void
offer(struct receive *r, struct held *h)
{
	struct modem_msg m = { .type = MODEM_RX };

	h->handle = ++r->last_handle != 0 ? r->last_handle : ++r->last_handle;
	h->offered_ms = r->now_ms;
	set_state(r, h, HELD_OFFERED);
	m.u.rx.handle = h->handle;
	m.u.rx.memory = (uint8_t)wire_memory(h->memory);
	m.u.rx.slot = h->slot;
	m.u.rx.len = h->len;
	memcpy(m.u.rx.tpdu, h->tpdu, h->len);
	channel_send(&m);
}

/* Whatever we held of this slot and is not there any more was freed by somebody else. */
static struct held *
find_slot(struct receive *r, const char *memory, unsigned slot)
{
	for (size_t i = 0; slot != TAP_NOWHERE && i < RECEIVE_HELD_MAX; i++) {
		struct held *h = &r->held[i];

		if (h->state != HELD_FREE && h->slot == slot && strcmp(h->memory, memory) == 0)
			return h;
	}
	return NULL;
}

static struct held *
find_free(struct receive *r)
{
	for (size_t i = 0; i < RECEIVE_HELD_MAX; i++)
		if (r->held[i].state == HELD_FREE)
			return &r->held[i];
	return NULL;
}

static void
fill(struct held *h, const char *memory, unsigned slot, const uint8_t *tpdu, size_t len)
{
	snprintf(h->memory, sizeof h->memory, "%.2s", memory);
	h->slot = (uint16_t)slot;
	h->passes = 0;
	h->len = (uint16_t)len;
	memcpy(h->tpdu, tpdu, len);
}

void
receive_message(void *ctx, const char *memory, unsigned slot, const uint8_t *tpdu, size_t len)
{
	struct receive *r = ctx;
	struct held *h = find_slot(r, memory, slot);

	if (h != NULL && h->len == len && memcmp(h->tpdu, tpdu, len) == 0)
		return;
	if (h != NULL) {
		log_warnx("receive.replaced handle=%u slot=%u", h->handle, slot);
		if (h->state != HELD_POISON)
			channel_freed(h->handle, true);
	} else {
		h = find_free(r);
	}
	if (h == NULL) {
		r->list_wanted = true;
		return;
	}
	fill(h, memory, slot, tpdu, len);
	offer(r, h);
	/* Nobody decodes what came by itself. */
	if (slot == TAP_NOWHERE)
		channel_handle(MODEM_READ, h->handle);
	else
		r->reading = h->handle;
}

void
receive_notice(void *ctx, const char *memory, unsigned slot)
{
	struct receive *r = ctx;
	struct notice *n = &r->notices[(r->first_notice + r->n_notices) % NOTICES_MAX];

	if (memory[0] == '\0' || r->n_notices == NOTICES_MAX) {
		r->list_wanted = true;
		return;
	}
	snprintf(n->memory, sizeof n->memory, "%.2s", memory);
	n->slot = (uint16_t)slot;
	r->n_notices++;
}

void
receive_list_wanted(struct receive *r)
{
	r->list_wanted = r->reports_wanted = true;
}

bool
receive_poisoned(const struct receive *r)
{
	return r->n_poison > 0;
}

size_t
receive_held(const struct receive *r)
{
	return r->n_held;
}

/* ---- the core's answers ---------------------------------------------------------- */

void
receive_stored(struct receive *r, uint32_t handle)
{
	for (size_t i = 0; i < RECEIVE_HELD_MAX; i++) {
		struct held *h = &r->held[i];

		if (h->state != HELD_OFFERED || h->handle != handle)
			continue;
		set_state(r, h, HELD_STORED);
		if (h->slot == TAP_NOWHERE) {
			channel_freed(handle, true);
			set_state(r, h, HELD_FREE);
		}
		return;
	}
}

void
receive_poison(struct receive *r, const struct modem_msg *m)
{
	const char *memory = memory_name(m->u.rx.memory);
	struct held *h = find_slot(r, memory, m->u.rx.slot);

	if (h == NULL)
		h = find_free(r);
	if (h == NULL || m->u.rx.slot == TAP_NOWHERE)
		return;
	fill(h, memory, m->u.rx.slot, m->u.rx.tpdu, m->u.rx.len);
	h->handle = m->u.rx.handle;
	set_state(r, h, HELD_POISON);
}

/* ---- work ------------------------------------------------------------------------- */

bool
receive_busy(const struct receive *r)
{
	bool room = r->n_held < RECEIVE_HELD_MAX;

	return r->n_poison > 0 || r->n_stored > 0 || (room && (r->n_notices > 0 || r->list_wanted || r->listing));
}

int
receive_wait_ms(const struct receive *r, int64_t now_ms)
{
	int64_t least = -1;

	if (r->n_held == r->n_stored)
		return -1;
	for (size_t i = 0; i < RECEIVE_HELD_MAX; i++) {
		const struct held *h = &r->held[i];
		int64_t left = h->offered_ms + RECEIVE_OFFER_MS - now_ms;

		if (h->state == HELD_OFFERED && (least == -1 || left < least))
			least = left > 0 ? left : 0;
	}
	return (int)least;
}

static void
offer_again(struct receive *r)
{
	for (size_t i = 0; i < RECEIVE_HELD_MAX; i++) {
		struct held *h = &r->held[i];

		if (h->state == HELD_OFFERED && h->offered_ms + RECEIVE_OFFER_MS <= r->now_ms) {
			offer(r, h);
			channel_handle(MODEM_READ, h->handle);
		}
	}
}

static struct held *
next_to_free(struct receive *r)
{
	enum held_state state = r->n_poison > 0 ? HELD_POISON : HELD_STORED;

	for (size_t i = 0; i < RECEIVE_HELD_MAX; i++) {
		struct held *h = &r->held[(r->next_stored + i) % RECEIVE_HELD_MAX];

		if (h->state == state) {
			r->next_stored = (r->next_stored + i + 1) % RECEIVE_HELD_MAX;
			return h;
		}
	}
	return NULL;
}

static int
free_one(struct receive *r, struct phone *phone)
{
	struct held *h = next_to_free(r);
	struct held was;
	enum phone_delete result;

	if (h == NULL)
		return 0;
	was = *h;
	/* phone_delete() may tell us of another message in this slot: it needs the place. */
	set_state(r, h, HELD_FREE);
	result = phone_delete(phone, was.memory, was.slot, was.tpdu, was.len);
	if (result == PHONE_DELETE_LOST)
		return -1;
	if (result == PHONE_DIFFERS) {
		log_warnx("receive.rescued handle=%u slot=%u", r->reading, was.slot);
		channel_handle(MODEM_READ, r->reading);
	}
	if (result == PHONE_KEPT && ++was.passes < PASSES_MAX) {
		enum held_state state = was.state;

		was.state = HELD_FREE;
		*h = was;
		set_state(r, h, state);
		return 0;
	}
	if (result == PHONE_KEPT)
		log_warnx("receive.undeletable handle=%u slot=%u", was.handle, was.slot);
	channel_freed(was.handle, result != PHONE_KEPT);
	return 0;
}

static int
after_reading(struct receive *r, enum phone_read result)
{
	if (result == PHONE_LOST)
		return -1;
	if (r->reading != 0)
		channel_handle(MODEM_READ, r->reading);
	if (result == PHONE_REFUSED)
		log_info("receive.undecodable handle=%u", r->reading);
	return 0;
}

static int
read_notice(struct receive *r, struct phone *phone)
{
	struct notice n = r->notices[r->first_notice];

	r->first_notice = (r->first_notice + 1) % NOTICES_MAX;
	r->n_notices--;
	return after_reading(r, phone_read(phone, n.memory, n.slot));
}

static int
list_step(struct receive *r, struct phone *phone)
{
	enum phone_read result;

	if (!r->listing)
		r->list_steps = 0;
	result = phone_list(phone, !r->listing);
	r->listing = result != PHONE_EMPTY && ++r->list_steps < LIST_STEPS_MAX;
	if (after_reading(r, result) == -1)
		return -1;
	if (r->listing || !r->reports_wanted)
		return 0;
	r->reports_wanted = false;
	return phone_list_reports(phone);
}

/* A listing finds what was told of SIM and phone; reports lie in a memory of their own. */
static void
drop_listed_notices(struct receive *r)
{
	size_t n = r->n_notices;

	r->n_notices = 0;
	for (size_t i = 0; i < n; i++) {
		struct notice notice = r->notices[(r->first_notice + i) % NOTICES_MAX];

		if (strcmp(notice.memory, "SR") == 0)
			receive_notice(r, notice.memory, notice.slot);
	}
}

/* Of reports there may be any number: a listing would not find them. */
static size_t
listed_notices(const struct receive *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_notices; i++)
		n += strcmp(r->notices[(r->first_notice + i) % NOTICES_MAX].memory, "SR") != 0;
	return n;
}

static bool
begin_list(struct receive *r)
{
	if (!r->list_wanted && listed_notices(r) <= LIST_INSTEAD)
		return false;
	r->list_wanted = false;
	drop_listed_notices(r);
	return true;
}

int
receive_turn(struct receive *r, struct phone *phone, int64_t now_ms)
{
	bool room = r->n_held < RECEIVE_HELD_MAX;

	r->now_ms = now_ms;
	r->reading = 0;
	offer_again(r);
	if (r->n_poison > 0)
		return free_one(r, phone);
	if (room && r->listing)
		return list_step(r, phone);
	if (room && begin_list(r))
		return list_step(r, phone);
	/* By turns, so that neither the core nor the room on the SIM waits for the other. */
	r->freed_last = !r->freed_last && r->n_stored > 0;
	if (r->freed_last || r->n_notices == 0 || !room)
		return free_one(r, phone);
	return read_notice(r, phone);
}
