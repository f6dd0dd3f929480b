/* The memories of the SIM and the phone: numbered slots that hold PDUs. */
#include "emulator/emulator.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[N_MEMORIES] = { "SM", "ME", "SR" };

int
sim_init(struct sim *sim, const struct profile *profile, int slots)
{
	sim->first = profile->first_slot;
	sim->capacity[MEM_SM] = slots;
	sim->capacity[MEM_ME] = profile->phone_slots;
	sim->capacity[MEM_SR] = profile->report_slots;
	for (int i = 0; i < N_MEMORIES; i++) {
		sim->slot[i] = calloc((size_t)sim->capacity[i] + 1, sizeof(struct slot));
		if (sim->slot[i] == NULL)
			return -1;
	}
	return 0;
}

void
sim_release(struct sim *sim)
{
	for (int i = 0; i < N_MEMORIES; i++) {
		free(sim->slot[i]);
		sim->slot[i] = NULL;
	}
}

const char *
sim_name(enum memory memory)
{
	return names[memory];
}

int
sim_find(const char *name)
{
	for (int i = 0; i < N_MEMORIES; i++)
		if (strcasecmp(name, names[i]) == 0)
			return i;
	/* "MT" is SM and ME together in the standard, and ME in the firmware that has it. */
	return strcasecmp(name, "MT") == 0 ? MEM_ME : -1;
}

int
sim_used(const struct sim *sim, enum memory memory)
{
	int n = 0;

	for (int i = 0; i < sim->capacity[memory]; i++)
		n += sim->slot[memory][i].used;
	return n;
}

struct slot *
sim_slot(struct sim *sim, enum memory memory, long index)
{
	if (index < sim->first || index >= sim->first + sim->capacity[memory])
		return NULL;
	return &sim->slot[memory][index - sim->first];
}

int
sim_store(struct sim *sim, enum memory memory, enum slot_state state, uint64_t id, const struct pdu *pdu)
{
	for (int i = 0; i < sim->capacity[memory]; i++) {
		struct slot *s = &sim->slot[memory][i];

		if (s->used)
			continue;
		s->used = true;
		s->state = state;
		s->id = id;
		s->pdu = *pdu;
		return i + sim->first;
	}
	return -1;
}
