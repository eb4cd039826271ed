#pragma once
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/sha.h>
#include <openssl/store.h>
#include <openssl/ts.h>
#include <openssl/ui.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

// PKCS#11 is an engine in Debian 12 (libengine-pkcs11-openssl), and OpenSSL 3 calls engines deprecated without having another
// way to load one. The scheme org.openssl.engine: is the openssl program's own; libcrypto's store does not know it.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wdeprecated-declarations"
#include <openssl/engine.h>

/// Loads the engine `pkcs11` and the PKCS#11 module behind it; it stays loaded until the process ends.
///
/// @return NULL when one of the two is not there; the error queue says which.
static inline ENGINE *copenssl_pkcs11(const char *module) {
    ENGINE_load_dynamic();
    ENGINE *engine = ENGINE_by_id("pkcs11");
    if (!engine) return NULL;
    if (!ENGINE_ctrl_cmd_string(engine, "MODULE_PATH", module, 0) || !ENGINE_init(engine)) {
        ENGINE_free(engine);
        return NULL;
    }
    return engine;
}

/// The private key at a URI of RFC 7512; the callback of `asking` is asked for the PIN with `data`.
static inline EVP_PKEY *copenssl_pkcs11_key(ENGINE *engine, const char *uri, UI_METHOD *asking, void *data) {
    return ENGINE_load_private_key(engine, uri, asking, data);
}
#pragma clang diagnostic pop
