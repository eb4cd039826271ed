internal import CLinux
internal import SystemPackage

/// What a walk may meet before it gives up.
package struct WalkLimits: Sendable {
    package let entries: Int
    package let depth: Int
    package let fileBytes: UInt64

    package init(entries: Int, depth: Int, fileBytes: UInt64) {
        self.entries = entries
        self.depth = depth
        self.fileBytes = fileBytes
    }
}

/// Why a walk stopped: something that nobody may collect, named by its path inside the folder.
package enum WalkError: Error, Equatable, Sendable, CustomStringConvertible {
    case notRegular(path: [UInt8])
    case linked(path: [UInt8], links: UInt32)
    case tooLarge(path: [UInt8], limit: UInt64)
    case tooMany(limit: Int)
    case tooDeep(path: [UInt8], limit: Int)
    case system(LinuxError)

    package var description: String {
        switch self {
        case .notRegular(let path): "output \(Display.name(path)) is neither a regular file nor a folder"
        case .linked(let path, let links): "output \(Display.name(path)) has \(links) links; it must have one"
        case .tooLarge(let path, let limit): "output \(Display.name(path)) is larger than \(limit) bytes"
        case .tooMany(let limit): "there are more than \(limit) outputs"
        case .tooDeep(let path, let limit): "output \(Display.name(path)) lies more than \(limit) folders deep"
        case .system(let error): error.description
        }
    }
}

extension OwnedDescriptor {
    /// Opens one regular file below this folder for reading, whatever a job planted there.
    ///
    /// Safe against a hostile job, which is dead by now but chose every name and inode:
    /// - it is looked at before it is opened: to open a device may do something, and a FIFO may wait;
    /// - openat2(2) with BENEATH, NO_SYMLINKS, NO_MAGICLINKS and NO_XDEV can follow no link and leave neither folder nor mount;
    /// - O_NONBLOCK: a lease can't stop us (it breaks with EAGAIN instead of waiting);
    /// - a regular file with one link is nobody else's inode.
    ///
    /// - Parameters:
    ///   - path: names joined by `/`, as bytes.
    ///   - limit: its largest size in bytes.
    /// - Returns: the open file and its status.
    /// - Throws: `WalkError` naming the path.
    package borrowing func openOutput(_ path: [UInt8], limit: UInt64) throws(WalkError) -> OwnedDescriptor {
        guard try kind(of: path) == .regular else { throw .notRegular(path: path) }
        let file = try openBeneath(path, flags: O_RDONLY)
        let status = try Self.status(of: file)
        guard status.kind == .regular else { throw .notRegular(path: path) }
        guard status.links == 1 else { throw .linked(path: path, links: status.links) }
        guard status.size <= limit else { throw .tooLarge(path: path, limit: limit) }
        return file
    }

    /// Calls `body` with every regular file below this folder: a folder's files first, then its folders, each in byte order.
    ///
    /// - Parameters:
    ///   - limits: what the walk may meet.
    ///   - body: takes the path and the open file.
    /// - Throws: `WalkError` at the first thing that may not be collected.
    package borrowing func walkOutputs(
        limits: WalkLimits, _ body: ([UInt8], borrowing OwnedDescriptor) throws(WalkError) -> Void
    ) throws(WalkError) {
        var pending: [(path: [UInt8], depth: Int)] = [([], 0)]
        var met = 0
        while let folder = pending.popLast() {
            guard folder.depth <= limits.depth else { throw .tooDeep(path: folder.path, limit: limits.depth) }
            var folders: [(path: [UInt8], depth: Int)] = []
            for name in try list(folder.path, limit: limits.entries - met, of: limits.entries) {
                met += 1
                let path = folder.path.isEmpty ? name : folder.path + [UInt8(ascii: "/")] + name
                if try kind(of: path) == .directory {
                    folders.append((path, folder.depth + 1))
                } else {
                    try body(path, try openOutput(path, limit: limits.fileBytes))
                }
            }
            pending += folders.reversed()  // the last is taken first
        }
    }

    private borrowing func list(_ path: [UInt8], limit: Int, of total: Int) throws(WalkError) -> [[UInt8]] {
        let folder = try openBeneath(path.isEmpty ? [UInt8(ascii: ".")] : path, flags: O_RDONLY | O_DIRECTORY)
        do throws(LinuxError) {
            return try folder.names(limit: limit)
        } catch {
            throw error.errno == .overflow ? .tooMany(limit: total) : .system(error)
        }
    }

    private borrowing func kind(of path: [UInt8]) throws(WalkError) -> FileStatus.Kind {
        let entry = try openBeneath(path, flags: Int32(CL_O_PATH) | O_NOFOLLOW)
        return try Self.status(of: entry).kind
    }

    private borrowing func openBeneath(_ path: [UInt8], flags: Int32) throws(WalkError) -> OwnedDescriptor {
        let resolve = UInt64(RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV)
        let extra = flags & Int32(CL_O_PATH) == 0 ? O_NONBLOCK | O_NOFOLLOW : 0
        do throws(LinuxError) {
            return try OwnedDescriptor.open(
                path, in: self, flags: flags | extra, resolve: resolve, stage: "open output")
        } catch {
            // ELOOP: a symbolic link. ENXIO: a socket, or a FIFO without a reader.
            if error.errno == .tooManySymbolicLinkLevels || error.errno == .noSuchAddressOrDevice {
                throw .notRegular(path: path)
            }
            throw .system(error)
        }
    }

    private static func status(of file: borrowing OwnedDescriptor) throws(WalkError) -> FileStatus {
        do throws(LinuxError) { return try file.status() } catch { throw .system(error) }
    }
}
