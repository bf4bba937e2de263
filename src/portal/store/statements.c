#include "portal/store/statements.h"

void **statements_find(struct statements *s, const char *sql)
{
	for (size_t i = 0; i < s->count; i++) {
		if (s->at[i].sql == sql)
			return &s->at[i].prepared;
	}
	if (s->count == STATEMENTS_MAX)
		return NULL;
	s->at[s->count].sql = sql;
	s->at[s->count].prepared = NULL;
	return &s->at[s->count++].prepared;
}
