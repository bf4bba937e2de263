/* The ceremony as a value: events in (keys, the workers' results, the time), work to be done out. Pure: no terminal, no
 * clock, no worker, no file. The screens draw it and turn keys into its events; app.c does what it asks for. */
#ifndef EONAY_TUI_FLOW_H
#define EONAY_TUI_FLOW_H

#include "base/save.h"
#include "job/job.h"
#include "job/settings.h"
#include "tui/pad.h"

enum screen {
	SCREEN_CODE,
	SCREEN_WORKING, /* a job runs */
	SCREEN_CONTRACT,
	SCREEN_CERTIFICATE,
	SCREEN_PIN,
	SCREEN_PUK,     /* unblocking: the PUK */
	SCREEN_NEW_PIN, /* and the PIN that it is to set, twice */
	SCREEN_LAST_TRY, /* a PIN or PUK is there, but it may be the last try: an explicit word is asked for */
	SCREEN_PAUSED,    /* the card is gone: the same one is asked for */
	SCREEN_RESULT,    /* the service has the signature */
	SCREEN_UNBLOCKED, /* the card has its new PIN */
	SCREEN_SAVE,      /* where the signed content shall be saved */
	SCREEN_FAILURE,
	SCREEN_EXPIRED, /* the session's time is up */
	SCREEN_LEAVE,   /* really leave? */
	SCREEN_COUNT
};

/* What a key acts on. The places of the PIN pad follow FOCUS_PAD. */
enum focus {
	FOCUS_MAIN,   /* the orange button */
	FOCUS_FIELD,  /* code, contract, list, PIN, path */
	FOCUS_SECOND, /* further buttons */
	FOCUS_THIRD,
	FOCUS_PAD,
	FOCUS_COUNT = FOCUS_PAD + PAD_KEYS
};

enum event_kind {
	EVENT_TIME, /* nothing but the time */
	/* of a person */
	EVENT_TOUCH,   /* a key without a meaning here; the person is there */
	EVENT_DIGIT,   /* digit */
	EVENT_TEXT,    /* text: one character */
	EVENT_REFUSED, /* text: a character that has no place here */
	EVENT_ERASE,   /* the last digit or character */
	EVENT_CLEAR,   /* all of them */
	EVENT_FOCUS,   /* item: enum focus */
	EVENT_SCROLL,  /* offset of the first row in the content */
	EVENT_CHOOSE,  /* item: index of a certificate */
	EVENT_DETAILS, /* show or hide the details of the certificate */
	EVENT_NEXT,    /* the main button */
	EVENT_CONFIRM, /* the explicit word of the last try */
	EVENT_RETRY,   /* after a failure */
	EVENT_SAVE,    /* "İmzalı İçeriği kaydet" */
	EVENT_BACK,
	EVENT_QUIT,     /* leave the program */
	EVENT_HELP,     /* show or hide */
	EVENT_LANGUAGE, /* the other language */
	/* of the program */
	EVENT_SHOWN,    /* offset behind the last byte of the content that is on the screen */
	EVENT_HASHED,   /* sha256 of the content */
	EVENT_PROPOSED, /* path and error: where to save */
	EVENT_SAVED,    /* error; path: another name when that one is taken */
	EVENT_RESULT,   /* result of a worker; the flow takes what it keeps out of it */
};

#define EVENT_RANDOM 16 /* bytes: a nonce of 128 bits, or one shuffle */

struct event {
	enum event_kind kind;
	int64_t now;                  /* monotonic ms */
	int64_t wall;                 /* seconds since 1970 */
	uint8_t random[EVENT_RANDOM]; /* fresh for each event of a person and each result */
	unsigned item;
	uint8_t digit;
	size_t offset;
	char text[12];
	uint8_t sha256[32];
	struct error error;
	const char *path;          /* borrowed for the step */
	struct job_result *result; /* borrowed; the caller frees what is left of it */
};

/* Work that a step asks for, besides the requests. */
enum effect {
	EFFECT_CANCEL = 1 << 0,        /* give the running network job up */
	EFFECT_FLUSH_INPUT = 1 << 1,   /* forget keys typed ahead */
	EFFECT_HASH = 1 << 2,          /* answer with EVENT_HASHED */
	EFFECT_PROPOSE = 1 << 3,       /* answer with EVENT_PROPOSED */
	EFFECT_SAVE = 1 << 4,          /* write flow.cms to flow.path, answer with EVENT_SAVED */
	EFFECT_WIPE_TERMINAL = 1 << 5, /* nothing of the past may stay on the screen */
	EFFECT_QUIT = 1 << 6,
};

struct effects {
	unsigned what;           /* enum effect, or-ed */
	struct job_request card; /* kind JOB_NONE: none */
	struct job_request network;
};

struct flow_settings {
	bool kiosk;
	bool shuffle;
	bool can_save;   /* there is a place to save to */
	int64_t idle_ms; /* 0: never */
	int language;    /* enum settings_language */
};

enum notice {
	NOTICE_NONE,
	NOTICE_CHARACTER, /* refused has the character */
	NOTICE_TOO_LONG,  /* more digits than a code or a PIN has */
	NOTICE_ERROR,     /* error says it */
	NOTICE_SAVED,
};

