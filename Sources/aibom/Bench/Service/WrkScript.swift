/// What wrk(1) is told to send, in Lua; one thread of it.
struct WrkScript {
    /// The files of a submission.
    let model: String
    let dataset: String
    let definition: String
    let token: String

    /// The seed's multipart submission. The dataset has a row of its own each time, so every request brings bytes that were not there;
    /// model and definition are those that others brought, as when a team trains one model on many datasets.
    ///
    /// At its end it writes one JSON document to descriptor 3.
    var text: String {
        #"""
        local function read(path)
          local file = assert(io.open(path, "rb"))
          local text = file:read("*a")
          file:close()
          return text
        end
        local boundary = "aibom-bench-boundary"
        local function field(name, text)
          return "--" .. boundary .. "\r\ncontent-disposition: form-data; name=\"" .. name .. "\"\r\n\r\n" .. text .. "\r\n"
        end
        local function file(name, filename, text)
          return "--" .. boundary .. "\r\ncontent-disposition: form-data; name=\"" .. name .. "\"; filename=\"" .. filename ..
            "\"\r\ncontent-type: application/octet-stream\r\n\r\n" .. text .. "\r\n"
        end
        local dataset = read("\#(dataset)")
        local rest = dataset:match("\n[^\n,]+(,[^\n]+)\n?$")
        local head = field("epochs", "5") .. file("model", "model.keras", read("\#(model)"))
        local tail = file("dataset_definition", "definition.yaml", read("\#(definition)")) .. "--" .. boundary .. "--\r\n"
        local headers = {
          ["authorization"] = "Bearer \#(token)",
          ["content-type"] = "multipart/form-data; boundary=" .. boundary,
        }
        local run, count = os.time(), 0
        function request()
          count = count + 1
          local own = string.format("14.%d%07d", run, count)
          return wrk.format("POST", "/submit_job_by_model_and_data", headers,
            head .. file("dataset", "wine.csv", dataset .. own .. rest .. "\n") .. tail)
        end

        statuses, refusal = {}, ""
        function response(status, headers, body)
          local key = tostring(status)
          statuses[key] = (statuses[key] or 0) + 1
          if status >= 300 and refusal == "" then refusal = body end
        end

        local worker
        function setup(thread) worker = thread end
        function done(summary, latency, requests)
          local errors, list = summary.errors, {}
          for status, number in pairs(worker:get("statuses")) do
            list[#list + 1] = string.format("\"%s\": %d", status, number)
          end
          local out = assert(io.open("/proc/self/fd/3", "w"))
          out:write(string.format(
            "{\"statuses\": {%s}, \"broken\": %d, \"late\": %d, \"microseconds\": %d, \"median\": %d, \"p99\": %d}",
            table.concat(list, ", "), errors.connect + errors.read + errors.write, errors.timeout, summary.duration,
            latency:percentile(50), latency:percentile(99)))
          out:close()
          local first = worker:get("refusal")
          if first ~= "" then io.stderr:write("the first that was refused: ", first, "\n") end
        end
        """#
    }
}
