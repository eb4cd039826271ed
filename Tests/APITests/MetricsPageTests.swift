import API
import Testing

@Suite("a page of metrics")
struct MetricsPageTests {
    @Test("says each metric once, with its samples together")
    func page() {
        var page = MetricsPage()
        page.add("aibom_jobs_total", .counter, "Jobs that ended,\nby \\ outcome.", [([("outcome", "a\"b\\c\nd")], 3)])
        page.add("aibom_x_seconds", .gauge, "X.", 0.25)
        var histogram = Histogram(bounds: [0.1, 1])
        for value in [0.05, 0.1, 0.5, 7] { histogram.record(value) }
        page.add("aibom_d_seconds", "D.", [([], histogram)])
        #expect(
            page.text == #"""
                # HELP aibom_jobs_total Jobs that ended,\nby \\ outcome.
                # TYPE aibom_jobs_total counter
                aibom_jobs_total{outcome="a\"b\\c\nd"} 3
                # HELP aibom_x_seconds X.
                # TYPE aibom_x_seconds gauge
                aibom_x_seconds 0.25
                # HELP aibom_d_seconds D.
                # TYPE aibom_d_seconds histogram
                aibom_d_seconds_bucket{le="0.1"} 2
                aibom_d_seconds_bucket{le="1"} 3
                aibom_d_seconds_bucket{le="+Inf"} 4
                aibom_d_seconds_sum 7.65
                aibom_d_seconds_count 4

                """#)
    }

    @Test("spells numbers as Prometheus does")
    func numbers() {
        let spellings: [(Double, String)] = [
            (1e15, "1000000000000000"), (1e300, "1e+300"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
            (0.001, "0.001"),
        ]
        for (number, spelling) in spellings {
            var page = MetricsPage()
            page.add("x", .gauge, "X.", number)
            #expect(page.text.hasSuffix("\nx \(spelling)\n"))
        }
    }
}