struct flow {
	struct flow_settings settings;
	enum screen screen;
	enum screen before; /* SAVE, LEAVE: where "back" leads to */
	enum focus focus;
	bool help, details;
	bool quitting; /* LEAVE: yes ends the program */
	int language;
	int64_t now;
	int64_t wall;    /* at the last event of a person: shown, so it must not tick */
	int64_t touched; /* monotonic ms of the last event of a person */

	enum notice notice;
	char refused[12];
	struct error error;   /* NOTICE_ERROR */
	struct error failure; /* FAILURE, PAUSED: what happened; EXPIRED: before that */
	enum job_kind failed; /* doing what */

	struct secret code;
	bool code_done;                   /* the code was refused: the next digit begins another */
	char nonce[2 * EVENT_RANDOM + 1]; /* of this code; "": not yet made */

	enum job_kind work; /* WORKING: which job */
	enum job_stage stage;
	int64_t work_began;

	bool in_session;
	unsigned sessions; /* opened so far: tells one content from another */
	int64_t deadline;  /* of the session, monotonic ms */
	struct service_session session;
	struct bytes content; /* shown, hashed, signed: these bytes */
	uint8_t sha256[32];
	bool hashed;
	bool unsafe; /* the content must not be signed */
	size_t top;  /* offset of the first byte shown */
	bool end_seen;

	struct cards *cards;     /* NULL: not yet reported */
	bool chosen;             /* certificate below is the chosen one */
	uint8_t certificate[32]; /* its SHA-256 */
	char reader[128];        /* where it was last seen */

	struct secret pin;     /* being typed: the PIN, or the new one */
	struct secret puk;     /* being typed, or waiting for the new PIN */
	struct secret new_pin; /* as typed the first time */
	bool again;            /* NEW_PIN: the second time */
	struct pad pad;
	char word[16];        /* typed so far for the last try */
	unsigned unsettled;   /* jobs of the card that ended without a verdict on PIN or PUK */
	enum pin_use pin_use; /* of the last one */

	struct bytes cms;
	int64_t signed_at; /* seconds since 1970 */
	bool accepted; /* the service has the signature, or the card its new PIN: nothing is left to be given up */
	struct job_receipt receipt;

	char path[SAVE_PATH_MAX];
	bool saved;
};

/* A fresh flow on the code screen. flow_free() wipes and releases it. */
void flow_init(struct flow *f, const struct flow_settings *settings, int64_t now_ms);
void flow_free(struct flow *f);

/* One event. effects is overwritten; its requests are the caller's from then on. */
void flow_step(struct flow *f, const struct event *event, struct effects *effects);

/* When the screen will look different without any event but the time, monotonic ms; INT64_MAX for never. */
int64_t flow_next_change(const struct flow *f);

/* Why the session ends when it is given up here: the failure that the person has before them, what is wrong
 * with PIN or PUK of the chosen card, else ERR_CANCELLED. */
enum err flow_abandon_reason(const struct flow *f);

/* Seconds left of the session, rounded up; -1 when there is nothing to count down. */
long flow_remaining(const struct flow *f);

/* The chosen certificate as it is in a reader now, NULL when it is not there. */
const struct cards_certificate *flow_certificate(const struct flow *f);

/* Is the session for unblocking a card? */
bool flow_unblocks(const struct flow *f);

/* Is the certificate at index shown? In a session for unblocking a card is, by one of its certificates. */
bool flow_certificate_listed(const struct flow *f, unsigned index);

/* May the certificate at index sign this session, or its PIN be set in it? ERR_OK or why not. */
enum err flow_certificate_usable(const struct flow *f, unsigned index);

/* Is the card in the reader of the chosen certificate just being read? */
bool flow_card_is_being_read(const struct flow *f);

/* The state of what is at stake: the chosen certificate's PIN or, when that is to be set, its PUK. NULL when the
 * card is not there. */
const struct card_pin *flow_state(const struct flow *f);

/* What is being typed. */
const struct secret *flow_typed(const struct flow *f);

/* Does the next PIN or PUK need the explicit word: the last try, or nobody knows how many? */
bool flow_last_try(const struct flow *f);

/* Why no PIN or PUK may be asked for: ERR_PIN_BLOCKED, ERR_PIN_NOT_SET, ERR_PUK_BLOCKED, ERR_PUK_NONE; ERR_OK when it
 * may. */
enum err flow_pin_trouble(const struct flow *f);

/* Bounds of the length of what is typed, with cautious values where the card does not tell. */
unsigned flow_pin_min(const struct flow *f);
unsigned flow_pin_max(const struct flow *f);

/* May İLERİ be pressed on the contract? */
bool flow_may_sign(const struct flow *f);

/* Can the running job be given up now? */
bool flow_may_cancel(const struct flow *f);

/* On the failure screen: can the same be tried again? Is there a signature to be saved? */
bool flow_may_retry(const struct flow *f);
bool flow_may_save(const struct flow *f);

/* May the service have taken the signature without our having heard so? */
bool flow_signature_unheard(const struct flow *f);

#endif
