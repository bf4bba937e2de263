/* What the administrator has set for a kiosk: conf/eonay.conf, read once at start. */
#ifndef EONAY_JOB_SETTINGS_H
#define EONAY_JOB_SETTINGS_H

#include "base/error.h"

enum settings_language { LANGUAGE_TR, LANGUAGE_EN };
enum settings_qualified { QUALIFIED_REQUIRED, QUALIFIED_ANY };

/* Strings are owned by the struct; settings_release() ends it. */
struct settings {
	/* screen */
	char *institution; /* name in the header */
	int language;      /* enum settings_language */
	bool kiosk;        /* no way out: no quit, no save outside save_directory */
	bool shuffle_pad;  /* PIN pad keys in random order */
	bool mouse;
	long idle_seconds;    /* back to the first screen after so long without a key; 0: never */
	char *save_directory; /* where "İmzalı İçeriği kaydet" writes; "" : the person is asked,
				 home is proposed */

	/* service */
	char *service_url;
	char *service_ca;  /* PEM file; "": the system's store */
	char *service_pin; /* of its key (service/client.h); "": none */
	char *kiosk_name;  /* told to the service for the operator's page */
	long connect_seconds;
	long request_seconds;

	/* card */
	char *reader;      /* the only reader to be used; "": all */
	long card_seconds; /* deadline of one card job before its worker is ended */
	int qualified;     /* enum settings_qualified: must the certificate be a NES? */
	char *trust; /* PEM file with the CAs of acceptable certificates; "": the service decides */

	/* log */
	char *log_target; /* log_open() */
	int log_level;    /* enum log_level */
};

/* Reads the file at path, or with NULL SYSCONFDIR "/eonay.conf" (which may be missing: then the
 * defaults hold). Errors as config_load(). */
enum err settings_load(const char *path, struct settings *out, struct error *e);
void settings_release(struct settings *s);

#endif
