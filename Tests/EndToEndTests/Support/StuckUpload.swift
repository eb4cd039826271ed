extension Daemon {
    /// A client that promises more than it sends and waits to be cut off; its status is 0 once it was.
    ///
    /// - Returns: the client, when it has had the time to connect.
    nonisolated func stuckUpload() async throws -> Task<Command.Result, any Error> {
        let client = Task { try await Command.run("python3", ["-c", Self.script, socket]) }
        try await Task.sleep(for: .seconds(1))
        return client
    }

    private static let script = """
        import socket, sys
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(60)
        client.connect(sys.argv[1])
        client.sendall(b"POST /v1/blobs HTTP/1.1\\r\\nhost: x\\r\\ncontent-type: application/octet-stream\\r\\n"
                       b"content-length: 1000000\\r\\n\\r\\nabc")
        try:
            while client.recv(4096):
                pass
        except ConnectionResetError:
            pass
        """
}
