import AsyncHTTPClient
import NIOHTTP1

/// How often and how long a command waits because the service asks for it.
struct Patience {
    private static let longest = 60
    private static let most = 5

    private var waited = 0
    private var times = 0

    /// The seconds to wait before the same request is sent again; nil when it is not to be, or that would be too long.
    mutating func wait(after status: HTTPResponseStatus, _ headers: HTTPHeaders) -> Int? {
        guard status == .tooManyRequests || status == .serviceUnavailable, times < Patience.most,
            let seconds = headers.first(name: "retry-after").flatMap({ Int($0) }), seconds >= 0,
            seconds <= Patience.longest - waited
        else { return nil }
        times += 1
        waited += seconds
        return seconds
    }
}
