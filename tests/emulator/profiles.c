/* Three modem families: what they call themselves, list as supported, and say unasked. */
#include "emulator/emulator.h"

#include <string.h>

static const struct profile profiles[] = {
	{
		.family = HUAWEI, .name = "huawei-e3131", .manufacturer = "huawei", .model = "E3131",
		.revision = "21.157.13.00.00",
		.information = "Manufacturer: huawei\r\nModel: E3131\r\nRevision: 21.157.13.00.00",
		.unknown = "COMMAND NOT SUPPORT",
		.boot = "^SRVST:2\n^RSSI:18\n^MODE:5,4\n^SIMST:1\n^BOOT:26513148,0,0,0,75",
		.full = "^SMMEMFULL: ",
		.cnmi_test = "(0,1,2),(0,1,2,3),(0,2,3),(0,1,2),(0,1)",
		.cnmi_max = { 2, 3, 3, 2, 1 }, .cnmi_default = { 0, 0, 0, 0, 0 },
		.charsets = "\"IRA\",\"GSM\",\"UCS2\"", .phone_slots = 100, .report_slots = 20, .first_slot = 0,
		.default_memory = "SM",
		.hex_ussd = true,
	},
	{
		.family = SIMCOM, .name = "simcom-sim800", .manufacturer = "SIMCOM_Ltd", .model = "SIMCOM_SIM800L",
		.revision = "1418B05SIM800L24",
		.information = "SIM800 R14.18",
		.boot = "RDY\n+CFUN: 1\n+CPIN: READY\nCall Ready\nSMS Ready",
		.cnmi_test = "(0-2),(0-3),(0,2),(0,1),(0,1)",
		.cnmi_max = { 2, 3, 2, 1, 1 }, .cnmi_no_ds2 = true, .cnmi_default = { 2, 1, 0, 0, 0 },
		.charsets = "\"IRA\",\"GSM\",\"UCS2\",\"HEX\",\"PCCP\",\"PCDN\",\"8859-1\"",
		.phone_slots = 50, .first_slot = 1, .report_slots = 0, .default_memory = "SM",
	},
	{
		.family = QUECTEL, .name = "quectel-ec25", .manufacturer = "Quectel", .model = "EC25",
		.revision = "EC25EFAR06A06M4G",
		.information = "Quectel\r\nEC25\r\nRevision: EC25EFAR06A06M4G",
		.boot = "RDY\n+CFUN: 1\n+CPIN: READY\n+QUSIM: 1\n+QIND: SMS DONE\n+QIND: PB DONE",
		.full = "+QIND: \"smsfull\",",
		.cnmi_test = "(0-2),(0-3),(0,2),(0-2),(0,1)",
		.cnmi_max = { 2, 3, 2, 2, 1 }, .cnmi_default = { 2, 1, 0, 0, 0 },
		.charsets = "\"GSM\",\"IRA\",\"UCS2\"", .phone_slots = 127, .report_slots = 20, .default_memory = "ME",
	},
};

#define N_PROFILES	(sizeof(profiles) / sizeof(profiles[0]))

