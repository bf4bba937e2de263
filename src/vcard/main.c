/* eonay-vcard: a virtual signature card in a virtual reader. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <openssl/pem.h>

#include "base/hex.h"
#include "config.h"
#include "vcard/personalise.h"
#include "vcard/serve.h"

#define VPCD_ADDRESS "127.0.0.1:35963" /* vpcd's first slot */

enum {
	ATR_MIN = 2,
	ATR_MAX = 33,  /* ISO 7816-3 8.2: TS, T0, at most 31 more */
	ATR_MUTE = 34, /* so long that no reader takes it for one */
};

struct options {
	const char *address, *profile, *atr, *state, *trace, *export_ca, *export, *faults;
	struct holder holder;
	struct issuer issuer;
	bool retry, no_directory, more, mute;
};

static const char usage[] =
	"Usage: eonay-vcard [OPTION]...\n"
	"A virtual signature card for tests. PIN " PIN_TEST ", PUK " PUK_TEST ".\n\n"
	"  --vpcd HOST:PORT     connect to the virtual reader there (" VPCD_ADDRESS ")\n"
	"  --connect-retry      wait for the reader, and come back when it was restarted\n"
	"  --profile NAME       akis (v2.2, the default), akis1 (v1.0) or iso (IsoApplet)\n"
	"  --atr HEX            another ATR than the profile's\n"
	"  --mute               give no ATR, as a card put in upside down\n"
	"  --state FILE         keep CA, keys, certificates, PINs and tries there\n"
	"  --tckn N             T.C. kimlik no of the holder (" HOLDER_TCKN ")\n"
	"  --name NAME          name of the holder (" HOLDER_NAME ")\n"
	"  --no-directory       leave EF.DIR and the PKCS#15 directory out\n"
	"  --more-certificates  add an expired, a not qualified and a not-for-signing certificate\n"
	"  --export-ca FILE     write the test CA's certificate (PEM) and end\n"
	"  --export-certificates FILE  write the card's certificates (PEM) and end\n"
	"  --issuer FILE        have the certificates issued by this CA (PEM, with its key)\n"
	"  --ocsp-url URL, --crl-url URL  which they then say can be asked about them\n"
	"  --trace FILE         write what is said, a line an APDU, PINs masked\n"
	"  --faults FILE        let things go wrong as this script says\n"
	"  --help, --version\n\n"
	"SIGUSR1 pulls the card, SIGUSR2 puts it back. See eonay-vcard(1).\n";

static int fail(const struct error *e)
{
	fprintf(stderr, "eonay-vcard: %s: %s %s\n", e->where, error_code(e->code),
		error_message(e->code));
	return error_exit_status(e->code);
}

static void say(const char *what)
{
	fprintf(stderr, "eonay-vcard: making key and certificate: %s\n", what);
}

static void one_option(struct options *o, int option)
{
	switch (option) {
	case 'v':
		o->address = optarg;
		break;
	case 'r':
		o->retry = true;
		break;
	case 'p':
		o->profile = optarg;
		break;
	case 'a':
		o->atr = optarg;
		break;
	case 'u':
		o->mute = true;
		break;
	case 's':
		o->state = optarg;
		break;
	case 'k':
		o->holder.tckn = optarg;
		break;
	case 'n':
		o->holder.name = optarg;
		break;
	case 'd':
		o->no_directory = true;
		break;
	case 'm':
		o->more = true;
		break;
	case 'e':
		o->export_ca = optarg;
		break;
	case 'x':
		o->export = optarg;
		break;
	case 'i':
		o->issuer.file = optarg;
		o->holder.issuer = &o->issuer;
		break;
	case 'o':
		o->issuer.ocsp_url = optarg;
		break;
	case 'c':
		o->issuer.crl_url = optarg;
		break;
	case 't':
		o->trace = optarg;
		break;
	case 'f':
		o->faults = optarg;
		break;
	}
}

