# tocsin: build, test, run. `make help` lists the targets.
#
#   O=build       where everything that is built goes; the source tree stays clean
#   SAN=1         AddressSanitizer and UndefinedBehaviorSanitizer (into $(O)-san)
#   CC=clang      another compiler
#   DESTDIR, PREFIX   for `make install`

CC	?= cc
ifeq ($(origin CC),default)
CC	= cc
endif
SAN	?= 0
ifeq ($(SAN),1)
O	?= build-san
else
O	?= build
endif
PREFIX	?= /usr/local
# V=1 shows the commands.
ifeq ($(V),1)
say	=
else
say	= @echo '  $(1) $@';
endif
LIBEXECDIR ?= $(PREFIX)/lib/tocsin
SYSCONFDIR ?= /etc
VERSION	= 0.1.0

FLOORS	= base wire logic store
PACKAGES = libgammu-dev gammu libevent-dev libsqlite3-dev libpcre2-dev libutf8proc-dev libsodium-dev libinih-dev libseccomp-dev libjansson-dev libarchive-dev libproj-dev pkg-config gcc make xz-utils
PKGS	= gammu libevent_core sqlite3 libpcre2-8 libutf8proc libsodium inih libseccomp jansson libarchive proj

WARN	= -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes \
	  -Wvla -Wcast-qual -Wundef -Wnull-dereference -Werror
HARDEN	= -fstack-protector-strong -fstack-clash-protection -fPIE
# clang before 16 has it only behind a second flag.
HARDEN	+= $(shell $(CC) -ftrivial-auto-var-init=zero -E -x c /dev/null >/dev/null 2>&1 && echo -ftrivial-auto-var-init=zero)
ifneq ($(filter x86_64 i686,$(shell uname -m)),)
HARDEN	+= -fcf-protection
endif
ifeq ($(SAN),1)
HARDEN	+= -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -DTOCSIN_SANITIZED=1
else
HARDEN	+= -D_FORTIFY_SOURCE=3 -DTOCSIN_SANITIZED=0
endif
CPPFLAGS += -Igateway -Itests -I$(O)/gen -D_GNU_SOURCE -DTOCSIN_VERSION='"$(VERSION)"' -DTOCSIN_LIBEXEC='"$(LIBEXECDIR)"' \
	  -DTOCSIN_SYSCONF='"$(SYSCONFDIR)/tocsin"'
CFLAGS	?= -O2 -g
CFLAGS	+= -std=gnu11 $(WARN) $(HARDEN)
LDFLAGS	+= -pie -Wl,-z,relro,-z,now
GAMMU_CFLAGS = $(shell pkg-config --cflags gammu 2>/dev/null)

