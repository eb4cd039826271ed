internal import HTTPTypes
internal import Hummingbird
internal import Jobs
internal import Measure
internal import NIOCore

extension Routes {
    /// What Prometheus asks for. No label holds an id, a path, a name of a user's: each would be a series for ever, and a leak.
    @Sendable func metrics(_ request: Request, _ context: ServiceContext) async throws -> Response {
        _ = try context.requireCaller()
        var page = MetricsPage()
        let counts = service.metrics.read()
        page.addJobs(counts, try await service.node())
        page.addWork(counts)
        page.add(
            "aibom_store_free_bytes", .gauge, "Bytes that the store could still take.",
            Double(try await service.freeBytes()))
        page.addProcess(started: service.metrics.started)
        return Response(
            status: .ok, headers: [.contentType: MetricsPage.mediaType, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: page.text)))
    }
}

extension MetricsPage {
    fileprivate mutating func addJobs(_ counts: ServiceMetrics.Counts, _ node: NodeStatus) {
        let outcomes = JobState.allCases.filter(\.isFinal)
        add(
            "aibom_jobs_total", .counter, "Jobs that ended since the start, by outcome.",
            outcomes.map { ([("outcome", $0.rawValue)], Double(counts.jobs[$0, default: 0])) })
        let waiting = [JobState.received, .queued].reduce(0) { $0 + node.jobs[$1, default: 0] }
        let running = [JobState.staging, .running, .sealing].reduce(0) { $0 + node.jobs[$1, default: 0] }
        add("aibom_jobs_queued", .gauge, "Jobs that wait to be run.", Double(waiting))
        add("aibom_jobs_running", .gauge, "Jobs that are staged, run or sealed.", Double(running))
        add(
            "aibom_job_duration_seconds", "From a job's acceptance to its end.",
            [([], counts.jobDuration)])
        let resources: [(String, (Resources) -> UInt64)] = [
            ("cpu_millicores", \.cpuMillicores), ("memory_bytes", \.memoryBytes), ("gpus", \.gpus),
        ]
        add(
            "aibom_capacity", .gauge, "What the host has for jobs.",
            resources.map { ([("resource", $0)], Double($1(node.capacity))) })
        add(
            "aibom_used", .gauge, "What of it running jobs were admitted with.",
            resources.map { ([("resource", $0)], Double($1(node.used))) })
    }

    fileprivate mutating func addWork(_ counts: ServiceMetrics.Counts) {
        let requests = counts.requests.sorted {
            ($0.key.route, $0.key.method, $0.key.code) < ($1.key.route, $1.key.method, $1.key.code)
        }
        add(
            "aibom_http_request_duration_seconds", "From a request's header to its answer, by route.",
            requests.map { kind, histogram in
                ([("route", kind.route), ("method", kind.method), ("code", String(kind.code))], histogram)
            })
        add("aibom_uploaded_bytes_total", .counter, "Bytes of files that were stored.", Double(counts.uploadedBytes))
        add(
            "aibom_denied_calls_total", .counter,
            "System calls that a policy denied and put on record, first attempts.",
            Double(counts.deniedCalls))
    }

    fileprivate mutating func addProcess(started: Instant) {
        let process = ProcessFacts.current()
        if let bytes = process.residentBytes {
            add("aibom_process_resident_memory_bytes", .gauge, "Memory that the supervisor has.", Double(bytes))
        }
        if let count = process.descriptors {
            add("aibom_process_open_descriptors", .gauge, "Descriptors that it has open.", Double(count))
        }
        add(
            "aibom_process_start_timestamp_seconds", .gauge, "When it started, in seconds of the epoch.",
            Double(started.milliseconds) / 1000)
        add("aibom_build_info", .gauge, "What runs.", [([("version", Version.current)], 1)])
    }
}
