internal import Gateway
internal import Linux
internal import Settings

extension GatewayConfiguration {
    /// What an operator chose.
    ///
    /// - Throws: `StartError` for what can't be taken on this host.
    init(_ settings: Settings) throws(StartError) {
        self.init()
        let gateway = settings.gateway
        supervisor = settings.socket
        guard let address = ListenAddress(gateway.listen) else {
            throw .refused("gateway.listen \(gateway.listen) is no numeric address", remedy: "write 0.0.0.0:8443")
        }
        listen = address
        tlsCertificate = gateway.tlsCertificate
        tlsKey = gateway.tlsKey
        plaintext = gateway.plaintext
        publicURL = gateway.publicURL
        user = try Self.number(of: gateway.user)
        unconfined = gateway.unconfined
        threads = gateway.threads
        standardRootfs = gateway.rootfs
        standardPolicy = gateway.policy
        patienceSeconds = settings.stop.patienceSeconds
        limits = GatewayLimits(settings.limits)
        oidc = OIDCConfiguration(settings.oidc)
    }

    /// Nil, which is the gateway's own choice, where the host has no user of the default's name.
    private static func number(of user: String) throws(StartError) -> UInt32? {
        if let number = UInt32(user) ?? HostUsers.number(of: user) { return number }
        guard user == Settings.Gateway().user else {
            throw .refused(
                "gateway.user: this host has no user \(user)", remedy: "make it (systemd-sysusers), or give its number")
        }
        return nil
    }
}

extension GatewayLimits {
    fileprivate init(_ limits: Settings.Limits) {
        self.init()
        connections = limits.connections
        connectionsPerAddress = limits.connectionsPerAddress
        uploads = limits.uploads
        uploadsPerCaller = limits.uploadsPerCaller
        uploadBody = UInt64(limits.uploadBytes)
        documentBody = UInt64(limits.documentBytes)
        header = limits.headerBytes
        headerSeconds = limits.headerSeconds
        idleSeconds = limits.idleSeconds
        uploadRate = UInt64(limits.uploadBytesPerSecond)
        stallSeconds = limits.stallSeconds
        bundles = limits.bundles
        bundleBody = UInt64(limits.bundleBytes)
    }
}

extension OIDCConfiguration {
    /// Nil without an issuer; the settings' own check sees that all three are there or none.
    fileprivate init?(_ oidc: Settings.OIDC) {
        guard let issuer = oidc.issuer, let audience = oidc.audience, let keys = oidc.keys else { return nil }
        self.init(
            issuer: issuer, audience: audience,
            keys: keys.hasPrefix("/") ? .file(keys) : .url(keys, everySeconds: oidc.keysEverySeconds))
        skewSeconds = Int64(oidc.skewSeconds)
        roleClaim = oidc.roleClaim
        auditorValue = oidc.auditorValue
    }
}
