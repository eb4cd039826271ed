extension Setting {
    static let gateway: [Setting] = [
        Setting(
            "gateway.listen", \.gateway.listen, .address, for: [.gateway, .doctor],
            "Where users come in: a numeric address and a port. A socket that systemd passes goes before it."),
        Setting(
            "gateway.tls_certificate", \.gateway.tlsCertificate, .path, for: [.gateway, .doctor],
            "PEM file with the certificate and its chain; with gateway.tls_key, users come in by TLS."),
        Setting("gateway.tls_key", \.gateway.tlsKey, .path, for: [.gateway], "PEM file with the certificate's key."),
        Setting(
            "gateway.plaintext", \.gateway.plaintext, .flag, for: [.gateway],
            "Serve without TLS on an address that others reach: only behind something else that does TLS."),
        Setting(
            "gateway.public_url", \.gateway.publicURL, .text, for: [.gateway],
            "What links begin with, such as https://aibom.example.org; unset, as the request was addressed."),
        Setting(
            "gateway.user", \.gateway.user, .text, for: [.supervisor, .gateway],
            "The user, by name or number, that the gateway becomes and the supervisor lets speak for others. While the host "
                + "has no user of the default's name, nobody does."),
        Setting(
            "gateway.may_state", \.gateway.mayState, .choice, for: [.supervisor],
            "The roles that the gateway may state for those whom an identity provider named; never operator."),
        Setting(
            "gateway.unconfined", \.gateway.unconfined, .flag, for: [.gateway],
            "Run as whoever starts it, without giving anything up. Weaker, and said in the log at every start."),
        Setting(
            "gateway.threads", \.gateway.threads, .number(1...256, "threads"), for: [.gateway],
            "Threads that serve; unset, one for each CPU, four at most."),
        Setting(
            "gateway.rootfs", \.gateway.rootfs, .text, for: [.gateway],
            "The environment of a submission by form that names none."),
        Setting(
            "gateway.policy", \.gateway.policy, .text, for: [.gateway],
            "The policy of a submission by form that names none."),
    ]

    static let limits: [Setting] = [
        Setting(
            "limits.connections", \.limits.connections, .number(1...100_000, "connections"), for: [.gateway],
            "Open connections, of everybody."),
        Setting(
            "limits.connections_per_address", \.limits.connectionsPerAddress, .number(1...100_000, "connections"),
            for: [.gateway], "Open connections of one address, or of one /64 of IPv6."),
        Setting(
            "limits.uploads", \.limits.uploads, .number(1...100_000, "uploads"), for: [.gateway],
            "Uploads under way, of everybody."),
        Setting(
            "limits.uploads_per_caller", \.limits.uploadsPerCaller, .number(1...100_000, "uploads"), for: [.gateway],
            "Uploads under way of one address or one user."),
        Setting(
            "limits.upload_bytes", \.limits.uploadBytes, .number(1024...(1 << 50), "bytes"), for: [.gateway],
            "A whole request body that carries files."),
        Setting(
            "limits.document_bytes", \.limits.documentBytes, .number(1024...(64 << 20), "bytes"), for: [.gateway],
            "Any other request body."),
        Setting(
            "limits.header_bytes", \.limits.headerBytes, .number(1024...(1 << 20), "bytes"), for: [.gateway],
            "The header of a request."),
        Setting(
            "limits.header_seconds", \.limits.headerSeconds, .number(1...3600, "seconds"), for: [.gateway],
            "From a connection or a request's first byte to the end of its header."),
        Setting(
            "limits.idle_seconds", \.limits.idleSeconds, .number(1...86_400, "seconds"), for: [.gateway],
            "How long a connection may wait for its next request."),
        Setting(
            "limits.upload_bytes_per_second", \.limits.uploadBytesPerSecond, .number(1...(1 << 40), "bytes"),
            for: [.gateway], "The least that a sender keeps up; a slower one is cut off."),
        Setting(
            "limits.stall_seconds", \.limits.stallSeconds, .number(1...86_400, "seconds"), for: [.gateway],
            "How long a reader may take nothing of an answer that waits for it."),
        Setting(
            "limits.bundles", \.limits.bundles, .number(1...10_000, "bundles"), for: [.gateway],
            "Bundles of evidence being verified at a time, of everybody."),
        Setting(
            "limits.bundle_bytes", \.limits.bundleBytes, .number(1024...(1 << 50), "bytes"), for: [.gateway],
            "A bundle of evidence that is handed in to be verified."),
    ]

    static let identities: [Setting] = [
        Setting(
            "oidc.issuer", \.oidc.issuer, .text, for: [.gateway],
            "Whose signed word about a user counts, as iss has it, to the letter; unset, tokens alone count."),
        Setting(
            "oidc.audience", \.oidc.audience, .text, for: [.gateway], "What aud must be, or hold."),
        Setting(
            "oidc.keys", \.oidc.keys, .text, for: [.gateway],
            "The issuer's keys: a JWKS file by its absolute path, or an https URL."),
        Setting(
            "oidc.keys_every_seconds", \.oidc.keysEverySeconds, .number(60...604_800, "seconds"), for: [.gateway],
            "How often keys are fetched anew from a URL."),
        Setting(
            "oidc.skew_seconds", \.oidc.skewSeconds, .number(0...3600, "seconds"), for: [.gateway],
            "By how much clocks may differ."),
        Setting(
            "oidc.role_claim", \.oidc.roleClaim, .text, for: [.gateway],
            "The claim that names roles, a text or a list of texts; unset, everybody is a submitter."),
        Setting(
            "oidc.auditor_value", \.oidc.auditorValue, .text, for: [.gateway],
            "The value of that claim that makes an auditor."),
    ]
}
