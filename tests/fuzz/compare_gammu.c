/* Compares our decoder with libgammu's on valid random PDUs: what differs must have a known reason. */
#include <gammu.h>

#include "unit/test.h"
#include "unit/tpdu_sample.h"
#include "wire/tpdu.h"

#define PDUS	100000

enum { REFUSED, TEXT, DATA, NUMBER, TIME, CLASS, HEADER, UNEXPLAINED = HEADER, SYMBOLS, LETTERS, NINETIES, NOKIA, KINDS };

static const char *const names[KINDS] = {
	"refused by one", "text", "octets", "number", "time", "class", "header",
	/* libgammu 1.42, and why; TS 23.040 9.1.2.3, 9.1.2.5 and TS 23.038 6.2.1 speak for us. */
	[SYMBOLS] = "explained: it drops * # a b c from a number",
	[LETTERS] = "explained: it takes the septets of a name for ASCII",
	[NINETIES] = "explained: it adds 1990 to the years 90 to 99",
	[NOKIA] = "explained: it doubles ~ and makes U+0001 one, as for old Nokia phones",
};
static unsigned differences[KINDS];

static void
differ(int what, int round, const char *ours, const char *theirs)
{
	if (what <= UNEXPLAINED && differences[what]++ < 3)
		printf("%d: %s: ours \"%s\", libgammu's \"%s\"\n", round, names[what], ours, theirs);
}

/* libgammu keeps strings as UTF-16BE up to a zero unit. */
static void
utf8_of(const unsigned char *units, size_t most, char *out, size_t cap)
{
	size_t n = 0;

	while (n < most && (units[2 * n] != 0 || units[2 * n + 1] != 0))
		n++;
	if (pdu_ucs2_decode(units, n, out, cap) < 0)
		snprintf(out, cap, "?");
}

static void
compare_content(int round, const struct tpdu *t, const GSM_SMSMessage *sms)
{
	char text[1024];

	if (t->coding == CODING_8BIT) {
		if (sms->Length != t->data_len || memcmp(sms->Text, t->data, t->data_len) != 0)
			differ(DATA, round, "", "");
		return;
	}
	utf8_of(sms->Text, sizeof(sms->Text) / 2, text, sizeof(text));
	if (strcmp(text, t->text) != 0)
		differ(t->coding == CODING_UCS2 && strpbrk(t->text, "~\001") != NULL ? NOKIA : TEXT, round, t->text, text);
}

/* What a number that came out differently has in it. */
static int
number_reason(const struct tpdu *t)
{
	static const char same[] = " !\"#%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\n\r";

	if (t->peer.kind == SENDER_ALNUM)
		return strspn(t->peer.text, same) < strlen(t->peer.text) ? LETTERS : NUMBER;
	return strpbrk(t->peer.text, "*#abc") != NULL ? SYMBOLS : NUMBER;
}

static int64_t
gammu_ms(const GSM_DateTime *d)
{
	return (((clock_days(d->Year, d->Month, d->Day) * 24 + d->Hour) * 60 + d->Minute) * 60 + d->Second - d->Timezone) * 1000;
}

static void
compare_head(int round, const struct tpdu *t, const GSM_SMSMessage *sms)
{
	char number[512], ours[64], theirs[64];

	utf8_of(sms->Number, sizeof(sms->Number) / 2, number, sizeof(number));
	if (strcmp(number, t->peer.text) != 0)
		differ(number_reason(t), round, t->peer.text, number);
	if (gammu_ms(&sms->DateTime) != t->scts_ms) {
		snprintf(ours, sizeof(ours), "%lld", (long long)t->scts_ms);
		snprintf(theirs, sizeof(theirs), "%lld, year %d", (long long)gammu_ms(&sms->DateTime), sms->DateTime.Year);
		differ(t->scts_ms < clock_days(2000, 1, 2) * INT64_C(86400000) ? NINETIES : TIME, round, ours, theirs);
	}
	if (sms->Class != t->message_class)
		differ(CLASS, round, "", "");
	if ((sms->UDH.Type != UDH_NoUDH) != t->has_udh || (t->concat.present &&
	    (sms->UDH.AllParts != t->concat.total || sms->UDH.PartNumber != t->concat.seq ||
	    (t->concat.wide ? sms->UDH.ID16bit : sms->UDH.ID8bit) != t->concat.ref)))
		differ(HEADER, round, "", "");
}

static void
compare(int round)
{
	static struct tpdu_sample s;
	static GSM_SMSMessage sms;
	struct tpdu t;
	const char *why;
	size_t n, end = 0;
	int rc;
	GSM_Error error;

	tpdu_sample(&s);
	if (pdu_deliver_encode(&s.deliver, &s.pdu) == -1)
		abort();
	n = pdu_tpdu_length(&s.pdu);
	memset(&sms, 0, sizeof(sms));
	error = GSM_DecodePDUFrame(NULL, &sms, s.pdu.octets, s.pdu.length, &end, TRUE);
	rc = tpdu_decode(s.pdu.octets + s.pdu.length - n, n, &t, &why);
	if (rc == -1 || error != ERR_NONE) {
		differ(REFUSED, round, rc == -1 ? why : "", error == ERR_NONE ? "" : GSM_ErrorString(error));
		return;
	}
	compare_content(round, &t, &sms);
	compare_head(round, &t, &sms);
}

int
main(void)
{
	unsigned unexplained = 0;

	printf("SEED=%" PRIu64 "\n", test_seed());
	for (int i = 0; i < PDUS; i++)
		compare(i);
	for (int i = 0; i < KINDS; i++) {
		printf("%s: %u of %d\n", names[i], differences[i], PDUS);
		if (i <= UNEXPLAINED)
			unexplained += differences[i];
	}
	return unexplained != 0;
}
