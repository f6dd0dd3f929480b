/* How a French word sounds, so that words may be written as they are heard. */
#ifndef TOCSIN_SOUND_H
#define TOCSIN_SOUND_H

#include <stdbool.h>
#include <stddef.h>

#define SOUND_MAX	48

/*
 * Writes the sound of a folded word into out, NUL-terminated, and returns its length; 0: it has none (letters of other
 * scripts, numbers, too long). Words that sound alike have the same one: k, c and qu; s, ss and c; o, au and eau;
 * the nasals an and en; double letters and silent ends (partout, partou; devant, devan). The endings
 * of verbs and plurals fall (tire, tirent, tirer, tirées), as nobody writes them the same way. A 2 or a 1 inside a word is "de"
 * or "un" (2main). "open": the word goes on behind its last letter, so nothing falls.
 */
size_t	sound_key(const char *word, size_t len, bool open, char out[SOUND_MAX]);

#endif
