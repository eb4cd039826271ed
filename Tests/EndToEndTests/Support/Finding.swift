/// What must never be found after a daemon's death, however it died.
enum Finding: Hashable {
    /// The daemon has said that it takes the job, and knows nothing of it.
    case lostJob(String)
    /// Nobody ordered it, or it is the second of one order.
    case strangeJob(String)
    /// It was seen to be over, and is not so any more.
    case endTakenBack(String)
    /// Its events are not those of one life: it ended twice, or went on after its end.
    case badHistory(String, [String])
    /// Its end is not one that it can have come to.
    case badEnd(String, String)
    /// Of a completed job: what is not there, or does not verify.
    case badEvidence(String, String)
    /// The daemon answered as if it had forgotten something.
    case refusal(String)

    /// Its bytes are not those that it is named by.
    case damagedBlob(String)
    /// The daemon has said that it is stored, or it is evidence.
    case lostBlob(String)
    /// The daemon has said that it is gone.
    case keptBlob(String)
    /// Neither a blob nor the store's own, nor of a job that goes on.
    case strayFile(String)

    /// On the host, of a daemon that is dead.
    case process(String)
    case mount(String)
    case loop(String)
    case group(String)
}
