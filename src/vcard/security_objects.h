/* The security data objects of IAS-ECC cards, which AKiS v2 has: what PINs and keys are and how
 * many tries are left, readable without a PIN. */
#ifndef EONAY_VCARD_SECURITY_OBJECTS_H
#define EONAY_VCARD_SECURITY_OBJECTS_H

#include "vcard/card.h"

/* GET DATA 00 CB 3F FF with 4D { 70 { BF <class> <id> { <tag> 80 } } }; the answer is 70 { BF
 * <class> <id> { ... } }. */
command_function command_get_security_object;

#endif
