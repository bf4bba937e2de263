/* A person at the flow, in tests: what they do, and what the workers answer. */
#ifndef EONAY_TESTS_PERSON_H
#define EONAY_TESTS_PERSON_H

#include "tui/flow.h"

#define PERSON_TCKN "10000000146"
#define PERSON_CODE "01234567890123456"
#define PERSON_TEXT "onay veriyorum."
#define PERSON_PIN "123456"
#define PERSON_PUK "12345678"
#define PERSON_NEW_PIN "805137"
#define PERSON_SESSION_S 300

/* The flow, the time of the next event, and what the last step asked for. person_end() releases all. */
struct person {
	struct flow flow;
	struct effects effects;
	int64_t now;
	int64_t wall_jump;            /* seconds that somebody has moved the wall clock by */
	unsigned tries, puks;         /* of PIN and PUK on the card, for person_card() */
	enum service_purpose purpose; /* of the session that person_opens() opens */
	uint8_t certificate;          /* each byte of the certificate's SHA-256 */
	char reader[128];
};

void person_begin(struct person *p, const struct flow_settings *settings);
void person_end(struct person *p);

/* One event; the requests of the step before are released. */
void person_event(struct person *p, struct event event);
void person_does(struct person *p, enum event_kind kind);
void person_types(struct person *p, const char *digits);
void person_says(struct person *p, const char *text);

/* Lets time pass. */
void person_waits(struct person *p, int64_t ms);

/* A result of a worker without a value; ERR_OK for JOB_SUBMIT is the receipt, for JOB_SIGN a CMS. */
void person_gets(struct person *p, enum job_kind kind, enum err code, int tries);

/* The session is opened; one for unblocking has no text. */
void person_opens(struct person *p, const char *text);
void person_progress(struct person *p, enum job_stage stage);

/* What is in the reader now: the card with p->certificate and p->tries; another one; one that is being read;
 * nothing. */
void person_card(struct person *p);
void person_other_card(struct person *p);
void person_card_read(struct person *p);
void person_no_card(struct person *p);

/* The usual way as far as the screen. */
void person_walks_to(struct person *p, enum screen screen);
/* To the PIN, which is entered, and İMZALA. */
void person_signs(struct person *p);

#endif