/* Reads the command line. Returns -1 to go on, else the exit status. */
static int read_options(struct options *o, int argc, char **argv)
{
	static const struct option long_options[] = {
		{"vpcd", required_argument, NULL, 'v'},
		{"connect-retry", no_argument, NULL, 'r'},
		{"profile", required_argument, NULL, 'p'},
		{"atr", required_argument, NULL, 'a'},
		{"mute", no_argument, NULL, 'u'},
		{"state", required_argument, NULL, 's'},
		{"tckn", required_argument, NULL, 'k'},
		{"name", required_argument, NULL, 'n'},
		{"no-directory", no_argument, NULL, 'd'},
		{"more-certificates", no_argument, NULL, 'm'},
		{"export-ca", required_argument, NULL, 'e'},
		{"export-certificates", required_argument, NULL, 'x'},
		{"issuer", required_argument, NULL, 'i'},
		{"ocsp-url", required_argument, NULL, 'o'},
		{"crl-url", required_argument, NULL, 'c'},
		{"trace", required_argument, NULL, 't'},
		{"faults", required_argument, NULL, 'f'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return EX_OK;
		}
		if (option == 'V') {
			puts("eonay-vcard " PACKAGE_VERSION);
			return EX_OK;
		}
		if (option == '?')
			return EX_USAGE;
		one_option(o, option);
	}
	if (optind < argc) {
		fprintf(stderr, "eonay-vcard: unexpected argument: %s\n", argv[optind]);
		return EX_USAGE;
	}
	return -1;
}

static enum err export_ca(struct state *s, const char *path, struct error *e)
{
	FILE *f = fopen(path, "we");
	bool done = f && PEM_write_X509(f, s->ca) == 1;

	if (f && fclose(f) != 0)
		done = false;
	return done ? ERR_OK : error_set_errno(e, ERR_FILE_WRITE, "%s", path);
}

static enum err export_certificates(struct state *s, const char *path, struct error *e)
{
	FILE *f = fopen(path, "we");
	bool done = f != NULL;

	for (size_t i = 0; done && i < s->key_count; i++) {
		const uint8_t *at = s->keys[i].certificate.at;
		X509 *x = d2i_X509(NULL, &at, (long)s->keys[i].certificate.n);

		done = x && PEM_write_X509(f, x) == 1;
		X509_free(x);
	}
	if (f && fclose(f) != 0)
		done = false;
	return done ? ERR_OK : error_set_errno(e, ERR_FILE_WRITE, "%s", path);
}

static enum err export(struct state *s, const struct options *o, struct error *e) {
	enum err err = o->export_ca ? export_ca(s, o->export_ca, e) : ERR_OK;

	return err || !o->export ? err : export_certificates(s, o->export, e);
}

static enum err check_options(const struct options *o, struct error *e)
{
	if ((o->export_ca || o->export) && !o->state)
		return error_set(e, ERR_USAGE,
			"--export-… without --state: nobody would know these certificates");
	if ((o->issuer.ocsp_url || o->issuer.crl_url) && !o->issuer.file)
		return error_set(e, ERR_USAGE, "--ocsp-url, --crl-url: only with --issuer");
	return ERR_OK;
}

static enum err set_profile(struct server *s, const struct options *o, struct error *e)
{
	const char *atr;

	s->profile = profile_named(o->profile);
	if (!s->profile)
		return error_set(e, ERR_USAGE, "--profile %s", o->profile);
	atr = o->atr ? o->atr : s->profile->atr;
	if (!hex_read(atr, &s->atr) || s->atr.n < ATR_MIN || s->atr.n > ATR_MAX)
		return error_set(e, ERR_USAGE, "--atr %s", atr);
	while (o->mute && s->atr.n < ATR_MUTE)
		bytes_append_byte(&s->atr, 0);
	return ERR_OK;
}

static enum err open_trace(struct server *s, const char *path, struct error *e)
{
	if (path && !(s->trace = fopen(path, "we")))
		return error_set_errno(e, ERR_FILE_WRITE, "%s", path);
	return ERR_OK;
}

static enum err run(struct server *s, const struct options *o, struct error *e)
{
	enum err err;

	if ((err = check_options(o, e)) || (err = set_profile(s, o, e)))
		return err;
	if (o->faults && (err = faults_load(&s->faults, o->faults, e)))
		return err;
	if ((err = personalise(&s->state, o->state, &o->holder, o->more, say, e)))
		return err;
	if (o->export_ca || o->export)
		return export(&s->state, o, e);
	if ((err = open_trace(s, o->trace, e)))
		return err;
	return serve(s, e);
}

int main(int argc, char **argv)
{
	struct options o = {.address = VPCD_ADDRESS, .profile = "akis"};
	struct server s = {0};
	struct error e = {0};
	int status = read_options(&o, argc, argv);

	if (status >= 0)
		return status;
	s.address = o.address;
	s.retry = o.retry;
	s.contents = (struct card_contents){.directory = !o.no_directory, .more = o.more};
	if (run(&s, &o, &e))
		status = fail(&e);
	else
		status = EX_OK;
	if (s.trace)
		fclose(s.trace);
	bytes_free(&s.atr);
	faults_free(&s.faults);
	state_free(&s.state);
	return status;
}
