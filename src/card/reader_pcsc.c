/* One card in a reader of the PC/SC daemon. */
#include "card/reader_pcsc.h"

#include <reader.h>
#include <stdlib.h>
#include <string.h>

#include "card/apdu.h"

#define ANSWER_ROOM (APDU_EXTENDED_NE + 2)
#define NOTICE_MS 1000 /* pcscd looks for a card every 400 ms */

struct pcsc_reader {
	struct reader base;
	SCARDCONTEXT context;
	SCARDHANDLE handle;
	DWORD protocol;
	bool fresh;
	bool begun;
	uint8_t answer[ANSWER_ROOM];
};

static const struct {
	LONG result;
	enum err meaning;
} meanings[] = {
	{SCARD_E_NO_SERVICE, ERR_NO_DAEMON},
	{SCARD_E_SERVICE_STOPPED, ERR_NO_DAEMON},
	{SCARD_F_COMM_ERROR, ERR_NO_DAEMON},
	{SCARD_W_SECURITY_VIOLATION, ERR_ACCESS_DENIED},
	{SCARD_E_NO_ACCESS, ERR_ACCESS_DENIED},
	{SCARD_E_NO_READERS_AVAILABLE, ERR_NO_READER},
	{SCARD_E_UNKNOWN_READER, ERR_READER_GONE},
	{SCARD_E_READER_UNAVAILABLE, ERR_READER_GONE},
	{SCARD_E_NO_SMARTCARD, ERR_NO_CARD},
	{SCARD_W_UNRESPONSIVE_CARD, ERR_CARD_MUTE},
	{SCARD_W_UNPOWERED_CARD, ERR_CARD_MUTE},
	{SCARD_W_UNSUPPORTED_CARD, ERR_CARD_MUTE},
	{SCARD_E_PROTO_MISMATCH, ERR_CARD_MUTE},
	{SCARD_E_SHARING_VIOLATION, ERR_CARD_HELD},
	{SCARD_W_REMOVED_CARD, ERR_CARD_REMOVED},
	{SCARD_W_RESET_CARD, ERR_CARD_RESET},
};

enum err pcsc_meaning(LONG result)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		if (meanings[i].result == result)
			return meanings[i].meaning;
	}
	return ERR_CARD_IO;
}

/* A handle that the daemon no longer knows: it was restarted, or the reader was unplugged. A fresh
 * look tells. */
static enum err why_lost(const char *name)
{
	SCARD_READERSTATE look = {.szReader = name, .dwCurrentState = SCARD_STATE_UNAWARE};
	SCARDCONTEXT context;
	LONG result = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context);

	if (result)
		return pcsc_meaning(result);
	result = SCardGetStatusChange(context, 0, &look, 1);
	SCardReleaseContext(context);
	if (result || look.dwEventState & SCARD_STATE_UNKNOWN)
		return ERR_READER_GONE;
	return ERR_DAEMON_RESTARTED;
}

/* The meaning of a result on a connection that worked before. */
static enum err lost(const struct pcsc_reader *p, LONG result, struct error *e, const char *where)
{
	enum err code = pcsc_meaning(result);

	if (code == ERR_NO_DAEMON)
		code = ERR_DAEMON_RESTARTED;
	if (result == SCARD_E_INVALID_HANDLE || result == SCARD_E_INVALID_VALUE)
		code = why_lost(p->base.state.name);
	return error_set_pcsc(e, code, (uint32_t)result, where);
}

/* The daemon's count of insertions and removals stands in the upper half of the event state
 * (pcsclite.h). */
static LONG look(SCARDCONTEXT context, const char *name, DWORD *events)
{
	SCARD_READERSTATE state = {.szReader = name, .dwCurrentState = SCARD_STATE_UNAWARE};
	LONG result = SCardGetStatusChange(context, 0, &state, 1);

	*events = state.dwEventState;
	return result;
}

/* Was the card taken out since reader_connect()? */
static bool is_gone(const struct pcsc_reader *p, DWORD events)
{
	return events & SCARD_STATE_EMPTY || (uint16_t)(events >> 16) != p->base.state.events;
}

/* An exchange failed without saying why: a pulled card looks like that too, until the daemon has
 * noticed. So it is given the time to. */
static bool was_pulled(const struct pcsc_reader *p)
{
	SCARD_READERSTATE state = {.szReader = p->base.state.name};
	DWORD events;

	if (look(p->context, state.szReader, &events))
		return false;
	if (is_gone(p, events))
		return true;
	state.dwCurrentState = events & ~(DWORD)SCARD_STATE_CHANGED;
	return SCardGetStatusChange(p->context, NOTICE_MS, &state, 1) == SCARD_S_SUCCESS &&
	       is_gone(p, state.dwEventState);
}

static enum err pcsc_transmit(
	struct reader *base, struct span command, struct bytes *answer, struct error *e)
{
	struct pcsc_reader *p = (struct pcsc_reader *)base;
	const SCARD_IO_REQUEST *pci =
		p->protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
	DWORD n = sizeof(p->answer);
	LONG result = SCardTransmit(p->handle, pci, command.at, command.n, NULL, p->answer, &n);
	enum err code = result ? lost(p, result, e, "SCardTransmit") : ERR_OK;

