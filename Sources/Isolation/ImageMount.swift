internal import CLinux
package import Linux
internal import SystemPackage

extension DetachedMount {
    /// Mounts a read-only filesystem image through a loop device, attached to no tree.
    ///
    /// The device is made from the same open file that the caller hashed, is read-only, and frees itself with its last user
    /// (LO_FLAGS_AUTOCLEAR), so a killed process leaves neither mount nor device.
    ///
    /// - Parameters:
    ///   - image: the open image file.
    ///   - filesystem: what it holds, such as `squashfs`.
    /// - Throws: `LinuxError` with the stage that failed.
    package init(image: borrowing OwnedDescriptor, filesystem: String) throws(LinuxError) {
        let device = try LoopDevice.attach(image)
        let context = OwnedDescriptor(
            owning: Int32(
                try withPath(filesystem) { name throws(LinuxError) in
                    try Kernel.call(
                        "fsopen", path: filesystem, Int(SYS_fsopen), name, UInt64(FSOPEN_CLOEXEC))
                }))
        try context.configure("source", device.path)
        try context.setFlag("ro")
        try Kernel.call(
            "mount image", Int(SYS_fsconfig), UInt64(argument: context.raw), UInt64(FSCONFIG_CMD_CREATE.rawValue), 0, 0,
            0)
        let attributes: MountAttributes = [.readOnly, .noSetuid, .noDevices]
        try self.init(
            Kernel.call(
                "fsmount", Int(SYS_fsmount), UInt64(argument: context.raw), UInt64(FSMOUNT_CLOEXEC),
                attributes.rawValue))
    }
}

/// A loop device bound to an image for as long as somebody has it open or mounted.
struct LoopDevice: ~Copyable {
    let path: String
    private let descriptor: OwnedDescriptor

    /// Finds a free device and binds it; another process may win the race for a number, so it asks again.
    static func attach(_ image: borrowing OwnedDescriptor) throws(LinuxError) -> LoopDevice {
        let control = try OwnedDescriptor.open("/dev/loop-control", flags: O_RDWR, stage: "open loop control")
        var attempts = 64
        while true {
            let number = try Kernel.call(
                "find a loop device", Int(SYS_ioctl), UInt64(argument: control.raw), UInt64(LOOP_CTL_GET_FREE))
            let path = "/dev/loop\(number)"
            let device = try OwnedDescriptor.open(path, flags: O_RDONLY, stage: "open loop device")
            do {
                try bind(device, to: image, path)
                return LoopDevice(path: path, descriptor: device)
            } catch  where error.errno == .resourceBusy && attempts > 0 {
                attempts -= 1
            }
        }
    }

    private static func bind(
        _ device: borrowing OwnedDescriptor, to image: borrowing OwnedDescriptor, _ path: String
    ) throws(LinuxError) {
        var configuration = loop_config()
        configuration.fd = UInt32(image.raw)
        configuration.block_size = 0
        configuration.info.lo_flags = UInt32(LO_FLAGS_READ_ONLY | LO_FLAGS_AUTOCLEAR)
        let raw = device.raw
        try withPointer(to: &configuration) { configuration throws(LinuxError) in
            try Kernel.call(
                "bind loop device", path: path, Int(SYS_ioctl), UInt64(argument: raw), UInt64(LOOP_CONFIGURE),
                configuration)
        }
    }
}
