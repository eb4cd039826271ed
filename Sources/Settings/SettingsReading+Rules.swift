internal import JSON
internal import Jobs

extension SettingsReading {
    /// What no single value shows: call it once, when all are in.
    package mutating func crossCheck() {
        let found = [places, gatewaysPower, transport, issuer, attestationKey].compactMap { $0 }
        for (key, violation) in found { report(.error, sources[key] ?? .option("settings"), violation) }
    }

    private typealias Conflict = (key: String, violation: Violation)

    private func conflict(_ key: String, _ reason: String, limit: JSON? = nil, _ remedy: String) -> Conflict {
        (key, Violation(key, reason, limit: limit, remedy: remedy))
    }

    private var places: Conflict? {
        guard settings.state == settings.runtime else { return nil }
        return conflict(
            "runtime", "is the state folder", "give run-time state a folder of its own, such as /run/aibom")
    }

    private var gatewaysPower: Conflict? {
        if settings.gateway.user == "root" || settings.gateway.user == "0" {
            return conflict("gateway.user", "is root", "run the gateway as a user of its own, such as aibom-gateway")
        }
        guard settings.gateway.mayState.contains(.operator) else { return nil }
        return conflict(
            "gateway.may_state", "has operator", limit: ["submitter", "auditor"],
            "leave it out: who took over the gateway would be the operator; give operators a token or the socket")
    }

    /// TLS has two files or none, and what others reach has TLS unless the operator says that something else does it.
    private var transport: Conflict? {
        let gateway = settings.gateway
        switch (gateway.tlsCertificate, gateway.tlsKey) {
        case (_?, nil): return conflict("gateway.tls_certificate", "has no key", "name the key by gateway.tls_key")
        case (nil, _?):
            return conflict("gateway.tls_key", "has no certificate", "name the certificate by gateway.tls_certificate")
        case (nil, nil):
            guard SocketAddress(gateway.listen)?.isLoopback != true, !gateway.plaintext else { return nil }
            return conflict(
                "gateway.listen", "is reached by others, without TLS",
                "set gateway.tls_certificate and gateway.tls_key; or gateway.plaintext, behind something that does TLS")
        case (_?, _?): return nil
        }
    }

    private var attestationKey: Conflict? {
        if settings.tpm.device == nil, settings.tpm.certificates != nil {
            return conflict("tpm.certificates", "has no TPM", "name the TPM by tpm.device")
        }
        guard settings.tpm.handle == nil else { return nil }
        return conflict(
            "tpm.key", "is no persistent handle", limit: "0x81000000 to 0x81ffffff",
            "give the handle that tpm2_evictcontrol made the key persistent at")
    }

    /// Keys decide who is let in: without TLS they come from this machine only.
    private static let sources = ["/", "https://", "http://127.0.0.1:", "http://localhost:", "http://[::1]:"]

    private var issuer: Conflict? {
        let given = [
            ("oidc.issuer", settings.oidc.issuer), ("oidc.audience", settings.oidc.audience),
            ("oidc.keys", settings.oidc.keys),
        ]
        guard let present = given.first(where: { $0.1 != nil }), let missing = given.first(where: { $0.1 == nil })
        else {
            guard let keys = settings.oidc.keys, !Self.sources.contains(where: keys.hasPrefix) else { return nil }
            return conflict("oidc.keys", "is neither an absolute path nor an https URL", "write /… or https://…")
        }
        return conflict(present.0, "needs \(missing.0)", "set oidc.issuer, oidc.audience and oidc.keys, or none")
    }
}
