#include "mock_pcsc.h"

#include <pthread.h>

#include "base/hex.h"

#define PNP "\\\\?PnP?\\Notification"

struct mock mock;
const SCARD_IO_REQUEST g_rgSCardT0Pci = {SCARD_PROTOCOL_T0, sizeof(SCARD_IO_REQUEST)};
const SCARD_IO_REQUEST g_rgSCardT1Pci = {SCARD_PROTOCOL_T1, sizeof(SCARD_IO_REQUEST)};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t woken = PTHREAD_COND_INITIALIZER;
static unsigned cancels;

void mock_reset(void)
{
	pthread_mutex_lock(&lock);
	mock = (struct mock){
		.readers = "R",
		.state = SCARD_STATE_PRESENT | SCARD_STATE_CHANGED | 0x00010000,
		.atr = {0x3B, 0x00},
		.atr_n = 2,
		.protocol = SCARD_PROTOCOL_T1,
		.answer = "9000",
	};
	pthread_mutex_unlock(&lock);
}

void mock_lock(void)
{
	pthread_mutex_lock(&lock);
}

void mock_unlock_and_wake(void)
{
	pthread_cond_broadcast(&woken);
	pthread_mutex_unlock(&lock);
}

/* A call that answers what the test has set, and is counted. */
static LONG call(const LONG *result, unsigned *count)
{
	LONG answer;

	pthread_mutex_lock(&lock);
	answer = *result;
	++*count;
	pthread_mutex_unlock(&lock);
	return answer;
}

LONG SCardEstablishContext(DWORD scope, LPCVOID a, LPCVOID b, LPSCARDCONTEXT context)
{
	(void)scope, (void)a, (void)b;
	*context = 1;
	return call(&mock.establish, &mock.establishes);
}

LONG SCardReleaseContext(SCARDCONTEXT context)
{
	static const LONG good = SCARD_S_SUCCESS;

	(void)context;
	return call(&good, &mock.releases);
}

LONG SCardListReaders(SCARDCONTEXT context, LPCSTR groups, LPSTR names, LPDWORD n)
{
	LONG result;
	size_t length;

	(void)context, (void)groups;
	pthread_mutex_lock(&lock);
	result = mock.list;
	length = strlen(mock.readers);
	if (!result && length == 0)
		result = SCARD_E_NO_READERS_AVAILABLE;
	if (!result && length + 2 > *n)
		result = SCARD_E_INSUFFICIENT_BUFFER;
	if (!result) {
		memcpy(names, mock.readers, length);
		names[length] = names[length + 1] = '\0';
		for (size_t i = 0; i < length; i++)
			names[i] = names[i] == ';' ? '\0' : names[i];
		*n = length + 2;
	}
	pthread_mutex_unlock(&lock);
	return result;
}

static bool listed(const char *name)
{
	const char *at = strstr(mock.readers, name);

	return at && *name;
}

/* How many readers there are, as newer daemons tell it in the pseudo reader's state. */
static DWORD reader_count(void)
{
	DWORD n = *mock.readers != '\0';

	for (const char *at = mock.readers; *at; at++)
		n += *at == ';';
	return n;
}

/* Writes the state now; true when it is not what the caller knew. */
static bool fill(SCARD_READERSTATE *s)
{
	DWORD now = mock.state;

	if (strcmp(s->szReader, PNP) == 0)
		now = reader_count() << 16;
	else if (!listed(s->szReader))
		now = SCARD_STATE_UNKNOWN | SCARD_STATE_IGNORE;
	s->dwEventState = now;
	s->cbAtr = mock.atr_n;
	memcpy(s->rgbAtr, mock.atr, sizeof(mock.atr));
	if ((now & ~(DWORD)SCARD_STATE_CHANGED) ==
		(s->dwCurrentState & ~(DWORD)SCARD_STATE_CHANGED))
		return false;
	s->dwEventState |= SCARD_STATE_CHANGED;
	return true;
}

