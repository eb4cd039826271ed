package import HTTPTypes
internal import Hummingbird

/// What can be asked, as it was registered: the one list that says which methods a path has.
package struct RouteTable: Sendable {
    package struct Route: Hashable, Sendable {
        package let method: HTTPRequest.Method
        /// With names in braces: `/v1/jobs/{id}`.
        package let template: String
    }

    package let routes: [Route]

    init<Context>(of router: Router<Context>) {
        routes = router.routes.map { Route(method: $0.method, template: $0.path.description) }
    }

    /// The methods that `path` can be asked with, in alphabetical order; none when there is no such path.
    package func methods(of path: String) -> [String] {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        return Set(routes.filter { RouteTable.matches($0.template, parts) }.map(\.method.rawValue)).sorted()
    }

    /// The template that `path` follows; nil when there is no such path.
    package func template(of path: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        return routes.first { RouteTable.matches($0.template, parts) }?.template
    }

    private static func matches(_ template: String, _ parts: [Substring]) -> Bool {
        let expected = template.split(separator: "/", omittingEmptySubsequences: true)
        return expected.count == parts.count && zip(expected, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
}