src	= $(wildcard gateway/$(1)/*.c)
obj	= $(patsubst %.c,$(O)/%.o,$(call src,$(1)))

BASE	= $(call obj,base)
WIRE	= $(call obj,wire)
LOGIC	= $(call obj,logic)
STORE	= $(call obj,store) $(O)/gen/schema.o
# What the daemon is without its loop: the scenario runner replaces the rest.
CORE_LOOP = $(patsubst %,$(O)/gateway/core/%.o,main modems control health places import reporters packctl)
CORE_FLOW = $(filter-out $(CORE_LOOP),$(call obj,core))

LIBS_LOGIC = -lpcre2-8 -lutf8proc -ljansson -lproj -lm
LIBS_STORE = -lsqlite3 -lsodium
PROGRAMS = $(O)/tocsind $(O)/tocsin-modem $(O)/tocsinctl $(O)/tocsin-rules

.DEFAULT_GOAL = all
.PHONY: all run check bench bench-full fuzz lint map install clean help deps
.SECONDARY:
.DELETE_ON_ERROR:

all: deps $(PROGRAMS)

help:
	@echo "make            build tocsind, tocsin-modem, tocsinctl, tocsin-rules into $(O)/"
	@echo "make run        the whole job on an emulated modem (MODEM=/dev/ttyUSB0: a real one)"
	@echo "make check      all tests (SAN=1: with sanitizers)"
	@echo "make bench      speed and memory, printed with ratios"
	@echo "make fuzz       every parser of outside bytes, SECONDS_EACH=60 (clang)"
	@echo "make lint       floors, banned functions, clang-tidy, cppcheck"
	@echo "make map        each source file and what it is for, in the order of the flow"
	@echo "make install    DESTDIR= PREFIX=$(PREFIX)"
	@echo "make deps       install the Debian packages that are missing"
	@echo "make clean      remove $(O)/"

# Installs what is missing, and says nothing when nothing is.
deps:
	@sh tests/lint/deps.sh $(PACKAGES) -- $(PKGS)

$(O)/tocsind: $(call obj,core) $(STORE) $(LOGIC) $(WIRE) $(BASE)
	$(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -levent_core -linih $(LIBS_STORE) $(LIBS_LOGIC)
$(O)/tocsin-modem: $(call obj,modem) $(WIRE) $(BASE)
	$(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lGammu -lm
$(O)/tocsinctl: $(call obj,ctl) $(WIRE) $(BASE)
	$(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^
$(O)/tocsin-rules: $(call obj,workbench) $(STORE) $(LOGIC) $(BASE)
	$(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -larchive $(LIBS_STORE) $(LIBS_LOGIC)
$(O)/modem-drive: $(O)/tests/system/modem_drive.o $(WIRE) $(BASE)
	$(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^
$(O)/deaf: $(O)/tests/system/deaf.o
	$(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^
$(O)/liar: $(O)/tests/system/liar.o $(WIRE) $(BASE)
	$(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^
$(O)/garbage: $(O)/tests/system/garbage.o
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^
$(O)/at-modem: $(patsubst %.c,$(O)/%.o,$(wildcard tests/emulator/*.c)) $(BASE)
	$(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

$(O)/gateway/modem/%.o: CPPFLAGS += $(GAMMU_CFLAGS)
$(O)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
$(O)/gen/%.o: $(O)/gen/%.c
	$(call say,CC)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<
# The schema as a C string, so that the daemon needs no file to make its store.
$(O)/gen/schema.c: gateway/store/schema.sql
	@mkdir -p $(@D)
	@{ echo 'extern const char store_schema[];'; echo 'const char store_schema[] ='; \
	   sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' $<; echo ';'; } > $@

# ---- tests ---------------------------------------------------------------
UNIT	= $(patsubst tests/unit/%_test.c,$(O)/unit/%,$(wildcard tests/unit/*_test.c))
TESTLIB	= $(O)/tests/unit/test.o

# A unit test links only the floor it tests and those below.
$(O)/unit/base_%: $(O)/tests/unit/base_%_test.o $(TESTLIB) $(BASE)
	@mkdir -p $(@D)
	$(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^
$(O)/unit/wire_%: $(O)/tests/unit/wire_%_test.o $(TESTLIB) $(WIRE) $(BASE)
	@mkdir -p $(@D)
	$(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^
$(O)/unit/logic_%: $(O)/tests/unit/logic_%_test.o $(TESTLIB) $(LOGIC) $(BASE)
	@mkdir -p $(@D)
	$(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS_LOGIC)
$(O)/unit/store_%: $(O)/tests/unit/store_%_test.o $(TESTLIB) $(STORE) $(LOGIC) $(BASE)
	@mkdir -p $(@D)
	$(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) -rdynamic -o $@ $^ $(LIBS_STORE) $(LIBS_LOGIC)
$(O)/unit/core_%: $(O)/tests/unit/core_%_test.o $(TESTLIB) $(O)/gateway/core/conf.o $(O)/gateway/core/book.o $(O)/gateway/core/packs.o $(STORE) $(LOGIC) $(WIRE) $(BASE)
	@mkdir -p $(@D)
	$(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -linih $(LIBS_STORE) $(LIBS_LOGIC)
$(O)/unit/modem_%: $(O)/tests/unit/modem_%_test.o $(TESTLIB) $(filter-out %/main.o,$(call obj,modem)) $(WIRE) $(BASE)
	@mkdir -p $(@D)
	$(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lGammu -lm
$(O)/unit/emulator_%: $(O)/tests/unit/emulator_%_test.o $(TESTLIB) $(O)/tests/emulator/pdu.o $(BASE)
	@mkdir -p $(@D)
	$(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^
# The differential test: our TPDU decoder against the emulator's independent encoder.
$(O)/unit/both_%: $(O)/tests/unit/both_%_test.o $(TESTLIB) $(O)/tests/emulator/pdu.o $(WIRE) $(BASE)
	@mkdir -p $(@D)
	$(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^
$(O)/scenario: $(patsubst %.c,$(O)/%.o,$(wildcard tests/scenario/*.c)) $(O)/tests/emulator/pdu.o $(CORE_FLOW) $(STORE) $(LOGIC) $(WIRE) $(BASE)
	$(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -linih $(LIBS_STORE) $(LIBS_LOGIC)

check: deps
	@$(MAKE) -j$$(nproc) --no-print-directory check-built

check-built: $(PROGRAMS) $(O)/at-modem $(O)/modem-drive $(O)/garbage $(O)/liar $(O)/deaf $(O)/scenario $(UNIT)
	@O=$(O) SAN=$(SAN) sh tests/lint/check.sh
.PHONY: check-built

run: deps
	@$(MAKE) -j$$(nproc) --no-print-directory run-built
run-built: $(PROGRAMS) $(O)/at-modem
	@O=$(O) MODEM="$(MODEM)" bash tests/system/run.sh
.PHONY: run-built

bench: deps $(PROGRAMS) $(O)/at-modem $(O)/bench
	@O=$(O) bash tests/bench/bench.sh
# By hand: how well places are found, on names and texts of one's own.
$(O)/geotag-eval: $(O)/tests/bench/geotag_eval.o $(LOGIC) $(BASE)
	$(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS_LOGIC)
$(O)/bench: $(filter-out %/geotag_eval.o,$(patsubst %.c,$(O)/%.o,$(wildcard tests/bench/*.c))) $(O)/gateway/core/conf.o $(O)/gateway/core/book.o $(O)/gateway/core/packs.o $(STORE) $(LOGIC) $(WIRE) $(BASE)
	$(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -linih $(LIBS_STORE) $(LIBS_LOGIC)

SECONDS_EACH ?= 60
FUZZERS	= $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
fuzz: deps
	@sh tests/fuzz/fuzz.sh $(O)-fuzz $(SECONDS_EACH) $(FUZZERS)
# An archive, so that each fuzz target links only what it needs.
$(O)/flow.a: $(CORE_FLOW) $(STORE) $(LOGIC) $(WIRE) $(BASE)
	@rm -f $@
	$(AR) rcs $@ $^
# The committed corpora, replayed by the ordinary tests.
$(O)/fuzz/%: $(O)/tests/fuzz/fuzz_%.o $(O)/tests/fuzz/replay.o $(O)/flow.a
	@mkdir -p $(@D)
	$(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -linih $(LIBS_STORE) $(LIBS_LOGIC)
check-built: $(patsubst %,$(O)/fuzz/%,$(FUZZERS))
# By hand: our SMS decoder against libgammu's, where the two differ and why.
$(O)/tests/fuzz/compare_gammu.o: CPPFLAGS += $(GAMMU_CFLAGS)
$(O)/compare-gammu: $(O)/tests/fuzz/compare_gammu.o $(O)/tests/emulator/pdu.o $(TESTLIB) $(WIRE) $(BASE)
	$(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lGammu -lm

lint: $(O)/gen/schema.c
	@O=$(O) sh tests/lint/lint.sh
# For the lint scripts: what a compiler must know to read our files, quoted for a shell.
flags:
	$(info -std=gnu11 $(CPPFLAGS) -DTOCSIN_SANITIZED=0 $(GAMMU_CFLAGS))
	@:
.PHONY: flags

map:
	@sh tests/lint/map.sh

install: all
	install -d $(DESTDIR)$(PREFIX)/sbin $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(LIBEXECDIR) $(DESTDIR)$(PREFIX)/share/tocsin
	install -m755 $(O)/tocsind $(DESTDIR)$(PREFIX)/sbin/
	install -m755 $(O)/tocsin-modem $(DESTDIR)$(LIBEXECDIR)/
	install -m755 $(O)/tocsinctl $(O)/tocsin-rules $(DESTDIR)$(PREFIX)/bin/
	sh systemd/install.sh '$(DESTDIR)' '$(PREFIX)' '$(LIBEXECDIR)' '$(SYSCONFDIR)'

clean:
	rm -rf $(O) $(O)-san $(O)-fuzz

-include $(shell find $(O) -name '*.d' 2>/dev/null)
