internal import JSON

/// A thing that a statement points to (in-toto attestation framework, ResourceDescriptor v1).
struct Resource {
    var name: String
    var uri: String?
    var sha256: String?
    var mediaType: String?
    var annotations = JSONObject()

    /// A file that is published beside the statement.
    static func artifact(_ name: String, sha256: String, mediaType: String? = nil) -> Resource {
        Resource(name: name, sha256: sha256, mediaType: mediaType)
    }

    /// Something that is found by its digest and not by a place.
    static func thing(_ name: String, called title: String, version: String? = nil, sha256: String) -> Resource {
        Resource(
            name: name, uri: PackageURL.generic(title, version: version, sha256: sha256), sha256: sha256)
    }

    var json: JSON {
        var object = JSONObject()
        object.add("name", .string(name))
        object.add("uri", uri.map(JSON.string))
        object.add("digest", sha256.map { ["sha256": .string($0)] })
        object.add("mediaType", mediaType.map(JSON.string))
        if !annotations.isEmpty { object.add("annotations", .object(annotations)) }
        return .object(object)
    }
}
