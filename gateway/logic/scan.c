/* Small steps through the bytes of a text. */
#include "logic/scan.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define DECIMALS_MAX	8

bool
scan_digit(const struct scan *t, size_t at)
{
	return at < t->len && isdigit((unsigned char)t->s[at]);
}

bool
scan_letter(const struct scan *t, size_t at)
{
	return at < t->len && isalpha((unsigned char)t->s[at]);
}

bool
scan_word(const struct scan *t, size_t at)
{
	return at < t->len && (isalnum((unsigned char)t->s[at]) || (unsigned char)t->s[at] >= 0x80);
}

bool
scan_one_of(const struct scan *t, size_t at, const char *characters)
{
	return at < t->len && t->s[at] != '\0' && strchr(characters, t->s[at]) != NULL;
}

size_t
scan_over(const struct scan *t, size_t at, const char *characters, size_t most)
{
	while (most-- > 0 && scan_one_of(t, at, characters))
		at++;
	return at;
}

size_t
scan_blanks(const struct scan *t, size_t at, size_t most)
{
	return scan_over(t, at, " \t", most);
}

size_t
scan_digits(const struct scan *t, size_t at, size_t most)
{
	size_t	 n = 0;

	while (n < most && scan_digit(t, at + n))
		n++;
	return n;
}

size_t
scan_any(const struct scan *t, size_t at, const char *const *set)
{
	size_t	 best = 0;

	for (; *set != NULL; set++) {
		size_t	 n = strlen(*set);

		if (n > best && at <= t->len && n <= t->len - at && strncasecmp(t->s + at, *set, n) == 0)
			best = n;
	}
	return best;
}

size_t
scan_any_word(const struct scan *t, size_t at, const char *const *set)
{
	size_t	 n = scan_any(t, at, set);

	return n > 0 && (!scan_word(t, at + n) || scan_digit(t, at + n)) ? n : 0;
}

int
scan_number(const struct scan *t, size_t *at, size_t whole_max, struct scan_number *number)
{
	size_t	 p = *at;
	double	 scale = 1;

	memset(number, 0, sizeof(*number));
	number->whole = scan_digits(t, p, whole_max + 1);
	if (number->whole == 0 || number->whole > whole_max)
		return -1;
	for (size_t i = 0; i < number->whole; i++)
		number->value = number->value * 10 + (t->s[p++] - '0');
	if (scan_one_of(t, p, ".,") && scan_digit(t, p + 1)) {
		number->comma = t->s[p] == ',';
		for (p++; scan_digit(t, p) && number->decimals < DECIMALS_MAX; p++, number->decimals++)
			number->value += (t->s[p] - '0') * (scale /= 10);
		while (scan_digit(t, p))
			p++;
	}
	*at = p;
	return 0;
}