static const struct canned canned[] = {
	{ ALL_FAMILIES, "+GCAP", "+GCAP: +CGSM", RESULT_OK },
	{ ALL_FAMILIES, "+CGSMS?", "+CGSMS: 1", RESULT_OK },
	{ ALL_FAMILIES, "+CGSMS=1", NULL, RESULT_OK },
	{ ALL_FAMILIES, "+CLCK=\"SC\",2", "+CLCK: 0", RESULT_OK },
	{ ALL_FAMILIES, "+CGATT?", "+CGATT: 1", RESULT_OK },
	{ ALL_FAMILIES, "+CPBS=?", "+CPBS: (\"SM\",\"ON\")", RESULT_OK },
	{ ALL_FAMILIES, "+CPBS=\"SM\"", NULL, RESULT_OK },
	{ ALL_FAMILIES, "+CPBS?", "+CPBS: \"SM\",0,250", RESULT_OK },
	{ HUAWEI, "^SYSINFO", "^SYSINFO:2,3,0,5,1,,4", RESULT_OK },
	{ HUAWEI, "^SYSINFOEX", "^SYSINFOEX:2,3,0,1,,3,\"WCDMA\",41,\"WCDMA\"", RESULT_OK },
	{ HUAWEI, "^PORTSEL=1", NULL, RESULT_OK },
	{ HUAWEI, "^PORTSEL=0", NULL, RESULT_OK },
	{ HUAWEI, "^CARDMODE", "^CARDMODE:2", RESULT_OK },
	{ HUAWEI, "^CARDMODE?", "^CARDMODE:2", RESULT_OK },
	{ HUAWEI, "^SYSCFG?", "^SYSCFG:2,0,3FFFFFFF,1,2", RESULT_OK },
	{ HUAWEI, "^SETPORT?", "^SETPORT:A1,A2;10,12,16,A1,A2", RESULT_OK },
	{ HUAWEI, "^U2DIAG?", "^U2DIAG: 0", RESULT_OK },
	{ HUAWEI, "^CPIN?", "^CPIN:READY,,10,3,10,3", RESULT_OK },
	{ HUAWEI, "^HWVER", "^HWVER:\"CH1E3131SM\"", RESULT_OK },
	{ HUAWEI, "^VERSION?", "^VERSION:BDT:Mar 21 2013, 09:15:12\n^VERSION:EXTS:21.157.13.00.00\n^VERSION:INTS:", RESULT_OK },
	{ HUAWEI, "^DHCP?", NULL, CME(100) },
	{ SIMCOM, "+CSMINS?", "+CSMINS: 0,1", RESULT_OK },
	{ SIMCOM, "+CSPN?", "+CSPN: \"Orange ML\",0", RESULT_OK },
	{ SIMCOM, "+CMTE?", "+CMTE: 0,29.90", RESULT_OK },
	{ SIMCOM, "+CADC?", "+CADC: 1,14", RESULT_OK },
	{ SIMCOM, "+CENG?", "+CENG: 0,0", RESULT_OK },
	{ SIMCOM, "+CSCLK?", "+CSCLK: 0", RESULT_OK },
	{ SIMCOM, "+CSCLK=0", NULL, RESULT_OK },
	{ SIMCOM, "+CIURC?", "+CIURC: 1", RESULT_OK },
	{ SIMCOM, "+CIURC=0", NULL, RESULT_OK },
	{ SIMCOM, "+CIURC=1", NULL, RESULT_OK },
	{ SIMCOM, "+CMGHEX?", "+CMGHEX: 0", RESULT_OK },
	{ SIMCOM, "+EXUNSOL?", NULL, RESULT_OK },
	{ QUECTEL, "+QINDCFG=?", "+QINDCFG: \"all\",(0,1),(0,1)\n+QINDCFG: \"csq\",(0,1),(0,1)\n+QINDCFG: \"smsfull\",(0,1),(0,1)\n"
	    "+QINDCFG: \"ring\",(0,1),(0,1)\n+QINDCFG: \"smsincoming\",(0,1),(0,1)\n+QINDCFG: \"act\",(0,1),(0,1)", RESULT_OK },
	{ QUECTEL, "+QURCCFG=?", "+QURCCFG: \"urcport\",(\"usbat\",\"usbmodem\",\"uart1\")", RESULT_OK },
	{ QUECTEL, "+QURCCFG=\"urcport\"", "+QURCCFG: \"urcport\",\"usbat\"", RESULT_OK },
	{ QUECTEL, "+QURCCFG=\"urcport\",\"usbat\"", NULL, RESULT_OK },
	{ QUECTEL, "+QURCCFG=\"urcport\",\"usbmodem\"", NULL, RESULT_OK },
	{ QUECTEL, "+QURCCFG=\"urcport\",\"uart1\"", NULL, RESULT_OK },
	{ QUECTEL, "+QCFG=\"nwscanmode\"", "+QCFG: \"nwscanmode\",0", RESULT_OK },
	{ QUECTEL, "+QCFG=\"usbnet\"", "+QCFG: \"usbnet\",0", RESULT_OK },
	{ QUECTEL, "+QCFG=\"ims\"", "+QCFG: \"ims\",0,0", RESULT_OK },
	{ QUECTEL, "+QCFG=\"urc/ri/smsincoming\"", "+QCFG: \"urc/ri/smsincoming\",\"pulse\",120,1", RESULT_OK },
	{ QUECTEL, "+QNWINFO", "+QNWINFO: \"FDD LTE\",\"61002\",\"LTE BAND 3\",1850", RESULT_OK },
	{ QUECTEL, "+QSPN", "+QSPN: \"Orange ML\",\"Orange ML\",\"\",0,\"61002\"", RESULT_OK },
	{ QUECTEL, "+QSIMSTAT?", "+QSIMSTAT: 0,1", RESULT_OK },
	{ QUECTEL, "+QINISTAT", "+QINISTAT: 7", RESULT_OK },
	{ QUECTEL, "+QGMR", "EC25EFAR06A06M4G_01.001.01.001", RESULT_OK },
};

const struct profile *
profile_find(const char *name)
{
	for (size_t i = 0; i < N_PROFILES; i++)
		if (strcmp(profiles[i].name, name) == 0)
			return &profiles[i];
	return NULL;
}

const char *
profile_names(void)
{
	return "huawei-e3131, simcom-sim800, quectel-ec25";
}

const struct canned *
profile_canned(enum family family, const char *command)
{
	for (size_t i = 0; i < sizeof(canned) / sizeof(canned[0]); i++)
		if (canned[i].families & family && strcasecmp(canned[i].command, command) == 0)
			return &canned[i];
	return NULL;
}
