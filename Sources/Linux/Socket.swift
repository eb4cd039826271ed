internal import CLinux
internal import SystemPackage

extension OwnedDescriptor {
    /// Sends all of `bytes`; a peer that is gone is EPIPE and not a signal that would end this process (send(2)).
    package borrowing func send(_ bytes: [UInt8]) throws(LinuxError) {
        var sent = 0
        while sent < bytes.count {
            sent += try bytes.span.withUnsafeBytes { buffer throws(LinuxError) in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[sent...])
                return try Kernel.call(
                    "send", Int(SYS_sendto), UInt64(argument: raw), UInt64(argument: rest.baseAddress),
                    UInt64(rest.count), UInt64(MSG_NOSIGNAL), 0, 0)
            }
        }
    }

    /// Reads exactly `count` bytes; nil when the peer closed before the first of them.
    ///
    /// - Parameter count: how many bytes must come.
    /// - Returns: that many bytes, or nil.
    /// - Throws: `LinuxError`; ENODATA when the peer closed in the middle, EAGAIN after the receive timeout.
    package borrowing func receive(exactly count: Int) throws(LinuxError) -> [UInt8]? {
        var bytes: [UInt8] = []
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: min(max(count, 1), 64 << 10), alignment: 16)
        defer { chunk.deallocate() }
        while bytes.count < count {
            let part = UnsafeMutableRawBufferPointer(rebasing: chunk[..<min(count - bytes.count, chunk.count)])
            let received = try read(into: part)
            if received == 0 {
                guard !bytes.isEmpty else { return nil }
                throw LinuxError(stage: "receive", errno: .noData)
            }
            bytes.append(contentsOf: part[..<received])
        }
        return bytes
    }

    /// After this long without a byte, reading and sending fail with EAGAIN: SO_RCVTIMEO, SO_SNDTIMEO of socket(7).
    package borrowing func setTimeout(seconds: Int) throws(LinuxError) {
        let descriptor = raw
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            var time = timeval(tv_sec: seconds, tv_usec: 0)
            try withPointer(to: &time) { time throws(LinuxError) in
                try Kernel.call(
                    "set timeout", Int(SYS_setsockopt), UInt64(argument: descriptor), UInt64(argument: SOL_SOCKET),
                    UInt64(argument: option), time, UInt64(MemoryLayout<timeval>.size))
            }
        }
    }
}
