package import Jobs

extension Settings {
    package struct Gateway: Sendable, Equatable {
        package var listen = "127.0.0.1:8000"
        package var tlsCertificate: String?
        package var tlsKey: String?
        package var plaintext = false
        package var publicURL: String?
        package var user = "aibom-gateway"
        package var mayState: [Role] = [.submitter]
        package var unconfined = false
        package var threads: Int?
        package var rootfs = "keras"
        package var policy = "strict"

        package init() {}
    }

    /// What anybody can make the gateway do.
    package struct Limits: Sendable, Equatable {
        package var connections = 2048
        package var connectionsPerAddress = 1024
        package var uploads = 64
        package var uploadsPerCaller = 8
        package var uploadBytes = 8 << 30
        package var documentBytes = 256 << 10
        package var headerBytes = 32 << 10
        package var headerSeconds = 10
        package var idleSeconds = 60
        package var uploadBytesPerSecond = 1024
        package var stallSeconds = 60
        package var bundles = 4
        package var bundleBytes = 4 << 30
    }

    package struct OIDC: Sendable, Equatable {
        package var issuer: String?
        package var audience: String?
        package var keys: String?
        package var keysEverySeconds = 3600
        package var skewSeconds = 60
        package var roleClaim: String?
        package var auditorValue: String?
    }
}
