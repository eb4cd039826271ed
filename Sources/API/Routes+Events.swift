internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Jobs
internal import NIOCore
internal import ServiceLifecycle

extension Routes {
    /// Server-sent events (WHATWG HTML, section 9.2). The sequence number is the id, so a reader that was cut off goes on
    /// with `Last-Event-ID` and misses nothing.
    @Sendable func followEvents(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let job = try await visibleJob(context)
        let caller = try context.requireCaller()
        var after = 0
        if let text = request.headers[.lastEventID] {
            guard let number = Routes.number(text[...], in: 0...999_999_999_999_999_999) else {
                throw ServiceError.malformedField(
                    Violation("Last-Event-ID", "is not a number", remedy: "send the id of the last event"))
            }
            after = Int(number)
        }
        let headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
        guard request.method == .get else {
            return Response(status: .ok, headers: headers, body: ResponseBody { try await $0.finish(nil) })
        }
        let events = try await service.events(of: job.id, after: after)
        let isWelcome = { @Sendable [service] in caller.isWelcome(at: service) }
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody(asyncSequence: Routes.lines(of: events, while: isWelcome)))
    }

    /// How long a reader hears nothing before it hears that we are here. Writing is also how we notice that it left.
    private static let silence = Duration.seconds(15)

    /// How long a reader whose token ended may stay when no event comes; with the next event it goes.
    private static let courtesy = Duration.seconds(2)

    /// The events as text, until the job's end, the service's, or that of the reader's token.
    private static func lines(
        of events: JobEventStream, while isWelcome: @Sendable @escaping () -> Bool
    ) -> AsyncStream<ByteBuffer> {
        let (lines, out) = AsyncStream.makeStream(of: ByteBuffer.self)
        let producer = Task {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await event in events {
                        guard isWelcome() else { return }
                        out.yield(event.serverSentEvent)
                    }
                }
                group.addTask { while isWelcome(), (try? await Task.sleep(for: courtesy)) != nil {} }
                group.addTask { try? await gracefulShutdown() }
                group.addTask {
                    while (try? await Task.sleep(for: silence)) != nil {
                        out.yield(ByteBuffer(string: ": waiting\n\n"))
                    }
                }
                await group.next()
                group.cancelAll()
            }
            out.finish()
        }
        out.onTermination = { _ in producer.cancel() }
        return lines
    }
}

extension JobEvent {
    /// One event of one line of data: JSON has no raw line break, so none can end the event early.
    var serverSentEvent: ByteBuffer {
        ByteBuffer(string: "id: \(sequence)\nevent: \(kind.name)\ndata: \(json)\n\n")
    }
}
