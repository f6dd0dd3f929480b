/* Texts as people write them, made by a grammar of their own: for measuring, never for judging the rules. */
#include "bench/texts.h"

#include <stdio.h>
#include <string.h>

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))
#define ALERT_ONE_IN	20

/* In a sentence: %p a place, %n a number, %w a word nobody knows, %h a hello. */
static const char *const hellos[] = { "bonjour", "bsr tonton", "Salut mon frere", "i ni sogoma", "slt", "Cher ami", "allo" };

static const char *const chats[] = {
	"%h comment va la famille de %p", "je suis au marche de %p depuis %n h", "le mil est a %n F le sac cette semaine",
	"rappelle moi stp g plus de credit", "la reunion du comite est reportee a jeudi %n h a %p",
	"maman %w est malade, elle a besoin de l'argent pr le medicament", "ma moto est en panne entre %p et %p",
	"on a gagne hier %n a 1 contre %w", "l'école commence lundi dit le directeur %w", "il a beaucoup plu a %p le puits est plein",
	"les vaches de %w sont revenues de %p", "Envoie %n mille par orange money a %w", "la pompe de %p ne marche plus depuis %n jours",
	"%w s'est mariée dimanche, tout le village de %p était là", "ok a demain inchallah", "le car de %p part a %n h",
	"n ka kene, i ka denw bɛ di", "est ce que %w est arrivé a %p", "%h c %w j'ai changé de numero le nouveau c 7%n",
};

static const char *const alarms[] = {
	"des gens avec des fusils sont venus a %p sur %n motos", "ils ont tiré sur les gens au marché de %p il y a %n blesses",
	"%p est attaqué depuis %n h du matin aidez nous", "on entend des coups de feu vers %p", "les cases de %p brulent",
	"ils ont pris %w et %n autres sur la route de %p", "une mine a explosé sous la charrette de %w a %p",
	"les habitants de %p fuient vers %p", "kou de feux a %p vene vite", "ils disent que si on reste a %p ils vont nous tuer",
	"tous les animaux de %p ont été volés par des hommes armés",
};

static const char *const syllables[] = { "ba", "do", "go", "ka", "ri", "son", "tan", "bou", "dia", "fa", "na", "kou", "le", "mo",
    "sin", "wa", "yo", "gui", "té", "ou" };

uint32_t
texts_random(uint32_t *state)
{
	uint32_t x = *state;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return *state = x;
}

static size_t
below(uint32_t *state, size_t n)
{
	return texts_random(state) % n;
}

static void
put(char *out, const char *text)
{
	size_t n = strlen(out);

	snprintf(out + n, TEXTS_SIZE - n, "%s", text);
}

static void
put_word(uint32_t *state, char *out)
{
	for (size_t i = 2 + below(state, 2); i > 0; i--)
		put(out, syllables[below(state, COUNT(syllables))]);
}

static void
put_place(uint32_t *state, const struct gazetteer *places, char *out)
{
	if (below(state, 2) == 0)
		put(out, gazetteer_row(places, below(state, gazetteer_rows(places)))->name);
	else
		put_word(state, out);
}

static void
put_slot(uint32_t *state, const struct gazetteer *places, char slot, char *out)
{
	char number[12];

	switch (slot) {
	case 'p':
		put_place(state, places, out);
		break;
	case 'w':
		put_word(state, out);
		break;
	case 'h':
		put(out, hellos[below(state, COUNT(hellos))]);
		break;
	default:
		snprintf(number, sizeof(number), "%zu", 1 + below(state, 40));
		put(out, number);
	}
}

static void
put_sentence(uint32_t *state, const struct gazetteer *places, const char *sentence, char *out)
{
	for (; *sentence != '\0'; sentence++) {
		if (*sentence == '%')
			put_slot(state, places, *++sentence, out);
		else
			put(out, (char[]){ *sentence, '\0' });
	}
}

size_t
texts_make(uint32_t *state, const struct gazetteer *places, char out[TEXTS_SIZE])
{
	static const char *const joins[] = { ". ", ", ", " ", " !! ", "... " };
	size_t n = 1 + below(state, 6);
	size_t alarm = below(state, ALERT_ONE_IN) == 0 ? below(state, n) : n;

	out[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			put(out, joins[below(state, COUNT(joins))]);
		if (i == alarm)
			put_sentence(state, places, alarms[below(state, COUNT(alarms))], out);
		else
			put_sentence(state, places, chats[below(state, COUNT(chats))], out);
	}
	return strlen(out);
}
