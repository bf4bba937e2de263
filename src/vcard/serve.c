#include "vcard/serve.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "vcard/personalise.h"
#include "vcard/trace.h"

enum {
	RETRY_MS = 100,
	/* pcscd looks every 400 ms whether the card is still there: a card swapped faster would not
	   be noticed. */
	SWAP_ABSENT_MS = 1000,
	FOREVER = -1,
};

static bool open_signals(struct server *s)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return false;
	s->signals = signalfd(-1, &set, SFD_CLOEXEC);
	return s->signals >= 0;
}

static void pull(struct server *s)
{
	link_close(&s->link);
	card_reset(&s->card);
	if (!s->out)
		trace_note(s->trace, "removed");
	s->out = true;
}

static void take_signal(struct server *s)
{
	struct signalfd_siginfo signal;

	if (read(s->signals, &signal, sizeof(signal)) != (ssize_t)sizeof(signal))
		return;
	switch (signal.ssi_signo) {
	case SIGUSR1:
		pull(s);
		break;
	case SIGUSR2:
		s->out = false;
		break;
	default:
		s->ended = true;
	}
}

/* Waits for a signal, which is taken, for the connection (when it is open) or for the time. True
 * when the connection has something to say. */
static bool wait_for(struct server *s, bool connection, int ms)
{
	struct pollfd fds[2] = {
		{.fd = s->signals, .events = POLLIN},
		{.fd = connection ? s->link.fd : -1, .events = POLLIN},
	};

	if (poll(fds, 2, ms) <= 0)
		return false;
	if (fds[0].revents) {
		take_signal(s);
		return false;
	}
	return fds[1].revents != 0;
}

/* Lets the time pass, unless the card is pulled or the program ended meanwhile: then false. */
static bool delay(struct server *s, unsigned long ms)
{
	int64_t end = clock_monotonic_ms() + (int64_t)ms;
	int64_t left;

	while (!s->ended && !s->out && (left = end - clock_monotonic_ms()) > 0)
		wait_for(s, false, (int)left);
	return !s->ended && !s->out;
}

/* Puts the card of another state in. A state that cannot be had leaves the reader empty. */
static void swap(struct server *s, const char *path)
{
	const struct holder any = {0};
	struct state other;
	struct error e;
	int64_t end = clock_monotonic_ms() + SWAP_ABSENT_MS;

	pull(s);
	if (personalise(&other, path, &any, s->contents.more, NULL, &e)) {
		fprintf(stderr, "eonay-vcard: %s: %s\n", e.where, error_message(e.code));
		return;
	}
	card_close(&s->card);
	state_free(&s->state);
	s->state = other;
	card_open(&s->card, s->profile, &s->state, s->contents);
	while (!s->ended && clock_monotonic_ms() < end)
		wait_for(s, false, SWAP_ABSENT_MS);
	s->out = false;
}

/* Faults that keep the command from the card. True when the command has been dealt with. */
static bool fault_before(struct server *s, const struct fault *f, struct bytes *response)
{
	switch (f->action) {
	case FAULT_REMOVE_BEFORE:
		pull(s);
		return true;
	case FAULT_SWAP:
		swap(s, f->state);
		return true;
	case FAULT_STATUS:
		bytes_append_byte(response, (uint8_t)(f->value >> 8));
		bytes_append_byte(response, (uint8_t)f->value);
		return true;
	default:
		return false;
	}
}

/* Faults of the answer. False when there is to be none. */
static bool fault_after(struct server *s, const struct fault *f, struct bytes *response)
{
	switch (f->action) {
	case FAULT_REMOVE_AFTER:
		pull(s);
		return false;
	case FAULT_DELAY:
		return delay(s, f->value);
	default:
		fault_spoil(f, response);
		return true;
	}
}

/* One APDU with the faults that meet it; false when it gets no answer. */
static bool transmit(struct server *s, struct span apdu, struct bytes *response)
{
	const struct fault *met[FAULTS_MAX];
	size_t index = 0, count = 0;
	bool dealt_with = false;

	s->count++;
	while ((met[count] = faults_next(&s->faults, s->count, apdu, &index)))
		if (++count == FAULTS_MAX)
			break;
	for (size_t i = 0; i < count && !dealt_with; i++)
		dealt_with = fault_before(s, met[i], response);
	if (s->link.fd < 0)
		return false;
	if (!dealt_with)
		card_transmit(&s->card, apdu, response);
	for (size_t i = 0; i < count; i++) {
		if (!fault_after(s, met[i], response))
			return false;
	}
	return true;
}

static bool answer_apdu(struct server *s, struct span apdu)
{
	struct bytes response = {0};
	bool going = true;

	trace_command(s->trace, apdu);
	if (transmit(s, apdu, &response)) {
		trace_response(s->trace, bytes_span(&response));
		going = link_send(&s->link, bytes_span(&response));
	}
	bytes_free(&response);
	return going;
}

static bool answer_control(struct server *s, uint8_t control)
{
	switch (control) {
	case LINK_GET_ATR:
		return link_send(&s->link, bytes_span(&s->atr));
	case LINK_POWER_OFF:
		trace_note(s->trace, "power off");
		break;
	case LINK_POWER_ON:
		trace_note(s->trace, "power on");
		break;
	case LINK_RESET:
		trace_note(s->trace, "reset");
		break;
	default:
		return true;
	}
	card_reset(&s->card);
	return true;
}

/* Receives and answers; false when the connection has ended. */
static bool talk(struct server *s)
{
	struct bytes message = {0};
	bool going = link_receive(&s->link);

	while (going && s->link.fd >= 0 && link_take(&s->link, &message)) {
		if (message.n == 1)
			going = answer_control(s, message.at[0]);
		else if (message.n > 1)
			going = answer_apdu(s, bytes_span(&message));
	}
	bytes_wipe(&message);
	return going;
}

static enum err insert(struct server *s, struct error *e)
{
	enum err err = link_open(&s->link, s->address, e);

	if (err == ERR_NO_DAEMON && s->retry) {
		wait_for(s, false, RETRY_MS);
		return ERR_OK;
	}
	if (!err)
		trace_note(s->trace, "inserted");
	return err;
}

/* One step: connect, or wait for something and answer it. *gone becomes true when the reader went
 * away. */
static enum err step(struct server *s, bool *gone, struct error *e)
{
	if (s->out) {
		wait_for(s, false, FOREVER);
		return ERR_OK;
	}
	if (s->link.fd < 0)
		return insert(s, e);
	if (wait_for(s, true, FOREVER) && !talk(s)) {
		link_close(&s->link);
		card_reset(&s->card);
		*gone = true;
	}
	return ERR_OK;
}

enum err serve(struct server *s, struct error *e)
{
	enum err err = ERR_OK;
	bool gone = false;

	s->link.fd = -1;
	if (!open_signals(s))
		return error_set_errno(e, ERR_INTERNAL, "signalfd");
	card_open(&s->card, s->profile, &s->state, s->contents);
	while (!err && !s->ended && (!gone || s->retry))
		err = step(s, &gone, e);
	link_close(&s->link);
	card_close(&s->card);
	close(s->signals);
	return err;
}
