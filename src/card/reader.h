/* Who carries an APDU: the readers of a PC/SC daemon, or a virtual card on a socket (vpcd protocol, demo only). */
#ifndef EONAY_CARD_READER_H
#define EONAY_CARD_READER_H

#include "base/bytes.h"
#include "base/error.h"

#define READER_NAME_MAX 128  /* PC/SC: MAX_READERNAME, with its NUL */
#define READERS_MAX 16       /* pcsc-lite: PCSCLITE_MAX_READERS_CONTEXTS */
#define ATR_MAX 33           /* ISO 7816-3 8.2.1 */

/* One reader as seen now. */
struct reader_state {
	char name[READER_NAME_MAX];
	enum err status;         /* ERR_OK: a card is there; ERR_NO_CARD, ERR_CARD_MUTE, ERR_CARD_HELD */
	uint8_t atr[ATR_MAX];
	size_t atr_n;
	uint16_t events;         /* the daemon's count of insertions and removals: another count, maybe another card */
};

struct readers; /* a connection to whatever has readers */
struct reader;  /* a connection to one card */

/* Connects to the PC/SC daemon. Never fails for want of a daemon: that is a result of readers_list(), and a daemon that
 * comes (back) is found. only: the sole reader to be seen or used, or NULL for all (a kiosk is bound to its reader). */
enum err readers_open_pcsc(const char *only, struct readers **out, struct error *e);

/* Listens on 127.0.0.1 for a virtual card that speaks the vpcd protocol; *port is chosen by the kernel when 0 came in. */
enum err readers_open_socket(uint16_t *port, struct readers **out, struct error *e);

void readers_close(struct readers *r); /* NULL is allowed; not while a reader connected through r is in use */

/* From now on each APDU of readers connected later goes to fd as one line ("> 00A4..." and "< 6F...9000"), the data
 * of VERIFY, CHANGE REFERENCE DATA and RESET RETRY COUNTER masked. fd stays the caller's; -1 ends it. */
void readers_trace(struct readers *r, int fd);

/* A descriptor that polls readable when anything may have changed; call readers_list() then, which clears it.
 * Waiting costs nothing: the daemon is asked by a blocking SCardGetStatusChange() in a thread of its own. */
int readers_fd(const struct readers *r);

/* The readers now, at most READERS_MAX. *count 0 with ERR_NO_READER, ERR_NO_DAEMON, ERR_ACCESS_DENIED,
 * ERR_DAEMON_RESTARTED when there is none to show. */
enum err readers_list(struct readers *r, struct reader_state *out, size_t *count, struct error *e);

/* Connects to the card in the named reader, shared, T=0 or T=1. ERR_NO_CARD, ERR_CARD_MUTE, ERR_CARD_HELD,
 * ERR_READER_GONE, ERR_ACCESS_DENIED, ERR_NO_DAEMON. */
enum err reader_connect(struct readers *r, const char *name, struct reader **out, struct error *e);

/* Sends one APDU and appends the answer with its status word to answer. Here, and only here, APDUs are traced.
 * ERR_CARD_REMOVED, ERR_READER_GONE, ERR_CARD_RESET, ERR_CARD_IO, ERR_DAEMON_RESTARTED. */
enum err reader_transmit(struct reader *r, struct span command, struct bytes *answer, struct error *e);

/* Exclusive use until reader_end(), which resets the card when reset is true, so that no other program inherits a
 * verified PIN. A program that dies in between leaves a reset card behind (pcscd does that).
 * *fresh: the card was reset since the last reader_end(false), by whomever, or was not used on this connection yet:
 * nothing is selected in it. ERR_CARD_REMOVED when the card was taken out since reader_connect(), even when one is
 * there now; ERR_CARD_CHANGED when ATR or event counter say that it is another one; the others of reader_connect(). */
enum err reader_begin(struct reader *r, bool *fresh, struct error *e);
void reader_end(struct reader *r, bool reset);

/* The card speaks T=0 (ISO 7816-3 12): one length field a command. */
bool reader_is_t0(const struct reader *r);

/* The state of the card's reader as it was at reader_connect(). */
const struct reader_state *reader_state_of(const struct reader *r);

/* APDUs and bytes carried since reader_connect(), for the bench. */
struct reader_traffic {
	unsigned apdus;
	size_t sent, received;
};
struct reader_traffic reader_traffic_of(const struct reader *r);

/* Ends the connection; reset as in reader_end(). NULL is allowed. */
void reader_disconnect(struct reader *r, bool reset);

#endif