static bool fill_all(SCARD_READERSTATE *states, DWORD n)
{
	bool changed = false;

	for (DWORD i = 0; i < n; i++)
		changed = fill(&states[i]) || changed;
	return changed;
}

LONG SCardGetStatusChange(SCARDCONTEXT context, DWORD timeout, SCARD_READERSTATE *states, DWORD n)
{
	unsigned cancelled;
	LONG result;

	(void)context;
	pthread_mutex_lock(&lock);
	cancelled = cancels;
	mock.waits++;
	while (!mock.change && !fill_all(states, n) && timeout == INFINITE && cancelled == cancels)
		pthread_cond_wait(&woken, &lock);
	result = cancelled != cancels ? SCARD_E_CANCELLED : mock.change;
	pthread_mutex_unlock(&lock);
	return result;
}

LONG SCardCancel(SCARDCONTEXT context)
{
	(void)context;
	pthread_mutex_lock(&lock);
	cancels++;
	pthread_cond_broadcast(&woken);
	pthread_mutex_unlock(&lock);
	return SCARD_S_SUCCESS;
}

LONG SCardConnect(SCARDCONTEXT context, LPCSTR name, DWORD share, DWORD protocols,
	LPSCARDHANDLE handle, LPDWORD protocol)
{
	(void)context, (void)name, (void)protocols;
	mock.share = share;
	*handle = 2;
	*protocol = mock.protocol;
	return call(&mock.connect, &mock.connects);
}

static LONG after_reset(LONG result)
{
	return result == SCARD_W_RESET_CARD ? SCARD_S_SUCCESS : result;
}

LONG SCardReconnect(SCARDHANDLE handle, DWORD share, DWORD protocols, DWORD how, LPDWORD protocol)
{
	(void)handle, (void)share, (void)protocols, (void)how;
	*protocol = mock.protocol;
	if (mock.reconnect == SCARD_S_SUCCESS) { /* that is what reconnecting is for */
		mock.begin = after_reset(mock.begin);
		mock.status = after_reset(mock.status);
	}
	return call(&mock.reconnect, &mock.reconnects);
}

LONG SCardDisconnect(SCARDHANDLE handle, DWORD how)
{
	static const LONG good = SCARD_S_SUCCESS;

	(void)handle, (void)how;
	return call(&good, &mock.disconnects);
}

LONG SCardStatus(SCARDHANDLE handle, LPSTR name, LPDWORD name_n, LPDWORD state, LPDWORD protocol,
	LPBYTE atr, LPDWORD atr_n)
{
	(void)handle, (void)name, (void)name_n;
	*state = 0;
	*protocol = mock.protocol;
	memcpy(atr, mock.atr, mock.atr_n);
	*atr_n = mock.atr_n;
	return mock.status;
}

LONG SCardBeginTransaction(SCARDHANDLE handle)
{
	(void)handle;
	return call(&mock.begin, &mock.begins);
}

LONG SCardEndTransaction(SCARDHANDLE handle, DWORD how)
{
	static const LONG good = SCARD_S_SUCCESS;

	(void)handle;
	mock.end_how = how;
	return call(&good, &mock.ends);
}

LONG SCardTransmit(SCARDHANDLE handle, const SCARD_IO_REQUEST *pci, LPCBYTE command, DWORD n,
	SCARD_IO_REQUEST *received, LPBYTE answer, LPDWORD answer_n)
{
	struct bytes b = {0};

	(void)handle, (void)command, (void)n, (void)received;
	assert_int_equal(pci->dwProtocol, mock.protocol);
	if (mock.transmit)
		return mock.transmit;
	assert_true(hex_read(mock.answer, &b));
	if (b.n > 0)
		memcpy(answer, b.at, b.n);
	*answer_n = mock.claim ? mock.claim : b.n;
	bytes_free(&b);
	return SCARD_S_SUCCESS;
}
