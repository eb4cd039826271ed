import Catalogue
import Settings

/// The environments that jobs run in: built, and as they were built.
struct RootfsChecks {
    private let catalogue: RootfsCatalogue

    init(_ settings: Settings) { catalogue = RootfsCatalogue(folder: settings.rootfs) }

    var lines: [DoctorLine] {
        do throws(CatalogueError) {
            let names = try catalogue.names()
            guard !names.isEmpty else {
                return [
                    DoctorLine(
                        "rootfs", .warning, "none is built in \(catalogue.folder)", remedy: "aibom rootfs build keras")
                ]
            }
            return names.map(look)
        } catch {
            return [DoctorLine("rootfs", .warning, error.description, remedy: "ask as root")]
        }
    }

    /// Reads the whole image: a changed byte would refuse every job at its start.
    private func look(_ name: String) -> DoctorLine {
        do throws(CatalogueError) {
            let image = try catalogue.image(name)
            return DoctorLine("rootfs \(name)", .ok, "intact, image sha256:\(image.manifest.imageDigest)")
        } catch {
            return DoctorLine("rootfs \(name)", .broken, error.description, remedy: "aibom rootfs build \(name)")
        }
    }
}
