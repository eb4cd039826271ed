import ArgumentParser
import CLinux
import Catalogue
import Foundation
import JSON
import Linux
import Measure

/// The environments that jobs run in.
struct RootfsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rootfs", abstract: "Build, list, inspect and verify the environments that jobs run in.",
        subcommands: [Build.self, List.self, Inspect.self, Verify.self, RootfsScan.self])
}

extension RootfsCommand {
    struct Build: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Build an environment from its recipe; one that is built already is left as it is (root).")

        @Argument(help: "The recipe's name, such as keras.") var name: String
        @Option(help: "The folder of recipes, with the program `build` in it.") var recipes = "rootfs"
        @Flag(help: "Take the current Debian packages from the signed index where the locked ones are gone.")
        var reResolve = false

        func run() throws {
            let builder = "\(recipes)/build"
            guard OwnedDescriptor.exists(builder) else {
                throw CommandError.local(
                    "there is no \(builder)", remedy: "run this in a checkout of the product, or give --recipes")
            }
            let process = Process()
            process.executableURL = URL(fileURLWithPath: builder)
            process.arguments = [name] + (reResolve ? ["--re-resolve"] : [])
            try process.run()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw ExitCode(ExitStatus.failed.rawValue) }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the environments that are built here.")

        @OptionGroup var format: FormatOptions

        func run() throws {
            let catalogue = RootfsCatalogue()
            let built = try catalogue.names().compactMap { try? catalogue.manifest($0) }
            if format.json { return Console.show(["rootfs": .array(built.map(\.json))]) }
            for manifest in built { Console.show("\(manifest.name)  image sha256:\(manifest.imageDigest)") }
        }
    }

    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the manifest of an environment.")

        @Argument(help: "Its name.") var name: String

        func run() throws { Console.write(try RootfsCatalogue().manifest(name).source, to: 1) }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Hash an environment's image and inventory and compare them with its manifest.")

        @Argument(help: "Its name.") var name: String

        func run() throws {
            do {
                let image = try RootfsCatalogue().image(name)
                Console.say("\(image.path) is the image that its manifest names, sha256:\(image.manifest.imageDigest)")
            } catch .imageChanged(let path, let expected, let found) {
                throw CommandError.damaged(
                    "\(path) has sha256 \(found), its manifest says \(expected)", remedy: "build the rootfs again")
            }
        }
    }
}

extension RootfsManifest {
    fileprivate var json: JSON {
        [
            "name": .string(name), "recipe_digest": .string(recipeDigest), "image_sha256": .string(imageDigest.hex),
            "image_bytes": .integer(Int64(clamping: imageSize)), "inventory_sha256": .string(inventoryDigest.hex),
        ]
    }
}
