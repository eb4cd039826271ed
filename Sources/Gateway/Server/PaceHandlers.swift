internal import NIOCore
internal import NIOHTTP1

/// The pace of one connection, seen from both sides of its HTTP decoder; lives on the connection's event loop.
final class PaceKeeper {
    fileprivate var pace: ConnectionPace
    private var timer: RepeatedTask?
    private var failed = false

    init(_ limits: GatewayLimits) { pace = ConnectionPace(limits, at: .now()) }

    fileprivate func start(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            let (keeper, context) = bound.value
            keeper.held(in: context) { pace throws(ConnectionPace.Fault) in try pace.check(at: .now()) }
        }
    }

    fileprivate func stop() {
        timer?.cancel()
        timer = nil
    }

    /// Once: the fault goes down the pipeline as an error, and the connection's loop answers it or not.
    fileprivate func held(
        in context: ChannelHandlerContext, _ body: (inout ConnectionPace) throws(ConnectionPace.Fault) -> Void
    ) {
        do throws(ConnectionPace.Fault) {
            try body(&pace)
        } catch {
            guard !failed else { return }
            failed = true
            stop()
            // Nobody may be listening on the other side (the answer is being written): then closing is all there is.
            if error == .stalled || error == .idle {
                context.close(promise: nil)
            } else {
                context.fireErrorCaught(error)
            }
        }
    }
}

/// The side of bytes.
final class BytePaceHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = Any

    private let keeper: PaceKeeper

    init(_ keeper: PaceKeeper) { self.keeper = keeper }

    func handlerAdded(context: ChannelHandlerContext) { keeper.start(context) }
    func handlerRemoved(context: ChannelHandlerContext) { keeper.stop() }

    func channelInactive(context: ChannelHandlerContext) {
        keeper.stop()
        context.fireChannelInactive()
    }

    func read(context: ChannelHandlerContext) {
        keeper.pace.asked(at: .now())
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data).readableBytes
        keeper.pace.received(bytes, at: .now())
        context.fireChannelRead(data)
        keeper.held(in: context) { pace throws(ConnectionPace.Fault) in try pace.checkHeader() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        keeper.pace.writable(context.channel.isWritable, at: .now())
        context.fireChannelWritabilityChanged()
    }
}

/// The side of messages.
final class MessagePaceHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let keeper: PaceKeeper

    init(_ keeper: PaceKeeper) { self.keeper = keeper }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: keeper.pace.headerEnded(at: .now())
        case .body: break
        case .end: keeper.pace.bodyEnded()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { keeper.pace.answered(at: .now()) }
        context.write(data, promise: promise)
    }
}