	if (!result && n > sizeof(p->answer))
		return error_set(e, ERR_CARD_IO, "SCardTransmit: answer of %lu bytes", n);
	if (!result && n < 2) /* no status word, ISO 7816-4 5.6 */
		code = error_set(e, ERR_CARD_IO, "SCardTransmit: answer of %lu bytes", n);
	if (code == ERR_CARD_IO && was_pulled(p))
		return error_set_pcsc(e, ERR_CARD_REMOVED, (uint32_t)result, "SCardTransmit");
	if (code)
		return code;
	bytes_append(answer, span_of(p->answer, n));
	return ERR_OK;
}

/* Is it still the card of reader_connect()? */
static enum err check_same(struct pcsc_reader *p, struct error *e)
{
	uint8_t atr[MAX_ATR_SIZE];
	DWORD n = sizeof(atr), events, state, protocol, name_n = 0;
	LONG result = SCardStatus(p->handle, NULL, &name_n, &state, &protocol, atr, &n);

	if (result)
		return lost(p, result, e, "SCardStatus");
	if ((result = look(p->context, p->base.state.name, &events)))
		return lost(p, result, e, "SCardGetStatusChange");
	if (!span_equal(span_of(atr, n), span_of(p->base.state.atr, p->base.state.atr_n)))
		return error_set(e, ERR_CARD_CHANGED, "%s: another ATR", p->base.state.name);
	if (is_gone(p, events))
		return error_set(e, ERR_CARD_CHANGED, "%s: another insertion", p->base.state.name);
	return ERR_OK;
}

static LONG reconnect(struct pcsc_reader *p)
{
	return SCardReconnect(p->handle, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
		SCARD_LEAVE_CARD, &p->protocol);
}

static void pcsc_end(struct reader *base, bool reset)
{
	struct pcsc_reader *p = (struct pcsc_reader *)base;

	explicit_bzero(p->answer, sizeof(p->answer));
	if (!p->begun)
		return;
	p->begun = false;
	p->fresh = p->fresh || reset;
	SCardEndTransaction(p->handle, reset ? SCARD_RESET_CARD : SCARD_LEAVE_CARD);
}

/* A transaction with the card of reader_connect(). */
static enum err begin(struct pcsc_reader *p, struct error *e)
{
	LONG result = SCardBeginTransaction(p->handle);
	enum err code;

	if (result)
		return lost(p, result, e, "SCardBeginTransaction");
	p->begun = true;
	if ((code = check_same(p, e)))
		pcsc_end(&p->base, false);
	return code;
}

static enum err pcsc_begin(struct reader *base, bool *fresh, struct error *e)
{
	struct pcsc_reader *p = (struct pcsc_reader *)base;
	enum err code = begin(p, e);
	LONG result;

	/* Twice: another program may reset the card between our reconnecting and our beginning. And
	 * the daemon resets the card of a program that died only after it has given the lock away
	 * (pcsc-lite, MSGRemoveContext), so that it may show when ours is begun already. */
	for (int i = 0; code == ERR_CARD_RESET && i < 2; i++) {
		p->fresh = true;
		if ((result = reconnect(p)))
			return lost(p, result, e, "SCardReconnect");
		code = begin(p, e);
	}
	if (code)
		return code;
	*fresh = p->fresh;
	p->base.t0 = p->protocol == SCARD_PROTOCOL_T0;
	p->fresh = false;
	return ERR_OK;
}

static void pcsc_disconnect(struct reader *base, bool reset)
{
	struct pcsc_reader *p = (struct pcsc_reader *)base;

	SCardDisconnect(p->handle, reset ? SCARD_RESET_CARD : SCARD_LEAVE_CARD);
	SCardReleaseContext(p->context);
	free(p);
}

static const struct reader_ops ops = {
	.transmit = pcsc_transmit,
	.begin = pcsc_begin,
	.end = pcsc_end,
	.disconnect = pcsc_disconnect,
};

/* ATR and event counter of the card just connected. */
static LONG learn_card(struct pcsc_reader *p, const char *name)
{
	uint8_t atr[MAX_ATR_SIZE];
	DWORD n = sizeof(atr), events, state, protocol, name_n = 0;
	LONG result = SCardStatus(p->handle, NULL, &name_n, &state, &protocol, atr, &n);

	if (result)
		return result;
	memcpy(p->base.state.name, name, strnlen(name, READER_NAME_MAX - 1));
	p->base.state.atr_n = n < ATR_MAX ? n : ATR_MAX;
	memcpy(p->base.state.atr, atr, p->base.state.atr_n);
	result = look(p->context, name, &events);
	p->base.state.events = (uint16_t)(events >> 16);
	return result;
}

enum err pcsc_connect(struct readers *r, const char *name, struct reader **out, struct error *e)
{
	struct pcsc_reader *p = must_zalloc(sizeof(*p));
	const char *where = "SCardEstablishContext";
	LONG result = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &p->context);

	(void)r;
	if (result)
		goto fail;
	where = "SCardConnect";
	result = SCardConnect(p->context, name, SCARD_SHARE_SHARED,
		SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &p->handle, &p->protocol);
	if (result)
		goto release;
	where = "SCardStatus";
	if ((result = learn_card(p, name))) {
		SCardDisconnect(p->handle, SCARD_LEAVE_CARD);
		goto release;
	}
	p->base.ops = &ops;
	p->base.t0 = p->protocol == SCARD_PROTOCOL_T0;
	p->fresh = true;
	*out = &p->base;
	return ERR_OK;
release:
	SCardReleaseContext(p->context);
fail:
	free(p);
	return error_set_pcsc(e, pcsc_meaning(result), (uint32_t)result, where);
}
