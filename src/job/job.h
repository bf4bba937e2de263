/* The things that block, each a request in and a result out. They run in worker processes
 * (worker.h). */
#ifndef EONAY_JOB_JOB_H
#define EONAY_JOB_JOB_H

#include "base/secret.h"
#include "job/cards.h"
#include "service/client.h"

#define JOB_PATH_MAX 1024

enum job_kind {
	JOB_NONE,
	/* card worker */
	JOB_CARDS,     /* never asked for: pushed at the start and at every change */
	JOB_SIGN,      /* content in the request, CMS in the result */
	JOB_SIGN_FILE, /* content in a file, CMS to a file */
	JOB_UNBLOCK,   /* a new PIN by the PUK */
	/* network worker */
	JOB_OPEN,    /* a session by its code */
	JOB_SUBMIT,  /* hand in the CMS */
	JOB_DONE,    /* tell the service that the PIN was set */
	JOB_ABANDON, /* tell the service that the session ends here */
	JOB_HEALTH,  /* is the service there */
	/* both */
	JOB_PROGRESS, /* pushed while a request runs: what is being done now */
};

enum job_stage {
	STAGE_CONNECTING, /* looking for the card or the service */
	STAGE_SIGNING, /* PIN and signature, or PUK and new PIN, on the card: not to be interrupted */
	STAGE_CHECKING, /* our own verification of the signature */
	STAGE_SENDING,
};

/* Which certificate on which card signs; as reported in struct cards. */
struct job_signer {
	char reader[128];
	uint8_t certificate_sha256[32];
	struct secret pin;
	bool last_try_confirmed;
	int64_t signing_time; /* seconds since 1970 */
	bool detached;
};

struct job_sign {
	struct job_signer signer;
	struct bytes content;
};

struct job_sign_file {
	struct job_signer signer;
	char content[JOB_PATH_MAX];
	char output[JOB_PATH_MAX]; /* must not exist; written beside it and renamed when whole */
};

struct job_unblock {
	char reader[128];
	uint8_t certificate_sha256[32]; /* whose key's PIN */
	struct secret puk, pin;
	bool last_try_confirmed;
};

struct job_open {
	struct secret code;            /* CODE_DIGITS digits */
	char nonce[SERVICE_NONCE_MAX]; /* same for every attempt with the same code */
};

struct job_submit {
	char session[SERVICE_ID_MAX];
	struct secret token;
	struct bytes cms;
};

struct job_done {
	char session[SERVICE_ID_MAX];
	struct secret token;
};

struct job_abandon {
	char session[SERVICE_ID_MAX];
	struct secret token;
	enum err reason; /* why it ends: ERR_CANCELLED, ERR_SESSION_EXPIRED, ERR_PIN_BLOCKED ... */
};

/* A request owns what its members own; job_request_free() wipes and releases. */
struct job_request {
	enum job_kind kind;
	union {
		struct job_sign sign;
		struct job_sign_file sign_file;
		struct job_unblock unblock;
		struct job_open open;
		struct job_submit submit;
		struct job_done done;
		struct job_abandon abandon;
	};
};
void job_request_free(struct job_request *r);

struct job_receipt {
	char receipt[SERVICE_ID_MAX];
	int64_t accepted_at; /* seconds since 1970, the service's clock */
};

struct job_health {
	char version[SERVICE_VERSION_MAX];
	long clock_difference_s; /* the service's clock minus ours */
};

/* error.code is ERR_OK or why the job failed; the union holds the result only when it is ERR_OK
 * (JOB_CARDS: always). job_result_free() wipes and releases what it owns. */
struct job_result {
	enum job_kind kind;
	struct error error;
	union {
		struct cards *cards;            /* JOB_CARDS */
		struct bytes cms;               /* JOB_SIGN */
		struct service_session session; /* JOB_OPEN */
		struct job_receipt receipt;     /* JOB_SUBMIT */
		struct job_health health;       /* JOB_HEALTH */
		enum job_stage stage;           /* JOB_PROGRESS */
	};
};
void job_result_free(struct job_result *r);

#endif
