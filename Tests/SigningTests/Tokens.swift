import Foundation
import Glibc
import KeyTesting
import Testing

@testable import Signing

/// A TPM 2 in a process of its own, as swtpm makes it, with a persistent key at 0x81000001.
final class SoftTPM {
    let folder: Folder
    private let process = Process()
    private let port: Int
    private let device = Process()
    var tcti: String { "device:\(folder.file("tpm"))" }
    /// A terminal in the place of /dev/tpmrm0: a descriptor that stays open, as the signer needs it. The library's own way to swtpm
    /// makes a new connection for each command.
    var reference: String { "handle:0x81000001?x-env-TPM2OPENSSL_TCTI=\(tcti)" }

    /// One with a key of a kind as tpm2-tools name it.
    init(key: String = "ecc256:ecdsa-sha256", authorization: String? = nil) throws {
        folder = try Folder()
        port = try Self.freePort()
        process.executableURL = URL(filePath: "/usr/bin/swtpm")
        process.arguments = [
            "socket", "--tpm2", "--tpmstate", "dir=\(folder.path)", "--server",
            "type=tcp,port=\(port),bindaddr=127.0.0.1",
            "--ctrl", "type=tcp,port=\(port + 1),bindaddr=127.0.0.1", "--flags", "not-need-init,startup-clear",
        ]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        for attempt in 0... {
            if (try? tool(["tpm2_getcap", "properties-fixed"])) != nil { break }
            try #require(attempt < 50, "swtpm does not answer")
            usleep(100_000)
        }
        try tool(["tpm2_createprimary", "-C", "o", "-c", folder.file("primary")])
        var create = [
            "tpm2_create", "-C", folder.file("primary"), "-G", key, "-u", folder.file("pub"), "-r", folder.file("priv"),
            "-a",
            "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign",
        ]
        if let authorization { create += ["-p", authorization] }
        try tool(create)
        try tool(["tpm2_flushcontext", "-t"])
        try tool([
            "tpm2_load", "-C", folder.file("primary"), "-u", folder.file("pub"), "-r", folder.file("priv"), "-c",
            folder.file("key"),
        ])
        try tool(["tpm2_flushcontext", "-t"])
        try tool(["tpm2_evictcontrol", "-C", "o", "-c", folder.file("key"), "0x81000001"])
        try tool(["tpm2_flushcontext", "-t"])
        device.executableURL = URL(filePath: "/usr/bin/socat")
        device.arguments = ["PTY,raw,echo=0,link=\(folder.file("tpm"))", "TCP:127.0.0.1:\(port)"]
        device.standardError = FileHandle.nullDevice
        device.standardOutput = FileHandle.nullDevice
        try device.run()
        var attempts = 0
        while !FileManager.default.fileExists(atPath: folder.file("tpm")) {
            attempts += 1
            try #require(attempts < 50, "socat makes no terminal")
            usleep(100_000)
        }
    }

    deinit { end() }

    func end() {
        for process in [device, process] where process.isRunning {
            // A process that is started from a thread of Swift's has its signals blocked, and swtpm lets them be.
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }

    private func tool(_ arguments: [String]) throws {
        try runTool(
            arguments, in: folder.path, environment: ["TPM2TOOLS_TCTI": "swtpm:host=127.0.0.1,port=\(port)"])
    }

    struct NoFreePort: Error {}

    /// The lower of two that nobody listens on.
    private static func freePort() throws -> Int {
        for _ in 0..<64 {
            let port = Int.random(in: 20_000..<32_000)
            let isFree = [port, port + 1].allSatisfy { port in
                let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
                defer { close(socket) }
                var address = sockaddr_in()
                address.sin_family = sa_family_t(AF_INET)
                address.sin_port = in_port_t(port).bigEndian
                address.sin_addr.s_addr = inet_addr("127.0.0.1")
                return withUnsafePointer(to: &address) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                    }
                }
            }
            if isFree { return port }
        }
        throw NoFreePort()
    }
}

enum TokenTools {
    static let areThere =
        TestsMustRun.isSet
        || [
            "/usr/bin/softhsm2-util", "/usr/bin/pkcs11-tool", "/usr/bin/swtpm", "/usr/bin/tpm2_create",
            "/usr/bin/socat",
        ]
        .allSatisfy(FileManager.default.isExecutableFile)
}
