internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// What a witness answers to a log, as HTTP has it.
package struct WitnessReply: Sendable, Equatable {
    package let status: Int
    package let contentType: String
    package let body: [UInt8]

    package init(status: Int, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

extension Routes {
    /// Room for a note with many signatures, and for a proof.
    private static let witnessLimit = 272 << 10

    /// Another node asks that its checkpoint be cosigned (C2SP tlog-witness). Nobody needs to say who asks: the checkpoint is signed by a log
    /// that is watched here, or it is refused.
    @Sendable func addCheckpoint(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: Self.witnessLimit)
        } catch is NIOTooManyBytesError {
            throw ServiceError.tooLarge(limit: UInt64(Self.witnessLimit))
        }
        let answer = try await service.addCheckpoint(Array(body.readableBytesView))
        var headers: HTTPFields = [.contentType: answer.contentType]
        headers[.xContentTypeOptions] = "nosniff"
        return Response(
            status: .init(code: answer.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
}
