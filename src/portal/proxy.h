/* Whose request it is when it came through a reverse proxy. What a proxy tells of its client is believed from the proxies
 * that are configured and from nobody else: anyone can send such headers. Pure. */
#ifndef EONAY_PORTAL_PROXY_H
#define EONAY_PORTAL_PROXY_H

#include <netinet/in.h>
#include <stdbool.h>

/* Is the address (text) one of the list, addresses with blanks or commas between them? */
bool proxy_lists(const char *list, const char *address);

/* Is it such a list, with nothing in it but addresses? */
bool proxy_is_list(const char *list);

/* The client of a request that came from peer: peer itself unless it is one of proxies; else the last address of
 * forwarded_for (X-Forwarded-For, NULL: not given) that is none of proxies. What is no address ends the search: then it is
 * the last one that was. */
void proxy_client(const char *proxies, const char *peer, const char *forwarded_for,
	char out[INET6_ADDRSTRLEN]);

#endif
