/* What the settings say of signatures, made ready for portal/acceptance.h: the CAs read, those who are asked known. */
#ifndef EONAY_PORTAL_POLICY_H
#define EONAY_PORTAL_POLICY_H

#include "portal/acceptance.h"
#include "portal/settings.h"

/* ca_file: PEM file of the CAs that TLS trusts when others are asked; "": the system's. A zeroed policy can be closed, one that
 * could not be opened too. ERR_CONFIG_VALUE, ERR_FILE_READ, ERR_CERTIFICATE, ERR_INTERNAL. */
enum err policy_open(const struct portal_settings *settings, const char *ca_file,
	struct acceptance_policy *out, struct error *e);
void policy_close(struct acceptance_policy *policy);

#endif
