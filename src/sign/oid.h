/* Object identifiers as the content of their DER, checked against OpenSSL's table by
 * tests/unit/sign/test_der.c. */
#ifndef EONAY_SIGN_OID_H
#define EONAY_SIGN_OID_H

#include "base/bytes.h"

#define OID(...)                                                                                   \
	((struct span){(const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})})

/* 1.2.840.113549.1 */
#define OID_RSADSI(...) OID(0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, __VA_ARGS__)
#define OID_PKCS1(n) OID_RSADSI(0x01, n)
#define OID_PKCS7(n) OID_RSADSI(0x07, n)
#define OID_PKCS9(n) OID_RSADSI(0x09, n)
/* 1.2.840.113549.1.9.16.2, attributes of S/MIME */
#define OID_SMIME_AA(n) OID_RSADSI(0x09, 0x10, 0x02, n)
/* 2.16.840.1.101.3.4.2 */
#define OID_SHA2(n) OID(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, n)
/* 1.2.840.10045.4.3 */
#define OID_ECDSA_SHA2(n) OID(0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, n)
/* 0.4.0.1733.2.1 */
#define OID_ETSI_MIME_TYPE OID(0x04, 0x00, 0x8D, 0x45, 0x02, 0x01)

#define OID_DATA OID_PKCS7(1)
#define OID_SIGNED_DATA OID_PKCS7(2)

#endif
