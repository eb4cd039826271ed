internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

extension Routes {
    /// The whole interface, both doors', as OpenAPI 3.1.
    @Sendable func openAPI(_ request: Request, _ context: ServiceContext) async throws -> Response {
        Routes.answer(PackageResources.openapi_json, as: "application/json")
    }

    /// The same to read. The page fetches nothing but /openapi.json, runs no script but its own, and sits in no frame.
    @Sendable func docs(_ request: Request, _ context: ServiceContext) async throws -> Response {
        var response = Routes.answer(PackageResources.docs_html, as: "text/html; charset=utf-8")
        response.headers[.contentSecurityPolicy] = Routes.docsPolicy
        response.headers[.referrerPolicy] = "no-referrer"
        return response
    }

    private static func answer(_ bytes: [UInt8], as type: String) -> Response {
        var headers: HTTPFields = [.contentType: type, .cacheControl: "no-cache"]
        headers[.xContentTypeOptions] = "nosniff"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension HTTPField.Name {
    static let referrerPolicy = known("Referrer-Policy")
}
